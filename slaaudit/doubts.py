"""What a status or an actor of unknown meaning could change: the same tickets under every meaning, compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from slaaudit.evidence.tables import (
    MISSING,
    NONE,
    Actor,
    Codes,
    Events,
    Evidence,
    Flag,
    Kind,
    Mask,
    Rows,
    State,
)
from slaaudit.moments import Happening
from slaaudit.results import Measurements, Reason, Verdict, Worksheet

if TYPE_CHECKING:
    from slaaudit.timeline import Timeline

_REPLIES = Happening.VENDOR_REPLY | Happening.CUSTOMER_REPLY
_CHANGES = np.array([Kind.NOTE, Kind.STATUS, Kind.SEVERITY, Kind.ASSIGNED], np.int8)


@dataclass(frozen=True)
class Doubtful:
    """Tickets (sorted indexes) that something of unknown meaning concerns, and the first such word of each.

    ``reason`` names what is unknown; ``both`` says that an actor and a status are.
    """

    reason: Reason
    tickets: Rows
    words: tuple[str, ...]
    both: bool = False


@dataclass(frozen=True)
class Variant:
    """The evidence with the unknown taken to mean one thing; ``pauses`` says so of an unknown status."""

    evidence: Evidence
    pauses: bool = False


def doubtful(evidence: Evidence, line: Timeline, asked: Happening) -> tuple[Doubtful, ...]:
    """The tickets with an unknown status, with an unknown actor that the ``asked`` moments turn on, and with both."""
    log = line.log
    status = (log.kind == Kind.STATUS) & ((log.value == State.UNKNOWN) | (log.old == State.UNKNOWN))
    actor = np.zeros(len(log), np.bool_)
    if asked & (_REPLIES | Happening.VENDOR_UPDATE):
        actor = (log.kind == Kind.REPLY) & (log.actor == Actor.UNKNOWN)
    if asked & Happening.VENDOR_UPDATE:
        by_person = (log.flags & Flag.FROM_LIST) == 0
        actor |= by_person & (log.actor == Actor.UNKNOWN) & np.isin(log.kind, _CHANGES)
    by_actor = _doubtful(Reason.ACTOR_UNKNOWN, log, actor, log.who, evidence)
    by_status = _doubtful(Reason.STATUS_UNKNOWN, log, status, log.word, evidence)
    shared = np.isin(by_status.tickets, by_actor.tickets)
    words = tuple(word for word, one in zip(by_status.words, shared.tolist(), strict=True) if one)
    by_both = Doubtful(Reason.STATUS_UNKNOWN, by_status.tickets[shared], words, both=True)
    return tuple(one for one in (by_actor, by_status, by_both) if len(one.tickets))


def _doubtful(reason: Reason, log: Events, concerned: Mask, word: Codes, evidence: Evidence) -> Doubtful:
    positions = np.flatnonzero(concerned)
    tickets, first = np.unique(log.ticket[positions], return_index=True)
    codes = word[positions[first]]
    words = tuple("" if code == NONE else evidence.words[code] for code in codes)
    return Doubtful(reason, tickets.astype(np.int64), words)


def variants(evidence: Evidence, doubt: Doubtful) -> tuple[Variant, ...]:
    """The evidence under each other meaning of what is unknown; of both, under each pair of meanings."""
    if doubt.both:
        return tuple(other for one in _of_actors(evidence) for other in _of_statuses(one.evidence))
    return _of_actors(evidence) if doubt.reason == Reason.ACTOR_UNKNOWN else _of_statuses(evidence)


def _of_actors(evidence: Evidence) -> tuple[Variant, ...]:
    events = evidence.events
    unknown = (events.actor == Actor.UNKNOWN) & ((events.flags & Flag.FROM_LIST) == 0)
    return tuple(
        Variant(replace(evidence, events=replace(events, actor=np.where(unknown, np.int8(actor), events.actor))))
        for actor in (Actor.VENDOR, Actor.CUSTOMER)
    )


def _of_statuses(evidence: Evidence) -> tuple[Variant, ...]:
    events = evidence.events
    status = events.kind == Kind.STATUS
    finished = replace(
        events,
        value=np.where(status & (events.value == State.UNKNOWN), np.int32(State.RESOLVED), events.value),
        old=np.where(status & (events.old == State.UNKNOWN), np.int32(State.RESOLVED), events.old),
    )
    return (Variant(evidence, pauses=True), Variant(replace(evidence, events=finished)))


def compared(
    rows: Measurements, sheet: Worksheet, again: Measurements, doubt: Doubtful, words: Codes
) -> tuple[Measurements, Worksheet]:
    """``rows`` with those unknown whose verdict ``again`` does not share, or that only one of the two has.

    ``words`` are the codes of ``doubt.words`` in the audit's vocabulary.
    """
    concerned = np.isin(rows.ticket, doubt.tickets)
    keys, other = _keys(rows, again)
    order = np.argsort(other, kind="stable")
    place = np.searchsorted(other[order], keys)
    found = np.append(other[order], NONE)[place] == keys
    verdict = np.where(found, np.append(again.verdict[order], NONE)[np.where(found, place, -1)], NONE)
    differs = concerned & (verdict != rows.verdict) & (rows.verdict != Verdict.UNKNOWN)
    about = words[np.searchsorted(doubt.tickets, rows.ticket[differs])]
    rows = _unknown(rows, differs, doubt.reason, about)
    extra = np.flatnonzero(~np.isin(other, keys))
    if not len(extra):
        return rows, sheet
    more = again.take(extra)
    about = words[np.searchsorted(doubt.tickets, more.ticket)]
    more = _unknown(more, np.ones(len(more), np.bool_), doubt.reason, about)
    return _added(rows, more, sheet)


def _added(rows: Measurements, more: Measurements, sheet: Worksheet) -> tuple[Measurements, Worksheet]:
    """Both tables by ticket and clause; each clock of ``more`` is a cycle after those of ``rows``."""
    both = Measurements.concat([rows, more])
    added = np.arange(len(both)) >= len(rows)
    order = np.lexsort((both.cycle, added, both.clause, both.ticket))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    both = both.take(order)
    first = np.ones(len(both), np.bool_)
    first[1:] = (both.ticket[1:] != both.ticket[:-1]) | (both.clause[1:] != both.clause[:-1])
    at = np.arange(len(both))
    cycle = (at - np.maximum.accumulate(np.where(first, at, 0)) + 1).astype(np.int32)
    return replace(both, cycle=cycle), replace(sheet, measurement=place[sheet.measurement])


def _keys(rows: Measurements, again: Measurements) -> tuple[Rows, Rows]:
    """A number for each row's ticket, clause, own start, and its place among rows where those are equal.

    Clocks are told apart by where they start: another meaning may add clocks before them.
    """
    both = Measurements.concat([rows, again])
    from_again = np.arange(len(both)) >= len(rows)
    order = np.lexsort((both.cycle, from_again, both.own_start_at, both.clause, both.ticket))
    same = np.zeros(len(both), np.bool_)
    same[1:] = True
    for column in (both.ticket, both.clause, both.own_start_at):
        same[1:] &= column[order][1:] == column[order][:-1]
    group = np.cumsum(~same)
    again_starts = np.zeros(len(both), np.bool_)
    again_starts[1:] = from_again[order][1:] & ~from_again[order][:-1]
    at = np.arange(len(both))
    nth = at - np.maximum.accumulate(np.where(~same | again_starts, at, 0))
    keys = np.empty(len(both), np.int64)
    keys[order] = group * (len(both) + 1) + nth
    return keys[: len(rows)], keys[len(rows) :]


def _unknown(rows: Measurements, which: Mask, reason: Reason, about: Codes) -> Measurements:
    """The rows with ``which`` unknown: what they measured under one meaning is no measurement."""

    def where(column: npt.NDArray[Any], value: int) -> npt.NDArray[Any]:
        changed = column.copy()
        changed[which] = value
        return changed

    named = rows.about.copy()
    named[which] = about
    return replace(
        rows,
        verdict=where(rows.verdict, Verdict.UNKNOWN),
        reason=where(rows.reason, reason),
        about=named,
        stopped_at=where(rows.stopped_at, MISSING),
        due_at=where(rows.due_at, MISSING),
        elapsed=where(rows.elapsed, MISSING),
        paused=where(rows.paused, MISSING),
        paused_most=where(rows.paused_most, MISSING),
        caveats=where(rows.caveats, 0),
        stop_event=where(rows.stop_event, NONE),
    )
