"""The measurements as a table for spreadsheets: one row each, no cell a formula."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.policy.grammar import SECOND
from slaaudit.report.columns import COLUMNS, INSTANT, LENGTH, WORD, columns
from slaaudit.report.lines import present, stamps
from slaaudit.report.safe import cell, shown

if TYPE_CHECKING:
    import numpy.typing as npt

    from slaaudit.report.record import Record

HEADER = tuple(name + "_s" if COLUMNS.field(name).type == LENGTH else name for name in COLUMNS.names)
_CHUNK = 50_000  # rows turned into cells at a time


def write_csv(record: Record, stream: IO[str]) -> None:
    """Write every measurement to ``stream``, in the report's order."""
    table = columns(record).combine_chunks()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    words = {name: _words(table[name].chunk(0)) for name in _WORDS} if len(table) else {}
    for first in range(0, len(table), _CHUNK):
        part = table.slice(first, _CHUNK)
        cells = [
            words[name][first : first + _CHUNK].tolist() if name in words else _cells(part[name].chunk(0))
            for name in COLUMNS.names
        ]
        writer.writerows(zip(*cells, strict=True))


_WORDS = [field.name for field in COLUMNS if field.type == WORD]


def _words(column: pa.DictionaryArray) -> npt.NDArray[np.object_]:
    """Each row's word, made harmless once for all the rows that have it."""
    known = [cell(shown(word)) for word in column.dictionary.to_pylist()]
    codes = column.indices.fill_null(NONE).to_numpy(zero_copy_only=False)
    found: npt.NDArray[np.object_] = np.array([*known, None], object)[codes]
    return found


def _cells(column: pa.Array) -> list[Any]:
    if column.type not in (INSTANT, LENGTH):
        found: list[Any] = column.to_pylist()
        return found
    micros = column.cast(pa.int64()).fill_null(MISSING).to_numpy(zero_copy_only=False)
    return stamps(present(micros)) if column.type == INSTANT else _seconds(micros)


def _seconds(micros: npt.NDArray[np.int64]) -> list[int | float | None]:
    """Lengths in seconds, integers where they are whole."""
    whole, rest = np.divmod(micros, SECOND)
    return [
        None if length == MISSING else seconds if not over else length / SECOND
        for length, seconds, over in zip(micros.tolist(), whole.tolist(), rest.tolist(), strict=True)
    ]
