"""A list of tickets: columns become events, and what they leave open becomes a doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from exports import doubts, events_of, evidence, flags, instant, notes, rejected

from slaaudit.evidence import ReadOptions
from slaaudit.evidence.tables import Flag, Kind, State

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = (
    "ticket_id,created_at,reported_at,assigned_at,first_response_at,workaround_at,resolved_at,reopened_at,closed_at,"
    "severity,status,created_by,channel"
)
UNSEEN = {"no-status-history", "no-severity-history"}


def row(**cells: str) -> str:
    cells = {"ticket_id": "T", "created_at": "10:00", **cells}
    return ",".join(_cell(name, cells.get(name, "")) for name in HEADERS.split(","))


def _cell(name: str, text: str) -> str:
    return f"2026-03-02T{text}:00Z" if name.endswith("_at") and text[:1].isdigit() else text


def lines(folder: Path, **cells: str) -> list[str]:
    found = evidence(folder, tickets=f"{HEADERS}\n{row(**cells)}\n")
    return [line.removeprefix("2026-03-02 ") for line in events_of(found, "T")]


def open_points(folder: Path, **cells: str) -> set[str]:
    """The doubts, without those that every list has."""
    return doubts(evidence(folder, tickets=f"{HEADERS}\n{row(**cells)}\n"), "T") - UNSEEN


def test_every_moment_of_a_list_is_an_event(tmp_path: Path) -> None:
    assert lines(
        tmp_path,
        reported_at="09:00",
        assigned_at="10:05",
        first_response_at="10:10",
        workaround_at="10:20",
        resolved_at="11:00",
        reopened_at="11:30",
        closed_at="12:00",
    ) == [
        "09:00:00 unknown reported",
        "10:00:00 unknown created",
        "10:05:00 unknown assigned",
        "10:10:00 vendor reply",
        "10:20:00 unknown workaround",
        "11:00:00 unknown status resolved",
        "11:30:00 unknown status open",
        "12:00:00 unknown status closed",
    ]


def test_an_empty_cell_is_no_event(tmp_path: Path) -> None:
    assert lines(tmp_path) == ["10:00:00 unknown created"]


def test_each_event_knows_its_column_and_row(tmp_path: Path) -> None:
    found = evidence(tmp_path, tickets=f"{HEADERS}\n{row(ticket_id='A')}\n{row(ticket_id='B', resolved_at='11:00')}\n")
    places = [
        (found.sources[found.events.source[index]].column, int(found.events.row[index]))
        for index in range(len(found.events))
    ]
    assert places == [("created_at", 2), ("created_at", 3), ("resolved_at", 3)]
    assert flags(found, 0) == Flag.FROM_LIST
    assert instant(found.latest) == "2026-03-02 11:00:00"


def test_a_list_alone_shows_no_history(tmp_path: Path) -> None:
    assert doubts(evidence(tmp_path, tickets=f"{HEADERS}\n{row()}\n"), "T") == UNSEEN


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # finished, and when
        ({"status": "resolved", "resolved_at": "11:00"}, set()),
        ({"status": "resolved", "closed_at": "11:00"}, set()),
        ({"status": "resolved"}, {"finished-undated"}),
        ({"status": "closed", "resolved_at": "11:00", "closed_at": "12:00"}, set()),
        ({"status": "closed", "closed_at": "12:00"}, set()),
        ({"status": "closed", "resolved_at": "11:00"}, {"closed-undated"}),
        ({"status": "closed"}, {"finished-undated"}),
        # not finished, whatever the dates say
        ({"status": "open"}, set()),
        ({"status": "open", "resolved_at": "11:00"}, {"reopened-undated"}),
        ({"status": "waiting", "closed_at": "11:00"}, {"reopened-undated"}),
        # reopened
        ({"status": "open", "resolved_at": "11:00", "reopened_at": "12:00"}, set()),
        (
            {"status": "open", "resolved_at": "11:00", "reopened_at": "11:00", "closed_at": "10:30"},
            {"reopened-undated"},
        ),
        ({"status": "resolved", "resolved_at": "12:00", "reopened_at": "11:00"}, {"reopening-unseen"}),
        ({"status": "closed", "resolved_at": "12:00", "reopened_at": "11:00"}, {"reopening-unseen", "closed-undated"}),
        ({"status": "open", "resolved_at": "12:00", "reopened_at": "11:00"}, {"reopening-unseen", "reopened-undated"}),
        ({"status": "closed", "closed_at": "12:00", "reopened_at": "11:00"}, {"reopening-unseen"}),
        ({"status": "open", "reopened_at": "11:00"}, {"reopening-unseen"}),
        ({"status": "resolved", "resolved_at": "11:00", "reopened_at": "12:00"}, {"finished-undated"}),
        ({"status": "closed", "resolved_at": "11:00", "reopened_at": "12:00", "closed_at": "13:00"}, set()),
        (
            {"status": "closed", "resolved_at": "11:00", "closed_at": "11:30", "reopened_at": "12:00"},
            {"finished-undated"},
        ),
        # cancelled
        ({"status": "cancelled", "closed_at": "12:00"}, set()),
        ({"status": "merged", "resolved_at": "12:00"}, set()),
        ({"status": "spam"}, {"cancelled-undated"}),
        # words and times that say nothing
        ({"status": "pending"}, {"status-unknown"}),
        ({"status": "pending", "resolved_at": "12:00"}, {"status-unknown"}),
        ({"resolved_at": "12:00"}, set()),
        ({"resolved_at": "09:59", "status": "resolved"}, {"finish-before-creation"}),
        ({"closed_at": "09:59", "status": "closed"}, {"finish-before-creation"}),
        ({"resolved_at": "10:00", "status": "resolved"}, set()),
        ({"created_at": "", "status": "open"}, {"no-creation"}),
        ({"created_by": "agent"}, {"vendor-created"}),
        ({"created_by": "customer"}, set()),
        ({"created_by": "agent-3"}, set()),
    ],
)
def test_what_status_and_dates_leave_open(tmp_path: Path, cells: dict[str, str], expected: set[str]) -> None:
    assert open_points(tmp_path, **cells) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"status": "resolved", "resolved_at": "09:59"}, []),
        ({"status": "resolved", "resolved_at": "12:00", "reopened_at": "11:00"}, ["12:00:00 unknown status resolved"]),
        ({"status": "resolved", "closed_at": "12:00"}, ["12:00:00 unknown status closed"]),
        ({"status": "canceled", "closed_at": "12:00", "resolved_at": "11:00"}, ["12:00:00 unknown status cancelled"]),
        ({"status": "duplicate", "resolved_at": "11:00"}, ["11:00:00 unknown status cancelled"]),
        ({"status": "open", "resolved_at": "11:00"}, ["11:00:00 unknown status resolved"]),
        ({"status": "pending", "resolved_at": "11:00"}, ["11:00:00 unknown status resolved"]),
        (
            {"status": "open", "resolved_at": "11:00", "reopened_at": "11:00"},
            ["11:00:00 unknown status resolved", "11:00:00 unknown status open"],
        ),
    ],
)
def test_which_statuses_a_list_dates(tmp_path: Path, cells: dict[str, str], expected: list[str]) -> None:
    assert lines(tmp_path, **cells)[1:] == expected


def test_a_reply_before_creation_stays_for_the_judge(tmp_path: Path) -> None:
    assert lines(tmp_path, first_response_at="09:59")[0] == "09:59:00 vendor reply"


def test_a_cancellation_keeps_the_word_that_says_so(tmp_path: Path) -> None:
    found = evidence(tmp_path, tickets=f"{HEADERS}\n{row(status='Spam', closed_at='12:00')}\n")
    last = len(found.events) - 1
    assert found.words[found.events.word[last]] == "Spam"
    assert (found.events.kind[last], found.events.value[last]) == (Kind.STATUS, State.CANCELLED)


def test_words_stay_as_they_stand_and_ids_stay_text(tmp_path: Path) -> None:
    found = evidence(
        tmp_path, tickets=f"{HEADERS}\n{row(ticket_id='00123', severity='  High ', status='NA', channel='null')}\n"
    )
    tickets = found.tickets
    assert (tickets.ids[0], tickets.severity[0], tickets.status[0]) == ("00123", "High", "NA")
    assert tickets.fields["channel"][0] == "null"


def test_severities_that_differ_in_case_are_one(tmp_path: Path) -> None:
    found = evidence(tmp_path, tickets=f"{HEADERS}\n{row(severity='High')}\n{row(ticket_id='U', severity='HIGH')}\n")
    assert found.severities == ("High",)
    assert found.tickets.severity.codes.tolist() == [0, 0]


def test_fields_are_encoded_when_somebody_looks(tmp_path: Path) -> None:
    text = "ticket_id,created_at,region\nA,2026-03-02T10:00:00Z,north\nB,2026-03-02T11:00:00Z, south \n"
    region = evidence(tmp_path, tickets=text).tickets.fields["region"]
    later = region.take(np.array([1, 0]))
    assert not {"_made"} & (region.__dict__.keys() | later.__dict__.keys())
    assert [later[0], later[1], region[0]] == ["south", "north", "north"]


def test_extra_columns_are_fields_and_long_texts_are_left_unread(tmp_path: Path) -> None:
    text = "ticket_id,created_at,Region,subject\nT,2026-03-02T10:00:00Z,EMEA,Printer\n"
    assert set(evidence(tmp_path, tickets=text).tickets.fields) == {"Region"}
    asked = evidence(tmp_path, ReadOptions(fields=frozenset({"subject"})), tickets=text)
    assert set(asked.tickets.fields) == {"subject"}


def test_an_unknown_status_is_said_with_the_flag_that_settles_it(tmp_path: Path) -> None:
    text = f"{HEADERS}\n{row(status='On Fire')}\n{row(ticket_id='U', status='on fire')}\n"
    said = notes(evidence(tmp_path, tickets=text))
    assert "status not known: 'On Fire' (1), 'on fire' (1); say what is meant" in said
    assert "for example --value 'status:On Fire=waiting'" in said
    settled = evidence(tmp_path, ReadOptions(values=(("status", "ON FIRE ", "open"),)), tickets=text)
    assert "not known" not in notes(settled)
    assert doubts(settled, "T") == UNSEEN


class TestRepeatedRows:
    def test_equal_rows_count_once(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets=f"{HEADERS}\n{row()}\n{row(ticket_id='U')}\n{row()}\n")
        assert list(found.tickets.ids.words) == ["T", "U"]
        assert len(found.events) == 2
        assert "1 row equals an earlier one of the same ticket: counted once" in notes(found)
        assert rejected(found) == []

    def test_of_rows_that_disagree_the_first_stands_in_doubt(self, tmp_path: Path) -> None:
        rows = [row(severity="S1"), row(ticket_id="U"), row(severity="S2", resolved_at="11:00")]
        found = evidence(tmp_path, tickets="\n".join([HEADERS, *rows]))
        assert found.tickets.severity[0] == "S1"
        assert doubts(found, "T") == {*UNSEEN, "conflicting-rows"}
        assert doubts(found, "U") == UNSEEN
        assert rejected(found) == [
            (4, "resolved_at", "2026-03-02T11:00:00Z", "row 2 speaks of the same ticket, T, and differs here")
        ]
        assert len(found.events) == 2

    def test_so_it_is_over_several_files(self, tmp_path: Path) -> None:
        found = evidence(
            tmp_path,
            january=f"{HEADERS}\n{row()}\n",
            february=f"{HEADERS}\n{row(ticket_id='A')}\n{row(severity='S2')}\n",
        )
        assert list(found.tickets.ids.words) == ["T", "A"]
        assert doubts(found, "T") == {*UNSEEN, "conflicting-rows"}
        assert (
            rejected(found)[0][3] == f"row 2 of {tmp_path}/january.csv speaks of the same ticket, T, and differs here"
        )


class TestUnusableRows:
    def test_a_cell_that_is_no_time_puts_its_row_aside(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets=f"{HEADERS}\n{row(resolved_at='soon')}\n{row(ticket_id='U')}\n")
        assert list(found.tickets.ids.words) == ["U"]
        assert rejected(found) == [(2, "resolved_at", "soon", "no date and time that can be read")]
        assert found.inputs[0].rejected == 1
        assert found.inputs[0].rows == 2

    def test_so_does_a_missing_id(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets=f"{HEADERS}\n{row(ticket_id=' ')}\n{row(ticket_id='U')}\n")
        assert rejected(found) == [(2, "ticket_id", "", "no ticket id")]

    def test_a_row_is_told_once(self, tmp_path: Path) -> None:
        text = f"{HEADERS}\n{row(resolved_at='soon', closed_at='later')}\n{row(ticket_id='U')}\n"
        assert len(rejected(evidence(tmp_path, tickets=text))) == 1

    def test_values_are_shortened_and_made_harmless(self, tmp_path: Path) -> None:
        text = f"{HEADERS}\n{row(resolved_at='a' * 300)}\n{row(resolved_at=chr(27) + '[31m')}\n{row(ticket_id='U')}\n"
        values = [value for _, _, value, _ in rejected(evidence(tmp_path, tickets=text))]
        assert values == ["a" * 199 + "…", "\\x1b[31m"]


def test_a_field_can_be_set_where_it_is_absent_or_empty(tmp_path: Path) -> None:
    text = f"{HEADERS}\n{row(channel='phone')}\n{row(ticket_id='U')}\n"
    found = evidence(
        tmp_path,
        ReadOptions(set_fields=(("environment", "production"), ("channel", "email"), ("severity", "S2"))),
        tickets=text,
    )
    fields = found.tickets.fields
    assert [fields["environment"][index] for index in (0, 1)] == ["production", "production"]
    assert [fields["channel"][index] for index in (0, 1)] == ["phone", "email"]
    assert found.tickets.severity[1] == "S2"
