"""Help as plain text, its options under headings. Rich's help would take twice the time to appear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER = "Other"


class PlainCommand(TyperCommand):
    """A command whose options stand under the headings that they name as their panel."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options by heading, in the order in which the headings first appear."""
        for heading, records in _by_heading(self.get_params(ctx), ctx):
            with formatter.section(heading):
                formatter.write_dl(records)


class PlainGroup(TyperGroup):
    """A group of commands that names the nearest command where one is mistyped."""


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
