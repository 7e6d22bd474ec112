"""From what the user gave to an audit: policies, evidence, as-of and period, in that order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slaaudit.cli.ahead import BytesAhead, imported_ahead, no_idle_threads, one_heap
from slaaudit.cli.options import PERIOD_BY, one_of
from slaaudit.cli.times import as_of_instant
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.audit import Audit
    from slaaudit.cli.given import Given
    from slaaudit.evidence import Operations
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy import LoadedPolicy
    from slaaudit.shard import Worksheets


def audited(  # noqa: PLR0913  (what is asked, and who is told)
    given: Given,
    *,
    worksheets: Worksheets = "none",
    tickets: Sequence[str] | None = None,
    operations: Callable[[], Operations | None] = lambda: None,
    under_all: bool = False,
    every_field: bool = False,
    promised: Callable[[Sequence[LoadedPolicy]], None] = lambda _: None,
    step: Callable[..., None] = lambda *_: None,
) -> Audit:
    """The audit that was asked for, as of what ``operations`` read too. ``step`` is told what is being done.

    ``under_all`` reads those fields too that clauses look at by other readings than those in force, ``every_field`` all
    of them; ``promised`` is told the policies before an export is opened. All that is wrong with the command and the
    policy comes to light before anything of an export does.
    """
    by = one_of("--period-by", given.period_by, PERIOD_BY)
    no_idle_threads()
    one_heap()
    ahead = BytesAhead(given.files)
    reading = replace(
        given.read_options(),
        claims=given.reconcile,
        progress=lambda path: step(f"Reading {shown(path, 60)}"),
        bytes_of=ahead,
    )
    readings = given.chosen_readings()
    step("Reading the policy")
    from zoneinfo import ZoneInfo

    from slaaudit import policy

    policies = [policy.load(name, readings) for name in given.policies]
    timezone = policies[0].policy.timezone
    as_of = as_of_instant(given.as_of, ZoneInfo(timezone)) if given.as_of else None
    promised(policies)

    from slaaudit import evidence

    imported_ahead(
        "slaaudit.audit", *(["holidays.countries"] if _has_holidays(policies) else []), "slaaudit.report.console"
    )
    refuse_bad_period(given, timezone)
    if (
        worksheets == "none" and not every_field
    ):  # nobody asked for data, so the fields that no clause looks at stay unread
        matched = frozenset(name for one in policies for name in one.policy.matched_fields)
        if under_all:
            from slaaudit.policy.variants import fields_asked

            matched = matched.union(*map(fields_asked, policies))
        reading = replace(reading, fields=matched)
    known = operations()
    read = evidence.read(given.files, reading)
    if tickets is not None:
        _refuse_unknown(tickets, read)
    from slaaudit.audit import AuditOptions, audit

    options = AuditOptions(
        as_of=as_of,
        period=given.period or None,
        period_by=by,
        worksheets=worksheets,
        tickets=None if tickets is None else tuple(tickets),
    )
    if known is not None:
        from slaaudit.assessment import latest_instant

        options = replace(options, latest=latest_instant(known))
    return replace(audit(read, policies, options, step), settings=given.settings)


def refuse_bad_period(given: Given, timezone: str = "UTC") -> None:
    """A UsageError where ``--period`` is none, told before an export is opened."""
    if not given.period:
        return
    from slaaudit import periods

    try:
        periods.period(given.period, timezone, 0)
    except (ValueError, OverflowError):
        raise UsageError(f"--period {shown(given.period, 40)} is beyond the years that can be counted") from None


def _has_holidays(policies: Sequence[LoadedPolicy]) -> bool:
    return any(calendar.closed.holidays for one in policies for calendar in one.policy.calendars.values())


def _refuse_unknown(tickets: Sequence[str], read: Evidence) -> None:
    """A UsageError where the exports have no ticket of that id, with the ids that look like it."""
    known = set(read.tickets.ids.words)
    for ticket in tickets:
        if ticket in known:
            continue
        import difflib

        near = difflib.get_close_matches(ticket, known, 3)
        meant = f"; did you mean {' or '.join(shown(one, 40) for one in sorted(near))}?" if near else ""
        raise UsageError(
            f"no ticket {shown(ticket, 60)} in {', '.join(shown(file.path) for file in read.inputs)}{meant}"
        )
