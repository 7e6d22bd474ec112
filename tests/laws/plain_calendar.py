"""A calendar by hand: lists of open intervals, laid out day by day, clipped and summed.

Nothing here shares a line or a method with ``slaaudit.business_time``: no table of banked time, no search.
Instants are integers: microseconds since 1970-01-01 UTC.

Corners that the reference leaves open, and what is done here:

- the end of "same local time n open days later", or of weeks and months, that falls into a DST overlap: the
  second occurrence, as for a closing; into a gap: the first instant after it;
- an instant that lies in the windows of two days (a night's tail and the morning's window): the own day is the
  later one; a day that closes while the night before it still runs is over at once (its end is the arrival);
- an open day is one whose own windows leave any open time, on whichever civil day that lies (a night window that
  starts on a closed day keeps its part after midnight, and with it its day).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from slaaudit.policy.grammar import Amount
    from slaaudit.policy.model import Calendar

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
US = dt.timedelta(microseconds=1)
ONE_DAY = dt.timedelta(days=1)
DAY = 24 * 3600 * 1_000_000
FAR = 4000  # days after which a walk gives up

Interval = tuple[int, int]


def micros(moment: dt.datetime) -> int:
    return (moment - EPOCH) // US


def moment(instant: int) -> dt.datetime:
    return EPOCH + instant * US


def instant(text: str, zone: str = "UTC") -> int:
    """The instant of a local time, for tests that are worked by hand."""
    return micros(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def occurrence(local: dt.datetime, zone: ZoneInfo, *, second: bool) -> int:
    """The instant at which clocks in ``zone`` show ``local``; after a gap that skips it, the gap's end."""
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == local:
        return micros(late if second else early)
    # A gap: fold=1 reads with the offset after it (so: too early), fold=0 with the one before it.
    low, high = micros(min(early, late)), micros(max(early, late))
    after = moment(high).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if moment(middle).astimezone(zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high


def first_instant(day: dt.date, zone: ZoneInfo) -> int:
    return occurrence(dt.datetime.combine(day, dt.time()), zone, second=False)


def without(pieces: list[Interval], hole: Interval) -> list[Interval]:
    left: list[Interval] = []
    for begin, end in pieces:
        left += [(begin, min(end, hole[0])), (max(begin, hole[1]), end)]
    return [(begin, end) for begin, end in left if begin < end]


def merged(pieces: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for begin, end in sorted(pieces):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def length(pieces: list[Interval]) -> int:
    return sum(end - begin for begin, end in pieces)


class PlainCalendar:
    """Open hours as lists of intervals."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.zone = ZoneInfo("UTC" if calendar.always else calendar.timezone)
        self._pieces: dict[dt.date, list[Interval]] = {}
        self._closed: dict[int, set[dt.date]] = {}

    def local_day(self, at: int) -> dt.date:
        return moment(at).astimezone(self.zone).date()

    def is_closed_day(self, day: dt.date) -> bool:
        if day.year not in self._closed:
            days = {date for date in self.calendar.closed.dates if date.year == day.year}
            for code in self.calendar.closed.holidays:
                import holidays  # noqa: PLC0415  (slow to import, and few calendars need it)

                country, _, part = code.partition("-")
                days |= set(holidays.country_holidays(country, subdiv=part or None, years=day.year))
            self._closed[day.year] = days
        return day in self._closed[day.year]

    def wall(self, day: dt.date, offset: int, *, closing: bool) -> int:
        """The instant of a wall-clock time, ``offset`` microseconds after midnight, on ``day`` or past its end."""
        days, rest = divmod(offset, DAY)
        date = day + days * ONE_DAY
        if closing and rest == 0:
            return first_instant(date, self.zone)
        return occurrence(dt.datetime.combine(date, dt.time()) + rest * US, self.zone, second=closing)

    def laid_out(self, day: dt.date, opens: int, closes: int) -> list[Interval]:
        begin, end = self.wall(day, opens, closing=False), self.wall(day, closes, closing=True)
        return [(begin, end)] if begin < end else []

    def pieces(self, day: dt.date) -> list[Interval]:
        """The open time of the windows that start on ``day``."""
        if day not in self._pieces:
            self._pieces[day] = self._pieces_of(day)
        return self._pieces[day]

    def _pieces_of(self, day: dt.date) -> list[Interval]:
        if self.calendar.always:
            return [(first_instant(day, self.zone), first_instant(day + ONE_DAY, self.zone))]
        exceptional = day in self.calendar.exceptions
        windows = self.calendar.exceptions[day] if exceptional else self.calendar.hours.get(day.weekday(), ())
        pieces = [piece for window in windows for piece in self.laid_out(day, window.opens, window.closes)]
        if not exceptional:
            for date in (day, day + ONE_DAY, day + 2 * ONE_DAY):
                if self.is_closed_day(date):
                    pieces = without(pieces, (first_instant(date, self.zone), first_instant(date + ONE_DAY, self.zone)))
        return merged(pieces)

    def open_between(self, begin: int, end: int) -> list[Interval]:
        """The open intervals inside ``[begin, end)``, sorted and disjoint."""
        day, last = self.local_day(begin) - 3 * ONE_DAY, self.local_day(end) + ONE_DAY
        pieces: list[Interval] = []
        while day <= last:
            pieces += self.pieces(day)
            day += ONE_DAY
        clipped = [(max(begin, low), min(end, high)) for low, high in pieces]
        return merged([(low, high) for low, high in clipped if low < high])

    def elapsed(self, begin: int, end: int) -> int:
        if end < begin:
            raise ValueError("elapsed looks forward")
        if self.calendar.always:
            return end - begin
        return length(self.open_between(begin, end))

    def due(self, begin: int, amount: int) -> int:
        """The first instant at which the open time since ``begin`` reaches ``amount``."""
        if amount == 0:
            return begin
        if self.calendar.always:
            return begin + amount
        cursor, left = begin, amount
        while cursor < begin + FAR * DAY:
            for low, high in self.open_between(cursor, cursor + 21 * DAY):
                if high - low >= left:
                    return low + left
                left -= high - low
            cursor += 21 * DAY
        raise ValueError("the calendar hardly ever opens")

    def next_opening(self, at: int) -> int:
        """``at`` itself where the calendar is open, else the instant at which it opens next."""
        if self.calendar.always:
            return at
        for step in range(0, FAR, 21):
            found = self.open_between(at + step * DAY, at + (step + 21) * DAY)
            if found:
                return found[0][0]
        raise ValueError("the calendar never opens")

    def is_open(self, at: int) -> bool:
        return bool(self.open_between(at, at + 1))

    # Targets in days, weeks and months

    def day_length(self) -> int:
        """What one day is worth where days count as elapsed time."""
        if self.calendar.day is not None:
            return self.calendar.day.micros
        if self.calendar.always:
            return DAY
        lengths = {
            length(merged([(window.opens, window.closes) for window in windows]))
            for windows in self.calendar.hours.values()
            if windows
        }
        if len(lengths) != 1:
            raise ValueError("the calendar's days are not of one length")
        return lengths.pop()

    def open_time(self, amount: Amount, rule: str, start: int) -> int:
        """The open time that a target is worth for a clock that starts at ``start``."""
        total = amount.micros
        if amount.months or amount.weeks:
            total += self.elapsed(start, self.civil_end(start, amount.months, amount.weeks))
        if amount.days:
            total += {
                "elapsed": lambda: amount.days * self.day_length(),
                "same-time": lambda: self._same_time(start, amount.days),
                "end-of-day": lambda: self._end_of_day(start, amount.days),
            }[rule]()
        return total

    def civil_end(self, start: int, months: int, weeks: int) -> int:
        local = moment(start).astimezone(self.zone).replace(tzinfo=None, fold=0)
        count = local.month - 1 + months
        year, month = local.year + count // 12, count % 12 + 1
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        last = (following - ONE_DAY).day
        moved = local.replace(year=year, month=month, day=min(local.day, last)) + weeks * 7 * ONE_DAY
        return occurrence(moved, self.zone, second=True)

    def own_day(self, at: int) -> dt.date:
        """The day on which the window started that is open at ``at``."""
        today = self.local_day(at)
        for day in (today, today - ONE_DAY, today - 2 * ONE_DAY):
            if any(low <= at < high for low, high in self.pieces(day)):
                return day
        raise ValueError("closed")

    def nth_open_day_after(self, day: dt.date, count: int) -> dt.date:
        while count:
            day += ONE_DAY
            count -= bool(self.pieces(day))
        return day

    def _same_time(self, start: int, days: int) -> int:
        arrival = self.next_opening(start)
        own = self.own_day(arrival)
        local = moment(arrival).astimezone(self.zone).replace(tzinfo=None, fold=0)
        target = dt.datetime.combine(self.nth_open_day_after(own, days), dt.time()) + (
            local - dt.datetime.combine(own, dt.time())
        )
        return self.elapsed(arrival, max(arrival, occurrence(target, self.zone, second=True)))

    def _end_of_day(self, start: int, days: int) -> int:
        arrival = self.next_opening(start)
        day = self.nth_open_day_after(self.own_day(arrival), days)
        return self.elapsed(arrival, max(arrival, *(high for _, high in self.pieces(day))))
