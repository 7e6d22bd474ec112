"""Snapshots: what changes from one row of a ticket to the next is an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports import doubts, events_of, evidence, flags, rejected

from slaaudit.evidence import ReadOptions
from slaaudit.evidence.tables import Flag

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = "ticket_id,at,created_at,status,severity,assigned_to,actor,channel"


def text(*rows: str) -> str:
    """Snapshots of ticket T, created at 10:00; each row is ``10:00 status severity assigned_to actor channel``."""
    lines = []
    for each in rows:
        time, *cells = [*each.split(" "), "", "", "", "", ""][:6]
        lines.append(",".join(["T", f"2026-03-02T{time}:00Z", "2026-03-02T10:00:00Z", *cells]).replace("_", " "))
    return "\n".join([HEADERS, *lines, ""])


def told(folder: Path, *rows: str) -> list[str]:
    return [line.removeprefix("2026-03-02 ") for line in events_of(evidence(folder, log=text(*rows)), "T")]


def test_changes_are_events_in_the_order_of_one_row(tmp_path: Path) -> None:
    assert told(tmp_path, "10:00 new S2 _ customer", "10:05 open S1 queue-1 agent", "10:05 open S1 queue-1 agent") == [
        "10:00:00 unknown created",
        "10:00:00 customer severity S2",
        "10:00:00 customer status new",
        "10:05:00 vendor severity S1 (S2)",
        "10:05:00 vendor assigned queue-1",
        "10:05:00 vendor status open (new)",
    ]


def test_the_first_snapshot_tells_the_first_known_state_when_it_was_taken(tmp_path: Path) -> None:
    assert told(tmp_path, "10:07 open S1") == [
        "10:00:00 unknown created",
        "10:07:00 unknown severity S1",
        "10:07:00 unknown status open",
    ]


def test_rows_are_put_in_order_of_time(tmp_path: Path) -> None:
    assert told(tmp_path, "12:00 resolved", "11:00 open", "10:00 new")[1:] == [
        "10:00:00 unknown status new",
        "11:00:00 unknown status open (new)",
        "12:00:00 unknown status resolved (open)",
    ]


def test_an_empty_status_says_nothing_and_an_empty_severity_takes_it_away(tmp_path: Path) -> None:
    assert told(tmp_path, "10:00 new S1", "10:01  S1", "10:02 new", "10:03 open S2")[1:] == [
        "10:00:00 unknown severity S1",
        "10:00:00 unknown status new",
        "10:02:00 unknown severity (S1)",
        "10:03:00 unknown severity S2",
        "10:03:00 unknown status open (new)",
    ]


def test_two_words_of_one_state_are_two_statuses(tmp_path: Path) -> None:
    assert told(tmp_path, "10:00 new", "10:01 open", "10:02 in_progress")[2:] == [
        "10:01:00 unknown status open (new)",
        "10:02:00 unknown status open (open)",
    ]


def test_the_last_known_values_are_the_tickets_fields(tmp_path: Path) -> None:
    found = evidence(tmp_path, log=text("10:00 new S1 _ _ email", "10:01 open S2 _ _ phone", "10:02 open S2"))
    assert found.tickets.fields["channel"][0] == "phone"
    assert found.tickets.severity[0] == "S2"
    assert found.tickets.status[0] == "open"
    assert doubts(found, "T") == set()


def test_tickets_do_not_mix(tmp_path: Path) -> None:
    rows = ("A,10:00,new", "B,10:00,open", "A,10:01,new", "B,10:01,resolved")
    lines = [f"{name},2026-03-02T{time}:00Z,{status}" for name, time, status in (row.split(",") for row in rows)]
    found = evidence(tmp_path, log="\n".join(["ticket_id,at,status", *lines]))
    assert events_of(found, "A") == ["2026-03-02 10:00:00 unknown created", "2026-03-02 10:00:00 unknown status new"]
    assert events_of(found, "B")[1:] == [
        "2026-03-02 10:00:00 unknown status open",
        "2026-03-02 10:01:00 unknown status resolved (open)",
    ]


def test_creation_comes_from_a_column_all_else_from_the_log(tmp_path: Path) -> None:
    found = evidence(tmp_path, log=text("10:00 new"))
    assert [flags(found, index) for index in (0, 1)] == [Flag.FROM_LIST, Flag(0)]


def test_without_a_time_a_snapshot_is_put_aside(tmp_path: Path) -> None:
    found = evidence(tmp_path, log="ticket_id,at,status\nT,,new\nT,2026-03-02T10:00:00Z,new\n")
    assert rejected(found) == [(2, "at", "", "no time")]


def test_a_list_beside_snapshots_gives_the_fields(tmp_path: Path) -> None:
    header = "ticket_id,created_at,severity,status,channel,resolved_at"
    listed = f"{header}\nT,2026-03-02T10:00:00Z,S3,resolved,chat,2026-03-02T11:00:00Z\n"
    found = evidence(tmp_path, tickets=listed, log=text("10:00 new S1 _ _ email", "10:30 resolved S1"))
    assert found.tickets.fields["channel"][0] == "chat"
    assert rejected(found) == []
    assert events_of(found, "T")[-1] == "2026-03-02 10:30:00 unknown status resolved (new)"


FINAL = "29/2/2016 11:29,5/3/2016 12:00"  # the same on every row of the ticket
FIRST = "Opened by 1,29/2/2016 01:16"
SERVICENOW = f"""\
number,incident_state,sys_mod_count,opened_by,opened_at,sys_updated_at,contact_type,priority,assigned_to,\
resolved_at,closed_at
INC1,New,0,{FIRST},29/2/2016 01:23,Phone,3 - Moderate,?,{FINAL}
INC1,Awaiting Vendor,1,{FIRST},29/2/2016 02:00,Phone,2 - High,Resolver 1,{FINAL}
INC1,Resolved,2,{FIRST},29/2/2016 11:29,Phone,2 - High,Resolver 1,{FINAL}
INC1,Closed,3,{FIRST},5/3/2016 12:00,Phone,2 - High,Resolver 1,{FINAL}
INC2,-100,0,Opened by 1,1/3/2016 01:16,1/3/2016 01:16,Email,?,?,?,?
"""


class TestServiceNowLog:
    def test_it_is_known_by_its_headers(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, log=SERVICENOW)
        assert found.inputs[0].profile == "servicenow-event-log"
        assert events_of(found, "INC1") == [
            "2016-02-29 01:16:00 unknown created",
            "2016-02-29 01:23:00 unknown severity moderate",
            "2016-02-29 01:23:00 unknown status new",
            "2016-02-29 02:00:00 unknown severity high (moderate)",
            "2016-02-29 02:00:00 unknown assigned Resolver 1",
            "2016-02-29 02:00:00 unknown status hold (new)",
            "2016-02-29 11:29:00 unknown status resolved (hold)",
            "2016-03-05 12:00:00 unknown status closed (resolved)",
        ]

    def test_final_values_are_fields_and_a_question_mark_is_empty(self, tmp_path: Path) -> None:
        fields = evidence(tmp_path, log=SERVICENOW).tickets.fields
        assert (fields["resolved_at"][0], fields["resolved_at"][1]) == ("29/2/2016 11:29", None)
        assert (fields["channel"][0], fields["assigned_to"][1]) == ("Phone", None)

    def test_the_state_of_minus_100_is_unknown(self, tmp_path: Path) -> None:
        assert events_of(evidence(tmp_path, log=SERVICENOW), "INC2")[-1] == "2016-03-01 01:16:00 unknown status unknown"

    def test_the_caller_may_say_otherwise(self, tmp_path: Path) -> None:
        options = ReadOptions(
            columns=(("severity", "contact_type"),),
            values=(("state", "awaiting vendor", "waiting"),),
            timezone="America/New_York",
        )
        found = evidence(tmp_path, options, log=SERVICENOW)
        assert events_of(found, "INC1")[1] == "2016-02-29 06:23:00 unknown severity Phone"
        assert events_of(found, "INC1")[-3] == "2016-02-29 07:00:00 unknown status waiting (new)"
