"""A log of events: one row an event."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.arrays import nulls, taken
from slaaudit.evidence.creations import with_creations
from slaaudit.evidence.lists import NO_ID, states_of
from slaaudit.evidence.parts import LogPart, Moment
from slaaudit.evidence.reasons import LogColumns, log_states, reason_events
from slaaudit.evidence.tables import MISSING, NONE, Actor, Kind, State, Words
from slaaudit.evidence.vocabulary import KINDS, is_moment
from slaaudit.evidence.vocabulary import plain as plain_word
from slaaudit.evidence.words import Pool, folded, mapped, with_meanings

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Small

_NAMES = ("created", "reply", "note", "status", "severity", "assigned", "workaround")


class Vocabularies(NamedTuple):
    """The vocabularies that all files share."""

    words: Pool
    severities: Pool


def vocabularies() -> Vocabularies:
    """Empty ones. Severities that differ only in case are one."""
    return Vocabularies(Pool(), Pool(folded))


def log_part(cells: Cells, file: int, shared: Vocabularies) -> LogPart:
    """The events of a log, without the records that cannot be used."""
    ids = cells.text("ticket_id")
    cells.put_aside(np.flatnonzero(nulls(ids)), NO_ID, "ticket_id")
    event = cells.raw_words("event")
    is_reason = reason_events(cells, event)
    kind = _kinds(cells, event, is_reason)
    at = cells.times("at")
    cells.put_aside(np.flatnonzero(at.at == MISSING), "no time", "at")
    value, old = cells.raw_words("value"), cells.raw_words("old")
    value = _with_named_moments(kind, event, value)
    kind, value, by_reason = log_states(cells, LogColumns(ids, at.at, kind, value, is_reason))
    lacking = np.flatnonzero((kind == Kind.STATUS) & (value.codes == NONE))
    cells.put_aside(lacking, "a status event without a value", "value" if cells.has("value") else "")
    who = cells.raw_words("actor")
    actor = cells.actors("actor", "actor_group")
    values = _values(cells, kind, value, shared)
    values = np.where(by_reason != NONE, by_reason, values).astype(np.int32)
    cells.remember_unknown("status", value, cells.usable & (kind == Kind.STATUS) & (values == State.UNKNOWN))
    cells.remember_unknown("actor", who, cells.usable & (kind == Kind.REPLY) & (actor == Actor.UNKNOWN))
    rows = _as_they_happen(np.flatnonzero(cells.usable), (cells.rows, at.at, who.codes), kind)
    part = LogPart(
        file,
        taken(ids, rows),
        Moment(at.at[rows], None if at.doubtful is None else at.doubtful[rows], cells.header("at"), at.unit),
        cells.rows[rows],
        kind[rows],
        actor[rows],
        values[rows],
        _values(cells, kind, old, shared)[rows],
        _raw(kind, value, shared)[rows],
        shared.words.codes(who)[rows],
        frozenset(int(each) for each in np.unique(kind[rows])),
    )
    creates = cells.layout.base.creates or cells.layout.mapping.creates
    return with_creations(part) if creates else part


def _as_they_happen(rows: Rows, update: tuple[Codes, Instants, Codes], kind: Small) -> Rows:
    """The records, those of one update by their kind: what one row of the file tells of one instant and actor.

    >>> row, at, who = np.array([2, 2, 3]), np.array([5, 5, 5]), np.array([0, 0, 0])
    >>> _as_they_happen(np.arange(3), (row, at, who), np.array([Kind.STATUS, Kind.REPLY, Kind.CREATED]))
    array([1, 0, 2])
    """
    same = np.ones(max(len(rows) - 1, 0), np.bool_)
    for column in update:
        own = column[rows]
        same &= own[1:] == own[:-1]
        if not same.any():
            return rows
    number = np.cumsum(np.append(True, ~same))
    return rows[np.lexsort((kind[rows], number))]


def _kinds(cells: Cells, event: Words, is_reason: Mask) -> Small:
    """Each record's kind, -1 for one that tells a reason; records of an unknown event are put aside."""
    passes = passes_over(cells.layout)
    found = [kind_of(cells.layout, word) for word in event.words]
    table = np.array([*(NONE if kind is None else kind for kind in found), NONE], np.int8)
    kind: Small = table[event.codes]
    cells.put_aside(np.flatnonzero(event.codes == NONE), "no event", "event")
    for code, word in enumerate(event.words):
        if found[code] is not None or is_reason[event.codes == code].any():
            continue
        if passes:
            cells.pass_over(np.flatnonzero(event.codes == code), word)
        else:
            near = get_close_matches(plain_word(word), KINDS, 1, 0.6)
            hint = f"; nearest is {near[0]!r}" if near else f"; known are {', '.join(_NAMES)}"
            cells.put_aside(np.flatnonzero(event.codes == code), f"unknown event{hint}", "event", event)
    return kind


def passes_over(layout: Layout) -> bool:
    """Whether events that nothing explains are passed over; then only the words of the mapping count."""
    return "passed-over" in (layout.base.other_events, layout.mapping.other_events)


def kind_of(layout: Layout, word: str) -> Kind | None:
    """What an event's word means; None where nothing tells."""
    meaning = layout.values.get("event", {}).get(folded(word), "" if passes_over(layout) else word)
    return KINDS.get(plain_word(meaning))


def _with_named_moments(kind: Small, event: Words, value: Words) -> Words:
    """The values, where an event like ``resolved`` without a value stands for the status of that name."""
    named = np.array([*(is_moment(word) for word in event.words), False])[event.codes]
    fill = (kind == Kind.STATUS) & named & (value.codes == NONE)
    if not fill.any():
        return value
    codes = np.where(fill, event.codes + len(value.words), value.codes).astype(np.int32)
    return Words(codes, (*value.words, *event.words))


def _values(cells: Cells, kind: Small, value: Words, shared: Vocabularies) -> Codes:
    """Values in the code of their kind: states, severities, or words."""
    result: Codes = np.full(len(kind), NONE, np.int32)
    is_status, is_severity = kind == Kind.STATUS, kind == Kind.SEVERITY
    other = ~is_status & ~is_severity
    result[is_status] = states_of(cells.layout, _where(value, is_status))
    meanings = cells.layout.values.get("severity", {})
    result[is_severity] = shared.severities.codes(with_meanings(_where(value, is_severity), meanings))
    result[other] = shared.words.codes(_where(value, other))
    return result


def _raw(kind: Small, value: Words, shared: Vocabularies) -> Codes:
    """The words as they stand, of statuses and severities."""
    told = (kind == Kind.STATUS) | (kind == Kind.SEVERITY)
    result: Codes = np.full(len(kind), NONE, np.int32)
    result[told] = shared.words.codes(_where(value, told))
    return result


def _where(column: Words, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Words:
    """Some rows of a column, with the words that these rows use."""
    codes = column.codes[chosen]
    used = np.unique(codes[codes != NONE])
    if len(used) == len(column.words):
        return Words(codes, column.words)
    table = np.full(len(column.words) + 1, NONE, np.int32)
    table[used] = np.arange(len(used), dtype=np.int32)
    return mapped(
        Words(table[codes], tuple(column.words[code] for code in used)), [column.words[code] for code in used]
    )
