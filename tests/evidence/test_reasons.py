"""A status that stands for several states means what the reason beside it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from exports import doubts, events_of, evidence, notes

from slaaudit.evidence import ReadOptions
from slaaudit.evidence.tables import Doubt

if TYPE_CHECKING:
    from pathlib import Path

AUDIT = "documentkey,fieldname,oldvalue,newvalue,user,sys_created_on\n"
UTC = ReadOptions(timezone="UTC")


def test_the_reason_changed_in_the_same_instant_tells_the_state(tmp_path: Path) -> None:
    found = evidence(
        tmp_path,
        UTC,
        log=AUDIT + "T1,state,2,3,agent-1,2026-03-02 10:00:00\nT1,hold_reason,,1,agent-1,2026-03-02 10:00:00\n"
        "T1,state,3,2,agent-1,2026-03-02 11:00:00\nT1,hold_reason,1,,agent-1,2026-03-02 11:00:00\n"
        "T1,hold_reason,,4,agent-1,2026-03-02 12:00:00\nT1,state,2,3,agent-1,2026-03-02 12:00:00\n",
    )
    assert events_of(found, "T1") == [
        "2026-03-02 10:00:00 unknown status waiting (open)",
        "2026-03-02 11:00:00 unknown status open (hold)",
        "2026-03-02 12:00:00 unknown status hold (open)",
    ]


def test_a_reason_that_changes_while_the_status_stays_is_a_change_of_its_own(tmp_path: Path) -> None:
    found = evidence(
        tmp_path,
        UTC,
        log=AUDIT + "T1,state,2,3,agent-1,2026-03-02 10:00:00\nT1,hold_reason,,4,agent-1,2026-03-02 10:00:00\n"
        "T1,hold_reason,4,1,agent-1,2026-03-02 10:30:00\nT1,state,3,2,agent-1,2026-03-02 11:00:00\n",
    )
    assert [line.split(" (")[0] for line in events_of(found, "T1")] == [
        "2026-03-02 10:00:00 unknown status hold",
        "2026-03-02 10:30:00 unknown status waiting",
        "2026-03-02 11:00:00 unknown status open",
    ]


def test_a_reason_beside_another_status_says_nothing_and_is_counted(tmp_path: Path) -> None:
    found = evidence(
        tmp_path,
        UTC,
        log=AUDIT + "T1,state,1,2,agent-1,2026-03-02 10:00:00\nT1,hold_reason,,1,agent-1,2026-03-02 10:30:00\n"
        "T2,hold_reason,,1,agent-1,2026-03-02 10:30:00\nT2,state,2,6,agent-1,2026-03-02 10:40:00\n",
    )
    assert events_of(found, "T1") == ["2026-03-02 10:00:00 unknown status open (new)"]
    assert events_of(found, "T2") == ["2026-03-02 10:40:00 unknown status resolved (open)"]
    assert "'a reason beside another status' (2)" in notes(found)


def test_without_a_reason_on_hold_is_read_as_hold(tmp_path: Path) -> None:
    found = evidence(
        tmp_path,
        UTC,
        log=AUDIT + "T1,state,2,3,agent-1,2026-03-02 10:00:00\nT2,hold_reason,,1,agent-1,2026-03-02 10:00:00\n",
    )
    assert events_of(found, "T1") == ["2026-03-02 10:00:00 unknown status hold (open)"]


def test_pending_of_a_list_is_known_by_its_reason(tmp_path: Path) -> None:
    head = "Incident ID*+,Status*,Status_Reason,Submit Date,Reported Date+,Priority*\n"
    found = evidence(
        tmp_path,
        UTC,
        tickets=head + "T1,Pending,Client Hold,2026-03-02 10:00:00,,High\n"
        "T2,Pending,,2026-03-02 10:00:00,,High\nT3,Assigned,Client Hold,2026-03-02 10:00:00,,High\n",
    )
    assert [sorted(doubts(found, ticket) & {"status-unknown"}) for ticket in ("T1", "T2", "T3")] == [
        [], ["status-unknown"], [],
    ]  # fmt: skip
    assert np.array_equal((found.tickets.doubt & Doubt.STATUS_UNKNOWN) != 0, [False, True, False])


def test_snapshots_tell_a_change_of_the_reason_alone(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "slaaudit-profile: 1\ncolumns: {ticket_id: ticket, at: seen, status: status}\n"
        "reasons: {column: why, of: [Parked], states: {Customer: waiting, Supplier: hold}}\n"
    )
    found = evidence(
        tmp_path,
        ReadOptions(mapping=str(mapping)),
        rows="ticket,seen,status,why\nT1,2026-03-02T10:00:00Z,Open,\nT1,2026-03-02T11:00:00Z,Parked,Customer\n"
        "T1,2026-03-02T12:00:00Z,Parked,Supplier\nT1,2026-03-02T13:00:00Z,Open,Supplier\n",
    )
    assert events_of(found, "T1")[1:] == [
        "2026-03-02 10:00:00 unknown status open",
        "2026-03-02 11:00:00 unknown status waiting (open)",
        "2026-03-02 12:00:00 unknown status hold (waiting)",
        "2026-03-02 13:00:00 unknown status open (hold)",
    ]
