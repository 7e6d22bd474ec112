"""Which rows of an export count: not those that a profile passes over, nor what was cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.headers import Headers
from slaaudit.evidence.lists import states_of
from slaaudit.evidence.tables import NONE, State, Words
from slaaudit.evidence.words import folded, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.profile_rules import Only
    from slaaudit.evidence.tables import Rows


def pass_over_others(cells: Cells) -> None:
    """Leave out the rows that the profile says are no matter of ours, counted by their word."""
    headers = Headers(cells.layout.headers)
    for only in cells.layout.only:
        place = headers.first_place(only.column)
        if place is None:
            continue
        column = words_of(cells.column(place))
        counts = np.array([*_counted(only, column.words), True])[column.codes]
        cells.pass_over_by_word(np.flatnonzero(~counts), column, f"{headers.headers[place]} ")


def _counted(only: Only, words: Sequence[str]) -> Iterator[bool]:
    """Whether the rows of each word count."""
    wanted, unwanted = ({folded(word) for word in listed} for listed in (only.words, only.not_))
    parts = [part.casefold() for part in only.containing]
    for word in words:
        plain = folded(word)
        is_named = plain not in unwanted and (not wanted or plain in wanted)
        yield is_named and (not parts or any(part in plain for part in parts))


def pass_over_cancelled(cells: Cells, status: Words) -> None:
    """Leave out what was cancelled, merged into another or a duplicate, by its status."""
    cells.pass_over_by_word(np.flatnonzero(states_of(cells.layout, status) == State.CANCELLED), status)


def each_of(cells: Cells, field: str) -> tuple[Rows, Words]:
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
