"""Scheduled maintenance under a clause: which of it is excluded time, and what becomes of the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, Instants, Mask, Rows
from slaaudit.outages import Pieces, painted
from slaaudit.qualifying import plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.civil_spans import CivilSpan
    from slaaudit.evidence.incidents import Maintenance
    from slaaudit.policy.model import AvailabilityClause

_NONE: Instants = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Scheduled:
    """Excluded time, apart and in order; and what counts as an outage although it was scheduled.

    ``windows`` is the excluded time that no planned incident tells of.
    """

    excluded: Pieces = (_NONE, _NONE)
    windows: Pieces = (_NONE, _NONE)
    counted: Pieces = (_NONE, _NONE)
    exclusion: str = ""
    notes: tuple[str, ...] = field(default=())


def excluding(clause: AvailabilityClause) -> str:
    """The name of the exclusion that scheduled maintenance falls under, or nothing."""
    return next((name for name, condition in clause.excludes.items() if plans(condition)), "")


def scheduled(
    clause: AvailabilityClause,
    windows: Maintenance,
    planned: Pieces,
    budgets: Sequence[CivilSpan],
    *,
    component: str | None = None,
    as_of: int,
) -> Scheduled:
    """The maintenance of one component (None: of all) up to ``as_of``.

    ``planned`` are the incidents that the same exclusion takes out. ``budgets`` are the spans of the budget. A window
    that names no component concerns all of them.
    """
    name = excluding(clause)
    if not name:
        return Scheduled()
    own = windows.started_at < as_of
    if component is not None:
        wanted = np.array([word == component for word in windows.component.words] + [True], np.bool_)
        own &= wanted[windows.component.codes]
    from_at, to_at = windows.started_at[own], np.minimum(windows.ended_at[own], as_of)
    announced = windows.announced_at[own]
    told, late, notes = _noticed(clause.maintenance.notice, from_at, announced)
    beyond = clause.maintenance.otherwise == "downtime"
    if clause.maintenance.notice:
        planned = (_NONE, _NONE)  # nobody can see when an incident was announced
    begins, ends = joined(from_at[told], to_at[told], *planned)
    counted = (from_at[late], to_at[late]) if beyond else (_NONE, _NONE)
    if clause.maintenance.budget is not None:
        (begins, ends), rest = within_budget((begins, ends), clause.maintenance.budget, budgets)
        if beyond:
            counted = (np.concatenate([counted[0], rest[0]]), np.concatenate([counted[1], rest[1]]))
    return Scheduled((begins, ends), outside((begins, ends), planned), counted, name, tuple(notes))


def outside(pieces: Pieces, others: Pieces) -> Pieces:
    """The part of the pieces outside the others."""
    own = np.zeros(len(pieces[0]), np.int32)
    rank = np.concatenate([own, np.ones(len(others[0]), np.int32)])
    begins, ends, top = painted(np.concatenate([pieces[0], others[0]]), np.concatenate([pieces[1], others[1]]), rank)
    return begins[top == 0], ends[top == 0]


def _noticed(notice: int, from_at: Instants, announced: Instants) -> tuple[Mask, Mask, list[str]]:
    """The windows that were announced in time, those that were announced too late, and what could not be seen."""
    if not notice:
        return np.ones(len(from_at), np.bool_), np.zeros(len(from_at), np.bool_), []
    unseen = announced == MISSING
    told = ~unseen & (np.where(unseen, from_at, announced) <= from_at - notice)
    notes = []
    if number := int(np.count_nonzero(unseen)):
        notes.append(
            f"{number:,} windows of maintenance do not say when they were announced; the clause asks for notice, "
            "so they exclude nothing"
        )
    return told, ~told & ~unseen, notes


def joined(*columns: Instants) -> Pieces:
    """Pieces, given as pairs of columns, as pieces that are apart and in order."""
    from_at, to_at = np.concatenate(columns[::2]), np.concatenate(columns[1::2])
    begins, ends, _ = painted(from_at, to_at, np.zeros(len(from_at), np.int32))
    return begins, ends


def within_budget(pieces: Pieces, budget: int, budgets: Sequence[CivilSpan]) -> tuple[Pieces, Pieces]:
    """The pieces up to ``budget`` in each span, the earliest first; and what exceeds it."""
    from_at, to_at, span = cut_at(pieces, budgets)
    length = to_at - from_at
    used = np.cumsum(length) - length
    first = np.concatenate([[True], span[1:] != span[:-1]]) if len(span) else np.zeros(0, np.bool_)
    used -= np.repeat(used[first], np.diff(np.append(np.flatnonzero(first), len(span))))
    turn = from_at + np.clip(budget - used, 0, length)
    kept, over = turn > from_at, turn < to_at
    return (from_at[kept], turn[kept]), (turn[over], to_at[over])


def cut_at(pieces: Pieces, spans: Sequence[CivilSpan]) -> tuple[Instants, Instants, Rows]:
    """Sorted pieces cut at the edges of consecutive spans, each with the number of its span."""
    from_at, to_at = pieces
    edges = np.array([*(span.from_at for span in spans), spans[-1].to_at], np.int64)
    first = np.searchsorted(edges, from_at, side="right") - 1
    last = np.searchsorted(edges, to_at, side="left") - 1
    counts = last - first + 1
    owner = np.repeat(np.arange(len(from_at)), counts)
    span = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + first[owner]
    begins = np.maximum(from_at[owner], np.concatenate([edges, edges[-1:]])[np.maximum(span, 0)])
    begins = np.where(span < 0, from_at[owner], begins)
    ends = np.minimum(to_at[owner], np.append(edges, 2**62)[np.minimum(span + 1, len(edges))])
    return begins, ends, span
