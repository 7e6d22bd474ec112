"""Which incidents are outages under a clause, which are excluded and by what, and how much each weighs.

An absent or empty field never excludes: what a clause ``applies`` to passes, what it ``excludes`` does not match.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from slaaudit import conditions
from slaaudit.evidence.tables import MISSING, NONE, Codes, Instants, Mask, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.evidence.incidents import Incidents
    from slaaudit.policy.model import AvailabilityClause, Condition, Match, Policy

OUTAGE = -1
UNSEEN = -2  # it starts after as-of, or never lasts


@dataclass(frozen=True)
class Qualified:
    """What each incident is under one clause.

    ``why`` is ``OUTAGE``, ``UNSEEN`` or indexes ``exclusions``. ``weight`` indexes ``weights``. ``from_at`` and
    ``to_at`` are cut at as-of. ``unseen`` counts, by field, the incidents in which an empty field decided.
    """

    why: Codes
    from_at: Instants
    to_at: Instants
    weight: Codes
    weights: tuple[Fraction, ...]
    exclusions: tuple[str, ...]
    planned: Mask
    unseen: dict[str, int]
    open: int

    @property
    def is_outage(self) -> Mask:
        """The incidents that count."""
        counts: Mask = self.why == OUTAGE
        return counts


def qualified(
    clause: AvailabilityClause,
    policy: Policy,
    incidents: Incidents,
    as_of: int,
    calendars: Mapping[str, CompiledCalendar],
) -> Qualified:
    """Each incident under ``clause``: the first reason that excludes it, or none."""
    seen = incidents.started_at < as_of
    is_open = (incidents.ended_at == MISSING) | (incidents.ended_at > as_of)
    to_at = np.where(is_open, as_of, incidents.ended_at)
    seen &= to_at > incidents.started_at
    fields = _Fields(clause, policy, incidents)
    weight, weights = _weights(clause, fields, incidents)
    why = np.where(seen, OUTAGE, UNSEEN).astype(np.int32)
    names: list[str] = []
    unseen: dict[str, int] = {}

    def exclude(name: str, chosen: Mask) -> None:
        """Put aside what still counted."""
        if np.any(chosen & (why == OUTAGE)):
            why[chosen & (why == OUTAGE)] = len(names)
            names.append(name)

    for name, match in clause.applies.fields.items():
        yes, empty = fields.matched(name, match)
        exclude(f"does-not-apply: {name}", ~yes & ~empty)
        _count(unseen, name, empty & (why == OUTAGE))
    exclude("does-not-apply: its start", ~_placed(clause.applies, incidents.started_at, calendars))
    for name, condition in clause.excludes.items():
        matches = _placed(condition, incidents.started_at, calendars)
        for field, match in condition.fields.items():
            yes, empty = fields.matched(field, match)
            _count(unseen, field, empty & matches & (why == OUTAGE))
            matches &= yes
        exclude(name, matches)
    light = np.array([each == 0 for each in weights], np.bool_)[weight]
    exclude("weighs nothing", light)
    if clause.outage.affecting is not None:
        least = Fraction(clause.outage.affecting) / 100
        exclude("affects too few", np.array([each < least for each in weights], np.bool_)[weight])
    opened = int(np.count_nonzero(seen & is_open & (why == OUTAGE)))
    return Qualified(why, incidents.started_at, to_at, weight, weights, tuple(names), fields.planned(), unseen, opened)


def plans(condition: Condition) -> bool:
    """Whether an exclusion matches what is planned, so that scheduled maintenance is excluded by it.

    Other fields that it names do not stand in the way: a window of maintenance has none.
    """
    match = condition.fields.get("planned")
    return match is not None and bool(conditions.word_matches(match, ["true"])[0])


def _count(unseen: dict[str, int], name: str, chosen: Mask) -> None:
    if name == "planned":
        return  # what does not say that it was planned was not
    if number := int(np.count_nonzero(chosen)):
        unseen[name] = max(number, unseen.get(name, 0))


def _placed(condition: Condition, at: Instants, calendars: Mapping[str, CompiledCalendar]) -> Mask:
    rows = conditions.Rows(np.zeros(len(at), np.int32), at, at)
    return conditions.arrival_matched(condition, rows, calendars)


class _Fields:
    """The fields of incidents as one clause sees them: with what it assumes, severities by the policy's own ids."""

    def __init__(self, clause: AvailabilityClause, policy: Policy, incidents: Incidents) -> None:
        self.clause, self.policy, self.incidents = clause, policy, incidents

    def column(self, name: str) -> Words:
        """The column of a field; empty where there is none."""
        found = self.incidents.fields.get(name)
        words = found or Words(np.full(len(self.incidents), NONE, np.int32), ())
        vocabulary = [self.meaning(name, word) for word in words.words]
        assumed = self.clause.assumes.get(name)
        if assumed is None:
            return Words(words.codes, vocabulary)
        codes = np.where(words.codes == NONE, len(vocabulary), words.codes).astype(np.int32)
        return Words(codes, [*vocabulary, self.meaning(name, assumed)])

    def matched(self, name: str, match: Match) -> tuple[Mask, Mask]:
        """Where the field matches, and where it is empty."""
        column = self.column(name)
        wanted = match.model_copy(update={"words": tuple(self.meaning(name, word) for word in match.words)})
        return conditions.word_matches(wanted, column.words)[column.codes], column.codes == NONE

    def planned(self) -> Mask:
        """The incidents that were planned."""
        column = self.column("planned")
        return np.array([word.casefold() == "true" for word in column.words] + [False], np.bool_)[column.codes]

    def meaning(self, name: str, word: str) -> str:
        """A word as it is compared: a severity's id for any of its words."""
        return (self.policy.severity_named(word) or word) if name == "severity" else word


def _weights(clause: AvailabilityClause, fields: _Fields, incidents: Incidents) -> tuple[Codes, tuple[Fraction, ...]]:
    """How much each incident weighs: as the clause says of its words, else the share that it affected, else all."""
    weights: list[Fraction] = [Fraction(1), *(min(share, Fraction(1)) for share in incidents.shares)]
    weight = (incidents.share + 1).astype(np.int32)
    for name, stated in reversed(clause.weights.items()):
        column = fields.column(name)
        meant = {fields.meaning(name, word).strip().casefold(): Fraction(share) / 100 for word, share in stated.items()}
        codes = _codes_of(column.words, meant, weights)
        weight = np.where(codes[column.codes] >= 0, codes[column.codes], weight).astype(np.int32)
    return weight, tuple(weights)


def _codes_of(words: Sequence[str], meant: Mapping[str, Fraction], weights: list[Fraction]) -> Codes:
    """For each word the place of its weight among ``weights``, which grows by them; -1 for a word without one."""
    codes = []
    for word in words:
        share = meant.get(word.strip().casefold())
        if share is None:
            codes.append(-1)
        else:
            codes.append(len(weights))
            weights.append(share)
    return np.array([*codes, -1], np.int32)
