"""The sides of a comparison as they are typed: a policy with readings of its own, or the first one read otherwise."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slaaudit.cli.given import readings_of
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from slaaudit.policy import LoadedPolicy

_WITH_READINGS = re.compile(r"(?P<policy>.+?):(?P<readings>[^=,/\\]+=[^=,]+(?:,[^=,]+=[^=,]+)*)")


@dataclass(frozen=True)
class Side:
    """One side: its policy, and the readings that were asked for of it."""

    policy: str
    readings: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """The side as it may be typed."""
        chosen = ",".join(f"{name}={choice}" for name, choice in self.readings)
        return f"{self.policy}:{chosen}" if chosen else self.policy

    def flags(self) -> Iterator[str]:
        """The words that name it to another command."""
        yield from ("--policy", self.policy)
        for name, choice in self.readings:
            yield from ("--reading", f"{name}={choice}")


def sides(
    policies: Sequence[str], against: Sequence[str], shared: Mapping[str, str]
) -> list[tuple[Side, LoadedPolicy]]:
    """Every side with its policy as it is read, the first policy first, then the others, then ``against``.

    ``shared`` are readings for every side that has them and does not settle them itself. UsageError where there are
    not two sides, where two are the same, or where a reading is no side's.
    """
    named = [side_of(text) for text in policies]
    first = named[0]
    for text in against:
        other = dict(first.readings) | readings_of("--against", text.split(","))
        named.append(replace(first, readings=tuple(other.items())))
    if len(named) < 2:  # noqa: PLR2004  (a comparison is of two)
        raise UsageError(
            "nothing to compare with; give another --policy, or --against READING=CHOICE to read the same one otherwise"
        )
    for at, side in enumerate(named):
        if side in named[:at]:
            raise UsageError(f"{shown(side.label)} is given twice; keep one")
    return _loaded(named, shared)


def side_of(text: str) -> Side:
    """The side that ``--policy`` names: ``sequr``, ``acme.yaml``, ``sequr:zone=utc,holidays=none``."""
    found = _WITH_READINGS.fullmatch(text)
    if os.path.exists(text) or not found:  # noqa: PTH110  (a name that no file can have is none)
        return Side(text)
    return Side(found["policy"], tuple(readings_of("--policy", found["readings"].split(",")).items()))


def _loaded(named: Sequence[Side], shared: Mapping[str, str]) -> list[tuple[Side, LoadedPolicy]]:
    from slaaudit import policy

    found: list[tuple[Side, LoadedPolicy]] = []
    used: set[str] = set()
    for side in named:
        loaded = policy.load(side.policy, dict(side.readings))
        more = {name: choice for name, choice in shared.items() if name in loaded.readings}
        used |= more.keys()
        own = more | dict(side.readings)
        if own != dict(side.readings):
            loaded = policy.load(side.policy, own)
        found.append((replace(side, readings=tuple(own.items())), loaded))
    if unknown := [name for name in shared if name not in used]:
        from slaaudit.located import did_you_mean

        known = sorted({name for _, loaded in found for name in loaded.readings})
        raise UsageError(f"--reading: no side has a reading {unknown[0]!r}\n    {did_you_mean(unknown[0], known)}")
    return found
