"""What a run found as one record: what every format of the report can be made from, now or later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report.as_json import parts

if TYPE_CHECKING:
    from slaaudit.report.found import Found

#: The report as ``slaaudit.report/1`` has it: what JSON writes and reads, with lists in memory.
Record = dict[str, Any]


def record(found: Found) -> Record:
    """The whole report in memory."""
    return {key: _held(value) for key, value in parts(found)}


def streamed(found: Found) -> Record:
    """The same with lists that are made while they are read, once and in order."""
    return dict(parts(found))


def _held(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | dict) else list(value)
