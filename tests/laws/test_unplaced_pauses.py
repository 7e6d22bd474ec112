"""A total of waiting, tried at every place: the engine decides exactly where all places agree.

Time goes by in whole hours. A ticket lives for a few of them; its waiting is every choice of so many hours out of its
life, and what the clock then takes is counted hour by hour.
"""

from __future__ import annotations

import datetime as dt
import random
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from slaaudit import policy
from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.evidence.tables import MISSING
from slaaudit.results import Caveat, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from slaaudit.audit import Audit

HOUR = 3_600_000_000
MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
OPEN = {1, 2, 3, 6, 7, 11, 12, 13, 14, 20}  # the hours of the day in which the office is open
POLICY = """
slaaudit: 1
id: hours
vendor: Hours
title: An excerpt
calendars:
  office: {timezone: UTC, hours: {mon-sun: ["01:00-04:00", "06:00-08:00", "11:00-15:00", "20:00-21:00"]}}
severities: {S1: {}}
clauses:
  response: {measure: first-response, clock: {pauses: [waiting]}, targets: {S1: TARGET on office}}
  resolution: {measure: resolution, clock: {pauses: [waiting]}, targets: {S1: TARGET on office}}
  called:
    {measure: between, clock: {starts: reported, stops: resolved, pauses: [waiting]}, targets: {S1: TARGET on office}}
  always: {measure: resolution, clock: {pauses: [waiting]}, targets: {S1: TARGET on always}}
  closing:
    {measure: between, clock: {starts: created, stops: closed, pauses: [waiting]}, targets: {S1: TARGET on office}}
"""


class Ticket(NamedTuple):
    """Hours since Monday's midnight; ``waited`` of those between ``created`` and ``resolved``."""

    reported: int
    created: int
    replied: int
    resolved: int
    closed: int
    waited: int


class Bounds(NamedTuple):
    """What the clock takes at least and at most, over all places of the waiting."""

    least: int
    most: int


def tried(ticket: Ticket, span: range, hours: set[int]) -> Bounds:
    life = range(ticket.created, ticket.resolved)
    taken = [
        sum(hour % 24 in hours for hour in span if hour not in waiting)
        for waiting in map(set, combinations(life, ticket.waited))
    ]
    return Bounds(min(taken), max(taken))


def drawn(count: int) -> list[Ticket]:
    chance = random.Random(20261122)  # noqa: S311 - the same tickets every time
    found = []
    for _ in range(count):
        created, life = chance.randrange(48), chance.randrange(1, 11)
        resolved = created + life
        closed = resolved + chance.randrange(1, 5)
        reported, replied = created - chance.randrange(4), created + chance.randint(0, life)
        found.append(Ticket(reported, created, replied, resolved, closed, chance.randint(0, life)))
    return found


def audited(folder: Path, tickets: list[Ticket], target: int) -> Audit:
    head = "ticket_id,reported_at,created_at,first_response_at,resolved_at,closed_at,severity,status,waiting_total"
    rows = [
        ",".join([f"T{index}", *(f"{MONDAY + dt.timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}" for hour in ticket[:5]),
                  "S1", "closed", f"{ticket.waited}:00:00"])
        for index, ticket in enumerate(tickets)
    ]  # fmt: skip
    (folder / "tickets.csv").write_text("\n".join([head, *rows]) + "\n")
    (folder / "policy.yaml").write_text(POLICY.replace("TARGET", f"{target}h"))
    evidence = read([str(folder / "tickets.csv")], ReadOptions())
    return audit(evidence, [policy.load(str(folder / "policy.yaml"), {})], AuditOptions(worksheets="all"))


@pytest.mark.parametrize("target", [1, 3, 5])
def test_the_verdict_is_that_of_every_place_or_unknown_where_places_differ(target: int, tmp_path: Path) -> None:
    tickets = drawn(300)
    found = audited(tmp_path, tickets, target)
    rows = found.measurements
    clauses = list(found.policies[0].policy.clauses)
    seen = set()
    for row in range(len(rows)):
        clause, ticket = clauses[rows.clause[row]], tickets[rows.ticket[row]]
        start = ticket.reported if clause == "called" else ticket.created
        stop = {"response": ticket.replied, "closing": ticket.closed}.get(clause, ticket.resolved)
        bounds = tried(ticket, range(start, stop), set(range(24)) if clause == "always" else OPEN)
        expected = (
            Verdict.MET
            if bounds.most <= target
            else Verdict.BREACHED
            if bounds.least > target
            else Verdict.UNKNOWN
        )  # fmt: skip
        assert Verdict(rows.verdict[row]) is expected, (clause, ticket, bounds)
        seen.add(expected)
        if expected is not Verdict.UNKNOWN:
            assert int(rows.elapsed[row]) == bounds.most * HOUR, (clause, ticket, bounds)
            if rows.paused_most[row] != MISSING:
                assert int(rows.elapsed[row] - rows.paused_most[row] + rows.paused[row]) == bounds.least * HOUR
            assert not rows.caveats[row] & Caveat.PAUSES_UNSEEN
    assert seen == {Verdict.MET, Verdict.BREACHED, Verdict.UNKNOWN}


def test_the_worksheet_still_adds_up(tmp_path: Path) -> None:
    found = audited(tmp_path, drawn(100), 3)
    rows, sheet = found.measurements, found.worksheet
    took = np.zeros(len(rows), np.int64)
    np.add.at(took, sheet.measurement, sheet.took)
    known = rows.elapsed != MISSING
    assert (took[known] == rows.elapsed[known]).all()
