"""The signs that one ticket's own log shows, kind by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import NONE, Actor, Doubt, Evidence, Flag, Instants, Kind, Mask, Rows, State
from slaaudit.findings.clocks_then import Asked
from slaaudit.findings.table import Finding, Findings, first_of_each, rows_of
from slaaudit.moments import Happening, Moments
from slaaudit.policy.model import TicketClause
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.findings.clocks_then import Then
    from slaaudit.findings.replies import Replies
    from slaaudit.governing import Levels
    from slaaudit.policy.model import AnyClause
    from slaaudit.timeline import Timeline


def downgrades(levels: Levels) -> Asked:
    """Changes by which a severity that the policy knows became a lesser one that it knows.

    Of several changes at one instant each is held against the severity before all of them. One that another follows
    counts only for a clock that stopped in between: it was held for no time.
    """
    log, changes = levels.timeline.log, levels.changes
    same = np.zeros(len(changes), np.bool_)
    same[1:] = (log.ticket[changes[1:]] == log.ticket[changes[:-1]]) & (log.at[changes[1:]] == log.at[changes[:-1]])
    since = changes[np.maximum.accumulate(np.where(same, 0, np.arange(len(changes))))]
    until = np.where(np.append(same[1:], False), np.append(changes[1:], NONE), NONE)[: len(changes)]
    before, after = levels.level[since - 1], levels.level[changes]
    return Asked(changes, since, until).take((before >= 0) & (after > before) & (after < levels.known))


def downgraded(then: Then, levels: Levels, near: int) -> list[Findings]:
    """Downgrades while a clock was past its target, or had used ``near`` of it or more.

    The target is that of the severity before. A clock that was finished under still another one has none to be held
    against.
    """
    found, line = [], levels.timeline
    before = then.rows.severity == levels.level[then.since - 1]
    for kind, mask in (
        (Finding.DOWNGRADED_AFTER_BREACH, before & then.over),
        (Finding.DOWNGRADED_NEAR_BREACH, before & ~then.over & (then.used >= near)),
    ):
        event, rows = then.event[mask], then.rows.take(mask)
        found.append(
            rows_of(
                kind, line.log.ticket[event], line.log.at[event], event, policy=rows.policy, clause=rows.clause,
                used=then.used[mask],
            )
        )  # fmt: skip
    return found


def pauses(line: Timeline, states: set[State]) -> Asked:
    """Changes by which a ticket comes into one of ``states``: each begins a pause of some clause, or goes on in one.

    A change that reopens the ticket is part of what is asked about: the severity that governs then is that of now.
    """
    into = np.flatnonzero((line.log.kind == Kind.STATUS) & _table(states)[line.state] & (line.state != line.before))
    return Asked(into, into + 1, np.full(len(into), NONE, np.int64))


def _table(states: set[State]) -> Mask:
    """Whether each state is one of ``states``."""
    return np.array([state in states for state in State], np.bool_)


def _lasts(event: Rows, holds: Mask, line: Timeline) -> Mask:
    """Whether what holds after each event still holds, without a break, when its instant is over."""
    broken = np.cumsum(~holds)
    found: Mask = broken[line.end_of_instant(event)] == broken[event]
    return found


def paused_states(clause: AnyClause) -> set[State]:
    """The states that a clause's clock pauses in, and could run in."""
    if not isinstance(clause, TicketClause):
        return set()
    never = {"closed", "cancelled"} | ({"resolved"} & set(clause.stops))
    return {State[state.upper()] for state in clause.clock.pauses if state not in never}


