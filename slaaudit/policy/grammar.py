"""The small texts inside a policy: durations, windows of a day, weekdays, targets, credits, times for a claim.

Each reader takes the text as it stands in the file and returns a frozen value, or raises ``ValueError``:
what is wrong, then ``; expected`` and what would be right.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: The months in a period that has a name; the whole contract has no number of them.
PERIODS = {"month": 1, "quarter": 3, "year": 12, "contract": 0}

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_UNITS = {"mo": 0, "w": 0, "d": 0, "h": HOUR, "m": MINUTE, "s": SECOND}
_PART = re.compile(r"(\d+)\s*(mo|w|d|h|m|s)", re.ASCII)
_DURATION = re.compile(r"(?:\d+\s*(?:mo|w|d|h|m|s)\s*)+", re.ASCII)
_MOST_DIGITS = 6
_A_DURATION = "whole numbers with units, like 30m, 4h, 1h30m, 2d, 1w or 1mo"
_A_WINDOW = "HH:MM-HH:MM, like 08:30-17:30"
_A_TARGET = "a duration and its calendar, like 4h on business"
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,12})?)\s*%", re.ASCII)
_WHOLE = Decimal(100)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEARS = range(1900, 2200)
_CREDIT = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(%|days?|[A-Z]{3})", re.ASCII)
FEE_DAYS = "fee-days"
_FEES = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(hour|day|week)s?\s+of\s+fees", re.ASCII)
_DAYS_OF = {"hour": Fraction(1, 24), "day": Fraction(1), "week": Fraction(7)}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_EVERY = re.compile(r"([1-9]\d{0,2})\s*(y|mo)", re.ASCII)
_CLOCK_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


@dataclass(frozen=True)
class Amount:
    """A target's length. Months, weeks and days become open time only once a clock starts; the rest is exact.

    ``micros`` are microseconds of open time; ``text`` is the amount as the policy writes it.
    """

    text: str
    months: int = 0
    weeks: int = 0
    days: int = 0
    micros: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether the amount is the same whenever the clock starts."""
        return not (self.months or self.weeks or self.days)


def amount(text: str) -> Amount:
    """The duration that ``text`` states, such as ``4h``, ``1h30m``, ``2d``, ``1w``, ``1mo``.

    >>> amount("1h30m").micros // MINUTE
    90
    >>> amount("2d").days
    2
    """
    stated = text.strip()
    if not _DURATION.fullmatch(stated):
        raise ValueError(f"{text!r} is not a duration; expected {_A_DURATION}")
    found: dict[str, int] = {}
    for count, unit in _PART.findall(stated):
        if unit in found:
            raise ValueError(f"{text!r} states the unit {unit!r} twice; expected each unit once")
        if len(count) > _MOST_DIGITS:
            raise ValueError(f"{text!r} is too long; expected at most {_MOST_DIGITS} digits a unit")
        found[unit] = int(count)
    exact = sum(count * _UNITS[unit] for unit, count in found.items())
    return Amount(stated, found.get("mo", 0), found.get("w", 0), found.get("d", 0), exact)


@dataclass(frozen=True)
class Window:
    """Open hours of one day, in microseconds after local midnight by the wall clock.

    ``closes`` is at most 48 h: a window that runs over midnight closes after 24 h. 24 h itself is the next
    day's first instant.
    """

    opens: int
    closes: int


def window(text: str) -> Window:
    """The window that ``text`` states, such as ``08:30-17:30``, ``22:00-06:00`` or ``00:00-24:00``.

    >>> window("22:00-06:00").closes // HOUR
    30
    """
    first, dash, last = text.strip().partition("-")
    if not dash:
        raise ValueError(f"{text!r} is not a window of hours; expected {_A_WINDOW}")
    opens, closes = _clock_time(first, text), _clock_time(last, text)
    if opens == DAY:
        raise ValueError(f"{text!r} opens at 24:00; expected 00:00 on the next day")
    return Window(opens, closes if closes > opens else closes + DAY)


def _clock_time(text: str, whole: str) -> int:
    found = _CLOCK_TIME.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{whole!r} is not a window of hours; expected {_A_WINDOW}")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    instant = hours * HOUR + minutes * MINUTE + seconds * SECOND
    if instant > DAY:
        raise ValueError(f"{whole!r} names a time after 24:00; expected {_A_WINDOW}")
    return instant


