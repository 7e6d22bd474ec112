"""A period as a strip of marks: where it was down, partly down, or excluded."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from slaaudit.civil_spans import CivilSpan, day_of, midnights

if TYPE_CHECKING:
    from slaaudit.outages import Course

UP, DOWN, PARTLY, EXCLUDED, AHEAD = ".", "#", "o", "=", " "
LEGEND = "Each mark is a {cell}: # down, o partly down, = excluded, . up."
_DAYS = 31
_A_LONG_DAY = 25 * 3600 * 1_000_000  # the clocks may have been put back


def strip(course: Course, span: CivilSpan, until: int, timezone: str) -> str:
    """A mark for each day of a month, or for each of thirty equal parts of a longer span; none after ``until``."""
    edges = _edges(span, timezone)
    return "".join(_mark(course, since, min(to, until)) for since, to in pairwise(edges) if since < until)


def is_by_day(span: CivilSpan) -> bool:
    """Whether each mark of a span's strip is a day."""
    return span.to_at - span.from_at <= _DAYS * _A_LONG_DAY


def _edges(span: CivilSpan, timezone: str) -> list[int]:
    zone = ZoneInfo(timezone)
    first, last = day_of(span.from_at, zone), day_of(span.to_at - 1, zone)
    days = (last - first).days + 1
    if not is_by_day(span):
        return [span.from_at + (span.to_at - span.from_at) * at // 30 for at in range(31)]
    dates = [first + dt.timedelta(days=step) for step in range(1, days)]
    return [span.from_at, *midnights(dates, zone), span.to_at]


def _mark(course: Course, from_at: int, to_at: int) -> str:
    part = course.within(from_at, to_at)
    if not len(part):
        return UP
    levels = np.unique(part.level[part.is_down]).tolist()
    if levels:
        return DOWN if max(part.weights[level] for level in levels) == 1 else PARTLY
    return EXCLUDED
