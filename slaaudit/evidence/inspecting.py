"""Files to facts: the reader's own road, going on where the reader would refuse."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from slaaudit.errors import EvidenceError, UsageError
from slaaudit.evidence import fields as names
from slaaudit.evidence.arrays import nulls
from slaaudit.evidence.cells import Cells
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.inspected_times import Clock, time_facts
from slaaudit.evidence.inspection import ColumnFact, FileFacts, Inspection, RejectedFact, RunnerUp
from slaaudit.evidence.kinds import lacking
from slaaudit.evidence.layout import understood
from slaaudit.evidence.logs import vocabularies
from slaaudit.evidence.oddities import oddities
from slaaudit.evidence.operations import Parts, read_into
from slaaudit.evidence.profile import NO_MAPPING, mapping_file
from slaaudit.evidence.reader import read_one, sheets_of
from slaaudit.evidence.recognition import candidates
from slaaudit.evidence.refusals import refuse_bad_options, refuse_unknown_headers
from slaaudit.evidence.trailers import notes_of_trailers
from slaaudit.evidence.vocabularies import found_vocabularies
from slaaudit.evidence.words import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.profile import Profile
    from slaaudit.evidence.sheets import Sheet

SAMPLES = 3
MESSAGES = "(messages)"
_LOOKED_AT = 5000  # cells, for the first different values
_LONGEST = 80
_RUNNERS_UP = 3
_FAR_MORE = 2
_SHAPES = (*names.OF_TICKETS, *names.OF_OPERATIONS)


def inspect(paths: Sequence[str], options: ReadOptions, now: int) -> Inspection:
    """What can be told of the files at ``paths``; ``now`` (microseconds) is what the future begins after.

    EvidenceError where a file cannot be opened as a table; UsageError and MappingError as in reading.
    """
    refuse_bad_options(options)
    mapping = mapping_file(options.mapping) if options.mapping else NO_MAPPING
    sheets, notes = sheets_of(paths, options, mapping)
    with suppress(EvidenceError):
        refuse_unknown_headers(sheets, mapping, options, _SHAPES)
    files = [_facts(sheet, mapping.profile, options, now) for sheet in sheets]
    return Inspection(tuple(files), tuple(notes))


def _facts(sheet: Sheet, mapping: Profile, options: ReadOptions, now: int) -> FileFacts:
    layout, refusal = understood(sheet, mapping, options, _SHAPES)
    clock = _clock(layout, options)
    cells = Cells(sheet, layout, options if clock.zone else replace(options, timezone="UTC"), layout.places)
    times, read_times = time_facts(cells, clock)
    columns = [_column(cells, field, header) for header, field in _fields(cells)]
    needed = {*_known(layout.shape), *layout.base.columns, *layout.mapping.columns}
    taken = {layout.places[field].header for field in layout.places if field in needed}
    clocks = {place.clock for place in layout.places.values() if place.clock is not None}
    read = taken | clocks | layout.other_columns()
    _judge_rows(cells)
    base = layout.base if layout.base.id else layout.mapping
    return FileFacts(
        sheet.path,
        str(sheet.digest),
        *_container(sheet),
        cells.records,
        int(cells.usable.sum()),
        layout.shape,
        "" if refusal and layout.profile == "plain" else layout.profile,
        base.title,
        _recognised_by(layout),
        _runners_up(Headers(sheet.headers), layout.profile),
        lacking(layout.places, layout.shape, layout.base, layout.mapping),
        (*(column for column in columns if column.field in needed), *_beside(cells, taken), *_messages(cells)),
        tuple(column for column in columns if layout.places[column.field].header not in read),
        times,
        clock.zone,
        clock.told_by,
        not clock.zone and any(not time.zoned and (time.trouble or time.first is not None) for time in times),
        found_vocabularies(cells),
        _rejected(cells),
        tuple(oddities(cells, read_times, now)),
        (*layout.notes, *notes_of_trailers(cells.left_out), *cells.remarks),
        str(refusal).removeprefix(f"{sheet.path}: ") if refusal else "",
        layout,
    )


def _known(shape: str) -> tuple[str, ...]:
    return names.known(shape) if shape in names.JUDGED else ()


def _clock(layout: Layout, options: ReadOptions) -> Clock:
    told = (
        ("command", options.timezone),
        ("mapping", layout.mapping.read.timezone),
        ("profile", layout.base.read.timezone),
    )
    return next((Clock(zone, by) for by, zone in told if zone), Clock("", ""))


def _container(sheet: Sheet) -> tuple[str, str]:
    """Encoding and delimiter, as the sheet's own notes tell them; without a note they are the usual ones.

    Only a text has a delimiter.
    """
    noted = " ".join(sheet.notes)
    if any(note.startswith("sheet ") for note in sheet.notes):
        return "workbook", ""
    if sheet.path.endswith(".parquet"):
        return "Parquet", ""
    if any(note.startswith("JSON") for note in sheet.notes):
        return "JSON", ""
    encoding = next((name for name in ("UTF-16", "Windows-1252") if name in noted), "UTF-8")
    delimiter = next((note.removeprefix("separated by ") for note in sheet.notes if note.startswith("separated")), "")
    return encoding, delimiter or "comma"


def _fields(cells: Cells) -> Iterator[tuple[str, str]]:
    """Each header by a name of its own with its field, in the order of the fields' plain names and then of the file."""
    by_place = {index: name for name, index in Headers(cells.sheet.headers).named().items()}
    known = {field: rank for rank, field in enumerate(_known(cells.layout.shape))}
    order = sorted(cells.fields, key=lambda field: (known.get(field, len(known)), cells.layout.places[field].header))
    for field in order:
        yield by_place.get(cells.layout.places[field].header, ""), field


