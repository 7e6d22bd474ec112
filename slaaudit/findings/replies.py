"""What an export shows of the vendor's replies, for the signs that rest on there being none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.case import answered_live
from slaaudit.evidence.fields import EVENTS
from slaaudit.evidence.tables import NONE, Actor, Evidence, Kind, Mask, Rows
from slaaudit.moments import Happening

if TYPE_CHECKING:
    from slaaudit.moments import Moments

_MANY = 20  # tickets of which one at least was answered, if the export shows replies at all


@dataclass(frozen=True)
class Replies:
    """Replies that are, or could be, the vendor's: somebody whom no mapping places may be the vendor's too.

    ``positions`` index the log. ``live`` marks tickets that were answered as they were logged. ``shown`` says of each
    source whether a reply would show in its export.
    """

    positions: Rows
    live: Mask
    shown: Mask
    moments: Moments

    def silent(self, events: Rows) -> Mask:
        """Which of these events stand in a ticket and an export that would show a reply."""
        log = self.moments.timeline.log
        found: Mask = self.shown[log.source[events]] & ~self.live[log.ticket[events]]
        return found

    def by(self, events: Rows) -> Mask:
        """Whether there was a reply in the same ticket before each event, by the order of the log."""
        since = self.moments.timeline.first[self.moments.timeline.log.ticket[events]]
        found: Mask = self.count(events) > self.count(since)
        return found

    def within(self, length: int, events: Rows) -> Mask:
        """Whether the last reply before each event, in the same ticket, is at most so long before it."""
        log = self.moments.timeline.log
        last = np.append(self.positions, NONE)[self.count(events) - 1]
        found: Mask = self.by(events) & (log.at[events] - log.at[last] <= length)
        return found

    def count(self, places: Rows) -> Rows:
        """How many replies lie before each place, in any ticket."""
        return self.moments.count_before(self.positions, places)


def replies(evidence: Evidence, moments: Moments, as_of: int) -> Replies:
    """The replies of a log and what can be said where there are none."""
    log = moments.timeline.log
    unknown = np.flatnonzero((log.kind == Kind.REPLY) & (log.actor == Actor.UNKNOWN))
    positions = moments.positions(Happening.VENDOR_REPLY)
    if len(unknown):
        positions = np.union1d(positions, unknown)
    return Replies(positions, answered_live(evidence), _would_show(evidence.whole, as_of), moments)


def _would_show(whole: Evidence, as_of: int) -> Mask:
    """Of each source, whether a reply of the vendor's would show in it.

    All do where any file shows one. Where none does, lists and snapshots show none, and a log of many tickets in which
    nobody was ever answered shows none either.
    """
    events = whole.events
    answers = (events.kind == Kind.REPLY) & (events.actor == Actor.VENDOR) & (events.at <= as_of)
    if answers.any() or not whole.sources:
        return np.ones(max(len(whole.sources), 1), np.bool_)
    if len(whole.tickets) >= _MANY:
        return np.zeros(len(whole.sources), np.bool_)
    return np.array([not whole.inputs or whole.inputs[source.file].role == EVENTS for source in whole.sources])
