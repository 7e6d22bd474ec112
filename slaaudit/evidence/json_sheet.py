"""JSON as a sheet: one object a line, a list of objects, or an answer of an interface that holds such a list.

Names inside names are joined by points (``via.channel``). A list of changes inside an object, such as the events of a
Zendesk audit or the histories of a Jira issue, makes a row of each; other lists stay JSON in their cell.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.errors import EvidenceError
from slaaudit.evidence.arrays import texts, without
from slaaudit.evidence.sheets import Grid, Sheet, no_records, shortened
from slaaudit.evidence.text import utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.evidence.containers import Content

_CHANGES = ("events", "histories", "items")
"""Lists whose objects are rows of their own."""
_ANSWERS = ("incidents", "scheduled_maintenances", "data")
"""Lists that are the answer of an interface, whatever other lists stand beside them."""
NO_OBJECTS = "the JSON holds no objects"
_DEEPEST = 12
_LONGEST_EMPTY = 1 << 16  # bytes; an answer without incidents is about a page's name and address


def json_sheet(found: Content) -> Sheet:
    """The objects of the file as rows. EvidenceError where it is no JSON or holds no objects.

    An empty list, or an interface's answer with one, is a sheet without headers and rows.
    """
    data, notes = utf8(found.path, found.data)
    if _is_empty_answer(data):
        told = (*notes, "JSON, an object a row")
        return Sheet(found.path, found.digest, (), told, lambda columns, _: no_records(columns), NO_OBJECTS)
    numbered = _objects(found.path, data)
    rows = [(number, row) for number, each in numbered for row in _rows(each)]
    if not rows:
        raise EvidenceError(f"{found.path}: {NO_OBJECTS}. Export it again.")
    headers = tuple(dict.fromkeys(name for _, row in rows for name in row))
    numbers = np.array([number for number, _ in rows], np.int32)

    def grid(columns: Sequence[int], empty: Sequence[str]) -> Grid:
        none = texts(["", *empty])
        cells = {
            index: pa.chunked_array([texts([row.get(headers[index], "") for _, row in rows])]) for index in columns
        }
        return Grid(
            {index: without(text, pc.is_in(text, value_set=none)) for index, text in cells.items()}, numbers, []
        )

    return Sheet(found.path, found.digest, headers, (*notes, "JSON, an object a row"), grid)


def _is_empty_answer(data: bytes) -> bool:
    """Whether the file is an empty list, or an interface's answer of which the list is empty."""
    if len(data) > _LONGEST_EMPTY:
        return False
    try:
        whole = json.loads(data)
    except (json.JSONDecodeError, RecursionError):
        return False
    if not isinstance(whole, dict):
        return isinstance(whole, list) and not whole
    named = [whole[name] for name in _ANSWERS if name in whole]
    return bool(named) and all(each == [] for each in named)


def _objects(path: str, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    """The objects with their numbers: the line's, or the place in the list."""
    try:
        whole = json.loads(data)
    except (json.JSONDecodeError, RecursionError):
        return _of_lines(path, data)
    if isinstance(whole, dict):
        whole = _inner(whole)
        named = [whole[name] for name in _ANSWERS if _is_of_objects(whole.get(name))]
        lists = named[:1] or [value for value in whole.values() if _is_of_objects(value)]
        is_answer = len(lists) == 1 and not _is_change(whole)
        whole = lists[0] if is_answer else [whole]
    if not _is_of_objects(whole):
        raise EvidenceError(f"{path}: this JSON is no list of objects. Export it as CSV, or one object a line.")
    return list(enumerate(whole, 1))


def _inner(whole: dict[str, Any]) -> dict[str, Any]:
    """The object, or the one that alone stands in it and holds a list: ``{"summary": {"states": [...]}}``."""
    inner = next(iter(whole.values())) if len(whole) == 1 else None
    is_wrapped = isinstance(inner, dict) and any(_is_of_objects(value) for value in inner.values())
    return inner if is_wrapped and isinstance(inner, dict) and not _is_change(inner) else whole


def _is_change(whole: dict[str, Any]) -> bool:
    """Whether the object is one audit, not an answer that holds many."""
    return any(name in whole for name in _CHANGES) and "id" in whole


def _is_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _of_lines(path: str, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    found: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            each = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            shown = shortened(line.decode(errors="replace").strip(), 60)
            raise EvidenceError(
                f"{path}: line {number} is no JSON: {shown!r}. The file may be cut; export it again."
            ) from None
        if not isinstance(each, dict):
            raise EvidenceError(f"{path}: line {number} is JSON but no object. Export one object a line.")
        found.append((number, each))
    return found


def _rows(each: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The object as one row of texts, or one for each of its changes."""
    row: dict[str, str] = {}
    changes: list[tuple[str, list[dict[str, Any]]]] = []
    _flatten("", each, row, changes, 0)
    if not changes:
        yield row
        return
    for name, listed in changes:
        for change in listed:
            for inner in _rows(change):
                yield {**row, **{f"{name}.{key}": text for key, text in inner.items()}}


def _flatten(
    name: str, value: object, row: dict[str, str], changes: list[tuple[str, list[dict[str, Any]]]], depth: int
) -> None:
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, inner in value.items():
            _flatten(f"{name}.{key}" if name else str(key), inner, row, changes, depth + 1)
    elif isinstance(value, list) and _is_of_objects(value) and name.rsplit(".", 1)[-1] in _CHANGES:
        changes.append((name, value))
    else:
        row[name] = _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value).encode(errors="replace").decode()
    return json.dumps(value)
