"""Rows of a log that contradict its stamps: which row stands after which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.evidence.fields import TICKETS
from slaaudit.evidence.tables import MISSING, Evidence, Flag, Mask, Rows
from slaaudit.findings.table import Finding, Findings, first_of_each, rows_of

if TYPE_CHECKING:
    import numpy.typing as npt

_OUT_OF_TIME = 0.4  # a file of which more contradicts its order was not kept in that of time
_MANY = 20


@dataclass(frozen=True)
class Steps:
    """The events of logs by ticket, file and row.

    ``step`` is -1 or 1 where one is stamped earlier or later than the event before it in the same ticket and file,
    else 0. ``odd`` is, of each file, the step that contradicts its order: -1, or 1 where it is newest first; 0 where it
    was not kept in the order of time.
    """

    event: Rows
    file: Rows
    step: npt.NDArray[np.int8]
    odd: npt.NDArray[np.int8]


def steps(evidence: Evidence, as_of: int) -> Steps:
    """The steps of the logs. The whole files tell their order, whichever tickets are asked about."""
    event, file, step = _stepped(evidence, as_of)
    _, files, all_steps = (event, file, step) if evidence.whole is evidence else _stepped(evidence.whole, as_of)
    return Steps(event, file, step, _odd_steps(files, all_steps, len(evidence.inputs) or 1))


def out_of_order(evidence: Evidence, found: Steps) -> Findings:
    """Tickets of which a log has a row after another one that is stamped later (before, in a log of newest first).

    A file is newest first where most neighbours are; one that contradicts either order nearly as often was not kept
    in the order of time, and nothing is said of it. The events of the findings index ``evidence.events``.
    """
    places = np.flatnonzero((found.step != 0) & (found.step == found.odd[found.file]))
    ticket = evidence.events.ticket[found.event[places]]
    first = first_of_each(ticket)
    number = np.diff(np.flatnonzero(first), append=len(places))
    event, before = found.event[places[first]], found.event[places[first] - 1]
    at = evidence.events.at
    return rows_of(
        Finding.OUT_OF_ORDER, ticket[first], at[event], before, second=event, length=at[event] - at[before],
        count=number,
    )  # fmt: skip


def _stepped(evidence: Evidence, as_of: int) -> tuple[Rows, Rows, npt.NDArray[np.int8]]:
    """The events of logs, their files, and the step of each from the one of the row before it."""
    events = evidence.events
    usable = np.flatnonzero(_of_logs(evidence) & (events.at != MISSING) & (events.at <= as_of))
    files = np.array([source.file for source in evidence.sources] or [0], np.int64)
    order = usable
    if not _is_by_row(evidence, usable, files):
        order = usable[np.lexsort((usable, events.row[usable], files[events.source[usable]], events.ticket[usable]))]
    file = files[events.source[order]]
    step = np.zeros(len(order), np.int8)
    comparable = (events.ticket[order][1:] == events.ticket[order][:-1]) & (file[1:] == file[:-1])
    comparable &= events.row[order][1:] != events.row[order][:-1]
    unsure = (events.flags[order] & Flag.LOCAL_AMBIGUOUS) != 0  # a clock change may have turned them round
    comparable &= ~unsure[1:] & ~unsure[:-1]
    step[1:] = np.where(comparable, np.sign(np.diff(events.at[order])), 0)
    return order, file, step


def _of_logs(evidence: Evidence) -> Mask:
    """Which events come from a log or from snapshots: the rows of a list are in no order of time."""
    listed = np.array(
        [bool(evidence.inputs) and evidence.inputs[source.file].role == TICKETS for source in evidence.sources]
        or [False]
    )
    found: Mask = ((evidence.events.flags & Flag.FROM_LIST) == 0) & ~listed[evidence.events.source]
    return found


def _is_by_row(evidence: Evidence, usable: Rows, files: Rows) -> bool:
    """Whether the events stand by ticket, file and row already."""
    events = evidence.events
    ticket, row = events.ticket[usable], events.row[usable]
    file = files[events.source[usable]]
    same = ticket[1:] == ticket[:-1]
    later = (file[1:] > file[:-1]) | ((file[1:] == file[:-1]) & (row[1:] >= row[:-1]))
    return bool(((ticket[1:] > ticket[:-1]) | (same & later)).all())


def _odd_steps(file: Rows, step: npt.NDArray[np.int8], files: int) -> npt.NDArray[np.int8]:
    """Of each file, the step that contradicts its order: -1, or 1 where it is newest first; 0 where it has none."""
    number = max(files, int(file.max(initial=0)) + 1)
    odd = np.zeros(number, np.int8)
    counts = np.bincount(file * 3 + step + 1, minlength=number * 3).reshape(number, 3)
    for each, (back, _, on) in enumerate(counts.tolist()):
        fewer = min(back, on)
        if back + on < _MANY or fewer <= _OUT_OF_TIME * (back + on):
            odd[each] = 1 if back > on else -1
    return odd
