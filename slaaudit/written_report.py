"""A report that was written earlier, read back: ``slaaudit.report/1`` as JSON.

Measurements become small rows while the file is parsed, so that a report on a hundred thousand tickets takes seconds
and little memory. What is no report, or not a whole one, is refused with what is wrong and what to do.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from slaaudit.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SCHEMA = "slaaudit.report/1"
_AGAIN = "write it again with slaaudit check --format json"

Key = tuple[str, str, str, int]
"""Policy id, clause, ticket and cycle: what one measurement is known by in any report."""
Data = dict[str, Any]


class Origin(NamedTuple):
    """The export's row behind a start or stop."""

    file: str | None
    row: int | None
    column: str | None
    actor: str | None
    word: str | None


class Row(NamedTuple):
    """One measurement of a report, without its worksheet."""

    ticket: str
    policy: int
    clause: str
    cycle: int
    severity: str | None
    verdict: str
    reason: str | None
    calendar: str | None
    started_at: str | None
    stopped_at: str | None
    due_at: str | None
    target_s: float | None
    elapsed_s: float | None
    paused_s: float | None
    caveats: tuple[str, ...]
    waived: str | None
    start: Origin | None
    stop: Origin | None


@dataclass(frozen=True)
class WrittenReport:
    """A report. ``tickets`` are the fields of each ticket; periods and credits stand by what tells them apart.

    ``clauses`` are those that it measures, each with its policy's id. ``about_tickets`` says whether it was made from
    exports of tickets: those of ``slaaudit credits`` are not.
    """

    path: str
    tool: Data
    policies: list[Data]
    inputs: list[Data]
    as_of: str
    as_of_given: bool
    period: Data | None
    about_tickets: bool
    rows: Mapping[Key, Row] = field(default_factory=dict)
    tickets: Mapping[str, Data] = field(default_factory=dict)
    clauses: frozenset[tuple[str, str]] = frozenset()
    availability: Mapping[tuple[str, ...], Data] = field(default_factory=dict)
    credits: Mapping[tuple[str, ...], Data] = field(default_factory=dict)
    waivers: tuple[str, ...] = ()


_OF_TICKETS = ("tickets", "events", "snapshots")


class _BrokenError(ValueError):
    """The file is JSON, but not a whole report."""


def read_report(path: str) -> WrittenReport:
    """The report in the file at ``path`` (``-`` is standard input). EvidenceError where it is none."""
    text = _text(path)
    try:
        found = json.loads(text, object_hook=_compact)
        return _report(path, found)
    except json.JSONDecodeError as error:
        raise EvidenceError(f"{path} {_not_json(text, error)}; {_AGAIN}") from None
    except RecursionError:
        raise EvidenceError(f"{path} is nested too deeply for a report; {_AGAIN}") from None
    except _BrokenError as error:
        raise EvidenceError(f"{path} {error}; {_AGAIN}") from None
    except ValueError as error:  # a number beyond all bounds
        raise EvidenceError(f"{path} is no report: {str(error).partition(';')[0]}; {_AGAIN}") from None


def _text(path: str) -> str:
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise EvidenceError(f"{path} is not UTF-8, so it is no report; {_AGAIN}") from None
    if not text.strip():
        raise EvidenceError(f"{path} is empty; {_AGAIN}")
    return text


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    begun, end = text.lstrip()[:1] == "{", text.rstrip()
    if begun and (error.pos >= len(end) or end[-1] != "}"):
        return f"breaks off at line {error.lineno:,}: it was not written to its end, or cut short"
    return f"is not JSON (line {error.lineno:,}, column {error.colno:,}: {error.msg})"


def _compact(item: Data) -> Any:
    """A measurement as a row, a worksheet's row as nothing; all else as it is."""
    if "took_s" in item and "counted" in item and isinstance(item["took_s"], int | float):
        return None
    if "evidence" in item and isinstance(item["evidence"], dict) and "verdict" in item:
        return _row(item)
    return item


_KINDS: dict[str, tuple[Any, bool]] = {  # the kind of each value of a measurement, and whether it may be null
    **dict.fromkeys(("ticket", "clause", "verdict"), (str, False)),
    **dict.fromkeys(("policy", "cycle"), (int, False)),
    **dict.fromkeys(("severity", "reason", "calendar", "started_at", "stopped_at", "due_at", "waived"), (str, True)),
    **dict.fromkeys(("target_s", "elapsed_s", "paused_s"), (int | float, True)),
    "caveats": (list, False),
}
_SOUND: set[tuple[type, ...]] = set()  # the kinds of values that were looked at already; a report has a few dozen


