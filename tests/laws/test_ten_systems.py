"""The same tickets, written by eleven systems in their own shapes, zones, formats and encodings, get the same verdicts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
import writers
from engine import rows_of
from exported_tickets import DAY, Ticket, several, truth, zones
from hypothesis import given

from slaaudit import policy
from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.zones import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from oracle import Measurement

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


def verdicts(paths: Sequence[str], options: ReadOptions, as_of: int) -> list[list[Measurement]]:
    found = read(paths, options)
    assert not found.rejected
    return rows_of(audit(found, [acme()], AuditOptions(as_of=as_of * SECOND)))


# What each system's export does not hold of a ticket's story. Everything else must be read to the second.
LOST = {
    writers.zendesk_audits: (),
    writers.servicenow_history: (),
    writers.salesforce: ("replies",),
    writers.jira: ("seconds",),
    writers.servicenow_snapshots: ("seconds", "replies"),
    writers.zendesk_list: ("seconds", "history", "later replies"),
    writers.freshdesk: ("history", "later replies"),
    writers.otrs: ("history", "later replies", "closing"),
    writers.servicenow_list: ("history", "replies"),
    writers.glpi: ("seconds", "history", "replies"),
    writers.redmine: ("seconds", "history", "replies", "resolution"),
}
# What a verdict must say of it where it is another one than the whole story gives.
SAID = {
    "seconds": {"to-the-minute"},
    "history": {"pauses-unseen", "severity-unseen", "reopening-unseen"},
    "replies": {"replies-unseen"},
    "later replies": {"replies-unseen"},
    "closing": set(),
    "resolution": {"finished-undated"},
}
DOUBTFUL = "local-time-ambiguous"
SYSTEMS = pytest.mark.parametrize("system", LOST, ids=lambda system: system.__name__)


def end(tickets: Sequence[Ticket]) -> int:
    """A day after the last thing happened."""
    return max([ticket.created for ticket in tickets] + [step.at for ticket in tickets for step in ticket.steps]) + DAY


def written(system: Callable[[writers.Export], None], tickets: Sequence[Ticket], zone: ZoneInfo, folder: Path) -> writers.Export:
    export = writers.Export(tickets, zone, folder)
    system(export)
    return export


def without(rows: list[Measurement], *caveats: str) -> list[Measurement]:
    return [replace(row, caveats=row.caveats - {*caveats}) for row in rows]


@SYSTEMS
@given(tickets=several, zone=zones)
def test_an_export_gives_the_verdicts_of_plain_files_that_tell_the_same(
    system: Callable[[writers.Export], None], tickets: tuple[Ticket, ...], zone: ZoneInfo
) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "plain").mkdir()
        export = written(system, tickets, zone, Path(folder))
        own = verdicts(export.paths, export.options, end(tickets))
        plain = verdicts(export.told.plain_files(Path(folder) / "plain"), ReadOptions(), end(tickets))
    for row, found, meant in zip(export.told.rows, own, plain, strict=True):
        ticket = row["ticket_id"]
        unsure = {DOUBTFUL} if ticket in export.doubtful() else set()
        unsure |= {"severity-unseen", "pauses-unseen"} if ticket in export.silent else set()
        assert without(found, *unsure) == without(meant, *unsure)


@SYSTEMS
@given(tickets=several, zone=zones)
def test_an_export_gives_the_true_verdicts_or_says_what_it_lacks(
    system: Callable[[writers.Export], None], tickets: tuple[Ticket, ...], zone: ZoneInfo
) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "plain").mkdir()
        export = written(system, tickets, zone, Path(folder))
        own = verdicts(export.paths, export.options, end(tickets))
        true = verdicts(truth(tickets).plain_files(Path(folder) / "plain"), ReadOptions(), end(tickets))
    for ticket, found, meant in zip(tickets, own, true, strict=True):
        for clause in acme().policy.clauses:
            compare(
                [row for row in found if row.clause == clause],
                [row for row in meant if row.clause == clause],
                LOST[system],
                ticket,
            )


def compare(found: list[Measurement], true: list[Measurement], lost: tuple[str, ...], ticket: Ticket) -> None:
    said = {DOUBTFUL, *(word for fact in lost for word in SAID[fact])}
    for row in found:
        mine = row.caveats | ({row.reason} if row.verdict == "unknown" else set())
        if mine & said:
            continue
        assert len(found) == len(true) or row.verdict not in {"breached"}, (row, true)
        if len(found) == len(true):
            [other] = [each for each in true if each.cycle == row.cycle]
            assert row.verdict == other.verdict, (row, other)
            if not lost:
                assert row == other
