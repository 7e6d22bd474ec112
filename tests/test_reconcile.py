"""The helpdesk's own results beside ours: each likely cause, worked out by hand, from files to the report."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from slaaudit import policy
from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.reconcile import reconciled
from slaaudit.report.as_json import write_json
from slaaudit.report.found import found_in

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: UTC
calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
severities: {S1: {}}
clauses:
  response: {measure: first-response, targets: {S1: 1h on always}}
  resolution: {measure: resolution, clock: {pauses: [waiting]}, targets: {S1: 8h on office}}
"""
HEAD = (
    "ticket_id,created_at,first_response_at,resolved_at,closed_at,severity,status,"
    "claimed_response_met,claimed_resolution_met,claimed_resolution_elapsed,claimed_resolution_due,"
    "claimed_resolution_target,claimed_resolution_left\n"
)
# Monday 10:00, answered 10:30, resolved Tuesday 11:00, closed Wednesday 12:00: 7 h + 2 h of the office, 1 h over
TIMES = "2026-03-02T10:00:00Z,2026-03-02T10:30:00Z,2026-03-03T11:00:00Z,2026-03-04T12:00:00Z,S1,closed"
LOG = "ticket_id,at,event,actor,value\n"


class Told(NamedTuple):
    report: dict[str, Any]

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.report["reconciliation"]["rows"]
        return found

    @property
    def causes(self) -> list[tuple[str, str | None]]:
        return [(row["cause"], row["detail"]) for row in self.rows]


@pytest.fixture
def told(tmp_path: Path):
    def made(
        rows: str,
        *,
        log: str = "",
        terms: str = POLICY,
        period: str | None = None,
        also: tuple[str, ...] = (),
        **files: str,
    ) -> Told:
        (tmp_path / "acme.yaml").write_text(terms)
        texts = {"tickets": HEAD + rows, **({"log": LOG + log} if log else {}), **files}
        paths = list(also)
        for name, text in texts.items():
            paths.append(str(tmp_path / f"{name}.csv"))
            (tmp_path / f"{name}.csv").write_text(text)
        loaded = policy.load(str(tmp_path / "acme.yaml"), {})
        evidence = read(paths, ReadOptions(claims=True, timezone="UTC"))
        found = audit(evidence, [loaded], AuditOptions(period=period))
        stream = io.StringIO()
        write_json(found_in(found, reconciliation=reconciled(found)), stream)
        return Told(json.loads(stream.getvalue()))

    return made


def test_what_agrees_is_counted_and_not_listed(told) -> None:
    found = told(f"T1,{TIMES},met,missed,9:00:00,2026-03-03T10:00:00Z,8:00:00,\n").report["reconciliation"]
    assert (found["agree"], found["differ"], found["only_theirs"], found["only_ours"]) == (2, 0, 0, 0)
    assert found["rows"] == found["causes"] == []


def test_less_than_a_minute_is_rounding(told) -> None:
    found = told(f"T1,{TIMES},,missed,9:00:59,,,\nT2,{TIMES},,missed,9:01:00,,,\n")
    assert found.causes == [("rounding", None), ("unexplained", None)]
    assert [row["elapsed_difference_s"] for row in found.rows] == [59, 60]


def test_wall_clock_instead_of_office_hours_is_the_calendar(told) -> None:
    # Monday 10:00 to Tuesday 11:00 is 25 h by the wall
    found = told(f"T1,{TIMES},,missed,25:00:00,,,\n")
    assert found.causes == [("calendar", "on always")]
    assert found.rows[0]["elapsed_difference_s"] == 16 * 3600
    assert found.rows[0]["theirs"] == {
        "result": "missed", "elapsed_s": 90000, "due_at": None, "target_s": None,
        "file": found.rows[0]["theirs"]["file"], "row": 2,
    }  # fmt: skip


WAITED = (
    "T1,2026-03-02T10:00:00Z,created,customer,\nT1,2026-03-02T12:00:00Z,status,vendor,waiting\n"
    "T1,2026-03-02T14:00:00Z,status,vendor,open\nT1,2026-03-03T11:00:00Z,status,vendor,resolved\n"
)


