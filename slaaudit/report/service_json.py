"""A service as data: the keys ``availability``, ``excluded`` and ``credits`` of ``slaaudit.report/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.claims import next_deadline
from slaaudit.credits import NOT_MONEY
from slaaudit.report import sums
from slaaudit.report.lines import hyphened
from slaaudit.report.words import rfc3339, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from slaaudit.assessment import Assessment
    from slaaudit.availability import Uptime
    from slaaudit.claims import Deadline
    from slaaudit.credits import Credit


def availability(found: Assessment) -> Iterator[dict[str, Any]]:
    """A row for each clause, component and period."""
    return (
        _uptime(row, found.timezone(row.policy, row.clause)) | {"waived": found.waived(row)} for row in found.uptimes
    )


def _uptime(row: Uptime, timezone: str) -> dict[str, Any]:
    return {
        "policy": row.policy,
        "clause": row.clause,
        "component": row.component,
        "period": row.span.name,
        "from": rfc3339(row.span.from_at),
        "to": rfc3339(row.span.to_at),
        "timezone": timezone,
        "to_date": row.to_date,
        "method": row.method,
        "total_s": seconds(row.total),
        "excluded_s": seconds(row.excluded),
        "downtime_s": _seconds(row.downtime),
        "requests": row.requests,
        "failed": row.failed,
        "outages": row.outages,
        "availability": None if row.availability is None else sums.decimal_percent(row.availability),
        "promised": sums.decimal_percent(row.promised),
        "verdict": hyphened(row.verdict.name),
    }


def _seconds(length: Fraction | None) -> int | float | None:
    """A length in seconds; weighed downtime may have no whole number of microseconds."""
    if length is None:
        return None
    return seconds(length.numerator) if length.denominator == 1 else float(length / 1_000_000)


def excluded(found: Assessment) -> Iterator[dict[str, Any]]:
    """A row for each excluded incident, then for each stretch of excluded maintenance."""
    incidents, inputs = found.operations.incidents, found.operations.inputs
    for row in found.excluded():
        at = row.incident
        yield {
            "policy": row.policy,
            "clause": row.clause,
            "component": row.component,
            "incident": None if at is None else incidents.ids[at],
            "from": rfc3339(row.from_at),
            "to": rfc3339(row.to_at),
            "exclusion": row.exclusion,
            "file": None if at is None else inputs[int(incidents.file[at])].path,
            "row": None if at is None else int(incidents.row[at]),
        }


def credited(found: Assessment) -> Iterator[dict[str, Any]]:
    """A row for each credit. ``sum`` is money, null where no fee makes it so; ``arithmetic`` says how it came about."""
    return map(_credit, found.credits)


def _credit(credit: Credit) -> dict[str, Any]:
    row, deadline = credit.row, next_deadline(credit.deadlines)
    line = sums.sum_line(credit)
    return {
        "policy": row.policy,
        "clause": row.clause,
        "component": row.component,
        "severity": row.severity or None,
        "period": row.span.name,
        "to_date": row.to_date,
        "tier": line.partition(": ")[0] if credit.earned.way == "tier" else credit.earned.way,
        "credit": {"amount": sums.number(credit.earned.amount), "unit": credit.earned.unit},
        "right": credit.earned.right or None,
        "fee": None if credit.fee is None else sums.number(credit.fee),
        "sum": _sum(credit),
        "currency": credit.unit if credit.is_money and credit.unit else None,
        "granted": {"amount": sums.number(credit.amount), "unit": credit.unit or "money"},
        "arithmetic": line,
        "claim_by": deadline.last_day.isoformat() if deadline else None,
        "claim_status": deadline.status if deadline else None,
        "claims": [_deadline(each, credit) for each in credit.deadlines],
    }


def _sum(credit: Credit) -> str | None:
    if credit.unit in NOT_MONEY:
        return None
    return f"{sums.cents(credit.amount, credit.unit):f}"


def _deadline(deadline: Deadline, credit: Credit) -> dict[str, Any]:
    return {
        "step": deadline.step or None,
        "from": deadline.claim.from_,
        "day_zero": deadline.day_zero.isoformat(),
        "last_day": deadline.last_day.isoformat(),
        "closes_at": rfc3339(deadline.closes_at),
        "status": deadline.status,
        "guessed": deadline.guessed,
        "before_final": deadline.closes_at < credit.row.span.to_at,
    }
