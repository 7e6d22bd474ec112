"""What real exports do to a reader, quirk by quirk: container, delimiter, header, what stands around the data."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING

import pytest
from exports import events, events_of, evidence, instant, notes, rejected
from workbooks import workbook

from slaaudit.errors import EvidenceError
from slaaudit.evidence import Evidence, ReadOptions, read

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "A,2026-03-02T10:00:00Z,open\nB,2026-03-02T11:00:00Z,new\n"
TEXT = f"ticket_id,created_at,status\n{ROWS}"
MEANT = ["A 2026-03-02 10:00:00 unknown created", "B 2026-03-02 11:00:00 unknown created"]


def mapped(folder: Path, mapping: str, text: str | bytes, **options: object) -> Evidence:
    (folder / "mapping.yaml").write_text(f"slaaudit-profile: 1\n{mapping}\n", encoding="utf-8")
    given = ReadOptions(mapping=str(folder / "mapping.yaml"), **options)  # type: ignore[arg-type]
    return evidence(folder, given, tickets=text)


def book(folder: Path, mapping: str = "", **sheets: list[list[object]]) -> Evidence:
    (folder / "export.xlsx").write_bytes(workbook(sheets))
    (folder / "mapping.yaml").write_text(f"slaaudit-profile: 1\n{mapping}\n", encoding="utf-8")
    options = ReadOptions(mapping=str(folder / "mapping.yaml"), timezone="UTC")
    return read([str(folder / "export.xlsx")], options)


class TestContainer:
    def test_powershell_writes_utf16_with_a_type_line_and_semicolons(self, tmp_path: Path) -> None:
        text = "#TYPE System.Management.Automation.PSCustomObject;;\r\n" + TEXT.replace(",", ";").replace("\n", "\r\n")
        found = evidence(tmp_path, tickets=text.encode("utf-16"))
        assert events(found) == MEANT
        assert notes(found) == "read as UTF-16\nseparated by semicolon"

    def test_cr_cr_lf_makes_no_rows_but_stays_in_quoted_cells(self, tmp_path: Path) -> None:
        text = TEXT.replace("status", "region").replace("open", '"two\r\r\nlines"').replace("Z,new\n", "Z,new\r\r\n")
        found = evidence(tmp_path, tickets=text.replace('lines"\n', 'lines"\r\r\n'))
        assert events(found) == MEANT
        assert (found.tickets.fields["region"][0] or "").split() == ["two", "lines"]
        assert not found.rejected

    def test_excel_says_the_delimiter_in_a_first_line(self, tmp_path: Path) -> None:
        assert events(evidence(tmp_path, tickets=f"sep=|\r\n{TEXT.replace(',', '|')}")) == MEANT

    def test_a_zip_may_hold_a_workbook(self, tmp_path: Path) -> None:
        rows = [["ticket_id", "created_at"], ["A", "2026-03-02T10:00:00Z"]]
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            archive.writestr("export.xlsx", workbook({"One": rows}))
        assert events(read([str(tmp_path / "export.zip")], ReadOptions())) == MEANT[:1]


class TestWorkbook:
    HEADER = ("ticket_id", "created_at", "resolved_at", "status")

    def test_dates_are_serials_rounded_to_the_second(self, tmp_path: Path) -> None:
        rows: list[list[object]] = [
            [*self.HEADER],
            [1007.0, dt.datetime(2026, 3, 2, 10, 0, 1), 46084.327465277776, "solved"],  # noqa: DTZ001 - a wall clock
            [1008.0, dt.datetime(2026, 3, 3), None, "open"],  # noqa: DTZ001 - a wall clock
        ]
        found = book(tmp_path, One=rows)
        assert events_of(found, "1007") == [
            "2026-03-02 10:00:01 unknown created",
            "2026-03-03 07:51:33 unknown status resolved",
        ]
        assert events_of(found, "1008") == ["2026-03-03 00:00:00 unknown created"]
        assert not found.rejected

    def test_the_first_sheet_is_read_or_the_one_that_is_named(self, tmp_path: Path) -> None:
        sheets: dict[str, list[list[object]]] = {
            "Data": [["ticket_id", "created_at"], ["A", "2026-03-02T10:00:00Z"]],
            "Old": [["ticket_id", "created_at"], ["B", "2026-03-02T11:00:00Z"]],
        }
        first = book(tmp_path, **sheets)
        assert events(first) == MEANT[:1]
        assert "sheet 'Data'; not read: 'Old'" in notes(first)
        assert events(book(tmp_path, "read: {sheet: old}", **sheets)) == MEANT[1:]
        with pytest.raises(EvidenceError, match=r"there is no sheet 'New'\. The sheets are 'Data', 'Old'\."):
            book(tmp_path, "read: {sheet: New}", **sheets)

    def test_titles_above_and_totals_below_are_no_tickets_and_rows_keep_their_numbers(self, tmp_path: Path) -> None:
        rows: list[list[object]] = [
            ["Incidents of May"],
            [],
            [*self.HEADER],
            ["A", "2026-03-02T10:00:00Z", None, "open"],
            [],
            ["B", "never", None, "open"],
            ["Total", None, None, "2"],
        ]
        found = book(tmp_path, One=rows)
        assert events(found) == MEANT[:1]
        assert rejected(found) == [(6, "created_at", "never", "no date and time that can be read")]
        assert "1 row above the header left out: 'Incidents of May'" in notes(found)
        assert "totals, headings and footers left out: 1 (row 7 'Total')" in notes(found)

    def test_a_length_of_more_than_a_day_is_a_clock(self, tmp_path: Path) -> None:
        mapping = "columns: {first_response_at: {column: took, as: hms, after: created_at}}"
        length = dt.timedelta(hours=26, minutes=10)
        found = book(
            tmp_path, mapping, One=[["ticket_id", "created_at", "took"], ["A", "2026-03-02T10:00:00Z", length]]
        )
        assert events_of(found, "A")[1] == "2026-03-03 12:10:00 vendor reply"

    def test_an_empty_sheet_and_one_without_rows_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(EvidenceError, match="the sheet 'One' is empty"):
            book(tmp_path, One=[])
        with pytest.raises(EvidenceError, match="the sheet 'One' has a header but no rows"):
            book(tmp_path, One=[["ticket_id", "created_at"]])

    def test_a_damaged_workbook_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "export.xlsx").write_bytes(workbook({"One": []})[:300])
        with pytest.raises(EvidenceError, match=r"export\.xlsx"):
            read([str(tmp_path / "export.xlsx")], ReadOptions())


class TestDelimiter:
    def test_a_space_after_every_comma_even_before_a_quotation_mark(self, tmp_path: Path) -> None:
        text = (
            "ticket_id, created_at, status, region\n"
            'A, 2026-03-02T10:00:00Z, open, "north, ""by"" ""sea"", and more"\nB, 2026-03-02T11:00:00Z, -, x\n'
        )
        found = mapped(tmp_path, 'read: {empty: ["-"]}', text)
        assert events(found) == MEANT
        assert found.tickets.fields["region"][0] == 'north, "by" "sea", and more'
        assert found.tickets.status[1] is None
        assert "separated by comma and space" in notes(found)

    def test_a_comma_inside_a_quoted_date(self, tmp_path: Path) -> None:
        text = 'ticket_id,created_at\nA,"20/07/2026, 11:56"\n'
        assert events(evidence(tmp_path, ReadOptions(timezone="UTC"), tickets=text)) == [
            "A 2026-07-20 11:56:00 unknown created"
        ]

    def test_line_breaks_in_cells_make_no_rows(self, tmp_path: Path) -> None:
        text = 'ticket_id,created_at,Comment,Comment\nA,2026-03-02T10:00:00Z,"one;\ntwo, three\n\n","four"\nB,x,,\n'
        found = evidence(tmp_path, tickets=text)
        assert rejected(found)[0][0] == 3
        assert found.tickets.fields["Comment[2]"][0] == "four"

    @pytest.mark.parametrize(("key", "meant"), [("value", "6816f7"), ("display_value", "Desk A")])
    def test_a_reference_gives_its_value_or_what_is_shown(self, tmp_path: Path, key: str, meant: str) -> None:
        cell = "{'link': 'https://x.example/value', 'value': '6816f7', 'display_value': \"Desk A\"}"
        cell = cell.replace('"', '""')
        text = f'ticket_id,created_at,group\nA,2026-03-02T10:00:00Z,"{cell}"\nB,2026-03-02T11:00:00Z,plain\n'
        found = mapped(tmp_path, f"columns: {{region: {{column: group, take: {key}}}}}", text)
        assert [found.tickets.fields["region"][index] for index in (0, 1)] == [meant, "plain"]

    def test_the_guard_against_formulas_is_no_part_of_a_cell(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,region\n'=1+1,2026-03-02T10:00:00Z,'-x\nB,2026-03-02T11:00:00Z,'s-Hertogenbosch\n"
        found = evidence(tmp_path, tickets=text)
        assert found.tickets.ids[0] == "=1+1"
        assert [found.tickets.fields["region"][index] for index in (0, 1)] == ["-x", "'s-Hertogenbosch"]


class TestHeader:
    def test_a_repeated_header_is_addressed_by_number(self, tmp_path: Path) -> None:
        text = "Key,Opened,Opened,Opened\nA,x,y,2026-03-02T10:00:00Z\n"
        options = ReadOptions(columns=(("ticket_id", "Key"), ("created_at", "Opened[3]")))
        assert events(evidence(tmp_path, options, tickets=text)) == MEANT[:1]

    def test_trailing_spaces_and_other_case_are_no_other_header(self, tmp_path: Path) -> None:
        assert events(evidence(tmp_path, tickets=TEXT.replace("created_at", '" CREATED_AT "'))) == MEANT

    @pytest.mark.parametrize(("header", "meant"), [("(UTC)", "16:05:11"), ("(GMT+02:00)", "14:05:11")])
    def test_the_zone_may_stand_only_in_the_header(self, tmp_path: Path, header: str, meant: str) -> None:
        text = f"ticket_id,Created At {header}\nA,2026-05-31 16:05:11\n"
        options = ReadOptions(columns=(("created_at", f"Created At {header}"),))
        found = evidence(tmp_path, options, tickets=text)
        assert instant(found.tickets.created_at[0]) == f"2026-05-31 {meant}"
        assert f"the header names the zone {header.strip('()')}" in notes(found)

    def test_a_zone_in_the_header_stands_over_the_zone_of_the_other_columns(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,Done (UTC),status\nA,2026-05-31 16:05:11,2026-05-31 16:05:12,closed\n"
        options = ReadOptions(columns=(("resolved_at", "Done (UTC)"),), timezone="America/New_York")
        found = evidence(tmp_path, options, tickets=text)
        assert instant(found.tickets.created_at[0]) == "2026-05-31 20:05:11"

    def test_date_and_time_may_stand_in_two_columns(self, tmp_path: Path) -> None:
        text = "ticket_id,Start Date,Start Time\nA,20/07/2026,12:58:00\nB,21/07/2026,1:05 PM\nC,,\nD,22/07/2026,\n"
        mapping = "read: {timezone: UTC}\ncolumns: {created_at: {date: Start Date, time: Start Time}}"
        found = mapped(tmp_path, mapping, text)
        assert events(found)[:2] == ["A 2026-07-20 12:58:00 unknown created", "B 2026-07-21 13:05:00 unknown created"]
        assert rejected(found) == [(5, "Start Date", "22/07/2026", "a date without a time, among dates with times")]


class TestAroundTheData:
    def test_titles_stand_above_the_header(self, tmp_path: Path) -> None:
        text = f"Incident report,,\nGenerated by agent-3 on 2026-06-01,,\n\n{TEXT}C,soon,x\n"
        found = evidence(tmp_path, tickets=text)
        assert events(found) == MEANT
        assert "2 rows above the header left out: 'Incident report,,', 'Generated by agent-3 on 2026-06-01,,'" in notes(
            found
        )
        assert rejected(found)[0][0] == 6  # the titles are rows too

    def test_titles_of_one_cell_stand_above_headers_of_no_known_name(self, tmp_path: Path) -> None:
        text = "Report\n\nKey;Opened on\nA;2026-03-02T10:00:00Z\n"
        options = ReadOptions(columns=(("ticket_id", "Key"), ("created_at", "Opened on")))
        assert events(evidence(tmp_path, options, tickets=text)) == MEANT[:1]

    def test_totals_and_notices_stand_below_the_data(self, tmp_path: Path) -> None:
        footer = (
            '\n"Grand Totals (2 records)"\n"Confidential Information - Do Not Distribute"\n'
            '"Copyright (c) 2000-2026 a company, inc. All rights reserved."\n'
        )
        found = evidence(tmp_path, tickets=TEXT + footer)
        assert events(found) == MEANT
        assert (found.inputs[0].rows, found.inputs[0].rejected) == (2, 0)
        assert "totals, headings and footers left out: 3 (row 4 'Grand Totals (2 records)', row 5" in notes(found)

    def test_junk_below_the_data_that_nobody_knows_is_rejected_by_row(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets=f"{TEXT}AR System\nfinis\n")
        assert [(row, value) for row, _, value, _ in rejected(found)] == [(4, "AR System"), (5, "finis")]

    def test_sub_totals_headings_and_empty_rows_stand_between_tickets(self, tmp_path: Path) -> None:
        text = (
            "Site,ticket_id,created_at,status\nBerlin,,,\n,A,2026-03-02T10:00:00Z,open\nSub-total,,,1\n,,,\n"
            ",B,2026-03-02T11:00:00Z,new\nTotal: 2,,,\n,,2026-03-02T11:00:00Z,lost\n"
        )
        found = evidence(tmp_path, tickets=text)
        assert events(found) == MEANT
        assert "left out: 3 (row 2 'Berlin', row 4 'Sub-total', row 7 'Total: 2')" in notes(found)
        assert "empty rows left out: 1" in notes(found)
        assert rejected(found) == [(8, "ticket_id", "", "no ticket id")]

    def test_a_ticket_that_is_named_like_a_total_stays(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets=TEXT.replace("A,", "Total 5,"))
        assert found.tickets.ids[0] == "Total 5"


class TestEmpty:
    @pytest.mark.parametrize("word", ["?", "-", "UNKNOWN", "Not set", "Not Assigned", "null", "(null)", "0", "N/A"])
    def test_a_word_that_the_profile_calls_empty_is_empty(self, tmp_path: Path, word: str) -> None:
        text = f"ticket_id,created_at,resolved_at,severity\nA,2026-03-02T10:00:00Z,{word},{word}\n"
        found = mapped(tmp_path, f'read: {{empty: ["{word}"]}}', text)
        assert events(found) == MEANT[:1]
        assert found.tickets.severity[0] is None
        assert not found.rejected

    def test_a_sentinel_year_is_never_and_counted(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,resolved_at\nA,2026-03-02 10:00:00,1900-01-01 00:00:00\n"
        found = evidence(tmp_path, ReadOptions(timezone="UTC"), tickets=text)
        assert events(found) == MEANT[:1]
        assert "resolved_at: 1 time before 1971, read as empty" in notes(found)


def test_a_zone_abbreviation_is_what_the_mapping_says(tmp_path: Path) -> None:
    text = 'ticket_id,created_at\nA,"Aug 28, 2024 - 13:36 PDT"\nB,"Aug 28, 2024 - 13:36 XYZ"\n'
    found = mapped(tmp_path, "read: {zones: {PDT: -07:00}}", text)
    assert events(found) == ["A 2024-08-28 20:36:00 unknown created"]
    assert rejected(found)[0][3].startswith("the zone XYZ may mean several; say which in a mapping file")


def test_years_of_two_digits_are_noted(tmp_path: Path) -> None:
    text = "ticket_id,created_at\nA,28/Nov/25 5:03 PM\n"
    found = evidence(tmp_path, ReadOptions(timezone="UTC"), tickets=text)
    assert events(found) == ["A 2025-11-28 17:03:00 unknown created"]
    assert "created_at: years of two digits are read as 1969 to 2068" in notes(found)
