"""Civil periods as half-open spans of instants: what ``--period`` means, and the month of an instant."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from dateutil.relativedelta import relativedelta

from slaaudit.errors import UsageError
from slaaudit.zones import DAY, offsets

Instants = npt.NDArray[np.int64]
PeriodBy = Literal["start", "due", "stop"]
Per = Literal["month", "quarter", "year"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_PERIOD = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|[Qq]([1-4])))?")


@dataclass(frozen=True)
class Period:
    """``[from_at, to_at)`` in microseconds UTC, as ``text`` names it in ``timezone``.

    A measurement lies in it by its start, its due instant or its stop, as ``by`` says.
    """

    text: str
    from_at: int
    to_at: int
    by: PeriodBy
    timezone: str


def period(text: str, timezone: str, as_of: int, by: PeriodBy = "start") -> Period:
    """The period that ``text`` names: ``2026``, ``2026-05``, ``2026-Q2``, or ``last-month`` before ``as_of``.

    Raises ``UsageError`` for anything else.
    """
    zone = ZoneInfo(timezone)
    named = text.strip()
    if named.casefold() == "last-month":
        moment = (_EPOCH + dt.timedelta(microseconds=as_of)).astimezone(zone)
        first, months = moment.date().replace(day=1) - relativedelta(months=1), 1
        named = f"{first:%Y-%m}"
    else:
        found = _PERIOD.fullmatch(named)
        if not found or found[1] == "0000":
            raise UsageError(f"--period {text!r} is no period; write 2026, 2026-Q2, 2026-05 or last-month")
        year, month, quarter = int(found[1]), found[2], found[3]
        months = 1 if month else 3 if quarter else 12
        first = dt.date(year, int(month or (int(quarter) * 3 - 2 if quarter else 1)), 1)
    after = first + relativedelta(months=months)
    return Period(named, _midnight(first, zone), _midnight(after, zone), by, timezone)


def day_span(date: dt.date, timezone: str) -> tuple[int, int]:
    """The instants at which a civil day begins and ends."""
    zone = ZoneInfo(timezone)
    return _midnight(date, zone), _midnight(date + dt.timedelta(days=1), zone)


def _midnight(date: dt.date, zone: ZoneInfo) -> int:
    local = int((date - dt.date(1970, 1, 1)).days) * DAY
    return int(offsets(zone, local - DAY, local + DAY).first_instant(np.array([local], np.int64))[0])


def numbered(instants: Instants, per: Per, timezone: str) -> npt.NDArray[np.int64]:
    """The civil month, quarter or year that each instant lies in, counted from 1970."""
    if not len(instants):
        return instants
    zone = offsets(ZoneInfo(timezone), int(instants.min()), int(instants.max()))
    months = zone.local(instants).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return months // {"month": 1, "quarter": 3, "year": 12}[per]


def name(number: int, per: Per) -> str:
    """The name of a period that ``numbered`` counted.

    >>> name(225, "quarter")
    '2026-Q2'
    """
    if per == "year":
        return str(1970 + number)
    if per == "quarter":
        return f"{1970 + number // 4}-Q{number % 4 + 1}"
    return f"{1970 + number // 12}-{number % 12 + 1:02d}"