def paused_near_breach(then: Then, line: Timeline, audit: Audit, near: int) -> Findings:
    """Pauses, of some length, of a clock that had used ``near`` of its target and had not passed it."""
    rows, event = then.rows, then.event
    before = line.before[line.start_of_instant(event)]
    starts = np.zeros(len(rows), np.bool_)
    for number, loaded in enumerate(audit.policies):
        for place, clause in enumerate(loaded.policy.clauses.values()):
            paused = _table(paused_states(clause))
            own = (rows.policy == number) & (rows.clause == place)
            if own.any():
                comes = ~paused[line.before[event]] & paused[line.state[event]]
                starts |= own & comes & ~paused[before] & _lasts(event, paused[line.state], line)
    kept = starts & ~then.over & (then.used >= near)
    event = event[kept]
    return rows_of(
        Finding.PAUSED_NEAR_BREACH, line.log.ticket[event], line.log.at[event], event, policy=rows.policy[kept],
        clause=rows.clause[kept], used=then.used[kept],
    )  # fmt: skip


def paused_before_answer(replies: Replies) -> Findings:
    """The first time that a ticket waits or is on hold, for some time, before the vendor ever replied."""
    line = replies.moments.timeline
    waits = (line.state == State.WAITING) | (line.state == State.HOLD)
    held = np.flatnonzero(waits & (line.state != line.before) & (line.log.kind == Kind.STATUS))
    held = held[_lasts(held, waits, line)]
    held = held[first_of_each(line.log.ticket[held])]
    event = held[~replies.by(held) & replies.silent(held)]
    return rows_of(Finding.PAUSED_BEFORE_ANSWER, line.log.ticket[event], line.log.at[event], event)


def resolved_then_reopened(moments: Moments, within: int) -> Findings:
    """Reopenings by the customer within a while of the solution.

    A reopening that the system made is the customer's where the customer wrote between the two, or at the instant of
    the reopening.
    """
    line = moments.timeline
    log = line.log
    reopened = moments.positions(Happening.REOPENED)
    reopened = reopened[line.state[reopened] != State.UNKNOWN]
    resolved = moments.positions(Happening.RESOLVED)
    solved = resolved[np.searchsorted(resolved, reopened) - 1] if len(resolved) else reopened
    wrote = moments.positions(Happening.CUSTOMER_REPLY)
    until = line.end_of_instant(reopened) + 1
    between = moments.count_before(wrote, until) > moments.count_before(wrote, solved)
    by_customer = (log.actor[reopened] == Actor.CUSTOMER) | ((log.actor[reopened] == Actor.SYSTEM) & between)
    length = log.at[reopened] - log.at[solved]
    kept = by_customer & (length <= within) & (solved < reopened) & (log.ticket[solved] == log.ticket[reopened])
    event = reopened[kept]
    return rows_of(
        Finding.RESOLVED_THEN_REOPENED,
        log.ticket[event],
        log.at[event],
        solved[kept],
        second=event,
        length=length[kept],
    )


def automated_response_only(audit: Audit, replies: Replies) -> Findings:
    """Answers that came too late, or not yet, where a message of the system stands inside the target.

    The clauses are those whose clock a reply of the vendor's stops and the creation or the report starts. It is told
    once a ticket and clause; the vendor's first reply is shown, where there is one.
    """
    rows, line = audit.measurements, replies.moments.timeline
    log = line.log
    late = np.flatnonzero(_answers(audit) & (rows.verdict == Verdict.BREACHED) & (rows.start_event != NONE))
    automatic = np.flatnonzero((log.kind == Kind.REPLY) & (log.actor == Actor.SYSTEM))
    if not len(late) or not len(automatic):
        return rows_of(Finding.AUTOMATED_RESPONSE_ONLY, late[:0], late[:0], late[:0])
    ticket = rows.ticket[late]
    following = np.searchsorted(automatic, line.created[ticket], side="right")
    event = automatic[np.minimum(following, len(automatic) - 1)]
    first = replies.first(ticket)
    inside = (following < len(automatic)) & (log.ticket[event] == ticket)
    inside &= (first == NONE) | (log.at[first] > rows.due_at[late])
    inside &= _until_due(late, log.at[event], audit)
    late, event = late[inside], event[inside]
    once = first_of_each(rows.ticket[late].astype(np.int64) * 32_768 + rows.clause[late])
    late, event = late[once], event[once]
    return rows_of(
        Finding.AUTOMATED_RESPONSE_ONLY, log.ticket[event], log.at[event], event,
        second=replies.first(log.ticket[event], vendors=True), policy=rows.policy[late], clause=rows.clause[late],
    )  # fmt: skip


