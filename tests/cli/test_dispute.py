"""``slaaudit dispute``: T-1 is answered after 40 minutes, T-2 after 2 hours; critical is an hour, or a day."""

from __future__ import annotations

import json

import pytest

DISPUTE = ("dispute", "tickets.csv", "--policy", "acme.yaml")


def test_a_breach_by_one_reading_is_arguable_and_says_what_saves_the_vendor(run):
    ended = run(*DISPUTE)

    assert ended.code == 0
    assert "T-2, response: breached in 1 of 2; saved by urgency=day" in ended.out
    assert "1 verdict turns on urgency alone (now hour): How quick is critical?" in ended.out
    assert "1 breach by the readings in force; 0 under the vendor's kindest, 1 under the" in ended.out
    assert ended.out.splitlines()[-1].startswith(
        "0 solid, 1 arguable, 2 clear (tickets x clauses). Next: slaaudit explain"
    )


def test_a_breach_by_every_reading_is_solid_and_makes_the_exit_code(run, folder):
    export = (folder / "tickets.csv").read_text().replace("2026-05-04T15:00:00Z", "2026-05-06T15:00:00Z")
    (folder / "tickets.csv").write_text(export)

    ended = run(*DISPUTE)

    assert ended.code == 1
    assert "Solid breaches: 1\n  T-2, response; evidence thin: severity-unseen\n" in ended.out
    assert "1 of 1 solid breach carries a caveat" in ended.out
    assert "response: 2 combinations of 1 reading evaluated" in ended.out


def test_a_settled_reading_is_not_argued_about(run):
    ended = run(*DISPUTE, "--reading", "urgency=hour", "--fail-on", "arguable")

    assert ended.code == 1
    assert "1 solid, 0 arguable, 2 clear" in ended.out


def test_the_data_has_a_row_a_ticket_and_clause(run):
    report = json.loads(run(*DISPUTE, "--format", "json").out)

    assert report["disputes"][1] == {
        "ticket": "T-2",
        "policy": 0,
        "clause": "response",
        "standing": "arguable",
        "caveats": ["severity-unseen"],
        "combinations": 2,
        "breached_in": 1,
        "makes": {},
        "saves": {"urgency": "day"},
        "waived": None,
    }
    assert report["extremes"] == {
        "customer": {"breached": 1, "readings": {"urgency": "hour"}},
        "vendor": {"breached": 0, "readings": {"urgency": "day"}},
    }
    assert report["readings"] == [
        {"policy": 0, "clause": "response", "reading": "urgency", "choices": ["hour", "day"], "turns": 1}
    ]


def test_combinations_that_were_left_out_settle_nothing(run):
    ended = run(*DISPUTE, "--max-combinations", "1")

    assert "1 left out" in ended.out
    assert "0 solid, 0 arguable, 0 clear, 3 unsettled" in ended.out


def test_the_field_that_only_another_reading_looks_at_is_read(run, folder):
    policy = (folder / "acme.yaml").read_text()
    (folder / "acme.yaml").write_text(
        policy.replace(
            "      day: {clauses", "      site: {clauses: {response: {applies: {subject: Login}}}}\n      day: {clauses"
        )
    )

    report = json.loads(run(*DISPUTE, "--format", "json").out)

    first, second, _ = report["disputes"]
    assert (first["breached_in"], second["breached_in"], second["combinations"]) == (0, 2, 3)


@pytest.mark.parametrize("words", [("--max-combinations", "0"), ("--fail-on", "breach"), ("--format", "csv")])
def test_a_flag_that_makes_no_sense_is_told(run, words):
    ended = run(*DISPUTE, *words)

    assert ended.code == 2
    assert words[0] in ended.err


def test_a_policy_without_clauses_about_tickets_is_told(run, folder):
    policy = (folder / "acme.yaml").read_text()
    begin, end = policy.index("  response:"), policy.index("readings:")
    (folder / "acme.yaml").write_text(policy[:begin] + "  method: {measure: narrative, why: no data}\n" + policy[end:])

    assert run(*DISPUTE).code == 2


ONLY_BY_A_READING = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
severities: {S1: {}, S2: {}}
clauses:
  response: {measure: first-response, why: the agreement names no time}
  method: {measure: narrative, why: no data}
readings:
  promised:
    question: Is an hour promised?
    default: nothing
    choices:
      nothing: {}
      hour: {clauses: {response: {targets: {S1: 1h on always}}}}
  added:
    question: Is a workaround promised too?
    default: nothing
    choices:
      nothing: {}
      workaround: {clauses: {relief: {measure: workaround, targets: {S1: 24h on always}}}}
