"""The command line: flags in, exit code out.

Importing this imports typer and nothing else of weight; each command imports what it needs when it runs.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Annotated, NoReturn

import typer

from slaaudit import __version__
from slaaudit.cli.check import check as check_command
from slaaudit.cli.claim import claim as claim_command
from slaaudit.cli.compare import compare as compare_command
from slaaudit.cli.config import config as config_command
from slaaudit.cli.credits import credits as credits_command
from slaaudit.cli.demo import demo as demo_command
from slaaudit.cli.diff import diff as diff_command
from slaaudit.cli.dispute import dispute as dispute_command
from slaaudit.cli.ending import exit_code_of
from slaaudit.cli.explain import explain as explain_command
from slaaudit.cli.helping import PlainCommand, PlainGroup, UnsetCommand
from slaaudit.cli.inspect import inspect as inspect_command
from slaaudit.cli.policy import app as policy_app
from slaaudit.cli.render import render as render_command
from slaaudit.cli.report import report as report_command
from slaaudit.cli.verify import verify as verify_command
from slaaudit.errors import UsageError

app = typer.Typer(
    name="slaaudit",
    cls=PlainGroup,
    help="Audit a vendor's support promises against what a helpdesk recorded.",
    epilog="Start with: slaaudit demo",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("check", cls=PlainCommand)(check_command)
app.command("explain", cls=PlainCommand)(explain_command)
app.command("credits", cls=PlainCommand)(credits_command)
app.command("claim", cls=PlainCommand)(claim_command)
app.command("dispute", cls=PlainCommand)(dispute_command)
app.command("report", cls=PlainCommand)(report_command)
app.command("verify", cls=UnsetCommand)(verify_command)
app.command("render", cls=PlainCommand)(render_command)
app.command("compare", cls=PlainCommand)(compare_command)
app.command("diff", cls=PlainCommand)(diff_command)
app.command("inspect", cls=PlainCommand)(inspect_command)
app.add_typer(policy_app, name="policy")
app.command("config", cls=UnsetCommand)(config_command)
app.command("demo", cls=PlainCommand)(demo_command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"slaaudit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[  # noqa: ARG001  (its callback acts)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="The project file; without it, one is looked for.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no project file.")] = False,
) -> None:
    """Audit a vendor's support promises against what a helpdesk recorded."""
    if config is not None and (no_config or not config):
        raise UsageError("--config and --no-config: give one of them" if no_config else "--config: name a file")


def main() -> NoReturn:
    """The ``slaaudit`` command.

    What the run has built is left to the system at the end: to take it down piece by piece takes a tenth of a second
    after a million tickets.
    """
    code = exit_code_of(app, sys.argv[1:] or ["--help"])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody is left to be told
            stream.flush()
    os._exit(code)
