"""The extremes beside an audit: how many breaches the reading kindest to either side would make of the same evidence.

They are exact or not told at all. Clauses that no reading touches are not audited again; where the others would take
long, nothing is counted unless it was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.dispute import MAX_COMBINATIONS, dispute
from slaaudit.extremes import Extreme, Extremes, extremes
from slaaudit.policy.consistent import readings_of_all
from slaaudit.policy.variants import clauses_of, combinations_of
from slaaudit.results import Verdict
from slaaudit.service_dispute import service_dispute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.standing import ClauseDispute

UNASKED = 10_000_000
"""How many verdicts (tickets times combinations) are evaluated without being asked for: about a second's work."""
_OF_A_SERVICE = 20  # a row about a service takes as long as so many tickets


@dataclass(frozen=True)
class BothSides:
    """Breaches (tickets x clauses, and periods of a service) by the readings in force, and the extremes.

    ``extremes`` is None where they were not counted; ``work`` is how many verdicts that would take, ``combinations``
    the most that a clause has.
    """

    in_force: int
    extremes: Extremes | None
    work: int
    combinations: int

    @property
    def can_be_counted(self) -> bool:
        """Whether no clause has more combinations than are evaluated."""
        return self.combinations <= MAX_COMBINATIONS


def both_sides(
    audit: Audit,
    service: Assessment | None,
    *,
    at_any_cost: bool = False,
    step: Callable[..., None] = lambda *_: None,
) -> BothSides:
    """The extremes of an audit and of what was assessed beside it."""
    in_force = _breached(audit, service)
    open_clauses = list(_open_clauses(audit))
    rows = len(audit.evidence.tickets) + _OF_A_SERVICE * _rows_about(service)
    work = rows * sum(count for _, _, count in open_clauses)
    uncounted = BothSides(in_force, None, work, max((count for _, _, count in open_clauses), default=1))
    if not uncounted.can_be_counted or (work > UNASKED and not at_any_cost):
        return uncounted
    found: list[ClauseDispute] = []
    every = [readings_of_all(loaded, MAX_COMBINATIONS) for loaded in audit.policies] if open_clauses else []
    for number, clause, _ in open_clauses:
        readings = every[number][clause]
        about_tickets = dispute(audit, number, readings, step)
        about_service = service_dispute(service, number, readings, step) if service else None
        found += [each for each in (about_tickets, about_service) if each is not None]
    both = extremes(found, len(audit.policies))
    if both is None:
        return uncounted
    settled = in_force - sum(int(np.count_nonzero(one.table.breached)) for one in found)
    return replace(uncounted, extremes=Extremes(_more(both.customer, settled), _more(both.vendor, settled)))


def _open_clauses(audit: Audit) -> Iterator[tuple[int, str, int]]:
    """The clauses that some reading touches, with the number of combinations."""
    for number, loaded in enumerate(audit.policies):
        for clause in clauses_of(loaded):
            count = combinations_of(loaded, clause)
            if count > 1:
                yield number, clause, count


def _rows_about(service: Assessment | None) -> int:
    if service is None:
        return 0
    known = service.operations
    return len(known.incidents) + len(known.maintenance) + len(known.usage)


def _breached(audit: Audit, service: Assessment | None) -> int:
    """Tickets x clauses with a breach, and periods with one."""
    rows = audit.measurements
    over = np.flatnonzero(rows.verdict == Verdict.BREACHED)
    keys = (rows.ticket[over].astype(np.int64) << 24) | (rows.policy[over].astype(np.int64) << 16) | rows.clause[over]
    periods = service.uptimes if service else ()
    return len(np.unique(keys)) + sum(row.verdict is Verdict.BREACHED for row in periods)


def _more(extreme: Extreme, settled: int) -> Extreme:
    return replace(extreme, breached=extreme.breached + settled)
