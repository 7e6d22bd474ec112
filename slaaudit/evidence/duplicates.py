"""Several rows of one ticket in lists: equal ones count once; of unequal ones the first stands, in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.tables import MISSING, NONE, Actor, Rejected, Total, Words
from slaaudit.evidence.words import Pool
from slaaudit.zones import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from slaaudit.evidence.parts import ListPart
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rows, Small

_Element = TypeVar("_Element", bound=np.generic)
_JUDGED = ("status", "created_by", "severity")


class KeptRows:
    """The row of a list that stands for each ticket, and its cells by ticket.

    ``file`` and ``row`` say where it is, -1 where no list speaks of the ticket.
    """

    def __init__(self, lists: Sequence[tuple[ListPart, Codes]], count: int) -> None:
        self.parts = [part for part, _ in lists]
        self.count = count
        self.ticket: Codes = _joined([codes for _, codes in lists], np.int32)
        self._files: Codes = _joined([np.full(len(codes), part.file, np.int32) for part, codes in lists], np.int32)
        self._rows: Codes = _joined([part.rows for part in self.parts], np.int32)
        self._derived: Mask = _joined([np.full(len(codes), part.is_derived) for part, codes in lists], np.bool_)
        self._is_plain = len(self.ticket) == count and bool((self.ticket == np.arange(count)).all())
        self.first: Rows = self._first()
        self.last: Rows = self._last()
        self.conflicting: Mask = np.zeros(count, np.bool_)
        self.rejected: list[Rejected] = []
        self.notes: list[str] = []
        self.file: Codes = self._by_ticket(self._files, NONE)
        self.row: Codes = self._by_ticket(self._rows, NONE)

    def _first(self) -> Rows:
        """Each ticket's row among all rows, -1 for none: the first of a list, else the earliest of snapshots."""
        first = np.full(self.count, NONE, np.int64)
        order = np.arange(len(self.ticket))
        created = self.all_instants("created_at")
        derived = order[self._derived]
        derived = derived[np.argsort(created[derived], kind="stable")]
        for chosen in (derived[::-1], order[~self._derived][::-1]):
            first[self.ticket[chosen]] = chosen
        return first

    def _last(self) -> Rows:
        """The row that has each ticket's words: the first of a list, else the latest of snapshots."""
        last = self.first.copy()
        derived = np.flatnonzero(self._derived)
        if len(derived):
            seen = _joined([_seen_last(part) for part in self.parts], np.int64)
            derived = derived[np.argsort(seen[derived], kind="stable")]
            latest = np.full(self.count, NONE, np.int64)
            latest[self.ticket[derived]] = derived
            by_snapshots = (last != NONE) & self._derived[last]
            last[by_snapshots] = latest[by_snapshots]
        return last

    def _by_ticket(self, column: npt.NDArray[_Element], none: int, row: Rows | None = None) -> npt.NDArray[_Element]:
        if self._is_plain:
            return column
        if not len(column):
            return np.full(self.count, none, column.dtype)
        chosen = self.first if row is None else row
        return np.where(chosen == NONE, np.array(none, column.dtype), column[chosen])

    def has(self, moment: str) -> bool:
        """Whether any list has this moment."""
        return any(moment in part.moments for part in self.parts)

    def fields(self) -> tuple[str, ...]:
        """The names of the tickets' other fields."""
        seen = dict.fromkeys(name for part in self.parts for name in part.words)
        return tuple(name for name in seen if name not in _JUDGED or name == "created_by")

    def instants(self, moment: str) -> Instants:
        """A moment by ticket."""
        return self._by_ticket(self.all_instants(moment), MISSING)

    def all_instants(self, moment: str) -> Instants:
        """A moment by row."""
        return _joined(
            [
                part.moments[moment].at if moment in part.moments else np.full(len(part.rows), MISSING, np.int64)
                for part in self.parts
            ],
            np.int64,
        )

    def doubtful(self, moment: str) -> Mask | None:
        """Which tickets' local time of a moment is doubtful; None where none can be."""
        marks = [part.moments[moment].doubtful if moment in part.moments else None for part in self.parts]
        if all(each is None for each in marks):
            return None
        filled = [
            np.zeros(len(part.rows), np.bool_) if each is None else each
            for part, each in zip(self.parts, marks, strict=True)
        ]
        return self._by_ticket(_joined(filled, np.bool_), 0)

    def words(self, name: str) -> Words:
        """A field by ticket."""
        column = self.all_words(name)
        if self._is_plain:
            return column
        return Words(self._by_ticket(column.codes, NONE, self.last), column.words)

    def all_words(self, name: str) -> Words:
        """A field by row."""
        columns = [part.words.get(name) for part in self.parts]
        if len(columns) == 1 and columns[0] is not None:
            return columns[0]
        pool = Pool()
        codes = [
            np.full(len(part.rows), NONE, np.int32) if column is None else pool.codes(column)
            for part, column in zip(self.parts, columns, strict=True)
        ]
        return Words(_joined(codes, np.int32), tuple(pool.words))

    def totals(self) -> dict[str, Total]:
        """The totals of waiting by ticket, those that any list has."""
        found = dict.fromkeys(name for part in self.parts for name in part.totals)
        return {name: self._total(name) for name in found}

    def _total(self, name: str) -> Total:
        told = [part.totals[name] for part in self.parts if name in part.totals]
        return Total(
            self._by_ticket(self.all_totals(name), MISSING),
            told[0].column,
            max(each.unit for each in told),
            any(each.business for each in told),
        )

    def all_totals(self, name: str) -> Instants:
        """A total by row."""
        return _joined(
            [
                part.totals[name].micros if name in part.totals else np.full(len(part.rows), MISSING, np.int64)
                for part in self.parts
            ],
            np.int64,
        )

    def states(self) -> Small:
        """The state of the last status by ticket, -1 for none."""
        return self._by_ticket(_joined([part.states for part in self.parts], np.int8), NONE, self.last)

    def created_by(self) -> Small:
        """Who created each ticket."""
        return self._by_ticket(_joined([part.created_by for part in self.parts], np.int8), Actor.UNKNOWN)

    # --- rows that repeat a ticket

    def repeated(self) -> Rows:
        """Rows of lists whose ticket has an earlier row."""
        if self._is_plain:
            return np.zeros(0, np.int64)
        return np.flatnonzero((self.first[self.ticket] != np.arange(len(self.ticket))) & ~self._derived)

    def place(self, row: int) -> tuple[int, int]:
        """File and row number of one of the rows."""
        return int(self._files[row]), int(self._rows[row])


