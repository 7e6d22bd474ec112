"""Random calendars, policies and timelines, drawn where clocks are hard: at DST switches, in ties, in disorder."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st
from plain_calendar import DAY, instant

from slaaudit.evidence.fields import TICKET_TOTALS
from slaaudit.evidence.tables import (
    MISSING,
    NONE,
    Actor,
    Doubt,
    Events,
    Evidence,
    Kind,
    Source,
    State,
    Tickets,
    Total,
    Words,
)
from slaaudit.policy.grammar import HOUR, MINUTE, SECOND, Window, amount
from slaaudit.policy.model import ALWAYS, Calendar, Policy

#: A zone, and an instant at which its clocks jump (or, for the last two, a holiday or a year's end).
SWITCHES = [
    ("America/New_York", instant("2026-03-08T07:00")),
    ("America/New_York", instant("2026-11-01T06:00")),
    ("Europe/London", instant("2026-03-29T01:00")),
    ("Europe/London", instant("2026-10-25T01:00")),
    ("Australia/Lord_Howe", instant("2026-04-04T15:00")),
    ("Australia/Lord_Howe", instant("2026-10-03T15:30")),
    ("America/Santiago", instant("2026-04-05T03:00")),
    ("America/Santiago", instant("2026-09-06T04:00")),
    ("America/Havana", instant("2026-11-01T05:00")),
    ("Pacific/Apia", instant("2011-12-30T10:00")),
    ("Asia/Kolkata", instant("2026-01-31T18:30")),
    ("UTC", instant("2026-12-31T23:00")),
]
ZONES = sorted({zone for zone, _ in SWITCHES})

switches = st.sampled_from(SWITCHES)
seldom = st.integers(0, 9).map(lambda number: number == 7)  # draws lean to 0 and 9
half_hours = st.integers(0, 47).map(lambda half: half * 30 * MINUTE)
lengths = st.sampled_from([30 * MINUTE, HOUR, 3 * HOUR, 4 * HOUR, 8 * HOUR, 9 * HOUR, 16 * HOUR, DAY])


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens = draw(half_hours) + draw(st.sampled_from([0, 0, 0, 0, 15 * SECOND]))
    return Window(opens, opens + draw(lengths))


WEEKS: list[dict[int, list[str]]] = [
    {day: ["09:00-17:00"] for day in range(5)},
    {day: ["08:30-12:00", "13:00-17:30"] for day in range(5)},
    {day: ["22:00-06:00"] for day in range(5)},
    {day: ["22:00-06:00"] for day in range(7)},
    {day: ["00:00-24:00"] for day in range(7)},
    {day: ["00:00-08:00"] for day in range(7)},
    {day: ["01:30-08:00"] for day in range(7)},
    {day: ["00:30-02:30"] for day in range(7)},
    {day: ["02:10-02:40", "23:15-00:45"] for day in range(7)},
    {day: ["20:00-02:30"] for day in range(7)},
    {6: ["00:00-24:00"], 0: ["00:00-04:00", "18:00-24:00"]},
]


@st.composite
def calendars(draw: st.DrawFn, zone: str, near: int) -> Calendar:
    """A calendar in ``zone`` whose closed days and exceptions lie around ``near``."""
    if draw(st.integers(0, 2)):
        hours: dict[Any, Any] = dict(draw(st.sampled_from(WEEKS)))
    else:
        days = draw(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True))
        hours = {day: draw(st.lists(windows(), min_size=1, max_size=3)) for day in days}
    today = dt.datetime.fromtimestamp(near // SECOND, ZoneInfo(zone)).date()
    dates = st.integers(-4, 6).map(lambda days: today + dt.timedelta(days=days))
    closed = draw(st.lists(dates, max_size=3, unique=True))
    exceptions = draw(st.dictionaries(dates, st.lists(windows(), max_size=2), max_size=2))
    calendar: dict[str, Any] = {
        "timezone": zone,
        "hours": hours,
        "closed": {"dates": closed, "holidays": draw(st.sampled_from([[], [], [], ["US"], ["GB-ENG"]]))},
        "exceptions": exceptions,
        "day": "8h",
    }
    if hours in WEEKS[:8] and draw(st.booleans()):
        del calendar["day"]
    return Calendar.model_validate(calendar)


@st.composite
def calendars_and_switch(draw: st.DrawFn) -> tuple[Calendar, int]:
    zone, near = draw(switches)
    return draw(st.one_of(st.just(ALWAYS), *[calendars(zone, near)] * 9)), near


@st.composite
def instants(draw: st.DrawFn, near: int) -> int:
    """An instant within a few days of ``near``, mostly on a round time."""
    steps = [30 * MINUTE, 30 * MINUTE, 30 * MINUTE, MINUTE, SECOND, 1]
    step = draw(st.sampled_from(steps))
    reach = draw(st.sampled_from([6 * HOUR, 4 * DAY, 12 * DAY]))
    at = near + draw(st.integers(-(reach // step), reach // step)) * step
    return at + draw(st.sampled_from([0, 0, 0, 0, -1, 1]))


exact_amounts = st.sampled_from([0, 1, SECOND, MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 23 * HOUR, DAY, 5 * DAY])
AMOUNTS = [
    "45s",
    "1m",
    "30m",
    "1h",
    "1h30m",
    "4h",
    "8h",
    "24h",
    "40h",
    "1d",
    "2d",
    "3d",
    "1d2h",
    "1w",
    "2w",
    "1mo",
    "1mo1w",
]
amounts = st.sampled_from(AMOUNTS).map(amount)
days_rules = st.sampled_from(["elapsed", "same-time", "end-of-day"])

# Policies

ONCE = ["first-response", "resolution", "workaround", "between"]
MEASURES = [*ONCE, "first-response", "resolution", "next-response", "next-response", "update-gap", "update-gap"]
STARTS = ["created", "reported", "assigned", "customer-reply", "vendor-reply", "workaround", "resolved", "reopened"]
STOPS = ["vendor-reply", "customer-reply", "vendor-update", "workaround", "resolved", "closed", "assigned", "reopened"]
SEVERITIES = {
    "S1": {"title": "Critical", "aliases": ["urgent", "p1"]},
    "S2": {"title": "Major", "aliases": ["high"]},
    "S3": {"title": "Minor", "aliases": ["low"]},
}
CHANNELS = ["phone", "email", "web"]
TYPES = ["hardware", "software"]


@dataclass(frozen=True)
class Draws:
    """What the parts of a policy may speak of."""

    calendars: list[str]

    @property
    def conditions(self) -> st.SearchStrategy[dict[str, Any]]:
        fields = st.sampled_from([
            {"channel": "email"}, {"channel": {"not": ["Email", "web"]}}, {"type": "hardware"},
            {"type": {"not": "hardware"}}, {"channel": ["phone", " EMAIL "], "type": "software"},
        ])  # fmt: skip
        key = st.sampled_from(["arrives-in", "arrives-outside", "starts-in", "starts-outside"])
        places = st.tuples(key, st.sampled_from(self.calendars)).map(lambda pair: {pair[0]: pair[1]})
        return st.one_of(fields, places, places, st.tuples(fields, places).map(lambda two: two[0] | two[1]))

    @property
    def field_conditions(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.sampled_from([
            {"channel": {"not": "web"}}, {"type": {"not": ["hardware"]}}, {"type": "software", "channel": CHANNELS},
        ])  # fmt: skip

    @property
    def rules(self) -> st.SearchStrategy[dict[str, Any]]:
        plain = {"within": st.sampled_from(AMOUNTS), "calendar": st.sampled_from(self.calendars)}
        return st.one_of(
            st.fixed_dictionaries(plain),
            st.fixed_dictionaries(plain),
            st.fixed_dictionaries(plain | {"when": self.conditions, "days": days_rules}),
        )


@st.composite
def clauses(draw: st.DrawFn, calendar_names: list[str]) -> dict[str, Any]:
    draws = Draws(calendar_names)
    measure = draw(st.sampled_from(MEASURES))
    clock: dict[str, Any] = {
        "pauses": draw(st.lists(st.sampled_from(["waiting", "hold", "open", "new"]), max_size=2, unique=True)),
        "severity": draw(st.sampled_from(["current", "initial", "highest", "held", "restart"])),
        "reopening": draw(st.sampled_from(["continues", "ignored", "restarts"])),
        "days": draw(days_rules),
    }
    if measure == "between":
        clock["starts"] = draw(st.lists(st.sampled_from(STARTS), min_size=1, max_size=2, unique=True))
        clock["stops"] = draw(st.lists(st.sampled_from(STOPS), min_size=1, max_size=3, unique=True))
    elif measure in ONCE and draw(st.integers(0, 3)) == 2:
        clock["stops"] = draw(st.lists(st.sampled_from(STOPS[:6]), min_size=1, max_size=3, unique=True))
    if draw(st.integers(0, 2)) == 1:
        entry = {"when": {"arrives-outside": draw(st.sampled_from(calendar_names))}}
        entry["next-opening"] = entry["when"]["arrives-outside"]
        if draw(st.booleans()):
            entry["when"] = draw(draws.field_conditions)
        clock["counts-from"] = [entry]
    targets = {
        severity: draw(st.lists(draws.rules, min_size=1, max_size=2)) for severity in SEVERITIES if not draw(seldom)
    }
    if "counts-from" in clock and draw(st.booleans()):
        calendar = clock["counts-from"][0]["next-opening"]
        key = draw(st.sampled_from(["arrives-in", "arrives-outside", "starts-in", "starts-outside"]))
        for severity, rules in targets.items():
            targets[severity] = [rules[0] | {"when": {key: calendar}}, *rules]
    clause: dict[str, Any] = {"measure": measure, "clock": clock, "targets": targets}
    if draw(seldom):
        clause["applies"] = draw(draws.field_conditions)
    if draw(seldom):
        clause["excludes"] = {"one": draw(draws.field_conditions)}
    return clause


@st.composite
def policies(draw: st.DrawFn, zone: str, near: int, most: int = 3) -> Policy:
    other = draw(st.sampled_from(ZONES))
    made = {"office": draw(calendars(zone, near)), "desk": draw(calendars(other, near))}
    names = ["office", "desk", "always"]
    count = draw(st.integers(1, most))
    return Policy.model_validate({
        "slaaudit": 1, "id": "acme", "vendor": "Acme", "title": "Acme support", "calendars": made,
        "severities": SEVERITIES,
        "clauses": {f"clause-{number}": draw(clauses(names)) for number in range(count)},
    })  # fmt: skip


# Evidence


@dataclass(frozen=True)
class Happening:
    """One event before it becomes a row: words are text."""

    at: int
    kind: Kind
    actor: Actor = Actor.SYSTEM
    value: str | None = None
    old: str | None = None
    who: str | None = None
    flags: int = 0


@dataclass(frozen=True)
class Story:
    """One ticket before it becomes rows."""

    created_at: int
    happenings: tuple[Happening, ...]
    severity: str | None = None
    fields: tuple[tuple[str, str | None], ...] = ()
    doubt: int = 0
    totals: tuple[tuple[str, int], ...] = ()


class Vocabulary:
    """Words to codes, in order of first use."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, word: str | None) -> int:
        return NONE if word is None else self.codes.setdefault(word, len(self.codes))

    def column(self, words: list[str | None]) -> Words:
        codes = np.array([self.code(word) for word in words], np.int32)
        return Words(codes, tuple(self.codes))


