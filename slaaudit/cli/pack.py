"""What ``--pack`` asks for: an evidence pack beside a report."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from slaaudit.cli.progress import progress
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from slaaudit.cli.given import Given


@dataclass(frozen=True)
class Pack:
    """Where the pack goes, the fields that it replaces by pseudonyms, and the file that keeps their table."""

    path: str
    redact: tuple[str, ...] = ()
    pseudonyms: str = ""


def pack_asked(path: str, redact: list[str] | None, pseudonyms: str) -> Pack | None:
    """What the flags ask for; UsageError where they make no sense together."""
    if not path and (redact or pseudonyms):
        raise UsageError(f"{'--redact' if redact else '--pseudonyms'} concerns an evidence pack; give --pack too")
    if pseudonyms and not redact:
        raise UsageError("--pseudonyms keeps the table of what --redact replaces; give --redact FIELD too")
    return Pack(path, tuple(dict.fromkeys(redact or ())), pseudonyms) if path else None


def check_pack(wanted: Pack, given: Given) -> None:
    """Nothing where the pack can be written; all that can be known before the long work."""
    from slaaudit.cli.packing import pseudonyms_in
    from slaaudit.report.pack.store import check_place
    from slaaudit.report.writing import check_writable

    if not given.files:
        raise UsageError("--pack: a pack is made of tickets; name their exports beside the files about the service")
    if "-" in given.all_files:
        raise UsageError("--pack: standard input cannot be read again to verify; save it to a file")
    check_place(wanted.path)
    for file in given.all_files:
        if _is_within(file, wanted.path):
            raise UsageError(f"--pack {shown(wanted.path)}: {shown(file)} is to be read and lies there; name a new one")
    if wanted.pseudonyms:
        pseudonyms_in(wanted.pseudonyms)
        check_writable(wanted.pseudonyms)
        if _is_within(wanted.pseudonyms, wanted.path):
            raise UsageError("--pseudonyms: the table that undoes the pseudonyms must not lie in the pack")


def _is_within(file: str, pack: str) -> bool:
    """Whether a file is the pack, or lies in it."""
    own, whole = os.path.realpath(file), os.path.realpath(pack)
    return own == whole or own.startswith(whole + os.sep)


def write_evidence(given: Given, wanted: Pack, *, quiet: bool) -> None:
    """Write the pack, then the table of its pseudonyms."""
    from slaaudit.cli.packing import pack_contents, pseudonyms_in, write_pseudonyms
    from slaaudit.report.pack.redaction import Redaction
    from slaaudit.report.pack.store import write_pack

    redaction = Redaction(wanted.redact, pseudonyms_in(wanted.pseudonyms))
    with progress(quiet=quiet) as step:
        notes: list[str] = []
        files = pack_contents(given, redaction, step, tell=notes.append)
    for note in notes:
        typer.echo(f"slaaudit: --redact: {note}", err=True)
    write_pack(files, wanted.path)
    if wanted.pseudonyms:
        write_pseudonyms(redaction.table, wanted.pseudonyms)
