"""The summary picture as PNG, in the font that Pillow brings along: a machine without fonts draws it as well."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont

from slaaudit.report.drawing import Box, Label, Line
from slaaudit.report.picture import picture

if TYPE_CHECKING:
    from slaaudit.report.drawing import Drawing
    from slaaudit.report.record import Record

SCALE = 2  # pixels a unit of the drawing: sharp on any screen
_HATCH, _STROKE = 7.0, 3  # between the lines of a hatched box, and their width, in units and pixels
#: What stands for letters and marks that have no plain form of their own.
_PLAIN = str.maketrans({
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "þ": "th", "Þ": "Th", "\u0131": "i", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
    "\u201e": '"', "\u2013": "-", "\u2014": "-",
})  # fmt: skip
_NOWHERE = "\U0010ffff"  # a character that no font has


def write_png(record: Record, stream: IO[bytes]) -> None:
    """Write the picture of a record to ``stream``."""
    drawn(picture(record)).save(stream, "PNG", optimize=True)


def drawn(drawing: Drawing) -> Image.Image:
    """The drawing in pixels."""
    image = Image.new("RGB", (round(drawing.width * SCALE), round(drawing.height * SCALE)), "white")
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        if isinstance(shape, Box):
            _box(image, pen, shape)
        elif isinstance(shape, Line):
            points = [(x * SCALE, y * SCALE) for x, y in shape.points]
            pen.line(points, shape.colour, round(shape.width * SCALE), joint="curve")
        else:
            _label(pen, shape)
    return image


def _box(image: Image.Image, pen: ImageDraw.ImageDraw, box: Box) -> None:
    left, top = round(box.x * SCALE), round(box.y * SCALE)
    width, height = round(box.width * SCALE), round(box.height * SCALE)
    if width <= 0 or height <= 0:
        return
    if not box.hatched:
        pen.rectangle((left, top, left + width - 1, top + height - 1), box.fill)
        return
    part = image.crop((left, top, left + width, top + height))
    slanted = ImageDraw.Draw(part)
    for x in range(-height, width, round(_HATCH * SCALE)):
        slanted.line(((x, height), (x + height, 0)), box.fill, _STROKE)
    image.paste(part, (left, top))


def _label(pen: ImageDraw.ImageDraw, label: Label) -> None:
    font = _font(label.size * SCALE)
    anchor = "rs" if label.right else "ls"
    pen.text((label.x * SCALE, label.y * SCALE), _known(label.text), label.colour, font, anchor)


@cache
def _font(size: float) -> Any:
    return ImageFont.load_default(size)


def _known(text: str) -> str:
    """The text in the characters that the font has: other letters lose their marks, all else is a question mark."""
    return "".join(map(_drawable, unicodedata.normalize("NFC", text)))


@cache
def _drawable(character: str) -> str:
    if character.isascii() or _has(character):
        return character
    plain = unicodedata.normalize("NFKD", character).translate(_PLAIN)
    return plain.encode("ascii", "ignore").decode() or "?"


@cache
def _has(character: str) -> bool:
    font = _font(20)
    return bytes(font.getmask(character)) != bytes(font.getmask(_NOWHERE))
