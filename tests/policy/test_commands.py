"""``slaaudit policy``: what it prints and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from policy_samples import READINGS, SIMPLE, written

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs ``slaaudit policy …`` in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = exit_code_of(app, ["policy", *arguments])
        out, err = capsys.readouterr()
        assert "\x1b" not in out + err
        return code, out, err

    return ran


def test_list_names_every_published_policy(run) -> None:
    code, out, err = run("list")
    assert (code, err) == (0, "")
    rows = {line.split()[0]: line for line in out.splitlines()[1:]}
    assert {"capsure", "secpod", "securenvoy", "sequence", "sequr"} <= set(rows)
    assert rows["capsure"].split()[-1] == "2013-08-01"
    assert "Sequence" in rows["sequence-example"]


def test_show_prints_what_is_in_force(run, tmp_path) -> None:
    written(tmp_path, SIMPLE + READINGS)
    code, out, _ = run("show", "policy.yaml", "--reading", "zone=paris")
    assert code == 0
    assert "  business: Europe/Paris\n    mon-fri 09:00-17:00\n  always: 24x7\n" in out
    assert "    S1: 1h on always\n    S2: 4h on business\n" in out
    assert "    in force: paris\n    choices: london, paris\n" in out
    assert "    in force: short (the default)\n" in out


def test_show_resolved_tells_file_and_line_of_every_value(run, tmp_path) -> None:
    written(tmp_path, SIMPLE + READINGS, "base.yaml")
    written(tmp_path, "id: child\nextends: base.yaml\nclauses: {response: {targets: {S1: 30m on always}}}\n")
    _, out, _ = run("show", "policy.yaml", "--resolved", "--reading", "zone=paris")
    lines = out.splitlines()
    assert "policy.yaml:1  id: child" in lines
    assert "base.yaml:3    vendor: Acme" in lines
    assert "base.yaml:24   calendars.business.timezone: Europe/Paris" in lines
    assert "policy.yaml:3  clauses.response.targets.S1: 30m on always" in lines
    assert "base.yaml:24   readings.zone: paris" in lines


def test_every_published_policy_can_be_shown(run) -> None:
    _, out, _ = run("list")
    for line in out.splitlines()[1:]:
        for flags in ((), ("--resolved",)):
            code, shown, err = run("show", line.split()[0], *flags)
            assert (code, err) == (0, "")
            assert f"id: {line.split()[0]}\n" in shown


def test_validate_says_ok_with_counts_and_warnings(run, tmp_path) -> None:
    written(tmp_path, SIMPLE + READINGS)
    written(tmp_path, SIMPLE.replace("      S2: 4h on business\n", ""), "thin.yaml")
    code, out, err = run("validate", "policy.yaml", "thin.yaml")
    assert code == 0
    assert out == (
        "policy.yaml: ok: 2 severities, 1 calendar, 1 clause, 2 readings, 0 warnings\n"
        "thin.yaml: ok: 2 severities, 1 calendar, 1 clause, 0 readings, 1 warning\n"
    )
    assert err.startswith("thin.yaml:15:5: warning: clause 'response' has no target for S2\n")


def test_validate_tells_the_faults_of_every_file_and_fails(run, tmp_path) -> None:
    written(tmp_path, SIMPLE, "good.yaml")
    written(tmp_path, SIMPLE.replace("4h", "4x"), "bad.yaml")
    code, out, err = run("validate", "bad.yaml", "good.yaml", "none.yaml", "nowhere/none.yaml")
    assert code == 2
    assert out.startswith("good.yaml: ok")
    assert [line for line in err.splitlines() if not line.startswith(" ")] == [
        "bad.yaml:17:11: error: '4x' is not a duration",
        "no policy 'none.yaml': no such file, and no published policy of that name",
        "nowhere/none.yaml: error: no such file",
    ]


def test_text_from_a_policy_is_printed_as_text(run, tmp_path) -> None:
    hostile = SIMPLE.replace("title: Critical", r'title: "[bold]\e[31m\u202e"')
    written(tmp_path, hostile)
    for flags in ((), ("--resolved",)):
        _, out, _ = run("show", "policy.yaml", *flags)
        assert r"[bold]\e[31m\u202e" in out


def test_schema_is_json(run) -> None:
    code, out, _ = run("schema")
    assert code == 0
    assert json.loads(out)["title"] == "slaaudit policy"


def test_a_reading_needs_its_choice(run) -> None:
    code, _, err = run("show", "sequr", "--reading", "zone")
    assert code == 2
    assert "expected id=choice" in err


@pytest.mark.parametrize("command", ["list", "show sequr", "validate sequr", "schema"])
def test_no_policy_command_imports_the_engine(command: str) -> None:
    program = f"""
import sys
from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of
code = exit_code_of(app, ["policy", *{command.split()!r}])
heavy = {{"pandas", "numpy", "pyarrow"}} & set(sys.modules)
sys.exit(code or (f"imports {{heavy}}" if heavy else 0))
"""
    folder = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_a_policy_is_shown_no_wider_than_the_terminal(run, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, shown, _ = run("show", "sequr")
    assert max(map(len, shown.splitlines())) <= 80
    assert (
        "\n    applies: type: not hardware, equipment, wiring, lock, locks, door, doors,\n      door mechanics" in shown
    )
