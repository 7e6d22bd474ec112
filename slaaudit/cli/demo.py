"""``slaaudit demo``: the main job on sample data that travels with the program."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from slaaudit.cli.checking import Wanted, exit_code_of_check
from slaaudit.cli.given import Given
from slaaudit.cli.options import one_of
from slaaudit.errors import SlaauditError, UsageError
from slaaudit.report.safe import shown

_FIRST = "sequr"
#: A sample whose contract leaves the targets to each customer is checked against the example of one.
_POLICIES = {"sequence": "sequence-example"}
_INPUTS = ("tickets*.csv", "events*.csv")


def demo(
    vendor: Annotated[str, typer.Argument(help="Whose sample to check; without it, one is chosen.")] = _FIRST,
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every breach, note and reading.")] = False,
) -> None:
    """Check sample tickets against a published policy.

    The command that does it is shown first. Exit code 0, whatever the verdict.
    """
    folder = _samples() / one_of("sample", vendor, tuple(sorted(_vendors())))
    files = [str(path) for name in _INPUTS for path in sorted(folder.glob(name))]
    if not files:
        raise UsageError(f"the sample of {vendor} has no tickets; is the installation whole?")
    mapping = folder / "mapping.yaml"
    given = Given(
        tuple(map(_near, files)),
        (_POLICIES.get(vendor, vendor),),
        mapping=_near(str(mapping)) if mapping.is_file() else "",
        incidents=_found(folder, "incidents"),
        maintenance=_found(folder, "maintenance"),
        usage=_found(folder, "usage"),
    )
    typer.echo(f"$ {shown(shlex.join(['slaaudit', 'check', *given.files, *given.service_flags(), *given.flags()]))}\n")
    try:
        exit_code_of_check(given, Wanted(verbose=verbose, fail_on="never"))
    except SlaauditError as error:
        raise UsageError(f"the sample could not be checked: {error}") from error


def _found(folder: Path, kind: str) -> tuple[str, ...]:
    """The sample's files of a kind."""
    return tuple(_near(str(path)) for path in sorted(folder.glob(f"{kind}*.csv")))


def _samples() -> Path:
    """The samples inside the package, else those of the repository it stands in."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_sample_data"
    return inside if inside.is_dir() else package.parent / "sample_data"


def _vendors() -> list[str]:
    folder = _samples()
    return [path.name for path in folder.iterdir() if any(path.glob("tickets*.csv"))] if folder.is_dir() else []


def _near(file: str) -> str:
    """The path from where the user stands, if that is shorter."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file
