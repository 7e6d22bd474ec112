"""What the helpdesk itself says of its promises: columns of a list, or rows of their own, one a ticket and promise.

A claim is no evidence of what happened. It is read only to be set beside the verdicts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slaaudit.evidence import fields as names
from slaaudit.evidence.arrays import nulls, numbers, taken, texts
from slaaudit.evidence.cells import Cells
from slaaudit.evidence.claim_events import FIELDS, claimed_clocks
from slaaudit.evidence.durations import lengths
from slaaudit.evidence.layout import MILESTONE, Place
from slaaudit.evidence.notes import notes_of_times
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.tables import MISSING, NONE, Claimed, Claims, Words, no_claims
from slaaudit.evidence.words import encoded, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from slaaudit.evidence.layout import Layout
    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.sheets import Sheet
    from slaaudit.evidence.tables import Codes, Instants, Mask, Rejected, Small
    from slaaudit.evidence.words import Pool

RESPONSE, RESOLUTION = "response", "resolution"
PASSED_OVER = "none"  # what a mapping says of a promise or a result that is none
_NOTHING = -2  # the code of such a result

_RESULTS = {
    Claimed.MET: "met, yes, true, 1, hit, achieved, within sla, in time, on time, completed in time",
    Claimed.MISSED: "missed, no, false, 0, breached, violated, sla violated, overdue, late, failed",
    Claimed.RUNNING: "running, active, in progress, paused, open, within time limit, warning",
}
_BY_NAME = {
    RESPONSE: ("respon", "reply", "acknowledg", "réponse", "respuesta"),
    RESOLUTION: ("resol", "résol", "solution"),
}
_OF_MOMENTS = {"first_response_at": RESPONSE, "resolved_at": RESOLUTION, "workaround_at": "workaround"}


@dataclass(frozen=True)
class ClaimPart:
    """Claims of one file. ``kind`` and ``name`` are words of the shared vocabulary; the rest is that of ``Claims``."""

    file: int
    ids: pa.ChunkedArray
    kind: Codes
    name: Codes
    result: Small
    elapsed: Instants
    due: Instants
    target: Instants
    left: Instants
    unit: Instants
    rows: Codes


@dataclass(frozen=True)
class FileClaims:
    """The claims of one file, what of it could not be read, and what there is to say about it."""

    parts: tuple[ClaimPart, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]


NOTHING_CLAIMED = FileClaims((), (), ())


def unasked(layout: Layout) -> FileClaims:
    """What there is to say of a file whose claims nobody asked for."""
    if layout.shape != names.CLAIMS:
        return NOTHING_CLAIMED
    return FileClaims((), (), ("holds the helpdesk's own results, which --reconcile sets beside the verdicts",))


def file_claims(sheet: Sheet, layout: Layout, options: ReadOptions, file: int, words: Pool) -> FileClaims:
    """The claims that a sheet holds. Its cells are read apart from the tickets', so that no ticket is lost by them."""
    places = layout.claim_places()
    if layout.shape == names.CLAIMS:
        places = {"": {fact: layout.places[field] for field, fact in _OWN.items() if field in layout.places}}
    if not any(places.values()):
        return NOTHING_CLAIMED
    fields = {f"claimed_{kind}_{fact}": place for kind, facts in places.items() for fact, place in facts.items()}
    also = [name for name in ("ticket_id", "claim", "at", "milestone", *FIELDS) if name in layout.places]
    wanted = {**{name: layout.places[name] for name in also}, **fields}
    cells = Cells(sheet, replace(layout, places=wanted), options, wanted)
    ids = cells.text("ticket_id")
    cells.usable[nulls(ids)] = False
    if layout.shape == names.SNAPSHOTS:
        cells.usable &= _last_rows(ids, cells.times("at").at, cells.usable)
    if cells.has("claim_event"):
        parts = [_part_of_clocks(cells, file, words)]
    else:
        parts = [_part(cells, file, kind, facts, words) for kind, facts in places.items() if facts]
    told = ", ".join(f"{cells.header(field)} = {_called(field)}" for field in fields)
    notes = [f"the helpdesk's own results: {told}", *_notes(cells, layout, parts, words)]
    notes += notes_of_times(cells) if layout.shape == names.CLAIMS else ()
    lost = tuple(
        row for row in cells.rejected if row.column in {sheet.headers[place.header] for place in fields.values()}
    )
    return FileClaims(tuple(parts), lost, tuple(notes))


_OWN = {f"claimed_{fact}": fact for fact in names.CLAIM_FACTS}


def _called(field: str) -> str:
    return field.replace("__", "_")


