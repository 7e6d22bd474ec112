"""Written times as matrices of digits: texts of one shape side by side, so that a part is a few columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence.arrays import nulls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.evidence.tables import Rows

Digits = npt.NDArray[np.uint8]

_NO_SIGNS = r"[\p{Mn}\x{200e}\x{200f}]"  # accents, and the marks of writing direction
_LONGEST = 40  # bytes; no written time is longer
_FEW_SHAPES = 24
_MOST_SHAPES = 2000  # of one length; the formats that are known have far fewer
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FEWEST_DIGITS = 6  # 1/1/2026


def tidied(text: pa.ChunkedArray) -> pa.LargeStringArray:
    """One array in capitals and trimmed, without accents, and with plain spaces for the odd ones of newer systems."""
    whole = text.cast(pa.large_string()).combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], pa.large_string())
    whole = pc.ascii_upper(whole)
    if not pc.all(pc.string_is_ascii(whole)).as_py():
        whole = pc.ascii_upper(pc.replace_substring_regex(pc.utf8_normalize(whole, "NFKD"), _NO_SIGNS, ""))
    return pc.ascii_trim_whitespace(whole)


def by_shape(
    text: pa.LargeStringArray, longest: int = _LONGEST, fewest_digits: int = _FEWEST_DIGITS
) -> Iterator[tuple[Rows, Digits, str]]:
    """Row indices, their bytes as a matrix, and the shape they share; empty rows are in none.

    Texts of more than ``longest`` bytes are in a shape that none has; so are those with too few digits, where shapes
    are many.
    """
    _, offsets_buffer, data_buffer = text.buffers()
    if data_buffer is None:
        return
    offsets = np.frombuffer(offsets_buffer, np.int64)[text.offset : text.offset + len(text) + 1]
    data = np.frombuffer(data_buffer, np.uint8)
    lengths = np.diff(offsets)
    lengths[nulls(pa.chunked_array([text]))] = 0
    for length in np.unique(np.minimum(lengths, longest + 1)):
        if length > longest:
            rows = np.flatnonzero(lengths > longest)
            yield rows, np.zeros((0, 0), np.uint8), "X" * int(length)
        elif length:
            rows = np.flatnonzero(lengths == length)
            yield from _shapes_of(rows, _matrix(data, offsets[rows], int(length)), fewest_digits)


def _matrix(data: Digits, starts: Rows, width: int) -> Digits:
    matrix = np.empty((len(starts), width), np.uint8)
    for position in range(width):
        np.take(data, starts + position, out=matrix[:, position])
    return matrix


def _shapes_of(rows: Rows, matrix: Digits, fewest_digits: int) -> Iterator[tuple[Rows, Digits, str]]:
    """Texts of one length by shape, the most frequent first; past so many shapes, the rest is no column of times."""
    is_digit = (matrix >= ord("0")) & (matrix <= ord("9"))
    masks = np.where(is_digit, np.uint8(ord("9")), matrix)
    kinds, which = _kinds(masks)
    if len(kinds) == 1:
        yield rows, matrix, _shape(masks[0])
        return
    order = np.argsort(which.astype(np.int16) if len(kinds) <= _MOST_SHAPES else which, kind="stable")
    ends = np.cumsum(np.bincount(which, minlength=len(kinds)))
    groups = np.split(order, ends[:-1])
    groups.sort(key=len, reverse=True)
    few, many = groups[:_FEW_SHAPES], groups[_FEW_SHAPES:]
    enough = [group for group in many if np.count_nonzero(is_digit[group[0]]) >= fewest_digits]
    none = [group for group in many if np.count_nonzero(is_digit[group[0]]) < fewest_digits]
    for group in (*few, *enough[:_MOST_SHAPES]):
        yield rows[group], matrix[group], _shape(masks[group[0]])
    yield from _none_of(rows[np.concatenate([*none, *enough[_MOST_SHAPES:], order[:0]])])


def _kinds(masks: Digits) -> tuple[npt.NDArray[np.generic], Rows]:
    """The distinct texts of one length in some form, and which of them each row is."""
    words = _words(masks)
    keys = words[0].copy()
    for word in words[1:]:
        keys = keys * _SPREAD + word
    kinds: npt.NDArray[np.generic] = np.unique(keys)
    which = np.searchsorted(kinds, keys)
    first = np.zeros(len(kinds), np.int64)
    first[which] = np.arange(len(which))
    if all((word == word[first][which]).all() for word in words):
        return kinds, which
    texts = np.ascontiguousarray(masks).view(f"V{masks.shape[1]}").ravel()  # two texts share a key
    return np.unique(texts, return_inverse=True)


def _words(masks: Digits) -> list[npt.NDArray[np.uint64]]:
    """Texts of one length as columns of eight bytes each: two of them are equal where all of these are."""
    count, width = masks.shape
    padded = np.zeros((count, width + -width % 8), np.uint8)
    padded[:, :width] = masks
    return list(np.ascontiguousarray(padded.view(np.uint64).T))


def _none_of(rows: Rows) -> Iterator[tuple[Rows, Digits, str]]:
    """Rows that are no times, under a shape that none has."""
    if len(rows):
        yield rows, np.zeros((len(rows), 0), np.uint8), "?"


def _shape(mask: Digits) -> str:
    return mask.tobytes().decode("latin-1")


def number(digits: Digits, place: tuple[int, int]) -> Rows:
    """The number in the columns from ``place[0]`` up to ``place[1]``, by row."""
    start, end = place
    found = np.zeros(len(digits), np.int64)
    for position in range(start, end):
        found *= 10
        found += digits[:, position]
        found -= ord("0")
    return found
