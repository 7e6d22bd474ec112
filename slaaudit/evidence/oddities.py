"""What looks odd in a file: round counts, repeats, tests, merged tickets, and times that contradict each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from slaaudit.evidence import fields as names
from slaaudit.evidence.arrays import nulls, truths
from slaaudit.evidence.inspected_times import rows_of
from slaaudit.evidence.inspection import Oddity
from slaaudit.evidence.joined_windows import overlapping
from slaaudit.evidence.notes import LIMITS
from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.evidence.words import encoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Instants, Mask
    from slaaudit.evidence.timestamps import Column

ROUND_COUNT, REPEATED, TEST, DISCARDED = "round-count", "repeated-ticket", "test-ticket", "merged-or-spam"
BACKWARDS, NEVER, FUTURE, NOT_SORTED = "out-of-order", "stands-for-none", "in-the-future", "not-by-time"
RESOLVED_AFTER_CLOSED = "resolved-after-closed"
OPEN, OVERLAPPING, REPEATED_INCIDENT = "open-incident", "overlapping", "repeated-incident"
_ROUND = 1000
_TEST = r"(?i)\btest(?:s|ing)?\b"
_DISCARDED = re.compile(r"merged|spam|deleted|suspended|duplicate|zusammengef|fusionn", re.IGNORECASE)
_LATER = (
    ("created_at", "first_response_at"),
    ("created_at", "assigned_at"),
    ("created_at", "resolved_at"),
    ("created_at", "closed_at"),
    ("first_response_at", "resolved_at"),
    ("announced_at", "started_at"),
)


def oddities(cells: Cells, columns: Mapping[str, Column], now: int) -> Iterator[Oddity]:
    """The oddities of a file, those of the whole file first."""
    instants = {field: column.at for field, column in columns.items()}
    if cells.records in LIMITS or (cells.records >= _ROUND and cells.records % _ROUND == 0):
        yield Oddity(ROUND_COUNT, cells.records)
    yield from _repeated(cells)
    yield from _tests(cells)
    yield from _discarded(cells)
    yield from _contradictions(cells, instants)
    for field, column in columns.items():
        if column.never:
            yield Oddity(NEVER, column.never, column=cells.header(field))
        yield from _marked(cells, FUTURE, column.at > now, field)
    if "at" in instants:
        yield from _unsorted(cells, instants["at"])
    if cells.layout.shape == names.INCIDENTS and "started_at" in instants:
        yield from _of_incidents(cells, instants)
    if {"window_start", "window_end"} <= set(instants):
        yield from _overlaps(cells, instants["window_start"], instants["window_end"], "window_start")


def _marked(cells: Cells, kind: str, marks: Mask, field: str, other: str = "") -> Iterator[Oddity]:
    """One oddity where any record is marked, with the first cell of ``field`` that shows it."""
    if not marks.any():
        return
    value = cells.text(field)[int(np.argmax(marks))].as_py() or ""
    rows = rows_of(cells, marks)
    yield Oddity(kind, int(marks.sum()), rows, cells.header(field), cells.header(other) if other else "", value[:80])


def _repeated(cells: Cells) -> Iterator[Oddity]:
    """Rows of a list whose ticket has an earlier row."""
    if cells.layout.shape != names.TICKETS or not cells.has("ticket_id"):
        return
    codes, _ = encoded(cells.text("ticket_id"))
    _, firsts = np.unique(codes, return_index=True)
    again = codes != NONE
    again[firsts] = False
    yield from _marked(cells, REPEATED, again, "ticket_id")


def _tests(cells: Cells) -> Iterator[Oddity]:
    for field in names.LONG_TEXTS:
        if cells.has(field) and field != "description":
            text = cells.text(field)
            marks = truths(pc.match_substring_regex(text, _TEST)) & ~nulls(text)
            yield from _marked(cells, TEST, marks, field)


def _discarded(cells: Cells) -> Iterator[Oddity]:
    """Tickets that were merged, or are spam or deleted, by a word of their status."""
    status = cells.raw_words("status")
    table = np.array([*(bool(_DISCARDED.search(word)) for word in status.words), False])
    if len(status.codes):
        yield from _marked(cells, DISCARDED, table[status.codes], "status") if status.words else ()


def _contradictions(cells: Cells, instants: Mapping[str, Instants]) -> Iterator[Oddity]:
    """Rows in which what must come later comes earlier."""
    for earlier, later in _LATER:
        if earlier in instants and later in instants:
            marks = _before(instants[later], instants[earlier])
            yield from _marked(cells, BACKWARDS, marks, later, earlier)
    if "resolved_at" in instants and "closed_at" in instants:
        marks = _before(instants["closed_at"], instants["resolved_at"])
        yield from _marked(cells, RESOLVED_AFTER_CLOSED, marks, "resolved_at", "closed_at")


def _before(at: Instants, other: Instants) -> Mask:
    marks: Mask = (at != MISSING) & (other != MISSING) & (at < other)
    return marks


def _of_incidents(cells: Cells, instants: Mapping[str, Instants]) -> Iterator[Oddity]:
    """Incidents that are open, that repeat an earlier one's id, or overlap another one of the same component."""
    start = instants["started_at"]
    if cells.has("incident_id"):
        codes, _ = encoded(cells.text("incident_id"))
        _, firsts = np.unique(codes, return_index=True)
        again = codes != NONE
        again[firsts] = False
        yield from _marked(cells, REPEATED_INCIDENT, again, "incident_id")
    if "ended_at" not in instants:
        return
    end = instants["ended_at"]
    yield from _marked(cells, OPEN, cells.usable & (start != MISSING) & (end == MISSING), "started_at")
    yield from _overlaps(cells, start, end, "started_at")


def _overlaps(cells: Cells, start: Instants, end: Instants, field: str) -> Iterator[Oddity]:
    """Rows whose time another row of the same component has too; what has no end goes on."""
    rows = np.flatnonzero(cells.usable & (start != MISSING))
    until = np.where(end == MISSING, np.iinfo(np.int64).max, end)[rows]
    marks = np.zeros(len(start), np.bool_)
    marks[rows[overlapping(start[rows], until, cells.raw_words("component").codes[rows])[0]]] = True
    yield from _marked(cells, OVERLAPPING, marks, field)


def _unsorted(cells: Cells, at: Instants) -> Iterator[Oddity]:
    """Rows of a log that are earlier than the same ticket's row before."""
    if not cells.has("ticket_id"):
        return
    codes, _ = encoded(cells.text("ticket_id"))
    order = np.argsort(codes, kind="stable")
    times = at[order]
    back = np.zeros(len(at), np.bool_)
    back[order[1:]] = (codes[order[1:]] == codes[order[:-1]]) & _before(times[1:], times[:-1])
    yield from _marked(cells, NOT_SORTED, back, "at")
