"""A small audit made by the real engine from evidence written by hand, for the reports to print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from slaaudit.audit import Audit, AuditOptions, audit
from slaaudit.evidence.tables import (
    NONE,
    Actor,
    Events,
    Evidence,
    Input,
    Kind,
    Rejected,
    Source,
    State,
    Tickets,
    Words,
)
from slaaudit.policy import LoadedPolicy, load

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: America/New_York
effective: {from: 2026-01-01}
calendars:
  office:
    timezone: America/New_York
    hours: {mon-fri: 08:30-17:30}
    closed: {dates: [2026-05-25]}
severities:
  S1: {title: Critical, aliases: [urgent]}
  S2: {title: Major}
clauses:
  response:
    title: First response
    section: "4.1"
    binding: warranted
    measure: first-response
    targets: {S1: 1h on always, S2: 4h on office}
  resolution:
    title: Resolution
    section: "4.2"
    measure: resolution
    clock: {pauses: [waiting]}
    targets: {S1: 1d on always, S2: 3d on office}
    attainment: 90%
  method: {measure: narrative, title: How a fix is delivered, why: no export tells}
readings:
  pausing:
    question: Does the clock stop while the customer is asked?
    raised-by: The contract is silent.
    default: stops
    choices:
      stops: {clauses: {resolution: {clock: {pauses: [waiting]}}}}
      runs: {clauses: {resolution: {clock: {pauses: []}}}}
"""


@dataclass
class Export:
    """Events by hand: ``at`` is UTC text, ``value`` a severity, or a state's name for a status."""

    rows: list[tuple[str, int, Kind, Actor, int, int]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    severities: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)

    def word(self, text: str) -> int:
        if text not in self.words:
            self.words.append(text)
        return self.words.index(text)

    def add(self, ticket: str, at: str, kind: Kind, actor: Actor = Actor.SYSTEM, value: str = "") -> Export:
        code = NONE
        if kind is Kind.STATUS:
            code = State[value.upper()]
        elif kind is Kind.SEVERITY:
            if value not in self.severities:
                self.severities.append(value)
            code = self.severities.index(value)
        if ticket not in self.tickets:
            self.tickets.append(ticket)
        self.rows.append((ticket, instant(at), kind, actor, code, self.word(value) if value else NONE))
        return self

    def opened(self, ticket: str, at: str, severity: str) -> Export:
        self.add(ticket, at, Kind.CREATED, Actor.CUSTOMER)
        return self.add(ticket, at, Kind.SEVERITY, Actor.CUSTOMER, severity) if severity else self

    def evidence(self, path: str = "events.csv", rejected: tuple[Rejected, ...] = ()) -> Evidence:
        count = len(self.rows)
        columns = list(zip(*self.rows, strict=True))
        codes = np.array([self.tickets.index(name) for name in columns[0]], np.int32)
        small = np.int8
        events = Events(
            ticket=codes,
            at=np.array(columns[1], np.int64),
            kind=np.array(columns[2], small),
            actor=np.array(columns[3], small),
            value=np.array(columns[4], np.int32),
            old=np.full(count, NONE, np.int32),
            word=np.array(columns[5], np.int32),
            who=np.full(count, NONE, np.int32),
            source=np.zeros(count, np.int16),
            row=np.arange(2, count + 2, dtype=np.int32),
            flags=np.zeros(count, small),
        )
        created = {row[0]: row[1] for row in reversed(self.rows) if row[2] is Kind.CREATED}
        total = len(self.tickets)
        none = Words(np.full(total, NONE, np.int32), ())
        tickets = Tickets(
            ids=Words(np.arange(total, dtype=np.int32), tuple(self.tickets)),
            created_at=np.array([created[name] for name in self.tickets], np.int64),
            severity=none,
            status=none,
            doubt=np.zeros(total, np.int32),
        )
        read = Input(path, "events", "plain", "0" * 64, count + len(rejected), len(rejected), ("dates: ISO 8601, UTC",))
        return Evidence(
            tickets, events, tuple(self.severities), tuple(self.words), (Source(0, "at", 1_000_000),), (read,),
            rejected, max(columns[1]),
        )  # fmt: skip


def instant(text: str) -> int:
    at = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def small_export() -> Export:
    """Five tickets of May 2026, in UTC; New York is four hours behind."""
    export = Export()
    export.opened("T-1", "2026-05-04 13:00", "S1")
    export.add("T-1", "2026-05-04 13:40", Kind.REPLY, Actor.VENDOR)
    export.add("T-1", "2026-05-04 20:00", Kind.STATUS, Actor.VENDOR, "resolved")
    export.opened("T-2", "2026-05-22 20:30", "S2")  # Friday 16:30; Monday is closed
    export.add("T-2", "2026-05-26 15:30:00.4", Kind.REPLY, Actor.VENDOR)  # Tuesday 11:30: 4 h and 0.4 s
    export.add("T-2", "2026-05-26 16:00", Kind.STATUS, Actor.VENDOR, "waiting")
    export.add("T-2", "2026-05-27 16:00", Kind.STATUS, Actor.CUSTOMER, "open")
    export.add("T-2", "2026-06-02 14:00", Kind.STATUS, Actor.VENDOR, "resolved")
    export.opened("T-3", "2026-05-28 14:00", "P0")
    export.add("T-3", "2026-05-28 14:10", Kind.REPLY, Actor.VENDOR)
    export.opened("T-4", "2026-06-02 10:00", "S1")
    export.add("T-4", "2026-06-02 12:30", Kind.REPLY, Actor.VENDOR)
    export.opened("T-5", "2026-06-02 13:30", "urgent")
    return export


REJECTED = (Rejected("events.csv", 18, "the time cannot be read", "at", "31/02/2026"),)


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> LoadedPolicy:
    folder = tmp_path_factory.mktemp("policy")
    (folder / "acme.yaml").write_text(POLICY)
    return load("acme.yaml", base=folder)


@pytest.fixture(scope="session")
def small_audit(acme: LoadedPolicy) -> Audit:
    """The five tickets with every worksheet."""
    return audit(small_export().evidence(rejected=REJECTED), [acme], AuditOptions(worksheets="all"))


@pytest.fixture(scope="session")
def audited(acme: LoadedPolicy) -> Callable[[Export], Audit]:
    """Audits an export written by hand."""
    return lambda export: audit(export.evidence(), [acme], AuditOptions(worksheets="all"))


@pytest.fixture
def export() -> Export:
    """An export with nothing in it yet."""
    return Export()
