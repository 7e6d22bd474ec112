"""Sequence: payments through an API. A list and a log in plain names; times are UTC.

The published policy has no response times: they stand in each customer's own agreement, of which the example overlay
(sequence-example) is one. August to October 2026: the August bank holiday, and the night of 25 October.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chance import Chance
from desk import CUSTOMER, ROBOT, VENDOR, Person, Ticket, log_of, numbered, office
from ordinary import HOUR, Pace, answered, customer, days_between, opening, part_used, solved, waited
from outages import incident, incidents_bytes, maintenance_bytes, window
from writing import Row, csv_bytes, spread

if TYPE_CHECKING:
    from datetime import datetime

    from desk import Event

LONDON = office("Europe/London", "09:00-17:30", ("2026-08-31",))
END = LONDON.at("2026-10-30 17:30:00")
RESPONSE = Pace(LONDON, {"P1": HOUR, "P2": 4 * HOUR, "P3": 17 * HOUR // 2, "P4": 17 * HOUR}, frozenset({"P1", "P2"}))
SOLVING = Pace(LONDON, {"P1": 6 * HOUR, "P2": 20 * HOUR, "P3": 40 * HOUR, "P4": 60 * HOUR})
FIRST, SECOND = Person("agent-02", VENDOR), Person("agent-08", VENDOR)
CONTACT = Person("customer-05", CUSTOMER)
LIST = (
    "ticket_id", "created_at", "severity", "status", "channel", "type", "component", "environment", "resolved_at",
    "closed_at", "subject",
)  # fmt: skip
LOG = ("ticket_id", "at", "event", "actor", "value", "old")
SUBJECTS = {
    "api": ("Refunds answer with 409", "Idempotency key is ignored", "Rate limit is hit too early"),
    "dashboard": ("Export of payouts is empty", "Filter by currency is lost", "Chart counts a day twice"),
    "webhooks": ("Webhook comes twice", "Webhook is signed with the old key", "Webhooks are hours late"),
    "ledger": ("Balance differs by one cent", "Statement lacks a fee", "Booking is dated a day early"),
}


def _ordinary(chance: Chance) -> Ticket:
    severity = chance.weighed({"P1": 12, "P2": 26, "P3": 40, "P4": 22})
    opened = opening(chance, LONDON, days_between("2026-08-24", "2026-10-30"), 0.75)
    component = chance.one_of(tuple(SUBJECTS))
    fields = {
        "channel": chance.weighed({"chat": 45, "web": 35, "email": 20}),
        "type": chance.one_of(("incident", "request")),
        "component": component,
        "environment": "sandbox" if chance.share(0.15) else "production",
        "subject": chance.one_of(SUBJECTS[component]),
    }
    ticket = Ticket(opened, severity, customer(chance), fields)
    who = answered(ticket, chance, RESPONSE, 0.15)
    if chance.share(0.25):
        waited(ticket, chance, who)
    solved(ticket, chance, who, SOLVING.later(ticket.events[-1].at, severity, part_used(chance, 0.1)))
    return ticket


def _told(story: str, opened: str, severity: str, subject: str) -> Ticket:
    fields = {
        "channel": "chat",
        "type": "incident",
        "component": "api",
        "environment": "production",
        "subject": subject,
    }
    return Ticket(LONDON.at(opened), severity, CONTACT, fields, story)


def _stories() -> list[Ticket]:
    """All local times here are London's, as the overlay counts; the export writes UTC."""
    at = LONDON.at
    bank = _told("bank-holiday", "2026-08-28 14:00:00", "P3", "Report of fees cannot be opened")
    bank.reply(at("2026-09-01 13:30:00"), FIRST).status(at("2026-09-02 10:00:00"), FIRST, "resolved")
    night = _told("night", "2026-09-12 02:20:00", "P1", "All payments fail")
    night.reply(at("2026-09-12 02:20:03"), ROBOT).reply(at("2026-09-12 03:05:00"), SECOND)
    night.status(at("2026-09-12 06:00:00"), SECOND, "resolved")
    autumn = _told("autumn", "2026-10-24 22:30:00", "P2", "Statements of the day are late")
    autumn.reply(at("2026-10-25 01:45:00", fold=1), FIRST).status(at("2026-10-25 09:00:00"), FIRST, "resolved")
    monday = _told("two-days", "2026-10-23 12:00:00", "P4", "Wording of a message")
    monday.reply(at("2026-10-27 12:00:01"), FIRST).status(at("2026-10-28 12:00:00"), FIRST, "resolved")
    raised = _told("raised", "2026-09-22 10:00:00", "P3", "Some refunds fail")
    raised.ranked(at("2026-09-22 13:00:00"), CONTACT, "P1").reply(at("2026-09-22 13:30:00"), SECOND)
    raised.status(at("2026-09-22 17:00:00"), SECOND, "resolved")
    silent = _told("silent", "2026-09-24 11:00:00", "P2", "Chart is blank")
    silent.status(at("2026-09-24 12:30:00"), FIRST, "resolved").reply(at("2026-09-24 12:31:00"), FIRST)
    late = _told("open-and-late", "2026-10-30 09:00:00", "P2", "Payouts of one bank are stuck")
    running = _told("running", "2026-10-30 15:00:00", "P3", "Filter by currency is lost")
    told = [bank, night, autumn, monday, raised, silent, late.reply(at("2026-10-30 09:00:04"), ROBOT), running]
    for story, day, answer in (
        ("second-before", "2026-10-06", "10:59:59"),
        ("on-the-second", "2026-10-07", "11:00:00"),
        ("second-after", "2026-10-08", "11:00:01"),
    ):
        ticket = _told(story, f"{day} 10:00:00", "P1", "Payments time out")
        told.append(ticket.reply(at(f"{day} {answer}"), FIRST).status(at(f"{day} 15:00:00"), FIRST, "resolved"))
    return told


