"""Columns, words and people that the caller explains: by flags and by a mapping file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exports import doubts, events, events_of, evidence, instant, notes

from slaaudit.errors import EvidenceError, MappingError, UsageError
from slaaudit.evidence import ReadOptions
from slaaudit.evidence.profile import published

if TYPE_CHECKING:
    from pathlib import Path

TICKETS = "Key,Opened,Prio,State,Raised by,Prio\nT,02.03.2026 10:00,Burning,Waiting for parts,dora@vendor.example,Low\n"


def mapped(folder: Path, mapping: str, text: str = TICKETS, **options: object) -> list[str]:
    path = folder / "mapping.yaml"
    path.write_text(f"slaaudit-profile: 1\n{mapping}")
    given = ReadOptions(mapping=str(path), **options)  # type: ignore[arg-type]
    return events(evidence(folder, given, tickets=text))


WHOLE = """
shape: tickets
read: {timezone: Europe/Berlin, day-first: true}
columns: {ticket_id: Key, created_at: Opened, severity: "Prio[2]", status: State, created_by: Raised by}
values: {state: {waiting for parts: hold}, severity: {low: minor}}
actors: {vendor: {domains: [vendor.example]}}
"""


def test_a_mapping_file_explains_an_export(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(f"slaaudit-profile: 1\n{WHOLE}")
    found = evidence(tmp_path, ReadOptions(mapping=str(tmp_path / "mapping.yaml")), tickets=TICKETS)
    assert events(found) == ["T 2026-03-02 09:00:00 vendor created"]
    assert found.tickets.severity[0] == "minor"
    assert doubts(found, "T") == {"vendor-created", "no-status-history", "no-severity-history"}
    assert "local times are read as Europe/Berlin" in notes(found)
    assert (
        "columns: ticket_id = Key, severity = Prio, status = State, created_by = Raised by, created_at = Opened"
        in notes(found)
    )


def test_the_command_line_stands_over_the_mapping(tmp_path: Path) -> None:
    assert mapped(tmp_path, WHOLE, timezone="UTC") == ["T 2026-03-02 10:00:00 vendor created"]
    assert mapped(tmp_path, WHOLE, date_format="%m.%d.%Y %H:%M") == ["T 2026-02-03 09:00:00 vendor created"]


def test_flags_alone_explain_an_export(tmp_path: Path) -> None:
    options = ReadOptions(
        columns=(("ticket_id", "KEY "), ("created_at", "opened"), ("severity", "Prio")),
        timezone="America/New_York",
        date_format="%d.%m.%Y %H:%M",
    )
    found = evidence(tmp_path, options, tickets=TICKETS)
    assert instant(found.tickets.created_at[0]) == "2026-03-02 15:00:00"
    assert found.tickets.severity[0] == "Burning"
    assert "the header 'Prio' stands 2 times; the first is read as severity" in notes(found)


def test_a_header_that_no_file_has_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--column severity=Prioo: no file has a header 'Prioo'. Nearest: 'Prio'"):
        evidence(tmp_path, ReadOptions(columns=(("severity", "Prioo"),)), tickets=TICKETS)


def test_so_is_one_in_the_mapping_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as refused:
        mapped(tmp_path, "columns:\n  ticket_id: Keyy\n")
    (fault,) = refused.value.faults
    assert (fault.line, fault.column, fault.message) == (3, 14, "no file has a header 'Keyy'")
    assert "Nearest: 'Key'" in fault.hint


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("colums: {ticket_id: Key}", "unknown key 'colums'"),
        ("values: {state: {Open: opne}}", "'Open' cannot mean 'opne', which is no state"),
        ("read: {timezone: Europe/Berln}", "'Europe/Berln' is not a time zone"),
        ("read: {dates: ['%Q']}", "--date-format '%Q'"),
        ("shape: ticket", "'ticket' is not known here"),
        ("columns: {created_at: {column: Opened, as: minutes}}", "'as' and 'after' belong together"),
        ("columns: {ticket_id: Key, ticket_id: Opened}", "twice"),
    ],
)
def test_faults_of_a_mapping_are_told_with_their_place(tmp_path: Path, mapping: str, message: str) -> None:
    with pytest.raises(MappingError) as refused:
        mapped(tmp_path, mapping)
    assert message in str(refused.value)
    assert all(fault.line for fault in refused.value.faults)


def test_all_faults_of_a_mapping_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as refused:
        mapped(tmp_path, "shape: ticket\nread: {timezone: Nowhere}\ncolumn: {}\n")
    assert [fault.line for fault in refused.value.faults] == [2, 3, 4]


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no such file"):
        evidence(tmp_path, ReadOptions(mapping="nowhere.yaml"), tickets=TICKETS)


def test_a_meaning_that_is_no_state_or_actor_is_refused(tmp_path: Path) -> None:
    for value in (("status", "Pending", "wating"), ("actor", "agent-3", "vendr")):
        with pytest.raises(UsageError, match="did you mean"):
            evidence(tmp_path, ReadOptions(values=(value,)), tickets=TICKETS)


def test_what_the_export_has_to_show_cannot_be_set(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is what the export has to show"):
        evidence(
            tmp_path,
            ReadOptions(set_fields=(("resolved_at", "2026-01-01"),)),
            tickets="ticket_id,created_at\nT,2026-03-02T10:00:00Z\n",
        )


LOG = (
    "ticket_id,at,event,actor,actor_group,requester\n"
    "T,2026-03-02T10:00:00Z,reply,Dora <dora@Vendor.example>,,someone\n"
    "T,2026-03-02T10:01:00Z,reply,agent-3,second line,someone\n"
    "T,2026-03-02T10:02:00Z,reply,someone,,Someone\n"
    "T,2026-03-02T10:03:00Z,reply,Night Run,,someone\n"
    "T,2026-03-02T10:04:00Z,reply,agent-4,,someone\n"
    "T,2026-03-02T10:05:00Z,reply,agent-5,,someone\n"
)


def test_people_are_placed_by_domain_group_column_and_name(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "slaaudit-profile: 1\n"
        "actors:\n"
        "  vendor: {domains: ['@vendor.example'], groups: [Second Line], names: AGENT-4}\n"
        "  customer: {column: Requester}\n"
        "  system: [night run]\n"
    )
    found = evidence(tmp_path, ReadOptions(mapping=str(tmp_path / "mapping.yaml")), log=LOG)
    sides = [line.split()[2] for line in events_of(found, "T")]
    assert sides == ["vendor", "vendor", "customer", "system", "vendor", "unknown"]


def test_a_length_of_time_after_another_moment_is_a_moment(tmp_path: Path) -> None:
    rows = ('T,2026-03-02T10:00:00Z,"1,030"', "U,2026-03-02T10:00:00Z,", "V,2026-03-02T10:00:00Z,1.5")
    text = "\n".join(["ticket_id,created_at,First reply", *rows, ""])
    mapping = "columns: {first_response_at: {column: First reply, as: minutes, after: created_at}}\n"
    assert mapped(tmp_path, mapping, text)[1::2] == [
        "T 2026-03-03 03:10:00 vendor reply",
        "V 2026-03-02 10:00:00 unknown created",
    ]
    assert mapped(tmp_path, mapping, text)[-1] == "V 2026-03-02 10:01:30 vendor reply"


def test_an_empty_word_of_the_mapping_is_empty(tmp_path: Path) -> None:
    text = "ticket_id,created_at,resolved_at,severity\nT,2026-03-02T10:00:00Z,never,-\n"
    assert mapped(tmp_path, "read: {empty: [never, '-']}", text) == ["T 2026-03-02 10:00:00 unknown created"]


def test_missing_columns_are_told_with_the_nearest_headers(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError) as refused:
        evidence(tmp_path, tickets="Issue Key,Created,Status\n1,2,3\n")
    assert "ticket_id: nearest headers 'Issue Key'; say which with --column ticket_id='Issue Key'" in str(refused.value)
    assert "created_at: nearest headers 'Created'; say which with --column created_at=Created" in str(refused.value)


def test_every_published_profile_is_valid_and_can_be_told_by_its_headers() -> None:
    for profile in published():
        assert profile.id
        assert profile.title
        assert profile.recognise
        assert profile.shape


def test_a_mapping_of_lists_leaves_the_log_beside_it_a_log(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("slaaudit-profile: 1\nshape: tickets\ncolumns: {severity: Prio}\n")
    found = evidence(
        tmp_path,
        ReadOptions(mapping=str(tmp_path / "mapping.yaml")),
        tickets="ticket_id,created_at,Prio\nT,2026-03-02T10:00:00Z,S1\n",
        log="ticket_id,at,event,actor\nT,2026-03-02T10:05:00Z,reply,agent\n",
    )
    assert [each.role for each in found.inputs] == ["tickets", "events"]
    assert len(found.events) == 2


def test_a_mapping_with_headers_to_know_it_by_is_for_those_files_only(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "slaaudit-profile: 1\nid: ours\nrecognise: [Prio]\nread: {empty: ['S1']}\ncolumns: {severity: Prio}\n"
    )
    found = evidence(
        tmp_path,
        ReadOptions(mapping=str(tmp_path / "mapping.yaml")),
        ours="ticket_id,created_at,Prio\nT,2026-03-02T10:00:00Z,S1\n",
        theirs="ticket_id,created_at,severity\nU,2026-03-02T10:00:00Z,S1\n",
    )
    assert [each.profile for each in found.inputs] == ["ours", "plain"]
    assert [found.tickets.severity[index] for index in (0, 1)] == [None, "S1"]
