"""Columns of text to codes, and the vocabularies that all files share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence.arrays import nulls, numbers, text_scalar, texts, truths, without
from slaaudit.evidence.tables import NONE, Codes, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SEPARATOR = "\x1f"
_MANY = 1000
_LARGE = 1 << 30  # bytes


class Pool:
    """A growing vocabulary: words to codes in the order of their first appearance.

    With ``key`` two words of one key share a code; the first spelling stands for both.
    """

    def __init__(self, key: Callable[[str], str] = str) -> None:
        self._key = key
        self._codes: dict[str, int] = {}
        self.words: list[str] = []

    def code(self, word: str | None) -> int:
        """The code of one word; -1 for none."""
        if word is None:
            return NONE
        key = self._key(word)
        if key not in self._codes:
            self._codes[key] = len(self.words)
            self.words.append(word)
        return self._codes[key]

    def codes(self, words: Words) -> Codes:
        """A column's codes in this vocabulary. Only words that the column uses are taken in."""
        table = np.full(len(words.words) + 1, NONE, np.int32)  # the last one serves -1
        for code in np.unique(words.codes):
            if code != NONE:
                table[code] = self.code(words.words[code])
        return table[words.codes]


def joined_words(columns: Sequence[Words | None], counts: Sequence[int]) -> Words:
    """Columns of several files as one; one that a file has not is empty for its ``counts`` rows."""
    if len(columns) == 1 and columns[0] is not None:
        return columns[0]
    pool = Pool()
    codes = [
        np.full(count, NONE, np.int32) if column is None else pool.codes(column)
        for column, count in zip(columns, counts, strict=True)
    ]
    return Words(np.concatenate([np.zeros(0, np.int32), *codes]), tuple(pool.words))


def trimmed(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """The text without white space around it; what is then empty is null."""
    text = pc.utf8_trim_whitespace(text)
    if pc.min(pc.binary_length(text)).as_py() == 0:
        text = without(text, pc.equal(text, text_scalar("")))
    return text


def words_of(text: pa.ChunkedArray) -> Words:
    """A column of text as codes, trimmed."""
    codes, dictionary = encoded(text)
    vocabulary = strings(dictionary)
    clean = [word.strip() for word in vocabulary]
    column = Words(codes, vocabulary)
    return column if all(map(str.__eq__, clean, vocabulary)) else mapped(column, clean)


def encoded(text: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """Codes (-1 for null) and the array of distinct texts, in order of first appearance."""
    if not len(text):
        return np.zeros(0, np.int32), texts([])
    chunks = text.dictionary_encode().chunks
    indices = pa.chunked_array([chunk.indices for chunk in chunks])
    codes = numbers(indices, np.int32)
    if indices.null_count:
        codes = np.where(nulls(indices), np.int32(NONE), codes)
    return codes, chunks[-1].dictionary


def encoded_ids(text: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """The same for ids, none of them null: where they stand in order, as in most exports, no two can be equal."""
    if len(text) < _MANY or text.nbytes > _LARGE or not (_in_order(text[:_MANY]) and _in_order(text)):
        return encoded(text)
    return np.arange(len(text), dtype=np.int32), text.combine_chunks()


def _in_order(text: pa.ChunkedArray) -> bool:
    """Whether texts rise or fall strictly, as text or by length first (as numbers do: T-9, T-10)."""
    longer = np.diff(numbers(pc.binary_length(text), np.int32))
    for follows, way in ((pc.less, 1), (pc.greater, -1)):
        steps = truths(follows(text[:-1], text[1:]))
        if steps.all() or np.where(longer == 0, steps, longer * way > 0).all():
            return True
    return False


class Texts(Sequence[str]):
    """An array of texts as a sequence of strings. Strings are made when they are asked for."""

    def __init__(self, array: pa.Array) -> None:
        self._texts = array
        self._all: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if self._all is not None:
            return self._all[index]
        if isinstance(index, slice):
            return self._strings()[index]
        found: str = self._texts[index].as_py()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._strings())

    def index(self, value: str, start: int = 0, stop: int | None = None) -> int:
        """The first place of ``value``; ValueError where it is not in the sequence."""
        return self._strings().index(value, start, len(self) if stop is None else stop)

    def __contains__(self, value: object) -> bool:
        return value in self._strings()

    def _strings(self) -> tuple[str, ...]:
        if self._all is None:
            self._all = strings(self._texts)
        return self._all


def strings(array: pa.Array) -> tuple[str, ...]:
    """The texts as Python strings; one join and one split are far faster than asking for each."""
    if len(array) < _MANY or array.nbytes > _LARGE or pc.any(pc.match_substring(array, _SEPARATOR)).as_py():
        return tuple(array.to_pylist())
    ends = pa.py_buffer(np.array([0, len(array)], np.int32))
    listed = pa.ListArray.from_buffers(pa.list_(pa.string()), 1, [None, ends], children=[array])
    return tuple(pc.binary_join(listed, text_scalar(_SEPARATOR))[0].as_py().split(_SEPARATOR))


def mapped(column: Words, meanings: Sequence[str]) -> Words:
    """The column with each word replaced by its meaning; an empty meaning is no word. Equal meanings share a code."""
    pool = Pool()
    table = np.full(len(meanings) + 1, NONE, np.int32)
    for code, meaning in enumerate(meanings):
        table[code] = pool.code(meaning or None)
    return Words(table[column.codes], tuple(pool.words))


def folded(word: str) -> str:
    """The word as a mapping compares it: trimmed and without case."""
    return word.strip().casefold()


def with_meanings(column: Words, meanings: Mapping[str, str]) -> Words:
    """The column after a value mapping, whose words are ``folded`` already."""
    if not meanings:
        return column
    return mapped(column, [meanings.get(folded(word), word) for word in column.words])