def tickets() -> list[Ticket]:
    """All tickets of the set, as the export knows them."""
    chance = Chance("sequence 1")
    made = [_ordinary(chance) for _ in range(54)] + _stories()
    return [ticket.cut(END) for ticket in numbered(made, "S-", 611, chance, 3)]


def _text(at: datetime | None) -> str:
    return at.isoformat().replace("+00:00", "Z") if at else ""


def _list_row(ticket: Ticket) -> Row:
    return {
        "ticket_id": ticket.id,
        "created_at": _text(ticket.opened),
        "severity": ticket.last("severity", ticket.severity),
        "status": ticket.last("status", "new"),
        "resolved_at": _text(ticket.last_when("status", "resolved")),
        "closed_at": _text(ticket.last_when("status", "closed")),
        **ticket.fields,
    }


def _log_row(ticket: Ticket, event: Event) -> Row:
    side = {VENDOR: "agent", CUSTOMER: "customer"}.get(event.who.side, "system")
    return {
        "ticket_id": ticket.id,
        "at": _text(event.at),
        "event": event.kind,
        "actor": side,
        "value": event.value,
        "old": event.old,
    }


def _incidents() -> list[Row]:
    """Outages of the services. Of 744 hours 0.1% are 44 min 38.4 s."""
    own = {"environment": "production", "severity": "P1", "cause": "release", "component": "api"}
    return [
        incident("INC-31", "2026-08-11T07:00/2026-08-11T07:30", "Payments are refused", **own),
        incident("INC-32", "2026-08-18T09:00/2026-08-18T14:00", "Test keys are refused",
                 **{**own, "environment": "sandbox"}),
        incident("INC-33", "2026-08-26T12:00/2026-08-26T15:00", "Dashboard is slow",
                 **{**own, "severity": "P2", "component": "dashboard"}),
        incident("INC-34", "2026-09-08T10:00/2026-09-08T12:00", "A bank's connection is down",
                 **{**own, "cause": "third-party"}),
        incident("INC-35", "2026-09-13T03:00/2026-09-13T04:20", "Dashboard is down after its move", **own),
        incident("INC-36", "2026-09-30T23:40/2026-10-01T00:20", "Webhooks are lost", **own),
        incident("INC-37", "2026-10-25T00:30/2026-10-25T01:00", "Ledger counts an hour twice", **own),
    ]  # fmt: skip


def files() -> dict[str, bytes]:
    """The files of the set by name."""
    all_tickets = tickets()
    listed = [_list_row(ticket) for ticket in all_tickets]
    logged = [_log_row(*pair) for pair in log_of(all_tickets)]
    base = {**listed[20], "status": "open", "resolved_at": "", "closed_at": ""}
    bad = [{**base, "ticket_id": "S-990", "created_at": "2026-09-31T10:00:00Z", "subject": "September has thirty days"}]
    return {
        "tickets.csv": csv_bytes(LIST, spread(listed, bad)),
        "events.csv": csv_bytes(LOG, logged),
        "incidents.csv": incidents_bytes(_incidents()),
        "maintenance.csv": maintenance_bytes([window("2026-09-13T00:00/2026-09-13T04:00", "2026-09-07T12:00")]),
    }
