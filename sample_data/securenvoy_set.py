"""SecurEnvoy: two-factor log-in. A list and a log in plain names; people are told apart by their team (mapping.yaml).

Times are of London, without saying so. March to May 2026: the night of 29 March that has no one o'clock, Easter and
the two bank holidays of May. Vendor's messages come often, because the policy promises updates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chance import Chance
from desk import CUSTOMER, ROBOT, SYSTEM, VENDOR, Person, Ticket, log_of, numbered, office
from ordinary import HOUR, Pace, answered, customer, days_between, opening, part_used, solved, waited
from outages import incident, incidents_bytes, maintenance_bytes, usage_bytes, window
from writing import Row, csv_bytes, spread

if TYPE_CHECKING:
    from datetime import datetime

    from desk import Event

HERE = office("Europe/London", "09:00-17:00", ("2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25"))
END = HERE.at("2026-05-29 17:00:00")
RESPONSE = Pace(HERE, {"P1": 4 * HOUR, "P2": 6 * HOUR, "P3": 8 * HOUR, "P4": 12 * HOUR})
UPDATE = Pace(HERE, {"P1": 8 * HOUR, "P2": 24 * HOUR, "P3": 36 * HOUR, "P4": 150 * HOUR})
FIRST, SECOND = Person("agent-01", VENDOR), Person("agent-07", VENDOR)
CONTACT = Person("customer-21", CUSTOMER)
RESELLER = Person("consultant-04", "partner")
LIST = (
    "ticket_id", "created_at", "severity", "status", "channel", "type", "component", "cause", "organization",
    "resolved_at", "closed_at", "subject",
)  # fmt: skip
LOG = ("ticket_id", "at", "event", "author", "team", "value", "old")
TEAMS = {VENDOR: "Service Desk", CUSTOMER: "Customer", SYSTEM: "Mail Robot", "partner": "Reseller"}
OWN_CAUSES = {"product-defect": 45, "configuration": 30, "question": 25}
OTHER_CAUSES = (
    "operator-error", "customer-environment", "third-party-software", "firewall", "dns", "ddos", "brute-force",
    "customer-act", "scheduled-maintenance", "misuse", "force-majeure", "electrical", "modification",
)  # fmt: skip
SUBJECTS = {
    "authentication": ("Codes are refused", "Push message comes late", "Log-in takes a minute", "Tokens drift apart"),
    "administration": (
        "Portal loses the filter",
        "Group cannot be saved",
        "Audit trail is empty",
        "Role cannot be given",
    ),
    "agent": ("Windows agent asks twice", "Agent does not start", "Offline codes do not work"),
    "gateway": ("Radius answers with a reject", "Proxy header is lost", "Certificate is not found"),
}


def _ordinary(chance: Chance) -> Ticket:
    severity = chance.weighed({"P1": 12, "P2": 26, "P3": 40, "P4": 22})
    opened = opening(chance, HERE, days_between("2026-03-16", "2026-05-29"), 0.85)
    component = chance.one_of(tuple(SUBJECTS))
    fields = {
        "channel": chance.weighed({"web": 50, "email": 35, "phone": 15}),
        "type": "fixed-in-newer-release" if chance.share(0.04) else chance.one_of(("incident", "request")),
        "component": component,
        "cause": chance.one_of(OTHER_CAUSES) if chance.share(0.15) else chance.weighed(OWN_CAUSES),
        "organization": f"organization-{chance.between(1, 12):02}",
        "subject": chance.one_of(SUBJECTS[component]),
    }
    ticket = Ticket(opened, severity, customer(chance), fields)
    who = answered(ticket, chance, RESPONSE, 0.14)
    for _ in range(chance.between(0, 4 if severity != "P4" else 1)):
        if chance.share(0.2):
            waited(ticket, chance, who)
        ticket.reply(UPDATE.later(ticket.events[-1].at, severity, 0.9 * part_used(chance, 0.24)), who)
    solved(ticket, chance, who, UPDATE.later(ticket.events[-1].at, severity, 0.9 * part_used(chance, 0.24)))
    return ticket


def _told(story: str, opened: str, severity: str, subject: str, **fields: str) -> Ticket:
    base = {"channel": "web", "type": "incident", "component": "authentication", "cause": "product-defect"}
    told = {**base, "organization": "organization-03", "subject": subject, **fields}
    return Ticket(HERE.at(opened), severity, CONTACT, told, story)


def _replies(ticket: Ticket, who: Person, *at: str) -> Ticket:
    for local in at:
        ticket.reply(HERE.at(local), who)
    return ticket


def _ended(ticket: Ticket, at: str) -> Ticket:
    return ticket.status(HERE.at(at), FIRST, "resolved")


def _first_answers() -> list[Ticket]:
    """Stories of the first response."""
    told = []
    for story, day, answer in (
        ("second-before", "2026-03-17", "13:59:59"),
        ("on-the-second", "2026-03-18", "14:00:00"),
        ("second-after", "2026-03-19", "14:00:01"),
    ):
        ticket = _told(story, f"{day} 10:00:00", "P1", "Nobody gets a code")
        told.append(_ended(_replies(ticket, FIRST, f"{day} {answer}"), f"{day} 16:00:00"))
    spring = _told("spring", "2026-03-27 16:00:00", "P1", "Log-in page is white")
    easter = _told("easter", "2026-04-02 15:00:00", "P2", "Half of the users get no message")
    gap = _told("hour-that-was-not", "2026-03-28 18:00:00", "P3", "Shift workers report late codes")
    robot = _told("robot", "2026-04-20 09:15:00", "P2", "Radius rejects one office")
    robot.reply(HERE.at("2026-04-20 09:15:08"), ROBOT)
    silent = _told("silent", "2026-04-21 10:00:00", "P4", "Please make the logo larger", cause="question")
    reseller = _told("reseller", "2026-04-22 09:30:00", "P2", "Agent asks twice")
    _replies(reseller, RESELLER, "2026-04-22 11:00:00")
    return [
        *told,
        _ended(_replies(spring, SECOND, "2026-03-30 11:30:00"), "2026-03-30 15:00:00"),
        _ended(_replies(easter, FIRST, "2026-04-07 12:30:00"), "2026-04-08 10:00:00"),
        _ended(_replies(gap, SECOND, "2026-03-30 10:00:00"), "2026-03-31 12:00:00"),
        _ended(_replies(robot, SECOND, "2026-04-20 16:40:00"), "2026-04-21 11:00:00"),
        _ended(silent, "2026-04-22 09:30:00"),
        _ended(_replies(reseller, FIRST, "2026-04-23 12:00:00"), "2026-04-23 15:00:00"),
    ]


def _updates() -> list[Ticket]:
    """Stories of the updates that are promised after the first answer."""
    daily = _told("each-day", "2026-04-13 10:00:00", "P1", "Portal throws users out")
    _replies(daily, FIRST, "2026-04-13 11:00:00", "2026-04-14 16:59:59", "2026-04-15 17:00:00", "2026-04-17 10:00:00")
    _replies(daily, FIRST, "2026-04-21 09:30:00")
    three = _told("three-days", "2026-04-14 09:00:00", "P2", "Reports of a branch are missing")
    _replies(three, SECOND, "2026-04-14 10:00:00", "2026-04-17 10:00:00", "2026-04-22 10:00:01")
    week = _told("a-week", "2026-03-25 09:30:00", "P3", "Filter forgets its choice", component="administration")
    _replies(week, FIRST, "2026-03-25 12:00:00", "2026-04-01 12:00:00", "2026-04-08 12:00:01")
    month = _told("a-month", "2026-03-31 10:00:00", "P4", "Wish: sort by last log-in", cause="question")
    _replies(month, SECOND, "2026-03-31 12:00:00", "2026-04-30 12:00:00")
    waiting = _told("waiting", "2026-05-05 09:30:00", "P2", "Certificate cannot be loaded", component="gateway")
    _replies(waiting, FIRST, "2026-05-05 10:30:00").status(HERE.at("2026-05-05 10:30:00"), FIRST, "waiting")
    waiting.reply(HERE.at("2026-05-13 14:00:00"), CONTACT).status(HERE.at("2026-05-13 14:00:00"), ROBOT, "open")
    reopened = _told("reopened", "2026-04-27 09:00:00", "P2", "Offline codes do not work", component="agent")
    _ended(_replies(reopened, SECOND, "2026-04-27 10:00:00", "2026-04-28 15:00:00"), "2026-04-28 15:00:30")
    reopened.reply(HERE.at("2026-05-01 16:00:00"), CONTACT).status(HERE.at("2026-05-01 16:00:00"), ROBOT, "open")
    return [
        _ended(daily, "2026-04-21 15:00:00"),
        _ended(three, "2026-04-23 12:00:00"),
        _ended(week, "2026-04-10 12:00:00"),
        _ended(month, "2026-05-12 12:00:00"),
        _ended(_replies(waiting, FIRST, "2026-05-14 10:00:00"), "2026-05-15 11:00:00"),
        _ended(_replies(reopened, SECOND, "2026-05-08 12:00:00"), "2026-05-08 12:30:00"),
    ]


def _severities_and_causes() -> list[Ticket]:
    """Stories of changed severities, of what is excluded, and of what is still open."""
    at = HERE.at
    eased = _told("eased", "2026-05-06 09:10:00", "P1", "No log-in from the second site")
    _replies(eased, FIRST, "2026-05-06 09:40:00").add(at("2026-05-06 13:00:00"), "workaround", FIRST, "second gateway")
    eased.ranked(at("2026-05-06 13:05:00"), FIRST, "P3")
    raised = _told("raised", "2026-05-11 09:00:00", "P4", "Message text is cut off")
    raised.ranked(at("2026-05-11 15:00:00"), SECOND, "P1")
    lowered = _told("lowered-after", "2026-05-12 09:00:00", "P1", "Tokens drift apart")
    lowered.ranked(at("2026-05-12 13:20:00"), SECOND, "P3")
    attack = _told("attack", "2026-05-13 09:00:00", "P1", "Flood of log-ins from outside", cause="ddos")
    newer = _told("newer-release", "2026-05-14 09:00:00", "P3", "Known since 9.4", type="fixed-in-newer-release")
    blank = _told("no-cause", "2026-05-18 09:00:00", "P3", "Cause was never written down", cause="")
    parked = _told("unknown-status", "2026-05-19 09:00:00", "P3", "Waits for a new build", component="agent")
    parked.status(at("2026-05-19 09:20:00"), FIRST, "parked")
    merged = _told("merged", "2026-05-20 10:00:00", "P2", "Same as the one before")
    waits = _told("first-come", "2026-05-26 09:00:00", "P2", "Groups are not read")
    overtakes = _told("served-first", "2026-05-26 11:00:00", "P2", "Groups are read twice")
    late = _told("open-and-late", "2026-05-28 09:00:00", "P1", "Users of one site get no code")
    silent = _told("update-due", "2026-05-15 09:00:00", "P3", "Portal loses its language", component="administration")
    return [
        _ended(_replies(eased, FIRST, "2026-05-12 11:00:00"), "2026-05-12 11:30:00"),
        _ended(_replies(raised, SECOND, "2026-05-11 15:30:00"), "2026-05-12 10:00:00"),
        _ended(_replies(lowered, SECOND, "2026-05-12 13:40:00"), "2026-05-13 12:00:00"),
        _ended(_replies(attack, FIRST, "2026-05-14 16:00:00"), "2026-05-15 10:00:00"),
        _ended(_replies(newer, FIRST, "2026-05-18 12:00:00"), "2026-05-18 12:10:00"),
        _ended(_replies(blank, FIRST, "2026-05-18 15:00:00"), "2026-05-20 12:00:00"),
        parked,
        merged.status(at("2026-05-20 10:25:00"), FIRST, "merged"),
        _ended(_replies(waits, FIRST, "2026-05-26 14:00:00"), "2026-05-27 12:00:00"),
        _ended(_replies(overtakes, FIRST, "2026-05-26 11:20:00"), "2026-05-26 16:00:00"),
        late.reply(at("2026-05-28 09:00:05"), ROBOT),
        _replies(silent, SECOND, "2026-05-15 11:00:00"),
        _told("running", "2026-05-29 15:00:00", "P2", "One report is slow", component="administration"),
    ]


def tickets() -> list[Ticket]:
    """All tickets of the set, as the export knows them."""
    chance = Chance("securenvoy 2")
    stories = [*_first_answers(), *_updates(), *_severities_and_causes()]
    made = [_ordinary(chance) for _ in range(72)] + stories
    return [ticket.cut(END) for ticket in numbered(made, "SE", 70015, chance, 5)]


def _text(at: datetime | None) -> str:
    return str(HERE.local(at)) if at else ""


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
    return {
        "ticket_id": ticket.id,
        "at": _text(event.at),
        "event": event.kind,
        "author": event.who.name,
        "team": TEAMS[event.who.side],
        "value": event.value,
        "old": event.old,
    }


def _in_the_gap(row: Row) -> Row:
    """The row at a local time that the night of 29 March skipped."""
    return {**row, "at": "2026-03-29 01:30:00", "event": "note", "author": "agent-07", "team": "Service Desk"}


def _incidents() -> list[Row]:
    """Outages of the portals. March has 743 hours in London, of which 1% are 7 h 25 min 48 s."""
    own = {"environment": "production", "severity": "P1", "cause": "product-defect", "component": "authentication"}
    whole = {"affected_users": "400", "total_users": "400"}
    some = {"affected_users": "120", "total_users": "400"}
    return [
        incident("O-101", "2026-03-17T09:00/2026-03-17T13:00", "Push messages of one region", **own, **some),
        incident("O-102", "2026-03-20T10:00/2026-03-20T20:00", "Names do not resolve",
                 **{**own, "cause": "dns"}, **whole),
        incident("O-103", "2026-03-28T22:00/2026-03-29T04:14", "Nobody gets in, all night", **own, **whole),
        incident("O-104", "2026-04-14T08:00/2026-04-14T09:30", "Log-in page is white", **{**own, "cause": ""}, **whole),
        incident("O-105", "2026-04-19T01:00/2026-04-19T03:00", "Databases are moved",
                 **{**own, "cause": "scheduled-maintenance", "planned": "true"}, **whole),
        incident("O-106", "2026-04-22T10:00/2026-04-22T09:00", "Clock of the monitor was wrong", **own, **whole),
        incident("O-107", "2026-04-30T17:00/2026-05-01T08:00", "Certificates have run out", **own, **whole),
        incident("O-108", "2026-05-08T02:00/2026-05-08T03:00", "Fix for a leak",
                 **{**own, "cause": "emergency-maintenance"}, **whole),
        incident("O-109", "2026-05-20T10:00/2026-05-20T10:00", "Blip", **own, **some),
        incident("O-110", "2026-05-29T11:00", "Administration is slow",
                 **{**own, "component": "administration"}, **some),
    ]  # fmt: skip


def _usage() -> list[Row]:
    """Log-ins of each day of May, and those that failed on the server."""
    chance, rows = Chance("securenvoy usage"), []
    for day in range(1, 29):
        weekend = day % 7 in (2, 3)  # 2 and 3 May are a Saturday and a Sunday
        total = chance.between(5_500, 6_500) if weekend else chance.between(23_000, 25_000)
        failed = 9_000 if day == 1 else chance.between(2, 40)
        rows.append(
            {
                "window_start": f"2026-05-{day:02}T00:00:00+01:00",
                "window_end": f"2026-05-{day + 1:02}T00:00:00+01:00",
                "total": str(total),
                "failed": str(failed),
            }
        )
    return rows


def files() -> dict[str, bytes]:
    """The files of the set by name."""
    all_tickets = tickets()
    listed = [_list_row(ticket) for ticket in all_tickets]
    logged = [_log_row(*pair) for pair in log_of(all_tickets)]
    gap = next(ticket.id for ticket in all_tickets if ticket.story == "hour-that-was-not")
    place = next(index for index, row in enumerate(logged) if row["ticket_id"] == gap) + 1
    logged.insert(place, _in_the_gap(logged[place - 1]))
    base = {**listed[30], "status": "open", "resolved_at": "", "closed_at": ""}
    bad = [
        {**base, "ticket_id": "SE79001", "created_at": "2026-04-31 10:00:00", "subject": "April has thirty days"},
        {**base, "ticket_id": "", "created_at": "2026-05-05 10:00:00", "subject": "Row without an id"},
    ]
    odd = [{**logged[50], "at": ""}, {**logged[90], "event": "sneezed"}, {**logged[170], "ticket_id": ""}]
    logged.insert(131, logged[130])
    return {
        "tickets.csv": csv_bytes(LIST, spread(listed, bad)),
        "events.csv": csv_bytes(LOG, spread(logged, odd)),
        "incidents.csv": incidents_bytes(_incidents()),
        "maintenance.csv": maintenance_bytes(
            [
                window("2026-04-18T23:00/2026-04-19T05:00", "2026-04-09T09:00"),
                window("2026-05-16T22:00/2026-05-17T02:00", "2026-05-11T09:00"),
            ]
        ),
        "usage.csv": usage_bytes(_usage()),
    }
