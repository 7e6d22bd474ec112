"""The first sheet: the verdict, a row for each clause and severity with live counts and shares, and a chart of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from slaaudit.report import beside_counts
from slaaudit.report.safe import shown
from slaaudit.report.versions import version
from slaaudit.report.xlsx import columns
from slaaudit.report.xlsx.cells import DAY, TWO_LINES, printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from slaaudit.report.record import Record
    from slaaudit.report.xlsx.cells import Writer

_HEADINGS = (
    ("Clause", 26), ("Severity", 10), ("Binding", 10), ("Target", 24), ("Met", 9), ("Breached", 9), ("Attained", 10),
    ("Promised", 10), ("of them waived", 9), ("Running", 9), ("Unknown", 9), ("No target", 9), ("Excluded", 9),
    ("Superseded", 11), ("Measured", 10), ("Half took", 11), ("Nine in ten took", 11), ("The longest took", 11),
)  # fmt: skip
_MET, _BREACHED, _ATTAINED, _PROMISED, _WAIVED = 4, 5, 6, 7, 8
#: The verdict that each of these columns counts.
_VERDICTS = {
    4: "met", 5: "breached", 9: "running", 10: "unknown", 11: "no-target", 12: "excluded", 13: "superseded",
}  # fmt: skip
_COUNTS = tuple(_VERDICTS)
_MEASURED = 14
_LENGTHS = {15: "p50_s", 16: "p90_s", 17: "worst_s"}

Sheets = list[tuple[str, int]]


def write_summary(book: Workbook, sheet: Worksheet, writer: Writer, record: Record, measured: Sheets) -> None:
    """``measured`` are the sheets that hold the measurements, with their numbers of rows."""
    head = _head(record)
    for row, (style, text) in enumerate(head):
        sheet.write_string(row, 0, shown(text), getattr(writer.formats, style))
    top = len(head) + 1
    sheet.set_row(top, TWO_LINES)
    for place, (heading, width) in enumerate(_HEADINGS):
        sheet.set_column(place, place, width)
        sheet.write_string(top, place, heading, writer.formats.heading)
    rows = record["summary"]
    for at, row in enumerate(rows, start=top + 1):
        told = version(record["policies"], row["policy"])
        writer.write(sheet, at, 0, f"{row['clause']} ({told})" if told else row["clause"], "text")
        _row(sheet, writer, at, row, measured)
    if rows:
        _total(sheet, writer, top + 1, rows)
        _chart(book, sheet, top + 1, rows)
        sheet.autofilter(top, 0, top + len(rows), len(_HEADINGS) - 1)
    sheet.freeze_panes(top + 1, 2)
    printed(sheet)


def _head(record: Record) -> list[tuple[str, str]]:
    policies = ", ".join(dict.fromkeys(f"{policy['title']} ({policy['id']})" for policy in record["policies"]))
    period, timezone = record["period"], record["policies"][0]["timezone"]
    latest = "" if record["as_of_given"] else ", the latest event in the files"
    lines = [
        ("title", policies),
        ("sentence", record["outcome"]["sentence"]),
        ("text", f"As of {record['as_of']}{latest}"),
        ("text", f"Dates by the clock of {timezone}. Counts and shares are formulas over the sheet Measurements."),
    ]
    if period:
        lines.append(("text", f"Period {period['text']}, by the {period['by']} of each measurement"))
    told = [beside_counts.extremes(record), beside_counts.settings(record)]
    lines += [("text", text) for text in told if text]
    return lines


def _row(sheet: Worksheet, writer: Writer, at: int, row: dict[str, Any], measured: Sheets) -> None:
    for place, value in enumerate((row["severity"] or "unknown", row["binding"], row["target"]), start=1):
        writer.write(sheet, at, place, value, "text")
    for place, verdict in _VERDICTS.items():
        _formula(sheet, writer, at, place, _counted(row, verdict, measured), row[verdict.replace("-", "_")])
    _share(sheet, writer, at, row["met"], row["breached"])
    writer.write(sheet, at, _PROMISED, row["promised"], "percent")
    _formula(sheet, writer, at, _WAIVED, _counted(row, "breached", measured, waived=True), row["waived"])
    _formula(sheet, writer, at, _MEASURED, _added(at, _COUNTS), row["measured"])
    for place, key in _LENGTHS.items():
        if row[key] is not None:
            sheet.write_number(at, place, row[key] / DAY, writer.formats.length)


def _share(sheet: Worksheet, writer: Writer, at: int, met: int, breached: int) -> None:
    """Met / (met + breached), empty over nothing."""
    kept, missed = (xl_rowcol_to_cell(at, place) for place in (_MET, _BREACHED))
    value = met / (met + breached) if met + breached else ""
    sheet.write_formula(
        at, _ATTAINED, f'=IF({kept}+{missed}=0,"",{kept}/({kept}+{missed}))', writer.formats.percent, value
    )


def _total(sheet: Worksheet, writer: Writer, top: int, rows: Sequence[dict[str, Any]]) -> None:
    """The sums of the columns of counts, and the share over all."""
    at = top + len(rows)
    sheet.write_string(at, 0, "All", writer.formats.heading)
    counts = {place: verdict.replace("-", "_") for place, verdict in _VERDICTS.items()}
    for place, key in {**counts, _WAIVED: "waived", _MEASURED: "measured"}.items():
        column = xl_col_to_name(place)
        _formula(sheet, writer, at, place, f"=SUM({column}{top + 1}:{column}{at})", sum(row[key] for row in rows))
    _share(sheet, writer, at, sum(row["met"] for row in rows), sum(row["breached"] for row in rows))


def _formula(sheet: Worksheet, writer: Writer, at: int, place: int, formula: str, value: int) -> None:
    sheet.write_formula(at, place, formula, writer.formats.number, value)


def _added(at: int, places: Sequence[int]) -> str:
    return "=" + "+".join(xl_rowcol_to_cell(at, place) for place in places)


def _counted(row: dict[str, Any], verdict: str, measured: Sheets, *, waived: bool = False) -> str:
    """A formula that counts the measurements of a clause and severity with this verdict, over all their sheets."""
    wanted = {
        columns.POLICY: str(row["policy"]),
        columns.CLAUSE: _equal(row["clause"]),
        columns.SEVERITY: _equal(row["severity"] or ""),
        columns.VERDICT: _equal(verdict),
    }
    if waived:
        wanted[columns.WAIVED] = '"?*"'
    parts = []
    for name, rows in measured:
        pairs = [f"{_range(name, place, rows)},{criterion}" for place, criterion in wanted.items()]
        parts.append(f"COUNTIFS({','.join(pairs)})")
    return "=" + "+".join(parts)


def _range(name: str, place: int, rows: int) -> str:
    column = xl_col_to_name(place)
    return f"'{name}'!${column}$2:${column}${max(rows, 1) + 1}"


def _equal(word: str) -> str:
    """A criterion that only this word meets (an empty cell for none): wildcards and quotes are taken as they are."""
    plain = "".join("~" + sign if sign in "~*?" else sign for sign in word)
    return '"=' + plain.replace('"', '""') + '"'


def _chart(book: Workbook, sheet: Worksheet, top: int, rows: Sequence[dict[str, Any]]) -> None:
    """Attained and, where anything is, promised: a bar for each clause and severity."""
    count = len(rows)
    chart = book.add_chart({"type": "bar"})
    series = [("Attained", _ATTAINED, "#2F6690")]
    series += [("Promised", _PROMISED, "#B0B7C3")] if any(row["promised"] for row in rows) else []
    for name, place, colour in series:
        chart.add_series({
            "name": name,
            "categories": ["Summary", top, 0, top + count - 1, 1],
            "values": ["Summary", top, place, top + count - 1, place],
            "fill": {"color": colour},
            "gap": 60,
        })  # fmt: skip
    chart.set_title({"name": "Attained by clause and severity", "name_font": {"size": 12}})
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 900, "height": 140 + 36 * count})
    sheet.insert_chart(
        top + count + 2, 0, chart, {"description": "Shares attained and promised, as in the table above"}
    )
