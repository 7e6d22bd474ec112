"""The formats of a report that are made from its record, and the suffix that picks each for a file."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.shard import Worksheets


@dataclass(frozen=True)
class Form:
    """A format: the suffix of its files and the function that writes it, imported once it is needed.

    The function takes a record (the keys of ``slaaudit.report/1``) and a stream of text, or of bytes where ``binary``.
    Where it ``streams``, it reads each list of the record once at most, so that a large report need not stand in
    memory. ``worksheets`` are those that it shows. A format without a suffix is for standard output alone.
    ``measurements_only`` says that it tells of tickets and nothing else.
    """

    suffix: str
    writer: str
    binary: bool = False
    streams: bool = False
    worksheets: Worksheets = "none"
    measurements_only: bool = False

    @property
    def write(self) -> Callable[[dict[str, Any], IO[Any]], None]:
        """The function that writes it."""
        module, _, name = self.writer.partition(":")
        found: Callable[[dict[str, Any], IO[Any]], None] = getattr(importlib.import_module(module), name)
        return found


#: Every format but the one for people at a terminal.
FORMS = {
    "json": Form(".json", "slaaudit.report.as_json:write_record", streams=True, worksheets="breaches"),
    "xlsx": Form(".xlsx", "slaaudit.report.xlsx:write_workbook", binary=True),
    "html": Form(".html", "slaaudit.report.html.writer:write_html", streams=True, worksheets="all"),
    "csv": Form(".csv", "slaaudit.report.as_csv:write_csv", streams=True, measurements_only=True),
    "jsonl": Form(".jsonl", "slaaudit.report.as_json_lines:write_json_lines", streams=True, worksheets="breaches"),
    "parquet": Form(
        ".parquet", "slaaudit.report.as_parquet:write_parquet", binary=True, streams=True, measurements_only=True
    ),
    "markdown": Form(".md", "slaaudit.report.as_markdown:write_markdown", streams=True),
    "junit": Form(".xml", "slaaudit.report.as_junit:write_junit", streams=True),
    "github": Form("", "slaaudit.report.as_github:write_github", streams=True),
    "svg": Form(".svg", "slaaudit.report.as_svg:write_svg", streams=True),
    "png": Form(".png", "slaaudit.report.as_png:write_png", binary=True, streams=True),
}
CONSOLE = "console"
SUFFIXES = {form.suffix: name for name, form in FORMS.items() if form.suffix} | {".txt": CONSOLE}


def format_of(path: str) -> str:
    """The format that a file's suffix picks."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"--output {shown(path)}: the suffix picks the format; expected {', '.join(SUFFIXES)}")
    return SUFFIXES[suffix]


def is_binary(form: str) -> bool:
    """Whether a format is written as bytes."""
    return form in FORMS and FORMS[form].binary
