"""Outages of a service laid over each other: at each instant the worst of them, and what is excluded.

All are columns of instants (int64 microseconds UTC). No loop runs over outages: a million take about a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import Codes, Instants, Mask, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Stretches ``[from, to)`` as two columns.
Pieces = tuple[Instants, Instants]

EXCLUDED = -1
_NOTHING = -2


@dataclass(frozen=True)
class Course:
    """How a service fared: sorted stretches that do not overlap; between them it was up.

    ``level`` indexes ``weights`` (how much of the service was down), or is ``EXCLUDED``.
    """

    from_at: Instants
    to_at: Instants
    level: Codes
    weights: tuple[Fraction, ...]

    def __len__(self) -> int:
        return len(self.from_at)

    @property
    def is_down(self) -> Mask:
        """The stretches that are outages, whole or in part."""
        return self.level >= 0

    def within(self, from_at: int, to_at: int) -> Course:
        """The part of the course in ``[from_at, to_at)``."""
        first = int(np.searchsorted(self.to_at, from_at, side="right"))
        last = max(first, int(np.searchsorted(self.from_at, to_at, side="left")))
        return Course(
            np.maximum(self.from_at[first:last], from_at),
            np.minimum(self.to_at[first:last], to_at),
            self.level[first:last],
            self.weights,
        )

    @property
    def excluded(self) -> int:
        """The excluded time in it."""
        return int((self.to_at - self.from_at)[self.level == EXCLUDED].sum())

    @property
    def downtime(self) -> Fraction:
        """The time it was down, each instant weighed as its worst outage."""
        down = self.is_down
        levels, place = np.unique(self.level[down], return_inverse=True)
        # Sums of whole microseconds are exact in float64 up to 285 years.
        sums = np.bincount(place, weights=(self.to_at - self.from_at)[down], minlength=len(levels))
        by_denominator: dict[int, int] = {}
        for level, time in zip(levels.tolist(), sums.tolist(), strict=True):
            weight = self.weights[level]
            found = by_denominator.get(weight.denominator, 0)
            by_denominator[weight.denominator] = found + weight.numerator * int(time)
        return _sum([Fraction(top, bottom) for bottom, top in by_denominator.items()])


def _sum(parts: list[Fraction]) -> Fraction:
    """The sum of fractions, two by two: of thousands of denominators few additions then meet a long one."""
    while len(parts) > 1:
        odd = parts[-1:] if len(parts) % 2 else []
        parts = [first + second for first, second in zip(parts[:-1:2], parts[1::2], strict=False)] + odd
    return parts[0] if parts else Fraction(0)


@dataclass(frozen=True)
class Stretches:
    """Stretches that may overlap, each with its weight: a code into ``weights``."""

    from_at: Instants
    to_at: Instants
    weight: Codes
    weights: Sequence[Fraction]

    @classmethod
    def whole(cls, from_at: Instants, to_at: Instants) -> Stretches:
        """Stretches that weigh 1."""
        return cls(from_at, to_at, np.zeros(len(from_at), np.int32), (Fraction(1),))


def course(outages: Sequence[Stretches], excluded: Pieces) -> Course:
    """The course that outages and excluded time make. Excluded time hides every outage under it."""
    # the float tells nearly all of them apart, and is compared in a tenth of the time
    weights = sorted({weight for each in outages for weight in _used(each)}, key=lambda each: (float(each), each))
    rank = {weight: at for at, weight in enumerate(weights)}
    ranks = [
        np.array([rank.get(weight, -1) for weight in each.weights] or [0], np.int32)[each.weight] for each in outages
    ]
    hidden = np.full(len(excluded[0]), len(weights), np.int32)
    from_at = np.concatenate([*(each.from_at for each in outages), excluded[0]])
    to_at = np.concatenate([*(each.to_at for each in outages), excluded[1]])
    begins, ends, level = painted(from_at, to_at, np.concatenate([*ranks, hidden]).astype(np.int32))
    level = np.where(level == len(weights), EXCLUDED, level).astype(np.int32)
    return Course(begins, ends, level, tuple(weights))


def _used(stretches: Stretches) -> list[Fraction]:
    return [stretches.weights[code] for code in np.unique(stretches.weight).tolist()]


def painted(from_at: Instants, to_at: Instants, rank: Codes) -> tuple[Instants, Instants, Codes]:
    """The stretches on which the highest rank is constant, sorted and apart; neighbours of one rank are one.

    >>> begins, ends, ranks = painted(np.array([0, 2]), np.array([5, 3]), np.array([1, 4]))
    >>> list(zip(begins.tolist(), ends.tolist(), ranks.tolist()))
    [(0, 2, 1), (2, 3, 4), (3, 5, 1)]
    """
    kept = to_at > from_at
    from_at, to_at, rank = from_at[kept], to_at[kept], rank[kept]
    if not len(from_at):
        return from_at, to_at, rank.astype(np.int32)
    edges, place = _places(np.concatenate([from_at, to_at]))
    highest = _highest(place[: len(from_at)], place[len(from_at) :], rank, len(edges) - 1)
    changes = np.flatnonzero(np.diff(highest)) + 1
    begins = np.concatenate([[0], changes])
    ends = np.concatenate([changes, [len(highest)]])
    some = highest[begins] != _NOTHING
    return edges[begins[some]], edges[ends[some]], highest[begins[some]]


def _places(instants: Instants) -> tuple[Instants, Rows]:
    """The instants in order, each once, and the place of every one given among them.

    One sort tells both, in a third of the time that np.unique with its inverse takes.
    """
    order = np.argsort(instants)
    ordered = instants[order]
    is_new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(is_new) - 1
    return ordered[is_new], place


def _highest(first: Rows, last: Rows, rank: Codes, cells: int) -> Codes:
    """The highest rank over each cell, for ranges of cells ``[first, last)``.

    Each range is two overlapping blocks of a power of two; from the widest blocks down, each hands its rank to its
    two halves (a sparse table the other way round).
    """
    width = np.frexp((last - first).astype(np.float64))[1] - 1
    found = np.full(cells, _NOTHING, np.int32)
    for power in range(int(width.max()), -1, -1):
        size = 1 << power
        if power < int(width.max()):
            wider = found.copy()
            np.maximum(found[size:], wider[:-size], out=found[size:])
        chosen = width == power
        np.maximum.at(found, first[chosen], rank[chosen])
        np.maximum.at(found, last[chosen] - size, rank[chosen])
    return found


def long_enough(found: Course, at_least: int, *, from_threshold: bool) -> Course:
    """The course with only those outages that last ``at_least``, each joined with what it touches.

    ``from_threshold`` counts an outage only from when it was long enough.
    """
    if not at_least or not len(found):
        return found
    down = found.is_down
    joined = np.concatenate([[False], down[1:] & down[:-1] & (found.from_at[1:] == found.to_at[:-1])])
    run = np.cumsum(~joined) - 1
    begin = found.from_at[~joined][run]
    end = np.concatenate([found.to_at[:-1][~joined[1:]], found.to_at[-1:]])[run]
    from_at = np.maximum(found.from_at, begin + at_least) if from_threshold else found.from_at
    from_at = np.where(down, from_at, found.from_at)
    kept = ~down | ((end - begin >= at_least) & (from_at < found.to_at))
    return Course(from_at[kept], found.to_at[kept], found.level[kept], found.weights)


def outages_of(found: Course) -> Pieces:
    """The outages of a course, each joined with those it touches."""
    begins, ends, _ = painted(
        found.from_at[found.is_down], found.to_at[found.is_down], np.zeros(int(found.is_down.sum()), np.int32)
    )
    return begins, ends
