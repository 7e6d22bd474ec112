"""From a list's columns to events and doubts, beside whatever a log tells of the same tickets.

The log tells what happened. A list's moment becomes an event only where the log has none of its kind for that
ticket; what the list's last status and its dates leave open becomes a doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Actor, Doubt, Flag, Kind, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slaaudit.evidence.tables import Codes, Instants, Mask, Small

KINDS_OF_MOMENTS = {
    "reported_at": Kind.REPORTED,
    "created_at": Kind.CREATED,
    "assigned_at": Kind.ASSIGNED,
    "first_response_at": Kind.REPLY,
    "workaround_at": Kind.WORKAROUND,
    "resolved_at": Kind.STATUS,
    "reopened_at": Kind.STATUS,
    "closed_at": Kind.STATUS,
}
STATES_OF_MOMENTS = {"resolved_at": State.RESOLVED, "reopened_at": State.OPEN, "closed_at": State.CLOSED}


@dataclass(frozen=True)
class Listed:
    """The lists by ticket: one element a ticket, ``MISSING`` or -1 where no list speaks of it."""

    at: Mapping[str, Instants]
    states: Small
    status: Codes


@dataclass(frozen=True)
class Logged:
    """What the logs tell by ticket: the times of moments, and which kinds they cover."""

    created: Instants
    resolved: Instants
    closed: Instants
    reopened: Instants
    unfinished: Instants
    cancelled: Mask
    statuses: Mask
    assigned: Mask
    answered: Mask
    workaround: Mask
    any: Mask


@dataclass(frozen=True)
class ListEvents:
    """Events out of lists, ticket by ticket: the ticket, the moment's name, and the columns of ``Events``."""

    ticket: Codes
    moment: np.ndarray[tuple[int], np.dtype[np.int8]]
    at: Instants
    kind: Small
    actor: Small
    value: Codes
    word: Codes


def judged(listed: Listed, logged: Logged | None) -> tuple[dict[str, Instants], Codes]:
    """The list's moments that become events, and each ticket's doubts."""
    at = dict(listed.at)
    doubt = np.zeros(len(listed.states), np.int32)
    created = _first_known(None if logged is None else logged.created, at.get("created_at"), len(doubt))
    doubt |= np.where(created == MISSING, Doubt.NO_CREATION, 0).astype(np.int32)
    if logged is not None:
        at = _unlogged(at, logged)
    for moment in ("resolved_at", "closed_at"):
        if moment in at:
            early = (at[moment] != MISSING) & (created != MISSING) & (at[moment] < created)
            doubt[early] |= Doubt.FINISH_BEFORE_CREATION
            at[moment] = np.where(early, MISSING, at[moment]) if early.any() else at[moment]
    _weigh_status(at, listed, logged, doubt)
    return at, doubt


def _first_known(first: Instants | None, second: Instants | None, count: int) -> Instants:
    """Each ticket's instant from the first column, else from the second."""
    nothing = np.full(count, MISSING, np.int64)
    ahead = nothing if first is None else first
    found: Instants = np.where(ahead == MISSING, nothing if second is None else second, ahead)
    return found


def _unlogged(at: Mapping[str, Instants], logged: Logged) -> dict[str, Instants]:
    """The list's moments of which the log has none for that ticket."""
    told = {
        "created_at": logged.created != MISSING,
        "assigned_at": logged.assigned,
        "first_response_at": logged.answered,
        "workaround_at": logged.workaround,
        "resolved_at": (logged.resolved != MISSING) | logged.cancelled,
        "closed_at": (logged.closed != MISSING) | logged.cancelled,
        "reopened_at": logged.reopened != MISSING,
    }
    return {moment: np.where(told[moment], MISSING, when) if moment in told else when for moment, when in at.items()}


def _weigh_status(at: dict[str, Instants], listed: Listed, logged: Logged | None, doubt: Codes) -> None:
    """Hold the last status against the dates: doubts are added, moments that are none are taken out of ``at``."""
    count = len(doubt)
    missing = np.full(count, MISSING, np.int64)
    states = listed.states
    cancelled = states == State.CANCELLED
    if logged is not None:
        cancelled &= ~logged.cancelled
    _date_cancelled(at, cancelled, doubt)
    resolved, closed, reopened = (at.get(name, missing) for name in ("resolved_at", "closed_at", "reopened_at"))
    unseen = _unseen_reopening(resolved, closed, reopened, states, logged)
    if unseen.any():
        doubt[unseen] |= Doubt.REOPENING_UNSEEN
        reopened = at["reopened_at"] = np.where(unseen, MISSING, reopened)
    if logged is not None:
        resolved, closed, reopened = (
            np.maximum(one, two)
            for one, two in ((resolved, logged.resolved), (closed, logged.closed), (reopened, logged.reopened))
        )
    _doubt_status(resolved, closed, reopened, states, logged, doubt)


