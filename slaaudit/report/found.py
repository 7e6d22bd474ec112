"""What a run found: the audit, what it comes to, and what was looked for beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slaaudit.report.outcome import outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.both_sides import BothSides
    from slaaudit.reconcile import Reconciliation
    from slaaudit.report.findings import Seen
    from slaaudit.report.outcome import Outcome


@dataclass(frozen=True)
class Found:
    """An audit and what it comes to, as ``fail_on`` has it.

    ``reconciliation`` is there where the helpdesk's own results were asked for, ``service`` where files tell of it.
    ``findings`` are None where they were not looked for. ``at_risk`` is the share of a target (in hundredths of a
    percent) from which running clocks are listed, where asked.
    """

    audit: Audit
    outcome: Outcome
    fail_on: str = "breach"
    reconciliation: Reconciliation | None = None
    service: Assessment | None = None
    at_risk: int | None = None
    findings: Sequence[Seen] | None = None
    both_sides: BothSides | None = None


def found_in(
    audit: Audit,
    fail_on: str = "breach",
    *,
    strict: bool = False,
    reconciliation: Reconciliation | None = None,
    service: Assessment | None = None,
    findings: Sequence[Seen] | None = None,
) -> Found:
    """What an audit found, with its outcome as ``--fail-on`` and ``--strict`` have it."""
    return Found(
        audit,
        outcome(audit, fail_on, strict=strict, service=service, findings=len(findings or ())),
        fail_on,
        reconciliation,
        service,
        findings=findings,
    )
