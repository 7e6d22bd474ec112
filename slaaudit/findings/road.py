"""All findings of an audit: what its log shows, and its clocks as they stood when something was changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.conditions import Fields
from slaaudit.evidence.tables import MISSING, NONE, Rows
from slaaudit.findings import signs
from slaaudit.findings.clocks_then import clocks_before, held_by_current
from slaaudit.findings.out_of_order import out_of_order, steps
from slaaudit.findings.queue import Queue, overtaken
from slaaudit.findings.replies import Replies, replies
from slaaudit.findings.table import Finding, Findings, Shown, Thresholds, shown
from slaaudit.governing import levels
from slaaudit.ground import Ground, effective, ground
from slaaudit.policy.model import OrderClause
from slaaudit.shard import moments_of

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Events, Evidence, Mask
    from slaaudit.moments import Moments


def findings(audit: Audit, thresholds: Thresholds | None = None) -> Shown:
    """Every finding about the tickets that the audit measured, with the events that show it.

    An audit of some tickets finds of them what one of all tickets does.
    """
    chosen = thresholds or Thresholds()
    evidence = audit.evidence
    moments = moments_of(evidence, audit.as_of)
    base = ground(evidence, audit.policies, audit.as_of)
    order = steps(evidence, audit.as_of)
    told = replies(evidence, moments, audit.as_of, order.odd == 1)
    of_log = [
        signs.paused_before_answer(told),
        signs.resolved_then_reopened(moments, chosen.reopened_within),
        signs.automated_response_only(audit, told),
        signs.resolved_without_reply(told, evidence),
        signs.logged_late(moments.timeline, evidence),
        *_of_severities(audit, moments, base, chosen),
        *_of_pauses(audit, told, base, chosen),
    ]
    parts = [(of_log, moments.timeline.log), ([out_of_order(evidence, order)], evidence.events)]
    if any(isinstance(clause, OrderClause) for one in audit.policies for clause in one.policy.clauses.values()):
        parts.append(_of_queues(audit, told))
    return shown([([_asked(one, audit) for one in found], events) for found, events in parts])


def _of_severities(audit: Audit, moments: Moments, base: Ground, chosen: Thresholds) -> list[Findings]:
    """Downgrades, and changes by the side that the contract does not name."""
    line = moments.timeline
    current = held_by_current(base)
    parts: list[Findings] = []
    for number, loaded in enumerate(audit.policies):
        judged, own = _in_force(audit.evidence, base, number), levels(line, loaded.policy)
        if loaded.policy.severity_set_by:
            found = signs.severity_set_by_other(own, line, loaded.policy.severity_set_by, number)
            parts.append(found.take(judged[found.ticket]))
        lowered = signs.downgrades(own)
        lowered = lowered.take(judged[line.log.ticket[lowered.event]])
        if len(lowered.event):
            parts += signs.downgraded(clocks_before(lowered, audit, moments, current), own, chosen.near_breach)
    return parts


def _of_pauses(audit: Audit, told: Replies, base: Ground, chosen: Thresholds) -> list[Findings]:
    """Pauses of clocks that were near their target."""
    clauses = [clause for loaded in audit.policies for clause in loaded.policy.clauses.values()]
    stopped = signs.pauses(told.moments.timeline, set().union(*map(signs.paused_states, clauses)))
    spoke = told.within(chosen.silence, stopped.event) | ~told.silent(stopped.event)
    stopped = stopped.take(~spoke)
    if not len(stopped.event):
        return []
    then = clocks_before(stopped, audit, told.moments, base)
    return [signs.paused_near_breach(then, told.moments.timeline, audit, chosen.near_breach)]


def _of_queues(audit: Audit, told: Replies) -> tuple[list[Findings], Events]:
    """The tickets that were overtaken, and the log that shows it: that of all tickets, whichever are asked about."""
    whole, evidence = audit.evidence.whole, audit.evidence
    if whole is not evidence:
        told = replies(whole, moments_of(whole, audit.as_of), audit.as_of, told.newest_first)
    line = told.moments.timeline
    base = ground(whole, audit.policies, audit.as_of)
    fields = Fields(whole.tickets, base.fields)
    found: list[Findings] = []
    for number, loaded in enumerate(audit.policies):
        queue = Queue(whole, told, levels(line, loaded.policy), fields, base.compiled[number])
        judged = _in_force(whole, base, number)
        found += [
            overtaken(clause, place, number, judged, queue)
            for place, clause in enumerate(loaded.policy.clauses.values())
            if isinstance(clause, OrderClause)
        ]
    return [_of_those_asked(one, whole, evidence) for one in found], line.log


def _of_those_asked(found: Findings, whole: Evidence, evidence: Evidence) -> Findings:
    """The findings about all tickets that are about those of ``evidence``, by their indexes there."""
    if whole is evidence:
        return found
    place = np.full(len(whole.tickets.ids.words), NONE, np.int32)
    place[evidence.tickets.ids.codes] = np.arange(len(evidence.tickets), dtype=np.int32)
    ticket = place[whole.tickets.ids.codes[found.ticket]]
    return replace(found, ticket=ticket).take(ticket != NONE)


def _in_force(evidence: Evidence, base: Ground, number: int) -> Mask:
    """The tickets that a policy judges."""
    since, until = effective(base.policies[number])
    created = evidence.tickets.created_at
    found: Mask = (created != MISSING) & (created >= since) & (created < until)
    return found


def _asked(found: Findings, audit: Audit) -> Findings:
    """The findings about tickets that a policy judges; in a period, about what has a measurement in it.

    A clause about the order of tickets has no measurement: there any of the ticket's is enough.
    """
    created = audit.evidence.tickets.created_at
    judged = created == MISSING
    for loaded in audit.policies:
        since, until = effective(loaded)
        judged |= (created >= since) & (created < until)
    kept = judged[found.ticket]
    if audit.period is None or not len(found):
        return found.take(kept)
    rows = audit.measurements
    measured = np.zeros(len(created), np.bool_)
    measured[rows.ticket] = True
    kept &= measured[found.ticket]
    about = np.flatnonzero((found.clause != NONE) & (found.kind != Finding.OVERTAKEN))
    keys = _key(rows.ticket, rows.clause)
    wanted = _key(found.ticket[about], found.clause[about])
    place = np.searchsorted(keys, wanted)
    kept[about] &= np.append(keys, NONE)[place] == wanted
    return found.take(kept)


def _key(ticket: np.ndarray, clause: np.ndarray) -> Rows:
    found: Rows = ticket.astype(np.int64) * 32_768 + clause
    return found
