"""The published policies' own examples: they hold, and they leave no target, reading or exclusion out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from slaaudit import policy
from slaaudit.policy.example_reader import policy_examples
from slaaudit.policy.grammar import SECOND
from slaaudit.policy.model import AvailabilityClause, TicketClause
from slaaudit.policy.published import names
from slaaudit.rehearsal import rehearsed
from slaaudit.report.example_facts import misses
from slaaudit.report.lines import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.example_reader import PolicyExamples, Trial
    from slaaudit.rehearsal import Rehearsal
    from slaaudit.report.lines import Line

VENDORS = ("sequr", "capsure", "secpod", "securenvoy", "sequence")

#: Readings that no outcome hangs on, each with the reason.
WITHOUT_EFFECT = {
    ("capsure", "waiting-on-customer"): "the only clock is that of the response, which never pauses",
    ("secpod", "waiting-on-customer"): "the only clock is that of the response, which never pauses",
    ("sequence", "waiting-on-customer"): "the only clock is that of the response, which never pauses",
    ("securenvoy", "headquarters"): "the clocks of Dublin have been those of London since 1971",
}

Rule = tuple[str, str, str]


@cache
def _examples(name: str) -> PolicyExamples:
    return policy_examples(name)


@cache
def _rehearsals(name: str) -> list[Rehearsal]:
    found = _examples(name)
    return [rehearsed(trial, found.loaded) for trial in found.trials]


@pytest.mark.parametrize("name", names())
def test_every_example_holds(name: str) -> None:
    failing = [(each.trial.name, miss) for each in _rehearsals(name) for miss in misses(each)]
    assert not failing


def test_every_published_policy_has_examples() -> None:
    assert {name for name in names() if _examples(name).trials} == {*VENDORS, "sequence-example"}


def _under_each_choice(name: str) -> Iterator[LoadedPolicy]:
    """The policy under its defaults, and under each other choice alone."""
    loaded = policy.load(name)
    yield loaded
    for reading, found in loaded.policy.readings.items():
        yield from (loaded.under({reading: choice}) for choice in found.choices if choice != found.default)


def _rules(loaded: LoadedPolicy) -> Iterator[Rule]:
    for clause_id, clause in loaded.policy.clauses.items():
        if isinstance(clause, TicketClause):
            for severity, rules in clause.targets.items():
                yield from ((clause_id, severity, repr(rule)) for rule in rules)


def _measured(name: str) -> dict[Rule, list[Line]]:
    """What the examples measure and expect something of, by the target rule that it was held against."""
    found: dict[Rule, list[Line]] = defaultdict(list)
    for each in _rehearsals(name):
        if each.audit is None:
            continue
        clauses = each.audit.policies[0].policy.clauses
        for line in lines(each.audit):
            rule = int(each.audit.measurements.rule[line.at])
            if rule >= 0 and line.clause in each.trial.told.expect:
                target = clauses[line.clause].targets[line.severity][rule]
                found[line.clause, line.severity or "", repr(target)].append(line)
    return found


@pytest.mark.parametrize("name", [*VENDORS, "sequence-example"])
def test_every_target_rule_is_measured_under_some_choice(name: str) -> None:
    rules = {rule for loaded in _under_each_choice(name) for rule in _rules(loaded)}
    assert rules - _measured(name).keys() == set()


@pytest.mark.parametrize("name", [*VENDORS, "sequence-example"])
def test_every_target_is_met_at_its_due_instant_and_breached_a_second_later(name: str) -> None:
    measured = _measured(name)
    for rule in _rules(policy.load(name)):
        assert any(line.verdict == "met" and line.elapsed == line.target for line in measured[rule]), rule
        assert any(line.verdict == "breached" and line.over == SECOND for line in measured[rule]), rule


def _changed(trial: Trial, reading: str, choice: str) -> Trial:
    told = trial.told.model_copy(update={"readings": {**trial.told.readings, reading: choice}})
    return replace(trial, told=told)


def _by_nearness(found: PolicyExamples, reading: str) -> list[Trial]:
    """The examples, those first that speak of the reading, in themselves or in a case."""
    near = {trial.name.partition(":")[0] for trial in found.trials if reading in trial.told.readings}
    return sorted(found.trials, key=lambda trial: trial.name.partition(":")[0] not in near)


def _hangs_on(found: PolicyExamples, reading: str, choice: str, others: list[str]) -> bool:
    """Whether some example holds under the choice, and not under some other one of the same reading."""
    default = found.loaded.readings[reading]
    for trial in _by_nearness(found, reading):
        if trial.told.readings.get(reading, default) != choice or misses(rehearsed(trial, found.loaded)):
            continue
        if any(misses(rehearsed(_changed(trial, reading, other), found.loaded)) for other in others):
            return True
    return False


CHOICES = [
    (name, reading, choice)
    for name in VENDORS
    for reading, found in policy.load(name).policy.readings.items()
    for choice in found.choices
]


@pytest.mark.parametrize(("name", "reading", "choice"), CHOICES)
def test_some_example_hangs_on_every_choice(name: str, reading: str, choice: str) -> None:
    """It holds under that choice and fails under another: else the choice would stand there untested."""
    found = _examples(name)
    others = [other for other in found.loaded.policy.readings[reading].choices if other != choice]
    assert _hangs_on(found, reading, choice, others) == ((name, reading) not in WITHOUT_EFFECT)


@pytest.mark.parametrize(("name", "reading"), WITHOUT_EFFECT)
def test_a_reading_without_effect_is_shown_to_have_none(name: str, reading: str) -> None:
    """Some example states the choice that is not the default, and nothing changes."""
    assert any(reading in trial.told.readings for trial in _examples(name).trials)


def _exclusions(loaded: LoadedPolicy) -> Iterator[tuple[str, str]]:
    for clause_id, clause in loaded.policy.clauses.items():
        if isinstance(clause, TicketClause | AvailabilityClause):
            yield from ((clause_id, exclusion) for exclusion in clause.excludes)


def _excluded(name: str) -> Iterator[tuple[str, str]]:
    for each in _rehearsals(name):
        if each.audit is not None:
            found = ((line.clause, line.reason or "") for line in lines(each.audit))
            yield from ((clause, about.partition(": ")[2]) for clause, about in found if about)
        elif each.assessment is not None:
            yield from ((row.clause, row.exclusion) for row in each.assessment.excluded())


@pytest.mark.parametrize("name", VENDORS)
def test_every_exclusion_takes_something_out_of_some_example(name: str) -> None:
    named = {exclusion for loaded in _under_each_choice(name) for exclusion in _exclusions(loaded)}
    assert named - set(_excluded(name)) == set()
