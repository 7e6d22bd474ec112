"""``slaaudit check`` tells how many breaches the reading kindest to either side makes: exactly, or not at all."""

from __future__ import annotations

import json

import pytest

from slaaudit import both_sides

CHECK = ("check", "tickets.csv", "--policy", "acme.yaml")
LINE = "1 breach by the default readings; 0 under the vendor's kindest, 1 under the"


def test_the_report_tells_both_in_one_sentence(run):
    assert LINE in run(*CHECK).out


def test_where_a_reading_was_chosen_it_is_settled_and_the_sentence_says_so(run):
    out = run(*CHECK, "--reading", "urgency=day").out

    assert "0 breaches by the readings in force; 0 under the vendor's kindest, 0 under the" in out


def test_the_data_names_the_readings_of_both(run):
    assert json.loads(run(*CHECK, "--format", "json").out)["extremes"] == {
        "customer": {"breached": 1, "readings": {"urgency": "hour"}},
        "vendor": {"breached": 0, "readings": {"urgency": "day"}},
    }


def test_a_file_of_data_beside_a_quiet_run_has_them_too(run, folder):
    run(*CHECK, "--quiet", "--output", "report.json")

    assert json.loads((folder / "report.json").read_text())["extremes"]["vendor"]["breached"] == 0


def test_they_are_those_of_dispute(run):
    report, dispute = (
        json.loads(run(name, *CHECK[1:], "--format", "json").out)["extremes"] for name in ("check", "dispute")
    )

    assert report == dispute


def test_clauses_that_no_reading_touches_are_counted_as_they_are(run, folder):
    policy = (folder / "acme.yaml").read_text()
    more = "  fix: {measure: resolution, targets: {S1: 24h on always, S2: 24h on always}}\nreadings:"
    (folder / "acme.yaml").write_text(policy.replace("readings:", more, 1))

    report = json.loads(run(*CHECK, "--format", "json").out)["extremes"]

    assert (report["customer"]["breached"], report["vendor"]["breached"]) == (3, 2)


@pytest.mark.parametrize(("flags", "counted"), [((), False), (("--extremes",), True)])
def test_what_takes_long_is_left_out_unless_it_is_asked_for(run, monkeypatch, flags, counted):
    monkeypatch.setattr(both_sides, "UNASKED", 5)  # three tickets under two readings are six verdicts

    out = " ".join(run(*CHECK, *flags).out.split())
    data = json.loads(run(*CHECK, *flags, "--format", "json").out)["extremes"]

    assert (LINE in out) == counted
    assert ("1 breach by the default readings (tickets x clauses); the extremes take 6 more verdicts" in out) != counted
    assert (data is not None) == counted


def test_too_many_combinations_are_never_told_as_a_number(run, folder):
    policy = (folder / "acme.yaml").read_text()
    reading = (
        "  q{0}:\n    question: Which?\n    default: a\n    choices:\n"
        "      a: {{clauses: {{response: {{clock: {{pauses: []}}}}}}}}\n"
        "      b: {{clauses: {{response: {{clock: {{pauses: [hold]}}}}}}}}\n"
    )
    (folder / "acme.yaml").write_text(policy + "".join(reading.format(number) for number in range(14)))

    ended = run(*CHECK, "--extremes")

    assert "the extremes are not known: 32,768 combinations of readings are too many" in " ".join(ended.out.split())


def test_a_field_that_only_another_reading_looks_at_is_read(run, folder):
    policy = (folder / "acme.yaml").read_text()
    site = "      login: {clauses: {response: {applies: {subject: Printer}}}}\n      day: {clauses"
    (folder / "acme.yaml").write_text(policy.replace("      day: {clauses", site))

    assert LINE in run(*CHECK).out
