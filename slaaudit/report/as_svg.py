"""The summary picture as SVG."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from slaaudit.report.drawing import Box, Label, Line
from slaaudit.report.picture import picture
from slaaudit.report.xml_text import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.drawing import Drawing, Shape
    from slaaudit.report.record import Record

_FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def write_svg(record: Record, stream: IO[str]) -> None:
    """Write the picture of a record to ``stream``."""
    drawing = picture(record)
    stream.writelines(line + "\n" for line in _lines(drawing))


def _lines(drawing: Drawing) -> Iterator[str]:
    size = f'width="{drawing.width:g}" height="{drawing.height:g}"'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        f'role="img" aria-labelledby="title told" font-family="{_FONTS}">'
    )
    yield f'<title id="title">{content(drawing.title)}</title>'
    yield f'<desc id="told">{content(drawing.told, 1000)}</desc>'
    for colour in sorted({shape.fill for shape in drawing.shapes if isinstance(shape, Box) and shape.hatched}):
        yield (
            f'<defs><pattern id="{_hatch(colour)}" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="2.2" height="5" fill="{colour}"/></pattern></defs>'
        )
    yield from map(_element, drawing.shapes)
    yield "</svg>"


def _hatch(colour: str) -> str:
    return f"hatch-{colour.removeprefix('#')}"


def _element(shape: Shape) -> str:
    if isinstance(shape, Box):
        place = f'x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" height="{shape.height:.2f}"'
        if not shape.hatched:
            return f'<rect {place} fill="{shape.fill}"/>'
        return f'<rect {place} fill="url(#{_hatch(shape.fill)})"/>'
    if isinstance(shape, Line):
        points = " ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points)
        return f'<polyline points="{points}" fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}"/>'
    return _text(shape)


def _text(label: Label) -> str:
    anchor = ' text-anchor="end"' if label.right else ""
    place = f'x="{label.x:.2f}" y="{label.y:.2f}" font-size="{label.size:g}" fill="{label.colour}"{anchor}'
    return f'<text {place} xml:space="preserve">{content(label.text)}</text>'
