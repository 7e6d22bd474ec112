"""What ``slaaudit credits`` found as one record: the keys of ``slaaudit.report/1`` that a service has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report import promise_json, service_json
from slaaudit.report.as_json import SCHEMA, head_of
from slaaudit.report.outage_rows import outages
from slaaudit.report.outcome import KEPT, NO_EVIDENCE

if TYPE_CHECKING:
    from slaaudit.assessment import Assessment
    from slaaudit.report.service_outcome import ServiceOutcome


def service_parts(
    found: Assessment, ended: ServiceOutcome, sentence: str, fail_on: str = "breach"
) -> list[tuple[str, Any]]:
    """The record's keys in order; lists are made as they are read, once."""
    rejected = (
        {"file": bad.file, "row": bad.row, "reason": bad.reason, "column": bad.column, "value": bad.value}
        for bad in found.operations.rejected
    )
    return [
        ("schema", SCHEMA),
        *head_of(found.policies, found.operations.inputs, found.as_of, found.as_of_given, found.period),
        ("outcome", _outcome(found, ended, sentence, fail_on)),
        ("clauses", promise_json.clauses(found.policies)),
        ("availability", service_json.availability(found)),
        ("outages", outages(found)),
        ("excluded", service_json.excluded(found)),
        ("credits", service_json.credited(found)),
        ("notes", (*found.operations.notes, *found.notes)),
        ("rejected", rejected),
    ]


def _outcome(found: Assessment, ended: ServiceOutcome, sentence: str, fail_on: str) -> dict[str, Any]:
    spans = ended.periods
    return {
        "verdict": {KEPT: "kept", NO_EVIDENCE: "no-verdict"}.get(ended.exit_code, "not-kept"),
        "fail_on": fail_on,
        "exit_code": ended.exit_code,
        "sentence": sentence,
        "complaint": ended.complaint or None,
        "rejected": len(found.operations.rejected),
        "periods": {"met": spans.met, "breached": spans.failing, "running": spans.running, "unknown": spans.unknown},
    }