def weekdays(text: str) -> tuple[int, ...]:
    """The weekdays (Monday is 0) that ``text`` names: ``mon``, ``mon-thu``, ``sat-mon``, ``mon, wed``.

    >>> weekdays("fri-mon")
    (4, 5, 6, 0)
    """
    days: list[int] = []
    for part in text.lower().split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            raise ValueError(f"{text!r} names no weekday; expected {', '.join(WEEKDAYS)}, or a range like mon-fri")
        begin = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - begin) % 7 + 1 if dash else 1
        days += [(begin + step) % 7 for step in range(length)]
    return tuple(days)


def target(text: str) -> tuple[str, str]:
    """The amount and the calendar's name in ``4h on business``.

    >>> target("4h on business")
    ('4h', 'business')
    """
    within, on, calendar = (piece.strip() for piece in text.partition(" on "))
    if not on or not within or not calendar:
        raise ValueError(f"{text!r} is not a target; expected {_A_TARGET}")
    return within, calendar


def percent(text: str) -> Decimal:
    """The percentage that ``text`` states, exactly as it is written.

    >>> percent("99.95%")
    Decimal('99.95')
    """
    found = _PERCENT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a percentage; expected one like 95% or 99.9%")
    value = Decimal(found[1])
    if value > _WHOLE:
        raise ValueError(f"{text!r} is more than 100%; expected a percentage like 95% or 99.9%")
    return value


def date(text: str) -> dt.date:
    """The date that ``text`` states.

    >>> date("2026-01-31")
    datetime.date(2026, 1, 31)
    """
    try:
        found = dt.date.fromisoformat(text.strip()) if _DATE.fullmatch(text.strip()) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"{text!r} is not a date; expected one like 2026-01-31")
    if found.year not in _YEARS:
        raise ValueError(f"{text!r} is beyond all tickets; expected a year from {_YEARS[0]} to {_YEARS[-1]}, or null")
    return found


@dataclass(frozen=True)
class Credit:
    """What a tier earns.

    ``unit`` is ``days`` (that the term is extended by), ``percent`` (of a period's fee), ``fee-days`` (the fee for so
    many days) or a currency's code.
    """

    text: str
    amount: Decimal | Fraction
    unit: str


def credit(text: str) -> Credit:
    """The credit that ``text`` states: ``3 days``, ``10%``, ``50 EUR`` or ``8 hours of fees``.

    >>> credit("3 days").unit, credit("10%").unit, credit("50 EUR").unit
    ('days', 'percent', 'EUR')
    >>> credit("8 hours of fees").amount, credit("1 week of fees").amount
    (Fraction(1, 3), Fraction(7, 1))
    """
    stated = text.strip()
    if fees := _FEES.fullmatch(stated):
        return Credit(stated, Fraction(fees[1]) * _DAYS_OF[fees[2]], FEE_DAYS)
    found = _CREDIT.fullmatch(stated)
    if not found:
        raise ValueError(f"{text!r} is not a credit; expected one like 3 days, 10%, 50 EUR or 2 days of fees")
    unit = found[2]
    unit = "percent" if unit == "%" else "days" if unit.startswith("day") else unit
    return Credit(stated, Decimal(found[1]), unit)


def every(text: str) -> int:
    """The months of a period: ``month``, ``quarter``, ``year``, or a length like ``1y`` or ``6mo``.

    >>> every("quarter"), every("1y"), every("6mo")
    (3, 12, 6)
    """
    found = _EVERY.fullmatch(text.strip())
    named = PERIODS.get(text.strip())
    if named is None and not found:
        raise ValueError(f"{text!r} is not a length of months or years; expected one like 1y, 6mo or 1mo")
    return int(found[1]) * (12 if found[2] == "y" else 1) if found else named or 0


def length(text: str) -> int:
    """The microseconds of a length that is the same at any time; a day is 24 hours.

    >>> length("30d") // DAY
    30
    """
    stated = amount(text)
    if stated.months:
        raise ValueError(f"{text!r} has no fixed length; expected one like 5m, 4h or 30d")
    return stated.micros + (stated.days + 7 * stated.weeks) * DAY


def slug(text: str) -> str:
    """An id: small letters, digits and single hyphens.

    >>> slug("acme-2026")
    'acme-2026'
    """
    if not _SLUG.fullmatch(text):
        raise ValueError(f"{text!r} is not an id; expected small letters, digits and hyphens, like acme-support")
    return text
