"""A policy under many combinations of choices, part by part.

A part is one key of the policy's top level: its clauses, its calendars, its severities. A choice that says nothing of
a part leaves it as it is, so each part is laid, read and examined once for each way in which it can come out, and not
once a combination.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from slaaudit.located import plain
from slaaudit.policy import overlays
from slaaudit.policy.checks import faults_of_clauses, faults_of_parts
from slaaudit.policy.model import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from slaaudit.errors import Fault
    from slaaudit.located import Located, Sources


class Part(NamedTuple):
    """One key of a policy, and the same as JSON: equal for what is written alike, wherever it stands."""

    text: str
    node: Located


Parts = dict[str, Part]

_FIELDS = {info.alias or name: name for name, info in Policy.model_fields.items()}
_CLASHING = ("hours", "day")  # what of a calendar a clause can contradict


class Laid:
    """The parts of a policy under combinations of choices."""

    def __init__(self, tree: Located, chosen: Mapping[str, str]) -> None:
        self._choices = overlays.choices(tree)
        self._chosen = chosen
        self._base = {key: node for key, node in tree.items() if key != "readings"}
        said = {name: {key for each in found.values() for key in each.value} for name, found in self._choices.items()}
        keys = dict.fromkeys([*self._base, *(key for each in said.values() for key in sorted(each))])
        self._touching = {key: tuple(name for name in said if key in said[name]) for key in keys}
        self._known: dict[tuple[str, tuple[str, ...]], Part | None] = {}

    def parts(self, changes: Mapping[str, str]) -> Parts:
        """The parts that there are under some changes from the choices in force."""
        found = {key: self._part(key, changes) for key in self._touching}
        return {key: part for key, part in found.items() if part is not None}

    def _part(self, key: str, changes: Mapping[str, str]) -> Part | None:
        names = self._touching[key]
        picked = tuple(changes.get(name) or self._chosen[name] for name in names)
        if (key, picked) not in self._known:
            node = self._base.get(key)
            for name, choice in zip(names, picked, strict=True):
                over = self._choices[name].get(choice)
                if over is not None and key in over.value:
                    node = _over(node, over.value[key])
            self._known[key, picked] = None if node is None else Part(written(node), node)
        return self._known[key, picked]


def _over(base: Located | None, over: Located) -> Located | None:
    """One part with another laid over it; None where that removes it."""
    if over.value is None:
        return None
    return overlays.merged(base if base is not None else replace(over, value=None), over)


def written(node: Located) -> str:
    """A value as JSON."""
    return json.dumps(plain(node), default=str)


class Examined:
    """Policies made from parts, each part read and examined once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._values: dict[tuple[str, str], tuple[bool, Any]] = {}
        self._sound: dict[tuple[str, ...], bool] = {}
        self._stripped: dict[str, Part] = {}

    def accepts(self, parts: Parts) -> bool:
        """Whether the parts make a policy: none is malformed, and they do not contradict each other."""
        return self._are_sound(parts) and all(self._read(key, parts.get(key))[0] for key in _FIELDS)

    def policy(self, parts: Parts) -> Policy | None:
        """The policy that the parts make; None where they make none."""
        if not self.accepts(parts):
            return None
        return Policy.model_construct(**{name: self._read(key, parts.get(key))[1] for key, name in _FIELDS.items()})

    def _read(self, key: str, part: Part | None) -> tuple[bool, Any]:
        """Whether the model takes a part, and what it makes of it."""
        known = (key, part.text if part else "")
        if known not in self._values:
            self._values[known] = _validated(key, part)
        return self._values[known]

    def _are_sound(self, parts: Parts) -> bool:
        """Whether nothing is wrong between the parts.

        A clause can contradict of a calendar only that it is there, its hours and what a day on it is worth.
        """
        around = {key: part for key, part in parts.items() if key != "clauses"}
        clauses = {**parts, "calendars": self._told(parts["calendars"])} if "calendars" in parts else parts
        clauses = {key: clauses[key] for key in ("clauses", "calendars", "severities") if key in clauses}
        return self._has_no_fault(around, faults_of_parts) and self._has_no_fault(clauses, faults_of_clauses)

    def _has_no_fault(self, parts: Parts, faults: Callable[[Located, Sources], Iterator[Fault]]) -> bool:
        known = (faults.__name__, *(part.text for part in parts.values()))
        if known not in self._sound:
            tree = _tree(parts)
            self._sound[known] = tree is None or not any(True for _ in faults(tree, self._sources))
        return self._sound[known]

    def _told(self, calendars: Part) -> Part:
        """The calendars with no more than a clause can contradict."""
        if calendars.text not in self._stripped:
            node = _stripped(calendars.node)
            self._stripped[calendars.text] = Part(written(node), node)
        return self._stripped[calendars.text]


def _tree(parts: Parts) -> Located | None:
    first = next(iter(parts.values()), None)
    return None if first is None else replace(first.node, value={key: part.node for key, part in parts.items()})


def _stripped(calendars: Located) -> Located:
    entries = {
        name: replace(node, value={key: each for key, each in node.items() if key in _CLASHING})
        if isinstance(node.value, dict)
        else node
        for name, node in calendars.items()
    }
    return replace(calendars, value=entries)


def _validated(key: str, part: Part | None) -> tuple[bool, Any]:
    """A part as the model reads it, whatever stands beside it."""
    tree = {key: plain(part.node)} if part else {}
    try:
        found = Policy.model_validate({**_STUB, **tree}, by_alias=True, by_name=False)
    except ValidationError:
        return False, None
    if part is None and key in _STUB:
        return False, None
    return True, getattr(found, _FIELDS[key])


_STUB = {
    "slaaudit": 1,
    "id": "stub",
    "vendor": "stub",
    "title": "stub",
    "clauses": {"stub": {"measure": "narrative"}},
}
