"""The report as data: ``slaaudit.report/1``, the contract for other programs.

Measurements and tickets take one line each, so that a report can be compared line by line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from slaaudit import __version__
from slaaudit.report import outcome_json, promise_json, service_json, waived
from slaaudit.report.at_risk import at_risk_as_data
from slaaudit.report.extremes import as_data as extremes_as_data
from slaaudit.report.findings import as_data as as_data_of_findings
from slaaudit.report.lines import batches, hyphened, lines, present, stamps, stretches
from slaaudit.report.loose_ends import unaudited
from slaaudit.report.notes import notes
from slaaudit.report.outage_rows import outages
from slaaudit.report.reconciliation import as_data
from slaaudit.report.tzdata import tzdata_version
from slaaudit.report.words import decimal_text, rfc3339, seconds
from slaaudit.results import Verdict
from slaaudit.written_report import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from slaaudit.audit import Audit
    from slaaudit.evidence import Operations
    from slaaudit.evidence.tables import Input
    from slaaudit.periods import Period
    from slaaudit.policy import LoadedPolicy
    from slaaudit.report.found import Found
    from slaaudit.report.lines import Line, Numbers, Origin, Stretch
    from slaaudit.report.record import Record
    from slaaudit.results import AttainmentRow, SummaryRow
    from slaaudit.settings import SettingsUsed

_CHUNK = 2000

_encoded = json.JSONEncoder(separators=(", ", ": ")).encode


def write_json(found: Found, stream: IO[str]) -> None:
    """Write the whole report to ``stream``."""
    write_object(parts(found), stream)


def write_record(record: Record, stream: IO[str]) -> None:
    """Write a report that stands in memory, or whose lists are made as they are read."""
    write_object(record.items(), stream)


def parts(found: Found) -> list[tuple[str, Any]]:
    """The report's keys in order. Lists are made as they are read, once: a large report never stands in memory."""
    audit, service = found.audit, found.service
    operations = service.operations if service else None
    of_service = (*service.operations.notes, *service.notes) if service else ()
    return [
        ("schema", SCHEMA),
        *head(audit, operations),
        ("outcome", outcome_json.outcome_as_data(found)),
        ("clauses", promise_json.clauses(audit.policies)),
        ("calendars", promise_json.calendars(audit)),
        ("summary", map(_summary, audit.summary)),
        ("attainments", map(_attainment, audit.attainments)),
        ("extremes", extremes_as_data(found.both_sides.extremes if found.both_sides else None, audit.policies)),
        ("tickets", _tickets(audit)),
        ("measurements", Measured(audit)),
        ("availability", service_json.availability(service) if service else ()),
        ("outages", outages(service) if service else ()),
        ("excluded", service_json.excluded(service) if service else ()),
        ("credits", service_json.credited(service) if service else ()),
        ("findings", as_data_of_findings(found.findings or ())),
        ("waivers", waived.as_data(waived.told(audit, service))),
        ("reconciliation", found.reconciliation and as_data(audit, found.reconciliation)),
        ("at_risk", at_risk_as_data(audit, found.at_risk)),
        ("notes", (*audit.evidence.notes, *notes(audit), *of_service)),
        ("not_audited", ({"clause": clause, "why": why} for clause, why in unaudited(audit, service))),
        ("rejected", ({"file": bad.file, "row": bad.row, "reason": bad.reason, "column": bad.column, "value": bad.value}
                      for bad in (*audit.evidence.rejected, *(operations.rejected if operations else ())))),
    ]  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """The measurements of an audit: made as they are read, or taken by whole columns."""

    audit: Audit

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Each measurement as the schema has it."""
        return (item for batch in batches(self.audit) for item in measurements(self.audit, batch))

    def not_met(self) -> Iterator[dict[str, Any]]:
        """Those of which there is more to tell than that they were met."""
        return self.at(np.flatnonzero(self.audit.measurements.verdict != Verdict.MET))

    def at(self, rows: Numbers) -> Iterator[dict[str, Any]]:
        """Those at ``rows``, which ascend."""
        for first in range(0, len(rows), _CHUNK):
            yield from measurements(self.audit, lines(self.audit, rows[first : first + _CHUNK]))


def write_object(parts: Iterable[tuple[str, Any]], stream: IO[str]) -> None:
    """Write an object key by key. What is neither a text, a number, a dict nor None is a list, a line an item."""
    before = "{\n"
    for key, value in parts:
        stream.write(f'{before}"{key}": ')
        before = ",\n"
        if value is None or isinstance(value, str | int | dict):
            stream.write(_encoded(value))
        else:
            _write_list(value, stream)
    stream.write("\n}\n")


def _write_list(items: Iterable[Any], stream: IO[str]) -> None:
    between = "[\n"
    batch: list[str] = []
    for item in items:
        batch.append(_encoded(item))
        if len(batch) == _CHUNK:
            stream.write(between + ",\n".join(batch))
            between, batch = ",\n", []
    if batch:
        stream.write(between + ",\n".join(batch))
        between = ",\n"
    stream.write("[]" if between == "[\n" else "\n]")


def head(audit: Audit, operations: Operations | None = None) -> list[tuple[str, Any]]:
    """What was read, by which promise, and as of when: the same in every kind of report."""
    inputs = (*audit.evidence.inputs, *(operations.inputs if operations else ()))
    return [*head_of(audit.policies, inputs, audit.as_of, audit.as_of_given, audit.period), config(audit.settings)]


def head_of(
    policies: Sequence[LoadedPolicy],
    inputs: Sequence[Input],
    as_of: int,
    as_of_given: bool,  # noqa: FBT001  (a value of the report)
    period: Period | None,
) -> list[tuple[str, Any]]:
    """The same, of these policies and files."""
    return [
        ("tool", {"name": "slaaudit", "version": __version__, "tzdata": tzdata_version()}),
        ("policies", list(map(_policy, policies))),
        ("inputs", list(map(_input, inputs))),
        ("as_of", rfc3339(as_of)),
        ("as_of_given", as_of_given),
        ("period", period and {"from": rfc3339(period.from_at), "to": rfc3339(period.to_at), "by": period.by,
                               "text": period.text, "timezone": period.timezone}),
    ]  # fmt: skip


def config(settings: SettingsUsed) -> tuple[str, Any]:
    """The flags that a project file or variables set; None where there are none."""
    if not settings:
        return "config", None
    file = {"path": settings.path or None, "sha256": settings.sha256 or None}
    flags = {"from_file": list(settings.from_file), "from_variables": list(settings.from_variables)}
    return "config", {**file, **flags}


def _policy(loaded: Any) -> dict[str, Any]:
    effective = loaded.policy.effective
    return {
        "id": loaded.policy.id,
        "title": loaded.policy.title,
        "sha256": loaded.sha256,
        "effective": {
            "from": effective.from_.isoformat() if effective and effective.from_ else None,
            "until": effective.until.isoformat() if effective and effective.until else None,
        },
        "readings": dict(loaded.readings),
        "vendor": loaded.policy.vendor,
        "timezone": loaded.policy.timezone,
        "questions": promise_json.questions(loaded),
    }


def _input(read: Any) -> dict[str, Any]:
    return {
        "path": read.path,
        "role": read.role,
        "profile": read.profile,
        "sha256": read.sha256,
        "rows": read.rows,
        "rejected": read.rejected,
        "notes": list(read.notes),
    }


def _summary(row: SummaryRow) -> dict[str, Any]:
    return {
        "policy": row.policy,
        "clause": row.clause,
        "title": row.title,
        "severity": row.severity or None,
        "binding": row.binding,
        "target": row.target,
        **{name: getattr(row, name) for name in _COUNTS},
        "caveats": row.caveats,
        "attainment": None if row.attainment is None else decimal_text(row.attainment),
        "promised": None if row.promised is None else decimal_text(row.promised),
        "p50_s": seconds(row.p50),
        "p90_s": seconds(row.p90),
        "worst_s": seconds(row.worst),
    }


_COUNTS = ("measured", "met", "breached", "waived", "running", "no_target", "excluded", "unknown", "superseded")


def _attainment(row: AttainmentRow) -> dict[str, Any]:
    return {
        "policy": row.policy,
        "clause": row.clause,
        "severity": row.severity or None,
        "period": row.period,
        "met": row.met,
        "breached": row.breached,
        "waived": row.waived,
        "share": decimal_text(row.share),
        "promised": decimal_text(row.promised),
        "verdict": hyphened(row.verdict.name),
        "fails": row.fails,
    }


def _tickets(audit: Audit) -> Iterator[dict[str, Any]]:
    """The tickets that have a measurement, in order of first appearance, with what the list says of them."""
    tickets = audit.evidence.tickets
    shown = np.unique(audit.measurements.ticket)
    columns = {"severity": tickets.severity, "status": tickets.status, **tickets.fields}
    cells = {name: (words.codes[shown].tolist(), words.words) for name, words in columns.items()}
    created = stamps(present(tickets.created_at[shown]))
    for row, (index, at) in enumerate(zip(shown.tolist(), created, strict=True)):
        fields = {name: words[codes[row]] for name, (codes, words) in cells.items() if codes[row] >= 0}
        yield {"ticket": tickets.ids[index], "created_at": at, "fields": fields}


def measurements(audit: Audit, found: list[Line]) -> Iterator[dict[str, Any]]:
    """The measurements as the schema has them, each with the worksheet that there is."""
    sheets = _sheets(audit, found[0].at, found[-1].at) if found else {}
    started, stopped, due = (stamps(list(column)) for column in _instants(found))
    for at, line in enumerate(found):
        item = {
            "ticket": line.ticket,
            "policy": line.policy,
            "clause": line.clause,
            "cycle": line.cycle,
            "severity": line.severity,
            "verdict": line.verdict,
            "reason": line.reason,
            "calendar": line.calendar or None,
            "started_at": started[at],
            "stopped_at": stopped[at],
            "due_at": due[at],
            "target_s": seconds(line.target),
            "elapsed_s": seconds(line.elapsed),
            "over_s": seconds(line.over),
            "paused_s": seconds(line.paused),
            "paused_most_s": seconds(line.paused_most),
            "caveats": line.caveats,
            "waived": line.waived,
            "evidence": {"start": origin(line.start), "stop": origin(line.stop)},
        }
        if line.at in sheets:
            item["worksheet"] = list(map(stretch, sheets[line.at]))
        yield item


def _instants(found: list[Line]) -> list[list[int | None]]:
    return [
        [line.started_at for line in found],
        [line.stopped_at for line in found],
        [line.due_at for line in found],
    ]


def _sheets(audit: Audit, first: int, last: int) -> dict[int, list[Stretch]]:
    """The worksheets that the audit kept of the measurements from ``first`` to ``last``, by measurement."""
    since, until = np.searchsorted(audit.worksheet.measurement, [first, last + 1]).tolist()
    if since == until:
        return {}
    sheet = audit.worksheet.take(np.arange(since, until))
    rows = stretches(audit, sheet)
    begins = [0, *(np.flatnonzero(np.diff(sheet.measurement)) + 1).tolist(), len(sheet)]
    return {int(sheet.measurement[since]): rows[since:until] for since, until in pairwise(begins)}


def stretch(row: Stretch) -> dict[str, Any]:
    """A worksheet's row as the schema has it."""
    source = row.origin
    return {
        "from": rfc3339(row.from_at),
        "to": rfc3339(row.to_at),
        "state": row.state,
        "severity": row.severity,
        "counted": row.why == "runs",
        "took_s": seconds(row.took),
        "total_s": seconds(row.total),
        "why": row.why,
        "file": source and source.file,
        "row": source and source.row,
        "word": source and source.word,
    }


def origin(found: Origin | None) -> dict[str, Any] | None:
    """An event's export row as the schema has it."""
    if found is None:
        return None
    return {"file": found.file, "row": found.row, "column": found.column, "actor": found.actor, "word": found.word}
