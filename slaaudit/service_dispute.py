"""The availability of a service under every combination of readings: which periods are breached whatever is meant.

A row is a component over a period, by their names: May is May in either of two time zones, whatever hours apart they
begin it. A reading that counts by the year, or each component for itself, makes other rows; a row that a combination
does not have is not breached under it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from slaaudit.assessment import Asked, assess
from slaaudit.civil_spans import day_of
from slaaudit.evidence.tables import NONE
from slaaudit.policy.consistent import readings_of_all
from slaaudit.policy.model import AvailabilityClause
from slaaudit.results import Verdict
from slaaudit.standing import Breaches, ClauseDispute, ServicePeriod, dispute_of, settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.availability import Uptime
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.variants import ClauseReadings, Variant

_Verdicts = dict[ServicePeriod, Verdict]


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
    verdicts: list[_Verdicts] = []
    for place, variant in enumerate(readings.variants):
        step(f"Counting readings of {readings.clause}", place, len(readings.variants))
        if variant.is_possible:
            group[place] = len(verdicts)
            verdicts.append(_under(service, service.policies[number], readings.clause, variant))
    rows = _in_order(verdicts)
    breached = np.array([[each.get(row) is Verdict.BREACHED for row in rows] for each in verdicts], np.bool_)
    measured = np.array([[row in each for row in rows] for each in verdicts], np.bool_)
    found = Breaches(*(each.reshape(len(verdicts), len(rows)) for each in (breached, measured)))
    part = settled(np.arange(len(rows)), found, group, list(range(len(verdicts))), readings)
    return dispute_of(number, readings, [part], tuple(rows))


def _in_order(verdicts: list[_Verdicts]) -> list[ServicePeriod]:
    """Every row of any combination: all together before components, then by period."""
    components = dict.fromkeys(row.component for each in verdicts for row in each)
    rank = {component: (component is not None, at) for at, component in enumerate(components)}
    every = dict.fromkeys(row for each in verdicts for row in each)
    return sorted(every, key=lambda row: (rank[row.component], row.period))


def _under(service: Assessment, loaded: LoadedPolicy, clause: str, variant: Variant) -> _Verdicts:
    """The verdict of each row under one variant: none where it promises nothing about the service."""
    if variant.policy is None or not _promises_uptime(variant):
        return {}
    own = replace(loaded, policy=variant.policy)
    period = service.period.text if service.period else None
    return _verdicts(assess(service.operations, [own], Asked(service.as_of, period=period)).uptimes, own, clause)


def _verdicts(rows: Sequence[Uptime], loaded: LoadedPolicy, clause: str) -> _Verdicts:
    return dict(_named(rows, loaded, clause))


def _named(rows: Sequence[Uptime], loaded: LoadedPolicy, clause: str) -> Iterator[tuple[ServicePeriod, Verdict]]:
    """The rows by their names; of windows that trail behind each day, the month that the worst one ends in."""
    if isinstance(loaded.policy.clauses.get(clause), AvailabilityClause):
        for row in rows:
            yield ServicePeriod(row.component, period_name(row, loaded, clause)), row.verdict


def period_name(row: Uptime, loaded: LoadedPolicy, clause: str) -> str:
    """What disputes call a period: ``2026-05``, or ``30d in 2026-05`` where windows trail behind each day."""
    promised = loaded.policy.clauses[clause]
    if not isinstance(promised, AvailabilityClause) or promised.period.rolling is None:
        return row.span.name
    zone = ZoneInfo(promised.timezone or loaded.policy.timezone)
    return f"{promised.period.rolling.text} in {day_of(row.span.to_at - 1, zone):%Y-%m}"
