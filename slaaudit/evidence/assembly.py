"""Lists and logs put together: one table of tickets, one of events."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from slaaudit.evidence import fields as names
from slaaudit.evidence.duplicates import KeptRows, kept_rows
from slaaudit.evidence.list_events import Listed, ListEvents, Logged, events_of, flags_of, judged
from slaaudit.evidence.tables import (
    MISSING,
    NONE,
    Actor,
    Doubt,
    Events,
    Flag,
    Kind,
    Rejected,
    Source,
    State,
    Tickets,
    Words,
)
from slaaudit.evidence.words import Texts, encoded_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from slaaudit.evidence.logs import Vocabularies
    from slaaudit.evidence.parts import ListPart, LogPart
    from slaaudit.evidence.tables import Codes, Instants, Mask, Total

    Sourced = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Assembled:
    """Everything that the files say, in one piece."""

    tickets: Tickets
    events: Events
    sources: tuple[Source, ...]
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def assembled(
    lists: Sequence[ListPart], logs: Sequence[LogPart], paths: Sequence[str], shared: Vocabularies
) -> Assembled:
    """One table of tickets and one of events out of all parts. ``paths`` name the files."""
    return _Assembly(lists, logs, paths, shared).result()


class _Assembly:
    def __init__(
        self, lists: Sequence[ListPart], logs: Sequence[LogPart], paths: Sequence[str], shared: Vocabularies
    ) -> None:
        self.paths = paths
        self.shared = shared
        self.rejected: list[Rejected] = []
        self.notes: list[str] = []
        self.sources: list[Source] = []
        parts: list[ListPart | LogPart] = sorted([*lists, *logs], key=lambda part: part.file)
        codes, dictionary = encoded_ids(
            pa.chunked_array([chunk for part in parts for chunk in part.ids.chunks], pa.string())
        )
        self.count = len(dictionary)
        # A million ids are seldom all looked at, so their strings wait; Texts does what a tuple does.
        ids = Texts(dictionary)
        self.ids = Words(np.arange(self.count, dtype=np.int32), ids)
        ends = np.cumsum([len(part.ids) for part in parts])[:-1]
        by_part = dict(zip(map(id, parts), np.split(codes, ends), strict=True))
        self.logs = [(part, by_part[id(part)]) for part in logs]
        self.lists = [(part, by_part[id(part)]) for part in lists]

    def result(self) -> Assembled:
        logged_events = self._log_events()
        logged = self._logged(logged_events) if self.logs else None
        rows = kept_rows(self.lists, self.count, self.paths, self.ids)
        self.rejected += rows.rejected
        self.notes += [*rows.notes, *self._strangers(rows)]
        listed = Listed(
            {moment: rows.instants(moment) for moment in names.TICKET_TIMES if rows.has(moment)},
            rows.states(),
            self.shared.words.codes(rows.words("status")),
        )
        at, doubt = judged(listed, logged)
        doubt |= self._other_doubts(rows, logged_events)
        totals = rows.totals()
        doubt |= _unfinished(totals, listed)
        events = _merged(self._list_events(at, listed, rows), logged_events)
        created = _created(logged, listed, self.count)
        codes = self.shared.severities.codes(rows.words("severity"))
        severity = Words(codes, tuple(self.shared.severities.words))
        tickets = Tickets(
            self.ids,
            created,
            severity,
            rows.words("status"),
            doubt,
            {name: rows.words(name) for name in rows.fields()},
            totals,
        )
        return Assembled(tickets, events, tuple(self.sources), self.rejected, self.notes)

    def _strangers(self, rows: KeptRows) -> list[str]:
        """Logs that speak of no ticket of the lists beside them: the two may name tickets by different columns."""
        if not (rows.row != NONE).any():
            return []
        return [
            f"no ticket of {self.paths[part.file]} is in a list beside it: if they are the same tickets, they are "
            "named by different columns; a mapping file can say which (recognise and columns: {ticket_id: HEADER})"
            for part, ticket in self.logs
            if len(ticket) and not part.is_from_list and not part.is_derived and not (rows.row[ticket] != NONE).any()
        ]

    # --- logs

    def _log_events(self) -> list[Events]:
        events = [self._of_log(part, ticket) for part, ticket in self.logs]
        events = self._without_restated(events)
        return self._first_creations(events)

    def _of_log(self, part: LogPart, ticket: Codes) -> Events:
        count = len(ticket)
        self.sources.append(Source(part.file, part.moment.column, part.moment.unit))
        source = np.full(count, len(self.sources) - 1, np.int16)
        flags = np.zeros(count, np.int8)
        if part.moment.doubtful is not None:
            flags[part.moment.doubtful] = Flag.LOCAL_AMBIGUOUS
        return Events(
            ticket,
            part.moment.at,
            part.kind,
            part.actor,
            part.value,
            part.old,
            part.word,
            part.who,
            source,
            part.rows,
            flags,
        )

    def _without_restated(self, events: list[Events]) -> list[Events]:
        """The events, less what a later file of snapshots only says again: a ticket's first row is no change there."""
        derived = [index for index, (part, _) in enumerate(self.logs) if part.is_derived]
        if len(derived) < 2:  # noqa: PLR2004  (one file holds no repetition)
            return events
        every = _joined([events[index] for index in derived])
        order = np.lexsort((np.arange(len(every)), every.at, every.kind, every.ticket))
        said = every.take(order)
        again = np.zeros(len(every), np.bool_)
        again[order[1:]] = (
            (said.ticket[1:] == said.ticket[:-1])
            & (said.kind[1:] == said.kind[:-1])
            & (said.value[1:] == said.value[:-1])
            & (said.word[1:] == said.word[:-1])
        )
        edges = np.cumsum([0, *(len(events[index]) for index in derived)])
        for index, (begin, end) in zip(derived, pairwise(edges.tolist()), strict=True):
            events[index] = events[index].take(~again[begin:end])
        return events

    def _first_creations(self, events: list[Events]) -> list[Events]:
        """The events without any creation of a ticket but the first; the others are put aside."""
        every = _joined(events)
        made = np.flatnonzero(every.kind == Kind.CREATED)
        order = made[np.lexsort((made, every.at[made], every.ticket[made]))]
        ticket, at = every.ticket[order], every.at[order]
        starts = np.ones(len(order), np.bool_)
        starts[1:] = ticket[1:] != ticket[:-1]
        first = at[np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))] if len(order) else at
        again = np.zeros(len(every), np.bool_)
        again[order[at != first]] = True
        kept: list[Events] = []
        edges = np.cumsum([0, *(len(one) for one in events)])
        for one, (part, _), (begin, end) in zip(events, self.logs, pairwise(edges.tolist()), strict=True):
            late = again[begin:end]
            kept.append(one.take(~late) if late.any() else one)
            self.rejected += [
                Rejected(
                    self.paths[part.file],
                    int(one.row[index]),
                    "the ticket was created before",
                    value=self.ids.words[one.ticket[index]],
                )
                for index in np.flatnonzero(late).tolist()
            ]
        return kept

    def _logged(self, parts: Sequence[Events]) -> Logged:
        events = _joined(parts)
        status = np.flatnonzero(events.kind == Kind.STATUS)
        order = status[np.lexsort((status, events.at[status], events.ticket[status]))]
        ticket, at, state = events.ticket[order], events.at[order], events.value[order]
        finished = (state == State.RESOLVED) | (state == State.CLOSED)
        again = np.zeros(len(order), np.bool_)
        again[1:] = (ticket[1:] == ticket[:-1]) & finished[:-1] & ~finished[1:] & (state[1:] <= State.HOLD)
        kind, actor = events.kind, events.actor
        return Logged(
            created=self._earliest(events, kind == Kind.CREATED),
            resolved=self._latest(ticket, at, state == State.RESOLVED),
            closed=self._latest(ticket, at, state == State.CLOSED),
            reopened=self._latest(ticket, at, again),
            unfinished=self._latest(ticket, at, state <= State.HOLD),
            cancelled=self._marked(ticket[state == State.CANCELLED]),
            statuses=self._marked(ticket),
            assigned=self._marked(events.ticket[kind == Kind.ASSIGNED]),
            answered=self._marked(events.ticket[(kind == Kind.REPLY) & (actor == Actor.VENDOR)]),
            workaround=self._marked(events.ticket[kind == Kind.WORKAROUND]),
            any=self._marked(events.ticket),
        )

    def _marked(self, tickets: Codes) -> Mask:
        marks = np.zeros(self.count, np.bool_)
        marks[tickets] = True
        return marks

    def _latest(self, ticket: Codes, at: Instants, chosen: Mask) -> Instants:
        latest = np.full(self.count, MISSING, np.int64)
        np.maximum.at(latest, ticket[chosen], at[chosen])
        return latest

    def _earliest(self, events: Events, chosen: Mask) -> Instants:
        earliest = np.full(self.count, np.iinfo(np.int64).max, np.int64)
        np.minimum.at(earliest, events.ticket[chosen], events.at[chosen])
        return np.where(earliest == np.iinfo(np.int64).max, MISSING, earliest)

    # --- lists

    def _undated(self, rows: KeptRows) -> Mask:
        """The tickets of which no list dates a reopening."""
        undated: Mask = np.ones(self.count, np.bool_)
        return undated if not rows.has("reopened_at") else rows.instants("reopened_at") == MISSING

    def _list_events(self, at: dict[str, Instants], listed: Listed, rows: KeptRows) -> Events:
        moments = tuple(moment for moment in names.TICKET_TIMES if moment in at)
        if not moments:
            return _no_events()
        found = events_of(at, listed, moments)
        none = np.full(len(found.at), NONE, np.int32)
        return Events(
            found.ticket,
            found.at,
            found.kind,
            found.actor,
            found.value,
            none,
            found.word,
            self._creators(found, rows, none),
            self._source_of(found, moments, rows),
            rows.row.take(found.ticket),
            flags_of({moment: rows.doubtful(moment) for moment in moments}, found, moments),
        )

    def _creators(self, found: ListEvents, rows: KeptRows, none: Codes) -> Codes:
        """Who made each creation that a list tells, by name; the events' actors are set accordingly."""
        creators = rows.words("created_by")
        if not len(creators.words):
            return none
        made = np.flatnonzero(found.kind == Kind.CREATED)
        ticket = found.ticket[made]
        found.actor[made] = rows.created_by()[ticket]
        who = none.copy()
        who[made] = self.shared.words.codes(creators)[ticket]
        return who

    def _source_of(self, found: ListEvents, moments: tuple[str, ...], rows: KeptRows) -> Sourced:
        """Each event's index into the sources, by its file and moment."""
        table = np.full((len(self.paths), len(moments)), NONE, np.int16)
        for part, _ in self.lists:
            for index, moment in enumerate(moments):
                if column := part.moments.get(moment):
                    table[part.file, index] = len(self.sources)
                    self.sources.append(Source(part.file, column.column, column.unit, moment))
        source: Sourced
        if len(self.lists) == 1:
            source = table[self.lists[0][0].file].take(found.moment)
        else:
            source = table.ravel().take(rows.file.take(found.ticket) * len(moments) + found.moment)
        return source

    def _other_doubts(self, rows: KeptRows, events: Sequence[Events]) -> Codes:
        """Doubts about histories, about who created, and about rows that disagree."""
        whole = [each for each, (part, _) in zip(events, self.logs, strict=True) if not part.is_from_list]
        statuses, severities = (
            any((each.kind == kind).any() for each in whole) for kind in (Kind.STATUS, Kind.SEVERITY)
        )
        covered = self._marked(np.concatenate([np.zeros(0, np.int32), *(each.ticket for each in whole)]))
        by_vendor = rows.created_by() == Actor.VENDOR
        for each in events:
            by_vendor[each.ticket[(each.kind == Kind.CREATED) & (each.actor == Actor.VENDOR)]] = True
        doubts = (
            (Doubt.NO_STATUS_HISTORY, ~covered | (not statuses)),
            (Doubt.NO_SEVERITY_HISTORY, ~covered | (not severities)),
            (Doubt.VENDOR_CREATED, by_vendor),
            (Doubt.CONFLICTING_ROWS, rows.conflicting),
            (Doubt.REOPENING_UNSEEN, ~covered & _above_zero(rows.words("reopen_count")) & self._undated(rows)),
        )
        total = np.zeros(self.count, np.int32)
        for doubt, marks in doubts:
            total[marks] |= doubt
        return total


