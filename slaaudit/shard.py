"""The audit of one shard of whole tickets, and the shards put together.

A verdict depends on the ticket's own events alone, so shards need no code of their own: a small audit is one shard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from slaaudit import doubts
from slaaudit.case import Case, answered_live
from slaaudit.conditions import Fields
from slaaudit.errors import UsageError
from slaaudit.evidence.tables import MISSING, NONE, Doubt, Events, Evidence, Mask, Rows
from slaaudit.governing import levels
from slaaudit.ground import Ground, asked_moments, effective, ticket_clauses
from slaaudit.measurements import Scene
from slaaudit.moments import Moments, happenings
from slaaudit.results import Measurements, Reason, Verdict, Worksheet
from slaaudit.timeline import Timeline, timeline
from slaaudit.verdicts import bare, judged

if TYPE_CHECKING:
    from slaaudit.periods import Period

Worksheets = Literal["none", "breaches", "all"]


@dataclass(frozen=True)
class Part:
    """The outcome for a shard of whole tickets. ``untouched`` says that the log is the shard's events as they were."""

    rows: Measurements
    sheet: Worksheet
    log: Events
    untouched: bool
    merged: int
    later: int


def audited(
    first: int,
    shard: Evidence,
    ground: Ground,
    period: Period | None,
    worksheets: Worksheets,
    moments: Moments | None = None,
) -> Part:
    """The audit of one shard, whose first ticket has the index ``first``. ``moments`` are its own, where known."""
    moments = moments or moments_of(shard, ground.as_of)
    line = moments.timeline
    rows, sheet = measured_tickets(shard, moments, ground, worksheets=worksheets)
    rows, sheet = _with_doubtful(rows, sheet, shard, line, ground)
    if period is not None:
        rows, sheet = _kept(rows, sheet, _within(rows, period))
    log = replace(line.log, ticket=line.log.ticket + np.int32(first))
    rows = replace(rows, ticket=rows.ticket + np.int32(first))
    return Part(rows, sheet, log, line.log is shard.events, line.merged, line.later)


def moments_of(shard: Evidence, as_of: int) -> Moments:
    """What happened in a shard by as-of."""
    line = timeline(shard, as_of)
    return Moments(line, happenings(line))


def joined(parts: list[Part], events: Events) -> tuple[Measurements, Worksheet, Events]:
    """The parts as one, with their indexes into measurements and log moved. ``events`` are those of all shards."""
    rows = Measurements.concat([part.rows for part in parts])
    sheets: list[Worksheet] = []
    measured = logged = 0
    for part in parts:
        for column in (rows.start_event, rows.stop_event):
            own = column[measured : measured + len(part.rows)]
            np.add(own, logged, out=own, where=own != NONE)
        sheets.append(
            replace(part.sheet, measurement=part.sheet.measurement + measured, event=part.sheet.event + logged)
        )
        measured, logged = measured + len(part.rows), logged + len(part.log)
    # a million tickets of a list stand in order already: no second copy of their events
    log = events if all(part.untouched for part in parts) else Events.concat([part.log for part in parts])
    return rows, Worksheet.concat(sheets), log


def measured_tickets(
    evidence: Evidence,
    moments: Moments,
    ground: Ground,
    *,
    worksheets: Worksheets = "none",
    unknown_pauses: bool = False,
) -> tuple[Measurements, Worksheet]:
    """The measurements of every policy's clauses, by ticket, clause and cycle."""
    line = moments.timeline
    parts: list[tuple[Measurements, Worksheet]] = []
    created = evidence.tickets.created_at
    unjudged = np.ones(len(created), np.bool_)
    fields = Fields(evidence.tickets, ground.fields)
    unit = np.array([source.unit for source in evidence.sources] or [0], np.int64)
    live = answered_live(evidence)
    for number, policy in enumerate(ground.policies):
        since, until = effective(policy)
        in_force = (created == MISSING) | ((created >= since) & (created < until))
        in_force &= unjudged
        unjudged &= ~in_force
        scene = Scene(
            tuple(policy.policy.severities), line, moments, levels(line, policy.policy), fields,
            ground.compiled[number], unknown_pauses,
        )  # fmt: skip
        case = Case(scene, evidence, number, in_force, live, unit, ground.words.code)
        last = number == len(ground.policies) - 1
        for index, clause in ticket_clauses(policy):
            measurements, sheet = judged(clause, index, case)
            sheet = _wanted(sheet, measurements, worksheets)
            named = np.array([ground.calendars.index(name) for name in scene.calendar_names] + [NONE], np.int16)
            parts.append((replace(measurements, calendar=named[measurements.calendar]), sheet))
            if last and unjudged.any():
                outside = np.flatnonzero(unjudged & _seen(evidence, line))
                parts.append((_out_of_force(index, outside, case), sheet.take(np.zeros(len(sheet), np.bool_))))
    return _ordered(parts)


