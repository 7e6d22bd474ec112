"""The oracle: what an audit must say, found ticket by ticket in plain Python, slowly and by the letter.

It shares no line with the engine. A timeline is a list of events, a clock a pair of places in that list, and the
time a clock took is a sum over the stretches between events of a sum over clipped open intervals.

Corners that the reference leaves open, and what is done here:

 1. A severity or status event that gives the first severity or the first state is no change, so it is no
    ``vendor-update`` either. A restated status (to the state it is in already) by the vendor is one.
 2. Of several severity events at the created instant, the first one in the log is the first severity.
 3. Where severity changes at one instant are merged into the last, its ``old`` is the first one's.
 4. A severity cleared before the first known value is no change: the first known value governs from the start.
 5. The first state counts as ``new`` for what the log puts before it at the created instant.
 6. An event that both starts and stops a clock does not stop the clock it starts.
 7. A stop event that is also a moment other than resolved or closed (a vendor's own change to resolved where
    ``vendor-update`` stops the clock) is one of the "other stops": it stands.
 8. A finished state listed in ``pauses`` pauses a clock only where the clock could run in it.
 9. Under ``next-response`` a customer's reply is answered by a vendor-reply or by any of the clock's stops.
10. An exclusion gives one row for the ticket, which starts (and has moved nowhere) at creation, whether or not a
    clock ever starts.
11. ``counts-from``: the first entry that matches decides.
12. Cycles are numbered through: reopenings, replies, gaps and the pieces of ``restart`` alike.
13. The cancelling event is the stop of a clock that it ends: what was used is counted to it, and dues run on from it.
14. ``highest``: having no severity for some of the time is not a severity held, unless it is so all the time.
15. ``held``: a time without severity is as an unknown word.
16. What an unknown status or actor would change is matched by the instant at which a clock starts (in order, where
    several start at one instant). A clock that runs only under another meaning is a row too: unknown, numbered after
    the others. A reply by somebody unknown is tried as the vendor's and as the customer's.
17. A ticket created after as-of gives no row.
18. An unknown status "as finished" is ``resolved``; "as paused" is tried only for clauses that pause.
21. An open clock on a ticket that is finished (or whose list's last status is unknown), nobody knows since when, is unknown whatever stops it (a closed ticket
    stops every clock); one on a ticket that was cancelled, nobody knows when, is excluded even if it is over by now.
23. A ticket without a time of creation gives one unknown row for each clause.
22. What is doubtful about a ticket leaves the superseded pieces of ``restart`` as they are.
20. A reply by the customer or by automation long before creation counts for nothing. One by the vendor leaves a
    cancelled clock excluded.
19. A clause without any targets is ``no-target``, whatever the severity; so is a clock without a target, whatever
    else is unknown about it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from plain_calendar import PlainCalendar, moment
from slaaudit.evidence.tables import MISSING, Actor, Doubt, Flag, Kind, State

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import Condition, Policy, TargetRule, TicketClause

FINISHES = {"resolved", "closed"}
RUNNING_UNKNOWN, PAUSED_UNKNOWN = "unknown", "unknown-paused"


@dataclass(frozen=True)
class Event:
    """One event; ``value`` and ``old`` are words, None where there is none."""

    at: int
    kind: str
    actor: str = "system"
    value: str | None = None
    old: str | None = None
    word: str | None = None
    who: str | None = None
    unit: int = 1_000_000
    from_list: bool = False


@dataclass(frozen=True)
class Ticket:
    """One ticket and its events in the order of the source."""

    id: str
    created_at: int | None
    created_unit: int
    severity: str | None
    doubt: Doubt
    fields: dict[str, str | None]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Measurement:
    """One clock of one clause on one ticket, judged."""

    clause: str
    cycle: int
    severity: str | None
    verdict: str
    reason: str = "none"
    own_start_at: int | None = None
    started_at: int | None = None
    stopped_at: int | None = None
    due_at: int | None = None
    target: int | None = None
    elapsed: int | None = None
    paused: int | None = None
    caveats: frozenset[str] = frozenset()


# From tables to tickets


def tickets_of(evidence: Evidence) -> list[Ticket]:
    """Every ticket of the evidence, in its order."""
    per_ticket: list[list[tuple[str, Event]]] = [[] for _ in range(len(evidence.tickets))]
    for row in range(len(evidence.events)):
        kind, event = _event(evidence, row)
        per_ticket[int(evidence.events.ticket[row])].append((kind, event))
    return [_ticket(evidence, index, events) for index, events in enumerate(per_ticket)]


def _event(evidence: Evidence, row: int) -> tuple[str, Event]:
    log = evidence.events
    kind = Kind(int(log.kind[row]))
    vocabulary = evidence.severities if kind is Kind.SEVERITY else evidence.words

    def word_of(code: int) -> str | None:
        if code < 0:
            return None
        return State(code).name.lower() if kind is Kind.STATUS else vocabulary[code]

    text = evidence.words
    word, who = int(log.word[row]), int(log.who[row])
    return kind.name.lower(), Event(
        at=int(log.at[row]),
        kind=kind.name.lower(),
        actor=Actor(int(log.actor[row])).name.lower(),
        value=word_of(int(log.value[row])),
        old=word_of(int(log.old[row])),
        word=text[word] if word >= 0 else None,
        who=text[who] if who >= 0 else None,
        unit=evidence.sources[int(log.source[row])].unit,
        from_list=bool(int(log.flags[row]) & Flag.FROM_LIST),
    )


def _ticket(evidence: Evidence, index: int, events: list[tuple[str, Event]]) -> Ticket:
    table = evidence.tickets
    created = int(table.created_at[index])
    units = [event.unit for kind, event in events if kind == "created"]
    return Ticket(
        id=str(table.ids[index]),
        created_at=None if created == MISSING else created,
        created_unit=units[0] if units else 1,
        severity=table.severity[index],
        doubt=Doubt(int(table.doubt[index])),
        fields={name: column[index] for name, column in table.fields.items()},
        events=tuple(event for kind, event in events if kind != "created"),
    )


# The timeline


@dataclass
class Timeline:
    """The log in order, and beside each event the state after it, its moments and what it makes of the severity."""

    log: list[Event]
    states: list[str] = field(default_factory=list)
    moments: list[set[str]] = field(default_factory=list)
    first_severity: str | None = None
    changes: list[tuple[int, str | None]] = field(default_factory=list)  # place in the log, new severity
    cancelled: int | None = None
    reply_before_creation: bool = False
    created_at: int = 0


def timeline_of(ticket: Ticket, as_of: int) -> Timeline | None:
    """The ticket's timeline as seen at as-of; None where the ticket did not exist by then."""
    created = ticket.created_at
    if created is None or created > as_of:
        return None
    line = Timeline([], created_at=created)
    events = [Event(created, "created", "customer")]
    for event in ticket.events:
        at = event.at
        if event.kind == "reply" and at < created:
            if created - at <= max(event.unit, ticket.created_unit):
                at = created
            else:
                line.reply_before_creation |= event.actor == "vendor"
                continue
        if at <= as_of:
            events.append(replace(event, at=at))
    events.sort(key=lambda event: (event.at, event.kind not in {"created", "reported"}))
    line.log = _severities_merged(_twins_merged(events))
    _cut_at_cancelled(line)
    _first_and_changed_severities(line, ticket)
    _states_and_moments(line)
    return line


