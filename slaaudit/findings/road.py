"""All findings of an audit: what its log shows, and its clocks as they stood when something was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.conditions import Fields
from slaaudit.evidence.tables import MISSING, Rows
from slaaudit.findings import signs
from slaaudit.findings.clocks_then import clocks_before
from slaaudit.findings.queue import overtaken
from slaaudit.findings.table import Findings, Thresholds, in_order
from slaaudit.governing import levels
from slaaudit.ground import effective, ground
from slaaudit.policy.model import OrderClause
from slaaudit.shard import moments_of

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Mask


def findings(audit: Audit, thresholds: Thresholds | None = None) -> Findings:
    """Every finding about the tickets that the audit measured, by ticket, then time, then kind."""
    chosen = thresholds or Thresholds()
    evidence = audit.evidence
    moments = moments_of(evidence, audit.as_of)
    line = moments.timeline
    base = ground(evidence, audit.policies, audit.as_of)
    held = [levels(line, loaded.policy) for loaded in audit.policies]
    parts = [
        signs.paused_before_answer(moments),
        signs.resolved_then_reopened(moments, chosen.reopened_within),
        signs.automated_response_only(audit, line),
        signs.resolved_without_reply(moments, evidence),
        signs.logged_late(line),
        signs.out_of_order(evidence, audit.as_of),
    ]
    for number, loaded in enumerate(audit.policies):
        judged = _in_force(audit, number)
        own = held[number]
        if loaded.policy.severity_set_by:
            found = signs.severity_set_by_other(own, line, loaded.policy.severity_set_by, number)
            parts.append(found.take(judged[found.ticket]))
        lowered = signs.downgrades(own)
        lowered = lowered[judged[line.log.ticket[lowered]]]
        if len(lowered):
            then = clocks_before(lowered, evidence, line, base)
            parts += signs.downgraded(lowered, then, line, chosen.near_breach)
        for place, clause in enumerate(loaded.policy.clauses.values()):
            if isinstance(clause, OrderClause):
                fields = Fields(evidence.tickets, base.fields)
                parts.append(overtaken(clause, place, number, judged, evidence, moments, own, fields))
    clauses = [clause for loaded in audit.policies for clause in loaded.policy.clauses.values()]
    stopped = signs.pauses(line, set().union(*map(signs.paused_states, clauses)))
    if len(stopped):
        then = clocks_before(stopped, evidence, line, base)
        parts.append(signs.paused_near_breach(stopped, then, audit, moments, chosen))
    return _asked(in_order(parts), audit)


def _in_force(audit: Audit, number: int) -> Mask:
    """The tickets that a policy judges."""
    since, until = effective(audit.policies[number])
    created = audit.evidence.tickets.created_at
    found: Mask = (created != MISSING) & (created >= since) & (created < until)
    return found


def _asked(found: Findings, audit: Audit) -> Findings:
    """The findings about tickets, and clauses where they are about one, that the audit has measurements of.

    A clause about the order of tickets has none: there the ticket's are enough.
    """
    rows = audit.measurements
    known = np.zeros(len(audit.evidence.tickets), np.bool_)
    known[rows.ticket] = True
    kept = known[found.ticket]
    keys = _key(rows.ticket, rows.policy, rows.clause)
    about_clause = (found.clause >= 0) & _is_of_tickets(found, audit)
    kept &= ~about_clause | np.isin(_key(found.ticket, found.policy, found.clause), keys)
    return found.take(kept)


def _is_of_tickets(found: Findings, audit: Audit) -> Mask:
    order = {
        (number, place)
        for number, loaded in enumerate(audit.policies)
        for place, clause in enumerate(loaded.policy.clauses.values())
        if isinstance(clause, OrderClause)
    }
    pairs = zip(found.policy.tolist(), found.clause.tolist(), strict=True)
    return np.array([pair not in order for pair in pairs], np.bool_)


def _key(ticket: np.ndarray, policy: np.ndarray, clause: np.ndarray) -> Rows:
    found: Rows = (ticket.astype(np.int64) * 128 + policy) * 32_768 + clause
    return found
