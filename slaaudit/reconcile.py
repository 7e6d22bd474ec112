"""The helpdesk's own results beside ours, and what may be why they differ.

A cause is looked for by measuring again with one or two things changed that helpdesks are known to do otherwise
(another calendar, other pauses, up to the closing instead of the resolution). What then comes out as they say is the
likely cause; of several the one that changes least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence.tables import MISSING, NONE, Claimed
from slaaudit.helpdesk_results import RESULTS, Index, Stand, compared, is_off, only_ours
from slaaudit.policy.model import TicketClause
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Small
    from slaaudit.helpdesk_results import Compared
    from slaaudit.policy import LoadedPolicy

MINUTE = 60_000_000
_PAUSES = ((), ("waiting",), ("hold",), ("waiting", "hold"))

ROUNDING, TARGET, MOVED_TARGET, UNEXPLAINED = "rounding", "another target", "moved target", "unexplained"


@dataclass(frozen=True)
class Reconciliation:
    """All claims beside our measurements. ``only_ours`` are decided measurements that no claim speaks of."""

    rows: Compared
    only_ours: Rows
    words: tuple[str, ...]


def reconciled(found: Audit) -> Reconciliation:
    """The claims of the evidence beside the measurements of ``found``, of which there must be any."""
    index = Index.of(found)
    rows = compared(found, index)
    words: dict[str, int] = {}
    rows = _explained(rows, found, index, words)
    return Reconciliation(rows, only_ours(rows, found, index), tuple(words))


class _Variant(NamedTuple):
    """A way to measure otherwise: the kinds of change, in words, and what they are."""

    cause: str
    detail: str
    pauses: tuple[str, ...] | None = None
    calendar: str | None = None
    closed: bool = False


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


def _explained(rows: Compared, found: Audit, index: Index, words: dict[str, int]) -> Compared:
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
    off = is_off(rows.elapsed_difference) | is_off(rows.due_difference)
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
        index = Index.of(again)
        at = index.place(place.astype(np.int32), asked.name)
        rows = again.measurements.take(np.maximum(at, 0))
        known = at != NONE
        took = known & has_elapsed & (rows.elapsed != MISSING) & (np.abs(rows.elapsed - asked.elapsed) < asked.near)
        was_due = known & has_due & (rows.due_at != MISSING) & (np.abs(rows.due_at - asked.due) < asked.near)
        everything = (took | ~has_elapsed) & (was_due | ~has_due) & (has_elapsed | has_due)
        yield variant, np.flatnonzero(everything)
        single = " and " not in variant.cause
        judged = np.isin(rows.verdict, np.array([*RESULTS], np.int8))
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
