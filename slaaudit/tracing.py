"""One measurement's worksheet cut at its calendar's edges, so that every closed hour and holiday shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import NONE
from slaaudit.results import Why
from slaaudit.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.audit import Audit
    from slaaudit.business_time import CompiledCalendar


@dataclass(frozen=True)
class FineRow:
    """A row of a worksheet in which the calendar is open throughout, or closed throughout.

    Fields as in ``Worksheet``; ``name`` is the holiday's where ``why`` is CLOSED_DAY ("" for a date of the
    contract's own).
    """

    from_at: int
    to_at: int
    state: int
    severity: int
    why: Why
    took: int
    total: int
    event: int
    name: str = ""


def calendar_of(audit: Audit, measurement: int) -> CompiledCalendar | None:
    """The compiled calendar that a measurement is counted on; None where it has no target."""
    code = int(audit.measurements.calendar[measurement])
    if code == NONE:
        return None
    return audit.compiled[int(audit.measurements.policy[measurement])][audit.calendars[code]]


def finer(audit: Audit, measurement: int) -> list[FineRow]:
    """The worksheet of one measurement, cut where its calendar opens and closes; the sum is the same."""
    sheet = audit.worksheet
    calendar = calendar_of(audit, measurement)
    found: list[FineRow] = []
    total = 0
    since, until = np.searchsorted(sheet.measurement, [measurement, measurement + 1]).tolist()
    for row in range(since, until):
        why = Why(int(sheet.why[row]))
        begin, end = int(sheet.from_at[row]), int(sheet.to_at[row])
        pieces = [(begin, end, why, "")]
        if why == Why.RUNS and calendar is not None:
            pieces = list(_pieces(calendar, begin, end))
        for from_at, to_at, reason, name in pieces:
            took = to_at - from_at if reason == Why.RUNS else 0
            if reason == Why.PAUSE_TOTAL:
                took = int(sheet.took[row])
            total += took
            found.append(
                FineRow(
                    from_at, to_at, int(sheet.state[row]), int(sheet.severity[row]), reason, took, total,
                    int(sheet.event[row]), name,
                )
            )  # fmt: skip
    return found


def _pieces(calendar: CompiledCalendar, begin: int, end: int) -> Iterator[tuple[int, int, Why, str]]:
    """``[begin, end)`` as open and closed pieces."""
    if calendar.always:
        yield begin, end, Why.RUNS, ""
        return
    at = begin
    first = int(np.searchsorted(calendar.closes, begin, side="right"))
    for opens, closes in zip(calendar.opens[first:].tolist(), calendar.closes[first:].tolist(), strict=True):
        if opens >= end:
            break
        if at < opens:
            yield from _closed(calendar, at, opens)
        yield max(at, opens), min(closes, end), Why.RUNS, ""
        at = min(closes, end)
    if at < end:
        yield from _closed(calendar, at, end)


def _closed(calendar: CompiledCalendar, begin: int, end: int) -> Iterator[tuple[int, int, Why, str]]:
    """A closed stretch, with the closed days in it by name."""
    at = begin
    first, last = calendar.offsets.local(np.array([begin, end - 1], np.int64)) // DAY
    for number in range(int(first), int(last) + 1):
        date = dt.date(1970, 1, 1) + dt.timedelta(days=number)
        if date not in calendar.closed_days:
            continue
        edges = calendar.offsets.first_instant(np.array([number * DAY, (number + 1) * DAY], np.int64))
        from_at, to_at = max(begin, int(edges[0])), min(end, int(edges[1]))
        if at < from_at:
            yield at, from_at, Why.CLOSED_HOURS, ""
        yield from_at, to_at, Why.CLOSED_DAY, calendar.closed_days[date]
        at = to_at
    if at < end:
        yield at, end, Why.CLOSED_HOURS, ""
