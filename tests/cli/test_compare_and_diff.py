"""``slaaudit compare``, ``diff`` and ``--waivers``: files, exit codes, and what is not imported for nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SIDES = ("compare", "tickets.csv", "-p", "acme.yaml", "--against", "urgency=day")
WAIVERS = "- {ticket: T-2, clause: response, reason: ours, by: board, expires: 2026-12-31}\n"


def test_a_comparison_is_written_whole_and_by_its_suffix(run, folder) -> None:
    ended = run(*SIDES, "-o", "found.json", "-o", "found.txt")
    assert ended.code == 0
    assert (folder / "found.txt").read_text() == ended.out
    found = json.loads((folder / "found.json").read_text())
    assert [side["label"] for side in found["sides"]] == ["acme.yaml", "acme.yaml:urgency=day"]
    assert [side["breached"] for side in found["sides"]] == [1, 0]
    assert [(row["ticket"], row["breached"], row["causes"]) for row in found["differing"]] == [("T-2", 0, ["target"])]


def test_each_side_of_a_comparison_counts_what_check_counts(run) -> None:
    found = json.loads(run(*SIDES, "-f", "json").out)
    for side, flags in enumerate(((), ("--reading", "urgency=day"))):
        alone = json.loads(run("check", "tickets.csv", "-p", "acme.yaml", *flags, "-f", "json").out)
        ours = [(row["severities"][side], row["sides"][side]) for row in found["summary"] if row["sides"][side]]
        for (severity, row), theirs in zip(ours, alone["summary"], strict=True):
            assert severity == theirs["severity"]
            assert {key: theirs[key] for key in row} == row


def test_a_reading_for_all_sides_goes_to_those_that_have_it(run, folder) -> None:
    text = (folder / "acme.yaml").read_text().partition("readings:")[0]
    (folder / "plain.yaml").write_text(text.replace("id: acme", "id: plain"))
    ended = run(
        "compare", "tickets.csv", "-p", "acme.yaml", "-p", "plain.yaml", "--reading", "urgency=day", "-f", "json"
    )
    assert [side["label"] for side in json.loads(ended.out)["sides"]] == ["acme.yaml:urgency=day", "plain.yaml"]


def test_a_file_whose_name_looks_like_readings_is_a_file(run, folder) -> None:
    (folder / "acme:urgency=day").write_text((folder / "acme.yaml").read_text())
    assert run("compare", "tickets.csv", "-p", "acme:urgency=day", "-p", "acme.yaml").code == 0


def test_the_period_is_the_first_policys_on_every_side(run, folder) -> None:
    (folder / "utc.yaml").write_text((folder / "acme.yaml").read_text().replace("America/New_York", "Asia/Tokyo"))
    (folder / "tickets.csv").write_text(
        "ticket_id,created_at,severity,first_response_at\nT-1,2026-05-31T20:00:00Z,S1,2026-05-31T23:00:00Z\n"
    )
    ended = run("compare", "tickets.csv", "-p", "acme.yaml", "-p", "utc.yaml", "--period", "2026-05", "-f", "json")
    assert [side["breached"] for side in json.loads(ended.out)["sides"]] == [1, 1]


def _reports(run) -> None:
    run("check", "tickets.csv", "-p", "acme.yaml", "-o", "old.json")
    run("check", "tickets.csv", "-p", "acme.yaml", "--reading", "urgency=day", "-o", "new.json")


def test_diff_ends_with_0_where_nothing_differs_and_1_where_a_verdict_does(run, folder) -> None:
    _reports(run)
    assert run("diff", "old.json", "old.json").code == 0
    ended = run("diff", "old.json", "new.json", "-o", "found.json", "-o", "found.txt")
    assert ended.code == 1
    assert (folder / "found.txt").read_text() == ended.out
    found = json.loads((folder / "found.json").read_text())
    assert found["schema"] == "slaaudit.difference/1"
    assert found["counts"] == {"new": 0, "gone": 0, "changed": 1, "waiver": 0, "same": 2, "other_numbers": 1}


def test_a_waiver_alone_is_a_difference(run, folder) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS)
    _reports(run)
    run("check", "tickets.csv", "-p", "acme.yaml", "--waivers", "waivers.yaml", "-o", "waived.json")
    ended = run("diff", "old.json", "waived.json")
    assert ended.code == 1
    assert "T-2, response: breached → breached, waived" in ended.out


def test_diff_reads_one_report_from_standard_input(run, run_apart, folder) -> None:
    _reports(run)
    ended = run_apart("diff", "old.json", "-", stdin=(folder / "new.json").read_bytes())
    assert (ended.code, ended.err) == (1, "")


def test_diff_overwrites_neither_report(run) -> None:
    _reports(run)
    assert run("diff", "old.json", "new.json", "-o", "new.json").code == 2


def test_diff_imports_no_engine() -> None:
    modules = "slaaudit.cli.diff, slaaudit.difference, slaaudit.report.difference_text"
    code = f"import sys, {modules}; print(sorted({{'numpy', 'pandas', 'pyarrow'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("flag", ["breach", "warranted", "unknown"])
def test_what_is_waived_fails_nothing(run, folder, flag) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS)
    words = ("check", "tickets.csv", "-p", "acme.yaml", "--fail-on", flag)
    assert run(*words).code == 1
    assert run(*words, "--waivers", "waivers.yaml").code == 0


def test_several_files_of_waivers_are_one(run, folder) -> None:
    (folder / "one.yaml").write_text(WAIVERS)
    (folder / "two.yaml").write_text(WAIVERS)
    ended = run("check", "tickets.csv", "-p", "acme.yaml", "--waivers", "one.yaml", "--waivers", "two.yaml")
    assert ended.code == 2
    assert "two.yaml:1:12: error: ticket 'T-2' has a waiver of clause 'response' already" in ended.err
    assert "it stands at one.yaml:1; keep one" in ended.err


def test_waivers_are_refused_before_an_export_is_opened(run, folder) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS.replace("response", "respnse"))
    ended = run("check", "missing.csv", "-p", "acme.yaml", "--waivers", "waivers.yaml")
    assert (ended.code, "respnse" in ended.err) == (2, True)


def test_explain_looks_for_its_own_tickets_waivers_only(run, folder) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS)
    ended = run("explain", "T-1", "--in", "tickets.csv", "-p", "acme.yaml", "--waivers", "waivers.yaml")
    assert (ended.code, "Waived" in ended.out) == (0, False)


def test_a_hostile_reason_is_harmless(run, folder) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS.replace("reason: ours", 'reason: "\\e[31m[red]=1+1\\u202e"'))
    for words in (("check", "tickets.csv"), ("explain", "T-2", "--in", "tickets.csv")):
        out = run(*words, "-p", "acme.yaml", "--waivers", "waivers.yaml").out
        assert "\\e[31m[red]=1+1\\u202e" in out
        assert "\x1b" not in out
