"""Foreign text is shown and takes no effect."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from slaaudit.report.safe import cell, shown


@given(st.text())
def test_what_is_shown_can_neither_steer_a_terminal_nor_break_a_line(text):
    kinds = {unicodedata.category(character) for character in shown(text)}

    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_of_any_script_is_left_as_it_is(text):
    assert shown(text) == text


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_what_is_cut_is_no_longer_than_asked(text, limit):
    assert len(shown(text, limit)) <= limit


@given(st.text(min_size=1))
def test_no_cell_begins_as_a_formula_does(text):
    assert not cell(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
