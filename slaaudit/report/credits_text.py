"""A policy's credits in words: what earns them, the most that is paid, and how to claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.report.words import count, decimal_text, length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.policy.credits import Claim, Credits, Period, PerOutage, Proportional, Remedy, Step


def credits_text(credit: Credits) -> Iterator[str]:
    """The lines of a clause's credits, indented as they stand under it."""
    yield from _tiers(credit)
    if credit.each:
        yield f"    {_step(credit.each)}"
    if credit.proportional:
        yield f"    {_proportional(credit.proportional)}"
    if credit.per_outage:
        yield f"    {_per_outage(credit.per_outage)}"
    for what, stated in (("a missed period", credit.flat), ("each missed ticket", credit.per_miss)):
        if stated:
            yield f"    for {what}: {stated.text}"
    if credit.severities:
        yield f"    only severities: {', '.join(credit.severities)}"
    for remedy in credit.remedies:
        yield f"    {_remedy(remedy)}"
    ways = (credit.tiers, credit.downtime, credit.each, credit.proportional, credit.flat, credit.per_outage)
    if sum(map(bool, ways)) > 1:
        yield f"    of these: the {credit.combine}"
    yield from _limits(credit)
    for claim in credit.claim:
        yield from _claim(claim)


def _tiers(credit: Credits) -> Iterator[str]:
    for tier in credit.tiers:
        yield f"    below {decimal_text(tier.below)}%: {tier.credit.text}"
    for each in credit.downtime:
        yield f"    more than {length(each.over)} of downtime: {each.credit.text}"


def _step(step: Step) -> str:
    started = "each started" if step.started else "each"
    if step.below is not None:
        top = "the promise" if step.from_ is None else f"{decimal_text(step.from_)}%"
        return f"{started} {decimal_text(step.below)}% below {top}: {step.credit.text}"
    beyond = f" beyond {step.beyond.text}" if step.beyond.text else ""
    return f"{started} {length(step.downtime or 0)} of downtime{beyond}: {step.credit.text}"


def _proportional(stated: Proportional) -> str:
    of = "the downtime" if stated.of == "downtime" else "the shortfall"
    return f"{decimal_text(stated.times)} times the fee for {of}"


def _per_outage(stated: PerOutage) -> str:
    least = f" of {length(stated.at_least)} or more" if stated.at_least else ""
    over = f" of more than {length(stated.over)}" if stated.over else ""
    what = {"outage": "outage", "day": "day with an outage", "outage-and-day": "day of each outage"}[stated.per]
    return f"each {what}{least}{over}: {stated.credit.text}"


def _remedy(remedy: Remedy) -> str:
    below = f" below {decimal_text(remedy.below)}%" if remedy.below is not None else ""
    periods = count(remedy.missed, "missed period")
    if remedy.within:
        when = f"within {remedy.within.text}"
    else:
        of_last = remedy.of_last or remedy.missed
        when = "in a row" if of_last == remedy.missed else f"of the last {of_last}"
    share = _proportional(remedy.proportional) if remedy.proportional else ""
    granted = " and ".join(filter(None, [remedy.credit.text if remedy.credit else "", share, remedy.right]))
    return f"{periods}{below}{f' {when}' if remedy.missed > 1 else ''}: {granted}"


def _limits(credit: Credits) -> Iterator[str]:
    if credit.floor:
        yield f"    at least: {credit.floor.text}"
    if credit.minimum:
        yield f"    not paid: less than {credit.minimum.text}"
    for cap in credit.cap:
        yield f"    at most: {cap.credit.text} per {period_text(cap.per)}"
    if credit.alternative:
        yield f"    an alternative to other clauses of {credit.alternative}"


def _claim(claim: Claim) -> Iterator[str]:
    notified = f", to {claim.notify}" if claim.notify else ""
    calendar = f" of {claim.calendar}" if claim.calendar else ""
    through = ", to the end of that month" if claim.through == "month-end" else ""
    yield f"    {claim.step or 'claim'}: within {claim.within.text}{calendar} from {claim.from_}{through}{notified}"
    for required in claim.requires:
        yield f"    requires: {required}"


def period_text(period: Period) -> str:
    """A period in words."""
    if period.rolling:
        return f"any {period.rolling.text}"
    named = {0: "contract", 1: "month", 3: "quarter", 12: "year"}.get(period.months, f"{period.months} months")
    return f"{named} from {period.from_}" if period.from_ else named
