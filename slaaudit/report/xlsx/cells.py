"""Values as cells: numbers stay numbers, instants become local dates, and no text can become a formula."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from slaaudit.report.safe import cell, shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from slaaudit.report.xlsx.columns import Kind

DAY = 86_400
TWO_LINES = 30  # points, of a row of headings
_LONGEST = 32_000  # characters of a cell; a spreadsheet holds 32,767
_EXACT = 10**15  # numbers of more digits are kept as text, since a cell has fifteen


@dataclass(frozen=True)
class Formats:
    """The workbook's formats. ``quoted`` marks text that would look like a formula when typed."""

    title: Format
    sentence: Format
    heading: Format
    text: Format
    quoted: Format
    number: Format
    instant: Format
    length: Format
    percent: Format


def formats_of(book: Workbook) -> Formats:
    """The formats, added to a workbook."""
    return Formats(
        title=book.add_format({"bold": True, "font_size": 16}),
        sentence=book.add_format({"font_size": 12}),
        heading=book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8ECF1", "text_wrap": True, "valign": "top"}),
        text=book.add_format(),
        quoted=book.add_format({"quote_prefix": True}),
        number=book.add_format({"num_format": "#,##0.######"}),
        instant=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        length=book.add_format({"num_format": "[h]:mm:ss"}),
        percent=book.add_format({"num_format": "0.0#####%"}),
    )


def printed(sheet: Worksheet) -> None:
    """A sheet that prints across, as wide as the page and as many pages long as it needs."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


@dataclass(frozen=True)
class Writer:
    """Writes values to a sheet by their kind; instants stand in the wall clock of ``zone``."""

    formats: Formats
    zone: ZoneInfo

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, kind: Kind) -> None:
        """One cell; nothing for None."""
        if value is None or value == "":
            return
        if kind == "instant":
            sheet.write_datetime(row, column, self._local(value), self.formats.instant)
        elif kind == "length":
            sheet.write_number(row, column, value / DAY, self.formats.length)
        elif kind == "percent":
            sheet.write_number(row, column, float(Decimal(value) / 100), self.formats.percent)
        elif kind == "number" and abs(Decimal(value)) < _EXACT:
            sheet.write_number(row, column, float(value) if isinstance(value, str) else value, self.formats.number)
        else:
            self.text(sheet, row, column, "yes" if value is True else "no" if value is False else str(value))

    def text(self, sheet: Worksheet, row: int, column: int, value: str) -> None:
        """Foreign text as text: unseen characters shown, cut to what a cell holds."""
        plain = shown(value, _LONGEST)
        looks_like_one = cell(plain) != plain
        sheet.write_string(row, column, plain, self.formats.quoted if looks_like_one else self.formats.text)

    def _local(self, instant: str) -> dt.datetime:
        return dt.datetime.fromisoformat(instant).astimezone(self.zone).replace(tzinfo=None)
