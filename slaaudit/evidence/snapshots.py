"""Snapshots: one row a ticket's state at a moment. What changes from one to the next is an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence import fields as names
from slaaudit.evidence.arrays import nulls, taken
from slaaudit.evidence.lists import NO_ID, states_of
from slaaudit.evidence.parts import ListPart, LogPart, Moment
from slaaudit.evidence.reasons import states_by_reason
from slaaudit.evidence.tables import MISSING, NONE, Kind, State, Words
from slaaudit.evidence.words import encoded

if TYPE_CHECKING:
    import pyarrow as pa

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.logs import Vocabularies
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows
    from slaaudit.evidence.timestamps import Column

_STATES = {"severity": Kind.SEVERITY, "assigned_to": Kind.ASSIGNED, "status": Kind.STATUS}
"""The columns whose changes are events, in the order of the events of one row."""


class _Changes(NamedTuple):
    """Changes of one column: the (ordered) rows that show them, and the values before and after."""

    kind: Kind
    rows: Rows
    value: Codes
    old: Codes
    word: Codes


class _Ordered(NamedTuple):
    """The usable records by ticket, time and row; ``first`` marks each ticket's first, ``last`` its last."""

    rows: Rows
    ids: pa.ChunkedArray
    at: Instants
    first: Mask
    last: Mask


def snapshot_parts(cells: Cells, file: int, shared: Vocabularies) -> tuple[ListPart, LogPart]:
    """The tickets with their last known fields, and the events that the changes are."""
    ids = cells.text("ticket_id")
    cells.put_aside(np.flatnonzero(nulls(ids)), NO_ID, "ticket_id")
    at = cells.times("at")
    cells.put_aside(np.flatnonzero(at.at == MISSING), "no time", "at")
    created = cells.times("created_at") if cells.has("created_at") else None
    ordered = _ordered(cells, ids, at.at)
    changes = [_changes(cells, field, ordered, shared) for field in _STATES if cells.has(field)]
    log = _log(cells, file, ordered, at, changes, shared)
    return _tickets(cells, file, ordered, at, created), log


def _ordered(cells: Cells, ids: pa.ChunkedArray, at: Instants) -> _Ordered:
    usable = np.flatnonzero(cells.usable)
    codes, _ = encoded(taken(ids, usable))
    order = np.lexsort((usable, at[usable], codes))
    rows, codes = usable[order], codes[order]
    starts = np.ones(len(rows), np.bool_)
    starts[1:] = codes[1:] != codes[:-1]
    ends = np.roll(starts, -1)
    return _Ordered(rows, taken(ids, rows), at[rows], starts, ends)


def _changes(cells: Cells, field: str, ordered: _Ordered, shared: Vocabularies) -> _Changes:
    """The changes of one column; a ticket's first known value is one, with nothing before it.

    An empty status says nothing; an empty severity or assignee is a value taken away.
    """
    raw = cells.raw_words(field)
    kind = _STATES[field]
    word = shared.words.codes(raw)[ordered.rows]
    value = _values(cells, field, raw, shared)[ordered.rows]
    told = np.flatnonzero(word != NONE) if kind is Kind.STATUS else np.arange(len(word))
    starts = _starts(ordered, told)
    before_word, before = _shifted(word[told], starts), _shifted(value[told], starts)
    same_value = value[told] == before
    is_change = (word[told] != before_word) & ~(same_value & (kind is Kind.SEVERITY))
    if kind is Kind.STATUS:
        is_change |= ~same_value  # the same status for another reason
    chosen = told[is_change]
    return _Changes(kind, chosen, value[chosen], before[is_change], word[chosen])


def _values(cells: Cells, field: str, raw: Words, shared: Vocabularies) -> Codes:
    """A column's values as events hold them."""
    if field == "status":
        states = states_by_reason(cells, raw, states_of(cells.layout, raw))
        cells.remember_unknown("status", raw, states == State.UNKNOWN)
        return states.astype(np.int32)
    return shared.severities.codes(cells.words(field)) if field == "severity" else shared.words.codes(raw)


def _starts(ordered: _Ordered, told: Rows) -> Mask:
    """Which of the rows ``told`` are the first of their ticket among them."""
    ticket = np.cumsum(ordered.first)[told]
    starts = np.ones(len(told), np.bool_)
    starts[1:] = ticket[1:] != ticket[:-1]
    return starts


def _shifted(column: Codes, starts: Mask) -> Codes:
    """Each row's value in the row before it, -1 in a ticket's first row."""
    before = np.roll(column, 1)
    before[starts] = NONE
    return before


def _log(
    cells: Cells, file: int, ordered: _Ordered, at: Column, changes: list[_Changes], shared: Vocabularies
) -> LogPart:
    """The changes as events: by row, and within a row by kind."""
    position = np.concatenate([each.rows for each in changes]) if changes else np.zeros(0, np.int64)
    kind = np.concatenate([np.full(len(each.rows), each.kind, np.int8) for each in changes])
    order = np.lexsort((kind, position))
    position, kind = position[order], kind[order]
    rows = ordered.rows[position]
    who = cells.raw_words("actor")
    actors = cells.actors("actor", "actor_group")
    value, old, word = (
        np.concatenate([getattr(each, name) for each in changes])[order] for name in ("value", "old", "word")
    )
    moment = Moment(at.at[rows], None if at.doubtful is None else at.doubtful[rows], cells.header("at"), at.unit)
    return LogPart(
        file,
        taken(ordered.ids, position),
        moment,
        cells.rows[rows],
        kind,
        actors[rows],
        value,
        old,
        np.where(kind == Kind.ASSIGNED, NONE, word).astype(np.int32),
        shared.words.codes(Words(who.codes[rows], who.words)),
        frozenset(int(each.kind) for each in changes),
        is_derived=True,
    )


def _tickets(cells: Cells, file: int, ordered: _Ordered, at: Column, created: Column | None) -> ListPart:
    """One row a ticket: its creation, and the last value of every other column."""
    first, last = np.flatnonzero(ordered.first), np.flatnonzero(ordered.last)
    rows = ordered.rows[first]
    made = created or at
    doubtful = None if made.doubtful is None else made.doubtful[rows]
    moment = Moment(made.at[rows], doubtful, cells.header("created_at" if created else "at"), made.unit)
    fields = [
        field
        for field in cells.fields
        if field not in (*names.TIMES[names.SNAPSHOTS], "ticket_id", "actor", "actor_group")
    ]
    words = {field: _last_known(cells, field, ordered, last) for field in fields}
    status = words.get("status", Words(np.full(len(first), NONE, np.int32), ()))
    return ListPart(
        file,
        taken(ordered.ids, first),
        cells.rows[rows],
        {"created_at": moment},
        {**words, "status": status},
        states_of(cells.layout, status),
        cells.actors("created_by")[rows],
        is_derived=True,
        last_at=ordered.at[last],
    )


def _last_known(cells: Cells, field: str, ordered: _Ordered, last: Rows) -> Words:
    """Each ticket's last value of a column that is not empty."""
    column = cells.raw_words(field) if field == "status" else cells.words(field)
    codes = column.codes[ordered.rows]
    known = np.where(codes != NONE, np.arange(len(codes)), NONE)
    latest = np.maximum.accumulate(known)[last] if len(known) else known
    starts = np.flatnonzero(ordered.first)
    found = np.where((latest >= starts) & (latest != NONE), codes[latest], NONE)
    return Words(found.astype(np.int32), column.words)
