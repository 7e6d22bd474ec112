"""Whatever a file of examples holds, it is run or its faults are told: it never fails in another way."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_samples import READINGS, SIMPLE
from test_any_file import paths, paths_of
from test_model import AVAILABILITY

from slaaudit.errors import PolicyError, UsageError
from slaaudit.policy.example_reader import policy_examples
from slaaudit.rehearsal import rehearsed
from slaaudit.report.example_facts import misses

POLICY = SIMPLE + AVAILABILITY.removeprefix("clauses:\n") + READINGS
WHOLE = {
    "slaaudit-examples": 1,
    "examples": [
        {
            "name": "A ticket",
            "why": "So it is",
            "readings": {"zone": "paris"},
            "timezone": "Europe/Paris",
            "ticket": {"created": "2026-03-06 17:10", "reported": "2026-03-06 17:00", "severity": "S1", "channel": "x"},
            "events": ["2026-03-06 17:20 waiting", "2026-03-06 17:30 vendor reply"],
            "as-of": "2026-03-07 10:00",
            "expect": {"response": {"verdict": "met", "elapsed": "20m", "due": "none", "caveats": []}},
            "cases": [{"name": "later", "ticket": {"channel": None}, "expect": {"response": [{"cycle": 1}]}}],
        },
        {
            "name": "A service",
            "outages": ["2026-04-10 00:00 to 07:12", {"at": "2026-04-11 00:00 for 1h", "cause": "x", "affected": "5%"}],
            "maintenance": {"at": "2026-04-12 00:00 to 01:00", "announced": "2026-04-01 00:00"},
            "usage": {"at": "2026-04-10 00:00 for 1h", "total": 10, "failed": 1},
            "period": "2026-04",
            "fee": "10 EUR",
            "as-of": "2026-05-01 00:00",
            "expect": {"uptime": {"availability": "99%", "credit": "3 days", "claim-by": "2026-05-10"}},
        },
    ],
}
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 99_999_999),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "", "none", "1h", "999999h", "met", "2026", "9999-12", "last-month", "2026-03-29 02:30",
            "2199-12-31 23:59",
            "2026-03-06 17:20 severity S2", "2026-03-06 17:20 reopened", "2026-03-06 17:20 +99:99", "100%", "UTC",
            "S1",
            "0001-01-01 00:00", "2026-04-10 00:00 for 999999h", "a.csv", "response", "uptime", "-", "=1+1", "\t",
        ]
    ),
    st.text(max_size=8),
    st.lists(st.sampled_from(["x", 1, None, [], {}, "met"]), max_size=2),
    st.dictionaries(st.sampled_from(["x", "at", "verdict", "created", "", "x-y"]), st.just("x"), max_size=2),
)  # fmt: skip
PATHS = [path for path in paths(WHOLE) if path]


def spoilt(changes: list[tuple[tuple, Any, str]]) -> Any:
    """The whole file with some of its values replaced, removed or renamed."""
    result = copy.deepcopy(WHOLE)
    for path, junk, how in changes:
        parent: Any = result
        for part in path[:-1]:
            parent = parent[part] if isinstance(parent, dict | list) and part in paths_of(parent) else None
        if not isinstance(parent, dict | list) or path[-1] not in paths_of(parent):
            continue
        if how == "replace" or isinstance(parent, list):
            parent[path[-1]] = junk
        elif how == "rename":
            parent[f"{path[-1]}s"] = parent.pop(path[-1])
        else:
            del parent[path[-1]]
    return result


def test_the_whole_file_runs(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(run(tmp_path, WHOLE)) == 3


@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK, st.sampled_from(["replace", "rename", "remove"])), max_size=3))
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_examples_are_run_or_their_faults_are_told(tmp_path, monkeypatch, changes: list) -> None:
    monkeypatch.chdir(tmp_path)
    text = json.dumps(spoilt(changes), indent=1)
    lines = text.split("\n")
    refused = refusal(tmp_path, spoilt(changes))
    assert refused is None or str(refused).startswith("acme.examples.yaml")
    for fault in refused.faults if isinstance(refused, PolicyError) else ():
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert "Input should" not in fault.message
        assert "validation" not in fault.message


def refusal(folder, written: Any) -> UsageError | None:
    """What is told of the examples where they cannot be run."""
    try:
        run(folder, written)
    except UsageError as error:
        return error
    return None


def run(folder, written: Any) -> list:
    (folder / "acme.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "acme.examples.yaml").write_text(json.dumps(written, indent=1), encoding="utf-8")
    found = policy_examples("acme.yaml")
    return [misses(rehearsed(trial, found.loaded)) for trial in found.trials]


@given(st.text(alphabet="ab:-[]{}&*<>|!%@'\"\n\t #?,0~", max_size=60))
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_or_its_faults_are_told(tmp_path, monkeypatch, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "acme.examples.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        policy_examples("acme.yaml")
