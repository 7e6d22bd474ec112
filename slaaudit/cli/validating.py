"""Files of the kinds that people write, each checked as what it says that it is: a policy, or a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.errors import Fault, FaultsError, SlaauditError

if TYPE_CHECKING:
    from collections.abc import Callable

_MAPPING = "slaaudit-profile"


@dataclass(frozen=True)
class Checked:
    """A file's faults and warnings; ``error`` as it is told where it cannot be used, else what it holds in a line."""

    faults: tuple[Fault, ...]
    error: str = ""
    holds: str = ""


def checked(name: str) -> Checked:
    """The file, or the published policy, of that name. Whatever is wrong with it is a fault."""
    try:
        return _kind_of(name)(name)
    except FaultsError as error:
        return Checked(error.faults, str(error))
    except SlaauditError as error:
        return Checked((Fault(name, 0, 0, str(error).replace("\n   ", ":")),), str(error))


def _kind_of(name: str) -> Callable[[str], Checked]:
    """What a file is by its first keys; a name that is no file's is a policy's."""
    from slaaudit.located import read_file

    try:
        root = read_file(Path(name)).root if Path(name).is_file() else None
    except OSError:  # no file can have such a name
        root = None
    return _mapping if root is not None and root.get(_MAPPING) is not None else _policy


def _policy(name: str) -> Checked:
    from slaaudit.policy.example_reader import policy_examples
    from slaaudit.report.policy_text import counted

    found = policy_examples(name)
    return Checked(found.loaded.warnings, holds=counted(found.loaded, len(found.trials)))


def _mapping(name: str) -> Checked:
    from slaaudit.evidence.profile import mapping_file
    from slaaudit.report.safe import shown
    from slaaudit.report.words import count

    profile = mapping_file(name).profile
    words = sum(map(len, profile.values.values()))
    return Checked(
        (), holds=f"{shown(name)}: ok: a mapping, {count(len(profile.columns), 'column')}, {count(words, 'word')}"
    )
