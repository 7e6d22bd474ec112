"""Sentences on what the files about a service, and the fees, do not show; or show twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.credits import Credit
    from slaaudit.policy.fees import Fees
    from slaaudit.services import Service


def notes(services: Sequence[Service], earned: Sequence[Credit], fees: Fees | None) -> Iterator[str]:
    """Each sentence once, in the order of the services."""
    yield from dict.fromkeys(note for each in services for note in _notes_on(each))
    yield from _fees_lacking(earned, fees)


def _notes_on(service: Service) -> Iterator[str]:
    name, found = service.promise.name, service.qualified
    for field_name, number in found.unseen.items():
        one = number == 1
        said = "incident says" if one else "incidents say"
        counts = "it counts" if one else "they count"
        yield f"{name}: {number:,} {said} nothing of {field_name}, which a rule looks at; {counts}"
    if found.open:
        said = "incident has" if found.open == 1 else "incidents have"
        yield f"{name}: {found.open:,} {said} no end by as-of; counted up to it"
    if number := _overlapping(service):
        of = f" of {service.component}" if service.component else ""
        yield f"{name}: {number:,} incidents{of} overlap others; the time they share counts once, as the worst of them"
    yield from (f"{name}: {note}" for note in service.scheduled.notes)


def _overlapping(service: Service) -> int:
    """How many incidents that count overlap another one; an incident's rows for its components are one."""
    found = service.qualified
    own = np.flatnonzero(service.rows & found.is_outage)
    _, first = np.unique(service.known.operations.incidents.ids.codes[own], return_index=True)
    own = own[first][np.argsort(found.from_at[own[first]], kind="stable")]
    if not len(own):
        return 0
    begins, ends = found.from_at[own], found.to_at[own]
    earlier = np.maximum.accumulate(ends)[:-1] > begins[1:]
    later = begins[1:] < ends[:-1]
    return int(np.count_nonzero(np.append(False, earlier) | np.append(later, False)))


def _fees_lacking(earned: Sequence[Credit], fees: Fees | None) -> Iterator[str]:
    """The periods whose credit stays a share, because the fees that were given have none for them."""
    if fees is None:
        return
    lacking = [each.row for each in earned if each.fee is None and each.unit == "percent"]
    for component, period in dict.fromkeys((row.component, row.span.name) for row in lacking):
        about = f" of {component}" if component else ""
        yield f"{fees.source} holds no fee{about} for {period}; what it earns stays a share of the fee"
