"""The common case of a column of times: ISO 8601 throughout is one cast."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence.arrays import nulls, numbers
from slaaudit.evidence.local_times import placed
from slaaudit.evidence.tables import MISSING
from slaaudit.evidence.time_column import END, ENOUGH, FIRST, Column, NoZoneError, Written, unit_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from slaaudit.evidence.tables import Instants
    from slaaudit.evidence.time_column import Rules

_SHORTEST_ISO = len("2026-05-31 16:05")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?")


def cast(text: pa.ChunkedArray, rules: Rules) -> Column | None:
    """The instants of a column of ISO 8601; None where it is anything else, or too short to tell."""
    count = len(text) - text.null_count
    if rules.formats or count < ENOUGH:
        return None
    empty = nulls(text) if text.null_count else None
    first = text[0 if empty is None else int(np.argmin(empty))].as_py()
    iso = _ISO.fullmatch(first)
    if not iso or pc.min(pc.binary_length(text)).as_py() < _SHORTEST_ISO:
        return None  # a cast would take a date without a time for midnight
    zone = "UTC" if iso["zone"] else None
    try:
        times = text.cast(pa.timestamp("us", zone))
    except pa.ArrowInvalid:
        return None
    at = numbers(times, np.int64)
    told = np.ones(len(at), np.bool_) if empty is None else ~empty
    never = told & (at < FIRST)
    lost = int(np.count_nonzero(never))
    known = at if empty is None and not lost else at[told & ~never]
    if not len(known) or known.max() >= END:
        return None
    unit = unit_of(known)
    if empty is not None or lost:
        at = np.where(told & ~never, at, MISSING)
    written = Written("ISO 8601", count, 0 if empty is None else int(np.argmin(empty)))
    if zone:
        return Column(at, None, {}, unit, zoned=True, never=lost, formats=(written,))
    if rules.zone is None:
        row = int(np.argmax(at != MISSING))
        raise NoZoneError((row,), (str(text[row].as_py()),))
    return replace(_located(at, rules.zone, unit), never=lost, formats=(written,))


def _located(at: Instants, zone: tzinfo, unit: int) -> Column:
    """A column of local times, all without an offset, as instants."""
    known = at != MISSING
    if known.all():
        local = placed(at, zone)
        return Column(local.at, local.doubtful, {}, unit, zoned=False)
    rows = np.flatnonzero(known)
    local = placed(at[rows], zone)
    instants = np.full(len(at), MISSING, np.int64)
    instants[rows] = local.at
    doubtful = np.zeros(len(at), np.bool_)
    doubtful[rows] = local.doubtful
    return Column(instants, doubtful, {}, unit, zoned=False)
