"""When a clause's clock starts and stops: rules over the timeline, before any calendar is asked.

Positions are indexes into the timeline's log; -1 stands for none. At one instant the log's order decides, so all
rules compare positions and never times.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit.evidence.tables import NONE, Actor, Codes, Kind, Mask, Rows, State, Table

if TYPE_CHECKING:
    from slaaudit.policy.model import Moment, TicketClause
    from slaaudit.timeline import Timeline

Bits = npt.NDArray[np.int16]


class Happening(IntFlag):
    """The moments that one event can be at once."""

    CREATED = 1
    REPORTED = 2
    ASSIGNED = 4
    VENDOR_REPLY = 8
    CUSTOMER_REPLY = 16
    VENDOR_UPDATE = 32
    WORKAROUND = 64
    RESOLVED = 128
    CLOSED = 256
    REOPENED = 512


FINISHING = Happening.RESOLVED | Happening.CLOSED


@dataclass(frozen=True)
class Clocks(Table):
    """One row a clock: where it starts and stops in the log (``stop`` is -1 while it is open).

    ``live`` marks clocks that the vendor answered as it logged the ticket; ``fresh`` those that start at a
    reopening instead of at their own moment.
    """

    ticket: Codes
    start: Rows
    stop: Rows
    live: Mask
    fresh: Mask


def bits(moments: tuple[Moment, ...]) -> Happening:
    """The moments of a policy as bits."""
    combined = Happening(0)
    for moment in moments:
        combined |= Happening[moment.upper().replace("-", "_")]
    return combined


def happenings(timeline: Timeline) -> Bits:
    """What each event of the log is, as ``Happening`` bits."""
    log = timeline.log
    found = _SPOKEN.take(log.kind * len(Actor) + log.actor)
    found[timeline.created[timeline.created != NONE]] |= Happening.CREATED
    status = np.flatnonzero(log.kind == Kind.STATUS)
    state, before = timeline.state.take(status), timeline.before.take(status)
    finished, was_finished = is_finished(state), is_finished(before)
    moved = np.zeros(len(status), np.int16)
    for moment, mask in (
        (Happening.RESOLVED, finished & ~was_finished),
        (Happening.CLOSED, (state == State.CLOSED) & (before != State.CLOSED)),
        (Happening.REOPENED, was_finished & ~finished & (state != State.CANCELLED)),
    ):
        moved[mask] |= moment
    found[status] |= moved
    found[_vendor_changes(timeline)] |= Happening.VENDOR_UPDATE
    return found


def _spoken() -> Bits:
    """What an event of each kind by each actor is, whatever the states: one entry a kind and actor."""
    table = np.zeros((len(Kind), len(Actor)), np.int16)
    table[Kind.REPORTED] = Happening.REPORTED
    table[Kind.ASSIGNED] = Happening.ASSIGNED
    table[Kind.WORKAROUND] = Happening.WORKAROUND
    table[Kind.REPLY, Actor.VENDOR] = Happening.VENDOR_REPLY
    table[Kind.REPLY, Actor.CUSTOMER] = Happening.CUSTOMER_REPLY
    for kind in (Kind.REPLY, Kind.NOTE, Kind.ASSIGNED):
        table[kind, Actor.VENDOR] |= Happening.VENDOR_UPDATE
    return table.ravel()


_SPOKEN = _spoken()


def _vendor_changes(timeline: Timeline) -> Rows:
    """The vendor's changes of status and severity.

    What a ticket is created with is no change, nor is a severity that stays the same.
    """
    log, severity = timeline.log, timeline.severity
    change = np.flatnonzero((log.actor == Actor.VENDOR) & ((log.kind == Kind.STATUS) | (log.kind == Kind.SEVERITY)))
    if not len(change):
        return change
    ticket = log.ticket.take(change)
    at_creation = log.at.take(change) == log.at.take(np.maximum(timeline.created, 0)).take(ticket)
    before = np.maximum(change - 1, 0)
    other = (severity.take(change) != severity.take(before)) & (log.ticket.take(before) == ticket) & (change > 0)
    found: Rows = change[~at_creation & ((log.kind.take(change) == Kind.STATUS) | other)]
    return found


def is_finished(states: npt.NDArray[np.int8]) -> Mask:
    """Whether each state is resolved or closed."""
    found: Mask = (states == State.RESOLVED) | (states == State.CLOSED)
    return found


@dataclass(frozen=True)
class Moments:
    """The timeline's moments, and look-ups among them that never leave a ticket."""

    timeline: Timeline
    found: Bits
    _positions: dict[Happening, Rows] = field(default_factory=dict)

    def positions(self, wanted: Happening) -> Rows:
        """The positions at which any of the wanted moments happens. They are found once: clauses ask for the same."""
        if wanted not in self._positions:
            self._positions[wanted] = np.flatnonzero((self.found & np.int16(wanted)) != 0).astype(np.int64)
        return self._positions[wanted]

    def after(self, positions: Rows, places: Rows) -> Rows:
        """For each place, the first of ``positions`` after it in the same ticket; -1 where there is none."""
        if not len(positions) or not len(places):
            return np.full(len(places), NONE, np.int64)
        at = self._until(positions).take(places)
        found = np.append(positions, len(self.found)).take(at)
        ends = self.timeline.first[1:].take(self.timeline.log.ticket.take(places))
        return np.where(found < ends, found, NONE)

    def count_before(self, positions: Rows, places: Rows) -> Rows:
        """How many of ``positions`` lie before each place, in any ticket."""
        return np.searchsorted(positions, places, side="left").astype(np.int64)

    def _until(self, positions: Rows) -> Codes:
        """How many of ``positions`` lie at or before each position of the log."""
        marks = np.zeros(len(self.found), np.bool_)
        marks[positions] = True
        return np.cumsum(marks, dtype=np.int32)


