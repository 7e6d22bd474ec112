"""``inspect`` of helpdesks' own exports: the profile that was taken, and a written mapping that says the same."""

from __future__ import annotations

import re

import pytest

from slaaudit.evidence import ReadOptions, read

JIRA = """\
Summary,Issue key,Issue id,Issue Type,Status,Priority,Resolution,Assignee,Reporter,Created,Updated,Resolved,\
Comment,Comment
Printer,DESK-1,1001,Incident,Resolved,High,Done,agent-1,customer-1,28/Nov/25 5:03 PM,28/Nov/25 6:03 PM,\
28/Nov/25 6:00 PM,28/Nov/25 5:10 PM;agent-1;Looking; now,28/Nov/25 5:20 PM;customer-1;Thanks
Login,DESK-2,1002,Incident,Waiting for customer,Low,,agent-1,customer-2,29/Nov/25 5:03 PM,29/Nov/25 6:03 PM,,\
29/Nov/25 5:10 PM;agent-1;Which?,
"""

ZENDESK = """\
Summation column,Id,Requester,Requester email,Assignee,Group,Subject,Status,Priority,Via,Ticket type,Created at,\
Updated at,Assigned at,Solved at,First reply time in minutes,Reopens,Replies
1,11,customer-1,c@customer.example,agent-1,Desk,Printer,Solved,High,Mail,Incident,2026-05-04 10:00:00,\
2026-05-04 12:00:00,2026-05-04 10:01:00,2026-05-04 11:00:00,12,0,1
1,12,customer-2,d@customer.example,agent-1,Desk,Test,Pending,-,Web form,Question,2026-05-05 10:00:00,\
2026-05-05 12:00:00,2026-05-05 10:01:00,1900-01-01 00:00:00,15,0,1
"""

EXPORTS = {"jira-issues": JIRA, "zendesk-tickets": ZENDESK}


def told(path, **options):
    """Everything that a file says, without the file's own notes."""
    found = read([str(path)], ReadOptions(**options))
    names = ("ticket", "at", "kind", "actor", "value", "old", "row", "flags")
    events = [getattr(found.events, name).tolist() for name in names]
    fields = {name: [column[index] for index in range(len(found.tickets))]
              for name, column in found.tickets.fields.items()}  # fmt: skip
    severity = [found.tickets.severity[index] for index in range(len(found.tickets))]
    return events, severity, found.tickets.doubt.tolist(), fields, found.rejected


@pytest.mark.parametrize("profile", EXPORTS)
def test_a_mapping_written_from_a_profile_says_what_the_profile_says(run, folder, profile):
    (folder / "export.csv").write_text(EXPORTS[profile])
    ended = run("inspect", "export.csv", "--write", "mapping.yaml")
    text = (folder / "mapping.yaml").read_text("utf-8")
    settled = re.sub(r"^# (?=read:|  timezone:)", "", text, flags=re.MULTILINE)
    settled = settled.replace("timezone: FILL-IN", "timezone: Europe/Berlin")
    (folder / "mapping.yaml").write_text(settled, "utf-8")

    assert ended.code == 0
    assert f"  Profile   {profile}: " in ended.out
    assert "timezone: Europe/Berlin" in settled
    by_profile = told(folder / "export.csv", timezone="Europe/Berlin")
    assert told(folder / "export.csv", mapping=str(folder / "mapping.yaml")) == by_profile
    assert len(by_profile[0][0]) > 3


def test_messages_are_one_line_and_their_times_are_the_files(run, folder):
    (folder / "export.csv").write_text(JIRA)
    out = run("inspect", "export.csv", "--timezone", "UTC").out

    assert "  (messages)   Comment x2       3  " in out
    assert "Comment[2]" not in out


def test_a_stand_in_for_no_time_is_no_time(run, folder):
    (folder / "export.csv").write_text(ZENDESK)
    out = run("inspect", "export.csv", "--timezone", "UTC").out

    assert "  Span      2026-05-04 10:00 to 2026-05-05 10:15 UTC\n" in out
    assert "1 time in Solved at so early that none is meant" in out
    assert "  First reply time in min…       2  minutes after created_at" in out
