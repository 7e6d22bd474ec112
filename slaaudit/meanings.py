"""The meanings that readings give a clause, told apart only where they can differ for a ticket.

Two combinations of choices mean the same to a ticket where the parts of the clause that can touch it are equal and
where the calendars they name have the same open hours over the evidence, whatever their names and zones.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from slaaudit.business_time import CompiledCalendar, Room, compile_calendar
from slaaudit.evidence.tables import Doubt, State
from slaaudit.ground import Ground, Vocabulary
from slaaudit.moments import Happening, happenings
from slaaudit.policy.model import TicketClause
from slaaudit.timeline import severity_words

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.model import Calendar
    from slaaudit.policy.variants import ClauseReadings, Variant
    from slaaudit.timeline import Timeline

Kinds = npt.NDArray[np.int64]
WAITED, HELD, REOPENED, ANYTHING = 1, 2, 4, 8
_FIRST_SEVERITY = 4  # the bit of "no severity"; above it one bit for each severity word that the ticket has held
_MOST_SEVERITIES = 56
_HARMLESS = Doubt.NO_STATUS_HISTORY | Doubt.NO_SEVERITY_HISTORY | Doubt.VENDOR_CREATED
_SILENT = ("title", "section", "binding", "why", "attainment")  # what no verdict depends on


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
    found[(evidence.tickets.doubt & ~_HARMLESS) != 0] |= WAITED | HELD | REOPENED
    for total in evidence.tickets.totals.values():
        found[total.micros > 0] |= WAITED | HELD  # whichever of the two it sums: the other may be what is missing
    if len(line.severities) >= _MOST_SEVERITIES:
        return found | ANYTHING
    held = np.int64(1) << (line.severity.astype(np.int64) + 1 + _FIRST_SEVERITY)
    np.bitwise_or.at(found, log.ticket, held)
    return found


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
        self._texts = [json.dumps(variant.body) for variant in readings.variants]
        self._bodies = {text: one.body for text, one in zip(self._texts, readings.variants, strict=True) if one.body}
        calendars = {variant.around.get("calendars", "{}") for variant in readings.variants}
        self._names = sorted({"always", *(name for written in calendars for name in json.loads(written))})
        self._usual_severities = readings.variants[0].around.get("severities")
        self._digests: dict[str, dict[str, str]] = {}
        self.groups = cache(self._groups)
        self.ground = cache(self._ground)

    def _groups(self, kind: int) -> npt.NDArray[np.int64]:
        """For each variant a number; those of one number mean the same to tickets of this kind."""
        numbers: dict[tuple[object, ...], int] = {}
        felt = {text: self._felt(body, kind) for text, body in self._bodies.items()}
        keys = (
            self._key(variant, text, felt[text]) if text in felt else ()
            for variant, text in zip(self.readings.variants, self._texts, strict=True)
        )
        return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)

    def _ground(self, place: int) -> Ground | None:
        """The ground of one variant; None where it promises no time there, or contradicts itself."""
        variant = self.readings.variants[place]
        policy = variant.policy if variant.has_targets else None
        if policy is None:
            return None
        compiled = {name: self._compiled(calendar) for name, calendar in policy.calendars.items()}
        loaded = replace(self._loaded, policy=policy)
        return Ground((loaded,), (compiled,), tuple(compiled), Vocabulary(), policy.matched_fields, self._as_of)

    def is_possible(self, place: int) -> bool:
        """Whether the readings of a variant can hold together."""
        variant = self.readings.variants[place]
        return variant.body is None or variant.policy is not None

    def _felt(self, body: dict[str, Any], kind: int) -> tuple[str, tuple[str, ...]]:
        """What tickets of this kind can feel of a clause, as text, and the calendars that it can name."""
        felt = {key: value for key, value in body.items() if key not in _SILENT}
        text = json.dumps(felt if kind & ANYTHING else self._narrowed(felt, kind))
        return text, tuple(name for name in self._names if json.dumps(name)[1:-1] in text)

    def _key(self, variant: Variant, text: str, felt: tuple[str, tuple[str, ...]]) -> tuple[object, ...]:
        """All of a variant that tickets of one kind can feel."""
        hours = self._hours(variant)
        around = variant.around
        names = felt[1]
        if around.get("severities") == self._usual_severities:
            text = felt[0]
        else:  # then a word may mean another severity
            names = tuple(hours)
        zone = around.get("timezone") if "effective" in around else None
        return (text, *(hours.get(name) for name in names), around.get("effective"), zone, around.get("severities"))

    def _narrowed(self, body: dict[str, Any], kind: int) -> dict[str, Any]:
        """The clause less what a ticket of these severities, in these states, cannot feel."""
        clock = dict(body.get("clock") or {})
        held = [code for code in range(len(self._severities) + 1) if kind >> (code + _FIRST_SEVERITY) & 1]
        if len(held) == 1:
            clock.pop("severity", None)
        if not kind & REOPENED:
            clock.pop("reopening", None)
        pauses = clock.pop("pauses", None) or []
        unseen = {state for state, bit in (("waiting", WAITED), ("hold", HELD)) if not kind & bit}
        paused = sorted({*([pauses] if isinstance(pauses, str) else pauses)} - unseen)
        names = {self._loaded.policy.severity_named(self._severities[code - 1]) for code in held if code}
        targets = body.get("targets") or {}
        felt = {name: target for name, target in targets.items() if name in names}
        return {**body, "clock": clock, "pauses": paused, "targets": felt}

    def _hours(self, variant: Variant) -> dict[str, str]:
        """A digest of each calendar's open hours."""
        key = variant.around.get("calendars", "")
        if key not in self._digests:
            policy = variant.policy
            if policy is None:  # contradictory, perhaps in its calendars: it stands alone
                return {"": str(id(variant))}
            self._digests[key] = {name: _digest(self._compiled(one)) for name, one in policy.calendars.items()}
        return self._digests[key]

    def _compiled(self, calendar: Calendar) -> CompiledCalendar:
        key = repr(calendar)
        if key not in self._known:
            self._known[key] = compile_calendar(calendar, self._first, self._last, self._room)
        return self._known[key]

    def _needed_room(self) -> Room:
        """Room enough for the longest target under any reading."""
        room, seen = Room(), set[str]()
        for variant in self.readings.variants:
            key = json.dumps((variant.body or {}).get("targets"))
            if key in seen or variant.body is None or variant.policy is None:
                continue
            seen.add(key)
            clause = variant.policy.clauses[self.readings.clause]
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
