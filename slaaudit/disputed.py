"""All that is disputed at once: tickets, a service, or both under the same policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slaaudit.dispute import MAX_COMBINATIONS, disputes
from slaaudit.service_dispute import service_disputes
from slaaudit.waived_tickets import waived_disputes

if TYPE_CHECKING:
    from collections.abc import Callable

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Input
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.waivers import Waiver
    from slaaudit.standing import ClauseDispute


@dataclass(frozen=True)
class Disputed:
    """Clauses under all of their readings, those about tickets first; ``audit`` and ``service`` are behind them."""

    clauses: tuple[ClauseDispute, ...]
    audit: Audit | None
    service: Assessment | None

    @property
    def policies(self) -> tuple[LoadedPolicy, ...]:
        """The policies, as the clauses number them."""
        told = self.audit or self.service
        return told.policies if told else ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The files that were read."""
        listed = self.audit.evidence.inputs if self.audit else ()
        return (*listed, *(self.service.operations.inputs if self.service else ()))

    @property
    def has_waivers(self) -> bool:
        """Whether waivers are laid over it, even if they let nothing pass."""
        return bool((self.audit and self.audit.waived) or (self.service and self.service.waivers))

    def waivers(self, one: ClauseDispute) -> tuple[Waiver, ...]:
        """The waivers that a clause numbers."""
        if one.is_of_service:
            return self.service.waivers if self.service else ()
        return self.audit.waived.waivers if self.audit and self.audit.waived else ()

    def waived(self, one: ClauseDispute, row: int) -> str | None:
        """Why a row is waived: each reason once; None where it is not."""
        if not one.waived:
            return None
        places = one.waived.get(int(one.table.subject[row]), ())
        return "; ".join(dict.fromkeys(self.waivers(one)[at].reason for at in places)) or None

    def name(self, one: ClauseDispute, row: int) -> str:
        """What a row is about: a ticket's id, or a period with its component."""
        at = int(one.table.subject[row])
        if one.is_of_service:
            component, period = one.periods[at]
            return f"{component} {period}" if component else period
        return str(self.audit.evidence.tickets.ids[at]) if self.audit else ""


def disputed(
    audit: Audit | None,
    service: Assessment | None,
    limit: int = MAX_COMBINATIONS,
    step: Callable[..., None] = lambda *_: None,
) -> Disputed:
    """Every clause about tickets and about the service, at most ``limit`` combinations of readings a clause."""
    about_tickets = waived_disputes(audit, disputes(audit, limit, step)) if audit else ()
    about_service = service_disputes(service, limit, step) if service else ()
    return Disputed((*about_tickets, *about_service), audit, service)
