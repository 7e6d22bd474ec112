"""A file as a sheet: headers first, then the columns that somebody needs, all as text.

Nothing is inferred: an id stays ``00123``, and a cell is null only where it is empty or one of the export's own
words for empty.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from slaaudit.errors import EvidenceError
from slaaudit.evidence.containers import Content, Digest, content
from slaaudit.evidence.header_row import SEARCHED, header_index, is_named
from slaaudit.evidence.tables import Rejected
from slaaudit.evidence.text import utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slaaudit.evidence.header_row import Known
    from slaaudit.evidence.tables import Codes

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
NO_ROWS = "the file has a header but no rows"
LONGEST_RECORD = 4 << 20  # bytes; a longer one is a quotation mark never closed, or no table
_MOSTLY = 0.5  # of the records, as wide as the header
_LONGEST_HEADER = 1 << 20
_END = "\x1eend\x1e"  # a record put after the last one, to see that no open quotation mark swallows it


class Grid(NamedTuple):
    """The needed columns by header position, each record's row number, and the records of a wrong width."""

    columns: Mapping[int, pa.ChunkedArray]
    rows: Codes
    rejected: list[Rejected]


@dataclass(frozen=True)
class Sheet:
    """One input file, opened: its headers are known, its columns are read on demand by ``grid``.

    ``without_rows`` says that there is a header and nothing below it; empty where there is something.
    """

    path: str
    digest: Digest
    headers: tuple[str, ...]
    notes: tuple[str, ...]
    grid: Callable[[Sequence[int], Sequence[str]], Grid]
    without_rows: str = ""


def opened(
    path: str, known: Known = frozenset, sheet: str = "", bytes_of: Callable[[str], bytes] | None = None
) -> Sheet:
    """The sheet at ``path``; of a workbook, the one of that name or the first. EvidenceError where there is none.

    ``known`` gives the names by which a header is found that does not stand first, ``bytes_of`` a file's bytes.
    """
    found = content(path, bytes_of)
    if found.is_parquet:
        from slaaudit.evidence.parquet_sheet import parquet_sheet  # noqa: PLC0415 - only Parquet exports need it

        return parquet_sheet(found)
    if found.is_json:
        from slaaudit.evidence.json_sheet import json_sheet  # noqa: PLC0415 - only JSON needs it

        return json_sheet(found)
    if found.is_workbook:
        from slaaudit.evidence.workbook import workbook_sheet  # noqa: PLC0415 - only workbooks need it

        return workbook_sheet(found, known, sheet)
    return _text_sheet(found, known)


# --- text -----------------------------------------------------------------------------------------------------


class _Header(NamedTuple):
    """The header record: its cells, where it ends, the filled records above it, and how cells are separated."""

    cells: tuple[str, ...]
    end: int
    above: tuple[str, ...]
    delimiter: str
    is_spaced: bool


def _text_sheet(found: Content, known: Known) -> Sheet:
    data, notes = utf8(found.path, found.data)
    header = _header(found.path, data, known)
    is_empty = len(data) - header.end < LONGEST_RECORD and not data[header.end :].strip()
    if header.delimiter != "," or header.is_spaced:
        space = " and space" if header.is_spaced else ""
        notes = (*notes, f"separated by {DELIMITERS.get(header.delimiter, header.delimiter)}{space}")
    notes = (*notes, *above_note(header.above))

    def grid(columns: Sequence[int], empty: Sequence[str]) -> Grid:
        if is_empty:
            return no_records(columns)
        body = _unspaced(data, header.end, header.delimiter) if header.is_spaced else data
        start = 0 if header.is_spaced else header.end
        first = 2 + len(header.above)
        wide = len(header.cells)
        return _Parse(found.path, body, start, header.delimiter, wide, tuple(columns), tuple(empty), first).grid()

    return Sheet(found.path, found.digest, header.cells, notes, grid, NO_ROWS if is_empty else "")


def no_records(columns: Sequence[int]) -> Grid:
    """The columns of a file that has a header and nothing below it."""
    return Grid({index: pa.chunked_array([], pa.string()) for index in columns}, np.zeros(0, np.int32), [])


def above_note(above: Sequence[str]) -> tuple[str, ...]:
    """What stands above the header, as a note."""
    if not above:
        return ()
    rows = "row" if len(above) == 1 else "rows"
    shown = ", ".join(repr(shortened(text.strip(), 40)) for text in above[:3])
    return (f"{len(above)} {rows} above the header left out: {shown}{', …' if len(above) > len(above[:3]) else ''}",)


