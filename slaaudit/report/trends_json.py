"""Trends as data: ``slaaudit.trends/1``."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from slaaudit.report.as_json import head, write_object
from slaaudit.report.at_risk import clocks_as_data
from slaaudit.report.notes import notes
from slaaudit.report.words import decimal_text, percent_used, rfc3339
from slaaudit.totals import attained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.audit import Audit
    from slaaudit.trends import Arrivals, Tally, Trends

SCHEMA = "slaaudit.trends/1"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def write_trends(audit: Audit, found: Trends, stream: IO[str]) -> None:
    """Write the trends to ``stream``."""
    parts: list[tuple[str, Any]] = [
        ("schema", SCHEMA),
        *head(audit),
        ("months", ({"clause": row.clause, "month": row.month, "to_date": row.to_date, **_tally(row.tally)}
                    for row in found.months)),
        ("kinds", ({"field": row.field, "value": row.value, "clause": row.clause, **_tally(row.tally)}
                   for row in found.kinds)),
        ("arrivals", _arrivals(found.arrivals)),
        ("backlog", ({"clause": row.clause, "severity": row.severity or None, "running": row.within,
                      "at_risk": row.at_risk, "past_target": row.past, "oldest_started_at": rfc3339(row.oldest_at)}
                     for row in found.backlog)),
        ("at_risk_above", percent_used(found.above)),
        ("at_risk", clocks_as_data(audit, found.risky)),
        ("notes", (*audit.evidence.notes, *notes(audit))),
    ]  # fmt: skip
    write_object(parts, stream)


def _tally(tally: Tally) -> dict[str, Any]:
    reached = attained(tally.met, tally.breached)
    return {
        "met": tally.met,
        "breached": tally.breached,
        "waived": tally.waived,
        "running": tally.running,
        "unknown": tally.unknown,
        "attainment": None if reached is None else decimal_text(reached),
        "p50_used": percent_used(tally.p50),
        "p90_used": percent_used(tally.p90),
    }


def _arrivals(found: Arrivals) -> Iterator[dict[str, Any]]:
    """The hours of the week in which anything arrived that was met or breached."""
    for day, (late, decided) in enumerate(zip(found.breached.tolist(), found.decided.tolist(), strict=True)):
        for hour, number in enumerate(decided):
            if number:
                yield {"weekday": _DAYS[day], "hour": hour, "met": number - late[hour], "breached": late[hour]}
