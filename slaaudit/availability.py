"""Availability: a service over each period, held against what was promised.

Downtime and totals are exact: integers of microseconds and fractions. Verdicts use the exact ratio.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from slaaudit import usage_rates
from slaaudit.civil_spans import CivilSpan, day_of, midnights, spans, trailing
from slaaudit.evidence.tables import MISSING
from slaaudit.outages import Course, outages_of
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from slaaudit.policy.availability import Method
    from slaaudit.policy.model import Period
    from slaaudit.services import Service


@dataclass(frozen=True)
class Uptime:
    """A service over one span. Lengths are microseconds; ``until`` is as far as it is counted.

    ``measured`` is what the downtime is a share of: ``total``, less the excluded time where the clause says so.
    ``availability`` is a share of 1, None where nothing tells. ``downtime`` is None where requests were counted;
    ``requests`` and ``failed`` where time was. ``first_at`` and ``last_at`` are where its first outage begins and its
    last one ends, both inside the span; ``MISSING`` without one. ``waived`` are the places of the waivers that let
    a breach pass.
    """

    policy: int
    clause: str
    component: str | None
    span: CivilSpan
    until: int
    to_date: bool
    method: Method | None
    total: int
    measured: int
    excluded: int
    downtime: Fraction | None
    requests: int | None
    failed: int | None
    availability: Fraction | None
    promised: Fraction
    verdict: Verdict
    outages: int
    first_at: int
    last_at: int
    waived: tuple[int, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether it lies strictly below the promise, as far as it is counted."""
        return self.availability is not None and self.availability < self.promised


def uptimes(service: Service, period: Period) -> list[Uptime]:
    """The service over each span of ``period``, in order.

    Of windows that trail behind each day, the worst one that ends in each month stands for them.
    """
    promise, known = service.promise, service.known
    if period.rolling is None:
        found = spans(period, promise.timezone, known.first, known.last, promise.contract)
        cut = [_in_force(span, promise.contract) for span in found]
        return [_uptime(service, span) for span in cut if span.from_at < min(span.to_at, known.as_of)]
    windows = trailing(period, promise.timezone, known.first, min(known.last, known.as_of))
    months = groupby(windows, key=lambda each: each[0])
    return [_worst([_uptime(service, span) for _, span in group], service) for _, group in months]


def _in_force(span: CivilSpan, contract: tuple[int, int]) -> CivilSpan:
    """The part of a span in which the policy is in force."""
    return CivilSpan(span.name, max(span.from_at, contract[0]), min(span.to_at, contract[1]))


def _worst(windows: list[Uptime], service: Service) -> Uptime:
    """The window with the lowest availability, the earliest of equals; running while the month may bring another."""
    told = [each for each in windows if each.availability is not None]
    worst = min(told, key=lambda each: each.availability or 0, default=windows[0])
    zone = ZoneInfo(service.promise.timezone)
    last = day_of(windows[-1].span.to_at - 1, zone)
    month_over = midnights([(last.replace(day=28) + dt.timedelta(days=4)).replace(day=1)], zone)[0]
    if worst.verdict is Verdict.MET and month_over > service.known.as_of:
        return replace(worst, to_date=True, verdict=Verdict.RUNNING)
    return worst


def _uptime(service: Service, span: CivilSpan) -> Uptime:
    method = _method(service, span)
    if method == "failure-rate":
        return _by_requests(service, span)
    return _by_time(service, span, method)


def _method(service: Service, span: CivilSpan) -> Method | None:
    """The first method that has an input in the span."""
    known = service.known
    for method in service.promise.clause.method:
        if method == "downtime" and known.has_incidents:
            return method
        if method != "downtime" and known.has_usage:
            windows = service.all_counts.within(span.from_at, span.to_at)
            if windows.total.sum() > 0:
                return method
    return None


@dataclass(frozen=True)
class _Figures:
    """What was counted in a span. ``best`` is the share that the whole span can still reach."""

    total: int
    measured: int
    excluded: int
    share: Fraction | None
    best: Fraction | None
    downtime: Fraction | None = None
    requests: int | None = None
    failed: int | None = None


def _by_time(service: Service, span: CivilSpan, method: Method | None) -> Uptime:
    """The span by its downtime; unknown where there is no input."""
    clause = service.promise.clause
    until = min(span.to_at, service.known.as_of)
    course = course_of(service, method, span.from_at, until)
    excluded, downtime = course.excluded, course.downtime
    whole = clause.length or span.to_at - span.from_at
    total = whole if until == span.to_at else min(until - span.from_at, whole)
    taken = excluded if clause.excluded_from == "both" else 0
    share, best = _share(downtime, total - taken), _share(downtime, whole - taken)
    if method is None:
        share = best = None
    return _row(service, span, method, course, _Figures(total, total - taken, excluded, share, best, downtime))


def _share(downtime: Fraction, total: int) -> Fraction | None:
    """What is left of ``total``, as a share of it; None where there is nothing to be a share of."""
    return max(Fraction(0), 1 - downtime / total) if total > 0 else None


def _by_requests(service: Service, span: CivilSpan) -> Uptime:
    """The span by its requests. Requests to come could always mend it, unless none may fail."""
    until = min(span.to_at, service.known.as_of)
    counts = service.counts.within(span.from_at, until)
    total, failed = usage_rates.failure_rate(counts)
    share = 1 - Fraction(failed, total) if total else None
    best = Fraction(1) if share is not None and _promised(service) < 1 else share
    course = course_of(service, "failure-rate", span.from_at, until)
    length = until - span.from_at
    figures = _Figures(length, length, course.excluded, share, best, None, total, failed)
    return _row(service, span, "failure-rate", course, figures)


def course_of(service: Service, method: Method | None, from_at: int, until: int) -> Course:
    """How a service fared by a method: where requests are counted, by its incidents, else by when requests failed."""
    course = service.course_by(method).within(from_at, until)
    if method == "failure-rate" and not course.is_down.any():
        return service.failing.within(from_at, until)
    return course


def _promised(service: Service) -> Fraction:
    return Fraction(service.promise.clause.promised) / 100


def _row(service: Service, span: CivilSpan, method: Method | None, course: Course, figures: _Figures) -> Uptime:
    promised = _promised(service)
    to_date = span.to_at > service.known.as_of
    begins, ends = outages_of(course)
    return Uptime(
        policy=service.promise.policy,
        clause=service.promise.name,
        component=service.component,
        span=span,
        until=min(span.to_at, service.known.as_of),
        to_date=to_date,
        method=method,
        total=figures.total,
        measured=figures.measured,
        excluded=figures.excluded,
        downtime=figures.downtime if method else None,
        requests=figures.requests,
        failed=figures.failed,
        availability=figures.share,
        promised=promised,
        verdict=_verdict(figures, promised, to_date=to_date),
        outages=len(begins),
        first_at=int(begins[0]) if len(begins) else MISSING,
        last_at=int(ends[-1]) if len(ends) else MISSING,
    )


def _verdict(figures: _Figures, promised: Fraction, *, to_date: bool) -> Verdict:
    """Below the promise is a breach; a span that is not over breaches it once it cannot reach it any more."""
    if figures.share is None:
        return Verdict.UNKNOWN
    if to_date:
        return Verdict.BREACHED if figures.best is not None and figures.best < promised else Verdict.RUNNING
    return Verdict.BREACHED if figures.share < promised else Verdict.MET
