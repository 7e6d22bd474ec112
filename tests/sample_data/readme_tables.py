"""The sample data's README as data: each vendor's command, the line it prints, and the stories."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_UNITS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True)
class Story:
    """One row of a table of stories. ``took`` is seconds; ``otherwise`` a reading and the verdict under it."""

    ticket: str
    clause: str
    cycle: int
    verdict: str
    took: int | None
    otherwise: tuple[str, str] | None


@dataclass(frozen=True)
class Section:
    """One vendor's part of the README."""

    tickets: int
    command: tuple[str, ...]
    prints: str
    stories: tuple[Story, ...]

    def flag(self, name: str) -> str | None:
        """What follows a flag of the command."""
        words = list(self.command)
        return words[words.index(name) + 1] if name in words else None

    @property
    def files(self) -> list[str]:
        """The exports that the command names, as absolute paths."""
        return [str(ROOT / word) for word in self.command if word.endswith(".csv")]


def sections() -> dict[str, Section]:
    """The sections by vendor."""
    text = (ROOT / "sample_data" / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\w+)\n", text, flags=re.MULTILINE)[1:]
    return {title.lower(): _section(body) for title, body in zip(parts[::2], parts[1::2], strict=True)}


def _section(body: str) -> Section:
    shown = re.search(r"^\$ slaaudit (check .*)\n(.*)\n```", body, re.MULTILINE)
    counted = re.search(r"(\d+) tickets of", body)
    assert shown
    assert counted
    rows = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("|")][2:]
    stories = tuple(_story([cell.strip() for cell in row]) for row in rows)
    return Section(int(counted[1]), tuple(shlex.split(shown[1])), shown[2], stories)


def _story(cells: list[str]) -> Story:
    ticket, clause, verdict, took, otherwise, _ = cells
    name, _, cycle = clause.partition(" ")
    found = re.fullmatch(r"`(.+)`: (.+)", otherwise)
    return Story(ticket, name, int(cycle or 1), verdict, _seconds(took), (found[1], found[2]) if found else None)


def _seconds(text: str) -> int | None:
    if not text:
        return None
    parts = [re.fullmatch(r"(\d+)([hms])", word) for word in text.split()]
    return sum(int(part[1]) * _UNITS[part[2]] for part in parts if part)
