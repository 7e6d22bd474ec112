"""``slaaudit report`` and ``check --at-risk``: T-1 is met, T-2 breached, T-3 met; see conftest."""

from __future__ import annotations

import json

REPORT = ("report", "tickets.csv", "--policy", "acme.yaml")


def test_the_page_has_every_section_and_ends_with_the_open_clocks(run, folder):
    export = (folder / "tickets.csv").read_text() + "T-4,2026-06-02T13:00:00Z,S1,open,,VPN\n"
    (folder / "tickets.csv").write_text(export)
    ended = run(*REPORT, "--as-of", "2026-06-02T13:50:00Z")
    assert ended.code == 0
    for heading in ("Month by month", "By severity", "When what was breached arrived", "Open clocks"):
        assert f"\n{heading}\n" in ended.out
    assert "    2026-05    1        1       0      50% ██████████··········  66%        200%" in ended.out
    assert "  Mon                             1\n" in ended.out  # 13:00 UTC is 09:00 in New York
    assert "  T-4     response  S1         83%  10m   2026-06-02 10:00\n" in ended.out
    assert ended.out.splitlines()[-1].startswith("1 clock running, 1 at risk, 0 still open past the target. Next: ")


def test_the_data_has_months_kinds_arrivals_and_what_is_at_risk(run):
    found = json.loads(run(*REPORT, "--months", "2", "--format", "json").out)
    assert found["schema"] == "slaaudit.trends/1"
    assert [
        (row["month"], row["met"], row["breached"], row["attainment"], row["p90_used"]) for row in found["months"]
    ] == [
        ("2026-05", 1, 1, "50", "200"),
        ("2026-06", 1, 0, "100", "4.16"),
    ]
    assert found["arrivals"] == [
        {"weekday": "monday", "hour": 9, "met": 1, "breached": 1},
        {"weekday": "tuesday", "hour": 9, "met": 1, "breached": 0},
    ]
    assert (found["at_risk"], found["at_risk_above"]) == ([], "80")


def test_it_goes_to_files_of_its_two_kinds_only(run, folder):
    assert run(*REPORT, "-o", "trends.json", "-o", "trends.txt", "--quiet").code == 0
    assert json.loads((folder / "trends.json").read_text())["schema"] == "slaaudit.trends/1"
    assert "Month by month" in (folder / "trends.txt").read_text()
    ended = run(*REPORT, "-o", "trends.csv")
    assert (ended.code, ended.err) == (2, "slaaudit: --output: trends are written as .json or .txt\n")


def test_a_field_that_the_export_lacks_is_named_with_those_it_has(run, folder):
    assert run(*REPORT, "--by", "team").err == "slaaudit: --by team: the export has no fields to break down by\n"
    head, *rows = (folder / "tickets.csv").read_text().splitlines()
    (folder / "tickets.csv").write_text("\n".join([f"{head},team", *(f"{row},blue" for row in rows)]))
    ended = run(*REPORT, "--by", "taem")
    assert (ended.code, ended.err) == (2, "slaaudit: --by taem: expected team; did you mean team?\n")
    assert "By team\n  Clause    Team  Met" in run(*REPORT, "--by", "team").out


def test_an_export_that_no_clause_measures_is_no_trend(run, folder):
    (folder / "tickets.csv").write_text("ticket_id,created_at,severity\n")
    assert run(*REPORT).code == 3


def test_check_lists_what_is_at_risk_where_it_is_asked(run, folder):
    (folder / "tickets.csv").write_text(
        "ticket_id,created_at,severity,status\nT-1,2026-05-04T13:00:00Z,S1,open\nT-2,2026-05-04T13:30:00Z,S1,open\n"
    )
    words = ("check", "tickets.csv", "--policy", "acme.yaml", "--as-of", "2026-05-04T13:55:00Z")
    assert "At risk" not in run(*words).out
    assert "At risk, 90% of the target used or more: 1 running clock\n" in run(*words, "--at-risk", "90").out
    assert json.loads(run(*words, "--format", "json").out)["at_risk"] is None
    assert json.loads(run(*words, "--at-risk", "90", "--format", "json").out)["at_risk"] == [
        {"ticket": "T-1", "policy": 0, "clause": "response", "cycle": 1, "severity": "S1", "verdict": "running",
         "used": "91.66", "due_at": "2026-05-04T14:00:00Z"}
    ]  # fmt: skip


def test_a_bad_share_is_told_before_anything_is_read(run):
    ended = run("check", "absent.csv", "--policy", "acme.yaml", "--at-risk", "eighty")
    assert (ended.code, ended.err) == (
        2,
        "slaaudit: --at-risk eighty: expected a percentage of the target from 0 to 100, such as 80\n",
    )


def test_unknown_verdicts_are_told_as_they_are_in_no_other_number(run, folder):
    export = (folder / "tickets.csv").read_text() + "T-4,2026-06-02T13:00:00Z,Zork,open,,VPN\n"
    (folder / "tickets.csv").write_text(export)

    ended = run(*REPORT)

    assert "  Unknown, and in none of these numbers: 1 in 2026-06.\n" in ended.out
    assert "0 still open past the target; 1 unknown. Next: " in ended.out.splitlines()[-1]
    (folder / "tickets.csv").write_text(export.replace("Zork", "S1"))
    assert "nknown" not in run(*REPORT).out


def test_a_files_name_takes_no_effect_in_the_command_to_run_next(run, folder):
    name = "\x1b[31mred\x07.csv"
    (folder / name).write_text((folder / "tickets.csv").read_text())
    ended = run("report", name, "--policy", "acme.yaml")
    assert "\\e[31mred\\x07.csv" in ended.out.splitlines()[-1]
    assert not set(ended.out) & set("\x1b\x07")


def test_a_long_value_goes_on_below_and_the_name_of_its_clause_stands_whole(run, folder):
    export = (folder / "tickets.csv").read_text().replace("subject", "organization")
    (folder / "tickets.csv").write_text(export.replace("Printer", "Harbour Lofts and Riverside Laboratories"))
    lines = run(*REPORT).out.split("By organization\n")[1].split("\n")
    at = next(at for at, line in enumerate(lines) if "Harbour" in line)
    assert lines[at].startswith("  response  Harbour Lofts ")
    assert [line.strip() for line in lines[at + 1 : at + 3]] == ["and Riverside", "Laboratories"]


def test_what_is_waived_is_counted_beside_what_was_breached(run, folder):
    waiver = "- {ticket: T-2, clause: response, reason: agreed, by: board, expires: 2026-12-31}\n"
    (folder / "waivers.yaml").write_text(waiver)
    counted = [
        (row["month"], row["breached"], row["waived"], row["attainment"])
        for row in json.loads(run(*REPORT, "--waivers", "waivers.yaml", "--format", "json").out)["months"]
        if row["met"]
    ]
    assert counted == [("2026-05", 1, 1, "50"), ("2026-06", 0, 0, "100")]
    page = run(*REPORT, "--waivers", "waivers.yaml").out
    assert "    2026-05    1        1      1       0      50% ██████······  66%        200%\n" in page
    assert "Waived" not in run(*REPORT).out


def test_a_waiver_that_fits_nothing_is_the_fault_that_it_is_in_check(run, folder):
    (folder / "waivers.yaml").write_text(
        "- {ticket: T-9, clause: response, reason: agreed, by: board, expires: 2026-12-31}\n"
    )
    told = run(*REPORT, "--waivers", "waivers.yaml")
    assert (told.code, told.err) == (2, run("check", *REPORT[1:], "--waivers", "waivers.yaml").err)
    assert "T-9" in told.err
