"""Counts of requests: the rate of failures over a period, and the slices of time in which too many failed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.outages import Stretches

if TYPE_CHECKING:
    from slaaudit.evidence.incidents import Usage
    from slaaudit.evidence.tables import Instants, Mask, Rows
    from slaaudit.outages import Pieces
    from slaaudit.policy.availability import ErrorRate


@dataclass(frozen=True)
class Counts:
    """Windows ``[from_at, to_at)`` with their requests, in order of time."""

    from_at: Instants
    to_at: Instants
    total: Rows
    failed: Rows

    def __len__(self) -> int:
        return len(self.from_at)

    def chosen(self, which: Mask) -> Counts:
        """Some of the windows."""
        return Counts(self.from_at[which], self.to_at[which], self.total[which], self.failed[which])

    def within(self, from_at: int, to_at: int) -> Counts:
        """The windows that begin in ``[from_at, to_at)``: one over an edge belongs where it begins."""
        return self.chosen((self.from_at >= from_at) & (self.from_at < to_at))


def counts_of(usage: Usage, component: str | None, as_of: int) -> Counts:
    """The windows of a component (None: of all) that ended by ``as_of``. One that names none concerns all."""
    own = usage.window_end <= as_of
    if component is not None:
        wanted = np.array([word == component for word in usage.component.words] + [True], np.bool_)
        own &= wanted[usage.component.codes]
    order = np.flatnonzero(own)[np.argsort(usage.window_start[own], kind="stable")]
    return Counts(usage.window_start[order], usage.window_end[order], usage.total[order], usage.failed[order])


def without(counts: Counts, excluded: Pieces, *, denominator: bool) -> Counts:
    """The counts less those of windows that lie wholly inside excluded time.

    Where the excluded time stays in the ``denominator``, only their failures are taken out.
    """
    begins, ends = excluded
    if not len(begins) or not len(counts):
        return counts
    at = np.searchsorted(begins, counts.from_at, side="right") - 1
    inside = (at >= 0) & (counts.to_at <= ends[np.maximum(at, 0)])
    if denominator:
        return Counts(counts.from_at, counts.to_at, counts.total, np.where(inside, 0, counts.failed))
    return counts.chosen(~inside)


def failure_rate(counts: Counts) -> tuple[int, int]:
    """All requests and the failed ones."""
    return int(counts.total.sum()), int(counts.failed.sum())


def down_slices(counts: Counts, rule: ErrorRate) -> Pieces:
    """The slices in which the share of failed requests is above the threshold.

    A window is counted in the slice that it begins in, and makes it longer where it is longer itself; slices
    begin at whole multiples of their length since midnight UTC. A slice without requests is up.
    """
    if not len(counts):
        return counts.from_at, counts.to_at
    slices = _sliced(counts, rule.slice)
    share = Fraction(rule.above or 0) / 100
    down = slices.failed * share.denominator > slices.total * share.numerator
    return slices.from_at[down], slices.to_at[down]


def failing_slices(counts: Counts, rule: ErrorRate) -> Stretches:
    """The slices in which requests failed, each weighing as the share that did.

    The downtime that they make up, as a share of a period, is the average of the error rates of its slices, those
    without requests among them.
    """
    if not len(counts):
        return Stretches.whole(counts.from_at, counts.to_at)
    return weighed(_sliced(counts, rule.slice))


def weighed(counts: Counts) -> Stretches:
    """The windows in which requests failed, each weighing as the share that did."""
    some = counts.chosen(counts.failed > 0)
    if not len(some):
        return Stretches.whole(some.from_at, some.to_at)
    pairs, weight = np.unique(np.stack([some.failed, some.total], axis=1), axis=0, return_inverse=True)
    weights = [Fraction(failed, total) for failed, total in pairs.tolist()]
    return Stretches(some.from_at, some.to_at, weight.reshape(-1).astype(np.int32), weights)


def _sliced(counts: Counts, length: int) -> Counts:
    """The counts by slices of time; a slice in which no window begins is not among them."""
    number = counts.from_at // length
    first = np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1]]))
    begins = number[first] * length
    return Counts(
        begins,
        np.maximum(begins + length, np.maximum.reduceat(counts.to_at, first)),
        np.add.reduceat(counts.total, first),
        np.add.reduceat(counts.failed, first),
    )
