"""``slaaudit explain``: how one ticket's verdicts came about, minute by minute."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.auditing import audited
from slaaudit.cli.given import given_by
from slaaudit.cli.looking import found_in_record, thresholds_of
from slaaudit.cli.options import FORMATS, one_of
from slaaudit.cli.progress import progress
from slaaudit.cli.waiving import Waiving
from slaaudit.errors import UsageError


def explain(  # noqa: PLR0913  (typer reads one parameter a flag)
    context: typer.Context,
    tickets: Annotated[
        list[str],
        typer.Argument(
            metavar="TICKET", help="Ids of tickets as the export has them; -- goes before one that begins with -."
        ),
    ],
    *,
    files: options.In = None,
    policy: options.Policies = None,
    reading: options.Readings = None,
    waivers: options.Waivers = None,
    mapping: options.Mapping = "",
    column: options.Columns = None,
    value: options.Values = None,
    timezone: options.Timezone = "",
    date_format: options.DateFormat = "",
    set_field: options.Sets = None,
    as_of: options.AsOf = "",
    clause: Annotated[
        list[str] | None,
        typer.Option(
            "--clause", metavar="CLAUSE", rich_help_panel="The report", help="Only this clause; may be repeated."
        ),
    ] = None,
    threshold: options.ThresholdFlags = None,
    report_format: options.ExplainFormat = "console",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", rich_help_panel="The report", help="Every row of a long worksheet.")
    ] = False,
) -> None:
    """Show how a ticket's verdicts came about.

    For each clause: every stretch of time, counted or why not, the running total, where the target passed, the policy's
    line and the export's row.
    """
    form = one_of("--format", report_format, FORMATS[:2])
    if not files:
        raise UsageError("no export to look in; give --in FILE, once for each export")
    given = given_by(locals())
    thresholds = thresholds_of(given.thresholds)
    with progress(quiet=False) as step:
        waiving = Waiving(given)
        asked = tuple(dict.fromkeys(tickets))
        audit = audited(given, worksheets="all", tickets=asked, promised=waiving.read, step=step)
        audit = waiving.over_tickets(audit)
        findings = found_in_record(audit, thresholds, step)
    from slaaudit.report.lines import lines

    clauses = [one_of("--clause", name, tuple(audit.policies[0].policy.clauses)) for name in clause or ()]
    found = [line for line in lines(audit) if not clauses or line.clause in clauses]
    if form == "json":
        from slaaudit.report.explain_json import write_explanation

        write_explanation(audit, found, sys.stdout, findings)
    else:
        from slaaudit.report.explain import print_explanation
        from slaaudit.report.layout import console_on

        print_explanation(audit, found, console_on(sys.stdout), verbose=verbose, findings=findings)
