"""The spreadsheet holds what the record holds: real dates and lengths, live formulas, and no foreign formula."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from slaaudit.report.found import found_in
from slaaudit.report.record import record
from slaaudit.report.xlsx import write_workbook
from slaaudit.report.xlsx.summary import _equal

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0", "\t=1", "{=1}", "http://example.com", "mailto:a@example.com",
    "<b>&amp;", "\x00\x1b[31m", "\u202eevil", "\ud800", "_x0041_", "0123", "1e5", "TRUE", "#N/A", "x" * 100_000,
)  # fmt: skip


def bytes_of(found, **options) -> bytes:
    stream = io.BytesIO()
    write_workbook(found, stream, **options)
    return stream.getvalue()


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def made(small_audit):
    return record(found_in(small_audit))


def test_every_measurement_is_a_row_and_every_breach_one_more(made):
    found = sheets(bytes_of(made))
    tickets = [row["ticket"] for row in made["measurements"]]
    assert [row[0] for row in found["Measurements"][1:]] == tickets
    breached = [row["ticket"] for row in made["measurements"] if row["verdict"] == "breached"]
    assert [row[0] for row in found["Breaches"][1:]] == breached
    assert len(breached) > 0


def test_instants_are_dates_by_the_policys_clock_and_lengths_are_lengths(made):
    head, *rows = sheets(bytes_of(made))["Measurements"]
    at = {name: place for place, name in enumerate(head)}
    for row, one in zip(rows, made["measurements"], strict=True):
        started = row[at["Started (America/New_York)"]]
        told = dt.datetime.fromisoformat(one["started_at"])
        offset = dt.timedelta(hours=4)  # all of the sample lies in summer time
        assert started == told.replace(tzinfo=None) - offset
        if one["elapsed_s"] is not None:
            assert row[at["Took"]] == dt.timedelta(seconds=one["elapsed_s"])


def test_the_first_sheet_has_the_counts_and_shares_of_the_summary(made):
    rows = sheets(bytes_of(made))["Summary"]
    top = next(at for at, row in enumerate(rows) if row[0] == "Clause")
    for row, one in zip(rows[top + 1 :], made["summary"], strict=False):
        assert row[:2] == [one["clause"], one["severity"] or "unknown"]
        assert row[4:6] == [one["met"], one["breached"]]
        assert row[6] == ("" if one["attainment"] is None else pytest.approx(float(one["attainment"]) / 100, abs=1e-8))
        assert row[14] == one["measured"]
    last = rows[top + 1 + len(made["summary"])]
    assert last[0] == "All"
    assert last[14] == len(made["measurements"])


def test_shares_are_formulas_over_the_rows(made):
    data = bytes_of(made)
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        sheet = files.read("xl/worksheets/sheet1.xml").decode()
    formulas = re.findall(r"<f>([^<]*)</f>", sheet)
    counts = [each for each in formulas if each.startswith("COUNTIFS(")]
    assert len(counts) == 8 * len(made["summary"])  # seven verdicts, and those waived
    assert all("'Measurements'!" in each for each in counts)
    assert sum(each.startswith("IF(") for each in formulas) == len(made["summary"]) + 1


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_foreign_text_becomes_a_formula_a_number_or_a_link(made, text):
    one = made["measurements"][0]
    one |= {"ticket": text, "reason": text, "waived": text, "caveats": [text]}
    made["rejected"] = [{"file": text, "row": 2, "reason": text, "column": text, "value": text}]
    made["policies"][0]["title"] = text
    made["outcome"]["sentence"] = text
    data = bytes_of(made)
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        own = {name: files.read(name).decode() for name in files.namelist() if name.startswith("xl/worksheets/sheet")}
        assert not any("<f>" in content for name, content in own.items() if not name.endswith("sheet1.xml"))
        assert not any("hyperlink" in content for content in own.values())
    cell = sheets(data)["Rejected rows"][1][0]
    assert isinstance(cell, str)
    assert cell.isprintable()
    assert len(cell) <= 32_767
    if text.isprintable() and len(text) < 32_000:
        assert cell == text


def test_rows_beyond_a_sheet_go_on_in_the_next_and_formulas_count_both(made):
    whole = sheets(bytes_of(made))["Measurements"]
    data = bytes_of(made, most_rows=2)
    found = sheets(data)
    parts = [name for name in found if name.startswith("Measurements")]
    assert parts[:2] == ["Measurements", "Measurements 2"]
    assert [row for name in parts for row in found[name][1:]] == whole[1:]
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        sheet = files.read("xl/worksheets/sheet1.xml").decode()
    formula = next(each for each in re.findall(r"<f>([^<]*)</f>", sheet) if each.startswith("COUNTIFS("))
    assert formula.count("COUNTIFS(") == len(parts)


def test_the_same_record_gives_the_same_bytes(made):
    assert bytes_of(made) == bytes_of(made)


@pytest.mark.parametrize(
    ("word", "criterion"),
    [("S1", '"=S1"'), ("", '"="'), ("a*", '"=a~*"'), ("?~", '"=~?~~"'), ('say "hi"', '"=say ""hi"""'), (">1", '"=>1"')],
)
def test_a_criterion_takes_a_word_as_it_is(word, criterion):
    assert _equal(word) == criterion
