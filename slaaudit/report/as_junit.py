"""The report as JUnit XML, which CI servers show: a suite a clause and severity, a case a measurement or period.

A breach is a failure, an unknown verdict an error. Only what was met passes: what is waived, running, excluded,
superseded or without a target is skipped, with the reason as its message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from slaaudit.report.from_record import View, percent
from slaaudit.report.sentences import caveat_sentence, reason_sentence
from slaaudit.report.words import count
from slaaudit.report.xml_text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.record import Record

    Row = dict[str, Any]

FAILURE, ERROR, SKIPPED = "failure", "error", "skipped"
_MESSAGE = 500  # characters of a message


@dataclass
class Suite:
    """A suite: its cases as XML, and their counts."""

    name: str
    package: str
    cases: list[str] = field(default_factory=list)
    time: float = 0
    failure: int = 0
    error: int = 0
    skipped: int = 0

    def add(self, name: str, seconds: float, kind: str = "", message: str = "", about: str = "") -> None:
        """Add a case; ``kind`` is "" where it passes."""
        self.time += seconds
        opening = f"<testcase name={quoted(name)} classname={quoted(self.package)} time={quoted(_seconds(seconds))}"
        if not kind:
            self.cases.append(f"    {opening}/>\n")
            return
        setattr(self, kind, getattr(self, kind) + 1)
        told = f" type={quoted(about)}" if about and kind != SKIPPED else ""
        self.cases.append(f"    {opening}><{kind}{told} message={quoted(message, _MESSAGE)}/></testcase>\n")


def write_junit(record: Record, stream: IO[Any]) -> None:
    """Write the report to ``stream``."""
    view = View(record)
    suites: dict[tuple[str, ...], Suite] = {}
    for collect in (_measurements, _shares, _periods):
        collect(view, suites)
    made = list(suites.values())
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(f'<testsuites name="slaaudit" {_counts(made)}>\n')
    for suite in made:
        stream.writelines(_suite(suite, view))
    stream.write("</testsuites>\n")


def _suite(suite: Suite, view: View) -> Iterator[str]:
    stamp = view.record["as_of"].removesuffix("Z").partition(".")[0]
    yield f'  <testsuite name={quoted(suite.name)} {_counts([suite])} timestamp="{stamp}" hostname="slaaudit">\n'
    yield "    <properties>\n"
    for name, value in _properties(view):
        yield f"      <property name={quoted(name)} value={quoted(value)}/>\n"
    yield "    </properties>\n"
    yield from suite.cases
    yield "  </testsuite>\n"


def _properties(view: View) -> Iterator[tuple[str, str]]:
    yield "as_of", view.record["as_of"]
    yield "schema", view.record["schema"]
    yield "verdict", view.outcome["verdict"]
    for policy in view.policies:
        yield "policy", policy["id"]
    for policy, name, choice, _ in view.readings:
        yield f"reading:{policy['id']}:{name}", choice


def _counts(suites: list[Suite]) -> str:
    counts = {
        "tests": sum(len(suite.cases) for suite in suites),
        "failures": sum(suite.failure for suite in suites),
        "errors": sum(suite.error for suite in suites),
        "skipped": sum(suite.skipped for suite in suites),
    }
    time = _seconds(sum(suite.time for suite in suites))
    return " ".join(f'{name}="{number}"' for name, number in counts.items()) + f' time="{time}"'


def _suite_of(view: View, suites: dict[tuple[str, ...], Suite], row: Row, kind: str, part: str) -> Suite:
    """The suite of a row's clause and of a severity or component (``part``), made where there is none yet."""
    named = list(filter(None, [row["clause"], part, kind]))
    package = ".".join([view.policy_id(row), *(part.replace(".", "_") for part in named)])
    key = (str(row["policy"]), row["clause"], kind, part)
    if key not in suites:
        title = view.title(row)
        told = view.version(row)
        name = " ".join(named) + (f": {title}" if title != row["clause"] else "") + (f" ({told})" if told else "")
        suites[key] = Suite(name, package)
    return suites[key]


def _measurements(view: View, suites: dict[tuple[str, ...], Suite]) -> None:
    for row in view.record["summary"]:  # the order of clauses and severities
        _suite_of(view, suites, row, "", row["severity"] or "no severity")
    for row in view.measurements:
        suite = _suite_of(view, suites, row, "", row["severity"] or "no severity")
        cycle = f" (cycle {row['cycle']})" if row["cycle"] > 1 else ""
        suite.add(row["ticket"] + cycle, row["elapsed_s"] or 0, *_ended(view, row))


def _ended(view: View, row: Row) -> tuple[str, str, str]:
    verdict = row["verdict"]
    if verdict == "met":
        return "", "", ""
    if verdict == "breached":
        return (SKIPPED, f"waived: {row['waived']}; {_over(view, row)}", "") if row["waived"] else _failed(view, row)
    if verdict == "unknown":
        return ERROR, f"unknown: {reason_sentence(row['reason'] or '')}", "unknown"
    if verdict == "excluded":
        return SKIPPED, f"outside the clause: {reason_sentence(row['reason'] or '')}", ""
    due = f"; due {row['due_at']}" if verdict == "running" and row["due_at"] else ""
    return SKIPPED, verdict.replace("no-target", "without a target") + due, ""


def _failed(view: View, row: Row) -> tuple[str, str, str]:
    caveats = [f"{name} ({caveat_sentence(name)})" for name in row["caveats"]]
    thin = f"; {'; '.join(caveats)}" if caveats else ""
    return FAILURE, _over(view, row) + thin, "breach" if view.is_warranted(row) else "missed-target"


def _over(view: View, row: Row) -> str:
    took = f"took {view.long(row['elapsed_s'], row)}; the target is {view.long(row['target_s'], row)}"
    places = [
        f"{side} {place['file']} row {place['row']}" for side, place in row["evidence"].items() if place is not None
    ]
    due = f"; due {row['due_at']}" if row["due_at"] else ""
    return f"over by {view.long(row['over_s'], row)}: {took}{due}; {', '.join(places)}"


def _shares(view: View, suites: dict[tuple[str, ...], Suite]) -> None:
    for row in view.record["attainments"]:
        suite = _suite_of(view, suites, row, "share", row["severity"] or "")
        told = f"{percent(row['share'])} of the promised {percent(row['promised'])}"
        waived = row["waived"]
        kept = count(waived, "miss", "misses") if waived and not row["fails"] else None
        suite.add(row["period"], 0, *_as_period(view, {**row, "waived": kept}, told))


def _periods(view: View, suites: dict[tuple[str, ...], Suite]) -> None:
    for row in view.record["availability"]:
        suite = _suite_of(view, suites, row, "", row["component"] or "")
        share = "unknown" if row["availability"] is None else f"{row['availability']}%"
        told = f"{share} of the promised {row['promised']}%"
        suite.add(row["period"], row["downtime_s"] or 0, *_as_period(view, row, told))


def _as_period(view: View, row: Row, told: str) -> tuple[str, str, str]:
    verdict = row["verdict"]
    if verdict == "breached":
        if row["waived"]:
            return SKIPPED, f"waived: {row['waived']}; {told}", ""
        return FAILURE, told, "breach" if view.is_warranted(row) else "missed-target"
    if verdict == "unknown":
        return ERROR, told, "unknown"
    return ("", "", "") if verdict == "met" else (SKIPPED, f"{verdict}; {told}", "")


def _seconds(seconds: float) -> str:
    return f"{seconds:.6f}".rstrip("0").rstrip(".")
