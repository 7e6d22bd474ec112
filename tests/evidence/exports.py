"""Exports written for a test, and evidence said in words that a test can compare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from slaaudit.evidence import Evidence, Operations, ReadOptions, read, read_operations
from slaaudit.evidence.tables import MISSING, NONE, Actor, Doubt, Flag, Kind, State

if TYPE_CHECKING:
    from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def written(folder: Path, **texts: str | bytes) -> list[str]:
    """The paths of files with these contents; ``tickets="…"`` makes ``tickets.csv``."""
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(str(path))
    return paths


def evidence(folder: Path, options: ReadOptions | None = None, **texts: str | bytes) -> Evidence:
    """What files with these contents say, read in the order given."""
    return read(written(folder, **texts), options or ReadOptions())


def instant(at: int) -> str:
    """An instant as text, to the second or as far as it goes; ``-`` for none."""
    if at == MISSING:
        return "-"
    moment = EPOCH + timedelta(microseconds=int(at))
    return moment.isoformat(sep=" ").removesuffix("+00:00")


def events(found: Evidence) -> list[str]:
    """Each event in one line: ticket, time, actor, kind, value, and ``(old)`` where it is told."""
    return [_line(found, index) for index in range(len(found.events))]


def events_of(found: Evidence, ticket: str) -> list[str]:
    """The lines of one ticket's events, without its name, by time and then in their order."""
    lines = [(found.events.at[index], index) for index in range(len(found.events)) if _name(found, index) == ticket]
    return [_line(found, index).split(" ", 1)[1] for _, index in sorted(lines)]


def _name(found: Evidence, index: int) -> str:
    return found.tickets.ids[int(found.events.ticket[index])] or ""


def _line(found: Evidence, index: int) -> str:
    table = found.events
    kind = Kind(table.kind[index])
    words = [_name(found, index), instant(table.at[index]), Actor(table.actor[index]).name.lower(), kind.name.lower()]
    value = _value(found, kind, int(table.value[index]))
    old = _value(found, kind, int(table.old[index]))
    return " ".join([*words, *([value] if value else []), *([f"({old})"] if old else [])])


def _value(found: Evidence, kind: Kind, code: int) -> str:
    if code == NONE:
        return ""
    if kind is Kind.STATUS:
        return State(code).name.lower()
    return found.severities[code] if kind is Kind.SEVERITY else found.words[code]


def doubts(found: Evidence, ticket: str) -> set[str]:
    """The names of a ticket's doubts."""
    place = list(found.tickets.ids.words).index(ticket)
    return {doubt.name.lower().replace("_", "-") for doubt in Doubt if doubt & int(found.tickets.doubt[place])}


def flags(found: Evidence, index: int) -> Flag:
    """The flags of one event."""
    return Flag(int(found.events.flags[index]))


def rejected(found: Evidence | Operations) -> list[tuple[int, str, str, str]]:
    """Row, column, value and reason of each rejected record."""
    return [(each.row, each.column, each.value, each.reason) for each in found.rejected]


def notes(found: Evidence) -> str:
    """All notes in one text."""
    return "\n".join([*(note for each in found.inputs for note in each.notes), *found.notes])


# --- incidents, maintenance and usage -------------------------------------------------------------------------------


def operations(folder: Path, options: ReadOptions | None = None, **texts: str | bytes) -> Operations:
    """What files with these contents say: ``incidents="…"``, ``maintenance="…"``, ``usage="…"``."""
    given = {shape: written(folder, **{shape: text}) for shape, text in texts.items()}
    return read_operations(
        given.get("incidents", []), given.get("maintenance", []), given.get("usage", []), options or ReadOptions()
    )


def span(start: int, end: int) -> str:
    """A span as text: ``2026-05-01 10:00:00 .. 2026-05-01 11:00:00``."""
    return f"{instant(start)} .. {instant(end)}"


def incidents(found: Operations) -> list[str]:
    """Each incident in one line: id, span, the share of the service, and its words by field."""
    table = found.incidents
    lines = []
    for index in range(len(table)):
        share = "" if table.share[index] == NONE else f" share={table.shares[table.share[index]]}"
        words = [f"{name}={column[index]}" for name, column in table.fields.items() if column[index] is not None]
        lines.append(f"{_id(found, index)} {span(table.started_at[index], table.ended_at[index])}{share}".strip())
        lines[-1] += f" {', '.join(words)}" if words else ""
    return lines


def _id(found: Operations, index: int) -> str:
    """An incident's id; ``#3`` for one that is named by its file and row."""
    made = f"{found.inputs[found.incidents.file[index]].path}:{found.incidents.row[index]}"
    name = found.incidents.ids[index] or ""
    return f"#{found.incidents.row[index]}" if name == made else name


def maintenance(found: Operations) -> list[str]:
    """Each window of maintenance in one line."""
    table = found.maintenance
    return [
        f"{span(table.started_at[index], table.ended_at[index])} announced {instant(table.announced_at[index])}"
        f"{_of(table.component[index])}"
        for index in range(len(table))
    ]


def usage(found: Operations) -> list[str]:
    """Each window of usage in one line."""
    table = found.usage
    return [
        f"{span(table.window_start[index], table.window_end[index])} {table.failed[index]} of {table.total[index]}"
        f"{_of(table.component[index])}"
        for index in range(len(table))
    ]


def _of(component: str | None) -> str:
    return f" of {component}" if component else ""


def told(found: Operations) -> str:
    """All notes in one text."""
    return "\n".join([*(note for each in found.inputs for note in each.notes), *found.notes])
