"""What the putting together of several files' tables shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

from slaaudit.evidence.incidents import Incidents, Maintenance, Usage
from slaaudit.evidence.tables import MISSING
from slaaudit.zones import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from slaaudit.evidence.tables import Rejected

_Table = TypeVar("_Table", Incidents, Maintenance, Usage)
_Element = TypeVar("_Element", bound=np.generic)


class Joined(NamedTuple, Generic[_Table]):
    """One table out of all files, the rejected rows with their file's index, and notes."""

    table: _Table
    rejected: list[tuple[int, Rejected]]
    notes: list[str]


def time_text(at: np.int64) -> str:
    """An instant as it is shown beside a rejected row; empty for none."""
    return "" if at == MISSING else f"{np.datetime64(int(at) // SECOND, 's')}Z"


def stacked(columns: Sequence[npt.NDArray[_Element]], kind: type[_Element]) -> npt.NDArray[_Element]:
    """The columns one after the other; an empty one of ``kind`` where there are none."""
    return np.concatenate([np.zeros(0, kind), *columns])
