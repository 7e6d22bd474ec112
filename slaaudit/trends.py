"""An audit over time and by kind: months, breakdowns, the hours of arrival, and the clocks that still run.

Months are civil, in the first policy's zone. A measurement belongs to the month in which its clock started. Shares of
a target are in hundredths of a percent (10,000 is the whole target), cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from slaaudit import periods
from slaaudit.evidence.tables import MISSING, NONE, Mask, Rows
from slaaudit.results import Measurements, Verdict
from slaaudit.totals import nearest_ranks, used_share
from slaaudit.zones import DAY, offsets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.audit import Audit

_HOUR = DAY // 24
_HOURS = 24
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0
_MEASURED = (Verdict.MET, Verdict.BREACHED, Verdict.RUNNING, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Tally:
    """Counts of measurements, and how much of their targets those that were met or breached had used.

    ``waived`` counts those of the breached that a waiver lets pass. ``p50`` and ``p90`` are nearest ranks; None over
    nothing.
    """

    met: int
    breached: int
    waived: int
    running: int
    unknown: int
    p50: int | None
    p90: int | None


@dataclass(frozen=True)
class MonthRow:
    """A clause in one month; ``to_date`` where the month is not over at as-of."""

    clause: str
    month: str
    to_date: bool
    tally: Tally


@dataclass(frozen=True)
class KindRow:
    """A clause for the tickets of which ``field`` is ``value``; None where they have none."""

    field: str
    value: str | None
    clause: str
    tally: Tally


@dataclass(frozen=True)
class Arrivals:
    """By weekday (Monday first) and hour of the first policy's zone at which a clock's own start fell: 7 x 24."""

    decided: npt.NDArray[np.int64]
    breached: npt.NDArray[np.int64]


@dataclass(frozen=True)
class BacklogRow:
    """The open clocks of a clause and severity: within their target, of those at risk, and past it."""

    clause: str
    severity: str
    within: int
    at_risk: int
    past: int
    oldest_at: int


@dataclass(frozen=True)
class Trends:
    """An audit's trends; ``months`` hold every month asked for, for each clause that has a measurement in one.

    ``risky`` are the measurements to look after, as indexes into ``Audit.measurements``: the open clocks past their
    target, then those that used ``above`` of it or more, what is due next first.
    """

    months: tuple[MonthRow, ...]
    kinds: tuple[KindRow, ...]
    arrivals: Arrivals
    backlog: tuple[BacklogRow, ...]
    above: int
    risky: Rows


def trends(audit: Audit, months: int, fields: Sequence[str], above: int) -> Trends:
    """The last ``months`` civil months up to as-of's, broken down by severity and ``fields``.

    The backlog is that of the whole audit, whenever its clocks started.
    """
    rows = audit.measurements
    timezone = audit.policies[0].policy.timezone
    month = _months(rows.started_at, timezone)
    last = int(periods.numbered(np.array([audit.as_of], np.int64), "month", timezone)[0])
    recent = (month > last - months) & (month <= last)
    names, clause = clause_codes(audit)
    kept = np.flatnonzero(recent & np.isin(rows.verdict, _MEASURED))
    shown = rows.take(kept)
    beside = _Beside(used_share(shown), _is_waived(audit)[kept])
    span = range(last - months + 1, last + 1)
    return Trends(
        tuple(_by_month(shown, names, clause[kept], month[kept], beside, span)),
        tuple(_by_kind(audit, shown, names, clause[kept], beside, fields)),
        _arrivals(shown, timezone),
        tuple(_backlog(audit, names, clause, above)),
        above,
        at_risk(rows, above, past=True),
    )


class _Beside(NamedTuple):
    """What stands beside measurements, row by row: the share of the target that each used, and whether it is waived."""

    used: Rows
    waived: Mask


def _is_waived(audit: Audit) -> Mask:
    found = np.zeros(len(audit.measurements), np.bool_)
    if audit.waived is not None:
        found[audit.waived.rows] = True
    return found


def clause_codes(audit: Audit) -> tuple[list[str], Rows]:
    """The clauses' ids, each once over all versions of the policy, and a code into them for each measurement."""
    names: list[str] = []
    tables = []
    for loaded in audit.policies:
        own = list(loaded.policy.clauses)
        names += [name for name in own if name not in names]
        tables.append([names.index(name) for name in own])
    widest = max(map(len, tables))
    table = np.array([own + [NONE] * (widest - len(own)) for own in tables], np.int64)
    rows = audit.measurements
    return names, table[rows.policy, rows.clause]


def at_risk(rows: Measurements, above: int, *, past: bool = False) -> Rows:
    """The running clocks that have used ``above`` of their target or more, what is due next first.

    Clocks that are paused and so have no due instant come last. With ``past``, the open clocks that are over their
    target already come before all others, the furthest over first.
    """
    used = used_share(rows)
    running = np.flatnonzero((rows.verdict == Verdict.RUNNING) & (used >= above))
    due = rows.due_at[running]
    last = np.iinfo(np.int64).max
    order = running[np.lexsort((-used[running], np.where(due == MISSING, last, due)))]
    if not past:
        return order
    late = np.flatnonzero(_open_and_late(rows))
    return np.concatenate([late[np.argsort(-used[late], kind="stable")], order])


def _open_and_late(rows: Measurements) -> Mask:
    found: Mask = (rows.verdict == Verdict.BREACHED) & (rows.stopped_at == MISSING)
    return found


