"""A calendar's rules compiled to arrays: its windows on every day, less what is closed, as far as they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from slaaudit.business_time import LONG_AGO, CompiledCalendar, Days, day_date, day_number
from slaaudit.policy.grammar import DAY
from slaaudit.policy.holidays import closed_days
from slaaudit.zones import offsets

if TYPE_CHECKING:
    import datetime as dt

    import numpy.typing as npt

    from slaaudit.business_time import Instants
    from slaaudit.policy.grammar import Amount
    from slaaudit.policy.model import Calendar, Window
    from slaaudit.zones import Offsets

_FURTHEST = 60 * 366 * DAY  # how far past the data a due instant is looked for


@dataclass(frozen=True)
class Room:
    """How far past the data a calendar must reach: open microseconds, and open days."""

    micros: int = 0
    days: int = 0

    @classmethod
    def for_amount(cls, amount: Amount) -> Room:
        """Room enough for a target of this amount."""
        civil = amount.days + 7 * amount.weeks + 31 * amount.months
        return cls(amount.micros + civil * DAY, civil + 1)

    def __or__(self, other: Room) -> Room:
        return Room(max(self.micros, other.micros), max(self.days, other.days))


def compile_calendar(calendar: Calendar, first: int, last: int, room: Room | None = None) -> CompiledCalendar:
    """``calendar`` as arrays for the instants from ``first`` to ``last``, and ahead of them as ``room`` asks."""
    needed = room or Room()
    zone = ZoneInfo(calendar.timezone)
    ahead = 40 * DAY
    while True:
        compiled = _compiled(calendar, zone, first, last + ahead)
        if calendar.always or ahead >= _FURTHEST or _has_room(compiled, last, needed):
            return compiled
        ahead *= 4


def _has_room(compiled: CompiledCalendar, last: int, needed: Room) -> bool:
    banked = compiled.banked(np.array([last, compiled.closes[-1]], np.int64))
    days_left = np.count_nonzero(compiled.days.open_days > last // DAY + 1)
    return int(banked[1] - banked[0]) >= needed.micros and int(days_left) >= needed.days


def _compiled(calendar: Calendar, zone: ZoneInfo, first: int, last: int) -> CompiledCalendar:
    zone_offsets = offsets(zone, first - 4 * DAY, last + 4 * DAY)
    nothing = np.empty(0, np.int64)
    if calendar.always:
        days = Days(nothing, nothing, nothing, nothing, nothing)
        return CompiledCalendar(nothing, nothing, nothing, True, zone, zone_offsets, days, DAY)  # noqa: FBT003
    numbers = np.arange(first // DAY - 3, last // DAY + 4, dtype=np.int64)
    closed = closed_days(calendar, range(day_date(numbers[0]).year, day_date(numbers[-1]).year + 1))
    days = _windows(calendar, numbers, closed, zone_offsets)
    opens, closes = _merged(days.opens, days.closes)
    base = np.concatenate([[0], np.cumsum(closes - opens)[:-1]]) if len(opens) else nothing
    return CompiledCalendar(
        np.concatenate([[LONG_AGO], opens]),
        np.concatenate([[LONG_AGO], closes]),
        np.concatenate([[0], base]).astype(np.int64),
        False,  # noqa: FBT003  (a field, not a flag to a function)
        zone,
        zone_offsets,
        days,
        day_length(calendar),
        closed,
    )


def day_length(calendar: Calendar) -> int:
    """What one day on this calendar is worth in microseconds, where ``days: elapsed`` counts it."""
    if calendar.day is not None:
        return calendar.day.micros + calendar.day.days * DAY
    if calendar.always:
        return DAY
    lengths = {_wall_length(windows) for windows in calendar.hours.values() if windows}
    return max(lengths, default=DAY)


def _wall_length(windows: tuple[Window, ...]) -> int:
    opens = np.array([window.opens for window in windows], np.int64)
    closes = np.array([window.closes for window in windows], np.int64)
    merged = _merged(opens, closes)
    return int((merged[1] - merged[0]).sum())


def _windows(calendar: Calendar, numbers: Instants, closed: dict[dt.date, str], zone: Offsets) -> Days:
    """All windows that start on the days ``numbers``: weekly ones less closed days, then the exceptions."""
    excepted = {day_number(date): windows for date, windows in calendar.exceptions.items()}
    weekday = (numbers + 3) % 7
    regular = ~np.isin(numbers, np.array(list(excepted), np.int64))
    pieces = [
        _pieces(numbers[regular & (weekday == day)], window, zone)
        for day, windows in calendar.hours.items()
        for window in windows
    ]
    weekly = _without(_stacked(pieces), np.array([day_number(date) for date in closed], np.int64), zone)
    inside = [number for number in excepted if numbers[0] <= number <= numbers[-1]]
    special = [_pieces(np.array([number], np.int64), window, zone) for number in inside for window in excepted[number]]
    day, opens, closes = _stacked([weekly, *special])
    order = np.lexsort((opens, day))
    day, opens, closes = day[order], opens[order], closes[order]
    starting = _first_of_runs(day)
    last_close = np.maximum.reduceat(closes, starting) if len(day) else closes
    return Days(day, opens, closes, day[starting], last_close)


def _pieces(numbers: Instants, window: Window, zone: Offsets) -> tuple[Instants, Instants, Instants]:
    """The window on each day as instants. A window that a DST gap swallows is left out."""
    opens = zone.first_instant(numbers * DAY + window.opens)
    end = numbers * DAY + window.closes
    closes = zone.first_instant(end) if window.closes % DAY == 0 else zone.last_instant(end)
    kept = closes > opens
    return numbers[kept], opens[kept], closes[kept]


def _without(
    pieces: tuple[Instants, Instants, Instants], closed: Instants, zone: Offsets
) -> tuple[Instants, Instants, Instants]:
    """The pieces less the civil days ``closed``. A window touches at most its own day and the next two."""
    day, opens, closes = pieces
    for shift in range(3):
        hit = np.isin(day + shift, closed)
        begin = zone.first_instant((day[hit] + shift) * DAY)
        end = zone.first_instant((day[hit] + shift + 1) * DAY)
        before = (day[hit], opens[hit], np.minimum(closes[hit], begin))
        after = (day[hit], np.maximum(opens[hit], end), closes[hit])
        day, opens, closes = _stacked([(day[~hit], opens[~hit], closes[~hit]), before, after])
        kept = closes > opens
        day, opens, closes = day[kept], opens[kept], closes[kept]
    return day, opens, closes


def _stacked(pieces: list[tuple[Instants, Instants, Instants]]) -> tuple[Instants, Instants, Instants]:
    nothing = np.empty(0, np.int64)
    day, opens, closes = (np.concatenate(columns) for columns in zip((nothing, nothing, nothing), *pieces, strict=True))
    return day, opens, closes


def _merged(opens: Instants, closes: Instants) -> tuple[Instants, Instants]:
    """The union of intervals, sorted; those that touch or overlap are one."""
    if not len(opens):
        return opens, closes
    order = np.argsort(opens, kind="stable")
    opens, reach = opens[order], np.maximum.accumulate(closes[order])
    starting = np.concatenate([[True], opens[1:] > reach[:-1]])
    last = np.append(np.flatnonzero(starting)[1:] - 1, len(opens) - 1)
    return opens[starting], reach[last]


def _first_of_runs(values: Instants) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])) if len(values) else np.empty(0, np.intp)
