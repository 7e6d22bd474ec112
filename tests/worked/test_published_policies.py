"""The published policies themselves: what their readings write, and that each choice is a choice."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from slaaudit import policy
from slaaudit.located import plain, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "policies"
NAMES = ("sequr", "capsure", "secpod", "securenvoy", "sequence")

#: Vendors without a clock that could pause: the reading is asked of all, and changes nothing there.
NOTHING_PAUSES = {
    ("capsure", "waiting-on-customer"),
    ("secpod", "waiting-on-customer"),
    ("sequence", "waiting-on-customer"),
}


def _read(name: str) -> Any:
    return plain(read_text((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), name).root)


def _values(piece: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of each value that a piece of policy writes."""
    if isinstance(piece, dict) and piece:
        for key, value in piece.items():
            yield from _values(value, (*path, key))
    elif path:
        yield path


def _written(reading: dict[str, Any]) -> set[tuple[str, ...]]:
    return {path for choice in reading["choices"].values() for path in _values(choice)}


def _is_below(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


@pytest.mark.parametrize("name", NAMES)
def test_no_two_readings_write_the_same_value(name: str) -> None:
    """So the order of the readings does not matter, and every combination means what it says."""
    readings = {key: _written(reading) for key, reading in _read(name)["readings"].items()}
    for one, other in itertools.combinations(readings, 2):
        shared = [(a, b) for a in readings[one] for b in readings[other] if _is_below(a, b)]
        assert not shared, f"{one} and {other} of {name}"


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_of_a_reading_writes_the_same_values(name: str) -> None:
    """So what one choice writes never lingers under another, whatever the base of the file says."""
    for key, reading in _read(name)["readings"].items():
        written = [set(_values(choice)) for choice in reading["choices"].values()]
        for one, other in itertools.permutations(written, 2):
            assert all(any(_is_below(path, also) for also in other) for path in one), key


@pytest.mark.parametrize("name", NAMES)
def test_the_default_is_what_the_file_says_without_readings(name: str) -> None:
    """Who stops before the readings has read the policy in force; only the exclusions of outages come below."""
    document = _read(name)
    for key, reading in document["readings"].items():
        chosen = reading["choices"][reading["default"]]
        for path in _values(chosen):
            assert _at(document, path) == _at(chosen, path) or key == "exclusions-scope", (key, path)


def _at(piece: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(piece, dict) or key not in piece:
            return None
        piece = piece[key]
    return piece


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_makes_a_policy_of_its_own(name: str) -> None:
    """Each choice but the default changes something, except where there is no clock to change."""
    base = policy.load(name)
    for key, reading in base.policy.readings.items():
        for choice in reading.choices:
            loaded = policy.load(name, {key: choice})
            same = loaded.policy == base.policy
            assert loaded.readings[key] == choice
            assert same == (choice == reading.default or (name, key) in NOTHING_PAUSES), (key, choice)


@pytest.mark.parametrize("name", [*NAMES, "sequence-example"])
def test_published_policies_have_no_warnings_and_tell_editors_their_schema(name: str) -> None:
    """They pass the lint that customers' own files go through, and open with the two schema lines."""
    assert policy.load(name).warnings == ()
    first, second = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[:2]
    assert first == "# yaml-language-server: $schema=../docs/policy.schema.json"
    assert second == "# $schema: ../docs/policy.schema.json"


@pytest.mark.parametrize("name", NAMES)
def test_all_five_ask_what_all_five_leave_open(name: str) -> None:
    """Waiting on the customer, changes of severity and, where there is a resolution clock, reopening."""
    loaded = policy.load(name)
    assert loaded.readings["waiting-on-customer"] == "stops"
    assert loaded.readings["severity-change"] == "current"
    measures = {clause.measure for clause in loaded.policy.clauses.values()}
    assert ("reopening" in loaded.readings) == ("resolution" in measures)
