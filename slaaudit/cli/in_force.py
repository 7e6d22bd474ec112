"""Which setting is in force for each flag that is not typed, and where it was set: variables win over the file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slaaudit.cli import project_file
from slaaudit.cli.settable import UnfitError, settable
from slaaudit.errors import ConfigError, Fault, FaultsError
from slaaudit.settings import SettingsUsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slaaudit.cli.project_file import ProjectFile, Search
    from slaaudit.cli.settable import Setting, Settings
    from slaaudit.errors import SlaauditError

PREFIX = "SLAAUDIT_"
FILE_VARIABLE = "SLAAUDIT_CONFIG"
NO_FILE_VARIABLE = "SLAAUDIT_NO_CONFIG"
_OURS = (FILE_VARIABLE, NO_FILE_VARIABLE, "SLAAUDIT_DEBUG")

#: Commands about policies themselves: what a project's audits are told is none of their business.
_OF_POLICIES = "policy "
#: At the top of the file this is where reports are written; what another command writes is no report.
_REPORTS = "output"

_LISTED = "slaaudit --no-config config lists what can be set"
_NAMED = "a variable is named for a flag, as SLAAUDIT_PERIOD is for --period"


@dataclass(frozen=True)
class Chosen:
    """A setting's value, as the command takes it, and where it was set: a line of the file, or a variable."""

    setting: Setting
    value: Any
    variable: str = ""
    line: int = 0


@dataclass(frozen=True)
class InForce:
    """Every setting in force by command and key, and the search that found the file."""

    search: Search
    known: Settings
    chosen: dict[str, dict[str, Chosen]]

    def place(self, chosen: Chosen) -> str:
        """Where a setting was set."""
        file = self.search.found
        return chosen.variable or (f"{file.path}:{chosen.line}" if file else "")


@dataclass(frozen=True)
class CommandSettings:
    """What is in force for one command, and which of its parameters were left to it (by name)."""

    of: InForce
    command: str
    untyped: frozenset[str] = frozenset()

    @property
    def defaults(self) -> dict[str, Any]:
        """The values by the names of the parameters."""
        return {each.setting.name: each.value for each in self.of.chosen.get(self.command, {}).values()}

    @property
    def used(self) -> SettingsUsed:
        """What was set, for a report to tell."""
        taken = self._taken()
        of_file = tuple(each.setting.key for each in taken if not each.variable)
        file = self.of.search.found if of_file else None
        of_variables = tuple(each.setting.key for each in taken if each.variable)
        return SettingsUsed(file.path if file else "", file.sha256 if file else "", of_file, of_variables)

    def explain(self, error: SlaauditError) -> None:
        """Let a refusal of something that was not typed say where it was set."""
        if isinstance(error, FaultsError):  # these tell their place themselves
            return
        said = str(error)
        meant = [self.origin(each) for each in self._taken() if _is_about(said, each)]
        if meant:
            error.args = (f"{said}\n    {'; '.join(meant)}",)

    def explain_value(self, error: Any) -> None:
        """The same for what typer refuses."""
        name = getattr(getattr(error, "param", None), "name", "")
        meant = [self.origin(each) for each in self._taken() if each.setting.name == name]
        if meant:
            error.message = f"{error.message}\n    {'; '.join(meant)}"

    def origin(self, chosen: Chosen) -> str:
        """A sentence on where a setting was set."""
        return f"{chosen.setting.key} is set by {self.of.place(chosen)}"

    def _taken(self) -> list[Chosen]:
        found = self.of.chosen.get(self.command, {}).values()
        return [each for each in found if each.setting.name in self.untyped]


