"""Tickets without a story: opened at likely times, answered and solved at about the pace that is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desk import CUSTOMER, ROBOT, VENDOR, Person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chance import Chance
    from desk import Place, Ticket

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Pace:
    """How long something may take by severity, and in whose hours (None: around the clock)."""

    office: Place
    seconds: Mapping[str, int]
    around_the_clock: frozenset[str] = frozenset()

    def later(self, at: datetime, severity: str, part: float) -> datetime:
        """The instant at which this part of the time is used up."""
        seconds = int(self.seconds[severity] * part)
        if severity in self.around_the_clock:
            return at + timedelta(seconds=seconds)
        return self.office.after(at, seconds)


def agent(chance: Chance, count: int = 9) -> Person:
    """Somebody of the vendor's."""
    return Person(f"agent-{chance.between(1, count):02}", VENDOR)


def customer(chance: Chance, count: int = 40) -> Person:
    """Somebody of a customer's."""
    return Person(f"customer-{chance.between(1, count):02}", CUSTOMER)


def opening(chance: Chance, place: Place, days: list[date], in_hours: float) -> datetime:
    """A likely instant at which a ticket comes in: in the office's hours, or at any time of any day."""
    while True:
        day = chance.one_of(days)
        hour = chance.between(place.opens.hour, place.closes.hour) if chance.share(in_hours) else chance.between(0, 23)
        at = place.at(f"{day} {hour:02}:{chance.between(0, 59):02}:{chance.between(0, 59):02}")
        if place.works_on(day) or chance.share(0.25):
            return at


def days_between(first: str, last: str) -> list[date]:
    """All days from the first to the last."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def part_used(chance: Chance, late: float) -> float:
    """Which part of the promised time is used: seldom more than all of it."""
    if chance.share(late):
        return chance.number(1.04, 2.2)
    return chance.number(0.03, 0.55) if chance.share(0.7) else chance.number(0.55, 0.97)


def answered(ticket: Ticket, chance: Chance, pace: Pace, late: float) -> Person:
    """Who answered the ticket first, once it was acknowledged, assigned and answered."""
    who = agent(chance)
    first = max(
        pace.later(ticket.known, ticket.severity, part_used(chance, late)), ticket.opened + timedelta(seconds=45)
    )
    if chance.share(0.6):
        ticket.reply(ticket.opened + timedelta(seconds=chance.between(2, 40)), ROBOT)
    if first - ticket.opened > timedelta(minutes=10):
        ticket.add(first - timedelta(seconds=chance.between(100, 500)), "assigned", who, who.name)
    ticket.reply(first, who)
    return who


def waited(ticket: Ticket, chance: Chance, who: Person) -> None:
    """The vendor asks, the customer answers after hours or days."""
    asked = ticket.events[-1].at
    ticket.status(asked, who, "waiting")
    back = asked + timedelta(seconds=chance.between(HOUR // 2, 50 * HOUR))
    ticket.reply(back, ticket.opener if ticket.opener.side == CUSTOMER else customer(chance))
    ticket.status(back, ROBOT, "open")


def solved(ticket: Ticket, chance: Chance, who: Person, at: datetime) -> None:
    """The ticket is solved with a last message, and closed by itself after some days."""
    ticket.reply(at - timedelta(seconds=chance.between(20, 400)), who)
    ticket.status(at, who, "resolved")
    if chance.share(0.85):
        ticket.status(at + timedelta(days=3), ROBOT, "closed")
