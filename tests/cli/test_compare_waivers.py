"""``slaaudit compare --waivers``: what is waived is counted on each side that has the clause.

T-2 is answered after 2 hours: too late where an hour is promised, in time where a day is. Beside it the other policy
promises a fix within 8 hours, and no ticket is resolved.
"""

from __future__ import annotations

import json

import pytest

OTHER = """\
slaaudit: 1
id: other
vendor: Other
title: Other support policy
timezone: UTC
severities: {Urgent: {aliases: [S1]}, Normal: {aliases: [S2]}}
clauses:
  response: {measure: first-response, targets: {Urgent: 24h on always}}
  fix: {measure: resolution, targets: {Urgent: 8h on always}}
"""
SIDES = ("compare", "tickets.csv", "-p", "acme.yaml", "-p", "other.yaml")
ENTRY = "- {{ticket: {}, clause: {}, reason: {} agreed, by: board, expires: {}}}\n"


@pytest.fixture
def waived(folder):
    """A way to write a file of waivers: each a ticket and a clause."""
    (folder / "other.yaml").write_text(OTHER)

    def write(*entries, expires="2026-12-31"):
        text = "".join(ENTRY.format(ticket, clause, ticket, expires) for ticket, clause in entries)
        (folder / "waivers.yaml").write_text(text)
        return "--waivers", "waivers.yaml"

    return write


def test_each_side_counts_what_is_waived_there_as_check_does(run, waived):
    words = waived(("T-2", "response"), ("T-2", "fix"))
    found = json.loads(run(*SIDES, *words, "-f", "json").out)

    assert [(side["breached"], side["waived"]) for side in found["sides"]] == [(1, 1), (2, 1)]
    assert [(row["clause"], row["waives"], row["idle"]) for row in found["waivers"]] == [
        ("response", [1, 0], [None, "met"]),
        ("fix", [0, 1], ["no-clock", None]),
    ]
    sides = {tuple(row["clauses"]): row["sides"] for row in found["summary"] if "S1" in row["severities"]}
    assert [row and row["waived"] for row in sides["response", "response"]] == [1, 0]
    assert [row and row["waived"] for row in sides[None, "fix"]] == [None, 1]
    told = {(row["ticket"], *row["clauses"]): [one and one["waived"] for one in row["measurements"]]
            for row in found["differing"]}  # fmt: skip
    assert told == {
        ("T-2", "response", "response"): ["T-2 agreed", None],
        ("T-1", None, "fix"): [None, None],
        ("T-2", None, "fix"): [None, "T-2 agreed"],
    }


def test_without_waivers_none_is_counted(run, waived):
    waived()
    ended = run(*SIDES, "-f", "json")
    found = json.loads(ended.out)

    assert ([side["waived"] for side in found["sides"]], found["waivers"]) == ([0, 0], [])
    assert "aived" not in run(*SIDES).out


def test_people_see_it_on_each_side(run, waived):
    told = run(*SIDES, *waived(("T-2", "response"), ("T-2", "fix"), ("T-1", "response"))).out

    assert "T-2   response  2026-12-31  board  A 1, B 0\n    T-2 agreed\n" in told
    assert "T-2   fix       2026-12-31  board  A 0, B 1\n" in told
    assert "waivers.yaml:3 waives nothing: ticket T-1, response: the promise was kept" in " ".join(told.split())
    assert "2h of 1h, waived" in told
    assert "\nA 1 breach (waived), B 2 breaches (1 of them waived)." in told
    assert max(map(len, told.splitlines()[:-1])) <= 80


def test_the_next_command_runs(run, waived):
    only_one = run(*SIDES, *waived(("T-2", "fix"))).out.splitlines()[-1]
    assert "--policy acme.yaml" in only_one
    assert "--waivers" not in only_one  # acme.yaml has no such clause, and explain would refuse the waiver

    both = run(*SIDES, *waived(("T-2", "response"))).out.splitlines()[-1]
    assert "--waivers waivers.yaml" in both
    assert run(*both.partition("Next: slaaudit ")[2].split()).code == 0


@pytest.mark.parametrize(
    ("entry", "expires", "said"),
    [
        (("T-2", "response"), "2026-06-01", "this waiver expired on 2026-06-01, before the day of as-of, 2026-06-02"),
        (("T-22", "fix"), "2026-12-31", "the input has no ticket 'T-22'"),
        (("T-2", "fixed"), "2026-12-31", "the policy has no clause 'fixed'"),
        (("T-3", "late"), "2026-12-31", "clause 'late' measures nothing of ticket 'T-3', so there is nothing to waive"),
    ],
)
def test_what_matches_on_no_side_is_refused(run, folder, waived, entry, expires, said):
    words = waived(entry, expires=expires)
    late = "  late: {measure: between, clock: {starts: assigned, stops: resolved}, targets: {Urgent: 1h on always}}\n"
    (folder / "other.yaml").write_text(OTHER + late)
    ended = run(*SIDES, *words)

    assert ended.code == 2
    assert f"waivers.yaml:1:{ended.err.split(':')[2]}: error: {said}" in ended.err


def test_it_is_refused_before_an_export_is_opened(run, waived):
    words = waived(("T-2", "fixed"))

    assert "no clause 'fixed'" in run("compare", "missing.csv", *SIDES[2:], *words).err


def test_outside_the_period_a_waiver_is_idle_on_the_side_that_has_the_clause(run, waived):
    ended = run(*SIDES, *waived(("T-2", "fix")), "--period", "2026-06", "-f", "json")

    assert ended.code == 0
    assert json.loads(ended.out)["waivers"][0]["idle"] == ["no-clock", "outside-period"]


def test_waivers_of_incidents_are_no_matter_here(run, folder, waived):
    words = waived(("T-2", "response"))
    text = (folder / "waivers.yaml").read_text()
    (folder / "other.yaml").write_text(OTHER + "  uptime: {measure: availability, promised: 99%}\n")
    (folder / "waivers.yaml").write_text(
        text + ENTRY.format("X", "uptime", "X", "2026-12-31").replace("ticket", "incident")
    )

    assert run(*SIDES, *words).code == 0


def test_the_project_file_names_waivers_for_it(run, folder, waived):
    waived(("T-2", "response"))
    (folder / "slaaudit.toml").write_text('waivers = ["waivers.yaml"]\n')

    assert "A 1 breach (waived)" in run(*SIDES).out
