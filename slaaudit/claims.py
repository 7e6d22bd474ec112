"""Claims: the last day on which a credit may still be asked for, and whether that day is past.

Day 0 is a civil day in the clause's zone; the last day runs to its midnight, and a claim at that midnight is in time.
Where a contract counts hours, they run from the instant instead.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.relativedelta import relativedelta

from slaaudit.civil_spans import day_of, midnights
from slaaudit.evidence.tables import MISSING
from slaaudit.policy.grammar import HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.performance import Performance
    from slaaudit.policy.credits import Claim

Status = Literal["open", "closing", "lapsed"]
CLOSING_DAYS = 7
_SATURDAY = 5


@dataclass(frozen=True)
class Deadline:
    """One step of a claim. ``closes_at`` is the midnight that ends ``last_day``, or an instant on it (``is_exact``).

    ``status`` is None where as-of was not given. ``guessed`` says that the day it runs from is not in the data and
    the earliest possible one stands for it.
    """

    step: str
    day_zero: dt.date
    last_day: dt.date
    closes_at: int
    status: Status | None
    days_left: int
    guessed: bool
    claim: Claim
    is_exact: bool = False


@dataclass(frozen=True)
class Clockwork:
    """What deadlines go by: the zone, the calendars of business days, as-of if it was given, known awareness.

    ``contract_end`` is the end of the policy's force, None where it has none.
    """

    timezone: str
    calendars: Mapping[str, CompiledCalendar]
    as_of: int | None
    aware_at: Callable[[Performance], int]
    contract_end: int | None = None


def deadlines(row: Performance, claims: tuple[Claim, ...], by: Clockwork) -> tuple[Deadline, ...]:
    """The deadline of every step, in the policy's order."""
    return tuple(_deadline(row, claim, by) for claim in claims)


def next_deadline(found: tuple[Deadline, ...]) -> Deadline | None:
    """The step that lapses next: the earliest that is not past, else the last of all."""
    ahead = [each for each in found if each.status != "lapsed"]
    if ahead:
        return min(ahead, key=lambda each: each.closes_at)
    return max(found, key=lambda each: each.closes_at, default=None)


def _deadline(row: Performance, claim: Claim, by: Clockwork) -> Deadline:
    zone = ZoneInfo(by.timezone)
    start = _anchor(row, claim, by, zone)
    hours = claim.within.hours
    last_day = day_of(start.at + hours * HOUR - 1, zone) if hours else _last_day(start.day, claim, by, zone)
    midnight = midnights([last_day + dt.timedelta(days=1)], zone)[0]
    closes_at = start.at + hours * HOUR if hours else midnight
    status: Status | None = None
    left = 0
    if by.as_of is not None:
        left = (last_day - day_of(by.as_of - 1, zone)).days
        status = "lapsed" if by.as_of > closes_at else "closing" if left <= CLOSING_DAYS else "open"
    return Deadline(
        claim.step, start.day, last_day, closes_at, status, left, start.guessed, claim, closes_at != midnight
    )


class _Anchor(NamedTuple):
    """Where the time runs from: the instant for hours, the day for days."""

    at: int
    day: dt.date
    guessed: bool = False


def _anchor(row: Performance, claim: Claim, by: Clockwork, zone: ZoneInfo) -> _Anchor:
    """The anchor of a claim. A period, and an outage, ends on the day of its last instant."""
    end = day_of(row.span.to_at - 1, zone)
    if claim.from_ == "following-month-end":
        last = end + relativedelta(day=1, months=2) - dt.timedelta(days=1)
        return _Anchor(midnights([last + dt.timedelta(days=1)], zone)[0], last)
    if claim.from_ == "contract-end":
        known = by.contract_end is not None and by.contract_end >= row.span.to_at
        at = by.contract_end if known and by.contract_end is not None else row.span.to_at
        return _Anchor(at, day_of(at - 1, zone), not known)
    if claim.from_ == "period-end" or row.first_at == MISSING:
        return _Anchor(row.span.to_at, end)
    if claim.from_ == "outage-end":
        return _Anchor(row.last_at, day_of(row.last_at - 1, zone))
    if claim.from_ == "awareness":
        aware = by.aware_at(row)
        at = row.first_at if aware == MISSING else aware
        return _Anchor(at, day_of(at, zone), aware == MISSING)
    return _Anchor(row.first_at, day_of(row.first_at, zone))


def _last_day(day_zero: dt.date, claim: Claim, by: Clockwork, zone: ZoneInfo) -> dt.date:
    within = claim.within
    if within.business_days:
        last = _business_days_later(day_zero, within.business_days, by.calendars.get(claim.calendar or ""), zone)
    else:
        last = day_zero + relativedelta(months=within.months, days=within.days)
    return last + relativedelta(day=31) if claim.through == "month-end" else last


def _business_days_later(day: dt.date, count: int, calendar: CompiledCalendar | None, zone: ZoneInfo) -> dt.date:
    """The ``count``-th business day after ``day``: an open day of the calendar, or Monday to Friday without one."""
    days = [day + dt.timedelta(days=step) for step in range(1, reach(count))]
    if calendar is None:
        open_days = [each for each in days if each.weekday() < _SATURDAY]
    else:
        edges = np.array(midnights([*days, days[-1] + dt.timedelta(days=1)], zone), np.int64)
        is_open = calendar.elapsed(edges[:-1], edges[1:]) > 0
        open_days = [each for each, some in zip(days, is_open.tolist(), strict=True) if some]
    return open_days[count - 1] if len(open_days) >= count else days[-1]


def reach(count: int) -> int:
    """The civil days within which ``count`` business days are looked for."""
    return 10 * count + 400
