"""``slaaudit diff``: what differs between two reports, and why."""

from __future__ import annotations

import gc
import sys
from typing import IO, TYPE_CHECKING, Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.checking import check_outputs
from slaaudit.cli.options import one_of
from slaaudit.errors import UsageError
from slaaudit.report.formats import format_of

if TYPE_CHECKING:
    from slaaudit.difference import Difference

_FORMATS = ("console", "json")
_DIFFERS = 1

Old = Annotated[str, typer.Argument(metavar="OLD.json", help="A report of check (or credits) --format json.")]
New = Annotated[str, typer.Argument(metavar="NEW.json", help="A later one of the same command.")]


def diff(
    old: Old,
    new: New,
    *,
    report_format: options.ExplainFormat = "console",
    output: options.PlainOutputs = None,
    verbose: options.Verbose = False,
) -> None:
    """Say what differs between two reports, and why.

    These are verdicts, waivers, periods of a service and credits that are new, gone or changed, each with what changed
    of it and what that rests on: the evidence, the policy, a reading, as-of.

    Exit code 0: nothing differs. 1: a verdict, a waiver, a period or a credit does. 2: the command cannot be used.
    3: one of the files is no report, or not a whole one.
    """
    form = one_of("--format", report_format, _FORMATS)
    outputs = tuple(output or ())
    check_outputs(outputs, "", (old, new))
    if any(format_of(path) not in _FORMATS for path in outputs):
        raise UsageError("--output: a difference is written as .json or .txt")
    if old == new == "-":
        raise UsageError("standard input can be one of the reports, not both")
    gc.disable()  # what is read stays until the end; to look through it for garbage again and again takes seconds
    from slaaudit.difference import difference
    from slaaudit.report.writing import whole_file
    from slaaudit.written_report import read_report

    found = difference(read_report(old), read_report(new))
    for path in outputs:
        with whole_file(path) as stream:
            _write(found, format_of(path), stream, verbose=verbose)
    _write(found, form, sys.stdout, verbose=verbose)
    raise typer.Exit(_DIFFERS if found.differs else 0)


def _write(found: Difference, form: str, stream: IO[str], *, verbose: bool) -> None:
    if form == "json":
        from slaaudit.report.difference_json import write_difference

        write_difference(found, stream)
        return
    from slaaudit.report.difference_text import print_difference
    from slaaudit.report.layout import console_on

    print_difference(found, console_on(stream), verbose=verbose)
