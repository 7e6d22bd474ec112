"""Which measurements a report for people shows: the worst breaches, what is due soon, what stays unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.policy.grammar import DAY
from slaaudit.report.lines import hyphened, lines
from slaaudit.results import Caveat, Reason, Verdict

if TYPE_CHECKING:
    from slaaudit.audit import Audit
    from slaaudit.report.lines import Line

SOON = DAY


def worst_breaches(audit: Audit, limit: int | None) -> list[Line]:
    """The breaches that are furthest over, the furthest first; equal ones in the report's order.

    Those that are waived are no longer held against anybody, and left out.
    """
    table = audit.measurements
    rows = np.flatnonzero(table.verdict == Verdict.BREACHED)
    if audit.waived is not None:
        rows = np.setdiff1d(rows, audit.waived.rows, assume_unique=True)
    over = table.elapsed[rows] - table.target[rows]
    return lines(audit, rows[np.argsort(-over, kind="stable")][:limit])


def due_soon(audit: Audit, limit: int | None) -> tuple[list[Line], int]:
    """The running clocks that pass their target within ``SOON`` after as-of, the next first, and how many there are."""
    table = audit.measurements
    rows = np.flatnonzero(
        (table.verdict == Verdict.RUNNING) & (table.due_at != MISSING) & (table.due_at <= audit.as_of + SOON)
    )
    order = rows[np.argsort(table.due_at[rows], kind="stable")]
    return lines(audit, order[:limit]), len(order)


def unknowns(audit: Audit) -> list[tuple[str, int]]:
    """Each reason why verdicts are unknown, with its count, the most frequent first."""
    table = audit.measurements
    rows = table.verdict == Verdict.UNKNOWN
    return _counted_reasons(audit, rows)


def exclusions(audit: Audit) -> list[tuple[str, int]]:
    """Each reason why measurements are excluded, with its count, the most frequent first."""
    return _counted_reasons(audit, audit.measurements.verdict == Verdict.EXCLUDED)


def _counted_reasons(audit: Audit, rows: np.ndarray) -> list[tuple[str, int]]:
    table = audit.measurements
    known = len(audit.words) + 1
    keys = table.reason[rows].astype(np.int64) * known + table.about[rows] + 1
    found, numbers = np.unique(keys, return_counts=True)
    named: list[tuple[str, int]] = []
    for key, number in zip(found.tolist(), numbers.tolist(), strict=True):
        reason, about = divmod(key, known)
        word = f": {audit.words[about - 1]}" if about else ""
        named.append((hyphened(Reason(reason).name) + word, number))
    return sorted(named, key=lambda one: -one[1])


def first_unknown(audit: Audit) -> Line | None:
    """The first measurement whose verdict is unknown."""
    rows = np.flatnonzero(audit.measurements.verdict == Verdict.UNKNOWN)
    return lines(audit, rows[:1])[0] if len(rows) else None


def caveats(audit: Audit) -> list[tuple[str, int, int]]:
    """Each caveat with the number of measurements that carry it, and of breaches among them."""
    table = audit.measurements
    breached = table.verdict == Verdict.BREACHED
    found: list[tuple[str, int, int]] = []
    for caveat in Caveat:
        carried = (table.caveats & int(caveat)) != 0
        if caveat is Caveat.FIELD_UNSEEN:
            marks = [
                (f"field-unseen: {name}", carried & (table.unseen >> bit & 1 == 1))
                for bit, name in enumerate(audit.fields)
            ]
        else:
            marks = [(hyphened(caveat.name or ""), carried)]
        for name, mark in marks:
            number = int(np.count_nonzero(mark))
            if number:
                found.append((name, number, int(np.count_nonzero(mark & breached))))
    return found


def calendars(audit: Audit) -> list[str]:
    """The calendars that measurements were counted on, in the policy's order."""
    return [audit.calendars[code] for code in np.unique(audit.measurements.calendar).tolist() if code != NONE]
