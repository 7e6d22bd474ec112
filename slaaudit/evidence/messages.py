"""What single cells of a list tell of what happened: messages in repeated columns, and milestones in rows.

Jira packs each comment of an issue into a column of its own, as ``date;author;text``; Zendesk and GitHub write a list
of them in JSON. A Salesforce report has a row for each milestone of a case. Both become events, as a log would tell
them; neither is a history of statuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence import timestamps
from slaaudit.evidence.arrays import nulls, numbers, taken, text_scalar, truths
from slaaudit.evidence.list_events import KINDS_OF_MOMENTS, STATES_OF_MOMENTS
from slaaudit.evidence.packed import Packed, packed_json, reject
from slaaudit.evidence.parts import LogPart, Moment
from slaaudit.evidence.people import actors_of, same_name
from slaaudit.evidence.tables import MISSING, NONE, Actor, Kind, Words
from slaaudit.evidence.timestamps import UndecidedError
from slaaudit.evidence.undecided import refusal
from slaaudit.evidence.words import folded, trimmed, words_of

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.logs import Vocabularies
    from slaaudit.evidence.profile_rules import Messages
    from slaaudit.evidence.tables import Codes, Mask, Rows, Small
    from slaaudit.evidence.timestamps import Column

_NO_MESSAGE = "no message written as "
_BEGINNING = 128  # bytes; a time and a name are seldom longer
_NO_TIME = "a message whose time cannot be read: "


class _Cut(NamedTuple):
    """Cells cut at the separators: all parts one after another, each cell's first, and whether it is a message."""

    parts: pa.ChunkedArray
    first: Rows
    whole: Mask


def told_in_cells(cells: Cells, file: int, shared: Vocabularies) -> list[LogPart]:
    """The events that messages and milestones of a list are; none where it has neither."""
    messages = cells.layout.mapping.messages or cells.layout.base.messages
    parts = [_replies(cells, file, shared, messages)] if messages else []
    parts += [_milestones(cells, file, shared)] if cells.has("milestone") and cells.has("milestone_at") else []
    return [part for part in parts if part is not None]


# --- messages -------------------------------------------------------------------------------------------------------


def _replies(cells: Cells, file: int, shared: Vocabularies, messages: Messages) -> LogPart | None:
    packed = _packed(cells, messages) if messages.keys is None else packed_json(cells, messages.keys)
    if packed is None:
        return None
    at = _times(cells, packed)
    readable = at.at != MISSING
    if messages.first == "description":
        readable &= ~_descriptions(cells, packed, at)
    packed = Packed(
        packed.row[readable],
        packed.header[readable],
        {name: taken(text, np.flatnonzero(readable)) for name, text in packed.parts.items()},
    )
    who = words_of(packed.parts["actor"]) if "actor" in packed.parts else _no_words(len(packed.row))
    groups = words_of(packed.parts["group"]) if "group" in packed.parts else None
    actor = _actors(cells, packed.row, who, groups)
    kind = np.full(len(packed.row), Kind.REPLY, np.int8)
    if "public" in packed.parts:
        kind[truths(pc.equal(packed.parts["public"], text_scalar("false")))] = Kind.NOTE
    cells.remember_unknown("actor", who, (actor == Actor.UNKNOWN) & (kind == Kind.REPLY))
    count = len(packed.row)
    none = np.full(count, NONE, np.int32)
    header = cells.sheet.headers[int(packed.header[0])] if count else ""
    doubtful = None if at.doubtful is None else at.doubtful[readable]
    return LogPart(
        file,
        taken(cells.text("ticket_id"), packed.row),
        Moment(at.at[readable], doubtful, header, at.unit),
        cells.rows[packed.row],
        kind,
        actor,
        none,
        none,
        none,
        shared.words.codes(who),
        frozenset(int(each) for each in np.unique(kind)),
        is_from_list=True,
    )


def _packed(cells: Cells, messages: Messages) -> Packed | None:
    """The messages by record and column, cut into their parts; cells that are none are rejected."""
    found = [(header, *_filled(cells, header)) for header in cells.layout.message_columns()]
    if not any(len(rows) for _, _, rows in found):
        return None
    text = pa.chunked_array([chunk for _, one, _ in found for chunk in one.chunks], pa.string())
    row = np.concatenate([rows for _, _, rows in found])
    header = np.concatenate([np.full(len(rows), header) for header, _, rows in found])
    cut = _cut(text, messages)
    other = np.flatnonzero(~cut.whole)
    other = other[truths(pc.not_equal(pc.utf8_trim_whitespace(taken(text, other)), text_scalar("")))]
    reason = _NO_MESSAGE + messages.separator.join(messages.parts)
    reject(cells, Packed(row, header, {"all": text}), other, reason)
    kept = np.flatnonzero(cut.whole)
    kept = kept[np.argsort(row[kept], kind="stable")]  # the columns of one record stay in their order
    told: list[tuple[int, str]] = [each for each in enumerate(messages.parts) if each[1] != "text"]
    parts = {name: trimmed(taken(cut.parts, cut.first[kept] + place).cast(pa.string())) for place, name in told}
    return Packed(row[kept], header[kept], parts)


