"""The availability of a service under every combination of readings: which periods are breached whatever is meant.

A row is a component over a period, by their names: May is May in either of two time zones, whatever hours apart they
begin it. A reading that counts by the year, or each component for itself, makes other rows; a row that a combination
does not have is not breached under it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from slaaudit.assessment import Asked, assess
from slaaudit.civil_spans import day_of
from slaaudit.evidence.tables import NONE
from slaaudit.policy.consistent import readings_of_all
from slaaudit.policy.model import AvailabilityClause
from slaaudit.results import Verdict
from slaaudit.standing import Breaches, ClauseDispute, ServicePeriod, dispute_of, settled
from slaaudit.waiving import BELOW_BY_A_READING, STILL_BELOW, waived_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.availability import Uptime
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.variants import ClauseReadings, Variant


class _Counted(NamedTuple):
    """The rows of a clause under one variant, and the waivers that leave a period below its promise."""

    rows: dict[ServicePeriod, Uptime]
    short: frozenset[int] = frozenset()

    def is_breached(self, row: ServicePeriod) -> bool:
        """Whether it has the row, and a breach there."""
        return row in self.rows and self.rows[row].verdict is Verdict.BREACHED


def service_disputes(
    service: Assessment, limit: int, step: Callable[..., None] = lambda *_: None
) -> tuple[ClauseDispute, ...]:
    """Every clause about the service under all of its readings, at most ``limit`` combinations a clause.

    ``step`` is told what is being done.
    """
    found = [
        service_dispute(service, number, readings, step)
        for number, loaded in enumerate(service.policies)
        for readings in readings_of_all(loaded, limit).values()
    ]
    return tuple(one for one in found if one is not None)


def service_dispute(
    service: Assessment, number: int, readings: ClauseReadings, step: Callable[..., None] = lambda *_: None
) -> ClauseDispute | None:
    """One clause of the policy of that number; None where no reading makes it one about a service, or no file tells."""
    if not service.operations.inputs or not any(map(_promises_uptime, readings.variants)):
        return None
    return _dispute(service, number, readings, step)


def _promises_uptime(variant: Variant) -> bool:
    return variant.policy is not None and bool(variant.body and variant.body.get("measure") == "availability")


def _dispute(service: Assessment, number: int, readings: ClauseReadings, step: Callable[..., None]) -> ClauseDispute:
    group = np.full(len(readings.variants), NONE, np.int64)
    counted: list[_Counted] = []
    allowed = {place for place, possible in zip(readings.variant_of, readings.is_possible, strict=True) if possible}
    for place, variant in enumerate(readings.variants):
        step(f"Counting readings of {readings.clause}", place, len(readings.variants))
        if place in allowed:
            group[place] = len(counted)
            counted.append(_under(service, service.policies[number], readings.clause, variant))
    rows = _in_order(counted)
    breached = np.array([[each.is_breached(row) for row in rows] for each in counted], np.bool_)
    measured = np.array([[row in each.rows for row in rows] for each in counted], np.bool_)
    found = Breaches(*(each.reshape(len(counted), len(rows)) for each in (breached, measured)))
    part = settled(np.arange(len(rows)), found, group, list(range(len(counted))), readings)
    made = dispute_of(number, readings, [part], tuple(rows))
    return _waived(made, counted) if service.waivers else made


def _waived(one: ClauseDispute, counted: list[_Counted]) -> ClauseDispute:
    """The dispute with those periods marked that are no breach without the waived outages, whatever is meant."""
    passed: dict[int, tuple[int, ...]] = {}
    some: set[int] = set()
    for at, row in enumerate(one.periods):
        breaches = [each.rows[row].waived for each in counted if each.is_breached(row)]
        places = tuple(sorted({place for waived in breaches for place in waived}))
        if breaches and all(breaches):
            passed[at] = places
        some.update(places)
    some.update(place for each in counted for place in each.short)
    return replace(one, waived=passed, idle=dict.fromkeys(some.difference(*passed.values()), BELOW_BY_A_READING))


def _in_order(counted: list[_Counted]) -> list[ServicePeriod]:
    """Every row of any combination: all together before components, then by period."""
    components = dict.fromkeys(row.component for each in counted for row in each.rows)
    rank = {component: (component is not None, at) for at, component in enumerate(components)}
    every = dict.fromkeys(row for each in counted for row in each.rows)
    return sorted(every, key=lambda row: (rank[row.component], row.period))


def _under(service: Assessment, loaded: LoadedPolicy, clause: str, variant: Variant) -> _Counted:
    """The rows under one variant: none where it promises nothing about the service."""
    if variant.policy is None or not _promises_uptime(variant):
        return _Counted({})
    own = replace(loaded, policy=variant.policy)
    period = service.period.text if service.period else None
    found = assess(service.operations, [own], Asked(service.as_of, period=period))
    if service.waivers:
        found = waived_service(found, service.waivers)
    short = frozenset(at for at, why in found.idle.items() if why == STILL_BELOW)
    return _Counted(dict(_named(found.uptimes, own, clause)), short)


def _named(rows: Sequence[Uptime], loaded: LoadedPolicy, clause: str) -> Iterator[tuple[ServicePeriod, Uptime]]:
    """The rows by their names; of windows that trail behind each day, the month that the worst one ends in."""
    if isinstance(loaded.policy.clauses.get(clause), AvailabilityClause):
        for row in rows:
            yield ServicePeriod(row.component, period_name(row, loaded, clause)), row


def period_name(row: Uptime, loaded: LoadedPolicy, clause: str) -> str:
    """What disputes call a period: ``2026-05``, or ``30d in 2026-05`` where windows trail behind each day."""
    promised = loaded.policy.clauses[clause]
    if not isinstance(promised, AvailabilityClause) or promised.period.rolling is None:
        return row.span.name
    zone = ZoneInfo(promised.timezone or loaded.policy.timezone)
    return f"{promised.period.rolling.text} in {day_of(row.span.to_at - 1, zone):%Y-%m}"
