"""Sorted integers that are asked a million times how many of them lie at or before another.

A binary search guesses wrong at every step on unsorted questions. Where the keys are far enough apart, a table of
equal buckets, each with at most one key inside, answers with one look-up and one comparison: a third of the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

_MOST_BUCKETS = 1 << 20  # 4 MB: a larger table no longer fits the processor's caches
_MOST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class SortedKeys:
    """Strictly rising ``keys``; ``count`` asks them.

    Bucket b begins at ``origin + (b << shift)``; ``before[b]`` is how many keys lie at or before its begin.
    ``before`` is empty where no table of a sensible size separates the keys.
    """

    keys: Integers
    following: Integers
    origin: int
    shift: int
    before: npt.NDArray[np.int32]

    def count(self, values: Integers) -> npt.NDArray[np.intp]:
        """How many keys are at or before each value."""
        if not len(self.before):
            return np.searchsorted(self.keys, values, side="right")
        last = self.origin + (len(self.before) << self.shift) - 1
        bucket = np.clip(values, self.origin, last)
        bucket -= self.origin
        bucket >>= self.shift
        found = self.before.take(bucket)
        found += self.following.take(found) <= values
        return found.astype(np.intp)


def sorted_keys(keys: Integers) -> SortedKeys:
    """``keys``, strictly rising, made ready to be asked.

    >>> sorted_keys(np.array([10, 20, 40])).count(np.array([9, 10, 39, 40, 1000]))
    array([0, 1, 2, 3, 3])
    """
    nothing = np.empty(0, np.int32)
    following = np.append(keys, _MOST)
    if not len(keys):
        return SortedKeys(keys, following, 0, 0, nothing)
    gap = int(np.diff(keys).min(initial=_MOST))
    shift = min(gap.bit_length() - 1, 40)  # 2 ** shift <= gap: no bucket has two keys after its begin
    origin = int(keys[0]) - (1 << shift)
    buckets = ((int(keys[-1]) - origin) >> shift) + 1
    if buckets > _MOST_BUCKETS:
        return SortedKeys(keys, following, 0, 0, nothing)
    begins = origin + (np.arange(buckets, dtype=np.int64) << shift)
    return SortedKeys(keys, following, origin, shift, np.searchsorted(keys, begins, side="right").astype(np.int32))
