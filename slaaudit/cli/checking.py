"""What ``check`` does once its flags are read: audit, write what was asked for, and decide the exit code."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass, replace
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from slaaudit.cli.assessing import assessed_beside, chosen_fees, operations_beside
from slaaudit.cli.auditing import audited
from slaaudit.cli.looking import MANY, found_in_record, thresholds_of
from slaaudit.cli.pack import Pack, check_pack, write_evidence
from slaaudit.cli.progress import printing, progress
from slaaudit.cli.waiving import Waiving
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.formats import FORMS, format_of
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.audit import Audit
    from slaaudit.both_sides import BothSides
    from slaaudit.cli.given import Given
    from slaaudit.reconcile import Reconciliation
    from slaaudit.report.found import Found
    from slaaudit.report.outcome import Outcome
    from slaaudit.report.page import Page
    from slaaudit.shard import Worksheets

NO_LIMIT = sys.maxsize
_TYPED = 200  # characters of an id that a person may be asked to type


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
    at_risk: int | None = None
    pack: Pack | None = None
    findings: bool = False
    extremes: bool = False

    @property
    def tells_extremes(self) -> bool:
        """Whether any output shows what other readings would make of the evidence."""
        forms = {*map(format_of, self.outputs), *([] if self._is_one_line else [self.report_format])}
        return any(form not in FORMS or not FORMS[form].measurements_only for form in forms)

    @property
    def _is_one_line(self) -> bool:
        return self.quiet and self.report_format == "console"


def exit_code_of_check(given: Given, wanted: Wanted) -> int:
    """Audit and report; 0 or 1 as ``--fail-on`` says, an EvidenceError where there is no verdict."""
    check_outputs(wanted.outputs, wanted.rejects, given.all_files)
    if wanted.pack:
        check_pack(wanted.pack, given)
    chosen_fees(given)  # fees that make no sense are told before an export is opened
    with progress(quiet=wanted.quiet) as step:
        found = found_by(
            given,
            wanted.fail_on,
            strict=wanted.strict,
            worksheets=_worksheets(wanted),
            look=_looks(wanted),
            step=step,
            under_all=wanted.tells_extremes,
        )
        if wanted.tells_extremes:
            found = replace(found, both_sides=counted_both_sides(found, step, at_any_cost=wanted.extremes))
        found = replace(found, at_risk=wanted.at_risk)
        _write_files(found, given, wanted, step)
    ended = found.outcome
    if wanted.pack:
        write_evidence(given, wanted.pack, quiet=wanted.quiet)
    with printing(quiet=wanted.quiet):
        _write(found, given, wanted, wanted.report_format, sys.stdout)
    if ended.complaint:
        sys.stdout.flush()
        raise EvidenceError(ended.complaint)
    return ended.exit_code


def found_by(  # noqa: PLR0913  (what is asked, and who is told)
    given: Given,
    fail_on: str,
    *,
    step: Callable[..., None],
    strict: bool = False,
    worksheets: Worksheets = "none",
    under_all: bool = False,
    look: int = NO_LIMIT,
    waiving: Waiving | None = None,
) -> Found:
    """The audit that was asked for, with the service and the helpdesk's own results where files tell of them.

    Findings are looked for among at most ``look`` tickets. ``waiving`` takes other waivers than a check does.
    """
    thresholds = thresholds_of(given.thresholds)
    operations = cache(lambda: operations_beside(given, step))
    waiving = waiving or Waiving(given)
    audit = audited(
        given, worksheets=worksheets, operations=operations, under_all=under_all, promised=waiving.read, step=step
    )
    reconciliation = _reconciled(audit, step) if given.reconcile and len(audit.measurements) else None
    audit, service = waiving.over_audit(audit, assessed_beside(given, audit, operations()))
    findings = found_in_record(audit, thresholds, step) if len(audit.evidence.tickets) <= look else None
    from slaaudit.report.found import found_in

    return found_in(audit, fail_on, strict=strict, reconciliation=reconciliation, service=service, findings=findings)


def _looks(wanted: Wanted) -> int:
    """Among how many tickets findings are looked for: any, where they are asked for or a file holds them."""
    asked = [wanted.report_format, *map(format_of, wanted.outputs)]
    if wanted.findings or wanted.fail_on == "finding" or any(form in FORMS for form in asked):
        return NO_LIMIT
    return 0 if wanted.quiet and not wanted.outputs else MANY


def _reconciled(audit: Audit, step: Callable[..., None]) -> Reconciliation:
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


def counted_both_sides(found: Found, step: Callable[..., None], *, at_any_cost: bool) -> BothSides:
    """The extremes of what was found."""
    from slaaudit.both_sides import both_sides

    return both_sides(found.audit, found.service, at_any_cost=at_any_cost, step=step)


def _worksheets(wanted: Wanted) -> Worksheets:
    """The worksheets that some format shows."""
    asked = [wanted.report_format, *map(format_of, wanted.outputs)]
    needed = {FORMS[form].worksheets for form in asked if form in FORMS} - {"none"}
    if not needed:
        return "none"
    return "all" if wanted.worksheets or "all" in needed else "breaches"


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


def _write_files(found: Found, given: Given, wanted: Wanted, step: Callable[..., None]) -> None:
    from slaaudit.report.writing import whole_file

    for number, path in enumerate(wanted.outputs):
        step(f"Writing {shown(path, 50)}", number, len(wanted.outputs))
        form = format_of(path)
        with whole_file(path, binary=form in FORMS and FORMS[form].binary) as stream:
            _write(found, given, wanted, form, stream)
    if wanted.rejects:
        from slaaudit.evidence import write_rejects

        service = found.service.operations.rejected if found.service else ()
        write_rejects((*found.audit.evidence.rejected, *service), wanted.rejects)


def _write(found: Found, given: Given, wanted: Wanted, form: str, stream: IO[Any]) -> None:
    if form in FORMS:
        from slaaudit.report.record import record, streamed

        FORMS[form].write(streamed(found) if FORMS[form].streams else record(found), stream)
    else:
        from slaaudit.report.console import print_report, print_verdict
        from slaaudit.report.layout import console_on

        console = console_on(stream)
        page = _page(found, given, wanted, console.width)
        (print_verdict if wanted.quiet and stream is sys.stdout else print_report)(page, console)


def _page(found: Found, given: Given, wanted: Wanted, width: int) -> Page:
    from slaaudit.report.page import Page

    following = _following(found.audit, found.outcome, given, wanted)
    return Page(
        found.audit,
        found.outcome,
        following,
        width,
        wanted.verbose,
        found.reconciliation,
        found.service,
        found.at_risk,
        found.findings,
        findings_left=found.findings is None,
        both_sides=found.both_sides,
    )


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
    if not found.measured and (given.period or given.as_of) and not given.tells_of_service:
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
