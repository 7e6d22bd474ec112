"""Faults for GitHub and GitLab: beside their lines, and nothing that is written in a file becomes a command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_samples import SIMPLE

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of
from slaaudit.errors import Fault
from slaaudit.report import ci_faults
from slaaudit.report.github import inert
from slaaudit.report.safe import shown

BROKEN = SIMPLE.replace("4h on business", "4h on busines")
HOSTILE = st.text(st.sampled_from("a%:,\r\n;=#[]{}\"'\x1b\u202e\u2028 é") | st.characters(codec="utf-8"), max_size=30)
MAPPING = "slaaudit-profile: 1\ncolumns: {ticket_id: Id, created_at: Opened}\nvalues: {state: {Pending: waiting}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder, seen by no runner."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def validate(capsys):
    """Runs ``slaaudit policy validate``: exit code, stdout, stderr."""

    def ran(*words):
        code = exit_code_of(app, ["policy", "validate", *words])
        return code, *capsys.readouterr()

    return ran


def command(line):
    """A line as GitHub's runner reads it: name, properties and message of a command, or None."""
    begun = line.lstrip()
    if not begun.startswith("::"):
        assert "##[" not in line
        return None
    head, message = begun[2:].split("::", 1)
    name, _, rest = head.partition(" ")
    properties = dict(pair.split("=", 1) for pair in rest.split(",") if "=" in pair)
    plain = {key: _unescaped(value, {"%3A": ":", "%2C": ","}) for key, value in properties.items()}
    return name, plain, _unescaped(message, {})


def _unescaped(text, more):
    signs = {"%0D": "\r", "%0A": "\n", "%25": "%", **more}
    return re.sub("%[0-9A-F]{2}", lambda found: signs[found[0]], text)


def test_github_shows_each_fault_beside_its_line(validate):
    Path("a.yaml").write_text(BROKEN)
    line = BROKEN.split("\n").index(next(each for each in BROKEN.split("\n") if "busines" in each and "4h" in each)) + 1
    code, out, err = validate("a.yaml", "--format", "github")

    assert (code, err) == (2, "")
    name, place, message = command(out.splitlines()[0])
    assert (name, place["file"], place["line"]) == ("error", "a.yaml", str(line))
    assert message == "no calendar is named 'busines': did you mean 'business'?"


def test_a_warning_is_a_warning_and_fails_nothing(validate):
    Path("thin.yaml").write_text(SIMPLE.replace("      S2: 4h on business\n", ""))
    code, out, _ = validate("thin.yaml", "--format", "github")
    told, holds = out.splitlines()

    assert code == 0
    assert command(told)[0] == "warning"
    assert holds == "thin.yaml: ok: 2 severities, 1 calendar, 1 clause, 0 readings, 1 warning"
    entry = json.loads(validate("thin.yaml", "--format", "gitlab")[1])[0]
    assert entry["severity"] == "minor"


def test_a_hostile_file_stays_data(validate):
    name = "a,line=1::b%0A\n::add-mask::x.yaml"
    Path(name).write_text(
        SIMPLE.replace("id: ", '"\\n::set-env name=PATH::x": 1\n"::error file=x::": 1\n"##[error]": 1\nid: ')
    )
    code, out, err = validate(name, "--format", "github")
    commands = [command(line) for line in out.splitlines()]

    assert (code, err) == (2, "")
    assert {(found[0], *found[1]) for found in commands} == {("error", "file", "line", "col")}
    assert {found[1]["file"] for found in commands} == {"a,line=1::b%0A\\n::add-mask::x.yaml"}


@given(HOSTILE, HOSTILE, HOSTILE, st.integers(0, 9), st.sampled_from(["error", "warning"]))
def test_whatever_a_fault_tells_it_is_one_command_that_tells_it(file, message, hint, line, severity):
    lines = [*ci_faults.github([Fault(file or "x", line, line, message, hint, severity=severity)], [])]

    assert len(lines) == 1
    assert len(lines[0].splitlines()) == 1
    name, place, said = command(lines[0])
    assert name == severity
    assert set(place) == ({"file", "line", "col"} if line else {"file"})
    assert shown(said) == said


