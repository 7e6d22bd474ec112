"""Files of windows: scheduled maintenance, and counts of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.counts import counts
from slaaudit.evidence.incidents import Maintenance, Usage
from slaaudit.evidence.intervals import ends_of, put_aside_backwards, remark_on_empty
from slaaudit.evidence.outages import NO_START, pass_over_cancelled
from slaaudit.evidence.tables import MISSING

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells

NO_END = "no end, so it is no window"
NO_LENGTH = "the window takes no time"
NO_NUMBER = "no number"
MORE_THAN_ALL = "more failed than there were"


def maintenance_part(cells: Cells, file: int) -> Maintenance:
    """The windows of scheduled maintenance of a file, without the records that cannot be used."""
    start = cells.times("started_at").at
    pass_over_cancelled(cells, cells.raw_words("status"))
    cells.put_aside(np.flatnonzero(start == MISSING), NO_START, "started_at")
    end = ends_of(cells, "ended_at")
    cells.put_aside(np.flatnonzero(end == MISSING), NO_END, "ended_at")
    put_aside_backwards(cells, start, end, "ended_at")
    announced = ends_of(cells, "announced_at")
    remark_on_empty(cells, start, end)
    rows = np.flatnonzero(cells.usable)
    return Maintenance(
        start[rows],
        end[rows],
        announced[rows],
        cells.words("component").take(rows),
        np.full(len(rows), file, np.int32),
        cells.rows[rows],
    )


def usage_part(cells: Cells, file: int) -> Usage:
    """The windows of a file with their counts, without the records that cannot be used."""
    start, end = cells.times("window_start").at, ends_of(cells, "window_end")
    cells.put_aside(np.flatnonzero(start == MISSING), NO_START, "window_start")
    cells.put_aside(np.flatnonzero(end == MISSING), NO_END, "window_end")
    put_aside_backwards(cells, start, end, "window_end")
    cells.put_aside(np.flatnonzero(start == end), NO_LENGTH, "window_end")
    total, failed = counts(cells, "total"), counts(cells, "failed")
    for field, column in (("total", total), ("failed", failed)):
        cells.put_aside(np.flatnonzero(~column.known), NO_NUMBER, field)
    cells.put_aside(np.flatnonzero(failed.values > total.values), MORE_THAN_ALL, "failed")
    component = cells.words("component")
    rows = np.flatnonzero(cells.usable)
    return Usage(
        start[rows],
        end[rows],
        total.values[rows],
        failed.values[rows],
        component.take(rows),
        np.full(len(rows), file, np.int32),
        cells.rows[rows],
    )