def _months(instants: Rows, timezone: str) -> Rows:
    """The month of each instant; one long before all others where there is none."""
    known = instants != MISSING
    found = np.full(len(instants), np.iinfo(np.int64).min, np.int64)
    found[known] = periods.numbered(instants[known], "month", timezone)
    return found


def _tally(rows: Measurements, beside: _Beside, at: Rows) -> Tally:
    verdict = rows.verdict[at]
    count = np.bincount(verdict, minlength=len(Verdict))
    decided = at[(verdict == Verdict.MET) | (verdict == Verdict.BREACHED)]
    p50, p90 = nearest_ranks(beside.used[decided], (50, 90))
    return Tally(
        int(count[Verdict.MET]),
        int(count[Verdict.BREACHED]),
        int(np.count_nonzero(beside.waived[at])),
        int(count[Verdict.RUNNING]),
        int(count[Verdict.UNKNOWN]),
        p50,
        p90,
    )


def _by_month(
    rows: Measurements, names: list[str], clause: Rows, month: Rows, beside: _Beside, span: range
) -> Iterator[MonthRow]:
    """Every month of the span for each clause that has a measurement in it, those without any included."""
    for code in np.unique(clause).tolist():
        own = np.flatnonzero(clause == code)
        for number in span:
            at = own[month[own] == number]
            yield MonthRow(names[code], periods.name(number, "month"), number == span[-1], _tally(rows, beside, at))


def _by_kind(
    audit: Audit, rows: Measurements, names: list[str], clause: Rows, beside: _Beside, fields: Sequence[str]
) -> Iterator[KindRow]:
    """Severities most severe first, other values with the most breaches first."""
    severities = list(dict.fromkeys(name for each in audit.policies for name in each.policy.severities))
    for field in ("severity", *fields):
        words, codes = _words(audit, rows, field)
        for code in np.unique(clause).tolist():
            own = np.flatnonzero(clause == code)
            found = []
            for value in np.unique(codes[own]).tolist():
                word = None if value == NONE else words[value]
                found.append(KindRow(field, word, names[code], _tally(rows, beside, own[codes[own] == value])))
            if field == "severity":
                found.sort(key=lambda row: severities.index(row.value) if row.value in severities else len(severities))
            else:
                found.sort(key=lambda row: (-row.tally.breached, -row.tally.met, row.value is None, row.value or ""))
            yield from found


def _words(audit: Audit, rows: Measurements, field: str) -> tuple[list[str], Rows]:
    """The values of a field, those that differ by case or outer space as one, and each measurement's code."""
    if field == "severity":
        sizes = [len(loaded.policy.severities) for loaded in audit.policies]
        shifts = np.cumsum([0, *sizes])[:-1][rows.policy]
        table, words = _merged([name for loaded in audit.policies for name in loaded.policy.severities])
        known = (rows.severity >= 0) & (rows.severity < np.array(sizes)[rows.policy])  # others are foreign words
        return words, np.where(known, table[np.where(known, rows.severity + shifts, NONE)], NONE)
    column = audit.evidence.tickets.fields.get(field)
    if column is None:
        return [], np.full(len(rows), NONE, np.int64)
    table, words = _merged(list(column.words))
    codes = column.codes[rows.ticket]
    return words, np.where(codes < 0, NONE, table[codes])


def _merged(words: list[str]) -> tuple[Rows, list[str]]:
    """For each word the place of the first one that is the same, trimmed and without case; and those first ones."""
    first: dict[str, int] = {}
    kept: list[str] = []
    table = []
    for word in words:
        folded = word.strip().casefold()
        if folded not in first:
            first[folded] = len(kept)
            kept.append(word)
        table.append(first[folded])
    return np.array([*table, NONE], np.int64), kept


def _arrivals(rows: Measurements, timezone: str) -> Arrivals:
    decided = rows.take(np.flatnonzero(np.isin(rows.verdict, (Verdict.MET, Verdict.BREACHED))))
    if not len(decided):
        return Arrivals(np.zeros((7, _HOURS), np.int64), np.zeros((7, _HOURS), np.int64))
    at = decided.own_start_at
    local = offsets(ZoneInfo(timezone), int(at.min()), int(at.max())).local(at)
    place = (local // DAY + _EPOCH_WEEKDAY) % 7 * _HOURS + local % DAY // _HOUR
    late = decided.verdict == Verdict.BREACHED
    return Arrivals(*(np.bincount(each, minlength=7 * _HOURS).reshape(7, _HOURS) for each in (place, place[late])))


def _backlog(audit: Audit, names: list[str], clause: Rows, above: int) -> Iterator[BacklogRow]:
    rows = audit.measurements
    used = used_share(rows)
    late = _open_and_late(rows)
    still = np.flatnonzero(late | (rows.verdict == Verdict.RUNNING))
    words, severity = _words(audit, rows.take(still), "severity")
    pairs = np.unique(np.stack([clause[still], np.where(severity == NONE, len(words), severity)], axis=1), axis=0)
    for code, level in pairs.tolist():
        own = still[(clause[still] == code) & (severity == (NONE if level == len(words) else level))]
        past = int(np.count_nonzero(late[own]))
        risky = int(np.count_nonzero(~late[own] & (used[own] >= above)))
        name = "" if level == len(words) else words[level]
        yield BacklogRow(names[code], name, len(own) - past, risky, past, int(rows.started_at[own].min()))
