"""Pauses of which a list tells only the total: between which bounds they shorten each clock.

A total of waiting says how long a ticket waited in all, not when. The most that a clock can have paused is the total,
or all it counted if that is less. The least is what finds no room elsewhere: a ticket that was resolved once waited
before that, so what its total is beyond the time outside the clock's own lies inside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Codes, Doubt, Instants, Mask, Rows
from slaaudit.moments import Happening, is_finished
from slaaudit.results import Reason, Verdict, Why, Worksheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from slaaudit.case import Case
    from slaaudit.evidence.tables import Total
    from slaaudit.measurements import Clocked
    from slaaudit.policy.model import TicketClause

_EITHER = "paused_total"
_TOTALS = {"waiting": "waiting_total", "hold": "hold_total"}
_UNTOLD = {"new", "open"}  # states that no total covers


@dataclass(frozen=True)
class Unplaced:
    """For each clock, in microseconds of its own open time: the ``least`` and the ``most`` that it paused unseen.

    ``most`` is MISSING where nothing bounds it. ``shown`` marks clocks whose ticket did pause. ``own_hours`` marks
    those whose total counts the helpdesk's business hours. ``unit`` is the grain of the totals, ``about`` the code of
    their columns' names.
    """

    least: Instants
    most: Instants
    shown: Mask
    own_hours: Mask
    unit: Instants
    about: Codes

    @property
    def bounded(self) -> Mask:
        """The clocks that something bounds."""
        found: Mask = self.most != MISSING
        return found

    @property
    def told_most(self) -> Instants:
        """``most`` where it is something: MISSING where nothing bounds the pauses or there can be none."""
        return np.where(self.most > 0, self.most, MISSING)

    def cannot_save(self, rows: Clocked) -> Mask:
        """The clocks that are over their target even without all that they may have paused."""
        found: Mask = self.bounded & (rows.elapsed - (self.most - self.least) > rows.target)
        return found


@dataclass(frozen=True)
class _Told:
    """What the lists total for each ticket in the states of one clause: the least and the most, and who counted."""

    least: Instants
    most: Instants
    own_hours: Mask
    unit: Instants
    column: Codes


def unplaced(clause: TicketClause, rows: Clocked, case: Case) -> Unplaced | None:
    """The bounds of each clock of a clause; None where the clause does not pause or no list tells a total."""
    totals = case.evidence.tickets.totals
    states = [name for state, name in _TOTALS.items() if state in clause.clock.pauses]
    if not states or not totals:
        return None
    told = _told(states, totals, case)
    ticket = rows.ticket
    doubt = case.evidence.tickets.doubt[ticket]
    unseen = ((doubt & Doubt.NO_STATUS_HISTORY) != 0) & (rows.target != MISSING)
    least, most = np.where(unseen, told.least[ticket], 0), np.where(unseen, told.most[ticket], MISSING)
    own_hours = unseen & told.own_hours[ticket]
    shown = least > 0
    life, finished_at = _lives(rows, case)
    counted = np.where(unseen, rows.elapsed - _counted_outside(rows, finished_at, case), 0)
    unbounded = (doubt & Doubt.TOTALS_UNFINISHED) != 0
    unbounded |= own_hours & _never_closes(rows, case)
    unbounded |= (most != 0) & _severity_by_time(clause, rows, case)
    if set(clause.clock.pauses) & _UNTOLD:
        unbounded |= np.ones(len(rows), np.bool_)
    impossible = (life != MISSING) & (least > life + told.unit[ticket])
    most = np.where(unbounded | impossible | (most == MISSING), MISSING, np.minimum(most, counted))
    placed = (life != MISSING) & (most != MISSING) & ~own_hours & (rows.stop != NONE)
    least = np.where(placed, np.clip(least - (life - counted), 0, counted), 0)
    return Unplaced(least, most, shown, own_hours, told.unit[ticket], told.column[ticket])


def _told(states: list[str], totals: Mapping[str, Total], case: Case) -> _Told:
    """Each ticket's total in the states asked for, out of the columns that cover them."""
    count = len(case.evidence.tickets)
    none = np.full(count, MISSING, np.int64)
    parts = [totals[name].micros if name in totals else none for name in states]
    known = [part != MISSING for part in parts]
    summed = np.sum([np.where(told, part, 0) for told, part in zip(known, parts, strict=True)], axis=0)
    whole = np.logical_and.reduce(known)
    either = totals[_EITHER].micros if _EITHER in totals else none
    by_either = ~whole & (either != MISSING)
    most = np.where(whole, summed, either)
    both = len(states) == len(_TOTALS)
    least = np.where(by_either & both, np.maximum(summed, either), summed)
    column, unit, own_hours = np.full(count, NONE, np.int32), np.zeros(count, np.int64), np.zeros(count, np.bool_)
    partly = [(told & ~whole & ~by_either, [name]) for told, name in zip(known, states, strict=True)]
    for which, used in ((whole, states), (by_either, [_EITHER]), *partly):
        there = [totals[name] for name in used if name in totals]
        if not there:
            continue
        column[which] = case.word(" and ".join(each.column for each in there))
        unit[which] = max(each.unit for each in there)
        own_hours[which] = any(each.business for each in there)
    return _Told(least, most, own_hours, unit, column)


