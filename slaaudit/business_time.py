"""A calendar compiled to arrays, so that elapsed and due are two look-ups.

``banked(t)`` is the open time up to ``t``. It never falls; an elapsed time is the difference of two of its values
and a due instant is its inverse. Zones, DST and closed days end in ``compile_calendar``: all else is int64
microseconds UTC.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from dateutil.relativedelta import relativedelta

from slaaudit.policy.grammar import DAY, Amount
from slaaudit.policy.holidays import closed_days
from slaaudit.sorted_keys import SortedKeys, sorted_keys
from slaaudit.zones import Offsets, offsets

if TYPE_CHECKING:
    from slaaudit.policy.model import Calendar, DaysRule, Window

Instants = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MISSING = int(np.iinfo(np.int64).min)
_LONG_AGO = -(2**62)
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_FURTHEST = 60 * 366 * DAY  # how far past the data a due instant is looked for


@dataclass(frozen=True)
class Days:
    """The open days of a calendar, for targets counted in days. Day numbers count from 1970-01-01.

    ``day``, ``opens`` and ``closes`` are the windows, each under the day on which it starts (not merged);
    ``open_days`` are the days with such a window, ``last_close`` the last closing of each.
    """

    day: Instants
    opens: Instants
    closes: Instants
    open_days: Instants
    last_close: Instants


@dataclass(frozen=True)
class CompiledCalendar:
    """Open intervals ``[opens, closes)`` of a calendar, sorted and apart, and ``base``, the time banked before each.

    The first interval is an empty one long ago, so that every instant has an interval at or before it. Valid for
    instants between those it was compiled for, and for dues as far ahead as the room it was given.
    """

    opens: Instants
    closes: Instants
    base: Instants
    always: bool
    zone: ZoneInfo
    offsets: Offsets
    days: Days
    day_length: int
    closed_days: dict[dt.date, str] = field(default_factory=dict)

    def banked(self, instants: Instants) -> Instants:
        """Open time up to each instant; only differences of it mean anything."""
        if self.always:
            return instants
        at = self._interval(instants)
        within = np.minimum(instants, self.closes.take(at))
        within += self._behind.take(at)
        return within

    def elapsed(self, since: Instants, until: Instants) -> Instants:
        """Open time inside ``[since, until)``; a ``ValueError`` where ``until`` is the earlier."""
        if np.any(until < since):
            raise ValueError("elapsed time would be negative: until lies before since")
        return self.banked(until) - self.banked(since)

    def due(self, since: Instants, amount: Instants) -> Instants:
        """The first instant at which ``amount`` of open time has passed since ``since``; MISSING if none does."""
        if self.always:
            return since + amount
        reached = self.banked(since) + amount
        at = 1 + self._ends.count(reached - 1)  # the first interval by whose end so much is banked
        instants = self._ahead.take(at) + reached
        instants[at == len(self.opens)] = MISSING
        return np.where(amount == 0, since, instants)

    def is_open(self, instants: Instants) -> Mask:
        """Whether the calendar is open at each instant."""
        if self.always:
            return np.ones(len(instants), np.bool_)
        return instants < self.closes[self._interval(instants)]

    def next_opening(self, instants: Instants) -> Instants:
        """Each instant itself where open, else the next opening; MISSING if there is none."""
        if self.always:
            return instants
        following = self._interval(instants) + 1
        found = np.minimum(following, len(self.opens) - 1)
        opening = np.where(following < len(self.opens), self.opens[found], MISSING)
        return np.where(self.is_open(instants), instants, opening)

    def open_amount(self, starts: Instants, amount: Amount, rule: DaysRule) -> Instants:
        """The open time that ``amount`` is worth for a clock that starts at each of ``starts``; MISSING if unknown.

        Days count by ``rule``; weeks are seven civil days and months calendar months by the calendar's wall
        clock, both turned into the open time inside them.
        """
        total = np.full(len(starts), amount.micros, np.int64)
        if amount.weeks or amount.months:
            local = self.offsets.local(starts)
            until = self.offsets.first_instant(_months_later(local, amount.months) + amount.weeks * 7 * DAY)
            total += self.elapsed(starts, until)
        if amount.days and rule == "elapsed":
            total += amount.days * self.day_length
        elif amount.days:
            total = _plus(total, self._days(starts, amount.days, rule))
        return total

    def _days(self, starts: Instants, count: int, rule: DaysRule) -> Instants:
        """Open time from each start to the same time, or the close, of the ``count``-th open day after its own."""
        arrival = self.next_opening(starts)
        known = arrival != MISSING
        arrival = np.where(known, arrival, starts)
        own = self._own_day(arrival)
        if self.always:
            day = own + count
            reached, last_close = known, (day + 1) * DAY
        else:
            rank = np.searchsorted(self.days.open_days, own, side="right") + count - 1
            reached = known & (rank < len(self.days.open_days))
            rank = np.minimum(rank, len(self.days.open_days) - 1)
            day, last_close = self.days.open_days[rank], self.days.last_close[rank]
        until = last_close
        if rule == "same-time":
            until = self.offsets.first_instant(self.offsets.local(arrival) + (day - own) * DAY)
        safe = np.where(reached, np.maximum(until, starts), starts)  # a close that has passed leaves nothing
        return np.where(reached, self.elapsed(starts, safe), MISSING)

    def _own_day(self, instants: Instants) -> Instants:
        """The day of the window that each (open) instant lies in: after midnight in a night window, the day before."""
        civil = self.offsets.local(instants) // DAY
        if self.always:
            return civil
        first = np.searchsorted(self.days.day, civil, side="left")
        last = np.searchsorted(self.days.day, civil, side="right")
        inside = np.zeros(len(instants), np.bool_)
        for step in range(int((last - first).max(initial=0))):
            at = np.minimum(first + step, last - 1)
            held = (self.days.opens[at] <= instants) & (instants < self.days.closes[at])
            inside |= (first + step < last) & held
        return np.where(inside, civil, civil - 1)

    def _interval(self, instants: Instants) -> npt.NDArray[np.intp]:
        """The last interval that has opened by each instant; the empty one long ago where none has."""
        return self._openings.count(instants)

    @cached_property
    def _openings(self) -> SortedKeys:
        return sorted_keys(self.opens[1:])

    @cached_property
    def _ends(self) -> SortedKeys:
        """The time banked by the end of each interval but the empty one."""
        return sorted_keys((self.base + self.closes - self.opens)[1:])

    @cached_property
    def _behind(self) -> Instants:
        """What to add to an instant inside each interval to have the time banked by it."""
        return self.base - self.opens

    @cached_property
    def _ahead(self) -> Instants:
        """What to add to a banked time to have its instant in each interval; one more for times never reached."""
        return np.append(self.opens - self.base, 0)


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
    closed = closed_days(calendar, range(_date(numbers[0]).year, _date(numbers[-1]).year + 1))
    days = _windows(calendar, numbers, closed, zone_offsets)
    opens, closes = _merged(days.opens, days.closes)
    base = np.concatenate([[0], np.cumsum(closes - opens)[:-1]]) if len(opens) else nothing
    return CompiledCalendar(
        np.concatenate([[_LONG_AGO], opens]),
        np.concatenate([[_LONG_AGO], closes]),
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
    excepted = {_number(date): windows for date, windows in calendar.exceptions.items()}
    weekday = (numbers + 3) % 7
    regular = ~np.isin(numbers, np.array(list(excepted), np.int64))
    pieces = [
        _pieces(numbers[regular & (weekday == day)], window, zone)
        for day, windows in calendar.hours.items()
        for window in windows
    ]
    weekly = _without(_stacked(pieces), np.array([_number(date) for date in closed], np.int64), zone)
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


def _months_later(local: Instants, months: int) -> Instants:
    """The same wall clock ``months`` later, on the month's last day where the day does not exist."""
    if not months:
        return local
    days, which = np.unique(local // DAY, return_inverse=True)
    later = np.array([_number(_date(day) + relativedelta(months=months)) for day in days], np.int64)
    return local + (later[which] - local // DAY) * DAY


def _plus(total: Instants, more: Instants) -> Instants:
    return np.where(more == MISSING, MISSING, total + more)


def _date(number: np.int64) -> dt.date:
    return dt.date.fromordinal(int(number) + _EPOCH_ORDINAL)


def _number(date: dt.date) -> int:
    return date.toordinal() - _EPOCH_ORDINAL
