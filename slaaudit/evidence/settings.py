"""Fields that the caller states for every ticket that does not state them itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit.errors import UsageError
from slaaudit.evidence import fields as names
from slaaudit.evidence.tables import NONE, Tickets, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence.logs import Vocabularies

_FIXED = {*names.TICKET_TIMES, "at", "ticket_id", "status", "created_by", "event", "actor", "value", "old"}


def with_set_fields(tickets: Tickets, shared: Vocabularies, stated: Sequence[tuple[str, str]]) -> Tickets:
    """The tickets, each stated field filled where it is absent or empty. UsageError for a field that is evidence."""
    fields = dict(tickets.fields)
    for name, value in stated:
        if name in _FIXED:
            raise UsageError(
                f"--set {name}={value}: {name} is what the export has to show; --set states fields like "
                "environment or channel."
            )
        if name == "severity":
            codes = np.where(tickets.severity.codes == NONE, shared.severities.code(value), tickets.severity.codes)
            tickets = replace(tickets, severity=Words(codes.astype(np.int32), tuple(shared.severities.words)))
        else:
            fields[name] = filled(fields.get(name), value, len(tickets))
    return replace(tickets, fields=fields)


def filled(column: Words | None, value: str, count: int) -> Words:
    """The column with ``value`` where it is absent or empty."""
    if column is None:
        return Words(np.zeros(count, np.int32), (value,))
    words = column.words if value in column.words else (*column.words, value)
    code = words.index(value)
    return Words(np.where(column.codes == NONE, code, column.codes).astype(np.int32), words)
