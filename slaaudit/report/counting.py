"""What pictures of a report count: measurements by month or week, and by the share of their target that they used.

Everything comes from the measurements of a record. Verdicts are counted, never made. No loop runs over columns.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from slaaudit.civil_spans import day_of, midnights
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

StepKind = Literal["week", "month", "year"]

MISSING = -(2**63)
#: The verdicts as a record writes them; a code is a place in it.
VERDICTS = tuple(verdict.name.lower().replace("_", "-") for verdict in Verdict)
MET, BREACHED = VERDICTS.index("met"), VERDICTS.index("breached")

#: Buckets of the share of the target that was used: ten up to the target, ten up to twice as much, and the rest.
#: A bucket holds its upper edge, as a target that is just reached is kept.
TENTHS = 20
BUCKETS = TENTHS + 1

_WEEKS, _MONTHS = 120 * 86_400_000_000, 6 * 366 * 86_400_000_000


@dataclass(frozen=True)
class Columns:
    """Measurements as columns: ``clause`` indexes ``clauses`` (policy, clause), ``verdict`` indexes ``VERDICTS``.

    ``started_at``, ``elapsed`` and ``target`` are microseconds, ``MISSING`` where there is none.
    """

    clauses: tuple[tuple[int, str], ...]
    clause: Numbers
    verdict: Numbers
    started_at: Numbers
    elapsed: Numbers
    target: Numbers

    @property
    def judged(self) -> Mask:
        """Those that were met or breached: what attainment rests on."""
        found: Mask = (self.verdict == MET) | (self.verdict == BREACHED)
        return found


@dataclass
class Gathering:
    """Columns in the making: measurements are added one by one, as a stream gives them."""

    clauses: dict[tuple[int, str], int] = field(default_factory=dict)
    clause: list[int] = field(default_factory=list)
    verdict: list[int] = field(default_factory=list)
    started_at: list[str | None] = field(default_factory=list)
    elapsed: list[float | None] = field(default_factory=list)
    target: list[float | None] = field(default_factory=list)

    def add(self, row: Mapping[str, Any]) -> None:
        """One more measurement."""
        self.clause.append(self.clauses.setdefault((row["policy"], row["clause"]), len(self.clauses)))
        self.verdict.append(_CODES[row["verdict"]])
        self.started_at.append(row["started_at"])
        self.elapsed.append(row["elapsed_s"])
        self.target.append(row["target_s"])

    def columns(self) -> Columns:
        """All that were added."""
        return Columns(
            tuple(self.clauses),
            np.array(self.clause, np.int64),
            np.array(self.verdict, np.int64),
            instants(self.started_at),
            _micros(self.elapsed),
            _micros(self.target),
        )


_CODES = {name: code for code, name in enumerate(VERDICTS)}


def instants(stamps: Sequence[str | None]) -> Numbers:
    """RFC 3339 stamps in UTC as microseconds.

    >>> instants(["1970-01-01T00:00:01.5Z"]).tolist()
    [1500000]
    """
    texts = np.array([stamp[:-1] if stamp else "NaT" for stamp in stamps], "datetime64[us]")
    return texts.astype(np.int64)


def _micros(lengths: list[float | None]) -> Numbers:
    known = np.array([np.nan if each is None else each for each in lengths], np.float64)
    absent = np.isnan(known)
    found: Numbers = np.rint(np.where(absent, 0, known) * 1_000_000).astype(np.int64)
    found[absent] = MISSING
    return found


@dataclass(frozen=True)
class Steps:
    """Consecutive weeks (from Monday), months or years of a zone: their names, and the instants between them."""

    kind: StepKind
    names: tuple[str, ...]
    edges: Numbers

    def __len__(self) -> int:
        return len(self.names)

    def of(self, at: Numbers) -> Numbers:
        """The place of the step that each instant lies in; instants must lie within the steps."""
        return np.searchsorted(self.edges, at, side="right") - 1


def step_for(first: int, last: int) -> StepKind:
    """The step for a span: weeks for up to four months, months for up to six years, else years."""
    span = last - first
    return "week" if span <= _WEEKS else "month" if span <= _MONTHS else "year"


def steps(first: int, last: int, zone: ZoneInfo, kind: StepKind | None = None) -> Steps:
    """The steps that hold everything from ``first`` to ``last``, without a gap."""
    chosen = kind or step_for(first, last)
    days = list(_edges(day_of(first, zone), day_of(last, zone), chosen))
    names = {"week": "{}", "month": "{:%Y-%m}", "year": "{:%Y}"}[chosen]
    return Steps(chosen, tuple(names.format(day) for day in days[:-1]), np.array(midnights(days, zone), np.int64))


def _edges(first: dt.date, last: dt.date, kind: StepKind) -> Iterable[dt.date]:
    """The days on which steps begin, and the day after the last step."""
    day = {"week": first - dt.timedelta(days=first.weekday()), "month": first.replace(day=1)}.get(
        kind, first.replace(month=1, day=1)
    )
    while day <= last:
        yield day
        day = _next(day, kind)
    yield day


def _next(day: dt.date, kind: StepKind) -> dt.date:
    if kind == "week":
        return day + dt.timedelta(days=7)
    if kind == "year" or day.month == 12:  # noqa: PLR2004  (December)
        return day.replace(year=day.year + 1, month=1)
    return day.replace(month=day.month + 1)


@dataclass(frozen=True)
class Trend:
    """For each step, how many of those that started in it were met, and how many breached."""

    met: tuple[int, ...]
    breached: tuple[int, ...]


def trend(columns: Columns, among: Mask, by: Steps) -> Trend:
    """The measurements ``among`` all, by the step in which they started. Those without a start are left out."""
    chosen = among & (columns.started_at != MISSING)

    def numbers(verdict: int) -> tuple[int, ...]:
        at = columns.started_at[chosen & (columns.verdict == verdict)]
        return tuple(np.bincount(by.of(at), minlength=len(by)).tolist())

    return Trend(numbers(MET), numbers(BREACHED))


def used(columns: Columns, among: Mask) -> tuple[int, ...]:
    """How many of the measurements ``among`` all fall into each of ``BUCKETS``; those without a target in none."""
    known = among & (columns.elapsed != MISSING) & (columns.target != MISSING)
    elapsed, target = columns.elapsed[known], columns.target[known]
    tenths = -(-elapsed * 10 // np.maximum(target, 1))  # the tenths that were begun
    tenths = np.where(target > 0, tenths, np.where(elapsed > 0, BUCKETS, 0))
    return tuple(np.bincount(np.clip(tenths - 1, 0, TENTHS), minlength=BUCKETS).tolist())


def bucket_name(bucket: int) -> str:
    """A bucket in words.

    >>> bucket_name(0), bucket_name(9), bucket_name(20)
    ('0 to 10%', '90 to 100%', 'more than 200%')
    """
    edges = [*pairwise(range(0, TENTHS * 10 + 1, 10))]
    return f"{edges[bucket][0]} to {edges[bucket][1]}%" if bucket < TENTHS else f"more than {TENTHS * 10}%"