"""


def test_a_promise_that_only_a_reading_makes_is_disputed(run, folder):
    (folder / "acme.yaml").write_text(ONLY_BY_A_READING)

    report = json.loads(run(*DISPUTE, "--format", "json").out)

    found = {(row["ticket"], row["clause"]): (row["standing"], row["makes"]) for row in report["disputes"]}
    assert found["T-1", "response"] == ("clear", None)
    assert found["T-2", "response"] == ("arguable", {"promised": "hour"})
    assert found["T-2", "relief"] == ("arguable", {"added": "workaround"})
    assert {clause for _, clause in found} == {"response", "relief"}
    console = run(*DISPUTE).out
    assert "T-2, relief: breached in 1 of 2; a breach by added=workaround" in console


INCIDENTS = """\
incident_id,started_at,ended_at,cause,component
I-1,2026-03-10T00:00:00Z,2026-03-10T12:00:00Z,bug,api
I-2,2026-04-10T00:00:00Z,2026-04-10T12:00:00Z,,api
"""
UPTIME = """\
  uptime: {measure: availability, promised: 99%}
readings:
  cause:
    question: Does an outage without a cause count?
    default: counts
    choices:
      counts: {clauses: {uptime: {assumes: null, excludes: {unknown: null}}}}
      does-not: {clauses: {uptime: {assumes: {cause: unknown}, excludes: {unknown: {cause: unknown}}}}}
"""


@pytest.fixture
def service(folder):
    """The policy with a clause about the service, and its incidents: 12 of 744 hours in March, 12 of 720 in April."""
    (folder / "incidents.csv").write_text(INCIDENTS)
    policy = (folder / "acme.yaml").read_text()
    (folder / "acme.yaml").write_text(policy.replace("readings:\n", UPTIME, 1))
    return ("--incidents", "incidents.csv", "--policy", "acme.yaml", "--as-of", "2026-05-01")


def test_a_service_is_disputed_without_any_tickets(run, service):
    report = json.loads(run("dispute", *service, "--format", "json").out)

    rows = {row["period"]: row for row in report["disputes"]}
    assert rows["2026-03"] == {
        "period": "2026-03",
        "component": None,
        "policy": 0,
        "clause": "uptime",
        "standing": "solid",
        "caveats": [],
        "combinations": 2,
        "breached_in": 2,
        "makes": {},
        "saves": None,
        "waived": None,
    }
    assert (rows["2026-04"]["standing"], rows["2026-04"]["saves"]) == ("arguable", {"cause": "does-not"})
    assert (report["extremes"]["customer"]["breached"], report["extremes"]["vendor"]["breached"]) == (2, 1)
    assert [each["role"] for each in report["inputs"]] == ["incidents"]


def test_tickets_and_service_are_disputed_together(run, service):
    ended = run("dispute", "tickets.csv", *service[:4])
    report = json.loads(run("dispute", "tickets.csv", *service[:4], "--format", "json").out)

    assert ended.code == 1
    assert [row.get("ticket") or row["period"] for row in report["disputes"]][:4] == ["T-1", "T-2", "T-3", "2026-03"]
    assert (report["extremes"]["customer"]["breached"], report["extremes"]["vendor"]["breached"]) == (3, 1)
    assert "3 breaches by the readings in force; 1 under the vendor's kindest, 3 under the" in ended.out
    assert "(tickets and periods x clauses)" in ended.out


def test_check_counts_periods_among_the_extremes(run, service):
    report = json.loads(run("check", "tickets.csv", *service[:4], "--format", "json").out)

    assert (report["extremes"]["customer"]["breached"], report["extremes"]["vendor"]["breached"]) == (3, 1)


def test_the_next_command_of_a_service_runs(run, service):
    words = run("dispute", *service).out.splitlines()[-1].partition("Next: slaaudit ")[2].split()

    assert words[0] == "credits"
    assert run(*words).code == 1


def test_nothing_to_dispute_about_a_service_is_told(run, folder):
    (folder / "incidents.csv").write_text(INCIDENTS)

    ended = run("dispute", "--incidents", "incidents.csv", "--policy", "acme.yaml")

    assert (ended.code, "no clause about the service" in ended.err) == (2, True)


def test_neither_tickets_nor_a_service_is_told(run):
    ended = run("dispute", "--policy", "acme.yaml")

    assert (ended.code, "no export to read" in ended.err) == (2, True)


def test_a_quiet_run_prints_the_last_line_alone(run):
    assert run(*DISPUTE, "--quiet").out == run(*DISPUTE).out.splitlines()[-1] + "\n"


def test_files_hold_what_the_formats_print(run, folder):
    printed = run(*DISPUTE, "--output", "dispute.json", "-o", "dispute.txt").out

    assert json.loads((folder / "dispute.json").read_text()) == json.loads(run(*DISPUTE, "--format", "json").out)
    assert (folder / "dispute.txt").read_text() == printed


@pytest.mark.parametrize(
    ("path", "said"),
    [("dispute.csv", ".json or .txt"), ("dispute.pdf", "the suffix picks"), ("tickets.csv", "a file to be read")],
)
def test_a_file_that_cannot_be_written_is_told_before_the_work(run, path, said):
    ended = run(*DISPUTE, "--output", path)

    assert (ended.code, said in ended.err) == (2, True)


def test_a_hostile_component_is_shown_and_takes_no_effect(run, service, folder):
    rows = (folder / "incidents.csv").read_text().replace(",api", ",[red]\x1b[31m")
    (folder / "incidents.csv").write_text(rows)
    policy = (folder / "acme.yaml").read_text()
    (folder / "acme.yaml").write_text(policy.replace("promised: 99%", "promised: 99%, per: component"))

    out = run("dispute", *service).out

    assert "\x1b" not in out
    assert "uptime  [red]\\e[31m" in out
    assert "[red]\\e[31m 2026-03, uptime" in out


CLASHING = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: UTC
calendars:
  night: {timezone: UTC, hours: {mon-sun: 22:00-06:00}}
severities:
  S1: {title: Critical}
clauses:
  response: {measure: first-response, targets: {S1: 1h on always}}
  resolution: {measure: resolution, clock: {pauses: [waiting]}, targets: {S1: 6h on always}}
readings:
  night:
    question: Is there a night?
    raised-by: Silent.
    default: kept
    choices:
      kept: {}
      gone: {calendars: {night: null}, clauses: {resolution: {targets: {S1: 4h on always}}}}
  counted:
    question: When does the answer count?
    raised-by: Silent.
    default: always
    choices:
      always: {}
      by-night: {clauses: {response: {targets: {S1: 1h on night}}, resolution: {clock: {pauses: []}}}}
"""


