"""Rows that tell how a service changed to outages: each goes from a change to down until the next change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.intervals import first_rows
from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Instants, Mask, Rows, Small

UP, DOWN, UNWATCHED = 0, 1, 2
_MEANINGS = {"up": UP, "down": DOWN, "unwatched": UNWATCHED}
UNKNOWN = "neither up nor down; say what is meant with --value up_or_down:WORD=MEANING (up, down or unwatched)"
NEITHER = "it says neither up nor down"


def only_down(cells: Cells) -> None:
    """Pass over the rows of a file of periods that tell of none that was down."""
    states = _states(cells)
    cells.pass_over_by_word(np.flatnonzero(states != DOWN), cells.raw_words("up_or_down"))


def ends_by_changes(cells: Cells, start: Instants) -> Instants:
    """The end of each outage, the component's next change, in a file of changes; other rows are passed over.

    Where a service goes down while it is down, the outage goes on. Where the watching stops the outage is known to
    have lasted until then, and no longer.
    """
    states = _states(cells)
    column = cells.words("component")
    rows = np.flatnonzero(cells.usable & (start != MISSING))
    order = rows[np.lexsort((_among_equals(start, rows), start[rows], column.codes[rows]))]
    state, component = states[order], column.codes[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (state[1:] != state[:-1]) | (component[1:] != component[:-1])
    runs = np.flatnonzero(begins)
    following = np.concatenate([runs[1:], [0]])[: len(runs)]
    has_next = np.zeros(len(runs), np.bool_)
    has_next[:-1] = component[runs[1:]] == component[runs[:-1]]
    end = np.full(len(start), MISSING, np.int64)
    end[order[runs]] = np.where(has_next, start[order[following]], MISSING)
    is_down = np.zeros(len(start), np.bool_)
    is_down[order[runs[state[runs] == DOWN]]] = True
    _tell(cells, states, is_down, order[runs[has_next & (state[following] == UNWATCHED)]])
    return end


def _among_equals(start: Instants, rows: Rows) -> Rows:
    """What orders the changes of one instant: their order in the file, turned round where the newest stand first."""
    known = start[rows]
    is_newest_first = len(known) > 1 and known[0] > known[-1]
    return -rows if is_newest_first else rows


def is_change(word: str) -> bool:
    """Whether a word says that something is up, down or not watched."""
    return folded(word) in _MEANINGS


def _states(cells: Cells) -> Small:
    """What each row says; records that say nothing that is known are put aside."""
    column = cells.words("up_or_down")
    table = np.array([*(_MEANINGS.get(folded(word), NONE) for word in column.words), NONE], np.int8)
    states: Small = table[column.codes]
    cells.put_aside(np.flatnonzero(column.codes == NONE), NEITHER, "up_or_down")
    cells.put_aside(np.flatnonzero(states == NONE), UNKNOWN, "up_or_down")
    return states


def _tell(cells: Cells, states: Small, is_down: Mask, last_seen: Rows) -> None:
    """Pass over the rows that begin no outage, and tell of those that went down twice or whose end nobody saw."""
    again = np.flatnonzero(cells.usable & (states == DOWN) & ~is_down)
    if len(again):
        cells.remarks.append(f"changes to down while it was down, one outage: {len(again)}{first_rows(cells, again)}")
    unseen = last_seen[is_down[last_seen]]
    if len(unseen):
        said = f"{len(unseen)}{first_rows(cells, np.sort(unseen))}"
        cells.remarks.append(f"outages during which the watching stopped, counted up to then: {said}")
    cells.pass_over_by_word(np.flatnonzero(~is_down), cells.raw_words("up_or_down"))
