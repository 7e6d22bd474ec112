"""Findings as columns, their kinds, and the thresholds that some of them have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Codes, Events, Instants, Mask, Rows, Small, Table
from slaaudit.policy.grammar import DAY, MINUTE

if TYPE_CHECKING:
    import numpy.typing as npt


class Finding(IntEnum):
    """What can be seen in a record. The names are those of reports, in lower case and with hyphens."""

    DOWNGRADED_AFTER_BREACH = 0
    DOWNGRADED_NEAR_BREACH = 1
    PAUSED_NEAR_BREACH = 2
    PAUSED_BEFORE_ANSWER = 3
    RESOLVED_THEN_REOPENED = 4
    AUTOMATED_RESPONSE_ONLY = 5
    RESOLVED_WITHOUT_REPLY = 6
    LOGGED_LATE = 7
    OUT_OF_ORDER = 8
    SEVERITY_SET_BY_OTHER = 9
    OVERTAKEN = 10


@dataclass(frozen=True)
class Thresholds:
    """``near_breach`` is a share of a target in hundredths of a percent; the others are microseconds.

    A pause near a breach counts unless the vendor replied in the ``silence`` before it; a reopening counts within
    ``reopened_within`` of the solution, its last instant included.
    """

    near_breach: int = 8_000
    silence: int = 15 * MINUTE
    reopened_within: int = 7 * DAY


@dataclass(frozen=True)
class Findings(Table):
    """One row a finding, by ticket, then time, then kind.

    ``ticket`` indexes ``Evidence.tickets``; ``policy`` and ``clause`` are -1 where it is about the ticket as a whole.
    ``at`` is the instant of what was seen. ``first``, ``second`` and ``third`` are the events that show it, as indexes
    into the table that they were found in, -1 where there are fewer. ``used`` is the share of the target that was used
    by then, in hundredths of a percent; ``length`` a length of time that the finding speaks of; ``other`` another
    ticket's id, as a code into the words of ``Tickets.ids``; ``count`` how often. Each is MISSING or -1 where it has
    nothing to say.
    """

    kind: Small
    ticket: Codes
    policy: Small
    clause: npt.NDArray[np.int16]
    at: Instants
    first: Rows
    second: Rows
    third: Rows
    used: Rows
    length: Instants
    other: Codes
    count: Codes


def rows_of(  # noqa: PLR0913  (a row's columns)
    kind: Finding,
    ticket: npt.NDArray[np.integer],
    at: Instants,
    first: Rows,
    *,
    second: Rows | None = None,
    third: Rows | None = None,
    policy: npt.NDArray[np.integer] | int = NONE,
    clause: npt.NDArray[np.integer] | int = NONE,
    used: Rows | None = None,
    length: Instants | None = None,
    other: npt.NDArray[np.integer] | None = None,
    count: npt.NDArray[np.integer] | None = None,
) -> Findings:
    """Findings of one kind; what is not given is absent."""
    number = len(ticket)
    none, missing = np.full(number, NONE, np.int64), np.full(number, MISSING, np.int64)
    return Findings(
        np.full(number, kind, np.int8),
        ticket.astype(np.int32),
        (none + 1 + policy).astype(np.int8),
        (none + 1 + clause).astype(np.int16),
        at,
        first.astype(np.int64),
        none if second is None else second.astype(np.int64),
        none if third is None else third.astype(np.int64),
        missing if used is None else used,
        missing if length is None else length,
        (none if other is None else other).astype(np.int32),
        (none if count is None else count).astype(np.int32),
    )


@dataclass(frozen=True)
class Shown:
    """Findings with the events that show them: ``first``, ``second`` and ``third`` of ``rows`` index ``events``."""

    rows: Findings
    events: Events


def shown(parts: list[tuple[list[Findings], Events]]) -> Shown:
    """All of them, by ticket, then time, then kind; each part was found in an events table of its own."""
    moved, shows = [], []
    begin = 0
    for found, events in parts:
        rows = Findings.concat(found)
        columns = (rows.first, rows.second, rows.third)
        marks = np.zeros(len(events) + 1, np.bool_)  # the last stands for none
        for column in columns:
            marks[column] = True
        used = np.flatnonzero(marks[:-1])
        place = np.full(len(marks), NONE, np.int64)
        place[used] = np.arange(begin, begin + len(used))
        first, second, third = (place[column] for column in columns)
        moved.append(replace(rows, first=first, second=second, third=third))
        shows.append(events.take(used))
        begin += len(used)
    whole = Findings.concat(moved)
    order = np.lexsort((whole.clause, whole.kind, whole.at, whole.ticket))
    return Shown(whole.take(order), Events.concat(shows))


def first_of_each(ticket: npt.NDArray[np.integer]) -> Mask:
    """Marks the first of each run of one ticket."""
    first = np.ones(len(ticket), np.bool_)
    first[1:] = ticket[1:] != ticket[:-1]
    return first