def _twins_merged(events: list[Event]) -> list[Event]:
    def looks(event: Event) -> tuple[object, ...]:
        return event.at, event.kind, event.actor, event.value, event.word, event.who

    return [event for place, event in enumerate(events) if not place or looks(event) != looks(events[place - 1])]


def _severities_merged(events: list[Event]) -> list[Event]:
    log: list[Event] = []
    for event in events:
        if log and event.kind == log[-1].kind == "severity" and event.at == log[-1].at:
            log[-1] = replace(event, old=log[-1].old)
        else:
            log.append(event)
    return log


def _cut_at_cancelled(line: Timeline) -> None:
    for place, event in enumerate(line.log):
        if event.kind == "status" and event.value == "cancelled":
            line.cancelled = place
            del line.log[place + 1 :]
            return


def _first_and_changed_severities(line: Timeline, ticket: Ticket) -> None:
    found = [place for place, event in enumerate(line.log) if event.kind == "severity"]
    at_creation = [place for place in found if line.log[place].at == line.created_at]
    known = [place for place in found if line.log[place].value is not None]
    if at_creation:
        first = at_creation[0]
        line.first_severity = line.log[first].value
        later = [place for place in found if place > first]
    elif found and line.log[found[0]].old is not None:
        line.first_severity = line.log[found[0]].old
        later = found
    elif not found:
        line.first_severity = ticket.severity
        later = []
    elif known:
        line.first_severity = line.log[known[0]].value
        later = [place for place in found if place > known[0]]
    else:
        later = []
    line.changes = [(place, line.log[place].value) for place in later]


