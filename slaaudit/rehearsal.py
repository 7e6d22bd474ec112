"""A policy's example put through the audit: what it tells is written as exports are, and read as exports are.

So an example goes the one way that all evidence goes. Its rows are then named by the lines of the example's own file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from slaaudit.assessment import Asked, Assessment, assess
from slaaudit.audit import Audit, AuditOptions, audit
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.evidence import ReadOptions, read
from slaaudit.evidence.incidents import nothing_known
from slaaudit.evidence.operations import read_operations
from slaaudit.evidence.tables import Input
from slaaudit.policy.fees import fees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence import Evidence, Operations
    from slaaudit.evidence.incidents import Incidents, Maintenance, Usage
    from slaaudit.evidence.tables import Codes
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.example_grammar import Stretch
    from slaaudit.policy.example_reader import Trial
    from slaaudit.policy.fees import Fees

    Row = dict[str, str]
    Told = TypeVar("Told", Incidents, Maintenance, Usage)

TICKET = "T1"
_TICKETS, _EVENTS = "tickets", "events"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST_ROW = 2  # that of the header is 1


@dataclass(frozen=True)
class Rehearsal:
    """What came of a trial: an audit where it tells of a ticket, else an assessment of the service."""

    trial: Trial
    audit: Audit | None = None
    assessment: Assessment | None = None


def rehearsed(trial: Trial, loaded: LoadedPolicy) -> Rehearsal:
    """The trial under its own readings. UsageError, with its line, where what it tells cannot be used."""
    policy = loaded.under(trial.told.readings)
    try:
        if trial.told.is_about_tickets:
            options = AuditOptions(as_of=_as_of(trial), worksheets="all")
            return Rehearsal(trial, audit=audit(_evidence(trial), [policy], options))
        asked = Asked(_as_of(trial), period=trial.told.period or None, fees=_fees(trial))
        return Rehearsal(trial, assessment=assess(_operations(trial), [policy], asked))
    except (UsageError, EvidenceError) as error:
        raise UsageError(f"{trial.place}: error: {trial.name!r} cannot be used: {error}") from error
    except (ValueError, OverflowError) as error:
        reason = "a time or a period in it is beyond the years that can be counted"
        raise UsageError(f"{trial.place}: error: {trial.name!r} cannot be used: {reason}") from error


def _as_of(trial: Trial) -> int | None:
    return trial.told.as_of.instant(trial.timezone) if trial.told.as_of else None


def _fees(trial: Trial) -> Fees | None:
    return fees(trial.told.fee) if trial.told.fee else None


def _stamp(instant: int) -> str:
    """An instant as an export would have it: to the microsecond, so that no margin is finer than the record."""
    at = _EPOCH + dt.timedelta(microseconds=instant)
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _csv(rows: Sequence[Row]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


# --- tickets --------------------------------------------------------------------------------------------------


def _evidence(trial: Trial) -> Evidence:
    """A list of one ticket for its fields, and the log of what happened to it."""
    written = {_TICKETS: _csv([_ticket(trial)]), _EVENTS: _csv([*_creation(trial), *_events(trial)])}
    found = read([*written], ReadOptions(bytes_of=written.__getitem__))
    _refuse(found.rejected)
    first = trial.lines["ticket"][0]
    lines = np.array([first] * (_FIRST_ROW + len(_creation(trial))) + list(trial.lines.get(_EVENTS, ())), np.int32)
    in_log = np.array([source.file for source in found.sources], np.int64)[found.events.source] == 1
    rows = np.where(in_log, lines[np.where(in_log, found.events.row, 0)], first).astype(np.int32)
    return replace(
        found,
        events=replace(found.events, row=rows),
        sources=tuple(replace(source, column="") for source in found.sources),
        inputs=tuple(replace(each, path=trial.place.file) for each in found.inputs),
    )


def _ticket(trial: Trial) -> Row:
    told = trial.told.ticket
    assert told is not None  # noqa: S101  (an example about tickets has one)
    row = {"ticket_id": TICKET, "created_at": _created(trial), **told.fields}
    if told.created_by != "customer":
        row["created_by"] = told.created_by
    return row if told.reported is None else {**row, "reported_at": _stamp(told.reported.instant(trial.timezone))}


def _created(trial: Trial) -> str:
    told = trial.told.ticket
    return _stamp(told.created.instant(trial.timezone)) if told and told.created else ""


def _creation(trial: Trial) -> list[Row]:
    """The creation with the first status and severity: a log tells them all, so nothing about them is unseen."""
    told = trial.told.ticket
    row = {"ticket_id": TICKET, "at": _created(trial), "value": ""}
    rows = [
        {**row, "event": "created", "actor": told.created_by if told else ""},
        {**row, "event": "status", "actor": "customer", "value": "new"},
    ]
    if told and told.severity:
        rows.append({**row, "event": "severity", "actor": "customer", "value": told.severity})
    return rows


def _events(trial: Trial) -> list[Row]:
    return [
        {
            "ticket_id": TICKET,
            "at": _stamp(each.when.instant(trial.timezone)),
            "event": each.event,
            "actor": each.actor,
            "value": each.value,
        }
        for each in trial.told.events
    ]


def _refuse(rejected: Sequence[object]) -> None:
    """UsageError where a row of the example cannot be used: it would be missing without a word."""
    if rejected:
        reasons = dict.fromkeys(
            f"{getattr(row, 'column', '')} {getattr(row, 'reason', '')}".strip() for row in rejected
        )
        raise UsageError("; ".join(reasons))


# --- services -------------------------------------------------------------------------------------------------


def _operations(trial: Trial) -> Operations:
    """The outages, maintenance and counts of the example; a kind that is listed as empty had none."""
    told = trial.told
    rows = {
        "outages": [_outage(trial, at) for at in range(len(told.outages or ()))],
        "maintenance": [_window(trial, at) for at in range(len(told.maintenance or ()))],
        "usage": [_counts(trial, at) for at in range(len(told.usage or ()))],
    }
    written = {kind: _csv(each) for kind, each in rows.items() if each}
    if not written:
        return replace(nothing_known(), inputs=_empty(trial))
    paths = {kind: [kind] if kind in written else [] for kind in rows}
    options = ReadOptions(bytes_of=written.__getitem__)
    found = read_operations(paths["outages"], paths["maintenance"], paths["usage"], options)
    _refuse(found.rejected)
    return replace(
        found,
        incidents=_lined(found.incidents, trial.lines.get("outages", ())),
        maintenance=_lined(found.maintenance, trial.lines.get("maintenance", ())),
        usage=_lined(found.usage, trial.lines.get("usage", ())),
        inputs=(*(replace(each, path=trial.place.file) for each in found.inputs), *_empty(trial)),
    )


def _empty(trial: Trial) -> tuple[Input, ...]:
    """An input for each kind of which the example says that there was none."""
    told = trial.told
    kinds = {"incidents": told.outages, "maintenance": told.maintenance, "usage": told.usage}
    return tuple(
        Input(trial.place.file, kind, "plain", "", 0, 0)
        for kind, each in kinds.items()
        if each is not None and not each
    )


def _lined(table: Told, lines: tuple[int, ...]) -> Told:
    """The table with the lines of the example's file for rows."""
    at = np.array([0, 0, *lines], np.int32)
    rows: Codes = at[table.row]
    return replace(table, row=rows)