def test_a_pause_that_they_do_not_take_off_is_the_pause(told) -> None:
    # ours pauses from 12:00 to 14:00: 7 h, met; theirs counts all 9 h
    found = told(f"T1,{TIMES},,missed,9:00:00,,,\n", log=WAITED)
    assert found.causes == [("pause", "without pauses")]
    assert (found.rows[0]["ours"], found.rows[0]["theirs"]["result"]) == ("met", "missed")
    [cause] = found.report["reconciliation"]["causes"]
    assert cause == {
        "clause": "resolution", "cause": "pause", "detail": "without pauses", "differ": 1, "turned": 1,
        "least_s": 7200, "most_s": 7200, "examples": ["T1"],
    }  # fmt: skip


def test_a_pause_that_only_they_take_off_is_the_pause(told) -> None:
    terms = POLICY.replace("clock: {pauses: [waiting]}, ", "")
    found = told(f"T1,{TIMES},,met,7:00:00,,,\n", log=WAITED, terms=terms)
    assert found.causes == [("pause", "pausing in waiting")]


def test_counting_to_the_closing_is_closed_instead_of_resolved(told) -> None:
    # Monday 10:00 to Wednesday 12:00: 7 + 8 + 3 = 18 h of the office
    found = told(f"T1,{TIMES},,missed,18:00:00,,,\n")
    assert found.causes == [("closed instead of resolved", "up to the closing")]


def test_two_changes_together_where_neither_alone_is_enough(told) -> None:
    # by the wall to the closing: 50 h
    found = told(f"T1,{TIMES},,missed,50:00:00,,,\n")
    assert found.causes == [("calendar and closed instead of resolved", "on always, up to the closing")]


def test_another_target_with_the_same_time_is_the_target(told) -> None:
    found = told(f"T1,{TIMES},,met,9:00:00,,10:00:00,\n")
    assert found.causes == [("another target", None)]
    assert found.rows[0]["target_difference_s"] == 2 * 3600


def test_a_due_time_that_no_clock_gives_is_a_moved_target(told) -> None:
    # ours is due on Tuesday at 10:00; theirs on Thursday at 9:30, which neither calendar comes to
    found = told(f"T1,{TIMES},,met,9:00:00,2026-03-05T09:30:00Z,8:00:00,\nT2,{TIMES},,met,,2026-03-05T09:30:00Z,,\n")
    assert found.causes == [("moved target", None), ("moved target", None)]
    assert found.rows[0]["due_difference_s"] == 47 * 3600 + 1800


def test_a_due_time_of_another_calendar_is_the_calendar(told) -> None:
    # 8 h by the wall from Monday 10:00
    found = told(f"T1,{TIMES},,missed,,2026-03-02T18:00:00Z,,\n")
    assert found.causes == [("calendar", "on always")]


def test_a_mere_result_is_explained_by_one_change_that_gives_it(told) -> None:
    found = told(f"T1,{TIMES},,missed,,,,\n", log=WAITED)
    assert found.causes == [("pause", "without pauses")]
    assert found.rows[0]["elapsed_difference_s"] is None


def test_what_nothing_gives_is_unexplained(told) -> None:
    found = told(f"T1,{TIMES},missed,,4:00:00,,,\n")
    assert [(row["clause"], *cause) for row, cause in zip(found.rows, found.causes, strict=True)] == [
        ("response", "unexplained", None),
        ("resolution", "unexplained", None),
    ]


def test_time_left_is_counted_from_the_target(told) -> None:
    # -1:00 of the 8 h of our target is 9 h: the same; -17:00 is 25 h, by the wall
    found = told(f"T1,{TIMES},,,,,,-1:00\nT2,{TIMES},,,,,,-17:00\n")
    assert found.report["reconciliation"]["agree"] == 1
    assert [(row["ticket"], row["theirs"]["elapsed_s"], row["theirs"]["result"]) for row in found.rows] == [
        ("T2", 25 * 3600, "missed")
    ]
    assert found.causes == [("calendar", "on always")]


def test_what_only_one_side_has(told) -> None:
    open_times = "2026-03-02T10:00:00Z,,,,,open"  # no severity: no verdict of ours
    found = told(f"T1,{TIMES},met,missed,,,,\nT2,{TIMES},,,,,,\nT3,{open_times},missed,,,,,\n").report["reconciliation"]
    assert (found["agree"], found["only_theirs"], found["only_ours"]) == (2, 1, 2)
    assert [(row["ticket"], row["stand"], row["ours"]) for row in found["rows"]] == [("T3", "only-theirs", "unknown")]


