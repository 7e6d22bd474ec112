"""YAML written by hand, so that every line can carry a comment and what is not known can stand commented out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TO_FILL = "FILL-IN"

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9_ /-]*[A-Za-z0-9])?", re.ASCII)
_NO_TEXT = {"true", "false", "null", "yes", "no", "on", "off"}
_NOTED_AT = 34  # the column at which comments begin, where there is room


@dataclass
class Entry:
    """A line of a mapping: a key, its value or what stands below it, and a comment.

    One that ``is_open`` is to be filled in: it is written commented out. A key whose lines are all open is open too.
    """

    key: str
    value: str = ""
    note: str = ""
    is_open: bool = False
    below: list[Entry] = field(default_factory=list)

    @property
    def stays_open(self) -> bool:
        """Whether nothing of the entry is settled."""
        return self.is_open or (not self.value and all(each.stays_open for each in self.below))


def lines(entries: Sequence[Entry], depth: int = 0) -> Iterator[str]:
    """The entries as lines of YAML; open ones begin with ``# ``, which is all that has to be taken away."""
    for entry in entries:
        if not entry.value and not entry.below:
            continue
        text = f"{'# ' if entry.stays_open else ''}{'  ' * depth}{entry.key}:"
        text += f" {entry.value}" if entry.value else ""
        yield f"{text.ljust(_NOTED_AT)}  # {shown(entry.note)}" if entry.note else text
        yield from lines(entry.below, depth + 1)


def scalar(text: str) -> str:
    r"""A text as YAML reads it back, quoted where it has to be.

    >>> scalar("Ticket Id"), scalar("1 - Critical"), scalar("no"), scalar('a "b"\n')
    ('Ticket Id', '"1 - Critical"', '"no"', '"a \\"b\\"\\n"')
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    if character == "\n":
        return "\\n"
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  (the widths of YAML's escapes)


def flow(value: object) -> str:
    """Plain data on one line.

    >>> flow({"names": ["a", "b: c"], "n": 1, "day-first": True})
    '{names: [a, "b: c"], n: 1, day-first: true}'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    return str(value) if isinstance(value, int) else scalar(str(value))


def _mapping(value: Mapping[object, object]) -> str:
    return f"{{{', '.join(f'{scalar(str(key))}: {flow(each)}' for key, each in value.items())}}}"