def _header(path: str, data: bytes, known: Known) -> _Header:
    start, stated = _after_preamble(data)
    end = _record_end(path, data, start)
    delimiter, place = (stated, _place(data, start, stated, known)) if stated else _delimiter(path, data, start, known)
    above: list[str] = []
    while len(above) < place and end < len(data):
        text = data[start:end].decode(errors="replace").strip()
        above += [text] if text else []
        start, end = end, _record_end(path, data, end)
    while not data[start:end].strip() and end < len(data):  # an empty line between the title and the header
        start, end = end, _record_end(path, data, end)
    cells = _records(data[start:end], delimiter)[0]
    first = [*data[start:end].decode(errors="replace").splitlines(), ""][0]
    raw = next(csv.reader([first], delimiter=delimiter), [""])
    is_spaced = len(raw) > 1 and delimiter != "\t" and all(cell.startswith(" ") for cell in raw[1:])
    return _Header(tuple(cell.strip() for cell in cells), end, tuple(above), delimiter, is_spaced)


def _unspaced(data: bytes, start: int, delimiter: str) -> bytes:
    """The records without the space that follows each delimiter outside quotation marks."""
    signs = np.frombuffer(data, np.uint8)[start:]
    outside = np.cumsum(signs == ord('"'), dtype=np.int64) % 2 == 0
    gone = np.zeros(len(signs), np.bool_)
    gone[1:] = (signs[1:] == ord(" ")) & (signs[:-1] == ord(delimiter)) & outside[:-1]
    return signs[~gone].tobytes()


def _after_preamble(data: bytes) -> tuple[int, str]:
    """Where the header begins, and the delimiter if an Excel ``sep=`` line states it."""
    start, stated = 0, ""
    while True:
        near = start + _LONGEST_HEADER
        breaks = (data.find(b"\n", start, near), data.find(b"\r", start, near))
        line_end = min((at for at in breaks if at >= 0), default=-1)
        line = data[start:line_end].strip(b" \t\r") if line_end >= 0 else b"?"
        if line.lower().startswith(b"sep=") and len(line) == len("sep=") + 1:
            stated = line[-1:].decode()
        elif line and not line.startswith(b"#TYPE "):
            return start, stated
        start = line_end + 1


def _record_end(path: str, data: bytes, start: int) -> int:
    """The offset after the record that begins at ``start``, its line break included."""
    head = data[start : start + _LONGEST_HEADER]
    quoted = False
    for offset, byte in enumerate(head):
        if byte == ord('"'):
            quoted = not quoted
        elif byte in b"\r\n" and not quoted:
            return start + offset + 1
    if len(head) == _LONGEST_HEADER:
        raise EvidenceError(
            f"{path}: the first line is longer than 1 MB, so it is no header of a table. Export it as CSV."
        )
    return start + len(head)


def _records(part: bytes, delimiter: str) -> list[list[str]]:
    lines = part.decode(errors="replace").splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    found: list[list[str]] = []
    try:
        for record in reader:
            if len(record) > 1 or any(cell.strip() for cell in record):
                found.append(record)
            if len(found) > 2 * SEARCHED:
                break
    except csv.Error:
        pass  # an overlong cell: what was read until then tells the delimiter well enough
    return found or [[""]]


def _delimiter(path: str, data: bytes, start: int, known: Known) -> tuple[str, int]:
    """The delimiter and the header's place under it.

    It is the one under which the most of the records below the header are as wide as it; it must be wider than 1.
    One whose header has known names comes before one that only the cells of a few long texts are full of.
    """
    sample = data[start : start + (64 << 10)]
    is_cut = len(data) > start + len(sample)
    found: list[tuple[float, int, str, int]] = []
    named: list[tuple[float, int, str, int]] = []
    for candidate in DELIMITERS:
        place = _place(data, start, candidate, known)
        header, *records = _records(sample, candidate)[place:]
        records = records[:-1] if is_cut else records
        agree = sum(len(record) == len(header) for record in records) / max(len(records), 1)
        if len(header) > 1:
            found.append((round(agree, 1), len(header), candidate, place))
            if (agree >= _MOSTLY or not records) and is_named(header, known):
                named.append(found[-1])
    best = max(named or found, key=lambda each: each[:2], default=None)
    if best is None:
        line = shortened(sample.split(b"\n", 1)[0].decode(errors="replace").strip(), 80)
        raise EvidenceError(
            f"{path}: the header is one single column: {line}. Columns may be separated by "
            "comma, semicolon, tab or pipe; export the file again with one of these."
        )
    return best[2], best[3]


def _place(data: bytes, start: int, delimiter: str, known: Known) -> int:
    """How many filled records stand above the header."""
    return header_index(_records(data[start : start + (64 << 10)], delimiter), known)


