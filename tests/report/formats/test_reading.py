"""A report is read back whole, or refused with the place and what was expected."""

from __future__ import annotations

import copy
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaaudit.errors import EvidenceError
from slaaudit.report import reading
from slaaudit.report.reading import read_record


@pytest.fixture
def path(tmp_path):
    return tmp_path / "report.json"


def saved(path, record):
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


def test_a_report_is_read_as_it_was_written(path, sample_record):
    assert read_record(saved(path, sample_record)) == sample_record
    assert list(read_record(str(path))) == list(sample_record)


def test_gzip_and_a_byte_order_mark_are_read(tmp_path, small_record):
    packed = tmp_path / "report.json.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + json.dumps(small_record).encode()))
    assert read_record(str(packed)) == small_record


def test_a_list_that_an_older_report_lacks_is_empty(path, small_record):
    older = {key: value for key, value in small_record.items() if key not in {"findings", "extremes", "calendars"}}
    record = read_record(saved(path, older))
    assert (record["findings"], record["extremes"], record["calendars"]) == ([], None, [])


def test_halves_of_characters_are_replaced_and_whole_ones_kept(path, small_record):
    made = copy.deepcopy(small_record)
    for row in [*made["tickets"], *made["measurements"]]:
        row["ticket"] = "a\ud800b\udc00 \U0001f600 \\ud800"
    assert {row["ticket"] for row in read_record(saved(path, made))["measurements"]} == {
        "a\ufffdb\ufffd \U0001f600 \\ud800"
    }


def test_a_cut_report_is_told_as_cut(path, small_record):
    text = json.dumps(small_record)
    for end in range(1, len(text), 997):
        path.write_text(text[:end])
        with pytest.raises(EvidenceError, match="the file ends in the middle of the report"):
            read_record(str(path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("[]", "no report of slaaudit; expected an object whose schema is slaaudit.report/1"),
        ("{}", "no report of slaaudit"),
        ('{"schema": "slaaudit.report/2"}', "its schema is slaaudit.report/2, and this version reads number 1"),
        ('{"schema": "slaaudit.explanation/1"}', "its schema is slaaudit.explanation/1; expected slaaudit.report/1"),
        ('{"schema": 1, "x": NaN}', "NaN is no number of JSON"),
        ('{"schema" "x"}', "no JSON at line 1, column 11: Expecting ':' delimiter"),
        ("{'schema': 1}", "no JSON at line 1, column 2"),
        ("[" * 100_000, "objects stand in each other too deep"),
        ("hello", "no JSON at line 1, column 1"),
    ],
)
def test_what_is_no_report_is_told(path, text, told):
    path.write_text(text)
    with pytest.raises(EvidenceError) as raised:
        read_record(str(path))
    assert told in str(raised.value)
    assert str(raised.value).startswith(str(path))


def test_bytes_that_are_no_text_are_told(path):
    path.write_bytes(b'{"schema": "\xff"}')
    with pytest.raises(EvidenceError, match="not UTF-8 at byte 12"):
        read_record(str(path))


@pytest.mark.parametrize(
    ("steps", "value", "told"),
    [
        (("measurements", 3, "verdict"), "good", "measurements[3].verdict: should be 'met', 'breached'"),
        (("measurements", 0, "started_at"), "2026-99-01T00:00:00Z", "measurements[0].started_at: month must be in"),
        (("measurements", 0, "started_at"), "soon", "measurements[0].started_at: expected an instant in UTC such as"),
        (("measurements", 1, "policy"), 1, "measurements[1].policy: 1 is no policy of this report, which has 1"),
        (("policies", 0, "timezone"), "Mars/Olympus", "policies[0].timezone: expected a time zone such as"),
        (("policies", 0, "timezone"), "../../etc/passwd", "policies[0].timezone: expected a time zone such as"),
        (("summary", 0, "met"), "9", 'summary[0].met: should be a valid integer; found "9"'),
        (("summary", 0, "attainment"), "many", "summary[0].attainment: "),
        (("outcome",), {}, "outcome.verdict: missing"),
        (("outcome",), None, "a report without its verdict (outcome)"),
        (("tickets", 0, "created_at"), "0000-01-01T00:00:00Z", "tickets[0].created_at: year 0 is out of range"),
        (("measurements", 0, "stopped_at"), "0001-01-01T00:00:00Z", "measurements[0].stopped_at: too far away"),
        (("as_of",), "9999-12-31T23:59:59Z", "as_of: too far away to be told in every time zone"),
        (("measurements", 0, "elapsed_s"), 2**63, "measurements[0].elapsed_s: should be less than"),
        (("measurements", 2, "cycle"), 2**40, "measurements[2].cycle: should be less than"),
        (("summary", 0, "clause"), "none", "summary[0].clause: none is none of the policy's clauses"),
        (("measurements", 1, "clause"), "none", "measurements[1].clause: none is none of the policy's clauses"),
        (("measurements", 1, "ticket"), "none", "measurements[1].ticket: none is none of the report's tickets"),
    ],
)
def test_a_field_that_cannot_be_is_told_with_its_path(path, small_record, steps, value, told):
    made = copy.deepcopy(small_record)
    place = made
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    with pytest.raises(EvidenceError) as raised:
        read_record(saved(path, made))
    assert told in str(raised.value)


def test_requests_without_how_many_failed_are_told(path, rich_record):
    made = copy.deepcopy(rich_record)
    made["availability"][0]["requests"] = 5
    with pytest.raises(EvidenceError, match=r"availability\[0\]: requests and failed are both numbers or both null"):
        read_record(saved(path, made))


def test_of_many_faults_the_first_are_told_and_the_rest_counted(path, small_record):
    made = copy.deepcopy(small_record)
    for row in made["measurements"]:
        row["cycle"] = 0
    with pytest.raises(EvidenceError, match=r"and 7 more$"):
        read_record(saved(path, made))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(EvidenceError, match=r"nowhere\.json"):
        read_record(str(tmp_path / "nowhere.json"))


PIECES = ("\\", "u", "d", "D", "8", "c", "0", "a", "\\ud800", "\\udc00", "\\uDBFF\\uDFFF", "\\\\")


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_half_of_a_character_is_left_in_any_text(text):
    try:
        meant = json.loads(f'"{text}"')
    except ValueError:
        return
    made = json.loads(reading._whole_characters(f'"{text}"'))
    assert made == meant.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
