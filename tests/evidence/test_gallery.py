"""Every way in which an export can be bad, and the exact words that it is told in.

A case is a folder of ``tests/gallery/evidence``: the files, ``command.txt`` with their names and flags, and
``expected.txt``: the exit code and message of a refusal, or what was read with its notes, doubts and rejected rows.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from exports import doubts

from slaaudit.errors import SlaauditError
from slaaudit.evidence import Evidence, ReadOptions, read

CASES = sorted(path for path in (Path(__file__).parent.parent / "gallery" / "evidence").iterdir() if path.is_dir())


def said(case: Path) -> str:
    """What reading the case says."""
    paths, options = asked((case / "command.txt").read_text(encoding="utf-8"))
    try:
        found = read(paths, options)
    except SlaauditError as error:
        return f"exit {error.exit_code}\n{error}\n"
    return "\n".join(["read", *lines(found)]) + "\n"


def asked(command: str) -> tuple[list[str], ReadOptions]:
    """Paths and options of a line such as ``tickets.csv --timezone UTC``."""
    paths: list[str] = []
    options = ReadOptions()
    words = iter(shlex.split(command))
    for word in words:
        if word.startswith("--"):
            options = with_flag(options, word, next(words))
        else:
            paths.append(word)
    return paths, options


def with_flag(options: ReadOptions, flag: str, value: str) -> ReadOptions:
    given = dict(vars(options))
    name, _, rest = value.partition("=")
    if flag == "--column":
        given["columns"] = (*options.columns, (name, rest))
    elif flag == "--value":
        field, _, word = name.partition(":")
        given["values"] = (*options.values, (field, word, rest))
    elif flag == "--set":
        given["set_fields"] = (*options.set_fields, (name, rest))
    else:
        given[flag.removeprefix("--").replace("-", "_")] = value
    return ReadOptions(**given)


def lines(found: Evidence) -> list[str]:
    """What was read, line by line."""
    shown = [f"{each.path}: {each.role}, {each.rows} rows, {each.rejected} rejected" for each in found.inputs]
    shown += [f"note: {note}" for each in found.inputs for note in each.notes]
    shown += [f"note: {note}" for note in found.notes]
    shown += [
        f"ticket {name}: {', '.join(sorted(doubts(found, name))) or 'no doubt'}" for name in found.tickets.ids.words
    ]
    shown += [
        f"rejected: {each.file}, row {each.row}: {f'{each.column} {each.value!r}'.strip()}: {each.reason}"
        for each in found.rejected
    ]
    return shown


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_bad_export_is_told_in_these_words(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    assert said(case) == (case / "expected.txt").read_text(encoding="utf-8")


def test_the_gallery_is_there() -> None:
    assert len(CASES) > 30