def clocks(clause: TicketClause, moments: Moments, answered_live: Mask) -> Clocks:
    """Every clock of a clause, by ticket and then by start. ``answered_live`` marks tickets."""
    if clause.measure == "next-response":
        return _next_responses(clause, moments)
    if clause.repeats:
        return _gaps(clause, moments)
    found = _once(clause, moments)
    live = answered_live[found.ticket] & _answers_at_start(clause) & ~found.fresh
    if not live.any():
        return found
    first = found.take(~(found.fresh & answered_live[found.ticket]))
    live = answered_live[first.ticket]
    return Clocks(first.ticket, first.start, np.where(live, first.start, first.stop), live, first.fresh)


def _answers_at_start(clause: TicketClause) -> bool:
    return set(clause.starts) <= {"created", "reported"} and "vendor-reply" in clause.stops


def _once(clause: TicketClause, moments: Moments) -> Clocks:
    """One clock a ticket, from the first of its start moments; more only where a reopening restarts it."""
    start = _first_starts(clause, moments)
    stops = bits(clause.stops)
    everything, reopened = moments.positions(stops), moments.positions(Happening.REOPENED)
    if not stops & FINISHING or clause.clock.reopening == "ignored" or not len(reopened):
        return _clocks(moments, start, moments.after(everything, start))
    finish, other = moments.positions(stops & FINISHING), moments.positions(stops & ~FINISHING)
    stands = moments.after(other, start)
    if clause.clock.reopening == "continues":
        stop = moments.after(finish, _last_reopening(moments, start, reopened))
        earlier = (stands != NONE) & ((stop == NONE) | (stands < stop))
        return _clocks(moments, start, np.where(earlier, stands, stop))
    fresh = _restarts(moments, start, stands, finish, reopened)
    starts = np.concatenate([start, fresh])
    order = np.argsort(starts, kind="stable")
    is_fresh = np.arange(len(starts)) >= len(start)
    return _clocks(moments, starts[order], moments.after(everything, starts[order]), is_fresh[order])


def _first_starts(clause: TicketClause, moments: Moments) -> Rows:
    """The position at which each ticket's clock starts, for the tickets where it does.

    ``reported`` is the report where one is known, else the creation; no other moment before the creation counts.
    """
    line = moments.timeline
    starts = bits(clause.starts)
    if Happening.REPORTED in starts:
        starts |= Happening.CREATED
    if starts == Happening.CREATED:
        seen: Rows = line.created[line.created != NONE]
        return seen
    found = moments.positions(starts)
    ticket = line.log.ticket.take(found)
    created = line.created.take(ticket)
    is_report = (moments.found.take(found) & Happening.REPORTED) != 0
    usable = (created != NONE) & ((found >= created) | is_report)
    found, ticket = found[usable], ticket[usable]
    if Happening.REPORTED in starts:
        reported = np.zeros(len(line.created), np.bool_)
        reported[ticket[is_report[usable]]] = True
        plain = (moments.found[found] & np.int16(bits(clause.starts) & ~Happening.REPORTED)) != 0
        kept = ~reported[ticket] | is_report[usable] | plain
        found, ticket = found[kept], ticket[kept]
    first = np.ones(len(found), np.bool_)
    first[1:] = ticket[1:] != ticket[:-1]
    starting: Rows = found[first]
    return starting


