"""A measurement's time as one line of characters, readable without colour."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from slaaudit.results import Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.tracing import FineRow

#: The characters, with what each says, in the order of the legend.
LEGEND = {
    "#": "counted",
    "!": "counted, past the target",
    ".": "closed",
    "p": "paused",
    "=": "finished",
    "~": "not counted yet",
}

_MARKS = {
    Why.RUNS: "#",
    Why.PAUSED: "p",
    Why.FINISHED: "=",
    Why.NOT_COUNTED_YET: "~",
    Why.CLOSED_HOURS: ".",
    Why.CLOSED_DAY: ".",
    Why.PAUSE_TOTAL: "p",  # of no length, so never drawn
}


@dataclass(frozen=True)
class Lane:
    """``marks`` has one character for each ``step`` (microseconds) of the time it covers."""

    marks: str
    step: int

    @property
    def legend(self) -> list[str]:
        """What the characters in it mean."""
        return [f"{mark} {meaning}" for mark, meaning in LEGEND.items() if mark in self.marks]


def lane(rows: Sequence[FineRow], due_at: int | None, width: int) -> Lane | None:
    """The rows drawn ``width`` characters wide; None where they cover no time.

    A character says that time was counted where a third of its time was; what was counted past the target shows at
    least once.
    """
    pieces = [piece for row in rows for piece in _marked(row, due_at)]
    if not pieces:
        return None
    begin, end = pieces[0][0], pieces[-1][1]
    edges = [begin + (end - begin) * at // width for at in range(width + 1)]
    shares = [_shares(pieces, since, until) for since, until in pairwise(edges)]
    marks = [_mark(share) for share in shares]
    over = [share.get("!", 0) for share in shares]
    if any(over) and "!" not in marks:
        marks[over.index(max(over))] = "!"
    return Lane("".join(marks), (end - begin) // width)


def _marked(row: FineRow, due_at: int | None) -> list[tuple[int, int, str]]:
    """The row as pieces with their characters, cut where the target passed."""
    if row.from_at >= row.to_at:
        return []
    if row.why != Why.RUNS or due_at is None or row.to_at <= due_at:
        return [(row.from_at, row.to_at, _MARKS[row.why])]
    cut = max(row.from_at, due_at)
    before = [(row.from_at, cut, "#")] if row.from_at < cut else []
    return [*before, (cut, row.to_at, "!")]


def _shares(pieces: Sequence[tuple[int, int, str]], since: int, until: int) -> dict[str, int]:
    """How much of ``[since, until)`` each character's meaning fills."""
    held: dict[str, int] = {}
    for from_at, to_at, mark in pieces:
        shared = min(to_at, until) - max(from_at, since)
        if shared > 0:
            held[mark] = held.get(mark, 0) + shared
    return held


def _mark(held: dict[str, int]) -> str:
    counted = held.get("#", 0) + held.get("!", 0)
    if counted * 3 >= sum(held.values()) and counted:
        return "!" if "!" in held else "#"
    return max(held, key=lambda mark: held[mark], default=" ")
