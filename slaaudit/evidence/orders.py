"""Which of the numbers of a date is the day, the month and the year: told by the rows that allow one order only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.civil import LONGEST_MONTH, MONTHS
from slaaudit.evidence.digits import number

if TYPE_CHECKING:
    from slaaudit.evidence.digits import Digits
    from slaaudit.evidence.shapes import Layout
    from slaaudit.evidence.tables import Rows


_LONG_SPAN, _SHORT_SPAN = 20, 10  # years: no export spans twenty, days of a month do


class Part(NamedTuple):
    """Rows of one shape, read: their wall-clock (or, if zoned, absolute) microseconds and which of them are no time."""

    rows: Rows
    layout: Layout
    digits: Digits


def day_votes(part: Part) -> tuple[Rows, Rows, Rows]:
    """Rows that allow only the day first, only the month first, and both with different results."""
    first, second = number(part.digits, part.layout.parts["first"]), number(part.digits, part.layout.parts["second"])
    fits = (first >= 1) & (second >= 1)
    day = fits & (first > MONTHS) & (first <= LONGEST_MONTH) & (second <= MONTHS)
    month = fits & (second > MONTHS) & (second <= LONGEST_MONTH) & (first <= MONTHS)
    either = fits & (first <= MONTHS) & (second <= MONTHS) & (first != second)
    return part.rows[day], part.rows[month], part.rows[either]


def _thirds(part: Part) -> tuple[Rows, Rows, Rows]:
    first, second, third = (number(part.digits, part.layout.parts[name]) for name in ("first", "second", "short"))
    return first, second, third


def year_votes(part: Part) -> tuple[Rows, Rows]:
    """Rows whose two-digit year can only stand first, and only last."""
    first, second, third = _thirds(part)
    leading = (second >= 1) & (second <= MONTHS) & (third >= 1) & (third <= LONGEST_MONTH)
    leading &= part.layout.may_begin_with_the_year
    low, high = np.minimum(first, second), np.maximum(first, second)
    trailing = (low >= 1) & (low <= MONTHS) & (high <= LONGEST_MONTH)
    return part.rows[leading & ~trailing], part.rows[trailing & ~leading]


def year_spread(parts: list[Part]) -> bool | None:
    """Whether the first numbers are the years, told by one end being spread over a month and the other over few years.

    None where neither is so.
    """
    first, _, third = (np.concatenate(numbers) for numbers in zip(*map(_thirds, parts), strict=True))
    ahead, behind = int(np.ptp(first)), int(np.ptp(third))
    if ahead > _LONG_SPAN and behind <= _SHORT_SPAN:
        return False
    return True if behind > _LONG_SPAN and ahead <= _SHORT_SPAN else None