def _states_and_moments(line: Timeline) -> None:
    statuses = [place for place, event in enumerate(line.log) if event.kind == "status"]
    at_creation = [place for place in statuses if line.log[place].at == line.created_at]
    first_place = None
    state = "new"
    if at_creation:
        first_place = at_creation[0]
    elif statuses:
        state = line.log[statuses[0]].old or "new"
    has_reported = any(event.kind == "reported" for event in line.log)
    changing = {place for place, _ in line.changes}
    for place, event in enumerate(line.log):
        moments: set[str] = set()
        if event.kind == "created":
            moments |= {"created"} if has_reported else {"created", "reported"}
        elif event.kind in {"reported", "assigned", "workaround"}:
            moments.add(event.kind)
        elif event.kind == "reply" and event.actor in {"vendor", "customer"}:
            moments.add(f"{event.actor}-reply")
        elif event.kind == "status":
            moments |= _entered(state, str(event.value))
            state = str(event.value)
        changed = {
            "reply": True,
            "note": True,
            "assigned": True,
            "status": place != first_place,
            "severity": place in changing,
        }
        if event.actor == "vendor" and changed.get(event.kind, False):
            moments.add("vendor-update")
        line.states.append(state)
        line.moments.append(moments)


def _entered(before: str, after: str) -> set[str]:
    moments: set[str] = set()
    if after in FINISHES and before not in FINISHES:
        moments.add("resolved")
    if after == "closed" and before != "closed":
        moments.add("closed")
    if before in FINISHES and after not in FINISHES and after != "cancelled":
        moments.add("reopened")
    return moments


# Clocks


@dataclass(frozen=True)
class Clock:
    """From the event at ``start`` to the one at ``stop`` (None: open). ``live``: stopped as it started.

    ``by_change``: the stop is a severity change; ``movable``: counts-from may move the start.
    """

    start: int
    stop: int | None = None
    live: bool = False
    by_change: bool = False
    movable: bool = True


def clocks_of(clause: TicketClause, line: Timeline, ticket: Ticket) -> list[Clock]:
    """The clocks that the clause starts on this ticket, before severity cuts them."""
    if clause.measure == "update-gap":
        return _gaps(line, set(clause.starts), set(clause.stops))
    if clause.measure == "next-response":
        return _next_responses(line, set(clause.stops))
    start = _first(line, set(clause.starts), 0)
    if start is None:
        return []
    if _answered_live(clause, line, ticket, start):
        return [Clock(start, live=True)]
    stops = set(clause.stops)
    if clause.clock.reopening == "continues":
        return [Clock(start, _stop_that_continues(line, stops, start))]
    first = Clock(start, _first(line, stops, start + 1))
    if clause.clock.reopening == "ignored":
        return [first]
    return _restarted(line, stops, first)


def _first(line: Timeline, moments: set[str], begin: int) -> int | None:
    return next((place for place in range(begin, len(line.log)) if line.moments[place] & moments), None)


