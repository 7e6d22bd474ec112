"""The public ServiceNow event log of 24,918 incidents, where it is at hand: what the log says of itself holds.

It is the "Incident management process enriched event log" of the UCI Machine Learning Repository (CC BY 4.0).

``resolved_at`` stands on every row of a ticket with its last value. The replay does not use it, so it can be held
against the instant at which the replay sees the ticket enter Resolved.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from slaaudit.evidence import Evidence, ReadOptions, read
from slaaudit.evidence.tables import MISSING, Kind, State

LOG = Path(__file__).parents[2] / "../shared/data/uci_incident_event_log.csv.gz"

DIFFERING = Path(__file__).parent / "uci_differing.csv"  # the tickets whose two times differ, with the cause of each

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the UCI incident event log is not at hand")


@pytest.fixture(scope="module")
def found() -> Evidence:
    return read([str(LOG)], ReadOptions())


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, str]]]:
    by_ticket: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            by_ticket[row["number"]].append(row)
    return by_ticket


def micros(text: str) -> int:
    return int(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC).timestamp()) * 1_000_000


def last_entries(found: Evidence) -> dict[str, int]:
    """When each ticket last came from an unfinished state into a finished one."""
    events = found.events
    status = np.flatnonzero(events.kind == Kind.STATUS)
    entries: dict[str, int] = {}
    finished = (State.RESOLVED, State.CLOSED)
    before: dict[int, int] = {}
    for index in status[np.lexsort((status, events.at[status], events.ticket[status]))].tolist():
        ticket, value = int(events.ticket[index]), int(events.value[index])
        if value in finished and before.get(ticket) not in finished:
            entries[found.tickets.ids.words[ticket]] = int(events.at[index])
        before[ticket] = value
    return entries


def test_all_of_it_is_read(found: Evidence) -> None:
    (log,) = found.inputs
    assert (log.rows, log.rejected, log.profile, log.role) == (141_712, 0, "servicenow-event-log", "snapshots")
    assert len(found.tickets) == 24_918
    assert found.rejected == ()
    assert set(found.severities) == {"critical", "high", "moderate", "low"}
    assert not found.tickets.doubt.any()
    assert (found.tickets.created_at != MISSING).all()


def test_what_was_understood_is_said(found: Evidence) -> None:
    notes = "\n".join(found.inputs[0].notes)
    assert "zone not named in the export; the profile reads it as UTC; --timezone changes that" in notes
    assert "dates are day first: sys_updated_at, opened_at" in notes
    assert "status not known: '-100' (5)" in notes


def test_final_values_make_no_event(found: Evidence, rows: dict[str, list[dict[str, str]]]) -> None:
    updates = {(ticket, micros(row["sys_updated_at"])) for ticket, listed in rows.items() for row in listed}
    events = found.events
    logged = np.flatnonzero(events.kind != Kind.CREATED)
    ids = found.tickets.ids.words
    assert {(ids[events.ticket[index]], int(events.at[index])) for index in logged.tolist()} <= updates
    assert found.tickets.fields["resolved_at"][0] == "29/2/2016 11:29"


def test_the_replay_enters_resolved_when_the_log_says_so(
    found: Evidence, rows: dict[str, list[dict[str, str]]]
) -> None:
    entries = last_entries(found)
    stated = {
        ticket: micros(listed[0]["resolved_at"]) for ticket, listed in rows.items() if listed[0]["resolved_at"] != "?"
    }
    differing = {ticket: at for ticket, at in stated.items() if entries.get(ticket) != at}
    assert len(stated) == 23_362
    assert len(stated) - len(differing) == 23_066
    causes = {ticket: cause(rows[ticket], at, entries[ticket]) for ticket, at in differing.items()}
    assert Counter(causes.values()) == {
        "stamped again by a later update of a ticket already resolved": 295,
        "closed after a reopening without being resolved again": 1,
    }
    listed = [f"{ticket},{_told(entries[ticket])},{_told(stated[ticket])},{why}" for ticket, why in causes.items()]
    assert DIFFERING.read_text(encoding="utf-8").splitlines()[1:] == sorted(listed)


def _told(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).strftime("%Y-%m-%dT%H:%MZ")


def cause(listed: list[dict[str, str]], stated: int, entered: int) -> str:
    """Why a ticket's stated resolution is not its last entry into Resolved."""
    ordered = sorted(listed, key=lambda row: micros(row["sys_updated_at"]))
    then = {row["incident_state"] for row in ordered if micros(row["sys_updated_at"]) == stated}
    if stated > entered and "Resolved" in then:
        return "stamped again by a later update of a ticket already resolved"
    states = [row["incident_state"] for row in ordered]
    if stated < entered and states[-1] == "Closed" and states[-2] not in {"Resolved", "Closed"}:
        return "closed after a reopening without being resolved again"
    return f"no cause found: {states}"
