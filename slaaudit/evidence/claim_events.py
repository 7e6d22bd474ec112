"""A log of a helpdesk's own clocks as claims: one promise applied, measured, missed or fulfilled after the other.

Zendesk writes such a log (``ticket_metric_events``): each clock of a ticket (a metric and its instance) has a row for
each thing that happens to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.arrays import nulls, taken
from slaaudit.evidence.tables import MISSING, NONE, Claimed
from slaaudit.evidence.words import encoded, folded, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Small, Words

APPLIED, MISSED, FULFILLED, MEASURED = "applied", "missed", "fulfilled", "measured"
FIELDS = ("claim_event", "claim_instance", "claim_hours", "claimed_business")


class ClaimedClocks(NamedTuple):
    """One row a clock that a promise was applied to; ``row`` is its last record, ``instance`` its number's word."""

    row: Rows
    instance: Words
    result: Small
    elapsed: Instants
    due: Instants
    target: Instants
    unit: int


def claimed_clocks(cells: Cells, lengths: Callable[[str], tuple[Instants, int]]) -> ClaimedClocks:
    """The clocks of a log. ``lengths`` reads a field's lengths of time with their grain.

    The target is the last one applied, the elapsed time the last one measured, in business hours where the promise
    counts those; what was missed was due when it was missed.
    """
    ids, at = cells.text("ticket_id"), cells.times("at").at
    usable = np.flatnonzero(cells.usable & ~nulls(ids) & (at != MISSING))
    claim, instance = cells.raw_words("claim"), cells.raw_words("claim_instance")
    ticket, _ = encoded(taken(ids, usable))
    order = np.lexsort((usable, at[usable], instance.codes[usable], claim.codes[usable], ticket))
    rows, ticket = usable[order], ticket[order]
    first = np.zeros(len(rows), np.bool_)
    first[:1] = True
    for column in (ticket, claim.codes[rows], instance.codes[rows]):
        first[1:] |= column[1:] != column[:-1]
    clock = np.cumsum(first) - 1
    count = int(clock[-1]) + 1 if len(clock) else 0
    event = _events(cells)[rows]
    targets, grain = lengths("claimed_target")
    lasted, _ = lengths("claimed_elapsed")
    in_business, _ = lengths("claimed_business")
    applied = _last(clock, (event == _EVENTS[APPLIED]), count)
    by_hours = np.zeros(count, np.bool_)
    there = applied != NONE
    by_hours[there] = _truths(cells, "claim_hours")[rows[applied[there]]]
    chosen = np.where(by_hours[clock], in_business[rows], lasted[rows])
    measured = _last(clock, (event == _EVENTS[MEASURED]) & (chosen != MISSING), count)
    missed = _last(clock, event == _EVENTS[MISSED], count)
    fulfilled = _last(clock, event == _EVENTS[FULFILLED], count)
    result = np.select(
        [missed != NONE, fulfilled != NONE], [np.int8(Claimed.MISSED), np.int8(Claimed.MET)], np.int8(Claimed.RUNNING)
    ).astype(np.int8)
    ends = _last(clock, np.ones(len(rows), np.bool_), count)
    kept = np.flatnonzero(there)
    return ClaimedClocks(
        rows[ends[kept]],
        instance,
        result[kept],
        _at(chosen, measured)[kept],
        _at(at[rows], missed)[kept],
        _at(targets[rows], applied)[kept],
        grain,
    )


_EVENTS = {name: code for code, name in enumerate((APPLIED, MISSED, FULFILLED, MEASURED))}


def _events(cells: Cells) -> Codes:
    """What happened to the clock in each record, -1 for what is no matter here."""
    meanings = cells.layout.values.get("claim_event", {})
    word = cells.raw_words("claim_event")
    table = [_EVENTS.get(meanings.get(folded(each), each), NONE) for each in word.words]
    found: Codes = np.array([*table, NONE], np.int32)[word.codes]
    return found


def _truths(cells: Cells, field: str) -> Mask:
    if not cells.has(field):
        return np.zeros(len(cells), np.bool_)
    word = words_of(cells.text(field))
    found: Mask = np.array([*(folded(each) == "true" for each in word.words), False])[word.codes]
    return found


def _last(clock: Rows, which: Mask, count: int) -> Rows:
    """The place of each clock's last record of ``which``, -1 for none."""
    last = np.full(count, NONE, np.int64)
    places = np.flatnonzero(which)
    np.maximum.at(last, clock[places], places)
    return last


def _at(column: Instants, place: Rows) -> Instants:
    return np.where(place == NONE, MISSING, np.append(column, MISSING)[place])
