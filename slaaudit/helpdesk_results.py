"""The helpdesk's own results beside ours, row by row: where they agree, where they differ and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Claimed, Table
from slaaudit.policy.model import TicketClause
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Small
    from slaaudit.results import Measurements

_MEASURES = {"response": "first-response", "resolution": "resolution", "workaround": "workaround"}
#: The helpdesk's word for each verdict of ours that it can have.
RESULTS = {Verdict.MET: Claimed.MET, Verdict.BREACHED: Claimed.MISSED, Verdict.RUNNING: Claimed.RUNNING}


class Stand(IntEnum):
    """How a result of the helpdesk's stands to ours."""

    AGREES = 0
    DIFFERS = 1
    ONLY_THEIRS = 2  # no clause of ours is about it, or we have no verdict


@dataclass(frozen=True)
class Compared(Table):
    """One row a claim and clause. ``claim`` indexes ``Evidence.claims``, ``measurement`` ``Audit.measurements``.

    ``elapsed`` is what they say it took, or what their time left comes to. The differences are theirs less ours,
    MISSING where either side has none; ``turned`` marks other results. ``cause`` and ``detail`` index
    ``Reconciliation.words``, -1 where there is nothing to explain.
    """

    claim: Rows
    measurement: Rows
    stand: Small
    elapsed: Instants
    elapsed_difference: Instants
    due_difference: Instants
    target_difference: Instants
    turned: Mask
    cause: Codes
    detail: Codes


@dataclass(frozen=True)
class Index:
    """The clauses by name, over all versions of the policy, and the last measurement of each ticket and clause."""

    names: tuple[str, ...]
    codes: tuple[Codes, ...]
    last: Rows

    @classmethod
    def of(cls, found: Audit) -> Index:
        """That of an audit."""
        names = tuple(dict.fromkeys(name for one in found.policies for name in one.policy.clauses))
        codes = tuple(np.array([names.index(name) for name in one.policy.clauses], np.int32) for one in found.policies)
        return cls(names, codes, _last(found.measurements, names, codes, len(found.evidence.tickets)))

    def named(self, rows: Measurements) -> Codes:
        """The name of each measurement's clause."""
        return _named(rows, self.codes)

    def place(self, ticket: Codes, name: Codes) -> Rows:
        """The last measurement of each ticket and clause, -1 where there is none."""
        found: Rows = self.last[ticket.astype(np.int64) * len(self.names) + name]
        return found


def _named(rows: Measurements, codes: tuple[Codes, ...]) -> Codes:
    named = np.zeros(len(rows), np.int32)
    for policy, code in enumerate(codes):
        mine = rows.policy == policy
        named[mine] = code[rows.clause[mine]]
    return named


def _last(rows: Measurements, names: tuple[str, ...], codes: tuple[Codes, ...], tickets: int) -> Rows:
    last = np.full(tickets * len(names), NONE, np.int64)
    key = rows.ticket.astype(np.int64) * len(names) + _named(rows, codes)
    ends = np.ones(len(key), np.bool_)
    ends[:-1] = key[1:] != key[:-1]  # measurements stand by ticket, clause and cycle
    last[key[ends]] = np.flatnonzero(ends)
    return last


def _clauses_about(found: Audit, index: Index) -> dict[int, list[int]]:
    """The clauses that each kind of claim is about: those of its measure, or the one of its name."""
    about: dict[int, list[int]] = {}
    for kind in np.unique(found.evidence.claims.kind).tolist():
        word = found.evidence.words[kind]
        measures = {
            name
            for one in found.policies
            for name, clause in one.policy.clauses.items()
            if isinstance(clause, TicketClause) and clause.measure == _MEASURES.get(word)
        }
        about[kind] = [code for code, name in enumerate(index.names) if name in measures or name == word]
    return about


def compared(found: Audit, index: Index) -> Compared:
    """Every claim beside the last measurement of each clause that it is about."""
    claims, measurements = found.evidence.claims, found.measurements
    about = _clauses_about(found, index)
    which = [np.flatnonzero(claims.kind == kind) for kind, names in about.items() for _ in names or [NONE]]
    named = [
        np.full(len(rows), name)
        for rows, name in zip(which, (n for ns in about.values() for n in ns or [NONE]), strict=True)
    ]
    claim = np.concatenate([*which, np.zeros(0, np.int64)]).astype(np.int64)
    name = np.concatenate([*named, np.zeros(0, np.int64)]).astype(np.int32)
    order = np.lexsort((name, claim))
    claim, name = claim[order], name[order]
    if found.period is not None:  # what is outside the period is no matter of this report
        inside = np.isin(claims.ticket[claim], measurements.ticket)
        claim, name = claim[inside], name[inside]
    theirs = claims.take(claim)
    place = np.where(name == NONE, NONE, index.place(theirs.ticket, np.maximum(name, 0)))
    ours = measurements.take(np.maximum(place, 0))
    table = np.array([RESULTS.get(verdict, NONE) for verdict in Verdict], np.int8)
    result = np.where(place == NONE, NONE, table[ours.verdict])
    compares = result != NONE
    target = np.where(theirs.target == MISSING, np.where(compares, ours.target, MISSING), theirs.target)
    by_left = (theirs.elapsed == MISSING) & (theirs.left != MISSING) & (target != MISSING)
    elapsed = np.where(by_left, target - theirs.left, theirs.elapsed)
    # what is not missed so far is kept for one helpdesk and running for the next
    turned = compares & (theirs.result != NONE) & ((theirs.result == Claimed.MISSED) != (result == Claimed.MISSED))
    stopped = compares & (ours.stopped_at != MISSING)  # what an open clock took depends on when one looks
    took = _difference(elapsed, np.where(stopped, ours.elapsed, MISSING))
    due = _difference(theirs.due, np.where(compares, ours.due_at, MISSING))
    within = _difference(theirs.target, np.where(compares, ours.target, MISSING))
    off = turned | is_off(took) | is_off(due) | is_off(within)
    stand = np.where(compares, np.where(off, Stand.DIFFERS, Stand.AGREES), Stand.ONLY_THEIRS).astype(np.int8)
    none = np.full(len(claim), NONE, np.int32)
    return Compared(claim, place, stand, elapsed, took, due, within, turned, none, none)


def _difference(theirs: Instants, ours: Instants) -> Instants:
    return np.where((theirs == MISSING) | (ours == MISSING), MISSING, theirs - ours)


def is_off(difference: Instants) -> Mask:
    """Where there is a difference that is not none."""
    found: Mask = (difference != MISSING) & (difference != 0)
    return found


def only_ours(rows: Compared, found: Audit, index: Index) -> Rows:
    """The decided measurements of clauses that some claim is about, where none speaks of this ticket."""
    measurements = found.measurements
    spoken = np.zeros(len(measurements) + 1, np.bool_)
    spoken[rows.measurement] = True
    named = index.named(measurements)
    covered = np.unique([name for names in _clauses_about(found, index).values() for name in names])
    decided = (measurements.verdict == Verdict.MET) | (measurements.verdict == Verdict.BREACHED)
    last = index.place(measurements.ticket, named) == np.arange(len(measurements))
    return np.flatnonzero(decided & last & np.isin(named, covered) & ~spoken[:-1]).astype(np.int64)
