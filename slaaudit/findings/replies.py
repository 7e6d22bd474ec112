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
    import numpy.typing as npt

    from slaaudit.moments import Moments

_MANY = 20  # tickets of which one at least was answered, if the export shows replies at all


@dataclass(frozen=True)
class Replies:
    """Replies that are, or could be, the vendor's: somebody whom no mapping places may be the vendor's too.

    ``positions`` index the log. ``live`` marks tickets that were answered as they were logged. ``shown`` says of each
    source whether a reply would show in its export, ``newest_first`` of each file whether the newest rows stand first.
    """

    positions: Rows
    live: Mask
    shown: Mask
    newest_first: Mask
    files: Rows
    moments: Moments

    def silent(self, events: Rows) -> Mask:
        """Which of these events stand in a ticket and an export that would show a reply."""
        log = self.moments.timeline.log
        found: Mask = self.shown[log.source[events]] & ~self.live[log.ticket[events]]
        return found

    def by(self, events: Rows) -> Mask:
        """Whether there was a reply in the same ticket before each event, by the order of the log."""
        since = self.moments.timeline.first[self.moments.timeline.log.ticket[events]]
        found: Mask = self._before(events) > self.count(since)
        return found

    def within(self, length: int, events: Rows) -> Mask:
        """Whether the last reply before each event, in the same ticket, is at most so long before it."""
        log = self.moments.timeline.log
        last = np.append(self.positions, NONE)[self._before(events) - 1]
        found: Mask = self.by(events) & (log.at[events] - log.at[last] <= length)
        return found

    def _before(self, events: Rows) -> Rows:
        """How many replies lie before each event; those of its instant, too, where the newest rows stand first."""
        line = self.moments.timeline
        newest = self.newest_first[self.files[line.log.source[events]]]
        return self.count(np.where(newest, line.end_of_instant(events) + 1, events))

    def first(self, tickets: npt.NDArray[np.integer], *, vendors: bool = False) -> Rows:
        """The first reply of each ticket, or the first that is surely the vendor's; -1 where there is none."""
        line = self.moments.timeline
        positions = self.moments.positions(Happening.VENDOR_REPLY) if vendors else self.positions
        since, until = line.first[tickets], line.first[tickets + 1]
        found = np.append(positions, len(line.log))[self.moments.count_before(positions, since)]
        return np.where(found < until, found, NONE)

    def count(self, places: Rows) -> Rows:
        """How many replies lie before each place, in any ticket."""
        return self.moments.count_before(self.positions, places)


def replies(evidence: Evidence, moments: Moments, as_of: int, newest_first: Mask) -> Replies:
    """The replies of a log and what can be said where there are none; ``newest_first`` is of each file."""
    log = moments.timeline.log
    unknown = np.flatnonzero((log.kind == Kind.REPLY) & (log.actor == Actor.UNKNOWN))
    positions = moments.positions(Happening.VENDOR_REPLY)
    if len(unknown):
        positions = np.union1d(positions, unknown)
    files = np.array([source.file for source in evidence.sources] or [0], np.int64)
    shown = _would_show(evidence.whole, as_of)
    return Replies(positions, answered_live(evidence), shown, newest_first, files, moments)


def _would_show(whole: Evidence, as_of: int) -> Mask:
    """Of each source, whether a reply of the vendor's would show in it.

    One does where a ticket of its file was answered, whichever file tells that. A file of few tickets of which nobody
    was shows replies too if it is a log, or a list with a column for them.
    """
    if not whole.sources:
        return np.ones(1, np.bool_)
    events, files = whole.events, np.array([source.file for source in whole.sources], np.int64)
    answers = (events.kind == Kind.REPLY) & (events.actor == Actor.VENDOR) & (events.at <= as_of)
    answered = np.zeros(len(whole.tickets), np.bool_)
    answered[events.ticket[answers]] = True
    number = max(len(whole.inputs), int(files.max()) + 1)
    found = np.zeros(number, np.bool_)
    if number == 1:
        found[:] = answers.any()
    elif answers.any():
        found[files[events.source[answered[events.ticket]]]] = True
    for file in np.flatnonzero(~found).tolist():
        found[file] = _has_room(whole, file) and _is_small(whole, file, files)
    return found[files]


def _has_room(whole: Evidence, file: int) -> bool:
    """Whether a reply has a place in a file: in any log, and in a list with a column for the first one."""
    is_log = not whole.inputs or whole.inputs[file].role == EVENTS
    return is_log or any(source.file == file and source.moment == "first_response_at" for source in whole.sources)


def _is_small(whole: Evidence, file: int, files: Rows) -> bool:
    """Whether a file is of few tickets: that none of them was answered then says little of the file."""
    own = files[whole.events.source] == file
    return len(np.unique(whole.events.ticket[own])) < _MANY
