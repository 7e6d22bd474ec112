"""A Parquet file as a sheet of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from slaaudit.errors import EvidenceError
from slaaudit.evidence.arrays import texts, without
from slaaudit.evidence.sheets import NO_ROWS, Grid, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence.containers import Content


def parquet_sheet(found: Content) -> Sheet:
    """The table of a Parquet file, every column as text. EvidenceError where it is damaged."""
    try:
        source = pq.ParquetFile(pa.BufferReader(pa.py_buffer(found.data)))
    except (pa.ArrowInvalid, OSError) as error:
        raise EvidenceError(f"{found.path}: the Parquet file is damaged ({error}). Export it again.") from None
    names = source.schema_arrow.names
    is_empty = not source.metadata.num_rows

    def grid(columns: Sequence[int], empty: Sequence[str]) -> Grid:
        table = source.read(columns=[names[index] for index in columns])
        text = {index: _as_text(found.path, names[index], table.column(names[index]), empty) for index in columns}
        return Grid(text, np.arange(2, table.num_rows + 2, dtype=np.int32), [])

    return Sheet(found.path, found.digest, tuple(name.strip() for name in names), (), grid, NO_ROWS if is_empty else "")


def _as_text(path: str, name: str, column: pa.ChunkedArray, empty: Sequence[str]) -> pa.ChunkedArray:
    try:
        text = column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise EvidenceError(f"{path}: column {name!r} holds {column.type}, which is no text, number or time.") from None
    return without(text, pc.is_in(text, value_set=texts(["", *empty])))
