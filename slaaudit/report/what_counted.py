"""What the downtime of a span is made of: the incidents, and the scheduled maintenance, that count in it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.evidence.tables import Instants, Rows
    from slaaudit.outages import Course
    from slaaudit.services import Service


class Counting(NamedTuple):
    """An incident, or a window of maintenance (its row among its kind; the other is None), cut at the span.

    ``counted`` is how much of it is downtime, in microseconds; ``share`` how much of the service it took.
    """

    incident: int | None
    window: int | None
    from_at: int
    to_at: int
    counted: int
    share: Fraction


def what_counted(service: Service, course: Course, from_at: int, to_at: int) -> Iterator[Counting]:
    """Whatever is downtime in ``[from_at, to_at)`` of a course, the files' order; overlapping ones each in full.

    An outage that was too short, or lies in excluded time, is none.
    """
    part = course.within(from_at, to_at)
    down = part.from_at[part.is_down], part.to_at[part.is_down]
    known = service.qualified
    own = service.down & (known.from_at < to_at) & (known.to_at > from_at)
    for at in np.flatnonzero(own).tolist():
        since, until = max(int(known.from_at[at]), from_at), min(int(known.to_at[at]), to_at)
        if counted := _overlap(*down, since, until):
            yield Counting(at, None, since, until, counted, known.weights[int(known.weight[at])])
    for since, until in zip(*(edge.tolist() for edge in service.scheduled.counted), strict=True):
        begin, end = max(since, from_at), min(until, to_at)
        windows = _windows(service, since, until)
        if begin < end and len(windows) and (counted := _overlap(*down, begin, end)):
            yield Counting(None, int(windows[0]), begin, end, counted, Fraction(1))


def _overlap(begins: Instants, ends: Instants, from_at: int, to_at: int) -> int:
    """How much of the stretches lies in ``[from_at, to_at)``."""
    return int(np.maximum(np.minimum(ends, to_at) - np.maximum(begins, from_at), 0).sum())


def _windows(service: Service, from_at: int, to_at: int) -> Rows:
    """The windows of maintenance, of this component or of all, that a stretch of counted time comes from."""
    windows = service.known.operations.maintenance
    wanted = np.array([service.component in (None, word) for word in windows.component.words] + [True], np.bool_)
    over = (windows.started_at < to_at) & (windows.ended_at > from_at) & wanted[windows.component.codes]
    return np.flatnonzero(over)
