"""The small texts inside an example: instants by the wall clock, lengths of time, and what happened, a line each.

Each reader takes the text as it stands in the file and returns a frozen value, or raises ``ValueError``: what is wrong,
then ``; expected`` and what would be right.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from slaaudit.located import UnknownWordError
from slaaudit.policy.grammar import HOUR, MINUTE, SECOND

NOTHING = "none"
SIDES = ("customer", "vendor", "system")
STATES = ("new", "open", "waiting", "hold", "resolved", "closed", "cancelled")
_WHATS = ("reply", "note", "assigned", "workaround", "status", "severity", *STATES, "reopened")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_YEARS = range(1971, 2200)
_MOST_DIGITS = 15
_PERIOD = re.compile(r"(?:19[7-9]\d|2[01]\d\d)(?:-(?:0[1-9]|1[0-2]|Q[1-4]))?", re.ASCII)
_FEE = re.compile(r"\d{1,12}(?:\.\d{1,6})?(?:\s*[A-Z]{3})?", re.ASCII)
_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?"
_ZONE = r"(?:\s*(?P<offset>Z|[+-]\d\d:\d\d)|\s+(?P<zone>UTC|[A-Z][\w+-]*(?:/[\w+-]+)+))?"
_WHEN = re.compile(rf"(?P<day>{_DAY})[ T]+(?P<clock>{_CLOCK}){_ZONE}", re.ASCII)
_LATER = re.compile(rf"(?:(?P<day>{_DAY})[ T]+)?(?P<clock>{_CLOCK}){_ZONE}", re.ASCII)
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*([a-z]+)\s*", re.ASCII)
_UNITS = {"h": HOUR, "m": MINUTE, "s": SECOND}
_AN_INSTANT = "a date and a time, like 2026-03-09 08:45, 2026-03-09 08:45:30 or 2026-03-09 08:45 Europe/Paris"
_A_SPAN = "hours, minutes and seconds, like 1h 15m or 45s"
_A_HAPPENING = "a time and what happened, like 2026-03-09 08:45 vendor reply, or 2026-03-09 12:00 waiting"
_AN_OUTAGE = "2026-04-10 00:00 to 2026-04-10 07:12, 2026-04-10 00:00 to 07:12, or 2026-04-10 00:00 for 7h 12m"


@dataclass(frozen=True)
class When:
    """A moment as an example writes it: by the wall clock of ``zone``, or of the example's zone where that is empty.

    ``offset`` is minutes ahead of UTC where the text states it; it may be 0.
    """

    text: str
    wall: dt.datetime
    zone: str = ""
    offset: int | None = None

    def instant(self, zone: str) -> int:
        """Microseconds UTC; ``zone`` is the example's. Of a local time that comes twice, the first."""
        if self.offset is not None:
            return (self.wall.replace(tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND - self.offset * MINUTE
        return (self.wall.replace(tzinfo=ZoneInfo(self.zone or zone)) - _EPOCH) // _MICROSECOND

    def oddity(self, zone: str) -> str:
        """Whether a change of the clocks skips or repeats the local time: the word for it, or nothing."""
        if self.offset is not None:
            return ""
        named = ZoneInfo(self.zone or zone)
        first, second = (self.wall.replace(tzinfo=named, fold=fold).utcoffset() for fold in (0, 1))
        if first == second:
            return ""
        return "repeats" if (first or dt.timedelta()) > (second or dt.timedelta()) else "skips"


def when(text: str) -> When:
    """The moment that ``text`` states.

    >>> when("2000-01-01 01:00:30 +01:00").instant("UTC") == when("2000-01-01 00:00:30Z").instant("UTC")
    True
    """
    found = _WHEN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no moment; expected {_AN_INSTANT}")
    return _moment(text.strip(), found, found["day"])


def _moment(text: str, found: re.Match[str], day: str) -> When:
    try:
        wall = dt.datetime.fromisoformat(f"{day}T{found['clock']}")
    except ValueError:
        raise ValueError(f"{text!r} is no moment; expected {_AN_INSTANT}") from None
    if wall.year not in _YEARS:
        raise ValueError(f"{text!r} is beyond all tickets; expected a year from {_YEARS[0]} to {_YEARS[-1]}")
    offset = found["offset"]
    if offset == "Z":
        return When(text, wall, offset=0)
    if offset:
        minutes = int(offset[1:3]) * 60 + int(offset[4:6])
        return When(text, wall, offset=-minutes if offset[0] == "-" else minutes)
    zone = found["zone"] or ""
    if zone and not is_zone(zone):
        raise ValueError(f"{zone!r} is not a time zone; expected a name like Europe/Paris, or an offset like +01:00")
    return When(text, wall, zone)


def is_zone(name: str) -> bool:
    """Whether the database of time zones knows the name."""
    try:
        return ZoneInfo(name) is not None
    except (KeyError, ValueError, OSError):
        return False


def span(text: str) -> int:
    """The microseconds of a length in hours, minutes and seconds.

    >>> span("1h 15m") // MINUTE, span("0s")
    (75, 0)
    """
    stated = text.strip()
    parts = _PART.findall(stated)
    if not parts or _PART.sub("", stated):
        raise ValueError(f"{text!r} is not a length; expected {_A_SPAN}")
    if any(unit in {"d", "day", "days", "w", "mo"} for _, unit in parts):
        raise ValueError(f"{text!r} counts days, which differ from calendar to calendar; expected {_A_SPAN}")
    units = [unit for _, unit in parts]
    if set(units) - _UNITS.keys() or len(set(units)) < len(units):
        raise ValueError(f"{text!r} is not a length; expected {_A_SPAN}")
    return sum(round(float(count) * _UNITS[unit]) for count, unit in parts)


def number(text: str) -> int:
    """A whole number, 0 among them.

    >>> number("1200")
    1200
    """
    stated = text.strip().replace("_", "")
    if not (stated.isascii() and stated.isdecimal() and len(stated) <= _MOST_DIGITS):
        raise ValueError(f"{text!r} is not a whole number; expected one like 1200000")
    return int(stated)


def period(text: str) -> str:
    """A year, a quarter or a month by its name.

    >>> period("2026-04"), period("2026-Q2"), period("2026")
    ('2026-04', '2026-Q2', '2026')
    """
    if not _PERIOD.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is no period; expected one like 2026-04, 2026-Q2 or 2026")
    return text.strip()


def fee(text: str) -> str:
    """A month's fee.

    >>> fee("1200 EUR")
    '1200 EUR'
    """
    if not _FEE.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is no fee; expected a month's, like 1200 EUR")
    return text.strip()


@dataclass(frozen=True)
class Happened:
    """One thing that happened to a ticket; ``event`` and ``value`` are words of a log of events."""

    when: When
    actor: str
    event: str
    value: str = ""


def happened(text: str) -> Happened:
    """What a line such as ``2026-03-09 08:45 vendor reply`` tells.

    >>> told = happened("2026-03-09 08:45 vendor reply")
    >>> told.actor, told.event
    ('vendor', 'reply')
    >>> told = happened("2026-03-09 12:00 waiting")
    >>> told.actor, told.event, told.value
    ('vendor', 'status', 'waiting')
    """
    found = _WHEN.match(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no event; expected {_A_HAPPENING}")
    at = _moment(found[0].strip(), found, found["day"])
    words = text.strip()[found.end() :].split()
    side, hyphen, rest = words[0].partition("-") if words else ("", "", "")
    if side.casefold() in SIDES:
        words[:1] = [rest] if hyphen else []
    side = side.casefold() if side.casefold() in SIDES else ""
    if not words:
        raise ValueError(f"{text!r} does not say what happened; expected {_A_HAPPENING}")
    what, value = words[0].casefold(), " ".join(words[1:])
    if what not in _WHATS:
        raise UnknownWordError(f"{words[0]!r} is nothing that happens to a ticket", what, (*_WHATS, *SIDES))
    return _told(text, at, side, what, value)


def _told(text: str, at: When, side: str, what: str, value: str) -> Happened:
    if what in (*STATES, "reopened"):
        if value:
            raise ValueError(f"{text!r} goes on after {what!r}; expected nothing there")
        by = "customer" if what == "reopened" else "vendor"
        return Happened(at, side or by, "status", "open" if what == "reopened" else what)
    if what == "reply" and not side:
        raise ValueError(f"{text!r} does not say who replied; expected vendor reply or customer reply")
    if what == "status" and value.casefold() not in STATES:
        raise UnknownWordError(f"{value!r} is no status here", value, STATES)
    if what == "severity" and not value:
        raise ValueError(f"{text!r} does not say which severity; expected one, like severity S1")
    if what in ("reply", "note", "assigned", "workaround") and value:
        raise ValueError(f"{text!r} goes on after {what!r}; expected nothing there")
    return Happened(at, side or "vendor", what, value.casefold() if what == "status" else value)


@dataclass(frozen=True)
class Stretch:
    """A stretch of a service's time. It has an end (``until``) or a length (``lasts``); with neither it is open."""

    since: When
    until: When | None = None
    lasts: int | None = None


def stretch(text: str) -> Stretch:
    """The stretch that ``text`` states: ``FROM to UNTIL``, ``FROM for LENGTH``, or ``FROM`` alone, still open.

    >>> stretch("2026-04-10 00:00 to 07:12").until.text
    '07:12'
    """
    found = _WHEN.match(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no outage; expected {_AN_OUTAGE}")
    since = _moment(found[0].strip(), found, found["day"])
    rest = text.strip()[found.end() :].strip()
    if not rest:
        return Stretch(since)
    joint, _, last = rest.partition(" ")
    if joint == "for":
        return Stretch(since, lasts=span(last))
    later = _LATER.fullmatch(last.strip()) if joint == "to" else None
    if not later:
        raise ValueError(f"{text!r} is no outage; expected {_AN_OUTAGE}")
    until = _moment(last.strip(), later, later["day"] or found["day"])
    inherited = until.zone or until.offset is not None
    if not inherited:
        until = When(until.text, until.wall, since.zone, since.offset)
    return Stretch(since, until)
