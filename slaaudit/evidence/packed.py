"""Messages that stand in the cells of a list, each one's parts as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from slaaudit.evidence.arrays import nulls, taken, texts
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.tables import Rejected
from slaaudit.evidence.words import encoded, strings, trimmed

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.profile_rules import MessageKeys
    from slaaudit.evidence.tables import Rows

_NO_LIST = "no list of messages in JSON"


class Packed(NamedTuple):
    """The messages of a list: each one's record, header position, and parts as text."""

    row: Rows
    header: Rows
    parts: dict[str, pa.ChunkedArray]


def packed_json(cells: Cells, keys: MessageKeys) -> Packed | None:
    """The messages in cells that hold a list of them in JSON; None where there is none.

    A bare number is a count of messages, as interfaces tell it, and no message; other cells are rejected.
    """
    found: list[tuple[int, int, dict[str, Any]]] = []
    for header in cells.layout.message_columns():
        text = cells.column(header)
        rows = np.flatnonzero(~nulls(text) & cells.usable)
        # JSON has no columns before it is parsed, so this goes cell by cell, as the reading of a JSON file does
        for row, cell in zip(rows.tolist(), taken(text, rows).to_pylist(), strict=True):
            messages = _messages(cell)
            if messages is None:
                value = shortened(cell.strip())
                cells.rejected.append(
                    Rejected(cells.sheet.path, int(cells.rows[row]), _NO_LIST, cells.sheet.headers[header], value)
                )
            else:
                found += [(row, header, message) for message in messages]
    if not found:
        return None
    names = {"at": keys.at, "actor": keys.actor, "group": keys.group, "public": keys.public}
    return Packed(
        np.array([row for row, _, _ in found], np.int64),
        np.array([header for _, header, _ in found], np.int64),
        {
            part: trimmed(pa.chunked_array([texts([_inner(message, key) for _, _, message in found])]))
            for part, key in names.items()
            if key
        },
    )


def _messages(cell: str) -> list[dict[str, Any]] | None:
    try:
        told = json.loads(cell)
    except (json.JSONDecodeError, RecursionError):
        return [] if not cell.strip() else None
    if isinstance(told, int):
        return []
    if isinstance(told, list) and all(isinstance(each, dict) for each in told):
        return told
    return None


def _inner(message: dict[str, Any], key: str) -> str:
    """The text under a key whose points lead into objects; empty where there is none."""
    value: Any = message
    for name in key.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).encode(errors="replace").decode()


def reject(cells: Cells, packed: Packed, which: Rows, reason: str, part: str = "all") -> None:
    """Single cells that cannot be used; the ticket itself stays."""
    codes, words = encoded(taken(packed.parts[part], which))
    values = [*map(shortened, strings(words)), ""]  # the last one serves -1
    headers = [cells.sheet.headers[header] for header in packed.header[which].tolist()]
    rows = cells.rows[packed.row[which]].tolist()
    cells.rejected += [
        Rejected(cells.sheet.path, row, reason, header, values[code])
        for row, header, code in zip(rows, headers, codes.tolist(), strict=True)
    ]