def _last_reopening(moments: Moments, start: Rows, reopened: Rows) -> Rows:
    """The last reopening of each clock's ticket where it comes after the clock's start, else the start."""
    ticket = moments.timeline.log.ticket[start]
    last = np.searchsorted(reopened, moments.timeline.first[ticket + 1], side="left") - 1
    found: Rows = np.maximum(start, np.append(reopened, NONE)[last])
    return found


def _restarts(moments: Moments, start: Rows, stands: Rows, finish: Rows, reopened: Rows) -> Rows:
    """The reopenings that start a new cycle: those that follow a finish of the clock, before any other stop of it."""
    line = moments.timeline
    ticket = line.log.ticket[reopened]
    began = np.full(len(line.created), len(line.log), np.int64)
    began[line.log.ticket[start]] = start
    settled = np.full(len(line.created), len(line.log), np.int64)
    has_other = stands != NONE
    settled[line.log.ticket[start[has_other]]] = stands[has_other]
    inside = (reopened > began[ticket]) & (reopened < settled[ticket])
    found, ticket = reopened[inside], ticket[inside]
    previous = began[ticket]
    again = np.flatnonzero(ticket[1:] == ticket[:-1]) + 1
    previous[again] = found[again - 1]
    finished_between = moments.count_before(finish, found) > moments.count_before(finish, previous + 1)
    return found[finished_between]


def _gaps(clause: TicketClause, moments: Moments) -> Clocks:
    """A clock from each start moment of an unfinished ticket, and from each reopening, to the next stop."""
    line = moments.timeline
    opening = moments.positions(bits(clause.starts))
    created = line.created[line.log.ticket[opening]]
    open_then = ~is_finished(line.state[opening]) & (line.state[opening] != State.CANCELLED)
    opening = opening[open_then & (created != NONE) & (opening > created)]
    reopened = moments.positions(Happening.REOPENED)
    start = np.union1d(opening, reopened)
    fresh = np.isin(start, reopened)
    return _clocks(moments, start, moments.after(moments.positions(bits(clause.stops)), start), fresh)


def _next_responses(clause: TicketClause, moments: Moments) -> Clocks:
    """A clock from the first customer reply that each answer leaves unanswered, once the vendor has replied at all.

    One made while the ticket is finished starts its clock at the reopening, unless it is answered before.
    """
    line = moments.timeline
    reply = moments.positions(bits(clause.starts))
    stop = moments.positions(bits(clause.stops))
    vendor = moments.positions(Happening.VENDOR_REPLY)
    ticket = line.log.ticket[reply]
    created = np.maximum(line.created[ticket], 0)
    counted = moments.count_before(vendor, reply) > moments.count_before(vendor, created)
    reply, ticket = reply[counted], ticket[counted]
    answers = moments.count_before(stop, reply)
    first = np.ones(len(reply), np.bool_)
    first[1:] = (ticket[1:] != ticket[:-1]) | (answers[1:] != answers[:-1])
    reply = reply[first]
    reopening = moments.after(moments.positions(Happening.REOPENED), reply)
    answered = moments.after(stop, reply)
    waits = is_finished(line.state[reply])
    reaches = (reopening != NONE) & ((answered == NONE) | (reopening < answered))
    start = np.where(waits, reopening, reply)
    kept = ~waits | reaches
    return _clocks(moments, start[kept], moments.after(stop, start[kept]), waits[kept])


def _clocks(moments: Moments, start: Rows, stop: Rows, fresh: Mask | None = None) -> Clocks:
    none = np.zeros(len(start), np.bool_)
    return Clocks(moments.timeline.log.ticket[start], start, stop, none, none if fresh is None else fresh)
