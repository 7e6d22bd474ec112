"""Pictures of all measurements: how they fared month by month, and how much of their targets they used."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from slaaudit.report import counting
from slaaudit.report.html.text import DASH, place, share, zone
from slaaudit.report.sums import percent
from slaaudit.report.versions import version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.counting import Steps, Trend
    from slaaudit.report.html.content import Content

    Row = dict[str, Any]

_FEW_STEPS = 2  # a trend needs that many
_SHARES_OF = {"week": "week from {}", "month": "{}", "year": "{}"}


def trends(found: Content) -> Row | None:
    """A picture for each clause: its attainment and its number, step by step; None where one step holds all."""
    columns = found.columns
    at = columns.started_at[columns.judged & (columns.started_at != counting.MISSING)]
    policies = found.part("policies")
    if not len(at) or not policies:
        return None
    steps = counting.steps(int(at.min()), int(at.max()), zone(policies[0]["timezone"]))
    if len(steps) < _FEW_STEPS:
        return None
    pictures = [
        _trend(clause, counting.trend(columns, columns.clause == number, steps), steps)
        for number, clause in _measured(found)
    ]
    return {"step": steps.kind, "pictures": [each for each in pictures if each["total"]]}


def _measured(found: Content) -> Iterator[tuple[int, Row]]:
    """The clauses that have measurements, in the policy's order, with their number in the columns."""
    numbers = {pair: number for number, pair in enumerate(found.columns.clauses)}
    for clause in found.part("clauses"):
        number = numbers.get((clause["policy"], clause["clause"]))
        if number is not None:
            told = version(found.part("policies"), clause["policy"])
            yield number, {**clause, "title": f"{clause['title']} ({told})" if told else clause["title"]}


def _trend(clause: Row, numbers: Trend, steps: Steps) -> Row:
    most = max(met + late for met, late in zip(numbers.met, numbers.breached, strict=True))
    points = [
        _point(at, name, (met, late), most, steps)
        for at, (name, met, late) in enumerate(zip(steps.names, numbers.met, numbers.breached, strict=True))
    ]
    known = [point for point in points if point["judged"]]
    return {
        "title": clause["title"],
        "clause": clause["clause"],
        "promised": None if clause["promised"] is None else place(100 - float(clause["promised"])),
        "promise": None if clause["promised"] is None else share(clause["promised"]),
        "points": points,
        "lines": [(since, until) for since, until in pairwise(known)],
        "first": points[0]["name"],
        "last": points[-1]["name"],
        "most": most,
        "total": sum(numbers.met) + sum(numbers.breached),
    }


def _point(at: int, name: str, numbers: tuple[int, int], most: int, steps: Steps) -> Row:
    met, late = numbers
    judged, wide = met + late, 100 / len(steps)
    attained = percent(Fraction(met, judged), 1) if judged else DASH
    met_high, late_high = (place(100 * number / most) if most else 0 for number in numbers)
    return {
        "name": name,
        "met": met,
        "late": late,
        "judged": judged,
        "share": attained,
        "x": place((at + 0.5) * wide),
        "left": place((at + 0.12) * wide),
        "wide": place(0.76 * wide),
        "y": place(100 - 100 * met / judged) if judged else None,
        "met_y": place(100 - met_high),
        "met_high": met_high,
        "late_y": place(100 - met_high - late_high),
        "late_high": late_high,
        "text": f"{_SHARES_OF[steps.kind].format(name)}: {met:,} of {judged:,} met, {attained}",
    }


def distributions(found: Content) -> list[Row]:
    """A picture for each clause: how many measurements used which share of their target."""
    columns = found.columns
    pictures = []
    for number, clause in _measured(found):
        numbers = counting.used(columns, columns.judged & (columns.clause == number))
        if sum(numbers):
            pictures.append(_distribution(clause, numbers))
    return pictures


def _distribution(clause: Row, numbers: tuple[int, ...]) -> Row:
    most, total, wide = max(numbers), sum(numbers), 100 / counting.BUCKETS
    within = counting.TENTHS // 2
    bars = [
        {
            "name": counting.bucket_name(bucket),
            "number": number,
            "late": bucket >= within,
            "x": place((bucket + 0.1) * wide),
            "wide": place(0.8 * wide),
            "y": place(100 - 100 * number / most),
            "high": place(100 * number / most),
            "text": f"{counting.bucket_name(bucket)} of the target: {number:,} of {total:,}",
        }
        for bucket, number in enumerate(numbers)
    ]
    fullest = numbers.index(most)
    return {
        "title": clause["title"],
        "clause": clause["clause"],
        "bars": bars,
        "target": place(within * wide),
        "twice": place(counting.TENTHS * wide),
        "total": total,
        "within": sum(numbers[:within]),
        "said": f"Most often: {counting.bucket_name(fullest)} of the target, {most:,} of {total:,} measurements.",
    }
