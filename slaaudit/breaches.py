"""Which tickets one clause finds breached under many meanings of it, and nothing else.

The measurements are those of an audit, without what only a report shows: worksheets, due instants, caveats. What
meanings have in common is found once: clocks, the severities that govern them, the stretches of time that count.
Tickets whose verdict rests on more than their measurement (doubts, totals of waiting, words of unknown meaning) are
audited as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from slaaudit import conditions, doubts
from slaaudit.case import answered_live
from slaaudit.conditions import Fields
from slaaudit.evidence.tables import MISSING, NONE, Doubt, Flag, Instants, Mask, Rows, Small, State
from slaaudit.governing import Levels, levels, segments
from slaaudit.ground import effective, ticket_clauses
from slaaudit.measurements import Clocked, Scene, governed, open_time, stretches, targeted, whys
from slaaudit.moments import Happening, clocks
from slaaudit.policy.model import Match
from slaaudit.results import Verdict, Why
from slaaudit.shard import audited, moments_of
from slaaudit.standing import Breaches

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from slaaudit.evidence.tables import Evidence
    from slaaudit.ground import Ground
    from slaaudit.moments import Moments
    from slaaudit.periods import Period
    from slaaudit.policy.model import Policy, TicketClause

HARMLESS = Doubt.NO_STATUS_HISTORY | Doubt.NO_SEVERITY_HISTORY | Doubt.VENDOR_CREATED
_MEASURED = (Verdict.MET, Verdict.BREACHED, Verdict.RUNNING, Verdict.UNKNOWN, Verdict.SUPERSEDED)
_ANY = ~Happening(0)


class _Memory:
    """What was made before, by key."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    def known(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What ``make`` makes, once a key."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


class Shard(_Memory):
    """A shard of whole tickets, held against meanings of a clause."""

    def __init__(self, evidence: Evidence, as_of: int, period: Period | None) -> None:
        super().__init__()
        self.evidence, self.as_of, self.period = evidence, as_of, period
        self.moments = moments_of(evidence, as_of)
        self.line = self.moments.timeline
        self.live = answered_live(evidence)

    @cached_property
    def is_plain(self) -> Mask:
        """The tickets whose verdict is their measurement against its target, and no more."""
        tickets, line = self.evidence.tickets, self.line
        odd: Mask = (tickets.doubt & ~HARMLESS) != 0
        odd |= line.early_reply | (line.created == NONE) | (line.created != line.first[:-1])
        for total in tickets.totals.values():
            odd |= total.micros > 0
        for doubt in doubts.doubtful(self.evidence, line, _ANY):
            odd[doubt.tickets] = True
        plain: Mask = ~odd
        return plain

    @cached_property
    def is_listed(self) -> bool:
        """Whether a list tells of any event."""
        return bool(((self.line.log.flags & Flag.FROM_LIST) != 0).any())

    def levels(self, policy: Policy) -> Levels:
        """The policy's severities over the timeline."""
        words = tuple((name, each.title, each.aliases) for name, each in policy.severities.items())
        found: Levels = self.known(words, lambda: levels(self.line, policy))
        return found


