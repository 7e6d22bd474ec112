"""The report for a run on GitHub: a summary for the run's page, outputs for later steps, a short report for the log."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

from slaaudit.errors import UsageError
from slaaudit.report.as_markdown import Caps, markdown
from slaaudit.report.from_record import View
from slaaudit.report.github import inert, output
from slaaudit.report.layout import width_asked
from slaaudit.report.markup import prose
from slaaudit.report.safe import shown
from slaaudit.report.summary_text import summary

if TYPE_CHECKING:
    from slaaudit.report.record import Record

#: What GitHub takes of a step's summary; a longer one is not shown at all.
LARGEST = 1024 * 1024
_SUMMARY, _OUTPUT = "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"
_CAPS = (Caps(500, 100), Caps(100, 50), Caps(25, 20), Caps(10, 5), Caps(0, 0))


def write_github(record: Record, stream: IO[str]) -> None:
    """Write the short report to ``stream``, and append to the files that GitHub names, where it names them.

    UsageError where such a file cannot be written.
    """
    view = View(record)
    summary_file, output_file = os.environ.get(_SUMMARY), os.environ.get(_OUTPUT)
    if summary_file:
        _append(_SUMMARY, summary_file, step_summary(view, LARGEST - _size(summary_file)))
    if output_file:
        _append(_OUTPUT, output_file, "".join(output(name, shown(value)) for name, value in outputs(view).items()))
    stream.writelines(inert(line.plain) + "\n" for line in summary(view, width_asked()))


def step_summary(view: View, room: int) -> str:
    """The report as Markdown in at most ``room`` bytes: with as many rows as fit, else the verdict, else nothing."""
    for caps in _CAPS:
        text = markdown(view, caps)
        if len(text.encode()) <= room:
            return text
    text = f"**{prose(view.outcome['sentence'], 0)}**\n\nThe report is too long to be shown here.\n"
    return text if len(text.encode()) <= room else ""


def outputs(view: View) -> dict[str, str]:
    """What later steps may ask for."""
    found = view.outcome
    return {
        "verdict": found["verdict"],
        "breaches": str(len(view.breaches) + view.periods_below),
        "credit": view.earned,
        "claim_by": view.claim_by or "",
    }


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _append(variable: str, path: str, text: str) -> None:
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise UsageError(f"cannot write {shown(path)}, which ${variable} names: {error.strerror or error}") from error
