"""The road: evidence and policies in, verdicts out. The first file to read.

Each shard of tickets goes timeline → moments → measurements → verdicts for each clause of the policy that was in
force when the ticket was created (``shard``); the promise side is compiled once before (``ground``), the totals are
made once after (``totals``).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit import periods, totals
from slaaudit.evidence.tables import MISSING
from slaaudit.ground import ground, not_audited
from slaaudit.settings import NONE_USED, SettingsUsed
from slaaudit.shard import Part, Worksheets, audited, joined
from slaaudit.steps import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.evidence.tables import Events, Evidence, Rows
    from slaaudit.periods import Period
    from slaaudit.policy import LoadedPolicy
    from slaaudit.results import AttainmentRow, Measurements, SummaryRow, Waived, Worksheet

_SHARD = 75_000  # tickets audited at a time: their columns then fit the processor's caches


@dataclass(frozen=True)
class AuditOptions:
    """How to audit. ``as_of`` is microseconds UTC; None means the latest instant of the evidence, or ``latest``.

    ``latest`` is the latest instant that other files tell of.

    ``period`` is a text such as ``2026-05``, in ``period_zone`` or the first policy's. ``worksheets`` says of which
    measurements the worksheets are kept. ``tickets`` audits only these ids.
    """

    as_of: int | None = None
    latest: int = MISSING
    period: str | None = None
    period_by: periods.PeriodBy = "start"
    period_zone: str | None = None
    worksheets: Worksheets = "breaches"
    tickets: Sequence[str] | None = None


@dataclass(frozen=True)
class Audit:
    """The outcome, with everything a report needs to show where each number comes from.

    ``log`` are the events in their order; ``start_event``, ``stop_event`` and ``event`` of the tables index it.
    ``calendars``, ``words`` and ``fields`` are the vocabularies of the measurements' codes and bits. ``worksheet``
    has the rows of breaches, or of all measurements where asked. ``merged`` counts equal twin events,
    ``unseen_after_as_of`` the events after as-of. ``settings`` are the flags that were set and not typed; ``waived`` is
    what waivers let pass, where there are any.
    """

    evidence: Evidence
    policies: tuple[LoadedPolicy, ...]
    as_of: int
    as_of_given: bool
    period: Period | None
    log: Events
    calendars: tuple[str, ...]
    words: tuple[str, ...]
    fields: tuple[str, ...]
    measurements: Measurements
    worksheet: Worksheet
    summary: tuple[SummaryRow, ...]
    attainments: tuple[AttainmentRow, ...]
    not_audited: tuple[tuple[str, str], ...]
    merged: int
    unseen_after_as_of: int
    over_by: dict[str, int]
    compiled: tuple[dict[str, CompiledCalendar], ...] = ()
    settings: SettingsUsed = NONE_USED
    waived: Waived | None = None


def audit(
    evidence: Evidence,
    policies: Sequence[LoadedPolicy],
    options: AuditOptions | None = None,
    step: Callable[..., None] = lambda *_: None,
) -> Audit:
    """The verdicts of every clause of ``policies`` on every ticket of ``evidence``.

    Several policies must be versions of one, in force at different times. The verdict on a ticket depends on that
    ticket's evidence and on as-of alone. ``step`` is told how many tickets are done.
    """
    chosen = options or AuditOptions()
    as_of = max(evidence.latest, chosen.latest) if chosen.as_of is None else chosen.as_of
    if chosen.tickets is not None:
        evidence = evidence.only(_named(evidence, chosen.tickets))
    evidence = evidence.by_ticket()
    base = ground(evidence, tuple(policies), as_of)
    period = None
    if chosen.period:
        zone = chosen.period_zone or policies[0].policy.timezone
        period = periods.period(chosen.period, zone, as_of, chosen.period_by)
    tally = Tally(step, "Replaying tickets", len(evidence.tickets))

    def replayed(first: int, shard: Evidence) -> Part:
        part = audited(first, shard, base, period, chosen.worksheets)
        tally.add(len(shard.tickets))
        return part

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        parts = list(pool.map(lambda one: replayed(*one), evidence.shards(_SHARD)))
    rows, sheet, log = joined(parts, evidence.events)
    return Audit(
        evidence=evidence,
        policies=base.policies,
        as_of=as_of,
        as_of_given=chosen.as_of is not None,
        period=period,
        log=log,
        calendars=base.calendars,
        words=tuple(base.words.codes),
        fields=base.fields,
        measurements=rows,
        worksheet=sheet,
        summary=totals.summary(rows, base.policies),
        attainments=totals.attainments(rows, base.policies, chosen.period_by),
        not_audited=not_audited(base.policies),
        merged=sum(part.merged for part in parts),
        unseen_after_as_of=sum(part.later for part in parts),
        over_by=totals.over_by(rows),
        compiled=base.compiled,
    )


def _named(evidence: Evidence, ids: Sequence[str]) -> Rows:
    asked = set(ids)
    wanted = [code for code, word in enumerate(evidence.tickets.ids.words) if word in asked]
    return np.flatnonzero(np.isin(evidence.tickets.ids.codes, wanted)).astype(np.int64)
