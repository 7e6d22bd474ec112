"""The difference of two reports as data: ``slaaudit.difference/1``."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from slaaudit import __version__
from slaaudit.report.as_json import write_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.between import Because, Between
    from slaaudit.difference import Changed, ChangedPeriod, Difference
    from slaaudit.written_report import Row, WrittenReport

SCHEMA = "slaaudit.difference/1"
_OF_ROW = ("severity", "verdict", "reason", "calendar", "started_at", "stopped_at", "due_at", "target_s", "elapsed_s",
           "paused_s", "waived")  # fmt: skip


def write_difference(found: Difference, stream: IO[str]) -> None:
    """Write the difference to ``stream``."""
    between = found.between
    write_object(
        [
            ("schema", SCHEMA),
            ("tool", {"name": "slaaudit", "version": __version__}),
            ("old", _report(between.old)),
            ("new", _report(between.new)),
            ("differs", found.differs),
            ("between", _between(between)),
            ("counts", {**found.counts, "same": found.same, "other_numbers": found.other_numbers}),
            ("measurements", map(_measurement, found.measurements)),
            ("availability", map(_period, found.availability)),
            ("credits", map(_period, found.credits)),
        ],
        stream,
    )


def _report(report: WrittenReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "tool": report.tool,
        "policies": report.policies,
        "as_of": report.as_of,
        "period": report.period,
        "measurements": len(report.rows),
    }


def _between(between: Between) -> dict[str, Any]:
    return {
        "evidence": between.evidence,
        "mapping": between.mapping,
        "policies": sorted(between.policies),
        "readings": [
            {"policy": policy, "reading": name, "old": old, "new": new} for policy, name, old, new in between.readings
        ],
        "as_of": between.as_of,
        "period": between.period,
        "waivers": between.waivers,
        "tool": between.tool,
    }


def _measurement(each: Changed) -> dict[str, Any]:
    policy, clause, ticket, cycle = each.key
    return {
        "change": each.change,
        "ticket": ticket,
        "policy": policy,
        "clause": clause,
        "cycle": cycle,
        "old": _row(each.old),
        "new": _row(each.new),
        "causes": list(_causes(each.because)),
    }


def _row(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    places = {"start": row.start and row.start._asdict(), "stop": row.stop and row.stop._asdict()}
    return {**{name: getattr(row, name) for name in _OF_ROW}, "evidence": places}


def _period(each: ChangedPeriod) -> dict[str, Any]:
    policy, clause, component, period, *_ = each.key
    return {
        "change": each.change,
        "policy": policy,
        "clause": clause,
        "component": component or None,
        "period": period,
        "old": each.old,
        "new": each.new,
        "causes": list(_causes(each.because)),
    }


def _causes(because: Sequence[Because]) -> Iterator[dict[str, Any]]:
    for each in because:
        yield {"causes": list(each.causes), "what": each.what, "old": each.old, "new": each.new}
