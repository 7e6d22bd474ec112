"""What an audit gives, as columns: measurements, their worksheets, and the totals over them.

Instants and lengths are int64 microseconds, ``MISSING`` where there is none. Codes are -1 where there is none.
Sentences about any of this are made in ``report``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from slaaudit.evidence.tables import Codes, Instants, Rows, Small, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    import numpy as np
    import numpy.typing as npt

    from slaaudit.policy.waivers import Waiver


class Verdict(IntEnum):
    """What became of one measurement. The names are those of reports, in lower case and with hyphens."""

    MET = 0
    BREACHED = 1
    RUNNING = 2
    SUPERSEDED = 3
    NO_TARGET = 4
    EXCLUDED = 5
    UNKNOWN = 6


class Caveat(IntFlag):
    """Where the evidence is thinner than the verdict needs. ``field-unseen`` names its fields apart."""

    PAUSES_UNSEEN = 1
    SEVERITY_UNSEEN = 2
    REOPENING_UNSEEN = 4
    ANSWERED_LIVE = 8
    FIELD_UNSEEN = 16
    TO_THE_MINUTE = 32
    LOCAL_TIME_AMBIGUOUS = 64
    PAUSE_BOUNDED = 128  # the export tells how long it paused in all, not when; that much cannot change the verdict


class Reason(IntEnum):
    """Why a measurement is excluded or unknown. ``about`` is the word, rule or field that the reason speaks of."""

    NONE = 0
    DOES_NOT_APPLY = 1  # excluded: about = the field of the clause's `applies` that does not match
    EXCLUSION = 2  # excluded: about = the name of the clause's exclusion
    CANCELLED = 3  # excluded: about = the status word
    NOT_IN_FORCE = 4  # excluded: created outside every policy's effective span
    NO_SEVERITY = 5
    SEVERITY_UNKNOWN = 6  # about = the word
    STATUS_UNKNOWN = 7  # about = the word
    ACTOR_UNKNOWN = 8  # about = the name, or -1 where the export names nobody
    FINISHED_UNDATED = 9
    CLOSED_UNDATED = 10
    REOPENED_UNDATED = 11
    STOP_BEFORE_START = 12
    REPLY_BEFORE_CREATION = 13
    NO_CREATION = 14
    CONFLICTING_ROWS = 15
    PAUSE_UNPLACED = 16  # about = the columns that total the waiting which may have kept the target


class Why(IntEnum):
    """Why a row of a worksheet counts, or does not."""

    RUNS = 0
    PAUSED = 1  # the clause pauses in this state
    FINISHED = 2  # the clock does not run while the ticket is finished
    NOT_COUNTED_YET = 3  # the start counts from a later opening
    CLOSED_HOURS = 4  # only where a worksheet is cut at a calendar's edges
    CLOSED_DAY = 5  # likewise: a holiday or a closed date
    PAUSE_TOTAL = 6  # takes off the pauses of which only the total is known; a row of no length


@dataclass(frozen=True)
class Measurements(Table):
    """One row a clock that ran: ordered by ticket, then clause, then cycle.

    ``ticket`` indexes ``Evidence.tickets``; ``policy`` indexes ``Audit.policies``; ``clause`` and ``severity`` index
    the policy's clauses and severities in their order; ``calendar`` indexes ``Audit.calendars``, ``rule`` the clause's
    rules for that severity; ``about`` indexes ``Audit.words``. ``own_start_at`` is the moment that started the clock,
    ``started_at`` the same as ``counts-from`` may have moved it. ``start_event`` and ``stop_event`` index
    ``Audit.log``. ``caveats`` are ``Caveat`` bits; ``unseen`` has bit i set for ``Audit.fields[i]``. ``paused_most`` is
    the most that the clock can have paused where the export tells totals of waiting instead of pauses; ``paused`` is
    then the least.
    """

    ticket: Codes
    policy: Small
    clause: npt.NDArray[np.int16]
    cycle: Codes
    severity: npt.NDArray[np.int16]
    verdict: Small
    reason: Small
    about: Codes
    calendar: npt.NDArray[np.int16]
    rule: Small
    own_start_at: Instants
    started_at: Instants
    stopped_at: Instants
    due_at: Instants
    target: Instants
    elapsed: Instants
    paused: Instants
    paused_most: Instants
    caveats: Codes
    unseen: Rows
    start_event: Rows
    stop_event: Rows


@dataclass(frozen=True)
class Worksheet(Table):
    """The rows whose ``took`` add up to a measurement's elapsed time, in order of time within a measurement.

    ``measurement`` indexes ``Measurements``. ``took`` is the open time that the row counts (below zero where it takes
    off a total of pauses), ``total`` the running sum after it. ``event`` indexes ``Audit.log``: the event that put the
    ticket into this state or severity.
    """

    measurement: Rows
    from_at: Instants
    to_at: Instants
    state: Small
    severity: npt.NDArray[np.int16]
    why: Small
    took: Instants
    total: Instants
    event: Rows


@dataclass(frozen=True)
class Waived:
    """What waivers let pass. ``rows`` are the breached measurements that one waives, sorted; ``waiver`` is its place.

    ``idle`` says of waivers, by place, why they waive nothing: the verdict of what they name, or ``outside-period``.
    """

    waivers: tuple[Waiver, ...]
    rows: Rows
    waiver: Rows
    idle: Mapping[int, str]

    def of(self, measurement: int) -> Waiver | None:
        """The waiver of one measurement."""
        at = int(self.rows.searchsorted(measurement))
        found = at < len(self.rows) and self.rows[at] == measurement
        return self.waivers[int(self.waiver[at])] if found else None


@dataclass(frozen=True)
class SummaryRow:
    """One clause and severity: counts, shares and how long it took. Lengths are microseconds.

    ``waived`` counts those of the ``breached`` that a waiver lets pass.

    ``severity`` is "" where none governs. ``attainment`` is met / (met + breached) in percent, None over nothing;
    ``promised`` the clause's share. ``measured`` counts all rows of the group.
    """

    policy: int
    clause: str
    title: str
    severity: str
    binding: str
    target: str
    measured: int
    met: int
    breached: int
    waived: int
    running: int
    no_target: int
    excluded: int
    unknown: int
    superseded: int
    caveats: dict[str, int]
    attainment: Decimal | None
    promised: Decimal | None
    p50: int | None
    p90: int | None
    worst: int | None


@dataclass(frozen=True)
class AttainmentRow:
    """A clause's promised share, held against one period and severity. Shares are percent.

    ``waived`` counts those of the ``breached`` that a waiver lets pass. They change neither share nor verdict.
    """

    policy: int
    clause: str
    severity: str
    period: str
    met: int
    breached: int
    share: Decimal
    promised: Decimal
    verdict: Verdict
    waived: int = 0

    @property
    def fails(self) -> bool:
        """Whether the promise is missed even if nothing that is waived had been."""
        return 100 * (self.met + self.waived) < self.promised * (self.met + self.breached)
