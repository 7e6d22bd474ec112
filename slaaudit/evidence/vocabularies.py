"""The vocabularies of one file: every word of the fields that are judged, with its meaning and its count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence import fields as names
from slaaudit.evidence.changes import is_change
from slaaudit.evidence.inspection import Vocabulary, WordFact
from slaaudit.evidence.lists import states_of
from slaaudit.evidence.logs import kind_of, passes_over
from slaaudit.evidence.outages import meaning_of_planned
from slaaudit.evidence.people import actors_of
from slaaudit.evidence.tables import NONE, Actor, Kind, State, Words
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.tables import Mask

PASSED_OVER = "passed over"
MOST = 200  # words of one field; more is no vocabulary
_AS_THEY_STAND = ("channel", "type")
_OF_INCIDENTS = ("up_or_down", "planned", "cause", "environment", "component")
_ACTORS = ("actor", "actor_group", "created_by")


def found_vocabularies(cells: Cells) -> tuple[Vocabulary, ...]:
    """The vocabularies in the order severity, status, event, actor, channel, type; empty ones left out."""
    found = [*_of_values(cells)] if cells.layout.shape == names.EVENTS else [*_of_columns(cells)]
    others = _OF_INCIDENTS if cells.layout.shape in names.OF_OPERATIONS else (*_ACTORS, *_AS_THEY_STAND)
    found += [_vocabulary(cells, field, field, cells.raw_words(field)) for field in others]
    return tuple(each for each in found if each.words)


def _of_columns(cells: Cells) -> Iterator[Vocabulary]:
    for field in ("severity", "status"):
        yield _vocabulary(cells, field, field, cells.raw_words(field))


def _of_values(cells: Cells) -> Iterator[Vocabulary]:
    """A log's severities and statuses stand in its values, beside the events that say which they are."""
    event = cells.raw_words("event")
    kinds = [kind_of(cells.layout, word) for word in event.words]
    for field, wanted in (("severity", Kind.SEVERITY), ("status", Kind.STATUS)):
        chosen = np.array([*(kind == wanted for kind in kinds), False])[event.codes]
        for column in ("value", "old"):
            yield _vocabulary(cells, field, column, cells.raw_words(column), chosen)
    yield _vocabulary(cells, "event", "event", event)


def _vocabulary(cells: Cells, field: str, column: str, words: Words, chosen: Mask | None = None) -> Vocabulary:
    codes = words.codes if chosen is None else words.codes[chosen]
    counts = np.bincount(codes[codes != NONE], minlength=len(words.words))
    used = [code for code in np.argsort(-counts, kind="stable").tolist()[:MOST] if counts[code]]
    told = [_told(cells.layout, field, words.words[code], int(counts[code])) for code in used]
    told.sort(key=lambda word: (word.is_known, -word.count))
    header = cells.header(column) if cells.has(column) else ""
    return Vocabulary(field, header, tuple(told))


def _told(layout: Layout, field: str, word: str, count: int) -> WordFact:
    one = Words(np.zeros(1, np.int32), (word,))
    if field == "status":
        state = State(int(states_of(layout, one)[0]))
        may_stand = layout.shape in names.OF_OPERATIONS and not layout.ends_when_finished  # the end tells the end
        return WordFact(word, count, _name(state) or word * may_stand, may_stand or state is not State.UNKNOWN)
    if field == "event":
        kind = kind_of(layout, word)
        if kind is None and passes_over(layout):
            return WordFact(word, count, PASSED_OVER)
        return WordFact(word, count, "" if kind is None else kind.name.lower(), kind is not None)
    if field in _ACTORS:
        groups = one if field == "actor_group" else None
        actor = Actor(int(actors_of(layout, Words(np.full(1, NONE, np.int32), ()) if groups else one, groups)[0]))
        return WordFact(word, count, _name(actor), actor is not Actor.UNKNOWN)
    meaning = layout.values.get(field, {}).get(folded(word), word)
    meaning = meaning_of_planned(meaning) if field == "planned" else meaning
    return WordFact(word, count, meaning, bool(meaning) and (field != "up_or_down" or is_change(meaning)))


def _name(member: State | Actor) -> str:
    return "" if member.name == "UNKNOWN" else member.name.lower()
