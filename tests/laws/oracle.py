"""The oracle: what an audit must say, found ticket by ticket in plain Python, slowly and by the letter.

It shares no line with the engine. A timeline is a list of events, a clock a pair of places in that list, and the
time a clock took is a sum over the stretches between events of a sum over clipped open intervals.

Corners that the reference leaves open, and what is done here:

 1. A severity or status event that gives the first severity or the first state is no change, so it is no
    ``vendor-update`` either; nor is any status or severity set at the created instant, nor a severity
    stated again. A restated status by the vendor is one.
 2. Of several severity events at the created instant, the first one in the log is the first severity.
 3. Where severity changes at one instant are merged into the last, its ``old`` is the first one's.
 4. A severity cleared before the first known value is no change: the first known value governs from the
    start.
 5. The first state counts as ``new`` for what the log puts before it at the created instant.
 6. An event that both starts and stops a clock does not stop the clock it starts.
 7. A stop event that is also a moment other than resolved or closed (a vendor's own change to resolved
    where ``vendor-update`` stops the clock) is one of the "other stops": it stands.
 8. A finished state listed in ``pauses`` pauses a clock only where the clock could run in it.
 9. Under ``next-response`` a customer's reply is answered by a vendor-reply or by any of the clock's stops.
10. An exclusion gives one row for the ticket, which starts (and has moved nowhere) at creation, whether or
    not a clock ever starts.
11. ``counts-from``: the first entry that matches decides.
12. Cycles are numbered through: reopenings, replies, gaps and the pieces of ``restart`` alike.
13. The cancelling event is the stop of a clock that it ends: what was used is counted to it, and dues run
    on from it.
14. ``highest``: having no severity for some of the time is not a severity held, unless it is so all the
    time.
15. ``held``: a time without severity is as an unknown word.
16. What an unknown status or actor would change is matched by the instant at which a clock starts (in
    order, where several start at one instant). A clock that runs only under another meaning is a row too:
    unknown, numbered after the others. A reply by somebody unknown is tried as the vendor's and as the
    customer's; so is any other change in a log where a clause asks for a vendor-update.
17. A ticket created after as-of gives no row.
18. An unknown status "as finished" is ``resolved``; "as paused" is tried only for clauses that pause.
19. An open clock on a ticket that is finished (or whose list's last status is unknown), nobody knows since
    when, is unknown whatever stops it (a closed ticket stops every clock); one on a ticket that was
    cancelled, nobody knows when, is excluded even if it is over by now.
20. A ticket without a time of creation gives one unknown row for each clause.
21. What is doubtful about a ticket leaves the superseded pieces of ``restart`` as they are.
22. Nothing that a log puts before creation starts a clock, but being reported.
23. A reply by the customer or by automation long before creation counts for nothing. One by the vendor
    leaves a cancelled clock excluded.
24. A clause without any targets is ``no-target``, whatever the severity; so is a clock without a target,
    whatever else is unknown about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from plain_calendar import PlainCalendar, moment
from plain_clocks import Clock, clocks_of, is_finish, severities_held
from plain_timeline import FINISHES, tickets_of, timeline_of

from slaaudit.evidence.tables import Doubt

if TYPE_CHECKING:
    from plain_timeline import Event, Ticket, Timeline

    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import Condition, Policy, TargetRule, TicketClause

PAUSED_UNKNOWN = "unknown-paused"


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


# Time taken


def could_never_run(state: str, clause: TicketClause) -> bool:
    return state in {"closed", "cancelled"} or (state == "resolved" and "resolved" in clause.stops)


def runs(state: str, clause: TicketClause) -> bool:
    return not could_never_run(state, clause) and not pauses(state, clause)


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


def run(case: Case, clock: Clock, span: tuple[int, int], calendar: PlainCalendar, amount: int) -> Run:
    """``span`` goes from the start as it may have been moved to the stop, the cancelling or as-of."""
    begin, end = span
    line, clause = case.line, case.clause
    elapsed = paused = 0
    due_at = begin if amount == 0 else None
    for low, high, state in stretches(line, clock, begin, max(begin, end)):
        took = calendar.elapsed(low, high)
        if runs(state, clause):
            if due_at is None and elapsed + took >= amount:
                due_at = calendar.due(low, amount - elapsed)
            elapsed += took
        elif pauses(state, clause) and not could_never_run(state, clause):
            paused += took
    stopped = clock.live or clock.stop is not None or line.cancelled is not None
    if due_at is None and (stopped or runs(line.states[-1], clause)):
        due_at = calendar.due(max(begin, end if stopped else case.as_of), amount - elapsed)
    return Run(elapsed, paused, due_at)


# Judgement


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
    alternatives = [("actor-unknown", as_seen(other)) for other in _actor_variants(ticket, clause)]
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


def _actor_variants(ticket: Ticket, clause: TicketClause) -> list[Ticket]:
    """The ticket with whatever nobody known did as the vendor's doing, and as the customer's."""
    changes = {"note", "status", "severity", "assigned"} if "vendor-update" in clause.starts + clause.stops else set()

    def unsure(event: Event) -> bool:
        by_person = event.kind == "reply" or (event.kind in changes and not event.from_list)
        return event.actor == "unknown" and by_person

    if not any(unsure(event) for event in ticket.events):
        return []
    return [
        replace(
            ticket,
            events=tuple(replace(event, actor=actor) if unsure(event) else event for event in ticket.events),
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
    ran = run(case, clock, (moved, end), calendar, target)
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
    day = moment(created_at).astimezone(ZoneInfo(policy.timezone)).date()
    begin, until = policy.effective.from_, policy.effective.until
    return (begin is None or begin <= day) and (until is None or day <= until)


def _doubted(case: Case, clock: Clock) -> str | None:
    """What makes this clock unknown, the first of several."""
    doubt, stops = case.ticket.doubt, set(case.clause.stops)
    once = not case.clause.repeats
    is_open = clock.stop is None and not clock.live
    reasons = {
        "conflicting-rows": Doubt.CONFLICTING_ROWS in doubt,
        "reply-before-creation": case.line.reply_before_creation and once and "vendor-reply" in stops,
        "finished-undated": is_open and Doubt.FINISHED_UNDATED in doubt,
        "status-unknown": is_open and Doubt.STATUS_UNKNOWN in doubt,
        "closed-undated": is_open and Doubt.CLOSED_UNDATED in doubt and stops & FINISHES == {"closed"},
        "stop-before-start": is_open
        and (
            (Doubt.FINISH_BEFORE_CREATION in doubt and bool(stops & FINISHES))
            or (once and clock.movable and _list_stops_too_early(case, clock))
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _list_stops_too_early(case: Case, clock: Clock) -> bool:
    """Whether a list dates a stop of this clock before its start (at one instant, a row's own order decides)."""
    line, stops = case.line, set(case.clause.stops)
    if line.list_reply_before_creation and stops & {"vendor-reply", "vendor-update"}:
        return True
    return any(line.log[place].from_list and line.moments[place] & stops for place in range(clock.start))


def _perhaps_taken_back(case: Case, clock: Clock) -> str | None:
    """Why a stop may not stand: the list's last status says, or may say, that the ticket was reopened since."""
    stood = (
        case.clause.repeats
        or case.clause.clock.reopening != "continues"
        or case.line.cancelled is not None
        or clock.stop is None
        or clock.by_change
        or not is_finish(case.line, clock.stop, set(case.clause.stops))
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
        if run(case, clock, (moved, until), calendar, target).elapsed > target:
            return severity
    unsure = [severity for _, severity in held if not isinstance(severity, str)]
    return unsure[0] if unsure else held[-1][1]
