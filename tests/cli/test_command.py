"""The command as a whole: help, start-up, mistyped words, and how it ends when something goes wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest

import slaaudit
from slaaudit.cli import checking

HEAVY = {"pandas", "numpy", "pyarrow", "pydantic", "holidays", "yaml", "rich"}


def modules_after(*words):
    code = (
        "import sys; from slaaudit.cli import app; from slaaudit.cli.ending import exit_code_of; "
        f"exit_code_of(app, {list(words)!r}); print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_and_version_import_nothing_of_weight(words):
    assert not modules_after(*words) & HEAVY


@pytest.mark.parametrize("words", [("check", "--help"), ("inspect", "--help"), ("policy", "new", "--help")])
def test_a_commands_help_imports_no_engine(words):
    assert not modules_after(*words) & (HEAVY - {"pydantic"})  # typer itself may use pydantic


def test_policy_list_imports_no_columns():
    assert not modules_after("policy", "list") & {"pandas", "numpy", "pyarrow"}


def test_version(run):
    assert run("--version").out == f"slaaudit {slaaudit.__version__}\n"


def test_every_command_and_every_option_of_check_is_in_the_help(run):
    commands = run("--help").out
    flags = run("check", "--help").out

    for word in ("check", "explain", "inspect", "demo", "policy"):
        assert f"\n  {word}" in commands
    for flag in ("--policy", "--reading", "--mapping", "--column", "--value", "--timezone", "--date-format", "--set",
                 "--as-of", "--period", "--period-by", "--format", "--output", "--rejects", "--worksheets",
                 "--fail-on", "--strict", "--quiet", "--verbose"):  # fmt: skip
        assert flag in flags


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("chekc",), "slaaudit: No such command 'chekc'. Did you mean 'check'?\nTry: slaaudit --help\n"),
        (
            ("check", "tickets.csv", "--polcy", "acme.yaml"),
            "slaaudit: No such option: --polcy; did you mean --policy?\nTry: slaaudit check --help\n",
        ),
        (
            ("check", "tickets.csv", "-p", "acme.yaml", "--format", "jsn"),
            "slaaudit: --format jsn: expected console, json, csv or html; did you mean json?\n",
        ),
        (
            ("check", "tickets.csv", "-p", "acme.yaml", "--fail-on", "breaches"),
            "slaaudit: --fail-on breaches: expected breach, warranted, unknown or never; did you mean breach?\n",
        ),
    ],
)
def test_a_mistyped_word_is_told_with_the_nearest(run, words, message):
    ended = run(*words)

    assert (ended.code, ended.out, ended.err) == (2, "", message)


def failing(error):
    def fail(*_args, **_flags):
        raise error

    return fail


CHECK = ("check", "tickets.csv", "-p", "acme.yaml")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ValueError("a\x1b[2Jb"), 2, "(ValueError: a\\e[2Jb)"),
        (MemoryError(), 3, "not enough memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_nothing_ends_in_a_traceback(run, monkeypatch, error, code, words):
    monkeypatch.setattr(checking, "audited", failing(error))
    ended = run(*CHECK)

    assert ended.code == code
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_who_asks_for_the_traceback_gets_it(run, monkeypatch):
    monkeypatch.setenv("SLAAUDIT_DEBUG", "1")
    monkeypatch.setattr(checking, "audited", failing(ValueError("why")))

    with pytest.raises(ValueError, match="why"):
        run(*CHECK)


def test_a_reader_that_goes_away_is_no_failure_of_ours():
    command = (
        f"{sys.executable} -m slaaudit check tickets.csv -p acme.yaml --format json | true; exit ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)

    assert done.returncode in (1, 141)  # the report may fit into the pipe before its reader is gone
    assert done.stderr == ""


def test_a_policy_with_faults_is_told_fault_by_fault(run, folder):
    (folder / "acme.yaml").write_text((folder / "acme.yaml").read_text().replace("4h on office", "4h on offic"))
    ended = run(*CHECK)

    assert ended.code == 2
    assert ended.err.startswith("acme.yaml:18:43: error:")
    assert "did you mean 'office'?" in ended.err
