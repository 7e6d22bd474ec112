"""The local hours that a zone skips when its clocks go forward."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.policy.grammar import Window

#: The years looked at: an audit is likely about one of them.
YEARS = range(2026, 2038)
_LONGEST_GAP = dt.timedelta(hours=2)


def skipped_on(zone: str, weekdays: Sequence[int], window: Window) -> dt.date | None:
    """The first date on which the whole window falls into a gap of the zone; nothing where none does.

    ``weekdays`` are the days on which the window starts.
    """
    opens, closes = (dt.timedelta(microseconds=each) for each in (window.opens, window.closes))
    if closes - opens > _LONGEST_GAP:
        return None
    for start, end in gaps(zone):
        for day in (start.date(), start.date() - dt.timedelta(days=1)):
            midnight = dt.datetime.combine(day, dt.time())
            if day.weekday() in weekdays and start <= midnight + opens and midnight + closes <= end:
                return day
    return None


@lru_cache(maxsize=64)
def gaps(zone: str) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """The gaps of a zone, by its wall clock: first time skipped, first time after it. The earliest first."""
    found = []
    info = ZoneInfo(zone)
    at = dt.datetime(YEARS.start, 1, 1, tzinfo=dt.UTC)
    before = _offset(at, info)
    while at.year < YEARS.stop:
        after = _offset(at + dt.timedelta(days=1), info)
        if after > before:
            change = _change(at, info, before)
            found.append((change + before, change + after))
        at, before = at + dt.timedelta(days=1), after
    return tuple(found)


def _offset(at: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    return at.astimezone(zone).utcoffset() or dt.timedelta()


def _change(at: dt.datetime, zone: ZoneInfo, before: dt.timedelta) -> dt.datetime:
    """The instant within a day of ``at`` at which the offset stops being ``before``, to the second, without a zone."""
    low, high = 0, 86_400
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(at + dt.timedelta(seconds=middle), zone) == before else (low, middle)
    return (at + dt.timedelta(seconds=high)).replace(tzinfo=None)
