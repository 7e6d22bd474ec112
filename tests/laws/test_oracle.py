"""The engine says what the oracle says, on random policies and timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from engine import found, told
from hypothesis import given
from hypothesis import strategies as st
from oracle import audited
from strategies import Oddities, cases

from slaaudit.evidence.tables import Doubt

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import Policy

Example = tuple["Policy", "Evidence", int]

ODD = {
    "plain": Oddities(),
    "unknown severities": Oddities(unknown_severities=True),
    "unknown states": Oddities(unknown_states=True),
    "unknown actors": Oddities(unknown_actors=True),
    "events before creation": Oddities(early=True, before=True),
    "answered live": Oddities(doubts=(Doubt.VENDOR_CREATED, Doubt.NO_STATUS_HISTORY)),
    "cleared severities": Oddities(cleared=True),
    "all that is unknown": Oddities(unknown_actors=True, unknown_states=True, unknown_severities=True, early=True),
} | {
    doubt.name: Oddities(doubts=(doubt,))
    for doubt in (
        Doubt.FINISHED_UNDATED,
        Doubt.REOPENED_UNDATED,
        Doubt.CANCELLED_UNDATED,
        Doubt.STATUS_UNKNOWN,
        Doubt.FINISH_BEFORE_CREATION,
        Doubt.CONFLICTING_ROWS,
    )
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@given(data=st.data())
def test_engine_and_oracle_agree(odd: Oddities, data: st.DataObject) -> None:
    policy, evidence, as_of = data.draw(cases(odd))
    assert told(found(policy, evidence, as_of)) == told(audited(evidence, policy, as_of))
