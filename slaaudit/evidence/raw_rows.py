"""Rows of an export as they stood, to be shown as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.profile import NO_MAPPING, mapping_file
from slaaudit.evidence.reader import sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.sheets import Sheet


@dataclass(frozen=True)
class RawRows:
    """Some rows of one file: its headers, and the cells of each row by the row's number; "" where a cell is empty."""

    headers: tuple[str, ...]
    cells: dict[int, tuple[str, ...]]


def headers_of(path: str, options: ReadOptions) -> tuple[str, ...]:
    """The headers of a file."""
    return _sheet(path, options).headers


def raw_columns(path: str, places: Sequence[int], options: ReadOptions) -> list[list[str]]:
    """The columns of a file at some places among its headers, each value once and in order."""
    grid = _sheet(path, options).grid(places, ())
    return [_texts(grid.columns[place].unique().to_pylist()) for place in places]


def raw_rows(path: str, rows: Iterable[int], options: ReadOptions) -> RawRows:
    """The rows of these numbers, as text. A number that the file has no usable record for is left out."""
    sheet = _sheet(path, options)
    grid = sheet.grid(range(len(sheet.headers)), ())
    wanted = np.array(sorted(set(rows)), np.int64)
    at = np.flatnonzero(np.isin(grid.rows, wanted))
    columns = [_texts(grid.columns[place].take(at).to_pylist()) for place in range(len(sheet.headers))]
    numbers = grid.rows[at].tolist()
    return RawRows(sheet.headers, dict(zip(numbers, zip(*columns, strict=True), strict=True)))


def _sheet(path: str, options: ReadOptions) -> Sheet:
    mapping = mapping_file(options.mapping) if options.mapping else NO_MAPPING
    (sheet,), _ = sheets_of([path], options, mapping, may_be_empty=True)
    return sheet


def _texts(column: Sequence[str | None]) -> list[str]:
    return ["" if cell is None else cell for cell in column]
