"""All that the readings can make of one clause: combinations of choices, and the policies that they lead to.

Only readings that touch the clause are combined: those with two choices that lay different pieces over the clause,
over a calendar it can use, over the severities or over the policy's span in force.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from slaaudit.located import plain, walk
from slaaudit.policy import overlays
from slaaudit.policy.checks import examined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.located import Located, Sources
    from slaaudit.policy.model import Policy
    from slaaudit.policy.reader import LoadedPolicy

Changes = tuple[tuple[str, str], ...]
"""What a combination changes from the choices in force: reading and choice, in the policy's order."""


@dataclass(frozen=True)
class Variant:
    """One meaning of a clause: a policy of that clause alone.

    ``combinations`` are the places, in ``ClauseReadings.combinations``, of those that lead to it. ``body`` is the
    clause as plain data, None where it is read away; ``around`` is the rest of the policy as it can concern the
    clause, by key.
    """

    combinations: tuple[int, ...]
    body: dict[str, Any] | None
    around: dict[str, str]
    tree: Located
    sources: Sources

    @property
    def has_targets(self) -> bool:
        """Whether it promises a time that tickets can be held against."""
        return bool(self.body and self.body.get("targets"))

    @cached_property
    def policy(self) -> Policy | None:
        """The policy; None where the parts that the readings lay together contradict each other."""
        found, _ = examined(self.tree, self.sources)
        return found


@dataclass(frozen=True)
class ClauseReadings:
    """Every reading of one clause. ``choices`` are the readings that touch it, each with the choice in force first.

    ``combinations`` stand with the fewest changes first, so the first changes nothing; so do ``variants``.
    ``left_out`` counts the combinations beyond the limit.
    """

    clause: str
    choices: dict[str, tuple[str, ...]]
    combinations: tuple[Changes, ...]
    variants: tuple[Variant, ...]
    left_out: int = 0

    @cached_property
    def variant_of(self) -> list[int]:
        """The place of each combination's variant."""
        found = {place: at for at, one in enumerate(self.variants) for place in one.combinations}
        return [found[place] for place in range(len(self.combinations))]

    def alone(self, reading: str) -> list[int]:
        """The places of the combinations that change this reading and no other."""
        return [at for at, changes in enumerate(self.combinations) if [name for name, _ in changes] == [reading]]


def clauses_of(loaded: LoadedPolicy) -> list[str]:
    """Every clause that the policy has under some reading, in its order; those that only a reading adds come last."""
    overlaid = [overlay for found in overlays.choices(loaded.unread).values() for overlay in found.values()]
    layers = [layer.get("clauses") for layer in (loaded.unread, *overlaid)]
    return list(dict.fromkeys(name for layer in layers if layer for name, _ in layer.items()))


def readings_of(loaded: LoadedPolicy, clause: str, limit: int) -> ClauseReadings:
    """The readings of ``clause``, at most ``limit`` combinations of them; readings that were settled stay so."""
    part = _part(loaded.unread, clause)
    choices = {
        name: (loaded.readings[name], *(each for each in found if each != loaded.readings[name]))
        for name, found in overlays.choices(part).items()
        if name not in loaded.settled and len({_key(overlay) for overlay in found.values()}) > 1
    }
    count = 1
    for found in choices.values():
        count *= len(found)
    kept: list[Changes] = []
    places: dict[str, list[int]] = {}
    trees: dict[str, Located] = {}
    under = _Under(part, loaded.readings)
    for changes in itertools.islice(_combinations(choices), limit):
        tree = under.changed(dict(changes))
        key = _key(tree)
        trees.setdefault(key, tree)
        places.setdefault(key, []).append(len(kept))
        kept.append(changes)
    variants = [_variant(trees[key], tuple(found), clause, loaded.sources) for key, found in places.items()]
    return ClauseReadings(clause, choices, tuple(kept), tuple(variants), count - len(kept))


