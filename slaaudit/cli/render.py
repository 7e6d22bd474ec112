"""``slaaudit render``: any format of the report from its JSON, without the exports."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.checking import check_outputs
from slaaudit.cli.options import FORMATS, REPORT, one_of
from slaaudit.cli.progress import printing, progress
from slaaudit.report.formats import CONSOLE, FORMS, format_of, is_binary
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from slaaudit.report.record import Record

ReportFile = Annotated[str, typer.Argument(metavar="REPORT", help="A report as JSON (also .gz); - is standard input.")]
Format = Annotated[
    str,
    typer.Option(
        "--format", "-f", metavar="|".join(FORMATS), rich_help_panel=REPORT,
        help="What standard output gets. Default: console, or nothing where --output is given.",
    ),
]  # fmt: skip


def render(report: ReportFile, *, report_format: Format = "", output: options.Outputs = None) -> None:
    """Make other formats from the JSON of check or credits.

    The exports are not needed for it. The console's report is a short one: what only the exports tell is left out.

    Exit code 0: everything is written, whatever the verdict. 2: the command cannot be used. 3: the report cannot.
    """
    outputs = tuple(output or ())
    form = one_of("--format", report_format, FORMATS) if report_format else "" if outputs else CONSOLE
    check_outputs(outputs, "", [report])
    from slaaudit.report.reading import read_record
    from slaaudit.report.writing import whole_file

    with progress(quiet=False) as step:
        step(f"Reading {shown(report, 50)}")
        record = read_record(report)
        for number, path in enumerate(outputs):
            step(f"Writing {shown(path, 50)}", number, len(outputs))
            chosen = format_of(path)
            with whole_file(path, binary=is_binary(chosen)) as stream:
                _write(record, chosen, stream)
    if form:
        with printing(quiet=False):
            _write(record, form, sys.stdout)


def _write(record: Record, form: str, stream: IO[Any]) -> None:
    if form in FORMS:
        FORMS[form].write(record, stream)
    else:
        from slaaudit.report.summary_text import write_summary

        write_summary(record, stream)
