"""The measurements as typed columns, for CSV and Parquet alike: made from an audit's own columns, or from a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.policy.grammar import SECOND
from slaaudit.report.as_json import Measured
from slaaudit.report.lines import ACTORS, VERDICTS, caveat_texts, reason_texts
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from slaaudit.audit import Audit
    from slaaudit.report.record import Record
    from slaaudit.results import Measurements

    Codes = npt.NDArray[np.integer[Any]]
    Row = dict[str, Any]

WORD = pa.dictionary(pa.int32(), pa.string())
INSTANT = pa.timestamp("us", "UTC")
LENGTH = pa.duration("us")

#: A column for each field of a measurement that is one value. Words are coded; lengths are durations.
COLUMNS = pa.schema([
    ("ticket", WORD), ("policy", WORD), ("clause", WORD), ("cycle", pa.int32()), ("severity", WORD), ("verdict", WORD),
    ("reason", WORD), ("calendar", WORD), ("started_at", INSTANT), ("stopped_at", INSTANT), ("due_at", INSTANT),
    ("target", LENGTH), ("elapsed", LENGTH), ("over", LENGTH), ("paused", LENGTH), ("caveats", WORD), ("waived", WORD),
    ("start_file", WORD), ("start_row", pa.int32()), ("start_actor", WORD),
    ("stop_file", WORD), ("stop_row", pa.int32()), ("stop_actor", WORD), ("paused_most", LENGTH),
])  # fmt: skip


def columns(record: Record) -> pa.Table:
    """The measurements of a record, in its order; straight from the audit where the record still knows it."""
    rows = record["measurements"]
    if isinstance(rows, Measured):
        return _of_audit(rows.audit)
    return _of_rows(rows, [policy["id"] for policy in record["policies"]])


# --- from a record --------------------------------------------------------------------------------------------------


def _of_rows(rows: Iterable[Row], policies: Sequence[str]) -> pa.Table:
    held = list(rows)
    made = []
    for field in COLUMNS:
        value = _value_of(field.name, policies)
        values = [value(row) for row in held]
        if field.type == WORD:
            made.append(_texts(values).dictionary_encode())
        elif field.type == INSTANT:
            made.append(pa.array(values, pa.string()).cast(INSTANT))
        elif field.type == LENGTH:
            micros = [None if length is None else round(length * SECOND) for length in values]
            made.append(pa.array(micros, pa.int64()).cast(LENGTH))
        else:
            made.append(pa.array(values, field.type))
    return pa.Table.from_arrays(made, schema=COLUMNS)


def _value_of(name: str, policies: Sequence[str]) -> Callable[[Row], Any]:
    """What gives a column's value of a row."""
    if name == "policy":
        return lambda row: policies[row["policy"]]
    if name == "caveats":
        return lambda row: "; ".join(row["caveats"]) or None
    side, _, part = name.partition("_")
    if side in ("start", "stop") and part in ("file", "row", "actor"):
        return lambda row: row["evidence"][side] and row["evidence"][side][part]
    if COLUMNS.field(name).type == LENGTH:
        return lambda row: row.get(f"{name}_s")
    return lambda row: row[name]


