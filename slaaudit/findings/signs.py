"""The signs that one ticket's own log shows, kind by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Actor, Doubt, Evidence, Flag, Kind, Rows, State
from slaaudit.findings.table import Finding, Findings, Thresholds, first_of_each, rows_of
from slaaudit.moments import Happening, Moments
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.findings.clocks_then import Then
    from slaaudit.governing import Levels
    from slaaudit.timeline import Timeline

_OUT_OF_TIME = 0.4  # a file of which more contradicts its order was not kept in that of time
_MANY = 20


def downgrades(levels: Levels) -> Rows:
    """Positions at which a severity that the policy knows became a lesser one that it knows."""
    changes = levels.changes
    before, after = levels.level[changes - 1], levels.level[changes]
    found: Rows = changes[(before >= 0) & (after > before) & (after < levels.known)]
    return found


def downgraded(positions: Rows, then: Then, line: Timeline, near: int) -> list[Findings]:
    """Downgrades while a clock was past its target, or had used ``near`` of it or more."""
    rows, at = then.rows, positions[then.event]
    found = []
    for kind, mask in (
        (Finding.DOWNGRADED_AFTER_BREACH, then.over),
        (Finding.DOWNGRADED_NEAR_BREACH, ~then.over & (then.used >= near)),
    ):
        event = at[mask]
        found.append(
            rows_of(
                kind, line.log.ticket[event], line.log.at[event], event, policy=rows.policy[mask],
                clause=rows.clause[mask], used=then.used[mask],
            )
        )  # fmt: skip
    return found


def pauses(line: Timeline, states: set[State]) -> Rows:
    """Positions at which a ticket comes into one of ``states`` from another one."""
    into = np.isin(line.state, list(states)) & ~np.isin(line.before, list(states))
    found: Rows = np.flatnonzero(into & (line.log.kind == Kind.STATUS))
    return found


def paused_states(clause: object) -> set[State]:
    """The states that a clause's clock pauses in."""
    return {State[state.upper()] for state in getattr(getattr(clause, "clock", None), "pauses", ())}


def paused_near_breach(positions: Rows, then: Then, audit: Audit, moments: Moments, thresholds: Thresholds) -> Findings:
    """Pauses of a clock that had used most of its target, without a reply of the vendor's shortly before."""
    line, rows = moments.timeline, then.rows
    event = positions[then.event]
    starts = np.zeros(len(rows), np.bool_)
    for number, loaded in enumerate(audit.policies):
        for place, clause in enumerate(loaded.policy.clauses.values()):
            paused = paused_states(clause)
            table = np.array([state in paused for state in State], np.bool_)
            own = (rows.policy == number) & (rows.clause == place)
            starts |= own & table[line.state[event]] & ~table[line.before[event]]
    kept = starts & ~then.over & (then.used >= thresholds.near_breach)
    kept &= ~_spoke_before(event, moments, thresholds.silence)
    event = event[kept]
    return rows_of(
        Finding.PAUSED_NEAR_BREACH, line.log.ticket[event], line.log.at[event], event, policy=rows.policy[kept],
        clause=rows.clause[kept], used=then.used[kept],
    )  # fmt: skip


def _spoke_before(event: Rows, moments: Moments, silence: int) -> np.ndarray:
    """Whether the vendor replied in the same ticket within ``silence`` before each event."""
    log = moments.timeline.log
    replies = moments.positions(Happening.VENDOR_REPLY)
    last = np.searchsorted(replies, event) - 1
    at = replies[np.maximum(last, 0)] if len(replies) else np.zeros(len(event), np.int64)
    known = (last >= 0) & (log.ticket[at] == log.ticket[event]) if len(replies) else np.zeros(len(event), np.bool_)
    return known & (log.at[event] - log.at[at] <= silence)


def paused_before_answer(moments: Moments) -> Findings:
    """The first time that a ticket waits or is on hold before the vendor ever replied."""
    line = moments.timeline
    waits = (line.state == State.WAITING) | (line.state == State.HOLD)
    held = np.flatnonzero(waits & (line.state != line.before) & (line.log.kind == Kind.STATUS))
    held = held[first_of_each(line.log.ticket[held])]
    replies = moments.positions(Happening.VENDOR_REPLY)
    answered = moments.count_before(replies, held) > moments.count_before(replies, line.first[line.log.ticket[held]])
    event = held[~answered]
    return rows_of(Finding.PAUSED_BEFORE_ANSWER, line.log.ticket[event], line.log.at[event], event)


def resolved_then_reopened(moments: Moments, within: int) -> Findings:
    """Reopenings by the customer within a while of the solution.

    A reopening that the system made is the customer's where the customer wrote between the two.
    """
    line = moments.timeline
    log = line.log
    reopened = moments.positions(Happening.REOPENED)
    resolved = moments.positions(Happening.RESOLVED)
    solved = resolved[np.searchsorted(resolved, reopened) - 1] if len(resolved) else reopened
    wrote = moments.positions(Happening.CUSTOMER_REPLY)
    between = moments.count_before(wrote, reopened) > moments.count_before(wrote, solved)
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