def _filled(cells: Cells, header: int) -> tuple[pa.ChunkedArray, Rows]:
    """The filled cells of a column in the records that can be used, and which these are."""
    text = cells.column(header)
    empty = nulls(text)
    rows = np.flatnonzero(~empty & cells.usable)
    return text.drop_null() if len(rows) + text.null_count == len(text) else taken(text, rows), rows


def _cut(text: pa.ChunkedArray, messages: Messages) -> _Cut:
    """The parts of each cell, and which cells are messages: they have as many parts as a message has.

    What stands behind the last separator that is needed is the message's text, however many more are in it. The text
    itself is nobody's matter, so that the beginnings of cells are cut, unless one has its separators further on.
    """
    count = len(messages.parts)
    if messages.parts[-1] != "text":
        return _split(text, messages.separator, count, count)
    beginning = pc.binary_slice(text.cast(pa.binary()), 0, _BEGINNING)
    cut = _split(beginning, messages.separator, count - 1, count)
    is_certain = cut.whole.all() or pc.max(pc.binary_length(text)).as_py() <= _BEGINNING
    return cut if is_certain else _split(text, messages.separator, count - 1, count)


def _split(text: pa.ChunkedArray, separator: str, times: int, count: int) -> _Cut:
    lists = pc.split_pattern(text, separator, max_splits=times)
    lengths = numbers(pc.list_value_length(lists), np.int32).astype(np.int64)
    return _Cut(pc.list_flatten(lists), np.cumsum(lengths) - lengths, lengths == count)


def _times(cells: Cells, packed: Packed) -> Column:
    text = packed.parts["at"]
    try:
        column = timestamps.column(text, cells.rules)
    except UndecidedError as error:
        header = cells.sheet.headers[int(packed.header[error.rows[0]])]
        raise refusal(cells.sheet.path, header, cells.rows[packed.row], error, cells.zone_hint) from None
    for reason, rows in column.unreadable.items():
        reject(cells, packed, rows, _NO_TIME + reason, "at")
    reject(cells, packed, np.flatnonzero(nulls(text)), "a message without a time", "at")
    if len(packed.row):
        cells.times_read[cells.sheet.headers[int(packed.header[0])]] = column
    return column


def _descriptions(cells: Cells, packed: Packed, at: Column) -> Mask:
    """Each ticket's first message, where it bears the time of creation."""
    first = np.ones(len(packed.row), np.bool_)
    first[1:] = packed.row[1:] != packed.row[:-1]
    found: Mask = first & (at.at == cells.times("created_at").at[packed.row])
    return found


def _actors(cells: Cells, row: Rows, who: Words, groups: Words | None) -> Small:
    """Who wrote each message: whom the profile and the mapping name, else who stands in a column of the ticket."""
    actors = actors_of(cells.layout, who, groups)
    for actor, header in cells.layout.people_columns():
        column = words_of(cells.column(header))
        same = same_name(who, Words(column.codes[row], column.words))
        actors = np.where((actors == Actor.UNKNOWN) & same, np.int8(actor), actors)
    return actors


def _no_words(count: int) -> Words:
    return Words(np.full(count, NONE, np.int32), ())


# --- milestones -----------------------------------------------------------------------------------------------------


def _milestones(cells: Cells, file: int, shared: Vocabularies) -> LogPart:
    """Rows that tell a moment of the ticket each: its name, and when it was reached.

    The value mapping says under ``milestone`` which field each name means. One that nobody explains may be an answer:
    it is a reply of somebody unknown, so that no promise is held broken for want of it.
    """
    name = cells.raw_words("milestone")
    at = cells.times("milestone_at")
    moments = [_moment(cells, word) for word in name.words]
    cells.remember_unknown("milestone", name, cells.usable & _of_word(name, [moment is None for moment in moments]))
    known = _of_word(name, [moment is not None for moment in moments])
    rows = np.flatnonzero(cells.usable & (name.codes != NONE) & (at.at != MISSING))
    kinds = np.array([*(KINDS_OF_MOMENTS[moment or "first_response_at"] for moment in moments), 0], np.int8)
    states = np.array([*(STATES_OF_MOMENTS.get(moment or "", NONE) for moment in moments), NONE], np.int32)
    kind, value = kinds[name.codes[rows]], states[name.codes[rows]]
    of_known = np.where(kind == Kind.REPLY, np.int8(Actor.VENDOR), np.int8(Actor.UNKNOWN))
    actor = np.where(known[rows], of_known, actors_of(cells.layout, name)[rows])
    who = np.where(known[rows], np.int32(NONE), shared.words.codes(name)[rows])
    none: Codes = np.full(len(rows), NONE, np.int32)
    return LogPart(
        file,
        taken(cells.text("ticket_id"), rows),
        Moment(at.at[rows], None if at.doubtful is None else at.doubtful[rows], cells.header("milestone_at"), at.unit),
        cells.rows[rows],
        kind,
        actor,
        value,
        none,
        none,
        who,
        frozenset(int(each) for each in np.unique(kind)),
        is_from_list=True,
    )


def _moment(cells: Cells, word: str) -> str | None:
    """The field that a milestone of this name is the moment of, or None."""
    meaning = cells.layout.values.get("milestone", {}).get(folded(word))
    return meaning if meaning in KINDS_OF_MOMENTS else None


def _of_word(column: Words, marks: list[bool]) -> Mask:
    marked: Mask = np.array([*marks, False])[column.codes]
    return marked
