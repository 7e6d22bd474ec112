"""The road for a service: operations and policies in, availability, credits and claims out.

Every clause is prepared for its components (``services``), measured over its periods (``availability``), and over
those of its credits (``performance``); what falls short earns (``earning``, ``credits``, ``caps``) and must be
claimed (``claims``). What tickets earn comes from an audit's measurements.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit import claims as due
from slaaudit import outage_counts, performance, periods
from slaaudit.availability import Uptime, uptimes
from slaaudit.caps import capped
from slaaudit.compiling import compile_calendar
from slaaudit.credits import Credit, earned_by, without_alternatives
from slaaudit.errors import EvidenceError
from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.ground import effective
from slaaudit.policy.grammar import DAY
from slaaudit.policy.model import AvailabilityClause, TicketClause
from slaaudit.service_notes import notes
from slaaudit.services import Known, Service, services

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.civil_spans import CivilSpan
    from slaaudit.evidence.incidents import Operations
    from slaaudit.performance import Performance
    from slaaudit.periods import Period
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.credits import Credits
    from slaaudit.policy.fees import Fees
    from slaaudit.policy.model import Policy
    from slaaudit.policy.waivers import Waiver
    from slaaudit.results import Measurements

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_AWARE = "aware_at"


@dataclass(frozen=True)
class Asked:
    """What to assess. ``as_of`` is microseconds UTC, None for the latest instant of the evidence (``latest``).

    ``measurements`` are an audit's, for the credits of clauses about tickets.
    """

    as_of: int | None = None
    latest: int = MISSING
    period: str | None = None
    fees: Fees | None = None
    measurements: Measurements | None = None


class Excluded(NamedTuple):
    """Time, or an incident (its row among the incidents), that a clause takes out, and the name of the exclusion."""

    policy: int
    clause: str
    component: str | None
    incident: int | None
    from_at: int
    to_at: int
    exclusion: str


@dataclass(frozen=True)
class Assessment:
    """Everything that a report on a service needs. ``credits`` are in the order of clauses, then of time.

    ``waivers`` are those of incidents, which ``Uptime.waived`` indexes; ``idle`` says why some waive nothing.
    ``let_pass`` are the waived spans whatever the period: credits may be for others than those reported.
    """

    operations: Operations
    policies: tuple[LoadedPolicy, ...]
    as_of: int
    as_of_given: bool
    period: Period | None
    fees: Fees | None
    services: tuple[Service, ...]
    uptimes: tuple[Uptime, ...]
    credits: tuple[Credit, ...]
    notes: tuple[str, ...] = field(default=())
    waivers: tuple[Waiver, ...] = ()
    idle: Mapping[int, str] = field(default_factory=dict)
    let_pass: tuple[Uptime, ...] = ()

    def waived(self, row: Uptime) -> str | None:
        """Why a breach is waived: each reason once; None where it is not."""
        return "; ".join(dict.fromkeys(self.waivers[at].reason for at in row.waived)) or None

    def service(self, row: Uptime | Performance) -> Service | None:
        """The service that a row is about; None where it is about tickets."""
        for each in self.services:
            if (each.promise.policy, each.promise.name, each.component) == (row.policy, row.clause, row.component):
                return each
        return None

    def timezone(self, policy: int, clause: str) -> str:
        """The zone of a clause's periods and claims."""
        return _timezone(self.policies[policy].policy, clause)

    def excluded(self) -> Iterator[Excluded]:
        """Each excluded incident once a clause, then each stretch of excluded maintenance."""
        for _, same in groupby(self.services, key=lambda each: (each.promise.policy, each.promise.name)):
            group = list(same)
            yield from filter(self._is_in_period, _excluded_incidents(group[0]))
            for each in group:
                yield from filter(self._is_in_period, _excluded_time(each))

    def _is_in_period(self, row: Excluded) -> bool:
        return self.period is None or (row.from_at < self.period.to_at and row.to_at > self.period.from_at)


def latest_instant(operations: Operations) -> int:
    """The latest instant at which something is known to have been: never a planned one. MISSING without any."""
    incidents, usage = operations.incidents, operations.usage
    planned = incidents.fields.get("planned")
    real = np.ones(len(incidents), np.bool_)
    if planned is not None:
        is_planned = np.array([word.casefold() == "true" for word in planned.words] + [False], np.bool_)
        real = ~is_planned[planned.codes]
    columns = (incidents.started_at[real], incidents.ended_at[real], usage.window_end)
    return max((int(column.max()) for column in columns if len(column)), default=MISSING)


