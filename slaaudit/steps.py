"""How much of a step of the work is done, counted over threads and told to whoever watches."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Tally:
    """Tells ``step`` the words of what is being done, with how many parts of how many, whenever one more is done.

    >>> tally = Tally(print, "Replaying tickets", 3)
    Replaying tickets 0 3
    >>> tally.add(2)
    Replaying tickets 2 3
    """

    def __init__(self, step: Callable[..., None], words: str, parts: int) -> None:
        self._step, self._words, self._parts = step, words, parts
        self._done, self._lock = 0, Lock()
        step(words, 0, parts)

    def add(self, number: int = 1) -> None:
        """Count more parts as done."""
        with self._lock:
            self._done += number
            self._step(self._words, self._done, self._parts)
