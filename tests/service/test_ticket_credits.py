"""What misses of tickets earn: by the share that was met, for each ticket, and for repeated misses."""

from __future__ import annotations

import json

import pytest

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support
timezone: UTC
severities: {{S1: {{title: Critical}}, S2: {{title: Major}}}}
clauses:
  response:
    measure: first-response
    binding: warranted
    targets: {{S1: 1h on always, S2: 4h on always}}
    attainment: 90%
    credits:
      {credits}
"""
#: Ten S1 tickets in April, of which two were answered late; four in May, of which one was; an S2 that was late.
LATE = {"2026-04": (10, 2), "2026-05": (4, 1)}


def _tickets():
    lines = ["ticket_id,created_at,severity,status,first_response_at"]
    for month, (number, late) in LATE.items():
        for nth in range(number):
            answer = "12:00" if nth < late else "10:30"
            day = f"{month}-{nth + 1:02}"
            lines.append(f"{month}-{nth},{day}T10:00:00Z,S1,open,{day}T{answer}:00Z")
    lines.append("other,2026-04-20T10:00:00Z,S2,open,2026-04-20T15:00:00Z")
    lines.append("last,2026-06-02T10:00:00Z,S2,open,2026-06-02T10:10:00Z")
    return "\n".join(lines)


@pytest.fixture
def earned(tmp_path, monkeypatch, capsys):
    """The credits of a report as data, under these credits."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tickets.csv").write_text(_tickets())

    def told(lines, *flags):
        (tmp_path / "acme.yaml").write_text(POLICY.format(credits="\n      ".join(lines)))
        code = exit_code_of(app, ["check", "tickets.csv", "-p", "acme.yaml", "--format", "json", *flags])
        said = capsys.readouterr()
        assert code == 1, said.err
        return [
            (each["severity"], each["period"], each["granted"]["amount"], each["claim_by"], each["arithmetic"])
            for each in json.loads(said.out)["credits"]
        ]

    return told


def test_the_share_that_was_met_falls_below_a_tier(earned) -> None:
    """Eight of ten are 80%, which is not below 80%; three of four are 75%."""
    found = earned(
        ["severities: S1", "tiers: [{below: 90%, credit: 5%}, {below: 80%, credit: 10%}]"], "--fee", "100 EUR"
    )
    assert [row[:3] for row in found] == [("S1", "2026-04", "5"), ("S1", "2026-05", "10")]
    assert found[0][4] == "80% is below 90%: 5% of 100.00 EUR = 5.00 EUR"


def test_each_missed_ticket_earns(earned) -> None:
    found = earned(
        ["per-miss: 50 EUR", "cap: {credit: 120 EUR, per: month}", "claim: {within: 10 days, from: outage-start}"]
    )
    assert [row[:4] for row in found] == [
        ("S1", "2026-04", "100", "2026-04-11"),
        ("S1", "2026-05", "50", "2026-05-11"),
        ("S2", "2026-04", "20", "2026-04-30"),
    ]
    assert found[0][4] == "2 missed tickets x 50.00 EUR = 100.00 EUR"


def test_misses_in_a_row_give_a_right(earned) -> None:
    found = earned(["remedies: {missed: 2, right: terminate}"])
    assert [row[:2] for row in found] == [("S1", "2026-05")]


def test_a_share_that_misses_earns_for_each_step(earned) -> None:
    found = earned(["severities: S1", "each: {below: 5%, credit: 1%}"])
    assert [row[2] for row in found] == ["2", "3"]


def test_a_period_alone_still_looks_at_the_whole_quarter_and_at_the_misses_before(earned) -> None:
    """Three of the quarter's fourteen are 78.57%, which is 11 whole per cent below 90%; May's one of four is 75%."""
    found = earned(["severities: S1", "period: quarter", "each: {below: 1%, credit: 1%}"], "--period", "2026-05")
    assert [row[:3] for row in found] == [("S1", "2026-Q2", "11")]
    found = earned(["severities: S1", "remedies: {missed: 2, right: leave}"], "--period", "2026-05")
    assert [row[:2] for row in found] == [("S1", "2026-05")]


@pytest.fixture
def letters(earned, capsys):
    """The letters for credits under these lines, as text."""

    def written(lines, *flags):
        earned(lines)
        assert exit_code_of(app, ["claim", "tickets.csv", "-p", "acme.yaml", "-f", "txt", *flags]) == 0
        return capsys.readouterr().out.split("=" * 72)

    return written


@pytest.mark.parametrize(
    ("lines", "tickets"),
    [
        (["severities: S1", "tiers: [{below: 90%, credit: 5%}]"], [["2026-04-0", "2026-04-1"], ["2026-05-0"]]),
        (["per-miss: 50 EUR"], [["2026-04-0", "2026-04-1"], ["2026-05-0"], ["other"]]),
        (["remedies: {missed: 2, right: leave}"], [["2026-04-0", "2026-04-1", "2026-05-0"]]),
        (["remedies: {missed: 2, credit: 9 EUR, right: leave}"], [["2026-04-0", "2026-04-1", "2026-05-0"]] * 2),
    ],
)
def test_a_letter_lists_the_tickets_that_missed_and_no_other(letters, lines, tickets) -> None:
    found = letters(lines)
    listed = [[line.split()[0] for line in text.splitlines() if " started " in line] for text in found]
    assert sorted(listed) == sorted(tickets)


def test_a_letter_for_tickets_tells_their_times_in_the_contracts_zone_and_their_rows(letters) -> None:
    (text,) = letters(["per-miss: 50 EUR", "severities: S2"], "--period", "2026-04")
    assert "other (S2): started 2026-04-20 10:00, due 2026-04-20 14:00, done 2026-04-20 15:00, late by 1h" in text
    assert "tickets.csv row 16 created_at; tickets.csv row 16 first_response_at" in text
    assert "We claim 50.00 EUR." in text
    assert "Of the 1 measured in 2026-04, 1 missed it" in " ".join(text.split())