class _Under:
    """A policy under combinations of choices; what combinations have in common is laid over it once."""

    def __init__(self, tree: Located, chosen: dict[str, str]) -> None:
        self._choices = overlays.choices(tree)
        self._chosen = chosen
        bare = {key: node for key, node in tree.items() if key != "readings"}
        self._known: dict[tuple[str, ...], Located] = {(): replace(tree, value=bare)}

    def changed(self, changes: dict[str, str]) -> Located:
        return self._laid(tuple(changes.get(name, self._chosen[name]) for name in self._choices))

    def _laid(self, picked: tuple[str, ...]) -> Located:
        if picked not in self._known:
            below = self._laid(picked[:-1])
            overlay = list(self._choices.values())[len(picked) - 1].get(picked[-1])
            self._known[picked] = overlays.merged(below, overlay) if overlay else below
        return self._known[picked]


def _variant(tree: Located, places: tuple[int, ...], clause: str, sources: Sources) -> Variant:
    body = tree.get("clauses", clause)
    around = {
        key: _key(node) for key, node in tree.items() if key in ("timezone", "effective", "calendars", "severities")
    }
    return Variant(places, plain(body) if body else None, around, tree, sources)


def _combinations(choices: dict[str, tuple[str, ...]]) -> Iterator[Changes]:
    """Every combination as what it changes from the first choices, the fewest changes first."""
    for count in range(len(choices) + 1):
        for names in itertools.combinations(choices, count):
            for picked in itertools.product(*(choices[name][1:] for name in names)):
                yield tuple(zip(names, picked, strict=True))


def _part(tree: Located, clause: str) -> Located:
    """The policy with all removed, from itself and from its readings' overlays, that cannot concern one clause."""
    overlaid = [overlay for found in overlays.choices(tree).values() for overlay in found.values()]
    calendars = _calendars([tree, *overlaid], clause)
    first = next(iter(dict((tree.get("calendars") or tree).items() if tree.get("calendars") else ())), None)
    is_bounded = any(layer.get("effective") for layer in (tree, *overlaid))
    kept = calendars | ({first} if first and is_bounded else set())
    body = _only(tree, clause, kept | ({first} if first else set()))
    readings = tree.get("readings")
    if readings is None:
        return body
    entries = dict(body.value)
    entries["readings"] = replace(
        readings, value={name: _reading(node, clause, kept, is_bounded=is_bounded) for name, node in readings.items()}
    )
    return replace(body, value=entries)


def _reading(node: Located, clause: str, calendars: set[str], *, is_bounded: bool) -> Located:
    """A reading whose choices say only what concerns the clause."""
    choices = node.get("choices")
    if choices is None:
        return node
    said = {}
    for name, overlay in choices.items():
        left = _only(overlay, clause, calendars)
        gone = {"source", "severity-set-by"} | (set() if is_bounded else {"timezone"})
        said[name] = replace(left, value={key: each for key, each in left.items() if key not in gone})
    entries = dict(node.value)
    entries["choices"] = replace(choices, value=said)
    return replace(node, value=entries)


def _only(layer: Located, clause: str, calendars: set[str]) -> Located:
    """A policy, or an overlay, with one clause and some calendars only; what is then empty is left out."""
    entries = dict(layer.items())
    for key, names in (("clauses", {clause}), ("calendars", calendars)):
        node = entries.get(key)
        if node is not None and isinstance(node.value, dict):
            kept = {name: each for name, each in node.items() if name in names}
            entries[key] = replace(node, value=kept)
            if not kept:
                del entries[key]
    return replace(layer, value=entries)


def _calendars(layers: list[Located], clause: str) -> set[str]:
    """Every calendar that the clause can use under some choice: by its own words, or as another name of one."""
    known: dict[str, set[str]] = {}
    words: set[str] = set()
    for layer in layers:
        calendars = layer.get("calendars")
        for name, node in calendars.items() if calendars else ():
            known.setdefault(name, set()).update({node.text} if node.text else ())
        body = layer.get("clauses", clause)
        texts = [node.text for _, node in walk(body) if node.text] if body else []
        words |= {word for text in texts for word in (text, *text.split())}
    found = words & known.keys()
    while more := {other for name in found for other in known[name] if other in known} - found:
        found |= more
    return found


def _key(tree: Located) -> str:
    return json.dumps(plain(tree), sort_keys=False, default=str)
