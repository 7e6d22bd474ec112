"""The plain words: what a status, an event and an actor may be called without a mapping.

A word stands here only if it means one thing everywhere. ``pending`` waits for the customer in one helpdesk and for
a supplier in the next, so it stays unknown until a profile or a mapping says which.
"""

from __future__ import annotations

import re
from typing import TypeVar

from slaaudit.evidence.tables import Actor, Kind, State

_Meaning = TypeVar("_Meaning", State, Kind, Actor)
_GAPS = re.compile(r"[\s_-]+")

_STATES = {
    State.NEW: "new, submitted, registered, unassigned",
    State.OPEN: "open, active, in progress, work in progress, wip, assigned, reopened, re opened, acknowledged, "
    "waiting for support",
    State.WAITING: "waiting, waiting for customer, waiting on customer, awaiting customer, pending customer, "
    "waiting for user, waiting on user, awaiting user, awaiting user info, awaiting caller, waiting for requester, "
    "waiting on requester, awaiting requester, waiting for reporter, customer action required, client action required",
    State.HOLD: "hold, on hold, onhold, waiting on third party, waiting for third party, awaiting third party, "
    "awaiting vendor, awaiting supplier, awaiting problem, awaiting change",
    State.RESOLVED: "resolved, solved, fixed, done, completed",
    State.CLOSED: "closed",
    State.CANCELLED: "cancelled, canceled, merged, duplicate, duplicated, spam, deleted, withdrawn",
}

_KINDS = {
    Kind.CREATED: "created, create, creation, opened",
    Kind.SEVERITY: "severity, priority, severity change, severity changed, priority change, priority changed",
    Kind.ASSIGNED: "assigned, assign, assignee, assignment",
    Kind.REPLY: "reply, comment, public reply, public comment, response, message",
    Kind.NOTE: "note, internal note, private note, internal, private, internal comment, work note",
    Kind.WORKAROUND: "workaround",
    Kind.STATUS: "status, state, status change, status changed, state change",
}

_ACTORS = {
    Actor.CUSTOMER: "customer, client, requester, end user, user, caller, reporter",
    Actor.VENDOR: "vendor, agent, support, staff, supplier",
    Actor.SYSTEM: "system, automation, automated, bot, auto, automatic, trigger, workflow",
}

_MOMENTS = ("resolved", "solved", "closed", "reopened", "cancelled", "canceled")  # events that are statuses


def plain(word: str) -> str:
    """The word as the vocabulary looks it up: trimmed, without case, its gaps made single spaces.

    >>> plain(" In_Progress ")
    'in progress'
    """
    return _GAPS.sub(" ", word.strip().casefold()).strip()


def _looked_up(words: dict[_Meaning, str]) -> dict[str, _Meaning]:
    return {plain(word): meaning for meaning, listed in words.items() for word in listed.split(",")}


STATES: dict[str, State] = _looked_up(_STATES)
KINDS: dict[str, Kind] = {**_looked_up(_KINDS), **dict.fromkeys(map(plain, _MOMENTS), Kind.STATUS)}
ACTORS: dict[str, Actor] = _looked_up(_ACTORS)
STATE_NAMES = {state.name.lower(): state for state in State if state is not State.UNKNOWN}
ACTOR_NAMES = {actor.name.lower(): actor for actor in Actor if actor is not Actor.UNKNOWN}


def is_moment(word: str) -> bool:
    """Whether an event's word names the status that the ticket came to, such as ``resolved``."""
    return plain(word) in {plain(moment) for moment in _MOMENTS}