def _never_closes(rows: Clocked, case: Case) -> Mask:
    """Whether each clock counts on a calendar that never closes."""
    always = [calendar.always for calendar in case.scene.calendars.values()]
    found: Mask = np.array([*always, False])[rows.calendar]
    return found


def _severity_by_time(clause: TicketClause, rows: Clocked, case: Case) -> Mask:
    """Whether how long a severity was held decides by which target each clock is judged."""
    if clause.clock.severity != "held":
        return np.zeros(len(rows), np.bool_)
    line = case.scene.timeline
    changes = np.flatnonzero(line.severity[1:] != line.severity[:-1]) + 1
    changes = changes[line.log.ticket[changes] == line.log.ticket[changes - 1]]
    several = np.zeros(len(line.created), np.bool_)
    several[line.log.ticket[changes]] = True
    found: Mask = several[rows.ticket]
    return found


def _lives(rows: Clocked, case: Case) -> tuple[Instants, Instants]:
    """How long each clock's ticket was unfinished, and when it was finished.

    MISSING where the ticket is not finished, or was finished more than once.
    """
    line, moments = case.scene.timeline, case.scene.moments
    count = len(line.created)
    finish = np.full(count, NONE, np.int64)
    resolved = moments.positions(Happening.RESOLVED)[::-1]
    finish[line.log.ticket[resolved]] = resolved
    again = np.zeros(count, np.bool_)
    again[line.log.ticket[moments.positions(Happening.REOPENED)]] = True
    known = (finish != NONE) & (line.created != NONE) & ~again
    known[known] &= is_finished(line.state[line.first[1:][known] - 1])
    doubt = case.evidence.tickets.doubt
    known &= (doubt & (Doubt.REOPENING_UNSEEN | Doubt.REOPENED_UNDATED)) == 0
    at = line.log.at
    if not known.any():
        return np.full(len(rows), MISSING, np.int64), np.full(len(rows), MISSING, np.int64)
    finished_at = np.where(known, at[finish], MISSING)[rows.ticket]
    return np.where(finished_at == MISSING, MISSING, finished_at - at[line.created][rows.ticket]), finished_at


def _counted_outside(rows: Clocked, finished_at: Instants, case: Case) -> Instants:
    """What each clock counted before its ticket's creation and once it was finished: nothing pauses there."""
    created_at = case.evidence.tickets.created_at[rows.ticket]
    late = np.where(finished_at == MISSING, MISSING, np.maximum(finished_at, rows.start_at))
    before = _open_between(rows, rows.start_at, np.minimum(created_at, rows.end_at), case)
    after = _open_between(rows, late, rows.end_at, case)
    outside: Instants = np.minimum(before + after, np.where(rows.target == MISSING, 0, rows.elapsed))
    return outside


def _open_between(rows: Clocked, since: Instants, until: Instants, case: Case) -> Instants:
    """The open time of each clock's calendar in a span; none where the span is empty or unknown."""
    opened = np.zeros(len(rows), np.int64)
    asked = np.flatnonzero((since != MISSING) & (since < until) & (rows.calendar != NONE))
    for code, name in enumerate(case.scene.calendar_names):
        mine = asked[rows.calendar[asked] == code]
        opened[mine] = case.scene.calendars[name].elapsed(since[mine], until[mine])
    return opened


def without_least(rows: Clocked, sheet: Worksheet, pauses: Unplaced, case: Case) -> tuple[Clocked, Worksheet]:
    """The clocks less what they must have paused, and the worksheet with a row that takes it off."""
    taken = np.flatnonzero(pauses.least > 0)
    if not len(taken):
        return rows, sheet
    changed = replace(
        rows,
        elapsed=np.where(pauses.least > 0, rows.elapsed - pauses.least, rows.elapsed),
        paused=np.where(pauses.least > 0, rows.paused + pauses.least, rows.paused),
    )
    kept = taken[changed.elapsed[taken] <= rows.target[taken]]
    due = rows.due_at.copy()
    for code, name in enumerate(case.scene.calendar_names):
        mine = kept[rows.calendar[kept] == code]
        left = rows.target[mine] - changed.elapsed[mine]
        due[mine] = case.scene.calendars[name].due(rows.end_at[mine], left)
    return replace(changed, due_at=due), _with_totals(sheet, taken, pauses.least[taken])


def _with_totals(sheet: Worksheet, measurement: Rows, least: Instants) -> Worksheet:
    """The worksheet with a last row for each of the measurements, which takes the total off."""
    last = np.searchsorted(sheet.measurement, measurement, side="right") - 1
    ends = sheet.take(last)
    rows = replace(
        ends,
        from_at=ends.to_at,
        why=np.full(len(last), Why.PAUSE_TOTAL, np.int8),
        took=-least,
        total=ends.total - least,
    )
    both = Worksheet.concat([sheet, rows])
    return both.take(np.argsort(both.measurement, kind="stable"))


def settle_unplaced(
    rows: Clocked,
    pauses: Unplaced,
    verdict: npt.NDArray[np.int8],
    reason: npt.NDArray[np.int8],
    about: Codes,
) -> None:
    """Turn breaches that a pause which did happen may have kept from being one into ``unknown``, in place."""
    saved = (verdict == Verdict.BREACHED) & pauses.shown & ~pauses.cannot_save(rows)
    verdict[saved], reason[saved], about[saved] = Verdict.UNKNOWN, Reason.PAUSE_UNPLACED, pauses.about[saved]
