"""What ``check`` does once its flags are read: audit, write what was asked for, and decide the exit code."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from slaaudit.cli.assessing import assessed_beside, chosen_fees, operations_beside
from slaaudit.cli.auditing import audited
from slaaudit.cli.progress import progress
from slaaudit.cli.waiving import Waiving
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.cli.given import Given
    from slaaudit.reconcile import Reconciliation
    from slaaudit.report.outcome import Outcome
    from slaaudit.report.page import Page
    from slaaudit.shard import Worksheets

_TYPED = 200  # characters of an id that a person may be asked to type

SUFFIXES = {".json": "json", ".csv": "csv", ".txt": "console"}


@dataclass(frozen=True)
class Wanted:
    """What is to come out: formats, files, and what makes the exit code."""

    report_format: str = "console"
    outputs: tuple[str, ...] = ()
    rejects: str = ""
    worksheets: bool = False
    fail_on: str = "breach"
    strict: bool = False
    quiet: bool = False
    verbose: bool = False
    reconcile: bool = False


@dataclass(frozen=True)
class Found:
    """The audit, the helpdesk's own results where they were asked for, and the service where files tell of it."""

    audit: Audit
    reconciliation: Reconciliation | None
    service: Assessment | None


def exit_code_of_check(given: Given, wanted: Wanted) -> int:
    """Audit and report; 0 or 1 as ``--fail-on`` says, an EvidenceError where there is no verdict."""
    check_outputs(wanted.outputs, wanted.rejects, given.all_files)
    chosen_fees(given)  # fees that make no sense are told before an export is opened
    with progress(quiet=wanted.quiet) as step:
        operations = cache(lambda: operations_beside(given, step))
        waiving = Waiving(given)
        audit = audited(given, worksheets=_worksheets(wanted), operations=operations, promised=waiving.read, step=step)
        reconciliation = _reconciled(audit, step) if wanted.reconcile and len(audit.measurements) else None
        audit, service = waiving.over_audit(audit, assessed_beside(given, audit, operations()))
        found = Found(audit, reconciliation, service)
    from slaaudit.report.outcome import outcome

    ended = outcome(audit, wanted.fail_on, strict=wanted.strict, service=found.service)
    _write_files(found, given, wanted)
    _write(found, given, wanted, wanted.report_format, sys.stdout)
    if ended.complaint:
        sys.stdout.flush()
        raise EvidenceError(ended.complaint)
    return ended.exit_code


def _reconciled(audit: Audit, step: Callable[[str], None]) -> Reconciliation:
    """The helpdesk's own results beside the audit; UsageError where no file holds any."""
    if not len(audit.evidence.claims):
        raise UsageError(
            f"--reconcile: {', '.join(shown(each.path) for each in audit.evidence.inputs)} "
            "holds no result, elapsed time or due time of the helpdesk's own that could be told; name their columns in "
            "a mapping file, as in claims: {resolution: {met: HEADER, due: HEADER}}"
        )
    step("Setting the helpdesk's own results beside ours")
    from slaaudit.reconcile import reconciled

    return reconciled(audit)


def _worksheets(wanted: Wanted) -> Worksheets:
    """Only the report as data shows worksheets."""
    forms = [wanted.report_format, *map(format_of, wanted.outputs)]
    if "json" not in forms:
        return "none"
    return "all" if wanted.worksheets else "breaches"


def check_outputs(outputs: Sequence[str], rejects: str, files: Sequence[str]) -> None:
    """Nothing where every output can be written; all that can be known before the long work."""
    from slaaudit.report.writing import check_writable

    named = [*outputs, *([rejects] if rejects else [])]
    for path in outputs:
        format_of(path)
    places = [os.path.realpath(path) for path in named]
    for path, place in zip(named, places, strict=True):
        if places.count(place) > 1:
            raise UsageError(f"{shown(path)} is to be written twice; name each output once")
        if any(place == os.path.realpath(file) for file in files if file != "-"):
            raise UsageError(f"{shown(path)} is a file to be read; name another one to write")
        check_writable(path)


def format_of(path: str) -> str:
    """The format that a file's suffix picks."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"--output {shown(path)}: the suffix picks the format; expected {', '.join(SUFFIXES)}")
    return SUFFIXES[suffix]


def _write_files(found: Found, given: Given, wanted: Wanted) -> None:
    from slaaudit.report.writing import whole_file

    for path in wanted.outputs:
        with whole_file(path) as stream:
            _write(found, given, wanted, format_of(path), stream)
    if wanted.rejects:
        from slaaudit.evidence import write_rejects

        service = found.service.operations.rejected if found.service else ()
        write_rejects((*found.audit.evidence.rejected, *service), wanted.rejects)


def _write(found: Found, given: Given, wanted: Wanted, form: str, stream: IO[str]) -> None:
    if form == "json":
        from slaaudit.report.as_json import write_json

        write_json(found.audit, stream, found.reconciliation, found.service)
    elif form == "csv":
        from slaaudit.report.as_csv import write_csv

        write_csv(found.audit, stream)
    else:
        from slaaudit.report.console import print_report, print_verdict
        from slaaudit.report.layout import console_on

        console = console_on(stream)
        page = _page(found, given, wanted, console.width)
        (print_verdict if wanted.quiet and stream is sys.stdout else print_report)(page, console)


def _page(found: Found, given: Given, wanted: Wanted, width: int) -> Page:
    from slaaudit.report.outcome import outcome
    from slaaudit.report.page import Page

    audit = found.audit
    ended = outcome(audit, wanted.fail_on, strict=wanted.strict, service=found.service)
    following = _following(audit, ended, given, wanted)
    return Page(audit, ended, following, width, wanted.verbose, found.reconciliation, found.service)


def _following(audit: Audit, found: Outcome, given: Given, wanted: Wanted) -> str:
    """The next command to run: the worst breach explained, else an unknown, else the whole report as data."""
    from slaaudit.report.selection import first_unknown, worst_breaches

    worst = worst_breaches(audit, 1)
    line = worst[0] if worst else first_unknown(audit)
    if line and line.ticket.isprintable() and len(line.ticket) <= _TYPED:
        ticket = [line.ticket] if not line.ticket.startswith("-") else ["--", line.ticket]
        files = [word for file in given.files for word in ("--in", file)]
        flags = [*given.flags(), *_as_of_flags(audit, given)]
        words = [*files, *flags, *ticket] if len(ticket) > 1 else [*ticket, *files, *flags]
        return shlex.join(["slaaudit", "explain", *words])
    if not found.measured and (given.period or given.as_of):
        return shlex.join(["slaaudit", "check", *given.files, *replace(given, as_of="").flags()])
    if found.measured and found.no_target + found.excluded == found.measured:
        return shlex.join(["slaaudit", "policy", "show", *given.policies[:1]])
    again = ["slaaudit", "check", *given.files, *given.service_flags(), *given.flags(), *given.period_flags()]
    if audit.evidence.rejected and not wanted.rejects:
        return shlex.join([*again, "--rejects", "rejected.csv"])
    return shlex.join([*again, "--output", "report.json"])


def _as_of_flags(audit: Audit, given: Given) -> list[str]:
    """What makes another command judge as of the same instant, where a file that it does not read told it."""
    if given.as_of or audit.as_of == audit.evidence.latest:
        return []
    from slaaudit.report.words import rfc3339

    return ["--as-of", rfc3339(audit.as_of)]