def evidence_of(stories: list[Story], order: list[int] | None = None) -> Evidence:
    """The stories as tables. ``order`` is the order of the events' rows, by default story by story."""
    words, severities = Vocabulary(), Vocabulary()
    rows = []
    for ticket, story in enumerate(stories):
        created = Happening(story.created_at, Kind.CREATED, Actor.CUSTOMER)
        rows += [_row(ticket, each, words, severities) for each in (created, *story.happenings)]
    if order is not None:
        rows = [rows[place] for place in order]
    columns = [list(column) for column in zip(*rows, strict=True)]
    kinds = (
        np.int32, np.int64, np.int8, np.int8, np.int32, np.int32, np.int32, np.int32, np.int16, np.int32, np.int8,
    )  # fmt: skip
    arrays = [np.array(column, kind) for column, kind in zip(columns, kinds[:9], strict=True)]
    row_numbers = np.arange(2, len(rows) + 2, dtype=np.int32)
    events = Events(*arrays, row_numbers, np.zeros(len(rows), np.int8))
    names = sorted({name for story in stories for name, _ in story.fields})
    tickets = Tickets(
        Vocabulary().column([f"T{number}" for number in range(len(stories))]),
        np.array([story.created_at for story in stories], np.int64),
        Vocabulary().column([story.severity for story in stories]),
        Vocabulary().column([None for _ in stories]),
        np.array([int(story.doubt) for story in stories], np.int32),
        {name: Vocabulary().column([dict(story.fields).get(name) for story in stories]) for name in names},
        {name: _total(name, stories) for name in sorted({name for story in stories for name, _ in story.totals})},
    )
    return Evidence(
        tickets, events, tuple(severities.codes), tuple(words.codes),
        (Source(0, "at", SECOND), Source(0, "created_at", MINUTE)), (), (), int(events.at.max()),
    )  # fmt: skip


