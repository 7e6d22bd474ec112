"""The meanings that readings give a clause, told apart only where they can differ for a ticket.

Two combinations of choices mean the same to a ticket where the parts of the clause that can touch it are equal and
where the calendars they name have the same open hours over the evidence, whatever their names and zones.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from slaaudit.breaches import HARMLESS, Excluding, excluded_tickets, excluding
from slaaudit.compiling import Room, compile_calendar
from slaaudit.conditions import Fields
from slaaudit.evidence.tables import NONE, State
from slaaudit.ground import Ground, Vocabulary
from slaaudit.moments import Happening, happenings
from slaaudit.policy.model import TicketClause
from slaaudit.policy.written import CONDITION_KEYS
from slaaudit.timeline import severity_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.model import Calendar
    from slaaudit.policy.variants import ClauseReadings, Variant
    from slaaudit.timeline import Timeline

Kind = tuple[int, int]
"""What can matter to a ticket, and which rules exclude it, as bits."""
Kinds = npt.NDArray[np.int64]
WAITED, HELD, REOPENED, ANYTHING = 1, 2, 4, 8
_FIRST_SEVERITY = 4  # the bit of "no severity"; above it one bit for each severity word that the ticket has held
_MOST_SEVERITIES = 56
_MOST_RULES = 62
NOTHING = 0
"""The group of all that finds no breach whatever happened."""


def kinds(evidence: Evidence, line: Timeline) -> Kinds:
    """What can matter to each ticket, as bits: pauses, reopenings, the severities it held.

    Where a status has no known meaning, or the evidence leaves the end open, it may have paused or been reopened; where
    a list totals its waiting, it did pause, though nothing shows when.
    """
    log = line.log
    found = np.zeros(len(line.created), np.int64)

    def mark(events: npt.NDArray[np.bool_], bit: int) -> None:
        np.bitwise_or.at(found, log.ticket[events], bit)

    for state, bit in ((State.WAITING, WAITED), (State.HOLD, HELD), (State.UNKNOWN, WAITED | HELD | REOPENED)):
        mark((line.state == state) | (line.before == state), bit)
    mark((happenings(line) & Happening.REOPENED) != 0, REOPENED)
    found[(evidence.tickets.doubt & ~HARMLESS) != 0] |= WAITED | HELD | REOPENED
    for total in evidence.tickets.totals.values():
        found[total.micros > 0] |= WAITED | HELD  # whichever of the two it sums: the other may be what is missing
    if len(line.severities) >= _MOST_SEVERITIES:
        return found | ANYTHING
    held = np.int64(1) << (line.severity.astype(np.int64) + 1 + _FIRST_SEVERITY)
    np.bitwise_or.at(found, log.ticket, held)
    return found


@dataclass(frozen=True)
class _Body:
    """A clause taken apart by what of it a ticket can feel.

    ``excluding`` is what it says of the tickets that it is about; ``rest`` what every other ticket feels. ``named``
    are the calendars that ``rest`` can name, ``named_by`` those of each severity's target.
    """

    excluding: str
    full: str
    rest: str
    severity: str
    reopening: str
    pauses: frozenset[str]
    targets: dict[str, str]
    named: frozenset[str]
    named_by: dict[str, frozenset[str]]

    def felt(self, kind: int, held: Sequence[int], names: Sequence[str | None]) -> tuple[object, ...]:
        """What a ticket of a kind that held some severities, of these names, can tell apart."""
        unseen = {state for state, bit in (("waiting", WAITED), ("hold", HELD)) if not kind & bit}
        return (
            self.rest,
            self.severity if len(held) > 1 else "",
            self.reopening if kind & REOPENED else "",
            self.pauses - unseen,
            tuple(self.targets.get(name, "") if name else "" for name in names),
        )

    def calendars(self, names: Sequence[str | None]) -> frozenset[str]:
        """The calendars that such a ticket can meet."""
        return self.named.union(*(self.named_by.get(name, frozenset()) for name in names if name))


def _body(clause: dict[str, Any], calendars: Sequence[str]) -> _Body:
    felt = dict(clause)
    applies, excludes = dict(felt.pop("applies", None) or {}), felt.pop("excludes", None) or {}
    arrival = {key: applies.pop(key) for key in CONDITION_KEYS if key in applies}
    full = json.dumps([felt, arrival])
    clock, targets = dict(felt.pop("clock", None) or {}), felt.pop("targets", None) or {}
    severity, reopening = (json.dumps(clock.pop(key, None)) for key in ("severity", "reopening"))
    pauses = clock.pop("pauses", None) or []
    rest = json.dumps([felt, arrival, clock])
    written = {name: json.dumps(target) for name, target in targets.items()}

    def named(text: str) -> frozenset[str]:
        return frozenset(name for name in calendars if json.dumps(name)[1:-1] in text)

    return _Body(
        json.dumps([applies, list(excludes.values())]), full, rest, severity, reopening,
        frozenset([pauses] if isinstance(pauses, str) else pauses), written, named(rest),
        {name: named(text) for name, text in written.items()},
    )  # fmt: skip


class Meanings:
    """The meanings of one clause over the span of some evidence."""

    def __init__(self, loaded: LoadedPolicy, readings: ClauseReadings, evidence: Evidence, as_of: int) -> None:
        self.readings = readings
        self._loaded = loaded
        self._severities = severity_words(evidence)[0]
        self._as_of = as_of
        at = evidence.events.at
        self._first = min(int(at.min(initial=as_of)), as_of)
        self._last = max(int(at.max(initial=as_of)), as_of)
        self._room = self._needed_room()
        self._known: dict[str, CompiledCalendar] = {}
        self._same: dict[int, CompiledCalendar] = {}  # the variants keep their calendars alive
        self._digests: dict[int, str] = {}
        self._lay_apart()
        self.groups = cache(self._groups)
        self.ground = cache(self._ground)

    def _lay_apart(self) -> None:
        """Bodies and surroundings of the variants, each once, and the place of each variant's own."""
        variants = self.readings.variants
        calendars = {one.around.get("calendars", "{}") for one in variants}
        names = sorted({"always", *(name for written in calendars for name in json.loads(written))})
        usual = variants[0].around.get("severities")
        places: dict[str, int] = {}
        around: dict[tuple[str | None, ...], int] = {}
        self._bodies: list[_Body] = []
        self._body_of = np.full(len(variants), NONE, np.int64)
        self._around_of = np.zeros(len(variants), np.int64)
        self._around: list[Variant] = []
        self._is_usual: list[bool] = []
        self.is_possible = np.array([one.is_possible for one in variants], np.bool_)
        self._rules: dict[str, Excluding | None] = {}
        for place, one in enumerate(variants):
            if one.body is None or not one.is_possible or not one.has_targets:
                continue
            if one.text not in places:
                places[one.text] = len(self._bodies)
                self._bodies.append(_body(one.body, names))
                self._learn_rule(self._bodies[-1], one)
            self._body_of[place] = places[one.text]
            key = tuple(one.around.get(name) for name in ("calendars", "severities", "effective", "timezone"))
            if key not in around:
                around[key] = len(self._around)
                self._around.append(one)
                self._is_usual.append(one.around.get("severities") == usual)
            self._around_of[place] = around[key]

    def _learn_rule(self, body: _Body, variant: Variant) -> None:
        """Remember how a body excludes tickets by their fields."""
        clause = variant.policy.clauses[self.readings.clause] if variant.policy else None
        self._rules.setdefault(body.excluding, excluding(clause) if isinstance(clause, TicketClause) else None)

    def excluded(self, evidence: Evidence) -> Kinds:
        """Which of the clause's ways to exclude tickets by their fields exclude each ticket, as bits."""
        found = np.zeros(len(evidence.tickets), np.int64)
        for bit, rule in enumerate(self._rules.values() if self._tells_rules else ()):
            if rule is not None:
                names = tuple(dict.fromkeys(name for matches in (rule[0], *rule[1]) for name in matches))
                found |= excluded_tickets(rule, Fields(evidence.tickets, names)).astype(np.int64) << bit
        return found

    @property
    def _tells_rules(self) -> bool:
        """Whether there are few enough ways to exclude tickets for a bit each."""
        return len(self._rules) <= _MOST_RULES

    def _groups(self, kind: Kind) -> npt.NDArray[np.int64]:
        """For each variant a number; those of one number mean the same to tickets of this kind.

        ``NONE`` for choices that contradict each other. A clause that is not there, promises nothing or takes the
        tickets out is all the same: number 0.
        """
        held = [code for code in range(len(self._severities) + 1) if kind[0] >> (code + _FIRST_SEVERITY) & 1]
        named = [self._loaded.policy.severity_named(self._severities[code - 1]) if code else None for code in held]
        bits = {text: bit for bit, text in enumerate(self._rules)} if self._tells_rules else {}
        is_out = np.array([kind[1] >> bits.get(one.excluding, 0) & 1 for one in self._bodies] + [1], np.bool_)
        plain = not kind[0] & ANYTHING
        felt: dict[tuple[object, ...], int] = {}

        def number(one: _Body, *, narrow: bool) -> int:
            rule = () if self._tells_rules else (one.excluding,)
            said = one.felt(kind[0], held, named) if narrow else (one.full,)
            return felt.setdefault((*said, *rule), len(felt))

        usual = [number(one, narrow=plain) for one in self._bodies]
        other = usual if all(self._is_usual) else [number(one, narrow=False) for one in self._bodies]
        by_body = np.array([[*other, NONE], [*usual, NONE]], np.int64)
        is_usual = np.array([*self._is_usual, True], np.int64)
        pair = by_body[is_usual[self._around_of], self._body_of] * len(self._around) + self._around_of
        pairs, first, which = np.unique(pair, return_index=True, return_inverse=True)
        numbers: dict[tuple[object, ...], int] = {(): NOTHING}
        found = np.zeros(len(pairs), np.int64)
        for at, place in enumerate(first.tolist()):
            body, around = int(self._body_of[place]), int(self._around_of[place])
            if body != NONE:
                narrow = plain and self._is_usual[around]
                calendars = self._bodies[body].calendars(named) if narrow else None
                key = (pairs[at] // len(self._around), self._hours(around, calendars), *self._beside(around))
                found[at] = numbers.setdefault(key, len(numbers))
        groups = np.where(is_out[self._body_of], NOTHING, found[which])
        groups[~self.is_possible] = NONE
        return groups

    def _beside(self, around: int) -> tuple[str | None, ...]:
        """What else of a variant's surroundings tickets can feel."""
        said = self._around[around].around
        return said.get("effective"), said.get("timezone") if "effective" in said else None, said.get("severities")

    def _hours(self, around: int, names: frozenset[str] | None) -> tuple[str | None, ...]:
        """Digests of the open hours of some calendars; of all where none are named."""
        policy = self._around[around].policy
        calendars = policy.calendars if policy else {}
        wanted = calendars if names is None else sorted(names)
        return tuple(self._digest(calendars[name]) if name in calendars else None for name in wanted)

    def _digest(self, calendar: Calendar) -> str:
        """One text for all calendars with the same open hours, days and wall clock."""
        if id(calendar) not in self._digests:
            self._digests[id(calendar)] = _digest(self._compiled(calendar))
        return self._digests[id(calendar)]

    def _ground(self, place: int) -> Ground | None:
        """The ground of one variant; None where it promises no time there, or contradicts itself."""
        variant = self.readings.variants[place]
        policy = variant.policy if variant.has_targets else None
        if policy is None:
            return None
        compiled = {name: self._compiled(calendar) for name, calendar in policy.calendars.items()}
        loaded = replace(self._loaded, policy=policy)
        return Ground((loaded,), (compiled,), tuple(compiled), Vocabulary(), policy.matched_fields, self._as_of)

    def _compiled(self, calendar: Calendar) -> CompiledCalendar:
        if id(calendar) not in self._same:
            key = repr(calendar)
            if key not in self._known:
                self._known[key] = compile_calendar(calendar, self._first, self._last, self._room)
            self._same[id(calendar)] = self._known[key]
        return self._same[id(calendar)]

    def _needed_room(self) -> Room:
        """Room enough for the longest target under any reading."""
        room = Room()
        for variant in {one.text: one for one in self.readings.variants if one.is_possible}.values():
            clause = variant.policy.clauses.get(self.readings.clause) if variant.policy else None
            if isinstance(clause, TicketClause):
                for rule in (rule for rules in clause.targets.values() for rule in rules):
                    room |= Room.for_amount(rule.within)
        return room


def _digest(calendar: CompiledCalendar) -> str:
    """One text for all calendars with the same open hours, days and wall clock."""
    days, zone = calendar.days, calendar.offsets
    arrays = (calendar.opens, calendar.closes, days.day, days.opens, days.closes, days.open_days, days.last_close,
              zone.since, zone.offset)  # fmt: skip
    found = hashlib.sha256(str((calendar.always, calendar.day_length)).encode())
    for array in arrays:
        found.update(str(len(array)).encode() + np.ascontiguousarray(array).tobytes())
    return found.hexdigest()
