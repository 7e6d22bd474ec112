"""Columns of whole numbers: users, requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.errors import EvidenceError
from slaaudit.evidence.arrays import nulls, numbers, taken, truths
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.words import trimmed, words_of

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Mask, Rows

NO_COUNT = "no whole number"
BELOW_ZERO = "a number below zero"
TOO_LARGE = "a number of more than 15 digits"
_PLAIN = r"^[0-9]{1,15}$"
_WHOLE = re.compile(r"\+?(\d+|\d{1,3}(?:[, '\u00a0\u202f]\d{3})+)(?:\.0{1,2}|\.0{4,})?")  # 12.000 may be 12 or 12000
_MOST_DIGITS = 15


class Counts(NamedTuple):
    """Whole numbers by record, 0 where not ``known``."""

    values: Rows
    known: Mask


def counts(cells: Cells, field: str) -> Counts:
    """The whole numbers of a field; records whose cell is none are put aside. No numbers where there is no field.

    Columns that the field's rule adds must have a number too.
    """
    if not cells.has(field):
        return Counts(np.zeros(len(cells), np.int64), np.zeros(len(cells), np.bool_))
    whole = _counted(cells, cells.text(field), field)
    headers = Headers(cells.layout.headers)
    for header in cells.layout.places[field].rule.plus:
        place = headers.place(header)
        if place is None:
            raise EvidenceError(f"{cells.sheet.path}: no column {header}, which is a part of {field}.")
        part = _counted(cells, trimmed(cells.column(place)), field)
        whole = Counts(whole.values + part.values, whole.known & part.known)
    return whole


def _counted(cells: Cells, text: pa.ChunkedArray, field: str) -> Counts:
    known = ~nulls(text)
    plain = truths(pc.match_substring_regex(text, _PLAIN)) & known
    values = np.zeros(len(text), np.int64)
    values[plain] = numbers(taken(text, np.flatnonzero(plain)).cast(pa.int64()), np.int64)
    others = np.flatnonzero(known & ~plain)
    if len(others):
        column = words_of(taken(text, others))
        told = [_count(word) for word in column.words]
        for reason in dict.fromkeys(each for each in told if isinstance(each, str)):
            bad = np.array([each == reason for each in told])[column.codes]
            cells.put_aside(others[bad], reason, field)
            known[others[bad]] = False
        values[others] = np.array([each if isinstance(each, int) else 0 for each in told], np.int64)[column.codes]
    return Counts(values, known)


def _count(word: str) -> int | str:
    """The number that a word is, or the reason why it is none.

    >>> _count("1,234"), _count("12.0"), _count("-3"), _count("1.234")
    (1234, 12, 'a number below zero', 'no whole number')
    """
    if word.startswith(("-", "\u2212")) and _WHOLE.fullmatch(word[1:]):
        return BELOW_ZERO
    found = _WHOLE.fullmatch(word)
    if not found:
        return NO_COUNT
    digits = re.sub(r"\D", "", found[1])
    return int(digits) if len(digits) <= _MOST_DIGITS else TOO_LARGE