def _last_rows(ids: pa.ChunkedArray, at: Instants, usable: Mask) -> Mask:
    """The last usable row of each ticket: a snapshot's claim is as of its row."""
    rows = np.flatnonzero(usable)
    codes, _ = encoded(taken(ids, rows))
    order = np.lexsort((rows, at[rows], codes))
    last = np.ones(len(rows), np.bool_)
    last[:-1] = codes[order][1:] != codes[order][:-1]
    found = np.zeros(len(usable), np.bool_)
    found[rows[order[last]]] = True
    return found


def _part(cells: Cells, file: int, kind: str, facts: Mapping[str, Place], words: Pool) -> ClaimPart:
    """The claims of one kind; of rows of their own, or of milestones, each row's name tells the kind."""
    none = np.full(len(cells), MISSING, np.int64)
    unit = np.zeros(len(cells), np.int64)
    told: dict[str, Instants] = {}
    for fact in ("elapsed", "target", "left"):
        told[fact] = none
        if fact in facts:
            told[fact], grain = _lengths(cells, f"claimed_{kind}_{fact}", signed=fact == "left")
            unit = np.maximum(unit, np.where(told[fact] == MISSING, 0, grain))
    due = none
    if "due" in facts:
        column = cells.times(f"claimed_{kind}_due")
        due, unit = column.at, np.maximum(unit, column.unit)
    both = (told["target"] == MISSING) & (told["elapsed"] != MISSING) & (told["left"] != MISSING)
    told["target"] = np.where(both, told["elapsed"] + told["left"], told["target"])
    result = _results(cells, kind) if "met" in facts else np.full(len(cells), NONE, np.int8)
    by_left = (result == NONE) & (told["left"] != MISSING)
    result[by_left] = np.where(told["left"][by_left] < 0, np.int8(Claimed.MISSED), np.int8(Claimed.MET))
    kinds, name = _kinds(cells, kind, words)
    says = (result != NONE) | (due != MISSING)
    for length in told.values():
        says |= length != MISSING
    rows = np.flatnonzero(cells.usable & says & (kinds != words.code(PASSED_OVER)) & (result != _NOTHING))
    return ClaimPart(
        file,
        taken(cells.text("ticket_id"), rows),
        kinds[rows],
        name[rows],
        result[rows],
        told["elapsed"][rows],
        due[rows],
        told["target"][rows],
        told["left"][rows],
        unit[rows],
        cells.rows[rows],
    )


def _part_of_clocks(cells: Cells, file: int, words: Pool) -> ClaimPart:
    """The claims of a log of clocks. Of several answers to one ticket only the first is the first response."""
    found = claimed_clocks(cells, lambda field: _lengths(cells, _field(cells, field), signed=False))
    kinds, name = _kinds(cells, "", words)
    response = words.code(RESPONSE)
    later = np.array([*(word.strip() not in ("", "1") for word in found.instance.words), False])
    kept = (kinds[found.row] != words.code(PASSED_OVER)) & ~(
        (kinds[found.row] == response) & later[found.instance.codes[found.row]]
    )
    rows = found.row[kept]
    return ClaimPart(
        file,
        taken(cells.text("ticket_id"), rows),
        kinds[rows],
        name[rows],
        found.result[kept],
        found.elapsed[kept],
        found.due[kept],
        found.target[kept],
        np.full(len(rows), MISSING, np.int64),
        np.full(len(rows), found.unit, np.int64),
        cells.rows[rows],
    )


def _field(cells: Cells, field: str) -> str:
    """The name under which the facts of rows of their own are read."""
    own = field.replace("claimed_", "claimed__", 1)
    return own if cells.has(own) else field


def _lengths(cells: Cells, field: str, *, signed: bool) -> tuple[Instants, int]:
    if not cells.has(field):
        return np.full(len(cells), MISSING, np.int64), 0
    rule = cells.layout.places[field].rule
    told = lengths(cells.text(field), rule.as_ or "duration")
    for reason, rows in told.unreadable.items():
        cells.reject_cells(rows, reason, field)
    known = told.known & (signed | (told.micros >= 0))
    cells.reject_cells(np.flatnonzero(told.known & ~known), "a length of time below zero", field)
    return np.where(known, told.micros, MISSING), told.unit


