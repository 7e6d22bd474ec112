"""Whatever a file holds, the reader makes a policy of it or tells its faults: it never fails in another way."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_samples import HEAD, READINGS, SIMPLE, data
from test_model import AVAILABILITY

from slaaudit.errors import PolicyError, UsageError
from slaaudit.policy import load

if TYPE_CHECKING:
    from pathlib import Path

    from slaaudit.errors import Fault

MORE = """\
    clock:
      starts: reported
      counts-from: [{when: {channel: {not: email}, arrives-outside: business}, next-opening: business}]
    applies: {type: {not: [lock]}}
    excludes: {own: {cause: customer}}
    attainment: {share: 95%, per: month}
effective: {from: 2026-01-01, until: 2026-12-31}
source: {document: A, revised: 2026-01-01}
"""
UPTIME = AVAILABILITY.removeprefix("clauses:\n")
WHOLE = data(SIMPLE + UPTIME + "  more:\n    measure: resolution\n" + MORE + READINGS)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 3000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "x", "1h", "business", "always", "24x7", "mon", "95%", "2026-02-30", "a on b", "S1", "UTC"]),
    st.text(max_size=8),
    st.lists(st.sampled_from(["x", 1, None, [], {}]), max_size=2),
    st.dictionaries(st.sampled_from(["x", "not", "when", "within", "mon", "S1", "", "x-y"]), st.just("x"), max_size=2),
)


def paths(value: Any, path: tuple = ()) -> list[tuple]:
    """Every path into the value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] + [each for key, child in children for each in paths(child, (*path, key))]


PATHS = [path for path in paths(WHOLE) if path]


def spoilt(changes: list[tuple[tuple, Any, str]]) -> Any:
    """The whole policy with some of its values replaced, removed or renamed."""
    result = copy.deepcopy(WHOLE)
    for path, junk, how in changes:
        parent = result
        for part in path[:-1]:
            parent = parent[part] if isinstance(parent, dict | list) and part in paths_of(parent) else None
        if parent is None or not isinstance(parent, dict) or path[-1] not in parent:
            continue
        if how == "replace":
            parent[path[-1]] = junk
        elif how == "rename":
            parent[f"{path[-1]}s"] = parent.pop(path[-1])
        else:
            del parent[path[-1]]
    return result


def paths_of(parent: Any) -> Any:
    return parent if isinstance(parent, dict) else range(len(parent))


QUIET = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_the_whole_policy_is_one(tmp_path) -> None:
    (tmp_path / "p.yaml").write_text(json.dumps(WHOLE), encoding="utf-8")
    assert load("p.yaml", base=tmp_path).policy.id == "acme"


@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK, st.sampled_from(["replace", "rename", "remove"])), max_size=3))
@QUIET
def test_any_policy_is_read_or_its_faults_are_told(tmp_path, changes: list) -> None:
    text = json.dumps(spoilt(changes), indent=1)
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    lines = text.split("\n")
    for fault in faults(tmp_path):
        assert fault.file == "p.yaml"
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert "validation" not in fault.message
        assert "Input should" not in fault.message


def faults(folder: Path) -> tuple[Fault, ...]:
    try:
        load("p.yaml", base=folder)
    except PolicyError as error:
        return error.faults
    return ()


@given(st.text(alphabet="ab:-[]{}&*<>|!%@'\"\n\t #?,0~", max_size=60))
@QUIET
def test_any_text_is_read_or_its_faults_are_told(tmp_path, text: str) -> None:
    (tmp_path / "p.yaml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(UsageError):
        load("p.yaml", base=tmp_path)


@given(st.binary(max_size=60))
@QUIET
def test_any_bytes_are_read_or_their_faults_are_told(tmp_path, content: bytes) -> None:
    (tmp_path / "p.yaml").write_bytes(content)
    with pytest.raises(UsageError):
        load("p.yaml", base=tmp_path)
