"""Clocks as they stood when something was changed: the same measurement, of the ticket's record up to there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Actor, Kind, Mask, Rows, State
from slaaudit.moments import Happening, Moments, bits
from slaaudit.policy.model import TicketClause
from slaaudit.results import Measurements, Verdict
from slaaudit.shard import measured_tickets
from slaaudit.timeline import Timeline
from slaaudit.totals import used_share

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.ground import Ground
    from slaaudit.policy import LoadedPolicy

_SPOKEN = Happening.VENDOR_REPLY | Happening.CUSTOMER_REPLY | Happening.VENDOR_UPDATE


@dataclass(frozen=True)
class Asked:
    """Events that are asked about: what a ticket's clocks had used by then, by its log before ``since``.

    ``event`` is the position of the event itself; ``since`` lies at its instant, or right after it. ``until`` is the
    position of the next event that undoes it at the same instant, -1 where none does: then a clock is concerned only if
    it stopped between the two.
    """

    event: Rows
    since: Rows
    until: Rows

    def take(self, kept: Mask) -> Asked:
        """Some of them."""
        return Asked(self.event[kept], self.since[kept], self.until[kept])


@dataclass(frozen=True)
class Then:
    """The clocks that some events concern, as they stood then.

    ``event`` are the events' positions, ``since`` as in ``Asked``; ``used`` is the share of the target in hundredths of
    a percent, and ``over`` marks the clocks that had passed it. ``rows`` are the measurements.
    """

    rows: Measurements
    event: Rows
    since: Rows
    used: Rows
    over: Mask


def clocks_before(asked: Asked, audit: Audit, moments: Moments, ground: Ground) -> Then:
    """The clocks with a target that were open then, or whose stop was taken back later.

    Left out is what nobody can know: clocks of unknown verdict, and what an unknown status or an unknown author may
    have changed before the event.
    """
    line = moments.timeline
    asked = asked.take(~_state_unknown(asked, line))
    ticket = line.log.ticket[asked.event].astype(np.int64)
    cut = _up_to(asked, moments)
    copies = replace(audit.evidence, tickets=audit.evidence.tickets.take(ticket), events=cut.timeline.log)
    rows, _ = measured_tickets(copies, cut, ground)
    counted = np.isin(rows.verdict, np.array([Verdict.RUNNING, Verdict.BREACHED, Verdict.MET], np.int8))
    rows = rows.take(counted & (rows.target != MISSING) & (rows.start_event != NONE))
    number = rows.ticket.astype(np.int64)
    start = rows.start_event - cut.timeline.first[number] + line.first[ticket[number]]
    kept = _goes_on(rows, start, asked, audit) & ~_author_unknown(rows, start, asked, audit, line)
    rows = rows.take(kept)
    number = number[kept]
    return Then(rows, asked.event[number], asked.since[number], used_share(rows), rows.elapsed > rows.target)


def _goes_on(rows: Measurements, start: Rows, asked: Asked, audit: Audit) -> Mask:
    """Whether the audit has a measurement of each clock that its event still concerns.

    A clock is known by its clause and the event that started it.
    """
    table = audit.measurements
    number = rows.ticket.astype(np.int64)
    mine = np.zeros(len(audit.evidence.tickets), np.bool_)
    mine[audit.log.ticket[asked.event]] = True
    known = np.flatnonzero(mine[table.ticket] & (table.verdict != Verdict.UNKNOWN) & (table.start_event != NONE))
    keys = _key(table.start_event[known], table.clause[known])
    order = np.argsort(keys, kind="stable")
    keys, known = keys[order], known[order]
    wanted = _key(start, rows.clause)
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    if not len(keys):
        return np.zeros(len(rows), np.bool_)
    stop = table.stop_event[known[place]]
    event, until = asked.event[number], asked.until[number]
    is_open = stop == NONE
    lasting = np.where(until == NONE, is_open | (stop >= event), ~is_open & (stop >= event) & (stop < until))
    found: Mask = (keys[place] == wanted) & lasting
    return found


def _key(start: Rows, clause: np.ndarray) -> Rows:
    found: Rows = start * 32_768 + clause
    return found


def _state_unknown(asked: Asked, line: Timeline) -> Mask:
    """Whether a status of unknown meaning comes before each event in its ticket."""
    unknown = np.flatnonzero((line.state == State.UNKNOWN) | (line.before == State.UNKNOWN))
    first = line.first[line.log.ticket[asked.event]]
    found: Mask = np.searchsorted(unknown, asked.since) > np.searchsorted(unknown, first)
    return found


def _author_unknown(rows: Measurements, start: Rows, asked: Asked, audit: Audit, line: Timeline) -> Mask:
    """Whether somebody unknown wrote between each clock's start and its event, where that may have stopped it."""
    unknown = np.flatnonzero((line.log.kind == Kind.REPLY) & (line.log.actor == Actor.UNKNOWN))
    found = np.zeros(len(rows), np.bool_)
    if not len(unknown):
        return found
    between = np.searchsorted(unknown, asked.since[rows.ticket]) > np.searchsorted(unknown, start)
    for number, loaded in enumerate(audit.policies):
        for place, clause in enumerate(loaded.policy.clauses.values()):
            if isinstance(clause, TicketClause) and bits(clause.stops + clause.starts) & _SPOKEN:
                found |= between & (rows.policy == number) & (rows.clause == place)
    return found


def held_by_current(ground: Ground) -> Ground:
    """The ground with every clock held against the severity in force, whichever rule the policy has for changes.

    A clock that each change of severity restarts stays one.
    """
    return replace(ground, policies=tuple(map(_by_current, ground.policies)))


def _by_current(loaded: LoadedPolicy) -> LoadedPolicy:
    clauses = {
        name: clause.model_copy(update={"clock": clause.clock.model_copy(update={"severity": "current"})})
        if isinstance(clause, TicketClause) and clause.clock.severity != "restart"
        else clause
        for name, clause in loaded.policy.clauses.items()
    }
    return replace(loaded, policy=loaded.policy.model_copy(update={"clauses": clauses}))


def _up_to(asked: Asked, moments: Moments) -> Moments:
    """A timeline with a ticket for each event: what its ticket's log holds before ``since``, seen at its instant.

    States and severities are those of the whole timeline, which knows what a ticket began with.
    """
    line, positions = moments.timeline, asked.since
    ticket = line.log.ticket[asked.event]
    since = line.first[ticket]
    count = positions - since
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    at = np.repeat(since - first[:-1], count) + np.arange(first[-1])
    log = replace(line.log.take(at), ticket=np.repeat(np.arange(len(positions), dtype=np.int32), count))
    created = line.created[ticket]
    known = (created != NONE) & (created < positions)
    cut = Timeline(
        log=log,
        first=first,
        created=np.where(known, created - since + first[:-1], NONE),
        before=line.before[at],
        state=line.state[at],
        severity=line.severity[at],
        severities=line.severities,
        ends=line.log.at[asked.event],
        early_reply=line.early_reply[ticket],
        as_of=line.as_of,
        merged=0,
        later=0,
    )
    return Moments(cut, moments.found.take(at))
