"""When a service was down, as data: the key ``outages`` of ``slaaudit.report/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from slaaudit.report import sums
from slaaudit.report.lines import stamps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.assessment import Assessment
    from slaaudit.availability import Uptime
    from slaaudit.outages import Course
    from slaaudit.services import Service


def outages(found: Assessment) -> Iterator[dict[str, Any]]:
    """The stretches in which each service was down, in time's order, over the periods that are reported.

    Stretches do not overlap: where outages do, the worst one weighs. ``share`` is how much of the service was down, in
    percent; ``incidents`` are those that lie over the stretch, none where slices of failed requests tell of it.
    """
    reported: dict[tuple[int, str, str | None], list[Uptime]] = {}
    for row in found.uptimes:
        reported.setdefault((row.policy, row.clause, row.component), []).append(row)
    for service in found.services:
        rows = reported.get((service.promise.policy, service.promise.name, service.component), [])
        sliced = [row for row in rows if row.method == "error-rate"]
        timed = [row for row in rows if row.method != "error-rate"]
        if timed:
            yield from _stretches(found, service, _reported(service.course, timed), known=True)
        if sliced:
            yield from _stretches(found, service, _reported(service.sliced, sliced), known=False)


def _reported(course: Course, rows: list[Uptime]) -> Course:
    return course.within(min(row.span.from_at for row in rows), max(row.until for row in rows))


def _stretches(found: Assessment, service: Service, course: Course, *, known: bool) -> Iterator[dict[str, Any]]:
    down = course.is_down
    begins, ends = course.from_at[down], course.to_at[down]
    shares = [sums.decimal_percent(weight) for weight in course.weights]
    names = _incidents(found, service, begins, ends) if known else [[]] * len(begins)
    pairs = zip(stamps(begins.tolist()), stamps(ends.tolist()), course.level[down].tolist(), names, strict=True)
    for since, until, level, incidents in pairs:
        yield {
            "policy": service.promise.policy,
            "clause": service.promise.name,
            "component": service.component,
            "from": since,
            "to": until,
            "share": shares[level],
            "incidents": incidents,
        }


def _incidents(found: Assessment, service: Service, begins: Any, ends: Any) -> list[list[str]]:
    """The ids of the incidents over each stretch, in the files' order; stretches are sorted and apart.

    A planned incident lies over one only where it counted: excluded time hides every outage under it.
    """
    known = service.qualified
    rows = np.flatnonzero(service.rows & (known.is_outage | (known.planned & (known.why >= 0))))
    first = np.searchsorted(ends, known.from_at[rows], side="right")
    reach = np.maximum(np.searchsorted(begins, known.to_at[rows], side="left") - first, 0)
    incident = np.repeat(rows, reach)
    before = np.repeat(np.cumsum(reach) - reach, reach)
    stretch = np.repeat(first, reach) + np.arange(len(incident)) - before
    names: list[list[str]] = [[] for _ in range(len(begins))]
    ids = found.operations.incidents.ids
    for at, row in zip(stretch.tolist(), incident.tolist(), strict=True):
        names[at].append(ids[row] or "-")
    return names