def _total(name: str, stories: list[Story]) -> Total:
    lengths = [dict(story.totals).get(name, MISSING) for story in stories]
    return Total(np.array(lengths, np.int64), name, MINUTE, name == "hold_total")


def _row(ticket: int, happening: Happening, words: Vocabulary, severities: Vocabulary) -> tuple[int, ...]:
    def code(word: str | None) -> int:
        if happening.kind is Kind.STATUS:
            return NONE if word is None else int(State[word.upper()])
        return (severities if happening.kind is Kind.SEVERITY else words).code(word)

    return (
        ticket, happening.at, int(happening.kind), int(happening.actor), code(happening.value),
        code(happening.old), words.code(happening.value), words.code(happening.who),
        int(happening.kind is Kind.CREATED),
    )  # fmt: skip


GAPS = [
    [0, 0, 0, 1, SECOND, MINUTE, 30 * MINUTE, HOUR, HOUR, 3 * HOUR, 8 * HOUR, DAY, DAY, 3 * DAY],
    [0, 0, 0, HOUR],
    [0, 4 * HOUR, DAY],
]
STATES = ["new", "open", "open", "waiting", "hold", "resolved", "resolved", "closed"]
KINDS = [
    [
        Kind.STATUS, Kind.STATUS, Kind.STATUS, Kind.STATUS, Kind.SEVERITY, Kind.SEVERITY,
        Kind.REPLY, Kind.REPLY, Kind.REPLY, Kind.NOTE, Kind.ASSIGNED, Kind.WORKAROUND,
    ],
    [Kind.SEVERITY, Kind.SEVERITY, Kind.REPLY, Kind.NOTE],
    [Kind.SEVERITY, Kind.STATUS],
    [Kind.STATUS, Kind.REPLY],
    [Kind.STATUS, Kind.STATUS, Kind.REPLY, Kind.SEVERITY],
]  # fmt: skip
ACTORS = [Actor.CUSTOMER, Actor.CUSTOMER, Actor.VENDOR, Actor.VENDOR, Actor.VENDOR, Actor.SYSTEM]
TOTALS = [0, MINUTE, HOUR, 5 * HOUR, DAY, 4 * DAY]
WORDS = ["urgent", "S2", "low", "high", "P1", "s3"]


