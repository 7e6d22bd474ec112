"""What is known of a service's operation, as columns: incidents, maintenance, and counts of requests.

Instants are int64 microseconds UTC; ``MISSING`` stands for none. ``file`` indexes ``Operations.inputs``; ``row``
counts a file's records from 1, the header being row 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.tables import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from slaaudit.evidence.tables import Codes, Input, Instants, Rejected, Rows


@dataclass(frozen=True)
class Incidents:
    """One row an incident, in the order of the input.

    ``ended_at`` is ``MISSING`` where the incident is open. ``share`` is the share of the service that was affected,
    a code into ``shares`` (0 < share <= 1); -1 where the input does not tell it, and the whole counts. ``fields`` are
    all other columns by their plain names (``component``, ``environment``, ``severity``, ``cause``, ``planned``,
    ``title``), after the value mapping; ``planned`` has the words ``true`` and ``false``.
    """

    ids: Words
    started_at: Instants
    ended_at: Instants
    share: Codes
    shares: Sequence[Fraction]
    file: Codes
    row: Codes
    fields: Mapping[str, Words] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.started_at)


@dataclass(frozen=True)
class Maintenance:
    """One row a window of scheduled maintenance. ``announced_at`` is ``MISSING`` where it is not told."""

    started_at: Instants
    ended_at: Instants
    announced_at: Instants
    component: Words
    file: Codes
    row: Codes

    def __len__(self) -> int:
        return len(self.started_at)


@dataclass(frozen=True)
class Usage:
    """One row a window ``[window_start, window_end)`` with its requests: ``total``, and how many ``failed``."""

    window_start: Instants
    window_end: Instants
    total: Rows
    failed: Rows
    component: Words
    file: Codes
    row: Codes

    def __len__(self) -> int:
        return len(self.window_start)


@dataclass(frozen=True)
class Operations:
    """All that the files of incidents, maintenance and usage say, with what was put aside and why."""

    incidents: Incidents
    maintenance: Maintenance
    usage: Usage
    inputs: tuple[Input, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...] = ()


def nothing_known() -> Operations:
    """The operations of a service of which no file tells."""
    at, codes, words = np.zeros(0, np.int64), np.zeros(0, np.int32), Words(np.zeros(0, np.int32), ())
    return Operations(
        Incidents(words, at, at, codes, (), codes, codes),
        Maintenance(at, at, at, words, codes, codes),
        Usage(at, at, at, at, words, codes, codes),
        (),
        (),
    )
