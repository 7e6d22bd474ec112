"""Who is who: the words of an export for the people in it, placed on a side by plain words and by the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import NONE, Actor, Small, Words
from slaaudit.evidence.vocabulary import ACTOR_NAMES, ACTORS
from slaaudit.evidence.vocabulary import plain as plain_word
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.profile_rules import People
    from slaaudit.evidence.tables import Mask


def actors_of(layout: Layout, who: Words, groups: Words | None = None) -> Small:
    """Each record's actor: by the name, else by the group; ``UNKNOWN`` where neither is known."""
    table = np.array([*(_actor(layout, word) for word in who.words), Actor.UNKNOWN], np.int8)
    actors: Small = table[who.codes]
    if groups is not None and len(groups.words):
        by_group = np.array([*(_of_group(layout, word) for word in groups.words), Actor.UNKNOWN], np.int8)
        actors = np.where(actors == Actor.UNKNOWN, by_group[groups.codes], actors)
    return actors


def same_name(who: Words, column: Words) -> Mask:
    """Where two columns of one sheet hold the same name."""
    codes = {folded(word): code for code, word in enumerate(column.words)}
    same = np.array([*(codes.get(folded(word), NONE - 1) for word in who.words), NONE - 1], np.int64)
    equal: Mask = same[who.codes] == column.codes
    return equal


def _actor(layout: Layout, word: str) -> Actor:
    meaning = layout.values.get("actor", {}).get(folded(word))
    if meaning is not None:
        return ACTOR_NAMES.get(folded(meaning), Actor.UNKNOWN)
    for actor, people in _sides(layout):
        if folded(word) in map(folded, people.names) or _domain(word) in _domains(people):
            return actor
    return ACTORS.get(plain_word(word), Actor.UNKNOWN)


def _of_group(layout: Layout, word: str) -> Actor:
    for actor, people in _sides(layout):
        if folded(word) in map(folded, people.groups):
            return actor
    return ACTORS.get(plain_word(word), Actor.UNKNOWN)


def _sides(layout: Layout) -> tuple[tuple[Actor, People], ...]:
    return (*layout.mapping.actors.sides(), *layout.base.actors.sides())


def _domain(word: str) -> str:
    """The domain of an address, or a text that no list of domains holds."""
    _, at, domain = word.strip().strip("<>").rpartition("@")
    return folded(domain.strip(">")) if at else "\0"


def _domains(people: People) -> set[str]:
    return {folded(domain).removeprefix("@") for domain in people.domains}
