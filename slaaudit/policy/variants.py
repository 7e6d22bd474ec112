"""All that the readings can make of one clause: combinations of choices, and the policies that they lead to.

Only readings that touch the clause are combined: those with two choices that lay different pieces over the clause,
over a calendar it can use, over the severities or over the policy's span in force.
"""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from slaaudit.located import walk
from slaaudit.policy import overlays
from slaaudit.policy.laid import Examined, Laid, written
from slaaudit.policy.written import CONDITION_KEYS, conditions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slaaudit.located import Located
    from slaaudit.policy.laid import Parts
    from slaaudit.policy.model import Policy
    from slaaudit.policy.reader import LoadedPolicy

Changes = tuple[tuple[str, str], ...]
"""What a combination changes from the choices in force: reading and choice, in the policy's order."""

_AROUND = ("timezone", "effective", "calendars", "severities")
_SILENT = {"title", "section", "binding", "why", "attainment", "credits"}  # what of a clause no verdict depends on


@dataclass(frozen=True)
class Variant:
    """One meaning of a clause: a policy of that clause alone.

    ``combinations`` are the places, in ``ClauseReadings.combinations``, of those that lead to it. ``body`` is the
    clause as plain data, None where it is read away, and ``text`` the same as JSON; ``around`` is the rest of the
    policy as it can concern the clause, by key.
    """

    combinations: tuple[int, ...]
    body: dict[str, Any] | None
    text: str
    around: dict[str, str]
    parts: Parts
    made: Examined

    @property
    def has_targets(self) -> bool:
        """Whether it promises a time that tickets can be held against."""
        return bool(self.body and self.body.get("targets"))

    @cached_property
    def policy(self) -> Policy | None:
        """The policy; None where the parts that the readings lay together contradict each other."""
        return self.made.policy(self.parts)

    @cached_property
    def is_possible(self) -> bool:
        """Whether its choices can hold together."""
        return self.body is None or self.made.accepts(self.parts)


@dataclass(frozen=True)
class ClauseReadings:
    """Every reading of one clause. ``choices`` are the readings that touch it, each with the choice in force first.

    ``combinations`` stand with the fewest changes first, so the first changes nothing; so do ``variants``.
    ``left_out`` counts the combinations beyond the limit. ``ruled_out`` are the places of those that contradict
    themselves in another clause.
    """

    clause: str
    choices: dict[str, tuple[str, ...]]
    combinations: tuple[Changes, ...]
    variants: tuple[Variant, ...]
    left_out: int = 0
    ruled_out: frozenset[int] = frozenset()

    @cached_property
    def is_possible(self) -> list[bool]:
        """Whether the choices of each combination can hold together, here and in the policy's other clauses."""
        sound = [one.is_possible for one in self.variants]
        return [sound[variant] and place not in self.ruled_out for place, variant in enumerate(self.variant_of)]

    @cached_property
    def variant_of(self) -> list[int]:
        """The place of each combination's variant."""
        found = {place: at for at, one in enumerate(self.variants) for place in one.combinations}
        return [found[place] for place in range(len(self.combinations))]

    @cached_property
    def alone(self) -> dict[str, list[int]]:
        """For each reading, the places of the combinations that change it and no other."""
        found: dict[str, list[int]] = {name: [] for name in self.choices}
        for at, changes in enumerate(self.combinations):
            if len(changes) == 1:
                found[changes[0][0]].append(at)
        return found


def clauses_of(loaded: LoadedPolicy) -> list[str]:
    """Every clause that the policy has under some reading, in its order; those that only a reading adds come last."""
    return list(dict.fromkeys(name for layer in _layers(loaded) for name, _ in layer.items()))


def measures_of(loaded: LoadedPolicy) -> dict[str, set[str]]:
    """The measures that each clause has under some reading."""
    found: dict[str, set[str]] = {name: set() for name in clauses_of(loaded)}
    for layer in _layers(loaded):
        for name, clause in layer.items():
            measure = clause.get("measure")
            if measure is not None and measure.text:
                found[name].add(measure.text)
    return found


