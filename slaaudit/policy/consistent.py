"""The readings of every clause of a policy, less the combinations that another of its clauses rules out.

Readings are chosen for the whole policy. Where two choices contradict each other in one clause (the one removes a
calendar, the other counts by it), they do not hold together for any other clause either.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slaaudit.policy.variants import clauses_of, readings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slaaudit.policy.reader import LoadedPolicy
    from slaaudit.policy.variants import ClauseReadings


def readings_of_all(loaded: LoadedPolicy, limit: int) -> dict[str, ClauseReadings]:
    """The readings of each clause, in the order of ``clauses_of``, at most ``limit`` combinations a clause."""
    found = {clause: readings_of(loaded, clause, limit) for clause in clauses_of(loaded)}
    clashing = [one for one in found.values() if not one.left_out and not all(one.is_possible)]
    return {clause: _less_ruled_out(one, clashing) for clause, one in found.items()}


def _less_ruled_out(readings: ClauseReadings, clashing: Iterable[ClauseReadings]) -> ClauseReadings:
    """A clause's readings without what cannot hold for one of the ``clashing`` clauses."""
    out: set[int] = set()
    for other in clashing:
        shared = [name for name in readings.choices if name in other.choices]
        if len(shared) > 1 and other.clause != readings.clause:  # one choice alone is sound, as the policy is
            allowed = {
                picked for picked, possible in zip(_picked(other, shared), other.is_possible, strict=True) if possible
            }
            out |= {place for place, picked in enumerate(_picked(readings, shared)) if picked not in allowed}
    return replace(readings, ruled_out=frozenset(out)) if out else readings


def _picked(readings: ClauseReadings, names: Sequence[str]) -> list[tuple[str, ...]]:
    """What each combination picks of some readings."""
    usual = {name: readings.choices[name][0] for name in names}
    changed = map(dict, readings.combinations)
    return [tuple({**usual, **each}[name] for name in names) for each in changed]
