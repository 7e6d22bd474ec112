"""What the evidence as a whole cannot show under these policies, told once before any number."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from slaaudit.evidence.tables import Flag, Kind
from slaaudit.policy.model import TicketClause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.audit import Audit

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def notes(audit: Audit) -> Iterator[str]:
    """Whole sentences, without a full stop."""
    yield from _unseen_replies(audit)
    latest = _EPOCH + dt.timedelta(microseconds=audit.as_of)
    for loaded in audit.policies:
        last = latest.astimezone(ZoneInfo(loaded.policy.timezone)).date()
        for warning in loaded.ended_holiday_lists(last):
            yield f"{warning.file}:{warning.line}: {warning.message}; {warning.hint}"


def _unseen_replies(audit: Audit) -> Iterator[str]:
    """Clauses that a vendor's reply stops, where no file tells of any reply, or of a first one only."""
    replies = audit.evidence.events.kind == Kind.REPLY
    if not replies.any() and (clauses := _stopped_by_replies(audit, repeating=False)):
        yield (
            f"no file tells of a reply, so what a reply would stop ({clauses}) runs on; "
            "--column first_response_at=HEADER names a column of a list that holds it"
        )
    listed = (audit.evidence.events.flags & Flag.FROM_LIST) != 0
    if replies.any() and listed[replies].all() and (clauses := _stopped_by_replies(audit, repeating=True)):
        yield f"the files tell of first replies only, so what a later one would stop ({clauses}) runs on"


def _stopped_by_replies(audit: Audit, *, repeating: bool) -> str:
    """The clauses that a vendor's reply stops; with ``repeating`` those that run once a reply or gap."""
    clauses = [
        name
        for loaded in audit.policies
        for name, clause in loaded.policy.clauses.items()
        if isinstance(clause, TicketClause) and clause.targets and "vendor-reply" in clause.stops
        if clause.repeats or not repeating
    ]
    return ", ".join(dict.fromkeys(clauses))