def _beside(cells: Cells, taken: set[int]) -> Iterator[ColumnFact]:
    """The columns that tell who is who, and which rows a machine wrote."""
    people = {place: actor.name.lower() for actor, place in cells.layout.people_columns()}
    for place in sorted(cells.layout.other_columns() - taken - {*cells.layout.message_columns()}):
        text = trimmed(cells.column(place))
        samples = dict.fromkeys(value[:_LONGEST] for value in text.slice(0, _LOOKED_AT).drop_null().to_pylist())
        field = f"({people.get(place, 'automatic')})"
        yield ColumnFact(field, cells.sheet.headers[place], tuple(samples)[:SAMPLES], len(text) - text.null_count)


def _messages(cells: Cells) -> Iterator[ColumnFact]:
    """The columns that hold a message in each cell, as one."""
    places = cells.layout.message_columns()
    if not places:
        return
    texts = [trimmed(cells.column(place)) for place in places]
    samples = [value[:_LONGEST] for value in texts[0].drop_null().slice(0, SAMPLES).to_pylist()]
    filled = sum(len(text) - text.null_count for text in texts)
    header = cells.sheet.headers[places[0]]
    yield ColumnFact(MESSAGES, header if len(places) == 1 else f"{header} x{len(places)}", tuple(samples), filled)


def _column(cells: Cells, field: str, header: str) -> ColumnFact:
    text = cells.text(field)
    samples: dict[str, None] = {}
    for value in text.slice(0, _LOOKED_AT).to_pylist():
        if value is not None:
            samples.setdefault(value[:_LONGEST])
        if len(samples) == SAMPLES:
            break
    rule = cells.layout.places[field].rule
    return ColumnFact(field, header, tuple(samples), int((~nulls(text)).sum()), rule.as_ or "", rule.after or "")


def _judge_rows(cells: Cells) -> None:
    """Put aside the rows that a reading would reject; a file that is refused is judged as far as it goes."""
    if cells.layout.shape in names.OF_OPERATIONS:
        _judge_operations(cells)
        return
    with suppress(EvidenceError, KeyError):
        read_one(cells, 0, vocabularies(), [], [])


def _judge_operations(cells: Cells) -> None:
    """The same for incidents, maintenance and usage; what such a file lacks beside columns is remarked on."""
    try:
        read_into(Parts([], [], []), cells, 0)
    except (EvidenceError, UsageError) as error:
        if not any(cells.has(field) for field in names.TIMES[cells.layout.shape]):
            cells.remarks.append(str(error).removeprefix(f"{cells.sheet.path}: "))
    except KeyError:
        pass  # a needed column is not there, which is told already


def _rejected(cells: Cells) -> tuple[RejectedFact, ...]:
    rows = sorted(cells.rejected, key=lambda row: row.row)
    counts = Counter((row.reason, row.column) for row in rows)
    firsts = {(row.reason, row.column): row for row in reversed(rows)}
    return tuple(
        RejectedFact(reason, column, count, firsts[reason, column].row, firsts[reason, column].value)
        for (reason, column), count in counts.most_common()
    )


def _recognised_by(layout: Layout) -> tuple[str, ...]:
    """The headers, as the file has them, that told the profile, the mapping or the shape."""
    headers = Headers(layout.headers)
    recognise = layout.base.recognise or layout.mapping.recognise
    if recognise:
        places = headers.places([*(name for names in recognise.all for name in names), *recognise.any])
    else:
        needed = names.REQUIRED.get(layout.shape, ())
        places = [layout.places[name].header for name in needed if name in layout.places]
    return tuple(dict.fromkeys(layout.headers[place] for place in places))


def _runners_up(headers: Headers, chosen: str) -> tuple[RunnerUp, ...]:
    """The other profiles that explain far more than they lack, those that fit first, then by how much they explain."""
    others = [each for each in candidates(headers) if each.profile.id != chosen]
    found = [each for each in others if each.explained > _FAR_MORE * len(each.lacking) and each.explained > 1]
    return tuple(
        RunnerUp(each.profile.id, each.profile.title, each.profile.shape or "", each.explained, each.lacking,
                 each.forbidden)
        for each in found[:_RUNNERS_UP]
    )  # fmt: skip