def _is_about(said: str, chosen: Chosen) -> bool:
    """Whether a message names the flag, or a value of it."""
    values = chosen.value if isinstance(chosen.value, list) else [chosen.value]
    words = [f"--{chosen.setting.key}"]
    if not chosen.setting.choices:
        words += [each.partition("=")[0] if "=" in chosen.setting.metavar else each for each in map(str, values)]
    return any(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", said) for word in words)


def settings_of(ctx: Any) -> CommandSettings:
    """What is in force for the command that ``ctx`` is about to run."""
    _, _, command = ctx.command_path.partition(" ")
    return CommandSettings(in_force(ctx.find_root()), command)


def in_force(root: Any) -> InForce:
    """What is in force below ``root``, the context of the whole command. ConfigError with every fault."""
    known = settable(root.command)
    search = _search(root.params.get("config"), no_config=root.params.get("no_config", False))
    reader = _Reader(known)
    chosen = reader.of_file(search.found) if search.found else {}
    for command, found in reader.of_variables(os.environ).items():
        chosen.setdefault(command, {}).update(found)
    if reader.faults:
        raise ConfigError(sorted(reader.faults, key=lambda each: (each.line, each.file)))
    return InForce(search, known, chosen)


def _search(config: str | None, *, no_config: bool) -> Search:
    """The search for a file: the flags win over the variables, a named file over a search."""
    if config is None and not no_config:
        config = os.environ.get(FILE_VARIABLE)
        no_config = os.environ.get(NO_FILE_VARIABLE, "").lower() not in ("", "0", "false", "no", "off")
    if no_config:
        return project_file.Search((), None)
    return project_file.Search((), project_file.named(config)) if config else project_file.searched()


class _Reader:
    """Reads the file and the variables; collects what is wrong with them."""

    def __init__(self, known: Settings) -> None:
        self.known = known
        self.faults: list[Fault] = []
        self.keys = sorted({key for settings in known.values() for key in settings})

    def of_file(self, file: ProjectFile) -> dict[str, dict[str, Chosen]]:
        chosen: dict[str, dict[str, Chosen]] = {}
        tables = {key: value for key, value in file.table.items() if isinstance(value, dict) and key in self.known}
        for key, value in file.table.items():
            if key not in tables:
                self._at_the_top(file, key, value, chosen)
        for command, table in tables.items():
            for key, value in table.items():
                self._of_a_command(file, command, key, value, chosen)
        return chosen

    def _at_the_top(self, file: ProjectFile, key: str, value: Any, chosen: dict[str, dict[str, Chosen]]) -> None:
        settings = self._everywhere(key)
        if not settings:
            self.faults.append(file.fault((key,), *self._unknown_at_the_top(key, value)))
            return
        found, refused = _fitting(settings, lambda each: each.from_file(value, file.folder))
        if not found:
            self.faults.append(file.fault((key,), str(refused[0]), _hint(refused)))
        for setting, given in found:
            chosen.setdefault(setting.command, {})[key] = Chosen(setting, given, line=file.line_of(key))

    def _unknown_at_the_top(self, key: str, value: Any) -> tuple[str, str]:
        if isinstance(value, dict):
            return f"no command {key!r}", nearest_of(key, self.known, _LISTED)
        return f"unknown key {key!r}", nearest_of(key, [*self._keys_at_the_top(), *self.known], _LISTED)

    def _of_a_command(
        self, file: ProjectFile, command: str, key: str, value: Any, chosen: dict[str, dict[str, Chosen]]
    ) -> None:
        setting = self.known[command].get(key)
        if setting is None:
            hint = nearest_of(key, self.known[command], f"slaaudit {command} --help lists its flags")
            self.faults.append(file.fault((command, key), f"{command} has no --{key} that can be set", hint))
            return
        try:
            given = setting.from_file(value, file.folder)
        except UnfitError as error:
            self.faults.append(file.fault((command, key), str(error), _hint([error])))
        else:
            chosen.setdefault(command, {})[key] = Chosen(setting, given, line=file.line_of(command, key))

    def of_variables(self, environment: Mapping[str, str]) -> dict[str, dict[str, Chosen]]:
        chosen: dict[str, dict[str, Chosen]] = {}
        by_name = {variable_of(key): key for key in self._keys_at_the_top()}
        for name in sorted(environment):
            if not name.startswith(PREFIX) or name in _OURS:
                continue
            if name not in by_name:
                known = [each.removeprefix(PREFIX) for each in (*by_name, *_OURS)]
                hint = nearest_of(name.removeprefix(PREFIX), known, _NAMED).replace("mean '", f"mean '{PREFIX}")
                self.faults.append(Fault(name, 0, 0, "no flag is set by a variable of this name", hint))
            elif environment[name].strip():  # an empty one is what a shell makes of nothing
                self._of_a_variable(name, by_name[name], environment[name], chosen)
        return chosen

    def _of_a_variable(self, name: str, key: str, text: str, chosen: dict[str, dict[str, Chosen]]) -> None:
        found, refused = _fitting(self._everywhere(key), lambda each: each.from_variable(text))
        if not found:
            self.faults.append(Fault(name, 0, 0, str(refused[0]), _hint(refused)))
        for setting, given in found:
            chosen.setdefault(setting.command, {})[key] = Chosen(setting, given, variable=name)

    def _everywhere(self, key: str) -> list[Setting]:
        """The flags that a key sets where it stands for every command."""
        found = [
            settings[key]
            for command, settings in self.known.items()
            if key in settings and not command.startswith(_OF_POLICIES)
        ]
        return [each for each in found if key != _REPORTS or each.is_repeated]

    def _keys_at_the_top(self) -> list[str]:
        return [key for key in self.keys if self._everywhere(key)]


def variable_of(key: str) -> str:
    """The variable that sets a flag.

    >>> variable_of("period-by")
    'SLAAUDIT_PERIOD_BY'
    """
    return PREFIX + key.upper().replace("-", "_")


def _fitting(settings: Sequence[Setting], read: Any) -> tuple[list[tuple[Setting, Any]], list[UnfitError]]:
    """The flags that can have a value, with it. One that cannot is passed over where another can."""
    found, refused = [], []
    for setting in settings:
        try:
            found.append((setting, read(setting)))
        except UnfitError as error:
            refused.append(error)
    return found, refused


def nearest_of(word: str, known: Iterable[str], otherwise: str) -> str:
    """The nearest known word, else where the known ones are told: they are too many for a message."""
    from slaaudit.located import nearest

    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else otherwise


def _hint(refused: Sequence[UnfitError]) -> str:
    from slaaudit.located import did_you_mean

    known = list(dict.fromkeys(word for error in refused for word in error.known))
    return did_you_mean(refused[0].found, known) if known else refused[0].hint