@given(HOSTILE)
def test_a_line_that_is_none_of_ours_is_no_command(text):
    for line in text.splitlines():
        assert command(inert(line)) is None


def test_gitlab_gets_every_key_that_it_needs(validate):
    Path("a.yaml").write_text(BROKEN)
    code, out, err = validate("a.yaml", "--format", "gitlab")
    entries = json.loads(out)

    assert code == 2
    assert "did you mean 'business'?" in err
    assert [sorted(each) for each in entries] == [
        ["check_name", "description", "fingerprint", "location", "severity"] for _ in entries
    ]
    assert entries[0]["severity"] == "major"
    assert entries[0]["location"]["path"] == "a.yaml"
    assert entries[0]["location"]["lines"]["begin"] > 1
    assert re.fullmatch("[0-9a-f]{64}", entries[0]["fingerprint"])


def test_gitlab_gets_an_empty_list_where_nothing_is_wrong(validate):
    Path("a.yaml").write_text(SIMPLE)
    code, out, err = validate("a.yaml", "--format", "gitlab")

    assert (code, json.loads(out)) == (0, [])
    assert err.startswith("a.yaml: ok: ")


def test_a_fingerprint_outlives_lines_above_it_and_no_two_are_equal():
    def entries(*lines):
        return json.loads(ci_faults.gitlab([Fault("a.yaml", line, 3, "odd", "", "  a: 1") for line in lines]))

    before, after = entries(3, 9), entries(5, 11)
    assert [each["fingerprint"] for each in before] == [each["fingerprint"] for each in after]
    assert before[0]["fingerprint"] != before[1]["fingerprint"]


def test_a_file_as_a_whole_is_shown_at_its_first_line():
    entry = json.loads(ci_faults.gitlab([Fault("a.yaml", 0, 0, "is empty")]))[0]
    assert entry["location"] == {"path": "a.yaml", "lines": {"begin": 1}}


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", ""])
def test_paths_are_seen_from_the_top_of_the_repository(validate, folder, monkeypatch, variable):
    below = folder / "contracts" / "acme"
    below.mkdir(parents=True)
    (below / "a.yaml").write_text(BROKEN)
    monkeypatch.chdir(below)
    if variable:
        monkeypatch.setenv(variable, str(folder))
    else:
        (folder / ".git").mkdir()

    assert json.loads(validate("a.yaml", "-f", "gitlab")[1])[0]["location"]["path"] == "contracts/acme/a.yaml"
    assert command(validate(str(below / "a.yaml"), "-f", "github")[1])[1]["file"] == "contracts/acme/a.yaml"


def test_a_fault_that_two_files_share_is_told_once(validate):
    Path("base.yaml").write_text(BROKEN)
    for name in ("a", "b"):
        Path(f"{name}.yaml").write_text(f"id: {name}\nextends: base.yaml\n")

    assert len(json.loads(validate("a.yaml", "b.yaml", "base.yaml", "-f", "gitlab")[1])) == 1


def test_a_mapping_is_checked_as_one(validate):
    Path("m.yaml").write_text(MAPPING)
    assert validate("m.yaml") == (0, "m.yaml: ok: a mapping, 2 columns, 1 word\n", "")

    Path("m.yaml").write_text(MAPPING.replace("waiting", "wating").replace("columns", "colums"))
    code, out, err = validate("m.yaml")
    assert (code, out) == (2, "")
    assert "m.yaml:2:1: error: unknown key 'colums'" in err
    assert "did you mean 'waiting'?" in err


def test_a_name_that_no_file_can_have_is_told(validate):
    code, _, err = validate("x" * 5000)
    assert code == 2
    assert "no such file" in err


def test_a_format_that_there_is_not_is_told(validate):
    assert validate("sequr", "--format", "gitlb")[0] == 2
