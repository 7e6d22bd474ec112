"""A ticket's story as a list of events in order, with the state after each, its moments, and the severities.

The corners that the reference leaves open are listed at the top of ``oracle``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from slaaudit.evidence.tables import MISSING, Actor, Doubt, Flag, Kind, State

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Evidence

FINISHES = {"resolved", "closed"}


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
    list_reply_before_creation: bool = False
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
                line.list_reply_before_creation |= event.actor == "vendor" and event.from_list
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
    known = [place for place in found if line.log[place].value is not None]
    at_creation = [place for place in known if line.log[place].at == line.created_at]
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
    state = "new"
    if statuses and not at_creation:
        state = line.log[statuses[0]].old or "new"
    has_reported = any(event.kind == "reported" for event in line.log)
    changing, held = set(), line.first_severity
    for place, word in line.changes:
        if word != held:
            changing.add(place)
        held = word
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
            "status": event.at != line.created_at,
            "severity": place in changing and event.at != line.created_at,
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
