"""The parts of a written time to microseconds since 1970: the arithmetic of the civil calendar, by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.digits import number
from slaaudit.zones import DAY, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.evidence.digits import Digits
    from slaaudit.evidence.shapes import Layout
    from slaaudit.evidence.tables import Instants, Mask, Rows

MONTHS = 12
LONGEST_MONTH = 31
_HALF_DAY = 12
_LAST_HOUR = 23
_LAST_MINUTE = 59
_FURTHEST = 18  # hours from UTC
_SERIAL_OF_1970 = 25_569
_EXACT_DIGITS = 15
_NOISE = 1_000  # microseconds
_PIVOT = 69  # two digits from here on are 19xx, as POSIX has it


def micros(found: Layout, digits: Digits, *, day_first: bool) -> tuple[Instants, Mask]:
    """Microseconds since 1970 (by the wall clock, or absolute if zoned), and which rows are valid times."""
    get = _getter(found, digits)
    if found.scale:
        at = get("epoch", 0) * found.scale + _fraction(found, digits)
        return at, np.ones(len(digits), np.bool_)
    if found.is_serial:
        return _serial(found, digits), np.ones(len(digits), np.bool_)
    year = get("year", 0) if "year" in found.parts else _full_year(get("short", 0))
    month, day = get("month", 1), get("day", 1)
    if found.is_undecided:
        day, month = (get("first", 1), get("second", 1))[:: 1 if day_first else -1]
    hour, minute, sec = get("hour", 0), get("minute", 0), get("sec", 0)
    valid = (hour <= _LAST_HOUR) & (minute <= _LAST_MINUTE) & (sec <= _LAST_MINUTE)
    if "half" in found.constants:
        valid &= (hour >= 1) & (hour <= _HALF_DAY)
        hour = hour % _HALF_DAY + found.constants["half"]
    days, real = _days(year, month, day)
    at = days * DAY + ((hour * 60 + minute) * 60 + sec) * SECOND + _fraction(found, digits)
    offset_hours, offset_minutes = get("off_hours", 0), get("off_minutes", 0)
    valid &= real & (offset_hours <= _FURTHEST) & (offset_minutes <= _LAST_MINUTE)
    at -= found.constants.get("sign", 1) * (offset_hours * 60 + offset_minutes) * 60 * SECOND
    return at, valid


def _getter(found: Layout, digits: Digits) -> Callable[[str, int], Rows]:
    def get(name: str, default: int) -> Rows:
        if name in found.parts:
            return number(digits, found.parts[name])
        return np.full(len(digits), found.constants.get(name, default), np.int64)

    return get


def _full_year(short: Rows) -> Rows:
    return short + 2000 - 100 * (short >= _PIVOT).astype(np.int64)


def _fraction(found: Layout, digits: Digits) -> Rows:
    """The fraction of a second in microseconds; digits past the sixth are cut off."""
    if "fraction" not in found.parts:
        return np.zeros(len(digits), np.int64)
    start, end = found.parts["fraction"]
    width = min(end - start, 6)
    return number(digits, (start, start + width)) * int(10 ** (6 - width))


def _serial(found: Layout, digits: Digits) -> Instants:
    """A spreadsheet's days since 1899-12-30 by the wall clock; what lies within a millisecond of a second is noise."""
    at = (number(digits, found.parts["serial"]) - _SERIAL_OF_1970) * DAY
    if "fraction" not in found.parts:
        return at
    start, end = found.parts["fraction"]
    width = min(end - start, _EXACT_DIGITS)
    at += np.rint(number(digits, (start, start + width)) * (DAY / 10**width)).astype(np.int64)
    whole = (at + SECOND // 2) // SECOND * SECOND
    return np.where(np.abs(at - whole) <= _NOISE, whole, at)


def _days(year: Rows, month: Rows, day: Rows) -> tuple[Rows, Mask]:
    """Days since 1970-01-01, and whether there is such a day."""
    months = (year - 1970) * MONTHS + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    real = (month >= 1) & (month <= MONTHS) & (day >= 1) & (day <= following - first)
    return first + day - 1, real
