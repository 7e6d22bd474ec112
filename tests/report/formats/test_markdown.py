"""Markdown shows foreign text as text, counts what it leaves out, and tells the same numbers as the record."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from slaaudit.report.as_markdown import Caps, markdown, write_markdown
from slaaudit.report.from_record import View
from slaaudit.report.markup import code, prose, table
from slaaudit.report.safe import shown

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
INERT = {"text", "code_inline"}
BLOCKS = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "bullet_list_open",
    "bullet_list_close", "list_item_open", "list_item_close", "table_open", "table_close", "thead_open", "thead_close",
    "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close",
}  # fmt: skip
#: What GitHub or GitLab would act on after Markdown is read, in text that is no code.
ACTED_ON = re.compile(r"(?<![\w])@\w|\w@\w|://|www\.|[#!$~]\d|:[a-z]\w*:")


def written(record, caps=None):
    stream = io.StringIO()
    write_markdown(record, stream, caps)
    return stream.getvalue()


def inlines(tokens):
    return [child for token in tokens if token.type == "inline" for child in token.children]


def shape(tokens):
    return [token.type for token in tokens if token.type in BLOCKS - {"inline"}]


def test_hostile_text_changes_no_markup(hostile_record, few_record):
    text = written(hostile_record)
    tokens = PARSER.parse(text)

    assert {token.type for token in tokens} <= BLOCKS
    assert {token.type for token in inlines(tokens)} <= INERT | {"strong_open", "strong_close"}
    headings = [token for token in tokens if token.type == "heading_open"]
    assert len(headings) == written(few_record).count("\n## ") + 1


def test_hostile_text_is_neither_a_mention_nor_a_link(hostile_record):
    for token in inlines(PARSER.parse(written(hostile_record))):
        if token.type == "text":
            assert not ACTED_ON.search(token.content), token.content


def test_every_row_of_a_table_has_as_many_cells_as_its_heading(hostile_record):
    cells: list[int] = []
    for token in PARSER.parse(written(hostile_record)):
        if token.type == "tr_open":
            cells.append(0)
        cells[-1:] = [cells[-1] + (token.type in {"td_open", "th_open"})] if cells else []
        if token.type == "table_close":
            assert len(set(cells)) == 1
            cells = []


def test_nothing_unseen_and_no_line_of_a_foreigner_is_left(hostile_record):
    text = written(hostile_record)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert not re.search(r"^(::|##\[|/)", text, re.MULTILINE)


NASTY = st.text(st.sampled_from("ab1 `|\\<>&@#!$~*_[](){}:;/.+-=%^\"'\n\t\u202e\ud800é"), max_size=30)


@given(NASTY)
def test_prose_is_read_back_as_the_text_it_was(text):
    for around in ("- {}", "| h |\n| --- |\n| {} |", "**{}**", "x {} (x)"):
        cell = prose(text).replace("|", "\\|") if around.startswith("|") else prose(text)
        found = inlines(PARSER.parse(around.format(cell)))
        assert {token.type for token in found} <= INERT | {"strong_open", "strong_close"}
        read = "".join(token.content for token in found)
        told = shown(text)
        assert read.removeprefix("h").removeprefix("x ").removesuffix(" (x)").strip() == told.strip()


@given(NASTY)
def test_code_is_read_back_as_the_text_it_was(text):
    found = inlines(PARSER.parse(f"x {code(text)} x")) if text.strip() else []
    spans = [token.content for token in found if token.type == "code_inline"]
    assert spans == ([shown(text)] if text.strip() else [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("First response", "First response"),
        ("99.9% below 1_000", "99.9% below 1\\_000"),
        ("1. first", "1\\. first"),
        ("- item", "\\- item"),
        ("see #12", "`see #12`"),
        ("deadbeef1", "`deadbeef1`"),
        ("", ""),
    ],
)
def test_prose_stays_readable(text, told):
    assert prose(text) == told


def test_a_pipe_does_not_end_a_cell():
    found = inlines(PARSER.parse("\n".join(table(["a"], [[code("x | y \\| z")]]))))
    assert [token.content for token in found if token.type == "code_inline"] == ["x | y \\| z"]


def test_the_counts_are_those_of_the_record(rich_record):
    text = written(rich_record)
    found = rich_record["outcome"]

    assert f"| {found['measured']:,} | {found['met']:,} | {found['warranted']:,} |" in text
    assert "Waived: 1 breach" in text
    assert "## Promised shares: 1 of 2 not reached" in text
    assert "announced by telephone" in text
    assert "## Credits: 6 days, 120.50 EUR, 1 right" in text
    assert "to end the agreement" in text


def test_the_rows_left_out_are_counted(sample_record):
    text = markdown(View(sample_record), Caps(breaches=5, others=2))
    breaches = text.split("breaches\n\n| Ticket")[1].split("##")[0]

    assert len(re.findall(r"^\| `SE", breaches, re.MULTILINE)) == 5
    assert "Shown are 5 of 38; 33 more stand in the JSON report." in breaches


def test_the_worst_breach_stands_first(sample_record):
    rows = [row for row in sample_record["measurements"] if row["verdict"] == "breached"]
    worst = max(rows, key=lambda row: row["over_s"])
    text = written(sample_record, Caps(breaches=1))
    assert re.findall(r"^\| `(SE\d+)`", text.split("breaches\n")[1], re.MULTILINE) == [worst["ticket"]]


def test_a_report_without_tickets_has_no_sections_about_them(sample_record):
    bare = sample_record | {"summary": [], "measurements": [], "tickets": [], "availability": [], "credits": []}
    text = written(bare | {"outcome": sample_record["outcome"] | {"measured": 0}})
    assert "## Promises" not in text
    assert "## Totals" not in text
