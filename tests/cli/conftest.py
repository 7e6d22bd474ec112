"""A folder with a policy and an export in it, and a way to run slaaudit there."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: America/New_York
calendars:
  office:
    timezone: America/New_York
    hours: {mon-fri: 08:30-17:30}
severities:
  S1: {title: Critical}
  S2: {title: Major}
clauses:
  response:
    title: First response
    binding: warranted
    measure: first-response
    targets: {S1: 1h on always, S2: 4h on office}
readings:
  urgency:
    question: How quick is critical?
    raised-by: The contract says promptly.
    default: hour
    choices:
      hour: {clauses: {response: {targets: {S1: 1h on always}}}}
      day: {clauses: {response: {targets: {S1: 24h on always}}}}
"""

TICKETS = """\
ticket_id,created_at,severity,status,first_response_at,subject
T-1,2026-05-04T13:00:00Z,S1,open,2026-05-04T13:40:00Z,Printer
T-2,2026-05-04T13:00:00Z,S1,open,2026-05-04T15:00:00Z,Login
T-3,2026-06-02T13:00:00Z,S2,open,2026-06-02T13:10:00Z,Mail
"""


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The working folder, with ``acme.yaml`` and ``tickets.csv``."""
    (tmp_path / "acme.yaml").write_text(POLICY)
    (tmp_path / "tickets.csv").write_text(TICKETS)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "COLUMNS", *(name for name in os.environ if name.startswith("SLAAUDIT_"))):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs slaaudit in this process."""

    def ended(*words: str) -> Ended:
        code = exit_code_of(app, words)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return ended


@pytest.fixture
def run_apart():
    """Runs slaaudit as a command of its own, in a pipe."""

    def ended(*words: str, stdin: bytes = b"", **surroundings: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "slaaudit", *words],
            input=stdin,
            capture_output=True,
            check=False,
            env=os.environ | surroundings,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return ended
