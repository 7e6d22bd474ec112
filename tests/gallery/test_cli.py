"""Every way in which a command can go wrong, run as a person runs it, and the exact words that it ends in.

A case is a folder of ``tests/gallery/cli``: its files, and ``case.txt`` with the command, the exit code, and all that
stands on stdout and stderr. It runs in a folder of its own, where ``acme.yaml`` (a policy) and ``tickets.csv`` lie as
well, unless the case has files of these names. Files that are too odd or too large for a repository are in ``MADE``.

After a deliberate change: ``GALLERY=write pytest tests/gallery/test_cli.py``, and read the difference.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from slaaudit import __version__
from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of

GALLERY = Path(__file__).parent / "cli"
COMMON = GALLERY / "_common"
CASES = sorted(path for path in GALLERY.iterdir() if path.is_dir() and path != COMMON)

#: Control characters (a line break apart) and marks that turn or break a line.
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

ROW = "ticket_id,created_at,severity,status,first_response_at,subject\nT-1,2026-05-04T13:00:00Z,S1,open,,"


def cell_of_200_mb() -> None:
    with Path("tickets.csv").open("w") as stream:
        stream.write(ROW)
        stream.writelines("x" * 1_000_000 for _ in range(200))


def cell_that_never_ends() -> None:
    with Path("tickets.csv").open("w") as stream:
        stream.write(f'{ROW}"')
        stream.writelines("x\n" * 500_000 for _ in range(200))


def id_of_100000_characters() -> None:
    text = Path("tickets.csv").read_text()
    Path("tickets.csv").write_text(text.replace("T-2", "T" * 100_000))


def severity_of_100000_characters() -> None:
    text = Path("tickets.csv").read_text()
    Path("tickets.csv").write_text(text.replace("S2", "S" * 100_000))


def date_of_100000_characters() -> None:
    text = Path("tickets.csv").read_text()
    Path("tickets.csv").write_text(text.replace("2026-06-02T13:00:00Z", "2" * 100_000))


def header_of_100000_characters() -> None:
    text = Path("tickets.csv").read_text()
    Path("tickets.csv").write_text(text.replace("ticket_id", "t" * 100_000))


def policy_line_of_100000_characters() -> None:
    Path("acme.yaml").write_text("{slaaudit: 1, x-a: [" + "a b, " * 20_000 + "], bad: 1}")


def policy_directory() -> None:
    Path("policies").mkdir()


#: What a case needs beside its files, by the folder's name.
MADE = {
    each.__name__.replace("_", "-"): each
    for each in (
        cell_of_200_mb,
        cell_that_never_ends,
        id_of_100000_characters,
        severity_of_100000_characters,
        date_of_100000_characters,
        header_of_100000_characters,
        policy_line_of_100000_characters,
        policy_directory,
    )
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a case runs in."""
    shutil.copytree(COMMON, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "COLUMNS", *(name for name in os.environ if name.startswith("SLAAUDIT_"))):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def ended(command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The command and how it ended, as ``case.txt`` has it."""
    words = shlex.split(command)
    assert words.pop(0) == "slaaudit"
    given = b""
    if words[-2:-1] == ["<"]:
        given = Path(words[-1]).read_bytes()
        words = words[:-2]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    code = exit_code_of(app, words)
    said = capsys.readouterr()
    stderr = "".join(f"! {line}\n" for line in said.err.splitlines())
    return f"$ {command}\n{stderr}{lasting(said.out)}exit {code}\n"


def lasting(text: str) -> str:
    """The text without what changes from release to release."""
    text = re.sub(r'"version": "[^"]*", "tzdata": "[^"]*"', '"version": "...", "tzdata": "..."', text)
    text = text.replace(f"by slaaudit {__version__} under", "by slaaudit ... under")
    return re.sub(rf"^slaaudit {re.escape(__version__)}$", "slaaudit ...", text, flags=re.MULTILINE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_command_ends_in_these_words(
    case: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(case, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("case.txt"))
    if case.name in MADE:
        MADE[case.name]()
    expected = (case / "case.txt").read_text(encoding="utf-8")
    before = sorted(folder.iterdir())
    found = ended(expected.partition("\n")[0].removeprefix("$ "), capsys, monkeypatch)
    if os.environ.get("GALLERY") == "write":
        (case / "case.txt").write_text(found, encoding="utf-8")
        expected = found

    assert found == expected
    assert sorted(folder.iterdir()) == before  # nothing is left behind
    assert "Traceback" not in found
    assert not UNSEEN.search(found)


def test_files_written_from_a_hostile_export_hold_neither_codes_nor_formulas(folder: Path) -> None:
    shutil.copytree(GALLERY / "hostile-console", folder, dirs_exist_ok=True)
    names = ("report.json", "report.csv", "report.txt", "rejected.csv")
    flags = [word for name in names[:3] for word in ("--output", name)]
    code = exit_code_of(app, ["check", "tickets.csv", "-p", "acme.yaml", *flags, "--rejects", names[3], "--quiet"])
    written = {name: Path(name).read_text(encoding="utf-8") for name in names}
    cells = [
        cell
        for name in names
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(written[name]))
        for cell in row
    ]

    assert code == 1
    assert not [text for text in written.values() if UNSEEN.search(text.replace("\r\n", "\n"))]
    assert [cell for cell in cells if cell[:1] == "'"]  # there was something to make harmless
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_hostile_file_name_is_told_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    name = "no\x1b[2J\n[red]\u202e.csv"
    Path(name).write_text("no,\n")

    assert exit_code_of(app, ["check", name, "-p", "acme.yaml"]) == 3
    assert capsys.readouterr().err.startswith("slaaudit: no\\e[2J\\n[red]\\u202e.csv: ")


def test_the_gallery_is_there() -> None:
    assert len(CASES) > 90
    assert set(MADE) <= {case.name for case in CASES}
