"""The measurements as a table for spreadsheets: one row each, no cell a formula."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

from slaaudit.report.lines import batches, stamps
from slaaudit.report.safe import cell, shown
from slaaudit.report.words import seconds

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.report.lines import Line, Origin

HEADER = (
    "ticket", "policy", "clause", "cycle", "severity", "verdict", "reason", "calendar", "started_at", "stopped_at",
    "due_at", "target_s", "elapsed_s", "over_s", "paused_s", "caveats", "waived", "start_file", "start_row",
    "start_actor", "stop_file", "stop_row", "stop_actor", "paused_most_s",
)  # fmt: skip


def write_csv(audit: Audit, stream: IO[str]) -> None:
    """Write every measurement to ``stream``, in the report's order."""
    policies = [loaded.policy.id for loaded in audit.policies]
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for found in batches(audit):
        instants = zip(
            stamps([line.started_at for line in found]),
            stamps([line.stopped_at for line in found]),
            stamps([line.due_at for line in found]),
            strict=True,
        )
        writer.writerows(_row(line, policies[line.policy], times) for line, times in zip(found, instants, strict=True))


def _row(line: Line, policy: str, times: tuple[str | None, ...]) -> tuple[object, ...]:
    lengths = map(seconds, (line.target, line.elapsed, line.over, line.paused))
    return (
        _text(line.ticket), _text(policy), _text(line.clause), line.cycle, _text(line.severity), line.verdict,
        _text(line.reason), _text(line.calendar), *times, *lengths, _text("; ".join(line.caveats)), _text(line.waived),
        *_origin(line.start), *_origin(line.stop), seconds(line.paused_most),
    )  # fmt: skip


def _origin(found: Origin | None) -> tuple[object, ...]:
    return (None, None, None) if found is None else (_text(found.file), found.row, found.actor)


def _text(value: str | None) -> str | None:
    return value and cell(shown(value))
