"""A drawing as shapes, which a backend puts on paper: boxes, lines and labels; and how wide a text is at most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from rich.cells import cell_len

from slaaudit.report.safe import ELLIPSIS, shown

INK, PAPER, FAINT, TRACK = "#1a1f24", "#ffffff", "#59636e", "#e4e8ec"
GOOD, BAD, DOUBTFUL = "#0a5fa8", "#b3400f", "#6b5b00"

_NARROW, _BROAD = set("iIjlft.,:;'|!()[]{} "), set("mwMW@%&")


@dataclass(frozen=True)
class Box:
    """A filled rectangle; a ``hatched`` one is drawn as slanted lines, so that it needs no colour."""

    x: float
    y: float
    width: float
    height: float
    fill: str = INK
    hatched: bool = False


@dataclass(frozen=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str = INK
    width: float = 1.5


@dataclass(frozen=True)
class Label:
    """A text whose baseline begins (or ends, where ``right``) at a point."""

    x: float
    y: float
    text: str
    size: float = 13
    colour: str = INK
    right: bool = False


Shape: TypeAlias = Box | Line | Label


@dataclass
class Drawing:
    """Shapes from the back to the front. ``title`` and ``told`` say in words what is seen."""

    width: float
    height: float
    title: str
    told: str
    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes in front."""
        self.shapes.extend(shapes)


def widest(text: str, size: float) -> float:
    """How wide a text is in a broad sans serif (Verdana); no usual font makes it wider."""
    return sum(map(_share_of_size, text)) * size


def _share_of_size(character: str) -> float:
    if character in _NARROW:
        return 0.46
    if character in _BROAD or cell_len(character) > 1:
        return 1.08
    if character.isascii():
        return 0.79 if character.isupper() else 0.66
    return 0.95


def fitted(text: str, size: float, width: float) -> str:
    """The text with nothing unseen in it, cut to a width.

    >>> fitted("a clause with a long name", 10, 60)
    'a clause…'
    """
    visible = shown(text, int(width / size * 3))
    if widest(visible, size) <= width:
        return visible
    while visible and widest(visible + ELLIPSIS, size) > width:
        visible = visible[:-1]
    return visible + ELLIPSIS


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in at most so many lines, broken at spaces; the last is cut."""
    lines: list[str] = []
    rest = shown(text).split(" ")
    while rest and len(lines) < most - 1:
        line = rest.pop(0)
        while rest and widest(f"{line} {rest[0]}", size) <= width:
            line += " " + rest.pop(0)
        lines.append(fitted(line, size, width))
    return [*lines, fitted(" ".join(rest), size, width)] if rest else lines
