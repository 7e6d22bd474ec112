"""Measurements as lines for people and programs: codes become words, absent becomes None.

Columns turn into lists once, whatever the number of rows. Instants and lengths stay microseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Actor, State
from slaaudit.results import Caveat, Reason, Verdict, Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Events
    from slaaudit.results import Worksheet

    Numbers = npt.NDArray[np.int64]


class Origin(NamedTuple):
    """The export row that an event comes from. ``word`` is the cell as it stood, ``who`` the name in it."""

    file: str
    row: int
    column: str
    actor: str
    word: str | None
    who: str | None


class Line(NamedTuple):
    """One measurement in words. ``over`` is what it took beyond its target, 0 where it kept it.

    ``waived`` is the reason for which a waiver lets the breach pass.
    """

    at: int
    ticket: str
    policy: int
    clause: str
    title: str
    binding: str
    cycle: int
    severity: str | None
    verdict: str
    reason: str | None
    calendar: str
    started_at: int | None
    stopped_at: int | None
    due_at: int | None
    target: int | None
    elapsed: int | None
    over: int | None
    paused: int
    paused_most: int | None
    caveats: tuple[str, ...]
    start: Origin | None
    stop: Origin | None
    waived: str | None = None


class Stretch(NamedTuple):
    """A row of a worksheet in words."""

    from_at: int
    to_at: int
    state: str
    severity: str | None
    why: str
    took: int
    total: int
    origin: Origin | None


def hyphened(name: str) -> str:
    """An enumeration's name as reports write it: ``NO_TARGET`` is ``no-target``."""
    return name.lower().replace("_", "-")


VERDICTS = {int(verdict): hyphened(verdict.name) for verdict in Verdict}
WHYS = {int(why): hyphened(why.name) for why in Why}
STATES = {int(state): hyphened(state.name) for state in State}
ACTORS = {int(actor): hyphened(actor.name) for actor in Actor}
_REASONS = {int(reason): hyphened(reason.name) for reason in Reason}


def lines(audit: Audit, rows: Numbers | None = None) -> list[Line]:
    """The measurements at ``rows`` in that order, or all of them."""
    table = audit.measurements if rows is None else audit.measurements.take(rows)
    names = _names(audit)
    ids = audit.evidence.tickets.ids
    over = np.where(
        (table.elapsed == MISSING) | (table.target == MISSING), MISSING, np.maximum(table.elapsed - table.target, 0)
    )
    clauses = [
        names.clauses[policy][clause]
        for policy, clause in zip(table.policy.tolist(), table.clause.tolist(), strict=True)
    ]
    columns = (
        range(len(table)) if rows is None else rows.tolist(),
        [ids.words[code] for code in ids.codes[table.ticket].tolist()],
        table.policy.tolist(),
        *zip(*clauses, strict=True),
        table.cycle.tolist(),
        [
            names.severity(policy, code)
            for policy, code in zip(table.policy.tolist(), table.severity.tolist(), strict=True)
        ],
        [VERDICTS[code] for code in table.verdict.tolist()],
        _reasons(audit, table.reason, table.about),
        [audit.calendars[code] if code != NONE else "" for code in table.calendar.tolist()],
        *map(present, (table.started_at, table.stopped_at, table.due_at, table.target, table.elapsed, over)),
        [value or 0 for value in present(table.paused)],
        present(table.paused_most),
        _caveats(audit, table.caveats, table.unseen),
        origins(audit, table.start_event),
        origins(audit, table.stop_event),
        _waived(audit, range(len(table)) if rows is None else rows.tolist()),
    )
    return [Line(*row) for row in zip(*columns, strict=True)] if len(table) else []


def _waived(audit: Audit, rows: Sequence[int]) -> list[str | None]:
    found = audit.waived
    if found is None:
        return [None] * len(rows)
    reasons = {
        at: found.waivers[place].reason for at, place in zip(found.rows.tolist(), found.waiver.tolist(), strict=True)
    }
    return [reasons.get(row) for row in rows]


def batches(audit: Audit, size: int = 10_000) -> Iterator[list[Line]]:
    """All measurements in order, ``size`` at a time, so that a large report needs little memory."""
    for first in range(0, len(audit.measurements), size):
        yield lines(audit, np.arange(first, min(first + size, len(audit.measurements))))


def stretches(audit: Audit, sheet: Worksheet) -> list[Stretch]:
    """The rows of a worksheet; all of one policy's measurements or of several."""
    names = _names(audit)
    policies = audit.measurements.policy[sheet.measurement].tolist()
    return [
        Stretch(since, until, STATES[state], names.severity(policy, severity), WHYS[why], took, total, origin)
        for since, until, state, policy, severity, why, took, total, origin in zip(
            sheet.from_at.tolist(),
            sheet.to_at.tolist(),
            sheet.state.tolist(),
            policies,
            sheet.severity.tolist(),
            sheet.why.tolist(),
            sheet.took.tolist(),
            sheet.total.tolist(),
            origins(audit, sheet.event),
            strict=True,
        )
    ]


