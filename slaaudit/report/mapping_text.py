"""A mapping file written from what was found in an export; what could not be told is left to fill in."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from slaaudit.evidence.fields import OF_TICKETS, REQUIRED
from slaaudit.report.safe import shown
from slaaudit.report.words import count
from slaaudit.report.yaml_text import TO_FILL, Entry, flow, lines, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.evidence.inspection import ColumnFact, FileFacts, Vocabulary

_STATES = "new, open, waiting, hold, resolved, closed or cancelled"
_MEANINGS = {
    "status": _STATES,
    "event": "created, reply, note, status, severity, assigned or workaround",
    "actor": "vendor, customer or system",
    "planned": "true or false",
    "up_or_down": "up, down or unwatched",
}
_FIRST_KEYS = {"slaaudit-profile", "id", "title", "system", "facts", "shape", "recognise", "read", "columns", "values"}
_NOT_OURS = {"notes", "suggest-timezone"}
_FEW = 30  # words that are left to fill in; the rest is named in a comment by its count
_SAMPLE = 24


def mapping_text(facts: FileFacts, date_format: str = "") -> str:
    """The mapping of one file. As it stands it is valid; filled in, it reads the file."""
    open_lines = [*lines(_entries(facts, date_format))]
    return "\n".join([*_opening(facts), *open_lines, ""])


def _opening(facts: FileFacts) -> Iterator[str]:
    yield f"## How {shown(facts.path)} is read ({count(facts.records, 'row')}, {facts.encoding})."
    yield "## Use it with --mapping. The command line goes over it; it goes over the profiles of slaaudit."
    yield f"## Lines that begin with a single # could not be told: put what is right in place of {TO_FILL}, or change"
    yield "## what stands there, and take the # and the space after it away (from the key above too)."


def _entries(facts: FileFacts, date_format: str) -> list[Entry]:
    is_told = not facts.refusal
    recognise = [column.header for column in facts.columns if column.field in _needed(facts)]
    return [
        Entry("slaaudit-profile", "1"),
        Entry("id", _slug(facts.path)),
        Entry("title", scalar(f"{facts.title or 'Export'} ({PurePath(facts.path).name})")),
        Entry("shape", facts.shape, "tickets, events or snapshots" if not is_told else "", is_open=not is_told),
        Entry("recognise", flow(recognise) if is_told else "", "the headers that must be there"),
        Entry("read", below=[*_read(facts, date_format)]),
        Entry("columns", below=[*_columns(facts)]),
        Entry("values", below=[*_values(facts)]),
        *(Entry(key, flow(value)) for key, value in _others(facts)),
    ]


def _needed(facts: FileFacts) -> tuple[str, ...]:
    return REQUIRED[facts.shape]


def _slug(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", PurePath(path).name.partition(".")[0].lower()).strip("-") or "export"


def _dump(facts: FileFacts) -> dict[str, Any]:
    """What the profile and the mapping say beyond their defaults, the mapping over the profile."""
    base, mapping = (
        profile.model_dump(by_alias=True, exclude_defaults=True)
        for profile in (facts.layout.base, facts.layout.mapping)
    )
    return {**base, **mapping, "read": {**base.get("read", {}), **mapping.get("read", {})}}


def _others(facts: FileFacts) -> Iterator[tuple[str, Any]]:
    """Whatever else the profile says: messages, constants, people."""
    for key, value in _dump(facts).items():
        if key not in _FIRST_KEYS | _NOT_OURS:
            yield key, value


# --- how cells are read ---------------------------------------------------------------------------------------


def _read(facts: FileFacts, date_format: str) -> Iterator[Entry]:
    told = {key: value for key, value in _dump(facts)["read"].items() if key not in {"timezone", *_NOT_OURS}}
    if date_format:
        told["dates"] = [date_format]
    if facts.zone:
        yield Entry("timezone", scalar(facts.zone), "of times that name no zone")
    elif facts.lacks_zone:
        note = "whose local time is it? A place, as in Europe/Berlin, or UTC"
        yield Entry("timezone", TO_FILL, note, is_open=True)
    yield from _day_first(facts, told)
    for key, value in told.items():
        yield Entry(key, flow(value))


def _day_first(facts: FileFacts, told: dict[str, Any]) -> Iterator[Entry]:
    orders = {time.order for time in facts.times if time.order}
    undecided = next((time for time in facts.times if time.trouble), None)
    if "day-first" in told or "dates" in told:
        return
    if undecided:
        yield Entry("day-first", TO_FILL, f"true or false; {undecided.trouble.partition(' may be')[0]}", is_open=True)
    elif len(orders) == 1:
        time = next(time for time in facts.times if time.order)
        why = f"row {time.decided_row} of {time.header}: {time.decided_value}" if time.decided_row else ""
        yield Entry("day-first", flow(time.order == "day first"), why)


# --- columns ------------------------------------------------------------------------------------------------------


def _columns(facts: FileFacts) -> Iterator[Entry]:
    for name in facts.lacking:
        yield Entry(name, TO_FILL, "needed: the header that holds it", is_open=True)
    for column in facts.columns:
        if column.header and column.field in facts.layout.places:
            yield Entry(scalar(column.field), _rule(facts, column), _samples(column))


def _rule(facts: FileFacts, column: ColumnFact) -> str:
    """The header, with whatever else the profile says of the column."""
    rule = facts.layout.places[column.field].rule.model_dump(by_alias=True, exclude_defaults=True)
    rest = {key: value for key, value in rule.items() if key not in {"column", "or"} and value}
    return flow({"column": column.header, **rest}) if rest else scalar(column.header)


def _samples(column: ColumnFact) -> str:
    return " | ".join(shown(sample, _SAMPLE) for sample in column.samples) or "empty"


# --- words --------------------------------------------------------------------------------------------------------


def _values(facts: FileFacts) -> Iterator[Entry]:
    words: dict[str, list[Entry]] = {}
    for vocabulary in facts.vocabularies:
        field = {"status": "state", "actor_group": "actor", "created_by": "actor"}.get(
            vocabulary.field, vocabulary.field
        )
        seen = {entry.key for entry in words.get(field, ())}
        words.setdefault(field, []).extend(entry for entry in _words(facts, vocabulary) if entry.key not in seen)
    for field in facts.layout.values:
        words.setdefault("state" if field == "status" else field, [])
    for field, entries in words.items():
        known = {entry.key.casefold().strip('"') for entry in entries}
        meanings = facts.layout.values.get("status" if field == "state" else field, {})
        rest = [Entry(scalar(word), scalar(to), "not in this file") for word, to in meanings.items()]
        yield Entry(field, below=[*entries, *(each for each in rest if each.key.casefold().strip('"') not in known)])


def _words(facts: FileFacts, vocabulary: Vocabulary) -> Iterator[Entry]:
    meanings = facts.layout.values.get(vocabulary.field, {})
    for word in vocabulary.unknown[:_FEW]:
        expected = _MEANINGS.get(vocabulary.field, _MEANINGS["actor"])
        yield Entry(scalar(word.word), TO_FILL, f"{word.count:,}: {expected}", is_open=True)
    for word in vocabulary.words:
        is_told = word.word.strip().casefold() in meanings
        is_state = vocabulary.field == "status" and facts.shape in OF_TICKETS
        if word.is_known and (is_told or (is_state and word.meaning)):
            yield Entry(scalar(word.word), scalar(word.meaning), f"{word.count:,}")
        elif vocabulary.field == "severity":
            yield Entry(
                scalar(word.word), scalar(word.word), f"{word.count:,}: as it stands, or a policy's word", is_open=True
            )