@dataclass(frozen=True)
class Oddities:
    """Which strange things may occur in a story."""

    unknown_actors: bool = False
    unknown_states: bool = False
    unknown_severities: bool = False
    cancelled: bool = True
    early: bool = False
    before: bool = False
    cleared: bool = False
    totals: bool = False
    doubts: tuple[Doubt, ...] = ()


PLAIN = Oddities()


@st.composite
def happenings(draw: st.DrawFn, kind: Kind, at: int, odd: Oddities, before: dict[Kind, str | None]) -> Happening:
    actor = draw(st.sampled_from(ACTORS + [Actor.UNKNOWN] * odd.unknown_actors))
    value = None
    if kind is Kind.STATUS:
        rare = ["cancelled"] * (odd.cancelled and draw(seldom))
        value = draw(st.sampled_from(rare or STATES + ["unknown", "unknown"] * odd.unknown_states))
    elif kind is Kind.SEVERITY:
        strange: list[str | None] = ["weird", "odd"] if odd.unknown_severities else []
        strange += [None] if odd.cleared else []
        value = draw(st.sampled_from([*WORDS, *strange]))
    elif kind is Kind.REPLY:
        value = draw(st.sampled_from([None, "hello"]))
    old = before.get(kind) if draw(st.booleans()) else None
    if kind in {Kind.STATUS, Kind.SEVERITY}:
        before[kind] = value
    return Happening(at, kind, actor, value, old if kind in {Kind.STATUS, Kind.SEVERITY} else None)


