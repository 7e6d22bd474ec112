"""What reports of a dispute tell of its rows: how many have each standing, on what severity, with what caveats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.dispute import own_rows
from slaaudit.evidence.tables import NONE, Codes
from slaaudit.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.disputed import Disputed
    from slaaudit.standing import ClauseDispute


def standings(found: Sequence[ClauseDispute], *, waived: bool | None = None) -> dict[str, int]:
    """How many tickets x clauses, and periods, have each standing: all, or those that are ``waived`` or are not."""
    chosen = [one.standing if waived is None else one.standing[one.is_waived == waived] for one in found]
    every = np.concatenate([np.zeros(0, np.int8), *chosen])
    return {each.name.lower(): int(np.count_nonzero(every == each)) for each in Standing}


def turned_alone(one: ClauseDispute, reading: str) -> int:
    """How many rows of a clause turn on one reading while all others stay as they are in force."""
    bit = list(one.readings.choices).index(reading)
    return int(np.count_nonzero(one.table.turning >> bit & 1))


def caveats_of(found: Disputed, one: ClauseDispute) -> Codes:
    """The caveats of each row's measurements under the choices in force, as bits; none about a service."""
    if one.is_of_service or found.audit is None:
        return np.zeros(len(one.table), np.int32)
    rows, own = found.audit.measurements, own_rows(found.audit, one)
    bits = np.zeros(len(found.audit.evidence.tickets), np.int32)
    np.bitwise_or.at(bits, rows.ticket[own], rows.caveats[own])
    return bits[one.table.subject]


def levels_of(found: Disputed, one: ClauseDispute) -> tuple[list[str], list[str]]:
    """Every level in order, and that of each row.

    It is the severity of a ticket's first measurement under the choices in force, or the component of a service.
    """
    if one.is_of_service or found.audit is None:
        components = [one.periods[at].component or "" for at in one.table.subject.tolist()]
        return list(dict.fromkeys(components)), components
    rows = found.audit.measurements
    own = own_rows(found.audit, one)[::-1]
    first = np.full(len(found.audit.evidence.tickets), NONE, np.int64)
    first[rows.ticket[own]] = rows.severity[own]
    names = [*found.policies[one.policy].policy.severities, ""]
    return names, [names[level] for level in first[one.table.subject].tolist()]
