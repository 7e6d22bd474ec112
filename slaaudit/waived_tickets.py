"""Waivers of tickets under all readings: a waiver lets a breach pass, by whichever reading it is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slaaudit.dispute import dispute
from slaaudit.evidence.tables import NONE
from slaaudit.policy.consistent import readings_of_all
from slaaudit.waiving import CLEAR, tickets_named, whole_audit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.audit import Audit
    from slaaudit.policy.waivers import Waiver
    from slaaudit.standing import ClauseDispute


def waived_disputes(audit: Audit, found: Sequence[ClauseDispute]) -> tuple[ClauseDispute, ...]:
    """Clauses about tickets with those tickets marked that a waiver of the audit names and some reading breaches."""
    if audit.waived is None:
        return tuple(found)
    waivers = audit.waived.waivers
    tickets = tickets_named(audit, {each.name for each in waivers})
    made = []
    for one in found:
        subject, is_breached = one.table.subject, one.table.breached_in > 0
        breached, clear = set(subject[is_breached].tolist()), set(subject[~is_breached].tolist())
        own = [(tickets.get(each.name, NONE), at) for at, each in enumerate(waivers) if each.clause == one.clause]
        waived = {ticket: (at,) for ticket, at in own if ticket in breached}
        made.append(replace(one, waived=waived, idle={at: CLEAR for ticket, at in own if ticket in clear}))
    return tuple(made)


def undisputed(audit: Audit, silent: Sequence[Waiver], limit: int) -> list[Waiver]:
    """The waivers whose ticket their clause measures under none of its readings, whatever the period."""
    whole = whole_audit(audit, silent)
    tickets = tickets_named(whole, {each.name for each in silent})
    measured: set[tuple[str, int]] = set()
    asked = {each.clause for each in silent}
    for number, loaded in enumerate(whole.policies):
        for clause, readings in readings_of_all(loaded, limit).items():
            one = dispute(whole, number, readings) if clause in asked else None
            measured.update((clause, ticket) for ticket in (one.table.subject.tolist() if one else ()))
    return [each for each in silent if (each.clause, tickets.get(each.name)) not in measured]
