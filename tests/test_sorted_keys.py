"""Counting sorted keys answers as a binary search does, with its table of buckets and without."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaaudit.sorted_keys import sorted_keys

instants = st.integers(-(2**62), 2**62)
near = st.lists(st.integers(0, 5_000), unique=True, max_size=60)
far = st.lists(instants, unique=True, max_size=60)


@given(st.one_of(near, far), st.lists(st.one_of(st.integers(-10, 5_010), instants), max_size=80))
def test_counts_as_a_binary_search(keys, values):
    sorted_ = np.sort(np.array(keys, np.int64))
    asked = np.array([*values, *keys, *(key - 1 for key in keys)], np.int64)
    found = sorted_keys(sorted_).count(asked)
    assert found.tolist() == np.searchsorted(sorted_, asked, side="right").tolist()


@pytest.mark.parametrize("value", [np.iinfo(np.int64).min, np.iinfo(np.int64).max])
def test_the_ends_of_the_integers_are_before_and_after_all_keys(value):
    keys = sorted_keys(np.array([10, 2_000_000], np.int64))
    assert len(keys.before) > 0
    assert keys.count(np.array([value])).tolist() == [0 if value < 0 else 2]


def test_keys_too_close_for_their_span_are_searched():
    keys = np.array([0, 1, 2**50], np.int64)
    assert len(sorted_keys(keys).before) == 0
    assert sorted_keys(keys).count(np.array([1, 2**50 - 1, 2**50])).tolist() == [2, 2, 3]