def _date_cancelled(at: dict[str, Instants], cancelled: Mask, doubt: Codes) -> None:
    """A cancelled ticket is cancelled at its closing, else at its resolution; neither is then a finish of its own."""
    if not cancelled.any():
        return
    missing = np.full(len(doubt), MISSING, np.int64)
    resolved, closed = at.get("resolved_at", missing), at.get("closed_at", missing)
    when = np.where(closed == MISSING, resolved, closed)
    undated = cancelled & (when == MISSING) & (doubt & Doubt.FINISH_BEFORE_CREATION == 0)
    doubt[undated] |= Doubt.CANCELLED_UNDATED
    at["closed_at"] = np.where(cancelled, when, closed)
    at["resolved_at"] = np.where(cancelled, MISSING, resolved)


def _unseen_reopening(
    resolved: Instants, closed: Instants, reopened: Instants, states: Small, logged: Logged | None
) -> Mask:
    """Where reopened_at lies before the finish that it should follow: an earlier finish is not in the record.

    Where both bear one stamp (to the minute, to the day) the last status tells which came last.
    """
    if logged is not None:
        resolved, closed = np.maximum(resolved, logged.resolved), np.maximum(closed, logged.closed)
    finished = np.where(resolved == MISSING, closed, resolved)
    says_finished = (states == State.RESOLVED) | (states == State.CLOSED)
    before = (reopened < finished) | ((reopened == finished) & says_finished)
    unseen: Mask = (reopened != MISSING) & ((finished == MISSING) | before)
    return unseen


def _doubt_status(
    resolved: Instants, closed: Instants, reopened: Instants, states: Small, logged: Logged | None, doubt: Codes
) -> None:
    last_finish = np.maximum(resolved, closed)
    if logged is not None:
        reopened = np.maximum(reopened, logged.unfinished)
    is_finished = last_finish >= np.where(reopened == MISSING, MISSING + 1, reopened)
    is_early = (doubt & Doubt.FINISH_BEFORE_CREATION) != 0
    says_finished = (states == State.RESOLVED) | (states == State.CLOSED)
    says_open = (states >= State.NEW) & (states <= State.HOLD)
    unknown = states == State.UNKNOWN
    if logged is not None:
        # A finish that the log tells stands against a list's open or unknown status. A finish that only the list
        # tells of does not make a clock run on: that would be a breach which nobody can prove.
        says_open, unknown = says_open & ~logged.statuses, unknown & ~logged.statuses
    closed_undated = (states == State.CLOSED) & is_finished & (closed == MISSING)
    doubt[says_finished & ~is_finished & ~is_early] |= Doubt.FINISHED_UNDATED
    doubt[closed_undated & ~is_early] |= Doubt.CLOSED_UNDATED
    doubt[says_open & is_finished] |= Doubt.REOPENED_UNDATED
    doubt[unknown] |= Doubt.STATUS_UNKNOWN


def events_of(at: Mapping[str, Instants], listed: Listed, moments: tuple[str, ...]) -> ListEvents:
    """The events of every moment that is known, ticket by ticket, in the order of ``moments`` within one."""
    matrix = np.stack([at[moment] for moment in moments], axis=1).ravel()
    cells = np.flatnonzero(matrix != MISSING)
    width = len(moments)
    ticket = (cells // width).astype(np.int32)
    which = (cells - ticket.astype(np.int64) * width).astype(np.int8)
    kinds = np.array([KINDS_OF_MOMENTS[moment] for moment in moments], np.int8)
    actors = np.array([Actor.VENDOR if moment == "first_response_at" else Actor.UNKNOWN for moment in moments], np.int8)
    values = np.array([STATES_OF_MOMENTS.get(moment, NONE) for moment in moments], np.int32)
    value, word = values.take(which), np.full(len(cells), NONE, np.int32)
    _name_states(value, word, ticket, listed)
    return ListEvents(ticket, which, matrix.take(cells), kinds.take(which), actors.take(which), value, word)


def _name_states(value: Codes, word: Codes, ticket: Codes, listed: Listed) -> None:
    """A closing that the status calls a cancellation is one; an event that leads to the last status has its word."""
    finish = np.flatnonzero((value == State.RESOLVED) | (value == State.CLOSED))
    if not len(finish) or not (listed.status != NONE).any():
        return
    states = listed.states.take(ticket.take(finish))
    cancelled = finish[(states == State.CANCELLED) & (value[finish] == State.CLOSED)]
    value[cancelled] = State.CANCELLED
    named = finish[value.take(finish) == states]
    word[named] = listed.status.take(ticket.take(named))


def flags_of(doubtful: Mapping[str, Mask | None], events: ListEvents, moments: tuple[str, ...]) -> Small:
    """Each event's ``Flag`` bits."""
    flags = np.full(len(events.at), Flag.FROM_LIST, np.int8)
    for index, moment in enumerate(moments):
        marks = doubtful.get(moment)
        if marks is not None and marks.any():
            mine = events.moment == index
            flags[mine] |= np.where(marks[events.ticket[mine]], Flag.LOCAL_AMBIGUOUS, 0).astype(np.int8)
    return flags
