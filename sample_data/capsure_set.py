"""CapSure: software for buildings and their guards. A helpdesk's own headers, read through mapping.yaml beside them.

The helpdesk writes US Pacific time without saying so; the policy's hours are Eastern. July to December 2025: the
Fourth of July, Thanksgiving, and the night of 2 November that has two one o'clocks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chance import Chance
from desk import CUSTOMER, ROBOT, SYSTEM, VENDOR, Person, Ticket, log_of, numbered, office
from ordinary import HOUR, MINUTE, Pace, answered, customer, days_between, opening, part_used, solved, waited
from writing import Row, csv_bytes, spread

if TYPE_CHECKING:
    from datetime import datetime

    from desk import Event

HOLIDAYS = ("2025-07-04", "2025-09-01", "2025-10-13", "2025-11-11", "2025-11-27")
EAST = office("America/New_York", "08:30-17:30", HOLIDAYS)
WEST = office("America/Los_Angeles", "08:00-17:00", HOLIDAYS)
END = EAST.at("2025-12-05 16:00:00")
PROMISED = {"Catastrophic": HOUR, "Serious": 4 * HOUR, "Moderate": 9 * HOUR, "Minor": 18 * HOUR}
IN_HOURS = Pace(EAST, PROMISED)
AT_NIGHT = Pace(
    EAST, {**PROMISED, "Catastrophic": 2 * HOUR, "Serious": 8 * HOUR}, frozenset({"Catastrophic", "Serious"})
)
SOLVING = Pace(WEST, {"Catastrophic": 6 * HOUR, "Serious": 20 * HOUR, "Moderate": 60 * HOUR, "Minor": 90 * HOUR})
BY_CALL = ("Phone", "Voice mail")
FIRST, SECOND = Person("agent-01", VENDOR), Person("agent-04", VENDOR)
CONTACT = Person("customer-08", CUSTOMER)
STRANGER = Person("technician-02", "contractor")
DOMAINS = ("harbor.example", "meadow.example", "tower.example", "orchard.example")
LIST = (
    "Ticket ID", "Subject", "Status", "Priority", "Source", "Type", "Company", "Requester role", "First call time",
    "Created time", "Resolved time", "Closed time",
)  # fmt: skip
LOG = ("Ticket ID", "Performed at", "Performed by", "Activity", "Detail", "Previous")
STATUS = {
    "new": "New",
    "open": "Open",
    "waiting": "Pending",
    "hold": "Waiting on Third Party",
    "resolved": "Resolved",
    "closed": "Closed",
    "spam": "Spam",
}
ACTIVITY = {
    "created": "Ticket opened",
    "reply": "Wrote publicly",
    "note": "Wrote a note",
    "status": "Set status",
    "severity": "Set priority",
    "assigned": "Assigned to",
}
SUBJECTS = (
    "Visitor log does not load", "Guard tour shows no checkpoints", "Parcel notice goes to the wrong unit",
    "Residents cannot log in", "Front desk screen is blank", "Incident report loses its photo",
    "Key register shows a key twice", "Amenity booking takes two residents", "Report of the night shift is empty",
    "Import of residents stops at row 400", "Search finds no vehicle", "Messages are sent twice",
)  # fmt: skip


def _ordinary(chance: Chance) -> Ticket:
    severity = chance.weighed({"Catastrophic": 9, "Serious": 24, "Moderate": 42, "Minor": 25})
    opened = opening(chance, WEST, days_between("2025-06-30", "2025-12-05"), 0.62)
    fields = {
        "Source": chance.weighed({"Phone": 34, "Voice mail": 16, "E-Mail": 32, "Portal": 18}),
        "Type": chance.weighed({"Problem": 60, "Question": 40}),
        "Company": chance.one_of(DOMAINS).partition(".")[0],
        "Requester role": "administrator" if chance.share(0.88) else chance.one_of(("resident", "guard", "end-user")),
        "Subject": chance.one_of(SUBJECTS),
    }
    ticket = Ticket(opened, severity, customer(chance), fields)
    if fields["Source"] == "Voice mail" and chance.share(0.5):
        ticket.reported = opened - timedelta(seconds=chance.between(MINUTE, 15 * MINUTE))
    called_at_night = fields["Source"] in BY_CALL and not EAST.is_open(ticket.known)
    who = answered(ticket, chance, AT_NIGHT if called_at_night else IN_HOURS, 0.14)
    if chance.share(0.3):
        waited(ticket, chance, who)
    if chance.share(0.12):
        ticket.add(
            ticket.events[-1].at + timedelta(seconds=chance.between(MINUTE, HOUR)), "note", who, "asked the builders"
        )
    solved(ticket, chance, who, SOLVING.later(ticket.events[-1].at, severity, part_used(chance, 0.1)))
    return ticket


def _told(story: str, opened: str, severity: str, source: str, subject: str, role: str = "administrator") -> Ticket:
    fields = {"Source": source, "Type": "Problem", "Company": "harbor", "Requester role": role, "Subject": subject}
    return Ticket(EAST.at(opened), severity, CONTACT, fields, story)


def _stories() -> list[Ticket]:
    """All local times here are Eastern, as the policy counts; the export writes them as Pacific."""
    at = EAST.at
    fourth = _told("fourth-of-july", "2025-07-03 16:45:00", "Serious", "Phone", "Front desk cannot check visitors in")
    fourth.reply(at("2025-07-07 11:40:00"), FIRST).status(at("2025-07-08 10:00:00"), FIRST, "resolved")

    night = _told("night-voicemail", "2025-07-12 22:40:00", "Catastrophic", "Voice mail", "Nothing opens since ten")
    night.reply(at("2025-07-13 00:31:00"), SECOND).status(at("2025-07-13 03:00:00"), SECOND, "resolved")

    first_call = _told("first-call", "2025-08-05 09:40:00", "Catastrophic", "Voice mail", "All sites are offline")
    first_call.reported = at("2025-08-05 09:02:00")
    first_call.reply(at("2025-08-05 10:05:00"), FIRST).status(at("2025-08-05 12:00:00"), FIRST, "resolved")

    closing = _told("over-closing", "2025-08-14 17:00:00", "Catastrophic", "Phone", "Guards see an error page")
    closing.reply(at("2025-08-15 08:45:00"), FIRST).status(at("2025-08-15 10:00:00"), FIRST, "resolved")

    labor = _told("labor-day", "2025-08-29 10:00:00", "Minor", "Phone", "Typing error on the visitor badge")
    labor.reply(at("2025-09-03 09:45:00"), SECOND).status(at("2025-09-10 09:45:00"), SECOND, "resolved")

    second = _told("night-second-after", "2025-09-09 01:00:00", "Catastrophic", "Phone", "Night shift cannot log in")
    second.reply(at("2025-09-09 03:00:01"), FIRST).status(at("2025-09-09 05:00:00"), FIRST, "resolved")

    mail = _told("night-e-mail", "2025-10-16 21:10:00", "Serious", "E-Mail", "Patrols are not recorded")
    mail.reply(at("2025-10-17 12:29:00"), FIRST).status(at("2025-10-20 12:00:00"), FIRST, "resolved")

    portal = _told("night-portal", "2025-10-22 20:00:00", "Serious", "Portal", "Parcel room list is empty")
    portal.reply(at("2025-10-22 20:00:07"), ROBOT)
    portal.reply(at("2025-10-23 11:00:00"), SECOND).status(at("2025-10-24 12:00:00"), SECOND, "resolved")

    low = _told("low-at-night", "2025-10-28 19:00:00", "Moderate", "Phone", "Photo of the vehicle is missing")
    low.reply(at("2025-10-29 16:00:00"), FIRST).status(at("2025-10-31 16:00:00"), FIRST, "resolved")

    twice = _told("two-one-o-clocks", "2025-11-02 02:20:00", "Catastrophic", "Voice mail", "Server room alarm is stuck")
    twice.reply(WEST.at("2025-11-02 01:40:00", fold=1), FIRST).status(at("2025-11-02 09:00:00"), FIRST, "resolved")

    thanks = _told("thanksgiving", "2025-11-26 15:00:00", "Moderate", "E-Mail", "Holiday roster cannot be printed")
    thanks.reply(at("2025-11-28 14:30:00"), SECOND).status(at("2025-12-01 11:00:00"), SECOND, "resolved")
    return [
        fourth,
        night,
        first_call,
        closing,
        labor,
        second,
        mail,
        portal,
        low,
        twice,
        thanks,
        *_people(),
        *_changes(),
    ]


def _people() -> list[Ticket]:
    """Stories that turn on who asked and who answered."""
    at = EAST.at
    guard = _told("guard", "2025-07-22 10:00:00", "Serious", "Phone", "How do I change my picture?", "guard")
    guard.reply(at("2025-07-28 10:00:00"), FIRST).status(at("2025-07-28 10:05:00"), FIRST, "resolved")

    stranger = _told("stranger", "2025-08-19 10:00:00", "Serious", "E-Mail", "Kiosk does not print")
    stranger.reply(at("2025-08-19 11:15:00"), STRANGER).reply(at("2025-08-19 16:30:00"), SECOND)
    stranger.status(at("2025-08-20 09:00:00"), SECOND, "resolved")

    robot = _told("robot", "2025-09-23 09:10:00", "Serious", "Portal", "Amenity calendar is a day off")
    robot.reply(at("2025-09-23 09:10:06"), ROBOT).reply(at("2025-09-23 15:05:00"), FIRST)
    robot.status(at("2025-09-24 15:05:00"), FIRST, "resolved")

    silent = _told("silent", "2025-09-30 13:00:00", "Moderate", "E-Mail", "Old notices are still shown")
    silent.reply(at("2025-09-30 13:00:05"), ROBOT).status(at("2025-09-30 16:20:00"), SECOND, "resolved")

    spam = _told("spam", "2025-10-07 11:00:00", "Minor", "E-Mail", "You have won a cruise")
    spam.status(at("2025-10-07 11:30:00"), FIRST, "spam")
    return [guard, stranger, robot, silent, spam]


def _changes() -> list[Ticket]:
    """Stories of severities, of the last second, and of what is still open."""
    at = EAST.at
    raised = _told("raised", "2025-07-29 09:00:00", "Minor", "Phone", "Log-in is slow")
    raised.ranked(at("2025-07-29 11:45:00"), CONTACT, "Catastrophic").reply(at("2025-07-29 12:20:00"), FIRST)
    raised.status(at("2025-07-29 15:00:00"), FIRST, "resolved")

    lowered = _told("lowered", "2025-08-26 09:00:00", "Serious", "Phone", "Checkpoints vanish from the tour")
    lowered.ranked(at("2025-08-26 14:10:00"), SECOND, "Minor").reply(at("2025-08-26 14:25:00"), SECOND)
    lowered.status(at("2025-08-29 10:00:00"), SECOND, "resolved")

    empty = _told("no-severity", "2025-09-04 10:00:00", "", "Portal", "No idea how bad this is")
    empty.reply(at("2025-09-04 11:00:00"), FIRST).status(at("2025-09-04 14:00:00"), FIRST, "resolved")

    triage = _told("unknown-severity", "2025-09-11 10:00:00", "Needs triage", "Portal", "Something is odd with the map")
    triage.reply(at("2025-09-11 10:30:00"), FIRST).status(at("2025-09-11 14:00:00"), FIRST, "resolved")

    told = [raised, lowered, empty, triage]
    for story, day, answer in (
        ("second-before", "2025-09-16", "12:59:59"),
        ("on-the-second", "2025-09-17", "13:00:00"),
        ("second-after", "2025-09-18", "13:00:01"),
    ):
        ticket = _told(story, f"{day} 09:00:00", "Serious", "Phone", "Key register is locked")
        told.append(ticket.reply(at(f"{day} {answer}"), FIRST).status(at(f"{day} 17:00:00"), FIRST, "resolved"))

    late = _told("open-and-late", "2025-12-04 09:00:00", "Serious", "Phone", "Nobody can sign parcels out")
    running = _told("running", "2025-12-05 13:00:00", "Moderate", "Portal", "Column widths are lost")
    return [*told, late.reply(at("2025-12-04 09:00:30"), ROBOT), running]


def tickets() -> list[Ticket]:
    """All tickets of the set, as the export knows them."""
    chance = Chance("capsure 3")
    made = [_ordinary(chance) for _ in range(86)] + _stories()
    return [ticket.cut(END) for ticket in numbered(made, "", 20811, chance, 4)]


def _text(at: datetime | None) -> str:
    return str(WEST.local(at)) if at else ""


def _who(who: Person, company: str) -> str:
    if who.side == SYSTEM:
        return "Automation"
    domain = {VENDOR: "capsure.example", CUSTOMER: f"{company}.example"}.get(who.side, "subcontractor.example")
    return f"{who.name}@{domain}"


def _list_row(ticket: Ticket) -> Row:
    return {
        **ticket.fields,
        "Ticket ID": ticket.id,
        "Status": STATUS[ticket.last("status", "new")],
        "Priority": ticket.last("severity", ticket.severity),
        "First call time": _text(ticket.reported),
        "Created time": _text(ticket.opened),
        "Resolved time": _text(ticket.last_when("status", "resolved")),
        "Closed time": _text(ticket.last_when("status", "closed")),
    }


def _log_row(ticket: Ticket, event: Event) -> Row:
    return {
        "Ticket ID": ticket.id,
        "Performed at": _text(event.at),
        "Performed by": _who(event.who, ticket.fields["Company"]),
        "Activity": ACTIVITY[event.kind],
        "Detail": STATUS.get(event.value, event.value),
        "Previous": STATUS.get(event.old, event.old),
    }


def _bad_tickets(good: Row) -> list[Row]:
    base = {**good, "Status": "New", "First call time": "", "Resolved time": "", "Closed time": "", "Priority": "Minor"}
    return [
        {
            **base,
            "Ticket ID": "29001",
            "Created time": "2025-11-31 09:00:00",
            "Subject": "The thirty-first of November",
        },
        {**base, "Ticket ID": "", "Created time": "2025-10-01 09:00:00", "Subject": "Row without an id"},
        {
            **base,
            "Ticket ID": "29002",
            "Created time": "2025-10-02 09:00:00",
            "Resolved time": "2025-10-01 17:00:00",
            "Status": "Resolved",
            "Subject": "Solved the day before",
        },
        {
            **base,
            "Ticket ID": "29003",
            "Created time": "2025-10-03 09:00:00",
            "Subject": "Listed twice, the first time",
        },
        {
            **base,
            "Ticket ID": "29003",
            "Created time": "2025-10-03 11:00:00",
            "Priority": "Serious",
            "Subject": "Listed twice, the second time otherwise",
        },
    ]


def files() -> dict[str, bytes]:
    """The files of the set by name."""
    all_tickets = tickets()
    listed = [_list_row(ticket) for ticket in all_tickets]
    logged = [_log_row(*pair) for pair in log_of(all_tickets)]
    odd = [{**logged[30], "Performed at": "25:61"}, {**logged[60], "Activity": ""}]
    return {
        "tickets.csv": csv_bytes(LIST, spread(listed, _bad_tickets(listed[50])), line_end="\r\n"),
        "events.csv": csv_bytes(LOG, spread(logged, odd), line_end="\r\n"),
    }
