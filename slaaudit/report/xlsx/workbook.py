"""The sheets of a report's workbook."""

from __future__ import annotations

import datetime as dt
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from slaaudit import __version__
from slaaudit.report import beside_counts
from slaaudit.report.xlsx import columns
from slaaudit.report.xlsx.cells import TWO_LINES, Writer, formats_of, printed
from slaaudit.report.xlsx.summary import write_summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from slaaudit.report.record import Record
    from slaaudit.report.xlsx.columns import Column, Row

MOST_ROWS = 1_048_575  # of a sheet, beside its heading


def write_workbook(record: Record, stream: IO[bytes], most_rows: int = MOST_ROWS) -> None:
    """Write the workbook. Rows beyond ``most_rows`` go on in a further sheet; none is left out.

    The same record gives the same bytes: the workbook is dated as of as-of.
    """
    book = Workbook(stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({
        "title": "SLA audit", "author": "", "comments": f"slaaudit {__version__}",
        "created": dt.datetime.fromisoformat(record["as_of"]).replace(tzinfo=None),
    })  # fmt: skip
    writer = Writer(formats_of(book), ZoneInfo(record["policies"][0]["timezone"]))
    summary = book.add_worksheet("Summary")
    measured = _sheets(book, writer, "Measurements", columns.MEASUREMENTS, record["measurements"], most_rows)
    write_summary(book, summary, writer, record, measured)
    breaches = [row for row in record["measurements"] if row["verdict"] == "breached"]
    for name, cells, rows in (
        ("Breaches", columns.MEASUREMENTS, breaches),
        ("Promised shares", columns.SHARES, record["attainments"]),
        ("Availability", columns.AVAILABILITY, record["availability"]),
        ("Excluded", columns.EXCLUDED, record["excluded"]),
        ("Credits", columns.CREDITS, record["credits"]),
        ("Findings", columns.FINDINGS, record["findings"]),
        ("Waivers", columns.WAIVERS, beside_counts.waivers(record)),
        ("Readings", columns.READINGS, _readings(record)),
        ("Not audited", columns.NOT_AUDITED, record["not_audited"]),
        ("Rejected rows", columns.REJECTED, record["rejected"]),
        ("Inputs", columns.INPUTS, record["inputs"]),
    ):
        _sheets(book, writer, name, cells, rows, most_rows)
    book.close()


def _readings(record: Record) -> list[Row]:
    return [{**question, "policy": policy["id"]} for policy in record["policies"] for question in policy["questions"]]


def _sheets(
    book: Workbook, writer: Writer, name: str, cells: Sequence[Column], rows: Sequence[Row], most_rows: int
) -> list[tuple[str, int]]:
    """The rows in as many sheets as they need, at least one; the sheets' names with their numbers of rows."""
    made = []
    for number, first in enumerate(range(0, max(len(rows), 1), most_rows), start=1):
        title = name if number == 1 else f"{name} {number}"
        part = rows[first : first + most_rows]
        _table(book.add_worksheet(title), writer, cells, part)
        made.append((title, len(part)))
    return made


def _table(sheet: Worksheet, writer: Writer, cells: Sequence[Column], rows: Iterable[Row]) -> None:
    """A heading that stays in view with a filter on it, then the rows."""
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, TWO_LINES)
    for place, column in enumerate(cells):
        sheet.set_column(place, place, column.width)
        zone = f" ({writer.zone.key})" if column.kind == "instant" else ""
        sheet.write_string(0, place, column.heading + zone, writer.formats.heading)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, column in enumerate(cells):
            writer.write(sheet, last, place, column.value(row), column.kind)
    sheet.autofilter(0, 0, last, len(cells) - 1)
    sheet.repeat_rows(0)
    printed(sheet)
