"""Columns of a sheet: a heading, a kind of value, and what of a row stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from slaaudit.report import beside_counts

if TYPE_CHECKING:
    from collections.abc import Callable

#: ``instant`` is an RFC 3339 text, ``length`` seconds, ``percent`` a decimal text; others are what they seem.
Kind = Literal["text", "number", "instant", "length", "percent"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A heading, the value of a row, its kind, and the width in characters."""

    heading: str
    value: Callable[[Row], Any]
    kind: Kind = "text"
    width: float = 12


def of(key: str, heading: str, kind: Kind = "text", width: float = 12) -> Column:
    """A column of what stands under ``key``; a dot goes a step further in, and stops where nothing is there."""
    steps = key.split(".")

    def value(row: Row) -> Any:
        found: Any = row
        for step in steps:
            if found is None:
                return None
            found = found[step]
        return found

    return Column(heading, value, kind, width)


def joined(key: str, heading: str, width: float = 20) -> Column:
    """A column of a list's words."""
    return Column(heading, lambda row: "; ".join(row[key]), "text", width)


MEASUREMENTS = (
    of("ticket", "Ticket", width=14), of("policy", "Policy", "number", 7), of("clause", "Clause"),
    of("cycle", "Cycle", "number", 6), of("severity", "Severity", width=9), of("verdict", "Verdict"),
    of("waived", "Waived because", width=16), of("reason", "Reason", width=18), of("calendar", "Calendar"),
    of("started_at", "Started", "instant", 19), of("stopped_at", "Stopped", "instant", 19),
    of("due_at", "Due", "instant", 19), of("target_s", "Target", "length", 11), of("elapsed_s", "Took", "length", 11),
    of("over_s", "Over by", "length", 11), of("paused_s", "Paused", "length", 11),
    of("paused_most_s", "Paused at most", "length", 14), joined("caveats", "Caveats"),
    of("evidence.start.file", "Start: file", width=18), of("evidence.start.row", "Row", "number", 7),
    of("evidence.start.actor", "Actor", width=10), of("evidence.stop.file", "Stop: file", width=18),
    of("evidence.stop.row", "Row", "number", 7), of("evidence.stop.actor", "Actor", width=10),
)  # fmt: skip
POLICY, CLAUSE, SEVERITY, VERDICT, WAIVED = 1, 2, 4, 5, 6  # places in it

SHARES = (
    of("clause", "Clause"), of("severity", "Severity"), of("period", "Period"), of("met", "Met", "number"),
    of("breached", "Breached", "number"), of("waived", "of them waived", "number"),
    of("share", "Reached", "percent"), of("promised", "Promised", "percent"),
    Column("Verdict", beside_counts.share_verdict, width=18),
)  # fmt: skip
AVAILABILITY = (
    of("clause", "Clause"), of("component", "Component", width=16), of("period", "Period"),
    of("from", "From", "instant", 19), of("to", "To", "instant", 19), of("to_date", "To date"),
    of("method", "Method"), of("total_s", "Total", "length", 12), of("excluded_s", "Excluded", "length", 12),
    of("downtime_s", "Down", "length", 12), of("requests", "Requests", "number"), of("failed", "Failed", "number"),
    of("outages", "Outages", "number"), of("availability", "Availability", "percent", 13),
    of("promised", "Promised", "percent"), of("verdict", "Verdict"),
    of("waived", "Waived because", width=16),
)  # fmt: skip
EXCLUDED = (
    of("clause", "Clause"), of("component", "Component", width=16), of("incident", "Incident", width=14),
    of("from", "From", "instant", 19), of("to", "To", "instant", 19), of("exclusion", "Exclusion", width=22),
    of("file", "File", width=20), of("row", "Row", "number", 7),
)  # fmt: skip
CREDITS = (
    of("clause", "Clause"), of("component", "Component", width=16), of("severity", "Severity", width=9),
    of("period", "Period"), of("tier", "Fallen short of", width=26), of("credit.amount", "Earned", "number", 9),
    of("credit.unit", "Unit"), of("granted.amount", "Granted", "number", 9), of("granted.unit", "Unit"),
    of("right", "Right", width=16), of("fee", "Fee", "number"), of("sum", "Sum", "number"),
    of("currency", "Currency", width=9), of("claim_by", "Claim by", width=11), of("claim_status", "Claim"),
    of("arithmetic", "How it comes about", width=60),
)  # fmt: skip
FINDINGS = (
    of("kind", "Kind", width=24), of("ticket", "Ticket", width=14), of("clause", "Clause"),
    of("at", "At", "instant", 19), of("detail", "What was seen", width=70),
    Column(
        "Rows", lambda row: "; ".join(f"{each['file']} row {each['row']}" for each in row["evidence"]), width=30
    ),
)  # fmt: skip
WAIVERS = (
    of("about", "Ticket or incident", width=18), of("clause", "Clause"), of("reason", "Why", width=50),
    of("by", "By", width=24), of("expires", "Until", width=11), Column("Waives", beside_counts.waives, width=18),
)  # fmt: skip
REJECTED = (
    of("file", "File", width=24), of("row", "Row", "number", 7), of("reason", "Reason", width=50),
    of("column", "Column", width=16), of("value", "Value", width=30),
)  # fmt: skip
READINGS = (
    of("policy", "Policy", width=14), of("reading", "Reading", width=22), of("choice", "In force", width=18),
    of("default", "Default", width=18), joined("choices", "Choices", 40), of("question", "Question", width=70),
    of("raised_by", "Raised by", width=70),
)  # fmt: skip
NOT_AUDITED = (of("clause", "Clause", width=20), of("why", "Why", width=100))
INPUTS = (
    of("path", "File", width=34), of("role", "Role"), of("profile", "Read as", width=18),
    of("rows", "Rows", "number", 9), of("rejected", "Rejected", "number", 9), of("sha256", "SHA-256", width=66),
)  # fmt: skip