def automated_response_only(audit: Audit, line: Timeline) -> Findings:
    """Answers that came too late, or not yet, where a message of the system stands inside the target.

    The clauses are those whose clock a reply of the vendor's stops and the creation or the report starts.
    """
    rows, log = audit.measurements, line.log
    answers = np.zeros(len(rows), np.bool_)
    for each, loaded in enumerate(audit.policies):
        for place, clause in enumerate(loaded.policy.clauses.values()):
            starts, stops = getattr(clause, "starts", ()), getattr(clause, "stops", ())
            if "vendor-reply" in stops and set(starts) & {"created", "reported"}:
                answers |= (rows.policy == each) & (rows.clause == place)
    late = np.flatnonzero(answers & (rows.verdict == Verdict.BREACHED) & (rows.start_event != NONE))
    automatic = np.flatnonzero((log.kind == Kind.REPLY) & (log.actor == Actor.SYSTEM))
    if not len(late) or not len(automatic):
        return rows_of(Finding.AUTOMATED_RESPONSE_ONLY, late[:0], late[:0], late[:0])
    following = np.searchsorted(automatic, rows.start_event[late], side="right")
    found = automatic[np.minimum(following, len(automatic) - 1)]
    inside = (
        (following < len(automatic)) & (log.ticket[found] == rows.ticket[late]) & (log.at[found] <= rows.due_at[late])
    )
    late, event = late[inside], found[inside]
    return rows_of(
        Finding.AUTOMATED_RESPONSE_ONLY, log.ticket[event], log.at[event], event, second=rows.stop_event[late],
        policy=rows.policy[late], clause=rows.clause[late],
    )  # fmt: skip


def resolved_without_reply(moments: Moments, evidence: Evidence) -> Findings:
    """Tickets first resolved without a reply of the vendor's, at that instant or before.

    Nothing is said of exports that show no reply of the vendor's at all, nor of tickets that the vendor logged itself.
    """
    line = moments.timeline
    log = line.log
    replies = moments.positions(Happening.VENDOR_REPLY)
    resolved = moments.positions(Happening.RESOLVED)
    if not len(replies):
        return rows_of(Finding.RESOLVED_WITHOUT_REPLY, resolved[:0], resolved[:0], resolved[:0])
    event = resolved[first_of_each(log.ticket[resolved])]
    by_then = line.end_of_instant(event)
    ticket = log.ticket[event]
    answered = moments.count_before(replies, by_then + 1) > moments.count_before(replies, line.first[ticket])
    logged = (evidence.tickets.doubt[ticket] & Doubt.VENDOR_CREATED) != 0
    event = event[~answered & ~logged]
    return rows_of(Finding.RESOLVED_WITHOUT_REPLY, log.ticket[event], log.at[event], event)


def logged_late(line: Timeline) -> Findings:
    """Tickets whose report lies before their creation."""
    log = line.log
    reported = np.flatnonzero(log.kind == Kind.REPORTED)
    reported = reported[first_of_each(log.ticket[reported])]
    created = line.created[log.ticket[reported]]
    reported, created = reported[created != NONE], created[created != NONE]
    length = log.at[created] - log.at[reported]
    kept = length > 0
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


def out_of_order(evidence: Evidence, as_of: int) -> Findings:
    """Tickets of which a log has a row after another one that is stamped later (before, in a log of newest first).

    A file is newest first where most neighbours are; one that contradicts either order nearly as often was not kept
    in the order of time, and nothing is said of it.
    """
    events = evidence.events
    usable = np.flatnonzero(((events.flags & Flag.FROM_LIST) == 0) & (events.at != MISSING) & (events.at <= as_of))
    files = np.array([source.file for source in evidence.sources] or [0], np.int64)[events.source[usable]]
    order = usable[np.lexsort((usable, events.row[usable], files, events.ticket[usable]))]
    file = np.array([source.file for source in evidence.sources] or [0], np.int64)[events.source[order]]
    same = (events.ticket[order][1:] == events.ticket[order][:-1]) & (file[1:] == file[:-1])
    same &= events.row[order][1:] != events.row[order][:-1]
    step = np.diff(events.at[order])
    wrong = np.zeros(len(order), np.bool_)
    for each in np.unique(file):
        own = same & (file[1:] == each)
        back, on = own & (step < 0), own & (step > 0)
        odd = on if np.count_nonzero(back) > np.count_nonzero(on) else back
        total = int(np.count_nonzero(back | on))
        if total < _MANY or np.count_nonzero(odd) <= _OUT_OF_TIME * total:
            wrong[1:] |= odd
    places = np.flatnonzero(wrong)
    each_first = first_of_each(events.ticket[order[places]])
    number = np.diff(np.flatnonzero(each_first), append=len(places))
    places = places[each_first]
    event = order[places]
    return rows_of(
        Finding.OUT_OF_ORDER, events.ticket[event], events.at[event], order[places - 1], second=event,
        length=np.abs(events.at[event] - events.at[order[places - 1]]), count=number,
    )  # fmt: skip
