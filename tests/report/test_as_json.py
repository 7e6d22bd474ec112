"""The report as data has the shape that other programs rely on."""

from __future__ import annotations

import csv
import io
import json

import pytest

from slaaudit.evidence.tables import Actor, Kind
from slaaudit.report.as_csv import HEADER, write_csv
from slaaudit.report.as_json import write_json, write_object
from slaaudit.report.found import found_in
from slaaudit.report.record import streamed


def written(audit, write=lambda audit, stream: write_json(found_in(audit), stream)):
    stream = io.StringIO()
    write(audit, stream)
    return stream.getvalue()


def as_csv(audit, stream):
    write_csv(streamed(found_in(audit)), stream)


@pytest.fixture
def report(small_audit):
    return json.loads(written(small_audit))


def test_the_keys_are_all_there_and_those_of_later_parts_are_empty(report):
    assert list(report) == [
        "schema", "tool", "policies", "inputs", "as_of", "as_of_given", "period", "config", "outcome", "clauses",
        "calendars", "summary", "attainments", "extremes", "tickets", "measurements", "availability", "outages",
        "excluded", "credits", "findings", "waivers", "reconciliation", "at_risk", "notes", "not_audited", "rejected",
    ]  # fmt: skip
    assert report["schema"] == "slaaudit.report/1"
    assert [report[name] for name in ("availability", "outages", "excluded", "credits", "findings")] == [
        [],
        [],
        [],
        [],
        [],
    ]
    assert (report["extremes"], report["reconciliation"]) == (None, None)


def test_a_breach_carries_its_lengths_its_evidence_and_its_worksheet(report):
    breach = report["measurements"][2]

    assert {key: breach[key] for key in list(breach)[:18]} == {
        "ticket": "T-2", "policy": 0, "clause": "response", "cycle": 1, "severity": "S2", "verdict": "breached",
        "reason": None, "calendar": "office", "started_at": "2026-05-22T20:30:00Z",
        "stopped_at": "2026-05-26T15:30:00.4Z", "due_at": "2026-05-26T15:30:00Z", "target_s": 14400,
        "elapsed_s": 14400.4, "over_s": 0.4, "paused_s": 0, "paused_most_s": None, "caveats": [], "waived": None,
    }  # fmt: skip
    assert breach["evidence"] == {
        "start": {"file": "events.csv", "row": 6, "column": "at", "actor": "customer", "word": None},
        "stop": {"file": "events.csv", "row": 8, "column": "at", "actor": "vendor", "word": None},
    }
    assert breach["worksheet"] == [
        {"from": "2026-05-22T20:30:00Z", "to": "2026-05-26T15:30:00.4Z", "state": "new", "severity": "S2",
         "counted": True, "took_s": 14400.4, "total_s": 14400.4, "why": "runs", "file": "events.csv", "row": 6,
         "word": None}
    ]  # fmt: skip


def test_whole_seconds_are_integers(report):
    assert [type(row["elapsed_s"]) for row in report["measurements"][:3]] == [int, int, float]


def test_an_unknown_verdict_names_the_word_and_has_no_target(report):
    unknown = next(row for row in report["measurements"] if row["ticket"] == "T-3")

    assert (unknown["verdict"], unknown["reason"]) == ("unknown", "severity-unknown: P0")
    assert unknown["severity"] is unknown["target_s"] is unknown["due_at"] is None


def test_measurements_stand_in_the_order_of_tickets_then_clauses(report):
    order = [(row["ticket"], row["clause"]) for row in report["measurements"]]

    assert order == [(f"T-{n}", clause) for n in range(1, 6) for clause in ("response", "resolution")]


def test_shares_are_decimal_texts(report):
    first = report["attainments"][0]

    assert (first["share"], first["promised"], first["verdict"]) == ("100", "90", "met")
    assert report["summary"][0]["attainment"] == "50"


def test_counts_equal_the_rows_listed(report):
    for verdict in ("met", "breached", "running", "unknown"):
        listed = sum(row["verdict"] == verdict for row in report["measurements"])
        assert sum(row[verdict] for row in report["summary"]) == listed


def test_the_rejected_rows_and_what_is_not_audited_are_listed(report):
    assert report["rejected"] == [
        {"file": "events.csv", "row": 18, "reason": "the time cannot be read", "column": "at", "value": "31/02/2026"}
    ]
    assert report["not_audited"] == [{"clause": "method", "why": "no export tells"}]


def test_control_characters_and_bidi_marks_leave_only_as_escapes(audited, export):
    export.opened("T\x1b[31m\u202e\n", "2026-05-04 13:00", "S1")
    text = written(audited(export))

    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["tickets"][0]["ticket"] == "T\x1b[31m\u202e\n"


def test_a_list_of_nothing_and_a_list_longer_than_a_batch_are_both_lists():
    stream = io.StringIO()
    write_object([("none", ()), ("many", ({"n": n} for n in range(4500))), ("text", "x")], stream)

    assert json.loads(stream.getvalue()) == {"none": [], "many": [{"n": n} for n in range(4500)], "text": "x"}


def test_a_table_has_a_row_for_each_measurement(small_audit, report):
    header, *rows = csv.reader(io.StringIO(written(small_audit, as_csv)))

    assert header == list(HEADER)
    assert [row[0] for row in rows] == [row["ticket"] for row in report["measurements"]]
    assert rows[2][header.index("over_s")] == "0.4"
    assert rows[2][header.index("stop_row")] == "8"


def test_no_cell_of_the_table_is_a_formula(audited, export):
    for number, start in enumerate("=+-@"):
        export.opened(f"{start}1+{number}", "2026-05-04 13:00", "S1")
    export.add("=1+0", "2026-05-04 15:00", Kind.REPLY, Actor.VENDOR)
    _, *rows = csv.reader(io.StringIO(written(audited(export), as_csv)))

    assert {row[0] for row in rows} == {"'=1+0", "'+1+1", "'-1+2", "'@1+3"}
