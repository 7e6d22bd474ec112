"""Findings hold for each ticket by itself, and a plain second opinion over the oracle's timelines agrees with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from engine import loaded
from hypothesis import given
from hypothesis import strategies as st
from plain_findings import LIMITS, Queued, Told, newest_first, plain
from plain_timeline import tickets_of
from strategies import Happening, Oddities, Story, cases, evidence_of, policies, switches

from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence.tables import Actor, Kind
from slaaudit.findings import Finding, findings
from slaaudit.policy.grammar import HOUR, MINUTE
from slaaudit.policy.model import OrderClause

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import Policy

TARGETS = {"S1": "1h on always", "S2": "100m on office", "S3": "3h on desk"}
ACTORS = [Actor.VENDOR, Actor.VENDOR, Actor.VENDOR, Actor.CUSTOMER, Actor.CUSTOMER, Actor.SYSTEM]
VALUES = {
    Kind.STATUS: ["open", "open", "waiting", "waiting", "hold", "resolved"],
    Kind.SEVERITY: ["S1", "S1", "S2", "S2", "S3"],
    Kind.REPLY: [None],
}


@st.composite
def tight_stories(draw: st.DrawFn, near: int, actors: list[Actor]) -> Story:
    """A ticket of a few hours, in which much happens at the edges of targets."""
    at = created = near + draw(st.integers(0, 12)) * 10 * MINUTE
    told = []
    for _ in range(draw(st.integers(1, 9))):
        at += draw(st.sampled_from([0, 0, 5, 10, 15, 15, 20, 48, 50, 80])) * MINUTE
        kind = draw(st.sampled_from([Kind.STATUS, Kind.STATUS, Kind.SEVERITY, Kind.SEVERITY, Kind.REPLY]))
        told.append(Happening(at, kind, draw(st.sampled_from(actors)), draw(st.sampled_from(VALUES[kind]))))
    return Story(created, tuple(told), draw(st.sampled_from(["S1", "S1", "S2"])))


@st.composite
def tight(draw: st.DrawFn, actors: list[Actor] = ACTORS) -> tuple[Policy, Evidence, int]:
    """Some tickets of one afternoon under short targets."""
    zone, near = draw(switches)
    drawn = draw(policies(zone, near))
    clauses = {
        name: clause.model_copy(
            update={"targets": type(clause).model_validate({"measure": clause.measure, "targets": TARGETS}).targets}
        )
        for name, clause in drawn.clauses.items()
    }
    told = draw(st.lists(tight_stories(near, actors), min_size=1, max_size=7))
    evidence = evidence_of(told)
    return drawn.model_copy(update={"clauses": clauses}), evidence, evidence.latest + draw(st.sampled_from([0, HOUR]))


several = st.one_of(cases(Oddities(cleared=True, early=True), tickets=4), tight(), tight(), tight())
#: They ask of the whole export in which order it was kept, whether it shows replies at all, and of other tickets.
OF_THE_FILE = {"RESOLVED_WITHOUT_REPLY", "PAUSED_BEFORE_ANSWER", "PAUSED_NEAR_BREACH", "OUT_OF_ORDER", "OVERTAKEN"}


def engine(policy: Policy, evidence: Evidence, as_of: int) -> list[Told]:
    """Kind, instant, clause and share used, by ticket."""
    result = audit(evidence, [loaded(policy)], AuditOptions(as_of=as_of))
    found = findings(result, LIMITS).rows
    names = list(policy.clauses)
    told: list[Told] = [set() for _ in range(len(result.evidence.tickets))]
    for row, kind in enumerate(found.kind.tolist()):
        clause = int(found.clause[row])
        told[int(found.ticket[row])].add((
            Finding(kind).name, int(found.at[row]), names[clause] if clause >= 0 else None, int(found.used[row]),
        ))  # fmt: skip
    return told


@given(several)
def test_asking_for_one_ticket_finds_what_is_found_of_it_among_all(case: tuple[Policy, Evidence, int]) -> None:
    policy, evidence, as_of = case
    together = engine(policy, evidence, as_of)
    for index, own in enumerate(together):
        assert engine(policy, evidence.only(np.array([index])), as_of) == [own]


@given(several)
def test_the_findings_of_all_are_the_findings_of_each(case: tuple[Policy, Evidence, int]) -> None:
    policy, evidence, as_of = case
    together = engine(policy, evidence, as_of)
    for index, own in enumerate(together):
        [alone] = engine(policy, replace(evidence.only(np.array([index])), taken_from=None), as_of)
        assert {each for each in alone if each[0] not in OF_THE_FILE} == {
            each for each in own if each[0] not in OF_THE_FILE
        }


@given(several)
def test_a_plain_second_opinion_agrees(case: tuple[Policy, Evidence, int]) -> None:
    policy, evidence, as_of = case
    compared = {"DOWNGRADED_AFTER_BREACH", "DOWNGRADED_NEAR_BREACH", "PAUSED_NEAR_BREACH", "PAUSED_BEFORE_ANSWER",
                "RESOLVED_THEN_REOPENED"}  # fmt: skip
    told = [{each for each in own if each[0] in compared} for own in engine(policy, evidence, as_of)]
    newest = newest_first(evidence, as_of)
    assert told == [plain(policy, ticket, as_of, newest=newest) for ticket in tickets_of(evidence)]


@given(tight([*ACTORS, Actor.UNKNOWN]))
def test_every_pair_of_tickets_is_looked_at_for_who_was_first(case: tuple[Policy, Evidence, int]) -> None:
    policy, evidence, as_of = case
    queued = policy.model_copy(update={"clauses": {"queue": OrderClause(measure="order"), **policy.clauses}})
    found = [{each[1] for each in own if each[0] == "OVERTAKEN"} for own in engine(queued, evidence, as_of)]
    stories = [Queued.of(policy, ticket, as_of) for ticket in tickets_of(evidence)]
    for own, story in zip(found, stories, strict=True):
        expected = [other for other in stories if story is not None and other is not None and story.lets_past(other)]
        latest = max((other.created_at for other in expected), default=None)
        assert len(own) == bool(expected)
        assert own <= {other.answered_at for other in expected if other.created_at == latest}
