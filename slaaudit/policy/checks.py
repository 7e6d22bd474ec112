"""What is wrong between the parts of a policy: names that lead nowhere, words with two meanings, readings.

The checks walk the YAML's own values, so they hold whatever else is wrong, and each fault stands at the word
that must change. A value that the model refuses is passed over here: it has its fault already.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from pydantic import ValidationError

from slaaudit.located import described, did_you_mean, faults_of, in_order, nearest, plain
from slaaudit.policy import calendar_checks, credit_checks, grammar
from slaaudit.policy.clauses import Measure
from slaaudit.policy.model import Policy
from slaaudit.policy.overlays import DECIDABLE
from slaaudit.policy.written import CONDITION_KEYS, Names, conditions, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.errors import Fault
    from slaaudit.located import Located, Sources
from slaaudit.policy.written import Placed

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def examined(tree: Located, sources: Sources) -> tuple[Policy | None, list[Fault]]:
    """The policy that ``tree`` states, or nothing, and every fault in it."""
    policy, refused = None, []
    try:
        policy = Policy.model_validate(plain(tree), by_alias=True, by_name=False)
    except ValidationError as error:
        refused = [_with_clause_meant(each, tree) for each in faults_of(error, Policy, tree, sources)]
    faults = in_order([*refused, *faults_of_parts(tree, sources), *faults_of_clauses(tree, sources)])
    return (None if faults else policy), faults


def _with_clause_meant(fault: Fault, tree: Located) -> Fault:
    """A clause without a measure may be the overlay of another clause, misspelt."""
    if fault.message != "'measure' is missing":
        return fault
    known = [name for name, clause in _entries(tree, "clauses") if clause.get("measure")]
    for name, clause in _entries(tree, "clauses"):
        if (clause.key.file, clause.key.line, clause.key.column) == (fault.file, fault.line, fault.column):
            near = nearest(name, known)
            measures = f"expected one of: {', '.join(get_args(Measure))}"
            return replace(fault, hint=f"did you mean the clause {near!r}?" if near else measures)
    return fault


def faults_of_parts(tree: Located, sources: Sources) -> Iterator[Fault]:
    """What is wrong in calendars, severities, readings and dates, whatever the clauses say."""
    yield from calendar_checks.faults(tree, Names.of(tree), sources)
    yield from _severity_faults(tree, sources)
    for reading_id, reading in _entries(tree, "readings"):
        yield from _id_faults(reading_id, reading, "reading", sources)
        yield from _reading_faults(reading, sources)
    yield from _effective_faults(tree, sources)


def faults_of_clauses(tree: Located, sources: Sources) -> Iterator[Fault]:
    """What is wrong in clauses, and between them and the calendars and severities that they name."""
    names = Names.of(tree)
    for clause_id, clause in _entries(tree, "clauses"):
        yield from _id_faults(clause_id, clause, "clause", sources)
        yield from _clause_faults(clause, names, sources)


def _entries(tree: Located, *path: str) -> list[tuple[str, Located]]:
    node = tree.get(*path)
    return node.items() if node else []


def _id_faults(name: str, node: Located, kind: str, sources: Sources) -> Iterator[Fault]:
    if not _ID.fullmatch(name):
        hint = "expected letters, digits and hyphens, like first-reply"
        yield sources.fault(node.key, f"{name!r} is no id for a {kind}", hint)


def _severity_faults(tree: Located, sources: Sources) -> Iterator[Fault]:
    """A word that would mean two severities."""
    owner: dict[str, str] = {}
    for name, severity in _entries(tree, "severities"):
        title, aliases = severity.get("title"), severity.get("aliases")
        words = [(name, severity.key)]
        words += [(node.text, node.place) for node in ([title] if title else []) if node.text]
        words += [(node.text, node.place) for node in (aliases.elements() if aliases else []) if node.text]
        for text, place in words:
            held = owner.setdefault(text.strip().casefold(), name)
            if held != name:
                yield sources.fault(place, f"{text!r} already means severity {held!r}", "remove it from one of them")


def _clause_faults(clause: Located, names: Names, sources: Sources) -> Iterator[Fault]:
    targets = clause.get("targets")
    for severity, target in targets.items() if targets else []:
        if severity not in names.severities:
            hint = did_you_mean(severity, names.severities, "severities of this policy")
            yield sources.fault(target.key, f"no severity is named {severity!r}", hint)
        for rule in rules(target):
            yield from _calendar_fault(rule.calendar, names, sources)
            yield from calendar_checks.days_faults(rule, clause, names, sources)
    moved = clause.get("clock", "counts-from")
    for each in moved.elements() if moved else []:
        opening = each.get("next-opening")
        if opening:
            yield from _calendar_fault((opening.text, opening.place), names, sources)
    for condition in conditions(clause):
        yield from _condition_faults(condition, names, sources)
    yield from calendar_checks.zone_faults(clause.get("timezone"), sources)
    yield from _between_faults(clause, sources)
    yield from credit_checks.faults(clause, names, sources)


def _calendar_fault(calendar: Placed | None, names: Names, sources: Sources) -> Iterator[Fault]:
    if calendar and calendar[0] is not None and calendar[0] not in names.calendars:
        yield calendar_checks.unknown(calendar[0], calendar[1], names, sources)


def _condition_faults(condition: Located, names: Names, sources: Sources) -> Iterator[Fault]:
    for key, node in condition.items():
        if key in CONDITION_KEYS:
            yield from _calendar_fault((node.text, node.place), names, sources)
        elif _is_misspelt(key):
            near = nearest(key.replace("_", "-"), CONDITION_KEYS)
            yield sources.fault(node.key, f"unknown key {key!r}", f"did you mean {near!r}?")


@lru_cache(maxsize=1024)
def _is_misspelt(key: str) -> bool:
    """Whether a field's name is so near to a condition's key that the key must be meant."""
    return nearest(key.replace("_", "-"), CONDITION_KEYS, cutoff=0.85) is not None


def _between_faults(clause: Located, sources: Sources) -> Iterator[Fault]:
    measure = clause.get("measure")
    if measure and measure.text == "between":
        missing = [each for each in ("starts", "stops") if not clause.get("clock", each)]
        if missing:
            said = " and ".join(f"'clock: {each}'" for each in missing)
            hint = "expected the moments, like starts: assigned"
            yield sources.fault(measure.place, f"a clause of measure 'between' needs {said}", hint)


def _reading_faults(reading: Located, sources: Sources) -> Iterator[Fault]:
    default, choices = reading.get("default"), reading.get("choices")
    known = [name for name, _ in choices.items()] if choices else []
    if default and default.text is not None and known and default.text not in known:
        yield sources.fault(default.place, f"no choice is named {default.text!r}", did_you_mean(default.text, known))
    for name, overlay in choices.items() if choices else []:
        if name != name.strip() or not name or "=" in name:
            yield sources.fault(overlay.key, f"{name!r} is no name for a choice", "expected a word without '='")
        for key, node in overlay.items():
            if key not in DECIDABLE:
                hint = did_you_mean(key, DECIDABLE, "expected one of")
                yield sources.fault(node.key, f"a reading cannot decide {key!r}", hint)


def _effective_faults(tree: Located, sources: Sources) -> Iterator[Fault]:
    first, last = tree.get("effective", "from"), tree.get("effective", "until")
    try:
        backwards = first and last and grammar.date(last.text or "") < grammar.date(first.text or "")
    except ValueError:
        return
    if backwards and last and first:
        yield sources.fault(last.place, f"{described(last)} is before 'from'", f"expected {first.text} or later")