def _is_finish(line: Timeline, place: int, stops: set[str]) -> bool:
    return line.moments[place] & stops <= FINISHES


def _answered_live(clause: TicketClause, line: Timeline, ticket: Ticket, start: int) -> bool:
    channel = (ticket.fields.get("channel") or "").strip().casefold()
    return (
        bool(line.moments[start] & {"created", "reported"})
        and set(clause.starts) <= {"created", "reported"}
        and "vendor-reply" in clause.stops
        and Doubt.VENDOR_CREATED in ticket.doubt
        and channel == "phone"
    )


def _stop_that_continues(line: Timeline, stops: set[str], start: int) -> int | None:
    places = [place for place in range(start + 1, len(line.log)) if line.moments[place] & stops]
    others = [place for place in places if not _is_finish(line, place, stops)]
    reopenings = [place for place in range(start + 1, len(line.log)) if "reopened" in line.moments[place]]
    after = reopenings[-1] if reopenings else start
    finishes = [place for place in places if _is_finish(line, place, stops) and place > after]
    return min(others[:1] + finishes[:1], default=None)


def _restarted(line: Timeline, stops: set[str], first: Clock) -> list[Clock]:
    clocks = [first]
    while (stop := clocks[-1].stop) is not None and _is_finish(line, stop, stops):
        reopening = _first(line, {"reopened"}, stop + 1)
        if reopening is None:
            break
        between = [place for place in range(stop + 1, reopening + 1) if line.moments[place] & stops]
        if any(not _is_finish(line, place, stops) for place in between):
            break
        clocks.append(Clock(reopening, _first(line, stops, reopening + 1), movable=False))
    return clocks


def _unfinished(line: Timeline, place: int) -> bool:
    return line.states[place] not in FINISHES


def _gaps(line: Timeline, starts: set[str], stops: set[str]) -> list[Clock]:
    clocks = []
    for place in range(len(line.log)):
        if line.moments[place] & starts and _unfinished(line, place):
            clocks.append(Clock(place, _first(line, stops, place + 1)))
        elif "reopened" in line.moments[place]:
            clocks.append(Clock(place, _first(line, stops, place + 1), movable=False))
    return clocks


def _next_responses(line: Timeline, stops: set[str]) -> list[Clock]:
    clocks = []
    replied = waits = left_behind = False
    for place, moments in enumerate(line.moments):
        if moments & (stops | {"vendor-reply"}):
            waits = left_behind = False
            replied = replied or "vendor-reply" in moments
        if "customer-reply" in moments and replied and not waits:
            if _unfinished(line, place):
                waits = True
                clocks.append(Clock(place, _first(line, stops, place + 1)))
            else:
                left_behind = True
        if "reopened" in moments and left_behind and not waits:
            waits, left_behind = True, False
            clocks.append(Clock(place, _first(line, stops, place + 1), movable=False))
    return clocks


# Severity


def severities_held(line: Timeline, clock: Clock, policy: Policy) -> list[tuple[int, object]]:
    """The severities held from the clock's start to its stop: the place where each begins, and what it is.

    A severity is the policy's id, ``("?", word)`` for a word the policy does not know, None where there is none.
    """
    start_at = line.log[clock.start].at
    held: list[tuple[int, object]] = [(clock.start, _known(line.first_severity, policy))]
    later = []
    for place, word in line.changes:
        if line.log[place].at <= start_at:
            held = [(clock.start, _known(word, policy))]
        elif not clock.live and (clock.stop is None or place < clock.stop):
            later.append((place, _known(word, policy)))
    for index, (place, severity) in enumerate(later):
        followed_at_once = index + 1 < len(later) and line.log[later[index + 1][0]].at == line.log[place].at
        if not followed_at_once:
            held.append((place, severity))
    return [each for index, each in enumerate(held) if not index or each[1] != held[index - 1][1]]


def _known(word: str | None, policy: Policy) -> object:
    if word is None or not word.strip():
        return None
    return policy.severity_named(word) or ("?", word)