def _row(item: Data) -> Row:
    kinds = tuple(type(item.get(key, item)) for key in _KINDS)
    if kinds not in _SOUND:
        for key, (kind, none) in _KINDS.items():
            _typed(item, key, kind, none=none)
        _SOUND.add(kinds)
    values = [item[key] for key in Row._fields[:14]]
    places = [_origin(item["evidence"].get(key)) for key in ("start", "stop")]
    return Row._make([*values, tuple(map(str, item["caveats"])), item["waived"], *places])


def _origin(item: Any) -> Origin | None:
    return Origin(*map(item.get, Origin._fields)) if isinstance(item, dict) else None


def _typed(item: Data, key: str, kind: Any, *, none: bool = False) -> Any:
    """The value of a key; a fault where it is missing or of another kind."""
    if key not in item:
        raise _BrokenError(f"is no whole report: an entry has no {key!r}")
    value = item[key]
    if isinstance(value, kind) or (none and value is None):
        return value
    raise _BrokenError(f"is no report of slaaudit's: {key!r} is {_kind(value)}")


def _kind(value: Any) -> str:
    if isinstance(value, Row):
        return "a measurement"
    return {dict: "a mapping", list: "a list", str: "a text", type(None): "null"}.get(type(value), "a number")


def _list(item: Data, key: str) -> list[Any]:
    found: list[Any] = _typed(item, key, list)
    return found


def _report(path: str, found: Any) -> WrittenReport:
    if not isinstance(found, dict) or "schema" not in found:
        raise _BrokenError(f"is JSON, but no report: it has no 'schema'; expected {SCHEMA}")
    if found["schema"] != SCHEMA:
        raise _BrokenError(f"has the schema {str(found['schema'])[:60]!r}; expected {SCHEMA}")
    if "measurements" not in found and "credits" not in found:
        raise _BrokenError("has neither measurements nor credits, so it is no report of check or credits")
    policies = _entries(found, "policies", "id")
    ids = [_typed(each, "id", str) for each in policies]
    inputs = _entries(found, "inputs", "sha256")
    return WrittenReport(
        path,
        _typed(found, "tool", dict),
        policies,
        inputs,
        _typed(found, "as_of", str),
        bool(found.get("as_of_given")),
        _typed(found, "period", dict, none=True),
        bool(found.get("measurements")) or any(each.get("role") in _OF_TICKETS for each in inputs),
        _rows(found, ids),
        {_typed(each, "ticket", str): _typed(each, "fields", dict) for each in _entries(found, "tickets", "ticket")},
        frozenset((_of(ids, each), _typed(each, "clause", str)) for each in _entries(found, "summary", "clause")),
        _by(_entries(found, "availability", "clause"), lambda each: _span(ids, each)),
        _by(_entries(found, "credits", "clause"), lambda each: (*_span(ids, each), str(each.get("severity") or ""))),
        tuple(sorted(str([each.get(key) for key in _OF_WAIVER]) for each in _entries(found, "waivers", "clause"))),
    )


_OF_WAIVER = ("ticket", "incident", "clause", "reason", "by", "expires")


def _entries(found: Data, name: str, key: str) -> list[Data]:
    """The entries of a list, each a mapping that has ``key``; none where the report has no such list."""
    entries = _list(found, name) if name in found else []
    for each in entries:
        if not isinstance(each, dict) or key not in each:
            raise _BrokenError(f"is no whole report: an entry of {name!r} has no {key!r}")
    return entries


def _rows(found: Data, ids: list[str]) -> dict[Key, Row]:
    rows: dict[Key, Row] = {}
    for row in _list(found, "measurements") if "measurements" in found else ():
        if not isinstance(row, Row):
            raise _BrokenError("is no whole report: an entry of 'measurements' is none")
        if not 0 <= row.policy < len(ids):
            raise _BrokenError(f"is no whole report: it has no policy number {row.policy}")
        key = (ids[row.policy], row.clause, row.ticket, row.cycle)
        if key in rows:
            raise _BrokenError(f"has the measurement of ticket {row.ticket!r}, clause {row.clause!r} twice")
        rows[key] = row
    return rows


def _of(ids: list[str], item: Data) -> str:
    at = _typed(item, "policy", int)
    if not isinstance(at, int) or not 0 <= at < len(ids):
        raise _BrokenError(f"is no whole report: it has no policy number {at}")
    return ids[at]


def _span(ids: list[str], item: Data) -> tuple[str, ...]:
    return (_of(ids, item), str(item["clause"]), str(item.get("component") or ""), str(item.get("period")))


def _by(items: list[Data], key: Callable[[Data], tuple[str, ...]]) -> dict[tuple[str, ...], Data]:
    """The items by key; several of one key, such as two ways to earn a credit, are told apart by their number."""
    found: dict[tuple[str, ...], Data] = {}
    for each in items:
        own, nth = key(each), 2
        while own in found:
            own, nth = (*key(each), str(nth)), nth + 1
        found[own] = each
    return found
