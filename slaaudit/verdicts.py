"""Measurement against target: met, breached, or why it cannot be said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit import conditions
from slaaudit.case import Case, ends_as
from slaaudit.caveats import caveats_of
from slaaudit.contradictions import settle_doubts
from slaaudit.evidence.tables import MISSING, NONE, Codes, Doubt, Instants, Mask, Rows, State
from slaaudit.measurements import Clocked, measured
from slaaudit.moments import clocks
from slaaudit.results import Caveat, Measurements, Reason, Verdict, Worksheet

if TYPE_CHECKING:
    from slaaudit.policy.model import TicketClause


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
    settle_doubts(clause, rows, case, verdict, reason, about)
    known = case.scene.levels.known
    is_open = rows.stop == NONE
    cancelled = is_open & ends_as(rows, case, State.CANCELLED)
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
        caveats=caveats_of(clause, rows, sheet, verdict, bits_unseen, case),
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
    if first.all():
        return np.ones(len(ticket), np.int32)
    at = np.arange(len(ticket))
    return (at - np.maximum.accumulate(np.where(first, at, 0)) + 1).astype(np.int32) if len(at) else ticket


def _verdicts(
    clause: TicketClause, rows: Clocked, case: Case
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], Codes]:
    """The verdict of each row by its target alone, the reason and what the reason is about."""
    known = case.scene.levels.known
    stopped, over = rows.stop != NONE, rows.elapsed > rows.target
    cancelled = ~stopped & ends_as(rows, case, State.CANCELLED)
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
    about = np.full(len(rows), NONE, np.int32)
    ended = np.flatnonzero(cancelled)
    word = line.log.word.take(line.first.take(rows.ticket.take(ended) + 1) - 1)
    for code in np.unique(word[word != NONE]):
        about[ended[word == code]] = case.word(case.evidence.words[code])
    return about


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
