"""States that a status alone does not tell: the reason beside it says for whom the ticket waits.

``On Hold`` of ServiceNow and ``Pending`` of Remedy stand for several states; a second column, or a second row of the
log, names the reason. A reason counts only beside the statuses that the profile names: elsewhere it is a leftover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.arrays import taken
from slaaudit.evidence.tables import NONE, Kind, Words
from slaaudit.evidence.vocabulary import STATE_NAMES
from slaaudit.evidence.words import encoded, folded, words_of

if TYPE_CHECKING:
    import pyarrow as pa

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Small


class LogColumns(NamedTuple):
    """What of a log's records bears on reasons: ticket, time, kind, value, and whether a record tells a reason."""

    ids: pa.ChunkedArray
    at: Instants
    kind: Small
    value: Words
    is_reason: Mask


def states_by_reason(cells: Cells, status: Words, states: Small) -> Small:
    """The states of a list's or snapshot's records, those of statuses with a known reason by that reason."""
    column = cells.layout.reason_column()
    if column is None:
        return states
    reason = words_of(cells.column(column))
    found = _meanings(cells.layout, reason)[reason.codes]
    asks = _asks(cells.layout, status)[status.codes]
    by_reason: Small = np.where(asks & (found != NONE), found, states)
    return by_reason


def _meanings(layout: Layout, reason: Words) -> Small:
    """The state that each word of ``reason`` means, -1 for none; the last one serves -1."""
    told = {folded(word): STATE_NAMES[folded(state)] for word, state in layout.reasons.states.items()}
    return np.array([*(told.get(folded(word), NONE) for word in reason.words), NONE], np.int8)


def _asks(layout: Layout, status: Words) -> Mask:
    """Which words of ``status`` leave the state to a reason; the last one serves -1."""
    of = set(map(folded, layout.reasons.of))
    return np.array([*(folded(word) in of for word in status.words), False])


def reason_events(cells: Cells, event: Words) -> Mask:
    """Which records of a log tell a reason."""
    names = set(map(folded, cells.layout.reasons.events))
    found: Mask = np.array([*(folded(word) in names for word in event.words), False])[event.codes]
    return found


def log_states(cells: Cells, log: LogColumns) -> tuple[Small, Words, Small]:
    """A log's kinds and values with changes of the reason as statuses, and the states that reasons tell, -1 for none.

    Status and reason of one instant are one change. A reason told later, while the status stays, is a change of its
    own; one beside another status says nothing and is passed over.
    """
    states: Small = np.full(len(log.kind), NONE, np.int8)
    told = np.flatnonzero(cells.usable & ((log.kind == Kind.STATUS) | log.is_reason))
    if not log.is_reason[told].any():
        return log.kind, log.value, states
    ticket, _ = encoded(taken(log.ids, told))
    order = np.lexsort((told, log.at[told], ticket))
    rows, ticket = told[order], ticket[order]
    at, is_reason = log.at[rows], log.is_reason[rows]
    begins = np.ones(len(rows), np.bool_)
    begins[1:] = ticket[1:] != ticket[:-1]
    instant = np.ones(len(rows), np.bool_)
    instant[1:] = begins[1:] | (at[1:] != at[:-1])
    last = np.append(np.flatnonzero(instant)[1:], len(rows))[np.cumsum(instant) - 1] - 1
    status = _latest(~is_reason, begins)[last]
    reason = _latest(is_reason, begins)[last]
    codes = log.value.codes[rows]
    asks = (status != NONE) & _asks(cells.layout, log.value)[codes[status]]
    found = np.where((reason != NONE) & asks, _meanings(cells.layout, log.value)[codes[reason]], NONE)
    own_instant = (status != NONE) & (at[status] == at)
    is_change = is_reason & asks & ~own_instant & (_followed(is_reason, instant) == 0)
    states[rows] = np.where(is_reason & ~is_change, NONE, np.where(~is_reason & (codes != codes[status]), NONE, found))
    kind, value = log.kind.copy(), log.value.codes.copy()
    kind[rows[is_change]] = Kind.STATUS
    value[rows[is_change]] = codes[status[is_change]]
    said = is_reason & ~is_change
    cells.usable[rows[said & own_instant & asks]] = False  # it is part of the change of status beside it
    cells.pass_over(np.sort(rows[said]), "a reason beside another status")
    return kind, Words(value, log.value.words), states


def _latest(which: Mask, begins: Mask) -> Codes:
    """The place of the last row of ``which`` up to each row of the same ticket, -1 for none."""
    place = np.arange(len(which))
    last = np.maximum.accumulate(np.where(which, place, NONE))
    first = np.maximum.accumulate(np.where(begins, place, 0))
    found: Codes = np.where(last >= first, last, NONE)
    return found


def _followed(which: Mask, instant: Mask) -> Rows:
    """How many rows of ``which`` follow each row within its instant."""
    so_far = np.cumsum(which, dtype=np.int64)
    last = np.append(np.flatnonzero(instant)[1:], len(which))[np.cumsum(instant) - 1] - 1
    found: Rows = so_far[last] - so_far
    return found
