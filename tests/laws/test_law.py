"""The law: a ticket's verdicts depend on that ticket's evidence, the policies and as-of, and on nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from engine import found, loaded, rows_of
from hypothesis import given
from hypothesis import strategies as st
from strategies import Oddities, cases, evidence_of, policies, stories, switches

from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence.tables import MISSING, Doubt, Evidence

if TYPE_CHECKING:
    from slaaudit.policy.model import Policy

EVERYTHING = Oddities(
    unknown_actors=True,
    unknown_states=True,
    unknown_severities=True,
    early=True,
    cleared=True,
    totals=True,
    doubts=(
        Doubt.VENDOR_CREATED,
        Doubt.FINISHED_UNDATED,
        Doubt.REOPENED_UNDATED,
        Doubt.NO_STATUS_HISTORY,
        Doubt.NO_STATUS_HISTORY,
    ),
)
Case = tuple["Policy", "Evidence", int]
several = cases(EVERYTHING, tickets=5)


@given(several)
def test_the_audit_of_all_is_the_audit_of_each(case: Case) -> None:
    policy, evidence, as_of = case
    together = found(policy, evidence, as_of)
    alone = [found(policy, evidence.only(np.array([index])), as_of) for index in range(len(evidence.tickets))]
    assert together == [ticket for [ticket] in alone]


@given(several, st.data())
def test_other_tickets_can_be_left_out(case: Case, data: st.DataObject) -> None:
    policy, evidence, as_of = case
    everyone = range(len(evidence.tickets))
    some = sorted(data.draw(st.sets(st.sampled_from(everyone), min_size=1)))
    together = found(policy, evidence, as_of)
    assert found(policy, evidence.only(np.array(some)), as_of) == [together[index] for index in some]


@given(several, st.data())
def test_the_rows_of_different_tickets_may_lie_in_any_order(case: Case, data: st.DataObject) -> None:
    policy, evidence, as_of = case
    owners = evidence.events.ticket
    places = data.draw(st.permutations(range(len(owners))))
    order = np.empty(len(owners), np.int64)
    for ticket in range(len(evidence.tickets)):  # shuffled, yet each ticket's rows in their own order
        order[np.sort(np.flatnonzero(owners[places] == ticket))] = np.flatnonzero(owners == ticket)
    shuffled = replace(evidence, events=evidence.events.take(order))
    assert found(policy, shuffled, as_of) == found(policy, evidence, as_of)


@given(several, st.data())
def test_tickets_may_come_in_any_order(case: Case, data: st.DataObject) -> None:
    policy, evidence, as_of = case
    order = np.array(data.draw(st.permutations(range(len(evidence.tickets)))))
    place = np.argsort(order).astype(np.int32)
    events = replace(evidence.events, ticket=place[evidence.events.ticket])
    moved = replace(evidence, tickets=evidence.tickets.take(order), events=events)
    together = found(policy, evidence, as_of)
    assert found(policy, moved, as_of) == [together[index] for index in order]


@given(several)
def test_asking_for_one_ticket_gives_its_part_of_the_whole(case: Case) -> None:
    policy, evidence, as_of = case
    together = found(policy, evidence, as_of)
    last = len(evidence.tickets) - 1
    options = AuditOptions(as_of=as_of, tickets=[str(evidence.tickets.ids[last])])
    assert rows_of(audit(evidence, [loaded(policy)], options)) == [together[last]]


@given(several)
def test_a_clause_does_not_see_the_others(case: Case) -> None:
    policy, evidence, as_of = case
    together = found(policy, evidence, as_of)
    for name, clause in policy.clauses.items():
        single = policy.model_copy(update={"clauses": {name: clause}})
        own = [[row for row in ticket if row.clause == name] for ticket in together]
        assert found(single, evidence, as_of) == own


@given(several)
def test_a_worksheet_adds_up_to_its_measurement(case: Case) -> None:
    policy, evidence, as_of = case
    result = audit(evidence, [loaded(policy)], AuditOptions(as_of=as_of, worksheets="all"))
    rows, sheet = result.measurements, result.worksheet
    assert (np.diff(sheet.measurement) >= 0).all()
    took = np.zeros(len(rows), np.int64)
    np.add.at(took, sheet.measurement, sheet.took)
    shown = np.isin(np.arange(len(rows)), sheet.measurement) & (rows.elapsed != MISSING)
    assert (took[shown] == rows.elapsed[shown]).all()
    for measurement in np.flatnonzero(shown):
        mine = sheet.take(sheet.measurement == measurement)
        assert (mine.from_at[1:] == mine.to_at[:-1]).all()
        assert (np.cumsum(mine.took) == mine.total).all()


@given(st.data())
def test_a_later_as_of_never_makes_a_breach_of_an_open_clock_undone(data: st.DataObject) -> None:
    zone, near = data.draw(switches)
    policy = data.draw(policies(zone, near, most=1))
    [clause] = policy.clauses.values()
    clock = clause.clock.model_copy(update={"severity": "initial", "reopening": "ignored"})
    fixed = policy.model_copy(update={"clauses": {"only": clause.model_copy(update={"clock": clock})}})
    told = data.draw(st.lists(stories(near), min_size=1, max_size=3))
    evidence = evidence_of(told)
    steps = sorted(data.draw(st.lists(st.sampled_from(evidence.events.at.tolist()), min_size=2, max_size=4)))
    breached: set[tuple[int, int]] = set()
    for as_of in steps:
        now = {
            (ticket, row.cycle)
            for ticket, rows in enumerate(found(fixed, evidence, as_of))
            for row in rows
            if row.verdict == "breached"
        }
        assert breached <= now
        breached = now
