"""The same tickets, written by eleven systems in their own shapes, zones, formats and encodings: the same verdicts."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
import writers
from engine import rows_of
from exported_tickets import DAY, MINUTE, Ticket, several, truth, zones
from hypothesis import given, settings

from slaaudit import policy
from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.evidence.tables import Kind
from slaaudit.report.notes import notes
from slaaudit.zones import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from oracle import Measurement

    from slaaudit.audit import Audit
    from slaaudit.policy import LoadedPolicy

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Several measures
timezone: Europe/London
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:30}, closed: {holidays: GB-ENG}}
severities:
  S1: {aliases: [critical, urgent, highest]}
  S2: {aliases: [high]}
  S3: {aliases: [normal, medium, moderate]}
  S4: {aliases: [low]}
x-targets: &targets {S1: 30m on always, S2: 2h on always, S3: 1h on office, S4: 6h on office}
clauses:
  response: {measure: first-response, targets: *targets}
  resolution: {measure: resolution, targets: *targets, clock: {pauses: [waiting]}}
  held: {measure: resolution, targets: *targets, clock: {pauses: [waiting, hold], severity: held, reopening: ignored}}
  shut: {measure: between, targets: *targets, clock: {starts: created, stops: [closed], severity: initial}}
  next: {measure: next-response, targets: *targets, clock: {severity: restart}}
  updates: {measure: update-gap, targets: *targets, clock: {severity: highest}}
"""


@cache
def acme() -> LoadedPolicy:
    with TemporaryDirectory() as folder:
        (Path(folder) / "acme.yaml").write_text(POLICY, encoding="utf-8")
        return policy.load(str(Path(folder) / "acme.yaml"), {})


def audited(paths: Sequence[str], options: ReadOptions, as_of: int) -> Audit:
    found = read(paths, options)
    assert not found.rejected
    return audit(found, [acme()], AuditOptions(as_of=as_of * SECOND))


# What each system's export does not hold of a ticket's story. Everything else must be read to the second.
LOST: dict[Callable[[writers.Export], None], frozenset[str]] = {
    writers.zendesk_audits: frozenset(),
    writers.servicenow_history: frozenset(),
    writers.salesforce: frozenset({"replies"}),
    writers.jira: frozenset({"seconds"}),
    writers.servicenow_snapshots: frozenset({"seconds", "replies"}),
    writers.zendesk_list: frozenset({"seconds", "history", "later replies", "closing"}),
    writers.freshdesk: frozenset({"history", "later replies", "reopenings"}),
    writers.otrs: frozenset({"history", "later replies", "reopenings", "closing"}),
    writers.servicenow_list: frozenset({"history", "replies", "reopenings"}),
    writers.glpi: frozenset({"seconds", "history", "replies", "reopenings"}),
    writers.redmine: frozenset({"seconds", "history", "replies", "reopenings", "resolution"}),
}
# What a verdict must carry of it, as a caveat or as the reason why it is unknown, where it is not the true one.
SAID = {
    "seconds": {"to-the-minute"},
    "history": {"pauses-unseen", "severity-unseen", "reopening-unseen"},
    "resolution": {"finished-undated"},
}
# What is said once of the whole report, not of a verdict: clauses that wait for what the files do not tell.
NOTED = {
    "replies": ("no file tells of a reply", {"response", "next", "updates"}),
    "later replies": ("the files tell of first replies only", {"next", "updates"}),
}
# What nothing in the export shows: which clauses of which tickets may then differ in silence.
UNSAID: dict[str, Callable[[Ticket], set[str]]] = {
    "reopenings": lambda ticket: set(acme().policy.clauses) if ticket.reopened else set(),
    "closing": lambda _: {"shut"},
    "seconds": lambda ticket: set(acme().policy.clauses) if ticket.is_crowded else set(),
}
DOUBTFUL = "local-time-ambiguous"
FEWER = settings(max_examples=200 if os.environ.get("SLAAUDIT_THOROUGH") else 12)  # each is a dozen files
SYSTEMS = pytest.mark.parametrize("system", LOST, ids=lambda system: system.__name__)


def end(tickets: Sequence[Ticket]) -> int:
    """A day after the last thing happened."""
    return max([ticket.created for ticket in tickets] + [step.at for ticket in tickets for step in ticket.steps]) + DAY


