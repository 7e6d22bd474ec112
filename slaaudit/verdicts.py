"""Measurement against target: met, breached, or why it cannot be said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit import conditions
from slaaudit.evidence.tables import MISSING, NONE, Codes, Doubt, Flag, Instants, Mask, Rows, State
from slaaudit.measurements import Clocked, Scene, measured
from slaaudit.moments import FINISHING, Happening, bits, clocks, is_finished
from slaaudit.results import Caveat, Measurements, Reason, Verdict, Worksheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import TicketClause
    from slaaudit.timeline import Timeline

MINUTE = 60_000_000
_DECIDING = ~(Doubt.NO_STATUS_HISTORY | Doubt.NO_SEVERITY_HISTORY | Doubt.VENDOR_CREATED)
_PHONE = ("phone", "telephone", "call", "phone call")


@dataclass(frozen=True)
class Case:
    """One policy's clauses and the tickets they are held against.

    ``word`` gives the code of a text in ``Audit.words``. ``in_force`` marks the tickets that the policy judges.
    """

    scene: Scene
    evidence: Evidence
    policy: int
    in_force: Mask
    answered_live: Mask
    unit: Instants
    word: Callable[[str], int]


def answered_live(evidence: Evidence) -> Mask:
    """Tickets that the vendor logged during a phone call: they were answered as they were logged."""
    channel = evidence.tickets.fields.get("channel")
    by_vendor = (evidence.tickets.doubt & Doubt.VENDOR_CREATED) != 0
    if channel is None:
        return np.zeros(len(by_vendor), np.bool_)
    phone = np.array([word.strip().casefold() in _PHONE for word in channel.words] + [False], np.bool_)
    found: Mask = by_vendor & phone[channel.codes]
    return found


def judged(clause: TicketClause, index: int, case: Case) -> tuple[Measurements, Worksheet]:
    """All measurements of one clause, ordered by ticket and cycle, and the worksheet of each."""
    excluded, reason, about, unseen = _exclusions(clause, case)
    rows = case.in_force & ~excluded
    doubt = case.evidence.tickets.doubt
    uncreated = (doubt & Doubt.NO_CREATION) != 0
    seen = uncreated | (case.scene.timeline.created != NONE)
    unstarted = rows & uncreated
    found = clocks(clause, case.scene.moments, case.answered_live)
    if not rows.all():
        found = found.take(np.flatnonzero(rows[found.ticket]))
    timed, sheet = measured(clause, found, case.scene)
    result = _with_verdicts(clause, index, timed, sheet, unseen, case)
    result, sheet = _without_misarrived(clause, result, sheet, case)
    single = np.flatnonzero((excluded & case.in_force & seen) | unstarted)
    if not len(single):
        return result, sheet
    reasons = np.where(excluded[single], reason[single], Reason.NO_CREATION)
    verdicts = np.where(excluded[single], Verdict.EXCLUDED, Verdict.UNKNOWN)
    extra = bare(index, single, verdicts, reasons, np.where(excluded[single], about[single], NONE), case)
    return _interleaved(result, extra, sheet)


def _exclusions(clause: TicketClause, case: Case) -> tuple[Mask, Codes, Codes, Rows]:
    """Which tickets the clause excludes by their fields, why, by which rule; and which fields were unseen."""
    count = len(case.evidence.tickets)
    every = np.arange(count, dtype=np.int32)
    fields = case.scene.fields
    excluded, unseen = np.zeros(count, np.bool_), np.zeros(count, np.int64)
    reason, about = np.zeros(count, np.int32), np.full(count, NONE, np.int32)
    for name, match in clause.applies.fields.items():
        matched = conditions.fields_matched({name: match}, every, fields)
        hit = matched.no & ~excluded
        reason[hit], about[hit] = Reason.DOES_NOT_APPLY, case.word(name)
        excluded, unseen = excluded | hit, unseen | matched.unseen
    for name, rule in clause.excludes.items():
        matched = conditions.fields_matched(rule.fields, every, fields)
        hit = matched.yes & ~excluded
        reason[hit], about[hit] = Reason.EXCLUSION, case.word(name)
        excluded, unseen = excluded | hit, unseen | matched.unseen
    return excluded, reason, about, unseen


def _with_verdicts(
    clause: TicketClause, index: int, rows: Clocked, sheet: Worksheet, unseen: Rows, case: Case
) -> Measurements:
    verdict, reason, about = _verdicts(clause, rows, case)
    _apply_doubts(clause, rows, case, verdict, reason, about)
    known = case.scene.levels.known
    is_open = rows.stop == NONE
    cancelled = is_open & _ends_as(rows, case, State.CANCELLED)
    bits_unseen = rows.unseen | unseen[rows.ticket]
    result = Measurements(
        ticket=rows.ticket,
        policy=np.full(len(rows), case.policy, np.int8),
        clause=np.full(len(rows), index, np.int16),
        cycle=_cycles(rows.ticket),
        severity=np.where((rows.level >= 0) & (rows.level < known), rows.level, NONE).astype(np.int16),
        verdict=verdict,
        reason=reason,
        about=about,
        calendar=rows.calendar.astype(np.int16),
        rule=rows.rule,
        own_start_at=rows.own_start_at,
        started_at=rows.start_at,
        stopped_at=np.where(is_open & ~cancelled, MISSING, rows.end_at),
        due_at=rows.due_at,
        target=rows.target,
        elapsed=rows.elapsed,
        paused=rows.paused,
        caveats=_caveats(clause, rows, sheet, verdict, bits_unseen, case),
        unseen=bits_unseen,
        start_event=rows.start,
        stop_event=rows.stop,
    )
    return _blanked(result)


def _blanked(rows: Measurements) -> Measurements:
    """The rows without what an unknown verdict cannot carry: no time was used that anybody knows of."""
    unknown = rows.verdict == Verdict.UNKNOWN
    silent = unknown | (rows.verdict == Verdict.EXCLUDED)
    rows.caveats[silent] &= Caveat.FIELD_UNSEEN
    if not unknown.any():
        return rows

    def known(column: Instants) -> Instants:
        return np.where(unknown, MISSING, column)

    return replace(rows, due_at=known(rows.due_at), elapsed=known(rows.elapsed), paused=known(rows.paused))


def _cycles(ticket: Codes) -> Codes:
    """1, 2, ... within each ticket."""
    first = np.ones(len(ticket), np.bool_)
    first[1:] = ticket[1:] != ticket[:-1]
    at = np.arange(len(ticket))
    return (at - np.maximum.accumulate(np.where(first, at, 0)) + 1).astype(np.int32) if len(at) else ticket


def _verdicts(
    clause: TicketClause, rows: Clocked, case: Case
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], Codes]:
    """The verdict of each row by its target alone, the reason and what the reason is about."""
    known = case.scene.levels.known
    stopped, over = rows.stop != NONE, rows.elapsed > rows.target
    cancelled = ~stopped & _ends_as(rows, case, State.CANCELLED)
    verdict = np.select(
        [over, rows.superseded, stopped, cancelled],
        [Verdict.BREACHED, Verdict.SUPERSEDED, Verdict.MET, Verdict.EXCLUDED],
        Verdict.RUNNING,
    ).astype(np.int8)
    reason = np.where(verdict == Verdict.EXCLUDED, Reason.CANCELLED, Reason.NONE).astype(np.int8)
    about = _cancelling_words(rows, verdict == Verdict.EXCLUDED, case)
    without = rows.target == MISSING
    verdict[without], reason[without], about[without] = Verdict.NO_TARGET, Reason.NONE, NONE
    if clause.targets:
        missing, strange = rows.level < 0, rows.level >= known
        verdict[missing | strange] = Verdict.UNKNOWN
        reason[missing], reason[strange], about[missing] = Reason.NO_SEVERITY, Reason.SEVERITY_UNKNOWN, NONE
        for level in np.unique(rows.level[strange]):
            about[rows.level == level] = case.word(case.scene.levels.word(int(level)))
    return verdict, reason, about


def _cancelling_words(rows: Clocked, cancelled: Mask, case: Case) -> Codes:
    """The status word that cancelled each of the rows marked; -1 for the others."""
    line = case.scene.timeline
    word = np.where(cancelled, line.log.word[line.first[rows.ticket + 1] - 1], NONE)
    about = np.full(len(rows), NONE, np.int32)
    for code in np.unique(word[word != NONE]):
        about[word == code] = case.word(case.evidence.words[code])
    return about


def _ends_as(rows: Clocked, case: Case, *states: State) -> Mask:
    """Whether each row's ticket is in one of ``states`` at the end of its timeline."""
    line = case.scene.timeline
    last = line.state[line.first[rows.ticket + 1] - 1]
    return np.isin(last, np.array(states, np.int8))


