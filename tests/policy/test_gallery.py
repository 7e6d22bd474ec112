"""Every way in which a policy can be wrong, and the exact words that it is told in.

A case is a folder of ``tests/gallery/policy``: ``policy.yaml`` (or ``name.txt`` with the name that is asked for),
perhaps ``readings.txt`` with what ``--reading`` says, and ``expected.txt``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from slaaudit.errors import UsageError
from slaaudit.policy import load

CASES = sorted(path for path in (Path(__file__).parent.parent / "gallery" / "policy").iterdir() if path.is_dir())


def message(case: Path) -> str:
    """What ``load`` says to the case."""
    named, asked = case / "name.txt", case / "readings.txt"
    name = named.read_text().strip() if named.exists() else "policy.yaml"
    readings = dict(line.split("=") for line in asked.read_text().split()) if asked.exists() else {}
    with pytest.raises(UsageError) as raised:
        load(name, readings, base=case)
    return f"{raised.value}\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fault_is_told_in_these_words(case: Path) -> None:
    assert message(case) == (case / "expected.txt").read_text(encoding="utf-8")


def test_the_gallery_is_there() -> None:
    assert len(CASES) > 40
