"""Which events start and stop a clause's clocks, and which severities each clock sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plain_timeline import FINISHES

from slaaudit.evidence.tables import Doubt

if TYPE_CHECKING:
    from plain_timeline import Ticket, Timeline

    from slaaudit.policy.model import Policy, TicketClause


@dataclass(frozen=True)
class Clock:
    """From the event at ``start`` to the one at ``stop`` (None: open). ``live``: stopped as it started.

    ``by_change``: the stop is a severity change; ``movable``: counts-from may move the start.
    """

    start: int
    stop: int | None = None
    live: bool = False
    by_change: bool = False
    movable: bool = True


def clocks_of(clause: TicketClause, line: Timeline, ticket: Ticket) -> list[Clock]:
    """The clocks that the clause starts on this ticket, before severity cuts them."""
    if clause.measure == "update-gap":
        return _gaps(line, set(clause.starts), set(clause.stops))
    if clause.measure == "next-response":
        return _next_responses(line, set(clause.stops))
    start = _first_start(line, set(clause.starts))
    if start is None:
        return []
    if _answered_live(clause, line, ticket, start):
        return [Clock(start, live=True)]
    return _once(clause, line, start)


def _once(clause: TicketClause, line: Timeline, start: int) -> list[Clock]:
    stops = set(clause.stops)
    if clause.clock.reopening == "continues":
        return [Clock(start, _stop_that_continues(line, stops, start))]
    first = Clock(start, _first(line, stops, start + 1))
    return [first] if clause.clock.reopening == "ignored" else _restarted(line, stops, first)


def _first(line: Timeline, moments: set[str], begin: int) -> int | None:
    return next((place for place in range(begin, len(line.log)) if line.moments[place] & moments), None)


def _first_start(line: Timeline, starts: set[str]) -> int | None:
    place = _first(line, starts, 0)
    while place is not None and line.log[place].at < line.created_at and "reported" not in line.moments[place]:
        place = _first(line, starts, place + 1)
    return place


def is_finish(line: Timeline, place: int, stops: set[str]) -> bool:
    return line.moments[place] & stops <= FINISHES


def _answered_live(clause: TicketClause, line: Timeline, ticket: Ticket, start: int) -> bool:
    channel = (ticket.fields.get("channel") or "").strip().casefold()
    return (
        bool(line.moments[start] & {"created", "reported"})
        and set(clause.starts) <= {"created", "reported"}
        and "vendor-reply" in clause.stops
        and Doubt.VENDOR_CREATED in ticket.doubt
        and channel == "phone"
    )


def _stop_that_continues(line: Timeline, stops: set[str], start: int) -> int | None:
    places = [place for place in range(start + 1, len(line.log)) if line.moments[place] & stops]
    others = [place for place in places if not is_finish(line, place, stops)]
    reopenings = [place for place in range(start + 1, len(line.log)) if "reopened" in line.moments[place]]
    after = reopenings[-1] if reopenings else start
    finishes = [place for place in places if is_finish(line, place, stops) and place > after]
    return min(others[:1] + finishes[:1], default=None)


def _restarted(line: Timeline, stops: set[str], first: Clock) -> list[Clock]:
    clocks = [first]
    while (stop := clocks[-1].stop) is not None and is_finish(line, stop, stops):
        reopening = _first(line, {"reopened"}, stop + 1)
        if reopening is None:
            break
        between = [place for place in range(stop + 1, reopening + 1) if line.moments[place] & stops]
        if any(not is_finish(line, place, stops) for place in between):
            break
        clocks.append(Clock(reopening, _first(line, stops, reopening + 1), movable=False))
    return clocks


def _unfinished(line: Timeline, place: int) -> bool:
    return line.states[place] not in FINISHES


def _gaps(line: Timeline, starts: set[str], stops: set[str]) -> list[Clock]:
    clocks = []
    for place in range(len(line.log)):
        if line.moments[place] & starts and _unfinished(line, place):
            clocks.append(Clock(place, _first(line, stops, place + 1)))
        elif "reopened" in line.moments[place]:
            clocks.append(Clock(place, _first(line, stops, place + 1), movable=False))
    return clocks


def _next_responses(line: Timeline, stops: set[str]) -> list[Clock]:
    clocks = []
    replied = waits = left_behind = False
    for place, moments in enumerate(line.moments):
        if moments & (stops | {"vendor-reply"}):
            waits = left_behind = False
            replied = replied or "vendor-reply" in moments
        if "customer-reply" in moments and replied and not waits:
            if _unfinished(line, place):
                waits = True
                clocks.append(Clock(place, _first(line, stops, place + 1)))
            else:
                left_behind = True
        if "reopened" in moments and left_behind and not waits:
            waits, left_behind = True, False
            clocks.append(Clock(place, _first(line, stops, place + 1), movable=False))
    return clocks


# Severity


def severities_held(line: Timeline, clock: Clock, policy: Policy) -> list[tuple[int, object]]:
    """The severities held from the clock's start to its stop: the place where each begins, and what it is.

    A severity is the policy's id, ``("?", word)`` for a word the policy does not know, None where there is none.
    """
    start_at = line.log[clock.start].at
    held: list[tuple[int, object]] = [(clock.start, _known(line.first_severity, policy))]
    later = []
    for place, word in line.changes:
        if line.log[place].at <= start_at:
            held = [(clock.start, _known(word, policy))]
        elif not clock.live and (clock.stop is None or place < clock.stop):
            later.append((place, _known(word, policy)))
    for index, (place, severity) in enumerate(later):
        followed_at_once = index + 1 < len(later) and line.log[later[index + 1][0]].at == line.log[place].at
        if not followed_at_once:
            held.append((place, severity))
    return [each for index, each in enumerate(held) if not index or each[1] != held[index - 1][1]]


def _known(word: str | None, policy: Policy) -> object:
    if word is None or not word.strip():
        return None
    return policy.severity_named(word) or ("?", word)
