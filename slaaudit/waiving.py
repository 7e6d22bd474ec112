"""Waivers laid over an audit and an assessment: which breaches they let pass, and which waive nothing.

A waiver changes no number and no verdict; what is waived is only told apart, and fails nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit import totals
from slaaudit.audit import AuditOptions, audit
from slaaudit.availability import uptimes
from slaaudit.evidence.tables import NONE
from slaaudit.policy.waivers import unmatched
from slaaudit.qualifying import UNSEEN
from slaaudit.results import Verdict, Waived

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.availability import Uptime
    from slaaudit.errors import Fault
    from slaaudit.evidence.tables import Mask, Rows
    from slaaudit.policy.waivers import Waiver, Waivers
    from slaaudit.services import Service

    #: Of waivers that measure nothing by an audit's readings in force, those that nothing else makes good.
    Left = Callable[[Audit, Sequence[Waiver]], Sequence[Waiver]]

OUTSIDE_PERIOD = "outside-period"
NO_CLOCK = "no-clock"
STILL_BELOW = "below-without-it"
BELOW_BY_A_READING = "below-by-a-reading"
CLEAR = "clear"


def waived_audit(found: Audit, waivers: Waivers) -> Audit:
    """The audit with what ``waivers`` let pass of it. Waivers that concern nothing in it are ``idle``."""
    chosen = tuple(each for each in waivers.entries if each.subject == "ticket")
    rows, owner, idle = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], {}
    for place, own in enumerate(_concerned(found, chosen)):
        breached = own[found.measurements.verdict[own] == Verdict.BREACHED]
        rows.append(breached)
        owner.append(np.full(len(breached), place, np.int64))
        if not len(breached):
            idle[place] = _verdict(found, chosen[place], own)
    measured = np.concatenate(rows)
    order = np.argsort(measured, kind="stable")
    made = Waived(chosen, measured[order], np.concatenate(owner)[order], idle)
    return with_waived(found, made)


def with_waived(found: Audit, waived: Waived) -> Audit:
    """The audit and its totals with ``waived`` told apart."""
    by = found.period.by if found.period else "start"
    return replace(
        found,
        waived=waived,
        summary=totals.summary(found.measurements, found.policies, waived.rows),
        attainments=totals.attainments(found.measurements, found.policies, by, waived.rows),
    )


def _verdict(found: Audit, waiver: Waiver, own: Rows) -> str:
    """The verdict of what a waiver waives nothing of."""
    if not len(own):
        is_promised = any(waiver.clause in loaded.policy.clauses for loaded in found.policies)
        return OUTSIDE_PERIOD if found.period and is_promised else NO_CLOCK
    return Verdict(int(found.measurements.verdict[own[0]])).name.lower().replace("_", "-")


def _concerned(found: Audit, waivers: Sequence[Waiver]) -> Iterator[Rows]:
    """For each waiver the measurements that it names; none where the audit has none."""
    tickets = tickets_named(found, {each.name for each in waivers})
    places = [{name: at for at, name in enumerate(loaded.policy.clauses)} for loaded in found.policies]
    rows = found.measurements
    for waiver in waivers:
        ticket = tickets.get(waiver.name, NONE)
        first, last = np.searchsorted(rows.ticket, np.array([ticket, ticket + 1], rows.ticket.dtype)).tolist()
        own = np.arange(first, last, dtype=np.int64)
        clause = np.array([known.get(waiver.clause, NONE) for known in places], np.int64)
        yield own[rows.clause[own] == clause[rows.policy[own]]]


def tickets_named(found: Audit, names: set[str]) -> dict[str, int]:
    """The tickets of these ids, by id."""
    ids = found.evidence.tickets.ids
    words = {code: word for code, word in enumerate(ids.words) if word in names}
    at = np.flatnonzero(np.isin(ids.codes, list(words)))
    return {words[code]: ticket for code, ticket in zip(ids.codes[at].tolist(), at.tolist(), strict=True)}


def waived_service(found: Assessment, waivers: Sequence[Waiver]) -> Assessment:
    """The assessment with the periods marked that would have kept their promise without the waived outages."""
    chosen = tuple(each for each in waivers if each.subject == "incident")
    marks: dict[tuple[int, str, str | None, str], tuple[int, ...]] = {}
    let_pass: list[Uptime] = []
    still: set[int] = set()
    for clause in dict.fromkeys(each.clause for each in chosen):
        named = {at: _rows(found, each) for at, each in enumerate(chosen) if each.clause == clause}
        for service in found.services:
            if service.promise.name == clause:
                for row, passed in _judged_without(service, list(named.values())):
                    touched = tuple(at for at, mask in named.items() if _touches(service, mask, row))
                    if passed:
                        marks[_key(row)] = touched
                        let_pass.append(replace(row, waived=touched))
                    else:
                        still.update(touched)
    rows = tuple(replace(row, waived=marks.get(_key(row), ())) for row in found.uptimes)
    told = {at for row in rows for at in row.waived}
    used = {at for touched in marks.values() for at in touched}
    idle = {
        at: OUTSIDE_PERIOD if at in used else STILL_BELOW if at in still else _why_idle(found, each)
        for at, each in enumerate(chosen)
        if at not in told
    }
    return replace(found, uptimes=rows, waivers=chosen, idle=idle, let_pass=tuple(let_pass))


def _key(row: Uptime) -> tuple[int, str, str | None, str]:
    """What a period is known by; of trailing windows the month is not told, so its first instant stands for it."""
    return row.policy, row.clause, row.component, f"{row.span.name} {row.span.from_at}"


def _rows(found: Assessment, waiver: Waiver) -> Mask:
    """The incidents of the id that a waiver names."""
    ids = found.operations.incidents.ids
    return np.array([word == waiver.name for word in ids.words] + [False], np.bool_)[ids.codes]


def _judged_without(service: Service, masks: list[Mask]) -> Iterator[tuple[Uptime, bool]]:
    """Each breached period, and whether it would be no breach without those incidents."""
    period = service.promise.clause.period
    other = service.without(np.any(masks, axis=0))
    for row, without in zip(uptimes(service, period), uptimes(other, period), strict=True):
        if row.verdict is Verdict.BREACHED:
            yield row, without.verdict is not Verdict.BREACHED


def _touches(service: Service, mask: Mask, row: Uptime) -> bool:
    """Whether an outage of those incidents lies in the period."""
    found = service.qualified
    inside = (found.from_at < row.until) & (found.to_at > row.span.from_at)
    return bool(np.any(mask & service.down & inside))


def _why_idle(found: Assessment, waiver: Waiver) -> str:
    """Why an incident's waiver waives nothing, where no breached period has its outage."""
    own = _rows(found, waiver)
    for service in found.services:
        if service.promise.name != waiver.clause:
            continue
        why = service.qualified.why[own]
        if np.any(why >= 0):
            return f"excluded: {service.qualified.exclusions[int(why[why >= 0][0])]}"
        if np.all(why == UNSEEN):
            return "unseen"
    return "met"


