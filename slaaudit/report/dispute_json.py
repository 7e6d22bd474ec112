"""The audit under all readings as data: what every report begins with, the extremes, and a row a ticket and clause."""

from __future__ import annotations

import heapq
from itertools import chain
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any

from slaaudit.evidence.tables import NONE
from slaaudit.extremes import extremes
from slaaudit.report import dispute_waived, waived
from slaaudit.report.as_json import config, head_of, write_object
from slaaudit.report.dispute_lines import caveats_of, turned_alone
from slaaudit.report.extremes import as_data
from slaaudit.report.lines import hyphened
from slaaudit.results import Caveat
from slaaudit.settings import NONE_USED, SettingsUsed
from slaaudit.standing import Standing
from slaaudit.totals import caveat_name
from slaaudit.written_report import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.disputed import Disputed
    from slaaudit.standing import ClauseDispute


def write_disputes(found: Disputed, stream: IO[str], settings: SettingsUsed = NONE_USED) -> None:
    """Write the dispute to ``stream``, with the flags that were set and not typed."""
    told = found.audit or found.service
    if told is None:
        return
    parts: list[tuple[str, Any]] = [
        ("schema", SCHEMA),
        *head_of(found.policies, found.inputs, told.as_of, told.as_of_given, told.period),
        config(settings),
        ("readings", (reading for one in found.clauses for reading in _readings(one))),
        ("extremes", as_data(extremes(found.clauses, len(found.policies)), found.policies)),
        ("waivers", waived.as_data(dispute_waived.told(found))),
        ("disputes", _in_order(found)),
    ]
    write_object(parts, stream)


def _readings(one: ClauseDispute) -> Iterator[dict[str, Any]]:
    """How many rows each reading turns alone."""
    for name, choices in one.readings.choices.items():
        turned = turned_alone(one, name)
        yield {"policy": one.policy, "clause": one.clause, "reading": name, "choices": list(choices), "turns": turned}


def _in_order(found: Disputed) -> Iterator[dict[str, Any]]:
    """A row a ticket and clause, by ticket and then in the order of the clauses; then those about the service."""
    about_tickets = [_rows(found, one) for one in found.clauses if not one.is_of_service]
    about_service = [_rows(found, one) for one in found.clauses if one.is_of_service]
    for _, row in chain(heapq.merge(*about_tickets, key=itemgetter(0)), *about_service):
        yield row


def _rows(found: Disputed, one: ClauseDispute) -> Iterator[tuple[int, dict[str, Any]]]:
    caveats = caveats_of(found, one)
    changes = [dict(each) for each in one.readings.combinations]
    table = one.table
    for row, subject in enumerate(table.subject.tolist()):
        makes, saves = int(table.makes[row]), int(table.saves[row])
        yield (
            subject,
            {
                **_about(found, one, row),
                "policy": one.policy,
                "clause": one.clause,
                "standing": hyphened(Standing(int(one.standing[row])).name),
                "caveats": [caveat_name(each) for each in Caveat if int(caveats[row]) & each],
                "combinations": int(table.evaluated[row]),
                "breached_in": int(table.breached_in[row]),
                "makes": None if makes == NONE else changes[makes],
                "saves": None if saves == NONE else changes[saves],
                "waived": found.waived(one, row),
            },
        )


def _about(found: Disputed, one: ClauseDispute, row: int) -> dict[str, Any]:
    if not one.is_of_service:
        return {"ticket": found.name(one, row)}
    component, period = one.periods[int(one.table.subject[row])]
    return {"period": period, "component": component}
