"""Sequr: access control from the cloud. A list and a log in plain names; times are US Eastern, with their offset.

February to March 2026: Presidents' Day, and the night of 8 March that has no two o'clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chance import Chance
from desk import CUSTOMER, ROBOT, VENDOR, Person, Ticket, log_of, numbered, office
from ordinary import HOUR, Pace, answered, customer, days_between, opening, part_used, solved, waited
from writing import Row, csv_bytes, spread

if TYPE_CHECKING:
    from datetime import datetime

    from desk import Event

HERE = office("America/New_York", "09:00-17:00")
END = HERE.at("2026-03-27 17:30:00")
RESPONSE = Pace(HERE, {"S1": HOUR, "S2": 4 * HOUR, "S3": 8 * HOUR, "S4": 12 * HOUR}, frozenset({"S1"}))
RESOLUTION = Pace(HERE, {"S1": 24 * HOUR, "S2": 24 * HOUR, "S3": 40 * HOUR, "S4": 60 * HOUR}, frozenset({"S1"}))
FIRST, SECOND = Person("agent-02", VENDOR), Person("agent-05", VENDOR)
CONTACT = Person("customer-17", CUSTOMER)
LIST = (
    "ticket_id", "created_at", "severity", "status", "channel", "type", "component", "organization", "requester_role",
    "created_by", "resolved_at", "closed_at", "subject",
)  # fmt: skip
LOG = ("ticket_id", "at", "event", "actor", "author", "value", "old")
SUBJECTS = {
    "mobile-app": (
        "App does not unlock the lobby door",
        "App asks to log in again every morning",
        "Guest pass link is dead",
    ),
    "portal": ("Portal shows an empty user list", "Cannot save a door schedule", "Report of entries stops at noon"),
    "api": ("API answers 502 to user sync", "Webhook of door events comes twice", "Token cannot be renewed"),
    "integration": (
        "Directory sync removed a group",
        "Calendar bookings open no room",
        "SSO loops back to the login page",
    ),
}
HARDWARE = {
    "hardware": "Reader at the north gate stays dark",
    "wiring": "Wiring of the second floor is loose",
    "door": "Door closer does not latch",
    "power supply": "Power supply hums and gets warm",
    "installation": "Installation of two readers",
}
ORGANIZATIONS = ("harbor-lofts", "ninth-street-gym", "mill-works", "union-hall", "riverside-labs", "cedar-offices")
CONTACT_ROLE = "authorized technical contact"


def _fields(chance: Chance) -> dict[str, str]:
    component = chance.one_of(tuple(SUBJECTS))
    return {
        "channel": chance.weighed({"web": 60, "phone": 40}),
        "type": "software",
        "component": component,
        "organization": chance.one_of(ORGANIZATIONS),
        "requester_role": CONTACT_ROLE,
        "subject": chance.one_of(SUBJECTS[component]),
    }


def _ordinary(chance: Chance) -> Ticket:
    severity = chance.weighed({"S1": 8, "S2": 24, "S3": 44, "S4": 24})
    opened = opening(chance, HERE, days_between("2026-02-16", "2026-03-27"), 0.8)
    ticket = Ticket(opened, severity, customer(chance), _fields(chance))
    if chance.share(0.1):
        ticket.fields["type"] = chance.one_of(tuple(HARDWARE))
        ticket.fields["subject"] = HARDWARE[ticket.fields["type"]]
        ticket.fields["component"] = ""
    elif chance.share(0.06):
        ticket.fields["channel"] = "email"
    who = answered(ticket, chance, RESPONSE, 0.12)
    if chance.share(0.4):
        waited(ticket, chance, who)
    done = RESOLUTION.later(ticket.events[-1].at, severity, 0.8 * part_used(chance, 0.16))
    if chance.share(0.08) and severity != "S4":
        ticket.add(ticket.events[-1].at + (done - ticket.events[-1].at) / 2, "workaround", who, "worked around")
    solved(ticket, chance, who, done)
    return ticket


def _told(story: str, opened: str, severity: str, **fields: str) -> Ticket:
    base = {"channel": "web", "type": "software", "component": "portal", "organization": "harbor-lofts"}
    return Ticket(HERE.at(opened), severity, CONTACT, {**base, "requester_role": CONTACT_ROLE, **fields}, story)


def _stories() -> list[Ticket]:
    at = HERE.at
    night = _told("night", "2026-02-21 02:10:00", "S1", channel="phone", subject="No door opens from the app")
    night.reply(at("2026-02-21 02:10:20"), ROBOT).reply(at("2026-02-21 02:51:00"), FIRST)
    night.status(at("2026-02-21 11:05:00"), FIRST, "resolved").status(at("2026-02-24 11:05:00"), ROBOT, "closed")

    weekend = _told("weekend", "2026-02-27 16:30:00", "S3", subject="Badge colour is wrong on the report")
    weekend.reply(at("2026-03-02 10:15:00"), SECOND).status(at("2026-03-03 15:00:00"), SECOND, "resolved")

    holiday = _told("holiday", "2026-02-13 15:30:00", "S2", subject="Guests cannot be invited")
    holiday.reply(at("2026-02-17 10:30:00"), FIRST).status(at("2026-02-18 12:00:00"), FIRST, "resolved")

    waiting = _told("waiting", "2026-03-02 09:30:00", "S2", component="integration", subject="Directory sync is stuck")
    waiting.reply(at("2026-03-02 10:40:00"), FIRST).status(at("2026-03-02 10:40:00"), FIRST, "waiting")
    waiting.reply(at("2026-03-05 13:00:00"), CONTACT).status(at("2026-03-05 13:00:00"), ROBOT, "open")
    waiting.reply(at("2026-03-06 15:20:00"), FIRST).status(at("2026-03-06 15:30:00"), FIRST, "resolved")

    spring = _told("spring", "2026-03-07 20:30:00", "S1", channel="phone", component="api", subject="API is down")
    spring.reply(at("2026-03-07 20:55:00"), SECOND).reply(at("2026-03-08 09:00:00"), SECOND)
    spring.status(at("2026-03-08 21:00:00"), SECOND, "resolved")

    spring_late = _told("spring-late", "2026-03-07 21:00:00", "S1", channel="phone", subject="Doors stay locked")
    spring_late.reply(at("2026-03-07 21:20:00"), FIRST).status(at("2026-03-08 22:00:01"), FIRST, "resolved")

    return [night, weekend, holiday, waiting, spring, spring_late, *_changes(), *_oddities(), *_on_the_second()]


def _changes() -> list[Ticket]:
    """Stories of severities, automation, reopening and workarounds."""
    at = HERE.at
    raised = _told("raised", "2026-03-10 09:20:00", "S3", subject="Some users cannot get in")
    raised.ranked(at("2026-03-10 11:30:00"), CONTACT, "S1").reply(at("2026-03-10 11:52:00"), SECOND)
    raised.status(at("2026-03-10 16:40:00"), SECOND, "resolved")

    lowered = _told("lowered", "2026-03-11 10:00:00", "S2", subject="Lift does not accept badges")
    lowered.reply(at("2026-03-11 10:00:09"), ROBOT).ranked(at("2026-03-11 15:10:00"), FIRST, "S4")
    lowered.reply(at("2026-03-11 15:25:00"), FIRST).status(at("2026-03-13 12:00:00"), FIRST, "resolved")

    robot = _told("robot", "2026-03-12 09:05:00", "S2", subject="Schedule of the garage is gone")
    robot.reply(at("2026-03-12 09:05:12"), ROBOT).reply(at("2026-03-12 15:35:00"), SECOND)
    robot.status(at("2026-03-13 10:00:00"), SECOND, "resolved")

    silent = _told("silent", "2026-03-16 11:00:00", "S4", subject="Logo is blurred in the portal")
    silent.reply(at("2026-03-16 11:00:05"), ROBOT).status(at("2026-03-16 13:30:00"), FIRST, "resolved")

    reopened = _told("reopened", "2026-03-09 09:00:00", "S2", component="mobile-app", subject="App crashes at the gate")
    reopened.reply(at("2026-03-09 09:40:00"), FIRST).status(at("2026-03-10 13:00:00"), FIRST, "resolved")
    reopened.reply(at("2026-03-12 10:00:00"), CONTACT).status(at("2026-03-12 10:00:00"), ROBOT, "open")
    reopened.reply(at("2026-03-13 16:00:00"), FIRST).status(at("2026-03-16 12:00:00"), FIRST, "resolved")

    around = _told(
        "workaround", "2026-03-17 09:30:00", "S2", component="integration", subject="SSO fails for new users"
    )
    around.reply(at("2026-03-17 10:05:00"), SECOND).add(
        at("2026-03-18 15:00:00"), "workaround", SECOND, "local accounts"
    )
    around.status(at("2026-03-26 11:00:00"), SECOND, "resolved")

    merged = _told(
        "merged", "2026-03-17 09:41:00", "S2", component="integration", subject="SSO fails, see other ticket"
    )
    merged.status(at("2026-03-17 09:58:00"), SECOND, "merged")

    return [raised, lowered, robot, silent, reopened, around, merged]


def _oddities() -> list[Ticket]:
    """Stories of closed hours, of who called, of odd fields, and of what is still open."""
    at = HERE.at
    closing = _told("after-closing", "2026-03-18 13:00:00", "S2", subject="Two doors swapped names")
    closing.reply(at("2026-03-18 19:30:00"), FIRST).status(at("2026-03-19 10:30:00"), FIRST, "resolved")

    live = _told("by-phone", "2026-03-19 14:02:00", "S3", channel="phone", subject="Owner of a lost phone called")
    live.events[0] = live.events[0]._replace(who=FIRST)
    live.opener = FIRST
    live.status(at("2026-03-19 14:30:00"), FIRST, "resolved")

    strange = _told("unknown-severity", "2026-03-20 10:00:00", "P0", subject="Everything is on fire")
    strange.reply(at("2026-03-20 10:20:00"), SECOND).status(at("2026-03-20 12:00:00"), SECOND, "resolved")

    role = _told("no-role", "2026-03-20 13:15:00", "S3", requester_role="", subject="Cannot print a badge")
    role.reply(at("2026-03-20 15:00:00"), SECOND).status(at("2026-03-23 11:00:00"), SECOND, "resolved")

    end_user = _told("end-user", "2026-03-20 14:00:00", "S3", requester_role="end-user", subject="I forgot my PIN")
    end_user.reply(at("2026-03-24 15:00:00"), SECOND).status(at("2026-03-24 15:05:00"), SECOND, "resolved")

    late = _told("open-and-late", "2026-03-26 09:10:00", "S2", subject="Alarm zone cannot be armed")
    late.reply(at("2026-03-26 09:10:11"), ROBOT)
    running = _told("running", "2026-03-27 15:50:00", "S2", subject="New tenant sees the old one's doors")
    running.reply(at("2026-03-27 15:50:04"), ROBOT)
    return [closing, live, strange, role, end_user, late, running]


def _on_the_second() -> list[Ticket]:
    """Three answers: a second before the four hours are over, at it, and a second after."""
    told = []
    for story, day, answer in (
        ("second-before", "2026-02-24", "13:59:59"),
        ("on-the-second", "2026-02-25", "14:00:00"),
        ("second-after", "2026-02-26", "14:00:01"),
    ):
        ticket = _told(story, f"{day} 10:00:00", "S2", subject="Sync of users is slow")
        ticket.reply(HERE.at(f"{day} {answer}"), FIRST).status(HERE.at(f"{day} 16:00:00"), FIRST, "resolved")
        told.append(ticket)
    return told


def tickets() -> list[Ticket]:
    """All tickets of the set, as the export knows them."""
    chance = Chance("sequr 8")
    made = [_ordinary(chance) for _ in range(97)] + _stories()
    return [ticket.cut(END) for ticket in numbered(made, "SQ-", 4102, chance, 3)]


def _list_row(ticket: Ticket) -> Row:
    return {
        "ticket_id": ticket.id,
        "created_at": HERE.iso(ticket.opened),
        "severity": ticket.last("severity", ticket.severity),
        "status": ticket.last("status", "new"),
        "created_by": "agent" if ticket.opener.side == VENDOR else "customer",
        "resolved_at": _iso(ticket.last_when("status", "resolved")),
        "closed_at": _iso(ticket.last_when("status", "closed")),
        **ticket.fields,
    }


def _iso(at: datetime | None) -> str:
    return HERE.iso(at) if at else ""


def _log_row(ticket: Ticket, event: Event) -> Row:
    return {
        "ticket_id": ticket.id,
        "at": HERE.iso(event.at),
        "event": event.kind,
        "actor": "agent" if event.who.side == VENDOR else event.who.side,
        "author": event.who.name,
        "value": event.value,
        "old": event.old,
    }


def _bad_tickets(good: Row) -> list[Row]:
    base = {**good, "resolved_at": "", "closed_at": "", "status": "open"}
    return [
        {**base, "ticket_id": "SQ-4900", "created_at": "2026-02-30T10:12:00-05:00", "subject": "A day that never was"},
        {**base, "ticket_id": "", "created_at": "2026-03-04T11:00:00-05:00", "subject": "Row without an id"},
        {
            **base,
            "ticket_id": "SQ-4901",
            "created_at": "2026-03-05T14:00:00-05:00",
            "resolved_at": "2026-03-05T13:10:00-05:00",
            "status": "resolved",
            "subject": "Solved before it was opened",
        },
        good,
    ]


def files() -> dict[str, bytes]:
    """The files of the set by name."""
    all_tickets = tickets()
    listed = [_list_row(ticket) for ticket in all_tickets]
    logged = [_log_row(*pair) for pair in log_of(all_tickets)]
    twins = [row for row in logged if row["event"] == "reply" and row["actor"] == "agent"][10:60:10]
    for row in twins:
        logged.insert(logged.index(row), row)
    odd = [
        {**logged[40], "at": "yesterday", "event": "reply"},
        {**logged[80], "event": "teleported"},
        {**logged[120], "ticket_id": ""},
    ]
    return {
        "tickets.csv": csv_bytes(LIST, spread(listed, _bad_tickets(listed[50]))),
        "events.csv": csv_bytes(LOG, spread(logged, odd)),
    }
