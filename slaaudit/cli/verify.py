"""``slaaudit verify``: work an evidence pack out again from its originals, and say what differs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.originals import given_then, located
from slaaudit.cli.packing import pack_contents, pseudonyms_in
from slaaudit.cli.progress import progress
from slaaudit.errors import EvidenceError, SlaauditError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def verify(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="The pack: a folder or a .zip file.")],
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="The originals, or folders that hold them. Those that are not named are sought in the current folder "
            "and beside the pack, by name and SHA-256.",
        ),
    ] = None,
    *,
    pseudonyms: Annotated[
        str, typer.Option("--pseudonyms", metavar="FILE", help="The table of pseudonyms that the pack was made with.")
    ] = "",
    verbose: options.Verbose = False,
) -> None:
    """Work an evidence pack out again, and say what differs.

    It is made anew from the original exports, and what differs is named to the field.

    Exit code 0: the pack is as it was made, the originals are those that it was made from, and the same work gives the
    same pack. 1: something differs. 2: the command cannot be used. 3: the pack cannot be read or originals are missing.
    """
    from slaaudit.report.layout import console_on
    from slaaudit.report.pack.store import read_pack
    from slaaudit.report.pack.verification import (
        Verification,
        changes,
        damage,
        differences,
        manifest_of,
        tools,
    )  # fmt: skip
    from slaaudit.report.pack_text import print_verification

    stored = read_pack(pack)
    manifest = manifest_of(stored, shown(pack))
    found = located(manifest, pack, tuple(files or ()))
    lacking = tuple(str(row["name"]) for row in manifest["originals"] if str(row["name"]) not in found)
    originals = {name: _bytes(path) for name, path in found.items()}
    with progress(quiet=False) as step:
        again = {} if lacking else _again(manifest, found, pseudonyms, step)
    told = Verification(
        damaged=tuple(damage(stored, manifest)),
        changed=tuple(changes(manifest, originals)),
        differing=() if lacking else tuple(differences(stored, again)),
        lacking=lacking,
        other_tool=tuple(tools(manifest)),
        files=len(manifest["files"]),
        originals=len(manifest["originals"]),
        without_table=bool(manifest["redacted"]) and not pseudonyms,
    )
    print_verification(told, console_on(sys.stdout), verbose=verbose)
    differs = told.damaged or told.changed or told.differing
    raise typer.Exit(1 if differs else 3 if lacking else 0)


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise EvidenceError(f"{shown(path)}: the file cannot be read: {error.strerror or error}") from None


def _again(
    manifest: Mapping[str, Any], found: Mapping[str, str], pseudonyms: str, step: Callable[..., None]
) -> dict[str, bytes]:
    """The pack's files, worked out anew from the originals."""
    from slaaudit.report.pack.redaction import Redaction

    redaction = Redaction(tuple(manifest["redacted"]), pseudonyms_in(pseudonyms))
    given = given_then(manifest, found)
    try:
        return pack_contents(given, redaction, step, {path: name for name, path in found.items()})
    except SlaauditError as error:
        raise EvidenceError(f"the originals cannot be audited as the pack's were: {error}") from None
