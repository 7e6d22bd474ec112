"""The project file: found from the current folder upwards, read, and each of its keys with its line.

It is ``slaaudit.toml``, or the table ``tool.slaaudit`` of a ``pyproject.toml``. The search ends with the first folder
that has one, with a repository's topmost folder (where ``.git`` is), with the home folder, or at the root.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slaaudit.cli.settable import near
from slaaudit.errors import ConfigError, Fault, UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = "slaaudit.toml"
SHARED = "pyproject.toml"

_LARGEST = 1_000_000
_AT = re.compile(r"(?P<said>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)")
_BARE = re.compile(r"""\s*[\w-]+\s*=\s*[^\s"'\[{]""")
_TABLE = ("tool", "slaaudit")


@dataclass(frozen=True)
class ProjectFile:
    """A project file: its path as it is shown, the text, the table of settings, and where that stands in the file."""

    path: str
    folder: Path
    sha256: str
    text: str
    table: dict[str, Any]
    below: tuple[str, ...] = ()

    def line_of(self, *keys: str) -> int:
        """The line that a key of the table begins at; 0 where that cannot be told."""
        return self._lines.get((*self.below, *keys), 0)

    def fault(self, keys: tuple[str, ...], message: str, hint: str = "") -> Fault:
        """A fault at a key."""
        return self.fault_at(self.line_of(*keys), 0, message, hint)

    def fault_at(self, line: int, column: int, message: str, hint: str = "") -> Fault:
        """A fault in a line: at its first sign where ``column`` is 0."""
        from slaaudit.located import Place, Sources

        lines = tuple(self.text.split("\n"))
        written = lines[line - 1] if 0 < line <= len(lines) else ""
        column = column or len(written) - len(written.lstrip()) + 1
        return Sources({self.path: lines}).fault(Place(self.path, line, column), message, hint)

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        return key_lines(self.text)


@dataclass(frozen=True)
class Search:
    """Where a project file was looked for: the folders in their order, and what was found in the last of them."""

    folders: tuple[Path, ...]
    found: ProjectFile | None


def searched() -> Search:
    """The project file of the current folder, or of the nearest folder above it that has one."""
    passed: list[Path] = []
    for folder in _upwards():
        passed.append(folder)
        for name in (OWN, SHARED):
            path = folder / name
            found = read(path) if path.is_file() and (name == OWN or _may_be_meant(path)) else None
            if found:
                return Search(tuple(passed), found)
    return Search(tuple(passed), None)


def named(name: str) -> ProjectFile:
    """The project file that the user names. UsageError where it is none."""
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"--config {shown(name)}: no such file")
    found = read(path)
    if found is None:
        raise UsageError(f"--config {shown(name)}: it has no table [{'.'.join(_TABLE)}]")
    return found


def read(path: Path) -> ProjectFile | None:
    """The file at ``path``; None for a ``pyproject.toml`` without settings. ConfigError where it is no TOML."""
    name = near(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ConfigError([Fault(name, 0, 0, f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError:
        raise ConfigError([Fault(name, 0, 0, "is not UTF-8; save the file as UTF-8")]) from None
    if len(content) > _LARGEST:
        raise ConfigError([Fault(name, 0, 0, "is larger than 1 MB; expected a page of settings")])
    import hashlib

    below = _TABLE if path.name == SHARED else ()
    folder = Path.cwd() / path.parent
    bare = ProjectFile(name, folder, hashlib.sha256(content).hexdigest(), text, {}, below)
    table: Any = _parsed(bare)
    for key in below:
        table = table.get(key) if isinstance(table, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigError([bare.fault((), f"expected a table [{'.'.join(below)}]")])
    return ProjectFile(name, folder, bare.sha256, text, table, below)


def _parsed(file: ProjectFile) -> dict[str, Any]:
    import tomllib  # only where there is a file

    try:
        return tomllib.loads(file.text)
    except RecursionError:
        raise ConfigError([Fault(file.path, 0, 0, "its values are nested too deep")]) from None
    except ValueError as error:
        at = _AT.fullmatch(str(error))
        said, line, column = (at["said"], int(at["line"]), int(at["column"])) if at else (str(error), 0, 0)
        written = file.text.split("\n")[line - 1] if line else ""
        hint = 'texts stand in quotes, as in period = "2026-05"' if _BARE.match(written) else ""
        raise ConfigError([file.fault_at(line, column, f"this is not TOML: {said}", hint)]) from None


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    r"""The line that each key of a TOML document begins at: a statement is what reads as TOML by itself.

    >>> key_lines('policy = "a.yaml"\n\n[check]\noutput = [\n  "a.json",\n]\n')
    {('policy',): 1, ('check',): 3, ('check', 'output'): 4}
    """
    import tomllib

    found: dict[tuple[str, ...], int] = {}
    header: tuple[str, ...] = ()
    statement, begun = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        if not statement:
            begun = number
        statement += f"{line}\n"
        try:
            read = tomllib.loads(statement)
        except ValueError:
            continue
        is_header = statement.lstrip().startswith("[")
        paths = list(_paths(read))
        if is_header and paths:
            header = max(paths, key=len)
        for path in paths:
            found.setdefault(path if is_header else (*header, *path), begun)
        statement = ""
    return found


def _paths(table: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        yield (*before, key)
        if isinstance(value, dict):
            yield from _paths(value, (*before, key))


def _upwards() -> Iterator[Path]:
    try:
        start, home = Path.cwd(), Path("~").expanduser()
    except (OSError, RuntimeError):  # there is no current folder, or nobody is at home
        return
    for folder in (start, *start.parents):
        yield folder
        if (folder / ".git").exists() or folder == home:
            return


def _may_be_meant(path: Path) -> bool:
    """Whether a file that is not ours alone mentions us: others' may be half-written, and are none of our business."""
    try:
        return b"slaaudit" in path.read_bytes()
    except OSError:
        return False
