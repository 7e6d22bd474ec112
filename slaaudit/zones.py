"""A time zone's offsets as arrays, so that wall clocks become instants in bulk.

Instants are int64 microseconds since 1970-01-01 UTC; a local time is written as the instant that the same wall
clock would be in UTC. The rules for the hours that a DST change skips or repeats are named in the methods.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Instants = npt.NDArray[np.int64]

SECOND = 1_000_000
DAY = 86_400 * SECOND
_PROBE = DAY // 2  # no zone of the database changes twice within half a day
_LONG_AGO = -(2**62)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Offsets:
    """A zone between two instants: ``offset[i]`` (microseconds) holds from ``since[i]`` on.

    ``since[0]`` stands for the beginning of time. Valid for instants within the span it was made for.
    """

    since: Instants
    offset: Instants

    def local(self, instants: Instants) -> Instants:
        """The wall clock at each instant."""
        return instants + self.offset[np.searchsorted(self.since, instants, side="right") - 1]

    def first_instant(self, local: Instants) -> Instants:
        """The first instant at which the wall clock shows ``local``; after a gap that skips it, the gap's end."""
        ends = self.since[1:] + self.offset[:-1]
        piece = np.searchsorted(ends, local, side="right")
        found: Instants = np.maximum(local - self.offset[piece], self.since[piece])
        return found

    def last_instant(self, local: Instants) -> Instants:
        """The last instant at which the wall clock shows ``local``; after a gap that skips it, the gap's end."""
        starts = self.since + self.offset
        piece = np.searchsorted(starts, local, side="right") - 1
        gap_ends = np.append(self.since[1:], np.iinfo(np.int64).max)
        found: Instants = np.minimum(local - self.offset[piece], gap_ends[piece])
        return found


@lru_cache(maxsize=64)
def offsets(zone: ZoneInfo, first: int, last: int) -> Offsets:
    """The offsets of ``zone`` between two instants (two days more on either side)."""
    probes = range(first - 2 * DAY, last + 2 * DAY + _PROBE, _PROBE)
    since, found = [_LONG_AGO], [_offset_at(zone, probes[0])]
    before = probes[0]
    for probe in probes[1:]:
        offset = _offset_at(zone, probe)
        if offset != found[-1]:
            since.append(_change_between(zone, before, probe))
            found.append(offset)
        before = probe
    return Offsets(np.array(since, np.int64), np.array(found, np.int64))


def _offset_at(zone: ZoneInfo, instant: int) -> int:
    moment = (_EPOCH + dt.timedelta(microseconds=instant)).astimezone(zone)
    return int((moment.utcoffset() or dt.timedelta()) / dt.timedelta(microseconds=1))


def _change_between(zone: ZoneInfo, before: int, after: int) -> int:
    """The first instant, to the second, at which the offset is that of ``after``."""
    offset = _offset_at(zone, after)
    low, high = before // SECOND, -(-after // SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset_at(zone, middle * SECOND) == offset else (middle, high)
    return high * SECOND
