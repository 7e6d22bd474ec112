"""Names and subjects replaced by pseudonyms, the same for the same value throughout a pack.

A pseudonym is the field's name and a number: the place of the value among those of its field, in the order of the
input. The table that undoes it never goes into the pack.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from slaaudit.evidence.raw_rows import RawRows
from slaaudit.evidence.tables import NONE, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.policy.waivers import Waiver

ACTOR = "actor"
_WORD = re.compile(r"\w+")
_SHORTEST = 4  # characters of a value that is replaced inside other text; shorter ones only as whole cells


@dataclass
class Redaction:
    """``table`` holds the values of each field in the order of their numbers; it grows as values are met."""

    fields: tuple[str, ...] = ()
    table: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = {
            value.strip(): f"{name}-{number}"
            for name in self.fields
            for number, value in enumerate(self.table.get(name, []), start=1)
        }
        self._beginning: dict[str, list[str]] = defaultdict(list)
        for value in self._names:
            self._enter(value)

    def pseudonym(self, name: str, value: str) -> str:
        """The value's pseudonym, a new one where it has none."""
        plain = value.strip()
        if not plain:
            return value
        if plain not in self._names:
            known = self.table.setdefault(name, [])
            known.append(plain)
            self._names[plain] = f"{name}-{len(known)}"
            self._enter(plain)
        return self._names[plain]

    def _enter(self, value: str) -> None:
        first = _WORD.search(value)
        if first and len(value) >= _SHORTEST:
            self._beginning[first[0]].append(value)
            self._beginning[first[0]].sort(key=len, reverse=True)

    def text(self, text: str) -> str:
        """A text with every known value in it replaced, as a whole or between other words."""
        if not self._names or not text:
            return text
        if text.strip() in self._names:
            return self._names[text.strip()]
        parts: list[str] = []
        done = 0
        for word in _WORD.finditer(text):
            if word.start() < done:
                continue
            value = next((each for each in self._beginning.get(word[0], ()) if self._stands(text, each, word)), None)
            if value is not None:
                start = word.start() - _WORD.search(value).start()  # type: ignore[union-attr]  # entered by its word
                parts += [text[done:start], self._names[value]]
                done = start + len(value)
        return "".join([*parts, text[done:]])

    @staticmethod
    def _stands(text: str, value: str, word: re.Match[str]) -> bool:
        """Whether a value stands in the text where its first word does, and no word goes on after it."""
        start = word.start() - _WORD.search(value).start()  # type: ignore[union-attr]
        end = start + len(value)
        return (
            start >= 0
            and text.startswith(value, start)
            and not (value[-1].isalnum() and end < len(text) and text[end].isalnum())
        )

    def audit(self, audit: Audit) -> Audit:
        """The audit with the fields' values, and all that repeats them, replaced. Verdicts stay as they are."""
        if not self.fields:
            return audit
        evidence = audit.evidence
        tickets = evidence.tickets
        columns = dict(tickets.fields)
        for name in self.fields:
            if name in columns:
                columns[name] = self._column(name, columns[name])
        words = list(evidence.words)
        if ACTOR in self.fields:
            for code in _in_order(audit.log.who):
                self.pseudonym(ACTOR, words[code])
        redacted = replace(
            evidence,
            tickets=replace(tickets, fields=columns),
            words=tuple(map(self.text, words)),
            notes=tuple(map(self.text, evidence.notes)),
            rejected=tuple(
                row._replace(reason=self.text(row.reason), value=self.text(row.value)) for row in evidence.rejected
            ),
        )
        waived = audit.waived and replace(audit.waived, waivers=self._waivers(audit.waived.waivers))
        return replace(audit, evidence=redacted, words=tuple(map(self.text, audit.words)), waived=waived)

    def service(self, service: Assessment) -> Assessment:
        """The same of an assessment, once the tickets' values are known."""
        if not self.fields:
            return service
        return replace(service, waivers=self._waivers(service.waivers))

    def _waivers(self, waivers: Sequence[Waiver]) -> tuple[Waiver, ...]:
        """Waivers whose words may repeat a value."""
        return tuple(replace(each, reason=self.text(each.reason), by=self.text(each.by)) for each in waivers)

    def _column(self, name: str, column: Words) -> Words:
        words = list(column.words)
        for code in _in_order(column.codes):
            words[code] = self.pseudonym(name, words[code])
        return Words(column.codes, tuple(words))

    def rows(self, raw: RawRows) -> RawRows:
        """Rows of an export, the cells of redacted columns and whatever repeats them replaced."""
        if not self.fields:
            return raw
        own = {at: name for at, header in enumerate(raw.headers) for name in self.fields if same_name(header, name)}
        for cells in raw.cells.values():
            for at, name in own.items():
                self.pseudonym(name, cells[at])
        return RawRows(raw.headers, {row: tuple(map(self.text, cells)) for row, cells in raw.cells.items()})

    def record(self, whole: dict[str, Any]) -> dict[str, Any]:
        """A report's record: its sentences and rejected cells may repeat a value."""
        if not self.fields:
            return whole
        return {key: self._within(value) if key in _TOLD else value for key, value in whole.items()}

    def _within(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._within(each) for each in value]
        if isinstance(value, dict):
            return {key: self._within(each) for key, each in value.items()}
        return value


#: The parts of a record in which foreign text may repeat a value.
_TOLD = ("inputs", "notes", "rejected", "findings")


def same_name(header: str, name: str) -> bool:
    """Whether a column's header is the field's name, but for case, spaces and underscores."""
    return _folded(header) == _folded(name)


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def _in_order(codes: np.ndarray) -> Iterable[int]:
    """The codes that occur, in the order of their first appearance."""
    found, first = np.unique(codes, return_index=True)
    return [int(code) for code in found[np.argsort(first)] if code != NONE]
