"""Columns of times, looked at: their formats, what settled day and month, their zone, their first and last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.errors import EvidenceError
from slaaudit.evidence import fields as names
from slaaudit.evidence.digits import by_shape, tidied
from slaaudit.evidence.inspection import TimeFact
from slaaudit.evidence.shapes import layout as layout_of
from slaaudit.evidence.tables import MISSING

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.timestamps import Column

_FORMS = 3
_LONGEST = 80
_ZONED = re.compile(r"%[zZs]")


class Clock(NamedTuple):
    """The zone of times that name none, and who told it: "command", "mapping", "profile" or nobody."""

    zone: str
    told_by: str


def time_facts(cells: Cells, clock: Clock) -> tuple[tuple[TimeFact, ...], dict[str, Column]]:
    """Each column of times with what was understood, and those that could be read."""
    facts: list[TimeFact] = []
    columns: dict[str, Column] = {}
    for field in names.TIMES.get(cells.layout.shape, ()):
        if not cells.has(field):
            continue
        try:
            columns[field] = cells.times(field)
        except EvidenceError as error:
            facts.append(_refused(cells, field, str(error).removeprefix(f"{cells.sheet.path}: "), clock))
        else:
            facts.append(_fact(cells, field, columns[field], clock))
    return tuple(facts), columns


def _fact(cells: Cells, field: str, column: Column, clock: Clock) -> TimeFact:
    known = column.at[column.at != MISSING]
    value = cells.text(field)[column.decided].as_py() if column.decided >= 0 else ""
    return TimeFact(
        field,
        cells.header(field),
        tuple((each.format, each.rows) for each in column.formats[:_FORMS]),
        column.order,
        int(cells.rows[column.decided]) if column.decided >= 0 else 0,
        (value or "")[:_LONGEST],
        column.zoned,
        "" if column.zoned else clock.zone,
        0 if column.doubtful is None else int(column.doubtful.sum()),
        int(known.min()) if len(known) else None,
        int(known.max()) if len(known) else None,
        column.remarks,
    )


def _refused(cells: Cells, field: str, trouble: str, clock: Clock) -> TimeFact:
    """A column that cannot be read without being told more: its formats, either way round."""
    counts: dict[str, int] = {}
    for rows, _, shape in by_shape(tidied(cells.text(field))):
        found = layout_of(shape)
        if not isinstance(found, str):
            form = _either_way(found.text) if found.is_undecided else found.text
            counts[form] = counts.get(form, 0) + len(rows)
    forms = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_FORMS])
    zoned = bool(forms) and all(_ZONED.search(form) for form, _ in forms)
    return TimeFact(
        field, cells.header(field), forms, zoned=zoned, zone="" if zoned else clock.zone, trouble=trouble
    )  # fmt: skip


def _either_way(form: str) -> str:
    r"""The format with the day first, and with the month first.

    >>> _either_way("%d/%m/%Y %H:%M")
    '%d/%m/%Y %H:%M or %m/%d/%Y %H:%M'
    """
    return f"{form} or {form.replace('%d', '%?').replace('%m', '%d').replace('%?', '%m')}"


def rows_of(cells: Cells, marks: np.ndarray[tuple[int], np.dtype[np.bool_]], most: int = 3) -> tuple[int, ...]:
    """The row numbers of the first marked records."""
    return tuple(int(cells.rows[index]) for index in np.flatnonzero(marks)[:most])
