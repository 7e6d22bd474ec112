"""``slaaudit inspect``: what an export holds and how it would be read, before any policy."""

from __future__ import annotations

import shlex
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from slaaudit.cli import options
from slaaudit.cli.given import read_options
from slaaudit.cli.options import FORMATS, one_of
from slaaudit.cli.progress import progress
from slaaudit.cli.writing import refuse_to_replace
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence import ReadOptions
    from slaaudit.evidence.inspection import FileFacts, Inspection

Policy = Annotated[
    str,
    typer.Option(
        "--policy", "-p", metavar="NAME|FILE", rich_help_panel=options.REPORT,
        help="Show which severity of this policy each word of the export is.",
    ),
]  # fmt: skip
Write = Annotated[
    str,
    typer.Option(
        "--write", "-w", metavar="FILE", rich_help_panel=options.REPORT,
        help="Write a mapping file there, with what could not be told left to fill in.",
    ),
]  # fmt: skip
Force = Annotated[bool, typer.Option("--force", rich_help_panel=options.REPORT, help="Replace the file that is there.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", rich_help_panel=options.REPORT, help="Every column and every word.")
]


def inspect(  # noqa: PLR0913  (typer reads one parameter a flag)
    files: options.Files,
    *,
    policy: Policy = "",
    mapping: options.Mapping = "",
    column: options.Columns = None,
    value: options.Values = None,
    timezone: options.Timezone = "",
    date_format: options.DateFormat = "",
    write: Write = "",
    force: Force = False,
    report_format: options.ExplainFormat = "console",
    verbose: Verbose = False,
) -> None:
    """Show what an export holds and how it would be read.

    Exit code 0: the files were read as tables, even where something is left to settle. 2: the command, the policy or
    the mapping cannot be used. 3: a file cannot be read.
    """
    form = one_of("--format", report_format, FORMATS[:2])
    reading = read_options(
        mapping=mapping, columns=column or (), values=value or (), timezone=timezone, date_format=date_format
    )
    if write:
        refuse_to_replace(write, files, force=force)
    inspection = _inspected(files, reading)
    mapped = _to_map(inspection) if write else None
    from slaaudit import policy as policies

    loaded = policies.load(policy) if policy else None
    if form == "json":
        from slaaudit.report.inspection_json import write_inspection

        write_inspection(inspection, loaded, sys.stdout)
    else:
        from slaaudit.report.inspection import print_inspection
        from slaaudit.report.layout import console_on

        following = _following(inspection, policy, write, reading)
        print_inspection(inspection, loaded, following, console_on(sys.stdout), verbose=verbose)
    if mapped:
        _write_mapping(mapped, reading, write)


def _inspected(files: Sequence[str], reading: ReadOptions) -> Inspection:
    from dataclasses import replace

    from slaaudit.evidence.inspecting import inspect as inspected

    with progress(quiet=False) as step:
        stepping = replace(reading, progress=lambda path: step(f"Reading {shown(path, 60)}"))
        return inspected(files, stepping, time.time_ns() // 1000)


def _to_map(inspection: Inspection) -> FileFacts:
    """The file whose mapping is written: the only one, or the only one of several with something to settle."""
    unsettled = [facts for facts in inspection.files if not _is_settled(facts)]
    if len(inspection.files) == 1 or len(unsettled) == 1:
        return (unsettled or inspection.files)[0]
    if not unsettled:
        raise UsageError(
            "--write: nothing is left to settle in any of these files; inspect one of them alone to write its mapping"
        )
    names = " and ".join([", ".join(shown(facts.path, 60) for facts in unsettled[:-1]), shown(unsettled[-1].path, 60)])
    raise UsageError(
        f"--write writes the mapping of one file, and {names} have each something to settle. Write it for one of them "
        "alone, and settle the others with --timezone, --date-format, --column and --value"
    )


def _is_settled(facts: FileFacts) -> bool:
    return facts.is_ready and not any(words.unknown for words in facts.vocabularies)


def _write_mapping(facts: FileFacts, reading: ReadOptions, path: str) -> None:
    from slaaudit.report.mapping_text import mapping_text
    from slaaudit.report.writing import whole_file

    with whole_file(path) as stream:
        stream.write(mapping_text(facts, reading.date_format or ""))


def _following(inspection: Inspection, policy: str, write: str, reading: ReadOptions) -> str:
    """The next command: check where every file is ready, else the mapping that settles what is open."""
    paths = [facts.path for facts in inspection.files]
    if write:
        return shlex.join(["slaaudit", "check", *paths, "--policy", policy or "NAME", "--mapping", write])
    unsettled = [facts for facts in inspection.files if not _is_settled(facts)]
    if len(unsettled) == 1:
        return shlex.join(["slaaudit", "inspect", *paths, "--write", "mapping.yaml"])
    shapes = {facts.shape for facts in inspection.files}
    if not shapes & {"tickets", "events", "snapshots"}:
        paths = [word for facts in inspection.files for word in (f"--{facts.shape}", facts.path)]
    given = ["--mapping", reading.mapping] if reading.mapping else []
    given += ["--timezone", reading.timezone] if reading.timezone else []
    command = "credits" if paths[0].startswith("--") else "check"
    return shlex.join(["slaaudit", command, *paths, "--policy", policy or "NAME", *given])
