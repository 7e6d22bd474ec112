"""Spans x clause x calendar: how much of its target each clock used, when it was due, and the rows that show it.

The worksheet is the computation: a measurement's elapsed time is the sum of what its rows took.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit import conditions
from slaaudit.evidence.tables import MISSING, NONE, Codes, Instants, Mask, Rows, Small, State, Table
from slaaudit.governing import Levels, Segments, highest, segments
from slaaudit.results import Why, Worksheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.conditions import Fields
    from slaaudit.moments import Clocks, Moments
    from slaaudit.policy.model import TicketClause
    from slaaudit.timeline import Timeline


@dataclass(frozen=True)
class Scene:
    """What the clauses of one policy are measured against.

    ``unknown_pauses`` says how a status of unknown meaning is taken: as one that the clause pauses in, or as
    running.
    """

    severities: tuple[str, ...]
    timeline: Timeline
    moments: Moments
    levels: Levels
    fields: Fields
    calendars: Mapping[str, CompiledCalendar]
    unknown_pauses: bool = False

    @cached_property
    def calendar_names(self) -> tuple[str, ...]:
        """The calendars' names; a measurement's ``calendar`` indexes them."""
        return tuple(self.calendars)


@dataclass(frozen=True)
class Clocked(Table):
    """One row a measurement, before its verdict.

    ``stop`` is -1 while the clock is open; ``end_at`` is then as-of or the ticket's cancellation, else the stop.
    ``superseded`` marks clocks that a change of severity closed. ``target`` is MISSING where no rule applies,
    ``calendar`` and ``rule`` (the place among its severity's rules) -1. ``due_at``, ``elapsed`` and ``paused`` are
    MISSING where there is no target.
    """

    ticket: Codes
    start: Rows
    stop: Rows
    live: Mask
    fresh: Mask
    level: Codes
    superseded: Mask
    own_start_at: Instants
    start_at: Instants
    end_at: Instants
    unseen: Rows
    target: Instants
    calendar: Codes
    rule: Small
    due_at: Instants
    elapsed: Instants
    paused: Instants


def measured(clause: TicketClause, clocks: Clocks, scene: Scene) -> tuple[Clocked, Worksheet]:
    """Every measurement of a clause with its worksheet, in the order of the clocks."""
    return _timed(clause, governed(clause, clocks, segments(clocks, scene.levels), scene), scene)


def governed(clause: TicketClause, clocks: Clocks, held: Segments, scene: Scene) -> Clocked:
    """One row a measurement with the level that it is held to, and no target yet."""
    if clause.clock.severity == "restart":
        return _pieces(clocks, held, scene)
    level = _governing(clause, clocks, held, scene)
    return _clocked(clocks, level, np.zeros(len(clocks), np.bool_), scene)


def _governing(clause: TicketClause, clocks: Clocks, held: Segments, scene: Scene) -> Codes:
    """The one level that each clock is judged by."""
    rule = clause.clock.severity
    if rule == "initial":
        return held.level[held.begins]
    if rule == "highest":
        return highest(held, scene.levels.known)
    if rule == "held" and not held.closes.all():
        return _first_missed(clause, clocks, held, scene)
    return held.level[held.closes]


def _first_missed(clause: TicketClause, clocks: Clocks, held: Segments, scene: Scene) -> Codes:
    """The first level whose target a clock had missed while it was held, else an unknown one, else the last."""
    parts = _clocked(replace(clocks.take(held.clock), stop=held.stop), held.level, ~held.closes, scene)
    parts = targeted(clause, parts, scene)
    missed = (parts.target != MISSING) & (_elapsed_by_then(clause, clocks, held, parts, scene) > parts.target)
    doubtful = (held.level < 0) | (held.level >= scene.levels.known)
    rank = np.select([missed, doubtful, held.closes], [0, 1, 2], 3)
    order = np.lexsort((np.arange(len(rank)), rank, held.clock))
    first = np.ones(len(order), np.bool_)
    first[1:] = held.clock[order][1:] != held.clock[order][:-1]
    return held.level[order[first]]


def _elapsed_by_then(clause: TicketClause, clocks: Clocks, held: Segments, parts: Clocked, scene: Scene) -> Instants:
    """What each clock had used, on its segment's calendar, when the segment ended.

    Each clock is measured once a calendar, not once a segment: its worksheet's running total is read off.
    """
    whole = _clocked(clocks, np.zeros(len(clocks), np.int32), np.zeros(len(clocks), np.bool_), scene)
    whole = _moved(clause, whole, scene)
    elapsed = np.zeros(len(parts), np.int64)
    for code in np.unique(parts.calendar[parts.calendar != NONE]):
        asked = np.flatnonzero(parts.calendar == code)
        wanted = np.zeros(len(whole), np.bool_)
        wanted[held.clock[asked]] = True
        target = np.where(wanted, 0, MISSING)
        sheet, _ = _sheet(clause, replace(whole, target=target, calendar=np.full(len(whole), code, np.int32)), scene)
        # rows and questions in one order of clock and time; a row that ends when a segment does comes before it
        clock = np.concatenate([sheet.measurement, held.clock[asked]])
        at = np.concatenate([sheet.to_at, parts.end_at[asked]])
        is_question = np.arange(len(clock)) >= len(sheet)
        order = np.lexsort((is_question, at, clock))
        row = np.maximum.accumulate(np.where(is_question[order], NONE, np.arange(len(order))))
        total = np.concatenate([sheet.total, np.zeros(len(asked), np.int64)])[order]
        same = (row != NONE) & (clock[order][row] == clock[order])
        found = np.empty(len(order), np.int64)
        found[order] = np.where(same, total[row], 0)
        elapsed[asked] = found[len(sheet) :]
    return elapsed


def _pieces(clocks: Clocks, held: Segments, scene: Scene) -> Clocked:
    """One clock for each severity held: a change closes one and starts the next at its own instant."""
    whole = clocks.take(held.clock)
    parts = replace(whole, start=held.start, stop=held.stop, fresh=whole.fresh | ~held.begins)
    return _clocked(parts, held.level, ~held.closes, scene)


def _clocked(clocks: Clocks, level: Codes, superseded: Mask, scene: Scene) -> Clocked:
    line = scene.timeline
    own = line.log.at[clocks.start]
    stopped = clocks.stop != NONE
    end = np.where(stopped, line.log.at[np.where(stopped, clocks.stop, 0)], line.ends[clocks.ticket])
    unset = np.full(len(clocks), MISSING, np.int64)
    zero = np.zeros(len(clocks), np.int64)
    return Clocked(
        clocks.ticket, clocks.start, clocks.stop, clocks.live, clocks.fresh, level, superseded,
        own, own, end, zero, unset, np.full(len(clocks), NONE, np.int32),
        np.full(len(clocks), NONE, np.int8), unset, unset, unset,
    )  # fmt: skip


def _timed(clause: TicketClause, rows: Clocked, scene: Scene) -> tuple[Clocked, Worksheet]:
    """The rows with start, target, elapsed, paused and due; and the worksheet of those that have a target."""
    rows = targeted(clause, rows, scene)
    sheet, opened = _sheet(clause, rows, scene)
    elapsed = np.where(rows.target != MISSING, 0, MISSING)
    paused = elapsed.copy()
    last = _last_rows(sheet.measurement)
    elapsed[sheet.measurement.take(last)] = sheet.total.take(last)
    stands = np.flatnonzero(sheet.why == Why.PAUSED)
    np.add.at(paused, sheet.measurement.take(stands), opened.take(stands))
    rows = replace(rows, elapsed=elapsed, paused=paused)
    return replace(rows, due_at=_due(clause, rows, sheet, scene)), sheet


def _first_rows(measurement: Rows) -> npt.NDArray[np.intp]:
    first = np.ones(len(measurement), np.bool_)
    first[1:] = measurement[1:] != measurement[:-1]
    return np.flatnonzero(first)


def _last_rows(measurement: Rows) -> npt.NDArray[np.intp]:
    last = np.ones(len(measurement), np.bool_)
    last[:-1] = measurement[1:] != measurement[:-1]
    return np.flatnonzero(last)


def _moved(clause: TicketClause, rows: Clocked, scene: Scene) -> Clocked:
    """The rows with their starts moved where ``counts-from`` says so: own starts that lie outside its hours."""
    undecided = ~rows.fresh
    start_at, unseen = rows.start_at, rows.unseen
    for rule in clause.clock.counts_from:
        look = conditions.Rows(rows.ticket, rows.own_start_at, rows.own_start_at)
        matched = conditions.matched(rule.when, look, scene.fields, scene.calendars)
        applies = undecided & matched.yes
        opening = scene.calendars[rule.next_opening].next_opening(rows.own_start_at)
        start_at = np.where(applies & (opening != MISSING), opening, start_at)
        unseen = unseen | np.where(undecided, matched.unseen, 0)
        undecided = undecided & ~applies
    return replace(rows, start_at=start_at, unseen=unseen)


def targeted(clause: TicketClause, rows: Clocked, scene: Scene) -> Clocked:
    """The rows with their start moved, and with target and calendar of the first rule of their level that matches."""
    rows = _moved(clause, rows, scene)
    target, calendar, unseen = rows.target.copy(), rows.calendar.copy(), rows.unseen.copy()
    place = rows.rule.copy()
    for level, severity in enumerate(scene.severities):
        left = np.flatnonzero(rows.level == level) if clause.targets.get(severity) else np.empty(0, np.intp)
        for index, rule in enumerate(clause.targets.get(severity, ())):
            if not len(left):
                break
            look = conditions.Rows(rows.ticket[left], rows.own_start_at[left], rows.start_at[left])
            matched = conditions.matched(rule.when, look, scene.fields, scene.calendars)
            unseen[left] |= matched.unseen
            chosen = left[matched.yes]
            compiled = scene.calendars[rule.calendar]
            days = rule.days or clause.clock.days
            target[chosen] = compiled.open_amount(rows.start_at[chosen], rule.within, days)
            calendar[chosen], place[chosen] = scene.calendar_names.index(rule.calendar), index
            left = left[~matched.yes]
    calendar[target == MISSING] = place[target == MISSING] = NONE
    return replace(rows, target=target, calendar=calendar, rule=place, unseen=unseen)


def _sheet(clause: TicketClause, rows: Clocked, scene: Scene) -> tuple[Worksheet, Instants]:
    """The worksheet of all rows with a target, and the open time of each of its rows, counted or not."""
    measurement, span, waits, from_at, to_at = stretches(rows, np.flatnonzero(rows.target != MISSING), scene)
    spans = scene.timeline.spans
    state, event = spans.state.take(span), spans.event.take(span)
    why = np.where(waits, np.int8(Why.NOT_COUNTED_YET), whys(clause, scene).take(state))
    opened = open_time(rows.calendar.take(measurement), from_at, to_at, scene)
    took = np.where(why == Why.RUNS, opened, 0)
    held = scene.levels.level.take(event)
    level = np.where(held < scene.levels.known, held, NONE).astype(np.int16)
    total = np.cumsum(took)
    first = _first_rows(measurement)
    before = total.take(first) - took.take(first)
    total -= np.repeat(before, np.diff(first, append=len(total)))
    return Worksheet(measurement, from_at, to_at, state, level, why, took, total, event), opened


def stretches(rows: Clocked, which: npt.NDArray[np.intp], scene: Scene) -> tuple[Rows, Rows, Mask, Instants, Instants]:
    """The stretches of time of some of the rows: measurement, span, whether it waits for its moved start, from, to."""
    measurement, span, waits = _spread(rows, which, scene)
    spans = scene.timeline.spans
    begin, end = rows.start_at.take(measurement), rows.end_at.take(measurement)
    from_at, to_at = np.maximum(spans.from_at.take(span), begin), np.minimum(spans.to_at.take(span), end)
    early = np.flatnonzero(waits)
    from_at[early] = rows.own_start_at.take(measurement.take(early))
    to_at[early] = np.minimum(begin.take(early), end.take(early))
    if not (lasting := from_at < to_at).all():
        kept = np.flatnonzero(lasting)
        measurement, span, waits = measurement.take(kept), span.take(kept), waits.take(kept)
        from_at, to_at = from_at.take(kept), to_at.take(kept)
    return measurement, span, waits, from_at, to_at


def _spread(rows: Clocked, which: npt.NDArray[np.intp], scene: Scene) -> tuple[Rows, Rows, Mask]:
    """Each measurement with each span it touches; where its start was moved, with its first span once more."""
    line = scene.timeline
    stop, start_at, own = rows.stop.take(which), rows.start_at.take(which), rows.own_start_at.take(which)
    stopped = stop != NONE
    last_position = np.where(stopped, stop, line.first[1:].take(rows.ticket.take(which)) - 1)
    begun_by_stop = stopped & line.starts_span.take(last_position)
    first = line.span_of.take(rows.start.take(which))
    moved = start_at > own
    count = line.span_of.take(last_position) - begun_by_stop - first + 1 + moved
    measurement = np.repeat(which.astype(np.int64), count)
    nth = np.arange(len(measurement)) - np.repeat(np.cumsum(count) - count, count)
    if not moved.any():
        return measurement, np.repeat(first, count) + nth, np.zeros(len(measurement), np.bool_)
    shifted = np.repeat(moved, count)
    return measurement, np.repeat(first, count) + np.maximum(nth - shifted, 0), shifted & (nth == 0)


def whys(clause: TicketClause, scene: Scene) -> npt.NDArray[np.int8]:
    """Why the clause's clock counts or not in each state."""
    table = np.full(len(State), Why.RUNS, np.int8)
    if "resolved" in clause.stops:
        table[State.RESOLVED] = Why.FINISHED
    for state in clause.clock.pauses:
        if table[State[state.upper()]] == Why.RUNS:
            table[State[state.upper()]] = Why.PAUSED
    table[State.CLOSED] = table[State.CANCELLED] = Why.FINISHED
    if scene.unknown_pauses and clause.clock.pauses:
        table[State.UNKNOWN] = Why.PAUSED
    return table


def open_time(calendar: Codes, from_at: Instants, to_at: Instants, scene: Scene) -> Instants:
    """The open time of each row on its measurement's calendar."""
    used = np.flatnonzero(np.bincount(calendar))
    if len(used) == 1:
        return scene.calendars[scene.calendar_names[used[0]]].elapsed(from_at, to_at)
    opened = np.zeros(len(calendar), np.int64)
    for code in used:
        rows = np.flatnonzero(calendar == code)
        compiled = scene.calendars[scene.calendar_names[code]]
        opened[rows] = compiled.elapsed(from_at.take(rows), to_at.take(rows))
    return opened


def _due(clause: TicketClause, rows: Clocked, sheet: Worksheet, scene: Scene) -> Instants:
    """The instant at which each clock reaches its target, as if it ran on past its stop or as-of.

    MISSING where there is no target, and where the clock does not run at its end and has not reached it.
    """
    since = np.maximum(rows.end_at, rows.start_at)
    left = rows.target - rows.elapsed
    last_state = scene.timeline.last_state.take(rows.ticket)
    runs = (rows.stop != NONE) | (whys(clause, scene).take(last_state) == Why.RUNS)
    reached = np.flatnonzero((sheet.why == Why.RUNS) & (sheet.total >= rows.target.take(sheet.measurement)))
    first = reached[_first_rows(sheet.measurement.take(reached))]
    owner = sheet.measurement.take(first)
    since[owner] = sheet.from_at.take(first)
    left[owner] = rows.target.take(owner) - (sheet.total.take(first) - sheet.took.take(first))
    immediate = np.flatnonzero(rows.target == 0)
    since[immediate], left[immediate] = rows.start_at.take(immediate), 0
    known = (rows.target != MISSING) & runs
    known[owner] = known[immediate] = True
    due = np.full(len(rows), MISSING, np.int64)
    for code, name in enumerate(scene.calendar_names):
        of_calendar = np.flatnonzero(known & (rows.calendar == code))
        if len(of_calendar):
            due[of_calendar] = scene.calendars[name].due(since.take(of_calendar), left.take(of_calendar))
    return due