def _texts(values: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array(list(map(whole, values)), pa.string())


def whole(text: str | None) -> str | None:
    r"""The text with halves of characters replaced, which no UTF-8 can hold.

    >>> whole("a\ud800b")
    'a\ufffdb'
    """
    return text if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# --- from an audit --------------------------------------------------------------------------------------------------


def _of_audit(audit: Audit) -> pa.Table:
    rows = audit.measurements
    ids = audit.evidence.tickets.ids
    over = np.where(
        (rows.elapsed == MISSING) | (rows.target == MISSING), MISSING, np.maximum(rows.elapsed - rows.target, 0)
    )
    arrays = {
        "ticket": _named(ids.codes[rows.ticket], ids.words),
        "policy": _named(rows.policy, [loaded.policy.id for loaded in audit.policies]),
        "clause": _of_policy(audit, rows, rows.clause, "clauses"),
        "cycle": pa.array(rows.cycle, pa.int32()),
        "severity": _of_policy(audit, rows, rows.severity, "severities"),
        "verdict": _named(rows.verdict, list(VERDICTS.values())),
        "reason": _told(*reason_texts(audit, rows.reason, rows.about)),
        "calendar": _named(rows.calendar, audit.calendars),
        "caveats": _told(*caveat_texts(audit, rows.caveats, rows.unseen)),
        "waived": _waived(audit),
        **_origins(audit, "start", rows.start_event),
        **_origins(audit, "stop", rows.stop_event),
    }
    arrays |= {name: _times(getattr(rows, name), INSTANT) for name in ("started_at", "stopped_at", "due_at")}
    arrays |= {name: _times(getattr(rows, name), LENGTH) for name in ("target", "elapsed", "paused_most")}
    arrays |= {"over": _times(over, LENGTH), "paused": _times(np.where(rows.paused == MISSING, 0, rows.paused), LENGTH)}
    return pa.Table.from_arrays([arrays[name] for name in COLUMNS.names], schema=COLUMNS)


def _waived(audit: Audit) -> pa.Array:
    """Why breaches are waived; they are few."""
    verdict = audit.measurements.verdict
    if not any(row.waived for row in audit.summary):
        return pa.nulls(len(verdict), WORD)
    reasons: list[str | None] = [None] * len(verdict)
    breached = np.flatnonzero(verdict == Verdict.BREACHED)
    for at, row in zip(breached.tolist(), Measured(audit).at(breached), strict=True):
        reasons[at] = row["waived"]
    return _texts(reasons).dictionary_encode()


def _times(column: npt.NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    return pa.array(column, pa.int64(), mask=column == MISSING).cast(kind)


def _named(codes: Codes, names: Sequence[str | None]) -> pa.Array:
    """Coded words; ``NONE`` is none of them. One name may stand twice (two versions of a policy)."""
    kinds = list(dict.fromkeys(names))
    if len(kinds) < len(names):
        place = {name: at for at, name in enumerate(kinds)}
        codes = np.array([*(place[name] for name in names), NONE], np.int32)[codes]
    coded = pa.array(codes.astype(np.int32), mask=(codes < 0) | (codes >= len(names)))
    return pa.DictionaryArray.from_arrays(coded, _texts(kinds))


def _told(codes: Codes, texts: Sequence[str]) -> pa.Array:
    """Coded sentences; the empty one is none."""
    return _named(np.where(np.array([not text for text in texts], bool)[codes], NONE, codes), texts)


def _of_policy(audit: Audit, rows: Measurements, codes: Codes, part: str) -> pa.Array:
    """Names of clauses or severities: codes count within each row's own policy, and those beyond it are unknown."""
    names: list[str] = []
    shifts, known = [], []
    for loaded in audit.policies:
        own = list(getattr(loaded.policy, part))
        shifts.append(len(names))
        known.append(len(own))
        names += own
    policy = rows.policy.astype(np.int64)
    is_known = (codes >= 0) & (codes < np.array(known, np.int64)[policy])
    return _named(np.where(is_known, codes + np.array(shifts, np.int64)[policy], NONE), names)


def _origins(audit: Audit, side: str, events: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
    """Where the events that started or stopped the clocks stand in the exports."""
    log = audit.log
    if not len(log):
        kinds = {"file": WORD, "row": pa.int32(), "actor": WORD}
        return {f"{side}_{part}": pa.nulls(len(events), kind) for part, kind in kinds.items()}
    at, is_none = np.maximum(events, 0), events < 0
    paths = [audit.evidence.inputs[source.file].path for source in audit.evidence.sources]
    actors = [ACTORS.get(code, "") for code in range(max(ACTORS) + 1)]
    return {
        f"{side}_file": _named(np.where(is_none, NONE, log.source[at]), paths),
        f"{side}_row": pa.array(log.row[at], pa.int32(), mask=is_none),
        f"{side}_actor": _named(np.where(is_none, NONE, log.actor[at]), actors),
    }
