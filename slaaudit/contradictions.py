"""Verdicts that the evidence cannot carry: a list that contradicts itself, a finish without a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit.case import Case, ends_as, stopped_by_finish
from slaaudit.evidence.tables import NONE, Codes, Doubt, Flag, Mask, State
from slaaudit.moments import FINISHING, Happening, bits
from slaaudit.results import Reason, Verdict

if TYPE_CHECKING:
    from slaaudit.measurements import Clocked
    from slaaudit.policy.model import TicketClause
    from slaaudit.timeline import Timeline

_DECIDING = ~(Doubt.NO_STATUS_HISTORY | Doubt.NO_SEVERITY_HISTORY | Doubt.VENDOR_CREATED | Doubt.TOTALS_UNFINISHED)


def settle_doubts(
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
    finished = ends_as(rows, case, State.RESOLVED, State.CLOSED)
    taken_back = finished & (stopped_by_finish(rows, case) & once & (clause.clock.reopening == "continues"))
    taken_back &= judged & (verdict != Verdict.BREACHED)

    def has(bit: Doubt) -> Mask:
        found: Mask = (doubt & bit) != 0
        return found

    def settle(where: Mask, why: Reason, outcome: Verdict = Verdict.UNKNOWN) -> None:
        verdict[where], reason[where] = outcome, why

    undated = is_open & has(Doubt.CANCELLED_UNDATED)
    settle(undated, Reason.CANCELLED, Verdict.EXCLUDED)
    about[undated] = listed_words(rows.ticket[undated], case)
    settle(is_open & once & ~rows.fresh & _listed_before_start(rows, stops, case), Reason.STOP_BEFORE_START)
    settle(is_open & has(Doubt.FINISHED_UNDATED), Reason.FINISHED_UNDATED)
    only_closed = bool(stops & Happening.CLOSED) and not stops & Happening.RESOLVED
    settle(is_open & has(Doubt.CLOSED_UNDATED) & only_closed, Reason.CLOSED_UNDATED)
    settle(is_open & has(Doubt.FINISH_BEFORE_CREATION) & bool(stops & FINISHING), Reason.STOP_BEFORE_START)
    settle(taken_back & has(Doubt.REOPENED_UNDATED), Reason.REOPENED_UNDATED)
    strange = (is_open | taken_back) & has(Doubt.STATUS_UNKNOWN)
    settle(strange, Reason.STATUS_UNKNOWN)
    about[strange] = listed_words(rows.ticket[strange], case)
    if once and stops & Happening.VENDOR_REPLY:
        settle(judged & line.early_reply[rows.ticket], Reason.REPLY_BEFORE_CREATION)
    settle(judged & has(Doubt.CONFLICTING_ROWS), Reason.CONFLICTING_ROWS)


def _something_precedes_a_start(clause: TicketClause, line: Timeline) -> bool:
    """Whether any event can lie before a clock's start: one before a creation, or a start that is no creation."""
    created = line.created != NONE
    after_creation = bool(np.array_equal(line.first[:-1][created], line.created[created]))
    return not after_creation or set(clause.starts) != {"created"} or bool(line.early_reply.any())


def _listed_before_start(rows: Clocked, stops: Happening, case: Case) -> Mask:
    """Whether a list names a stop of each clock before its start."""
    line, moments = case.scene.timeline, case.scene.moments
    listed = np.flatnonzero((moments.found & np.int16(stops)) != 0)
    listed = listed[(line.log.flags[listed] & Flag.FROM_LIST) != 0]
    before_start = moments.count_before(listed, rows.start)
    return before_start > moments.count_before(listed, line.first[rows.ticket])


def listed_words(ticket: Codes, case: Case) -> Codes:
    """The list's status word of each ticket."""
    status = case.evidence.tickets.status
    found, which = np.unique(status.codes[ticket], return_inverse=True)
    words = [NONE if code == NONE else case.word(status.words[code]) for code in found]
    return np.array(words, np.int32)[which]
