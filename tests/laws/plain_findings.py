"""What findings there are, by the letter: a slow second opinion over the oracle's timelines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from oracle import Case, Measurement, Setting, _exclusion, _judged_clock, _pieces
from plain_calendar import PlainCalendar
from plain_clocks import Clock, clocks_of, severities_held
from plain_timeline import FINISHES, Ticket, Timeline, timeline_of

from slaaudit.findings import Thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import Policy

Told = set[tuple[str, int, str | None, int]]
LIMITS = Thresholds()


def before(line: Timeline, place: int) -> Timeline:
    """The timeline up to an event that is not seen any more."""
    changes = [change for change in line.changes if change[0] < place]
    cut = replace(line, log=line.log[:place], states=line.states[:place], moments=line.moments[:place], changes=changes)
    return replace(cut, cancelled=None)


def clocks(policy: Policy, ticket: Ticket, line: Timeline, as_of: int) -> Iterator[tuple[str, Clock, Measurement]]:
    """Every clock of the ticket with its clause and its measurement."""
    calendars = {name: PlainCalendar(calendar) for name, calendar in policy.calendars.items()}
    for name, clause in policy.clauses.items():
        case = Case(name, clause, policy, ticket, line, calendars, as_of)
        created = Setting(ticket, calendars, line.created_at, line.created_at)
        if _exclusion(case, created):
            continue
        for clock in clocks_of(clause, line, ticket):
            held = severities_held(line, clock, policy)
            if clause.clock.severity != "restart":
                yield name, clock, _judged_clock(case, clock, held)
                continue
            for number, piece in enumerate(_pieces(clock, [place for place, _ in held])):
                yield name, piece, _judged_clock(case, piece, held[number : number + 1])


@dataclass(frozen=True)
class Whole:
    """A ticket's whole story: its timeline, and the stop of each of its clocks whose verdict is known."""

    policy: Policy
    ticket: Ticket
    line: Timeline
    stops: dict[tuple[str, int], int | None]

    def used_before(self, place: int, event: int, until: int | None) -> list[tuple[str, int, bool, str | None]]:
        """Each clock with a target, by the log before a place, that its ``event`` still concerns.

        Told are its clause, the share used, whether it was over, and the severity that governs. An event that is undone
        at ``until`` concerns what stopped in between.
        """
        told = []
        for name, clock, row in clocks(self.policy, self.ticket, before(self.line, place), self.line.log[event].at):
            if row.verdict not in {"running", "breached", "met"} or row.target is None:
                continue
            if (name, clock.start) not in self.stops:
                continue
            stop = self.stops[name, clock.start]
            lasts = stop is None or stop >= event
            if until is not None:
                lasts = stop is not None and event <= stop < until
            if lasts:
                share = (row.elapsed or 0) * 10_000 // max(row.target, 1)
                told.append((name, share, (row.elapsed or 0) > row.target, row.severity))
        return told


def whole(policy: Policy, ticket: Ticket, line: Timeline, as_of: int) -> Whole:
    found = clocks(policy, ticket, line, as_of)
    stops = {(name, clock.start): clock.stop for name, clock, row in found if row.verdict != "unknown"}
    return Whole(policy, ticket, line, stops)


def by_current(policy: Policy) -> Policy:
    """The policy with each clock held against the severity in force, but for those that a change restarts."""
    clauses = {
        name: clause
        if clause.clock.severity == "restart"
        else clause.model_copy(update={"clock": clause.clock.model_copy(update={"severity": "current"})})
        for name, clause in policy.clauses.items()
    }
    return policy.model_copy(update={"clauses": clauses})


MISSING = int(np.iinfo(np.int64).min)


def newest_first(evidence: Evidence, as_of: int) -> bool:
    """Whether most rows of the one log, each within its ticket, stand above an earlier one."""
    events = evidence.events
    last: dict[int, int] = {}
    steps = []
    for ticket, at in zip(events.ticket.tolist(), events.at.tolist(), strict=True):
        if at <= as_of:
            steps.append((at > last.get(ticket, at)) - (at < last.get(ticket, at)))
            last[ticket] = at
    return sum(steps) < 0


def plain(policy: Policy, ticket: Ticket, as_of: int, *, newest: bool) -> Told:
    """Downgrades, pauses and reopenings, by the letter; ``newest``: the newest rows of the log stand first."""
    line = timeline_of(ticket, as_of)
    if line is None:
        return set()
    story = whole(policy, ticket, line, as_of)
    return downgrades(replace(story, policy=by_current(policy))) | stops(story, newest=newest)


