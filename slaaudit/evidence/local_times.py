"""Local times of an export to instants, and the names of zones as people type them.

A time that a DST change skips is read as the first instant after the gap, a repeated one as the first of the
two. Both are flagged, never dropped.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from slaaudit.errors import UsageError
from slaaudit.zones import offsets

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Instants, Mask

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?")
_FURTHEST = 18  # hours from UTC
_ABBREVIATIONS = {"EST": "America/New_York", "MST": "America/Denver", "HST": "Pacific/Honolulu"}


class Placed(NamedTuple):
    """Instants, and which of them were read from a local time that a DST change skips or repeats."""

    at: Instants
    doubtful: Mask


def zone_named(name: str, said: str = "") -> tzinfo:
    """The zone of an IANA name, or of a fixed offset like ``+02:00``.

    UsageError with the nearest names, beginning with ``said``.
    """
    text = name.strip()
    offset = _OFFSET.fullmatch(text)
    if offset and int(offset[2]) <= _FURTHEST:
        length = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(length if offset[1] == "+" else -length)
    try:
        return ZoneInfo("UTC" if text.upper() in {"UTC", "Z"} else text)
    except (KeyError, ValueError, OSError):  # unknown, outside the database, or a folder of it
        raise UsageError(f"{said}{name!r} is not a time zone.{_nearest_zones(text)}") from None


def fixed_offset(name: str) -> timedelta:
    """How far ahead of UTC a zone of one offset is. UsageError for a zone with daylight saving, which has two."""
    zone = zone_named(name)
    summer, winter = (datetime(2026, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7))
    if summer != winter:
        raise UsageError(f"{name!r} has two offsets; an abbreviation stands for one of them, like -07:00.")
    return summer


def _nearest_zones(text: str) -> str:
    known = {zone.casefold(): zone for zone in sorted(available_timezones())}
    if text.casefold() in known:
        return f" Write it {known[text.casefold()]}."
    places = {zone.rsplit("/", 1)[-1]: name for zone, name in known.items()}
    wanted = text.casefold().replace(" ", "_")
    near = [known[zone] for zone in get_close_matches(wanted, known, 3, 0.75)]
    near = near or [places[place] for place in get_close_matches(wanted.rsplit("/", 1)[-1], places, 3, 0.75)]
    if near:
        return f" Did you mean {' or '.join(dict.fromkeys(near))}?"
    return " Use a name like Europe/Berlin, or UTC, or an offset like +02:00."


def zone_warning(name: str) -> str:
    """What is odd about a zone's name that is valid, or an empty text."""
    place = _ABBREVIATIONS.get(name.strip())
    return f"{name} is a fixed offset without daylight saving; for the place, say {place}" if place else ""


def placed(local: Instants, zone: tzinfo) -> Placed:
    """The instants of wall-clock times ``local`` (microseconds since 1970-01-01 00:00 by the wall clock)."""
    doubtful = np.zeros(len(local), np.bool_)
    if not isinstance(zone, ZoneInfo):
        fixed = zone.utcoffset(None) or timedelta()
        return Placed(local - fixed // timedelta(microseconds=1), doubtful)
    if not len(local):
        return Placed(local, doubtful)
    table = offsets(zone, int(local.min()), int(local.max()))
    before, after = table.offset[:-1], table.offset[1:]
    ends = table.since[1:] + np.maximum(before, after)
    for end, length in zip(ends, np.abs(after - before), strict=True):
        doubtful |= (local >= end - length) & (local < end)
    return Placed(table.first_instant(local), doubtful)