@st.composite
def stories(draw: st.DrawFn, near: int, odd: Oddities = PLAIN) -> Story:
    created = draw(instants(near))
    at, before = (
        created,
        {
            Kind.STATUS: draw(st.sampled_from(["new", "new", "open", "waiting"])),
            Kind.SEVERITY: draw(st.sampled_from(WORDS)),
        },
    )
    gaps, kinds = draw(st.sampled_from(GAPS)), draw(st.sampled_from(KINDS))
    found: list[Happening] = []
    if odd.before and draw(st.booleans()):
        kind = draw(st.sampled_from([Kind.STATUS, Kind.SEVERITY, Kind.NOTE, Kind.ASSIGNED, Kind.WORKAROUND]))
        earlier = created - draw(st.sampled_from([1, HOUR]))
        found.append(draw(happenings(kind, earlier, replace(odd, cancelled=False), before)))
    if odd.early and draw(st.booleans()):
        early = created - draw(st.sampled_from([1, 30 * SECOND, MINUTE, MINUTE + 1, HOUR]))
        found.append(Happening(early, Kind.REPLY, draw(st.sampled_from(ACTORS)), "early"))
    if draw(seldom):
        reported = created + draw(st.sampled_from([-3 * HOUR, -MINUTE, 0, HOUR]))
        found.append(Happening(reported, Kind.REPORTED, Actor.CUSTOMER))
    for _ in range(draw(st.integers(1, 14))):
        at += draw(st.sampled_from(gaps))
        found.append(draw(happenings(draw(st.sampled_from(kinds)), at, odd, before)))
        if draw(seldom):
            found.append(found[-1])
    fields = (
        ("channel", draw(st.sampled_from(["phone", "email", "E-Mail", " Web ", "web", None]))),
        ("type", draw(st.sampled_from(["hardware", "software", None]))),
    )
    doubt = Doubt(0)
    for each in odd.doubts:
        if draw(st.integers(0, 3)) == 2:
            doubt |= each
    severity = draw(st.sampled_from([*WORDS, None] if odd.cleared else WORDS))
    lengths = [(name, draw(st.sampled_from(TOTALS))) for name in TICKET_TOTALS if odd.totals and draw(st.booleans())]
    return Story(created, tuple(found), severity, fields, doubt, tuple(lengths))


@st.composite
def cases(draw: st.DrawFn, odd: Oddities = PLAIN, tickets: int = 3) -> tuple[Policy, Evidence, int]:
    """A policy, evidence, and an as-of."""
    zone, near = draw(switches)
    policy = draw(policies(zone, near))
    told = draw(st.lists(stories(near, odd), min_size=1, max_size=tickets))
    count = sum(len(story.happenings) + 1 for story in told)
    order = draw(st.permutations(range(count))) if draw(st.booleans()) else None
    evidence = evidence_of(told, order)
    late = draw(st.sampled_from([0, 0, HOUR, 5 * DAY, -HOUR, -2 * DAY]))
    return policy, evidence, max(evidence.latest + late, int(evidence.tickets.created_at.min()))
