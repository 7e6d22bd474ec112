"""Files of windows: scheduled maintenance, and counts of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from slaaudit.errors import EvidenceError, UsageError
from slaaudit.evidence import timestamps
from slaaudit.evidence.arrays import texts
from slaaudit.evidence.counts import counts
from slaaudit.evidence.downtime import milliseconds
from slaaudit.evidence.incidents import Maintenance, Usage
from slaaudit.evidence.intervals import ends_of, put_aside_backwards, remark_on_empty
from slaaudit.evidence.outages import NO_START
from slaaudit.evidence.row_rules import each_of, pass_over_cancelled, pass_over_others
from slaaudit.evidence.tables import MISSING
from slaaudit.evidence.timestamps import UndecidedError
from slaaudit.zones import DAY, offsets

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Instants

NO_END = "no end, so it is no window"
NO_LENGTH = "the window takes no time"
NO_NUMBER = "no number"
MORE_THAN_ALL = "more failed than there were"


def maintenance_part(cells: Cells, file: int) -> Maintenance:
    """The windows of scheduled maintenance of a file, without the records that cannot be used."""
    pass_over_others(cells)
    start = cells.times("started_at").at
    pass_over_cancelled(cells, cells.raw_words("status"))
    cells.put_aside(np.flatnonzero(start == MISSING), NO_START, "started_at")
    end = ends_of(cells, "ended_at")
    cells.put_aside(np.flatnonzero(end == MISSING), NO_END, "ended_at")
    put_aside_backwards(cells, start, end, "ended_at")
    announced = ends_of(cells, "announced_at")
    remark_on_empty(cells, start, end)
    record, component = each_of(cells, "component")
    chosen = np.flatnonzero(cells.usable[record])
    rows = record[chosen]
    return Maintenance(
        start[rows],
        end[rows],
        announced[rows],
        component.take(chosen),
        np.full(len(rows), file, np.int32),
        cells.rows[rows],
    )


def usage_part(cells: Cells, file: int) -> Usage:
    """The windows of a file with their counts, without the records that cannot be used."""
    pass_over_others(cells)
    start = _bounds(cells, "window_start")
    end = _next_days(cells, start) if cells.layout.windows_are_days else _bounds(cells, "window_end")
    cells.put_aside(np.flatnonzero(start == MISSING), NO_START, _told(cells, "window_start"))
    cells.put_aside(np.flatnonzero(end == MISSING), NO_END, _told(cells, "window_end"))
    put_aside_backwards(cells, start, end, _told(cells, "window_end"))
    cells.put_aside(np.flatnonzero(start == end), NO_LENGTH, _told(cells, "window_end"))
    downtime = cells.layout.downtime
    total, failed = (
        milliseconds(cells, downtime, end - start) if downtime else (counts(cells, "total"), counts(cells, "failed"))
    )
    for field, column in (("total", total), ("failed", failed)):
        cells.put_aside(np.flatnonzero(~column.known), NO_NUMBER, _told(cells, field))
    cells.put_aside(np.flatnonzero(failed.values > total.values), MORE_THAN_ALL, _told(cells, "failed"))
    rows = np.flatnonzero(cells.usable)
    return Usage(
        start[rows],
        end[rows],
        total.values[rows],
        failed.values[rows],
        cells.words("component").take(rows),
        np.full(len(rows), file, np.int32),
        cells.rows[rows],
    )


def _told(cells: Cells, field: str) -> str:
    """The field where a column tells it; nothing where the caller does."""
    return field if cells.has(field) else ""


def _bounds(cells: Cells, field: str) -> Instants:
    """The starts or ends of the windows: of a column, or one for all that the caller or a mapping states."""
    if cells.has(field):
        return cells.times(field).at
    stated = dict(cells.options.set_fields).get(field) or cells.layout.constants.get(field)
    if not stated:
        raise EvidenceError(
            f"{cells.sheet.path}: such a report tells no dates. Say which time it is of with "
            "--set window_start=2026-05-01T00:00Z --set window_end=2026-06-01T00:00Z."
        )
    try:
        column = timestamps.column(pa.chunked_array([texts([stated])]), cells.rules)
    except UndecidedError:
        raise UsageError(f"--set {field}={stated}: write it like 2026-05-01T00:00Z, with its zone.") from None
    if column.unreadable or column.at[0] == MISSING:
        raise UsageError(f"--set {field}={stated}: that is no time; write it like 2026-05-01T00:00Z.")
    return np.full(len(cells), column.at[0], np.int64)


def _next_days(cells: Cells, start: Instants) -> Instants:
    """The first instant of the day after each start, by the clock of the times' zone."""
    known = start != MISSING
    zone = cells.rules.zone
    column = cells.times_read.get("window_start")
    if column is None or column.zoned or not isinstance(zone, ZoneInfo) or not known.any():
        return np.where(known, start + DAY, MISSING)
    table = offsets(zone, int(start[known].min()), int(start[known].max()))
    return np.where(known, table.first_instant(table.local(start) + DAY), MISSING)
