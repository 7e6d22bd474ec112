"""What combinations of readings come to for each row of a clause: whether its breach stands, and what turns it.

A row is a ticket, or a period of a service. Choices that contradict each other are no combination.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.tables import NONE, Mask, Rows, Small, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slaaudit.policy.variants import ClauseReadings


class Standing(IntEnum):
    """Whether a breach stands. ``UNSETTLED``: not every combination was evaluated, and those that were agree."""

    CLEAR = 0  # a breach under no reading
    ARGUABLE = 1  # under some
    SOLID = 2  # under every one
    UNSETTLED = 3


@dataclass(frozen=True)
class Settled(Table):
    """One row a ticket, or a period of a service, that a clause measures under some reading.

    ``subject`` indexes ``Audit.evidence.tickets``, or ``ClauseDispute.periods``; ``breached`` is under the choices in
    force; ``breached_in`` counts combinations out of ``evaluated``; choices that contradict each other are no
    combination. ``makes`` and ``saves`` are places in ``ClauseReadings.combinations``: the fewest changes under which
    the row is, or is not, breached; -1 where there is none. ``turning`` has bit i set where the i-th of
    ``ClauseReadings.choices`` turns it alone.
    """

    subject: Rows
    measured: Mask
    breached: Mask
    evaluated: Rows
    breached_in: Rows
    makes: Rows
    saves: Rows
    turning: Rows


class ServicePeriod(NamedTuple):
    """A component (None: all together) over a period. It is the same under two readings where both names are."""

    component: str | None
    period: str


@dataclass(frozen=True)
class ClauseDispute:
    """One clause of one policy under its readings.

    ``standing`` has a ``Standing`` for each row of ``table``; ``breaches`` counts the rows that are breached under
    each combination. ``service_periods`` are those of a clause about a service, None where it is about tickets.

    ``waived`` has, for each subject whose breach is let pass by whichever reading it is one, the places of the waivers
    that do it, among those of the audit or of the service; ``idle`` says of others, by place, why they do not. They
    change nothing else.
    """

    policy: int
    clause: str
    readings: ClauseReadings
    table: Settled
    standing: Small
    breaches: Rows
    service_periods: tuple[ServicePeriod, ...] | None = None
    waived: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    idle: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_waived(self) -> Mask:
        """Whether each row of the table is waived."""
        found: Mask = np.isin(self.table.subject, list(self.waived))
        return found

    @property
    def periods(self) -> tuple[ServicePeriod, ...]:
        """The periods of a service that its rows are about."""
        return self.service_periods or ()

    @property
    def is_of_service(self) -> bool:
        """Whether it is about a service, and not about tickets."""
        return self.service_periods is not None


class Breaches(NamedTuple):
    """Which rows are breached, and which are measured at all: a row for each group of combinations."""

    breached: Mask
    measured: Mask


def settled(
    subjects: Rows, found: Breaches, group: Rows, numbers: list[int], readings: ClauseReadings
) -> tuple[Settled, Rows]:
    """Rows that the same variants mean the same to, and how many are breached under each combination.

    ``group`` has a number for each variant, -1 for one that contradicts itself; ``found`` has a row for each of
    ``numbers``.
    """
    breached = found.breached
    row_of_group = np.full(int(group.max()) + 1, NONE, np.int64)
    row_of_group[numbers] = np.arange(len(numbers))
    of_variant = group[readings.variant_of]
    row = np.where(of_variant == NONE, NONE, row_of_group[of_variant])  # of each combination
    row[list(readings.ruled_out)] = NONE
    possible = row != NONE
    weight = np.bincount(row[possible], minlength=len(numbers))
    breaches = np.where(possible, breached.sum(axis=1)[row], 0)
    nearest = np.full(len(numbers), len(row), np.int64)
    np.minimum.at(nearest, row[possible], np.flatnonzero(possible))
    default = breached[row[0]]
    turning = np.zeros(len(subjects), np.int64)
    for bit, name in enumerate(readings.choices):
        alone = np.unique(row[readings.alone[name]])
        turning |= np.any(breached[alone[alone != NONE]] != default, axis=0).astype(np.int64) << bit
    measured: Mask = np.logical_or.reduce(found.measured[weight > 0], axis=0)
    table = Settled(
        subjects.astype(np.int64),
        measured,
        default,
        np.full(len(subjects), weight.sum()),
        weight @ breached,
        _nearest(breached[weight > 0], nearest[weight > 0]),
        _nearest(~breached[weight > 0], nearest[weight > 0]),
        turning,
    )
    return table, breaches


def _nearest(holds: Mask, nearest: Rows) -> Rows:
    """For each row the first of the combinations under which it ``holds``; -1 for none."""
    order = np.argsort(nearest)
    first = order[np.argmax(holds[order], axis=0)]
    return np.where(holds.any(axis=0), nearest[first], NONE)


def dispute_of(
    policy: int,
    readings: ClauseReadings,
    parts: list[tuple[Settled, Rows]],
    periods: tuple[ServicePeriod, ...] | None = None,
) -> ClauseDispute:
    """One clause from its parts, by subject; what no combination measures is left out."""
    table = Settled.concat([table for table, _ in parts] or [_nothing()])
    table = table.take(np.argsort(table.subject, kind="stable"))
    table = table.take(table.measured)
    breaches = np.sum([count for _, count in parts], axis=0, dtype=np.int64)
    breaches = np.broadcast_to(breaches, len(readings.combinations))
    standing = _standing(table, whole=not readings.left_out)
    return ClauseDispute(policy, readings.clause, readings, table, standing, breaches, periods)


def _standing(table: Settled, *, whole: bool) -> Small:
    never, always = table.breached_in == 0, table.breached_in == table.evaluated
    agreed = [Standing.CLEAR, Standing.SOLID] if whole else [Standing.UNSETTLED] * 2
    return np.select([never, always], agreed, Standing.ARGUABLE).astype(np.int8)


def _nothing() -> Settled:
    empty = np.zeros(0, np.int64)
    return Settled(empty, empty == 1, empty == 1, empty, empty, empty, empty, empty)