def _earliest(operations: Operations) -> int | None:
    columns = (operations.incidents.started_at, operations.maintenance.started_at, operations.usage.window_start)
    found = [int(column.min()) for column in columns if len(column)]
    return min(found) if found else None


def assess(operations: Operations, policies: Sequence[LoadedPolicy], asked: Asked) -> Assessment:
    """The availability and the credits of every clause of ``policies``.

    EvidenceError where neither the files nor ``asked`` say up to when.
    """
    as_of = _as_of(operations, policies, asked)
    period = periods.period(asked.period, policies[0].policy.timezone, as_of) if asked.period else None
    earliest = _earliest(operations)
    starts = [*([] if earliest is None else [earliest]), *([period.from_at] if period else [])]
    roles = {read.role for read in operations.inputs}
    first = min([*starts, as_of - 1])
    known = Known(operations, as_of, first, as_of, "incidents" in roles, "usage" in roles)
    contracts = [effective(loaded) for loaded in policies]
    made: list[Service] = []
    calendars = []
    for number, loaded in enumerate(policies):
        calendars.append(_calendars(loaded.policy, first, as_of))
        if not operations.inputs:
            continue  # nothing tells of a service; what tickets earn is left
        made += services(loaded.policy, number, contracts[number], known, calendars[number])
    rows = [
        (row, each.promise.clause.period.rolling is not None)
        for each in made
        for row in uptimes(each, each.promise.clause.period)
    ]
    base = Assessment(
        operations, tuple(policies), as_of, asked.as_of is not None, period, asked.fees, tuple(made), (), ()
    )
    found = [*_credits(base, contracts, asked)]
    claimed = [_with_deadlines(base, credit, calendars[credit.row.policy]) for credit in found]
    return replace(
        base,
        uptimes=tuple(row for row, trails in rows if _reported(row.span, period, trails=trails)),
        credits=tuple(
            each for each in claimed if _reported(each.row.span, period, trails=each.rule.period.rolling is not None)
        ),
        notes=tuple(notes(base.services, claimed, asked.fees)),
    )


def _as_of(operations: Operations, policies: Sequence[LoadedPolicy], asked: Asked) -> int:
    """As-of: what was asked for, else the latest instant of the evidence, else the end of the period asked for."""
    if asked.as_of is not None:
        return asked.as_of
    latest = max(latest_instant(operations), asked.latest)
    if latest == MISSING and asked.period and asked.period.strip().casefold() != "last-month":
        zones = {_timezone(one.policy, clause) for one in policies for clause in one.policy.clauses}
        return max(periods.period(asked.period, zone, 0).to_at for zone in zones)
    if latest == MISSING:
        raise EvidenceError(
            "no row of the files tells of an instant, so nobody can see which months they are about; say up to when "
            "they tell of everything with --as-of 2026-05-31, or which months they are about with --period 2026-05"
        )
    return latest


def _reported(span: CivilSpan, period: Period | None, *, trails: bool) -> bool:
    """Whether a span is of the period asked for: its middle lies in it, or it holds all; a trailing one ends in it.

    Zones may differ: then the edges of the two months are some hours apart.
    """
    if period is None:
        return True
    if trails:
        return period.from_at < span.to_at <= period.to_at
    middle = (span.from_at + span.to_at) // 2
    return period.from_at <= middle < period.to_at or (span.from_at <= period.from_at and period.to_at <= span.to_at)


def _calendars(policy: Policy, first: int, last: int) -> dict[str, CompiledCalendar]:
    """The calendars that claims and conditions of a service name, as far ahead as a claim may run."""
    names: set[str] = set()
    reach = 0
    for clause in policy.clauses.values():
        if isinstance(clause, AvailabilityClause | TicketClause) and clause.credits:
            names |= {claim.calendar for claim in clause.credits.claim if claim.calendar}
            reach = max([reach, *(due.reach(claim.within.business_days) for claim in clause.credits.claim)])
        if isinstance(clause, AvailabilityClause):
            for each in (clause.applies, *clause.excludes.values()):
                names.update(each.named_calendars)
    room = 800 * DAY  # a period may end a year or two after as-of
    chosen = {name: calendar for name, calendar in policy.calendars.items() if name in names}
    return {name: compile_calendar(each, first - room, last + reach * DAY + room) for name, each in chosen.items()}


