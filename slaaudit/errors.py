"""The error tree.

::

    SlaauditError            one clear message; never a traceback for the user
    ├── UsageError           exit 2: the command cannot be carried out as it was given
    │   └── FaultsError      exit 2: a document (policy, mapping, waivers, project file) is invalid; carries every fault
    │       ├── PolicyError
    │       ├── MappingError
    │       ├── WaiverError
    │       └── ConfigError
    └── EvidenceError        exit 3: the export cannot be used

Poor evidence is not in the tree: a row that cannot be used is a result (rejected, with its reason), and so is
a clock that cannot be judged (an ``unknown`` verdict). A breach is a finding, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class SlaauditError(Exception):
    """Anything that slaaudit refuses to do, said so that the reader knows what to change."""

    exit_code = 2


class UsageError(SlaauditError):
    """The command, a flag or a name in it cannot be used."""


class EvidenceError(SlaauditError):
    """The export cannot be used: missing, unreadable, or without anything to measure."""

    exit_code = 3


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a document, with the place a person has to go to.

    ``line`` and ``column`` count from 1; 0 means that the whole file is meant. ``source`` is the line as it
    stands in the file. ``hint`` says what was expected or the nearest known word.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    source: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        lines = [f"{place}: {self.severity}: {self.message}"]
        if self.source:
            lines += [f"    {self.source}", f"    {' ' * (self.column - 1)}^"]
        if self.hint:
            lines.append(f"    {self.hint}")
        return "\n".join(lines)


class FaultsError(UsageError):
    """A document with faults: all of them, in the order of their places."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class PolicyError(FaultsError):
    """A policy file is invalid."""


class MappingError(FaultsError):
    """A mapping file or export profile is invalid."""


class ConfigError(FaultsError):
    """A project file, or a variable beside it, is invalid."""


class WaiverError(FaultsError):
    """A file of waivers is invalid, or what it waives has expired or is not there."""
