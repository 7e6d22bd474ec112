"""One file's cells, read with its layout: words as codes, times as instants, unusable records put aside."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from slaaudit.evidence import fields as names
from slaaudit.evidence import timestamps
from slaaudit.evidence.arrays import nulls, text_scalar
from slaaudit.evidence.durations import NO_LENGTH, UNITS, Lengths, lengths
from slaaudit.evidence.local_times import fixed_offset, zone_named
from slaaudit.evidence.people import actors_of, same_name
from slaaudit.evidence.shapes import Format, Grain
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.tables import MISSING, NONE, Actor, Rejected, Total, Words
from slaaudit.evidence.texts import as_meant, between, with_clock
from slaaudit.evidence.timestamps import Column, Rules, UndecidedError
from slaaudit.evidence.trailers import without_trailers
from slaaudit.evidence.undecided import refusal
from slaaudit.evidence.unread import Unread
from slaaudit.evidence.words import folded, trimmed, with_meanings, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor, Future

    import pyarrow as pa

    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.sheets import Sheet
    from slaaudit.evidence.tables import Codes, Mask, Rows, Small

_ZONE_IN_HEADER = re.compile(r".*[(\[](UTC|GMT|Z|(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?|[A-Z]\w+/\w+)[)\]]\s*", re.IGNORECASE)

_TIMES_IN_STATUS = r"^(?P<first>\d+)_\*:\*_\d+_\*:\*_\d+(?:_\*\|\*_\d+_\*:\*_\d+_\*:\*_\d+)*$"


class Cells:
    """The needed columns of one sheet. ``usable`` marks the records that nothing has put aside."""

    def __init__(self, sheet: Sheet, layout: Layout, options: ReadOptions, wanted: Iterable[str]) -> None:
        self.sheet = sheet
        self.layout = layout
        self.fields = tuple(field for field in wanted if field in layout.places)
        places = [layout.places[field] for field in self.fields]
        clocks = {place.clock for place in places if place.clock is not None}
        headers = sorted({place.header for place in places} | clocks | layout.other_columns())
        grid, self.left_out = without_trailers(sheet, layout, sheet.grid(headers, layout.empty))
        takes = {layout.places[field].header: layout.places[field].rule.take for field in self.fields}
        self._columns = {header: as_meant(text, takes.get(header) or "") for header, text in grid.columns.items()}
        self.rows: Codes = grid.rows
        self.rejected: list[Rejected] = list(grid.rejected)
        self.records = len(grid.rows) + len(grid.rejected)
        self.usable: Mask = np.ones(len(grid.rows), np.bool_)
        self.times_read: dict[str, Column] = {}
        self._begun: dict[str, Future[Column]] = {}
        self.unknown: dict[str, Counter[str]] = {}
        self.options = options
        self.passed_over: Counter[str] = Counter()
        self.remarks: list[str] = []
        self.rules = self._known_rules()

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, field: str) -> bool:
        """Whether the sheet has this field and somebody wanted it."""
        return field in self.fields

    def header(self, field: str) -> str:
        """The header of a field as it stands in the file."""
        place = self.layout.places.get(field)
        if place is None:  # a field that is the same in every row, or the cells of messages
            return field if field in self.times_read else ""
        return self.sheet.headers[place.header]

    def column(self, header: int) -> pa.ChunkedArray:
        """The cells under a header, as they stand."""
        return self._columns[header]

    def text(self, field: str) -> pa.ChunkedArray:
        """The cells of a field, trimmed; empty is null."""
        return trimmed(self._behind(field))

    def _behind(self, field: str) -> pa.ChunkedArray:
        """The cells of a field, each without what stands before its mark, where the field has one."""
        place = self.layout.places[field]
        column = self._columns[place.header]
        if joined := self.layout.joined_columns(place):
            first = pc.coalesce(column, text_scalar(""))  # a row of nulls only would be left out
            return pc.binary_join_element_wise(
                first, *(self._columns[other] for other in joined), text_scalar(" "), null_handling="skip"
            )
        if place.rule.between:
            return between(column, *place.rule.between)
        if not place.rule.behind:
            return column
        mark = re.escape(place.rule.behind)
        return pc.replace_substring_regex(column, f"^[^{mark}]*{mark}", "")

    def words(self, field: str) -> Words:
        """The cells of a field after its value mapping; no words where there is no such field."""
        return with_meanings(self.raw_words(field), self.layout.values.get(field, {}))

    def unread_words(self, field: str) -> Words:
        """The same of a field that the sheet has, encoded once somebody looks at them; only its cells are kept."""
        text, meanings = self._behind(field), self.layout.values.get(field, {})
        return Unread(lambda: with_meanings(words_of(text), meanings))

    def raw_words(self, field: str) -> Words:
        """The cells of a field as they stand, trimmed; none where there is no such field."""
        if not self.has(field):
            constant = self.layout.constants.get(field)
            code = NONE if constant is None else 0
            return Words(np.full(len(self), code, np.int32), () if constant is None else (constant,))
        return words_of(self._behind(field))

    def put_aside(self, rows: Rows, reason: str, field: str = "", values: Words | None = None) -> None:
        """Records that cannot be used, and why; a record already put aside is not told twice."""
        header = self.header(field) if field else ""
        fresh = rows[self.usable[rows]]
        self.usable[fresh] = False
        for row in fresh.tolist():
            value = ((values[row] if values else self._cell(field, row)) or "").strip()
            self.rejected.append(Rejected(self.sheet.path, int(self.rows[row]), reason, header, shortened(value)))

    def reject_cells(self, rows: Rows, reason: str, field: str) -> None:
        """Single cells that cannot be used; their records stay."""
        header = self.header(field)
        for row in rows[self.usable[rows]].tolist():
            value = shortened((self._cell(field, row) or "").strip())
            self.rejected.append(Rejected(self.sheet.path, int(self.rows[row]), reason, header, value))

    def _cell(self, field: str, row: int) -> str | None:
        if not field:
            return None
        found: str | None = self._columns[self.layout.places[field].header][row].as_py()
        return found

    def actors(self, field: str, group: str = "") -> Small:
        """Who stands in the cells of a field: by name, by group, or by standing in another column too."""
        who = self.raw_words(field)
        actors = actors_of(self.layout, who, self.raw_words(group) if group else None)
        for actor, header in self.layout.people_columns():
            same = same_name(who, words_of(self._columns[header]))
            actors = np.where((actors == Actor.UNKNOWN) & same, np.int8(actor), actors)
        if field == "actor" and (automatic := self.layout.automatic_column()):
            header, yes = automatic
            marks = words_of(self._columns[header])
            sent = np.array([*(folded(word) in set(map(folded, yes)) for word in marks.words), False])[marks.codes]
            actors = np.where(sent, np.int8(Actor.SYSTEM), actors)
        return actors

    def pass_over(self, rows: Rows, word: str) -> None:
        """Records that tell of something that is no matter of ours, counted under a word."""
        fresh = rows[self.usable[rows]]
        self.usable[fresh] = False
        if len(fresh):
            self.passed_over[word] += len(fresh)

    def pass_over_by_word(self, rows: Rows, column: Words, before: str = "") -> None:
        """The same, counted under the word that each record has in a column."""
        fresh = rows[self.usable[rows]]
        self.usable[fresh] = False
        codes, counts = np.unique(column.codes[fresh], return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            self.passed_over[f"{before}{column.words[code]}"] += count

    def remember_unknown(self, field: str, words: Words, rows: Mask) -> None:
        """Count the words of a field that nothing explains, for the notes."""
        counts = np.bincount(words.codes[rows & (words.codes != NONE)], minlength=len(words.words))
        found = {word: int(count) for word, count in zip(words.words, counts, strict=True) if count}
        self.unknown.setdefault(field, Counter()).update(found)

    # --- times

    @property
    def zone_hint(self) -> str:
        """Whose local time the system exports in, as far as the profile knows."""
        return self.layout.mapping.read.suggest_timezone or self.layout.base.read.suggest_timezone

    def begin_times(self, fields: Iterable[str], pool: Executor) -> None:
        """Begin to read columns of times beside each other; ``times`` waits for its own."""
        for field in fields:
            place = self.layout.places[field]
            text = self._columns[place.header]
            if not place.rule.as_ and place.clock is None and text.null_count < len(text):
                self._begun[field] = pool.submit(self._read_times, field, text)

    def times(self, field: str) -> Column:
        """The instants of a field; records whose cell cannot be read are put aside."""
        rule = self.layout.places[field].rule
        if rule.as_ and rule.after:
            return self._counted(field, rule.as_, rule.after)
        text = self._written(field)
        if text.null_count == len(text):
            return Column(np.full(len(self), MISSING, np.int64), None, {}, 1_000_000, zoned=True)
        begun = self._begun.pop(field, None)
        column = begun.result() if begun else self._read_times(field, text)
        for reason, rows in column.unreadable.items():
            self.put_aside(rows, reason, field)
        self.times_read[field] = column
        return column

    def _written(self, field: str) -> pa.ChunkedArray:
        """The times of a field as text; a date and its clock in two columns are put together."""
        place = self.layout.places[field]
        text = self._columns[place.header]
        return text if place.clock is None else with_clock(text, self._columns[place.clock])

    def _read_times(self, field: str, text: pa.ChunkedArray) -> Column:
        """The instants of a text; a zone that the header names governs its local times."""
        header = self.header(field)
        named = _ZONE_IN_HEADER.fullmatch(header)
        rules = self.rules._replace(zone=zone_named(named[1])) if named else self.rules
        try:
            column = timestamps.column(text, rules)
        except UndecidedError as error:
            raise refusal(self.sheet.path, header, self.rows, error, self.zone_hint) from None
        if "minute" in (self.layout.mapping.read.unit, self.layout.base.read.unit):
            column = replace(column, unit=max(column.unit, Grain.MINUTE.value))
        if named and not column.zoned:
            column = replace(column, zoned=True, remarks=(*column.remarks, f"the header names the zone {named[1]}"))
        return column

    def _counted(self, field: str, unit: str, after: str) -> Column:
        """Instants told as a length of time after another field."""
        start = self.times(after)
        told = lengths(self.text(field), unit)
        for reason, rows in told.unreadable.items():
            self.put_aside(rows, reason, field)
        self.put_aside(np.flatnonzero(told.known & (told.micros < 0)), "a length of time below zero", field)
        known = told.known & (told.micros >= 0) & (start.at != MISSING)
        at = np.where(known, start.at + told.micros, MISSING)
        return Column(at, start.doubtful, {}, max(start.unit, told.unit), start.zoned)

    def total(self, field: str) -> Total:
        """The lengths of time of a field; cells that are none are rejected, their records stay."""
        rule = self.layout.places[field].rule
        told = self._in_statuses(field) if rule.statuses else lengths(self.text(field), rule.as_ or "duration")
        for reason, rows in told.unreadable.items():
            self.reject_cells(rows, reason, field)
        self.reject_cells(np.flatnonzero(told.known & (told.micros < 0)), "a length of time below zero", field)
        micros = np.where(told.known & (told.micros >= 0), told.micros, MISSING)
        return Total(micros, self.header(field), told.unit, rule.counted == "business")

    def _in_statuses(self, field: str) -> Lengths:
        """The time in some statuses, out of cells with the time in each: ``10007_*:*_1_*:*_3616889309_*|*_…``.

        A status that a cell does not name took no time; a cell of any other form is no length.
        """
        text = self.text(field)
        is_told = ~nulls(pc.extract_regex(text, _TIMES_IN_STATUS))
        total = np.zeros(len(text), np.int64)
        for status in self.layout.places[field].rule.statuses:
            named = rf"(?:^|\*\|\*_){re.escape(status)}_\*:\*_\d+_\*:\*_(?P<time>\d+)"
            told = lengths(pc.struct_field(pc.extract_regex(text, named), "time"), "milliseconds")
            total += np.where(told.known, told.micros, 0)
        strange = np.flatnonzero(~is_told & ~nulls(text))
        return Lengths(total, is_told, {NO_LENGTH: strange} if len(strange) else {}, UNITS["milliseconds"])

    def _known_rules(self) -> Rules:
        """What the command line, the mapping and the profile say, the first of them that says something."""
        options, base, mapping = self.options, self.layout.base.read, self.layout.mapping.read
        zone = options.timezone or mapping.timezone or base.timezone
        formats = (options.date_format,) if options.date_format else mapping.dates or base.dates
        day_first = mapping.day_first if mapping.day_first is not None else base.day_first
        zones = tuple(
            (word.strip().upper(), fixed_offset(zone)) for word, zone in {**base.zones, **mapping.zones}.items()
        )
        return Rules(zone_named(zone) if zone else None, tuple(map(Format, formats)), day_first, zones)


def wanted_fields(layout: Layout, options: ReadOptions) -> tuple[str, ...]:
    """The fields of a sheet that are read: those that are judged, and those that somebody will look at."""
    judged = (*names.JUDGED[layout.shape], *names.TIMES[layout.shape])
    judged += (*names.MILESTONES, *names.TICKET_TOTALS) if layout.shape == names.TICKETS else ()
    rules = [layout.places[field].rule for field in judged if field in layout.places]
    starts = [rule.after for rule in rules if rule.after]
    if layout.shape == names.EVENTS:
        return tuple(dict.fromkeys([*judged, *starts]))
    if layout.shape == names.INCIDENTS:
        judged += names.INCIDENT_FIELDS
    if options.fields is None:
        extra = [field for field in layout.places if field not in names.LONG_TEXTS]
    else:
        asked = {field.casefold() for field in (*options.fields, *names.PLAIN_FIELDS)}
        extra = [field for field in layout.places if field.casefold() in asked]
    return tuple(dict.fromkeys([*judged, *starts, *extra]))
