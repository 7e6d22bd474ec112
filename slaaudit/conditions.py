"""Conditions of a policy held against tickets, in three values: matches, does not, or cannot be seen.

A field that is absent or empty leaves a condition unseen, unless another of its parts already fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slaaudit.evidence.tables import NONE, Codes, Instants, Mask, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slaaudit.business_time import CompiledCalendar
    from slaaudit.evidence.tables import Tickets
    from slaaudit.policy.model import Condition, Match

Bits = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Matched:
    """The outcome for each row: ``yes``; or neither yes nor no, where ``unseen`` names the fields that decide.

    ``unseen`` has bit i set for ``Fields.names[i]``. A row that is not ``yes`` and has no bit does not match.
    """

    yes: Mask
    unseen: Bits

    @property
    def no(self) -> Mask:
        """Rows that do not match, whatever an unseen field may hold."""
        found: Mask = ~self.yes & (self.unseen == 0)
        return found


@dataclass(frozen=True)
class Fields:
    """The tickets' fields by name; ``names`` are those that the policies' conditions ask for."""

    tickets: Tickets
    names: tuple[str, ...]

    def column(self, name: str) -> Words | None:
        """The column of a field, or None where the export has none."""
        own = {"severity": self.tickets.severity, "status": self.tickets.status}
        return self.tickets.fields.get(name) or own.get(name)

    def bit(self, name: str) -> int:
        """The bit that stands for a field in ``unseen``."""
        return 1 << self.names.index(name)


@dataclass(frozen=True)
class Rows:
    """What a condition may look at, one entry a clock: its ticket, its own start and its moved start."""

    ticket: Codes
    own_start: Instants
    start: Instants


def matched(condition: Condition, rows: Rows, fields: Fields, calendars: Mapping[str, CompiledCalendar]) -> Matched:
    """Which rows match all parts of ``condition``."""
    result = fields_matched(condition.fields, rows.ticket, fields)
    placed = arrival_matched(condition, rows, calendars)
    return Matched(result.yes & placed, np.where(placed, result.unseen, 0))


def arrival_matched(condition: Condition, rows: Rows, calendars: Mapping[str, CompiledCalendar]) -> Mask:
    """Which rows start where ``condition`` says, whatever it says of fields."""
    placed = np.ones(len(rows.ticket), np.bool_)
    for name, instants, inside in (
        (condition.arrives_in, rows.own_start, True),
        (condition.arrives_outside, rows.own_start, False),
        (condition.starts_in, rows.start, True),
        (condition.starts_outside, rows.start, False),
    ):
        if name is not None:
            placed &= calendars[name].is_open(instants) == inside
    return placed


def fields_matched(matches: Mapping[str, Match], ticket: Codes, fields: Fields) -> Matched:
    """Which rows match every field of ``matches``."""
    failed = np.zeros(len(ticket), np.bool_)
    unseen = np.zeros(len(ticket), np.int64)
    for name, match in matches.items():
        column = fields.column(name)
        if column is None:
            unseen |= fields.bit(name)
            continue
        codes = column.codes[ticket]
        failed |= ~word_matches(match, column.words)[codes] & (codes != NONE)
        if np.any(codes == NONE):
            unseen |= np.where(codes == NONE, fields.bit(name), 0)
    return Matched(~failed & (unseen == 0), np.where(failed, 0, unseen))


def word_matches(match: Match, words: Sequence[str]) -> Mask:
    """Whether each word of a vocabulary matches; the entry after the last stands for an empty field."""
    wanted = {word.strip().casefold() for word in match.words}
    return np.array([(word.strip().casefold() in wanted) != match.negated for word in words] + [False], np.bool_)
