"""``slaaudit check``: formats, files, exit codes and messages."""

from __future__ import annotations

import csv
import io
import json
import shlex

import pytest

CHECK = ("check", "tickets.csv", "--policy", "acme.yaml")


def test_a_breach_exits_with_1_and_the_last_line_names_the_next_command(run):
    ended = run(*CHECK)

    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines()[-1] == (
        "Not kept: 2 met, 1 breach. Next: slaaudit explain T-2 --in tickets.csv --policy acme.yaml"
    )


def test_the_next_command_runs_and_repeats_every_flag_that_made_the_verdict(run):
    flags = ("--timezone", "Asia/Tokyo", "--set", "environment=production", "--as-of", "2026-06-30",
             "--value", "severity:Sev 1=S1", "--reading", "urgency=hour")  # fmt: skip
    line = run(*CHECK, *flags).out.splitlines()[-1]
    words = shlex.split(line.partition("Next: slaaudit ")[2])

    assert words[:2] == ["explain", "T-2"]
    assert set(flags) < set(words)
    assert "First response [response], S1: breached by 1h\n" in run(*words).out


def test_standard_input_is_a_file(run_apart, folder):
    ended = run_apart("check", "-", "-p", "acme.yaml", "-q", stdin=(folder / "tickets.csv").read_bytes())

    assert ended.code == 1
    assert ended.out.startswith("Not kept: 2 met, 1 breach.")


def test_a_reading_changes_the_verdict_and_the_report_names_it(run):
    ended = run(*CHECK, "--reading", "urgency=day")

    assert ended.code == 0
    assert "urgency=day" in ended.out
    assert "urgency=hour (default)" not in ended.out


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ((), 1),
        (("--fail-on", "warranted"), 1),
        (("--fail-on", "never"), 0),
        (("--period", "2026-06"), 0),
        (("--period", "last-month"), 1),
        (("--period", "2026-Q2"), 1),
        (("--period", "2025"), 3),
        (("--reading", "urgency=day", "--strict"), 0),
        (("--fail-on", "sometimes"), 2),
        (("--period", "2026-13"), 2),
        (("--as-of", "yesterday"), 2),
        (("--timezone", "Mars/Olympus"), 2),
        (("--value", "severity"), 2),
        (("--set", "environment"), 2),
        (("--reading", "urgency"), 2),
        (("--reading", "urgency=never"), 2),
        (("--format", "pdf"), 2),
        (("--output", "report.pdf"), 2),
        (("--output", "none/report.json"), 2),
        (("--output", "tickets.csv"), 2),
        (("--rejects", "acme.yaml"), 2),
        (("--output", "a.json", "--output", "./a.json"), 2),
        (("--nonsense",), 2),
    ],
)
def test_exit_codes(run, flags, code):
    ended = run(*CHECK, *flags)

    assert ended.code == code
    assert (ended.err == "") == (code in (0, 1))


def test_the_verdict_fails_with_3_where_an_export_is_missing(run):
    ended = run("check", "nowhere.csv", "-p", "acme.yaml")

    assert ended.code == 3
    assert "nowhere.csv" in ended.err


def test_an_audit_without_a_policy_or_without_a_file_is_no_command(run):
    assert run("check", "tickets.csv").code == 2
    assert run("check", "-p", "acme.yaml").code == 2


def test_each_output_file_is_written_by_its_suffix_and_the_console_still_reports(run, folder):
    ended = run(*CHECK, "-o", "a.json", "-o", "b.csv", "-o", "c.txt")

    assert json.loads((folder / "a.json").read_text())["schema"] == "slaaudit.report/1"
    assert len(list(csv.reader(io.StringIO((folder / "b.csv").read_text())))) == 4
    assert (folder / "c.txt").read_text() == ended.out


def test_nothing_is_written_that_was_not_asked_for(run, folder):
    before = sorted(folder.iterdir())
    run(*CHECK)
    run(*CHECK, "--output", "report.json", "--policy", "nowhere.yaml")

    assert sorted(folder.iterdir()) == before


def test_the_format_for_programs_is_all_that_standard_output_gets(run):
    assert json.loads(run(*CHECK, "--format", "json", "--verbose").out)["summary"][0]["breached"] == 1
    assert run(*CHECK, "--format", "csv").out.startswith("ticket,policy,clause,")


def test_worksheets_are_those_of_breaches_or_of_all(run):
    def sheets(*flags):
        found = json.loads(run(*CHECK, "--format", "json", *flags).out)["measurements"]
        return [row["ticket"] for row in found if "worksheet" in row]

    assert sheets() == ["T-2"]
    assert sheets("--worksheets") == ["T-1", "T-2", "T-3"]


def test_rejects_are_written_where_asked(run, folder):
    with (folder / "tickets.csv").open("a") as stream:
        stream.write("T-4,2026-02-31T10:00:00Z,S1,open,,Odd\n")
    ended = run(*CHECK, "--rejects", "rejected.csv")
    rows = list(csv.DictReader(io.StringIO((folder / "rejected.csv").read_text())))

    assert "Rows that could not be used: 1" in ended.out
    assert [row["row"] for row in rows] == ["5"]
    assert run(*CHECK, "--strict").code == 3


def test_as_of_a_date_is_the_end_of_that_day_in_the_policys_zone(run):
    report = json.loads(run(*CHECK, "--as-of", "2026-06-30", "--format", "json").out)

    assert report["as_of"] == "2026-07-01T04:00:00Z"
    assert report["as_of_given"] is True


def test_a_pipe_gets_no_escape_code(run_apart):
    assert "\x1b" not in run_apart(*CHECK).out


def test_a_terminal_that_knows_few_characters_gets_the_rest_as_escapes(run_apart, folder):
    (folder / "tickets.csv").write_text((folder / "tickets.csv").read_text().replace("T-2", "T-2é漢"))
    ended = run_apart(*CHECK, PYTHONIOENCODING="ascii")

    assert ended.code == 1
    assert "T-2\\xe9\\u6f22" in ended.out


def test_hostile_file_names_and_words_reach_the_terminal_as_text(run, folder):
    (folder / "a\x1b[2Jb.csv").write_text((folder / "tickets.csv").read_text().replace("S2", "S\x1b[31m9"))
    ended = run("check", "a\x1b[2Jb.csv", "-p", "acme.yaml")

    assert "a\\e[2Jb.csv" in ended.out
    assert "\x1b" not in ended.out
    assert "\x1b" not in run("check", "no\x1b[2J.csv", "-p", "acme.yaml").err


def test_one_verdict_without_a_result_of_the_helpdesks_is_said_in_the_singular(run, folder):
    head, first, *_ = (folder / "tickets.csv").read_text().splitlines()
    second = first.replace("T-1", "T-2")
    (folder / "tickets.csv").write_text(f"{head},claimed_response_met\n{first},met\n{second},\n")
    ended = run("check", "tickets.csv", "--policy", "acme.yaml", "--reconcile")
    assert "  1 verdict of ours has none beside it: T-2\n" in ended.out
