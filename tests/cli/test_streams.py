"""Streams that are closed, full, gone or a terminal: the exit code stays that of the audit, or says why not."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys

import pytest

from slaaudit.cli.progress import progress

SLAAUDIT = f"{sys.executable} -m slaaudit"


def shell(line):
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def on_a_terminal(command, folder):
    """What a terminal is told on stderr, while stdout goes elsewhere."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=os.environ | {"TERM": "xterm"}
    ):
        os.close(theirs)
        told = b""
        with contextlib.suppress(OSError):  # what Linux says at a terminal's end
            while part := os.read(ours, 65_536):
                told += part
    os.close(ours)
    return told


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("check tickets.csv -p acme.yaml >&-", 1),
        ("check tickets.csv -p acme.yaml --format json >&-", 1),
        ("check nowhere.csv -p acme.yaml >&- 2>&-", 3),
        ("--help >&-", 0),
    ],
)
def test_a_stream_that_was_closed_before_changes_no_exit_code(line, code):
    assert shell(f"{SLAAUDIT} {line}") == (code, "", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")  # noqa: PTH110
@pytest.mark.parametrize("form", ["console", "json", "csv"])
def test_a_full_disk_behind_standard_output_is_told(form):
    assert shell(f"{SLAAUDIT} check tickets.csv -p acme.yaml --format {form} >/dev/full") == (
        2,
        "",
        "slaaudit: standard output cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize("words", ["--help", "policy show sequr"])
def test_a_reader_that_is_gone_is_told_apart_from_a_breach(words):
    code, _, err = shell(f"({SLAAUDIT} {words}; echo $? >code) | true; cat code >&2")

    assert (code, err) == (0, "141\n")


def test_a_files_name_in_the_progress_line_is_no_markup(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with progress(quiet=False) as step:
        step("Reading a[/b].csv")


def test_a_terminal_is_told_what_is_being_done_and_a_pipe_is_not(folder):
    command = [sys.executable, "-m", "slaaudit", "check", "tickets.csv", "--policy", "acme.yaml", "-o", "report.json"]
    told = on_a_terminal(command, folder)
    assert b"Writing report.json" in told
    piped = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert piped.stderr == b""


def test_credits_name_the_file_that_they_write(folder):
    clause = "  uptime: {measure: availability, promised: 99%, binding: warranted}\nreadings:\n"
    (folder / "acme.yaml").write_text((folder / "acme.yaml").read_text().replace("readings:\n", clause))
    (folder / "outages.csv").write_text(
        "incident_id,started_at,ended_at\nI,2026-05-04T13:00:00Z,2026-05-04T14:00:00Z\n"
    )
    words = "credits --incidents outages.csv --policy acme.yaml -o report.json"
    assert b"Writing report.json" in on_a_terminal([*SLAAUDIT.split(), *words.split()], folder)


def test_parts_that_are_done_are_shown(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with progress(quiet=False) as step:
        step("Counting", 1, 2)
        step("Counting", 2, 2)
    with progress(quiet=True) as step:
        step("Nothing", 1, 2)
    assert "Nothing" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("check tickets.csv --policy acme.yaml", [b"Writing the report"]),
        ("dispute tickets.csv --policy acme.yaml", [b"Auditing readings of response", b"2 of 2"]),
        ("render report.json -o report.md -f json", [b"Writing report.md", b" 0 of 1 ", b"Writing the report"]),
    ],
)
def test_each_command_tells_how_much_of_its_work_is_done(folder, words, told):
    shell(f"{SLAAUDIT} check tickets.csv --policy acme.yaml -o report.json >out")

    seen = on_a_terminal([*SLAAUDIT.split(), *words.split()], folder)

    assert [one for one in told if one not in seen] == []
