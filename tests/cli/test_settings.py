"""Settings: a project file and variables stand in for flags that are not typed, and every report says so."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from slaaudit.cli import app
from slaaudit.cli.in_force import PREFIX, variable_of
from slaaudit.cli.project_file import key_lines
from slaaudit.cli.settable import settable


def written(text, path="slaaudit.toml"):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def in_force(run, command="check", *before):
    ended = run(*before, "config", command, "--format", "json")
    assert ended.code == 0, ended.err
    return {row["key"]: (row["value"], row["place"]) for row in json.loads(ended.out)["settings"]}


def test_a_command_without_flags_is_told_all_by_the_file(run):
    written('policy = "acme.yaml"\ntickets = "tickets.csv"\n')

    typed, told = run("check", "tickets.csv", "-p", "acme.yaml"), run("check")

    assert told.code == typed.code == 1
    assert told.out.replace("  Settings  policy, tickets by slaaudit.toml\n", "") == typed.out


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_file(run, monkeypatch):
    written('policy = "acme.yaml"\nfail-on = "warranted"\n')
    assert run("check", "tickets.csv").code == 1

    monkeypatch.setenv("SLAAUDIT_FAIL_ON", "never")
    assert in_force(run)["fail-on"] == ("never", "SLAAUDIT_FAIL_ON")
    assert run("check", "tickets.csv").code == 0
    assert run("check", "tickets.csv", "--fail-on", "breach").code == 1


def test_a_commands_own_table_wins_over_the_top(run):
    written('as-of = 2026-06-30\n[explain]\nas-of = "now"\n')

    assert in_force(run, "check")["as-of"] == ("2026-06-30", "slaaudit.toml:1")
    assert in_force(run, "explain")["as-of"] == ("now", "slaaudit.toml:3")


def test_a_repeated_flag_replaces_the_files_list_as_a_whole(run):
    written('policy = "acme.yaml"\nreading = ["urgency=day"]\n')

    assert "urgency=day" in run("check", "tickets.csv").out
    assert "urgency=hour (default)" in run("check", "tickets.csv", "--reading", "urgency=hour").out


def test_pairs_may_be_written_as_a_table(run):
    written('[reading]\nurgency = "day"\n[value]\n"status:Offen" = "open"\n')

    assert in_force(run)["reading"] == (["urgency=day"], "slaaudit.toml:1")
    assert in_force(run)["value"] == (["status:Offen=open"], "slaaudit.toml:3")


def test_a_key_that_only_another_command_has_is_fine(run):
    written('policy = "acme.yaml"\nmax-combinations = 2\ntemplate = "letter.md"\n')

    assert run("check", "tickets.csv").code == 1


def test_a_word_that_only_another_command_knows_is_passed_over(run):
    """``dispute`` fails on other words than ``check``, and ``claim`` writes other formats."""
    written('fail-on = "warranted"\nformat = "json"\n')

    assert in_force(run, "check")["fail-on"][0] == "warranted"
    assert in_force(run, "dispute")["fail-on"] == ("solid", None)
    assert in_force(run, "claim")["format"] == ("md", None)


def test_commands_about_policies_take_only_their_own_table(run, folder):
    written('reading = {urgency = "day"}\noutput = "report.json"\n["policy show"]\nresolved = true\n')

    assert in_force(run, "policy show")["reading"] == (None, None)
    assert in_force(run, "policy show")["resolved"] == (True, "slaaudit.toml:4")
    assert in_force(run, "policy new")["output"] == (None, None)
    assert run("policy", "show", "sequr").code == 0
    assert not (folder / "report.json").exists()


def test_paths_of_the_file_are_seen_from_the_file_and_paths_of_variables_from_the_current_folder(
    run, folder, monkeypatch
):
    written('policy = ["acme.yaml", "sequr"]\nfee = "1200 EUR"\nmapping = "maps/a.yaml"\noutput = ["out.json"]\n')
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    monkeypatch.setenv("SLAAUDIT_REJECTS", "rejected.csv")

    found = {key: value for key, (value, _) in in_force(run).items()}
    assert found["policy"] == ["../../acme.yaml", "sequr"]  # a published policy's name is no path
    assert found["fee"] == "1200 EUR"
    assert found["mapping"] == "../../maps/a.yaml"
    assert found["output"] == ["../../out.json"]
    assert found["rejects"] == "rejected.csv"


def test_a_side_of_a_comparison_is_seen_from_the_file_with_its_readings_or_without(run, folder, monkeypatch):
    written('[compare]\npolicy = ["acme.yaml", "acme.yaml:urgency=day", "sequr:zone=utc", "sequr"]\n')
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    sides = ["../acme.yaml", "../acme.yaml:urgency=day", "sequr:zone=utc", "sequr"]
    assert in_force(run, "compare")["policy"] == (sides, "../slaaudit.toml:2")
    written('[compare]\npolicy = {acme = "day"}\n', "../slaaudit.toml")
    assert "policy: expected a text" in run("compare", "../tickets.csv").err


def test_a_pack_of_the_file_is_written_beside_the_file_whatever_its_name(run, folder, monkeypatch):
    written('[check]\npack = "evidence"\n')
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    assert in_force(run)["pack"] == ("../evidence", "../slaaudit.toml:2")


def test_a_missing_policy_of_the_file_is_not_taken_from_the_current_folder(run, folder, monkeypatch):
    (folder / "below").mkdir()
    (folder / "acme.yaml").rename(folder / "below" / "acme.yaml")
    written('policy = "acme.yaml"\n')
    monkeypatch.chdir(folder / "below")
    ended = run("check", "../tickets.csv")

    assert ended.code == 2
    assert ended.err.startswith("../acme.yaml: error: no such file")


def test_the_nearest_file_counts_and_a_repositorys_top_ends_the_search(run, folder, monkeypatch):
    written('period = "2025"\n')
    written('period = "2026"\n', "project/slaaudit.toml")
    (folder / "project" / "sub").mkdir()
    (folder / "other" / ".git").mkdir(parents=True)
    (folder / "other" / "sub").mkdir()

    monkeypatch.chdir(folder / "project" / "sub")
    assert in_force(run)["period"] == ("2026", "../slaaudit.toml:1")
    monkeypatch.chdir(folder / "other" / "sub")
    assert in_force(run)["period"] == (None, None)
    searched = json.loads(run("config", "--format", "json").out)["searched"]
    assert searched == [str(folder / "other" / "sub"), str(folder / "other")]
    assert f"from . up to {folder / 'other'}" in " ".join(run("config").out.split())


def test_the_home_folder_ends_the_search(run, folder, monkeypatch):
    written('period = "2025"\n')
    (folder / "home" / "work").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.chdir(folder / "home" / "work")

    assert in_force(run)["period"] == (None, None)


def test_a_table_of_pyproject_counts_and_a_pyproject_without_one_is_passed_over(run, folder, monkeypatch):
    written('[tool.slaaudit]\nperiod = "2026"\n[tool.slaaudit.check]\nstrict = true\n', "pyproject.toml")
    written('[project]\nname = "x"\ndependencies = ["slaaudit"]\n', "sub/pyproject.toml")
    monkeypatch.chdir(folder / "sub")

    assert in_force(run)["period"] == ("2026", "../pyproject.toml:2")
    assert in_force(run)["strict"] == (True, "../pyproject.toml:4")


def test_our_own_file_goes_before_pyproject(run):
    written('period = "2026"\n')
    written('[tool.slaaudit]\nperiod = "2025"\n', "pyproject.toml")

    assert in_force(run)["period"][0] == "2026"


def test_somebody_elses_broken_pyproject_is_none_of_our_business(run):
    written("[project\n", "pyproject.toml")
    assert run("config").code == 0

    written("[project\n# slaaudit\n", "pyproject.toml")
    ended = run("config")
    assert (ended.code, ended.err.splitlines()[0][:27]) == (2, "pyproject.toml:1:9: error: ")


def test_a_file_may_be_named_and_none_may_be_wanted(run, monkeypatch):
    written('period = "2025"\n')
    written('period = "2026"\n', "ci/monthly.toml")

    assert in_force(run, "check", "--config", "ci/monthly.toml")["period"] == ("2026", "ci/monthly.toml:1")
    assert in_force(run, "check", "--no-config")["period"] == (None, None)
    monkeypatch.setenv("SLAAUDIT_CONFIG", "ci/monthly.toml")
    assert in_force(run)["period"][0] == "2026"
    monkeypatch.setenv("SLAAUDIT_NO_CONFIG", "1")
    assert in_force(run)["period"] == (None, None)
    assert in_force(run, "check", "--config", "slaaudit.toml")["period"][0] == "2025"


@pytest.mark.parametrize("text", ["1", "true", "YES", "on"])
def test_a_variable_turns_a_switch_on(run, monkeypatch, text):
    monkeypatch.setenv("SLAAUDIT_STRICT", text)
    assert in_force(run)["strict"] == (True, "SLAAUDIT_STRICT")


def test_a_variable_turns_off_what_the_file_turned_on(run, monkeypatch):
    written("strict = true\n")
    monkeypatch.setenv("SLAAUDIT_STRICT", "0")
    assert in_force(run)["strict"] == (False, "SLAAUDIT_STRICT")


def test_a_variable_of_a_repeated_flag_has_an_entry_a_line(run, monkeypatch):
    monkeypatch.setenv("SLAAUDIT_INCIDENTS", "\n  may outages.csv\njune.csv\n\n")
    assert in_force(run)["incidents"][0] == ["may outages.csv", "june.csv"]


def test_an_empty_variable_says_nothing(run, monkeypatch):
    written('period = "2026"\n')
    monkeypatch.setenv("SLAAUDIT_PERIOD", "")
    assert in_force(run)["period"] == ("2026", "slaaudit.toml:1")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("SLAAUDIT_PERIODS", "2026", "no flag is set by a variable of this name\n    did you mean 'SLAAUDIT_PERIOD'?"),
        (
            "SLAAUDIT_HELP",
            "1",
            "no flag is set by a variable of this name\n    a variable is named for a flag, as SLAAUDIT_PERIOD is ",
        ),
        ("SLAAUDIT_STRICT", "maybe", "strict: expected true or false, found 'maybe'"),
        ("SLAAUDIT_FORMAT", "jsn", "format: 'jsn' is not known here\n    did you mean 'json'?"),
    ],
)
def test_a_variable_that_makes_no_sense_is_told(run, monkeypatch, name, text, message):
    monkeypatch.setenv(name, text)
    ended = run("check", "tickets.csv", "-p", "acme.yaml")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"{name}: error: {message}")


def test_a_refusal_says_which_variable_it_comes_from(run, monkeypatch):
    monkeypatch.setenv("SLAAUDIT_PERIOD", "20266")
    ended = run("check", "tickets.csv", "-p", "acme.yaml")

    assert ended.code == 2
    assert ended.err.endswith("\n    period is set by SLAAUDIT_PERIOD\n")


def test_a_refusal_of_what_was_typed_names_no_file(run):
    written('timezone = "Europe/Berlin"\n')
    assert "is set by" not in run("check", "tickets.csv", "-p", "acme.yaml", "--timezone", "Nowhere").err


def test_faults_of_the_file_hinder_neither_help_nor_commands_that_take_no_settings(run):
    written("polcy = 1\n")

    for words in (("check", "--help"), ("--help",), ("--version",), ("policy", "list"), ("policy", "schema")):
        assert run(*words).code == 0
    assert run("demo").code == 2


def test_help_shows_the_flags_own_defaults(run):
    before = run("dispute", "--help").out
    written("max-combinations = 7\n")

    assert run("dispute", "--help").out == before


def test_reports_tell_what_was_set(run, monkeypatch):
    written('policy = "acme.yaml"\n')
    monkeypatch.setenv("SLAAUDIT_AS_OF", "2026-06-30")
    sha256 = hashlib.sha256(Path("slaaudit.toml").read_bytes()).hexdigest()

    told = json.loads(run("check", "tickets.csv", "--format", "json").out)["config"]
    assert told == {"path": "slaaudit.toml", "sha256": sha256, "from_file": ["policy"], "from_variables": ["as-of"]}
    out = run("check", "tickets.csv").out
    assert "  Settings  policy by slaaudit.toml\n  Settings  as-of by variables\n" in out
    for command in (("explain", "T-1", "--in", "tickets.csv"), ("dispute", "tickets.csv")):
        assert json.loads(run(*command, "--format", "json").out)["config"] == told


def test_a_report_of_what_was_typed_names_no_file(run):
    written('policy = "acme.yaml"\n')

    assert json.loads(run("check", "tickets.csv", "-p", "acme.yaml", "--format", "json").out)["config"] is None


def test_credits_tell_what_was_set(run):
    written('policy = "sequence-example"\nincidents = "outages.csv"\n')
    written("incident_id,started_at,ended_at\n1,2026-05-01T00:00:00Z,2026-05-01T12:00:00Z\n", "outages.csv")

    assert "  Settings  policy, incidents by slaaudit.toml\n" in run("credits").out
    assert json.loads(run("credits", "--format", "json").out)["config"]["from_file"] == ["policy", "incidents"]


def test_every_flag_of_every_command_can_be_set():
    """Nothing is listed by hand: what the help of a command names can be set, but for help itself."""
    group = get_command(app)
    for name in ("check", "explain", "credits", "claim", "dispute", "inspect", "demo"):
        flags = {max(each.opts, key=len)[2:] for each in group.commands[name].params if each.opts[0].startswith("-")}
        known = settable(group)[name]
        assert flags - {"help", "in"} <= set(known)
        assert all(re.fullmatch(PREFIX + "[A-Z_]+", variable_of(key)) for key in known)


def test_no_flag_is_named_as_a_command_that_may_have_a_table():
    known = settable(get_command(app))
    at_the_top = {key for name, keys in known.items() if not name.startswith("policy ") for key in keys}
    assert not at_the_top & set(known)


def test_a_line_is_told_for_whatever_toml_allows():
    text = """\