def _apply_doubts(
    clause: TicketClause,
    rows: Clocked,
    case: Case,
    verdict: npt.NDArray[np.int8],
    reason: npt.NDArray[np.int8],
    about: Codes,
) -> None:
    """Turn verdicts that the evidence cannot carry into ``unknown`` (or ``excluded``), in place."""
    doubt = case.evidence.tickets.doubt[rows.ticket]
    if not (doubt & _DECIDING).any() and not _something_precedes_a_start(clause, case.scene.timeline):
        return
    stops = bits(clause.stops)
    line = case.scene.timeline
    judged = np.isin(verdict, np.array([Verdict.MET, Verdict.BREACHED, Verdict.RUNNING], np.int8))
    is_open = (rows.stop == NONE) & judged
    once = not clause.repeats
    finished = _ends_as(rows, case, State.RESOLVED, State.CLOSED)
    taken_back = finished & (_stopped_by_finish(rows, case) & once & (clause.clock.reopening == "continues"))
    taken_back &= judged & (verdict != Verdict.BREACHED)

    def has(bit: Doubt) -> Mask:
        found: Mask = (doubt & bit) != 0
        return found

    def settle(where: Mask, why: Reason, outcome: Verdict = Verdict.UNKNOWN) -> None:
        verdict[where], reason[where] = outcome, why

    undated = is_open & has(Doubt.CANCELLED_UNDATED)
    settle(undated, Reason.CANCELLED, Verdict.EXCLUDED)
    about[undated] = _listed_words(rows.ticket[undated], case)
    settle(is_open & once & ~rows.fresh & _listed_before_start(rows, stops, case), Reason.STOP_BEFORE_START)
    settle(is_open & has(Doubt.FINISHED_UNDATED), Reason.FINISHED_UNDATED)
    only_closed = bool(stops & Happening.CLOSED) and not stops & Happening.RESOLVED
    settle(is_open & has(Doubt.CLOSED_UNDATED) & only_closed, Reason.CLOSED_UNDATED)
    settle(is_open & has(Doubt.FINISH_BEFORE_CREATION) & bool(stops & FINISHING), Reason.STOP_BEFORE_START)
    settle(taken_back & has(Doubt.REOPENED_UNDATED), Reason.REOPENED_UNDATED)
    strange = (is_open | taken_back) & has(Doubt.STATUS_UNKNOWN)
    settle(strange, Reason.STATUS_UNKNOWN)
    about[strange] = _listed_words(rows.ticket[strange], case)
    if once and stops & Happening.VENDOR_REPLY:
        settle(judged & line.early_reply[rows.ticket], Reason.REPLY_BEFORE_CREATION)
    settle(judged & has(Doubt.CONFLICTING_ROWS), Reason.CONFLICTING_ROWS)


