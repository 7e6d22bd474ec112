"""How a promise was kept over one period, whether it is about a service or about tickets: what credits go by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.civil_spans import CivilSpan, spans
from slaaudit.evidence.tables import MISSING, Rows
from slaaudit.policy.model import TicketClause
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.availability import Uptime
    from slaaudit.policy import LoadedPolicy
    from slaaudit.results import Measurements


@dataclass(frozen=True)
class Performance:
    """A promise over one span. ``share`` and ``promised`` are shares of 1; ``share`` is None where nothing tells.

    ``downtime`` (microseconds) and ``total`` are a service's, ``requests`` and ``failed`` where those were
    counted; ``misses`` of ``tickets`` are a ticket clause's. ``units`` are what a credit for each outage is paid for:
    outages, days, or both. ``first_at`` and ``last_at`` are the first and the last instant that fell short,
    ``MISSING`` without one.
    """

    policy: int
    clause: str
    component: str | None
    severity: str
    span: CivilSpan
    to_date: bool
    share: Fraction | None
    promised: Fraction
    first_at: int
    last_at: int
    downtime: Fraction | None = None
    total: int = 0
    requests: int | None = None
    failed: int | None = None
    misses: int = 0
    tickets: int = 0
    units: int = 0

    @property
    def missed(self) -> bool:
        """Whether it lies strictly below the promise, as far as it is counted."""
        return self.share is not None and self.share < self.promised


def of_service(row: Uptime) -> Performance:
    """The performance of a service."""
    return Performance(
        policy=row.policy,
        clause=row.clause,
        component=row.component,
        severity="",
        span=row.span,
        to_date=row.to_date,
        share=row.availability,
        promised=row.promised,
        first_at=row.first_at,
        last_at=row.last_at,
        downtime=row.downtime,
        total=row.measured,
        requests=row.requests,
        failed=row.failed,
    )


def of_tickets(
    rows: Measurements, policies: tuple[LoadedPolicy, ...], contracts: list[tuple[int, int]], as_of: int
) -> Iterator[Performance]:
    """The performance of every ticket clause that has credits, by severity and period of the credits.

    A measurement lies in the period in which its clock started.
    """
    for number, loaded in enumerate(policies):
        for index, (name, clause) in enumerate(loaded.policy.clauses.items()):
            if not isinstance(clause, TicketClause) or clause.credits is None:
                continue
            at = _judged(rows, number, index)
            if not len(at):
                continue
            started = rows.started_at[at]
            found = spans(
                clause.credits.period,
                loaded.policy.timezone,
                int(started.min()),
                int(started.max()) + 1,
                contracts[number],
            )
            promised = Fraction(clause.attainment.share) / 100 if clause.attainment else Fraction(1)
            for code, severity in enumerate(loaded.policy.severities):
                if clause.credits.severities and severity not in clause.credits.severities:
                    continue
                of_severity = at[rows.severity[at] == code]
                for span in found:
                    started = rows.started_at[of_severity]
                    inside = of_severity[(started >= span.from_at) & (started < span.to_at)]
                    if len(inside):
                        yield _of_rows(rows, inside, (number, name, severity, span, promised, as_of))


def _judged(rows: Measurements, policy: int, clause: int) -> Rows:
    """The rows of a clause that were met or breached."""
    own = (rows.policy == policy) & (rows.clause == clause)
    return np.flatnonzero(own & ((rows.verdict == Verdict.MET) | (rows.verdict == Verdict.BREACHED)))


def missed_tickets(
    rows: Measurements, row: Performance, policies: tuple[LoadedPolicy, ...], within: Sequence[CivilSpan]
) -> Rows:
    """The measurements that missed the promise of ``row`` in the spans ``within``, by when their clocks started."""
    policy = policies[row.policy].policy
    at = _judged(rows, row.policy, list(policy.clauses).index(row.clause))
    at = at[(rows.verdict[at] == Verdict.BREACHED) & (rows.severity[at] == list(policy.severities).index(row.severity))]
    started = rows.started_at[at]
    chosen = np.zeros(len(at), np.bool_)
    for span in within:
        chosen |= (started >= span.from_at) & (started < span.to_at)
    found: Rows = at[chosen][np.argsort(started[chosen], kind="stable")]
    return found


def _of_rows(rows: Measurements, at: Rows, about: tuple[int, str, str, CivilSpan, Fraction, int]) -> Performance:
    policy, clause, severity, span, promised, as_of = about
    missed = at[rows.verdict[at] == Verdict.BREACHED]
    due = np.where(rows.due_at[missed] == MISSING, rows.started_at[missed], rows.due_at[missed])
    return Performance(
        policy=policy,
        clause=clause,
        component=None,
        severity=severity,
        span=span,
        to_date=span.to_at > as_of,
        share=Fraction(len(at) - len(missed), len(at)),
        promised=promised,
        first_at=int(due.min()) if len(due) else MISSING,
        last_at=int(due.max()) if len(due) else MISSING,
        misses=len(missed),
        tickets=len(at),
    )
