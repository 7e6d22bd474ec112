"""The measurements as a pandas DataFrame, for notebooks and for whatever else pandas can write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.report.lines import VERDICTS, hyphened
from slaaudit.results import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Instants
    from slaaudit.results import Measurements


def measurements(audit: Audit) -> pd.DataFrame:
    """One row a measurement, in the report's order.

    Words are categories, instants ``datetime64[us, UTC]``, lengths ``timedelta64[us]``; what a measurement lacks is
    missing. ``over`` is what it took beyond its target, zero where it kept it; ``waived`` the reason of its waiver.
    """
    rows = audit.measurements
    ids = audit.evidence.tickets.ids
    reasons = [hyphened(reason.name) for reason in Reason]
    over = np.where(
        (rows.elapsed == MISSING) | (rows.target == MISSING), MISSING, np.maximum(rows.elapsed - rows.target, 0)
    )
    return pd.DataFrame({
        "ticket": [ids.words[code] for code in ids.codes[rows.ticket].tolist()],
        "policy": _named(rows.policy, [loaded.policy.id for loaded in audit.policies]),
        "clause": _of_policy(audit, rows, rows.clause, "clauses"),
        "cycle": rows.cycle,
        "severity": _of_policy(audit, rows, rows.severity, "severities"),
        "verdict": _named(rows.verdict, list(VERDICTS.values())),
        "reason": _named(np.where(rows.reason == Reason.NONE, NONE, rows.reason), reasons),
        "about": _named(rows.about, audit.words),
        "calendar": _named(rows.calendar, audit.calendars),
        "started_at": _instants(rows.started_at),
        "stopped_at": _instants(rows.stopped_at),
        "due_at": _instants(rows.due_at),
        "target": _lengths(rows.target),
        "elapsed": _lengths(rows.elapsed),
        "over": _lengths(over),
        "paused": _lengths(rows.paused),
        "paused_most": _lengths(rows.paused_most),
        "waived": _waived(audit),
    })  # fmt: skip


def _waived(audit: Audit) -> pd.Categorical:
    """The reason of each row's waiver."""
    codes = np.full(len(audit.measurements), NONE, np.int64)
    if audit.waived is None:
        return _named(codes, [])
    codes[audit.waived.rows] = audit.waived.waiver
    return _named(codes, [each.reason for each in audit.waived.waivers])


def _of_policy(audit: Audit, rows: Measurements, codes: np.ndarray, part: str) -> pd.Categorical:
    """Clause or severity names: codes count within each row's own policy."""
    names: list[str] = []
    shifts: list[int] = []
    for loaded in audit.policies:
        shifts.append(len(names))
        names += list(getattr(loaded.policy, part))
    shifted = codes.astype(np.int64) + np.array(shifts, np.int64)[rows.policy]
    return _named(np.where(codes == NONE, NONE, shifted), names)


def _named(codes: np.ndarray, names: Sequence[str]) -> pd.Categorical:
    """Categories from codes into ``names``, which may hold one name twice (two versions of a policy)."""
    kinds = list(dict.fromkeys(names))
    place = np.array([*(kinds.index(name) for name in names), NONE], np.int64)
    return pd.Categorical.from_codes(place[codes], categories=pd.Index(kinds, dtype="str"))


def _instants(column: Instants) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.where(column == MISSING, MISSING, column).view("datetime64[us]"), tz="UTC")


def _lengths(column: Instants) -> pd.TimedeltaIndex:
    return pd.TimedeltaIndex(column.view("timedelta64[us]"))
