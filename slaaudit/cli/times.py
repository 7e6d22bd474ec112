"""``--as-of`` as it is typed, made exact in the policy's zone. Instants are microseconds UTC."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING

from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1900, 2200)


def as_of_instant(text: str, zone: ZoneInfo) -> int:
    """The instant that ``--as-of`` names. A date means the end of that day, a time without a zone the policy's.

    >>> from zoneinfo import ZoneInfo
    >>> as_of_instant("1970-01-01", ZoneInfo("UTC")) // 3_600_000_000
    24
    """
    if text == "now":
        return _micros(_now())
    try:
        # 20260531 and 2026-W22 are ISO dates too, but would not be whole days.
        at = dt.datetime.fromisoformat(text if _DATE.match(text) else "")
        if at.year not in _YEARS:
            raise UsageError(f"--as-of {shown(text, 40)}: expected a year from {_YEARS[0]} to {_YEARS[-1]}")
        if _DATE.fullmatch(text):
            at += dt.timedelta(days=1)
        return _micros(at if at.tzinfo else at.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise UsageError(
            f"--as-of {shown(text, 40)}: expected now, a date (2026-05-31) or an instant (2026-05-31T18:00:00Z)"
        ) from None


@cache
def _now() -> dt.datetime:
    """The second at which it was first asked for: tickets, outages and waivers of one command have the same now."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def civil_day(text: str, as_of: int, zone: ZoneInfo) -> dt.date:
    """The civil day of as-of: the date that ``--as-of`` (``text``) names, else the day in which the instant lies.

    >>> from zoneinfo import ZoneInfo
    >>> civil_day("2026-05-31", as_of_instant("2026-05-31", ZoneInfo("UTC")), ZoneInfo("UTC")).isoformat()
    '2026-05-31'
    """
    if _DATE.fullmatch(text):
        return dt.date.fromisoformat(text)
    return (_EPOCH + dt.timedelta(microseconds=as_of)).astimezone(zone).date()


def _micros(at: dt.datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
