"""Which column of a file is which field: told by its headers, a profile, a mapping and the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from slaaudit.errors import EvidenceError, UsageError
from slaaudit.evidence import fields as names
from slaaudit.evidence.headers import NTH, Headers
from slaaudit.evidence.local_times import zone_named
from slaaudit.evidence.profile import NOTHING, ColumnRule, Reasons, published
from slaaudit.evidence.recognition import candidates, fits, recognised
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.vocabulary import ACTOR_NAMES, STATE_NAMES
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.profile import MappingFile, Profile
    from slaaudit.evidence.sheets import Sheet
    from slaaudit.evidence.tables import Actor

MILESTONE = "milestone"
_SHOWN = 12
_ALL_NAMES = tuple(dict.fromkeys(name for shape in names.REQUIRED for name in names.known(shape)))


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
        others = {automatic[0]} if automatic else set()
        return people | joined | {*self.message_columns()} | others | ({reason} if reason is not None else set())

    def joined_columns(self, place: Place) -> list[int]:
        """The columns whose words are joined to those of a field."""
        headers = Headers(self.headers) if place.rule.with_ else None
        found = [headers.place(name) for name in place.rule.with_] if headers else []
        return [column for column in found if column is not None]

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
    all_headers = [Headers(sheet.headers) for sheet in sheets]
    _refuse_unknown_headers(all_headers, mapping, options)
    _refuse_mistyped_fields(all_headers, mapping.profile, options)
    return [_layout(sheet, mapping.profile, options) for sheet in sheets]


def _refuse_unknown_headers(all_headers: Sequence[Headers], mapping: MappingFile, options: ReadOptions) -> None:
    """Refuse what is said about a header that is in no sheet."""
    known = [name for headers in all_headers for name in headers.headers]
    for field, header in options.columns:
        if not _anywhere(header, all_headers):
            raise UsageError(f"--column {field}={header}: no file has a header {header!r}.{_nearest(header, known)}")
    for field, rule in mapping.profile.columns.items():
        if not any(_anywhere(header, all_headers) for header in rule.headers):
            hint = _nearest(rule.column, known).strip()
            raise mapping.refusal(("columns", field), f"no file has a header {rule.column!r}", hint)


def _refuse_mistyped_fields(all_headers: Sequence[Headers], mapping: Profile, options: ReadOptions) -> None:
    """Refuse a field that is no plain name, nobody else speaks of, and is spelt like one; and words of no column."""
    spoken = {
        *_ALL_NAMES,
        "state",
        "claimed",
        "claimed_response",
        "claimed_resolution",
        *(options.fields or ()),
        *mapping.columns,
        *(field for field, _ in options.columns),
    }
    spoken |= {field for profile in published() for field in profile.columns}
    stated = [("--column", field, f"{field}={header}") for field, header in options.columns]
    stated += [("--set", field, f"{field}={value}") for field, value in options.set_fields]
    stated += [("--value", field, f"{field}:{word}={meaning}") for field, word, meaning in options.values]
    for flag, field, text in stated:
        known = spoken - {field} if flag == "--column" and field not in _ALL_NAMES else spoken
        if field in known or field in (options.fields or ()) or _anywhere(field, all_headers):
            continue
        near = get_close_matches(field, known, 1, 0.85)
        if near:
            raise UsageError(f"{flag} {shortened(text, 80)}: no field is named {field!r}; did you mean {near[0]!r}?")
        if flag == "--value":
            raise UsageError(f"{flag} {shortened(text, 80)}: no file has a field {field!r}.")


def _anywhere(header: str, all_headers: Sequence[Headers]) -> bool:
    return any(headers.place(header) is not None for headers in all_headers)


def _nearest(wanted: str, known: Sequence[str]) -> str:
    by_fold = {folded(name): name for name in known if name}
    near = [by_fold[name] for name in get_close_matches(folded(wanted), by_fold, 3, 0.5)]
    if near:
        return f" Nearest: {', '.join(repr(name) for name in near)}."
    return f" The headers are: {_listed(by_fold.values())}."


def _listed(headers: Iterable[str]) -> str:
    """The first headers, for a message."""
    first = [shortened(header, 40) for header in headers]
    return ", ".join(first[:_SHOWN]) + (", …" if len(first) > _SHOWN else "")


def _layout(sheet: Sheet, mapping: Profile, options: ReadOptions) -> Layout:
    layout, refusal = understood(sheet, mapping, options)
    if refusal:
        raise refusal
    return layout


def understood(sheet: Sheet, mapping: Profile, options: ReadOptions) -> tuple[Layout, EvidenceError | None]:
    """The layout of a sheet as far as it can be told, and the error of one that lacks what its shape needs."""
    headers = Headers(sheet.headers)
    mapping = mapping if fits(mapping.recognise, headers) else NOTHING
    stated = _stated(headers, mapping, options)
    base, profile = NOTHING, mapping.id or "plain"
    places = {**_plain(headers), **stated}
    # What the caller explains in full is not held against the profiles; plain names give way to them.
    shape = _shape(places, mapping) if _shape(stated, mapping) else None
    if (
        shape is None
        and (found := recognised(headers))
        and _has_required(_of_profile(headers, found), found.shape, found)
    ):
        base, profile, shape = found, found.id, found.shape
        places = {**_of_profile(headers, found), **stated}
    shape = shape or _shape(places, mapping)
    refusal = None
    if shape is None or not _has_required(places, shape, base, mapping):
        shape = shape or _likely(places)
        refusal = _missing(sheet, shape, places)
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


def _plain(headers: Headers) -> dict[str, Place]:
    """The fields that the sheet calls by their plain names."""
    places = {name: headers.place(name) for name in _ALL_NAMES}
    return {name: Place(at, ColumnRule(column=name)) for name, at in places.items() if at is not None}


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


def _shape(places: Mapping[str, Place], mapping: Profile = NOTHING) -> str | None:
    """The shape that the fields make, or the one that the mapping states where they allow it."""
    if mapping.shape and _has_required(places, mapping.shape, mapping):
        return mapping.shape
    if {"ticket_id", "at", "event"} <= set(places):
        return names.EVENTS
    if {"ticket_id", "at"} <= set(places) and {"status", "severity", "assigned_to"} & set(places):
        return names.SNAPSHOTS
    if {"ticket_id", "claim"} <= set(places) and {f"claimed_{fact}" for fact in names.CLAIM_FACTS} & set(places):
        return names.CLAIMS
    return names.TICKETS if {"ticket_id", "created_at"} <= set(places) else None


def _has_required(places: Mapping[str, Place], shape: str | None, *profiles: Profile) -> bool:
    constants = {field for profile in profiles for field in profile.constants}
    return shape is not None and set(names.REQUIRED[shape]) <= {*places, *constants}


def _likely(places: Mapping[str, Place]) -> str:
    return names.EVENTS if "event" in places or "at" in places else names.TICKETS


def _missing(sheet: Sheet, shape: str, places: Mapping[str, Place]) -> EvidenceError:
    other = next(
        (what for name, what in names.OTHER_SHAPES.items() if Headers(sheet.headers).place(name) is not None), ""
    )
    if other:
        return EvidenceError(f"{sheet.path}: this is a file of {other}; give an export of tickets or of their events.")
    lacking = [name for name in names.REQUIRED[shape] if name not in places]
    hints = "".join(f"\n  {name}: {_candidates(name, sheet.headers)}" for name in lacking)
    what = "column " + lacking[0] if len(lacking) == 1 else "columns " + " and ".join(lacking)
    return EvidenceError(f"{sheet.path}: no {what}, which a file of {shape} needs.{hints}{_most_like(sheet)}")


_ENOUGH_ALIKE = 5  # headers in common, for a profile to be named


def _most_like(sheet: Sheet) -> str:
    """The profile that has the most headers in common with the sheet, and what keeps the two apart."""
    near = next((each for each in candidates(Headers(sheet.headers)) if each.explained >= _ENOUGH_ALIKE), None)
    if near is None or near.fits:
        return ""
    apart = [f"needs {header}" for header in near.lacking] + [f"has no {header}" for header in near.forbidden]
    return f"\n  the headers are most like those of {near.profile.id}, which {' and '.join(apart)}"


_ALSO = {
    "ticket_id": ("id", "number", "ticket", "key", "issue key", "case number", "reference", "incident"),
    "created_at": ("created", "opened", "opened at", "created time", "submitted", "date opened"),
    "at": ("timestamp", "time", "date", "updated", "changed at"),
    "event": ("action", "activity", "type", "field", "kind"),
}


def _candidates(name: str, headers: Sequence[str]) -> str:
    known = {folded(header).replace("_", " "): header for header in headers if header}
    wanted = (name.replace("_", " "), *_ALSO[name])
    near = [known[word] for word in wanted if word in known]
    near += [known[word] for each in wanted for word in get_close_matches(each, known, 2, 0.6)]
    near = list(dict.fromkeys(near))[:3]
    if near:
        listed = ", ".join(repr(header) for header in near)
        return f"nearest headers {listed}; say which with --column {name}={_quoted(near[0])}"
    return f"none of the headers is like it ({_listed(known.values())}); say which with --column {name}=HEADER"


def _quoted(header: str) -> str:
    return f"'{header}'" if re.search(r"[^\w.-]", header) else header


def _absent(headers: Headers, base: Profile, places: Mapping[str, Place]) -> list[str]:
    """A note on columns that the export may have and this file has not."""
    shape = base.shape or names.TICKETS
    known = {
        field: rule for field, rule in base.columns.items() if field in (*names.TIMES[shape], "status", "severity")
    }
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


def refuse_bad_options(options: ReadOptions) -> None:
    """UsageError for a ``--value`` whose meaning is no state or no actor, or a ``--timezone`` that is none."""
    if options.timezone is not None:
        zone_named(options.timezone, "--timezone ")
    known: dict[str, Iterable[str]] = {"status": STATE_NAMES, "state": STATE_NAMES, "actor": ACTOR_NAMES}
    for field, written, meaning in options.values:
        words = tuple(known.get(field, ()))
        if words and folded(meaning) not in words:
            near = get_close_matches(folded(meaning), words, 1, 0.6)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(words)}."
            raise UsageError(f"--value {field}:{written}={meaning}: {meaning!r} is no {field}; {hint}")