def kept_rows(lists: Sequence[tuple[ListPart, Codes]], count: int, paths: Sequence[str], ids: Words) -> KeptRows:
    """One row a ticket; what the other rows say is counted, and rejected where it differs."""
    rows = KeptRows(lists, count)
    again = rows.repeated()
    if not len(again):
        return rows
    differing = _differences(rows, again)
    same = len(again) - len(differing)
    if same:
        said = "rows equal earlier ones" if same > 1 else "row equals an earlier one"
        rows.notes.append(f"{same} {said} of the same ticket: counted once")
    for row, (column, value) in sorted(differing.items()):
        ticket = int(rows.ticket[row])
        rows.conflicting[ticket] = True
        first_file, first_row = rows.place(int(rows.first[ticket]))
        file, number = rows.place(row)
        where = f"row {first_row}" if file == first_file else f"row {first_row} of {paths[first_file]}"
        reason = f"{where} speaks of the same ticket, {shortened(ids.words[ticket], 40)}, and differs here"
        rows.rejected.append(Rejected(paths[file], number, reason, column, shortened(value)))
    return rows


def _differences(rows: KeptRows, again: Rows) -> dict[int, tuple[str, str]]:
    """The first field in which each repeated row differs from its ticket's first row, and what it holds there."""
    found: dict[int, tuple[str, str]] = {}
    first = rows.first[rows.ticket[again]]
    for name in dict.fromkeys(name for part in rows.parts for name in part.moments):
        at = rows.all_instants(name)
        for row in again[at[again] != at[first]].tolist():
            found.setdefault(
                row, (name, "" if at[row] == MISSING else f"{np.datetime64(int(at[row]) // SECOND, 's')}Z")
            )
    for name in dict.fromkeys(name for part in rows.parts for name in part.totals):
        lasted = rows.all_totals(name)
        for row in again[lasted[again] != lasted[first]].tolist():
            found.setdefault(row, (name, "" if lasted[row] == MISSING else f"{lasted[row] // SECOND} s"))
    for name in dict.fromkeys(name for part in rows.parts for name in part.words):
        column = rows.all_words(name)
        for row in again[column.codes[again] != column.codes[first]].tolist():
            found.setdefault(row, (name, column[row] or ""))
    return found


def _seen_last(part: ListPart) -> Instants:
    return np.full(len(part.rows), MISSING, np.int64) if part.last_at is None else part.last_at


def _joined(columns: Sequence[npt.NDArray[_Element]], kind: type[_Element]) -> npt.NDArray[_Element]:
    if len(columns) == 1:
        return columns[0]
    return np.concatenate(columns) if columns else np.zeros(0, kind)
