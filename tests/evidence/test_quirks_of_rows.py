"""What real exports do to a reader, quirk by quirk: how times are written, which rows there are, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exports import doubts, events, events_of, evidence, instant, notes, rejected

from slaaudit.errors import EvidenceError
from slaaudit.evidence import ReadOptions, read_operations

if TYPE_CHECKING:
    from pathlib import Path

UTC = ReadOptions(timezone="UTC")


class TestSpaces:
    @pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009"])
    def test_newer_systems_write_odd_spaces_before_pm(self, tmp_path: Path, space: str) -> None:
        found = evidence(tmp_path, UTC, tickets=f"ticket_id,created_at\nA,31/05/2026 4:05{space}PM\n")
        assert events(found) == ["A 2026-05-31 16:05:00 unknown created"]

    def test_an_id_may_have_a_space_as_a_thousands_separator(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, UTC, tickets="ticket_id,created_at\n12\u00a0345,2026-05-31 16:05:00\n")
        assert found.tickets.ids[0] == "12\u00a0345"


class TestHeader:
    def test_a_module_in_parentheses_and_marks_of_needed_fields_are_part_of_known_headers(self, tmp_path: Path) -> None:
        zoho = "Ticket Id,Created Time (Ticket),Ticket Closed Time,Subject,Status (Ticket),Priority (Ticket)\n"
        found = evidence(tmp_path, UTC, tickets=f"{zoho}7,05 Mar 2026 03:45 PM,,x,Open,High\n")
        assert events(found) == ["7 2026-03-05 15:45:00 unknown created"]

    def test_the_case_of_a_header_drifts(self, tmp_path: Path) -> None:
        header = "TICKET ID,Subject,created TIME,Status,Resolved Time\n"
        found = evidence(tmp_path, UTC, tickets=f"{header}7,x,2026-03-05 15:45:00,Open,\n")
        assert found.inputs[0].profile == "freshdesk-tickets"

    def test_a_dotted_reference_is_a_field_of_its_own(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,caller_id,caller_id.u_jobfamily\nA,2026-03-05T15:45:00Z,customer-1,Sales\n"
        assert evidence(tmp_path, tickets=text).tickets.fields["caller_id.u_jobfamily"][0] == "Sales"

    def test_a_log_whose_headers_were_mangled_is_refused_by_name(self, tmp_path: Path) -> None:
        text = (
            "number,ident_state,active,sys_mod_count,opened_at,sys_updated_at,priority,category,category,resolved_at,"
            "closed_at\n0000045,New,true,0,29/2/2016 01:16,29/2/2016 01:23,3 - Moderate,a,b,?,?\n"
        )
        with pytest.raises(EvidenceError, match="most like those of servicenow-event-log, which needs incident_state"):
            evidence(tmp_path, tickets=text)


SEEN = [
    ("2014-07-14 17:59:09", "2014-07-14 17:59:09"),
    ("03-13-2025 15:21:08", "2025-03-13 15:21:08"),
    ("29/2/2016 01:16", "2016-02-29 01:16:00"),
    ("29-02-2016 01:16", "2016-02-29 01:16:00"),
    ("25/02/2012 13:32", "2012-02-25 13:32:00"),
    ("12/22/24 8:16", "2024-12-22 08:16:00"),
    ("3/17/2025 6:04", "2025-03-17 06:04:00"),
    ("28/Nov/25 5:03 PM", "2025-11-28 17:03:00"),
    ("19/ene/26 12:47 PM", "2026-01-19 12:47:00"),
    ("30/Jan/26 12:00 AM", "2026-01-30 00:00:00"),
    ("20/07/2026, 11:56", "2026-07-20 11:56:00"),
    ("05 Mar 2026 03:45 PM", "2026-03-05 15:45:00"),
    ("May 31, 2026 04:05 PM", "2026-05-31 16:05:00"),
    ("5/31/2026 4:05:11 PM", "2026-05-31 16:05:11"),
    ("2025-12-05 08:47:50.154", "2025-12-05 08:47:50.154000"),
    ("2025-12-05 08:47:50.43", "2025-12-05 08:47:50.430000"),
    ("2025-12-05 08:47:50.9", "2025-12-05 08:47:50.900000"),
    ("2010-03-31T14:59:42.000000", "2010-03-31 14:59:42"),
    ("2018-05-11T09:46:53.000+0300", "2018-05-11 06:46:53"),
    ("2021-05-23T23:24:15Z", "2021-05-23 23:24:15"),
    ("2024-02-26 17:09:00+00:00", "2024-02-26 17:09:00"),
    ("2026-05-31 16:05:11 UTC", "2026-05-31 16:05:11"),
    ("2026-05-31 16:05:11 -0500", "2026-05-31 21:05:11"),
    ("44754.327465277776", "2022-07-12 07:51:33"),
    ("1783684800000", "2026-07-10 12:00:00"),
    ("1783684800", "2026-07-10 12:00:00"),
    ("20 Jun 2024", "2024-06-20 00:00:00"),
]


@pytest.mark.parametrize(("text", "meant"), SEEN)
def test_every_way_of_writing_that_was_seen_is_read(tmp_path: Path, text: str, meant: str) -> None:
    found = evidence(tmp_path, UTC, tickets=f'ticket_id,created_at\nA,"{text}"\n')
    assert instant(found.tickets.created_at[0]) == meant


@pytest.mark.parametrize("text", ["03-12-2025 15:21:08", "05/02/2012 13:32", "12/2/24 8:16"])
def test_a_day_that_may_be_a_month_is_refused_where_no_row_tells(tmp_path: Path, text: str) -> None:
    with pytest.raises(EvidenceError, match=r"row 2: created_at .*(day|year)"):
        evidence(tmp_path, UTC, tickets=f"ticket_id,created_at\nA,{text}\n")


def test_each_column_of_one_row_has_its_own_format(tmp_path: Path) -> None:
    text = "ticket_id,created_at,resolved_at\nA,25/Feb/26 10:17 PM,2026-02-26 16:38:58.679\n"
    assert events_of(evidence(tmp_path, UTC, tickets=text), "A") == [
        "2026-02-25 22:17:00 unknown created",
        "2026-02-26 16:38:58.679000 unknown status resolved",
    ]


def test_a_difference_over_a_clock_change_is_taken_between_instants(tmp_path: Path) -> None:
    text = "ticket_id,created_at,resolved_at\nA,2026-03-28 12:00:00,2026-03-29 12:00:00\n"
    found = evidence(tmp_path, ReadOptions(timezone="Europe/London"), tickets=text)
    assert found.events.at[1] - found.events.at[0] == 23 * 3_600_000_000


class TestRows:
    def test_a_ticket_in_two_equal_rows_is_one(self, tmp_path: Path) -> None:
        row = "A,2026-03-02T10:00:00Z\n"
        assert len(evidence(tmp_path, tickets=f"ticket_id,created_at\n{row}{row}").tickets) == 1

    def test_merged_tickets_and_spam_are_cancelled(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,closed_at,status\nA,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,Merged\n"
        found = evidence(tmp_path, tickets=text + "B,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,Spam\n")
        assert [line.split()[-1] for line in events(found)] == ["created", "cancelled", "created", "cancelled"]

    def test_the_newest_may_stand_first(self, tmp_path: Path) -> None:
        log = (
            "ticket_id,at,event,value\nA,2026-03-02T12:00:00Z,status,resolved\nA,2026-03-02T11:00:00Z,status,open\n"
            "A,2026-03-02T10:00:00Z,created,\n"
        )
        found = evidence(tmp_path, events=log)
        assert [line.split(" ", 3)[-1] for line in events_of(found, "A")] == [
            "created",
            "status open",
            "status resolved",
        ]

    def test_of_events_at_one_minute_the_rows_order_decides(self, tmp_path: Path) -> None:
        log = (
            "ticket_id,at,event,value\nA,2026-03-02 10:00,created,\nA,2026-03-02 10:00,status,open\n"
            "A,2026-03-02 10:00,status,waiting\nA,2026-03-02 10:00,status,open\n"
        )
        found = evidence(tmp_path, UTC, events=log)
        assert [line.split()[-1] for line in events_of(found, "A")] == ["created", "open", "waiting", "open"]

    def test_a_row_count_that_looks_like_a_limit_is_said(self, tmp_path: Path) -> None:
        rows = "".join(f"T{index},2026-03-02T10:00:00Z\n" for index in range(1000))
        found = evidence(tmp_path, tickets=f"ticket_id,created_at\n{rows}")
        assert "the file has exactly 1,000 rows: perhaps a limit of the export has cut it" in notes(found)

    def test_a_corrupt_status_is_unknown_and_said(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets="ticket_id,created_at,status\nA,2026-03-02T10:00:00Z,OpenPending\n")
        assert "status-unknown" in doubts(found, "A")
        assert "status not known: 'OpenPending' (1)" in notes(found)

    def test_a_reopened_ticket_whose_reopening_has_no_date_is_in_doubt(self, tmp_path: Path) -> None:
        text = (
            "ticket_id,created_at,resolved_at,status,reopen_count\n"
            "A,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,resolved,2\nB,2026-03-02T10:00:00Z,,open,0\n"
            "C,2026-03-02T10:00:00Z,,open,\nD,2026-03-02T10:00:00Z,,open,many\n"
        )
        found = evidence(tmp_path, tickets=text)
        assert "reopening-unseen" in doubts(found, "A")
        assert not any("reopening-unseen" in doubts(found, ticket) for ticket in "BCD")

    def test_a_log_of_statuses_beside_the_list_dates_its_reopenings(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,reopen_count\nA,2026-03-02T10:00:00Z,1\n"
        log = "ticket_id,at,event,value\nA,2026-03-02T11:00:00Z,status,open\n"
        assert "reopening-unseen" not in doubts(evidence(tmp_path, tickets=text, events=log), "A")


class TestMeaning:
    def test_a_list_resolved_after_its_closing_keeps_both_dates(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,resolved_at,closed_at\n"
        text += "A,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z,2026-03-02T11:00:00Z\n"
        assert [line.split(" ", 2)[1] for line in events_of(evidence(tmp_path, tickets=text), "A")] == [
            "10:00:00",
            "11:00:00",
            "12:00:00",
        ]

    def test_a_closed_ticket_without_a_date_is_in_doubt(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,resolved_at,status\nA,2026-03-02T10:00:00Z,,closed\n"
        assert "finished-undated" in doubts(evidence(tmp_path, tickets=text), "A")

    def test_priorities_may_run_the_other_way(self, tmp_path: Path) -> None:
        text = "TicketNumber;Created;State;Priority;Queue\n1;2026-03-02 10:00:00;open;5 very high;x\n"
        found = evidence(tmp_path, UTC, tickets=text)
        assert found.tickets.severity[0] == "urgent"

    def test_a_number_as_a_priority_means_nothing_until_it_is_said(self, tmp_path: Path) -> None:
        text = "id\tSubject\tStatus\tQueue\tCreated\tPriority\tTold\n1\tx\topen\tq\t2026-03-02 10:00:00\t90\tNot set\n"
        assert evidence(tmp_path, UTC, tickets=text).tickets.severity[0] == "90"

    def test_times_cut_to_the_minute_are_known_to_the_minute_in_few_rows_too(self, tmp_path: Path) -> None:
        text = "Id,Created at,Solved at,Status,Priority\n1,2026-03-02 10:00:00,1900-01-01 00:00:00,Open,High\n"
        found = evidence(tmp_path, UTC, tickets=text)
        assert [source.unit for source in found.sources if source.column == "Created at"] == [60_000_000]

    def test_a_log_may_name_tickets_by_another_column_of_the_list(self, tmp_path: Path) -> None:
        cases = "Id,CaseNumber,CreatedDate,ClosedDate,Status\n5001,00013001,2026-05-31T16:05:11.000Z,,New\n"
        history = (
            "Id,CaseId,Field,OldValue,NewValue,CreatedDate,CreatedById\n"
            "0171,5001,Status,New,Working,2026-05-31T17:05:11.000Z,0051\n"
        )
        found = evidence(tmp_path, cases=cases, history=history)
        assert [*found.tickets.ids.words] == ["5001"]
        assert found.tickets.fields["CaseNumber"][0] == "00013001"
        assert "tickets are named by Id, not by CaseNumber, as the log beside the list names them" in notes(found)

    def test_alone_the_list_keeps_its_own_names(self, tmp_path: Path) -> None:
        cases = "Id,CaseNumber,CreatedDate,ClosedDate,Status\n5001,00013001,2026-05-31T16:05:11.000Z,,New\n"
        assert [*evidence(tmp_path, cases=cases).tickets.ids.words] == ["00013001"]
        assert not rejected(evidence(tmp_path, cases=cases))

    def test_a_list_and_a_log_without_a_ticket_in_common_are_said(self, tmp_path: Path) -> None:
        tickets = "ticket_id,created_at\nINC1,2026-03-02T10:00:00Z\n"
        log = "ticket_id,at,event,value\n{},2026-03-02T11:00:00Z,status,open\n"
        apart = "events.csv is in a list beside it: if they are the same tickets, they are named by different columns"
        assert apart in notes(evidence(tmp_path, tickets=tickets, events=log.format("1c741bd7")))
        assert apart not in notes(evidence(tmp_path, tickets=tickets, events=log.format("INC1")))
        assert apart not in notes(evidence(tmp_path, events=log.format("INC1")))


class TestRelativeTimes:
    def test_seconds_since_the_first_event_name_no_instant_and_are_refused(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,resolved_at\n1,0.0,3600.5\n2,7200.25,9000.5\n"
        with pytest.raises(EvidenceError, match=r"Row 2: created_at '0\.0': no date and time that can be read"):
            evidence(tmp_path, tickets=text)

    def test_nor_do_they_in_a_file_of_incidents(self, tmp_path: Path) -> None:
        path = tmp_path / "incidents.csv"
        path.write_text("started_at,ended_at,component\n0.0,3600.000001,api\n7200.25,9000.5,web\n")
        with pytest.raises(EvidenceError, match=r"Row 2: started_at '0\.0': no date and time that can be read"):
            read_operations([str(path)], [], [], ReadOptions())
