"""First in, first out: tickets that a later one of the same severity overtook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit import conditions
from slaaudit.evidence.tables import NONE, Mask, Rows
from slaaudit.findings.table import Finding, Findings, rows_of
from slaaudit.moments import Happening, Moments

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Evidence
    from slaaudit.governing import Levels
    from slaaudit.policy.model import OrderClause

_NEVER = int(np.iinfo(np.int64).max)


def overtaken(  # noqa: PLR0913  (the clause, the policy's number, and what happened)
    clause: OrderClause, place: int, policy: int, in_force: Mask, evidence: Evidence, moments: Moments, levels: Levels,
    fields: conditions.Fields,
) -> Findings:  # fmt: skip
    """Each ticket that still stood in the queue when a later one of its severity got its first answer.

    A ticket stands in the queue from its creation to its first answer, its solution or its cancellation. Its severity
    is the one held then. Of those that overtook it the one that was answered first is named.
    """
    line = moments.timeline
    count = len(line.created)
    answer = _first(moments, Happening.VENDOR_REPLY, count)
    leave = _first(moments, Happening.VENDOR_REPLY | Happening.RESOLVED | Happening.CLOSED, count)
    answered_at, left_at = _instants(answer, line.log.at), _instants(leave, line.log.at)
    left_at = np.where((leave == NONE) & (line.ends < line.as_of), line.ends, left_at)  # cancelled
    last = np.maximum(line.first[1:] - 1, 0)
    level = levels.level[np.where(leave != NONE, leave, last)] if len(levels.level) else np.zeros(count, np.int32)
    created_at = evidence.tickets.created_at
    stands = in_force & (line.created != NONE) & (level >= 0) & (level < levels.known)
    stands &= _concerned(clause, fields, count)
    found = [_of_one_level(np.flatnonzero(stands & (level == each)), created_at, answered_at, left_at)
             for each in range(levels.known)]  # fmt: skip
    ticket, other = (np.concatenate(column) for column in zip(*found, strict=True)) if found else (answer[:0],) * 2
    return rows_of(
        Finding.OVERTAKEN, ticket, answered_at[other], line.created[ticket], second=line.created[other],
        third=answer[other], policy=np.full(len(ticket), policy), clause=np.full(len(ticket), place), other=other,
    )  # fmt: skip


def _of_one_level(tickets: Rows, created_at: Rows, answered_at: Rows, left_at: Rows) -> tuple[Rows, Rows]:
    """The overtaken tickets of one severity, and for each the later one that was answered first."""
    order = tickets[np.argsort(created_at[tickets], kind="stable")]
    if not len(order):
        return order, order
    created, answered = created_at[order], answered_at[order]
    best = len(order) - 1 - np.maximum.accumulate(
        np.where(_new_minimum(answered[::-1]), np.arange(len(order)), 0)
    )[::-1]  # fmt: skip
    later = np.searchsorted(created, created, side="right")  # those created at the same instant are no later ones
    known = later < len(order)
    first = best[np.minimum(later, len(order) - 1)]
    passed = known & (answered[first] < left_at[order]) & (answered[first] != _NEVER)
    return order[passed], order[first[passed]]


def _new_minimum(values: Rows) -> Mask:
    """Marks each value that is at most all before it."""
    found: Mask = values <= np.minimum.accumulate(values)
    return found


def _first(moments: Moments, wanted: Happening, count: int) -> Rows:
    """The position of each ticket's first such moment, -1 where it has none."""
    found = np.full(count, NONE, np.int64)
    positions = moments.positions(wanted)[::-1]
    found[moments.timeline.log.ticket[positions]] = positions
    return found


def _instants(positions: Rows, at: Rows) -> Rows:
    return (
        np.where(positions == NONE, _NEVER, at[np.maximum(positions, 0)])
        if len(at)
        else np.full(len(positions), _NEVER)
    )


def _concerned(clause: OrderClause, fields: conditions.Fields, count: int) -> Mask:
    """The tickets that the clause is about: those that it applies to as far as is known, less what it excludes."""
    every = np.arange(count, dtype=np.int32)
    kept = ~conditions.fields_matched(clause.applies.fields, every, fields).no
    for rule in clause.excludes.values():
        kept &= ~conditions.fields_matched(rule.fields, every, fields).yes
    return kept