def present(column: Numbers) -> list[int | None]:
    """A column as a list, None where there is nothing."""
    return [None if value == MISSING else value for value in column.tolist()]


def stamps(instants: list[int | None]) -> list[str | None]:
    """Instants as RFC 3339 in UTC, with as many fraction digits as each needs."""
    known = np.array([0 if instant is None else instant for instant in instants], np.int64)
    whole = np.datetime_as_string((known // 1_000_000).astype("datetime64[s]")).tolist()
    fractions = (known % 1_000_000).tolist()
    return [
        None if instant is None else text + (f".{fraction:06d}".rstrip("0") if fraction else "") + "Z"
        for instant, text, fraction in zip(instants, whole, fractions, strict=True)
    ]


def origins(audit: Audit, events: Numbers) -> list[Origin | None]:
    """Where each event of the audit's log stands in the exports; None where there is no event."""
    return origins_of(audit, audit.log, events)


def origins_of(audit: Audit, log: Events, events: Numbers) -> list[Origin | None]:
    """The same of another table of events of the audit's evidence."""
    sources = audit.evidence.sources
    if not len(log):
        return [None] * len(events)
    paths = [(audit.evidence.inputs[source.file].path, source.column) for source in sources]
    words = audit.evidence.words
    at = np.maximum(events, 0)
    return [
        Origin(paths[source][0], row, paths[source][1], ACTORS[actor], _word(words, word), _word(words, who))
        if event >= 0
        else None
        for event, source, row, actor, word, who in zip(
            events.tolist(),
            log.source[at].tolist(),
            log.row[at].tolist(),
            log.actor[at].tolist(),
            log.word[at].tolist(),
            log.who[at].tolist(),
            strict=True,
        )
    ]


def _word(words: tuple[str, ...], code: int) -> str | None:
    return None if code == NONE else words[code]


class _Names(NamedTuple):
    clauses: list[list[tuple[str, str, str]]]
    severities: list[list[str]]

    def severity(self, policy: int, code: int) -> str | None:
        known = self.severities[policy]
        return known[code] if 0 <= code < len(known) else None  # codes beyond are words that the policy does not know


def _names(audit: Audit) -> _Names:
    policies = [loaded.policy for loaded in audit.policies]
    return _Names(
        [
            [(name, clause.title or name, clause.binding) for name, clause in policy.clauses.items()]
            for policy in policies
        ],
        [list(policy.severities) for policy in policies],
    )


def _reasons(audit: Audit, reasons: npt.NDArray[np.int8], abouts: npt.NDArray[np.int32]) -> list[str | None]:
    made: dict[tuple[int, int], str | None] = {(0, NONE): None}
    pairs = list(zip(reasons.tolist(), abouts.tolist(), strict=True))
    for reason, about in set(pairs):
        text = _REASONS[reason] + (f": {audit.words[about]}" if about != NONE else "")
        made[reason, about] = text if reason else None
    return [made[pair] for pair in pairs]


def _caveats(audit: Audit, bits: npt.NDArray[np.int32], unseen: Numbers) -> list[tuple[str, ...]]:
    pairs = list(zip(bits.tolist(), unseen.tolist(), strict=True))
    made = {pair: tuple(_caveat_names(audit, *pair)) for pair in set(pairs)}
    return [made[pair] for pair in pairs]


def _caveat_names(audit: Audit, bits: int, unseen: int) -> list[str]:
    names = [hyphened(caveat.name or "") for caveat in Caveat if bits & caveat and caveat is not Caveat.FIELD_UNSEEN]
    fields = [name for bit, name in enumerate(audit.fields) if unseen >> bit & 1]
    return names + [f"field-unseen: {name}" for name in fields if bits & Caveat.FIELD_UNSEEN]


def reason_texts(
    audit: Audit, reasons: npt.NDArray[np.int8], abouts: npt.NDArray[np.int32]
) -> tuple[Numbers, list[str]]:
    """The reasons as codes into texts; "" where there is none."""
    known = len(audit.words) + 1
    keys, codes = np.unique(reasons.astype(np.int64) * known + abouts + 1, return_inverse=True)
    pairs = keys // known, keys % known - 1
    return codes, [text or "" for text in _reasons(audit, pairs[0].astype(np.int8), pairs[1].astype(np.int32))]


def caveat_texts(audit: Audit, bits: npt.NDArray[np.int32], unseen: Numbers) -> tuple[Numbers, list[str]]:
    """Each row's caveats as codes into texts that join them; "" where there are none."""
    fields, place = np.unique(unseen, return_inverse=True)
    keys, codes = np.unique(bits.astype(np.int64) * len(fields) + place, return_inverse=True)
    kinds = _caveats(audit, (keys // len(fields)).astype(np.int32), fields[keys % len(fields)])
    return codes, ["; ".join(names) for names in kinds]
