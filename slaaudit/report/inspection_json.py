"""What an export holds, as data: ``slaaudit.inspection/1``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import IO, TYPE_CHECKING, Any

from slaaudit import __version__
from slaaudit.report.as_json import write_object
from slaaudit.report.inspection import severities_under
from slaaudit.report.words import rfc3339

if TYPE_CHECKING:
    from slaaudit.evidence.inspection import FileFacts, Inspection
    from slaaudit.policy import LoadedPolicy

SCHEMA = "slaaudit.inspection/1"
_INSTANTS = ("first", "last")
_LEFT_OUT = ("layout",)


def write_inspection(inspection: Inspection, policy: LoadedPolicy | None, stream: IO[str]) -> None:
    """Write the facts to ``stream``; with a policy also which of its severities each word is."""
    write_object(
        [
            ("schema", SCHEMA),
            ("tool", {"name": "slaaudit", "version": __version__}),
            ("policy", policy.policy.id if policy else None),
            ("files", [_file(facts, policy) for facts in inspection.files]),
            ("notes", list(inspection.notes)),
        ],
        stream,
    )


def _file(facts: FileFacts, policy: LoadedPolicy | None) -> dict[str, Any]:
    found: dict[str, Any] = _data(facts)
    found["is_ready"] = facts.is_ready
    if policy:
        found["severities"] = [
            {"word": word, "count": number, "severity": name} for word, number, name in severities_under(facts, policy)
        ]
    return found


def _data(value: Any) -> Any:
    """A fact as plain data: its attributes by name, instants as RFC 3339."""
    if is_dataclass(value):
        names = [field.name for field in fields(value) if field.name not in _LEFT_OUT]
        return {name: _instant(value, name) if name in _INSTANTS else _data(getattr(value, name)) for name in names}
    return [_data(each) for each in value] if isinstance(value, tuple) else value


def _instant(fact: Any, name: str) -> str | None:
    at: int | None = getattr(fact, name)
    return None if at is None else rfc3339(at)
