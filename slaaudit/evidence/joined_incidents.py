"""Incidents of several files as one table: equal rows count once, those that contradict each other are put aside.

An incident from which several components suffered may have a row for each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from slaaudit.evidence.incidents import Incidents
from slaaudit.evidence.joined import Joined, stacked, time_text
from slaaudit.evidence.settings import filled
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.tables import NONE, Rejected, Words
from slaaudit.evidence.words import Texts, encoded, joined_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from slaaudit.evidence.outages import OutagePart
    from slaaudit.evidence.tables import Codes, Instants, Rows


def joined_incidents(
    parts: Sequence[OutagePart], paths: Sequence[str], stated: Sequence[tuple[str, str]]
) -> Joined[Incidents]:
    """The incidents of all files: equal rows once, contradicting ones put aside, all of them."""
    table = _whole(parts, stated)
    again, first = _repeated(table)
    if not len(again):
        return Joined(table, [], [])
    differing = _differing(table, again, first)
    is_bad = np.isin(first, first[np.isin(again, list(differing))])
    gone = np.concatenate([again, first[is_bad]])
    same = int((~is_bad).sum())
    rows = "rows equal earlier ones" if same > 1 else "row equals an earlier one"
    notes = [f"{same} {rows} of the same incident: counted once"] if same else []
    kept = _some(table, np.delete(np.arange(len(table)), gone))
    return Joined(kept, [*_contradictions(table, again[is_bad], first[is_bad], differing, paths)], notes)


def _whole(parts: Sequence[OutagePart], stated: Sequence[tuple[str, str]]) -> Incidents:
    lengths = [len(part.rows) for part in parts]
    ids, dictionary = encoded(pa.chunked_array([chunk for part in parts for chunk in part.ids.chunks], pa.string()))
    share, known = _shares(parts)
    fields = {
        name: joined_words([part.fields.get(name) for part in parts], lengths)
        for name in dict.fromkeys(name for part in parts for name in part.fields)
    }
    for name, value in stated:
        fields[name] = filled(fields.get(name), value, sum(lengths))
    return Incidents(
        Words(ids, Texts(dictionary)),
        stacked([part.started_at for part in parts], np.int64),
        stacked([part.ended_at for part in parts], np.int64),
        share,
        known,
        stacked([np.full(len(part.rows), part.file, np.int32) for part in parts], np.int32),
        stacked([part.rows for part in parts], np.int32),
        fields,
    )


def _shares(parts: Sequence[OutagePart]) -> tuple[Codes, tuple[Fraction, ...]]:
    """The shares of all files as codes into one list."""
    if len(parts) == 1:
        return parts[0].share, tuple(parts[0].shares)
    known: dict[Fraction, int] = {}
    columns = [
        np.array([*(known.setdefault(each, len(known)) for each in part.shares), NONE], np.int32)[part.share]
        for part in parts
    ]
    return stacked(columns, np.int32), tuple(known)


def _some(table: Incidents, rows: Rows) -> Incidents:
    return Incidents(
        table.ids.take(rows),
        table.started_at[rows],
        table.ended_at[rows],
        table.share[rows],
        table.shares,
        table.file[rows],
        table.row[rows],
        {name: column.take(rows) for name, column in table.fields.items()},
    )


def _repeated(table: Incidents) -> tuple[Rows, Rows]:
    """The rows that have the id and component of an earlier one, and for each the first such row."""
    if len(table.ids.words) == len(table):  # every id is there once
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    component = table.fields.get("component")
    codes = np.zeros(len(table), np.int64) if component is None else component.codes.astype(np.int64) + 1
    keys = table.ids.codes.astype(np.int64) * (int(codes.max(initial=0)) + 1) + codes
    _, firsts, which = np.unique(keys, return_index=True, return_inverse=True)
    first = firsts[which]
    again = np.flatnonzero(first != np.arange(len(keys)))
    return again, first[again]


def _differing(table: Incidents, again: Rows, first: Rows) -> dict[int, str]:
    """The rows that differ from their first one, each with the first field in which it does."""
    columns: dict[str, Instants | Codes] = {
        "started_at": table.started_at,
        "ended_at": table.ended_at,
        "share": table.share,
        **{name: column.codes for name, column in table.fields.items()},
    }
    found: dict[int, str] = {}
    for name, column in columns.items():
        for row in again[column[again] != column[first]].tolist():
            found.setdefault(row, name)
    return found


def _contradictions(
    table: Incidents, again: Rows, first: Rows, differing: dict[int, str], paths: Sequence[str]
) -> list[tuple[int, Rejected]]:
    """Every row of an incident whose rows contradict each other, each with another one that it contradicts."""
    told: list[tuple[int, Rejected]] = []
    witness: dict[int, int] = {}
    for row, earlier in zip(again.tolist(), first.tolist(), strict=True):
        if row in differing:
            witness.setdefault(earlier, row)
    for row, earlier in zip(again.tolist(), first.tolist(), strict=True):
        other = earlier if row in differing else witness[earlier]
        told.append(_contradiction(table, row, other, differing.get(row, differing[witness[earlier]]), paths))
    told += [_contradiction(table, row, other, differing[other], paths) for row, other in witness.items()]
    return told


def _contradiction(
    table: Incidents, row: int, other: int, column: str, paths: Sequence[str]
) -> tuple[int, Rejected]:  # fmt: skip
    file, other_file = int(table.file[row]), int(table.file[other])
    where = f"row {int(table.row[other])}{'' if file == other_file else f' of {paths[other_file]}'}"
    reason = f"{where} tells of the same incident, {shortened(table.ids[row] or '', 40)}, and differs here"
    return file, Rejected(paths[file], int(table.row[row]), reason, column, _cell(table, row, column))


def _cell(table: Incidents, row: int, column: str) -> str:
    if column == "share":
        code = int(table.share[row])
        return "" if code == NONE else str(table.shares[code])
    if column in {"started_at", "ended_at"}:
        return time_text(getattr(table, column)[row])
    return shortened(table.fields[column][row] or "")
