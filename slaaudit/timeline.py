"""Events of all tickets, in order, each counted once, and cut into spans of constant state and severity.

The order is that of time, then of the source; a ticket's creation comes first at its instant. Nothing in here
knows of a promise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from slaaudit.evidence.tables import (
    MISSING,
    NONE,
    Actor,
    Codes,
    Events,
    Evidence,
    Instants,
    Kind,
    Mask,
    Rows,
    Small,
    State,
    Table,
)


@dataclass(frozen=True)
class Spans(Table):
    """Stretches ``[from_at, to_at)`` of one ticket in which state and severity do not change.

    ``event`` is the event that began the span. Spans are in the order of the log; simultaneous changes leave
    spans of no length.
    """

    event: Rows
    from_at: Instants
    to_at: Instants
    state: Small
    severity: Codes


@dataclass(frozen=True)
class Timeline:
    """The log of all tickets. Positions are indexes into ``log``; tickets have their index in ``Evidence.tickets``.

    ``first`` has one entry a ticket and one more: the events of ticket t stand at ``first[t]:first[t + 1]``.
    ``created`` is the position of a ticket's creation, -1 where it was not seen. ``before`` and ``state`` are the
    state before and after each event, ``severity`` the severity after it (a code into ``severities``, -1 none).
    ``ends`` is the instant at which a ticket's last span ends: as-of, or its cancellation. ``early_reply`` marks
    tickets with a reply, perhaps the vendor's, stamped before their creation. ``merged`` counts equal twins.
    """

    log: Events
    first: Rows
    created: Rows
    before: Small
    state: Small
    severity: Codes
    severities: tuple[str, ...]
    ends: Instants
    early_reply: Mask
    as_of: int
    merged: int
    later: int

    @cached_property
    def starts_span(self) -> Mask:
        """Whether an event begins a span: a ticket's first event, or a change of state or severity."""
        change = np.ones(len(self.log), np.bool_)
        change[1:] = (self.state[1:] != self.state[:-1]) | (self.severity[1:] != self.severity[:-1])
        change[self.first[:-1][self.first[:-1] < len(self.log)]] = True
        return change

    @cached_property
    def span_of(self) -> Rows:
        """The index of the span that holds after each event."""
        return np.cumsum(self.starts_span, dtype=np.int64) - 1

    @cached_property
    def spans(self) -> Spans:
        """The spans of all tickets."""
        event = np.flatnonzero(self.starts_span).astype(np.int64)
        ticket, from_at = self.log.ticket.take(event), self.log.at.take(event)
        last = np.ones(len(event), np.bool_)
        last[:-1] = ticket[1:] != ticket[:-1]
        to_at = np.append(from_at[1:], 0)[: len(event)]
        to_at[last] = self.ends.take(ticket[last])
        return Spans(event, from_at, to_at, self.state[event], self.severity[event])

    @cached_property
    def last_state(self) -> Small:
        """The state in which each ticket's timeline ends; new for one without events, of which nothing is asked."""
        found = np.full(len(self.first) - 1, State.NEW, np.int8)
        filled = self.first[:-1] < self.first[1:]
        found[filled] = self.state.take(self.first[1:][filled] - 1)
        return found

    @cached_property
    def instant_ends(self) -> Rows:
        """Positions of the last event of each ticket and instant."""
        last = np.ones(len(self.log), np.bool_)
        log = self.log
        last[:-1] = (log.ticket[1:] != log.ticket[:-1]) | (log.at[1:] != log.at[:-1])
        return np.flatnonzero(last).astype(np.int64)

    def end_of_instant(self, positions: Rows) -> Rows:
        """The last position of the same ticket at the same instant as each of ``positions``."""
        return self.instant_ends[np.searchsorted(self.instant_ends, positions, side="left")]

    def start_of_instant(self, positions: Rows) -> Rows:
        """The first position of the same ticket at the same instant as each of ``positions``."""
        starts = np.append(0, self.instant_ends + 1)
        return starts[np.searchsorted(self.instant_ends, positions, side="left")]


