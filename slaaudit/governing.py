"""Which severity governs a clock: the five rules, over the severities held between its start and its stop.

Levels are indexes into the policy's severities, most severe first; -1 stands for none, and a level from
``Levels.known`` on for a word that the policy does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import NONE, Codes, Kind, Mask, Rows, Table

if TYPE_CHECKING:
    from slaaudit.moments import Clocks
    from slaaudit.policy import Policy
    from slaaudit.timeline import Timeline


@dataclass(frozen=True)
class Levels:
    """The level after each event, in the terms of one policy. ``known`` is the number of its severities."""

    timeline: Timeline
    level: Codes
    known: int

    @cached_property
    def changes(self) -> Rows:
        """Positions at which a ticket's level changes, those at the creation aside."""
        log = self.timeline.log
        changed = np.zeros(len(log), np.bool_)
        changed[1:] = (self.level[1:] != self.level[:-1]) & (log.ticket[1:] == log.ticket[:-1])
        return np.flatnonzero(changed & (log.kind == Kind.SEVERITY)).astype(np.int64)

    def word(self, level: int) -> str:
        """The word of a level that the policy does not know."""
        return self.timeline.severities[level - self.known]


def levels(timeline: Timeline, policy: Policy) -> Levels:
    """The policy's levels over a timeline. A severity matches by its id, title or aliases."""
    known = list(policy.severities)
    table = np.full(len(timeline.severities) + 1, NONE, np.int32)
    for code, word in enumerate(timeline.severities):
        name = policy.severity_named(word)
        table[code] = len(known) + code if name is None else known.index(name)
    return Levels(timeline, table[timeline.severity], len(known))


@dataclass(frozen=True)
class Segments(Table):
    """The severities that each clock holds, in order: ``clock`` indexes the clocks.

    ``start`` and ``stop`` are positions: the clock's own, or those of the changes between. ``begins`` and
    ``closes`` mark a clock's first and last segment.
    """

    clock: Rows
    start: Rows
    stop: Rows
    level: Codes
    begins: Mask
    closes: Mask


def segments(clocks: Clocks, levels: Levels) -> Segments:
    """Every severity held for some time, or at the stop, by each clock.

    Changes at the instant at which a clock starts belong to its start. What is held for no time is dropped, save
    at the stop; a change back to the same level is then no change.
    """
    count = len(clocks)
    clock = np.arange(count, dtype=np.int64)
    every = np.ones(count, np.bool_)
    if not len(levels.changes):
        return Segments(clock, clocks.start, clocks.stop, levels.level[clocks.start], every, every)
    line = levels.timeline
    settled = line.end_of_instant(clocks.start)
    limit = np.where(clocks.stop == NONE, line.first[clocks.ticket + 1], clocks.stop)
    low = np.searchsorted(levels.changes, settled, side="right")
    high = np.maximum(np.searchsorted(levels.changes, limit, side="left"), low)
    owner = np.repeat(clock, high - low)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    position = levels.changes[low[owner] + nth]
    owner, position = _held_for_some_time(owner, position, line)
    clock = np.concatenate([clock, owner])
    start = np.concatenate([clocks.start, position])
    level = np.concatenate([levels.level[settled], levels.level[position]])
    order = np.lexsort((start, clock))
    clock, start, level = clock[order], start[order], level[order]
    kept = np.ones(len(clock), np.bool_)
    kept[1:] = (clock[1:] != clock[:-1]) | (level[1:] != level[:-1])
    clock, start, level = clock[kept], start[kept], level[kept]
    begins, closes = np.ones(len(clock), np.bool_), np.ones(len(clock), np.bool_)
    begins[1:] = clock[1:] != clock[:-1]
    closes[:-1] = begins[1:]
    stop = np.where(closes, clocks.stop[clock], np.append(start[1:], NONE))
    return Segments(clock, start, stop, level, begins, closes)


def _held_for_some_time(owner: Rows, position: Rows, line: Timeline) -> tuple[Rows, Rows]:
    at = line.log.at[position]
    overtaken = np.zeros(len(owner), np.bool_)
    overtaken[:-1] = (owner[1:] == owner[:-1]) & (at[1:] == at[:-1])
    return owner[~overtaken], position[~overtaken]


def highest(held: Segments, known: int) -> Codes:
    """The most severe level that each clock held.

    A word that the policy does not know could be the most severe one; it governs unless the policy's first
    severity was held too. Having none for a while says nothing.
    """
    first = np.flatnonzero(held.begins)
    if not len(first):
        return held.level
    is_known = (held.level >= 0) & (held.level < known)
    best = np.minimum.reduceat(np.where(is_known, held.level, known), first)
    strange = np.maximum.reduceat(np.where(held.level >= known, held.level, NONE), first)
    found = np.where((strange != NONE) & (best != 0), strange, np.where(best == known, NONE, best))
    return found.astype(np.int32)
