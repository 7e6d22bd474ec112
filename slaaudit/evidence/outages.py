"""A file of incidents: one row an incident, with its start, its end if it has one, and how much it affected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence import fields as names
from slaaudit.evidence.affected import shares
from slaaudit.evidence.arrays import taken, text_scalar
from slaaudit.evidence.intervals import ends_of, first_rows, put_aside_backwards, remark_on_empty
from slaaudit.evidence.lists import states_of
from slaaudit.evidence.tables import MISSING, State, Words
from slaaudit.evidence.words import folded, mapped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Codes, Instants, Rows

NO_START = "no start"
NO_END = "its status says that it is over, and no time says since when"
NO_OUTAGE = "no part of the service was affected"
_YES = "true yes y 1 t planned scheduled maintenance on x"
_NO = "false no n 0 f unplanned unscheduled off"
_PLANNED = {**dict.fromkeys(_YES.split(), "true"), **dict.fromkeys(_NO.split(), "false")}
_TOLD = {*names.TIMES[names.INCIDENTS], "incident_id", "planned", "affected_fraction", "affected_users", "total_users"}


@dataclass(frozen=True)
class OutagePart:
    """The incidents of one file that can be used, column by column; ``share`` is a code into ``shares``."""

    file: int
    ids: pa.ChunkedArray
    started_at: Instants
    ended_at: Instants
    share: Codes
    shares: list[Fraction]
    rows: Codes
    fields: Mapping[str, Words]

    def take(self, chosen: Rows) -> OutagePart:
        """The same columns for some incidents only."""
        return OutagePart(
            self.file,
            taken(self.ids, chosen),
            self.started_at[chosen],
            self.ended_at[chosen],
            self.share[chosen],
            self.shares,
            self.rows[chosen],
            {name: column.take(chosen) for name, column in self.fields.items()},
        )


def outage_part(cells: Cells, file: int) -> OutagePart:
    """The incidents of a file, without the records that cannot be used or tell of no outage."""
    start = cells.times("started_at").at
    status = cells.raw_words("status")
    states = states_of(cells.layout, status)
    pass_over_cancelled(cells, status)
    cells.put_aside(np.flatnonzero(start == MISSING), NO_START, "started_at")
    end = ends_of(cells, "ended_at")
    is_over = (states == State.RESOLVED) | (states == State.CLOSED)
    cells.put_aside(np.flatnonzero(is_over & (end == MISSING)), NO_END, "status" if cells.has("status") else "")
    put_aside_backwards(cells, start, end, "ended_at")
    found = shares(cells)
    if found.none.any():
        cells.pass_over(np.flatnonzero(found.none), NO_OUTAGE)
    remark_on_empty(cells, start, end)
    _remark_on_open(cells, end)
    words = {field: cells.words(field) for field in cells.fields if field not in _TOLD}
    part = OutagePart(
        file,
        _ids(cells),
        start,
        end,
        found.codes,
        found.shares,
        cells.rows,
        {**words, **_planned(cells)},
    )
    return part if cells.usable.all() else part.take(np.flatnonzero(cells.usable))


def pass_over_cancelled(cells: Cells, status: Words) -> None:
    """Leave out what was cancelled, merged into another or a duplicate, by its status."""
    for code, word in enumerate(status.words):
        one = Words(np.zeros(1, np.int32), (word,))
        if states_of(cells.layout, one)[0] == State.CANCELLED:
            cells.pass_over(np.flatnonzero(status.codes == code), word)


def _ids(cells: Cells) -> pa.ChunkedArray:
    """The incidents' ids; one that is empty is named by its file and row."""
    rows = np.ascontiguousarray(cells.rows, np.int32)
    numbered = pa.Array.from_buffers(pa.int32(), len(rows), [None, pa.py_buffer(rows)]).cast(pa.string())
    made = pc.binary_join_element_wise(text_scalar(cells.sheet.path), numbered, text_scalar(":"))
    if not cells.has("incident_id"):
        return pa.chunked_array([made])
    return pc.coalesce(cells.text("incident_id"), made)


def _planned(cells: Cells) -> dict[str, Words]:
    """The field ``planned`` with the words ``true`` and ``false``; a word that means neither is no word, and told."""
    column = cells.words("planned")
    if not len(column.words):
        return {}
    meanings = [_PLANNED.get(folded(word), "") for word in column.words]
    unknown = np.array([*(not meaning for meaning in meanings), False])[column.codes]
    cells.remember_unknown("planned", column, cells.usable & unknown)
    return {"planned": mapped(column, meanings)}


def _remark_on_open(cells: Cells, end: Instants) -> None:
    still_open = np.flatnonzero(cells.usable & (end == MISSING))
    if len(still_open):
        cells.remarks.append(
            f"incidents without an end, which are open: {len(still_open)}{first_rows(cells, still_open)}"
        )
