"""The laws of laying one piece of policy over another."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from slaaudit.located import plain, read_text, walk
from slaaudit.policy.overlays import merged, replaced

KEYS = st.sampled_from(["a", "b", "c", "d"])
SCALARS = st.one_of(st.integers(-9, 9), st.sampled_from(["x", "y"]), st.booleans())
FULL = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=2), lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
WITH_NULLS = st.recursive(
    SCALARS | st.none() | st.lists(SCALARS, max_size=2),
    lambda inner: st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
POLICIES = st.dictionaries(KEYS, FULL, max_size=4)
OVERLAYS = st.dictionaries(KEYS, WITH_NULLS, max_size=4)


def located(data: object, name: str = "base"):
    """The data as a tree; JSON is YAML."""
    return read_text(json.dumps(data), name).root


def law(base: object, over: object) -> object:
    """The overlay by its definition, on plain data: another way to the same result."""
    if not isinstance(over, dict):
        return over
    result = dict(base) if isinstance(base, dict) else {}
    for key in over:
        if over[key] is None:
            result.pop(key, None)
        else:
            result[key] = law(result.get(key), over[key])
    return result


@given(POLICIES, OVERLAYS)
def test_mappings_merge_all_else_replaces_null_removes(base: dict, over: dict) -> None:
    assert plain(merged(located(base), located(over, "over"))) == law(base, over)


@given(POLICIES)
def test_nothing_laid_over_changes_nothing(base: dict) -> None:
    assert plain(merged(located(base), located({}))) == base


@given(POLICIES, OVERLAYS)
def test_laying_it_over_twice_is_laying_it_over_once(base: dict, over: dict) -> None:
    once = merged(located(base), located(over))
    assert plain(merged(once, located(over))) == plain(once)


@given(POLICIES, OVERLAYS)
def test_no_null_is_left(base: dict, over: dict) -> None:
    assert all(node.value is not None for _, node in walk(merged(located(base), located(over))))


@given(POLICIES, OVERLAYS)
def test_a_key_that_is_removed_is_gone(base: dict, over: dict) -> None:
    result = plain(merged(located(base), located(over)))
    assert not {key for key, value in over.items() if value is None} & set(result)


@given(POLICIES, OVERLAYS)
def test_every_value_keeps_the_place_it_was_written_at(base: dict, over: dict) -> None:
    trees = {"base": located(base), "over": located(over, "over")}
    for path, node in walk(merged(trees["base"], trees["over"])):
        written = trees[node.place.file].get(*path)
        assert written is not None
        assert written.place == node.place
        if not isinstance(node.value, dict):
            assert plain(written) == plain(node)


@given(POLICIES, OVERLAYS)
def test_the_base_is_left_as_it_was(base: dict, over: dict) -> None:
    tree = located(base)
    merged(tree, located(over))
    assert plain(tree) == base


def test_what_is_replaced_is_told_at_the_value_itself() -> None:
    base, over = located({"a": {"b": 1, "c": 2}, "d": 3}), located({"a": {"b": 5, "e": 6}, "d": None}, "over")
    assert [(plain(old), plain(new)) for old, new in replaced(base, over)] == [(1, 5), (3, None)]
