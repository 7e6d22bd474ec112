"""``slaaudit dispute``: which breaches stand under every reading of the contract."""

from __future__ import annotations

import shlex
import sys
from functools import cache
from typing import IO, TYPE_CHECKING, Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.assessing import assessed_alone, assessed_beside, operations_beside
from slaaudit.cli.auditing import audited
from slaaudit.cli.checking import check_outputs
from slaaudit.cli.given import given_by
from slaaudit.cli.options import FORMATS, REPORT, one_of
from slaaudit.cli.pack import check_pack, pack_asked, write_evidence
from slaaudit.cli.progress import printing, progress
from slaaudit.cli.waiving import Waiving, as_other_commands_take_it
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.formats import format_of
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.cli.given import Given
    from slaaudit.disputed import Disputed

FAIL_ON = ("solid", "arguable", "never")
_TYPED = 200  # characters of an id that a person may be asked to type


def dispute(  # noqa: PLR0913  (typer reads one parameter a flag)
    context: typer.Context,
    files: options.MaybeFiles = None,
    *,
    incidents: options.Incidents = None,
    maintenance: options.Maintenance = None,
    usage: options.Usage = None,
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
    period_by: options.PeriodBy = "start",
    max_combinations: options.MaxCombinations = 10_000,
    report_format: options.ExplainFormat = "console",
    output: options.PlainOutputs = None,
    pack: options.PackPath = "",
    redact: options.Redact = None,
    pseudonyms: options.Pseudonyms = "",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on", metavar="|".join(FAIL_ON), rich_help_panel=REPORT, help="What makes the exit code 1."
        ),
    ] = "solid",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Say which breaches stand under every reading of the contract.

    A breach under every reading is solid; one under some is arguable, and the report names the fewest choices that
    make it one and those that save the vendor; one under none is clear. --reading settles a reading beforehand.
    What a waiver lets pass keeps its standing, is counted apart, and fails nothing.

    Exit code 0: nothing that --fail-on names. 1: something it names. 2 and 3: as of check.
    """  # fmt: skip
    form = one_of("--format", report_format, FORMATS[:2])
    named = one_of("--fail-on", fail_on, FAIL_ON)
    given = given_by(locals())
    outputs = tuple(output or ())
    check_outputs(outputs, "", given.all_files)
    if any(format_of(path) not in FORMATS[:2] for path in outputs):
        raise UsageError("--output: a dispute is written as .json or .txt")
    wanted = pack_asked(pack, redact, pseudonyms)
    if wanted:
        check_pack(wanted, given)
    from slaaudit.report.writing import whole_file

    with progress(quiet=quiet) as step:
        found = _disputed(given, max_combinations, step)
        _refuse_nothing(found, given)
        for number, path in enumerate(outputs):
            step(f"Writing {shown(path, 50)}", number, len(outputs))
            with whole_file(path) as stream:
                _write(found, given, format_of(path), stream, verbose=verbose)
    if wanted:
        write_evidence(given, wanted, quiet=quiet)
    with printing(quiet=quiet):
        _write(found, given, form, sys.stdout, verbose=verbose, quiet=quiet)
    raise typer.Exit(_exit_code(found, named))


def _disputed(given: Given, limit: int, step: Callable[..., None]) -> Disputed:
    """Tickets and the service under all readings, as far as files tell of them."""
    waiving = Waiving(given, limit)
    audit: Audit | None = None
    service: Assessment | None = None
    if given.files:
        operations = cache(lambda: operations_beside(given, step))
        audit = audited(
            given, worksheets="none", operations=operations, under_all=True, promised=waiving.read, step=step
        )
        service = assessed_beside(given, audit, operations()) if given.tells_of_service else None
        audit, service = waiving.over_audit(audit, service)
    else:
        service = waiving.over_service(assessed_alone(given, step, waiving.read))
    from slaaudit.disputed import disputed

    return disputed(audit, service, limit, step)


def _refuse_nothing(found: Disputed, given: Given) -> None:
    if not found.clauses:
        about = "tickets with targets" if given.files else "the service"
        more = " or about the service" if given.files and given.tells_of_service else ""
        raise UsageError(f"the policy has no clause about {about}{more}, so there is nothing to dispute")
    if not any(len(one.table) for one in found.clauses):
        what, command = ("any of these tickets", "check") if given.files else ("the service", "credits")
        raise EvidenceError(f"no clause measures {what} under any reading; slaaudit {command} says why")


def _write(
    found: Disputed, given: Given, form: str, stream: IO[str], *, verbose: bool = False, quiet: bool = False
) -> None:
    if form == "json":
        from slaaudit.report.dispute_json import write_disputes

        write_disputes(found, stream, given.settings)
        return
    from slaaudit.report.disputes import print_disputes, print_standing
    from slaaudit.report.layout import console_on

    following = _following(found, given)
    if quiet:
        print_standing(found, following, console_on(stream))
    else:
        print_disputes(found, following, console_on(stream), verbose=verbose)


def _following(found: Disputed, given: Given) -> str:
    """The next command to run: the first breach explained, or the service's periods."""
    from slaaudit.report.disputes import first_breach

    first = first_breach(found)
    if first is None:
        return ""
    one, row = first
    flags = [*as_other_commands_take_it(given, found.policies, found.audit, tickets=not one.is_of_service).flags()]
    if one.is_of_service:
        return shlex.join(["slaaudit", "credits", *given.service_flags(), *flags, *given.period_flags()])
    ticket = found.name(one, row)
    if not ticket.isprintable() or len(ticket) > _TYPED or ticket.startswith("-"):
        return ""
    files = [word for file in given.files for word in ("--in", file)]
    return shlex.join(["slaaudit", "explain", ticket, *files, *flags])


def _exit_code(found: Disputed, named: str) -> int:
    from slaaudit.report.dispute_lines import standings

    count = standings(found.clauses, waived=False)
    failing = {"never": 0, "solid": count["solid"], "arguable": count["solid"] + count["arguable"]}
    return int(failing[named] > 0)
