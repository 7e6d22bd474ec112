"""Columns that are encoded when somebody looks at them: most fields of an export concern no clause."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from slaaudit.evidence.tables import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.evidence.tables import Codes, Rows


class Unread(Words):
    """A column of words that ``make`` gives once it is needed."""

    def __init__(self, make: Callable[[], Words]) -> None:
        object.__setattr__(self, "_make", make)

    @cached_property
    def _made(self) -> Words:
        make: Callable[[], Words] = self.__dict__["_make"]
        found = make()
        object.__setattr__(self, "_make", lambda: found)  # the text goes
        return found

    @property
    def codes(self) -> Codes:
        """The codes, in the order of the rows."""
        return self._made.codes

    @property
    def words(self) -> Sequence[str]:
        """The vocabulary."""
        return self._made.words

    def take(self, rows: Rows) -> Words:
        """The same column for some rows only, no sooner encoded than it."""
        return Unread(lambda: self._made.take(rows))