def _ends(time: Stretch, zone: str) -> tuple[str, str]:
    since = time.since.instant(zone)
    if time.lasts is not None:
        return _stamp(since), _stamp(since + time.lasts)
    return _stamp(since), _stamp(time.until.instant(zone)) if time.until else ""


def _outage(trial: Trial, at: int) -> Row:
    told = (trial.told.outages or ())[at]
    since, until = _ends(told.at, trial.timezone)
    name = f"outage {at + 1}, line {trial.lines['outages'][at]}"
    row = {"incident_id": name, "started_at": since, "ended_at": until, **told.fields}
    return row if told.affected is None else {**row, "affected_fraction": f"{told.affected}%"}


def _window(trial: Trial, at: int) -> Row:
    told = (trial.told.maintenance or ())[at]
    since, until = _ends(told.at, trial.timezone)
    row = {"started_at": since, "ended_at": until, **told.fields}
    announced = told.announced
    return row if announced is None else {**row, "announced_at": _stamp(announced.instant(trial.timezone))}


def _counts(trial: Trial, at: int) -> Row:
    told = (trial.told.usage or ())[at]
    since, until = _ends(told.at, trial.timezone)
    row = {"window_start": since, "window_end": until, "total": str(told.total), "failed": str(told.failed)}
    return {**row, "component": told.component} if told.component else row
