"""Text that stands in columns and paragraphs, for a width in terminal cells. Styles never carry meaning alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import zip_longest
from typing import IO, TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from slaaudit.report.safe import ELLIPSIS, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADING = "bold"
FAINT = "dim"
GOOD = "green"
BAD = "bold red"
DOUBTFUL = "yellow"

_GAP = 2
_LEAST = 8  # a column that gives way keeps at least this many cells
_NARROW = 40
_DEFAULT_WIDTH = 80

Cell = str | tuple[str, str]  # a text, or a text and its style


@dataclass(frozen=True)
class Column:
    """A column's heading and how it stands.

    Where the width is too small, one that ``wraps`` goes on in further lines, down to its longest word; then those that
    ``gives_way`` are cut, the first of them first.
    """

    heading: str
    right: bool = False
    gives_way: bool = False
    wraps: bool = False


def console_on(stream: IO[str]) -> Console:
    """A console that writes plain text where ``stream`` is no terminal, or where NO_COLOR is set."""
    plain = bool(os.environ.get("NO_COLOR")) or not stream.isatty() or os.environ.get("TERM") == "dumb"
    return Console(
        file=stream,
        width=None if stream.isatty() and "COLUMNS" not in os.environ else width_asked(),
        color_system=None if plain else "auto",
        force_terminal=False if plain else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )


def width_asked() -> int:
    """The width that COLUMNS asks for, else 80."""
    asked = os.environ.get("COLUMNS", "")
    return max(int(asked), _NARROW) if asked.isdecimal() and int(asked) else _DEFAULT_WIDTH


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], width: int, indent: int = 2) -> list[Text]:
    """The heading's line and the rows' lines; no line wider than ``width`` while a column can give way.

    A row whose cells wrap is one text of several lines.
    """
    cells = [[_split(cell) for cell in row] for row in rows]
    widths = [
        max([cell_len(column.heading), *(cell_len(row[at][0]) for row in cells)]) for at, column in enumerate(columns)
    ]
    gaps = len(columns) - 1
    if sum(widths) + gaps + indent > width:
        words = [[column.heading, *(row[at][0] for row in cells)] for at, column in enumerate(columns)]
        _wrap(widths, columns, words, width - indent - _GAP * gaps)
        _fit(widths, columns, width - indent - _GAP * gaps)
    gap = _GAP if sum(widths) + _GAP * gaps + indent <= width else 1
    heading = [(column.heading, FAINT) for column in columns]
    return [_lines(row, columns, widths, " " * indent, " " * gap) for row in [heading, *cells]]


def fits(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], width: int, indent: int = 2) -> bool:
    """Whether a table of these rows is no wider than ``width`` without any column giving way."""
    cells = [[_split(cell)[0] for cell in row] for row in rows]
    widest = [
        max([cell_len(column.heading), *(cell_len(row[at]) for row in cells)]) for at, column in enumerate(columns)
    ]
    return sum(widest) + len(columns) - 1 + indent <= width


def _split(cell: Cell) -> tuple[str, str]:
    return (shown(cell), "") if isinstance(cell, str) else (shown(cell[0]), cell[1])


def _wrap(widths: list[int], columns: Sequence[Column], texts: Sequence[Sequence[str]], room: int) -> None:
    for at, column in enumerate(columns):
        excess = sum(widths) - room
        if column.wraps and excess > 0:
            longest = max(cell_len(word) for text in texts[at] for word in text.split(" "))
            widths[at] = max(longest, widths[at] - excess)


def _fit(widths: list[int], columns: Sequence[Column], room: int) -> None:
    for at, column in enumerate(columns):
        excess = sum(widths) - room
        if column.gives_way and excess > 0:
            widths[at] = max(min(widths[at], _LEAST), widths[at] - excess)


def _lines(
    row: Sequence[tuple[str, str]], columns: Sequence[Column], widths: Sequence[int], indent: str, gap: str
) -> Text:
    parts = [
        [line.plain for line in paragraph(text, width, 0)] if column.wraps and cell_len(text) > width else [text]
        for (text, _), column, width in zip(row, columns, widths, strict=True)
    ]
    styles = [style for _, style in row]
    made = [
        _line(list(zip(each, styles, strict=True)), columns, widths, indent, gap)
        for each in zip_longest(*parts, fillvalue="")
    ]
    return Text("\n").join(made)


def _line(
    row: Sequence[tuple[str, str]], columns: Sequence[Column], widths: Sequence[int], indent: str, gap: str
) -> Text:
    line = Text(indent)
    for at, ((text, style), column, width) in enumerate(zip(row, columns, widths, strict=True)):
        cut = text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + ELLIPSIS
        space = " " * (width - cell_len(cut))
        line.append(space if column.right else "").append(cut, style or None)
        if at < len(row) - 1:
            line.append(("" if column.right else space) + gap)
    line.rstrip()
    return line


def paragraph(text: str, width: int, indent: int = 2, hang: int = 0, style: str = "") -> list[Text]:
    """A text wrapped at its spaces; lines after the first stand ``hang`` further in."""
    lines: list[Text] = []
    words = shown(text).split(" ")
    at, line = indent, " " * indent
    for word in words:
        if at > indent + (hang if lines else 0) and at + 1 + cell_len(word) > width:
            lines.append(Text(line, style))
            at, line = indent + hang, " " * (indent + hang)
        begins = at == indent + (hang if lines else 0)
        line += word if begins else " " + word
        at += cell_len(word) + (0 if begins else 1)
    return [*lines, Text(line, style)]


def labelled(label: str, text: str, width: int, room: int = 10) -> list[Text]:
    """A label, then its text in a column of its own."""
    lines = paragraph(text, width, indent=2 + room)
    first = Text("  ").append(label.ljust(room), FAINT)
    return [first.append(lines[0].plain[2 + room :]), *lines[1:]]
