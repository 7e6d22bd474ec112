"""SecPod: finding and patching weak spots. One list and no log, with a helpdesk's own headers and minute stamps.

Times are of India, without saying so; the first answer is told as minutes after the creation. April to May 2026.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chance import Chance
from desk import CUSTOMER, ROBOT, VENDOR, Person, Ticket, numbered, office
from ordinary import HOUR, Pace, answered, customer, days_between, opening, part_used, solved
from writing import Row, csv_bytes, spread

HERE = office("Asia/Kolkata", "09:00-18:00")
END = HERE.at("2026-05-15 18:00:00")
RESPONSE = Pace(
    HERE,
    {"Critical": 2 * HOUR, "High": 6 * HOUR, "Normal": 12 * HOUR, "Low": 20 * HOUR},
    frozenset({"Critical", "High", "Normal"}),
)
SOLVING = Pace(HERE, {"Critical": 10 * HOUR, "High": 24 * HOUR, "Normal": 50 * HOUR, "Low": 70 * HOUR})
FIRST, SECOND = Person("agent-03", VENDOR), Person("agent-06", VENDOR)
CONTACT = Person("customer-12", CUSTOMER)
MINUTES = "First Response Time (in Minutes)"
LIST = (
    "Ticket Id", "Subject", "Status (Ticket)", "Priority (Ticket)", "Channel", "Classification", "Account Name",
    "Created By (Ticket)", "Created Time (Ticket)", MINUTES, "Ticket Closed Time",
)  # fmt: skip
STATUS = {
    "new": "Open",
    "open": "Open",
    "waiting": "Awaiting Customer Response",
    "resolved": "Closed",
    "closed": "Closed",
    "duplicate": "Duplicate",
    "parked": "Parked",
}
SUBJECTS = {
    "Scanner": (
        "Scan stops at 40 percent",
        "Scan finds a patch that is installed",
        "Credentials of a scan are refused",
    ),
    "Patching": ("Patch job stays in the queue", "Reboot window is ignored", "Roll-back leaves the old version"),
    "Agent": ("Agent uses a whole core", "Agent does not start after an update", "Agent is listed twice"),
    "Console": ("Report by e-mail is empty", "Role cannot be copied", "Dashboard shows last week's numbers"),
}


def _ordinary(chance: Chance) -> Ticket:
    severity = chance.weighed({"Critical": 10, "High": 26, "Normal": 40, "Low": 24})
    opened = opening(chance, HERE, days_between("2026-04-01", "2026-05-15"), 0.7)
    classification = chance.one_of(tuple(SUBJECTS))
    fields = {
        "Channel": chance.weighed({"Web": 52, "Phone": 26, "Email": 22}),
        "Classification": classification,
        "Account Name": f"account-{chance.between(1, 14):02}",
        "Subject": chance.one_of(SUBJECTS[classification]),
    }
    ticket = Ticket(opened, severity, customer(chance), fields)
    who = answered(ticket, chance, RESPONSE, 0.17)
    if chance.share(0.15):
        ticket.status(ticket.events[-1].at, who, "waiting")
        return ticket
    solved(ticket, chance, who, SOLVING.later(ticket.events[-1].at, severity, part_used(chance, 0.1)))
    return ticket


def _told(story: str, opened: str, severity: str, subject: str, channel: str = "Web") -> Ticket:
    fields = {"Channel": channel, "Classification": "Console", "Account Name": "account-07", "Subject": subject}
    return Ticket(HERE.at(opened), severity, CONTACT, fields, story)


def _answered(ticket: Ticket, answer: str, closed: str) -> Ticket:
    return ticket.reply(HERE.at(answer), FIRST).status(HERE.at(closed), FIRST, "closed")


def _stories() -> list[Ticket]:
    night = _told("night", "2026-04-04 23:10:00", "Critical", "Console is down on a Saturday night", "Phone")
    before = _told("minute-before", "2026-04-07 10:00:00", "Critical", "No scan starts", "Phone")
    exact = _told("on-the-minute", "2026-04-08 10:00:00", "Critical", "No patch is offered", "Phone")
    after = _told("minute-after", "2026-04-09 10:00:00", "Critical", "Nobody can log in", "Phone")
    low = _told("low-by-closing", "2026-04-08 11:00:00", "Low", "Can the logo be changed?")
    low_late = _told("low-next-morning", "2026-04-14 11:00:00", "Low", "Where is the list of ports?")
    saturday = _told("low-on-saturday", "2026-04-11 10:00:00", "Low", "Which report shows reboots?")
    friday = _told("friday-evening", "2026-04-17 17:00:00", "Normal", "A filter forgets its choice")
    mail = _told("e-mail", "2026-04-20 10:00:00", "High", "Agents lost their groups", "Email")
    return [
        _answered(night, "2026-04-05 01:08:00", "2026-04-05 09:00:00"),
        _answered(before, "2026-04-07 11:59:00", "2026-04-07 17:00:00"),
        _answered(exact, "2026-04-08 12:00:00", "2026-04-08 17:00:00"),
        _answered(after, "2026-04-09 12:01:00", "2026-04-09 17:00:00"),
        _answered(low, "2026-04-10 17:59:00", "2026-04-10 18:10:00"),
        _answered(low_late, "2026-04-17 09:05:00", "2026-04-17 12:00:00"),
        _answered(saturday, "2026-04-15 17:00:00", "2026-04-16 10:00:00"),
        _answered(friday, "2026-04-18 05:30:00", "2026-04-20 10:00:00"),
        _answered(mail, "2026-04-22 15:00:00", "2026-04-23 15:00:00"),
        *_unusual(),
    ]


def _unusual() -> list[Ticket]:
    at = HERE.at
    silent = _told("silent", "2026-04-21 09:30:00", "High", "Two rules say the opposite")
    double = _told("duplicate", "2026-04-21 09:45:00", "High", "Two rules say the opposite, again")
    undated = _told("closed-undated", "2026-04-23 12:00:00", "Normal", "Old ticket from the former helpdesk")
    undated.status(at("2026-04-24 12:00:00"), FIRST, "closed")
    undated.fields["Ticket Closed Time"] = "-"
    live = _told("by-phone", "2026-04-28 15:20:00", "High", "Caller cannot find the licence key", "Phone")
    live.opener = SECOND
    strange = _told("unknown-severity", "2026-04-29 10:00:00", "Planning", "When will the new console come?")
    parked = _told("unknown-status", "2026-04-30 10:00:00", "Normal", "Export to the old format")
    late = _told("open-and-late", "2026-05-15 08:00:00", "High", "Patch server refuses clients")
    return [
        silent.status(at("2026-04-21 12:30:00"), FIRST, "closed"),
        double.status(at("2026-04-21 10:15:00"), FIRST, "duplicate"),
        undated,
        live.status(at("2026-04-28 15:40:00"), SECOND, "closed"),
        _answered(strange, "2026-04-29 11:00:00", "2026-04-30 11:00:00"),
        parked.status(at("2026-04-30 12:00:00"), SECOND, "parked"),
        late.reply(at("2026-05-15 08:00:00"), ROBOT),
        _told("running", "2026-05-15 16:30:00", "Normal", "A colour is hard to read"),
    ]


def tickets() -> list[Ticket]:
    """All tickets of the set, as the export knows them."""
    chance = Chance("secpod 5")
    made = [_ordinary(chance) for _ in range(88)] + _stories()
    return [ticket.cut(END) for ticket in numbered(made, "", 103, chance, 2)]


def _minute(at: datetime) -> datetime:
    return at.replace(second=0)


def _text(at: datetime) -> str:
    return f"{HERE.local(at):%d} {MONTHS[HERE.local(at).month - 1]} {HERE.local(at):%Y %I:%M} {_half(at)}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOON = 12


def _half(at: datetime) -> str:
    return "AM" if HERE.local(at).hour < NOON else "PM"


def _list_row(ticket: Ticket) -> Row:
    first = ticket.when("reply", side=VENDOR)
    ended = [ticket.last_when("status", value) for value in ("resolved", "duplicate")]
    closed = next((at for at in (*ended, ticket.last_when("status", "closed")) if at), None)
    waited = (_minute(first) - _minute(ticket.opened)) // timedelta(minutes=1) if first else "-"
    return {
        "Ticket Id": ticket.id,
        "Status (Ticket)": STATUS[ticket.last("status", "new")],
        "Priority (Ticket)": ticket.severity,
        "Created By (Ticket)": "Agent" if ticket.opener.side == VENDOR else "Customer",
        "Created Time (Ticket)": _text(ticket.opened),
        MINUTES: str(waited),
        "Ticket Closed Time": _text(closed) if closed else "-",
        **ticket.fields,
    }


def _bad_tickets(good: Row) -> list[Row]:
    base = {**good, "Status (Ticket)": "Open", MINUTES: "-", "Ticket Closed Time": "-"}
    early = {"Created Time (Ticket)": "06 May 2026 10:00 AM", "Ticket Closed Time": "06 May 2026 08:30 AM"}
    return [
        {
            **base,
            "Ticket Id": "901",
            "Created Time (Ticket)": "31 Apr 2026 10:00 AM",
            "Subject": "April has thirty days",
        },
        {**base, "Ticket Id": "", "Created Time (Ticket)": "05 May 2026 10:00 AM", "Subject": "Row without an id"},
        {**base, "Ticket Id": "902", **early, "Status (Ticket)": "Closed", "Subject": "Closed before it was created"},
        {**good, "Ticket Id": "903", MINUTES: "soon", "Subject": "Minutes that are no number"},
        good,
    ]


def files() -> dict[str, bytes]:
    """The files of the set by name."""
    listed = [_list_row(ticket) for ticket in tickets()]
    return {"tickets.csv": csv_bytes(LIST, spread(listed, _bad_tickets(listed[40])), bom=True)}
