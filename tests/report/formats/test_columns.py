"""CSV, Parquet and JSON lines hold every measurement, by either road, and no cell does harm."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from slaaudit.report.as_csv import HEADER, write_csv
from slaaudit.report.as_json import Measured
from slaaudit.report.as_json_lines import write_json_lines
from slaaudit.report.as_parquet import write_parquet
from slaaudit.report.columns import columns
from slaaudit.report.found import found_in
from slaaudit.report.record import streamed


def as_text(write, record):
    stream = io.StringIO()
    write(record, stream)
    return stream.getvalue()


def as_table(record):
    stream = io.BytesIO()
    write_parquet(record, stream)
    return pq.read_table(io.BytesIO(stream.getvalue()))


def test_an_audit_and_its_record_give_the_same_columns(small_audit, small_record):
    straight, later = columns(streamed(found_in(small_audit))), columns(small_record)

    assert straight.schema == later.schema
    assert straight.to_pylist() == later.to_pylist()


def test_an_audit_and_its_record_give_the_same_table_of_cells(small_audit, small_record):
    assert as_text(write_csv, streamed(found_in(small_audit))) == as_text(write_csv, small_record)


def test_parquet_has_typed_instants_and_lengths(small_record):
    table = as_table(small_record)
    breach = table.to_pylist()[2]

    assert str(table.schema.field("started_at").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("elapsed").type) == "duration[us]"
    assert breach["ticket"] == "T-2"
    assert breach["elapsed"] == dt.timedelta(hours=4, milliseconds=400)
    assert breach["stopped_at"] == dt.datetime(2026, 5, 26, 15, 30, 0, 400_000, dt.UTC)
    assert (breach["start_row"], breach["stop_row"], breach["waived"]) == (6, 8, None)


def test_parquet_says_what_made_it(small_record):
    head = json.loads(as_table(small_record).schema.metadata[b"slaaudit"])

    assert head["schema"] == "slaaudit.report/1"
    assert head["tool"] == small_record["tool"]
    assert [policy["id"] for policy in head["policies"]] == ["acme"]


def test_parquet_holds_hostile_text_as_it_is(hostile_record, hostile):
    rows = as_table(hostile_record).to_pylist()

    whole = hostile.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert {row["ticket"] for row in rows} == {whole}
    assert len(rows) == len(hostile_record["measurements"])


def test_no_hostile_cell_is_a_formula_or_breaks_a_row(hostile_record):
    header, *rows = csv.reader(io.StringIO(as_text(write_csv, hostile_record)))

    assert header == list(HEADER)
    assert len(rows) == len(hostile_record["measurements"])
    assert all(len(row) == len(header) for row in rows)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    assert all(cell.isprintable() or "\ufffe" in cell for row in rows for cell in row)


def test_json_lines_are_a_head_and_a_measurement_a_line(hostile_record, hostile):
    text = as_text(write_json_lines, hostile_record)
    head, *rows = map(json.loads, text.splitlines())

    assert text.isascii()
    assert (head["kind"], head["schema"]) == ("report", "slaaudit.report/1")
    assert {"summary", "outcome", "credits", "availability"} <= set(head)
    assert {row["kind"] for row in rows} == {"measurement"}
    assert [row["ticket"] for row in rows] == [row["ticket"] for row in hostile_record["measurements"]]
    assert rows[0]["policy_id"] == hostile


def test_each_line_has_the_fields_of_its_ticket(sample_record):
    _, *rows = map(json.loads, as_text(write_json_lines, sample_record).splitlines())
    fields = {row["ticket"]: row["fields"] for row in sample_record["tickets"]}

    assert [row["fields"] for row in rows] == [fields[row["ticket"]] for row in rows]


@pytest.mark.parametrize("write", [write_csv, write_json_lines])
def test_no_measurement_makes_a_head_alone(small_record, write):
    assert as_text(write, small_record | {"measurements": []}).count("\n") == 1


def test_no_measurement_makes_a_parquet_file_of_no_rows(small_record):
    assert len(as_table(small_record | {"measurements": []})) == 0


def test_a_waived_breach_keeps_its_reason_by_the_straight_road(small_audit, monkeypatch):
    waived = tuple(replace(row, waived=row.breached) for row in small_audit.summary)
    told = lambda _, rows: ({"waived": f"agreed {at}"} for at in rows.tolist())  # noqa: E731
    monkeypatch.setattr(Measured, "at", told)
    table = columns({"measurements": Measured(replace(small_audit, summary=waived))})
    assert [(row["verdict"] == "breached", row["waived"]) for row in table.to_pylist() if row["waived"]] == [
        (True, "agreed 2"),
        (True, "agreed 3"),
        (True, "agreed 6"),
    ]
