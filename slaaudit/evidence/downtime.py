"""A column that lists the outages of a window, by kind and length, as counts of milliseconds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.errors import EvidenceError
from slaaudit.evidence.counts import Counts
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.row_rules import structures
from slaaudit.evidence.words import folded, words_of

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.profile_rules import Downtime
    from slaaudit.evidence.tables import Instants

NO_OUTAGES = "no list of outages that can be read"
_IN_MILLISECONDS = {"hours": 3_600_000, "minutes": 60_000, "seconds": 1000}


def milliseconds(cells: Cells, downtime: Downtime, length: Instants) -> tuple[Counts, Counts]:
    """The milliseconds of each window and those of its outages, each outage with the weight of its kind."""
    column = words_of(cells.column(_place(cells, downtime.column)))
    weights = {folded(kind): Fraction(weight) for kind, weight in downtime.weights.items()}
    told = [_milliseconds(word, downtime, weights) for word in column.words]
    for reason in dict.fromkeys(each for each in told if isinstance(each, str)):
        bad = np.array([*(each == reason for each in told), False])[column.codes]
        cells.put_aside(np.flatnonzero(bad), f"{downtime.column}: {reason}")
    failed = np.array([*(each if isinstance(each, int) else 0 for each in told), 0], np.int64)[column.codes]
    every = np.ones(len(cells), np.bool_)
    return Counts(length // 1000, every), Counts(failed, every)


def _milliseconds(text: str, downtime: Downtime, weights: dict[str, Fraction]) -> int | str:
    """The milliseconds of the outages that a cell lists, or the reason why it cannot be told."""
    listed = structures(text)
    if listed is None:
        return NO_OUTAGES
    total = Fraction(0)
    for outage in listed:
        weight = weights.get(folded(str(outage.get(downtime.kind, ""))))
        if weight is None:
            return f"an outage of a kind whose weight is not known: {outage.get(downtime.kind)!r}"
        try:
            length = Fraction(str(outage.get(downtime.length, "")))
        except (ValueError, ZeroDivisionError):
            return NO_OUTAGES
        if length < 0:
            return NO_OUTAGES
        total += length * weight * _IN_MILLISECONDS[downtime.as_]
    return round(total)


def _place(cells: Cells, header: str) -> int:
    place = Headers(cells.layout.headers).place(header)
    if place is None:
        raise EvidenceError(f"{cells.sheet.path}: no column {header}, which lists the outages of each window.")
    return place
