"""The promises as data: clauses, open questions, and the calendars that measurements were counted on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from slaaudit.evidence.tables import NONE
from slaaudit.report.lines import stamps
from slaaudit.report.words import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.audit import Audit
    from slaaudit.business_time import CompiledCalendar
    from slaaudit.policy import LoadedPolicy


def clauses(policies: Sequence[LoadedPolicy]) -> Iterator[dict[str, Any]]:
    """A row for each clause, in the policies' order; ``promised`` is a share in percent, null where none is."""
    for number, loaded in enumerate(policies):
        for name, clause in loaded.policy.clauses.items():
            promised = getattr(clause, "promised", None) or getattr(getattr(clause, "attainment", None), "share", None)
            yield {
                "policy": number,
                "clause": name,
                "title": clause.title or name,
                "section": clause.section or None,
                "measure": clause.measure,
                "binding": clause.binding,
                "promised": None if promised is None else decimal_text(promised),
            }


def questions(loaded: LoadedPolicy) -> list[dict[str, Any]]:
    """The points that the contract leaves open, with the choice in force."""
    return [
        {
            "reading": name,
            "question": reading.question,
            "raised_by": reading.raised_by,
            "choice": loaded.readings[name],
            "default": reading.default,
            "choices": list(reading.choices),
        }
        for name, reading in loaded.policy.readings.items()
    ]


def calendars(audit: Audit) -> Iterator[dict[str, Any]]:
    """The calendars that measurements were counted on, with what of them is open while their clocks ran.

    ``open`` lists intervals ``[from, to)``; it is empty where ``always`` says that the calendar never closes.
    """
    rows = audit.measurements
    used = np.unique(np.stack([rows.policy.astype(np.int64), rows.calendar.astype(np.int64)], axis=1), axis=0)
    for policy, code in used.tolist():
        if code == NONE:
            continue
        name = audit.calendars[code]
        compiled = audit.compiled[policy][name]
        own = (rows.policy == policy) & (rows.calendar == code)
        since = int(rows.own_start_at[own].min())
        until = max(audit.as_of, *(int(column[own].max()) for column in (rows.stopped_at, rows.due_at)))
        yield {
            "policy": policy,
            "calendar": name,
            "timezone": compiled.zone.key,
            "day_s": compiled.day_length // 1_000_000,
            "always": compiled.always,
            "open": [] if compiled.always else _open(compiled, since, until),
        }


def _open(calendar: CompiledCalendar, since: int, until: int) -> list[list[str | None]]:
    """The open intervals that reach into ``[since, until)``, whole."""
    first = int(np.searchsorted(calendar.closes, since, side="right"))
    last = int(np.searchsorted(calendar.opens, until, side="left"))
    opens = stamps(calendar.opens[first:last].tolist())
    closes = stamps(calendar.closes[first:last].tolist())
    return [list(pair) for pair in zip(opens, closes, strict=True)]
