"""Totals over measurements: counts, shares and percentiles by clause and severity. Counts equal the rows given."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit import periods
from slaaudit.evidence.tables import MISSING
from slaaudit.results import AttainmentRow, Caveat, Measurements, SummaryRow, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.model import TicketClause

MINUTE = 60_000_000
NARROW = {"1m": MINUTE, "15m": 15 * MINUTE, "1h": 60 * MINUTE}


def summary(rows: Measurements, policies: Sequence[LoadedPolicy]) -> tuple[SummaryRow, ...]:
    """One row for each policy, clause and severity that has a measurement, in the policies' order."""
    return tuple(
        _summary_row(policy, policies[policy], clause, severity, rows.take(where))
        for policy, clause, severity, where in _groups(rows)
    )


def attainments(
    rows: Measurements, policies: Sequence[LoadedPolicy], by: periods.PeriodBy
) -> tuple[AttainmentRow, ...]:
    """One row for each promised share, severity and period in which something was met or breached."""
    found: list[AttainmentRow] = []
    for policy, clause, severity, where in _groups(rows):
        promise = _clause(policies[policy], clause).attainment
        if promise is None:
            continue
        group = rows.take(where)
        group = group.take((group.verdict == Verdict.MET) | (group.verdict == Verdict.BREACHED))
        at = _period_instants(group, by)
        numbers = periods.numbered(at, promise.per, policies[policy].policy.timezone)
        for number in np.unique(numbers):
            verdicts = group.verdict[numbers == number]
            met, breached = _count(verdicts, Verdict.MET), _count(verdicts, Verdict.BREACHED)
            share = Decimal(100) * met / (met + breached)
            found.append(
                AttainmentRow(
                    policy,
                    list(policies[policy].policy.clauses)[clause],
                    _severity(policies[policy], severity),
                    periods.name(int(number), promise.per),
                    met,
                    breached,
                    share,
                    promise.share,
                    Verdict.MET if 100 * met >= promise.share * (met + breached) else Verdict.BREACHED,
                )
            )
    return tuple(found)


def over_by(rows: Measurements) -> dict[str, int]:
    """How many breaches are over their target by less than a minute, 15 minutes and an hour."""
    breached = rows.take(rows.verdict == Verdict.BREACHED)
    over = breached.elapsed - breached.target
    return {name: int(np.count_nonzero(over < limit)) for name, limit in NARROW.items()}


def _groups(rows: Measurements) -> Iterator[tuple[int, int, int, npt.NDArray[np.intp]]]:
    """The rows of each policy, clause and severity (its index, -1 for none), in that order."""
    severities = int(rows.severity.max(initial=0)) + 2
    clauses = int(rows.clause.max(initial=0)) + 1
    # no severity is listed after the policy's own
    severity = np.where(rows.severity < 0, severities - 1, rows.severity).astype(np.int64)
    key = (rows.policy.astype(np.int64) * clauses + rows.clause) * severities + severity
    for code in np.flatnonzero(np.bincount(key)) if len(key) else ():
        policy, clause = divmod(int(code) // severities, clauses)
        found = int(code) % severities
        yield policy, clause, -1 if found == severities - 1 else found, np.flatnonzero(key == code)


def _summary_row(number: int, policy: LoadedPolicy, index: int, severity: int, rows: Measurements) -> SummaryRow:
    clause = _clause(policy, index)
    name = _severity(policy, severity)
    count = {verdict: _count(rows.verdict, verdict) for verdict in Verdict}
    met, breached = count[Verdict.MET], count[Verdict.BREACHED]
    decided = rows.elapsed[(rows.verdict == Verdict.MET) | (rows.verdict == Verdict.BREACHED)]
    p50, p90, worst = nearest_ranks(decided, (50, 90, 100))
    return SummaryRow(
        policy=number,
        clause=list(policy.policy.clauses)[index],
        title=clause.title,
        severity=name,
        binding=clause.binding,
        target=target_text(clause, name),
        measured=len(rows),
        met=met,
        breached=breached,
        waived=0,
        running=count[Verdict.RUNNING],
        no_target=count[Verdict.NO_TARGET],
        excluded=count[Verdict.EXCLUDED],
        unknown=count[Verdict.UNKNOWN],
        superseded=count[Verdict.SUPERSEDED],
        caveats={caveat_name(one): n for one in Caveat if (n := int(np.count_nonzero(rows.caveats & one)))},
        attainment=Decimal(100) * met / (met + breached) if met + breached else None,
        promised=clause.attainment.share if clause.attainment else None,
        p50=p50,
        p90=p90,
        worst=worst,
    )


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


def target_text(clause: TicketClause, severity: str) -> str:
    """The targets of one severity in a line."""
    return " / ".join(f"{rule.within.text} on {rule.calendar}" for rule in clause.targets.get(severity, ()))


def _period_instants(rows: Measurements, by: periods.PeriodBy) -> npt.NDArray[np.int64]:
    chosen = {"start": rows.started_at, "due": rows.due_at, "stop": rows.stopped_at}[by]
    return np.where(chosen == MISSING, rows.started_at, chosen)


def _clause(policy: LoadedPolicy, index: int) -> TicketClause:
    clause: TicketClause = list(policy.policy.clauses.values())[index]  # type: ignore[assignment]  # measured: of tickets
    return clause


def _severity(policy: LoadedPolicy, index: int) -> str:
    return list(policy.policy.severities)[index] if index >= 0 else ""


def _count(verdicts: npt.NDArray[np.int8], verdict: Verdict) -> int:
    return int(np.count_nonzero(verdicts == verdict))
