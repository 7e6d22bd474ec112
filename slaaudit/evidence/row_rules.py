"""Which rows of an export count: not those that a profile passes over, nor what was cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.headers import Headers
from slaaudit.evidence.lists import states_of
from slaaudit.evidence.tables import NONE, State, Words
from slaaudit.evidence.words import folded, words_of

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.profile import Only


def pass_over_others(cells: Cells) -> None:
    """Leave out the rows that the profile says are no matter of ours, counted by their word."""
    headers = Headers(cells.layout.headers)
    for only in cells.layout.only:
        place = headers.first_place(only.column)
        if place is None:
            continue
        column = words_of(cells.column(place))
        counts = np.array([*(_counts(only, word) for word in column.words), True])[column.codes]
        for code in np.unique(column.codes[~counts & cells.usable]).tolist():
            cells.pass_over(np.flatnonzero(column.codes == code), f"{headers.headers[place]} {column.words[code]}")


def _counts(only: Only, word: str) -> bool:
    plain = folded(word)
    if plain in map(folded, only.not_):
        return False
    if only.words and plain not in map(folded, only.words):
        return False
    return not only.containing or any(folded(part) in plain for part in only.containing)


def pass_over_cancelled(cells: Cells, status: Words) -> None:
    """Leave out what was cancelled, merged into another or a duplicate, by its status."""
    for code, word in enumerate(status.words):
        one = Words(np.zeros(1, np.int32), (word,))
        rows = np.flatnonzero(status.codes == code)
        if len(rows) and states_of(cells.layout, one)[0] == State.CANCELLED:
            cells.pass_over(rows, word)


def each_of(cells: Cells, field: str) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Words]:
    """The records, each as often as its cell lists structures, and a word for each of them.

    A record whose cell is empty or lists none stands once, without a word; one whose cell is no list stands with its
    cell as the word.
    """
    column = cells.words(field)
    rule = cells.layout.places[field].rule if cells.has(field) else None
    if rule is None or not rule.each:
        return np.arange(len(cells)), column
    lists = [*(listed_values(word, rule.each) for word in column.words), []]
    words = tuple(dict.fromkeys(value for values in lists for value in values))
    codes = {word: code for code, word in enumerate(words)}
    flat = [np.array([codes[value] for value in values] or [NONE], np.int32) for values in lists]
    lengths = np.array([len(each) for each in flat])[column.codes]
    starts = np.concatenate([[0], np.cumsum([len(each) for each in flat])])[:-1][column.codes]
    record = np.repeat(np.arange(len(cells)), lengths)
    within = np.arange(len(record)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return record, Words(np.concatenate(flat)[np.repeat(starts, lengths) + within], words)


def listed_values(text: str, key: str) -> list[str]:
    """The values of a key in a list of structures, each once.

    >>> listed_values('[{"name": "API"}, {"name": "Web"}]', "name"), listed_values("API", "name")
    (['API', 'Web'], ['API'])
    """
    listed = structures(text)
    if listed is None:
        return [text]
    return list(dict.fromkeys(str(each[key]).strip() for each in listed if each.get(key)))


def structures(text: str) -> list[dict[str, object]] | None:
    """The structures that a cell lists, in JSON or as Python writes them; None where it lists none of them."""
    import ast  # noqa: PLC0415 - few exports hold structures
    import json  # noqa: PLC0415 - see above

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
    found = [found] if isinstance(found, dict) else found
    return found if isinstance(found, list) and all(isinstance(each, dict) for each in found) else None
