"""What is read from files is judged like what was built in memory, and as the oracle says."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine import found, told
from hypothesis import given
from hypothesis import strategies as st
from oracle import audited
from plain_calendar import moment
from strategies import CHANNELS, WORDS, evidence_of, instants, policies, stories, switches

from slaaudit.evidence import ReadOptions, read
from slaaudit.evidence.tables import Kind
from slaaudit.policy.grammar import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from oracle import Measurement
    from strategies import Happening, Story

    from slaaudit.evidence.tables import Evidence

TICKETS = ["ticket_id", "created_at", "severity", "channel", "type", "reported_at"]
EVENTS = ["ticket_id", "at", "event", "actor", "value", "old"]
Cells = list[str | None]


def stamp(at: int | None) -> str | None:
    return None if at is None else moment(at).isoformat().replace("+00:00", "Z")


def evidence_from(files: dict[str, list[Cells]]) -> Evidence:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in files]
        for path, rows in zip(paths, files.values(), strict=True):
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)
        return read([str(path) for path in paths], ReadOptions())


def list_row(number: int, story: Story) -> Cells:
    fields = dict(story.fields)
    reported = next((each.at for each in story.happenings if each.kind is Kind.REPORTED), None)
    times = [stamp(story.created_at), story.severity, fields["channel"], fields["type"], stamp(reported)]
    return [f"T{number}", *times]


def log_row(number: int, happening: Happening) -> Cells:
    event, actor = happening.kind.name.lower(), happening.actor.name.lower()
    return [f"T{number}", stamp(happening.at), event, actor, happening.value, happening.old]


@given(st.data())
def test_a_list_and_its_log_are_judged_like_the_same_events_in_memory(data: st.DataObject) -> None:
    zone, near = data.draw(switches)
    policy = data.draw(policies(zone, near))
    told_stories = data.draw(st.lists(stories(near), min_size=1, max_size=4))
    tickets = [list_row(number, story) for number, story in enumerate(told_stories)]
    log = [
        log_row(number, each)
        for number, story in enumerate(told_stories)
        for each in story.happenings
        if each.kind is not Kind.REPORTED
    ]
    files = {"tickets.csv": [TICKETS, *tickets]}
    if log:
        files["events.csv"] = [EVENTS, *log]
    evidence, direct = evidence_from(files), evidence_of(told_stories)
    assert not evidence.rejected
    as_of = direct.latest
    verdicts = told(found(policy, evidence, as_of))
    assert verdicts == told(audited(evidence, policy, as_of))
    if all(story.happenings for story in told_stories):
        assert without_caveats(verdicts) == without_caveats(told(found(policy, direct, as_of)))


def without_caveats(rows: list[list[Measurement]]) -> list[list[Measurement]]:
    return [[replace(row, caveats=frozenset()) for row in ticket] for ticket in rows]


LIST = [
    "ticket_id", "created_at", "status", "severity", "channel", "created_by", "reported_at", "assigned_at",
    "first_response_at", "workaround_at", "resolved_at", "closed_at", "reopened_at",
]  # fmt: skip
STATUSES = ["new", "open", "waiting", "hold", "resolved", "closed", "resolved", "closed", "cancelled", "mystery", None]


@st.composite
def list_rows(draw: st.DrawFn, number: int, near: int) -> Cells:
    created = draw(instants(near))
    offsets = st.sampled_from([None, None, 0, MINUTE, HOUR, 5 * HOUR, DAY, 4 * DAY, -HOUR])
    times = [draw(offsets) for _ in LIST[6:]]
    return [
        f"T{number}",
        stamp(created),
        draw(st.sampled_from(STATUSES)),
        draw(st.sampled_from([*WORDS, "weird", None])),
        draw(st.sampled_from([*CHANNELS, None])),
        draw(st.sampled_from(["vendor", "customer", None])),
        *(stamp(None if offset is None else created + offset) for offset in times),
    ]


@given(st.data())
def test_a_bare_list_is_judged_as_the_oracle_says(data: st.DataObject) -> None:
    zone, near = data.draw(switches)
    policy = data.draw(policies(zone, near))
    rows = [data.draw(list_rows(number, near)) for number in range(data.draw(st.integers(1, 4)))]
    evidence = evidence_from({"tickets.csv": [LIST, *rows]})
    as_of = evidence.latest + data.draw(st.sampled_from([0, HOUR, 5 * DAY]))
    assert told(found(policy, evidence, as_of)) == told(audited(evidence, policy, as_of))
