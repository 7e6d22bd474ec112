"""What is known of a column of times before it is read, and what is told of it after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.shapes import Grain
from slaaudit.evidence.tables import NONE

if TYPE_CHECKING:
    from datetime import timedelta, tzinfo

    from slaaudit.evidence.shapes import Format
    from slaaudit.evidence.tables import Instants, Mask, Rows

FIRST_YEAR, LAST_YEAR = 1971, 2199
FIRST = int(np.datetime64(f"{FIRST_YEAR}-01-01", "us").astype(np.int64))
END = int(np.datetime64(f"{LAST_YEAR + 1}-01-01", "us").astype(np.int64))
ENOUGH = 20  # values, for their seconds to show that all are :00


class Rules(NamedTuple):
    """What is known beforehand: the zone of local times, formats, the order of day and month, zones by abbreviation."""

    zone: tzinfo | None = None
    formats: tuple[Format, ...] = ()
    day_first: bool | None = None
    zones: tuple[tuple[str, timedelta], ...] = ()


class Written(NamedTuple):
    """One way in which times of a column are written: as strptime has it, how many rows, the first of them."""

    format: str
    rows: int
    first: int


@dataclass(frozen=True)
class Column:
    """Instants (``MISSING`` where empty or unreadable), with what they were read from.

    ``doubtful`` marks local times that a DST change skips or repeats; ``unreadable`` holds row indices by reason;
    ``unit`` is the column's grain in microseconds; ``zoned`` says whether all of its times name their own zone;
    ``order`` is "day first" or "month first" where that was a question; ``decided`` is the index of the first row
    that allows no other order, -1 where the order was told beforehand or was no question. ``never`` counts the times
    before ``FIRST_YEAR``, which stand for no time; ``formats`` are the ways of writing, the most frequent first;
    ``remarks`` say what else was understood.
    """

    at: Instants
    doubtful: Mask | None
    unreadable: dict[str, Rows]
    unit: int
    zoned: bool
    order: str = ""
    decided: int = NONE
    never: int = 0
    formats: tuple[Written, ...] = ()
    remarks: tuple[str, ...] = ()


class UndecidedError(Exception):
    """A column that cannot be read without being told more: which rows show it, and what they hold."""

    def __init__(self, rows: tuple[int, ...], values: tuple[str, ...]) -> None:
        self.rows = rows
        self.values = values
        super().__init__(", ".join(values))


class NoZoneError(UndecidedError):
    """Local times, and no zone."""


class NoOrderError(UndecidedError):
    """Days and months that may stand either way round in every row."""


class NoYearError(UndecidedError):
    """Three numbers of two digits, of which the first or the last may be the year."""


class BothOrdersError(UndecidedError):
    """One row that can only be day first, and one that can only be month first."""


def unit_of(at: Instants) -> int:
    """The grain that many wall-clock values show: a minute where all seconds are :00."""
    for grain in (Grain.MINUTE, Grain.SECOND, Grain.MILLI):
        if not (at[:1000] % grain.value).any() and not (at % grain.value).any():
            return int(grain.value)
    return int(Grain.MICRO.value)
