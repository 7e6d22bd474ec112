"""``slaaudit explain``: the command around the explanation."""

from __future__ import annotations

import json

EXPLAIN = ("explain", "T-2", "--in", "tickets.csv", "--policy", "acme.yaml")


def test_a_ticket_is_explained_with_the_line_of_the_reading_in_force_and_the_exports_row(run):
    ended = run(*EXPLAIN)

    assert ended.code == 0
    assert "1h on always: acme.yaml:25" in ended.out
    assert "tickets.csv row 3" in ended.out
    assert "-- the target of 1h passed at 2026-05-04 10:00 EDT" in ended.out


def test_several_tickets_are_explained_in_the_order_of_the_export(run):
    out = run("explain", "T-3", "T-1", "--in", "tickets.csv", "-p", "acme.yaml").out

    assert out.index("Ticket T-1") < out.index("Ticket T-3")
    assert "Ticket T-2" not in out


def test_the_verdict_is_that_of_the_whole_audit(run):
    whole = json.loads(run("check", "tickets.csv", "-p", "acme.yaml", "-f", "json", "--worksheets").out)
    alone = json.loads(run(*EXPLAIN, "--format", "json").out)

    keys = [key for key in whole["measurements"][1] if key != "worksheet"]
    assert [alone["measurements"][0][key] for key in keys] == [whole["measurements"][1][key] for key in keys]
    assert alone["as_of"] == whole["as_of"]


def test_an_unknown_ticket_is_told_with_its_nearest(run):
    ended = run("explain", "T2", "--in", "tickets.csv", "-p", "acme.yaml")

    assert ended.code == 2
    assert ended.err == "slaaudit: no ticket T2 in tickets.csv; did you mean T-2?\n"


def test_one_clause_can_be_asked_for_and_a_mistyped_one_is_told(run):
    assert run(*EXPLAIN, "--clause", "response").code == 0
    assert "did you mean response?" in run(*EXPLAIN, "--clause", "reponse").err


def test_without_a_file_it_says_so(run):
    ended = run("explain", "T-2", "-p", "acme.yaml")

    assert ended.code == 2
    assert "--in" in ended.err


def test_a_ticket_that_no_clause_has_a_clock_for_is_told(run, folder):
    policy = (folder / "acme.yaml").read_text().replace("measure: first-response", "measure: next-response")
    (folder / "acme.yaml").write_text(policy)

    assert run(*EXPLAIN).out == "Ticket T-2\n  No clause has a clock that ran for it.\n\n"
