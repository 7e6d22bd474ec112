"""What a project file and variables may set: the flags of every command, as the commands themselves tell them.

Nothing is listed here: a flag that a command gains can be set the same day.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The exports that a command reads: its argument FILE, or its flag --in.
EXPORTS = "tickets"
_IN = "in"
_NEVER = frozenset({"help"})

_WORDS = re.compile(r"[a-z][a-z0-9-]*(\|[a-z][a-z0-9-]*)+")
_PATHS = frozenset({"FILE", "FILE.zip", "FOLDER"})
_LOOKS_LIKE_A_PATH = re.compile(r"[/\\]|\.[A-Za-z]\w*$")
_YES_AND_NO = {**dict.fromkeys(("1", "true", "yes", "on"), True), **dict.fromkeys(("0", "false", "no", "off"), False)}


class UnfitError(ValueError):
    """A value that a flag cannot have; ``found`` and ``known`` are words, where the nearest of them may be meant."""

    def __init__(self, message: str, hint: str = "", *, found: str = "", known: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.hint, self.found, self.known = hint, found, known


@dataclass(frozen=True)
class Setting:
    """A flag of a command as it may be set: its key, the name of its parameter, and what it takes."""

    command: str
    key: str
    name: str
    metavar: str
    default: Any
    is_switch: bool = False
    is_repeated: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a number is expected, as the flag's default tells."""
        return isinstance(self.default, int) and not self.is_switch

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be, where its metavar lists them; none where anything may be given."""
        return tuple(self.metavar.split("|")) if _WORDS.fullmatch(self.metavar) else ()

    def from_file(self, value: Any, folder: Path) -> Any:
        """A value of the file as the command takes it, paths from ``folder``; UnfitError where it is no such value."""
        if self.is_switch or self.is_number:
            wanted = "true or false" if self.is_switch else "a whole number"
            if type(value) is not (bool if self.is_switch else int):
                raise UnfitError(f"{self.key}: expected {wanted}, found {_described(value)}")
            return value
        texts = [self._text(each) for each in self._entries(value)]
        return self._given([self._path(text, folder) for text in texts])

    def from_variable(self, text: str) -> Any:
        """What a variable says, as the command takes it; one entry a line where there may be several."""
        if self.is_switch:
            if text.strip().lower() not in _YES_AND_NO:
                raise UnfitError(f"{self.key}: expected true or false, found {text!r}")
            return _YES_AND_NO[text.strip().lower()]
        lines = [line.strip() for line in text.splitlines()] if self.is_repeated else [text]
        return self._given([line for line in lines if line])

    def _entries(self, value: Any) -> list[Any]:
        if not self.is_repeated:
            return [value]
        if isinstance(value, Mapping) and "=" in self._takes:
            return [f"{key}={self._text(each)}" for key, each in value.items()]
        return value if isinstance(value, list) else [value]

    def _text(self, value: Any) -> str:
        if isinstance(value, dt.date) and "DATE" in self.metavar:
            return value.isoformat()
        if not isinstance(value, str):
            quoted = isinstance(value, int | float | dt.date) and not isinstance(value, bool)
            hint = f'write it in quotes: "{value}"' if quoted else ""
            wanted = "a text or a list of texts" if self.is_repeated else "a text"
            raise UnfitError(f"{self.key}: expected {wanted}, found {_described(value)}", hint)
        if not value.strip():
            raise UnfitError(f"{self.key}: an empty text is given", "say a value, or leave it out")
        return value

    def _given(self, texts: list[str]) -> Any:
        for text in texts if self.choices else ():
            if text not in self.choices:
                raise UnfitError(f"{self.key}: {text!r} is not known here", found=text, known=self.choices)
        return texts if self.is_repeated else texts[0]

    def _path(self, text: str, folder: Path) -> str:
        """The text as it is seen from the current folder, where it is a path that is seen from ``folder``."""
        kinds = set(self._takes.split("|"))
        if not kinds & _PATHS or text == "-" or Path(text).is_absolute():
            return text
        has_more = self._takes != self.metavar and "=" in text
        name, *more = text.rsplit(":", 1) if has_more else [text]
        path = folder / name
        is_path = kinds <= _PATHS or _LOOKS_LIKE_A_PATH.search(name) or path.exists()
        return ":".join([near(path), *more]) if is_path else text

    @property
    def _takes(self) -> str:
        """The metavar without what may follow in brackets: ``NAME|FILE`` of ``NAME|FILE[:READING=CHOICE,...]``."""
        return self.metavar.partition("[")[0]


Settings: TypeAlias = dict[str, dict[str, Setting]]


def near(path: Path) -> str:
    """The path as it is seen from the current folder.

    >>> near(Path.cwd() / "acme.yaml")
    'acme.yaml'
    """
    try:
        return os.path.relpath(path)
    except (OSError, ValueError):  # no current folder, or another drive
        return str(path)


def settable(root: Any) -> Settings:
    """What may be set for each command below ``root``: key to setting, by the command's words ("policy new")."""
    commands = [each for each in _commands(root) if getattr(each[1], "takes_settings", False)]
    return {name: found for name, command in commands if (found := _of(name, command))}


def _of(name: str, command: Any) -> dict[str, Setting]:
    found = [_setting(name, parameter) for parameter in command.params]
    return {each.key: each for each in found if each}


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def _setting(command: str, parameter: Any) -> Setting | None:
    metavar = parameter.metavar or ""
    if parameter.param_type_name == "argument":
        if metavar != "FILE" or parameter.nargs != -1:
            return None
        return Setting(command, EXPORTS, parameter.name, metavar, None, is_repeated=True)
    key = max(parameter.opts, key=len).removeprefix("--")
    if key in _NEVER:
        return None
    return Setting(
        command,
        EXPORTS if key == _IN else key,
        parameter.name,
        metavar,
        parameter.default,
        is_switch=bool(parameter.is_flag),
        is_repeated=bool(parameter.multiple),
    )


def _described(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…")  # noqa: PLR2004  (enough to know it by)
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list) else str(value)
