"""Text written as YAML comes back as it was, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slaaudit.located import plain, read_text
from slaaudit.report.yaml_text import Entry, flow, lines, scalar


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@example("null")
@example("1e3")
@example("# note")
@example("a: b")
@example("\u2028\x85\x07\U000e0001\U0001f600")
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back(text):
    document = read_text(f"{scalar('k' + text)}: [{scalar(text)}]\n", "mapping.yaml")

    assert not document.faults
    assert plain(document.root) == {"k" + text: [text]}


def test_an_open_line_says_nothing_until_its_mark_is_taken_away():
    entries = [
        Entry("read", below=[Entry("timezone", "FILL-IN", "whose\nlocal time?", is_open=True), Entry("empty", "[-]")]),
        Entry("values", below=[Entry("state", below=[Entry("Parked", "FILL-IN", is_open=True)])]),
        Entry("columns"),
    ]

    assert [*lines(entries)] == [
        "read:",
        "#   timezone: FILL-IN               # whose\\nlocal time?",
        "  empty: [-]",
        "# values:",
        "#   state:",
        "#     Parked: FILL-IN",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (3, "3"), ("3", '"3"'), ({"a": ("b", "c,")}, '{a: [b, "c,"]}'), ([], "[]")],
)
def test_plain_data_stands_on_one_line(value, text):
    assert flow(value) == text
