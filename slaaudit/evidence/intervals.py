"""Starts and ends: what an end means, and ends that lie before their starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Instants, Rows

BACKWARDS = "the end lies before the start"
BACKWARDS_BY_THE_CLOCK = (
    "the end lies before the start; a DST change repeats one of the two local times, so write them with their offset"
)


def ends_of(cells: Cells, field: str) -> Instants:
    """The ends, ``MISSING`` where there is none; records whose end cannot be read are put aside."""
    if cells.has(field):
        return cells.times(field).at
    return np.full(len(cells), MISSING, np.int64)


def put_aside_backwards(cells: Cells, start: Instants, end: Instants, field: str) -> None:
    """Put aside the records whose end lies before their start."""
    backwards = (start != MISSING) & (end != MISSING) & (end < start)
    if not backwards.any():
        return
    doubtful = np.zeros(len(start), np.bool_)
    for column in cells.times_read.values():
        if column.doubtful is not None:
            doubtful |= column.doubtful
    cells.put_aside(np.flatnonzero(backwards & doubtful), BACKWARDS_BY_THE_CLOCK, field)
    cells.put_aside(np.flatnonzero(backwards & ~doubtful), BACKWARDS, field)


def remark_on_empty(cells: Cells, start: Instants, end: Instants) -> None:
    """Tell of records that take no time."""
    empty = np.flatnonzero(cells.usable & (start != MISSING) & (start == end))
    if len(empty):
        cells.remarks.append(
            f"rows whose end is their start, which take no time: {len(empty)}{first_rows(cells, empty)}"
        )


def first_rows(cells: Cells, chosen: Rows) -> str:
    """The rows of the first of some records, for a sentence, such as ``(rows 3, 4, 9, ...)``."""
    shown = chosen[:3]
    rows = ", ".join(str(int(cells.rows[index])) for index in shown)
    return f" (row{'s' if len(chosen) > 1 else ''} {rows}{', ...' if len(chosen) > len(shown) else ''})"