# Conditions


@dataclass(frozen=True)
class Setting:
    """What a condition may look at: the ticket's fields and a clock's own and moved start."""

    ticket: Ticket
    calendars: dict[str, PlainCalendar]
    own_start: int
    moved_start: int


def matched(condition: Condition, setting: Setting) -> tuple[bool | None, str | None]:
    """Whether the condition holds (None: a field is not seen), and the first field that contradicts it."""
    unseen = False
    for name, match in condition.fields.items():
        value = (setting.ticket.fields.get(name) or "").strip().casefold()
        if not value:
            unseen = True
        elif (value in {word.strip().casefold() for word in match.words}) == match.negated:
            return False, name
    for key, at, inside in (
        ("arrives_in", setting.own_start, True),
        ("arrives_outside", setting.own_start, False),
        ("starts_in", setting.moved_start, True),
        ("starts_outside", setting.moved_start, False),
    ):
        calendar = getattr(condition, key)
        if calendar is not None and setting.calendars[calendar].is_open(at) != inside:
            return False, key
    return (None if unseen else True), None


def moved_start(
    clause: TicketClause, clock: Clock, at: int, ticket: Ticket, calendars: dict[str, PlainCalendar]
) -> int:
    if not clock.movable:
        return at
    for entry in clause.clock.counts_from:
        if matched(entry.when, Setting(ticket, calendars, at, at))[0]:
            return calendars[entry.next_opening].next_opening(at)
    return at


# Time taken


def runs(state: str, clause: TicketClause) -> bool:
    if state == "closed" or (state == "resolved" and "resolved" in clause.stops):
        return False
    return state != "cancelled" and not pauses(state, clause)


def pauses(state: str, clause: TicketClause) -> bool:
    return state == PAUSED_UNKNOWN or state in clause.clock.pauses


def stretches(line: Timeline, clock: Clock, begin: int, end: int) -> list[tuple[int, int, str]]:
    """From ``begin`` to ``end``, cut where the state changes."""
    cut: list[tuple[int, int, str]] = []
    for place in range(clock.start, len(line.log)):
        until = line.log[place + 1].at if place + 1 < len(line.log) else end
        low, high = max(begin, line.log[place].at), min(end, until)
        if low < high:
            cut.append((low, high, line.states[place]))
    return cut


@dataclass(frozen=True)
class Run:
    """How long a clock ran by one calendar, and when it reaches (or would reach) an amount."""

    elapsed: int
    paused: int
    due_at: int | None


def run(
    clause: TicketClause,
    line: Timeline,
    clock: Clock,
    begin: int,
    end: int,
    calendar: PlainCalendar,
    amount: int,
    as_of: int,
) -> Run:
    """``begin`` is the start as it may have been moved, ``end`` the stop, the cancelling or as-of."""
    elapsed = paused = 0
    due_at = begin if amount == 0 else None
    for low, high, state in stretches(line, clock, begin, max(begin, end)):
        took = calendar.elapsed(low, high)
        if runs(state, clause):
            if due_at is None and elapsed + took >= amount:
                due_at = calendar.due(low, amount - elapsed)
            elapsed += took
        elif pauses(state, clause) and state != "closed" and not (state == "resolved" and "resolved" in clause.stops):
            paused += took
    stopped = clock.live or clock.stop is not None or line.cancelled is not None
    if due_at is None and (stopped or runs(line.states[-1], clause)):
        due_at = calendar.due(max(begin, end if stopped else as_of), amount - elapsed)
    return Run(elapsed, paused, due_at)


# Judgement


@dataclass(frozen=True)
class Case:
    """All that judging one clause on one ticket needs."""

    name: str
    clause: TicketClause
    policy: Policy
    ticket: Ticket
    line: Timeline
    calendars: dict[str, PlainCalendar]
    as_of: int


def audited(evidence: Evidence, policy: Policy, as_of: int) -> list[list[Measurement]]:
    """The measurements of every ticket, in the order of tickets."""
    calendars = {name: PlainCalendar(calendar) for name, calendar in policy.calendars.items()}
    return [judged(ticket, policy, as_of, calendars) for ticket in tickets_of(evidence)]


