"""Cells that hold more than their text, or less: guards against formulas, references, clocks apart from their dates."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence.arrays import text_scalar, texts, without

_GUARDED = r"^'[=+\-@\t\r]"


def as_meant(text: pa.ChunkedArray, key: str = "") -> pa.ChunkedArray:
    """The cells without the apostrophe that keeps a spreadsheet from computing them.

    With ``key``, a cell that is a JSON or Python structure gives its value of that key; other cells stay.
    """
    if pc.any(pc.starts_with(text, "'")).as_py():
        guarded = pc.match_substring_regex(text, _GUARDED)
        text = pc.if_else(guarded, pc.utf8_slice_codeunits(text, 1), text)
    return _value_of(text, key) if key else text


def _value_of(text: pa.ChunkedArray, key: str) -> pa.ChunkedArray:
    name = re.escape(key)
    value = r"""(?:'(?P<a>(?:[^'\\]|\\.)*)'|"(?P<b>(?:[^"\\]|\\.)*)"|(?P<c>[^\s,'"}\]]+))"""
    parts = pc.extract_regex(text, rf"""^\s*\[?\s*\{{(?s:.*?)['"]{name}['"]\s*:\s*{value}""")
    found = pc.if_else(
        pc.not_equal(pc.struct_field(parts, [0]), ""),
        pc.struct_field(parts, [0]),
        pc.if_else(
            pc.not_equal(pc.struct_field(parts, [1]), ""), pc.struct_field(parts, [1]), pc.struct_field(parts, [2])
        ),
    )
    found = without(found, pc.is_in(found, value_set=texts(["", "None", "null"])))
    return pc.if_else(pc.is_valid(parts), found, text)


def between(text: pa.ChunkedArray, before: str, after: str) -> pa.ChunkedArray:
    """What stands between two marks; cells that lack one of them are null."""
    parts = pc.extract_regex(text, f"^(?s:.*?){re.escape(before)}(?P<inner>(?s:.*?)){re.escape(after)}")
    return pc.struct_field(parts, [0])


def with_clock(date: pa.ChunkedArray, clock: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates with their clocks, which stand in another column; midnight beside a date is no clock of its own."""
    day = pc.replace_substring_regex(date, r"[T ]0?0:00(:00)?(\.0+)?\s*$", "")
    time = pc.replace_substring_regex(clock, r"^\s*(1899-12-3[01]|1900-01-0[01])[T ]", "")
    both = pc.binary_join_element_wise(day, time, text_scalar(" "))
    return pc.coalesce(both, day)
