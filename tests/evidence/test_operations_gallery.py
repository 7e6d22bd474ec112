"""Every way in which a file of incidents, maintenance or usage can be bad, and the exact words that it is told in.

A case is a folder of ``tests/gallery/operations``: the files, ``command.txt`` with their flags, and ``expected.txt``:
the exit code and message of a refusal, or what was read with its notes and rejected rows.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from exports import incidents, maintenance, usage

from slaaudit.errors import SlaauditError
from slaaudit.evidence import Operations, ReadOptions, read_operations
from slaaudit.evidence.fields import OF_OPERATIONS

CASES = sorted(path for path in (Path(__file__).parent.parent / "gallery" / "operations").iterdir() if path.is_dir())


def said(case: Path) -> str:
    """What reading the case says."""
    words = shlex.split((case / "command.txt").read_text(encoding="utf-8"))
    pairs = [*zip(words[::2], words[1::2], strict=True)]
    given = {shape: [path for flag, path in pairs if flag == f"--{shape}"] for shape in OF_OPERATIONS}
    options = ReadOptions(
        timezone=next((value for flag, value in pairs if flag == "--timezone"), None),
        columns=tuple(tuple(value.split("=", 1)) for flag, value in pairs if flag == "--column"),
        set_fields=tuple(tuple(value.split("=", 1)) for flag, value in pairs if flag == "--set"),
    )
    try:
        found = read_operations(**given, options=options)
    except SlaauditError as error:
        return f"exit {error.exit_code}\n{error}\n"
    return "\n".join(["read", *lines(found)]) + "\n"


def lines(found: Operations) -> list[str]:
    """What was read, line by line."""
    shown = [f"{each.path}: {each.role}, {each.rows} rows, {each.rejected} rejected" for each in found.inputs]
    shown += [f"note: {note}" for each in found.inputs for note in each.notes]
    shown += [f"note: {note}" for note in found.notes]
    shown += [*incidents(found), *maintenance(found), *usage(found)]
    return shown + [
        f"rejected: {each.file}, row {each.row}: {f'{each.column} {each.value!r}'.strip()}: {each.reason}"
        for each in found.rejected
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_bad_file_is_told_in_these_words(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    assert said(case) == (case / "expected.txt").read_text(encoding="utf-8")


def test_the_gallery_is_there() -> None:
    assert len(CASES) > 25
