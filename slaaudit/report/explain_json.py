"""The explanation of a few tickets as data: the measurements of the report, their worksheets cut finer."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from slaaudit.report.as_json import head, measurements, origin, write_object
from slaaudit.report.explain import place_of
from slaaudit.report.findings import as_data
from slaaudit.report.lines import STATES, WHYS
from slaaudit.report.words import rfc3339, seconds
from slaaudit.report.worksheet import sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.audit import Audit
    from slaaudit.report.findings import Seen
    from slaaudit.report.lines import Line
    from slaaudit.report.worksheet import Sheet

SCHEMA = "slaaudit.explanation/1"


def write_explanation(audit: Audit, found: Sequence[Line], stream: IO[str], findings: Sequence[Seen] = ()) -> None:
    """Write the measurements in ``found`` with their fine worksheets, and what the record shows of their tickets."""
    measured = ("measurements", _explained(audit, list(found)))
    write_object([("schema", SCHEMA), *head(audit), measured, ("findings", as_data(findings))], stream)


def _explained(audit: Audit, found: list[Line]) -> Iterator[dict[str, Any]]:
    for line, item in zip(found, measurements(audit, found), strict=True):
        sheet = sheet_of(audit, line)
        yield item | {"timezone": sheet.zone.key, "promise": place_of(audit, line), "worksheet": list(_rows(sheet))}


def _rows(sheet: Sheet) -> Iterator[dict[str, Any]]:
    severities = list(sheet.audit.policies[sheet.line.policy].policy.severities)
    for row, source in zip(sheet.rows, sheet.origins, strict=True):
        yield {
            "from": rfc3339(row.from_at),
            "to": rfc3339(row.to_at),
            "state": STATES[row.state],
            "severity": severities[row.severity] if 0 <= row.severity < len(severities) else None,
            "counted": WHYS[row.why] == "runs",
            "took_s": seconds(row.took),
            "total_s": seconds(row.total),
            "why": WHYS[row.why],
            "name": row.name or None,
            **{key: value for key, value in (origin(source) or {}).items() if key in ("file", "row", "word")},
        }
