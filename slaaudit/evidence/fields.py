"""The plain names of fields, and what each shape needs."""

from __future__ import annotations

TICKETS, EVENTS, SNAPSHOTS = "tickets", "events", "snapshots"
INCIDENTS, MAINTENANCE, USAGE = "incidents", "maintenance", "usage"
OF_TICKETS = (TICKETS, EVENTS, SNAPSHOTS)
OF_OPERATIONS = (INCIDENTS, MAINTENANCE, USAGE)

TICKET_TIMES = (
    "reported_at",
    "created_at",
    "assigned_at",
    "first_response_at",
    "workaround_at",
    "resolved_at",
    "reopened_at",
    "closed_at",
)
"""A list's moments, in the order in which they stand at one instant."""

TIMES = {
    TICKETS: TICKET_TIMES,
    EVENTS: ("at",),
    SNAPSHOTS: ("at", "created_at"),
    INCIDENTS: ("started_at", "ended_at"),
    MAINTENANCE: ("started_at", "ended_at", "announced_at"),
    USAGE: ("window_start", "window_end"),
}
REQUIRED = {
    TICKETS: ("ticket_id", "created_at"),
    EVENTS: ("ticket_id", "at", "event"),
    SNAPSHOTS: ("ticket_id", "at"),
    INCIDENTS: ("started_at", "ended_at"),
    MAINTENANCE: ("started_at", "ended_at"),
    USAGE: ("window_start", "window_end", "total", "failed"),
}
IN_EVERY_ROW = {
    **{shape: REQUIRED[shape][:2] for shape in OF_TICKETS},
    INCIDENTS: ("started_at",),
    MAINTENANCE: ("started_at",),
    USAGE: ("window_start",),
}
"""Fields without which a record may be a total or a footer. An incident that has not ended has no end."""

JUDGED = {
    TICKETS: ("ticket_id", "severity", "status", "created_by"),
    EVENTS: ("ticket_id", "event", "actor", "actor_group", "value", "old"),
    SNAPSHOTS: ("ticket_id", "severity", "status", "assigned_to", "actor", "actor_group", "created_by"),
    INCIDENTS: (
        "incident_id",
        "status",
        "up_or_down",
        "planned",
        "affected_fraction",
        "affected_users",
        "total_users",
    ),
    MAINTENANCE: ("status", "component"),
    USAGE: ("total", "failed", "component"),
}
"""The fields, times aside, that become events or doubts; every other one is a field of the ticket."""

PLAIN_FIELDS = ("channel", "type", "component", "organization", "environment", "requester_role", "cause")
MILESTONES = ("milestone", "milestone_at")
"""A list's rows may tell a moment each: its name and its time."""

LONG_TEXTS = ("subject", "description", "title")
INCIDENT_FIELDS = ("component", "environment", "severity", "cause", "title")
TELLING = {
    "ticket_id": TICKETS,
    "incident_id": INCIDENTS,
    "window_start": USAGE,
    "announced_at": MAINTENANCE,
}
"""A plain name that no other kind of file has."""


def known(shape: str) -> tuple[str, ...]:
    """Every plain name of a shape."""
    names = (*JUDGED[shape], *TIMES[shape])
    if shape in OF_OPERATIONS:
        return (*names, *INCIDENT_FIELDS) if shape == INCIDENTS else names
    return names if shape == EVENTS else (*names, *PLAIN_FIELDS, *LONG_TEXTS)
