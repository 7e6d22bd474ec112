"""The months, quarters, years and other spans over which a service is measured, each of its true length.

A span is ``[from_at, to_at)`` in microseconds UTC. Its edges are midnights of a zone, so a month with a change of
the clocks is an hour longer or shorter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.relativedelta import relativedelta

from slaaudit.zones import DAY, offsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from slaaudit.policy.model import Period

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST = dt.date(1970, 1, 1)
_NAMED = {1: "%Y-%m", 12: "%Y"}
_QUARTER = 3
FOR_EVER = 2**62


@dataclass(frozen=True)
class CivilSpan:
    """A span with its name, such as ``2026-05`` or ``2026-03-15 to 2027-03-14``."""

    name: str
    from_at: int
    to_at: int


def day_of(instant: int, zone: ZoneInfo) -> dt.date:
    """The civil day of an instant."""
    return (_EPOCH + dt.timedelta(microseconds=instant)).astimezone(zone).date()


def midnights(dates: Iterable[dt.date], zone: ZoneInfo) -> list[int]:
    """The first instant of each civil day."""
    local = np.array([(date - _FIRST).days * DAY for date in dates], np.int64)
    if not len(local):
        return []
    known = offsets(zone, int(local.min()) - DAY, int(local.max()) + DAY)
    return [int(at) for at in known.first_instant(local)]


def spans(period: Period, timezone: str, first: int, last: int, contract: tuple[int, int]) -> list[CivilSpan]:
    """The spans of ``period`` that hold an instant from ``first`` up to ``last``, in order.

    ``contract`` is the span of the whole contract, which a period of 0 months stands for. A period that trails is
    not made of spans; see ``trailing``.
    """
    zone = ZoneInfo(timezone)
    if not period.months:
        since, until = max(contract[0], -FOR_EVER), min(contract[1], FOR_EVER)
        return [CivilSpan("contract", first if since == -FOR_EVER else since, last if until == FOR_EVER else until)]
    edges = list(_edges(period, day_of(first, zone), day_of(max(first, last - 1), zone)))
    instants = midnights(edges, zone)
    return [
        CivilSpan(name_of(period, since, until), instants[at], instants[at + 1])
        for at, (since, until) in enumerate(pairwise(edges))
    ]


def _edges(period: Period, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days on which spans begin: from the one of ``first`` to the one after ``last``."""
    anchor = period.from_ or _FIRST
    number = (first.year - anchor.year) * 12 + first.month - anchor.month
    nth = number // period.months
    while anchor + relativedelta(months=nth * period.months) > first:
        nth -= 1
    while True:
        edge = anchor + relativedelta(months=nth * period.months)
        yield edge
        if edge > last:
            return
        nth += 1


def name_of(period: Period, since: dt.date, until: dt.date) -> str:
    """The name of the span from ``since`` up to, and without, ``until``."""
    if period.from_ is None and period.months in _NAMED:
        return since.strftime(_NAMED[period.months])
    if period.from_ is None and period.months == _QUARTER:
        return f"{since.year}-Q{(since.month + 2) // 3}"
    return f"{since} to {until - dt.timedelta(days=1)}"


def trailing(period: Period, timezone: str, first: int, last: int) -> list[tuple[str, CivilSpan]]:
    """The windows that trail behind each civil day that ends by ``last``, each with the month in which it ends.

    The first is that of the day of ``first``.
    """
    zone = ZoneInfo(timezone)
    window = period.rolling
    assert window is not None  # noqa: S101  (the caller asks for trailing windows only)
    begin, end = day_of(first, zone), day_of(last, zone)
    days = [begin + dt.timedelta(days=step) for step in range((end - begin).days + 1)]
    after = [day + dt.timedelta(days=1) for day in days]
    since = [each - relativedelta(months=window.months, days=window.days) for each in after]
    until_at, since_at = midnights(after, zone), midnights(since, zone)
    return [
        (day.strftime("%Y-%m"), CivilSpan(f"{window.text} to {day}", from_at, to_at))
        for day, from_at, to_at in zip(days, since_at, until_at, strict=True)
        if to_at <= last
    ]
