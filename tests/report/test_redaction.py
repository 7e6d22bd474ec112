"""A value is replaced where it stands as a whole, and nowhere inside another word."""

from __future__ import annotations

import pytest

from slaaudit.report.pack.names import short_names
from slaaudit.report.pack.redaction import Redaction


@pytest.fixture
def redaction():
    made = Redaction(("requester", "subject"))
    for value in ("Ada Example", "Ada Example Junior", "Bo", "(Cy) Dee", "王小明", "O'Neill"):
        made.pseudonym("requester", value)
    made.pseudonym("subject", "Printer on fire!")
    return made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada Example", "requester-1"),
        (" Ada Example ", "requester-1"),
        ("told Ada Example, twice: Ada Example", "told requester-1, twice: requester-1"),
        ("Ada Example Junior wrote", "requester-2 wrote"),
        ("Ada Examples", "Ada Examples"),
        ("Canada Example", "Canada Example"),
        ("Bo", "requester-3"),
        ("Bo wrote to Bob", "Bo wrote to Bob"),  # too short to be sought inside other text
        ("re: (Cy) Dee!", "re: requester-4!"),
        ("Printer on fire! again", "subject-1 again"),
        ("ADA EXAMPLE and ada example", "requester-1 and requester-1"),
        ("?who=Ada%20Example&or=ada+example", "?who=requester-1&or=requester-1"),
        ("Ada&nbsp;Example", "requester-1"),
        ("not known: 'Bo' (1), \"Bo\"", "not known: 'requester-3' (1), \"requester-3\""),
        ("not known: 'Ada Exa…'", "not known: 'requester-1'"),
        ("Canada Exa… and Ad…", "Canada Exa… and Ad…"),
        ("İ Ada Example", "İ requester-1"),  # a letter that is two in small ones moves nothing
        ("请问王小明处理", "请问requester-5处理"),  # no spaces stand between words
        ("王小", "王小"),
        ("O'\"'\"'Neill, O''Neill, O&#39;Neill", "requester-6, requester-6, requester-6"),
        ("", ""),
        ("nothing of it", "nothing of it"),
    ],
)
def test_text(redaction, text, found):
    assert redaction.text(text) == found


def test_a_value_has_one_pseudonym_and_the_table_its_number(redaction):
    assert redaction.pseudonym("requester", "Ada Example") == "requester-1"
    assert redaction.table["requester"][0] == "Ada Example"
    again = Redaction(("requester",), {"requester": ["Bo", "Ada Example"]})
    assert again.pseudonym("requester", "Ada Example") == "requester-2"
    assert again.pseudonym("requester", "New") == "requester-3"


def test_names_are_the_shortest_that_differ():
    assert short_names(["/x/a/t.csv", "b/t.csv", "t.csv", "/x/log.csv"]) == {
        "/x/a/t.csv": "a/t.csv", "b/t.csv": "b/t.csv", "t.csv": "t.csv", "/x/log.csv": "log.csv",
    }  # fmt: skip
