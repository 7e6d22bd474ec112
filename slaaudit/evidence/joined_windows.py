"""Windows of several files as one table: equal ones count once, usage that overlaps is put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.incidents import Maintenance, Usage
from slaaudit.evidence.joined import Joined, stacked, time_text
from slaaudit.evidence.settings import filled
from slaaudit.evidence.tables import Rejected
from slaaudit.evidence.words import joined_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Words

OVERLAP = "row {row} counts the same time of the same component; say which of the two is right by taking the other out"


def joined_maintenance(parts: Sequence[Maintenance], stated: Sequence[tuple[str, str]]) -> Joined[Maintenance]:
    """The windows of all files, equal ones once."""
    table = Maintenance(
        stacked([part.started_at for part in parts], np.int64),
        stacked([part.ended_at for part in parts], np.int64),
        stacked([part.announced_at for part in parts], np.int64),
        _component(parts, stated),
        stacked([part.file for part in parts], np.int32),
        stacked([part.row for part in parts], np.int32),
    )
    keep, again = first_of_equal([table.started_at, table.ended_at, table.announced_at, table.component.codes])
    rows = np.flatnonzero(keep)
    kept = Maintenance(
        table.started_at[rows],
        table.ended_at[rows],
        table.announced_at[rows],
        table.component.take(rows),
        table.file[rows],
        table.row[rows],
    )
    return Joined(
        kept, [], [f"windows of maintenance that equal an earlier one, counted once: {again}"] if again else []
    )


def joined_usage(parts: Sequence[Usage], paths: Sequence[str], stated: Sequence[tuple[str, str]]) -> Joined[Usage]:
    """The counts of all files, equal ones once; windows of one component that overlap are all put aside."""
    table = Usage(
        stacked([part.window_start for part in parts], np.int64),
        stacked([part.window_end for part in parts], np.int64),
        stacked([part.total for part in parts], np.int64),
        stacked([part.failed for part in parts], np.int64),
        _component(parts, stated),
        stacked([part.file for part in parts], np.int32),
        stacked([part.row for part in parts], np.int32),
    )
    keep, again = first_of_equal(
        [table.window_start, table.window_end, table.total, table.failed, table.component.codes]
    )
    table = _some_usage(table, np.flatnonzero(keep))
    rows, others = overlapping(table.window_start, table.window_end, table.component.codes)
    rejected = [(int(table.file[row]), _overlap(table, row, other, paths)) for row, other in zip(
        rows.tolist(), others.tolist(), strict=True)]  # fmt: skip
    notes = [f"windows of usage that equal an earlier one, counted once: {again}"] if again else []
    return Joined(_some_usage(table, np.delete(np.arange(len(table)), rows)), rejected, notes)


def _component(parts: Sequence[Maintenance] | Sequence[Usage], stated: Sequence[tuple[str, str]]) -> Words:
    column = joined_words([part.component for part in parts], [len(part) for part in parts])
    for name, value in stated:
        if name == "component":
            column = filled(column, value, len(column.codes))
    return column


def _some_usage(table: Usage, rows: Rows) -> Usage:
    return Usage(
        table.window_start[rows],
        table.window_end[rows],
        table.total[rows],
        table.failed[rows],
        table.component.take(rows),
        table.file[rows],
        table.row[rows],
    )


def _overlap(table: Usage, row: int, other: int, paths: Sequence[str]) -> Rejected:
    file, other_file = int(table.file[row]), int(table.file[other])
    where = f"{int(table.row[other])}{'' if file == other_file else f' of {paths[other_file]}'}"
    return Rejected(
        paths[file], int(table.row[row]), OVERLAP.format(row=where), "window_start", time_text(table.window_start[row])
    )


def first_of_equal(columns: Sequence[Instants | Codes]) -> tuple[Mask, int]:
    """Which rows repeat no earlier one, and how many do."""
    order = np.lexsort(columns)  # stable: of equal rows the first comes first
    same = np.ones(max(len(order) - 1, 0), np.bool_)
    for column in columns:
        ordered = column[order]
        same &= ordered[1:] == ordered[:-1]
    keep = np.ones(len(order), np.bool_)
    keep[order[1:][same]] = False
    return keep, int(same.sum())


def overlapping(starts: Instants, ends: Instants, components: Codes) -> tuple[Rows, Rows]:
    """The rows that overlap another one of the same component, in order, and for each of them such another one."""
    count = len(starts)
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.lexsort((ends, starts, components))
    start, end, component = starts[order], ends[order], components[order]
    same = component[1:] == component[:-1]
    holder = _furthest(end, np.concatenate([[0], np.cumsum(~same)]))
    place = np.arange(count)
    back, ahead = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    back[1:] = same & (start[1:] < end[holder[:-1]])
    ahead[:-1] = same & (start[1:] < end[:-1])
    other = np.where(back, np.concatenate([[0], holder[:-1]]), np.minimum(place + 1, count - 1))
    chosen = np.flatnonzero(back | ahead)
    by_row = chosen[np.argsort(order[chosen])]
    return order[by_row], order[other[by_row]]


def _furthest(end: Instants, group: Rows) -> Rows:
    """By row, which of the rows of its group so far has the latest end. Rows are in the order of their groups."""
    count = len(end)
    rank = np.empty(count, np.int64)
    by_rank = np.argsort(end, kind="stable")
    rank[by_rank] = np.arange(count)
    highest = np.maximum.accumulate(rank + group * count) - group * count
    holder: Rows = by_rank[highest]
    return holder
