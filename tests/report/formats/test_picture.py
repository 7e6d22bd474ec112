"""The picture tells the verdict and the shares in SVG and PNG; no text leaves the drawing or becomes markup."""

from __future__ import annotations

import copy
import io
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageFont

from slaaudit.report.as_png import SCALE, write_png
from slaaudit.report.as_svg import write_svg
from slaaudit.report.drawing import BAD, Box, Label, Line, fitted, widest
from slaaudit.report.picture import picture

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "defs", "pattern", "rect", "polyline", "text"}


def parsed(record):
    stream = io.StringIO()
    write_svg(record, stream)
    return ET.fromstring(stream.getvalue().encode("utf-8"))  # noqa: S314  (our own output)


def image(record):
    stream = io.BytesIO()
    write_png(record, stream)
    return Image.open(io.BytesIO(stream.getvalue()))


def test_svg_holds_shapes_and_plain_text_alone(hostile_record):
    root = parsed(hostile_record)

    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ELEMENTS
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or "href" in name for name in attributes)


def test_png_is_drawn_of_hostile_text(hostile_record):
    drawing = picture(hostile_record)
    found = image(hostile_record)

    assert found.size == (round(drawing.width * SCALE), round(drawing.height * SCALE))
    assert len(found.convert("L").getcolors(256)) > 2


def test_no_label_leaves_the_drawing(hostile_record):
    drawing = picture(hostile_record)

    for label in (shape for shape in drawing.shapes if isinstance(shape, Label)):
        width = widest(label.text, label.size)
        first = label.x - width if label.right else label.x
        assert first >= 0, label
        assert first + width <= drawing.width, label
        assert label.y <= drawing.height


def test_labels_of_a_line_do_not_meet(hostile_record):
    labels = [shape for shape in picture(hostile_record).shapes if isinstance(shape, Label)]
    spans = {}
    for label in labels:
        width = widest(label.text, label.size)
        spans.setdefault(label.y, []).append((label.x - width if label.right else label.x, width, label.text))
    for line in spans.values():
        line.sort()
        for (first, width, text), (after, _, _) in pairwise(line):
            assert first + width <= after, text


def test_the_font_of_the_png_is_no_wider_than_reckoned():
    font = ImageFont.load_default(40)
    for code in range(32, 127):
        assert font.getlength(chr(code)) <= widest(chr(code), 40), chr(code)


def test_the_verdict_stands_in_words_and_as_a_sign(sample_record, small_record):
    root = parsed(sample_record)

    assert root.find(f"{SVG}title").text == "Support audit: Not kept"
    assert root.find(f"{SVG}desc").text == sample_record["outcome"]["sentence"]
    crosses = [shape for shape in picture(sample_record).shapes if isinstance(shape, Line) and shape.width == 3.5]
    assert len(crosses) == 2
    kept = copy.deepcopy(small_record)
    kept["outcome"]["verdict"] = "kept"
    ticks = [shape for shape in picture(kept).shapes if isinstance(shape, Line) and shape.width == 3.5]
    assert [len(tick.points) for tick in ticks] == [3]


def test_a_bar_is_divided_as_the_counts_are(sample_record):
    boxes = [shape for shape in picture(sample_record).shapes if isinstance(shape, Box)]
    missed = [box for box in boxes if box.hatched]
    first = sample_record["summary"][0]  # 11 met, 3 breached

    assert (first["met"], first["breached"]) == (11, 3)
    assert missed[0].width == pytest.approx(185 * 3 / 14)
    assert missed[0].fill == BAD


def test_a_promised_share_is_marked(rich_record):
    made = copy.deepcopy(rich_record)
    made["summary"][0]["promised"] = "95"
    marks = [shape for shape in picture(made).shapes if isinstance(shape, Line) and shape.width == 2.5]
    assert [mark.points[0][0] for mark in marks] == [260 + 185 * 0.95]


def test_what_is_missed_is_hatched_so_that_no_colour_is_needed(sample_record):
    grey = image(sample_record).convert("L")
    box = next(shape for shape in picture(sample_record).shapes if isinstance(shape, Box) and shape.hatched)
    line = [grey.getpixel((round(box.x * SCALE) + at, round((box.y + 6) * SCALE))) for at in range(60)]
    turns = sum(abs(a - b) > 60 for a, b in pairwise(line))
    assert turns >= 4


def test_many_severities_are_cut_and_counted(small_record):
    made = copy.deepcopy(small_record)
    made["summary"] = [made["summary"][0] | {"severity": f"S{nth}"} for nth in range(60)]
    labels = [shape.text for shape in picture(made).shapes if isinstance(shape, Label)]
    assert "and 36 more, which the report lists" in labels


@pytest.mark.parametrize("width", [5, 40, 200])
def test_a_fitted_text_fits(width):
    for text in ("W" * 500, "iiii" * 100, "日本語" * 50, "a b c"):
        assert widest(fitted(text, 12, width), 12) <= max(width, widest("…", 12))
