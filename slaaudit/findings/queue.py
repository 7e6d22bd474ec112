"""First in, first out: tickets that a later one of the same severity overtook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit import conditions
from slaaudit.evidence.tables import MISSING, NONE, Flag, Instants, Mask, Rows, State
from slaaudit.findings.table import Finding, Findings, first_of_each, rows_of
from slaaudit.moments import Happening

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.evidence.tables import Evidence
    from slaaudit.findings.replies import Replies
    from slaaudit.governing import Levels
    from slaaudit.policy.model import OrderClause
    from slaaudit.timeline import Timeline


@dataclass(frozen=True)
class Queue:
    """What a clause of measure ``order`` is held against: what happened, the policy's levels and its calendars."""

    evidence: Evidence
    replies: Replies
    levels: Levels
    fields: conditions.Fields
    calendars: Mapping[str, CompiledCalendar]

    def concerned(self, clause: OrderClause) -> Mask:
        """The tickets that the clause is about: those that it applies to as far as is known, less what it excludes.

        Tickets that were answered as they were logged stand in no queue.
        """
        tickets = self.evidence.tickets
        every = np.arange(len(tickets), dtype=np.int32)
        created = np.where(tickets.created_at == MISSING, 0, tickets.created_at)
        kept = ~conditions.fields_matched(clause.applies.fields, every, self.fields).no & ~self.replies.live
        kept &= conditions.arrival_matched(clause.applies, conditions.Rows(every, created, created), self.calendars)
        for rule in clause.excludes.values():
            kept &= ~conditions.fields_matched(rule.fields, every, self.fields).yes
        return kept


def overtaken(clause: OrderClause, place: int, policy: int, in_force: Mask, queue: Queue) -> Findings:
    """Each ticket that still stood in the queue when a later one of its severity got its first answer.

    A ticket stands in the queue from its creation to its first answer, its solution or its cancellation; the severity
    is that which both held when the later one was answered. Of those that overtook it the one that came last is named.
    """
    line = queue.levels.timeline
    stands = in_force & queue.concerned(clause) & _seen_to_stand(queue)
    answers = queue.replies.moments.positions(Happening.VENDOR_REPLY)
    answers = answers[answers > line.created[line.log.ticket[answers]]]
    answers = answers[first_of_each(line.log.ticket[answers])]
    answers = answers[stands[line.log.ticket[answers]] & _certain(answers, line)]
    spans, from_at, to_at = _stood(queue, stands)
    level = queue.levels.level
    found = [
        _passed(spans[own], (from_at[own], to_at[own]), answers[level[answers] == each], queue)
        for each in range(queue.levels.known)
        if len(own := np.flatnonzero(level[spans] == each))
    ]
    pairs = np.concatenate([np.zeros((2, 0), np.int64), *found], axis=1)
    arrived = queue.evidence.tickets.created_at[line.log.ticket[pairs[1]]]
    pairs = pairs[:, np.lexsort((-arrived, line.log.ticket[pairs[0]]))]
    event, answer = pairs[:, first_of_each(line.log.ticket[pairs[0]])]
    ticket, other = line.log.ticket[event], line.log.ticket[answer]
    return rows_of(
        Finding.OVERTAKEN, ticket, line.log.at[answer], line.created[ticket], second=line.created[other], third=answer,
        policy=np.full(len(ticket), policy), clause=np.full(len(ticket), place),
        other=queue.evidence.tickets.ids.codes[other],
    )  # fmt: skip


def _seen_to_stand(queue: Queue) -> Mask:
    """Tickets whose creation was seen, for certain, in an export that would show an answer."""
    line = queue.levels.timeline
    known = np.flatnonzero(line.created != NONE)
    created = line.created[known]
    found = np.zeros(len(line.created), np.bool_)
    found[known] = queue.replies.silent(created) & _certain(created, line)
    return found


def _certain(events: Rows, line: Timeline) -> Mask:
    """Which of these events do not stand at a local time that a clock change repeats."""
    found: Mask = (line.log.flags[events] & Flag.LOCAL_AMBIGUOUS) == 0
    return found


def _stood(queue: Queue, stands: Mask) -> tuple[Rows, Instants, Instants]:
    """The stretches of one severity in which tickets stood in the queue: the event that began each, from, to.

    One that still stands there as of the end of the record does so at that instant, too.
    """
    line = queue.levels.timeline
    moments = queue.replies.moments
    leaves = np.zeros(len(line.log), np.bool_)
    for positions in (queue.replies.positions, moments.positions(Happening.RESOLVED | Happening.CLOSED)):
        leaves[positions] = True
    leaving = np.flatnonzero(leaves)
    leaving = leaving[first_of_each(line.log.ticket[leaving])]
    left_at = np.where(line.last_state == State.CANCELLED, line.ends, line.as_of + 1)
    left_at[line.log.ticket[leaving]] = line.log.at[leaving]
    spans = line.spans
    ticket = line.log.ticket[spans.event]
    last = np.append(ticket[1:] != ticket[:-1], True)[: len(ticket)]
    from_at = np.maximum(spans.from_at, queue.evidence.tickets.created_at[ticket])
    to_at = np.where(last, left_at[ticket], np.minimum(spans.to_at, left_at[ticket]))
    kept = np.flatnonzero(stands[ticket] & (from_at < to_at))
    return spans.event[kept], from_at[kept], to_at[kept]


def _passed(spans: Rows, stood: tuple[Instants, Instants], answers: Rows, queue: Queue) -> Rows:
    """Stretches in which a later ticket of the same severity was answered: the event of each, and that answer."""
    log, created_at = queue.levels.timeline.log, queue.evidence.tickets.created_at
    answers = answers[np.argsort(log.at[answers], kind="stable")]
    arrived, answered = created_at[log.ticket[answers]], log.at[answers]
    low, high = (np.searchsorted(answered, at, side="left") for at in stood)
    some = np.flatnonzero(low < high)
    latest = _largest(arrived, low[some], high[some])
    later = arrived[latest] > created_at[log.ticket[spans[some]]]
    return np.stack([spans[some[later]], answers[latest[later]]])


def _largest(values: Instants, low: Rows, high: Rows) -> Rows:
    """The place of a largest value between each ``low`` and ``high``; none of these stretches is empty.

    >>> _largest(np.array([5, 9, 2, 7]), np.array([0, 2, 3]), np.array([2, 4, 4]))
    array([1, 3, 3])
    """
    found = np.zeros(len(low), np.int64)
    power = np.frexp((high - low).astype(np.float64))[1] - 1  # the largest 2**power that fits twice, overlapping
    best = np.arange(len(values), dtype=np.int64)  # of the 2**k values from each place on
    for k in range(int(power.max(initial=-1)) + 1):
        own = np.flatnonzero(power == k)
        found[own] = _larger(values, best[low[own]], best[high[own] - 2**k])
        best = _larger(values, best[: -(2**k)], best[2**k :])
    return found


def _larger(values: Instants, one: Rows, other: Rows) -> Rows:
    return np.where(values[one] >= values[other], one, other)
