"""The same tickets under several promises: clauses and severities side by side, and why breaches differ.

Every side is an audit of the same evidence as of the same instant. The first side is what the others are held
against.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.beside import Names, clauses_beside, severities_beside
from slaaudit.evidence.tables import MISSING, NONE, Codes, Mask, Rows, Table
from slaaudit.policy.model import TicketClause
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.audit import Audit
    from slaaudit.results import Measurements, SummaryRow


class Cause(IntFlag):
    """Why a clock is a breach on one side and not on the other: all that differs and has a part in it.

    Of the target and the time that was counted, one that does not turn the verdict alone is left out where the other
    does.
    """

    NOT_PROMISED = 1  # the other side has no such clause, or no target there
    EXCLUDED = 2  # the other side takes the ticket out, or was not in force
    UNKNOWN = 4  # nobody can say what it is on the other side
    NO_CLOCK = 8  # no such clock runs there, or none in the period
    SUPERSEDED = 16  # a change of severity ends the clock there
    SEVERITY = 32  # another severity governs
    TARGET = 64
    CALENDAR = 128
    PAUSES = 256
    START = 512
    STOP = 1024
    RULES = 2048  # another rule of the clock, such as how days are counted


_BY_VERDICT = {
    Verdict.NO_TARGET: Cause.NOT_PROMISED,
    Verdict.EXCLUDED: Cause.EXCLUDED,
    Verdict.UNKNOWN: Cause.UNKNOWN,
    Verdict.SUPERSEDED: Cause.SUPERSEDED,
}


@dataclass(frozen=True)
class Differing(Table):
    """Clocks that are a breach on exactly one of two sides, by ticket and cycle.

    ``ticket`` indexes ``Evidence.tickets``. ``first`` and ``other`` are rows of the two sides' measurements, -1 where
    a side has none. ``by_first`` says that the first side has the breach. ``cause`` has ``Cause`` bits.
    """

    ticket: Codes
    first: Rows
    other: Rows
    by_first: Mask
    cause: Codes


@dataclass(frozen=True)
class ClauseDifference:
    """One clause, as the first side and side ``other`` call it, and the clocks whose breaches differ."""

    other: int
    names: tuple[str | None, str | None]
    rows: Differing

    @cached_property
    def causes(self) -> list[tuple[bool, Cause, int]]:
        """Whether the first side has the breach, why the other has none, and how many; the most frequent first."""
        found, counts = np.unique(self.rows.cause * 2 + self.rows.by_first, return_counts=True)
        told = [
            (bool(code & 1), Cause(code >> 1), number)
            for code, number in zip(found.tolist(), counts.tolist(), strict=True)
        ]
        return sorted(told, key=lambda each: (-each[2], not each[0], int(each[1])))


@dataclass(frozen=True)
class Comparison:
    """Audits of the same evidence. ``clauses`` and ``severities`` say what stands beside what, a name for each side."""

    audits: tuple[Audit, ...]
    clauses: tuple[Names, ...]
    severities: tuple[Names, ...]
    differences: tuple[ClauseDifference, ...]

    def summary(self, side: int, clause: str | None, severity: str | None) -> SummaryRow | None:
        """What one side comes to for a clause and severity ("" for none known); None where it measured nothing."""
        rows = self.audits[side].summary
        return next((row for row in rows if (row.clause, row.severity) == (clause, severity)), None)


def compared(audits: Sequence[Audit]) -> Comparison:
    """The comparison of two or more audits of one evidence, each of one policy."""
    policies = [each.policies[0].policy for each in audits]
    clauses, severities = clauses_beside(policies), severities_beside(policies)
    differences = tuple(
        ClauseDifference(other, (names[0], names[other]), _differing(audits, other, names, severities))
        for other in range(1, len(audits))
        for names in clauses
        if names[0] or names[other]
    )
    return Comparison(tuple(audits), clauses, severities, differences)


def _differing(audits: Sequence[Audit], other: int, names: Names, severities: tuple[Names, ...]) -> Differing:
    first, second = audits[0].measurements, audits[other].measurements
    one, two = _rows(audits[0], names[0]), _rows(audits[other], names[other])
    key, key_two = _keys(first, one), _keys(second, two)
    union = np.union1d(key[first.verdict[one] == Verdict.BREACHED], key_two[second.verdict[two] == Verdict.BREACHED])
    at, at_two = _found(union, key, one), _found(union, key_two, two)
    breached, breached_two = _breached(first, at), _breached(second, at_two)
    differs = breached != breached_two
    union, at, at_two, breached = union[differs], at[differs], at_two[differs], breached[differs]
    sides = _Sides(audits, other, names, severities)
    cause = np.where(breached, sides.causes(at, at_two, by_first=True), sides.causes(at, at_two, by_first=False))
    return Differing((union >> 32).astype(np.int32), at, at_two, breached, cause.astype(np.int32))


def _rows(audit: Audit, clause: str | None) -> Rows:
    clauses = list(audit.policies[0].policy.clauses)
    return np.flatnonzero(audit.measurements.clause == (clauses.index(clause) if clause in clauses else NONE))


def _keys(rows: Measurements, at: Rows) -> Rows:
    """A number for each row's ticket and cycle; sorted, as measurements are."""
    keys: Rows = (rows.ticket[at].astype(np.int64) << 32) + rows.cycle[at]
    return keys


