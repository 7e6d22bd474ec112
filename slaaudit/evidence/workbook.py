"""A sheet of an Excel workbook as text: cells with a date are written as ISO 8601, whole numbers without a point."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineWorkbook

from slaaudit.errors import EvidenceError
from slaaudit.evidence.arrays import texts, without
from slaaudit.evidence.header_row import SEARCHED, header_index
from slaaudit.evidence.sheets import Grid, Sheet, above_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence.containers import Content
    from slaaudit.evidence.header_row import Known

_SECOND = dt.timedelta(seconds=1)


def workbook_sheet(found: Content, known: Known, wanted: str) -> Sheet:
    """The sheet of that name, or the first one. EvidenceError where there is none, or no table in it."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(found.data))
        name = _named(found.path, book.sheet_names, wanted)
        whole = book.get_sheet_by_name(name)
        records = whole.to_python(skip_empty_area=True)
        above = whole.start[0] if whole.start else 0
    except EvidenceError:
        raise
    except Exception as error:  # noqa: BLE001 - the library has an error of its own for each part of the format
        raise EvidenceError(f"{found.path}: the workbook cannot be read ({error}). Save the sheet as CSV.") from None
    filled = [row for row, record in enumerate(records) if any(cell != "" for cell in record)]
    first = [[_text(cell) for cell in records[row]] for row in filled[: 2 * SEARCHED]]
    if not first:
        raise EvidenceError(f"{found.path}: the sheet {name!r} is empty. Name another: read: {{sheet: NAME}}.")
    header = header_index(first, known)
    others = [other for other in book.sheet_names if other != name]
    told = f"sheet {name!r}" + (f"; not read: {', '.join(map(repr, others))}" if others else "")
    notes = (told, *above_note([" ".join(filter(None, cells)) for cells in first[:header]]))
    made = _sheet(found, first[header], [(row + above + 1, records[row]) for row in filled[header + 1 :]], notes)
    return made if filled[header + 1 :] else replace(made, without_rows=f"the sheet {name!r} has a header but no rows")


def _sheet(
    found: Content, header: Sequence[str], records: Sequence[tuple[int, list[Any]]], notes: tuple[str, ...]
) -> Sheet:
    rows = np.array([row for row, _ in records], np.int32)

    def grid(columns: Sequence[int], empty: Sequence[str]) -> Grid:
        none = texts(["", *empty])
        cells = {
            index: pa.chunked_array([texts(_column([record[index] for _, record in records]))]) for index in columns
        }
        return Grid({index: without(text, pc.is_in(text, value_set=none)) for index, text in cells.items()}, rows, [])

    return Sheet(found.path, found.digest, tuple(cell.strip() for cell in header), notes, grid)


def _named(path: str, names: Sequence[str], wanted: str) -> str:
    if not names:
        raise EvidenceError(f"{path}: the workbook has no sheets. Save the export again.")
    if not wanted:
        return names[0]
    same = [name for name in names if name.strip().casefold() == wanted.strip().casefold()]
    if not same:
        raise EvidenceError(f"{path}: there is no sheet {wanted!r}. The sheets are {', '.join(map(repr, names))}.")
    return same[0]


def _column(cells: list[Any]) -> list[str]:
    """The cells of one column as text; midnight is written out where other cells have a clock."""
    if any(isinstance(cell, dt.datetime) for cell in cells):
        cells = [_at_midnight(cell) for cell in cells]
    return [cell if isinstance(cell, str) else _text(cell) for cell in cells]


def _at_midnight(cell: Any) -> Any:
    is_day = isinstance(cell, dt.date) and not isinstance(cell, dt.datetime)
    return dt.datetime.combine(cell, dt.time()) if is_day else cell


def _text(cell: Any) -> str:
    """One cell as text, times to the second: what is finer is noise of the format."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1 << 53 else repr(cell)
    if isinstance(cell, dt.datetime):
        noise = cell.microsecond
        whole = cell.replace(microsecond=0) + _SECOND * round(noise / 1_000_000) if noise else cell
        return whole.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        seconds = round(cell / _SECOND)
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