def judged(
    ticket: Ticket, policy: Policy, as_of: int, calendars: dict[str, PlainCalendar] | None = None
) -> list[Measurement]:
    """The measurements of one ticket: clause by clause, cycle by cycle."""
    known = calendars or {name: PlainCalendar(calendar) for name, calendar in policy.calendars.items()}
    found: list[Measurement] = []
    for name, clause in policy.clauses.items():
        if hasattr(clause, "clock"):
            found += _judged_clause(name, clause, policy, ticket, known, as_of)
    return found


def _judged_clause(
    name: str,
    clause: TicketClause,
    policy: Policy,
    ticket: Ticket,
    calendars: dict[str, PlainCalendar],
    as_of: int,
) -> list[Measurement]:
    def as_seen(seen: Ticket) -> dict[tuple[int | None, int], Measurement]:
        if seen.created_at is None:
            return _by_start([Measurement(name, 1, None, "unknown", "no-creation")])
        line = timeline_of(seen, as_of)
        return {} if line is None else _by_start(_rows(Case(name, clause, policy, seen, line, calendars, as_of)))

    base = as_seen(ticket)
    rows = dict(base)
    alternatives = [("actor-unknown", as_seen(other)) for other in _actor_variants(ticket)]
    alternatives += [("status-unknown", as_seen(other)) for other in _status_variants(ticket, clause)]
    for reason, others in alternatives:
        for key in [*rows, *(key for key in others if key not in rows)]:
            row, other = base.get(key), others.get(key)
            if row is None or other is None or row.verdict != other.verdict:
                known = rows.get(key) or others[key]
                if key not in rows or known.verdict != "unknown":
                    rows[key] = replace(known, verdict="unknown", reason=reason)
    return [replace(row, cycle=cycle) for cycle, row in enumerate(rows.values(), 1)]


def _by_start(rows: list[Measurement]) -> dict[tuple[int | None, int], Measurement]:
    """The rows by the instant that starts the clock, and how many of that instant came before."""
    named: dict[tuple[int | None, int], Measurement] = {}
    for row in rows:
        before = sum(1 for at, _ in named if at == row.own_start_at)
        named[row.own_start_at, before] = row
    return named


def _actor_variants(ticket: Ticket) -> list[Ticket]:
    if not any(event.actor == "unknown" and event.kind == "reply" for event in ticket.events):
        return []
    return [
        replace(
            ticket,
            events=tuple(
                replace(event, actor=actor) if event.actor == "unknown" and event.kind == "reply" else event
                for event in ticket.events
            ),
        )
        for actor in ("vendor", "customer")
    ]


def _status_variants(ticket: Ticket, clause: TicketClause) -> list[Ticket]:
    if not any(event.kind == "status" and "unknown" in {event.value, event.old} for event in ticket.events):
        return []
    meanings = ["resolved"] + [PAUSED_UNKNOWN] * bool(set(clause.clock.pauses) - FINISHES)

    def meaning(word: str | None, as_word: str) -> str | None:
        return as_word if word == "unknown" else word

    return [
        replace(
            ticket,
            events=tuple(
                replace(event, value=meaning(event.value, as_word), old=meaning(event.old, as_word))
                if event.kind == "status"
                else event
                for event in ticket.events
            ),
        )
        for as_word in meanings
    ]


def _rows(case: Case) -> list[Measurement]:
    """The case's measurements, clock by clock and piece by piece."""
    created = case.line.created_at
    excluded = _exclusion(case, Setting(case.ticket, case.calendars, created, created))
    if excluded:
        return [Measurement(case.name, 1, None, "excluded", excluded, created, created)]
    rows = []
    for clock in clocks_of(case.clause, case.line, case.ticket):
        held = severities_held(case.line, clock, case.policy)
        if case.clause.clock.severity == "restart":
            pieces = _pieces(clock, [place for place, _ in held])
            rows += [_judged_clock(case, cut, held[piece : piece + 1]) for piece, cut in enumerate(pieces)]
        else:
            rows.append(_judged_clock(case, clock, held))
    return rows


