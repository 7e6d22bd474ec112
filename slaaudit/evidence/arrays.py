"""Arrow's columns as numpy's and back, by their buffers.

``to_numpy``, ``pa.array`` and ``pa.scalar`` would do the same, but the first of them imports pandas, which takes
longer than the audit of a small export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slaaudit.evidence.tables import Mask, Rows


def numbers(column: pa.ChunkedArray, kind: type[np.generic]) -> npt.NDArray[Any]:
    """The numbers of a column of width-fixed type ``kind``; what stands in a null's place is any number."""
    return _joined([_of_chunk(chunk, kind) for chunk in column.chunks], kind)


def _of_chunk(chunk: pa.Array, kind: type[np.generic]) -> npt.NDArray[Any]:
    data = chunk.buffers()[1]
    if not len(chunk) or data is None:
        return np.zeros(len(chunk), kind)
    return np.frombuffer(data, kind)[chunk.offset : chunk.offset + len(chunk)]


def nulls(column: pa.ChunkedArray) -> Mask:
    """Where a column is null."""
    return ~_joined([_bits(chunk, chunk.buffers()[0], absent=True) for chunk in column.chunks], np.bool_)


def truths(column: pa.ChunkedArray) -> Mask:
    """A column of booleans, none of them null."""
    return _joined([_bits(chunk, chunk.buffers()[1], absent=False) for chunk in column.chunks], np.bool_)


def _bits(chunk: pa.Array, bits: pa.Buffer | None, *, absent: bool) -> Mask:
    if bits is None:
        return np.full(len(chunk), absent)
    end = chunk.offset + len(chunk)
    unpacked = np.unpackbits(np.frombuffer(bits, np.uint8), count=end, bitorder="little")
    return unpacked[chunk.offset :].view(np.bool_)


def _joined(parts: list[npt.NDArray[Any]], kind: type[np.generic]) -> npt.NDArray[Any]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def taken(column: pa.ChunkedArray, rows: Rows) -> pa.ChunkedArray:
    """Some rows of a column, in the order given."""
    indices = np.ascontiguousarray(rows, np.int64)
    return column.take(pa.Array.from_buffers(pa.int64(), len(indices), [None, pa.py_buffer(indices)]))


def texts(words: Iterable[str]) -> pa.Array:
    """Words as a column of text."""
    encoded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def text_scalar(word: str) -> pa.Scalar:
    """A word as Arrow's functions take it beside a column."""
    return texts([word])[0]


def without(column: pa.ChunkedArray, gone: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of text, null where ``gone``."""
    return pc.if_else(gone, pa.nulls(1, pa.string())[0], column)
