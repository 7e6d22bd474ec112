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
    asked = np.zeros(len(State), np.bool_)
    asked[list(states)] = True
    found: Mask = asked.take(case.scene.timeline.last_state.take(rows.ticket))
    return found


def stopped_by_finish(rows: Clocked, case: Case) -> Mask:
    """Whether entering a finished state stopped each clock."""
    line = case.scene.timeline
    stop = np.maximum(rows.stop, 0)
    finishing = (case.scene.moments.found.take(stop) & FINISHING) != 0
    found: Mask = (rows.stop != NONE) & finishing & is_finished(line.state.take(stop))
    return found
