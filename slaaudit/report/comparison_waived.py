"""What waivers let pass of a comparison: each beside what it comes to on every side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report.comparison_words import letter
from slaaudit.report.safe import shown
from slaaudit.report.waived import Told, cells, told, waived_rows, waiver_as_data
from slaaudit.waiving import NO_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from slaaudit.comparison import Comparison

Sides = tuple[Told, ...]
"""A waiver on every side, in their order."""


def beside(found: Comparison) -> list[Sides]:
    """Every waiver of a ticket."""
    return list(zip(*(told(audit, None) for audit in found.audits), strict=True))


def as_data(found: Comparison) -> Iterator[dict[str, Any]]:
    """Each waiver with how many breaches it lets pass on every side, and why none there if so."""
    for sides in beside(found):
        waives, idle = [each.waives for each in sides], [each.idle or None for each in sides]
        yield {**waiver_as_data(sides[0].waiver), "waives": waives, "idle": idle}


def what_is_waived(found: Comparison, width: int, *, verbose: bool = False) -> Iterator[Text]:
    """The waivers that let something pass on some side, who gave each until when, and those that do not."""
    every = beside(found)
    passing = [sides for sides in every if any(each.waives for each in sides)]
    rows = [
        (cells(shown(sides[0].waiver.name, 24), sides[0].waiver.clause, _number(sides), sides[0].waiver),
         sides[0].waiver.reason)
        for sides in passing
    ]  # fmt: skip
    as_one = [_as_one(sides) for sides in every]
    yield from waived_rows(rows, as_one, width, last="Lets pass", verbose=verbose)


def _number(sides: Sequence[Told]) -> str:
    return ", ".join(f"{letter(side)} {each.waives:,}" for side, each in enumerate(sides))


def _as_one(sides: Sides) -> Told:
    """The waiver as it is told where it lets nothing pass: by the first side that has such a clock."""
    if any(each.waives for each in sides):
        return sides[0]._replace(idle="")
    return next((each for each in sides if each.idle != NO_CLOCK), sides[0])
