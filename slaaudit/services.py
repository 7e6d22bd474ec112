"""A service under a clause, prepared to be measured: its outages, what is excluded, and its counts of requests.

A clause is prepared once for each component; its periods, and those of its credits, are then read off that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from slaaudit import maintenance, usage_rates
from slaaudit.civil_spans import CivilSpan, spans
from slaaudit.outages import Course, Stretches, course, long_enough
from slaaudit.qualifying import Qualified, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.evidence.incidents import Operations
    from slaaudit.evidence.tables import Mask
    from slaaudit.maintenance import Scheduled
    from slaaudit.outages import Pieces
    from slaaudit.policy.availability import Method
    from slaaudit.policy.model import AvailabilityClause, Policy
    from slaaudit.usage_rates import Counts


@dataclass(frozen=True)
class Known:
    """What all clauses share: the operations, as-of, the instants to report on, and what kinds of file were given."""

    operations: Operations
    as_of: int
    first: int
    last: int
    has_incidents: bool
    has_usage: bool


@dataclass(frozen=True)
class Promise:
    """A clause of a policy (``policy`` is its number), with its zone and the span in which the policy is in force."""

    policy: int
    name: str
    clause: AvailabilityClause
    timezone: str
    contract: tuple[int, int]


@dataclass(frozen=True)
class Service:
    """One component (None: all together) under one promise.

    ``rows`` are the incidents about the component; ``qualified`` says of every incident what it is; ``down`` are
    those that are laid as outages, what counts of planned ones among them.
    """

    promise: Promise
    component: str | None
    known: Known
    qualified: Qualified
    rows: Mask
    down: Mask
    scheduled: Scheduled
    hidden: Pieces
    outages: tuple[Stretches, ...]

    def without(self, incidents: Mask) -> Service:
        """The same service, had those incidents not been; what they exclude or use up of a budget stays so."""
        found, gone = self.qualified, incidents & self.down & ~self.qualified.is_outage
        counted = self.scheduled.counted
        if gone.any():  # planned ones that counted because their budget was used up
            counted = maintenance.outside(counted, (found.from_at[gone], found.to_at[gone]))
        down = self.down & ~incidents
        return replace(self, down=down, outages=(_laid(found, down), Stretches.whole(*counted)))

    @cached_property
    def course(self) -> Course:
        """How it fared by its incidents."""
        return self._course(*self.outages)

    @cached_property
    def sliced(self) -> Course:
        """How it fared by the slices of time in which too many requests failed."""
        rule = self.promise.clause.error_rate
        assert rule is not None  # noqa: S101  (a policy that names the method without its rule is refused)
        return self._course(Stretches.whole(*usage_rates.down_slices(self.all_counts, rule)))

    @cached_property
    def rated(self) -> Course:
        """How it fared by the average of the error rates of its slices. No outage of it is too short."""
        rule = self.promise.clause.error_rate
        assert rule is not None  # noqa: S101  (as above)
        return course([usage_rates.failing_slices(self.all_counts, rule)], self.hidden)

    @cached_property
    def failing(self) -> Course:
        """When its requests failed."""
        return course([usage_rates.weighed(self.counts)], self.hidden)

    def course_by(self, method: Method | None) -> Course:
        """The course that a period is measured by."""
        if method == "error-rate":
            return self.sliced
        return self.rated if method == "average-error-rate" else self.course

    def _course(self, *laid: Stretches) -> Course:
        outage = self.promise.clause.outage
        made = course(laid, self.hidden)
        return long_enough(made, outage.at_least, from_threshold=outage.counts_from == "threshold")

    @cached_property
    def all_counts(self) -> Counts:
        """Its requests, those of excluded time among them."""
        return usage_rates.counts_of(self.known.operations.usage, self.component, self.known.as_of)

    @cached_property
    def counts(self) -> Counts:
        """Its requests outside excluded time."""
        denominator = self.promise.clause.excluded_from == "downtime"
        return usage_rates.without(self.all_counts, self.hidden, denominator=denominator)


def services(
    policy: Policy, number: int, contract: tuple[int, int], known: Known, calendars: Mapping[str, CompiledCalendar]
) -> Iterator[Service]:
    """Every availability clause on every component that it tells apart, in the policy's order."""
    for name, clause in policy.clauses.items():
        if clause.measure != "availability":
            continue
        promise = Promise(number, name, clause, clause.timezone or policy.timezone, contract)
        found = qualified(clause, policy, known.operations.incidents, known.as_of, calendars)
        for component in _components(clause, found, known):
            yield _service(promise, component, found, known)


def _components(clause: AvailabilityClause, found: Qualified, known: Known) -> list[str | None]:
    """The components in order of first appearance; None stands for all together."""
    if clause.per == "all":
        return [None]
    not_applied = [at for at, name in enumerate(found.exclusions) if name.startswith("does-not-apply")]
    column = known.operations.incidents.fields.get("component")
    usage = known.operations.usage.component
    named: list[str] = []
    if column is not None:
        codes = column.codes[~np.isin(found.why, not_applied)]
        named += [column.words[code] for code in _in_order(codes.tolist())]
    named += [usage.words[code] for code in _in_order(usage.codes.tolist())]
    return [*dict.fromkeys(named)] or [None]


def _in_order(codes: list[int]) -> list[int]:
    return [code for code in dict.fromkeys(codes) if code >= 0]


def _service(promise: Promise, component: str | None, found: Qualified, known: Known) -> Service:
    clause = promise.clause
    rows = _rows_of(component, known)
    planned = rows & (found.why >= 0) & found.planned
    name = maintenance.excluding(clause)
    own = found.exclusions.index(name) if name in found.exclusions else len(found.exclusions)
    limited = planned & (found.why == own)  # what the budget and the notice of scheduled maintenance concern
    schedule = maintenance.scheduled(
        clause,
        known.operations.maintenance,
        (found.from_at[limited], found.to_at[limited]),
        _budgets(promise, known),
        component=component,
        as_of=known.as_of,
    )
    other = planned & ~limited
    hidden = (
        np.concatenate([schedule.excluded[0], found.from_at[other]]),
        np.concatenate([schedule.excluded[1], found.to_at[other]]),
    )
    has_limit = bool(clause.maintenance.notice) or clause.maintenance.budget is not None
    down = rows & (found.is_outage | (limited if has_limit else False))
    laid = (_laid(found, down), Stretches.whole(*schedule.counted))
    return Service(promise, component, known, found, rows, down, schedule, maintenance.joined(*hidden), laid)


def _laid(found: Qualified, down: Mask) -> Stretches:
    """The stretches of some incidents."""
    return Stretches(found.from_at[down], found.to_at[down], found.weight[down], found.weights)


def _rows_of(component: str | None, known: Known) -> Mask:
    """The incidents about a component; one that names none concerns all."""
    incidents = known.operations.incidents
    column = incidents.fields.get("component")
    if component is None or column is None:
        return np.ones(len(incidents), np.bool_)
    chosen: Mask = np.array([word == component for word in column.words] + [True], np.bool_)[column.codes]
    return chosen


def _budgets(promise: Promise, known: Known) -> list[CivilSpan]:
    """The spans of the budget for maintenance."""
    clause = promise.clause
    if clause.maintenance.budget is None:
        return []
    period = clause.maintenance.per or clause.period
    return spans(period, promise.timezone, known.first, known.last, promise.contract)
