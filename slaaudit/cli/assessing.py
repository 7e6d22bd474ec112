"""From what the user gave to an assessment of a service: policies, operations, as-of and fees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slaaudit.cli.times import as_of_instant
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.cli.given import Given
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.fees import Fees


def assessed(given: Given, step: Callable[[str], None] = lambda _: None) -> Assessment:
    """The assessment that was asked for. All that is wrong with the command and the policy is told first."""
    if not given.tells_of_service:
        raise UsageError("nothing to read; name at least one file with --incidents, --maintenance or --usage")
    step("Reading the policy")
    policies = loaded_policies(given)
    fees = chosen_fees(given)
    return _assessed(given, policies, fees, None, step)


def assessed_beside(given: Given, audit: Audit, step: Callable[[str], None] = lambda _: None) -> Assessment:
    """The assessment beside an audit of tickets, as of the same instant."""
    return _assessed(given, audit.policies, chosen_fees(given), audit, step)


def chosen_fees(given: Given) -> Fees | None:
    """The fees that were given."""
    if not given.fee:
        return None
    from slaaudit.policy.fees import fees

    return fees(given.fee)


def loaded_policies(given: Given) -> list[LoadedPolicy]:
    """The policies; UsageError where they promise nothing about a service."""
    from slaaudit import policy

    policies = [policy.load(name, given.chosen_readings()) for name in given.policies]
    if not any(clause.measure == "availability" for one in policies for clause in one.policy.clauses.values()):
        named = ", ".join(shown(one.path) for one in policies)
        raise UsageError(f"{named} promises no availability; slaaudit policy show says what it promises")
    return policies


def _assessed(
    given: Given,
    policies: Sequence[LoadedPolicy],
    fees: Fees | None,
    audit: Audit | None,
    step: Callable[[str], None],
) -> Assessment:
    from zoneinfo import ZoneInfo

    as_of = as_of_instant(given.as_of, ZoneInfo(policies[0].policy.timezone)) if given.as_of else None

    from slaaudit.assessment import Asked, assess
    from slaaudit.evidence import read_operations

    reading = replace(given.read_options(), progress=lambda path: step(f"Reading {shown(path, 60)}"))
    operations = read_operations(given.incidents, given.maintenance, given.usage, reading)
    step("Counting outages")
    asked = Asked(as_of, period=given.period or None, fees=fees)
    if audit is not None:
        asked = replace(asked, latest=audit.as_of, measurements=audit.measurements)
    return assess(operations, policies, asked)
