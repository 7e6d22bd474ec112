"""Findings hold for each ticket by itself, and a plain second opinion over the oracle's timelines agrees with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from engine import loaded
from hypothesis import given
from oracle import Case, _rows
from plain_calendar import PlainCalendar
from plain_timeline import FINISHES, Timeline, tickets_of, timeline_of
from strategies import Oddities, cases

from slaaudit.audit import AuditOptions, audit
from slaaudit.findings import Finding, Thresholds, findings

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import Policy

Told = set[tuple[str, int, str | None, int]]
several = cases(Oddities(cleared=True, early=True), tickets=4)
LIMITS = Thresholds()
#: They ask of the whole export in which order it was kept, and whether it shows replies at all.
OF_THE_FILE = {"RESOLVED_WITHOUT_REPLY", "OUT_OF_ORDER", "OVERTAKEN"}


def engine(policy: Policy, evidence: Evidence, as_of: int) -> list[Told]:
    """Kind, instant, clause and share used, by ticket."""
    result = audit(evidence, [loaded(policy)], AuditOptions(as_of=as_of))
    found = findings(result, LIMITS)
    names = list(policy.clauses)
    told: list[Told] = [set() for _ in range(len(result.evidence.tickets))]
    for row, kind in enumerate(found.kind.tolist()):
        clause = int(found.clause[row])
        told[int(found.ticket[row])].add((
            Finding(kind).name, int(found.at[row]), names[clause] if clause >= 0 else None, int(found.used[row]),
        ))  # fmt: skip
    return told


@given(several)
def test_the_findings_of_all_are_the_findings_of_each(case: tuple[Policy, Evidence, int]) -> None:
    policy, evidence, as_of = case
    together = engine(policy, evidence, as_of)
    for index, own in enumerate(together):
        [alone] = engine(policy, evidence.only(np.array([index])), as_of)
        assert {each for each in alone if each[0] not in OF_THE_FILE} == {
            each for each in own if each[0] not in OF_THE_FILE
        }


def before(line: Timeline, place: int) -> Timeline:
    """The timeline up to an event that is not seen any more."""
    changes = [change for change in line.changes if change[0] < place]
    cut = replace(line, log=line.log[:place], states=line.states[:place], moments=line.moments[:place], changes=changes)
    return replace(cut, cancelled=None)


def used_then(policy: Policy, ticket, line: Timeline, place: int) -> list[tuple[str, int, bool]]:
    """Each open clock with a target right before an event: its clause, the share used, and whether it was over."""
    calendars = {name: PlainCalendar(calendar) for name, calendar in policy.calendars.items()}
    told = []
    for name, clause in policy.clauses.items():
        for row in _rows(Case(name, clause, policy, ticket, before(line, place), calendars, line.log[place].at)):
            if row.verdict in {"running", "breached"} and row.stopped_at is None and row.target is not None:
                share = (row.elapsed or 0) * 10_000 // max(row.target, 1)
                told.append((name, share, (row.elapsed or 0) > row.target))
    return told


MISSING = int(np.iinfo(np.int64).min)


def plain(policy: Policy, ticket, as_of: int) -> Told:
    """Downgrades, pauses and reopenings, by the letter."""
    line = timeline_of(ticket, as_of)
    return set() if line is None else downgrades(policy, ticket, line) | stops(policy, ticket, line)


def downgrades(policy: Policy, ticket, line: Timeline) -> Told:
    told: Told = set()
    order = list(policy.severities)
    held = line.first_severity
    for place, word in line.changes:
        old, new = (policy.severity_named(each) if each else None for each in (held, word))
        held = word
        if old and new and order.index(new) > order.index(old):
            for name, share, over in used_then(policy, ticket, line, place):
                if over:
                    told.add(("DOWNGRADED_AFTER_BREACH", line.log[place].at, name, share))
                elif share >= LIMITS.near_breach:
                    told.add(("DOWNGRADED_NEAR_BREACH", line.log[place].at, name, share))
    return told


def stops(policy: Policy, ticket, line: Timeline) -> Told:
    told: Told = set()
    answered, waited, state, solved = False, False, "", None
    for place, event in enumerate(line.log):
        was, state = state or first_state(line), line.states[place]
        if event.kind == "status":
            waits = state in {"waiting", "hold"} and state != was
            if waits and not waited:
                waited = True
                if not answered:
                    told.add(("PAUSED_BEFORE_ANSWER", event.at, None, MISSING))
            told |= pauses(policy, ticket, line, place, was)
            if state in FINISHES and was not in FINISHES:
                solved = place
            if solved is not None and reopened_by_customer(line, solved, place):
                told.add(("RESOLVED_THEN_REOPENED", event.at, None, MISSING))
        answered |= "vendor-reply" in line.moments[place]
    return told


def reopened_by_customer(line: Timeline, solved: int, place: int) -> bool:
    event = line.log[place]
    wrote = any("customer-reply" in each for each in line.moments[solved:place])
    by_customer = event.actor == "customer" or (event.actor == "system" and wrote)
    soon = event.at - line.log[solved].at <= LIMITS.reopened_within
    return "reopened" in line.moments[place] and by_customer and soon


def first_state(line: Timeline) -> str:
    """The state before the first event."""
    statuses = [event for event in line.log if event.kind == "status"]
    at_creation = [event for event in statuses if event.at == line.created_at]
    return (statuses[0].old or "new") if statuses and not at_creation else "new"


def pauses(policy: Policy, ticket, line: Timeline, place: int, was: str) -> Told:
    event, state = line.log[place], line.states[place]
    replied = [
        other.at for other, moments in zip(line.log[:place], line.moments, strict=False) if "vendor-reply" in moments
    ]
    if replied and event.at - replied[-1] <= LIMITS.silence:
        return set()
    return {
        ("PAUSED_NEAR_BREACH", event.at, name, share)
        for name, share, over in used_then(policy, ticket, line, place)
        if not over and share >= LIMITS.near_breach
        and state in policy.clauses[name].clock.pauses and was not in policy.clauses[name].clock.pauses
    }  # fmt: skip


@given(several)
def test_a_plain_second_opinion_agrees(case: tuple[Policy, Evidence, int]) -> None:
    policy, evidence, as_of = case
    compared = {"DOWNGRADED_AFTER_BREACH", "DOWNGRADED_NEAR_BREACH", "PAUSED_NEAR_BREACH", "PAUSED_BEFORE_ANSWER",
                "RESOLVED_THEN_REOPENED"}  # fmt: skip
    told = [{each for each in own if each[0] in compared} for own in engine(policy, evidence, as_of)]
    result = audit(evidence, [loaded(policy)], AuditOptions(as_of=as_of))
    rows = result.measurements
    measured = {
        (int(ticket), list(policy.clauses)[int(clause)])
        for ticket, clause in zip(rows.ticket, rows.clause, strict=True)
    }
    for index, ticket in enumerate(tickets_of(evidence)):
        some = {name for number, name in measured if number == index}
        expected = {each for each in plain(policy, ticket, as_of) if some and (each[2] is None or each[2] in some)}
        assert told[index] == expected
