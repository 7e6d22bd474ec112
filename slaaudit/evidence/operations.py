"""Files of incidents, maintenance and usage to columns: the road, file by file and then all together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from slaaudit.errors import UsageError
from slaaudit.evidence import fields as names
from slaaudit.evidence.cells import Cells, wanted_fields
from slaaudit.evidence.incidents import Operations
from slaaudit.evidence.joined_incidents import joined_incidents
from slaaudit.evidence.joined_windows import joined_maintenance, joined_usage
from slaaudit.evidence.layout import layout_of
from slaaudit.evidence.outages import outage_part
from slaaudit.evidence.profile import NO_MAPPING, mapping_file
from slaaudit.evidence.reader import input_of, refuse_useless, sheets_of
from slaaudit.evidence.refusals import refuse_bad_options, refuse_unknown_headers
from slaaudit.evidence.windows import maintenance_part, usage_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from slaaudit.evidence.incidents import Maintenance, Usage
    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.outages import OutagePart
    from slaaudit.evidence.profile import MappingFile
    from slaaudit.evidence.sheets import Sheet

_FIXED = {name for shape in names.OF_OPERATIONS for name in (*names.TIMES[shape], *names.JUDGED[shape])}
_WITHOUT = {names.INCIDENTS: "incidents", names.MAINTENANCE: "windows of maintenance", names.USAGE: "requests"}
_MAY_BE_SET = {"component", "planned", "window_start", "window_end"}


class Parts(NamedTuple):
    """What each file gives, before the files are put together."""

    outages: list[OutagePart]
    maintenance: list[Maintenance]
    usage: list[Usage]


def read_operations(
    incidents: Sequence[str], maintenance: Sequence[str], usage: Sequence[str], options: ReadOptions
) -> Operations:
    """All that the files of incidents, of maintenance and of usage say, as columns.

    EvidenceError where a file cannot be used or none of its rows can; UsageError where an option cannot;
    MappingError where the mapping file is invalid.
    """
    refuse_bad_options(options)
    _refuse_fixed(options)
    mapping = mapping_file(options.mapping) if options.mapping else NO_MAPPING
    given = {names.INCIDENTS: incidents, names.MAINTENANCE: maintenance, names.USAGE: usage}
    sheets, notes = _opened(given, options, mapping)
    refuse_unknown_headers([sheet for _, sheet in sheets], mapping, options, names.OF_OPERATIONS)
    parts = Parts([], [], [])
    read: list[Cells] = []
    for file, (shape, opened) in enumerate(sheets):
        sheet = opened
        if sheet.without_rows and not sheet.headers:  # an empty list of JSON names no columns, and needs none
            sheet = replace(sheet, headers=tuple(names.REQUIRED[shape]))
        layout = layout_of(sheet, mapping.profile, options, (shape,))
        read.append(Cells(sheet, layout, options, wanted_fields(layout, options)))
        read_into(parts, read[-1], file)
        if not sheet.without_rows:  # a month without incidents, or without maintenance, can be told
            refuse_useless(read[-1])
    return _operations(parts, read, options, notes)


def read_into(parts: Parts, cells: Cells, file: int) -> None:
    """Read one file into ``parts``; records that cannot be used are put aside in ``cells``."""
    if cells.layout.shape == names.INCIDENTS:
        parts.outages.append(outage_part(cells, file))
    elif cells.layout.shape == names.MAINTENANCE:
        parts.maintenance.append(maintenance_part(cells, file))
    else:
        parts.usage.append(usage_part(cells, file))


def _refuse_fixed(options: ReadOptions) -> None:
    for name, value in options.set_fields:
        if name in _FIXED - _MAY_BE_SET:
            raise UsageError(
                f"--set {name}={value}: {name} is what the file has to show; --set states fields like environment or "
                "component."
            )


def _opened(
    given: Mapping[str, Sequence[str]], options: ReadOptions, mapping: MappingFile
) -> tuple[list[tuple[str, Sheet]], list[str]]:
    """Each file with the shape that it was given as."""
    if [path for paths in given.values() for path in paths].count("-") > 1:
        raise UsageError("- (standard input) can be read only once.")
    opened: list[tuple[str, Sheet]] = []
    notes: list[str] = []
    for shape, paths in given.items():
        if paths:
            sheets, told = sheets_of(paths, options, mapping, may_be_empty=True)
            opened += [(shape, sheet) for sheet in sheets]
            notes += told
    return opened, notes


def _operations(parts: Parts, read: Sequence[Cells], options: ReadOptions, notes: Sequence[str]) -> Operations:
    """The files put together: rows that repeat or contradict each other are told, whichever file they stand in."""
    paths = [cells.sheet.path for cells in read]
    incidents = joined_incidents(parts.outages, paths, options.set_fields)
    maintenance = joined_maintenance(parts.maintenance, options.set_fields)
    usage = joined_usage(parts.usage, paths, options.set_fields)
    rejected = [*incidents.rejected, *usage.rejected]
    by_file = [
        sorted([*cells.rejected, *(row for where, row in rejected if where == file)], key=lambda row: row.row)
        for file, cells in enumerate(read)
    ]
    return Operations(
        incidents.table,
        maintenance.table,
        usage.table,
        tuple(input_of(cells, rows) for cells, rows in zip(read, by_file, strict=True)),
        tuple(row for rows in by_file for row in rows),
        (*notes, *_nothing_told(read), *incidents.notes, *maintenance.notes, *usage.notes),
    )


def _nothing_told(read: Sequence[Cells]) -> Iterator[str]:
    for cells in read:
        if cells.sheet.without_rows:
            known = f"no {_WITHOUT[cells.layout.shape]} are known from it"
            yield f"{cells.sheet.path}: {cells.sheet.without_rows}, so {known}"
