"""Lengths, instants and shares in words. What is printed is cut, never rounded up, and never to nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from slaaudit.policy.grammar import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from zoneinfo import ZoneInfo

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def length(micros: int, day: int = DAY) -> str:
    """A length in its two largest units; ``day`` is what one day is worth on the clock's calendar, 0 for no days.

    >>> length(72 * MINUTE), length(45 * SECOND), length(400_000), length(0)
    ('1h 12m', '45s', '0.4s', '0s')
    >>> length(4 * HOUR + 400_000)
    '4h'
    >>> length(21 * HOUR, day=9 * HOUR)
    '2d 3h'
    """
    first, *second = _parts(micros, day)[:2]
    return " ".join([first, *(text for text in second if not text.startswith("0"))])


def exact_length(micros: int, day: int = DAY) -> str:
    """A length to the microsecond, so that the lengths of a worksheet add up in print.

    >>> exact_length(26 * HOUR + 5 * SECOND + 250_000)
    '1d 2h 0m 5.25s'
    """
    return " ".join(_parts(micros, day))


def _parts(micros: int, day: int) -> list[str]:
    days, rest = divmod(micros, day) if day else (0, micros)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    units = [(days, f"{days:,}d"), (hours, f"{hours:,}h"), (minutes, f"{minutes}m"), (rest, f"{_seconds(rest)}s")]
    while len(units) > 1 and not units[0][0]:
        del units[0]
    while len(units) > 1 and not units[-1][0]:
        del units[-1]
    return [text for _, text in units]


def _seconds(micros: int) -> str:
    whole, fraction = divmod(micros, SECOND)
    return f"{whole}.{fraction:06d}".rstrip("0") if fraction else str(whole)


def of_calendar(calendar: str) -> str:
    """What follows a length on a calendar: `` of business time``; nothing on the one that never closes.

    >>> of_calendar("business"), of_calendar("always")
    (' of business time', '')
    """
    return "" if calendar in ("", "always") else f" of {calendar} time"


def moment(micros: int) -> dt.datetime:
    """The instant as a datetime in UTC."""
    return _EPOCH + dt.timedelta(microseconds=micros)


def rfc3339(micros: int) -> str:
    """An instant as other programs read it, with as many fraction digits as it needs.

    >>> rfc3339(0), rfc3339(1_500_000)
    ('1970-01-01T00:00:00Z', '1970-01-01T00:00:01.5Z')
    """
    return _clock(moment(micros), "T", seconds=True) + "Z"


def local(micros: int, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """An instant by a zone's wall clock; seconds only where asked or where there are any.

    >>> from zoneinfo import ZoneInfo
    >>> local(0, ZoneInfo("Europe/London"))
    '1970-01-01 01:00'
    """
    return _clock(moment(micros).astimezone(zone), " ", seconds=seconds)


def to_the_minute(micros: int, zone: ZoneInfo) -> str:
    """The same, cut to the minute.

    >>> from zoneinfo import ZoneInfo
    >>> to_the_minute(59_000_000, ZoneInfo("UTC"))
    '1970-01-01 00:00'
    """
    return f"{moment(micros).astimezone(zone):%Y-%m-%d %H:%M}"


def short_local(micros: int, zone: ZoneInfo) -> str:
    """The same with the weekday instead of the year, for the rows of a worksheet.

    >>> from zoneinfo import ZoneInfo
    >>> short_local(0, ZoneInfo("UTC"))
    'Thu 01-01 00:00'
    """
    at = moment(micros).astimezone(zone)
    return f"{_WEEKDAYS[at.weekday()]} {_clock(at, ' ', seconds=False)[5:]}"


def zone_name(micros: int, zone: ZoneInfo) -> str:
    """What the zone is called at an instant: ``EDT``, ``UTC``, or its offset such as ``+08``."""
    return moment(micros).astimezone(zone).tzname() or "UTC"


def _clock(at: dt.datetime, between: str, *, seconds: bool) -> str:
    text = at.isoformat(between, "minutes")[:16]
    if seconds or at.second or at.microsecond:
        text += f":{at.second:02d}"
    return text + (f".{at.microsecond:06d}".rstrip("0") if at.microsecond else "")


def share(percent: Decimal | None) -> str:
    """A percentage with one decimal, cut towards 0: a share below its promise is never printed as kept.

    >>> from decimal import Decimal
    >>> share(Decimal("94.98")), share(Decimal(95)), share(None)
    ('94.9%', '95%', '')
    """
    if percent is None:
        return ""
    tenths = int(percent * 10)
    return f"{tenths // 10}%" if tenths % 10 == 0 and percent == tenths // 10 else f"{tenths / 10:.1f}%"


def used_text(used: int | None) -> str:
    """A share of a target, in hundredths of a percent, as whole percent, cut: 100% only where all of it is used.

    >>> used_text(9_999), used_text(10_000), used_text(None)
    ('99%', '100%', '-')
    """
    return "-" if used is None else f"{used // 100:,}%"


def percent_used(used: int | None) -> str | None:
    """The same as a decimal text for programs.

    >>> percent_used(9_950), percent_used(10_001)
    ('99.5', '100.01')
    """
    return None if used is None else f"{used // 100}.{used % 100:02d}".rstrip("0").rstrip(".")


def decimal_text(value: Decimal) -> str:
    """A decimal as text, without an exponent or trailing zeros, at most six places.

    >>> from decimal import Decimal
    >>> decimal_text(Decimal("97.5000")), decimal_text(Decimal(100))
    ('97.5', '100')
    """
    text = f"{value:.6f}"
    return text.rstrip("0").rstrip(".")


def count(number: int, noun: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "breach", "breaches"), count(1200, "row")
    ('1 breach', '1,200 rows')
    """
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def listed(words: Sequence[str], joined: str = "and") -> str:
    """Words as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:  # noqa: PLR2004  (two words need a joint)
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined} {words[-1]}"


def seconds(micros: int | None) -> int | float | None:
    """A length in seconds, an integer where it is whole.

    >>> seconds(2_000_000), seconds(1_500_000)
    (2, 1.5)
    """
    if micros is None:
        return None
    whole, rest = divmod(micros, SECOND)
    return whole if not rest else micros / SECOND
