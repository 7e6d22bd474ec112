"""Tickets as they truly went, to the second, and the plain files that tell of them.

``Told`` is what some export tells of a ticket: its list's moments and words, and the events of its logs. Whatever a
system's own shape tells can be said in plain files too, and must then give the same verdicts.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SEVERITIES = ("critical", "high", "medium", "low")
AGENT, CUSTOMER = "agent-1", "customer-1"
MINUTE, HOUR, DAY = 60, 3600, 86_400


class Step(NamedTuple):
    """Something that happened to a ticket: a ``reply`` (``value`` is who wrote it), a ``status``, a ``severity``."""

    at: int
    kind: str
    value: str
    old: str = ""


@dataclass(frozen=True)
class Ticket:
    """One ticket: when it came (seconds UTC), how severe it was then, and what happened, no two things at once."""

    number: int
    created: int
    severity: str
    steps: tuple[Step, ...]

    def of_kind(self, kind: str) -> list[Step]:
        return [step for step in self.steps if step.kind == kind]

    def last(self, kind: str, first: str) -> str:
        return ([first] + [step.value for step in self.of_kind(kind)])[-1]

    @property
    def status(self) -> str:
        return self.last("status", "new")

    @property
    def first_reply(self) -> int | None:
        return next((step.at for step in self.of_kind("reply") if step.value == AGENT), None)

    def entered(self, *states: str) -> int | None:
        """When the ticket last came to one of the states from another one, if it is finished now."""
        if self.status not in {"resolved", "closed"}:
            return None
        last = [step.at for step in self.of_kind("status") if step.value in states and step.old not in states]
        return last[-1] if last else None

    @property
    def is_crowded(self) -> bool:
        """Whether two things happened within one minute, so that stamps to the minute cannot order them."""
        minutes = [self.created // MINUTE, *(step.at // MINUTE for step in self.steps)]
        return len(minutes) > len(set(minutes))

    @property
    def reopened(self) -> list[int]:
        finished = {"resolved", "closed"}
        return [step.at for step in self.of_kind("status") if step.old in finished and step.value not in finished]


NEXT = {
    "new": ("open", "waiting", "hold", "resolved", "closed"),
    "open": ("waiting", "hold", "resolved", "resolved", "closed"),
    "waiting": ("open", "hold", "resolved"),
    "hold": ("open", "waiting", "resolved"),
    "resolved": ("closed", "open"),
    "closed": ("open",),
}
STARTS = [
    dt.datetime(2026, 3, 8, 5, 30, tzinfo=dt.UTC),  # New York goes an hour ahead at 07:00
    dt.datetime(2026, 3, 29, 0, 10, tzinfo=dt.UTC),  # London at 01:00
    dt.datetime(2026, 10, 25, 0, 5, tzinfo=dt.UTC),  # London goes an hour back at 01:00
    dt.datetime(2026, 11, 1, 4, 50, tzinfo=dt.UTC),  # New York at 06:00
    dt.datetime(2026, 5, 4, 8, 59, 30, tzinfo=dt.UTC),  # a holiday in London
    dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC),
]
GAPS = [(1, 59), (1, 59), (MINUTE, HOUR), (MINUTE, HOUR), (HOUR, 5 * HOUR), (HOUR, DAY), (DAY, 4 * DAY)]
KINDS = ["reply", "reply", "status", "status", "status", "severity"]


@st.composite
def tickets(draw: st.DrawFn, number: int) -> Ticket:
    start = int(draw(st.sampled_from(STARTS)).timestamp())
    at = created = start + draw(st.integers(0, 3 * HOUR))
    severity = draw(st.sampled_from(SEVERITIES))
    status, steps, now = "new", [], severity
    for _ in range(draw(st.integers(0, 9))):
        at += draw(st.integers(*draw(st.sampled_from(GAPS))))
        kind = draw(st.sampled_from(KINDS))
        if kind == "reply":
            steps.append(Step(at, kind, draw(st.sampled_from([AGENT, AGENT, CUSTOMER]))))
        elif kind == "severity":
            new = draw(st.sampled_from([each for each in SEVERITIES if each != now]))
            steps.append(Step(at, kind, new, now))
            now = new
        else:
            new = draw(st.sampled_from(NEXT[status]))
            steps.append(Step(at, kind, new, status))
            status = new
    return Ticket(number, created, severity, tuple(steps))


several = st.integers(1, 5).flatmap(lambda count: st.tuples(*(tickets(number + 1) for number in range(count))))
ZONES = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
zones = st.sampled_from(ZONES).map(ZoneInfo)


@dataclass(frozen=True)
class Clock:
    """How a system stamps: by the wall clock of a zone, in whole units of so many seconds."""

    zone: ZoneInfo
    unit: int = 1

    def wall(self, at: int) -> dt.datetime:
        return dt.datetime.fromtimestamp(at - at % self.unit, self.zone).replace(tzinfo=None, fold=0)

    def seen(self, at: int) -> int:
        """The instant that such a stamp is read as: of a time that comes twice, the first."""
        return int(self.wall(at).replace(tzinfo=self.zone).timestamp())

    def is_ambiguous(self, at: int) -> bool:
        wall = self.wall(at).replace(tzinfo=self.zone)
        return wall.utcoffset() != wall.replace(fold=1).utcoffset()


@dataclass
class Told:
    """What an export tells: the list's row of each ticket, and the events of each log; ``units`` in seconds."""

    rows: list[dict[str, str]] = field(default_factory=list)
    logs: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def tell(self, log: str, ticket: str, at: str, step: Step) -> None:
        is_reply = step.kind == "reply"
        self.logs.setdefault(log, []).append(
            {
                "ticket_id": ticket,
                "at": at,
                "event": step.kind,
                "actor": {AGENT: "vendor", CUSTOMER: "customer"}[step.value] if is_reply else "vendor",
                "value": "" if is_reply else step.value,
                "old": step.old,
            }
        )

    def plain_files(self, folder: Path) -> list[str]:
        """The paths of plain files that tell the same."""
        paths = [table(folder / "tickets.csv", self.rows)] if self.rows else []
        return paths + [table(folder / f"{name}.csv", rows) for name, rows in self.logs.items() if rows]


def iso(at: int | None, unit: int = 1) -> str:
    """An instant as plain files have it, as fine as ``unit`` seconds are."""
    if at is None:
        return ""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%MZ" if unit == MINUTE else "%Y-%m-%dT%H:%M:%SZ")


def table(
    path: Path,
    rows: Sequence[dict[str, str]],
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    quoting: int = csv.QUOTE_MINIMAL,
    around: tuple[str, str] = ("", ""),
) -> str:
    """The path of a table with these rows; ``around`` is what stands above the header and below the data."""
    lines: list[str] = []

    class Lines:
        def write(self, text: str) -> int:
            lines.append(text)
            return len(text)

    writer = csv.DictWriter(Lines(), list(rows[0]), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes((around[0] + "".join(lines) + around[1]).encode(encoding))
    return str(path)


def truth(tickets: Iterable[Ticket]) -> Told:
    """All of it, to the second."""
    told = Told()
    for ticket in tickets:
        name = f"T{ticket.number}"
        told.rows.append(
            {"ticket_id": name, "created_at": iso(ticket.created), "severity": ticket.last("severity", ticket.severity)}
        )
        told.tell("events", name, iso(ticket.created), Step(ticket.created, "severity", ticket.severity))
        told.tell("events", name, iso(ticket.created), Step(ticket.created, "status", "new"))
        for step in ticket.steps:
            told.tell("events", name, iso(step.at), step)
    return told