def timeline(evidence: Evidence, as_of: int) -> Timeline:
    """The timeline of all tickets as it could be seen at ``as_of``."""
    tickets = evidence.tickets
    seen = evidence.events.at <= as_of
    later = len(seen) - int(np.count_nonzero(seen))
    log = evidence.events.take(seen) if later else evidence.events
    log, early_reply = _replies_at_creation(log, evidence)
    log, merged = _once(_ordered(log))
    log = _until_cancelled(log, len(tickets))
    first = np.concatenate([[0], np.cumsum(np.bincount(log.ticket, minlength=len(tickets)))]).astype(np.int64)
    created = _first_of_kind(log, Kind.CREATED, len(tickets))
    created_at = tickets.created_at
    severities, listed = severity_words(evidence)
    log = _without_blank_starts(log, len(tickets))
    state, before = _states(log, first, created_at)
    severity = _held(log, first, Kind.SEVERITY, _first_severity(log, listed, created_at)).astype(np.int32, copy=False)
    ends = np.full(len(tickets), as_of, np.int64)
    cancelling = (log.kind == Kind.STATUS) & (state == State.CANCELLED)
    ends[log.ticket[cancelling]] = log.at[cancelling]
    return Timeline(log, first, created, before, state, severity, severities, ends, early_reply, as_of, merged, later)


def _replies_at_creation(log: Events, evidence: Evidence) -> tuple[Events, Mask]:
    """Replies stamped before creation by no more than the coarser stamp's unit, moved to it; the rest marked."""
    created_at = evidence.tickets.created_at
    known = created_at != MISSING
    replies = np.flatnonzero(log.kind == Kind.REPLY)
    ticket = log.ticket.take(replies)
    early = replies[(log.at.take(replies) < created_at.take(ticket)) & known.take(ticket)]
    marked = np.zeros(len(created_at), np.bool_)
    if not len(early):
        return log, marked
    unit = np.array([source.unit for source in evidence.sources], np.int64)
    created_unit = np.zeros(len(created_at), np.int64)
    creations = np.flatnonzero(log.kind == Kind.CREATED)
    created_unit[log.ticket[creations]] = unit[log.source[creations]]
    ticket = log.ticket[early]
    coarser = np.maximum(unit[log.source[early]], created_unit[ticket])
    near = created_at[ticket] - log.at[early] <= coarser
    at = log.at.copy()
    at[early[near]] = created_at[ticket[near]]
    actor = log.actor[early]
    marked[ticket[~near & ((actor == Actor.VENDOR) | (actor == Actor.UNKNOWN))]] = True
    return replace(log, at=at), marked


def _ordered(log: Events) -> Events:
    """The log by ticket, then time, then creation first, then the order of the source."""
    if np.any(log.ticket[1:] < log.ticket[:-1]):
        log = log.take(np.argsort(log.ticket, kind="stable"))
    same = log.ticket[1:] == log.ticket[:-1]
    late_creation = (log.kind[1:] == Kind.CREATED) & (log.at[1:] == log.at[:-1]) & (log.kind[:-1] != Kind.CREATED)
    wrong = np.flatnonzero(same & ((log.at[1:] < log.at[:-1]) | late_creation))
    if not len(wrong):
        return log
    mixed = np.zeros(int(log.ticket.max()) + 1, np.bool_)
    mixed[log.ticket[wrong]] = True
    rows = np.flatnonzero(mixed[log.ticket])
    keys = (log.kind[rows] != Kind.CREATED, log.at[rows], log.ticket[rows])
    order = np.arange(len(log), dtype=np.int64)
    order[rows] = rows[np.lexsort(keys)]
    return log.take(order)


def _once(log: Events) -> tuple[Events, int]:
    """The log without equal twins (counted), and with runs of severity changes at one instant as their last."""
    twin = _same_instant(log)
    if not twin.any():
        return log, 0
    for column in (log.kind, log.actor, log.value, log.word, log.who):
        twin[1:] &= column[1:] == column[:-1]
    merged = int(np.count_nonzero(twin))
    if merged:
        log = log.take(~twin)
    again = _same_instant(log)
    again[1:] &= (log.kind[1:] == Kind.SEVERITY) & (log.kind[:-1] == Kind.SEVERITY)
    if not again.any():
        return log, merged
    run_start = np.maximum.accumulate(np.where(again, 0, np.arange(len(log))))
    superseded = np.append(again[1:], False)
    return replace(log, old=log.old[run_start]).take(~superseded), merged


def _same_instant(log: Events) -> Mask:
    same = np.zeros(len(log), np.bool_)
    same[1:] = (log.ticket[1:] == log.ticket[:-1]) & (log.at[1:] == log.at[:-1])
    return same


