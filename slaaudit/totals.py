"""Totals over measurements: counts, shares and percentiles by clause and severity. Counts equal the rows given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit import periods
from slaaudit.evidence.tables import MISSING, NONE, Mask, Rows
from slaaudit.policy.model import AnyClause, TicketClause
from slaaudit.results import AttainmentRow, Caveat, Measurements, SummaryRow, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.policy import LoadedPolicy

MINUTE = 60_000_000
WHOLE = 10_000  # a target that is used up, in hundredths of a percent
NARROW = {"1m": MINUTE, "15m": 15 * MINUTE, "1h": 60 * MINUTE}


@dataclass(frozen=True)
class Group:
    """The rows of one policy, clause and severity (their indexes; severity -1 for none)."""

    policy: int
    clause: int
    severity: int
    rows: Rows


def summary(rows: Measurements, policies: Sequence[LoadedPolicy], waived: Rows | None = None) -> tuple[SummaryRow, ...]:
    """One row for each policy, clause and severity that has a measurement, in the policies' order.

    ``waived`` are the rows that a waiver is about; it lets pass those that are breached.
    """
    passed = _passed(rows, waived)
    return tuple(_summary_row(rows, group, policies[group.policy], passed) for group in _groups(rows))


def attainments(
    rows: Measurements, policies: Sequence[LoadedPolicy], by: periods.PeriodBy, waived: Rows | None = None
) -> tuple[AttainmentRow, ...]:
    """One row for each promised share, severity and period in which something was met or breached."""
    if not any(isinstance(clause, TicketClause) and clause.attainment for one in policies for clause in _clauses(one)):
        return ()
    passed = _passed(rows, waived)
    groups = _groups(rows)
    return tuple(row for group in groups for row in _shares(rows, group, policies[group.policy], by, passed))


def _passed(rows: Measurements, waived: Rows | None) -> Mask | None:
    """The breached rows among those that are waived; None where nothing is."""
    if waived is None or not len(waived):
        return None
    passed = np.zeros(len(rows), np.bool_)
    passed[waived] = rows.verdict[waived] == Verdict.BREACHED
    return passed


def _shares(
    rows: Measurements, group: Group, policy: LoadedPolicy, by: periods.PeriodBy, passed: Mask | None
) -> Iterator[AttainmentRow]:
    promise = _clause(policy, group.clause).attainment
    if promise is None:
        return
    verdict = rows.verdict[group.rows]
    decided = group.rows[(verdict == Verdict.MET) | (verdict == Verdict.BREACHED)]
    chosen = {"start": rows.started_at, "due": rows.due_at, "stop": rows.stopped_at}[by][decided]
    at = np.where(chosen == MISSING, rows.started_at[decided], chosen)
    numbers = periods.numbered(at, promise.per, policy.policy.timezone)
    for number in np.unique(numbers):
        inside = decided[numbers == number]
        verdicts = rows.verdict[inside]
        met, breached = _count(verdicts, Verdict.MET), _count(verdicts, Verdict.BREACHED)
        yield AttainmentRow(
            policy=group.policy,
            clause=list(policy.policy.clauses)[group.clause],
            severity=_severity(policy, group.severity),
            period=periods.name(int(number), promise.per),
            met=met,
            breached=breached,
            share=Decimal(100) * met / (met + breached),
            promised=promise.share,
            verdict=Verdict.MET if 100 * met >= promise.share * (met + breached) else Verdict.BREACHED,
            waived=0 if passed is None else int(np.count_nonzero(passed[inside])),
        )


def over_by(rows: Measurements) -> dict[str, int]:
    """How many breaches are over their target by less than a minute, 15 minutes and an hour."""
    breached = np.flatnonzero(rows.verdict == Verdict.BREACHED)
    over = rows.elapsed.take(breached) - rows.target.take(breached)
    return {name: int(np.count_nonzero(over < limit)) for name, limit in NARROW.items()}


def _groups(rows: Measurements) -> Iterator[Group]:
    """The groups that have a row, in the order of policies, clauses and severities; no severity comes last."""
    severities = int(rows.severity.max(initial=0)) + 2
    clauses = int(rows.clause.max(initial=0)) + 1
    severity = np.where(rows.severity < 0, severities - 1, rows.severity)
    key = (rows.policy.astype(np.int64) * clauses + rows.clause) * severities + severity
    small = len(key) and int(key.max()) < np.iinfo(np.int16).max  # a stable sort of small integers is a radix sort
    order = np.argsort(key.astype(np.int16) if small else key, kind="stable")
    begin = 0
    for code, count in enumerate(np.bincount(key) if len(key) else ()):
        if count:
            policy, clause = divmod(code // severities, clauses)
            found = code % severities
            yield Group(policy, clause, NONE if found == severities - 1 else found, order[begin : begin + count])
        begin += count


def _summary_row(rows: Measurements, group: Group, policy: LoadedPolicy, passed: Mask | None) -> SummaryRow:
    clause = _clause(policy, group.clause)
    name = _severity(policy, group.severity)
    verdict, caveats = rows.verdict.take(group.rows), rows.caveats.take(group.rows)
    present = int(np.bitwise_or.reduce(caveats))
    count = {one: _count(verdict, one) for one in Verdict}
    met, breached = count[Verdict.MET], count[Verdict.BREACHED]
    decided = rows.elapsed.take(group.rows[(verdict == Verdict.MET) | (verdict == Verdict.BREACHED)])
    p50, p90, worst = nearest_ranks(decided, (50, 90, 100))
    return SummaryRow(
        policy=group.policy,
        clause=list(policy.policy.clauses)[group.clause],
        title=clause.title,
        severity=name,
        binding=clause.binding,
        target=target_text(clause, name),
        measured=len(group.rows),
        met=met,
        breached=breached,
        waived=0 if passed is None else int(np.count_nonzero(passed[group.rows])),
        running=count[Verdict.RUNNING],
        no_target=count[Verdict.NO_TARGET],
        excluded=count[Verdict.EXCLUDED],
        unknown=count[Verdict.UNKNOWN],
        superseded=count[Verdict.SUPERSEDED],
        caveats={caveat_name(one): int(np.count_nonzero(caveats & one)) for one in Caveat if present & one},
        attainment=attained(met, breached),
        promised=clause.attainment.share if clause.attainment else None,
        p50=p50,
        p90=p90,
        worst=worst,
    )


def attained(met: int, breached: int) -> Decimal | None:
    """Met / (met + breached) in percent; None over nothing."""
    return Decimal(100) * met / (met + breached) if met + breached else None


def caveat_name(caveat: Caveat) -> str:
    """The name of a caveat in reports."""
    return str(caveat.name).lower().replace("_", "-")


def nearest_ranks(values: npt.NDArray[np.int64], percents: Sequence[int]) -> list[int | None]:
    """The nearest-rank percentiles: for each, the smallest value that at least so many percent do not exceed.

    >>> nearest_ranks(np.array([15, 20, 35, 40, 50]), [30, 100])
    [20, 50]
    """
    if not len(values):
        return [None] * len(percents)
    ranks = [-(-percent * len(values) // 100) - 1 for percent in percents]
    return [int(value) for value in np.partition(values, ranks)[ranks]]


def used_share(rows: Measurements) -> Rows:
    """How much of its target each measurement has used; ``MISSING`` where it has none.

    A target of no length is used up at once.
    """
    known = (rows.elapsed != MISSING) & (rows.target != MISSING)
    target = np.maximum(np.where(known, rows.target, 1), 1)
    whole, rest = np.divmod(np.where(known, rows.elapsed, 0), target)
    return np.where(known, whole * WHOLE + rest * WHOLE // target, MISSING)


def target_text(clause: TicketClause, severity: str) -> str:
    """The targets of one severity in a line."""
    return " / ".join(f"{rule.within.text} on {rule.calendar}" for rule in clause.targets.get(severity, ()))


def _clauses(policy: LoadedPolicy) -> list[AnyClause]:
    return list(policy.policy.clauses.values())


def _clause(policy: LoadedPolicy, index: int) -> TicketClause:
    clause = _clauses(policy)[index]
    assert isinstance(clause, TicketClause)  # noqa: S101  (only clauses about tickets are measured)
    return clause


def _severity(policy: LoadedPolicy, index: int) -> str:
    return list(policy.policy.severities)[index] if index >= 0 else ""


def _count(verdicts: npt.NDArray[np.int8], verdict: Verdict) -> int:
    return int(np.count_nonzero(verdicts == verdict))
