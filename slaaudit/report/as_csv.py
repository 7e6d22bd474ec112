"""The measurements as a table for spreadsheets: one row each, no cell a formula."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING, Any

from slaaudit.report.safe import cell, shown

if TYPE_CHECKING:
    from slaaudit.report.record import Record

HEADER = (
    "ticket", "policy", "clause", "cycle", "severity", "verdict", "reason", "calendar", "started_at", "stopped_at",
    "due_at", "target_s", "elapsed_s", "over_s", "paused_s", "caveats", "waived", "start_file", "start_row",
    "start_actor", "stop_file", "stop_row", "stop_actor", "paused_most_s",
)  # fmt: skip


def write_csv(record: Record, stream: IO[str]) -> None:
    """Write every measurement to ``stream``, in the report's order."""
    policies = [policy["id"] for policy in record["policies"]]
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_row(found, policies[found["policy"]]) for found in record["measurements"])


def _row(found: dict[str, Any], policy: str) -> tuple[object, ...]:
    evidence = found["evidence"]
    return (
        _text(found["ticket"]), _text(policy), _text(found["clause"]), found["cycle"], _text(found["severity"]),
        found["verdict"], _text(found["reason"]), _text(found["calendar"]), *(found[name] for name in _PLAIN),
        _text("; ".join(found["caveats"])), _text(found["waived"]), *_origin(evidence["start"]),
        *_origin(evidence["stop"]), found["paused_most_s"],
    )  # fmt: skip


_PLAIN = ("started_at", "stopped_at", "due_at", "target_s", "elapsed_s", "over_s", "paused_s")


def _origin(found: dict[str, Any] | None) -> tuple[object, ...]:
    return (None, None, None) if found is None else (_text(found["file"]), found["row"], found["actor"])


def _text(value: str | None) -> str | None:
    return value and cell(shown(value))
