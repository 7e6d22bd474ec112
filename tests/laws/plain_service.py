"""A service judged second by second in plain Python: no arrays, no cuts, no cumulated sums.

Every second that anything touches is asked what it is. It shares nothing with the engine but the table it is given.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Outage:
    """Seconds ``[start, end)`` since 1970 and what is known of them; ``end`` None is open."""

    start: int
    end: int | None
    share: Fraction | None = None
    severity: str | None = None
    cause: str | None = None
    planned: bool = False


@dataclass(frozen=True)
class Contract:
    """What a clause says: zone, and its rules."""

    zone: str = "UTC"
    excluded_causes: tuple[str, ...] = ()
    maintenance: bool = False
    budget: int | None = None
    notice: int = 0
    least: int = 0
    threshold: bool = False
    weights: dict[str, Fraction] = field(default_factory=dict)
    both: bool = True


def month_of(second: int, zone: ZoneInfo) -> str:
    """The civil month of a second."""
    return dt.datetime.fromtimestamp(second, dt.UTC).astimezone(zone).strftime("%Y-%m")


def length_of(month: str, zone: ZoneInfo) -> int:
    """The seconds of a civil month."""
    year, number = map(int, month.split("-"))
    first = dt.datetime(year, number, 1, tzinfo=zone)
    after = dt.datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return int(after.timestamp()) - int(first.timestamp())


def months(outages, windows, contract, as_of):
    """By month: its seconds, the excluded ones, and the downtime."""
    zone = ZoneInfo(contract.zone)
    ends = [(each, as_of if each.end is None else min(each.end, as_of)) for each in outages]
    seen = [(each, end) for each, end in ends if each.start < end]
    windows = [(start, min(end, as_of), announced) for start, end, announced in windows]
    touched = {second for start, end in [*((each.start, end) for each, end in seen), *(each[:2] for each in windows)]
               for second in range(start, end)}  # fmt: skip
    excluded, beyond = _scheduled(seen, windows, sorted(touched), contract)
    weight = {}
    for second in touched - excluded:
        found = [
            _weight(each, contract) for each, end in seen if each.start <= second < end and _counts(each, contract)
        ]
        worst = max([*found, Fraction(1) if second in beyond else Fraction(0)])
        if worst:
            weight[second] = worst
    down, taken = {}, {}
    for second, worst in weight.items():
        if _lasts(second, weight, contract):
            down[month_of(second, zone)] = down.get(month_of(second, zone), Fraction(0)) + worst
    for second in excluded:
        taken[month_of(second, zone)] = taken.get(month_of(second, zone), 0) + 1
    return {month: (length_of(month, zone), taken.get(month, 0), down.get(month, Fraction(0)))
            for month in {month_of(second, zone) for second in touched}}  # fmt: skip


def _scheduled(seen, windows, touched, contract):
    """The excluded seconds, and those of scheduled maintenance beyond its budget."""
    other = [(each.start, end) for each, end in seen if each.planned and each.cause in contract.excluded_causes]
    planned = [(each.start, end) for each, end in seen
               if each.planned and each.cause not in contract.excluded_causes and not contract.notice]  # fmt: skip
    told = [
        each
        for each in windows
        if not contract.notice or (each[2] is not None and each[2] <= each[0] - contract.notice)
    ]
    late = [each for each in windows if contract.notice and each[2] is not None and each[2] > each[0] - contract.notice]
    scheduled = [*planned, *(each[:2] for each in told)] if contract.maintenance else []
    excluded, beyond, used = set(), set(), {}
    if contract.maintenance:
        beyond = {second for start, end, _ in late for second in range(start, end)}
    for second in touched:
        if any(start <= second < end for start, end in other):
            excluded.add(second)
        if any(start <= second < end for start, end in scheduled):
            month = month_of(second, ZoneInfo(contract.zone))
            used[month] = used.get(month, 0) + 1
            (excluded if contract.budget is None or used[month] <= contract.budget else beyond).add(second)
    return excluded, beyond - excluded


def _lasts(second, weight, contract):
    """Whether the outage around a second is long enough, and the second far enough in it."""
    before = after = second
    while before - 1 in weight and second - before < contract.least:
        before -= 1
    while after + 1 in weight and after - before < contract.least:
        after += 1
    if after - before + 1 < contract.least:
        return False
    return not contract.threshold or second - before >= contract.least


def _counts(outage, contract):
    """Whether an incident is an outage by itself; scheduled ones are told apart second by second."""
    if outage.cause in contract.excluded_causes:
        return False
    return not (contract.maintenance and outage.planned and not contract.notice)


def _weight(outage, contract):
    if outage.severity in contract.weights:
        return contract.weights[outage.severity]
    return Fraction(1) if outage.share is None else outage.share
