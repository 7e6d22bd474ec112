"""What single cells of a list tell: messages in repeated columns, milestones in rows; and logs without creations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exports import doubts, events_of, evidence, notes, rejected

from slaaudit.errors import EvidenceError
from slaaudit.evidence import ReadOptions

if TYPE_CHECKING:
    from pathlib import Path

JIRA = "Issue key,Issue Type,Status,Priority,Reporter Id,Creator Id,Created,Resolved,Comment,Comment\n"


def options(folder: Path, mapping: str, timezone: str | None = "UTC") -> ReadOptions:
    (folder / "mapping.yaml").write_text(f"slaaudit-profile: 1\n{mapping}")
    return ReadOptions(mapping=str(folder / "mapping.yaml"), timezone=timezone)


def test_a_comment_is_cut_twice_and_no_further(tmp_path: Path) -> None:
    row = (
        'K-1,Bug,Open,High,c:1,c:1,28/Nov/25 5:03 PM,,"28/Nov/25 5:20 PM;v:1;one; two\n28/Nov/25 6:00 PM;v:2;three",\n'
    )
    found = evidence(tmp_path, options(tmp_path, "actors: {vendor: ['v:1']}"), jira=JIRA + row)
    assert events_of(found, "K-1") == ["2025-11-28 17:03:00 customer created", "2025-11-28 17:20:00 vendor reply"]


def test_comments_are_replies_by_role_and_a_stranger_is_named(tmp_path: Path) -> None:
    row = "K-1,Bug,Open,High,c:1,v:1,28/Nov/25 5:03 PM,,28/Nov/25 5:20 PM;c:1;a,28/Nov/25 5:30 PM;x:9;b\n"
    found = evidence(tmp_path, ReadOptions(timezone="UTC"), jira=JIRA + row)
    assert [line.split()[2] for line in events_of(found, "K-1")] == ["unknown", "customer", "unknown"]
    assert "actor not known: 'x:9' (1); say what is meant, for example --value actor:x:9=vendor" in notes(found)


def test_a_bots_comment_is_the_systems(tmp_path: Path) -> None:
    row = "K-1,Bug,Open,High,c:1,c:1,28/Nov/25 5:03 PM,,28/Nov/25 5:20 PM;bot:1;a,\n"
    found = evidence(tmp_path, options(tmp_path, "actors: {system: ['bot:1']}"), jira=JIRA + row)
    assert events_of(found, "K-1")[1] == "2025-11-28 17:20:00 system reply"


def test_a_name_may_be_longer_than_any(tmp_path: Path) -> None:
    name = "712020:" + 200 * "\u00e9"
    row = f"K-1,Bug,Open,High,{name},c:1,28/Nov/25 5:03 PM,,28/Nov/25 5:20 PM;c:1;a,28/Nov/25 5:30 PM;{name};b;c\n"
    found = evidence(tmp_path, ReadOptions(timezone="UTC"), jira=JIRA + row)
    assert [line.split()[2] for line in events_of(found, "K-1")] == ["unknown", "unknown", "customer"]


def test_a_comment_that_is_none_is_rejected_and_the_ticket_stays(tmp_path: Path) -> None:
    row = "K-1,Bug,Open,High,c:1,c:1,28/Nov/25 5:03 PM,,no mark,30/Feb/25 5:20 PM;v:1;a\n"
    found = evidence(tmp_path, ReadOptions(timezone="UTC"), jira=JIRA + row)
    assert events_of(found, "K-1") == ["2025-11-28 17:03:00 customer created"]
    assert rejected(found) == [
        (2, "Comment", "no mark", "no message written as at;actor;text"),
        (2, "Comment", "30/Feb/25 5:20 PM", "a message whose time cannot be read: there is no such day or time"),
    ]


def test_comments_are_no_history_of_statuses(tmp_path: Path) -> None:
    rows = (
        "K-1,Bug,Open,High,c:1,c:1,28/Nov/25 5:03 PM,,28/Nov/25 5:20 PM;c:1;a,\n"
        "K-2,Bug,Open,High,c:1,c:1,28/Nov/25 5:03 PM,,,\n"
    )
    changelog = "key,author,created,field,fromString,toString\nK-2,v:1,2025-11-28T18:00:00Z,status,Open,In Progress\n"
    found = evidence(tmp_path, ReadOptions(timezone="UTC"), jira=JIRA + rows, changelog=changelog)
    assert doubts(found, "K-1") == {"no-status-history", "no-severity-history"}
    assert doubts(found, "K-2") == {"no-severity-history"}


def test_a_comment_of_a_file_without_a_zone_asks_for_one(tmp_path: Path) -> None:
    row = "K-1,Bug,Open,High,c:1,c:1,2025-11-28T17:03:00Z,,28/Nov/25 5:20 PM;c:1;a,\n"
    with pytest.raises(
        EvidenceError, match=r"(?i)Comment '28/Nov/25 5:20 PM' names no time zone.*Jira writes the time zone"
    ):
        evidence(tmp_path, ReadOptions(), jira=JIRA + row)


def test_a_mapping_tells_of_messages_too(tmp_path: Path) -> None:
    mapping = (
        "shape: tickets\ncolumns: {ticket_id: No, created_at: Opened}\n"
        "messages: {column: Reply, separator: '|', parts: [actor, at]}\nactors: {vendor: [ann-agent]}\n"
    )
    text = "No,Opened,Reply,Reply\n1,2026-03-02 10:00,ann-agent|2026-03-02 10:05,ann-agent|2026-03-02 10:06|x\n"
    found = evidence(tmp_path, options(tmp_path, mapping), list=text)
    assert events_of(found, "1") == ["2026-03-02 10:00:00 unknown created", "2026-03-02 10:05:00 vendor reply"]
    assert [each[3] for each in rejected(found)] == ["no message written as actor|at"]


def test_rows_of_milestones_are_one_ticket(tmp_path: Path) -> None:
    text = (
        "Case Number,Date/Time Opened,Milestone,Completion Date,Status,Target Date\n"
        '1,"20/07/2026, 11:56",First Response,"20/07/2026, 12:10",New,"20/07/2026, 12:56"\n'
        '1,"20/07/2026, 11:56",Repair,"21/07/2026, 12:10",New,"22/07/2026, 12:56"\n'
    )
    found = evidence(tmp_path, options(tmp_path, "values: {milestone: {Repair: resolved_at}}"), report=text)
    assert events_of(found, "1")[1:] == [
        "2026-07-20 12:10:00 vendor reply",
        "2026-07-21 12:10:00 unknown status resolved",
    ]
    assert not rejected(found)
    assert "1 row equals an earlier one of the same ticket: counted once" in notes(found)


def test_a_log_without_creations_begins_with_its_first_message(tmp_path: Path) -> None:
    columns = "columns: {ticket_id: T, at: When, actor: Who}\n"
    mapping = f"shape: events\ncreates: first-event\nconstants: {{event: reply}}\n{columns}"
    text = "T,When,Who\n2,2026-03-02 10:00,agent\n1,2026-03-02 11:00,agent\n1,2026-03-02 10:00,customer\n"
    found = evidence(tmp_path, options(tmp_path, mapping), log=text)
    assert events_of(found, "1") == ["2026-03-02 10:00:00 customer created", "2026-03-02 11:00:00 vendor reply"]
    assert doubts(found, "2") >= {"vendor-created"}


def test_a_first_event_that_is_no_message_follows_upon_a_creation(tmp_path: Path) -> None:
    text = "case_id,activity,timestamp\n1,Resolve ticket,2026-03-02 10:00\n"
    found = evidence(tmp_path, ReadOptions(timezone="UTC"), log=text)
    assert events_of(found, "1") == [
        "2026-03-02 10:00:00 unknown created",
        "2026-03-02 10:00:00 unknown status resolved",
    ]


def test_a_milestone_that_nobody_explains_may_be_an_answer(tmp_path: Path) -> None:
    text = (
        "Case Number,Date/Time Opened,Milestone,Completion Date,Status\n1,2026-07-20 11:56,Two,2026-07-20 11:58,New\n"
    )
    found = evidence(tmp_path, ReadOptions(timezone="UTC"), report=text)
    assert events_of(found, "1")[1:] == ["2026-07-20 11:58:00 unknown reply"]
    assert "milestone not known: 'Two' (1)" in notes(found)
    said = ReadOptions(timezone="UTC", values=(("actor", "Two", "vendor"),))
    assert events_of(evidence(tmp_path, said, report=text), "1")[1:] == ["2026-07-20 11:58:00 vendor reply"]