def _listed_words(ticket: Codes, case: Case) -> Codes:
    """The list's status word of each ticket."""
    status = case.evidence.tickets.status
    found, which = np.unique(status.codes[ticket], return_inverse=True)
    words = [NONE if code == NONE else case.word(status.words[code]) for code in found]
    return np.array(words, np.int32)[which]


def _stopped_by_finish(rows: Clocked, case: Case) -> Mask:
    """Whether entering a finished state stopped each clock."""
    line = case.scene.timeline
    stop = np.where(rows.stop == NONE, 0, rows.stop)
    found: Mask = (
        (rows.stop != NONE) & is_finished(line.state[stop]) & ((case.scene.moments.found[stop] & FINISHING) != 0)
    )
    return found


def _something_precedes_a_start(clause: TicketClause, line: Timeline) -> bool:
    """Whether any event can lie before a clock's start: one before a creation, or a start that is no creation."""
    created = line.created != NONE
    after_creation = bool(np.array_equal(line.first[:-1][created], line.created[created]))
    return not after_creation or not set(clause.starts) <= {"created", "reported"} or bool(line.early_reply.any())


def _listed_before_start(rows: Clocked, stops: Happening, case: Case) -> Mask:
    """Whether a list names a stop of each clock before its start."""
    line, moments = case.scene.timeline, case.scene.moments
    listed = np.flatnonzero((moments.found & np.int16(stops)) != 0)
    listed = listed[(line.log.flags[listed] & Flag.FROM_LIST) != 0]
    before_start = moments.count_before(listed, rows.start)
    return before_start > moments.count_before(listed, line.first[rows.ticket])


