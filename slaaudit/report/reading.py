"""A report read back from its JSON: checked against the model, so that every format can be made from it again."""

from __future__ import annotations

import contextlib
import gc
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from slaaudit.errors import EvidenceError
from slaaudit.evidence.containers import content
from slaaudit.report.safe import shown
from slaaudit.report.schema import Report
from slaaudit.report.schema.tickets import Measurement, Ticket
from slaaudit.written_report import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.record import Record

_FEW = 3  # faults that a message tells
_SHOWN = 60  # characters of a value that a message shows
_HALVES = re.compile(r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_ALONE = len("\\ud800")
_OF_A_DISPUTE = ("readings", "disputes")
_NOT_FILLED = (*_OF_A_DISPUTE, "outages", "waivers")
_LONG: dict[str, TypeAdapter[Any]] = {
    "tickets": TypeAdapter(list[Ticket]),
    "measurements": TypeAdapter(list[Measurement]),
}
_PART = 10_000
_RELATED = (
    "clauses", "calendars", "summary", "attainments", "measurements", "availability", "outages", "excluded", "credits",
)  # fmt: skip


def read_record(path: str) -> Record:
    """The report at ``path`` (``-`` is standard input; gzip is unpacked), with an empty list for each that it lacks.

    EvidenceError where it is none: not JSON, cut short, of another schema, or with a field that cannot be.
    """
    name = "standard input" if path == "-" else shown(path)
    with _no_collection():
        record = _parsed(content(path).data, name)
        _expect_schema(record, name)
        _expect_valid(record, name)
    if record.get("outcome") is None:
        what = "a dispute" if any(map(record.get, _OF_A_DISPUTE)) else "a report without its verdict (outcome)"
        raise EvidenceError(f"{name}: {what}, of which no other format is made; expected a report of slaaudit check")
    _expect_known(record, name)
    return dict(record) | {
        key: [] if field.default_factory else None
        for key, field in Report.model_fields.items()
        if not field.is_required() and key not in record and key not in _NOT_FILLED
    }


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """No search for circles, of which there are none, while a million objects are made: it takes half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _expect_valid(record: Record, name: str) -> None:
    """An EvidenceError where the model does not fit. Long lists are held against it in parts, to save memory."""
    long = {key: rows for key in _LONG if isinstance(rows := record.get(key), list)}
    try:
        Report.model_validate({key: [] if key in long else value for key, value in record.items()})
        for key, rows in long.items():
            fits = _LONG[key].validate_python
            for first in range(0, len(rows), _PART):
                fits(rows[first : first + _PART])
    except ValidationError:
        raise EvidenceError(_faults(record, name)) from None


def _parsed(data: bytes, name: str) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{name}: not UTF-8 at byte {error.start:,}; expected a report as JSON") from None
    if not text.strip():
        raise EvidenceError(f"{name}: the file is empty; expected a report as JSON")
    try:
        return json.loads(_whole_characters(text), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        if _is_cut(text[error.pos :].strip(), error.msg):
            raise EvidenceError(
                f"{name}: the file ends in the middle of the report (line {error.lineno:,}); write it again"
            ) from None
        raise EvidenceError(
            f"{name}: no JSON at line {error.lineno:,}, column {error.colno:,}: {shown(error.msg)}; "
            "expected a report, as slaaudit check --format json writes it"
        ) from None
    except RecursionError:
        raise EvidenceError(f"{name}: objects stand in each other too deep for a report") from None
    except ValueError as error:
        raise EvidenceError(f"{name}: {shown(str(error), 200)}") from None


def _is_cut(rest: str, told: str) -> bool:
    """Whether what follows a fault is but the beginning of something."""
    begun = any(word.startswith(rest) for word in ("true", "false", "null", "-"))
    return begun or told.startswith("Unterminated") or ("escape" in told and len(rest) < _ALONE)


def _whole_characters(text: str) -> str:
    """The text, halves of a character that stand alone replaced: no text can hold them."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _HALVES.sub(lambda found: "\\ufffd" if _is_alone(found[0]) else found[0], text)


def _is_alone(escape: str) -> bool:
    return len(escape) == _ALONE


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _expect_schema(record: Any, name: str) -> None:
    found = record.get("schema") if isinstance(record, dict) else None
    if found == SCHEMA:
        return
    kind, _, number = SCHEMA.partition("/")
    if isinstance(found, str) and found.startswith(f"{kind}/"):
        told = f"its schema is {shown(found, _SHOWN)}, and this version reads number {number}; another one made it"
    elif isinstance(found, str):
        told = f"its schema is {shown(found, _SHOWN)}; expected {SCHEMA}, as slaaudit check --format json writes it"
    else:
        told = f"no report of slaaudit; expected an object whose schema is {SCHEMA}"
    raise EvidenceError(f"{name}: {told}")


def _faults(record: Record, name: str) -> str:
    """The first faults, each with its path into the document, what was expected and what is there."""
    told: dict[str, str] = {}
    try:
        Report.model_validate(record)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            told.setdefault(*_fault(each, record))
    lines = [f"{name}: {path}: {text}" for path, text in list(told.items())[:_FEW]]
    more = len(told) - len(lines)
    return "\n".join(lines + ([f"and {more:,} more"] if more else []))


def _fault(error: Any, record: Any) -> tuple[str, str]:
    path, value, steps = "", record, error["loc"]
    if error["type"] == "missing":
        steps, missing = steps[:-1], steps[-1]
    for step in steps:
        if isinstance(value, dict) and step in value:
            path, value = f"{path}.{step}" if path else str(step), value[step]
        elif isinstance(value, list) and isinstance(step, int):
            path, value = f"{path}[{step}]", value[step]
    if error["type"] == "missing":
        return shown(f"{path}.{missing}".lstrip("."), _SHOWN), "missing"
    said = error["msg"].replace("Input should", "should").replace("Value error, ", "")
    return shown(path, 2 * _SHOWN), f"{said}; found {shown(json.dumps(value, ensure_ascii=False), _SHOWN)}"


def _expect_known(record: Record, name: str) -> None:
    """An EvidenceError where a row names a policy, a clause or a ticket that the report does not list."""
    policies = len(record["policies"])
    clauses = {(row["policy"], row["clause"]) for row in record.get("clauses") or ()}
    tickets = {row["ticket"] for row in record.get("tickets") or ()}
    for key, at, row in _rows(record):
        if row["policy"] >= policies:
            told = f"policy: {row['policy']} is no policy of this report, which has {policies}"
        elif "clause" in row and (row["policy"], row["clause"]) not in clauses:
            told = f"clause: {shown(row['clause'], _SHOWN)} is none of the policy's clauses"
        elif key == "measurements" and row["ticket"] not in tickets:
            told = f"ticket: {shown(row['ticket'], _SHOWN)} is none of the report's tickets"
        else:
            continue
        raise EvidenceError(f"{name}: {key}[{at}].{told}")


def _rows(record: Record) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for key in _RELATED:
        for at, row in enumerate(record.get(key) or ()):
            yield key, at, row
