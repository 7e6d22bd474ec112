"""A file of incidents: one row an incident, with its start, its end if it has one, and how much it affected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence import fields as names
from slaaudit.evidence.affected import shares
from slaaudit.evidence.arrays import taken, text_scalar
from slaaudit.evidence.changes import ends_by_changes, only_down
from slaaudit.evidence.intervals import ends_of, first_rows, put_aside_backwards, remark_on_empty
from slaaudit.evidence.lists import states_of
from slaaudit.evidence.row_rules import each_of, pass_over_cancelled, pass_over_others
from slaaudit.evidence.tables import MISSING, NONE, State, Words
from slaaudit.evidence.words import folded, mapped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Codes, Instants, Rows

NO_START = "no start"
NO_END = "its status says that it is over, and no time says since when"
UNKNOWN_STATUS = (
    "no status that is known, so nobody knows whether its last change is its end; say what it means with "
    "--value status:WORD=STATE, where the state is open or resolved"
)
NO_OUTAGE = "no part of the service was affected"
_YES = "true yes y 1 t planned scheduled maintenance on x"
_NO = "false no n 0 f unplanned unscheduled off"
_PLANNED = {**dict.fromkeys(_YES.split(), "true"), **dict.fromkeys(_NO.split(), "false")}
_TOLD = {*names.TIMES[names.INCIDENTS], *names.JUDGED[names.INCIDENTS]} - {"status"}


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
    pass_over_others(cells)
    start = cells.times("started_at").at
    end = _ends(cells, start)
    put_aside_backwards(cells, start, end, "ended_at")
    found = shares(cells)
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
    return _by_component(cells, part)


def _ends(cells: Cells, start: Instants) -> Instants:
    """The ends, ``MISSING`` for what is open; records that tell of nothing that was down are passed over."""
    status = cells.raw_words("status")
    pass_over_cancelled(cells, status)
    cells.put_aside(np.flatnonzero(start == MISSING), NO_START, "started_at")
    if cells.has("up_or_down") and not cells.has("ended_at"):
        return ends_by_changes(cells, start)
    if cells.has("up_or_down"):
        only_down(cells)
    end = ends_of(cells, "ended_at")
    states = states_of(cells.layout, status)
    is_over = (states == State.RESOLVED) | (states == State.CLOSED)
    cells.put_aside(np.flatnonzero(is_over & (end == MISSING)), NO_END, "status" if cells.has("status") else "")
    if not cells.layout.ends_when_finished:
        cells.remember_unknown("status", status, cells.usable & (states == State.UNKNOWN) & (end == MISSING))
        return end
    is_unknown = (states == State.UNKNOWN) | (states == NONE)
    cells.put_aside(np.flatnonzero(is_unknown), UNKNOWN_STATUS, "status" if cells.has("status") else "")
    return np.where(is_over, end, MISSING)


def _by_component(cells: Cells, part: OutagePart) -> OutagePart:
    """The incidents that can be used, each as often as it has components."""
    record, component = each_of(cells, "component")
    if len(record) == len(cells) and cells.usable.all():
        return part if "component" not in part.fields else replace(part, fields={**part.fields, "component": component})
    rows = np.flatnonzero(cells.usable[record])
    chosen = part.take(record[rows])
    if "component" not in part.fields:
        return chosen
    return replace(chosen, fields={**chosen.fields, "component": component.take(rows)})


def _ids(cells: Cells) -> pa.ChunkedArray:
    """The incidents' ids; one that is empty is named by its file and row."""
    rows = np.ascontiguousarray(cells.rows, np.int32)
    numbered = pa.Array.from_buffers(pa.int32(), len(rows), [None, pa.py_buffer(rows)]).cast(pa.string())
    made = pc.binary_join_element_wise(text_scalar(cells.sheet.path), numbered, text_scalar(":"))
    if not cells.has("incident_id"):
        return pa.chunked_array([made])
    return pc.coalesce(cells.text("incident_id"), made)


def meaning_of_planned(word: str) -> str:
    """Whether a word means planned, as ``true`` or ``false``; empty where it says neither."""
    return _PLANNED.get(folded(word), "")


def _planned(cells: Cells) -> dict[str, Words]:
    """The field ``planned`` with the words ``true`` and ``false``; a word that means neither is no word, and told."""
    column = cells.words("planned")
    if not len(column.words):
        return {}
    meanings = [meaning_of_planned(word) for word in column.words]
    unknown = np.array([*(not meaning for meaning in meanings), False])[column.codes]
    cells.remember_unknown("planned", column, cells.usable & unknown)
    return {"planned": mapped(column, meanings)}


def _remark_on_open(cells: Cells, end: Instants) -> None:
    still_open = np.flatnonzero(cells.usable & (end == MISSING))
    if len(still_open):
        cells.remarks.append(
            f"incidents without an end, which are open: {len(still_open)}{first_rows(cells, still_open)}"
        )
