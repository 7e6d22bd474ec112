"""The report of ``slaaudit credits``: for people, and as data."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from slaaudit import __version__
from slaaudit.claims import next_deadline
from slaaudit.report import service_json, service_sections, sums, waived
from slaaudit.report.as_json import SCHEMA, head_of, write_object
from slaaudit.report.layout import BAD, DOUBTFUL, GOOD, HEADING, console_on, labelled, paragraph
from slaaudit.report.loose_ends import rejected_lines
from slaaudit.report.opening import file_lines, policy_lines
from slaaudit.report.page import heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count, local, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.credits import Credit
    from slaaudit.report.service_outcome import ServiceOutcome


@dataclass(frozen=True)
class ServicePage:
    """What the report is made from. ``following`` is the next command to run."""

    assessment: Assessment
    outcome: ServiceOutcome
    following: str
    verbose: bool = False
    quiet: bool = False


def write_service(page: ServicePage, form: str, stream: IO[str]) -> None:
    """Write the report to ``stream`` in one of its forms."""
    if form == "json":
        write_service_json(page.assessment, stream)
    else:
        _print(page, stream)


def write_service_json(found: Assessment, stream: IO[str]) -> None:
    """The report as data: the keys of ``slaaudit.report/1`` that a service has."""
    rejected = (
        {"file": bad.file, "row": bad.row, "reason": bad.reason, "column": bad.column, "value": bad.value}
        for bad in found.operations.rejected
    )
    write_object(
        [
            ("schema", SCHEMA),
            *head_of(found.policies, found.operations.inputs, found.as_of, found.as_of_given, found.period),
            ("availability", service_json.availability(found)),
            ("excluded", service_json.excluded(found)),
            ("credits", service_json.credited(found)),
            ("waivers", waived.as_data(None, found)),
            ("notes", (*found.operations.notes, *found.notes)),
            ("rejected", rejected),
        ],
        stream,
    )


def _print(page: ServicePage, stream: IO[str]) -> None:
    console = console_on(stream)
    section = service_sections.Service(page.assessment, console.width, page.verbose)
    text = Text().append(f"slaaudit {__version__}\n", HEADING)
    if not (page.quiet and stream is sys.stdout):
        for lines in (
            _what_was_read(page, console.width),
            _what_it_is_judged_by(page, console.width),
            service_sections.periods(section),
            service_sections.excluded_time(section),
            service_sections.credited(section),
            waived.what_is_waived(None, page.assessment, console.width, verbose=page.verbose),
            rejected_lines(page.assessment.operations.rejected, console.width, verbose=page.verbose),
        ):
            for number, line in enumerate(lines):
                text.append("\n" if not number else "").append_text(line).append("\n")
        console.print(text, soft_wrap=True)
    bad, unknown = page.outcome.exit_code or page.outcome.periods.failing, page.outcome.periods.unknown
    last = Text().append(sentence(page.assessment, page.outcome), BAD if bad else DOUBTFUL if unknown else GOOD)
    console.print(last.append(f" Next: {shown(page.following)}"), soft_wrap=True)


def _what_was_read(page: ServicePage, width: int) -> Iterator[Text]:
    found = page.assessment
    yield heading("What was read")
    yield from file_lines(found.operations.inputs, width)
    for note in (*found.operations.notes, *found.notes):
        yield from paragraph(note, width, 2, 2)


def _what_it_is_judged_by(page: ServicePage, width: int) -> Iterator[Text]:
    found = page.assessment
    zone = ZoneInfo(found.policies[0].policy.timezone)
    yield heading("What it is judged by")
    yield from policy_lines(found.policies, width, verbose=page.verbose)
    kind = "as asked" if found.as_of_given else "the latest instant in the files"
    yield from labelled("As of", f"{local(found.as_of, zone)} {zone_name(found.as_of, zone)}, {kind}", width)
    if found.period:
        yield from labelled("Period", f"{found.period.text}, in {found.period.timezone}", width)
    if found.fees:
        yield from labelled(
            "Fees", f"{found.fees.source}{f', in {found.fees.currency}' if found.fees.currency else ''}", width
        )
    if not found.as_of_given and any(each.deadlines for each in found.credits):
        yield from labelled("Claims", "--as-of now says which are still open", width)


def sentence(found: Assessment, outcome: ServiceOutcome) -> str:
    """The verdict, what it earns, and the next deadline."""
    counts = outcome.periods
    if not counts.judged:
        return f"No verdict: {count(counts.unknown, 'period')} unknown."
    kept = "Kept but for what is waived" if counts.waived else "Kept so far" if counts.running else "Kept"
    word = "Not kept" if counts.failing else kept
    parts = [f"{counts.met:,} met", f"{counts.failing:,} below the promise"]
    parts += [f"{counts.waived:,} below it but waived"] if counts.waived else []
    parts += [f"{counts.running:,} running"] if counts.running else []
    parts += [f"{counts.unknown:,} unknown"] if counts.unknown else []
    earned = [each for each in found.credits if not each.row.to_date]
    credit = f" Credits: {sums.totals(earned)}{_next(earned)}." if earned else ""
    return f"{word}: {', '.join(parts)}.{credit}"


def _next(earned: Sequence[Credit]) -> str:
    """The first last day that is ahead, or how many are past."""
    found = [deadline for each in earned if (deadline := next_deadline(each.deadlines))]
    ahead = [each for each in found if each.status in ("open", "closing")]
    if ahead:
        first = min(ahead, key=lambda each: each.closes_at)
        return f", the next to be claimed by {first.last_day}"
    lapsed = sum(each.status == "lapsed" for each in found)
    return f", {lapsed:,} of {len(earned):,} lapsed" if lapsed else ""
