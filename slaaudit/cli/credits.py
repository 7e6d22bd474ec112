"""``slaaudit credits``: outages held against a policy: availability, what it earns, and by when to claim it."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.annotating import annotated
from slaaudit.cli.assessing import assessed
from slaaudit.cli.checking import check_outputs
from slaaudit.cli.given import given_by, refuse_nothing_to_read
from slaaudit.cli.options import FAIL_ON, SERVICE_FORMATS, SERVICE_SUFFIXES, one_of
from slaaudit.cli.progress import progress
from slaaudit.cli.waiving import Waiving
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.formats import FORMS, format_of, is_binary

if TYPE_CHECKING:
    from slaaudit.assessment import Assessment
    from slaaudit.cli.given import Given

_OF_TICKETS = {name for name, form in FORMS.items() if form.measurements_only}


def credits(  # noqa: PLR0913, A001  (typer reads one parameter a flag; the command is named for its result)
    context: typer.Context,
    *,
    incidents: options.Incidents = None,
    maintenance: options.Maintenance = None,
    usage: options.Usage = None,
    fee: options.Fee = "",
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
    period: options.PeriodText = "",
    report_format: options.ServiceFormat = "console",
    output: options.ServiceOutputs = None,
    rejects: options.Rejects = "",
    fail_on: options.FailOn = "breach",
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show availability, credits, and the last day to claim each.

    Outages are held against the policy, period by period; credits of clauses about tickets come from check.

    Exit codes are those of check.
    """
    refuse_nothing_to_read(None, incidents, maintenance, usage)
    given = given_by(locals())
    form = one_of("--format", report_format, SERVICE_FORMATS)
    chosen = one_of("--fail-on", fail_on, FAIL_ON)
    outputs = tuple(output or ())
    check_outputs([*outputs], rejects, given.all_files)
    if any(format_of(path) in _OF_TICKETS for path in outputs):
        from slaaudit.report.words import listed

        raise UsageError(f"--output: credits are written as {listed(SERVICE_SUFFIXES, 'or')}")
    with annotated(form), progress(quiet=quiet) as step:
        waiving = Waiving(given)
        found = waiving.over_service(assessed(given, step, promised=waiving.read))
    from slaaudit.report.safe import shown
    from slaaudit.report.service_outcome import service_outcome
    from slaaudit.report.service_page import ServicePage, write_service
    from slaaudit.report.writing import whole_file

    outcome = service_outcome(found, chosen, strict=strict)
    page = ServicePage(found, outcome, _following(given, found), verbose, quiet, chosen, context.obj.used)
    with progress(quiet=quiet) as step:
        for number, path in enumerate(outputs):
            step(f"Writing {shown(path, 50)}", number, len(outputs))
            with whole_file(path, binary=is_binary(format_of(path))) as stream:
                write_service(page, format_of(path), stream)
    if rejects:
        from slaaudit.evidence import write_rejects

        write_rejects(found.operations.rejected, rejects)
    write_service(page, form, sys.stdout)
    if outcome.complaint:
        sys.stdout.flush()
        raise EvidenceError(outcome.complaint)
    raise typer.Exit(outcome.exit_code)


def _following(given: Given, found: Assessment) -> str:
    """The next command to run: the letters, where something is to be claimed; else the whole report as data."""
    words = [*given.service_flags(), *given.flags(), *given.period_flags()]
    if any(each.deadlines for each in found.credits):
        return shlex.join(["slaaudit", "claim", *words])
    if found.operations.rejected:
        return shlex.join(["slaaudit", "credits", *words, "--rejects", "rejected.csv"])
    return shlex.join(["slaaudit", "credits", *words, "--output", "credits.json"])
