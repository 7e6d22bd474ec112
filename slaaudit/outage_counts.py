"""How many outages, or days with outages, a period has that earn a credit each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from slaaudit.outages import outages_of
from slaaudit.zones import DAY, offsets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.availability import Uptime
    from slaaudit.civil_spans import CivilSpan
    from slaaudit.outages import Pieces
    from slaaudit.policy.credits import PerOutage
    from slaaudit.services import Service


def units(service: Service, rows: Sequence[Uptime], rule: PerOutage) -> list[int]:
    """What each period of ``rows`` is paid for: its outages, its days with one, or both.

    An outage is as long as all that touches it, over the edges of periods too. It belongs to the period in which it
    begins; each of its days to the period of that day.
    """
    found = {method: _long_ones(outages_of(service.course_by(method)), rule) for method in {row.method for row in rows}}
    zone = ZoneInfo(service.promise.timezone)
    return [_counted(found[row.method], row.span, rule, zone) for row in rows]


def _long_ones(pieces: Pieces, rule: PerOutage) -> Pieces:
    lasted = pieces[1] - pieces[0]
    chosen = (lasted >= rule.at_least) & (lasted > rule.over)
    return pieces[0][chosen], pieces[1][chosen]


def _counted(pieces: Pieces, span: CivilSpan, rule: PerOutage, zone: ZoneInfo) -> int:
    begins, ends = pieces
    if rule.per == "outage":
        return int(np.count_nonzero((begins >= span.from_at) & (begins < span.to_at)))
    inside = (begins < span.to_at) & (ends > span.from_at)
    if not inside.any():
        return 0
    first, last = np.maximum(begins[inside], span.from_at), np.minimum(ends[inside], span.to_at) - 1
    known = offsets(zone, int(first.min()), int(last.max()))
    days = known.local(first) // DAY, known.local(last) // DAY
    if rule.per == "outage-and-day":
        return int((days[1] - days[0] + 1).sum())
    # sorted and apart, so a day can be shared by neighbours only
    shared = int(np.count_nonzero(days[0][1:] == days[1][:-1]))
    return int((days[1] - days[0] + 1).sum()) - shared
