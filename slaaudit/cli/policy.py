"""``slaaudit policy``: the published policies, what a policy says, and whether a file is one."""

from __future__ import annotations

from typing import Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.helping import PlainCommand, PlainGroup
from slaaudit.errors import SlaauditError, UsageError

app = typer.Typer(
    name="policy",
    cls=PlainGroup,
    help="List, show and check policies.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A published policy's name, or a policy file.")]
Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Policy files, or published policies' names.")]
Resolved = Annotated[
    bool, typer.Option("--resolved", help="Every value in force, with the file and line it came from.")
]

From = Annotated[
    list[str], typer.Option("--from", metavar="FILE", help="An export to begin from; may be repeated; - is stdin.")
]
Id = Annotated[str, typer.Option("--id", metavar="ID", help="The policy's id, as in acme-support.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write it there, not to standard output.")]
OfWaivers = Annotated[bool, typer.Option("--waivers", help="Of a file of waivers.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file that is there.")]


@app.command("list", cls=PlainCommand)
def published() -> None:
    """List the published policies."""
    from slaaudit.policy.published import published
    from slaaudit.report.policy_text import listed

    typer.echo(listed(published()))


@app.command(cls=PlainCommand)
def show(name: Name, *, resolved: Resolved = False, reading: options.Readings = None) -> None:
    """Print a policy as it is in force: severities, calendars, clauses, readings."""
    from slaaudit.policy import load
    from slaaudit.report import policy_text

    loaded = load(name, dict(_choice(text) for text in reading or ()))
    typer.echo(policy_text.resolved(loaded) if resolved else policy_text.shown_policy(loaded))


def _choice(text: str) -> tuple[str, str]:
    reading, equals, choice = (part.strip() for part in text.partition("="))
    if not (reading and equals and choice):
        raise UsageError(f"--reading {text}: expected id=choice")
    return reading, choice


@app.command(cls=PlainCommand)
def validate(files: Files) -> None:
    """Check policy files: every fault at once, with its line.

    Exit code 0: each file is a policy. 2: one of them is not.
    """
    from slaaudit.policy import load
    from slaaudit.report.policy_text import counted, said

    failed = False
    for name in files:
        try:
            loaded = load(name)
        except SlaauditError as error:
            typer.echo(said(str(error)), err=True)
            failed = True
        else:
            for warning in loaded.warnings:
                typer.echo(said(str(warning)), err=True)
            typer.echo(counted(loaded))
    if failed:
        raise typer.Exit(UsageError.exit_code)


@app.command(cls=PlainCommand)
def new(
    *,
    exports: From,
    policy_id: Id = "",
    output: Output = "",
    force: Force = False,
    mapping: options.Mapping = "",
    timezone: options.Timezone = "",
) -> None:
    """Begin a policy from an export.

    It lists the severities and statuses found; the promises are to be filled in.

    Exit code 0: it is written. 2: the command cannot be used. 3: the export cannot be read.
    """
    import sys
    import time

    from slaaudit.cli.given import read_options
    from slaaudit.cli.writing import refuse_to_replace
    from slaaudit.evidence.inspecting import inspect
    from slaaudit.policy.grammar import slug
    from slaaudit.report.policy_skeleton import policy_skeleton
    from slaaudit.report.writing import whole_file

    try:
        slug(policy_id or "new-policy")
    except ValueError as error:
        raise UsageError(f"--id {error}") from None
    if output:
        refuse_to_replace(output, exports, force=force)
    found = inspect(exports, read_options(mapping=mapping, timezone=timezone), time.time_ns() // 1000)
    text = policy_skeleton(found, policy_id or "new-policy")
    if not output:
        sys.stdout.write(text)
        return
    with whole_file(output) as stream:
        stream.write(text)


@app.command(cls=PlainCommand)
def schema(*, waivers: OfWaivers = False) -> None:
    """Print the JSON Schema of a policy (or waivers), for editors."""
    import json

    from slaaudit.policy.schema import policy_schema, waivers_schema

    typer.echo(json.dumps(waivers_schema() if waivers else policy_schema(), indent=2, ensure_ascii=False))