def test_promises_in_rows_of_their_own_stand_beside_the_list(told) -> None:
    sla = (
        "task,sla,stage,has_breached,business_elapsed_time,planned_end_time\n"
        "T1,P1 resolution,Completed,true,32400,2026-03-03 10:00:00\n"
        "T1,Default resolution (2 d),Completed,false,90000,2026-03-04 10:00:00\n"
        "T1,P1 response,Completed,false,1800,2026-03-02 11:00:00\n"
        "T9,P1 response,Completed,false,1800,2026-03-02 11:00:00\n"
        "T1,Satisfaction,Completed,true,5,\n"
    )
    found = told(f"T1,{TIMES},,,,,,\n", sla=sla)
    counted = found.report["reconciliation"]
    assert (counted["agree"], counted["differ"], counted["only_theirs"]) == (2, 1, 1)
    assert [(row["name"], row["clause"], row["cause"], row["detail"]) for row in found.rows] == [
        ("Default resolution (2 d)", "resolution", "calendar", "on always"),
        ("Satisfaction", None, None, None),
    ]
    assert any("T9" in note for note in found.report["notes"])
    assert [each["role"] for each in found.report["inputs"]] == ["tickets", "claims"]


def test_metrics_of_the_system_are_beside_ours_where_they_are_about_resolution(told) -> None:
    span = "2026-03-02 10:00:00,2026-03-03 11:00:00"
    metrics = (
        "Created,Definition,ID,Value,Start,End,Duration\n"
        f"2026-03-03 11:00:00,Create to Resolve Duration,Incident: T1,,{span},1 Day 1 Hour\n"
        f"2026-03-03 11:00:00,Assigned to Duration,Incident: T1,agent-1,{span},1 Day 1 Hour\n"
    )
    found = told(f"T1,{TIMES},,,,,,\n", metrics=metrics)
    assert [(row["about"], row["cause"], row["detail"]) for row in found.rows] == [
        ("resolution", "calendar", "on always")
    ]


def test_a_period_leaves_out_what_is_outside_it(told) -> None:
    later = TIMES.replace("2026-03", "2026-06")
    found = told(f"T1,{TIMES},,missed,25:00:00,,,\nT2,{later},,missed,25:00:00,,,\n", period="2026-03")
    assert [row["ticket"] for row in found.rows] == ["T1"]


def event(metric: str, instance: int, kind: str, time: str, **more: object) -> str:
    told = {"ticket_id": "T1", "metric": metric, "instance_id": instance, "type": kind, "time": f"2026-03-{time}:00Z"}
    return json.dumps({**told, **more}) + "\n"


def test_a_log_of_the_helpdesks_clocks_is_a_claim_a_clock(told, tmp_path: Path) -> None:
    by_hours, by_wall = {"target": 480, "business_hours": True}, {"target": 60, "business_hours": False}
    told_by_clocks = [
        event("reply_time", 1, "apply_sla", "02T10:00", sla=by_wall),
        event("reply_time", 1, "fulfill", "02T10:30"),
        event("reply_time", 1, "update_status", "02T10:30", status={"calendar": 30, "business": 25}),
        event("reply_time", 2, "apply_sla", "02T13:00", sla=by_wall),
        event("reply_time", 2, "breach", "02T14:00"),
        event("requester_wait_time", 1, "activate", "02T10:00"),
        event("requester_wait_time", 1, "apply_sla", "02T10:00", sla={"target": 240, "business_hours": True}),
        event("requester_wait_time", 1, "apply_sla", "02T10:01", sla=by_hours),
        event("requester_wait_time", 1, "breach", "03T10:00"),
        event("requester_wait_time", 1, "update_status", "03T11:00", status={"calendar": 1500, "business": 540}),
        event("requester_wait_time", 1, "fulfill", "03T11:00"),
        event("periodic_update_time", 1, "apply_sla", "02T10:00", sla=by_wall),
        event("agent_work_time", 1, "activate", "02T10:00"),
    ]
    (tmp_path / "clocks.json").write_text("".join(told_by_clocks))
    found = told(f"T1,{TIMES},,,,,,\n", also=(str(tmp_path / "clocks.json"),)).report["reconciliation"]
    # 30 m of 60 by the wall, met; 540 m of 480 of business hours, missed when it was due: all as ours
    assert (found["agree"], found["differ"], found["only_theirs"]) == (2, 0, 0)
