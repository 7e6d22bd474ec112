"""``--waivers``: the files are read once the policy is, and laid over what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.cli.times import as_of_instant, civil_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.cli.given import Given
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.waivers import Waivers


class Waiving:
    """The waivers of one command. Without ``--waivers`` nothing is read, and nothing changes."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._waivers: Waivers | None = None

    def read(self, policies: Sequence[LoadedPolicy]) -> None:
        """Read the files; WaiverError for all that is wrong in them."""
        if not self._given.waivers:
            return
        from slaaudit.policy.waivers import read_waivers

        zone = _zone(policies)
        day = None
        if self._given.as_of:
            day = civil_day(self._given.as_of, as_of_instant(self._given.as_of, zone), zone)
        self._waivers = read_waivers(self._given.waivers, policies, day)

    def over_audit(self, audit: Audit, service: Assessment | None) -> tuple[Audit, Assessment | None]:
        """An audit, and the service beside it, under the waivers."""
        if self._waivers is None:
            return audit, service
        from slaaudit.waiving import laid_over

        laid = laid_over(self._waivers, audit, service, self._day(audit.policies, audit.as_of))
        return laid.audit or audit, laid.service

    def over_tickets(self, audit: Audit) -> Audit:
        """An audit of a few tickets under the waivers of tickets."""
        if self._waivers is None:
            return audit
        from slaaudit.waiving import laid_over

        of_tickets = self._waivers.of("ticket")
        return laid_over(of_tickets, audit, None, self._day(audit.policies, audit.as_of)).audit or audit

    def over_service(self, service: Assessment) -> Assessment:
        """A service under the waivers."""
        if self._waivers is None:
            return service
        from slaaudit.waiving import laid_over

        return laid_over(self._waivers, None, service, self._day(service.policies, service.as_of)).service or service

    def _day(self, policies: Sequence[LoadedPolicy], as_of: int) -> dt.date:
        return civil_day(self._given.as_of, as_of, _zone(policies))


def _zone(policies: Sequence[LoadedPolicy]) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(policies[0].policy.timezone)