# a comment
"policy" = \"\"\"
acme.yaml\"\"\"

[ check ]   # another
reading.urgency = 'day'
output = [
    # [dispute]
    "a.json",
]
  [ "policy new" ]
  timezone='UTC'
[[explain.clause]]
"""
    assert key_lines(text) == {
        ("policy",): 2,
        ("check",): 5,
        ("check", "reading"): 6,
        ("check", "reading", "urgency"): 6,
        ("check", "output"): 7,
        ("policy new",): 11,
        ("policy new", "timezone"): 12,
        ("explain",): 13,
        ("explain", "clause"): 13,
    }


def test_windows_files_are_read(run):
    Path("slaaudit.toml").write_bytes(b'\xef\xbb\xbfperiod = "2026"\r\nstrict = true\r\n')
    assert in_force(run)["strict"] == (True, "slaaudit.toml:2")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is not UTF-8; save the file as UTF-8"),
        (b"a = " + b"[" * 100_000, "its values are nested too deep"),
        (b"#" * 1_000_001, "is larger than 1 MB"),
        (b"a = 1979-99-99", "this is not TOML: "),
    ],
)
def test_files_that_cannot_be_read_are_told(run, content, said):
    Path("slaaudit.toml").write_bytes(content)
    ended = run("check", "tickets.csv", "-p", "acme.yaml")

    assert ended.code == 2
    assert said in ended.err
    assert ended.err.startswith("slaaudit.toml")


def test_the_settings_of_a_command_are_listed_in_full_what_is_set_first(run):
    written('policy = "acme.yaml"\nfail-on = "warranted"\n\n[check]\nreading.urgency = "day"\nstrict = true\n')
    lines = [line.split() for line in run("config", "check").out.splitlines()]

    assert lines[:6] == [
        ["Project", "file:", "slaaudit.toml"],
        ["SETTING", "SET", "BY", "VALUE"],
        ["fail-on", "slaaudit.toml:2", "warranted"],
        ["policy", "slaaudit.toml:1", "acme.yaml"],
        ["reading", "slaaudit.toml:5", "urgency=day"],
        ["strict", "slaaudit.toml:6", "yes"],
    ]
    assert ["period-by", "default", "start"] in lines
    assert ["period", "default", "-"] in lines
    assert ["fail-on", "[dispute]", "default", "solid"] in [line.split() for line in run("config").out.splitlines()]


def test_without_a_project_file_toml_is_not_imported():
    code = (
        "import sys; from slaaudit.cli import app; from slaaudit.cli.ending import exit_code_of; "
        "exit_code_of(app, ['check', 'gone.csv', '-p', 'gone.yaml']); print('tomllib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")


def test_the_file_of_the_docs_sets_what_it_says(run):
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    written(re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)[0])

    found = {key: value for key, (value, place) in in_force(run).items() if place}
    assert found == {
        "policy": ["acme.yaml"],
        "tickets": ["exports/tickets.csv"],
        "as-of": "2026-06-30",
        "strict": True,
        "reading": ["urgency=day"],
        "set": ["environment=production"],
        "output": ["report.json", "report.txt"],
    }
    assert in_force(run, "dispute")["fail-on"] == ("arguable", "slaaudit.toml:13")
