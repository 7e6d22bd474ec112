"""Chance that falls the same way on every machine and every Python.

Only ``random.Random.random`` promises the same numbers for the same seed in every version, so all else is made of it.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


class Chance:
    """A seeded source of choices."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def share(self, part: float) -> bool:
        """True in this part of all cases."""
        return self._random.random() < part

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def number(self, low: float, high: float) -> float:
        """A number from ``low`` up to ``high``."""
        return low + self._random.random() * (high - low)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely as the others."""
        return choices[int(self._random.random() * len(choices))]

    def weighed(self, weights: Mapping[T, int]) -> T:
        """One of the keys, as likely as its weight says."""
        left = self._random.random() * sum(weights.values())
        for choice, weight in weights.items():
            left -= weight
            if left < 0:
                return choice
        return choice
