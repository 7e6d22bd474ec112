"""``slaaudit dispute``: which breaches stand under every reading of the contract."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.auditing import audited
from slaaudit.cli.given import Given
from slaaudit.cli.options import FORMATS, REPORT, one_of
from slaaudit.cli.progress import progress
from slaaudit.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.dispute import ClauseDispute

FAIL_ON = ("solid", "arguable", "never")


def dispute(  # noqa: PLR0913  (typer reads one parameter a flag)
    context: typer.Context,
    files: options.Files,
    *,
    policy: options.Policies = None,
    reading: options.Readings = None,
    mapping: options.Mapping = "",
    column: options.Columns = None,
    value: options.Values = None,
    timezone: options.Timezone = "",
    date_format: options.DateFormat = "",
    set_field: options.Sets = None,
    as_of: options.AsOf = "",
    period: options.PeriodText = "",
    period_by: options.PeriodBy = "start",
    max_combinations: Annotated[
        int,
        typer.Option(
            "--max-combinations",
            metavar="N",
            min=1,
            rich_help_panel=REPORT,
            help="Evaluate at most so many combinations of readings a clause.",
        ),
    ] = 10_000,
    report_format: options.ExplainFormat = "console",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on", metavar="|".join(FAIL_ON), rich_help_panel=REPORT, help="What makes the exit code 1."
        ),
    ] = "solid",
    verbose: options.Verbose = False,
) -> None:
    """Say which breaches stand under every reading of the contract.

    A breach under every reading is solid; one under some is arguable, and the report names the fewest choices that
    make it one and those that save the vendor; one under none is clear. --reading settles a reading beforehand.

    Exit code 0: nothing that --fail-on names. 1: something it names. 2 and 3: as of check.
    """  # fmt: skip
    form = one_of("--format", report_format, FORMATS[:2])
    named = one_of("--fail-on", fail_on, FAIL_ON)
    given = Given(
        tuple(files),
        tuple(policy or ()),
        readings=tuple(reading or ()),
        mapping=mapping,
        columns=tuple(column or ()),
        values=tuple(value or ()),
        timezone=timezone,
        date_format=date_format,
        sets=tuple(set_field or ()),
        as_of=as_of,
        period=period,
        period_by=period_by,
        settings=context.obj.used,
    )
    with progress(quiet=False) as step:
        audit = audited(given, worksheets="none", every_field=True, step=step)
        from slaaudit.dispute import disputes

        found = disputes(audit, max_combinations, step)
    if not found:
        raise UsageError("the policy has no clause about tickets with targets, so there is nothing to dispute")
    if not any(len(one.table) for one in found):
        raise EvidenceError("no clause measures any of these tickets under any reading; slaaudit check says why")
    if form == "json":
        from slaaudit.report.dispute_json import write_disputes

        write_disputes(audit, found, sys.stdout)
    else:
        from slaaudit.report.disputes import print_disputes
        from slaaudit.report.layout import console_on

        flags = [word for file in given.files for word in ("--in", file)] + list(given.flags())
        print_disputes(audit, found, flags, console_on(sys.stdout), verbose=verbose)
    raise typer.Exit(_exit_code(found, named))


def _exit_code(found: Sequence[ClauseDispute], named: str) -> int:
    from slaaudit.report.disputes import standings

    count = standings(found)
    failing = {"never": 0, "solid": count["solid"], "arguable": count["solid"] + count["arguable"]}
    return int(failing[named] > 0)