@dataclass(frozen=True)
class _Parse:
    """One reading of a text sheet's records."""

    path: str
    data: bytes
    start: int
    delimiter: str
    width: int
    columns: tuple[int, ...]
    empty: tuple[str, ...]
    first: int

    def grid(self) -> Grid:
        quoted = self.data.find(b'"', self.start) >= 0
        sentinel = quoted and self.data.count(b'"', self.start) % 2 == 1
        try:
            table, ragged = self._table(threads=True, quoted=quoted, sentinel=sentinel)
            if ragged:  # only one thread can number the records
                table, ragged = self._table(threads=False, quoted=quoted, sentinel=sentinel)
        except pa.ArrowInvalid as error:
            raise self._explained(error) from None
        if sentinel:
            table = self._without_sentinel(table, ragged)
        return self._numbered(table, ragged)

    def _table(self, *, threads: bool, quoted: bool, sentinel: bool) -> tuple[pa.Table, list[pa_csv.InvalidRow]]:
        ragged: list[pa_csv.InvalidRow] = []

        def skip(row: pa_csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip"

        names = [str(index) for index in range(self.width)]
        wanted = [str(index) for index in self.columns]
        table = pa_csv.read_csv(
            pa.BufferReader(self._buffer(sentinel=sentinel)),
            read_options=pa_csv.ReadOptions(column_names=names, use_threads=threads, block_size=LONGEST_RECORD),
            parse_options=pa_csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=quoted, invalid_row_handler=skip
            ),
            memory_pool=pa.system_memory_pool(),  # the default one takes twice as long for fresh memory
            convert_options=pa_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=True,
                null_values=["", *self.empty],
            ),
        )
        return table, ragged

    def _buffer(self, *, sentinel: bool) -> pa.Buffer:
        if not sentinel:
            return pa.py_buffer(self.data).slice(self.start)
        last = self.delimiter.join([_END] * self.width)
        return pa.py_buffer(b"".join((memoryview(self.data)[self.start :], b"\n", last.encode(), b"\n")))

    def _without_sentinel(self, table: pa.Table, ragged: list[pa_csv.InvalidRow]) -> pa.Table:
        if table.num_rows and table.column(0)[-1].as_py() == _END:
            return table.slice(0, table.num_rows - 1)
        row = table.num_rows + len(ragged) + self.first - 1
        raise EvidenceError(
            f"{self.path}: row {row}: a quotation mark is opened and never closed, so the rest of the file would be "
            "one cell. Close it, or export the file again."
        )

    def _numbered(self, table: pa.Table, ragged: list[pa_csv.InvalidRow]) -> Grid:
        total = table.num_rows + len(ragged)
        rows = np.arange(self.first, total + self.first, dtype=np.int32)
        if ragged:
            rows = np.delete(rows, [row.number - 1 for row in ragged])
        rejected = [
            Rejected(
                self.path,
                row.number + self.first - 1,
                f"{row.actual_columns} cells where the header has {self.width}",
                value=shortened(row.text),
            )
            for row in ragged
        ]
        columns = {index: table.column(position) for position, index in enumerate(self.columns)}
        return Grid(columns, rows, rejected)

    def _explained(self, error: pa.ArrowInvalid) -> EvidenceError:
        if "straddling" in str(error):
            row, length = _overlong(self.data, self.start, self.first)
            return EvidenceError(
                f"{self.path}: row {row} is {length / (1 << 20):,.0f} MB long; a record may have 4 MB. A quotation "
                "mark that is never closed does this too. Repair the row, or export without the long column."
            )
        return EvidenceError(f"{self.path}: the file cannot be read as a table: {error}.")


def _overlong(data: bytes, start: int, first: int) -> tuple[int, int]:
    """Row number and length of the first record longer than ``LONGEST_RECORD`` (or of the longest one)."""
    row, parity, record_start, window = first, 0, start, 8 << 20
    for begin in range(start, len(data), window):
        block = np.frombuffer(data, np.uint8, min(window, len(data) - begin), begin)
        quotes = np.flatnonzero(block == ord('"'))
        breaks = np.flatnonzero(block == ord("\n"))
        ends = breaks[(np.searchsorted(quotes, breaks) + parity) % 2 == 0]
        starts = np.concatenate(([record_start], begin + ends + 1))
        lengths = np.diff(starts)
        if (lengths > LONGEST_RECORD).any():
            first = int(np.argmax(lengths > LONGEST_RECORD))
            return row + first, int(lengths[first])
        row, record_start = row + len(ends), int(starts[-1])
        parity = (parity + len(quotes)) % 2
    return row, len(data) - record_start


def shortened(value: str, longest: int = 200) -> str:
    """The value on one line of at most ``longest`` characters, control characters escaped."""
    cut = value[:longest]
    clean = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)
    return clean if len(value) <= longest and len(clean) <= longest else clean[: longest - 1] + "…"
