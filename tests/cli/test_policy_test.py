"""``slaaudit policy test``: how it ends, and what it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of

HEAD = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support
severities: {S1: {}}
clauses: {response: {measure: first-response, targets: {S1: 1h on always}}}
"""
EXAMPLE = """\
examples:
  - {name: One, ticket: {severity: S1, created: 2026-03-06 10:00}, expect: {response: running}}
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs the command in a folder of policies that hold, fail, lack examples, and are none."""
    monkeypatch.chdir(tmp_path)
    Path("holds.yaml").write_text(HEAD + EXAMPLE)
    Path("fails.yaml").write_text(HEAD + EXAMPLE.replace("running", "met"))
    Path("bare.yaml").write_text(HEAD)
    Path("broken.yaml").write_text(HEAD + EXAMPLE.replace("running", "runing"))

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = exit_code_of(app, ["policy", "test", *arguments])
        out, err = capsys.readouterr()
        assert "\x1b" not in out + err
        return code, out, err

    return ran


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ("holds", 0),
        ("holds fails", 1),
        ("bare", 3),
        ("holds bare", 3),
        ("bare fails", 1),
        ("fails broken", 2),
        ("missing holds", 2),
    ],
)
def test_what_cannot_be_used_stands_before_a_failure_and_that_before_no_examples(run, files: str, code: int) -> None:
    assert run(*(f"{name}.yaml" for name in files.split()))[0] == code


def test_one_line_a_policy_where_all_hold(run) -> None:
    assert run("holds.yaml") == (0, "holds.yaml: 1 example holds\n", "")


def test_a_policy_that_is_named_again_by_its_file_of_examples_is_tested_once(run) -> None:
    Path("bare.examples.yaml").write_text("slaaudit-examples: 1\n" + EXAMPLE)
    assert run("bare.examples.yaml", "bare.yaml", "./bare.yaml") == (0, "bare.yaml: 1 example holds\n", "")


def test_verbose_names_what_holds_too(run) -> None:
    assert run("-v", "holds.yaml")[1] == "holds.yaml:8: holds: One\nholds.yaml: 1 example holds\n"


def test_every_policy_is_tested_though_one_cannot_be_used(run) -> None:
    _, out, err = run("broken.yaml", "fails.yaml")
    assert "did you mean 'running'?" in err
    assert out.startswith("fails.yaml:8: fails: One\n")


def test_nothing_is_wider_than_80_columns(run) -> None:
    assert max(map(len, run("fails.yaml")[1].splitlines())) <= 80


def test_published_policies_are_tested_by_their_names(run) -> None:
    code, out, _ = run("sequence-example")
    assert (code, out) == (0, "sequence-example: 9 examples hold\n")


@pytest.mark.parametrize("command", ["test --help", "validate sequr", "show sequr"])
def test_help_and_validation_import_no_engine(command: str) -> None:
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


@pytest.mark.usefixtures("run")
def test_validation_tells_a_policy_once_too(capsys) -> None:
    Path("bare.examples.yaml").write_text("slaaudit-examples: 1\n" + EXAMPLE)
    assert exit_code_of(app, ["policy", "validate", "bare.examples.yaml", "bare.yaml", "\0", "x" * 300]) == 2
    told = capsys.readouterr()
    assert told.out.count("bare.yaml: ok") == 1
    assert "unexpected fault" not in told.err
