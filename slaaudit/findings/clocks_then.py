"""Clocks as they stood right before an event: the same measurement, of the ticket's record up to there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Evidence, Rows
from slaaudit.moments import Moments, happenings
from slaaudit.results import Measurements, Verdict
from slaaudit.shard import measured_tickets
from slaaudit.timeline import Timeline
from slaaudit.totals import used_share

if TYPE_CHECKING:
    from slaaudit.ground import Ground


@dataclass(frozen=True)
class Then:
    """The open clocks right before some events.

    ``event`` indexes the positions asked about; ``used`` is the share of the target in hundredths of a percent, and
    ``over`` marks those that had passed it. ``rows`` are the measurements; their ``ticket`` is ``event`` again.
    """

    rows: Measurements
    event: Rows
    used: Rows
    over: np.ndarray


def clocks_before(positions: Rows, evidence: Evidence, line: Timeline, ground: Ground) -> Then:
    """The clocks with a target that were open right before each of the events at ``positions``."""
    cut = _up_to(positions, line)
    tickets = line.log.ticket[positions].astype(np.int64)
    copies = replace(evidence, tickets=evidence.tickets.take(tickets), events=cut.log)
    rows, _ = measured_tickets(copies, Moments(cut, happenings(cut)), ground)
    running = (rows.verdict == Verdict.RUNNING) | (rows.verdict == Verdict.BREACHED)
    rows = rows.take(running & (rows.stopped_at == MISSING) & (rows.target != MISSING))
    return Then(rows, rows.ticket.astype(np.int64), used_share(rows), rows.elapsed > rows.target)


def _up_to(positions: Rows, line: Timeline) -> Timeline:
    """A timeline with a ticket for each position: what its ticket's log holds before it, seen at its instant.

    States and severities are those of the whole timeline, which knows what a ticket began with.
    """
    ticket = line.log.ticket[positions]
    since = line.first[ticket]
    count = positions - since
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    at = np.repeat(since - first[:-1], count) + np.arange(first[-1])
    log = replace(line.log.take(at), ticket=np.repeat(np.arange(len(positions), dtype=np.int32), count))
    created = line.created[ticket]
    known = (created != NONE) & (created < positions)
    return Timeline(
        log=log,
        first=first,
        created=np.where(known, created - since + first[:-1], NONE),
        before=line.before[at],
        state=line.state[at],
        severity=line.severity[at],
        severities=line.severities,
        ends=line.log.at[positions],
        early_reply=line.early_reply[ticket],
        as_of=line.as_of,
        merged=0,
        later=0,
    )
