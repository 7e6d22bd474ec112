"""What a report for people is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from slaaudit.compiling import day_length
from slaaudit.report.layout import HEADING
from slaaudit.report.safe import shown
from slaaudit.report.words import local

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.both_sides import BothSides
    from slaaudit.reconcile import Reconciliation
    from slaaudit.report.findings import Seen
    from slaaudit.report.lines import Line
    from slaaudit.report.outcome import Outcome

FEW = 10


@dataclass(frozen=True)
class Page:
    """What a console report is made from. ``following`` is the next command to run.

    ``at_risk`` is the share of a target (in hundredths of a percent) from which running clocks are listed.
    ``findings`` are None where they were not looked for; ``findings_left`` says that there are too many tickets for it.
    """

    audit: Audit
    outcome: Outcome
    following: str
    width: int
    verbose: bool = False
    reconciliation: Reconciliation | None = None
    service: Assessment | None = None
    at_risk: int | None = None
    findings: Sequence[Seen] | None = None
    findings_left: bool = False
    both_sides: BothSides | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which instants are printed: the policy's."""
        return ZoneInfo(self.audit.policies[0].policy.timezone)

    @property
    def few(self) -> int | None:
        """How many rows of a long list are shown."""
        return None if self.verbose else FEW

    def at(self, instant: int) -> str:
        """An instant by the policy's wall clock."""
        return local(instant, self.zone)


def heading(text: str) -> Text:
    """A section's heading; what is foreign in it is made fit to print."""
    return Text(shown(text), HEADING)


def day_worth(audit: Audit, line: Line) -> int:
    """What one day is worth on the calendar of a measurement."""
    calendar = audit.policies[line.policy].policy.calendars.get(line.calendar)
    return day_length(calendar) if calendar is not None else 24 * 3600 * 1_000_000
