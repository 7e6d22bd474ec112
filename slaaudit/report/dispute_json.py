"""The audit under all readings as data: what every report begins with, the extremes, and a row a ticket and clause."""

from __future__ import annotations

import heapq
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from slaaudit.dispute import Standing, own_rows
from slaaudit.evidence.tables import NONE
from slaaudit.extremes import extremes
from slaaudit.report.as_json import SCHEMA, head, write_object
from slaaudit.report.lines import hyphened
from slaaudit.results import Caveat
from slaaudit.totals import caveat_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.audit import Audit
    from slaaudit.dispute import ClauseDispute
    from slaaudit.extremes import Extreme


def write_disputes(audit: Audit, found: Sequence[ClauseDispute], stream: IO[str]) -> None:
    """Write the dispute to ``stream``."""
    parts: list[tuple[str, Any]] = [
        ("schema", SCHEMA),
        *head(audit),
        ("readings", (reading for one in found for reading in _readings(one))),
        ("extremes", extremes_as_data(audit, found)),
        ("disputes", (row for _, row in _by_ticket(audit, found))),
    ]
    write_object(parts, stream)


def extremes_as_data(audit: Audit, found: Sequence[ClauseDispute]) -> dict[str, Any] | None:
    """Breaches under the combination kindest to each side, with its readings; None where they are not known."""
    both = extremes(found, len(audit.policies))
    if both is None:
        return None
    return {"customer": _extreme(audit, both.customer), "vendor": _extreme(audit, both.vendor)}


def _extreme(audit: Audit, side: Extreme) -> dict[str, Any]:
    readings: dict[str, str] = {}
    for loaded, changes in zip(audit.policies, side.changes, strict=True):
        readings |= {**loaded.readings, **changes}
    return {"breached": side.breached, "readings": readings}


def _readings(one: ClauseDispute) -> Iterator[dict[str, Any]]:
    """How many tickets each reading turns alone."""
    for bit, (name, choices) in enumerate(one.readings.choices.items()):
        turned = int(np.count_nonzero(one.table.turning >> bit & 1))
        yield {"policy": one.policy, "clause": one.clause, "reading": name, "choices": list(choices), "turns": turned}


def _by_ticket(audit: Audit, found: Sequence[ClauseDispute]) -> Iterator[tuple[int, dict[str, Any]]]:
    """A row a ticket and clause: by ticket, then in the order of the clauses."""
    return heapq.merge(*(_rows(audit, one) for one in found), key=itemgetter(0))


def _rows(audit: Audit, one: ClauseDispute) -> Iterator[tuple[int, dict[str, Any]]]:
    ids = audit.evidence.tickets.ids
    caveats = caveats_of(audit, one)
    changes = [dict(each) for each in one.readings.combinations]
    table = one.table
    for row, ticket in enumerate(table.ticket.tolist()):
        makes, saves = int(table.makes[row]), int(table.saves[row])
        yield (
            ticket,
            {
                "ticket": ids[ticket],
                "policy": one.policy,
                "clause": one.clause,
                "standing": hyphened(Standing(int(one.standing[row])).name),
                "caveats": [caveat_name(each) for each in Caveat if int(caveats[row]) & each],
                "combinations": int(table.evaluated[row]),
                "breached_in": int(table.breached_in[row]),
                "makes": None if makes == NONE else changes[makes],
                "saves": None if saves == NONE else changes[saves],
            },
        )


def caveats_of(audit: Audit, one: ClauseDispute) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """The caveats of each row's measurements under the choices in force, as bits."""
    rows, own = audit.measurements, own_rows(audit, one)
    found = np.zeros(len(audit.evidence.tickets), np.int32)
    np.bitwise_or.at(found, rows.ticket[own], rows.caveats[own])
    return found[one.table.ticket]