def test_choices_that_contradict_each_other_in_one_clause_are_none_for_any(run, folder):
    """Without a night no answer counts by night. Five hours in all, two of them waiting, would miss 4 hours only
    under both choices; the answer is late by the default, and would be none under both."""
    (folder / "clashing.yaml").write_text(CLASHING)
    (folder / "log.csv").write_text(
        "ticket_id,at,event,actor,value\n"
        "T-1,2026-05-04T10:00:00Z,created,customer,\n"
        "T-1,2026-05-04T10:00:00Z,severity,customer,S1\n"
        "T-1,2026-05-04T11:30:00Z,reply,vendor,\n"
        "T-1,2026-05-04T12:00:00Z,status,vendor,waiting\n"
        "T-1,2026-05-04T14:00:00Z,status,vendor,open\n"
        "T-1,2026-05-04T15:00:00Z,status,vendor,resolved\n"
    )
    both = ("--reading", "night=gone", "--reading", "counted=by-night")
    assert run("check", "log.csv", "--policy", "clashing.yaml", *both).code == 2
    ended = run("dispute", "log.csv", "--policy", "clashing.yaml", "--format", "json")
    told = json.loads(ended.out)
    found = [[each[key] for key in ("clause", "standing", "combinations", "breached_in")] for each in told["disputes"]]
    assert found == [["response", "arguable", 3, 2], ["resolution", "clear", 3, 0]]
    assert told["disputes"][0]["saves"] == {"counted": "by-night"}
    assert told["disputes"][1]["makes"] is None
    assert told["extremes"] == {
        "customer": {"breached": 1, "readings": {"night": "kept", "counted": "always"}},
        "vendor": {"breached": 0, "readings": {"night": "kept", "counted": "by-night"}},
    }


def test_the_extremes_lie_under_choices_that_hold_together(run, folder):
    """An answer after two hours of the night is late by any clock; under both choices there would be no clause."""
    text = CLASHING.replace("S1: 1h on night}}, resolution: {clock: {pauses: []}}", "S1: 1h on night}}")
    (folder / "clashing.yaml").write_text(text.replace(", clauses: {resolution: {targets: {S1: 4h on always}}}}", "}"))
    (folder / "log.csv").write_text(
        "ticket_id,at,event,actor,value\n"
        "T-1,2026-05-04T23:00:00Z,created,customer,\n"
        "T-1,2026-05-04T23:00:00Z,severity,customer,S1\n"
        "T-1,2026-05-05T01:00:00Z,reply,vendor,\n"
    )
    told = json.loads(run("dispute", "log.csv", "--policy", "clashing.yaml", "--format", "json").out)
    assert (told["disputes"][0]["clause"], told["disputes"][0]["standing"]) == ("response", "solid")
    assert {side["breached"] for side in told["extremes"].values()} == {1}
    said = run("check", "log.csv", "--policy", "clashing.yaml", "--format", "json")
    assert {side["breached"] for side in json.loads(said.out)["extremes"].values()} == {1}