def _layers(loaded: LoadedPolicy) -> list[Located]:
    """What the policy, and then each choice of its readings, says of clauses."""
    overlaid = [overlay for found in overlays.choices(loaded.unread).values() for overlay in found.values()]
    return [found for layer in (loaded.unread, *overlaid) if (found := layer.get("clauses"))]


def readings_of(loaded: LoadedPolicy, clause: str, limit: int) -> ClauseReadings:
    """The readings of ``clause``, at most ``limit`` combinations of them; readings that were settled stay so."""
    part = _part(loaded.unread, clause)
    choices = _choices(part, loaded)
    count = math.prod(map(len, choices.values()))
    laid, made = Laid(part, loaded.readings), Examined(loaded.sources)
    kept = tuple(itertools.islice(_combinations(choices), limit))
    places: dict[tuple[tuple[str, str], ...], tuple[Parts, list[int]]] = {}
    for place, changes in enumerate(kept):
        parts = laid.parts(dict(changes))
        key = tuple((name, part.text) for name, part in parts.items())
        places.setdefault(key, (parts, []))[1].append(place)
    body = cache(lambda text: json.loads(text)[clause])
    variants = tuple(_variant(parts, tuple(found), clause, made, body) for parts, found in places.values())
    return ClauseReadings(clause, choices, kept, variants, count - len(kept))


def combinations_of(loaded: LoadedPolicy, clause: str) -> int:
    """How many combinations of readings can touch ``clause``."""
    return math.prod(map(len, _choices(_part(loaded.unread, clause), loaded).values()))


def fields_asked(loaded: LoadedPolicy) -> frozenset[str]:
    """The fields that some clause looks at under some reading."""
    clauses = [clause for layer in _layers(loaded) for _, clause in layer.items()]
    asked = (name for clause in clauses for each in conditions(clause) for name, _ in each.items())
    return frozenset(asked) - frozenset(CONDITION_KEYS)


def _choices(part: Located, loaded: LoadedPolicy) -> dict[str, tuple[str, ...]]:
    """The readings that touch a clause and are not settled, each with the choice in force first."""
    return {
        name: (loaded.readings[name], *(each for each in found if each != loaded.readings[name]))
        for name, found in overlays.choices(part).items()
        if name not in loaded.settled and len({written(overlay) for overlay in found.values()}) > 1
    }


def _variant(
    parts: Parts, places: tuple[int, ...], clause: str, made: Examined, body_of: Callable[[str], dict[str, Any]]
) -> Variant:
    clauses = parts.get("clauses")
    body = clauses.node.get(clause) if clauses else None
    text = clauses.text if clauses and body else ""  # the clause is the only one
    around = {key: part.text for key, part in parts.items() if key in _AROUND}
    return Variant(places, body_of(text) if text else None, text, around, parts, made)


def _combinations(choices: dict[str, tuple[str, ...]]) -> Iterator[Changes]:
    """Every combination as what it changes from the first choices, the fewest changes first."""
    for count in range(len(choices) + 1):
        for names in itertools.combinations(choices, count):
            for picked in itertools.product(*(choices[name][1:] for name in names)):
                yield tuple(zip(names, picked, strict=True))


def _part(tree: Located, clause: str) -> Located:
    """The policy with all removed, from itself and from its readings' overlays, that cannot concern one clause."""
    overlaid = [overlay for found in overlays.choices(tree).values() for overlay in found.values()]
    layers = [tree, *overlaid]
    calendars = _calendars(layers, clause)
    named = tree.get("calendars")
    first = _followed({name for name, _ in named.items()[:1]} if named else set(), _names_of_calendars(layers))
    is_bounded = any(layer.get("effective") for layer in layers)
    has_zone = is_bounded or any(_is_of_a_service(layer, clause) for layer in layers)
    zoned = first - calendars if has_zone else set()  # of these no more than the zone concerns the clause
    body = _only(tree, clause, calendars | first)
    readings = tree.get("readings")
    if readings is None:
        return body
    entries = dict(body.value)
    said = {name: _reading(node, clause, calendars, zoned, has_zone=has_zone) for name, node in readings.items()}
    entries["readings"] = replace(readings, value=said)
    return replace(body, value=entries)