def _until_cancelled(log: Events, tickets: int) -> Events:
    """The log without what comes after a ticket's cancellation."""
    cancelled = np.flatnonzero((log.kind == Kind.STATUS) & (log.value == State.CANCELLED))
    if not len(cancelled):
        return log
    limit = np.full(tickets, len(log), np.int64)
    limit[log.ticket[cancelled[::-1]]] = cancelled[::-1]
    return log.take(np.arange(len(log)) <= limit[log.ticket])


def _first_of_kind(log: Events, kind: Kind, tickets: int) -> Rows:
    """The position of each ticket's first event of a kind, -1 where it has none."""
    return _first_position(log, log.kind == kind, tickets)


def _first_position(log: Events, mask: Mask, tickets: int) -> Rows:
    """The position of each ticket's first event of ``mask``, -1 where it has none."""
    found = np.full(tickets, NONE, np.int64)
    positions = np.flatnonzero(mask)[::-1]
    found[log.ticket[positions]] = positions
    return found


def _held(log: Events, first: Rows, kind: Kind, initial: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """The value of the last event of ``kind`` up to each event of a ticket, else the ticket's ``initial``.

    >>> import numpy as np
    >>> from types import SimpleNamespace as Log
    >>> log = Log(ticket=np.array([0, 0, 0]), kind=np.array([1, 7, 4]), value=np.array([-1, 2, -1]))
    >>> _held(log, np.array([0, 3]), Kind.STATUS, np.array([0]))
    array([0, 2, 2])
    """
    sets = log.kind == kind
    if not sets.any():
        return initial.repeat(np.diff(first))
    begins = sets.copy()
    begins[first[:-1][first[:-1] < first[1:]]] = True
    at = np.flatnonzero(begins)
    value = np.where(sets.take(at), log.value.take(at), initial.take(log.ticket.take(at)))
    return value.astype(initial.dtype).repeat(np.diff(at, append=len(sets)))


def _states(log: Events, first: Rows, created_at: Instants) -> tuple[Small, Small]:
    """The state after and before each event.

    Before its first change a ticket is in that change's old state, where the log tells it and the change is
    later than creation; else it is new.
    """
    initial = np.full(len(created_at), State.NEW, np.int8)
    change = _first_of_kind(log, Kind.STATUS, len(created_at))
    changed = np.flatnonzero(change != NONE)
    at, old = log.at[change[changed]], log.old[change[changed]]
    told = (old != NONE) & (at != created_at[changed])
    initial[changed[told]] = old[told]
    state = _held(log, first, Kind.STATUS, initial).astype(np.int8, copy=False)
    before = np.empty_like(state)
    before[1:] = state[:-1]
    opening = first[:-1][first[:-1] < first[1:]]
    before[opening] = initial[log.ticket[opening]]
    return state, before


def severity_words(evidence: Evidence) -> tuple[tuple[str, ...], Codes]:
    """One vocabulary for the log's and the list's severities, and each ticket's listed one in it."""
    words = list(evidence.severities)
    index = {word: code for code, word in enumerate(words)}
    column = evidence.tickets.severity
    table = np.full(len(column.words) + 1, NONE, np.int32)
    for code, word in enumerate(column.words):
        if word not in index:
            index[word] = len(words)
            words.append(word)
        table[code] = index[word]
    return tuple(words), table[column.codes]


def _without_blank_starts(log: Events, tickets: int) -> Events:
    """The log with severities cleared before any is known read as the first that is: they tell of no other."""
    severity = log.kind == Kind.SEVERITY
    blank = severity & (log.value == NONE) & (log.old == NONE)
    if not blank.any():
        return log
    told = _first_position(log, severity & ((log.value != NONE) | (log.old != NONE)), tickets)
    early = np.flatnonzero(blank & (np.arange(len(log)) < told[log.ticket]))
    source = told[log.ticket[early]]
    value = log.value.copy()
    value[early] = np.where(log.old[source] != NONE, log.old[source], log.value[source])
    return replace(log, value=value)


def _first_severity(log: Events, listed: Codes, created_at: Instants) -> Codes:
    """The severity that each ticket starts with.

    It is the one set at creation, else the old value of the first change, else (where the log has no change) the
    list's, else the first value known.
    """
    initial = listed.copy()
    change = _first_of_kind(log, Kind.SEVERITY, len(created_at))
    changed = np.flatnonzero(change != NONE)
    position = change[changed]
    at_creation = log.at[position] == created_at[changed]
    old = log.old[position]
    initial[changed] = np.where(at_creation | (old == NONE), log.value[position], old)
    return initial
