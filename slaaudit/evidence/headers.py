"""A sheet's headers, looked up as people and profiles name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NTH = re.compile(r"(.*)\[(\d+)\]")
_GAPS = re.compile(r"\s+")


def plain_header(header: str) -> str:
    """The header as it is compared: without case, its gaps single spaces, and without the marks of needed fields.

    >>> plain_header(" Incident  ID*+")
    'incident id'
    """
    return _GAPS.sub(" ", folded(header)).rstrip("*+ ") or folded(header)


class Headers:
    """A sheet's headers, looked up without case; ``Name[2]`` is the second of that name."""

    def __init__(self, headers: Sequence[str]) -> None:
        self.headers = tuple(headers)
        self._places: dict[str, list[int]] = {}
        for index, header in enumerate(headers):
            self._places.setdefault(plain_header(header), []).append(index)

    def place(self, wanted: str) -> int | None:
        """The position of a header, or None."""
        if found := self._places.get(plain_header(wanted)):
            return found[0]
        nth = NTH.fullmatch(wanted.strip())
        found = self._places.get(plain_header(nth[1]), []) if nth else []
        return found[int(nth[2]) - 1] if nth and 0 < int(nth[2]) <= len(found) else None

    def first_place(self, wanted: Iterable[str]) -> int | None:
        """The position of the first of these headers that is there, or None."""
        return next((place for header in wanted if (place := self.place(header)) is not None), None)

    def places(self, wanted: Iterable[str]) -> list[int]:
        """Every position of every one of these headers, from left to right."""
        return sorted({place for header in wanted for place in self._places.get(plain_header(header), ())})

    def repeated(self, index: int) -> int:
        """How often the header at this position occurs."""
        return len(self._places[plain_header(self.headers[index])])

    def named(self) -> dict[str, int]:
        """Every header by a name of its own."""
        seen: dict[str, int] = {}
        result: dict[str, int] = {}
        for index, header in enumerate(self.headers):
            seen[folded(header)] = nth = seen.get(folded(header), 0) + 1
            if header:
                result[header if nth == 1 else f"{header}[{nth}]"] = index
        return result