def _is_of_a_service(layer: Located, clause: str) -> bool:
    """Whether a clause counts by the policy's zone: its periods begin and end there."""
    measure = layer.get("clauses", clause, "measure")
    return measure is not None and measure.text == "availability"


def _reading(node: Located, clause: str, calendars: set[str], zoned: set[str], *, has_zone: bool) -> Located:
    """A reading whose choices say only what concerns the clause."""
    choices = node.get("choices")
    if choices is None:
        return node
    said = {}
    for name, overlay in choices.items():
        left = _zones_only(_only(overlay, clause, calendars | zoned), zoned)
        gone = {"source", "severity-set-by"} | (set() if has_zone else {"timezone"})
        said[name] = replace(left, value={key: each for key, each in left.items() if key not in gone})
    entries = dict(node.value)
    entries["choices"] = replace(choices, value=said)
    return replace(node, value=entries)


def _zones_only(overlay: Located, names: set[str]) -> Located:
    """An overlay that says of some calendars no more than their zone; what is then empty is left out."""
    calendars = overlay.get("calendars")
    if calendars is None or not isinstance(calendars.value, dict):
        return overlay
    kept = dict(calendars.value)
    for name in names & kept.keys():
        node = kept[name]
        if isinstance(node.value, dict):
            zone = {key: each for key, each in node.items() if key == "timezone"}
            kept[name] = replace(node, value=zone)
            if not zone:
                del kept[name]
    entries = dict(overlay.value)
    entries["calendars"] = replace(calendars, value=kept)
    if not kept:
        del entries["calendars"]
    return replace(overlay, value=entries)


def _only(layer: Located, clause: str, calendars: set[str]) -> Located:
    """A policy, or an overlay, with one clause and some calendars only; what is then empty is left out."""
    entries = dict(layer.items())
    for key, names in (("clauses", {clause}), ("calendars", calendars)):
        node = entries.get(key)
        if node is not None and isinstance(node.value, dict):
            kept = {name: each for name, each in node.items() if name in names}
            if key == "clauses":
                kept = {name: told for name, each in kept.items() if (told := _telling(each)) is not None}
            entries[key] = replace(node, value=kept)
            if not kept:
                del entries[key]
    return replace(layer, value=entries)


def _telling(clause: Located) -> Located | None:
    """A clause, or what is laid over one, less what no verdict depends on; None where it is nothing but that."""
    if not isinstance(clause.value, dict):
        return clause
    kept = {key: node for key, node in clause.value.items() if key not in _SILENT}
    return replace(clause, value=kept) if kept or not clause.value else None


def _calendars(layers: list[Located], clause: str) -> set[str]:
    """Every calendar that the clause can use under some choice: by its own words, or as another name of one."""
    known = _names_of_calendars(layers)
    words: set[str] = set()
    for layer in layers:
        body = layer.get("clauses", clause)
        texts = [node.text for _, node in walk(body) if node.text] if body else []
        words |= {word for text in texts for word in (text, *text.split())}
    return _followed(words & known.keys(), known)


def _names_of_calendars(layers: list[Located]) -> dict[str, set[str]]:
    """Every calendar of any layer, with those that it can be another name of."""
    known: dict[str, set[str]] = {}
    for layer in layers:
        calendars = layer.get("calendars")
        for name, node in calendars.items() if calendars else ():
            known.setdefault(name, set()).update({node.text} if node.text else ())
    return known


def _followed(names: set[str], known: dict[str, set[str]]) -> set[str]:
    """The calendars with those that they can be other names of."""
    found = set(names)
    while more := {other for name in found for other in known[name] if other in known} - found:
        found |= more
    return found