def _found(wanted: Rows, keys: Rows, rows: Rows) -> Rows:
    """The row of each key that is wanted; -1 where there is none."""
    place = np.searchsorted(keys, wanted)
    present = np.append(keys, NONE)[place] == wanted
    return np.where(present, np.append(rows, NONE)[place], NONE)


def _breached(rows: Measurements, at: Rows) -> Mask:
    found: Mask = (at != NONE) & (np.append(rows.verdict, NONE)[at] == Verdict.BREACHED)
    return found


class _Sides:
    """Two audits beside each other, and what tells the clocks of one clause apart."""

    def __init__(self, audits: Sequence[Audit], other: int, names: Names, severities: tuple[Names, ...]) -> None:
        self._tables = audits[0].measurements, audits[other].measurements
        clauses = [audit.policies[0].policy.clauses.get(name or "") for audit, name in
                   ((audits[0], names[0]), (audits[other], names[other]))]  # fmt: skip
        self._lacks = [clause is None for clause in clauses]
        pauses = [set(clause.clock.pauses) if isinstance(clause, TicketClause) else set() for clause in clauses]
        self._same_pauses = pauses[0] == pauses[1]
        self._level = [_places(list(audits[side].policies[0].policy.severities), [row[side] for row in severities])
                       for side in (0, other)]  # fmt: skip
        self._same_hours = _same_hours(audits[0], audits[other])

    def causes(self, first: Rows, second: Rows, *, by_first: bool) -> Codes:
        """Why the side that has no breach has none, for each pair of rows."""
        with_breach, without = (0, 1) if by_first else (1, 0)
        at = (first, second)
        verdict = np.append(self._tables[without].verdict, NONE)[at[without]]
        absent = Cause.NOT_PROMISED if self._lacks[without] else Cause.NO_CLOCK
        cause = np.where(at[without] == NONE, int(absent), 0).astype(np.int32)
        for each, kind in _BY_VERDICT.items():
            cause[verdict == each] = kind
        both = np.flatnonzero((first != NONE) & (second != NONE) & (cause == 0))
        cause[both] = self._numbers(at[with_breach][both], at[without][both], with_breach, without)
        return cause

    def _numbers(self, breach: Rows, kept: Rows, with_breach: int, without: int) -> Codes:
        """What in the numbers turns a breach into what is met or running: the target, the time, or both."""
        one, two = self._tables[with_breach].take(breach), self._tables[without].take(kept)
        by_target, by_time = one.elapsed <= two.target, two.elapsed <= one.target
        time = self._time(one, two, with_breach)
        found = np.where(by_time & ~by_target, 0, np.where(one.target != two.target, int(Cause.TARGET), 0))
        found |= np.where(by_target & ~by_time, 0, time)
        level, level_two = self._level[with_breach][one.severity], self._level[without][two.severity]
        found |= np.where(level != level_two, int(Cause.SEVERITY), 0)
        return np.where(found == 0, int(Cause.RULES), found).astype(np.int32)

    def _time(self, one: Measurements, two: Measurements, with_breach: int) -> Codes:
        """What makes the two clocks take different times."""
        calendars = (one.calendar, two.calendar) if with_breach == 0 else (two.calendar, one.calendar)
        found = np.where(self._same_hours[calendars], 0, int(Cause.CALENDAR))
        found |= np.where(one.started_at != two.started_at, int(Cause.START), 0)
        found |= np.where(one.stopped_at != two.stopped_at, int(Cause.STOP), 0)
        if not self._same_pauses:
            found |= np.where((one.paused > 0) | (two.paused > 0), int(Cause.PAUSES), 0)
        differs = (one.elapsed != two.elapsed) & (one.elapsed != MISSING) & (two.elapsed != MISSING)
        return np.where(differs, np.where(found == 0, int(Cause.RULES), found), 0).astype(np.int32)


def _places(names: list[str], order: list[str | None]) -> Rows:
    """The place of each name in ``order``; -1, the last, stands for no name."""
    return np.array([*(order.index(name) for name in names), NONE], np.int64)


def _same_hours(first: Audit, other: Audit) -> Mask:
    """Whether two calendars, by their codes on either side, are open at the same times; none is like none."""
    ours, theirs = ([one.policies[0].policy.calendars[name] for name in one.calendars] for one in (first, other))
    table = np.zeros((len(ours) + 1, len(theirs) + 1), np.bool_)
    for row, calendar in enumerate(ours):
        table[row, : len(theirs)] = [calendar == each for each in theirs]
    table[-1, -1] = True
    return table
