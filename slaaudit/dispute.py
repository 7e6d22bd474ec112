"""The audit under every combination of readings: which breaches stand whatever the contract is taken to mean.

A clause's tickets are audited under each meaning that its readings can give it, but only where that meaning can
differ for them: a ticket that never waited is not audited again for what a pause means. What is left is exact: each
ticket has a verdict under every combination.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.breaches import Shard, Some
from slaaudit.evidence.tables import NONE, Rows
from slaaudit.meanings import NOTHING, Kind, Meanings, kinds
from slaaudit.policy.consistent import readings_of_all
from slaaudit.standing import Breaches, ClauseDispute, Settled, dispute_of, settled
from slaaudit.steps import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.variants import ClauseReadings

MAX_COMBINATIONS = 10_000
_SHARD = 50_000


def disputes(
    audit: Audit, limit: int = MAX_COMBINATIONS, step: Callable[..., None] = lambda *_: None
) -> tuple[ClauseDispute, ...]:
    """Every clause about tickets under all of its readings, at most ``limit`` combinations a clause.

    ``step`` is told what is being done.
    """
    found = [
        dispute(audit, number, readings, step)
        for number, loaded in enumerate(audit.policies)
        for readings in readings_of_all(loaded, limit).values()
    ]
    return tuple(one for one in found if one is not None)


def dispute(
    audit: Audit, number: int, readings: ClauseReadings, step: Callable[..., None] = lambda *_: None
) -> ClauseDispute | None:
    """One clause of the policy of that number under all of its readings; None where none gives it targets."""
    if not any(variant.has_targets for variant in readings.variants):
        return None
    return _dispute(audit, number, readings, step)


def _dispute(audit: Audit, number: int, readings: ClauseReadings, step: Callable[..., None]) -> ClauseDispute:
    meanings = Meanings(audit.policies[number], readings, audit.evidence, audit.as_of)
    shards = list(audit.evidence.shards(_SHARD))
    tally = Tally(step, f"Auditing readings of {readings.clause}", len(shards) * len(readings.variants))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        parts = list(pool.map(lambda one: _part(one[0], one[1], audit, meanings, tally), shards))
    return dispute_of(number, readings, [each for part in parts for each in part])


def own_rows(audit: Audit, one: ClauseDispute) -> Rows:
    """The measurements of a disputed clause under the choices in force; none where these know no such clause."""
    rows = audit.measurements
    clauses = list(audit.policies[one.policy].policy.clauses)
    place = clauses.index(one.clause) if one.clause in clauses else NONE
    return np.flatnonzero((rows.policy == one.policy) & (rows.clause == place))


def _part(first: int, evidence: Evidence, audit: Audit, meanings: Meanings, tally: Tally) -> list[tuple[Settled, Rows]]:
    """For each kind of ticket in a shard, its tickets, and how many are breached under each combination."""
    shard = Shard(evidence, audit.as_of, audit.period)
    codes = np.stack([kinds(evidence, shard.line), meanings.excluded(evidence)], axis=1)
    found_kinds, which = np.unique(codes, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    edges = np.cumsum(np.bincount(which.ravel(), minlength=len(found_kinds)))[:-1]
    tickets = np.split(order, edges)
    by_kind = {(kind, rules): own for (kind, rules), own in zip(found_kinds.tolist(), tickets, strict=True)}
    chosen = {kind: _chosen(meanings.groups(kind)) for kind in by_kind}
    outcomes = _outcomes(shard, by_kind, chosen, meanings, tally)
    return [
        settled(own + first, outcomes[kind], meanings.groups(kind), list(chosen[kind]), meanings.readings)
        for kind, own in by_kind.items()
    ]


def _chosen(group: Rows) -> dict[int, int]:
    """For each group the variant that stands for it: the nearest to the choices in force."""
    numbers, first = np.unique(group, return_index=True)
    return {number: place for number, place in zip(numbers.tolist(), first.tolist(), strict=True) if number != NONE}


def _outcomes(
    shard: Shard, by_kind: dict[Kind, Rows], chosen: dict[Kind, dict[int, int]], meanings: Meanings, tally: Tally
) -> dict[Kind, Breaches]:
    """For each kind what every group finds of its tickets: a row a group.

    A variant is asked only about the tickets of the kinds for which it stands; one that stands for none is done.
    """
    found: dict[Kind, Breaches] = {}
    for kind, tickets in by_kind.items():
        shape = len(chosen[kind]), len(tickets)
        found[kind] = Breaches(np.zeros(shape, np.bool_), np.zeros(shape, np.bool_))
    asked: dict[int, list[tuple[Kind, int]]] = {}
    for kind, groups in chosen.items():
        for row, (number, place) in enumerate(groups.items()):
            if number != NOTHING:
                asked.setdefault(place, []).append((kind, row))
    tally.add(len(meanings.readings.variants) - len(asked))
    together: dict[tuple[Kind, ...], list[int]] = {}
    for place, asking in asked.items():
        together.setdefault(tuple(kind for kind, _ in asking), []).append(place)
    for whom, places in together.items():
        whose = np.concatenate([by_kind[kind] for kind in whom])
        order = np.argsort(whose)
        some = Some(shard, whose[order])
        ends = np.cumsum([len(by_kind[kind]) for kind in whom])[:-1]
        back = np.empty((2, len(order)), np.bool_)
        for place in places:
            tally.add()
            ground = meanings.ground(place)
            if ground is None:
                continue
            back[:, order] = some.found(ground)
            for (kind, row), own in zip(asked[place], np.split(back, ends, axis=1), strict=True):
                found[kind].breached[row], found[kind].measured[row] = own
    return found
