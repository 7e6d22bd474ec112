"""A made-up helpdesk: office hours, people, and tickets as the events that happened to them.

All times inside are UTC; local time stands only in what goes in (``Place.at``) and in what is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chance import Chance

VENDOR, CUSTOMER, SYSTEM = "vendor", "customer", "system"
SATURDAY = 5


class Person(NamedTuple):
    """Somebody or something that acts on tickets."""

    name: str
    side: str


ROBOT = Person("automation", SYSTEM)


class Event(NamedTuple):
    """One thing that happened to a ticket."""

    at: datetime
    kind: str
    who: Person
    value: str = ""
    old: str = ""


@dataclass(frozen=True)
class Place:
    """A zone, and the hours in which somebody works there."""

    zone: ZoneInfo
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()

    def at(self, local: str, *, fold: int = 0) -> datetime:
        """The instant of a local time; ``fold=1`` is the second of two."""
        return datetime.fromisoformat(local).replace(tzinfo=self.zone, fold=fold).astimezone(UTC)

    def local(self, at: datetime) -> datetime:
        """The local time of an instant, without its zone."""
        return at.astimezone(self.zone).replace(tzinfo=None)

    def iso(self, at: datetime) -> str:
        """The local time of an instant with its offset."""
        return at.astimezone(self.zone).isoformat()

    def works_on(self, day: date) -> bool:
        """Whether the office opens on a day."""
        return day.weekday() < SATURDAY and day not in self.closed

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at an instant."""
        local = self.local(at)
        return self.works_on(local.date()) and self.opens <= local.time() < self.closes

    def hours(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The working hours from a day on."""
        while True:
            if self.works_on(day):
                yield self._instant(day, self.opens), self._instant(day, self.closes)
            day += timedelta(days=1)

    def after(self, at: datetime, seconds: int) -> datetime:
        """The instant when the office has worked for so many seconds."""
        for opens, closes in self.hours(self.local(at).date()):
            begin = max(opens, at)
            if begin < closes:
                worked = int((closes - begin).total_seconds())
                if seconds < worked:
                    return begin + timedelta(seconds=seconds)
                seconds -= worked
        raise AssertionError

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def office(zone: str, hours: str, closed: Iterable[str] = ()) -> Place:
    """The place with these hours (``09:00-17:00``) and closed dates."""
    opens, closes = map(time.fromisoformat, hours.split("-"))
    return Place(ZoneInfo(zone), opens, closes, frozenset(map(date.fromisoformat, closed)))


@dataclass
class Ticket:
    """A ticket: who opened it when, its fields, and what happened since. Events are added in order of time."""

    opened: datetime
    severity: str
    opener: Person
    fields: dict[str, str] = field(default_factory=dict)
    story: str = ""
    reported: datetime | None = None
    events: list[Event] = field(default_factory=list)
    id: str = ""

    def __post_init__(self) -> None:
        self.events.insert(0, Event(self.opened, "created", self.opener))

    @property
    def known(self) -> datetime:
        """When the vendor first heard of it."""
        return self.reported or self.opened

    def add(self, at: datetime, kind: str, who: Person, value: str = "", old: str = "") -> Ticket:
        """This ticket with one more event."""
        self.events.append(Event(at, kind, who, value, old))
        return self

    def reply(self, at: datetime, who: Person) -> Ticket:
        """A public message; the vendor's first one opens a new ticket."""
        self.add(at, "reply", who)
        is_first = who.side == VENDOR and self.last("status", "new") == "new"
        return self.status(at, who, "open") if is_first else self

    def status(self, at: datetime, who: Person, value: str) -> Ticket:
        """A change of status."""
        return self.add(at, "status", who, value, self.last("status", "new"))

    def ranked(self, at: datetime, who: Person, value: str) -> Ticket:
        """A change of severity."""
        return self.add(at, "severity", who, value, self.last("severity", self.severity))

    def last(self, kind: str, default: str = "") -> str:
        """The last value of a kind of event."""
        return next((event.value for event in reversed(self.events) if event.kind == kind), default)

    def when(self, kind: str, value: str = "", side: str = "") -> datetime | None:
        """When the first event of this kind, value and side happened."""
        return next(self._times(kind, value, side), None)

    def last_when(self, kind: str, value: str) -> datetime | None:
        """When the last event of this kind and value happened."""
        return max(self._times(kind, value, ""), default=None)

    def _times(self, kind: str, value: str, side: str) -> Iterator[datetime]:
        for event in self.events:
            if event.kind == kind and value in ("", event.value) and side in ("", event.who.side):
                yield event.at

    def cut(self, end: datetime) -> Ticket:
        """This ticket as an export at ``end`` knows it."""
        self.events = [event for event in self.events if event.at <= end]
        return self


def numbered(tickets: Iterable[Ticket], prefix: str, first: int, chance: Chance, widest_gap: int) -> list[Ticket]:
    """The tickets in the order in which they were opened, with ids that have gaps as real ones do."""
    ordered = sorted(tickets, key=lambda ticket: ticket.opened)
    number = first
    for ticket in ordered:
        ticket.id = f"{prefix}{number}"
        number += chance.between(1, widest_gap)
    return ordered


def log_of(tickets: Iterable[Ticket]) -> list[tuple[Ticket, Event]]:
    """All events in order of time; at one instant by ticket, then as they happened."""
    return sorted(((ticket, event) for ticket in tickets for event in ticket.events), key=lambda pair: pair[1].at)