def _credits(base: Assessment, contracts: list[tuple[int, int]], asked: Asked) -> Iterator[Credit]:
    """The credits of every clause, alternatives and caps applied, in the policies' order and then that of time."""
    rows: dict[tuple[int, str], list[list[Performance]]] = {}
    for each in base.services:
        rule = each.promise.clause.credits
        if rule is not None:
            measured = _performances(each, rule)
            rows.setdefault((each.promise.policy, each.promise.name), []).append(measured)
    if asked.measurements is not None:
        tickets = performance.of_tickets(asked.measurements, base.policies, contracts, base.as_of)
        for (policy, clause, _), own in groupby(tickets, key=lambda row: (row.policy, row.clause, row.severity)):
            rows.setdefault((policy, clause), []).append(list(own))
    earned: list[Credit] = []
    for (policy, clause), series in sorted(rows.items(), key=lambda each: _order(base, each[0])):
        found = base.policies[policy].policy.clauses[clause]
        if isinstance(found, AvailabilityClause | TicketClause) and found.credits:
            for one in series:
                earned += earned_by(one, found.credits, asked.fees, base.timezone(policy, clause))
    chosen = without_alternatives(earned)
    for (policy, clause), same in groupby(chosen, key=lambda each: (each.row.policy, each.row.clause)):
        yield from capped(list(same), base.timezone(policy, clause), contracts[policy], asked.fees)


def _performances(service: Service, rule: Credits) -> list[Performance]:
    """A service over each period of its credits."""
    found = uptimes(service, rule.period)
    units = outage_counts.units(service, found, rule.per_outage) if rule.per_outage else [0] * len(found)
    return [replace(performance.of_service(row), units=number) for row, number in zip(found, units, strict=True)]


def _order(base: Assessment, key: tuple[int, str]) -> tuple[int, int]:
    return key[0], list(base.policies[key[0]].policy.clauses).index(key[1])


def _timezone(policy: Policy, clause: str) -> str:
    found = policy.clauses[clause]
    return (found.timezone if isinstance(found, AvailabilityClause) else None) or policy.timezone


def _with_deadlines(base: Assessment, credit: Credit, calendars: Mapping[str, CompiledCalendar]) -> Credit:
    row = credit.row
    by = due.Clockwork(
        base.timezone(row.policy, row.clause),
        calendars,
        base.as_of if base.as_of_given else None,
        lambda found: _aware_at(base, found),
        None if base.policies[row.policy].policy.effective.until is None else effective(base.policies[row.policy])[1],
    )
    return replace(credit, deadlines=due.deadlines(row, credit.rule.claim, by))


def _aware_at(base: Assessment, row: Performance) -> int:
    """When the customer first knew of an outage in the span, as the incidents' ``aware_at`` says; MISSING if none."""
    service, column = base.service(row), base.operations.incidents.fields.get(_AWARE)
    if service is None or column is None:
        return MISSING
    found = service.qualified
    own = service.rows & found.is_outage & (found.from_at < row.span.to_at) & (found.to_at > row.span.from_at)
    words = {column.words[code] for code in np.unique(column.codes[own]).tolist() if code != NONE}
    return min((at for at in map(_instant, words) if at != MISSING), default=MISSING)


def _instant(text: str) -> int:
    """The instant that a text states, with its offset; MISSING where it states none."""
    try:
        at = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return MISSING
    return (at - _EPOCH) // dt.timedelta(microseconds=1) if at.tzinfo else MISSING


def _excluded_incidents(service: Service) -> Iterator[Excluded]:
    found, promise = service.qualified, service.promise
    for at in np.flatnonzero(found.why >= 0).tolist():
        name = found.exclusions[int(found.why[at])]
        yield Excluded(promise.policy, promise.name, None, at, int(found.from_at[at]), int(found.to_at[at]), name)


def _excluded_time(service: Service) -> Iterator[Excluded]:
    promise, plan = service.promise, service.scheduled
    for from_at, to_at in zip(plan.windows[0].tolist(), plan.windows[1].tolist(), strict=True):
        yield Excluded(promise.policy, promise.name, service.component, None, from_at, to_at, plan.exclusion)
