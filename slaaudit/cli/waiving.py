"""``--waivers``: the files are read once the policy is, and laid over what was found."""

from __future__ import annotations

from dataclasses import replace
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
    from slaaudit.policy.waivers import Waiver, Waivers


class Waiving:
    """The waivers of one command. Without ``--waivers`` nothing is read, and nothing changes.

    With ``limit`` a waiver may be about what is promised under any reading; it is the most combinations of a clause.
    """

    def __init__(self, given: Given, limit: int | None = None) -> None:
        self._given = given
        self._limit = limit
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
        self._waivers = read_waivers(self._given.waivers, policies, day, under_all=self._limit is not None)

    def over_audit(self, audit: Audit, service: Assessment | None) -> tuple[Audit, Assessment | None]:
        """An audit, and the service beside it, under the waivers."""
        if self._waivers is None:
            return audit, service
        from slaaudit.waiving import laid_over

        laid = laid_over(self._waivers, audit, service, self._day(audit.policies, audit.as_of), self._left)
        return laid.audit or audit, laid.service

    def over_credits(self, service: Assessment, audit: Audit | None) -> tuple[Assessment, Audit | None]:
        """A service, and the audit of tickets beside it where there is one, under the waivers."""
        if audit is None:
            return self.over_service(service), None
        waived, beside = self.over_audit(audit, service)
        return beside or service, waived

    def over_sides(self, audits: Sequence[Audit]) -> Sequence[Audit]:
        """Audits of the same tickets under the waivers of tickets, each of which concerns some of them."""
        if self._waivers is None:
            return audits
        from slaaudit.waiving import laid_over_sides

        first = audits[0]
        return laid_over_sides(self._waivers.of("ticket"), audits, self._day(first.policies, first.as_of))

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

    def _left(self, audit: Audit, silent: Sequence[Waiver]) -> Sequence[Waiver]:
        """Those of the waivers without a measurement that no other reading makes good either."""
        if self._limit is None:
            return silent
        from slaaudit.waived_tickets import undisputed

        return undisputed(audit, silent, self._limit)

    def _day(self, policies: Sequence[LoadedPolicy], as_of: int) -> dt.date:
        return civil_day(self._given.as_of, as_of, _zone(policies))


def as_other_commands_take_it(
    given: Given, policies: Sequence[LoadedPolicy], audit: Audit | None, *, tickets: bool = True
) -> Given:
    """What was given, without the waivers where a command by the readings in force alone finds a fault with them.

    ``tickets`` says whether that command reads any.
    """
    if not given.waivers:
        return given
    from slaaudit.errors import WaiverError
    from slaaudit.policy.waivers import read_waivers
    from slaaudit.waiving import NO_CLOCK

    try:
        read = read_waivers(given.waivers, policies, None)
    except WaiverError:
        return replace(given, waivers=())
    without_clock = audit is not None and audit.waived is not None and NO_CLOCK in audit.waived.idle.values()
    fits = not without_clock and (tickets or not read.of("ticket").entries)
    return given if fits else replace(given, waivers=())


def _zone(policies: Sequence[LoadedPolicy]) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(policies[0].policy.timezone)
