"""Evidence as columns: what every export becomes before anything is judged.

Instants are int64 microseconds since 1970-01-01 UTC; ``MISSING`` stands for none. Words are int32 codes into a
vocabulary; -1 stands for none. Arrays of one table have one length and are never written to.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Instants = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Small = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

MISSING = int(np.iinfo(np.int64).min)
NONE = -1


@dataclass(frozen=True)
class Table:
    """Columns of one length."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, rows: Rows | Mask) -> Self:
        """The same columns for some rows, in the order given."""
        at = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        # ndarray.take is three times as fast as indexing with an array
        return type(self)(**{column.name: getattr(self, column.name).take(at) for column in fields(self)})

    def part(self, begin: int, end: int) -> Self:
        """The rows from ``begin`` up to ``end``, as views."""
        return type(self)(**{column.name: getattr(self, column.name)[begin:end] for column in fields(self)})

    @classmethod
    def concat(cls, tables: list[Self]) -> Self:
        """One table of all rows, in order."""
        if len(tables) == 1:
            return tables[0]
        names = [column.name for column in fields(cls)]
        return cls(**{name: np.concatenate([getattr(table, name) for table in tables]) for name in names})

    @classmethod
    def placed(cls, tables: list[Self], places: list[Rows]) -> Self:
        """One table of all rows, each at its place."""
        count = sum(len(place) for place in places)
        columns: dict[str, npt.NDArray[np.generic]] = {}
        for column in fields(cls):
            columns[column.name] = np.empty(count, getattr(tables[0], column.name).dtype)
            for table, place in zip(tables, places, strict=True):
                columns[column.name][place] = getattr(table, column.name)
        return cls(**columns)


class Kind(IntEnum):
    """What an event is, in the order in which one source row's changes happen."""

    REPORTED = 0
    CREATED = 1
    SEVERITY = 2
    ASSIGNED = 3
    REPLY = 4
    NOTE = 5
    WORKAROUND = 6
    STATUS = 7


class Actor(IntEnum):
    """Who did it. ``UNKNOWN`` is somebody whom the mapping does not place."""

    CUSTOMER = 0
    VENDOR = 1
    SYSTEM = 2
    UNKNOWN = 3


class State(IntEnum):
    """What a status means. ``UNKNOWN`` is a status that the mapping does not know."""

    NEW = 0
    OPEN = 1
    WAITING = 2
    HOLD = 3
    RESOLVED = 4
    CLOSED = 5
    CANCELLED = 6
    UNKNOWN = 7


class Claimed(IntEnum):
    """What the helpdesk itself says of a promise."""

    MET = 0
    MISSED = 1
    RUNNING = 2


class Doubt(IntFlag):
    """What the evidence leaves open about a ticket."""

    NO_STATUS_HISTORY = 1  # a list without a log of statuses: pauses cannot be seen
    NO_SEVERITY_HISTORY = 2  # only the last severity is known
    FINISHED_UNDATED = 4  # resolved or closed, but no time says when
    CLOSED_UNDATED = 8  # closed, and only resolved_at is dated
    REOPENED_UNDATED = 16  # resolved_at is given, yet the status is not finished
    REOPENING_UNSEEN = 32  # reopened_at lies before resolved_at: that is the last of several
    CANCELLED_UNDATED = 64  # cancelled, but no time says when
    STATUS_UNKNOWN = 128  # the list's last status is a word the mapping does not know
    VENDOR_CREATED = 256  # the vendor logged the ticket
    FINISH_BEFORE_CREATION = 512  # a list's resolved_at or closed_at lies before created_at
    NO_CREATION = 1024  # no usable time of creation
    CONFLICTING_ROWS = 2048  # several rows of a list speak of this ticket and disagree
    TOTALS_UNFINISHED = 4096  # it waits, or may wait, now: totals of waiting may leave out the stretch that goes on


class Flag(IntFlag):
    """What is special about one event's time."""

    FROM_LIST = 1  # it comes from a column of a ticket list, not from a log
    LOCAL_AMBIGUOUS = 2  # a DST change skips or repeats the local time it was read from


@dataclass(frozen=True)
class Words:
    """A column of words: ``codes`` (-1 for empty) into ``words``."""

    codes: Codes
    words: Sequence[str]

    def __getitem__(self, index: int) -> str | None:
        code = int(self.codes[index])
        return None if code == NONE else self.words[code]

    def take(self, rows: npt.NDArray[np.int64]) -> Words:
        """The same column for some rows only."""
        return Words(self.codes[rows], self.words)


@dataclass(frozen=True)
class Total:
    """A list's column of lengths of time, one a ticket: microseconds, ``MISSING`` for none.

    ``unit`` is the grain of its cells in microseconds. ``business`` says that the helpdesk counted its own business
    hours only.
    """

    micros: Instants
    column: str
    unit: int
    business: bool = False

    def take(self, rows: npt.NDArray[np.int64]) -> Total:
        """The same column for some rows only."""
        return replace(self, micros=self.micros[rows])


@dataclass(frozen=True)
class Tickets:
    """One row a ticket, in order of first appearance in the input.

    ``severity`` is the list's (the last known) severity; ``status`` the word of the list's last status, for
    messages. ``doubt`` holds ``Doubt`` bits. ``fields`` are all other columns by their plain names, after the
    value mapping. ``totals`` are how long each ticket waited in all, by the names of ``fields.TICKET_TOTALS``.
    """

    ids: Words
    created_at: Instants
    severity: Words
    status: Words
    doubt: Codes
    fields: Mapping[str, Words] = field(default_factory=dict)
    totals: Mapping[str, Total] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.created_at)

    def take(self, tickets: Rows) -> Tickets:
        """The same columns for some tickets only."""
        return Tickets(
            self.ids.take(tickets),
            self.created_at[tickets],
            self.severity.take(tickets),
            self.status.take(tickets),
            self.doubt[tickets],
            {name: column.take(tickets) for name, column in self.fields.items()},
            {name: column.take(tickets) for name, column in self.totals.items()},
        )


