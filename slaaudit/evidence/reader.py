"""Paths to evidence: the road through this package, file by file and then all together."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from slaaudit.errors import EvidenceError, UsageError
from slaaudit.evidence import fields as names
from slaaudit.evidence.assembly import assembled
from slaaudit.evidence.beside import named_alike
from slaaudit.evidence.cells import Cells, wanted_fields
from slaaudit.evidence.claims import file_claims, joined_claims, unasked
from slaaudit.evidence.header_row import known_headers
from slaaudit.evidence.layout import layouts
from slaaudit.evidence.lists import list_part
from slaaudit.evidence.logs import log_part, vocabularies
from slaaudit.evidence.messages import told_in_cells
from slaaudit.evidence.notes import notes_of
from slaaudit.evidence.profile import NO_MAPPING, mapping_file
from slaaudit.evidence.refusals import refuse_bad_options
from slaaudit.evidence.settings import with_set_fields
from slaaudit.evidence.sheets import Sheet, opened
from slaaudit.evidence.snapshots import snapshot_parts
from slaaudit.evidence.tables import MISSING, Evidence, Input, Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence.assembly import Assembled
    from slaaudit.evidence.claims import FileClaims
    from slaaudit.evidence.logs import Vocabularies
    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.parts import ListPart, LogPart
    from slaaudit.evidence.profile import MappingFile


def read(paths: Sequence[str], options: ReadOptions) -> Evidence:
    """All that the files at ``paths`` say, as columns.

    EvidenceError where a file cannot be used or none of its rows can; UsageError where an option cannot;
    MappingError where the mapping file is invalid.
    """
    refuse_bad_options(options)
    mapping = mapping_file(options.mapping) if options.mapping else NO_MAPPING
    sheets, notes = sheets_of(paths, options, mapping)
    is_stated = "ticket_id" in {*mapping.profile.columns, *(field for field, _ in options.columns)}
    found = named_alike(layouts(sheets, mapping, options), is_stated=is_stated)
    shared = vocabularies()
    lists: list[ListPart] = []
    logs: list[LogPart] = []
    cells: list[Cells] = []
    claims: list[FileClaims] = []
    for file, (sheet, layout) in enumerate(zip(sheets, found, strict=True)):
        cells.append(Cells(sheet, layout, options, wanted_fields(layout, options)))
        read_one(cells[-1], file, shared, lists, logs)
        refuse_useless(cells[-1])
        claims.append(file_claims(sheet, layout, options, file, shared.words) if options.claims else unasked(layout))
    _refuse_claims_alone(cells)
    whole = assembled(lists, logs, [sheet.path for sheet in sheets], shared)
    return _evidence(whole, cells, shared, options, notes, claims)


def sheets_of(
    paths: Sequence[str], options: ReadOptions, mapping: MappingFile = NO_MAPPING, *, may_be_empty: bool = False
) -> tuple[list[Sheet], list[str]]:
    """The files, opened; a file that is given twice is read once, and said so.

    EvidenceError for one that has a header and no rows, unless a file that tells of nothing tells something.
    """
    if not paths:
        raise UsageError("no export is given. Name one or more files, or - for standard input.")
    if list(paths).count("-") > 1:
        raise UsageError("- (standard input) can be read only once.")
    sheets: list[Sheet] = []
    notes: list[str] = []
    known = cache(lambda: known_headers(mapping, options))
    for path in paths:
        if options.progress:
            options.progress(path)
        sheet = opened(path, known, mapping.profile.read.sheet, options.bytes_of)
        if sheet.without_rows and not may_be_empty:
            raise EvidenceError(f"{path}: {sheet.without_rows}. Export it again.")
        twin = next((other for other in sheets if str(other.digest) == str(sheet.digest)), None)
        if twin is None:
            sheets.append(sheet)
        else:
            same = "is given twice" if twin.path == path else f"holds the same bytes as {twin.path}"
            notes.append(f"{path} {same}; it is read once")
    return sheets, notes


def read_one(cells: Cells, file: int, shared: Vocabularies, lists: list[ListPart], logs: list[LogPart]) -> None:
    """Read one file into ``lists`` and ``logs``; records that cannot be used are put aside in ``cells``."""
    if cells.layout.shape == names.TICKETS:
        lists.append(list_part(cells, file))
        logs.extend(told_in_cells(cells, file, shared))
    elif cells.layout.shape == names.EVENTS:
        logs.append(log_part(cells, file, shared))
    elif cells.layout.shape == names.SNAPSHOTS:
        part, log = snapshot_parts(cells, file, shared)
        lists.append(part)
        logs.append(log)


def _refuse_claims_alone(cells: Sequence[Cells]) -> None:
    """EvidenceError where the files hold the helpdesk's own results and nothing of what happened."""
    if all(each.layout.shape == names.CLAIMS for each in cells):
        raise EvidenceError(
            f"{cells[0].sheet.path}: this holds the helpdesk's own results and nothing of what happened to the "
            "tickets. Give a list or a log of the tickets beside it."
        )


def refuse_useless(cells: Cells) -> None:
    """EvidenceError where no record of the file can be used."""
    if cells.usable.any():
        return
    first = min(cells.rejected, key=lambda rejected: rejected.row, default=None)
    if first is None and cells.passed_over:
        return
    if first is None:
        raise EvidenceError(f"{cells.sheet.path}: the file has a header but no rows. Export it again.")
    where = f"{first.column} " if first.column else ""
    value = f"{first.value!r}: " if first.value else ""
    none = "its only row cannot" if cells.records == 1 else f"none of its {cells.records} rows can"
    raise EvidenceError(
        f"{cells.sheet.path}: {none} be used. Row {first.row}: {where}{value}{first.reason}.{_way_out(first)}"
    )


def _way_out(first: Rejected) -> str:
    if "date" in first.reason and "--" not in first.reason:
        return " If it is a time, say how it is written with --date-format, for example --date-format '%d/%m/%Y %H:%M'."
    return ""


def input_of(cells: Cells, rejected: Sequence[Rejected], more: Sequence[str] = ()) -> Input:
    """What is said of one file, and ``more``; ``rejected`` are its records that could not be used."""
    return Input(
        cells.sheet.path,
        cells.layout.shape,
        cells.layout.profile,
        str(cells.sheet.digest),
        cells.records,
        len({row.row for row in rejected}),
        (*notes_of(cells), *more),
    )


def _evidence(
    whole: Assembled,
    cells: Sequence[Cells],
    shared: Vocabularies,
    options: ReadOptions,
    notes: Sequence[str],
    claims: Sequence[FileClaims],
) -> Evidence:
    rejected = [*(row for each in cells for row in each.rejected), *whole.rejected]
    order = {each.sheet.path: place for place, each in reversed([*enumerate(cells)])}
    rejected += [row for each in claims for row in each.rejected if row not in rejected]
    claimed, strange = joined_claims([part for each in claims for part in each.parts], whole.tickets.ids)
    rejected = sorted(rejected, key=lambda row: (order[row.file], row.row))
    tickets = with_set_fields(whole.tickets, shared, options.set_fields)
    latest = int(whole.events.at.max()) if len(whole.events) else MISSING
    inputs = tuple(
        input_of(each, [row for row in rejected if row.file == each.sheet.path], told.notes)
        for each, told in zip(cells, claims, strict=True)
    )
    return Evidence(
        tickets,
        whole.events,
        tuple(shared.severities.words),
        tuple(shared.words.words),
        whole.sources,
        inputs,
        tuple(rejected),
        latest,
        (*notes, *whole.notes, *strange),
        claimed,
    )
