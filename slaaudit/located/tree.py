"""Values with their places, and faults that show the line they stand in."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from slaaudit.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Path: TypeAlias = tuple[str | int, ...]

_LONGEST_LINE = 160
_LONGEST_MESSAGE = 300


class WrittenInt(int):
    """A whole number that knows how it was written, so that ``001`` can still be a word."""

    written: str


class WrittenFloat(float):
    """A number that knows how it was written, so that ``1.10`` can still be a word."""

    written: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Located:
    """A value with its place, and the place of its key (its own place where it has none).

    ``value`` is a scalar, a mapping of text to ``Located``, or a list of ``Located``.
    """

    value: Any
    place: Place
    key: Place

    def get(self, *path: str | int) -> Located | None:
        """The value at ``path`` below this one, where there is one."""
        node: Located | None = self
        for part in path:
            node = node.child(part) if node else None
        return node

    def child(self, part: str | int) -> Located | None:
        """The value under one key or index."""
        if isinstance(self.value, dict):
            return self.value.get(part)
        if isinstance(self.value, list) and isinstance(part, int) and 0 <= part < len(self.value):
            return self.value[part]  # type: ignore[no-any-return]
        return None

    def items(self) -> list[tuple[str, Located]]:
        """The entries of a mapping; none for any other value."""
        return list(self.value.items()) if isinstance(self.value, dict) else []

    def elements(self) -> list[Located]:
        """The elements of a list; a value that is no list stands for a list of one."""
        return self.value if isinstance(self.value, list) else [self]

    @property
    def text(self) -> str | None:
        """The value as a word, as it was written; nothing for mappings, lists and null."""
        return word(self.value)


def word(value: Any) -> str | None:
    """A scalar as it was written, or nothing where ``value`` is no word.

    >>> word(True), word("on"), word(None)
    ('true', 'on', None)
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return getattr(value, "written", str(value)) if isinstance(value, int | float) else None


def plain(node: Located) -> Any:
    """The tree without its places: dict, list, str, int, float, bool and None."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    return [plain(child) for child in node.value] if isinstance(node.value, list) else node.value


def walk(node: Located, path: Path = ()) -> Iterator[tuple[Path, Located]]:
    """Every value of the tree with its path, parents before children."""
    yield path, node
    for key, child in node.items():
        yield from walk(child, (*path, key))
    if isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from walk(child, (*path, index))


def without_free_keys(node: Located) -> Located:
    """The tree without the keys that begin with ``x-``: those are the writer's own."""
    if isinstance(node.value, dict):
        kept = {key: without_free_keys(child) for key, child in node.value.items() if not key.startswith("x-")}
        return replace(node, value=kept)
    if isinstance(node.value, list):
        return replace(node, value=[without_free_keys(child) for child in node.value])
    return node


class Sources(dict[str, tuple[str, ...]]):
    """The lines of every file read, by the name it is shown under; makes faults that show them."""

    def fault(self, place: Place, message: str, hint: str = "", severity: str = "error") -> Fault:
        """A fault at ``place`` with its source line, control characters made harmless."""
        lines = self.get(place.file, ())
        source = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
        shown = harmless(source[:_LONGEST_LINE]) + ("…" if len(source) > _LONGEST_LINE else "")
        shown = "" if place.column > _LONGEST_LINE else shown
        said = harmless(message[:_LONGEST_MESSAGE]) + ("…" if len(message) > _LONGEST_MESSAGE else "")
        return Fault(place.file, place.line, place.column, said, harmless(hint), shown, severity)


def harmless(text: str) -> str:
    r"""``text`` with every control and format character replaced, each by one sign.

    >>> harmless("a\tb\x1b[31m")
    'a b�[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if sign == "\t" else "�" if unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" else sign
        for sign in text
    )


def nearest(wanted: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word nearest to ``wanted``, where one is near enough.

    >>> nearest("severty", ["severity", "clock"])
    'severity'
    """
    by_fold = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(wanted.casefold(), by_fold, n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else None


def did_you_mean(wanted: str, known: Sequence[str], label: str = "expected one of") -> str:
    """A hint: the nearest known word, else all of them."""
    near = nearest(wanted, known)
    if near:
        return f"did you mean {near!r}?"
    return f"{label}: {', '.join(known)}" if known else ""


def in_order(faults: Iterable[Fault], files: Sequence[str] = ()) -> list[Fault]:
    """Each fault once, in order of place; files in the order given."""
    rank = {name: at for at, name in enumerate(files)}
    return sorted(dict.fromkeys(faults), key=lambda each: (rank.get(each.file, len(rank)), each.line, each.column))