def _wanted(sheet: Worksheet, rows: Measurements, worksheets: Worksheets) -> Worksheet:
    if worksheets == "all":
        return sheet
    return sheet.take((rows.verdict[sheet.measurement] == Verdict.BREACHED) & (worksheets == "breaches"))


def _seen(evidence: Evidence, line: Timeline) -> Mask:
    found: Mask = (line.created != NONE) | ((evidence.tickets.doubt & Doubt.NO_CREATION) != 0)
    return found


def _out_of_force(index: int, tickets: Rows, case: Case) -> Measurements:
    count = len(tickets)
    verdict = np.full(count, Verdict.EXCLUDED, np.int64)
    return bare(index, tickets, verdict, np.full(count, Reason.NOT_IN_FORCE), np.full(count, NONE), case)


def _ordered(parts: list[tuple[Measurements, Worksheet]]) -> tuple[Measurements, Worksheet]:
    """All parts as one table by ticket, then clause, then cycle; parts come in the order of clauses."""
    if not parts:
        raise UsageError("the policy has no clause about tickets, so there is nothing to measure in them")
    order = np.argsort(np.concatenate([rows.ticket for rows, _ in parts]), kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    places = np.split(place, np.cumsum([len(rows) for rows, _ in parts])[:-1])
    rows = Measurements.placed([part for part, _ in parts], places)
    sheet = Worksheet.concat(
        [replace(part, measurement=where[part.measurement]) for (_, part), where in zip(parts, places, strict=True)]
    )
    return rows, sheet.take(np.argsort(sheet.measurement, kind="stable"))


def _with_doubtful(
    rows: Measurements, sheet: Worksheet, evidence: Evidence, line: Timeline, ground: Ground
) -> tuple[Measurements, Worksheet]:
    """The measurements with those made unknown that a status or an actor of unknown meaning could change.

    The tickets concerned are measured again under each meaning; a clock whose verdict is not the same under all
    is unknown. The numbers of the others are those with the status running and the actor nobody.
    """
    for doubt in doubts.doubtful(evidence, line, asked_moments(ground.policies)):
        words = np.array([ground.words.code(word) for word in doubt.words], np.int32)
        for variant in doubts.variants(evidence.only(doubt.tickets), doubt):
            other = moments_of(variant.evidence, ground.as_of)
            again, _ = measured_tickets(variant.evidence, other, ground, unknown_pauses=variant.pauses)
            again = replace(again, ticket=doubt.tickets[again.ticket].astype(np.int32))
            rows, sheet = doubts.compared(rows, sheet, again, doubt, words)
    return rows, sheet


def _kept(rows: Measurements, sheet: Worksheet, mask: Mask) -> tuple[Measurements, Worksheet]:
    place = np.cumsum(mask) - 1
    kept = sheet.take(mask[sheet.measurement])
    return rows.take(mask), replace(kept, measurement=place[kept.measurement])


def _within(rows: Measurements, period: Period) -> Mask:
    """The rows whose start, due instant or stop lies in a period.

    What is unknown is placed by its start, and kept where even that is unknown: it must not drop out of sight.
    """
    chosen = {"start": rows.started_at, "due": rows.due_at, "stop": rows.stopped_at}[period.by]
    unknown = rows.verdict == Verdict.UNKNOWN
    instant = np.where(unknown & (chosen == MISSING), rows.started_at, chosen)
    inside: Mask = (period.from_at <= instant) & (instant < period.to_at)
    kept: Mask = inside | (unknown & (instant == MISSING))
    return kept
