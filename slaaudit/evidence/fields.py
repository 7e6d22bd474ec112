"""The plain names of fields, and what each shape needs."""

from __future__ import annotations

TICKETS, EVENTS, SNAPSHOTS, CLAIMS = "tickets", "events", "snapshots", "claims"
INCIDENTS, MAINTENANCE, USAGE = "incidents", "maintenance", "usage"
OF_TICKETS = (TICKETS, EVENTS, SNAPSHOTS, CLAIMS)
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

TICKET_TOTALS = ("waiting_total", "hold_total", "paused_total")
"""How long a ticket was waiting, on hold, and either of the two, in all: lengths of time, not moments."""

CLAIM_FACTS = ("met", "elapsed", "due", "target", "left")
"""What a helpdesk may say of a promise itself: whether it was kept, how long it took, and so on."""

TICKET_LENGTHS = (*TICKET_TOTALS, "claimed_elapsed", "claimed_target", "claimed_left", "claimed_business")
"""Fields that are lengths of time."""

TIMES = {
    TICKETS: TICKET_TIMES,
    EVENTS: ("at",),
    SNAPSHOTS: ("at", "created_at"),
    CLAIMS: ("claimed_due",),
    INCIDENTS: ("started_at", "ended_at"),
    MAINTENANCE: ("started_at", "ended_at", "announced_at"),
    USAGE: ("window_start", "window_end"),
}
REQUIRED = {
    TICKETS: ("ticket_id", "created_at"),
    EVENTS: ("ticket_id", "at", "event"),
    SNAPSHOTS: ("ticket_id", "at"),
    CLAIMS: ("ticket_id", "claim"),
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
    TICKETS: ("ticket_id", "severity", "status", "created_by", "reopen_count"),
    EVENTS: ("ticket_id", "event", "actor", "actor_group", "value", "old"),
    SNAPSHOTS: ("ticket_id", "severity", "status", "assigned_to", "actor", "actor_group", "created_by"),
    CLAIMS: ("ticket_id", "claim", "claimed_met", "claimed_elapsed", "claimed_target", "claimed_left", "claim_event"),
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
    names = (*JUDGED[shape], *TIMES[shape], *(TICKET_TOTALS if shape == TICKETS else ()))
    if shape in OF_OPERATIONS:
        return (*names, *INCIDENT_FIELDS) if shape == INCIDENTS else names
    return names if shape in (EVENTS, CLAIMS) else (*names, *PLAIN_FIELDS, *LONG_TEXTS)