def downgrades(story: Whole) -> Told:
    told: Told = set()
    line, policy = story.line, story.policy
    order = list(policy.severities)
    levels = [(None, policy.severity_named(line.first_severity) if line.first_severity else None)]
    for place, word in line.changes:
        level = (policy.severity_named(word) or word) if word else None
        if level != levels[-1][1]:
            levels.append((place, level))
    for number, (place, new) in enumerate(levels[1:], 1):
        first = number  # of the changes at this instant
        while first > 1 and line.log[levels[first - 1][0]].at == line.log[place].at:
            first -= 1
        old = levels[first - 1][1]
        following = levels[number + 1][0] if number + 1 < len(levels) else None
        until = following if following is not None and line.log[following].at == line.log[place].at else None
        if old in order and new in order and order.index(new) > order.index(old):
            for name, share, over, held in story.used_before(levels[first][0], place, until):
                if held != old:
                    continue
                if over:
                    told.add(("DOWNGRADED_AFTER_BREACH", line.log[place].at, name, share))
                elif share >= LIMITS.near_breach:
                    told.add(("DOWNGRADED_NEAR_BREACH", line.log[place].at, name, share))
    return told


def stops(story: Whole, *, newest: bool) -> Told:
    told: Told = set()
    line = story.line
    answered, waited, state, solved = line.reply_before_creation, False, "", None
    for place, event in enumerate(line.log):
        was, state = state or first_state(line), line.states[place]
        if event.kind == "status":
            instant = [at for at, each in enumerate(line.log) if each.at == event.at]
            lasting = all(line.states[at] in {"waiting", "hold"} for at in instant if at >= place)
            at_once = newest and any("vendor-reply" in line.moments[at] for at in instant)
            waits = lasting and state != was
            if waits and not waited:
                waited = True
                if not answered and not at_once:
                    told.add(("PAUSED_BEFORE_ANSWER", event.at, None, MISSING))
            if not at_once:
                told |= pauses(story, place, was)
            if state in FINISHES and was not in FINISHES:
                solved = place
            if solved is not None and reopened_by_customer(line, solved, place):
                told.add(("RESOLVED_THEN_REOPENED", event.at, None, MISSING))
        answered |= "vendor-reply" in line.moments[place]
    return told


def reopened_by_customer(line: Timeline, solved: int, place: int) -> bool:
    event = line.log[place]
    wrote = any(
        "customer-reply" in each and other.at <= event.at
        for other, each in zip(line.log[solved:], line.moments[solved:], strict=True)
    )
    by_customer = event.actor == "customer" or (event.actor == "system" and wrote)
    soon = event.at - line.log[solved].at <= LIMITS.reopened_within
    return "reopened" in line.moments[place] and by_customer and soon


def first_state(line: Timeline) -> str:
    """The state before the first event."""
    statuses = [event for event in line.log if event.kind == "status"]
    at_creation = [event for event in statuses if event.at == line.created_at]
    return (statuses[0].old or "new") if statuses and not at_creation else "new"


def pauses(story: Whole, place: int, was: str) -> Told:
    line, policy = story.line, story.policy
    event, state = line.log[place], line.states[place]
    replied = [
        other.at for other, moments in zip(line.log[:place], line.moments, strict=False) if "vendor-reply" in moments
    ]
    if replied and event.at - replied[-1] <= LIMITS.silence:
        return set()
    instant = [other for other, each in enumerate(line.log) if each.at == event.at]
    came_from = line.states[instant[0] - 1] if instant[0] else first_state(line)
    later = {line.states[other] for other in instant if other >= place}
    return {
        ("PAUSED_NEAR_BREACH", event.at, name, share)
        for name, share, over, _ in story.used_before(place + 1, place, None)
        if not over and share >= LIMITS.near_breach
        and state in policy.clauses[name].clock.pauses and was not in policy.clauses[name].clock.pauses
        and came_from not in policy.clauses[name].clock.pauses and later <= set(policy.clauses[name].clock.pauses)
    }  # fmt: skip


@dataclass(frozen=True)
class Queued:
    """When a ticket came, when the vendor answered it first, when it left the queue, and which severities it held."""

    policy: Policy
    line: Timeline
    created_at: int
    answered_at: int | None
    answer: int | None
    left: int | None

    @classmethod
    def of(cls, policy: Policy, ticket: Ticket, as_of: int) -> Queued | None:
        line = timeline_of(ticket, as_of)
        if line is None:
            return None
        answer = next((at for at, each in enumerate(line.moments) if "vendor-reply" in each), None)
        leaving = (
            at for at, (event, each) in enumerate(zip(line.log, line.moments, strict=True))
            if each & {"vendor-reply", "resolved", "closed"} or event.value == "cancelled"
            or (event.kind == "reply" and event.actor == "unknown")
        )  # fmt: skip
        answered_at = None if answer is None else line.log[answer].at
        return cls(policy, line, line.created_at, answered_at, answer, next(leaving, None))

    def held(self, until: int) -> object:
        """The severity after the events up to a place of the log."""
        word = self.line.first_severity
        for place, new in self.line.changes:
            if place <= until:
                word = new
        return self.policy.severity_named(word) if word else None

    def lets_past(self, other: Queued) -> bool:
        """Whether the other came later and was answered while this one still stood in the queue, in its severity."""
        at = other.answered_at
        if at is None or other.created_at <= self.created_at or at < self.created_at:
            return False
        if self.left is not None and self.line.log[self.left].at <= at:
            return False
        places = [place for place, event in enumerate(self.line.log) if event.at <= at]
        level = other.held(other.answer or 0)
        return level is not None and level == self.held(places[-1])
