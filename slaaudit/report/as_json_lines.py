"""The report as JSON lines: the head on the first line, then a measurement a line, each complete in itself."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from slaaudit.report.from_record import held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.record import Record

_LISTED = ("tickets", "measurements")
_CHUNK = 2000
_encoded = json.JSONEncoder(separators=(", ", ": ")).encode


def write_json_lines(record: Record, stream: IO[str]) -> None:
    """Write the head (``kind`` is ``report``: every key but the tickets and measurements), then the measurements."""
    head = {key: held(value) for key, value in record.items() if key not in _LISTED}
    stream.write(_encoded({"kind": "report", **head}) + "\n")
    batch: list[str] = []
    for line in _lines(record):
        batch.append(_encoded(line))
        if len(batch) == _CHUNK:
            stream.write("\n".join([*batch, ""]))
            batch = []
    stream.writelines(line + "\n" for line in batch)


def _lines(record: Record) -> Iterator[dict[str, Any]]:
    """Each measurement with its policy's id and its ticket's fields. Tickets stand in the order of measurements."""
    policies = [policy["id"] for policy in record["policies"]]
    tickets = iter(record["tickets"])
    ticket: dict[str, Any] | None = next(tickets, None)
    for row in record["measurements"]:
        while ticket is not None and ticket["ticket"] != row["ticket"]:
            ticket = next(tickets, None)
        fields = ticket["fields"] if ticket is not None else {}
        yield {"kind": "measurement", **row, "policy_id": policies[row["policy"]], "fields": fields}
