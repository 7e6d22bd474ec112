"""Which column of a file is which field: told by its headers, a profile, a mapping and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from slaaudit.evidence import fields as names
from slaaudit.evidence.headers import NTH, Headers
from slaaudit.evidence.kinds import has_required, shape_of
from slaaudit.evidence.lacking import missing, mistaken
from slaaudit.evidence.profile import NOTHING
from slaaudit.evidence.profile_rules import ColumnRule, Reasons
from slaaudit.evidence.recognition import fits, recognised
from slaaudit.evidence.refusals import refuse_unknown_headers
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slaaudit.errors import EvidenceError
    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.profile import MappingFile, Profile
    from slaaudit.evidence.profile_rules import Downtime, Only
    from slaaudit.evidence.sheets import Sheet
    from slaaudit.evidence.tables import Actor

MILESTONE = "milestone"


class Place(NamedTuple):
    """A field's place in a sheet: the header's position, and how its cells are meant.

    ``clock`` is the position of the column that holds the time of day, where that stands apart from the date.
    """

    header: int
    rule: ColumnRule
    clock: int | None = None


@dataclass(frozen=True)
class Layout:
    """A sheet with its meaning: shape, the places of fields, and what governs the reading of cells."""

    headers: tuple[str, ...]
    shape: str
    profile: str
    places: Mapping[str, Place]
    base: Profile
    mapping: Profile
    values: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...]

    def people_columns(self) -> list[tuple[Actor, int]]:
        """The columns that name a side, such as the requester's, with the side and the header's position."""
        headers = Headers(self.headers)
        stated = [
            (actor, header)
            for actors in (self.mapping.actors, self.base.actors)
            for actor, side in actors.sides()
            for header in side.column
        ]
        return [(actor, place) for actor, header in stated if (place := headers.place(header)) is not None]

    def other_columns(self) -> set[int]:
        """The columns that are read beside those of fields."""
        automatic = self.automatic_column()
        people = {header for _, header in self.people_columns()}
        joined = {column for place in self.places.values() for column in self.joined_columns(place)}
        reason = self.reason_column()
        stated = {*self.message_columns(), *self.stated_columns(), *(() if reason is None else (reason,))}
        return people | joined | stated | ({automatic[0]} if automatic else set())

    def stated_columns(self) -> list[int]:
        """The columns that say which rows count, and those that list outages or are added to others."""
        headers = Headers(self.headers)
        rules = [place.rule.plus for place in self.places.values()]
        rules += [only.column for only in self.only]
        rules += [(self.downtime.column,)] if self.downtime else []
        return headers.places([name for rule in rules for name in rule])

    def joined_columns(self, place: Place) -> list[int]:
        """The columns whose words are joined to those of a field."""
        headers = Headers(self.headers) if place.rule.with_ else None
        found = [headers.place(name) for name in place.rule.with_] if headers else []
        return [column for column in found if column is not None]

    @property
    def only(self) -> tuple[Only, ...]:
        """What says which rows count."""
        return (*self.base.only, *self.mapping.only)

    @property
    def downtime(self) -> Downtime | None:
        """The column that lists the outages of a window."""
        return self.mapping.downtime or self.base.downtime

    @property
    def ends_when_finished(self) -> bool:
        """Whether the column of ends holds the last change, which is an end where the status says so."""
        return bool(self.mapping.ended_at or self.base.ended_at)

    @property
    def windows_are_days(self) -> bool:
        """Whether each window of usage is the civil day of its start."""
        return bool(self.mapping.windows or self.base.windows)

    def message_columns(self) -> list[int]:
        """The columns that hold a message in each cell."""
        messages = self.mapping.messages or self.base.messages
        return Headers(self.headers).places(messages.column) if messages else []

    def automatic_column(self) -> tuple[int, tuple[str, ...]] | None:
        """The column that marks what a machine sent, and its words for yes."""
        automatic = self.mapping.automatic or self.base.automatic
        place = Headers(self.headers).place(automatic.column) if automatic else None
        return None if automatic is None or place is None else (place, automatic.words)

    def claim_places(self) -> dict[str, dict[str, Place]]:
        """Where the helpdesk tells its own results: the places of the facts by the promise that they are about."""
        headers = Headers(self.headers)
        plain = {
            kind: {fact: f"claimed_{kind}_{fact}" for fact in names.CLAIM_FACTS} for kind in ("response", "resolution")
        }
        found = {
            kind: _placed(headers, {fact: ColumnRule(column=name) for fact, name in facts.items()})
            for kind, facts in plain.items()
        }
        for profile in (self.base, self.mapping):
            for kind, rules in profile.claims.items():
                found[kind] = {**found.get(kind, {}), **_placed(headers, rules.stated())}
        return found

    @property
    def reasons(self) -> Reasons:
        """What tells states that a status does not."""
        return self.mapping.reasons or self.base.reasons or Reasons()

    def reason_column(self) -> int | None:
        """The column that holds the reasons of statuses."""
        return Headers(self.headers).first_place(self.reasons.column) if self.reasons.column else None

    @property
    def constants(self) -> dict[str, str]:
        """Fields that are the same in every row, as far as no column holds them."""
        stated = {**self.base.constants, **self.mapping.constants}
        return {field: word for field, word in stated.items() if field not in self.places}

    @property
    def empty(self) -> tuple[str, ...]:
        """The words that mean that a cell is empty."""
        return (*self.base.read.empty, *self.mapping.read.empty)


def layouts(sheets: Sequence[Sheet], mapping: MappingFile, options: ReadOptions) -> list[Layout]:
    """The layout of each sheet. EvidenceError for a sheet of no known shape.

    UsageError or MappingError for a header that no sheet has.
    """
    refuse_unknown_headers(sheets, mapping, options)
    return [layout_of(sheet, mapping.profile, options) for sheet in sheets]


def layout_of(sheet: Sheet, mapping: Profile, options: ReadOptions, shapes: Sequence[str] = names.OF_TICKETS) -> Layout:
    """The layout of a sheet of one of ``shapes``. EvidenceError for one that has none of them."""
    layout, refusal = understood(sheet, mapping, options, shapes)
    if refusal:
        raise refusal
    return layout


def understood(
    sheet: Sheet, mapping: Profile, options: ReadOptions, shapes: Sequence[str] = names.OF_TICKETS
) -> tuple[Layout, EvidenceError | None]:
    """The layout of a sheet as far as it can be told, and the error of one that lacks what its shape needs."""
    headers = Headers(sheet.headers)
    is_meant = mapping.shape in (None, *shapes) and fits(mapping.recognise, headers)
    mapping = mapping if is_meant else NOTHING
    stated = _stated(headers, mapping, options)
    base, profile = NOTHING, mapping.id or "plain"
    places = {**_plain(headers, shapes, stated), **stated}
    # What the caller explains in full is not held against the profiles; plain names give way to them.
    shape = shape_of(places, shapes, mapping) if shape_of(stated, shapes, mapping) else None
    if (
        shape is None
        and (found := recognised(headers, shapes))
        and has_required(_of_profile(headers, found), found.shape, found)
    ):
        base, profile, shape = found, found.id, found.shape
        places = {**_of_profile(headers, found), **stated}
    shape = shape or shape_of(places, shapes, mapping)
    refusal = None
    if (
        shape is None
        or not has_required(places, shape, base, mapping)
        or (profile == "plain" and mistaken(headers, shapes))
    ):
        shape = shape or _likely(places, shapes)
        refusal = missing(sheet, shape, places, shapes, base, mapping)
    told = (*sheet.notes, *base.notes, *mapping.notes)
    notes = (*told, *_absent(headers, base, places), *_repeats(headers, places, shape))
    layout = Layout(
        headers.headers,
        shape,
        profile,
        _with_others(headers, places, base, mapping),
        base,
        mapping,
        _values(base, mapping, options),
        notes,
    )
    return layout, refusal


def _plain(headers: Headers, shapes: Sequence[str], stated: Mapping[str, Place]) -> dict[str, Place]:
    """The fields that the sheet calls by their plain names. Of operations, a column that is stated is nothing else."""
    taken = set() if names.TICKETS in shapes else {place.header for place in stated.values()}
    places = {name: headers.place(name) for shape in shapes for name in names.known(shape)}
    return {
        name: Place(at, ColumnRule(column=name)) for name, at in places.items() if at is not None and at not in taken
    }


def _stated(headers: Headers, mapping: Profile, options: ReadOptions) -> dict[str, Place]:
    return _placed(headers, dict(mapping.columns) | {field: ColumnRule(column=name) for field, name in options.columns})


def _of_profile(headers: Headers, profile: Profile) -> dict[str, Place]:
    return _placed(headers, profile.columns)


def _placed(headers: Headers, rules: Mapping[str, ColumnRule]) -> dict[str, Place]:
    return {
        field: Place(index, rule, headers.place(rule.time) if rule.time else None)
        for field, rule in rules.items()
        if (index := headers.first_place(rule.headers)) is not None
    }


def _likely(places: Mapping[str, Place], shapes: Sequence[str]) -> str:
    if names.TICKETS not in shapes:
        return shapes[0]
    told = next((shape for name, shape in names.TELLING.items() if name in places and shape in shapes), names.TICKETS)
    if told in names.OF_OPERATIONS:
        return told
    return names.EVENTS if "event" in places or "at" in places else names.TICKETS


_MISSED = ("status", "severity", "assigned_to")


def _absent(headers: Headers, base: Profile, places: Mapping[str, Place]) -> list[str]:
    """A note on columns that the export may have and this file has not."""
    shape = base.shape or names.TICKETS
    wanted = base.columns if shape in names.OF_OPERATIONS else (*names.TIMES[shape], *_MISSED)
    known = {field: rule for field, rule in base.columns.items() if field in wanted}
    absent = [f"{rule.column} ({field})" for field, rule in known.items() if field not in places]
    if base.messages and headers.first_place(base.messages.column) is None:
        absent.append(f"{base.messages.column[0]} (messages)")
    return [f"columns that such an export may have and this one has not: {', '.join(absent)}"] if absent else []


def _repeats(headers: Headers, places: Mapping[str, Place], shape: str) -> list[str]:
    """Notes on fields whose header stands more than once."""
    return [
        f"the header {headers.headers[place.header]!r} stands {count} times; the first is read as {field} "
        f"(--column {field}='{headers.headers[place.header]}[2]' takes the second)"
        for field, place in places.items()
        if field in names.known(shape)
        and (count := headers.repeated(place.header)) > 1
        and not NTH.fullmatch(place.rule.column)
    ]


def _with_others(headers: Headers, places: Mapping[str, Place], *profiles: Profile) -> dict[str, Place]:
    """The places, and every header that is none of them as a field of its own name, but for messages."""
    taken = {place.header for place in places.values()}
    taken.update(place for each in profiles if each.messages for place in headers.places(each.messages.column))
    taken.update(place for each in profiles for place in headers.places(each.row_columns))
    taken_names = {folded(field) for field in places}
    others = {
        name: Place(index, ColumnRule(column=name))
        for name, index in headers.named().items()
        if index not in taken and folded(name) not in taken_names
    }
    return {**places, **others}


def _values(base: Profile, mapping: Profile, options: ReadOptions) -> dict[str, dict[str, str]]:
    """Words (folded) to meanings by field, the command line over the mapping over the profile."""
    result: dict[str, dict[str, str]] = {}
    stated = [*_triples(base), *_triples(mapping), *options.values]
    for field, written, meaning in stated:
        result.setdefault("status" if field == "state" else field, {})[folded(written)] = meaning.strip()
    return result


def _triples(profile: Profile) -> list[tuple[str, str, str]]:
    return [(field, word, meaning) for field, words in profile.values.items() for word, meaning in words.items()]
