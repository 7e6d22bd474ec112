"""What is said where ``--fee`` changes nothing, because no credit that can be earned is a share of a fee."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.cli.given import Given
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.credits import Credits


def say_where_fees_change_nothing(given: Given, policies: Sequence[LoadedPolicy]) -> None:
    """Say on stderr that ``--fee`` changes nothing, and why, where that is so."""
    why = _why_nothing(given, policies) if given.fee else ""
    if why:
        typer.echo(f"slaaudit: --fee {shown(given.fee, 60)} changes nothing: {why}", err=True)


def _why_nothing(given: Given, policies: Sequence[LoadedPolicy]) -> str:
    """Why no credit can become a sum by a fee; "" where one can."""
    named = ", ".join(shown(one.policy.id) for one in policies)
    earning = list(_earning(policies))
    if not earning:
        return f"no clause of {named} grants credits"
    measured = [rule for of_service, rule in earning if (given.tells_of_service if of_service else given.files)]
    if not measured:
        lacking = "--incidents, --maintenance or --usage" if earning[0][0] else "an export of tickets"
        return f"what grants credits in {named} is measured by {lacking}, and none is given"
    if not any(is_share_of_fee(rule) for rule in measured):
        return f"no credit of {named} is a share of a fee"
    return ""


def _earning(policies: Sequence[LoadedPolicy]) -> Iterator[tuple[bool, Credits]]:
    """Whether each clause with credits is about a service, and its credits."""
    for one in policies:
        for clause in one.policy.clauses.values():
            rule = getattr(clause, "credits", None)
            if rule is not None:
                yield clause.measure == "availability", rule


def is_share_of_fee(rule: Credits) -> bool:
    """Whether a fee can change what these credits come to."""
    stated = [*rule.tiers, *rule.downtime, *rule.remedies, *rule.cap, rule.each, rule.per_outage]
    amounts = [each.credit for each in stated if each is not None]
    amounts += [rule.flat, rule.per_miss, rule.minimum, rule.floor]
    shares = [rule.proportional, *(each.proportional for each in rule.remedies)]
    return any(shares) or any(each is not None and each.unit in ("percent", "fee-days") for each in amounts)
