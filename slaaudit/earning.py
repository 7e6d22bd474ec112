"""What one period that fell short earns: each way to count that a policy has, with the numbers it went by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.civil_spans import CivilSpan
    from slaaudit.performance import Performance
    from slaaudit.policy import grammar
    from slaaudit.policy.credits import Credits, Proportional, Remedy, Step

Way = Literal[
    "tier",
    "downtime",
    "each-downtime",
    "each-step",
    "proportional",
    "flat",
    "per-miss",
    "per-outage",
    "remedy",
    "right",
]


@dataclass(frozen=True)
class Earned:
    """One way to count a credit, and what it comes to.

    ``amount`` is in ``unit``: ``days``, ``percent`` (of a period's fee) or a currency. ``bound`` is what was fallen
    short of or exceeded (a share of 1, or microseconds), ``each`` the credit of one unit, ``count`` how many units.
    ``remedy`` is the rule on repeated misses that it rests on, ``missed`` the periods that they are.
    """

    way: Way
    amount: Fraction
    unit: str
    bound: Fraction | None = None
    each: Fraction | None = None
    count: Fraction | None = None
    right: str = ""
    remedy: Remedy | None = None
    missed: tuple[CivilSpan, ...] = ()


def ways(row: Performance, rule: Credits) -> Iterator[Earned]:
    """Every way in which the period earns something, in the order in which a policy states them."""
    if row.share is None:
        return
    tier = next((each for each in reversed(rule.tiers) if row.share < Fraction(each.below) / 100), None)
    if tier:
        yield _flat("tier", tier.credit, Fraction(tier.below) / 100)
    if row.downtime is not None:
        deepest = next((each for each in reversed(rule.downtime) if row.downtime > each.over), None)
        if deepest:
            yield _flat("downtime", deepest.credit, Fraction(deepest.over))
    if rule.each:
        yield from _steps(row, rule.each)
    yield from _proportional(row, rule)
    if rule.flat and row.missed:
        yield _flat("flat", rule.flat, row.promised)
    if rule.per_miss and row.misses:
        each = Fraction(rule.per_miss.amount)
        count = Fraction(row.misses)
        yield Earned("per-miss", each * count, rule.per_miss.unit, None, each, count)
    if rule.per_outage and row.units:
        each, count = Fraction(rule.per_outage.credit.amount), Fraction(row.units)
        yield Earned("per-outage", each * count, rule.per_outage.credit.unit, None, each, count)


def _flat(way: Way, credit: grammar.Credit, bound: Fraction) -> Earned:
    return Earned(way, Fraction(credit.amount), credit.unit, bound)


def _steps(row: Performance, step: Step) -> Iterator[Earned]:
    """So much for each unit of downtime, or for each step below the promise."""
    each = Fraction(step.credit.amount)
    if step.downtime is not None and row.downtime is not None:
        allowed = step.beyond.micros + row.total * Fraction(step.beyond.percent) / 100
        count = _whole((row.downtime - allowed) / step.downtime, started=step.started)
        if count > 0:
            yield Earned(
                "each-downtime", each * count, step.credit.unit, Fraction(step.downtime), each, Fraction(count)
            )
    if step.below is not None and row.share is not None and row.missed:
        width = Fraction(step.below) / 100
        top = row.promised if step.from_ is None else Fraction(step.from_) / 100
        count = _whole((top - row.share) / width, started=step.started)
        if count > 0:
            yield Earned("each-step", each * count, step.credit.unit, width, each, Fraction(count))


def _whole(number: Fraction, *, started: bool) -> int:
    """Whole units only, or with the one that is begun."""
    return -(-number.numerator // number.denominator) if started else number.numerator // number.denominator


def _proportional(row: Performance, rule: Credits) -> Iterator[Earned]:
    if rule.proportional is not None and row.missed:
        part = lost(row, rule.proportional)
        times = Fraction(rule.proportional.times)
        if part > 0:
            yield Earned("proportional", 100 * part * times, "percent", part, None, times)


def lost(row: Performance, stated: Proportional) -> Fraction:
    """The share of the period that its fee is paid back for: of the downtime, or of the shortfall."""
    if row.share is None:
        return Fraction(0)
    found = row.promised - row.share if stated.of == "shortfall" else _down_share(row)
    return max(Fraction(0), found or Fraction(0))


def _down_share(row: Performance) -> Fraction | None:
    """The share of the period that was lost, by time where time was counted."""
    if row.downtime is None or not row.total:
        return None if row.share is None else 1 - row.share
    return row.downtime / row.total


def completed(remedy: Remedy, rows: Sequence[Performance], at: int, trailing_from: int) -> tuple[CivilSpan, ...]:
    """The missed periods with which ``rows[at]`` completes what ``remedy`` asks for; none where it does not.

    ``rows`` are consecutive periods; those that end after ``trailing_from`` are in the remedy's window.
    """
    if not _counts(remedy, rows[at]):
        return ()
    if remedy.within is not None:
        window = [row for row in rows[: at + 1] if row.span.to_at > trailing_from]
    else:
        of_last = remedy.of_last or remedy.missed
        window = list(rows[max(0, at + 1 - of_last) : at + 1])
    missed = tuple(row.span for row in window if _counts(remedy, row))
    return missed if len(missed) >= remedy.missed else ()


def _counts(remedy: Remedy, row: Performance) -> bool:
    if row.share is None or row.to_date:
        return False
    return row.share < Fraction(remedy.below) / 100 if remedy.below is not None else row.missed