def _answers(audit: Audit) -> Mask:
    """The measurements of a first answer."""
    rows = audit.measurements
    found = np.zeros(len(rows), np.bool_)
    for each, loaded in enumerate(audit.policies):
        for place, clause in enumerate(loaded.policy.clauses.values()):
            if not isinstance(clause, TicketClause) or not {"created", "reported"} & set(clause.starts):
                continue
            if "vendor-reply" in clause.stops:
                found |= (rows.policy == each) & (rows.clause == place)
    return found


def _until_due(rows: Rows, at: Instants, audit: Audit) -> Mask:
    """Whether each instant lies up to a measurement's due instant, or in the closed hours after it."""
    table = audit.measurements
    due = table.due_at[rows]
    found: Mask = at <= due
    for policy, calendars in enumerate(audit.compiled):
        for code, name in enumerate(audit.calendars):
            later = np.flatnonzero(~found & (table.policy[rows] == policy) & (table.calendar[rows] == code))
            if len(later) and name in calendars:
                found[later] = calendars[name].elapsed(due[later], at[later]) == 0
    return found


def resolved_without_reply(replies: Replies, evidence: Evidence) -> Findings:
    """Tickets first resolved without a reply of the vendor's, at that instant or before.

    Nothing is said of tickets that the vendor logged itself.
    """
    line = replies.moments.timeline
    log = line.log
    resolved = replies.moments.positions(Happening.RESOLVED)
    event = resolved[first_of_each(log.ticket[resolved])]
    until = line.end_of_instant(event)
    answered = replies.count(until + 1) > replies.count(line.first[log.ticket[event]])
    logged = (evidence.tickets.doubt[log.ticket[event]] & Doubt.VENDOR_CREATED) != 0
    event = event[~answered & ~logged & replies.silent(event)]
    return rows_of(Finding.RESOLVED_WITHOUT_REPLY, log.ticket[event], log.at[event], event)


def logged_late(line: Timeline, evidence: Evidence) -> Findings:
    """Tickets whose report lies before their creation, by more than a coarser stamp of the report can make up.

    Nothing is said of a report at a local time that a clock change repeats: it may have come an hour later.
    """
    log = line.log
    reported = np.flatnonzero(log.kind == Kind.REPORTED)
    reported = reported[first_of_each(log.ticket[reported])]
    created = line.created[log.ticket[reported]]
    reported, created = reported[created != NONE], created[created != NONE]
    unit = np.array([source.unit for source in evidence.sources] or [0], np.int64)
    of_report, of_creation = unit[log.source[reported]], unit[log.source[created]]
    length = log.at[created] - log.at[reported]
    kept = length >= np.where(of_report > of_creation, of_report, 1)
    kept &= (log.flags[reported] & Flag.LOCAL_AMBIGUOUS) == 0
    event = created[kept]
    return rows_of(
        Finding.LOGGED_LATE, log.ticket[event], log.at[event], reported[kept], second=event, length=length[kept]
    )


def severity_set_by_other(levels: Levels, line: Timeline, named: str, policy: int) -> Findings:
    """Changes of severity by the side that the contract does not name to set it."""
    other = Actor.VENDOR if named == "customer" else Actor.CUSTOMER
    event = levels.changes[line.log.actor[levels.changes] == other]
    return rows_of(
        Finding.SEVERITY_SET_BY_OTHER, line.log.ticket[event], line.log.at[event], event,
        policy=np.full(len(event), policy),
    )  # fmt: skip
