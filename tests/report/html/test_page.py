"""The HTML page holds what the record holds, asks nothing of any network, and no text of an export is markup in it."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from slaaudit.report.found import found_in
from slaaudit.report.html import content as content_of
from slaaudit.report.html import remarks
from slaaudit.report.record import record, streamed

_SPEC = importlib.util.spec_from_file_location("html_pages", Path(__file__).with_name("pages.py"))
pages = importlib.util.module_from_spec(_SPEC)
sys.modules["html_pages"] = pages
_SPEC.loader.exec_module(pages)


@pytest.fixture
def found(small_audit):
    return record(found_in(small_audit))


@pytest.fixture
def page(found):
    return pages.Page(pages.written(found))


def column(page, name):
    data = page.block("measured")
    return [data["verdicts"][code] if name == "verdict" else code for code in data["rows"][name]]


def test_every_measurement_is_in_the_table_with_its_verdict(page, found):
    data = page.block("measured")
    assert column(page, "verdict") == [row["verdict"] for row in found["measurements"]]
    assert [data["tickets"]["id"][code] for code in data["rows"]["ticket"]] == [
        row["ticket"] for row in found["measurements"]
    ]
    assert data["rows"]["elapsed"] == [row["elapsed_s"] for row in found["measurements"]]


def test_the_breaches_stand_in_the_page_as_text_the_furthest_over_first(page, found):
    rows = page.tables["What was not kept"][1:]
    late = sorted(
        (row for row in found["measurements"] if row["verdict"] == "breached"), key=lambda row: -row["over_s"]
    )
    assert [row[0] for row in rows] == [row["ticket"] for row in late]
    assert [row[1] for row in rows] == ["1d 2hof office time", "1h 30m", "0.4sof office time"]
    assert rows[2][2:6] == ["First response", "S2", "2026-05-26 11:30", "2026-05-26 11:30:00.4"]


def test_the_counts_of_each_clause_are_those_of_the_summary(page, found):
    rows = page.tables["First response, by severity"][1:]
    own = [row for row in found["summary"] if row["clause"] == "response"]
    assert [[row[0], *row[5:9]] for row in rows] == [
        [row["severity"] or "none", *(str(row[name]) for name in ("met", "breached", "running", "unknown"))]
        for row in own
    ]


def test_the_verdict_and_its_counts_are_read_first(page, found):
    head, _, rest = found["outcome"]["sentence"].partition(": ")
    assert page.text.index(head) < page.text.index(rest.capitalize()) < page.text.index("The promises")


def test_what_the_exit_code_forgives_is_not_kept_all_the_same(small_audit):
    page = pages.Page(pages.written(record(found_in(small_audit, "never"))))
    assert [found.get("class") for tag, found in page.tags if tag == "h1"] == ["not-kept"]


def test_a_worksheet_has_every_row_with_its_place_in_the_export(page, found):
    data, sheets = page.block("measured"), page.block("sheets")
    for number, row in enumerate(found["measurements"]):
        flat = sheets["stretches"][number]
        if row.get("worksheet") is None:
            assert flat is None
            continue
        rows = [flat[at : at + 10] for at in range(0, len(flat), 10)]
        assert [(each[5], each[6], data["words"][each[7]], each[8]) for each in rows] == [
            (each["took_s"], each["total_s"], each["file"], each["row"]) for each in row["worksheet"]
        ]


def test_a_record_that_is_made_as_it_is_read_gives_the_same_page(small_audit, found):
    assert pages.written(streamed(found_in(small_audit))) == pages.written(found)


def test_the_page_refuses_all_but_its_own_script_and_style(page):
    policy = next(found["content"] for tag, found in page.tags if tag == "meta" and "http-equiv" in found)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    code = next(text for found, text in page.scripts if not found)
    for source, kind in ((code, "script"), (page.styles[0], "style")):
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def without_dangers(page):
    """No handler, inline style, foreign address or element that acts, whatever the record holds."""
    for tag, found in page.tags:
        assert tag not in ("iframe", "object", "embed", "img", "base", "b", "i")
        assert not [name for name in found if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "xlink:href"):
            assert re.match(r"#|data:,$", found.get(name, "#"))
    assert [found.get("id") for found, _ in page.scripts] == ["measured", "sheets", None]


def test_nothing_in_the_page_acts_but_its_script(page):
    without_dangers(page)


def test_hostile_text_stays_text(found):
    text = pages.written(pages.poisoned(found))
    page = pages.Page(text)
    without_dangers(page)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\ud800-\udfff]", text)
    assert "<script>window.pwned=1</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert "x" * 2_001 not in text
    text.encode("utf-8")
    assert [row["verdict"] for row in found["measurements"]] == column(page, "verdict")


def test_what_is_met_is_shown_up_to_a_limit_the_closest_to_its_target_first(found, monkeypatch):
    monkeypatch.setattr(content_of, "MOST", 1)
    page = pages.Page(pages.written(found))
    shown = column(page, "verdict")
    verdicts = [row["verdict"] for row in found["measurements"]]
    assert verdicts.count("met") > 1
    assert [shown.count(verdict) for verdict in ("met", "breached", "running", "unknown")] == [
        1, verdicts.count("breached"), verdicts.count("running"), verdicts.count("unknown")]  # fmt: skip
    closest = max(row["elapsed_s"] / row["target_s"] for row in found["measurements"] if row["verdict"] == "met")
    rows = page.block("measured")["rows"]
    at = shown.index("met")
    assert rows["elapsed"][at] / rows["target"][at] == closest
    assert f"it leaves out {verdicts.count('met') - 1} met" in page.text


def test_causes_beyond_those_that_stand_on_the_page_are_counted(found, monkeypatch):
    monkeypatch.setattr(remarks, "MOST", 2)
    cause = {"clause": "response", "cause": "pause", "detail": None, "differ": 1, "turned": 0, "examples": ["T-1"]}
    found["reconciliation"] = {
        "agree": 0,
        "differ": 3,
        "only_theirs": 0,
        "only_ours": 0,
        "causes": [cause] * 3,
        "rows": [],
    }
    assert "and 1 more; the report as JSON has all." in pages.Page(pages.written(found)).text
    found["reconciliation"]["causes"] = [cause] * 2
    assert "more; the report as JSON has all." not in pages.Page(pages.written(found)).text


def test_a_waived_breach_is_listed_with_its_reason_and_counted_apart(found):
    next(row for row in found["measurements"] if row["verdict"] == "breached")["waived"] = "agreed on the phone"
    found["outcome"]["waived"] = 1
    page = pages.Page(pages.written(found))
    assert "1 of them waived" in page.text
    assert "waived: agreed on the phone" in page.text
    assert "1 waived" in page.text


def test_findings_stand_by_kind_with_their_number_and_rows(found):
    when = "2026-05-26T16:00:00Z"
    found["findings"] = [
        {"kind": "downgraded-after-breach", "ticket": "T-2", "clause": "response", "at": when, "detail": "S1 became S2",
         "evidence": [{"file": "events.csv", "row": 9}]},
        {"kind": "logged-late", "ticket": "T-1", "clause": None, "at": when, "detail": "an hour", "evidence": []},
        {"kind": "logged-late", "ticket": "T-3", "clause": None, "at": when, "detail": "two", "evidence": []},
    ]  # fmt: skip
    page = pages.Page(pages.written(found))
    assert page.text.index("2 logged late") < page.text.index("1 downgraded after breach")
    assert page.tables["Findings: downgraded after breach"][1] == [
        "T-2", "response", "2026-05-26 12:00", "S1 became S2", "events.csv, 9"]  # fmt: skip


def test_extremes_stand_with_their_readings(found):
    found["extremes"] = {
        "customer": {"breached": 9, "readings": {"pausing": "runs"}},
        "vendor": {"breached": 1, "readings": {}},
    }
    page = pages.Page(pages.written(found))
    assert "9 breaches under the readings kindest to the customer (pausing=runs)" in page.text
    assert "1 breach under the readings kindest to the vendor" in page.text


def test_an_open_question_stands_with_the_choice_in_force_and_the_others(page):
    assert "Does the clock stop while the customer is asked?" in page.text
    assert "stops , the default; otherwise runs" in page.text


def test_rejected_rows_and_inputs_stand_with_their_digests(page):
    assert page.tables["Rows that could not be used"][1] == [
        "events.csv", "18", "at", "31/02/2026", "the time cannot be read"]  # fmt: skip
    assert "0" * 64 in [row[-1] for row in page.tables["Files that were read"][1:]]
