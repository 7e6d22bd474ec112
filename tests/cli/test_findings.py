"""Findings on the command line: T-2 is downgraded by the vendor when 90% of its hour is used."""

from __future__ import annotations

import json

import pytest

LOG = """\
ticket_id,at,event,actor,value
T-2,2026-05-04T13:00:00Z,created,customer,
T-2,2026-05-04T13:00:00Z,severity,customer,S1
T-2,2026-05-04T13:54:00Z,severity,vendor,S2
T-2,2026-05-04T14:00:00Z,reply,vendor,
"""
CHECK = ("check", "log.csv", "--policy", "acme.yaml")


@pytest.fixture(autouse=True)
def log(folder):
    (folder / "log.csv").write_text(LOG)


def test_the_report_lists_them_with_their_rows(run):
    ended = run(*CHECK)
    assert ended.code == 0
    assert (
        "What the record shows: 1 finding, which is an observation, no verdict\n  1 downgraded-near-breach\n"
        in ended.out
    )
    assert "T-2, response: the severity was lowered to S2 by the vendor when 90% of the\n" in ended.out


def test_the_data_has_them(run):
    assert json.loads(run(*CHECK, "--format", "json").out)["findings"] == [
        {
            "kind": "downgraded-near-breach", "ticket": "T-2", "policy": 0, "clause": "response",
            "at": "2026-05-04T13:54:00Z",
            "detail": "the severity was lowered to S2 by the vendor when 90% of the target was used", "used": "90",
            "other": None, "evidence": [{"file": "log.csv", "row": 4}],
        }
    ]  # fmt: skip


def test_they_fail_nothing_unless_asked(run):
    assert run(*CHECK, "--quiet").code == 0
    assert run(*CHECK, "--quiet", "--fail-on", "finding").code == 1
    assert run(*CHECK, "--quiet", "--fail-on", "finding", "--threshold", "near-breach=91%").code == 0


def test_thresholds_are_settable_and_what_makes_no_sense_is_told(run):
    assert "What the record shows" not in run(*CHECK, "--threshold", "near-breach=90.01").out
    for text, said in (
        ("near", "--threshold near: expected near-breach, silence or reopened-within; did you mean near-breach?"),
        ("near-breach", "--threshold near-breach: expected NAME=VALUE, as in near-breach=80%"),
        ("near-breach=much", "--threshold near-breach much: expected a percentage of the target from 0 to 100"),
        ("silence=1mo", "--threshold silence=1mo: expected a length like 15m, 4h or 7d"),
    ):
        ended = run("check", "absent.csv", "--policy", "acme.yaml", "--threshold", text)
        assert ended.code == 2, text
        assert said in ended.err


def test_explain_tells_those_of_its_ticket(run):
    ended = run("explain", "T-2", "--in", "log.csv", "--policy", "acme.yaml")
    assert "What the record shows\n  downgraded-near-breach: T-2, response: the severity was lowered" in ended.out
    found = json.loads(run("explain", "T-2", "--in", "log.csv", "--policy", "acme.yaml", "--format", "json").out)
    assert [each["kind"] for each in found["findings"]] == ["downgraded-near-breach"]


def test_among_very_many_tickets_they_are_looked_for_where_asked(run, monkeypatch):
    monkeypatch.setattr("slaaudit.cli.checking.MANY", 0)
    assert "Not looked for among 1 tickets; --findings does." in run(*CHECK).out
    assert "1 downgraded-near-breach" in run(*CHECK, "--findings").out


def test_a_pack_remembers_the_thresholds(run, folder):
    assert run(*CHECK, "--quiet", "--threshold", "near-breach=95%", "--pack", "pack").code == 0
    assert json.loads((folder / "pack" / "report.json").read_text())["findings"] == []
    assert run("verify", "pack").code == 0


QUEUE = """\
ticket_id,at,event,actor,value
A,2026-05-04T10:00:00Z,created,customer,
A,2026-05-04T10:00:00Z,severity,customer,S1
A,2026-05-04T20:00:00Z,status,vendor,resolved
B,2026-05-04T11:00:00Z,created,customer,
B,2026-05-04T11:00:00Z,severity,customer,S1
B,2026-05-04T12:00:00Z,reply,vendor,
C,2026-05-04T13:00:00Z,note,vendor,
C,2026-05-04T12:00:00Z,created,customer,
"""
ORDER = "  queue: {title: First in first out, measure: order}\nreadings:"


def test_explain_tells_of_a_ticket_what_check_tells_among_all(run, folder):
    """Who came later, whether the export shows replies, and how the file is ordered stand in other tickets' rows."""
    (folder / "log.csv").write_text(QUEUE)
    (folder / "acme.yaml").write_text((folder / "acme.yaml").read_text().replace("readings:", ORDER))
    every = json.loads(run(*CHECK, "--format", "json").out)["findings"]
    assert {each["kind"] for each in every} == {"overtaken", "resolved-without-reply", "out-of-order"}
    for ticket in "ABC":
        explain = ("explain", ticket, "--in", "log.csv", "--policy", "acme.yaml")
        found = json.loads(run(*explain, "--format", "json").out)["findings"]
        assert found == [each for each in every if each["ticket"] == ticket]


def test_explain_takes_thresholds(run):
    explain = ("explain", "T-2", "--in", "log.csv", "--policy", "acme.yaml")
    assert "What the record shows" not in run(*explain, "--threshold", "near-breach=91%").out
    assert "--threshold silence=soon: expected a length" in run(*explain, "--threshold", "silence=soon").err


def test_a_promise_of_order_is_told_where_it_was_kept_and_where_nobody_looked(run, folder, monkeypatch):
    (folder / "acme.yaml").write_text((folder / "acme.yaml").read_text().replace("readings:", ORDER))
    kept = "  queue: no ticket was overtaken by a later one of its severity\n"
    assert kept in run(*CHECK).out
    assert "What the record shows\n" + kept in run(*CHECK, "--threshold", "near-breach=91%").out
    (folder / "log.csv").write_text(QUEUE)
    assert kept not in run(*CHECK).out
    monkeypatch.setattr("slaaudit.cli.checking.MANY", 0)
    assert "queue: the order of answers is not audited without them" in run(*CHECK).out