class Laid(NamedTuple):
    """An audit and an assessment (None where there is none) under waivers."""

    audit: Audit | None
    service: Assessment | None


def laid_over(
    waivers: Waivers,
    found: Audit | None,
    service: Assessment | None,
    day: dt.date,
    left: Left = lambda _, silent: silent,
) -> Laid:
    """Both under ``waivers``; ``day`` is the civil day of as-of.

    Raises ``WaiverError`` for all that have expired, or that match no row of the whole input, whatever the period.
    ``left`` says which of those whose clause has no clock by the readings in force match nothing else either.
    """
    faults = [*waivers.expired(day)]
    if found is not None:
        found = waived_audit(found, waivers)
        faults += _strange_tickets([found], waivers, left)
    if service is not None:
        service = waived_service(service, waivers.entries)
    faults += _strange_rows(waivers, found, service)
    waivers.refuse(faults)
    return Laid(found, service)


def laid_over_sides(waivers: Waivers, sides: Sequence[Audit], day: dt.date) -> list[Audit]:
    """Audits of one evidence, each under ``waivers``; WaiverError for all that have expired or match on no side."""
    laid = [waived_audit(each, waivers) for each in sides]
    faults = [*waivers.expired(day), *_strange_tickets(laid, waivers), *_strange_rows(waivers, laid[0], None)]
    waivers.refuse(faults)
    return laid


def _strange_rows(waivers: Waivers, found: Audit | None, service: Assessment | None) -> Iterator[Fault]:
    """The faults of waivers that name what the input does not have."""
    known = {
        "ticket": found.evidence.tickets.ids.words if found is not None else (),
        "incident": service.operations.incidents.ids.words if service is not None else (),
    }
    sets = {subject: set(words) for subject, words in known.items()}
    for waiver in waivers.entries:
        if waiver.name not in sets[waiver.subject]:
            yield unmatched(waivers, waiver, known[waiver.subject])


def _strange_tickets(
    sides: Sequence[Audit], waivers: Waivers, left: Left = lambda _, silent: silent
) -> Iterator[Fault]:
    """The faults of waivers whose clause measures nothing of their ticket on any side, in the period or outside it."""
    silent: Sequence[Waiver] = _silent(sides)
    known = tickets_named(sides[0], {each.name for each in silent})
    silent = [each for each in silent if each.name in known]
    for side in sides:
        if silent and side.period:
            rows = _concerned(whole_audit(side, silent), silent)
            silent = [each for each, own in zip(silent, rows, strict=True) if not len(own)]
    for waiver in left(sides[0], silent) if silent else ():
        message = f"clause {waiver.clause!r} measures nothing of ticket {waiver.name!r}, so there is nothing to waive"
        yield waivers.fault(waiver, "clause", message)


def _silent(sides: Sequence[Audit]) -> list[Waiver]:
    """The waivers that name no measurement of any side."""
    laid = [each.waived for each in sides if each.waived is not None]
    unmeasured = [{at for at, why in each.idle.items() if why in (OUTSIDE_PERIOD, NO_CLOCK)} for each in laid]
    return [laid[0].waivers[at] for at in sorted(set.intersection(*unmeasured))]


def whole_audit(found: Audit, waivers: Iterable[Waiver]) -> Audit:
    """The audit again of the waivers' tickets alone, whatever the period."""
    names = list(dict.fromkeys(each.name for each in waivers))
    return audit(found.evidence, found.policies, AuditOptions(as_of=found.as_of, worksheets="none", tickets=names))
