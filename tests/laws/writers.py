"""The same tickets as the exports of different systems really look.

Each writer has its system's own headers, words, date format, encoding and marks, and says beside it in plain words
what its export tells: less than what happened, where the system's shape holds less.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from exported_tickets import AGENT, CUSTOMER, MINUTE, Clock, Step, Ticket, Told, iso, table
from workbooks import workbook

from slaaudit.evidence import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

UTC = ZoneInfo("UTC")


@dataclass
class Export:
    """An export in the making: what is to be told, in whose local time, where; and what was told in the end."""

    tickets: Sequence[Ticket]
    zone: ZoneInfo
    folder: Path
    told: Told = field(default_factory=Told)
    options: ReadOptions = field(default_factory=ReadOptions)
    paths: list[str] = field(default_factory=list)
    stamps: list[tuple[Clock, int, str]] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)

    def write(self, name: str, rows: Sequence[dict[str, str]], **how: object) -> None:
        if rows:
            self.paths.append(table(self.folder / name, rows, **how))  # type: ignore[arg-type]

    def wall(self, clock: Clock, at: int | None, ticket: str) -> dt.datetime | None:
        """A time by a clock; that it was written is remembered."""
        if at is None:
            return None
        self.stamps.append((clock, at, ticket))
        return clock.wall(at)

    def doubtful(self) -> set[str]:
        """The tickets of which some written local time comes twice."""
        return {ticket for clock, at, ticket in self.stamps if clock.is_ambiguous(at)}


def shown(wall: dt.datetime | None, text: str, empty: str = "") -> str:
    return empty if wall is None else wall.strftime(text)


def listed(export: Export, clock: Clock, ticket: str, **facts: int | str | None) -> None:
    """A row of the plain list: moments as the clock has them, words as they are."""
    row = {"ticket_id": ticket}
    for name, fact in facts.items():
        row[name] = iso(clock.seen(fact), clock.unit) if isinstance(fact, int) else fact or ""
    export.told.rows.append(row)


def values(**words: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((field, word, meaning) for field, each in words.items() for word, meaning in each.items())


# --- logs ------------------------------------------------------------------------------------------------------------


def zendesk_audits(export: Export) -> None:
    """JSON lines, an object an update, UTC: all that happened."""
    people = {AGENT: 4401, CUSTOMER: 4400}
    states = {"waiting": "pending", "resolved": "solved"}
    words = {"critical": "urgent", "medium": "normal"}
    lines, number = [], 0

    def audit(ticket: Ticket, at: int, who: str, *events: dict[str, object]) -> None:
        nonlocal number
        number += 1
        stamp = iso(at)
        lines.append(
            json.dumps(
                {
                    "id": number,
                    "ticket_id": 900 + ticket.number,
                    "created_at": stamp,
                    "author_id": people[who],
                    "via": {"channel": "web"},
                    "events": [{"id": 10 * number + place, **event} for place, event in enumerate(events)],
                }
            )
        )

    for ticket in export.tickets:
        name = f"{900 + ticket.number}"
        export.told.rows.append({"ticket_id": name, "created_at": iso(ticket.created)})
        export.told.tell("events", name, iso(ticket.created), Step(ticket.created, "severity", ticket.severity))
        export.told.tell("events", name, iso(ticket.created), Step(ticket.created, "status", "new"))
        audit(
            ticket,
            ticket.created,
            CUSTOMER,
            {"type": "Create", "field_name": "status", "value": "new"},
            {"type": "Comment", "public": True, "body": 'It does not work; "at all"', "author_id": people[CUSTOMER]},
            {"type": "Create", "field_name": "priority", "value": words.get(ticket.severity, ticket.severity)},
            {"type": "Create", "field_name": "subject", "value": "Door"},
        )
        for step in ticket.steps:
            export.told.tell("events", name, iso(step.at), step)
            if step.kind == "reply":
                audit(ticket, step.at, step.value, {"type": "Comment", "public": True, "body": "One, two"})
                continue
            names, which = (states, "status") if step.kind == "status" else (words, "priority")
            change = {"value": names.get(step.value, step.value), "previous_value": names.get(step.old, step.old)}
            audit(ticket, step.at, AGENT, {"type": "Change", "field_name": which, **change}, {"type": "Notification"})
    (export.folder / "audits.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    export.paths.append(str(export.folder / "audits.jsonl"))
    export.options = ReadOptions(values=values(actor={"4401": "vendor", "4400": "customer"}))


def jira(export: Export) -> None:
    """The navigator's CSV to the minute by a 12-hour clock, comments packed, with the changelog in offsets."""
    clock, to_the_second = Clock(export.zone, MINUTE), Clock(UTC)
    words = {"critical": "Highest", "high": "High", "medium": "Medium", "low": "Low"}
    states = {
        "new": "To Do",
        "open": "In Progress",
        "waiting": "Waiting for customer",
        "hold": "On Hold",
        "resolved": "Resolved",
        "closed": "Closed",
    }
    accounts = {AGENT: "712020:aaaa-1", CUSTOMER: "557058:cccc-1"}
    most = max(len(ticket.of_kind("reply")) for ticket in export.tickets)
    rows, changes = [], []

    def stamp(at: int | None, key: str) -> str:
        wall = export.wall(clock, at, key)
        return "" if wall is None else f"{wall:%d/%b/%y} {wall.hour % 12 or 12}:{wall:%M %p}"

    for ticket in export.tickets:
        key = f"OPS-{ticket.number}"
        severity, done = ticket.last("severity", ticket.severity), ticket.entered("resolved", "closed")
        listed(export, clock, key, created_at=ticket.created, resolved_at=done, severity=severity, status=ticket.status)
        comments = [
            f'{stamp(step.at, key)};{accounts[step.value]};Yes; no,\n"perhaps"' for step in ticket.of_kind("reply")
        ]
        row = [
            ("Summary", "Gate, main"),
            ("Issue key", key),
            ("Issue id", str(10_000 + ticket.number)),
            ("Issue Type", "[System] Incident"),
            ("Status", states[ticket.status]),
            ("Priority", words[severity]),
            ("Reporter Id", accounts[CUSTOMER]),
            ("Created", stamp(ticket.created, key)),
            ("Resolved", stamp(done, key)),
            *(("Comment", cell) for cell in [*comments, *[""] * (most - len(comments))]),
            ("Status Category", "Done" if done else "To Do"),
        ]
        rows.append(row)
        if len(ticket.of_kind("reply")) == len(ticket.steps):
            export.silent.add(key)  # the changelog has no row of it, so that it may as well be left out there
        for step in ticket.of_kind("reply"):
            export.told.tell("comments", key, iso(clock.seen(step.at), MINUTE), step)
        for step in ticket.steps:
            if step.kind == "reply":
                continue
            export.told.tell("changes", key, iso(step.at), step)
            names, which = (states, "status") if step.kind == "status" else (words, "priority")
            wall = dt.datetime.fromtimestamp(to_the_second.seen(step.at), export.zone)
            changes.append(
                {
                    "key": key,
                    "author": "agent one",
                    "created": f"{wall:%Y-%m-%dT%H:%M:%S}.000{wall:%z}",
                    "field": which,
                    "fromString": names[step.old],
                    "toString": names[step.value],
                }
            )
    with (export.folder / "issues.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([[name for name, _ in rows[0]], *[[cell for _, cell in row] for row in rows]])
    export.paths.append(str(export.folder / "issues.csv"))
    export.write("changelog.csv", changes)
    people = {accounts[AGENT]: "vendor", "agent one": "vendor"}
    export.options = ReadOptions(timezone=export.zone.key, values=values(actor=people))


SNOW_STATES = {
    "new": "New",
    "open": "Active",
    "waiting": "Awaiting User Info",
    "hold": "On Hold",
    "resolved": "Resolved",
    "closed": "Closed",
}
SNOW_WORDS = {"critical": "1 - Critical", "high": "2 - High", "medium": "3 - Moderate", "low": "4 - Low"}


def servicenow_list(export: Export) -> None:
    """Labels, all quoted, Windows-1252, month first: the last status and severity, and when it ended."""
    clock, rows = Clock(export.zone), []
    for ticket in export.tickets:
        name = f"INC{ticket.number:07}"
        severity = ticket.last("severity", ticket.severity)
        times = {"Opened": ticket.created, "Resolved": ticket.entered("resolved"), "Closed": ticket.entered("closed")}
        listed(
            export,
            clock,
            name,
            severity=severity,
            status=ticket.status,
            **{f"{'created' if key == 'Opened' else key.lower()}_at": at for key, at in times.items()},
        )
        stamps = {key: shown(export.wall(clock, at, name), "%m-%d-%Y %H:%M:%S") for key, at in times.items()}
        rows.append(
            {"Number": name, "State": SNOW_STATES[ticket.status], "Priority": SNOW_WORDS[severity], **stamps}
            | {"Caller": CUSTOMER, "Short description": "Pump \u2013 west"}
        )
    export.write("incident.csv", rows, encoding="cp1252", quoting=csv.QUOTE_ALL)
    export.options = ReadOptions(timezone=export.zone.key, date_format="%m-%d-%Y %H:%M:%S")


def servicenow_history(export: Export) -> None:
    """The list, and the audit history as a workbook whose times are serial numbers: all that happened."""
    servicenow_list(export)
    clock, number = Clock(export.zone), 0
    header = ["Set", "Type", "Label", "Field", "Old value", "New value", "Update number", "User name", "Update time"]
    rows: list[list[object]] = [[*header]]
    codes = {word: str(place) for place, word in enumerate(SNOW_WORDS, 1)}
    for ticket in export.tickets:
        name = f"INC{ticket.number:07}"
        for step in ticket.steps:
            wall = export.wall(clock, step.at, name)
            assert wall is not None
            serial = (wall - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # noqa: DTZ001 - a wall clock
            export.told.tell("events", name, iso(clock.seen(step.at)), step)
            told = {
                "reply": ("comments", "", "It is done"),
                "status": ("state", SNOW_STATES.get(step.old, ""), SNOW_STATES.get(step.value, "")),
                "severity": ("priority", codes.get(step.old, ""), codes.get(step.value, "")),
            }[step.kind]
            who = step.value if step.kind == "reply" else AGENT
            rows.append([f"Incident: {name}", "Text", "", *told, float(number), who, serial])
            number += 1
    if len(rows) > 1:
        (export.folder / "history.xlsx").write_bytes(workbook({"Page 1": rows}))
        export.paths.append(str(export.folder / "history.xlsx"))
    people = values(actor={AGENT: "vendor", CUSTOMER: "customer"})
    export.options = ReadOptions(timezone=export.zone.key, date_format="%m-%d-%Y %H:%M:%S", values=people)


def servicenow_snapshots(export: Export) -> None:
    """A row an update, to the minute, day first without padding, each with the last resolved_at: no replies."""
    clock, rows = Clock(UTC, MINUTE), []

    def stamp(at: int | None) -> str:
        wall = clock.wall(at) if at is not None else None
        return "?" if wall is None else f"{wall.day}/{wall.month}/{wall.year} {wall:%H:%M}"

    for ticket in export.tickets:
        name = f"INC{ticket.number:07}"
        listed(export, clock, name, created_at=ticket.created)
        changes = [step for step in ticket.steps if step.kind != "reply"]
        first = [Step(ticket.created, "severity", ticket.severity), Step(ticket.created, "status", "new")]
        state, severity = "new", ticket.severity
        for count, step in enumerate([first[1], *changes]):
            state = step.value if step.kind == "status" else state
            severity = step.value if step.kind == "severity" else severity
            for told in first if not count else [step]:
                export.told.tell("events", name, iso(clock.seen(step.at), MINUTE), told)
            rows.append(
                {
                    "number": name,
                    "incident_state": SNOW_STATES[state],
                    "reopen_count": "0",
                    "sys_mod_count": str(count),
                    "made_sla": "true",
                    "opened_by": "Opened by 8",
                    "opened_at": stamp(ticket.created),
                    "sys_updated_by": "Updated by 21",
                    "sys_updated_at": stamp(step.at),
                    "priority": SNOW_WORDS[severity],
                    "assigned_to": "?",
                    "resolved_at": stamp(ticket.entered("resolved")),
                    "closed_at": stamp(ticket.entered("closed")),
                }
            )
    export.write("log.csv", rows)
    export.options = ReadOptions(date_format="%d/%m/%Y %H:%M")


def salesforce(export: Export) -> None:
    """Cases and their history as the Data Loader writes them, UTC: no replies."""
    words = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low"}
    states = {
        "new": "New",
        "open": "Working",
        "waiting": "Waiting on Customer",
        "hold": "On Hold",
        "resolved": "Resolved",
        "closed": "Closed",
    }
    cases, history = [], []

    def stamp(at: int | None) -> str:
        return iso(at).replace("Z", ".000Z")

    for ticket in export.tickets:
        name, severity, closed = (
            f"5{ticket.number:03}",
            ticket.last("severity", ticket.severity),
            ticket.entered("closed"),
        )
        listed(
            export,
            Clock(UTC),
            name,
            created_at=ticket.created,
            closed_at=closed,
            severity=severity,
            status=ticket.status,
        )
        cases.append(
            {"Id": name, "CaseNumber": f"000{name}", "CreatedDate": stamp(ticket.created), "ClosedDate": stamp(closed)}
            | {
                "Status": states[ticket.status],
                "Priority": words[severity],
                "Origin": "Web",
                "IsClosed": str(bool(closed)).lower(),
            }
        )
        for step in ticket.steps:
            if step.kind == "reply":
                continue
            export.told.tell("events", name, iso(step.at), step)
            names, which = (states, "Status") if step.kind == "status" else (words, "Priority")
            history.append(
                {"Id": f"017{len(history)}", "CaseId": name, "Field": which, "OldValue": names[step.old]}
                | {"NewValue": names[step.value], "CreatedDate": stamp(step.at), "CreatedById": "0051"}
            )
    export.write("Case.csv", cases, quoting=csv.QUOTE_ALL)
    export.write("CaseHistory.csv", history, quoting=csv.QUOTE_ALL)


# --- lists -----------------------------------------------------------------------------------------------------------


def zendesk_list(export: Export) -> None:
    """The admin's CSV: times cut to the minute, 1900 for what is not solved, the first reply as whole minutes."""
    clock, rows = Clock(export.zone, MINUTE), []
    words = {"critical": "Urgent", "high": "High", "medium": "Normal", "low": "Low"}
    states = {
        "new": "New",
        "open": "Open",
        "waiting": "Pending",
        "hold": "Hold",
        "resolved": "Solved",
        "closed": "Closed",
    }
    for ticket in export.tickets:
        name, severity = str(5000 + ticket.number), ticket.last("severity", ticket.severity)
        solved, reply = ticket.entered("resolved", "closed"), ticket.first_reply
        minutes = None if reply is None else (reply - ticket.created) // MINUTE
        listed(
            export, clock, name, created_at=ticket.created, resolved_at=solved, severity=severity, status=ticket.status
        )
        answered = None if minutes is None else clock.seen(ticket.created) + minutes * MINUTE
        export.told.rows[-1] |= {"first_response_at": iso(answered, MINUTE), "reopen_count": str(len(ticket.reopened))}
        rows.append(
            {
                "Summation column": "1",
                "Id": name,
                "Requester": CUSTOMER,
                "Submitter": CUSTOMER,
                "Subject": "Lift, stuck",
                "Status": states[ticket.status],
                "Priority": words[severity],
                "Via": "Mail",
                "Ticket type": "Incident",
                "Created at": shown(export.wall(clock, ticket.created, name), "%Y-%m-%d %H:%M:%S"),
                "Solved at": shown(export.wall(clock, solved, name), "%Y-%m-%d %H:%M:%S", "1900-01-01 00:00:00"),
                "Reopens": str(len(ticket.reopened)),
                "First reply time in minutes": "" if minutes is None else f"{minutes:,}",
                "Area [list]": "-",
            }
        )
    export.write("tickets.csv", rows)
    export.options = ReadOptions(timezone=export.zone.key)


def freshdesk(export: Export) -> None:
    """ISO by the account's clock with a byte order mark: the first response, the last resolution and closing."""
    clock, rows = Clock(export.zone), []
    words = {"critical": "Urgent", "high": "High", "medium": "Medium", "low": "Low"}
    states = {
        "new": "Open",
        "open": "Open",
        "waiting": "Waiting on Customer",
        "hold": "Waiting on Third Party",
        "resolved": "Resolved",
        "closed": "Closed",
    }
    for ticket in export.tickets:
        name, severity = str(300 + ticket.number), ticket.last("severity", ticket.severity)
        times = {
            "Created time": ("created_at", ticket.created),
            "Resolved time": ("resolved_at", ticket.entered("resolved")),
            "Closed time": ("closed_at", ticket.entered("closed")),
            "Initial response time": ("first_response_at", ticket.first_reply),
        }
        status = "open" if ticket.status == "new" else ticket.status
        listed(export, clock, name, severity=severity, status=status, **dict(times.values()))
        stamps = {header: shown(export.wall(clock, at, name), "%Y-%m-%d %H:%M:%S") for header, (_, at) in times.items()}
        rows.append(
            {
                "Ticket ID": name,
                "Subject": "Reader, main door",
                "Status": states[ticket.status],
                "Priority": words[severity],
            }
            | stamps
        )
    export.write("tickets.csv", rows, encoding="utf-8-sig")
    export.options = ReadOptions(timezone=export.zone.key)


def glpi(export: Export) -> None:
    """French labels and words, semicolons, a byte order mark, to the minute; no answers."""
    clock, rows = Clock(export.zone, MINUTE), []
    words = {"critical": "Majeure", "high": "Haute", "medium": "Moyenne", "low": "Basse"}
    states = {
        "new": "Nouveau",
        "open": "En cours (Attribué)",
        "waiting": "En attente",
        "hold": "En attente",
        "resolved": "Résolu",
        "closed": "Clos",
    }
    for ticket in export.tickets:
        name, severity = f"12 {100 + ticket.number}", ticket.last("severity", ticket.severity)
        times = {
            "Date d'ouverture": ("created_at", ticket.created),
            "Date de résolution": ("resolved_at", ticket.entered("resolved")),
            "Date de clôture": ("closed_at", ticket.entered("closed")),
        }
        status = "waiting" if ticket.status == "hold" else ticket.status
        listed(export, clock, name, severity=severity, status=status, **dict(times.values()))
        stamps = {header: shown(export.wall(clock, at, name), "%d-%m-%Y %H:%M") for header, (_, at) in times.items()}
        rows.append(
            {"ID": name, "Titre": "Écran &#62; étage", "Statut": states[ticket.status], "Priorité": words[severity]}
            | stamps
        )
    export.write("glpi.csv", rows, encoding="utf-8-sig", delimiter=";", quoting=csv.QUOTE_ALL)
    export.options = ReadOptions(
        timezone=export.zone.key, date_format="%d-%m-%Y %H:%M", values=values(status={"En attente": "waiting"})
    )


def otrs(export: Export) -> None:
    """German headers and words, semicolons, UTF-16, priorities the other way round; resolved is closed there."""
    clock, rows = Clock(export.zone), []
    words = {"critical": "5 sehr hoch", "high": "4 hoch", "medium": "3 mittel", "low": "2 niedrig"}
    states = {
        "new": "neu",
        "open": "offen",
        "waiting": "warten zur Erinnerung",
        "hold": "warten zur Erinnerung",
        "resolved": "erfolgreich geschlossen",
        "closed": "erfolgreich geschlossen",
    }
    for ticket in export.tickets:
        name, severity = f"20260210100000{ticket.number:02}", ticket.last("severity", ticket.severity)
        done = ticket.entered("resolved", "closed")
        status = {"hold": "waiting", "resolved": "closed"}.get(ticket.status, ticket.status)
        facts = {"created_at": ticket.created, "first_response_at": ticket.first_reply, "closed_at": done}
        listed(export, clock, name, severity=severity, status=status, **facts)
        rows.append(
            {
                "Ticketnummer": name,
                "Alter": "12 d 3 h",
                "Erstellt": shown(export.wall(clock, ticket.created, name), "%Y-%m-%d %H:%M:%S"),
                "Geschlossen": shown(export.wall(clock, done, name), "%Y-%m-%d %H:%M:%S"),
                "FirstResponse": shown(export.wall(clock, ticket.first_reply, name), "%Y-%m-%d %H:%M:%S", "0"),
                "Status": states[ticket.status],
                "Priorität": words[severity],
                "Queue": "Netz",
                "SolutionInMin": "0",
            }
        )
    export.write("tickets.csv", rows, encoding="utf-16", delimiter=";")
    waits = {"warten zur Erinnerung": "waiting"}
    export.options = ReadOptions(timezone=export.zone.key, values=values(status=waits))


def redmine(export: Export) -> None:
    """French, semicolons, Windows-1252, day first, to the minute; only the closing has a time; no answers."""
    clock, rows = Clock(export.zone, MINUTE), []
    words = {"critical": "Immédiat", "high": "Haut", "medium": "Normal", "low": "Bas"}
    states = {
        "new": "Nouveau",
        "open": "En cours",
        "waiting": "Commentaire",
        "hold": "Commentaire",
        "resolved": "Résolu",
        "closed": "Fermé",
    }
    for ticket in export.tickets:
        name, severity, closed = (
            str(800 + ticket.number),
            ticket.last("severity", ticket.severity),
            ticket.entered("closed"),
        )
        status = "waiting" if ticket.status == "hold" else ticket.status
        listed(
            export,
            clock,
            name,
            created_at=ticket.created,
            closed_at=closed,
            severity="normal" if severity == "medium" else severity,
            status=status,
        )
        rows.append(
            {
                "#": name,
                "Projet": "Réseau",
                "Tracker": "Anomalie",
                "Statut": states[ticket.status],
                "Priorité": words[severity],
                "Sujet": "Câble",
                "Créé": shown(export.wall(clock, ticket.created, name), "%d/%m/%Y %H:%M"),
                "Fermé": shown(export.wall(clock, closed, name), "%d/%m/%Y %H:%M"),
            }
        )
    export.write("issues.csv", rows, encoding="cp1252", delimiter=";")
    export.options = ReadOptions(
        timezone=export.zone.key, date_format="%d/%m/%Y %H:%M", values=values(status={"Commentaire": "waiting"})
    )
