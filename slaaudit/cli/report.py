"""``slaaudit report``: how promises were kept over time, where misses come from, and what to look after now."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.auditing import audited
from slaaudit.cli.checking import check_outputs
from slaaudit.cli.given import given_by
from slaaudit.cli.options import REPORT, one_of, share_of_target
from slaaudit.cli.progress import progress
from slaaudit.cli.waiving import Waiving
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.formats import SUFFIXES, format_of
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from typing import IO

    from slaaudit.audit import Audit
    from slaaudit.trends import Trends

_FORMATS = ("console", "json")
_FIELDS = ("component", "organization")
_MOST = 120


def report(  # noqa: PLR0913  (typer reads one parameter a flag)
    context: typer.Context,
    files: options.Files,
    *,
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
    months: Annotated[
        int,
        typer.Option(
            "--months",
            metavar="N",
            min=1,
            max=_MOST,
            rich_help_panel=REPORT,
            help="How many months, up to as-of's own.",
        ),
    ] = 12,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="FIELD",
            rich_help_panel=REPORT,
            help="Break down by this field, beside severity; may be repeated. Default: component, organization.",
        ),
    ] = None,
    at_risk: options.AtRisk = "80",
    report_format: options.ExplainFormat = "console",
    output: options.PlainOutputs = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show how promises were kept over time, and what is at risk.

    Attainment by month and clause, how much of their targets tickets used, misses by severity, component, organization
    and hour of arrival, and the open clocks that are at risk. What a waiver lets pass is counted beside what was
    missed.

    Exit code 0, whatever the verdicts. 2 and 3: as of check, which is the command that fails on misses.
    """  # fmt: skip
    form = one_of("--format", report_format, _FORMATS)
    above = share_of_target("--at-risk", at_risk)
    given = given_by(locals())
    outputs = tuple(output or ())
    check_outputs(outputs, "", given.all_files)
    if any(format_of(path) not in _FORMATS for path in outputs):
        raise UsageError(f"--output: trends are written as {' or '.join(_suffixes())}")
    with progress(quiet=quiet) as step:
        waiving = Waiving(given)
        audit = waiving.over_tickets(audited(given, every_field=True, promised=waiving.read, step=step))
        from slaaudit.trends import trends

        found = trends(audit, months, _fields(audit, by), above)
    if not len(audit.measurements):
        raise EvidenceError(
            "no clause has a clock that ran for these tickets; slaaudit policy show says what starts one"
        )
    from slaaudit.report.writing import whole_file

    following = shlex.join(["slaaudit", "check", *given.files, *given.flags()])
    for path in outputs:
        with whole_file(path) as stream:
            _write(audit, found, format_of(path), stream, following, verbose=verbose)
    _write(audit, found, form, sys.stdout, following, verbose=verbose, quiet=quiet)


def _suffixes() -> list[str]:
    return [suffix for suffix, form in SUFFIXES.items() if form in _FORMATS]


def _fields(audit: Audit, asked: list[str] | None) -> tuple[str, ...]:
    """The fields to break down by; a UsageError where the export has none of that name."""
    known = audit.evidence.tickets.fields
    if not asked:
        return _FIELDS
    if not known:
        raise UsageError(f"--by {shown(asked[0], 60)}: the export has no fields to break down by")
    return tuple(one_of("--by", name, tuple(sorted(known))) for name in dict.fromkeys(asked) if name != "severity")


def _write(
    audit: Audit, found: Trends, form: str, stream: IO[str], following: str, *, verbose: bool, quiet: bool = False
) -> None:
    if form == "json":
        from slaaudit.report.trends_json import write_trends

        write_trends(audit, found, stream)
        return
    from slaaudit.report.layout import console_on
    from slaaudit.report.outcome import outcome
    from slaaudit.report.page import Page
    from slaaudit.report.trends_page import print_last_line, print_trends

    console = console_on(stream)
    page = Page(audit, outcome(audit), following, console.width, verbose)
    (print_last_line if quiet else print_trends)(page, found, console)
