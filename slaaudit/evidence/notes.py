"""What was understood of a file, in sentences for people: columns, zone, dates, words that nothing explains."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from slaaudit.evidence import fields as names
from slaaudit.evidence.local_times import zone_warning
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.timestamps import FIRST_YEAR
from slaaudit.evidence.trailers import notes_of_trailers
from slaaudit.zones import DAY

if TYPE_CHECKING:
    from collections import Counter

    from slaaudit.evidence.cells import Cells

_SHOWN = 5
_LONG = 60
LIMITS = {1_000, 10_000, 50_000, 65_535, 1_048_575}  # rows at which helpdesks and spreadsheets stop
_MEANINGS = {"status": "waiting", "actor": "vendor", "milestone": "first_response_at", "planned": "true"}


def notes_of(cells: Cells) -> tuple[str, ...]:
    """The notes on one file."""
    return (
        *cells.layout.notes,
        *notes_of_trailers(cells.left_out),
        *_cut(cells),
        *_columns(cells),
        *_passed_over(cells),
        *_zone(cells),
        *_dates(cells),
        *(_unknown(field, words, _meaning(cells, field)) for field, words in cells.unknown.items() if words),
        *cells.remarks,
    )


def _cut(cells: Cells) -> list[str]:
    """Whether the file has just as many rows as an export may have."""
    if cells.records not in LIMITS:
        return []
    return [f"the file has exactly {cells.records:,} rows: perhaps a limit of the export has cut it"]


def _columns(cells: Cells) -> list[str]:
    """Which header is read as which field, where the two differ."""
    shape = cells.layout.shape
    judged = names.known(shape) if shape in names.OF_OPERATIONS else (*names.JUDGED[shape], *names.TIMES[shape])
    renamed = [
        f"{field} = {' + '.join([cells.header(field), *cells.layout.places[field].rule.plus])}"
        for field in cells.fields
        if field in judged and cells.header(field).casefold() != field
    ]
    return [f"columns: {', '.join(renamed)}"] if renamed else []


def _passed_over(cells: Cells) -> list[str]:
    """Which records of a log tell of other things than an audit needs."""
    if not cells.passed_over:
        return []
    shown = ", ".join(f"{word!r} ({count})" for word, count in cells.passed_over.most_common(_SHOWN))
    more = f" and {len(cells.passed_over) - _SHOWN} more" if len(cells.passed_over) > _SHOWN else ""
    return [f"rows that tell of other things are passed over: {shown}{more}"]


def _zone(cells: Cells) -> list[str]:
    has_local = any(not column.zoned for column in cells.times_read.values())
    named = cells.options.timezone or cells.layout.mapping.read.timezone
    if not has_local:
        return ["all times name their own zone; --timezone is not used"] if cells.options.timezone else []
    if named:
        warning = zone_warning(named)
        return [f"local times are read as {named}", *([warning] if warning else [])]
    zone = cells.layout.base.read.timezone
    return [f"zone not named in the export; the profile reads it as {zone}; --timezone changes that"]


def _dates(cells: Cells) -> list[str]:
    orders: dict[str, list[str]] = {}
    for field, column in cells.times_read.items():
        if column.order:
            orders.setdefault(column.order, []).append(cells.header(field))
    notes = [f"dates are {order}: {', '.join(headers)}" for order, headers in orders.items()]
    for field, column in cells.times_read.items():
        notes += [f"{cells.header(field)}: {remark}" for remark in column.remarks]
        if column.never:
            times = "time" if column.never == 1 else "times"
            notes.append(f"{cells.header(field)}: {column.never:,} {times} before {FIRST_YEAR}, read as empty")
        if column.unit == DAY:
            notes.append(f"{cells.header(field)}: dates without times, read as the day's first instant")
        if column.doubtful is not None and (count := int(column.doubtful.sum())):
            notes.append(f"{cells.header(field)}: local times that a DST change skips or repeats: {count}")
    return notes


def _meaning(cells: Cells, field: str) -> str:
    """A meaning that an example may give to a word of a field."""
    is_incident = field == "status" and cells.layout.shape in names.OF_OPERATIONS
    return "open" if is_incident else _MEANINGS[field]


def _unknown(field: str, words: Counter[str], meaning: str) -> str:
    """The words of a field that nothing explains, with the flag that would."""
    shown = ", ".join(f"{shortened(word, 60)!r} ({count})" for word, count in words.most_common(_SHOWN))
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    example = words.most_common(1)[0][0]
    flag = f"--value {shlex.quote(f'{field}:{example}={meaning}')}"
    if not example.isprintable() or len(example) > _LONG:  # nobody can type that on a command line
        flag = f"values: {{{field}: ...}} in a mapping file"
    return f"{field} not known: {shown}{more}; say what is meant, for example {flag}"
