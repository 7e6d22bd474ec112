"""A column of written times to instants: its own rows tell its format, by shape, or it is refused.

The common case, ISO 8601 throughout, is one cast (``iso_times``). Everything else is sorted into shapes (see
``shapes``); each shape is read as a matrix of digits. A day and month that could stand either way round are settled by
the rows of the column that allow one order only, or by what the caller says, and by nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.civil import micros
from slaaudit.evidence.digits import by_shape, number, tidied
from slaaudit.evidence.iso_times import cast
from slaaudit.evidence.local_times import placed
from slaaudit.evidence.orders import Part, day_votes, year_spread, year_votes
from slaaudit.evidence.shapes import SERIALS, UNREADABLE, Format, Grain, Layout, layout
from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.evidence.time_column import (
    END,
    ENOUGH,
    FIRST,
    FIRST_YEAR,
    LAST_YEAR,
    BothOrdersError,
    Column,
    NoOrderError,
    NoYearError,
    NoZoneError,
    Rules,
    UndecidedError,
    Written,
    unit_of,
)
from slaaudit.zones import DAY

if TYPE_CHECKING:
    import pyarrow as pa

    from slaaudit.evidence.digits import Digits
    from slaaudit.evidence.tables import Mask, Rows

__all__ = [
    "FIRST_YEAR",
    "BothOrdersError",
    "Column",
    "NoOrderError",
    "NoYearError",
    "NoZoneError",
    "Rules",
    "UndecidedError",
    "column",
]

_BARE_SERIAL = "99999"

NO_SUCH_TIME = "there is no such day or time"
OUTSIDE = f"the year is past {LAST_YEAR}"
LONE_DATE = "a date without a time, among dates with times"
TWO_DIGITS = "years of two digits are read as 1969 to 2068"
SHORT_YEAR = "a year of two digits that may stand first or last; say how it is meant with --date-format"
OTHER_FORMAT = "not written in the stated date format"


def column(text: pa.ChunkedArray, rules: Rules) -> Column:
    """The instants of a column of text. UndecidedError where the column does not say what it means."""
    return cast(text, rules) or _Mixed(text, rules).column()


class _Mixed:
    """One column read shape by shape."""

    def __init__(self, text: pa.ChunkedArray, rules: Rules) -> None:
        self.rules = rules
        self.text = tidied(text)
        self.at = np.full(len(text), MISSING, np.int64)
        self.zoned = np.zeros(len(text), np.bool_)
        self.unreadable: dict[str, list[Rows]] = {}
        self.grains: set[Grain] = set()
        self.order = ""
        self.decided = NONE

    def column(self) -> Column:
        parts = self._with_years(self._parts())
        day_first = self._day_first([part for part in parts if part.layout.is_undecided])
        dated = self._without_lone_dates(parts)
        for part in dated:
            self._read(part, day_first=day_first)
        never = self._without_nevers()
        known = self.at != MISSING
        unit = self._measured_unit(known)
        doubtful = self._placed(known)
        self._refuse_far(known)
        return Column(
            self.at,
            doubtful,
            {reason: np.sort(np.concatenate(rows)) for reason, rows in self.unreadable.items()},
            unit,
            bool(self.zoned[known].all()),
            self.order,
            self.decided,
            never,
            _formats(dated, day_first=day_first),
            (TWO_DIGITS,) if any("short" in part.layout.parts for part in dated) else (),
        )

    def _parts(self) -> list[Part]:
        """The rows by shape, those of no known shape put aside."""
        parts: list[Part] = []
        bare: list[tuple[Rows, Digits]] = []
        for rows, digits, shape in by_shape(self.text):
            if shape == _BARE_SERIAL and not self.rules.formats:
                bare.append((rows, digits))
            elif (found := self._layout(shape, rows)) is not None:
                parts.append(Part(rows, found, digits))
        serials = any(part.layout.is_serial for part in parts)
        for rows, digits in bare:
            whole = Format(SERIALS).layout(_BARE_SERIAL) if serials else None
            if whole:
                parts.append(Part(rows, whole, digits))
            else:
                self._put_aside(UNREADABLE, rows)
        if self.rules.formats and not parts:  # the formats speak of other columns than this one
            self.unreadable.clear()
            self.rules = self.rules._replace(formats=())
            return self._parts()
        return parts

    def _layout(self, shape: str, rows: Rows) -> Layout | None:
        fitting = (found for stated in self.rules.formats if (found := stated.layout(shape)))
        told = next(fitting, None) or (OTHER_FORMAT if self.rules.formats else layout(shape))
        if isinstance(told, Layout) and told.abbreviation:
            offset = dict(self.rules.zones).get(told.abbreviation)
            told = _undefined(told.abbreviation) if offset is None else told.on(offset)
        if isinstance(told, str):
            self._put_aside(told, rows)
            return None
        return told

    def _with_years(self, parts: list[Part]) -> list[Part]:
        """The parts, the place of a year of two digits settled by the rows that allow one place only."""
        short = [part for part in parts if part.layout.is_undecided and "short" in part.layout.parts]
        if not short or self.rules.day_first is not None:
            return parts
        first, last = (np.concatenate(rows) for rows in zip(*map(year_votes, short), strict=True))
        undecided = len(first) == len(last) == 0
        if not undecided and not len(first):
            return parts
        if undecided and not all(part.layout.may_begin_with_the_year for part in short):
            return parts
        leads = year_spread(short) if undecided else not len(last) or None
        if leads is None:
            return self._without_short_years(parts, short)
        if not leads:
            return parts
        turned = {id(part): part._replace(layout=part.layout.with_year_first()) for part in short}
        return [turned.get(id(part), part) for part in parts]

    def _without_short_years(self, parts: list[Part], short: list[Part]) -> list[Part]:
        """The parts that are told: among other dates, those that are not are put aside, alone they are refused."""
        others = [part for part in parts if all(part is not other for other in short)]
        if not others:
            raise NoYearError(*self._shown(min(int(part.rows[0]) for part in short)))
        for part in short:
            self._put_aside(SHORT_YEAR, part.rows)
        return others

    def _put_aside(self, reason: str, rows: Rows) -> None:
        if len(rows):
            self.unreadable.setdefault(reason, []).append(rows)

    def _day_first(self, parts: list[Part]) -> bool:
        """Whether the day comes first, from the rows that allow one order only."""
        if not parts:
            return True
        day_rows, month_rows, open_rows = (np.concatenate(rows) for rows in zip(*map(day_votes, parts), strict=True))
        if self.rules.day_first is not None:
            return self._ordered(day_first=self.rules.day_first)
        if len(day_rows) and len(month_rows):
            raise BothOrdersError(*self._shown(int(day_rows.min()), int(month_rows.min())))
        if not len(day_rows) and not len(month_rows) and len(open_rows):
            raise NoOrderError(*self._shown(int(open_rows.min())))
        if len(day_rows) or len(month_rows):
            self.decided = int(np.concatenate((day_rows, month_rows)).min())
        return self._ordered(day_first=not len(month_rows)) if len(open_rows) else not len(month_rows)

    def _ordered(self, *, day_first: bool) -> bool:
        self.order = "day first" if day_first else "month first"
        return day_first

    def _shown(self, *rows: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        return rows, tuple(str(self.text[row].as_py()) for row in rows)

    def _without_lone_dates(self, parts: list[Part]) -> list[Part]:
        """The parts to be read: dates without times only where the column has nothing else."""
        timed = [part for part in parts if part.layout.grain is not Grain.DAY]
        if not timed:
            return parts
        for part in parts:
            if part.layout.grain is Grain.DAY:
                self._put_aside(LONE_DATE, part.rows)
        return timed

    def _read(self, part: Part, *, day_first: bool) -> None:
        at, valid = micros(part.layout, part.digits, day_first=day_first)
        if "year" in part.layout.parts and not valid.all():  # 0000-00-00 is how some databases write no time
            zero = ~valid & (number(part.digits, part.layout.parts["year"]) == 0)
            at[zero], valid[zero] = 0, True
        self._put_aside(NO_SUCH_TIME, part.rows[~valid])
        rows = part.rows[valid]
        self.at[rows] = at[valid]
        self.zoned[rows] = part.layout.is_zoned
        if len(rows):
            self.grains.add(part.layout.grain)

    def _without_nevers(self) -> int:
        """How many times lie before the first year: they stand for no time, and are none."""
        never = np.flatnonzero((self.at != MISSING) & (self.at < FIRST))
        self.at[never] = MISSING
        return len(never)

    def _measured_unit(self, known: Mask) -> int:
        if not self.grains:
            return Grain.SECOND.value
        stated = min(self.grains, key=lambda grain: grain.value).value
        return max(stated, unit_of(self.at[known])) if int(known.sum()) >= ENOUGH else stated

    def _placed(self, known: Mask) -> Mask | None:
        """The local times moved to UTC; which of them a DST change makes doubtful."""
        local = np.flatnonzero(known & ~self.zoned)
        local = local[self.at[local] < END + DAY]
        if not len(local):
            return None
        if self.rules.zone is None:
            raise NoZoneError(*self._shown(int(local[0])))
        moved = placed(self.at[local], self.rules.zone)
        self.at[local] = moved.at
        doubtful = np.zeros(len(self.at), np.bool_)
        doubtful[local] = moved.doubtful
        return doubtful

    def _refuse_far(self, known: Mask) -> None:
        far = np.flatnonzero(known & (self.at >= END))
        self._put_aside(OUTSIDE, far)
        self.at[far] = MISSING


def _undefined(abbreviation: str) -> str:
    return (
        f"the zone {abbreviation} may mean several; say which in a mapping file, "
        f"as in read: {{zones: {{{abbreviation}: -07:00}}}}"
    )


def _formats(parts: list[Part], *, day_first: bool) -> tuple[Written, ...]:
    """The ways of writing, those that differ in a month's name only being one."""
    found: dict[str, Written] = {}
    for part in parts:
        text = part.layout.text
        if part.layout.is_undecided and not day_first:
            text = text.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")
        before = found.get(text, Written(text, 0, int(part.rows[0])))
        found[text] = Written(text, before.rows + len(part.rows), min(before.first, int(part.rows[0])))
    return tuple(sorted(found.values(), key=lambda each: -each.rows))
