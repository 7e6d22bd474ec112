"""``slaaudit config``: which settings are in force, and where each was set."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.options import FORMATS, one_of
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.cli.in_force import InForce

SCHEMA = "slaaudit.config/1"

_DEFAULT = "default"


def config(
    context: typer.Context,
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="A command; without it, all of them.", show_default=False)
    ] = "",
    *,
    report_format: options.ExplainFormat = "console",
) -> None:
    """Show what is in force for every flag, and where it was set.

    A flag that is typed wins over a variable (SLAAUDIT_PERIOD), a variable over the project file (slaaudit.toml, or
    [tool.slaaudit] in pyproject.toml), the file over the flag's default.

    Exit code 0. 2: the file or a variable cannot be used.
    """
    from slaaudit.cli.in_force import in_force, nearest_of

    form = one_of("--format", report_format, FORMATS[:2])
    found = in_force(context.find_root())
    if command and command not in found.known:
        hint = nearest_of(command, found.known, "slaaudit --help lists the commands")
        raise UsageError(f"no command {shown(command, 40)!r} with flags that can be set; {hint}")
    rows = [row for name in ([command] if command else found.known) for row in _rows(found, name)]
    if form == "json":
        import json

        typer.echo(json.dumps(_as_data(found, rows), indent=2, ensure_ascii=False))
    else:
        _print(found, rows)


def _rows(found: InForce, command: str) -> Iterator[dict[str, Any]]:
    for key, setting in found.known[command].items():
        chosen = found.chosen.get(command, {}).get(key)
        source = "default" if chosen is None else "variable" if chosen.variable else "file"
        yield {
            "command": command,
            "key": key,
            "value": chosen.value if chosen else setting.default if setting.default not in ("", []) else None,
            "source": source,
            "place": found.place(chosen) if chosen else None,
        }


def _as_data(found: InForce, rows: list[dict[str, Any]]) -> dict[str, Any]:
    file = found.search.found
    return {
        "schema": SCHEMA,
        "file": {"path": file.path, "sha256": file.sha256} if file else None,
        "searched": [str(folder) for folder in found.search.folders],
        "settings": rows,
    }


def _print(found: InForce, rows: list[dict[str, Any]]) -> None:
    """One line for each flag and value, what is set first; where commands differ, the fewer are named."""
    from slaaudit.report.layout import Column, console_on, paragraph, table

    console = console_on(sys.stdout)
    cells = sorted(_cells(rows), key=lambda each: each[1] == _DEFAULT)
    columns = [Column("SETTING"), Column("SET BY"), Column("VALUE")]
    for line in [*paragraph(_on_the_search(found), console.width, 0), *table(columns, cells, console.width, 0)]:
        console.print(line, soft_wrap=True)


def _cells(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    groups: dict[str, dict[tuple[str, str], list[str]]] = {}
    for row in rows:
        told = (row["place"] or _DEFAULT, _text(row["value"]))
        groups.setdefault(row["key"], {}).setdefault(told, []).append(row["command"])
    for key, found in sorted(groups.items()):
        most = max(found.values(), key=len)
        for told, commands in found.items():
            for name in [""] if commands is most else commands:
                yield (f"{key} [{name}]" if name else key, *told)


def _on_the_search(found: InForce) -> str:
    from slaaudit.cli.settable import near

    if found.search.found:
        return f"Project file: {found.search.found.path}"
    if not found.search.folders:
        return "Project file: none is read"
    first, last = near(found.search.folders[0]), str(found.search.folders[-1])
    wanted = "slaaudit.toml and [tool.slaaudit] in pyproject.toml"
    return f"Project file: none; looked for {wanted} from {first} up to {last}"


def _text(value: Any) -> str:
    if value is None or value is False or value == []:
        return "-" if value is not False else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "yes" if value is True else str(value)
