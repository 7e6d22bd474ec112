"""A list of tickets: one row a ticket, moments in columns."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence import fields as names
from slaaudit.evidence.arrays import nulls, taken
from slaaudit.evidence.parts import ListPart, Moment
from slaaudit.evidence.reasons import states_by_reason
from slaaudit.evidence.tables import NONE, State, Words
from slaaudit.evidence.vocabulary import STATE_NAMES, STATES
from slaaudit.evidence.vocabulary import plain as plain_word
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.tables import Small
    from slaaudit.evidence.timestamps import Column

NO_ID = "no ticket id"


def list_part(cells: Cells, file: int) -> ListPart:
    """The tickets of a list, without the records that cannot be used."""
    ids = cells.text("ticket_id")
    cells.put_aside(np.flatnonzero(nulls(ids)), NO_ID, "ticket_id")
    times = [field for field in names.TICKET_TIMES if cells.has(field)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        cells.begin_times(times, pool)
        moments = {field: _moment(cells, field) for field in times}
    status = cells.raw_words("status")
    told = names.MILESTONES if all(map(cells.has, names.MILESTONES)) else ()
    words = {
        field: cells.words(field) if field in names.JUDGED[names.TICKETS] else cells.unread_words(field)
        for field in cells.fields
        if _is_word(field) and field not in told
    }
    states = states_by_reason(cells, status, states_of(cells.layout, status))
    cells.remember_unknown("status", status, cells.usable & (states == State.UNKNOWN))
    created_by = cells.actors("created_by")
    totals = {field: cells.total(field) for field in names.TICKET_TOTALS if cells.has(field)}
    part = ListPart(file, ids, cells.rows, moments, {**words, "status": status}, states, created_by, totals=totals)
    return part if cells.usable.all() else _some(part, np.flatnonzero(cells.usable))


def _is_word(field: str) -> bool:
    return field not in (*names.TICKET_TIMES, *names.TICKET_TOTALS, "ticket_id", "status")


def _moment(cells: Cells, field: str) -> Moment:
    column: Column = cells.times(field)
    return Moment(column.at, column.doubtful, cells.header(field), column.unit)


def states_of(layout: Layout, status: Words) -> Small:
    """The state of each status word, -1 where there is no word."""
    table = np.array([*(_state(layout, word) for word in status.words), NONE], np.int8)
    states: Small = table[status.codes]
    return states


def _state(layout: Layout, word: str) -> State:
    meaning = layout.values.get("status", {}).get(folded(word))
    if meaning is not None:
        return STATE_NAMES.get(folded(meaning), State.UNKNOWN)
    return STATES.get(plain_word(word), State.UNKNOWN)


def _some(part: ListPart, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> ListPart:
    moments = {
        field: Moment(
            moment.at[rows], None if moment.doubtful is None else moment.doubtful[rows], moment.column, moment.unit
        )
        for field, moment in part.moments.items()
    }
    words = {field: column.take(rows) for field, column in part.words.items()}
    return ListPart(
        part.file,
        taken(part.ids, rows),
        part.rows[rows],
        moments,
        words,
        part.states[rows],
        part.created_by[rows],
        totals={field: total.take(rows) for field, total in part.totals.items()},
    )
