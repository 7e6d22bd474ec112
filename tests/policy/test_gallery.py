"""Every way in which a policy can be wrong, and the exact words that it is told in.

A case is a folder of ``tests/gallery/policy``: ``policy.yaml`` (or ``name.txt`` with the name that is asked for),
perhaps ``readings.txt`` with what ``--reading`` says, and ``expected.txt``. Where the folder is named after examples,
they are read as well.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from slaaudit.errors import UsageError
from slaaudit.policy import load
from slaaudit.policy.example_reader import policy_examples

CASES = sorted(path for path in (Path(__file__).parent.parent / "gallery" / "policy").iterdir() if path.is_dir())


def message(case: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the reader says to the case."""
    if case.name.startswith("examples-"):
        monkeypatch.chdir(case)
        with pytest.raises(UsageError) as refused:
            policy_examples("policy.yaml")
        return f"{refused.value}\n"
    named, asked = case / "name.txt", case / "readings.txt"
    name = named.read_text().strip() if named.exists() else "policy.yaml"
    readings = dict(line.split("=") for line in asked.read_text().split()) if asked.exists() else {}
    with pytest.raises(UsageError) as raised:
        load(name, readings, base=case)
    return f"{raised.value}\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fault_is_told_in_these_words(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert message(case, monkeypatch) == (case / "expected.txt").read_text(encoding="utf-8")


def test_the_gallery_is_there() -> None:
    assert len(CASES) > 40