def _above_zero(column: Words) -> Mask:
    """Where a column of counts says at least one."""
    marks: Mask = np.array([*(word.isdecimal() and int(word) > 0 for word in column.words), False])[column.codes]
    return marks


def _unfinished(totals: Mapping[str, Total], listed: Listed) -> Codes:
    """The doubt about totals of waiting where the ticket waits now, or nobody knows whether it does."""
    waits = np.isin(listed.states, np.array([State.WAITING, State.HOLD, State.UNKNOWN], np.int8))
    finished = np.zeros(len(waits), np.bool_)
    for moment in ("resolved_at", "closed_at"):
        if moment in listed.at:
            finished |= listed.at[moment] != MISSING
    waits |= (listed.states == NONE) & ~finished
    told = np.zeros(len(waits), np.bool_)
    for total in totals.values():
        told |= total.micros != MISSING
    return np.where(told & waits, np.int32(Doubt.TOTALS_UNFINISHED), np.int32(0))


def _created(logged: Logged | None, listed: Listed, count: int) -> Instants:
    """When each ticket was created: the log tells, else the list."""
    by_list = listed.at.get("created_at")
    if by_list is None:
        by_list = np.full(count, MISSING, np.int64)
    return by_list if logged is None else np.where(logged.created == MISSING, by_list, logged.created)


def _merged(from_lists: Events, logged: Sequence[Events]) -> Events:
    """All events. At one instant a finish that only a list tells of comes after what the logs tell."""
    if not logged:
        return from_lists
    finish = from_lists.kind == Kind.STATUS
    return _joined([from_lists.take(~finish), *logged, from_lists.take(finish)])


def _joined(tables: Sequence[Events]) -> Events:
    """One table of all events, in order."""
    return Events.concat([table for table in tables if len(table)] or [_no_events()])


def _no_events() -> Events:
    code, short = np.zeros(0, np.int32), np.zeros(0, np.int8)
    return Events(code, np.zeros(0, np.int64), short, short, code, code, code, code, np.zeros(0, np.int16), code, short)