def _results(cells: Cells, kind: str) -> Small:
    """What each cell says of the promise; words that nothing explains are counted for the notes.

    A word may mean another thing for each promise: the values of ``claimed_response`` go over those of ``claimed``.
    """
    column = cells.raw_words(f"claimed_{kind}_met")
    meanings = {**cells.layout.values.get("claimed", {}), **cells.layout.values.get(f"claimed_{kind}", {})}
    plain = {word: result for result, listed in _RESULTS.items() for word in listed.split(", ")}
    found = [_result(meanings.get(folded(word), word), plain) for word in column.words]
    table = np.array([*found, NONE], np.int8)
    result: Small = table[column.codes]
    unknown = np.array(
        [
            *(code == NONE and folded(word) not in meanings for code, word in zip(found, column.words, strict=True)),
            False,
        ]
    )
    cells.remember_unknown("claimed", column, cells.usable & unknown[column.codes])
    return result


def _result(word: str, plain: Mapping[str, Claimed]) -> int:
    if folded(word) == PASSED_OVER:
        return _NOTHING
    return int(plain.get(folded(word).replace("_", " ").replace("-", " "), NONE))


def _kinds(cells: Cells, kind: str, words: Pool) -> tuple[Codes, Codes]:
    """Each row's kind of promise, and the helpdesk's name for it."""
    if kind and kind != MILESTONE:
        return np.full(len(cells), words.code(kind), np.int32), np.full(len(cells), NONE, np.int32)
    column = cells.raw_words("milestone" if kind else "claim")
    table = np.array([*(words.code(_kind(cells.layout, word)) for word in column.words), NONE], np.int32)
    return table[column.codes], words.codes(column)


def _kind(layout: Layout, word: str) -> str:
    """What a promise of this name is about: what the mapping says, else what the name itself says, else itself."""
    stated = layout.values.get("claim", {}).get(folded(word)) or _OF_MOMENTS.get(
        layout.values.get("milestone", {}).get(folded(word), "")
    )
    if stated:
        return stated
    if "*" in layout.values.get("claim", {}):
        return layout.values["claim"]["*"]
    found = [kind for kind, marks in _BY_NAME.items() if any(mark in folded(word) for mark in marks)]
    return found[0] if len(found) == 1 else word


def _notes(cells: Cells, layout: Layout, parts: Sequence[ClaimPart], words: Pool) -> Iterator[str]:
    unknown = cells.unknown.get("claimed")
    if unknown:
        shown = ", ".join(f"{word!r} ({count})" for word, count in unknown.most_common(5))
        flag = f"--value 'claimed:{next(iter(unknown))}=met'"
        yield f"results of the helpdesk not known: {shown}; say what is meant, for example {flag}"
    stated = layout.values.get("claim", {})
    guessed = Counter[str]()
    for part in parts:
        for kind, name in zip(part.kind.tolist(), part.name.tolist(), strict=True):
            if name != NONE and words.words[kind] in (RESPONSE, RESOLUTION) and folded(words.words[name]) not in stated:
                guessed[f"{words.words[name]!r} as {words.words[kind]}"] += 1
    if guessed and layout.shape == names.CLAIMS:
        yield f"promises understood by their names: {', '.join(guessed)}; --value 'claim:NAME=response' says otherwise"


def joined_claims(parts: Sequence[ClaimPart], ids: Words) -> tuple[Claims, list[str]]:
    """All claims as one table by ticket, and notes on those of tickets that no list or log has.

    ``ids`` are the tickets' own. Equal claims of one ticket count once.
    """
    notes: list[str] = []
    tables: list[Claims] = []
    if not parts:
        return no_claims(), notes
    known_ids = texts(list(ids.words))
    for part in parts:
        place = pc.index_in(part.ids, value_set=known_ids)
        known = ~nulls(place)
        ticket = np.where(known, numbers(place, np.int32), NONE).astype(np.int32)
        strangers = int(np.count_nonzero(~known))
        if strangers:
            first = part.ids[int(np.flatnonzero(~known)[0])].as_py()
            whose = "1 result of the helpdesk is" if strangers == 1 else f"{strangers:,} results of the helpdesk are"
            notes.append(f"{whose} of tickets that no list or log has, such as {shortened(first, 40)!r}")
        table = Claims(
            ticket, part.kind, part.name, part.result, part.elapsed, part.due, part.target, part.left, part.unit,
            np.full(len(ticket), part.file, np.int16), part.rows,
        )  # fmt: skip
        tables.append(table.take(known))
    return _once(Claims.concat(tables)), notes


def _once(claims: Claims) -> Claims:
    order = np.lexsort((np.arange(len(claims)), claims.name, claims.kind, claims.ticket))
    claims = claims.take(order)
    again = np.zeros(len(claims), np.bool_)
    again[1:] = True
    for column in (
        claims.ticket,
        claims.kind,
        claims.name,
        claims.result,
        claims.elapsed,
        claims.due,
        claims.target,
        claims.left,
    ):
        again[1:] &= column[1:] == column[:-1]
    return claims.take(~again)
