"""Caveats: where the evidence is thinner than a verdict needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit.case import Case, stopped_by_finish
from slaaudit.evidence.tables import MISSING, NONE, Codes, Doubt, Flag, Mask, Rows
from slaaudit.moments import FINISHING, bits
from slaaudit.results import Caveat, Verdict

if TYPE_CHECKING:
    from slaaudit.measurements import Clocked
    from slaaudit.policy.model import TicketClause
    from slaaudit.results import Worksheet

MINUTE = 60_000_000


def caveats_of(
    clause: TicketClause,
    rows: Clocked,
    sheet: Worksheet,
    verdict: npt.NDArray[np.int8],
    unseen: Rows,
    case: Case,
) -> Codes:
    """Where the evidence is thinner than each verdict needs."""
    doubt = case.evidence.tickets.doubt.take(rows.ticket)
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
    again = (doubt & (Doubt.REOPENING_UNSEEN | Doubt.REOPENED_UNDATED)) != 0
    if finishing and again.any():
        warn(again & stopped_by_finish(rows, case), Caveat.REOPENING_UNSEEN)
    warn(rows.live, Caveat.ANSWERED_LIVE)
    stop = np.where(stopped, rows.stop, rows.start)
    if (case.unit >= MINUTE).any():
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