def _pieces(clock: Clock, places: list[int]) -> list[Clock]:
    """The clock cut where another severity begins."""
    cuts = [
        Clock(begin, end, by_change=True, movable=clock.movable and not index)
        for index, (begin, end) in enumerate(pairwise(places))
    ]
    return [*cuts, replace(clock, start=places[-1], movable=clock.movable and not cuts)]


def _judged_clock(case: Case, clock: Clock, held: list[tuple[int, object]]) -> Measurement:
    line, clause = case.line, case.clause
    own = line.log[clock.start].at
    moved = moved_start(clause, clock, own, case.ticket, case.calendars)
    ended = clock.live or clock.stop is not None or line.cancelled is not None
    blank = Measurement(
        case.name, 0, None, "", own_start_at=own, started_at=moved, stopped_at=_end(case, clock) if ended else None,
        caveats=frozenset({"answered-live"} if clock.live else ()),
    )  # fmt: skip
    setting = Setting(case.ticket, case.calendars, own, moved)
    severity = _governing(case, clock, setting, moved, held)
    row = replace(blank, severity=severity if isinstance(severity, str) else None)
    if not case.clause.targets:
        return replace(row, verdict="no-target")
    if not isinstance(severity, str):
        return replace(row, verdict="unknown", reason="no-severity" if severity is None else "severity-unknown")
    rule = _target_rule(case, severity, setting)
    if rule is None:
        return replace(row, verdict="no-target")
    row = _held_against(case, clock, row, rule, moved)
    if Doubt.CANCELLED_UNDATED in case.ticket.doubt and clock.stop is None and not clock.live:
        return replace(row, verdict="excluded", reason="cancelled")
    doubted = _doubted(case, clock)
    if doubted and row.verdict not in {"excluded", "superseded"}:
        return replace(row, verdict="unknown", reason=doubted)
    return row


def _held_against(case: Case, clock: Clock, row: Measurement, rule: TargetRule, moved: int) -> Measurement:
    calendar = case.calendars[rule.calendar]
    target = calendar.open_time(rule.within, rule.days or case.clause.clock.days, moved)
    end = _end(case, clock)
    ran = run(case.clause, case.line, clock, moved, end, calendar, target, case.as_of)
    row = replace(row, target=target, elapsed=ran.elapsed, paused=ran.paused, due_at=ran.due_at)
    over = ran.elapsed > target
    taken_back = _perhaps_taken_back(case, clock)
    if taken_back and not over:
        return replace(row, verdict="unknown", reason=taken_back)
    if over:
        thin = Doubt.NO_STATUS_HISTORY in case.ticket.doubt and case.clause.clock.pauses
        return replace(row, verdict="breached", caveats=row.caveats | ({"pauses-unseen"} if thin else set()))
    if clock.by_change:
        return replace(row, verdict="superseded")
    if clock.live or clock.stop is not None:
        return replace(row, verdict="met")
    if case.line.cancelled is not None:
        return replace(row, verdict="excluded", reason="cancelled")
    return replace(row, verdict="running")


def _end(case: Case, clock: Clock) -> int:
    log = case.line.log
    if clock.live:
        return log[clock.start].at
    if clock.stop is not None:
        return log[clock.stop].at
    return log[case.line.cancelled].at if case.line.cancelled is not None else case.as_of


def _target_rule(case: Case, severity: str, setting: Setting) -> TargetRule | None:
    for rule in case.clause.targets.get(severity, ()):
        if matched(rule.when, setting)[0]:
            return rule
    return None


def _exclusion(case: Case, setting: Setting) -> str | None:
    if not _in_force(case.policy, case.line.created_at):
        return "not-in-force"
    if matched(case.clause.applies, setting)[0] is False:
        return "does-not-apply"
    if any(matched(condition, setting)[0] for condition in case.clause.excludes.values()):
        return "exclusion"
    return None


