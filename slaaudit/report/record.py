"""What a run found, and the same as one record: what every format of the report can be made from, now or later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slaaudit.report.as_json import parts
from slaaudit.report.outcome import outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.both_sides import BothSides
    from slaaudit.reconcile import Reconciliation
    from slaaudit.report.findings import Seen
    from slaaudit.report.outcome import Outcome

#: The report as ``slaaudit.report/1`` has it: what JSON writes and reads, with lists in memory.
Record = dict[str, Any]


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


def record(found: Found) -> Record:
    """The whole report in memory."""
    return {key: _held(value) for key, value in parts(found)}


def streamed(found: Found) -> Record:
    """The same with lists that are made while they are read, once and in order."""
    return dict(parts(found))


def _held(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | dict) else list(value)
