"""A calendar as arrays, so that elapsed and due are two look-ups.

``banked(t)`` is the open time up to ``t``. It never falls; an elapsed time is the difference of two of its values
and a due instant is its inverse. Zones, DST and closed days end in ``compiling``, which makes the arrays: all else
is int64 microseconds UTC.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from dateutil.relativedelta import relativedelta

from slaaudit.policy.grammar import DAY, Amount
from slaaudit.sorted_keys import SortedKeys, sorted_keys

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from slaaudit.policy.model import DaysRule
    from slaaudit.zones import Offsets

Instants = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MISSING = int(np.iinfo(np.int64).min)
LONG_AGO = -(2**62)
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


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


def _months_later(local: Instants, months: int) -> Instants:
    """The same wall clock ``months`` later, on the month's last day where the day does not exist."""
    if not months:
        return local
    days, which = np.unique(local // DAY, return_inverse=True)
    later = np.array([day_number(day_date(day) + relativedelta(months=months)) for day in days], np.int64)
    return local + (later[which] - local // DAY) * DAY


def _plus(total: Instants, more: Instants) -> Instants:
    return np.where(more == MISSING, MISSING, total + more)


def day_date(number: np.int64) -> dt.date:
    """The date of a day number."""
    return dt.date.fromordinal(int(number) + _EPOCH_ORDINAL)


def day_number(date: dt.date) -> int:
    """Days from 1970-01-01 to the date."""
    return date.toordinal() - _EPOCH_ORDINAL
