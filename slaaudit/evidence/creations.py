"""Creations that a log does not tell: a ticket begins with its first message or event."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from slaaudit.evidence.arrays import taken
from slaaudit.evidence.parts import LogPart, Moment
from slaaudit.evidence.tables import NONE, Kind
from slaaudit.evidence.words import encoded


def with_creations(part: LogPart) -> LogPart:
    """The log with a creation for each ticket that has none.

    A ticket's first message is its description, so it becomes the creation; any other first event follows upon one.
    """
    if not len(part.rows):
        return part
    codes, _ = encoded(part.ids)
    order = np.lexsort((np.arange(len(codes)), part.kind != Kind.REPLY, part.moment.at, codes))
    first = order[np.flatnonzero(np.diff(codes[order], prepend=NONE))]
    created = np.unique(codes[part.kind == Kind.CREATED])
    first = first[~np.isin(codes[first], created)]
    is_message = part.kind[first] == Kind.REPLY
    kind = part.kind.copy()
    kind[first[is_message]] = Kind.CREATED
    again = np.sort(np.concatenate([np.arange(len(kind)), first[~is_message]]))
    is_added = np.concatenate([[False], again[1:] == again[:-1]])
    is_added = np.roll(is_added, -1)  # of two equal rows, the first is the creation
    kind = np.where(is_added, np.int8(Kind.CREATED), kind[again])
    moment, none = part.moment, np.int32(NONE)
    doubtful = None if moment.doubtful is None else moment.doubtful[again]
    return replace(
        part,
        ids=taken(part.ids, again),
        moment=Moment(moment.at[again], doubtful, moment.column, moment.unit),
        rows=part.rows[again],
        kind=kind,
        actor=part.actor[again],
        value=np.where(is_added, none, part.value[again]),
        old=np.where(is_added, none, part.old[again]),
        word=np.where(is_added, none, part.word[again]),
        who=part.who[again],
        tells=part.tells | {int(Kind.CREATED)},
    )
