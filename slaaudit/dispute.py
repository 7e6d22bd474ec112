"""The audit under every combination of readings: which breaches stand whatever the contract is taken to mean.

A clause's tickets are audited under each meaning that its readings can give it, but only where that meaning can
differ for them: a ticket that never waited is not audited again for what a pause means. What is left is exact: each
ticket has a verdict under every combination.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.breaches import Found, Shard, Some
from slaaudit.evidence.tables import NONE, Mask, Rows, Small, Table
from slaaudit.meanings import NOTHING, Kind, Meanings, kinds
from slaaudit.policy.variants import clauses_of, readings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.variants import ClauseReadings

MAX_COMBINATIONS = 10_000
_SHARD = 50_000


class Standing(IntEnum):
    """Whether a breach stands. ``UNSETTLED``: not every combination was evaluated, and those that were agree."""

    CLEAR = 0  # a breach under no reading
    ARGUABLE = 1  # under some
    SOLID = 2  # under every one
    UNSETTLED = 3


@dataclass(frozen=True)
class Settled(Table):
    """One row a ticket that a clause measures under some reading.

    ``ticket`` indexes ``Audit.evidence.tickets``; ``breached`` is under the choices in force; ``breached_in`` counts
    combinations out of ``evaluated``; choices that contradict each other are no combination. ``makes`` and ``saves``
    are places in ``ClauseReadings.combinations``: the fewest changes under which the ticket is, or is not, breached;
    -1 where there is none. ``turning`` has bit i set where the i-th of ``ClauseReadings.choices`` turns it alone.
    """

    ticket: Rows
    measured: Mask
    breached: Mask
    evaluated: Rows
    breached_in: Rows
    makes: Rows
    saves: Rows
    turning: Rows


@dataclass(frozen=True)
class ClauseDispute:
    """One clause of one policy under its readings.

    ``standing`` has a ``Standing`` for each row of ``table``; ``breaches`` counts the tickets that are breached under
    each combination.
    """

    policy: int
    clause: str
    readings: ClauseReadings
    table: Settled
    standing: Small
    breaches: Rows


def disputes(
    audit: Audit, limit: int = MAX_COMBINATIONS, step: Callable[[str], None] = lambda _: None
) -> tuple[ClauseDispute, ...]:
    """Every clause about tickets under all of its readings, at most ``limit`` combinations a clause.

    ``step`` is told what is being done.
    """
    found: list[ClauseDispute] = []
    for number, loaded in enumerate(audit.policies):
        for clause in clauses_of(loaded):
            step(f"Auditing {clause} under its readings")
            readings = readings_of(loaded, clause, limit)
            if any(variant.has_targets for variant in readings.variants):
                found.append(_dispute(audit, number, readings))
    return tuple(found)


def _dispute(audit: Audit, number: int, readings: ClauseReadings) -> ClauseDispute:
    meanings = Meanings(audit.policies[number], readings, audit.evidence, audit.as_of)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        shards = audit.evidence.shards(_SHARD)
        parts = list(pool.map(lambda one: _part(one[0], one[1], audit, meanings), shards))
    table = Settled.concat([table for part in parts for table, _ in part] or [_nothing()])
    table = table.take(np.argsort(table.ticket, kind="stable"))
    table = table.take(table.measured)
    breaches = np.sum([count for part in parts for _, count in part], axis=0, dtype=np.int64)
    standing = _standing(table, whole=not readings.left_out)
    breaches = np.broadcast_to(breaches, len(readings.combinations))
    return ClauseDispute(number, readings.clause, readings, table, standing, breaches)


def own_rows(audit: Audit, one: ClauseDispute) -> Rows:
    """The measurements of a disputed clause under the choices in force; none where these know no such clause."""
    rows = audit.measurements
    clauses = list(audit.policies[one.policy].policy.clauses)
    place = clauses.index(one.clause) if one.clause in clauses else NONE
    return np.flatnonzero((rows.policy == one.policy) & (rows.clause == place))


def _standing(table: Settled, *, whole: bool) -> Small:
    never, always = table.breached_in == 0, table.breached_in == table.evaluated
    agreed = [Standing.CLEAR, Standing.SOLID] if whole else [Standing.UNSETTLED] * 2
    return np.select([never, always], agreed, Standing.ARGUABLE).astype(np.int8)


def _part(first: int, evidence: Evidence, audit: Audit, meanings: Meanings) -> list[tuple[Settled, Rows]]:
    """For each kind of ticket in a shard, its tickets, and how many are breached under each combination."""
    shard = Shard(evidence, audit.as_of, audit.period)
    by_kind: dict[tuple[int, int], Rows] = {}
    codes = np.stack([kinds(evidence, shard.line), meanings.excluded(evidence)], axis=1)
    found_kinds, which = np.unique(codes, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    edges = np.cumsum(np.bincount(which.ravel(), minlength=len(found_kinds)))[:-1]
    for (kind, rules), tickets in zip(found_kinds.tolist(), np.split(order, edges), strict=True):
        by_kind[kind, rules] = tickets
    chosen = {kind: _chosen(meanings.groups(kind)) for kind in by_kind}
    outcomes = _outcomes(shard, by_kind, chosen, meanings)
    return [
        _settled(own + first, outcomes[kind], meanings.groups(kind), list(chosen[kind]), meanings.readings)
        for kind, own in by_kind.items()
    ]


def _chosen(group: Rows) -> dict[int, int]:
    """For each group the variant that stands for it: the nearest to the choices in force."""
    numbers, first = np.unique(group, return_index=True)
    return {number: place for number, place in zip(numbers.tolist(), first.tolist(), strict=True) if number != NONE}


def _outcomes(
    shard: Shard, by_kind: dict[Kind, Rows], chosen: dict[Kind, dict[int, int]], meanings: Meanings
) -> dict[Kind, Found]:
    """For each kind what every group finds of its tickets: a row a group.

    A variant is asked only about the tickets of the kinds for which it stands.
    """
    found = {kind: Found(*(np.zeros((len(chosen[kind]), len(own)), np.bool_) for _ in "12"))
             for kind, own in by_kind.items()}  # fmt: skip
    asked: dict[int, list[tuple[Kind, int]]] = {}
    for kind, groups in chosen.items():
        for row, (number, place) in enumerate(groups.items()):
            if number != NOTHING:
                asked.setdefault(place, []).append((kind, row))
    together: dict[tuple[Kind, ...], list[int]] = {}
    for place, whom in asked.items():
        together.setdefault(tuple(kind for kind, _ in whom), []).append(place)
    for whom, places in together.items():
        tickets = np.concatenate([by_kind[kind] for kind in whom])
        order = np.argsort(tickets)
        some = Some(shard, tickets[order])
        ends = np.cumsum([len(by_kind[kind]) for kind in whom])[:-1]
        for place in places:
            ground = meanings.ground(place)
            if ground is None:
                continue
            outcome = some.found(ground)
            for column, target in zip(outcome, ("breached", "measured"), strict=True):
                back = np.empty(len(order), np.bool_)
                back[order] = column
                for (kind, row), part in zip(asked[place], np.split(back, ends), strict=True):
                    getattr(found[kind], target)[row] = part
    return found


def _settled(
    tickets: Rows, found: Found, group: Rows, numbers: list[int], readings: ClauseReadings
) -> tuple[Settled, Rows]:
    """Tickets of one kind. ``found`` has a row for each of the groups ``numbers``."""
    breached = found.breached
    row_of_group = np.full(int(group.max()) + 1, NONE, np.int64)
    row_of_group[numbers] = np.arange(len(numbers))
    of_variant = group[readings.variant_of]
    row = np.where(of_variant == NONE, NONE, row_of_group[of_variant])  # of each combination
    possible = row != NONE
    weight = np.bincount(row[possible], minlength=len(numbers))
    breaches = np.where(possible, breached.sum(axis=1)[row], 0)
    nearest = np.full(len(numbers), len(row), np.int64)
    np.minimum.at(nearest, row[possible], np.flatnonzero(possible))
    default = breached[row[0]]
    turning = np.zeros(len(tickets), np.int64)
    for bit, name in enumerate(readings.choices):
        alone = np.unique(row[readings.alone[name]])
        turning |= np.any(breached[alone[alone != NONE]] != default, axis=0).astype(np.int64) << bit
    table = Settled(
        tickets.astype(np.int64),
        found.measured.any(axis=0),
        default,
        np.full(len(tickets), weight.sum()),
        weight @ breached,
        _nearest(breached, nearest),
        _nearest(~breached, nearest),
        turning,
    )
    return table, breaches


def _nearest(holds: Mask, nearest: Rows) -> Rows:
    """For each ticket the first of the combinations under which it ``holds``; -1 for none."""
    order = np.argsort(nearest)
    first = order[np.argmax(holds[order], axis=0)]
    return np.where(holds.any(axis=0), nearest[first], NONE)


def _nothing() -> Settled:
    empty = np.zeros(0, np.int64)
    return Settled(empty, empty == 1, empty == 1, empty, empty, empty, empty, empty)
