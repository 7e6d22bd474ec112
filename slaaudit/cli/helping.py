"""Help as plain text, its options under headings. Rich's help would take twice the time to appear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from slaaudit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER = "Other"


class PlainCommand(TyperCommand):
    """A command whose options stand under the headings that they name as their panel, and none of them empty."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as ever; UsageError for a word that is given and empty, as an unset variable of a shell makes it."""
        try:
            rest = super().parse_args(ctx, args)
        except Exception as error:
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]  # so that the message names this command's help
            raise
        for parameter in self.get_params(ctx):
            value = ctx.params.get(parameter.name)
            if ctx.get_parameter_source(parameter.name).name == "COMMANDLINE" and "" in (value, *_many(value)):
                named = max(parameter.opts, key=len) if parameter.opts[0].startswith("-") else parameter.metavar
                raise UsageError(f"{named}: an empty text is given; say a value, or leave it out")
        return rest

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options by heading, in the order in which the headings first appear."""
        for heading, records in _by_heading(self.get_params(ctx), ctx):
            with formatter.section(heading):
                formatter.write_dl(records)


class PlainGroup(TyperGroup):
    """A group of commands that names the nearest command where one is mistyped."""


def _many(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def _by_heading(parameters: list[Any], ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    headings: dict[str, list[tuple[str, str]]] = {}
    for parameter in parameters:
        record = parameter.get_help_record(ctx)
        if record:
            is_argument = parameter.param_type_name == "argument"
            record = (parameter.metavar or parameter.name, parameter.help or "") if is_argument else record
            panel = getattr(parameter, "rich_help_panel", None) or ("Arguments" if is_argument else _OTHER)
            headings.setdefault(panel, []).append(record)
    last = headings.pop(_OTHER, [])
    yield from headings.items()
    if last:
        yield _OTHER, last
