"""Columns of times, looked at: their formats, what settled day and month, their zone, their first and last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.compute as pc

from slaaudit.errors import EvidenceError
from slaaudit.evidence import fields as names
from slaaudit.evidence.digits import by_shape, tidied
from slaaudit.evidence.inspection import TimeFact
from slaaudit.evidence.shapes import layout as layout_of
from slaaudit.evidence.tables import MISSING
from slaaudit.zones import DAY

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.tables import Instants
    from slaaudit.evidence.timestamps import Column

OLDEST = 20 * 365 * DAY + 5 * DAY  # 1990-01-01: no helpdesk exported an earlier time
_FORMS = 3
_LONGEST = 80
_DIRECTIVES = {
    "year": "%Y",
    "short": "%y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "sec": "%S",
    "fraction": "%f",
}
_WORDS = re.compile(r"(?!UTC|GMT)[^\W\d_%]{3,}\.?")
_HALF = re.compile(r"[AP]\.?M\.?")
_OFFSET = re.compile(r"[+-]99:?(?:99)?$")
_FIRST_IS_DAY = r"^(?:1[3-9]|2\d|3[01])[-/.]\d"
_SECOND_IS_DAY = r"^\d\d?[-/.](?:1[3-9]|2\d|3[01])[-/.]\d"
_ZONED = re.compile(r"%z$|Z$|UTC$|GMT$|^(?:milli)?seconds since")
_WEEKDAY = re.compile(r"^(?:MON|TUE|WED|THU|FRI|SAT|SUN)")


class Clock(NamedTuple):
    """The zone of times that name none, and who told it: "command", "mapping", "profile" or nobody."""

    zone: str
    told_by: str


def time_facts(cells: Cells, clock: Clock) -> tuple[tuple[TimeFact, ...], dict[str, Instants]]:
    """Each column of times with what was understood, and the instants of those that could be read."""
    facts: list[TimeFact] = []
    instants: dict[str, Instants] = {}
    for field in names.TIMES.get(cells.layout.shape, ()):
        if not cells.has(field):
            continue
        try:
            column = cells.times(field)
        except EvidenceError as error:
            trouble = str(error).removeprefix(f"{cells.sheet.path}: ")
            forms = _forms(cells, field, "")
            zoned = bool(forms) and all(_ZONED.search(form) for form, _ in forms)
            facts.append(TimeFact(field, cells.header(field), forms, zoned=zoned, zone=clock.zone, trouble=trouble))
            continue
        instants[field] = column.at
        facts.append(_fact(cells, field, column, clock))
    return tuple(facts), instants


def _fact(cells: Cells, field: str, column: Column, clock: Clock) -> TimeFact:
    known = column.at[(column.at != MISSING) & (column.at >= OLDEST)]
    value = cells.text(field)[column.decided].as_py() if column.decided >= 0 else ""
    is_length = bool(cells.layout.places[field].rule.as_)
    return TimeFact(
        field,
        cells.header(field),
        () if is_length else _forms(cells, field, column.order or _shown_order(cells, field)),
        column.order,
        int(cells.rows[column.decided]) if column.decided >= 0 else 0,
        (value or "")[:_LONGEST],
        column.zoned,
        "" if column.zoned else clock.zone,
        0 if column.doubtful is None else int(column.doubtful.sum()),
        int(known.min()) if len(known) else None,
        int(known.max()) if len(known) else None,
    )


def _shown_order(cells: Cells, field: str) -> str:
    """The order of day and month that some row shows, where no row left it open."""
    for pattern, order in ((_FIRST_IS_DAY, "day first"), (_SECOND_IS_DAY, "month first")):
        if pc.any(pc.match_substring_regex(cells.text(field), pattern)).as_py():
            return order
    return ""


def _forms(cells: Cells, field: str, order: str) -> tuple[tuple[str, int], ...]:
    """The formats of a column with their counts, the most frequent first; what no format reads is in none."""
    counts: dict[str, int] = {}
    for rows, _, shape in by_shape(tidied(cells.text(field))):
        if form := written_as(shape, order):
            counts[form] = counts.get(form, 0) + len(rows)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_FORMS])


def written_as(shape: str, order: str = "") -> str:
    """The format of a shape in strptime's notation; empty for a shape that is no time.

    >>> written_as("9999-99-99T99:99:99Z")
    '%Y-%m-%dT%H:%M:%SZ'
    >>> written_as("99/99/9999 9:99 PM", "month first")
    '%m/%d/%Y %I:%M %p'
    >>> written_as("99 MAY 9999, 99:99"), written_as("9999999999999"), written_as("99/99/9999")
    ('%d %b %Y, %H:%M', 'milliseconds since 1970', '%d/%m/%Y or %m/%d/%Y')
    """
    found = layout_of(shape)
    if isinstance(found, str):
        return ""
    if found.is_undecided and not order:
        return f"{written_as(shape, 'day first')} or {written_as(shape, 'month first')}"
    if found.scale:
        return "seconds since 1970" if found.scale == DAY // 86_400 else "milliseconds since 1970"
    first, second = ("%m", "%d") if order == "month first" else ("%d", "%m")
    directives = {**_DIRECTIVES, "first": first, "second": second}
    if "half" in found.constants:
        directives["hour"] = "%I"
    tail = _OFFSET.search(shape)
    end = tail.start() if tail and "off_hours" in found.parts else len(shape)
    text, at = "", 0
    for name, (start, stop) in sorted(found.parts.items(), key=lambda part: part[1]):
        if name in directives and start < end:
            text += _lettered(shape[at:start]) + directives[name]
            at = stop
    return text + _lettered(shape[at:end]) + ("%z" if end < len(shape) else "")


def _lettered(text: str) -> str:
    """What stands between digits, its names of months, weekdays and half days made directives."""
    text = _HALF.sub("%p", text)
    return _WORDS.sub(lambda found: "%a" if _WEEKDAY.match(found[0]) else "%b", text)


def rows_of(cells: Cells, marks: np.ndarray[tuple[int], np.dtype[np.bool_]], most: int = 3) -> tuple[int, ...]:
    """The row numbers of the first marked records."""
    return tuple(int(cells.rows[index]) for index in np.flatnonzero(marks)[:most])
