"""Names and subjects replaced by pseudonyms, the same for the same value throughout a pack.

A pseudonym is the field's name and a number: the place of the value among those of its field, in the order of the
input. The table that undoes it never goes into the pack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.raw_rows import RawRows
from slaaudit.evidence.tables import NONE, Words
from slaaudit.report.pack.sought import Sought

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Input, Rejected
    from slaaudit.policy.waivers import Waiver

ACTOR = "actor"
WITHHELD = "(the record is not shown: it has no columns of which one could be replaced)"
_SIDES = {"vendor", "customer", "system"}  # what a log calls an actor whose name it does not tell


@dataclass
class Redaction:
    """``table`` holds the values of each field in the order of their numbers; it grows as values are met.

    An empty text in it is a number that no value has: its pseudonym would be what the exports call something else.
    """

    fields: tuple[str, ...] = ()
    table: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sought = Sought()
        self._taken: set[str] = set()
        for name in self.fields:
            for number, value in enumerate(self.table.get(name, []), start=1):
                if value.strip():
                    self._sought.add(value.strip(), f"{name}-{number}")

    def learn(self, values: Mapping[str, Sequence[str]]) -> None:
        """Give the values of fields their pseudonyms, in the order in which they stand there."""
        self._taken |= {value.strip() for each in values.values() for value in each}
        for name, each in values.items():
            for value in dict.fromkeys(each):
                self.pseudonym(name, value)

    def pseudonym(self, name: str, value: str) -> str:
        """The value's pseudonym, a new one where it has none."""
        plain = value.strip()
        if not plain or (name == ACTOR and plain.casefold() in _SIDES):
            return value
        known = self._sought.of(plain)
        if known is None:
            numbered = self.table.setdefault(name, [])
            while f"{name}-{len(numbered) + 1}" in self._taken:
                numbered.append("")
            numbered.append(plain)
            known = f"{name}-{len(numbered)}"
            self._sought.add(plain, known)
        return known

    def text(self, text: str) -> str:
        """A text with every known value in it replaced, as a whole or between other words."""
        return self._sought.replaced(text)

    def values_in(self, audit: Audit) -> dict[str, list[str]]:
        """The values of each field that the tickets have, and of the actors of the log, in order."""
        evidence = audit.evidence
        found = {
            name: [column.words[code] for code in _in_order(column.codes)]
            for name, column in evidence.tickets.fields.items()
            if name in self.fields
        }
        if ACTOR in self.fields:
            found[ACTOR] = [evidence.words[code] for code in _in_order(audit.log.who)]
        return found

    def audit(self, audit: Audit) -> Audit:
        """The audit with all that repeats a known value replaced. Verdicts stay as they are."""
        if not self.fields:
            return audit
        evidence = audit.evidence
        columns = {name: self._column(column) for name, column in evidence.tickets.fields.items()}
        redacted = replace(
            evidence,
            tickets=replace(evidence.tickets, fields=columns),
            words=tuple(map(self.text, evidence.words)),
            inputs=self._inputs(evidence.inputs),
            notes=tuple(map(self.text, evidence.notes)),
            rejected=self._rejected(evidence.rejected),
        )
        waived = audit.waived and replace(audit.waived, waivers=self._waivers(audit.waived.waivers))
        return replace(audit, evidence=redacted, words=tuple(map(self.text, audit.words)), waived=waived)

    def service(self, service: Assessment) -> Assessment:
        """The same of an assessment, once the values are known."""
        if not self.fields:
            return service
        known = service.operations
        operations = replace(
            known,
            inputs=self._inputs(known.inputs),
            notes=tuple(map(self.text, known.notes)),
            rejected=self._rejected(known.rejected),
        )
        notes = tuple(map(self.text, service.notes))
        return replace(service, operations=operations, notes=notes, waivers=self._waivers(service.waivers))

    def _inputs(self, inputs: Sequence[Input]) -> tuple[Input, ...]:
        return tuple(replace(each, notes=tuple(map(self.text, each.notes))) for each in inputs)

    def _rejected(self, rows: Sequence[Rejected]) -> tuple[Rejected, ...]:
        """What was put aside. A record that no columns could be told of may hold values that nobody has met."""
        return tuple(
            row._replace(
                reason=self.text(row.reason), value=self.text(row.value) if row.column or not row.value else WITHHELD
            )
            for row in rows
        )

    def _waivers(self, waivers: Sequence[Waiver]) -> tuple[Waiver, ...]:
        """Waivers whose words may repeat a value."""
        return tuple(replace(each, reason=self.text(each.reason), by=self.text(each.by)) for each in waivers)

    def _column(self, column: Words) -> Words:
        return Words(column.codes, tuple(map(self.text, column.words)))

    def rows(self, raw: RawRows, ids: frozenset[str]) -> RawRows:
        """Rows of an export, whatever repeats a value replaced. What is named by one of the ``ids`` keeps its name."""
        if not self.fields:
            return raw
        cells = {
            row: tuple(cell if cell.strip() in ids else self.text(cell) for cell in each)
            for row, each in raw.cells.items()
        }
        return RawRows(raw.headers, cells)


def same_name(header: str, name: str) -> bool:
    """Whether a column's header is the field's name, but for case, spaces and underscores."""
    return _folded(header) == _folded(name)


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def _in_order(codes: np.ndarray) -> Iterable[int]:
    """The codes that occur, in the order of their first appearance."""
    found, first = np.unique(codes, return_index=True)
    return [int(code) for code in found[np.argsort(first)] if code != NONE]