def written(
    system: Callable[[writers.Export], None], tickets: Sequence[Ticket], zone: ZoneInfo, folder: Path
) -> writers.Export:
    export = writers.Export(tickets, zone, folder)
    system(export)
    return export


def without(rows: list[Measurement], *caveats: str) -> list[Measurement]:
    return [replace(row, caveats=row.caveats - {*caveats}) for row in rows]


@SYSTEMS
@FEWER
@given(tickets=several, zone=zones)
def test_an_export_gives_the_verdicts_of_plain_files_that_tell_the_same(
    system: Callable[[writers.Export], None], tickets: tuple[Ticket, ...], zone: ZoneInfo
) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "plain").mkdir()
        export = written(system, tickets, zone, Path(folder))
        own = rows_of(audited(export.paths, export.options, end(tickets)))
        plain = rows_of(audited(export.told.plain_files(Path(folder) / "plain"), ReadOptions(), end(tickets)))
    for row, found, meant in zip(export.told.rows, own, plain, strict=True):
        ticket = row["ticket_id"]
        unsure = {DOUBTFUL} if ticket in export.doubtful() else set()
        unsure |= {"severity-unseen", "pauses-unseen"} if ticket in export.silent else set()
        assert without(found, *unsure) == without(meant, *unsure)


@SYSTEMS
@FEWER
@given(tickets=several, zone=zones)
def test_an_export_gives_the_true_verdicts_or_says_what_it_lacks(
    system: Callable[[writers.Export], None], tickets: tuple[Ticket, ...], zone: ZoneInfo
) -> None:
    lost = LOST[system]
    with TemporaryDirectory() as folder:
        (Path(folder) / "plain").mkdir()
        export = written(system, tickets, zone, Path(folder))
        own = audited(export.paths, export.options, end(tickets))
        true = audited(truth(tickets).plain_files(Path(folder) / "plain"), ReadOptions(), end(tickets))
    noted = noted_clauses(own, lost)
    for row, ticket, found, meant in zip(export.told.rows, tickets, rows_of(own), rows_of(true), strict=True):
        unsaid = set[str]().union(*(UNSAID[fact](ticket) for fact in lost & UNSAID.keys()))
        unsure = {DOUBTFUL} if row["ticket_id"] in export.doubtful() else set()
        said = unsure.union(*(SAID[fact] for fact in lost & SAID.keys()))
        for clause in acme().policy.clauses.keys() - noted - unsaid:
            compare(of_clause(found, clause), of_clause(meant, clause), said, lost, len(ticket.of_kind("status")))


def noted_clauses(own: Audit, lost: frozenset[str]) -> set[str]:
    """The clauses that the report itself says it cannot judge; it must say so of those that wait for what is lost."""
    said = " ".join(notes(own))
    replied = bool((own.evidence.events.kind == Kind.REPLY).any())
    found: set[str] = set()
    for fact in lost & NOTED.keys():
        sentence, clauses = NOTED[fact]
        assert sentence in said or (fact == "later replies" and not replied)
        found |= clauses
    return found


def of_clause(rows: list[Measurement], clause: str) -> list[Measurement]:
    return [row for row in rows if row.clause == clause]


def compare(
    found: list[Measurement], true: list[Measurement], said: set[str], lost: frozenset[str], pauses: int
) -> None:
    """Each verdict is the true one, or says why not; where it is, what it counted is true as far as it can be."""
    assert len(found) == len(true) or all(of(row) & said for row in found)
    for row, other in zip(found, true, strict=False):
        if of(row) & said:
            continue
        assert (row.cycle, row.verdict, row.severity) == (other.cycle, other.verdict, other.severity)
        grain = MINUTE * SECOND if "seconds" in lost else 1
        for one, two in ((row.started_at, other.started_at), (row.stopped_at, other.stopped_at)):
            assert (one is None) == (two is None)
            assert one is None or two is None or abs(one - two) < grain
        more = (row.elapsed or 0) - (other.elapsed or 0)
        if "history" in lost:  # pauses that cannot be seen are counted
            assert more > -grain
        else:
            assert abs(more) < grain * (1 + pauses)  # each end of a pause is cut too


def of(row: Measurement) -> frozenset[str]:
    """The caveats of a measurement, and the reason why it is unknown."""
    return row.caveats | {row.reason}