@dataclass(frozen=True)
class Events(Table):
    """One row an event, in source order (not necessarily sorted).

    ``value``: for STATUS a ``State``; for SEVERITY a code into ``Evidence.severities`` (-1 cleared); else a code
    into ``Evidence.words`` (-1 none). ``old``: the same, -1 where the source does not tell (for SEVERITY a cleared
    old value is -1 too). ``word``: the cell's text as it stood, a code into ``Evidence.words``; ``who``: the actor's
    name as it stood, likewise. ``source`` is an index into ``Evidence.sources``; ``row`` counts a file's records
    from 1, the header being row 1 (so the first record is row 2). ``flags`` holds ``Flag`` bits.
    """

    ticket: Codes
    at: Instants
    kind: Small
    actor: Small
    value: Codes
    old: Codes
    word: Codes
    who: Codes
    source: npt.NDArray[np.int16]
    row: Codes
    flags: Small


@dataclass(frozen=True)
class Claims(Table):
    """What the helpdesk itself says of its promises: one row a ticket and promise.

    ``kind`` (a code into ``Evidence.words``) is "response", "resolution" or a clause's id; ``name`` the helpdesk's name
    of the promise, -1 where it has none. ``result`` is a ``Claimed``, -1 where it says none. ``left`` is the target
    less the elapsed time, below zero where it is missed. ``unit`` is the coarsest grain of a row's lengths and times.
    """

    ticket: Codes
    kind: Codes
    name: Codes
    result: Small
    elapsed: Instants
    due: Instants
    target: Instants
    left: Instants
    unit: Instants
    file: npt.NDArray[np.int16]
    row: Codes


def no_claims() -> Claims:
    """A table without rows."""
    code, instant = np.zeros(0, np.int32), np.zeros(0, np.int64)
    none = (instant, instant, instant, instant, instant)
    return Claims(code, code, code, np.zeros(0, np.int8), *none, np.zeros(0, np.int16), code)


@dataclass(frozen=True)
class Source:
    """A column of instants: its file (index into ``Evidence.inputs``), header, and unit in microseconds.

    ``moment`` is what a list's column tells; empty for the column of a log.
    """

    file: int
    column: str
    unit: int
    moment: str = ""


@dataclass(frozen=True)
class Input:
    """A file that was read. ``rows`` are its records; ``notes`` say what was understood (encoding, dates, zone)."""

    path: str
    role: str
    profile: str
    sha256: str
    rows: int
    rejected: int
    notes: tuple[str, ...] = ()


class Rejected(NamedTuple):
    """A record, or one cell of it, that could not be used, and why. ``column`` is empty for a whole record."""

    file: str
    row: int
    reason: str
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class Evidence:
    """All that the exports say. ``latest`` is the latest instant of any event: the default as-of.

    ``claims`` are read only where somebody asks for them. ``taken_from`` is the evidence of all tickets, where this one
    is about some of them.
    """

    tickets: Tickets
    events: Events
    severities: tuple[str, ...]
    words: tuple[str, ...]
    sources: tuple[Source, ...]
    inputs: tuple[Input, ...]
    rejected: tuple[Rejected, ...]
    latest: int
    notes: tuple[str, ...] = ()
    claims: Claims = field(default_factory=no_claims)
    taken_from: Evidence | None = None

    @property
    def whole(self) -> Evidence:
        """The evidence of all tickets, where this one is about some of them; else itself."""
        return self if self.taken_from is None else self.taken_from

    def only(self, tickets: Rows) -> Evidence:
        """The evidence about some tickets (sorted indexes) and no others."""
        place = np.full(len(self.tickets), NONE, np.int32)
        place[tickets] = np.arange(len(tickets), dtype=np.int32)
        events = self.events.take(place[self.events.ticket] != NONE)
        claims = self.claims.take(place[self.claims.ticket] != NONE)
        return replace(
            self,
            tickets=self.tickets.take(tickets),
            events=replace(events, ticket=place[events.ticket]),
            claims=replace(claims, ticket=place[claims.ticket]),
            taken_from=self.whole,
        )

    def by_ticket(self) -> Evidence:
        """The same with its events by ticket, each ticket's in source order."""
        ticket = self.events.ticket
        if not np.any(ticket[1:] < ticket[:-1]):
            return self
        return replace(self, events=self.events.take(np.argsort(ticket, kind="stable")))

    def shards(self, size: int) -> Iterator[tuple[int, Evidence]]:
        """Parts of ``size`` whole tickets, each with the index of its first ticket; events must be by ticket."""
        if len(self.tickets) <= size:
            yield 0, self
            return
        for begin in range(0, len(self.tickets), size):
            end = min(begin + size, len(self.tickets))
            edges = np.array([begin, end], self.events.ticket.dtype)
            first, last = np.searchsorted(self.events.ticket, edges)
            own = self.events.part(int(first), int(last))
            tickets = self.tickets.take(np.arange(begin, end, dtype=np.int64))
            shifted = replace(own, ticket=own.ticket - np.int32(begin))
            yield begin, replace(self, tickets=tickets, events=shifted, claims=no_claims())
