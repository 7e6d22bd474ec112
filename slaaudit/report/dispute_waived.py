"""What waivers let pass of a dispute: who waived which breach until when, and which waivers let nothing pass."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slaaudit.report.lines import hyphened
from slaaudit.report.safe import shown
from slaaudit.report.waived import Told, cells, waived_rows
from slaaudit.report.waived import told as told_in_force
from slaaudit.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from slaaudit.disputed import Disputed
    from slaaudit.policy.waivers import Waiver
    from slaaudit.report.layout import Cell
    from slaaudit.standing import ClauseDispute


def told(found: Disputed) -> list[Told]:
    """Every waiver, those of tickets first, with how many rows it lets pass and why none if so."""
    waives: Counter[int] = Counter()
    idle: dict[int, str] = {}
    for one in found.clauses:
        waivers = found.waivers(one)
        waives.update(id(waivers[at]) for places in one.waived.values() for at in places)
        idle.update({id(waivers[at]): why for at, why in one.idle.items()})
    return [
        Told(
            each.waiver,
            waives[id(each.waiver)],
            "" if id(each.waiver) in waives else idle.get(id(each.waiver), each.idle),
        )
        for each in told_in_force(found.audit, found.service)
    ]


def what_is_waived(found: Disputed, width: int, *, verbose: bool = False) -> Iterator[Text]:
    """The waived breaches of any standing, who waived each until when, and waivers that waive nothing."""
    rows = [row for one in found.clauses for row in _rows(found, one)]
    yield from waived_rows(rows, told(found), width, last="Standing", verbose=verbose)


def _rows(found: Disputed, one: ClauseDispute) -> Iterator[tuple[list[Cell], str]]:
    waivers = found.waivers(one)
    for row in one.is_waived.nonzero()[0].tolist():
        standing = hyphened(Standing(int(one.standing[row])).name)
        for at in one.waived[int(one.table.subject[row])]:
            yield cells(_about(found, one, row, waivers[at]), one.clause, standing, waivers[at]), waivers[at].reason


def _about(found: Disputed, one: ClauseDispute, row: int, waiver: Waiver) -> str:
    if one.is_of_service:
        return f"{shown(found.name(one, row), 24)} ({shown(waiver.name, 24)})"
    return shown(found.name(one, row), 24)
