"""From CSV files to verdicts: what lists, logs and snapshots say of one ticket together."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.policy import load
from slaaudit.report.as_json import write_json
from slaaudit.report.found import found_in

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
slaaudit: 1
id: p
vendor: V
title: T
calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
severities: {S1: {}, S2: {}}
clauses:
  resolution: {measure: resolution, targets: {S1: 8h on always, S2: 8h on always}}
  response: {measure: first-response, clock: {pauses: [waiting]}, targets: {S1: 4h on always, S2: 4h on always}}
  gap: {measure: update-gap, targets: {S1: 8h on always, S2: 8h on always}}
  call: {measure: between, clock: {starts: reported, stops: vendor-reply}, targets: {S1: 4h on always}}
  touch:
    measure: between
    clock: {starts: created, stops: vendor-update}
    targets: {S1: 1h on always, S2: 1h on always}
"""
LOG = "ticket_id,at,event,actor,value,old\n"
SNAPSHOTS = "ticket_id,at,status,severity,actor\n"


def verdicts(folder: Path, *files: str) -> dict[tuple[str, int], tuple[str, str | None]]:
    """Verdict and reason by clause and cycle, of the ticket A."""
    (folder / "p.yaml").write_text(POLICY, encoding="utf-8")
    paths = []
    for number, text in enumerate(files):
        path = folder / f"{number}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    evidence = read(paths, ReadOptions(timezone="UTC"))
    result = audit(evidence, [load(str(folder / "p.yaml"))], AuditOptions(worksheets="all"))
    stream = io.StringIO()
    write_json(found_in(result), stream)
    rows = json.loads(stream.getvalue())["measurements"]
    return {(row["clause"], row["cycle"]): (row["verdict"], row["reason"]) for row in rows if row["ticket"] == "A"}


def test_a_reopening_with_the_stamp_of_the_solution_is_one_that_was_not_seen(tmp_path):
    found = verdicts(
        tmp_path,
        "ticket_id,created_at,severity,status,resolved_at,reopened_at\n"
        "A,2026-01-05,S1,Resolved,2026-01-05,2026-01-05\nB,2026-01-09,S1,open,,\n",
    )
    assert found["resolution", 1] == ("met", None)


def test_a_lists_answer_before_the_report_contradicts_it(tmp_path):
    found = verdicts(
        tmp_path,
        "ticket_id,created_at,severity,reported_at,first_response_at\n"
        "A,2026-03-02T10:00Z,S1,2026-03-02T15:00Z,2026-03-02T11:00Z\nB,2026-03-04T10:00Z,S1,,\n",
    )
    assert found["call", 1] == ("unknown", "stop-before-start")


LIST = "ticket_id,created_at,severity,status,resolved_at\nA,2026-01-05T08:30Z,S1,Resolved,2026-01-05T11:00Z\n"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("A,2026-01-05T10:00Z,status,vendor,waiting,open\n", ("met", None)),
        ("A,2026-01-05T11:00Z,status,vendor,waiting,open\n", ("met", None)),  # the list's finish came last
        ("A,2026-01-05T12:00Z,status,vendor,open,\n", ("unknown", "finished-undated")),
    ],
)
def test_a_finish_that_only_the_list_tells_of_never_makes_a_clock_run_on(tmp_path, change, expected):
    found = verdicts(tmp_path, LIST, LOG + change + "A,2026-01-06T19:00Z,note,vendor,,\n")
    assert found["resolution", 1] == expected


def test_a_gap_after_a_reopening_is_measured_though_the_list_names_an_earlier_solution(tmp_path):
    found = verdicts(
        tmp_path,
        "ticket_id,created_at,severity,first_response_at,resolved_at,reopened_at,status\n"
        "A,2026-01-05T08:30Z,S1,2026-01-05T09:30Z,2026-01-05T12:00Z,2026-01-05T14:00Z,open\n"
        "B,2026-01-07T08:30Z,S1,,,,open\n",
    )
    assert found["gap", 1] == ("met", None)
    assert found["gap", 2] == ("breached", None)


def test_an_unknown_status_and_an_unknown_actor_are_tried_together(tmp_path):
    found = verdicts(
        tmp_path,
        LOG + "A,2026-01-05T08:30Z,created,customer,,\nA,2026-01-05T08:30Z,severity,customer,S2,\n"
        "A,2026-01-05T09:00Z,status,vendor,Foo,\nA,2026-01-05T13:00Z,status,vendor,open,\n"
        "A,2026-01-05T15:00Z,reply,bob,,\nA,2026-01-05T18:00Z,note,vendor,,\n",
    )
    assert found["response", 1][0] == "unknown"


def test_a_lists_assignment_is_nobodys_update_whoever_an_unknown_reply_is_by(tmp_path):
    found = verdicts(
        tmp_path,
        "ticket_id,created_at,severity,assigned_at\nA,2026-01-05T08:30Z,S1,2026-01-05T08:40Z\n",
        LOG + "A,2026-01-05T12:00Z,reply,bob,,\nA,2026-01-05T19:00Z,note,vendor,,\n",
    )
    assert found["touch", 1] == ("breached", None)


def test_a_severity_of_unknown_meaning_in_a_worksheet_is_none(tmp_path):
    found = verdicts(
        tmp_path,
        LOG + "A,2026-01-05T08:30Z,created,customer,,\nA,2026-01-05T09:00Z,severity,vendor,S9,\n"
        "A,2026-01-05T10:00Z,severity,vendor,S1,\nA,2026-01-05T20:00Z,status,vendor,resolved,\n",
    )
    assert found["resolution", 1] == ("breached", None)


JANUARY = "A,2026-01-05T09:00Z,New,S1,customer\nA,2026-01-05T10:00Z,New,S1,vendor\n"
FEBRUARY = "A,2026-01-06T11:00Z,Open,S1,vendor\nA,2026-01-06T12:00Z,Resolved,S1,vendor\n"


@pytest.mark.parametrize(
    "files",
    [
        (SNAPSHOTS + JANUARY + FEBRUARY,),
        (SNAPSHOTS + JANUARY, SNAPSHOTS + FEBRUARY),
        (SNAPSHOTS + FEBRUARY, SNAPSHOTS + JANUARY),
    ],
)
def test_snapshots_say_the_same_in_one_file_and_in_several(tmp_path, files):
    found = verdicts(tmp_path, *files)
    assert found["resolution", 1] == ("breached", None)
    assert found["touch", 1] == ("breached", None)


def test_a_second_creation_in_another_log_is_put_aside(tmp_path):
    first = tmp_path / "a.csv"
    second = tmp_path / "b.csv"
    first.write_text(LOG + "A,2026-01-05T08:30Z,created,customer,,\n", encoding="utf-8")
    second.write_text(LOG + "A,2026-01-05T09:30Z,created,customer,,\n", encoding="utf-8")
    evidence = read([str(first), str(second)], ReadOptions())
    assert [(row.file, row.row) for row in evidence.rejected] == [(str(second), 2)]
