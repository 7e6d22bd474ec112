"""Plain files of incidents, maintenance and usage: what each column becomes, and what is told instead of used."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from exports import incidents, maintenance, operations, rejected, told, usage, written

from slaaudit.errors import EvidenceError, MappingError, UsageError
from slaaudit.evidence import ReadOptions, read, read_operations

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "incident_id,started_at,ended_at\n"
DAY = "2026-05-01T"


def one(folder: Path, headers: str, row: str, options: ReadOptions | None = None):
    """The incidents of a file with one row."""
    return operations(folder, options, incidents=f"{headers}\n{row}\n")


# --- incidents ------------------------------------------------------------------------------------------------------


def test_every_plain_column_of_an_incident_is_read(tmp_path):
    found = one(
        tmp_path,
        "title,total_users,affected_users,affected_fraction,planned,cause,severity,environment,component,ended_at,"
        "started_at,incident_id,Region",
        "API down,200,50,,No,third-party,SEV-1,production,API,2026-05-01T11:30:00Z,2026-05-01T10:00:00Z,I-1,EU",
    )
    (line,) = incidents(found)
    assert line.split(" component")[0] == "I-1 2026-05-01 10:00:00 .. 2026-05-01 11:30:00 share=1/4"
    assert {name: column[0] for name, column in found.incidents.fields.items()} == {
        "component": "API",
        "environment": "production",
        "severity": "SEV-1",
        "cause": "third-party",
        "planned": "false",
        "title": "API down",
        "Region": "EU",
    }
    assert (found.inputs[0].role, found.inputs[0].profile, found.inputs[0].rows) == ("incidents", "plain", 1)
    assert (found.incidents.file[0], found.incidents.row[0]) == (0, 2)
    assert not found.rejected


def test_an_incident_without_an_end_is_open_and_that_is_told(tmp_path):
    found = operations(tmp_path, incidents=f"{HEADER}A,{DAY}10:00Z,\nB,{DAY}11:00Z,{DAY}12:00Z\n")
    assert incidents(found) == ["A 2026-05-01 10:00:00 .. -", "B 2026-05-01 11:00:00 .. 2026-05-01 12:00:00"]
    assert "incidents without an end, which are open: 1 (row 2)" in told(found)


def test_an_end_that_cannot_be_read_does_not_make_an_open_incident(tmp_path):
    found = operations(tmp_path, incidents=f"{HEADER}A,{DAY}10:00Z,soon\nB,{DAY}11:00Z,{DAY}12:00Z\n")
    assert len(found.incidents) == 1
    assert rejected(found) == [(2, "ended_at", "soon", "no date and time that can be read")]


def test_an_end_before_the_start_is_rejected_with_the_reason(tmp_path):
    found = operations(tmp_path, incidents=f"{HEADER}A,{DAY}10:00Z,{DAY}09:59Z\nB,{DAY}11:00Z,{DAY}12:00Z\n")
    assert rejected(found) == [(2, "ended_at", "2026-05-01T09:59Z", "the end lies before the start")]


def test_an_end_in_the_hour_that_a_clock_change_repeats_is_rejected_with_that_reason(tmp_path):
    rows = "A,2026-10-25 02:50,2026-10-25 02:10\nB,2026-10-25 12:00,2026-10-25 13:00\n"
    found = operations(tmp_path, ReadOptions(timezone="Europe/Berlin"), incidents=HEADER + rows)
    assert rejected(found)[0][3].startswith("the end lies before the start; a DST change repeats one of")


def test_an_incident_of_no_length_stays_and_is_told(tmp_path):
    found = operations(tmp_path, incidents=f"{HEADER}A,{DAY}10:00Z,{DAY}10:00Z\n")
    assert len(found.incidents) == 1
    assert "rows whose end is their start, which take no time: 1 (row 2)" in told(found)


def test_an_incident_without_an_id_is_named_by_its_file_and_row(tmp_path):
    (path,) = written(tmp_path, outages=f"started_at,ended_at\n{DAY}10:00Z,{DAY}11:00Z\n{DAY}12:00Z,{DAY}13:00Z\n")
    found = read_operations([path], [], [], ReadOptions())
    assert [*found.incidents.ids.words] == [f"{path}:2", f"{path}:3"]
    empty = operations(tmp_path, incidents=f"{HEADER},{DAY}10:00Z,{DAY}11:00Z\nB,{DAY}10:00Z,{DAY}11:00Z\n")
    assert [empty.incidents.ids[0], empty.incidents.ids[1]] == [f"{tmp_path / 'incidents.csv'}:2", "B"]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("true", "true"), ("YES", "true"), ("1", "true"), ("Planned", "true"), ("scheduled", "true"), ("false", "false"),
     ("No", "false"), ("0", "false"), ("unplanned", "false")],
)  # fmt: skip
def test_planned_is_true_or_false_whatever_it_is_called(word, meaning, tmp_path):
    found = one(tmp_path, "incident_id,started_at,ended_at,planned", f"A,{DAY}10:00Z,{DAY}11:00Z,{word}")
    assert found.incidents.fields["planned"][0] == meaning


def test_a_planned_that_is_neither_is_empty_and_asked_for(tmp_path):
    headers, row = "incident_id,started_at,ended_at,planned", f"A,{DAY}10:00Z,{DAY}11:00Z,partly"
    found = one(tmp_path, headers, row)
    assert found.incidents.fields["planned"][0] is None
    assert "planned not known: 'partly' (1); say what is meant, for example --value planned:partly=true" in told(found)
    settled = one(tmp_path, headers, row, ReadOptions(values=(("planned", "partly", "false"),)))
    assert settled.incidents.fields["planned"][0] == "false"


@pytest.mark.parametrize(
    ("word", "share"),
    [("0.25", Fraction(1, 4)), ("25%", Fraction(1, 4)), ("33.3 %", Fraction(333, 1000)), ("1", Fraction(1)),
     (".5", Fraction(1, 2)), ("0,1", Fraction(1, 10)), ("1e-3", Fraction(1, 1000)), ("100%", Fraction(1)),
     ("0.1234567890123456789012345678901234567", Fraction(1234567890123456789012345678901234567, 10**37))],
)  # fmt: skip
def test_a_share_is_exact(word, share, tmp_path):
    found = one(tmp_path, "incident_id,started_at,ended_at,affected_fraction", f'A,{DAY}10:00Z,{DAY}11:00Z,"{word}"')
    assert found.incidents.shares[found.incidents.share[0]] == share


@pytest.mark.parametrize(
    ("word", "reason"),
    [("25", "a share above 1; if percent is meant, write 25% or 0.25"), ("-0.5", "a share below 0"),
     ("101%", "a share above 1; if percent is meant, write 25% or 0.25"), ("most", "no share from 0 to 1, such as"),
     ("nan", "no share from 0 to 1, such as"), ("1e999999999", "no share from 0 to 1, such as")],
)  # fmt: skip
def test_a_share_that_is_none_rejects_the_row(word, reason, tmp_path):
    rows = f"A,{DAY}10:00Z,{DAY}11:00Z,{word}\nB,{DAY}10:00Z,{DAY}11:00Z,1\n"
    found = operations(tmp_path, incidents=f"incident_id,started_at,ended_at,affected_fraction\n{rows}")
    assert [row[:3] for row in rejected(found)] == [(2, "affected_fraction", word)]
    assert found.rejected[0].reason.startswith(reason)


USERS = "incident_id,started_at,ended_at,affected_fraction,affected_users,total_users\n"


def shares(found):
    """The share of each incident by its id."""
    table = found.incidents
    return {table.ids[at]: table.shares[code] if code >= 0 else None for at, code in enumerate(table.share.tolist())}


def test_the_fraction_goes_before_the_users_and_none_means_the_whole(tmp_path):
    rows = [".5,1,10", ",1,3", ",2,6", ',"1,000","4,000"', ",,"]
    text = "".join(f"{name},{DAY}10:00Z,{DAY}11:00Z,{row}\n" for name, row in zip("ABCDE", rows, strict=True))
    found = operations(tmp_path, incidents=USERS + text)
    assert shares(found) == {
        "A": Fraction(1, 2), "B": Fraction(1, 3), "C": Fraction(1, 3), "D": Fraction(1, 4), "E": None
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [("11,10", "affected_users", "more users affected than there are"),
     ("0,0", "total_users", "a share of no users at all"),
     ("-1,10", "affected_users", "a number below zero"),
     ("some,10", "affected_users", "no whole number"),
     ("2.5,10", "affected_users", "no whole number"),
     ("1,1.000", "total_users", "no whole number"),
     ("1,99999999999999999999", "total_users", "a number of more than 15 digits")],
)  # fmt: skip
def test_users_that_are_no_share_reject_the_row(cells, column, reason, tmp_path):
    text = f"A,{DAY}10:00Z,{DAY}11:00Z,,{cells}\nB,{DAY}10:00Z,{DAY}11:00Z,,,\n"
    found = operations(tmp_path, incidents=USERS + text)
    assert [(row, where, why) for row, where, _, why in rejected(found)] == [(2, column, reason)]


def test_users_of_any_number_make_exact_shares(tmp_path):
    most = 10**15 - 1
    rows = [f",{most - 1},{most}", f",{most},{most}", ",2,4", ",1,2"]
    text = "".join(f"{name},{DAY}10:00Z,{DAY}11:00Z,{row}\n" for name, row in zip("ABCD", rows, strict=True))
    found = operations(tmp_path, incidents=USERS + text)
    half = Fraction(1, 2)
    assert shares(found) == {"A": Fraction(most - 1, most), "B": Fraction(1), "C": half, "D": half}
    assert len(found.incidents.shares) == 3


def test_users_without_their_total_count_for_the_whole_and_are_told(tmp_path):
    found = operations(tmp_path, incidents=f"{USERS}A,{DAY}10:00Z,{DAY}11:00Z,,7,\n")
    assert shares(found) == {"A": None}
    assert "rows with only one of affected_users and total_users, which count for the whole: 1" in told(found)


def test_a_share_of_zero_is_no_outage_and_is_told(tmp_path):
    rows = f"A,{DAY}10:00Z,{DAY}11:00Z,0%,,\nB,{DAY}10:00Z,{DAY}11:00Z,,0,10\nC,{DAY}10:00Z,{DAY}11:00Z,,,\n"
    found = operations(tmp_path, incidents=USERS + rows)
    assert [*shares(found)] == ["C"]
    assert not found.rejected
    assert "passed over: 'no part of the service was affected' (2)" in told(found)


def test_a_status_of_the_end_without_an_end_rejects_the_row(tmp_path):
    rows = f"A,{DAY}10:00Z,,Resolved\nB,{DAY}10:00Z,,Open\nC,{DAY}10:00Z,{DAY}11:00Z,Closed\n"
    found = operations(tmp_path, incidents=f"incident_id,started_at,ended_at,status\n{rows}")
    assert [found.incidents.ids[0], found.incidents.ids[1]] == ["B", "C"]
    assert rejected(found) == [
        (2, "status", "Resolved", "its status says that it is over, and no time says since when")
    ]


def test_what_was_cancelled_is_passed_over_with_its_count(tmp_path):
    rows = f"A,{DAY}10:00Z,,Cancelled\nB,{DAY}10:00Z,,merged\nC,{DAY}10:00Z,,open\n"
    found = operations(tmp_path, incidents=f"incident_id,started_at,ended_at,status\n{rows}")
    assert found.incidents.ids[0] == "C"
    assert "passed over: 'Cancelled' (1), 'merged' (1)" in told(found)


def test_equal_rows_of_an_incident_count_once(tmp_path):
    row = f"A,{DAY}10:00Z,{DAY}11:00Z\n"
    found = operations(tmp_path, incidents=HEADER + row + f"B,{DAY}10:00Z,\n" + row + row)
    assert [found.incidents.ids[at] for at in range(len(found.incidents))] == ["A", "B"]
    assert "2 rows equal earlier ones of the same incident: counted once" in told(found)
    assert not found.rejected


def test_rows_of_an_incident_that_contradict_each_other_are_all_rejected(tmp_path):
    rows = [f"A,{DAY}10:00Z,{DAY}11:00Z", f"A,{DAY}10:00Z,{DAY}11:00Z", f"A,{DAY}10:00Z,{DAY}11:05Z", f"B,{DAY}10:00Z,"]
    found = operations(tmp_path, incidents=HEADER + "\n".join(rows) + "\n")
    assert incidents(found) == ["B 2026-05-01 10:00:00 .. -"]
    assert rejected(found) == [
        (2, "ended_at", "2026-05-01T11:00:00Z", "row 4 tells of the same incident, A, and differs here"),
        (3, "ended_at", "2026-05-01T11:00:00Z", "row 4 tells of the same incident, A, and differs here"),
        (4, "ended_at", "2026-05-01T11:05:00Z", "row 2 tells of the same incident, A, and differs here"),
    ]
    assert found.inputs[0].rejected == 3


def test_an_incident_may_have_a_row_for_each_component(tmp_path):
    rows = f"A,{DAY}10:00Z,{DAY}11:00Z,api\nA,{DAY}10:30Z,{DAY}11:00Z,web\n"
    found = operations(tmp_path, incidents=f"incident_id,started_at,ended_at,component\n{rows}")
    assert len(found.incidents) == 2
    assert not found.rejected


def test_two_files_of_incidents_are_one_table_and_contradictions_name_the_other_file(tmp_path):
    first, second = written(
        tmp_path,
        january=f"{HEADER}A,2026-01-01T10:00Z,2026-01-01T11:00Z\nB,2026-01-02T10:00Z,2026-01-02T11:00Z\n",
        february="ended_at,incident_id,started_at,cause\n2026-01-02T12:00Z,B,2026-01-02T10:00Z,vendor\n"
        "2026-02-02T12:00Z,C,2026-02-02T10:00Z,vendor\n",
    )
    found = read_operations([first, second], [], [], ReadOptions())
    assert incidents(found) == [
        "A 2026-01-01 10:00:00 .. 2026-01-01 11:00:00",
        "C 2026-02-02 10:00:00 .. 2026-02-02 12:00:00 cause=vendor",
    ]
    assert found.incidents.file.tolist() == [0, 1]
    assert [(each.file, each.row, each.reason) for each in found.rejected] == [
        (first, 3, f"row 2 of {second} tells of the same incident, B, and differs here"),
        (second, 2, f"row 3 of {first} tells of the same incident, B, and differs here"),
    ]


def test_a_length_of_time_may_stand_for_the_end(tmp_path):
    (tmp_path / "mapping.yaml").write_text(
        "slaaudit-profile: 1\nshape: incidents\ncolumns:\n  started_at: Began\n"
        "  ended_at: {column: Minutes, as: minutes, after: started_at}\n"
    )
    text = "Began,Minutes\n2026-05-01 10:00,90\n2026-05-02 10:00,\n2026-05-03 10:00,-5\n"
    options = ReadOptions(mapping=str(tmp_path / "mapping.yaml"), timezone="UTC")
    found = operations(tmp_path, options, incidents=text)
    assert [line.split(" ", 1)[1] for line in incidents(found)] == [
        "2026-05-01 10:00:00 .. 2026-05-01 11:30:00", "2026-05-02 10:00:00 .. -"
    ]  # fmt: skip
    assert rejected(found) == [(4, "Minutes", "-5", "a length of time below zero")]


def test_columns_words_and_zones_may_be_said_on_the_command_line(tmp_path):
    options = ReadOptions(
        columns=(("started_at", "Von"), ("ended_at", "Bis")), values=(("cause", "Strom", "utility"),),
        timezone="Europe/Berlin", date_format="%d.%m.%Y %H:%M", set_fields=(("environment", "production"),),
    )  # fmt: skip
    found = operations(tmp_path, options, incidents="Von;Bis;cause\n01.06.2026 10:00;01.06.2026 11:00;Strom\n")
    assert incidents(found)[0].split(" ", 1)[1] == (
        "2026-06-01 08:00:00 .. 2026-06-01 09:00:00 cause=utility, environment=production"
    )


def test_what_is_said_of_tickets_alone_is_no_mistake_here(tmp_path):
    options = ReadOptions(columns=(("created_at", "Created time"), ("ticket_id", "Ticket ID")))
    assert len(operations(tmp_path, options, incidents=f"{HEADER}A,{DAY}10:00Z,\n").incidents) == 1


def test_what_is_said_of_a_header_of_the_tickets_beside_them_is_no_mistake(tmp_path):
    (tickets,) = written(tmp_path, tickets=f"ticket_id,created_at,Priority,Area\nT,{DAY}10:00Z,high,x\n")
    said = ReadOptions(columns=(("severity", "Priority"),), values=(("Area", "x", "y"),))
    with pytest.raises(UsageError, match="--column severity=Priority: no file has a header 'Priority'"):
        operations(tmp_path, said, incidents=f"{HEADER}A,{DAY}10:00Z,\n")
    beside = ReadOptions(columns=said.columns, values=said.values, others=(tickets,))
    assert len(operations(tmp_path, beside, incidents=f"{HEADER}A,{DAY}10:00Z,\n").incidents) == 1
    wrong = ReadOptions(columns=(("severity", "Prio"),), others=(tickets,))
    with pytest.raises(UsageError, match="no file has a header 'Prio'"):
        operations(tmp_path, wrong, incidents=f"{HEADER}A,{DAY}10:00Z,\n")


def test_what_is_said_of_incidents_alone_is_no_mistake_for_tickets(tmp_path):
    (path,) = written(tmp_path, tickets=f"ticket_id,created_at\nT,{DAY}10:00Z\n")
    assert len(read([path], ReadOptions(columns=(("started_at", "Began"),))).tickets) == 1


def test_a_mapping_of_tickets_does_not_speak_of_incidents(tmp_path):
    (tmp_path / "mapping.yaml").write_text("slaaudit-profile: 1\nshape: tickets\ncolumns: {severity: Impact}\n")
    options = ReadOptions(mapping=str(tmp_path / "mapping.yaml"))
    assert len(operations(tmp_path, options, incidents=f"{HEADER}A,{DAY}10:00Z,\n").incidents) == 1
    (tmp_path / "mapping.yaml").write_text("slaaudit-profile: 1\ncolumns: {severity: Impact}\n")
    with pytest.raises(MappingError, match="no file has a header 'Impact'"):
        operations(tmp_path, options, incidents=f"{HEADER}A,{DAY}10:00Z,\n")


# --- maintenance ----------------------------------------------------------------------------------------------------


def test_maintenance_is_read(tmp_path):
    text = (
        "started_at,ended_at,announced_at,component\n"
        "2026-05-03T01:00Z,2026-05-03T03:00Z,2026-04-20T09:00Z,api\n2026-05-10T01:00Z,2026-05-10T03:00Z,,\n"
    )
    assert maintenance(operations(tmp_path, maintenance=text)) == [
        "2026-05-03 01:00:00 .. 2026-05-03 03:00:00 announced 2026-04-20 09:00:00 of api",
        "2026-05-10 01:00:00 .. 2026-05-10 03:00:00 announced -",
    ]


def test_maintenance_needs_an_end_after_its_start(tmp_path):
    rows = f"{DAY}10:00Z,\n{DAY}10:00Z,{DAY}09:00Z\n,{DAY}09:00Z\n{DAY}10:00Z,{DAY}11:00Z\n{DAY}10:00Z,{DAY}11:00Z\n"
    found = operations(tmp_path, maintenance=f"started_at,ended_at\n{rows}")
    assert len(found.maintenance) == 1
    assert [(row, why) for row, _, _, why in rejected(found)] == [
        (2, "no end, so it is no window"), (3, "the end lies before the start"), (4, "no start")
    ]  # fmt: skip
    assert "windows of maintenance that equal an earlier one, counted once: 1" in told(found)


# --- usage ----------------------------------------------------------------------------------------------------------

COUNTS = "window_start,window_end,total,failed,component\n"


def test_usage_is_read(tmp_path):
    text = f'{COUNTS}{DAY}10:00Z,{DAY}11:00Z,"1,000",10,api\n{DAY}11:00Z,{DAY}12:00Z,500.0,0,\n'
    assert usage(operations(tmp_path, usage=text)) == [
        "2026-05-01 10:00:00 .. 2026-05-01 11:00:00 10 of 1000 of api",
        "2026-05-01 11:00:00 .. 2026-05-01 12:00:00 0 of 500",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [(f"{DAY}10:00Z,{DAY}11:00Z,10,11,", "more failed than there were"),
     (f"{DAY}10:00Z,{DAY}11:00Z,-10,-11,", "a number below zero"),
     (f"{DAY}10:00Z,{DAY}11:00Z,,1,", "no number"),
     (f"{DAY}10:00Z,{DAY}11:00Z,10,,", "no number"),
     (f"{DAY}10:00Z,{DAY}10:00Z,10,1,", "the window takes no time"),
     (f"{DAY}10:00Z,{DAY}09:00Z,10,1,", "the end lies before the start"),
     (f"{DAY}10:00Z,,10,1,", "no end, so it is no window")],
)  # fmt: skip
def test_usage_that_cannot_be_is_rejected(row, reason, tmp_path):
    found = operations(tmp_path, usage=f"{COUNTS}{row}\n{DAY}20:00Z,{DAY}21:00Z,1,1,\n")
    assert len(found.usage) == 1
    assert [(each.row, each.reason) for each in found.rejected] == [(2, reason)]


def test_windows_of_one_component_that_overlap_are_all_rejected_each_with_its_rival(tmp_path):
    rows = [
        f"{DAY}00:00Z,2026-05-02T00:00Z,240,2,api",  # a sum of the day, among hours
        f"{DAY}10:00Z,{DAY}11:00Z,10,1,api",
        f"{DAY}10:00Z,{DAY}11:00Z,10,1,web",
        f"{DAY}22:00Z,{DAY}23:00Z,10,1,api",
        "2026-05-02T00:00Z,2026-05-02T01:00Z,10,1,api",
    ]
    found = operations(tmp_path, usage=COUNTS + "\n".join(rows) + "\n")
    assert usage(found) == [
        "2026-05-01 10:00:00 .. 2026-05-01 11:00:00 1 of 10 of web",
        "2026-05-02 00:00:00 .. 2026-05-02 01:00:00 1 of 10 of api",
    ]
    assert [(each.row, each.reason.split(" counts")[0]) for each in found.rejected] == [
        (2, "row 3"), (3, "row 2"), (5, "row 2")
    ]  # fmt: skip


# --- files ----------------------------------------------------------------------------------------------------------


def test_all_three_kinds_are_read_together_in_their_order(tmp_path):
    found = operations(
        tmp_path,
        incidents=f"{HEADER}A,{DAY}10:00Z,\n",
        maintenance=f"started_at,ended_at\n{DAY}10:00Z,{DAY}11:00Z\n",
        usage=f"{COUNTS}{DAY}10:00Z,{DAY}11:00Z,10,1,\n",
    )
    assert [each.role for each in found.inputs] == ["incidents", "maintenance", "usage"]
    assert (found.incidents.file[0], found.maintenance.file[0], found.usage.file[0]) == (0, 1, 2)


def test_nothing_given_is_nothing_read():
    found = read_operations([], [], [], ReadOptions())
    assert (len(found.incidents), len(found.maintenance), len(found.usage), found.inputs) == (0, 0, 0, ())


@pytest.mark.parametrize(
    ("given", "shape"),
    [("tickets", "tickets"), ("maintenance", "maintenance"), ("usage", "usage")],
)
def test_a_file_of_another_kind_is_told_where_it_belongs(given, shape, tmp_path):
    texts = {
        "tickets": f"ticket_id,created_at\nT,{DAY}10:00Z\n",
        "maintenance": f"started_at,ended_at,announced_at\n{DAY}10:00Z,{DAY}11:00Z,\n",
        "usage": f"{COUNTS}{DAY}10:00Z,{DAY}11:00Z,10,1,\n",
    }
    (path,) = written(tmp_path, **{given: texts[given]})
    with pytest.raises(EvidenceError, match=rf"{given}\.csv: this is a file of {shape}; give it"):
        read_operations([path], [], [], ReadOptions())


def test_incidents_are_not_taken_for_maintenance(tmp_path):
    (path,) = written(tmp_path, incidents=f"{HEADER}A,{DAY}10:00Z,{DAY}11:00Z\n")
    with pytest.raises(EvidenceError, match="this is a file of incidents; give it with --incidents"):
        read_operations([], [path], [], ReadOptions())


@pytest.mark.parametrize("shape", ["incidents", "maintenance", "usage"])
def test_such_a_file_among_the_tickets_is_told_its_flag(shape, tmp_path):
    texts = {
        "incidents": f"started_at,ended_at,cause\n{DAY}10:00Z,{DAY}11:00Z,x\n",
        "maintenance": f"started_at,ended_at,announced_at\n{DAY}10:00Z,{DAY}11:00Z,\n",
        "usage": f"{COUNTS}{DAY}10:00Z,{DAY}11:00Z,10,1,\n",
    }
    (path,) = written(tmp_path, **{shape: texts[shape]})
    with pytest.raises(EvidenceError, match=f"this is a file of {shape}; give it with --{shape}"):
        read([path], ReadOptions())


def test_a_missing_column_is_told_with_the_nearest_header(tmp_path):
    (path,) = written(tmp_path, outages="Incident,Start time,End time\n1,2026-05-01 10:00,2026-05-01 11:00\n")
    with pytest.raises(EvidenceError, match="no columns started_at and ended_at") as error:
        read_operations([path], [], [], ReadOptions())
    assert "--column started_at='Start time'" in str(error.value)
    assert "--column ended_at='End time'" in str(error.value)


def test_a_field_of_the_evidence_cannot_be_set(tmp_path):
    with pytest.raises(UsageError, match="ended_at is what the file has to show"):
        operations(tmp_path, ReadOptions(set_fields=(("ended_at", DAY),)), incidents=f"{HEADER}A,{DAY}10:00Z,\n")


def test_rows_that_do_not_count_are_passed_over_by_the_words_of_a_column(tmp_path):
    (tmp_path / "mapping.yaml").write_text(
        "slaaudit-profile: 1\nonly:\n  - {column: kind, not: [drill]}\n  - {column: site, containing: [prod]}\n"
    )
    rows = ["real,eu-prod", "Drill,eu-prod", ",eu-prod", "real,eu-test", "real,"]
    text = "".join(f"{name},{DAY}10:00Z,{DAY}11:00Z,{row}\n" for name, row in zip("ABCDE", rows, strict=True))
    options = ReadOptions(mapping=str(tmp_path / "mapping.yaml"))
    found = operations(tmp_path, options, incidents=f"incident_id,started_at,ended_at,kind,site\n{text}")
    assert [line[0] for line in incidents(found)] == ["A", "C", "E"]
    assert "passed over: 'kind Drill' (1), 'site eu-test' (1)" in told(found)