def _caveats(
    clause: TicketClause,
    rows: Clocked,
    sheet: Worksheet,
    verdict: npt.NDArray[np.int8],
    unseen: Rows,
    case: Case,
) -> Codes:
    """Where the evidence is thinner than each verdict needs."""
    doubt = case.evidence.tickets.doubt[rows.ticket]
    log = case.scene.timeline.log
    decided = (verdict == Verdict.MET) | (verdict == Verdict.BREACHED)
    stopped = rows.stop != NONE
    finishing = bool(bits(clause.stops) & FINISHING)
    caveats = np.where(unseen != 0, np.int32(Caveat.FIELD_UNSEEN), np.int32(0))

    def warn(where: Mask, caveat: Caveat) -> None:
        caveats[where] |= caveat

    if clause.clock.pauses:
        warn((verdict == Verdict.BREACHED) & ((doubt & Doubt.NO_STATUS_HISTORY) != 0), Caveat.PAUSES_UNSEEN)
    if len({str(rules) for rules in clause.targets.values()}) > 1 or len(clause.targets) < len(case.scene.severities):
        needs_history = stopped if clause.clock.severity == "current" else np.ones(len(rows), np.bool_)
        unseen_severity = (doubt & Doubt.NO_SEVERITY_HISTORY) != 0
        warn(decided & needs_history & unseen_severity, Caveat.SEVERITY_UNSEEN)
    if finishing:
        again = Doubt.REOPENING_UNSEEN | Doubt.REOPENED_UNDATED
        warn(_stopped_by_finish(rows, case) & ((doubt & again) != 0), Caveat.REOPENING_UNSEEN)
    warn(rows.live, Caveat.ANSWERED_LIVE)
    stop = np.where(stopped, rows.stop, rows.start)
    unit = np.maximum(case.unit[log.source[rows.start]], case.unit[log.source[stop]])
    near = (unit >= MINUTE) & (rows.target != MISSING) & (np.abs(rows.elapsed - rows.target) < unit)
    warn(decided & near & ~rows.live, Caveat.TO_THE_MINUTE)
    ambiguous = (log.flags & Flag.LOCAL_AMBIGUOUS) != 0
    if ambiguous.any():
        warn(ambiguous[rows.start] | ambiguous[stop], Caveat.LOCAL_TIME_AMBIGUOUS)
        warn(
            np.isin(np.arange(len(rows)), sheet.measurement[ambiguous[sheet.event]]),
            Caveat.LOCAL_TIME_AMBIGUOUS,
        )
    return caveats


def _without_misarrived(
    clause: TicketClause, result: Measurements, sheet: Worksheet, case: Case
) -> tuple[Measurements, Worksheet]:
    """The same, with measurements excluded whose start lies outside what ``applies`` says of arrival."""
    rule = clause.applies
    if not (rule.arrives_in or rule.arrives_outside or rule.starts_in or rule.starts_outside):
        return result, sheet
    look = conditions.Rows(result.ticket, result.own_start_at, result.started_at)
    outside = ~conditions.arrival_matched(rule, look, case.scene.calendars)
    result.verdict[outside], result.reason[outside] = Verdict.EXCLUDED, Reason.DOES_NOT_APPLY
    result.about[outside] = case.word("arrival")
    return result, sheet


def bare(
    index: int,
    tickets: npt.NDArray[np.intp],
    verdict: npt.NDArray[np.int_],
    reason: npt.NDArray[np.int_],
    about: npt.NDArray[np.int_],
    case: Case,
) -> Measurements:
    """Rows for tickets that no clock of the clause runs for."""
    count = len(tickets)
    unset, none = np.full(count, MISSING, np.int64), np.full(count, NONE, np.int64)
    created = case.evidence.tickets.created_at[tickets]
    position = case.scene.timeline.created[tickets]
    zero = np.zeros(count, np.int64)
    return Measurements(
        ticket=tickets.astype(np.int32),
        policy=np.full(count, case.policy, np.int8),
        clause=np.full(count, index, np.int16),
        cycle=np.ones(count, np.int32),
        severity=none.astype(np.int16),
        verdict=verdict.astype(np.int8),
        reason=reason.astype(np.int8),
        about=about.astype(np.int32),
        calendar=none.astype(np.int16),
        rule=none.astype(np.int8),
        own_start_at=created,
        started_at=created,
        stopped_at=unset,
        due_at=unset,
        target=unset,
        elapsed=unset,
        paused=unset,
        caveats=zero.astype(np.int32),
        unseen=zero,
        start_event=position,
        stop_event=none,
    )


def _interleaved(rows: Measurements, extra: Measurements, sheet: Worksheet) -> tuple[Measurements, Worksheet]:
    """Both tables as one, by ticket; the worksheet follows its measurements."""
    both = Measurements.concat([rows, extra])
    order = np.argsort(both.ticket, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return both.take(order), replace(sheet, measurement=place[sheet.measurement])
