"""What the clauses of one policy are judged on: its scene and the tickets in force, with questions asked of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import NONE, Doubt, Instants, Mask, State
from slaaudit.moments import FINISHING, is_finished

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.evidence.tables import Evidence
    from slaaudit.measurements import Clocked, Scene

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


def ends_as(rows: Clocked, case: Case, *states: State) -> Mask:
    """Whether each row's ticket is in one of ``states`` at the end of its timeline."""
    line = case.scene.timeline
    last = line.state[line.first[rows.ticket + 1] - 1]
    return np.isin(last, np.array(states, np.int8))


def stopped_by_finish(rows: Clocked, case: Case) -> Mask:
    """Whether entering a finished state stopped each clock."""
    line = case.scene.timeline
    stop = np.where(rows.stop == NONE, 0, rows.stop)
    found: Mask = (
        (rows.stop != NONE) & is_finished(line.state[stop]) & ((case.scene.moments.found[stop] & FINISHING) != 0)
    )
    return found
