"""What one file gives, before the files are put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from slaaudit.evidence.tables import Codes, Instants, Mask, Small, Total, Words


@dataclass(frozen=True)
class Moment:
    """A list's column of instants, with its header and unit."""

    at: Instants
    doubtful: Mask | None
    column: str
    unit: int


@dataclass(frozen=True)
class ListPart:
    """Tickets of one file, one row each (or several, if the file says so): ids, moments and words by field.

    ``created_by`` holds each row's ``Actor``; ``states`` each row's ``State`` of the status word, -1 for none.
    A derived part is made from snapshots: it stands back behind a list and contradicts none. Its ``last_at`` is
    when each ticket was last looked at.
    """

    file: int
    ids: pa.ChunkedArray
    rows: Codes
    moments: Mapping[str, Moment]
    words: Mapping[str, Words]
    states: Small
    created_by: Small
    is_derived: bool = False
    last_at: Instants | None = None
    totals: Mapping[str, Total] = field(default_factory=dict)


@dataclass(frozen=True)
class LogPart:
    """Events of one file in source order; the columns are those of ``Events``, in the shared vocabularies.

    ``ids`` names each event's ticket. ``tells`` are the kinds that this log would show if they happened. A
    derived part is made from snapshots. One from a list (messages in its cells, milestones) is no history of
    statuses or severities.
    """

    file: int
    ids: pa.ChunkedArray
    moment: Moment
    rows: Codes
    kind: Small
    actor: Small
    value: Codes
    old: Codes
    word: Codes
    who: Codes
    tells: frozenset[int] = field(default_factory=frozenset)
    is_derived: bool = False
    is_from_list: bool = False
