"""The report of ``slaaudit credits`` as a record: what an audit of tickets would add is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report import promise_json, service_json, waived
from slaaudit.report.as_json import config, head_of
from slaaudit.report.outage_rows import outages
from slaaudit.report.outcome_json import by_verdict, verdict_word
from slaaudit.report.service_outcome import sentence
from slaaudit.settings import NONE_USED, SettingsUsed
from slaaudit.written_report import SCHEMA

if TYPE_CHECKING:
    from slaaudit.assessment import Assessment
    from slaaudit.report.record import Record
    from slaaudit.report.service_outcome import ServiceOutcome

_OF_TICKETS = (
    "measured", "met", "warranted", "missed", "waived", "running", "unknown", "no_target", "excluded", "shares_failed",
)  # fmt: skip


def service_record(
    found: Assessment, outcome: ServiceOutcome, fail_on: str, settings: SettingsUsed = NONE_USED
) -> Record:
    """The keys of ``slaaudit.report/1`` in their order."""
    operations = found.operations
    return {
        "schema": SCHEMA,
        **dict(head_of(found.policies, operations.inputs, found.as_of, found.as_of_given, found.period)),
        **dict([config(settings)]),
        "outcome": _outcome(found, outcome, fail_on),
        "clauses": list(promise_json.clauses(found.policies)),
        "calendars": [],
        "summary": [],
        "attainments": [],
        "extremes": None,
        "tickets": [],
        "measurements": [],
        "availability": list(service_json.availability(found)),
        "outages": list(outages(found)),
        "excluded": list(service_json.excluded(found)),
        "credits": list(service_json.credited(found)),
        "findings": [],
        "waivers": list(waived.as_data(waived.told(None, found))),
        "reconciliation": None,
        "at_risk": None,
        "notes": [*operations.notes, *found.notes],
        "not_audited": [],
        "rejected": [
            {"file": bad.file, "row": bad.row, "reason": bad.reason, "column": bad.column, "value": bad.value}
            for bad in operations.rejected
        ],
    }


def _outcome(found: Assessment, outcome: ServiceOutcome, fail_on: str) -> dict[str, Any]:
    spans = outcome.periods
    return {
        "verdict": verdict_word(outcome.exit_code, outcome.periods.failing),
        "fail_on": fail_on,
        "exit_code": outcome.exit_code,
        "sentence": sentence(found, outcome),
        "complaint": outcome.complaint or None,
        **dict.fromkeys(_OF_TICKETS, 0),
        "failing": spans.failing,
        "rejected": len(found.operations.rejected),
        "periods": by_verdict(spans),
        "close": {},
        "kindest": verdict_word(outcome.exit_code, outcome.periods.failing),
        "merged": 0,
        "unseen_after_as_of": 0,
    }
