"""The one combination of readings that is kindest to the customer, and the one kindest to the vendor.

Clauses share readings, so the choices are made for all of them at once; clauses that share none stand apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slaaudit.policy.variants import ClauseReadings
    from slaaudit.standing import ClauseDispute

_MOST = 2_000_000  # combinations of one group of clauses
_Key = tuple[int, str]  # a policy and one of its readings


@dataclass(frozen=True)
class Extreme:
    """Breaches (tickets x clauses) under one combination, and what it changes from the choices in force, by policy."""

    breached: int
    changes: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Extremes:
    """``customer`` has the most breaches, ``vendor`` the fewest; of equal ones that with the fewest changes."""

    customer: Extreme
    vendor: Extreme


def extremes(found: Sequence[ClauseDispute], policies: int) -> Extremes | None:
    """Both extremes; None where combinations were left out, or are too many to be added up."""
    if any(one.readings.left_out for one in found):
        return None
    groups = _groups(found)
    if any(np.prod(list(_sizes(group).values()), dtype=object) > _MOST for group in groups):
        return None
    sides = []
    for way in (-1, 1):
        total = 0
        changes: tuple[dict[str, str], ...] = tuple({} for _ in range(policies))
        for group in groups:
            breached, picked = _best(group, way)
            total += breached
            for (policy, reading), choice in picked.items():
                changes[policy][reading] = choice
        sides.append(Extreme(total, changes))
    return Extremes(*sides)


def _groups(found: Iterable[ClauseDispute]) -> list[list[ClauseDispute]]:
    """The clauses, those together that share a reading."""
    groups: list[list[ClauseDispute]] = []
    for one in found:
        linked = [group for group in groups if _sizes(group).keys() & _sizes([one]).keys()]
        groups = [group for group in groups if group not in linked]
        groups.append([each for group in linked for each in group] + [one])
    return groups


def _sizes(group: Iterable[ClauseDispute]) -> dict[_Key, int]:
    return {(one.policy, name): len(choices) for one in group for name, choices in one.readings.choices.items()}


def _best(group: list[ClauseDispute], way: int) -> tuple[int, dict[_Key, str]]:
    """The most breaches (``way`` -1) or the fewest (1) of a group, and the choices that differ from those in force.

    Choices that contradict each other are neither.
    """
    sizes = _sizes(group)
    total = np.zeros(tuple(sizes.values()), np.int64)
    possible = np.ones(tuple(sizes.values()), np.int64)
    for one in group:
        total = total + _spread(one, one.breaches.tolist(), sizes)
        possible = possible & _spread(one, one.readings.is_possible, sizes)
    changed = sum(np.indices(total.shape, sparse=True)[axis] > 0 for axis in range(total.ndim))
    rank = np.where(possible, way * total * (len(sizes) + 1) + changed, np.iinfo(np.int64).max)
    at = np.unravel_index(int(np.argmin(rank)), total.shape) if total.ndim else ()
    choices = {(one.policy, name): found for one in group for name, found in one.readings.choices.items()}
    picked = {key: choices[key][place] for key, place in zip(sizes, at, strict=True) if place}
    return int(total[at]), picked


def _spread(one: ClauseDispute, counts: Sequence[int], sizes: dict[_Key, int]) -> npt.NDArray[np.int64]:
    """A number for each combination with an axis for each reading of the group, one long where it has none such."""
    own = one.readings.choices
    shape = [size if policy == one.policy and name in own else 1 for (policy, name), size in sizes.items()]
    table = np.zeros(shape, np.int64)
    axes = {name: axis for axis, (policy, name) in enumerate(sizes) if policy == one.policy}
    for place, count in enumerate(counts):
        table[_at(one.readings, place, axes, len(shape))] = count
    return table


def _at(readings: ClauseReadings, place: int, axes: dict[str, int], width: int) -> tuple[int, ...]:
    at = [0] * width
    for name, choice in readings.combinations[place]:
        at[axes[name]] = readings.choices[name].index(choice)
    return tuple(at)
