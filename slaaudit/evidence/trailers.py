"""Records that are no tickets: totals, sub-totals, footers and empty rows, taken out and told of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence.arrays import nulls, taken
from slaaudit.evidence.fields import IN_EVERY_ROW
from slaaudit.evidence.sheets import Grid, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.sheets import Sheet
    from slaaudit.evidence.tables import Mask, Rows

_FOOTER = re.compile(
    r"""["'\s]*(?:
        (?:grand|sub|report|overall)[\s-]?totals? \b | totals? \b (?![-/]) | averages? \b
      | gesamt (?:summe|zahl)? \b | (?:zwischen)?summe \b | sous-total \b | totaa?le? \b | subtota[a-z]* \b
      | confidential \b | copyright \b | \(c\)\s?\d{4} | © | generated \s (?:by|on|at) \b
      | report \s (?:generated|run|created) \b | page \s \d+ \s of \s \d+ | end \s of \s (?:report|file)
      | (?:number|count) \s of \s (?:records|rows|tickets|cases) | (?:record|row) \s count
      | \(? \d[\d,.]* \s (?:records?|rows?|tickets?|cases?|incidents?|issues?)
        \s? (?:selected|returned|found)? \)? ["\s.]* $
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SHOWN = 5
_LONGEST = 60
_MARKS = " \"'"
_WIDE = 4  # columns, for a record of one filled cell to be a heading


class Left(NamedTuple):
    """Records left out: their row and what their first filled cell says, or nothing where all are empty."""

    row: int
    text: str


def is_footer(text: str) -> bool:
    """Whether a record that begins like this is a total or a footer.

    >>> is_footer('"Grand Totals (5700 records)"'), is_footer("Totally broken")
    (True, False)
    """
    return _FOOTER.match(text) is not None


def without_trailers(sheet: Sheet, layout: Layout, grid: Grid) -> tuple[Grid, list[Left]]:
    """The grid without the records that are no tickets, and these."""
    left = [Left(each.row, each.value) for each in grid.rejected if is_footer(each.value)]
    gone = {each.row for each in left}
    rejected = [each for each in grid.rejected if each.row not in gone]
    suspects = np.flatnonzero(_suspects(layout, grid.columns, len(grid.rows)))
    if not len(suspects):
        return Grid(grid.columns, grid.rows, rejected), left
    texts, filled = _first_filled(sheet, layout, suspects)
    out: list[int] = []
    for row, text, count in zip(suspects.tolist(), texts, filled.tolist(), strict=True):
        if not count or is_footer(text) or (count == 1 and len(sheet.headers) >= _WIDE):
            out.append(row)
            left.append(Left(int(grid.rows[row]), text))
    keep = np.delete(np.arange(len(grid.rows)), out)
    columns = {header: taken(column, keep) for header, column in grid.columns.items()} if out else grid.columns
    return Grid(columns, grid.rows[keep], rejected), sorted(left)


def _suspects(layout: Layout, columns: Mapping[int, pa.ChunkedArray], count: int) -> Mask:
    """Records without an id, or without the time that every record must have."""
    marks = np.zeros(count, np.bool_)
    for field in IN_EVERY_ROW[layout.shape]:
        place = layout.places.get(field)
        if place is not None and place.header in columns:
            marks |= nulls(columns[place.header])
    return marks


def _first_filled(sheet: Sheet, layout: Layout, rows: Rows) -> tuple[Sequence[str], Rows]:
    """What the first filled cell of each record says, and how many are filled; every column counts."""
    whole = sheet.grid(range(len(sheet.headers)), layout.empty)
    cells = [taken(column, rows) for column in whole.columns.values()]
    filled = sum((~nulls(column)).astype(np.int64) for column in cells)
    texts = pc.coalesce(*cells).to_pylist()
    return [text or "" for text in texts], np.asarray(filled, np.int64)


def notes_of_trailers(left: Sequence[Left]) -> list[str]:
    """What was left out, in sentences."""
    told = [each for each in left if each.text]
    empty = len(left) - len(told)
    notes: list[str] = []
    if told:
        shown = ", ".join(f"row {each.row} {shortened(each.text.strip(_MARKS), _LONGEST)!r}" for each in told[:_SHOWN])
        more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
        notes.append(f"totals, headings and footers left out: {len(told)} ({shown}{more})")
    if empty:
        notes.append(f"empty rows left out: {empty}")
    return notes
