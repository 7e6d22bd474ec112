"""From what the user gave to an assessment of a service: policies, operations, as-of and fees."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from slaaudit.cli.auditing import audited, refuse_bad_period
from slaaudit.cli.fee_notes import say_where_fees_change_nothing
from slaaudit.cli.times import as_of_instant
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.cli.given import Given
    from slaaudit.evidence import Operations, ReadOptions
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.fees import Fees
    from slaaudit.results import Measurements

_OF_INCIDENTS = ("environment", "component", "cause")


def assessed(
    given: Given,
    step: Callable[..., None] = lambda *_: None,
    *,
    promised: Callable[[Sequence[LoadedPolicy]], None] = lambda _: None,
) -> Assessment:
    """The assessment that was asked for. All that is wrong with the command and the policy is told first.

    ``promised`` is told the policies before a file is opened.
    """
    step("Reading the policy")
    policies = loaded_policies(given)
    return assessed_of(given, policies, step, promised)


def assessed_alone(
    given: Given, step: Callable[..., None], promised: Callable[[Sequence[LoadedPolicy]], None]
) -> Assessment:
    """The assessment of a service under policies that may promise availability by a reading only."""
    step("Reading the policy")
    from slaaudit import policy

    return assessed_of(given, [policy.load(name, given.chosen_readings()) for name in given.policies], step, promised)


def assessed_of(
    given: Given,
    policies: Sequence[LoadedPolicy],
    step: Callable[..., None],
    promised: Callable[[Sequence[LoadedPolicy]], None] = lambda _: None,
) -> Assessment:
    """The assessment under policies that are read; ``promised`` is told them before a file is opened."""
    from zoneinfo import ZoneInfo

    fees = chosen_fees(given)
    say_where_fees_change_nothing(given, policies)
    if given.as_of:
        as_of_instant(
            given.as_of, ZoneInfo(policies[0].policy.timezone)
        )  # one that is none is said before a file is opened
    promised(policies)
    operations = _operations(given, given.read_options(), step)
    step("Counting outages")
    return _assessed(given, policies, fees, operations, None)


def assessed_with_tickets(
    given: Given, step: Callable[..., None], promised: Callable[[Sequence[LoadedPolicy]], None]
) -> tuple[Assessment, Audit | None]:
    """The assessment, and the audit of all tickets where exports of tickets are given too."""
    if not given.files:
        return assessed(given, step, promised=promised), None
    refuse_bad_period(given)
    chosen_fees(given)
    operations = cache(lambda: operations_beside(given, step))
    audit = audited(replace(given, period=""), operations=operations, promised=promised, step=step)
    found = assessed_beside(given, audit, operations())
    if found is None:
        named = ", ".join(shown(one.path) for one in audit.policies)
        raise UsageError(f"{named} grants no credits for tickets; slaaudit policy show says what it promises")
    return found, audit


def operations_beside(given: Given, step: Callable[..., None]) -> Operations | None:
    """What is known of the service beside an audit of tickets; None where no file tells of it.

    What the flags say of the columns and dates of tickets is no matter of these files.
    """
    if not given.tells_of_service:
        return None
    reading = given.read_options()
    known = tuple(pair for pair in reading.set_fields if pair[0] in _OF_INCIDENTS)
    return _operations(given, replace(reading, mapping=None, columns=(), date_format=None, set_fields=known), step)


def assessed_beside(given: Given, audit: Audit, operations: Operations | None) -> Assessment | None:
    """The assessment beside an audit of tickets, as of the same instant; None where there is nothing to assess."""
    say_where_fees_change_nothing(given, audit.policies)
    earns = any(
        clause.measure not in ("availability", "order", "narrative") and getattr(clause, "credits", None)
        for one in audit.policies
        for clause in one.policy.clauses.values()
    )
    if operations is None and not earns:
        return None
    from slaaudit.evidence.incidents import nothing_known

    return _assessed(given, audit.policies, chosen_fees(given), operations or nothing_known(), audit)


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


def _operations(given: Given, reading: ReadOptions, step: Callable[..., None]) -> Operations:
    from slaaudit.evidence import read_operations

    told = replace(reading, progress=lambda path: step(f"Reading {shown(path, 60)}"))
    return read_operations(given.incidents, given.maintenance, given.usage, told)


def _assessed(
    given: Given, policies: Sequence[LoadedPolicy], fees: Fees | None, operations: Operations, audit: Audit | None
) -> Assessment:
    from zoneinfo import ZoneInfo

    from slaaudit.assessment import Asked, assess

    as_of = as_of_instant(given.as_of, ZoneInfo(policies[0].policy.timezone)) if given.as_of else None
    asked = Asked(as_of, period=given.period or None, fees=fees)
    if audit is not None:
        asked = replace(asked, latest=audit.as_of, measurements=_all_measured(audit))
    try:
        return assess(operations, policies, asked)
    except (ValueError, OverflowError):
        raise UsageError(f"--period {shown(given.period, 40)} is beyond the years that can be counted") from None


def _all_measured(audit: Audit) -> Measurements:
    """The measurements of all periods: a quarter's credits, misses in a row and caps reach beyond ``--period``."""
    if audit.period is None:
        return audit.measurements
    from slaaudit.audit import AuditOptions
    from slaaudit.audit import audit as audit_again

    return audit_again(audit.evidence, audit.policies, AuditOptions(audit.as_of, worksheets="none")).measurements
