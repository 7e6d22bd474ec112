"""The helpdesk's own results beside ours: where they agree, where they differ and by how much, and what may be why.

A cause is looked for by measuring again with one or two things changed that helpdesks are known to do otherwise
(another calendar, other pauses, up to the closing instead of the resolution). What then comes out as they say is the
likely cause; of several the one that changes least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence.tables import MISSING, NONE, Claimed, Table
from slaaudit.policy.model import TicketClause
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Small
    from slaaudit.policy import LoadedPolicy
    from slaaudit.results import Measurements

MINUTE = 60_000_000
_MEASURES = {"response": "first-response", "resolution": "resolution", "workaround": "workaround"}
_PAUSES = ((), ("waiting",), ("hold",), ("waiting", "hold"))
_RESULTS = {Verdict.MET: Claimed.MET, Verdict.BREACHED: Claimed.MISSED, Verdict.RUNNING: Claimed.RUNNING}

ROUNDING, TARGET, MOVED_TARGET, UNEXPLAINED = "rounding", "another target", "moved target", "unexplained"


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
class Reconciliation:
    """All claims beside our measurements. ``only_ours`` are decided measurements that no claim speaks of."""

    rows: Compared
    only_ours: Rows
    words: tuple[str, ...]


class _Variant(NamedTuple):
    """A way to measure otherwise: the kinds of change, in words, and what they are."""

    cause: str
    detail: str
    pauses: tuple[str, ...] | None = None
    calendar: str | None = None
    closed: bool = False


def reconciled(found: Audit) -> Reconciliation:
    """The claims of the evidence beside the measurements of ``found``, of which there must be any."""
    index = _Index.of(found)
    rows = _compared(found, index)
    words: dict[str, int] = {}
    rows = _explained(rows, found, index, words)
    return Reconciliation(rows, _only_ours(rows, found, index), tuple(words))


@dataclass(frozen=True)
class _Index:
    """The clauses by name, over all versions of the policy, and the last measurement of each ticket and clause."""

    names: tuple[str, ...]
    codes: tuple[Codes, ...]
    last: Rows

    @classmethod
    def of(cls, found: Audit) -> _Index:
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


def _clauses_about(found: Audit, index: _Index) -> dict[int, list[int]]:
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


def _compared(found: Audit, index: _Index) -> Compared:
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
    table = np.array([_RESULTS.get(verdict, NONE) for verdict in Verdict], np.int8)
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
    off = turned | _is_off(took) | _is_off(due) | _is_off(within)
    stand = np.where(compares, np.where(off, Stand.DIFFERS, Stand.AGREES), Stand.ONLY_THEIRS).astype(np.int8)
    none = np.full(len(claim), NONE, np.int32)
    return Compared(claim, place, stand, elapsed, took, due, within, turned, none, none)


def _difference(theirs: Instants, ours: Instants) -> Instants:
    return np.where((theirs == MISSING) | (ours == MISSING), MISSING, theirs - ours)


def _is_off(difference: Instants) -> Mask:
    found: Mask = (difference != MISSING) & (difference != 0)
    return found


def _only_ours(rows: Compared, found: Audit, index: _Index) -> Rows:
    """The decided measurements of clauses that some claim is about, where none speaks of this ticket."""
    measurements = found.measurements
    spoken = np.zeros(len(measurements) + 1, np.bool_)
    spoken[rows.measurement] = True
    named = index.named(measurements)
    covered = np.unique([name for names in _clauses_about(found, index).values() for name in names])
    decided = (measurements.verdict == Verdict.MET) | (measurements.verdict == Verdict.BREACHED)
    last = index.place(measurements.ticket, named) == np.arange(len(measurements))
    return np.flatnonzero(decided & last & np.isin(named, covered) & ~spoken[:-1]).astype(np.int64)


# --- causes ---------------------------------------------------------------------------------------------------------


class _Open(NamedTuple):
    """The rows whose cause is looked for: their ticket, clause, what they say, and by how much that may be off.

    ``longer`` marks those whose elapsed time is another than ours.
    """

    at: Rows
    ticket: Codes
    name: Codes
    elapsed: Instants
    due: Instants
    result: Small
    near: Instants
    longer: Mask


def _explained(rows: Compared, found: Audit, index: _Index, words: dict[str, int]) -> Compared:
    """The rows that differ, each with its likely cause."""
    cause, detail = rows.cause.copy(), rows.detail.copy()
    theirs = found.evidence.claims.take(rows.claim)
    near = np.maximum(theirs.unit, MINUTE)
    differs = rows.stand == Stand.DIFFERS

    def close(difference: Instants) -> Mask:
        found: Mask = (difference == MISSING) | (np.abs(difference) < near)
        return found

    def tell(where: Mask, name: str, about: str = "") -> None:
        cause[where] = words.setdefault(name, len(words))
        if about:
            detail[where] = words.setdefault(about, len(words))

    retargeted = differs & (rows.target_difference != MISSING) & (np.abs(rows.target_difference) >= near)
    tell(retargeted & close(rows.elapsed_difference), TARGET)
    left = differs & (cause == NONE)
    timed = (rows.elapsed_difference != MISSING) | (rows.due_difference != MISSING)
    ours = found.measurements.take(np.maximum(rows.measurement, 0))
    off = _is_off(rows.elapsed_difference) | _is_off(rows.due_difference)
    rounded = left & close(rows.elapsed_difference) & close(rows.due_difference) & off
    hair = (ours.target != MISSING) & (ours.elapsed != MISSING) & (np.abs(ours.elapsed - ours.target) < MINUTE)
    tell(rounded | (left & ~timed & rows.turned & hair), ROUNDING)
    at = np.flatnonzero(left & (cause == NONE))
    told = np.where(rows.elapsed_difference == MISSING, MISSING, rows.elapsed)
    if len(at):
        asked = _Open(
            at, theirs.ticket[at], index.named(ours)[at], told[at], theirs.due[at], theirs.result[at], near[at],
            ~close(rows.elapsed_difference)[at],
        )  # fmt: skip
        for variant, which in _reproduced(asked, found):
            mark = np.zeros(len(rows), np.bool_)
            mark[at[which]] = True
            tell(mark & (cause == NONE), variant.cause, variant.detail)
    left = differs & (cause == NONE)
    moved = (rows.due_difference != MISSING) & ~close(rows.due_difference)
    tell(left & moved & close(rows.elapsed_difference), MOVED_TARGET)
    tell(differs & (cause == NONE), UNEXPLAINED)
    return replace(rows, cause=cause, detail=detail)


def _reproduced(asked: _Open, found: Audit) -> Iterator[tuple[_Variant, Rows]]:
    """Each way to measure otherwise, with the rows for which it gives what they say; the surest ones first.

    First comes what gives all that they say, then what gives their elapsed time; a mere result is the last resort, and
    explained by a single change only.
    """
    tickets, place = np.unique(asked.ticket, return_inverse=True)
    evidence = found.evidence.only(tickets.astype(np.int64))
    tried: list[tuple[_Variant, Mask, Mask]] = []
    has_elapsed, has_due = asked.elapsed != MISSING, asked.due != MISSING
    for variant in _variants(found.policies):
        policies = [_otherwise(one, variant) for one in found.policies]
        again = audit(evidence, policies, AuditOptions(as_of=found.as_of, worksheets="none"))
        index = _Index.of(again)
        at = index.place(place.astype(np.int32), asked.name)
        rows = again.measurements.take(np.maximum(at, 0))
        known = at != NONE
        took = known & has_elapsed & (rows.elapsed != MISSING) & (np.abs(rows.elapsed - asked.elapsed) < asked.near)
        was_due = known & has_due & (rows.due_at != MISSING) & (np.abs(rows.due_at - asked.due) < asked.near)
        everything = (took | ~has_elapsed) & (was_due | ~has_due) & (has_elapsed | has_due)
        yield variant, np.flatnonzero(everything)
        single = " and " not in variant.cause
        judged = np.isin(rows.verdict, np.array([*_RESULTS], np.int8))
        same = (rows.verdict == Verdict.BREACHED) == (asked.result == Claimed.MISSED)
        by_result = known & judged & same & ~has_elapsed & ~has_due & single
        tried.append((variant, took & asked.longer, by_result))
    for variant, took, _ in tried:
        yield variant, np.flatnonzero(took)
    for variant, _, by_result in tried:
        yield variant, np.flatnonzero(by_result)


def _variants(policies: tuple[LoadedPolicy, ...]) -> list[_Variant]:
    """The single changes, then every two of them together."""
    calendars = dict.fromkeys(name for one in policies for name in one.policy.calendars)
    calendars["always"] = None
    paused = {
        (): "without pauses", ("waiting",): "pausing in waiting", ("hold",): "pausing in hold",
        ("waiting", "hold"): "pausing in waiting and hold",
    }  # fmt: skip
    single = [
        *(_Variant("pause", paused[states], pauses=states) for states in _PAUSES),
        *(_Variant("calendar", f"on {name}", calendar=name) for name in calendars),
        _Variant("closed instead of resolved", "up to the closing", closed=True),
    ]
    pairs = [_both(one, two) for one, two in combinations(single, 2) if one.cause != two.cause]
    return [*single, *pairs]


def _both(one: _Variant, two: _Variant) -> _Variant:
    return _Variant(
        f"{one.cause} and {two.cause}",
        f"{one.detail}, {two.detail}",
        two.pauses if one.pauses is None else one.pauses,
        one.calendar or two.calendar,
        one.closed or two.closed,
    )


def _otherwise(loaded: LoadedPolicy, variant: _Variant) -> LoadedPolicy:
    """The policy with all its clauses about tickets measured otherwise."""
    clauses = {
        name: _changed(clause, variant) if isinstance(clause, TicketClause) else clause
        for name, clause in loaded.policy.clauses.items()
    }
    return replace(loaded, policy=loaded.policy.model_copy(update={"clauses": clauses}))


def _changed(clause: TicketClause, variant: _Variant) -> TicketClause:
    clock: Mapping[str, object] = {}
    if variant.pauses is not None:
        clock = {**clock, "pauses": variant.pauses}
    if variant.closed:
        clock = {**clock, "stops": tuple("closed" if stop == "resolved" else stop for stop in clause.stops)}
    update: dict[str, object] = {"clock": clause.clock.model_copy(update=dict(clock))}
    if variant.calendar is not None:
        update["targets"] = {
            severity: tuple(rule.model_copy(update={"calendar": variant.calendar}) for rule in rules)
            for severity, rules in clause.targets.items()
        }
    return clause.model_copy(update=update)
