"""Help as plain text, its options under headings. Rich's help would take twice the time to appear."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from slaaudit.errors import SlaauditError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.cli.in_force import CommandSettings

_OTHER = "Other"
_GLOBAL = ("--config", "--no-config")


class PlainCommand(TyperCommand):
    """A command whose options stand under the headings that they name as their panel, and none of them empty.

    What is not typed is set by variables and the project file, where they set it: ``ctx.obj`` then tells so.
    """

    takes_settings = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as ever; UsageError for a word that is given and empty, as an unset variable of a shell makes it."""
        settings = self._settings(ctx, args)
        ctx.default_map = settings.defaults if settings else None
        try:
            rest = super().parse_args(ctx, args)
        except Exception as error:
            mistyped = getattr(error, "option_name", "")
            if mistyped in _GLOBAL:
                raise UsageError(f"{mistyped} goes before the command: slaaudit {mistyped} …") from None
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]  # so that the message names this command's help
            if settings:
                replace(settings, untyped=self._untyped(ctx)).explain_value(error)
            raise
        ctx.obj = replace(settings, untyped=self._untyped(ctx)) if settings else None
        for parameter in self.get_params(ctx):
            value = ctx.params.get(parameter.name)
            if ctx.get_parameter_source(parameter.name).name == "COMMANDLINE" and "" in (value, *_many(value)):
                named = max(parameter.opts, key=len) if parameter.opts[0].startswith("-") else parameter.metavar
                raise UsageError(f"{named}: an empty text is given; say a value, or leave it out")
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run; a refusal of what was not typed says where it was set."""
        try:
            return super().invoke(ctx)
        except SlaauditError as error:
            if ctx.obj:
                ctx.obj.explain(error)
            raise

    def _settings(self, ctx: Any, args: list[str]) -> CommandSettings | None:
        """What is in force; None where nothing is to run: completion, a call for help, a mistyped flag."""
        if ctx.resilient_parsing or not self.takes_settings or len(self.get_params(ctx)) == 1:  # --help alone
            return None
        try:
            typed, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        except Exception:  # noqa: BLE001  (typer says it once more)
            return None
        if typed.get("help"):
            return None
        from slaaudit.cli.in_force import settings_of

        return settings_of(ctx)

    def _untyped(self, ctx: Any) -> frozenset[str]:
        names = [parameter.name for parameter in self.get_params(ctx)]
        sources = [ctx.get_parameter_source(name) for name in names]
        return frozenset(
            name for name, source in zip(names, sources, strict=True) if source and source.name == "DEFAULT_MAP"
        )

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options by heading, in the order in which the headings first appear."""
        for heading, records in _by_heading(self.get_params(ctx), ctx):
            with formatter.section(heading):
                formatter.write_dl(records)


class UnsetCommand(PlainCommand):
    """A command that only its own flags tell what to do."""

    takes_settings = False


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