def _in_force(policy: Policy, created_at: int) -> bool:
    day: dt.date = moment(created_at).astimezone(ZoneInfo(policy.timezone)).date()
    begin, until = policy.effective.from_, policy.effective.until
    return (begin is None or begin <= day) and (until is None or day <= until)


def _doubted(case: Case, clock: Clock) -> str | None:
    doubt, stops = case.ticket.doubt, set(case.clause.stops)
    is_open = clock.stop is None and not clock.live
    if Doubt.CONFLICTING_ROWS in doubt:
        return "conflicting-rows"
    if case.line.reply_before_creation and not case.clause.repeats and "vendor-reply" in stops:
        return "reply-before-creation"
    if is_open and Doubt.STATUS_UNKNOWN in doubt:
        return "status-unknown"
    if is_open and not case.clause.repeats and clock.movable and _list_stops_too_early(case, clock):
        return "stop-before-start"
    if is_open and Doubt.FINISH_BEFORE_CREATION in doubt and stops & FINISHES:
        return "stop-before-start"
    if is_open and Doubt.FINISHED_UNDATED in doubt:
        return "finished-undated"
    if is_open and Doubt.CLOSED_UNDATED in doubt and "closed" in stops and "resolved" not in stops:
        return "closed-undated"
    return None


def _list_stops_too_early(case: Case, clock: Clock) -> bool:
    """Whether a list dates a stop of this clock before its start."""
    line, stops = case.line, set(case.clause.stops)
    start_at = line.log[clock.start].at
    return any(
        event.from_list and event.at < start_at and line.moments[place] & stops
        for place, event in enumerate(line.log)
    )


def _perhaps_taken_back(case: Case, clock: Clock) -> str | None:
    """Why a stop may not stand: the list's last status says, or may say, that the ticket was reopened since."""
    stood = (
        case.clause.repeats
        or case.clause.clock.reopening != "continues"
        or case.line.cancelled is not None
        or clock.stop is None
        or clock.by_change
        or not _is_finish(case.line, clock.stop, set(case.clause.stops))
    )
    if stood:
        return None
    if Doubt.STATUS_UNKNOWN in case.ticket.doubt:
        return "status-unknown"
    return "reopened-undated" if Doubt.REOPENED_UNDATED in case.ticket.doubt else None


# Which severity governs


def _governing(case: Case, clock: Clock, setting: Setting, moved: int, held: list[tuple[int, object]]) -> object:
    rule = case.clause.clock.severity
    if rule in {"initial", "restart"}:
        return held[0][1]
    if rule == "highest":
        return _highest([severity for _, severity in held], list(case.policy.severities))
    if rule == "held":
        return _first_missed(case, clock, setting, moved, held)
    return held[-1][1]


def _highest(severities: list[object], order: list[str]) -> object:
    known = [severity for severity in severities if isinstance(severity, str)]
    unknown = [severity for severity in severities if isinstance(severity, tuple)]
    top = min(known, key=order.index) if known else None
    if unknown and top != order[0]:
        return unknown[0]
    return top


def _first_missed(case: Case, clock: Clock, setting: Setting, moved: int, held: list[tuple[int, object]]) -> object:
    """The first severity whose target was over while it was held; else the last one, or what is not known."""
    end = _end(case, clock)
    ends = [case.line.log[place].at for place, _ in held[1:]] + [end]
    for (_, severity), until in zip(held, ends, strict=True):
        rule = _target_rule(case, severity, setting) if isinstance(severity, str) else None
        if rule is None:
            continue
        calendar = case.calendars[rule.calendar]
        target = calendar.open_time(rule.within, rule.days or case.clause.clock.days, moved)
        if run(case.clause, case.line, clock, moved, until, calendar, target, case.as_of).elapsed > target:
            return severity
    unsure = [severity for _, severity in held if not isinstance(severity, str)]
    return unsure[0] if unsure else held[-1][1]
