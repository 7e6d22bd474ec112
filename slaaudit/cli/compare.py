"""``slaaudit compare``: the same tickets under several policies, or under one policy read in several ways."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.ahead import BytesAhead, no_idle_threads, one_heap
from slaaudit.cli.checking import check_outputs
from slaaudit.cli.given import given_by
from slaaudit.cli.options import PERIOD_BY, one_of
from slaaudit.cli.progress import progress
from slaaudit.cli.sides import Side, side_of, sides
from slaaudit.cli.times import as_of_instant
from slaaudit.cli.waiving import Waiving, as_other_commands_take_it
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.formats import format_of
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

    from slaaudit.cli.given import Given
    from slaaudit.comparison import Comparison
    from slaaudit.policy import LoadedPolicy

_FORMATS = ("console", "json")
_SIDES = "The promises"

Policies = Annotated[
    list[str] | None,
    typer.Option(
        "--policy", "-p", metavar="NAME|FILE[:READING=CHOICE,...]", rich_help_panel=_SIDES,
        help="A side: a policy, with readings of its own where they are given; repeat it for each side.",
    ),
]  # fmt: skip
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against", metavar="READING=CHOICE,...", rich_help_panel=_SIDES,
        help="A side: the first policy, read otherwise; may be repeated.",
    ),
]  # fmt: skip
Readings = Annotated[
    list[str] | None,
    typer.Option(
        "--reading", metavar="ID=CHOICE", rich_help_panel=_SIDES,
        help="Choose how every side that has this open point reads it; may be repeated.",
    ),
]  # fmt: skip


def compare(  # noqa: PLR0913  (typer reads one parameter a flag)
    files: options.Files,
    *,
    policy: Policies = None,
    against: Against = None,
    reading: Readings = None,
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
    report_format: options.ExplainFormat = "console",
    output: options.PlainOutputs = None,
    verbose: options.Verbose = False,
) -> None:
    """Hold the same tickets against several policies or readings.

    Clauses and severities stand side by side: what each promises, what was met and missed. Then which breaches differ
    from those of the first side, and why: another target, calendar, pause, start or stop, not promised, excluded.
    What a waiver lets pass is counted on each side.

    Exit code 0: it was compared, whatever came out. 2 and 3: as of check.
    """
    form = one_of("--format", report_format, _FORMATS)
    given = given_by(locals())
    outputs = tuple(output or ())
    check_outputs(
        outputs, "", replace(given, policies=tuple(side_of(text).policy for text in given.policies)).all_files
    )
    if any(format_of(path) not in _FORMATS for path in outputs):
        raise UsageError("--output: a comparison is written as .json or .txt")
    with progress(quiet=False) as step:
        chosen = sides(given.policies, tuple(against or ()), given.chosen_readings())
        found = _compared(given, [loaded for _, loaded in chosen], step)
    named = [side for side, _ in chosen]
    from slaaudit.report.writing import whole_file

    for path in outputs:
        with whole_file(path) as stream:
            _write(found, named, given, format_of(path), stream, verbose=verbose)
    _write(found, named, given, form, sys.stdout, verbose=verbose)
    if not any(row.met + row.breached + row.running for audit in found.audits for row in audit.summary):
        sys.stdout.flush()
        raise EvidenceError(
            "nothing was met, breached or running on any side; slaaudit check says why, one policy at a time"
        )


def _compared(given: Given, policies: Sequence[LoadedPolicy], step: Callable[..., None]) -> Comparison:
    """The audits of all sides, of evidence that is read once, beside each other."""
    by = one_of("--period-by", given.period_by, PERIOD_BY)
    no_idle_threads()
    one_heap()
    reading = replace(given.read_options(), bytes_of=BytesAhead(given.files))
    from zoneinfo import ZoneInfo

    zone = policies[0].policy.timezone
    as_of = as_of_instant(given.as_of, ZoneInfo(zone)) if given.as_of else None
    waiving = Waiving(given)
    waiving.read(policies)
    from slaaudit import evidence, periods

    if given.period:
        try:
            periods.period(given.period, zone, 0, by)
        except (ValueError, OverflowError):
            raise UsageError(f"--period {shown(given.period, 40)} is beyond the years that can be counted") from None
    fields = frozenset(name for one in policies for name in one.policy.matched_fields)
    told = replace(reading, fields=fields, progress=lambda path: step(f"Reading {shown(path, 60)}"))
    read = evidence.read(given.files, told)
    from slaaudit.audit import AuditOptions, audit
    from slaaudit.comparison import compared

    options = AuditOptions(as_of=as_of, period=given.period or None, period_by=by, period_zone=zone, worksheets="none")
    audits = []
    for number, loaded in enumerate(policies):
        step(f"Auditing by {shown(loaded.path, 50)}", number, len(policies))
        audits.append(audit(read, [loaded], options))
    return compared(waiving.over_sides(audits))


def _write(
    found: Comparison, named: Sequence[Side], given: Given, form: str, stream: IO[str], *, verbose: bool
) -> None:
    labels = [side.label for side in named]
    if form == "json":
        from slaaudit.report.comparison_json import write_comparison

        write_comparison(found, labels, stream)
        return
    from slaaudit.report.comparison_text import print_comparison
    from slaaudit.report.layout import console_on

    files = [word for file in given.files for word in ("--in", file)]
    repeated = replace(given, policies=("",), readings=())
    flags = [
        [*files, *as_other_commands_take_it(repeated, audit.policies, audit).flags(), *side.flags()]
        for side, audit in zip(named, found.audits, strict=True)
    ]
    print_comparison(found, labels, flags, console_on(stream), verbose=verbose)
