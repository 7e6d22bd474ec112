"""``slaaudit policy``: the published policies, what a policy says, and whether a file is one."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.helping import PlainCommand, PlainGroup, UnsetCommand
from slaaudit.cli.options import one_of
from slaaudit.errors import UsageError

app = typer.Typer(
    name="policy",
    cls=PlainGroup,
    help="List, show and check policies.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A published policy's name, or a policy file.")]
Files = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="Policy files, published policies' names, or mapping files.")
]
FAULT_FORMATS = ("console", "github", "gitlab")
FaultFormat = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(FAULT_FORMATS),
        help="For people, as GitHub's annotations, or as GitLab's code quality report.",
    ),
]
Resolved = Annotated[
    bool, typer.Option("--resolved", help="Every value in force, with the file and line it came from.")
]

From = Annotated[
    list[str], typer.Option("--from", metavar="FILE", help="An export to begin from; may be repeated; - is stdin.")
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Name the examples that hold too, and print worksheets whole.")
]
Id = Annotated[str, typer.Option("--id", metavar="ID", help="The policy's id, as in acme-support.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write it there, not to standard output.")]
OfWaivers = Annotated[bool, typer.Option("--waivers", help="Of a file of waivers.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file that is there.")]
Report = Annotated[bool, typer.Option("--report", help="The schema of the JSON report, slaaudit.report/1.")]


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
    from slaaudit.report import layout, policy_text

    loaded = load(name, dict(_choice(text) for text in reading or ()))
    width = layout.console_on(sys.stdout).width
    typer.echo(policy_text.resolved(loaded) if resolved else policy_text.shown_policy(loaded, width))


def _choice(text: str) -> tuple[str, str]:
    reading, equals, choice = (part.strip() for part in text.partition("="))
    if not (reading and equals and choice):
        raise UsageError(f"--reading {text}: expected id=choice")
    return reading, choice


@app.command(cls=PlainCommand)
def validate(files: Files, *, form: FaultFormat = "console") -> None:
    """Check policies, their examples, mappings and waivers: every fault at once, with its line.

    Waivers are held against the policies that are named beside them.

    Exit code 0: each file is what it is meant to be. 2: one of them is not.
    """
    from slaaudit.cli.validating import checked_all
    from slaaudit.report.policy_text import said

    one_of("--format", form, FAULT_FORMATS)
    found = checked_all(files)
    faults = [fault for each in found for fault in each.faults]
    if form == "github":
        from slaaudit.report.ci_faults import github

        for line in github(faults, [each.holds for each in found if each.holds]):
            typer.echo(line)
    else:
        for each in found:
            for text in [each.error] if each.error else map(str, each.faults):
                typer.echo(said(text), err=True)
            if each.holds:
                typer.echo(each.holds, err=form == "gitlab")
    if form == "gitlab":
        from slaaudit.report.ci_faults import gitlab

        typer.echo(gitlab(faults))
    if any(each.error for each in found):
        raise typer.Exit(UsageError.exit_code)


@app.command("test", cls=PlainCommand)
def examples(files: Files, *, verbose: Verbose = False) -> None:
    """Run the examples that policies carry, or that stand beside them in NAME.examples.yaml.

    Exit code 0: every example holds. 1: one of them fails. 2: a file cannot be used. 3: a policy has no examples.
    """
    from slaaudit.cli.trying import tried

    raise typer.Exit(tried(files, verbose=verbose))


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


@app.command(cls=UnsetCommand)
def schema(*, report: Report = False, waivers: OfWaivers = False) -> None:
    """Print the JSON Schema of a policy file, for editors; that of waivers or of the JSON report where asked."""
    import json

    if report and waivers:
        raise UsageError("--report and --waivers: give one of them")
    if report:
        from slaaudit.report.schema import report_schema as chosen
    elif waivers:
        from slaaudit.policy.schema import waivers_schema as chosen
    else:
        from slaaudit.policy.schema import policy_schema as chosen

    typer.echo(json.dumps(chosen(), indent=2, ensure_ascii=False))