class Some(_Memory):
    """Some tickets (sorted indexes) of a shard, asked about under one meaning after another."""

    def __init__(self, shard: Shard, tickets: Rows) -> None:
        super().__init__()
        self._shard, self._tickets = shard, tickets
        self._own = np.zeros(len(shard.evidence.tickets), np.bool_)
        self._own[tickets] = True

    def found(self, ground: Ground) -> Breaches:
        """What the one clause of ``ground`` finds."""
        count = len(self._own)
        result = Breaches(np.zeros(count, np.bool_), np.zeros(count, np.bool_))
        [(_, clause)] = ticket_clauses(ground.policies[0])
        weighed = self._own & self._shard.is_plain if self._can_weigh(clause) else np.zeros(count, np.bool_)
        if weighed.any():
            self._weigh(clause, ground, weighed, result)
        odd = np.flatnonzero(self._own & ~weighed)
        if len(odd):
            self._audit(ground, odd, result)
        return Breaches(result.breached[self._tickets], result.measured[self._tickets])

    def _can_weigh(self, clause: TicketClause) -> bool:
        """Whether nothing but measurement and target decides for plain tickets.

        A list may name a stop before a start that is no creation, and a period may ask when a clock was due.
        """
        period = self._shard.period
        starts_late = set(clause.starts) != {"created"} and not clause.repeats
        return not (starts_late and self._shard.is_listed) and (period is None or period.by == "start")

    def _audit(self, ground: Ground, odd: Rows, result: Breaches) -> None:
        shard = self._shard
        key = ("odd", len(odd))
        some, moments = self.known(key, lambda: _some(shard, odd))
        rows = audited(0, some, ground, shard.period, "none", moments).rows
        result.breached[odd[rows.ticket[rows.verdict == Verdict.BREACHED]]] = True
        result.measured[odd[rows.ticket[np.isin(rows.verdict, _MEASURED)]]] = True

    def _weigh(self, clause: TicketClause, ground: Ground, weighed: Mask, result: Breaches) -> None:
        """The verdicts of plain tickets: those that ``verdicts`` and ``shard`` give them."""
        scene = self._scene(ground)
        key, rows = self._rows(clause, scene, weighed)
        over = self._elapsed(clause, key, rows, scene) > rows.target
        has_target = rows.target != MISSING
        known = (rows.level >= 0) & (rows.level < scene.levels.known)
        is_cancelled = (rows.stop == NONE) & (self._shard.line.last_state.take(rows.ticket) == State.CANCELLED)
        asked = self._in_question(clause, rows, scene, ground)
        breached = asked & has_target & over & known
        measured = asked & (~known | (has_target & (over | rows.superseded | ~is_cancelled)))
        result.breached[rows.ticket[breached]] = True
        result.measured[rows.ticket[measured]] = True

    def _scene(self, ground: Ground) -> Scene:
        shard, policy = self._shard, ground.policies[0].policy
        return Scene(
            tuple(policy.severities), shard.line, shard.moments, shard.levels(policy),
            Fields(shard.evidence.tickets, ground.fields), ground.compiled[0],
        )  # fmt: skip

    def _rows(self, clause: TicketClause, scene: Scene, weighed: Mask) -> tuple[Hashable, Clocked]:
        """The measurements with their targets, in the order of the tickets, and a key for those without."""
        clock, shard = clause.clock, self._shard
        course = (clause.measure, clause.starts, clause.stops, clock.reopening)
        every = shard.known(course, lambda: clocks(clause, shard.moments, shard.live))
        own = self.known(course, lambda: every.take(np.flatnonzero(weighed[every.ticket])))
        held = self.known((course, id(scene.levels)), lambda: segments(own, scene.levels))
        by_time = clock.severity == "held" and not held.closes.all()
        if by_time:
            return None, targeted(clause, governed(clause, own, held, scene), scene)
        key = (course, id(scene.levels), clock.severity)
        rows = self.known(key, lambda: governed(clause, own, held, scene))
        if _asks_calendars(clause):
            return key, targeted(clause, rows, scene)
        same = (key, id(clause), scene.calendar_names)
        return key, self.known(same, lambda: targeted(clause, rows, scene))

    def _elapsed(self, clause: TicketClause, key: Hashable, rows: Clocked, scene: Scene) -> Instants:
        """The open time that each measurement with a target used."""
        states = whys(clause, scene)
        if key is None or clause.clock.counts_from:
            measurement, from_at, to_at = _counted(rows, states, scene)
        else:
            counted = (key, states.tobytes())
            measurement, from_at, to_at = self.known(counted, lambda: _counted(rows, states, scene))
        calendar = rows.calendar.take(measurement)
        if (calendar == NONE).any():
            has_target = np.flatnonzero(calendar != NONE)
            measurement, from_at, to_at = (each.take(has_target) for each in (measurement, from_at, to_at))
            calendar = calendar.take(has_target)
        elapsed = np.zeros(len(rows), np.int64)
        if len(measurement):
            first = np.flatnonzero(np.diff(measurement, prepend=NONE))
            took = open_time(calendar, from_at, to_at, scene)
            elapsed[measurement.take(first)] = np.add.reduceat(took, first)
        return elapsed

    def _in_question(self, clause: TicketClause, rows: Clocked, scene: Scene, ground: Ground) -> Mask:
        """The measurements that the clause, its policy and the period asked for are about."""
        shard, period = self._shard, self._shard.period
        since, until = effective(ground.policies[0])
        created = shard.evidence.tickets.created_at.take(rows.ticket)
        found: Mask = (created >= since) & (created < until)
        if rule := excluding(clause):
            excluded = shard.known(("excluded", id(clause)), lambda: excluded_tickets(rule, scene.fields))
            found &= ~excluded.take(rows.ticket)
        applies = clause.applies
        if applies.named_calendars:
            look = conditions.Rows(rows.ticket, rows.own_start_at, rows.start_at)
            found &= conditions.arrival_matched(applies, look, scene.calendars)
        if period is not None:
            found &= (period.from_at <= rows.start_at) & (rows.start_at < period.to_at)
        return found


def _some(shard: Shard, tickets: Rows) -> tuple[Evidence, Moments]:
    some = shard.evidence.only(tickets)
    return some, moments_of(some, shard.as_of)


def _asks_calendars(clause: TicketClause) -> bool:
    """Whether targets depend on more of the calendars than which of them is named."""
    rules = [rule for rules in clause.targets.values() for rule in rules]
    counted = any(rule.within.days or rule.within.weeks or rule.within.months for rule in rules)
    return bool(counted or clause.clock.counts_from or any(rule.when.named_calendars for rule in rules))


def _counted(rows: Clocked, states: Small, scene: Scene) -> tuple[Rows, Instants, Instants]:
    """The stretches of time in which each measurement's clock runs: measurement, from, to."""
    measurement, span, waits, from_at, to_at = stretches(rows, np.arange(len(rows)), scene)
    runs = np.flatnonzero((states.take(scene.timeline.spans.state.take(span)) == Why.RUNS) & ~waits)
    return measurement.take(runs), from_at.take(runs), to_at.take(runs)


Excluding = tuple[Mapping[str, Match], tuple[Mapping[str, Match], ...]]


def excluding(clause: TicketClause) -> Excluding | None:
    """What a clause says of the fields of tickets that it is about, and of those that it takes out; None if nothing."""
    found = clause.applies.fields, tuple(rule.fields for rule in clause.excludes.values())
    return found if found[0] or found[1] else None


def excluded_tickets(rule: Excluding, fields: Fields) -> Mask:
    """The tickets that a clause excludes by their fields."""
    every = np.arange(len(fields.tickets), dtype=np.int32)
    applies, excludes = rule
    excluded = np.zeros(len(every), np.bool_)
    for name, match in applies.items():
        excluded |= conditions.fields_matched({name: match}, every, fields).no
    for matches in excludes:
        excluded |= conditions.fields_matched(matches, every, fields).yes
    return excluded
