"""A comparison as data: ``slaaudit.comparison/1``."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from slaaudit.comparison import Cause
from slaaudit.evidence.tables import NONE
from slaaudit.report import comparison_waived
from slaaudit.report.as_json import head, write_object
from slaaudit.report.comparison_words import cause_names
from slaaudit.report.lines import lines
from slaaudit.report.words import decimal_text, rfc3339, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.audit import Audit
    from slaaudit.comparison import ClauseDifference, Comparison
    from slaaudit.evidence.tables import Rows
    from slaaudit.report.lines import Line
    from slaaudit.results import SummaryRow

SCHEMA = "slaaudit.comparison/1"
_COUNTS = ("measured", "met", "breached", "waived", "running", "no_target", "excluded", "unknown", "superseded")


def write_comparison(found: Comparison, labels: Sequence[str], stream: IO[str]) -> None:
    """Write the comparison to ``stream``; the sides are in the order of ``labels``."""
    top = dict(head(found.audits[0]))
    parts: list[tuple[str, Any]] = [
        ("schema", SCHEMA),
        ("tool", top["tool"]),
        ("inputs", top["inputs"]),
        ("as_of", top["as_of"]),
        ("as_of_given", top["as_of_given"]),
        ("period", top["period"]),
        ("sides", [_side(audit, label) for audit, label in zip(found.audits, labels, strict=True)]),
        ("summary", _summary(found)),
        ("causes", (row for each in found.differences for row in _causes(each))),
        ("waivers", comparison_waived.as_data(found)),
        ("differing", (row for each in found.differences for row in _differing(found, each))),
        ("rejected", ({"file": bad.file, "row": bad.row, "reason": bad.reason, "column": bad.column, "value": bad.value}
                      for bad in found.audits[0].evidence.rejected)),
    ]  # fmt: skip
    write_object(parts, stream)


def _side(audit: Audit, label: str) -> dict[str, Any]:
    (policy,) = dict(head(audit))["policies"]
    counts = {name: sum(getattr(row, name) for row in audit.summary) for name in ("breached", "waived")}
    return {"label": label, **policy, **counts}


def _summary(found: Comparison) -> Iterator[dict[str, Any]]:
    """A row for each clause and severity that some side measures, with what each side comes to."""
    unknown = tuple("" for _ in found.audits)
    for clauses in found.clauses:
        for severities in (*found.severities, unknown):
            rows = [found.summary(side, *names) for side, names in enumerate(zip(clauses, severities, strict=True))]
            if any(rows):
                yield {
                    "clauses": list(clauses),
                    "severities": [each or None for each in severities],
                    "sides": [row and _counts(row) for row in rows],
                }


def _counts(row: SummaryRow) -> dict[str, Any]:
    return {
        "target": row.target,
        "binding": row.binding,
        **{name: getattr(row, name) for name in _COUNTS},
        "attainment": None if row.attainment is None else decimal_text(row.attainment),
        "promised": None if row.promised is None else decimal_text(row.promised),
    }


def _causes(each: ClauseDifference) -> Iterator[dict[str, Any]]:
    for by_first, cause, number in each.causes:
        yield {
            "sides": [0, each.other],
            "clauses": list(each.names),
            "breached": 0 if by_first else each.other,
            "causes": cause_names(cause),
            "count": number,
        }


def _differing(found: Comparison, each: ClauseDifference) -> Iterator[dict[str, Any]]:
    rows = each.rows
    ids = found.audits[0].evidence.tickets.ids
    first = by_row(found.audits[0], rows.first)
    other = by_row(found.audits[each.other], rows.other)
    for at in range(len(rows)):
        yield {
            "ticket": ids[int(rows.ticket[at])],
            "sides": [0, each.other],
            "clauses": list(each.names),
            "breached": 0 if rows.by_first[at] else each.other,
            "causes": cause_names(Cause(int(rows.cause[at]))),
            "measurements": [_measured(first[at]), _measured(other[at])],
        }


def by_row(audit: Audit, rows: Rows) -> list[Line | None]:
    """The measurements at ``rows``, None for -1."""
    known = iter(lines(audit, rows[rows != NONE]))
    return [None if row == NONE else next(known) for row in rows.tolist()]


def _measured(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    instants = {"started_at": line.started_at, "stopped_at": line.stopped_at, "due_at": line.due_at}
    return {
        "cycle": line.cycle,
        "severity": line.severity,
        "verdict": line.verdict,
        "reason": line.reason,
        "calendar": line.calendar or None,
        **{name: None if at is None else rfc3339(at) for name, at in instants.items()},
        "target_s": seconds(line.target),
        "elapsed_s": seconds(line.elapsed),
        "over_s": seconds(line.over),
        "paused_s": seconds(line.paused),
        "waived": line.waived,
    }
