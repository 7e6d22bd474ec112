"""Files about a service: incidents, maintenance and counts of requests, in plain names and UTC."""

from __future__ import annotations

from writing import Row, csv_bytes

INCIDENTS = (
    "incident_id", "started_at", "ended_at", "component", "environment", "severity", "cause", "planned",
    "affected_users", "total_users", "title",
)  # fmt: skip
MAINTENANCE = ("started_at", "ended_at", "announced_at")
USAGE = ("window_start", "window_end", "total", "failed")


def incident(name: str, span: str, title: str, **fields: str) -> Row:
    """An incident from ``span``: ``2026-03-17T09:00/2026-03-17T13:00``; without an end it is open."""
    start, _, end = span.partition("/")
    return {
        "incident_id": name,
        "started_at": f"{start}:00Z",
        "ended_at": f"{end}:00Z" if end else "",
        "planned": "false",
        "title": title,
        **fields,
    }


def window(span: str, announced: str) -> Row:
    """A window of maintenance."""
    start, _, end = span.partition("/")
    return {"started_at": f"{start}:00Z", "ended_at": f"{end}:00Z", "announced_at": f"{announced}:00Z"}


def incidents_bytes(rows: list[Row]) -> bytes:
    """The file of incidents."""
    return csv_bytes(INCIDENTS, rows)


def maintenance_bytes(rows: list[Row]) -> bytes:
    """The file of maintenance."""
    return csv_bytes(MAINTENANCE, rows)


def usage_bytes(rows: list[Row]) -> bytes:
    """The file of counts."""
    return csv_bytes(USAGE, rows)
