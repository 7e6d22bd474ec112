"""The report of ``slaaudit credits``: for people at a terminal, and in every other format from its record."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.text import Text

from slaaudit import __version__
from slaaudit.assessment import latest_instant
from slaaudit.evidence.tables import MISSING
from slaaudit.report import service_sections, waived
from slaaudit.report.formats import FORMS
from slaaudit.report.layout import BAD, DOUBTFUL, GOOD, HEADING, console_on, labelled, paragraph
from slaaudit.report.loose_ends import rejected_lines
from slaaudit.report.opening import file_lines, policy_lines, setting_lines
from slaaudit.report.page import heading
from slaaudit.report.safe import shown
from slaaudit.report.service_outcome import sentence
from slaaudit.report.service_record import service_record
from slaaudit.report.words import local, zone_name
from slaaudit.settings import NONE_USED, SettingsUsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.assessment import Assessment
    from slaaudit.report.service_outcome import ServiceOutcome


@dataclass(frozen=True)
class ServicePage:
    """What the report is made from. ``following`` is the next command to run."""

    assessment: Assessment
    outcome: ServiceOutcome
    following: str
    verbose: bool = False
    quiet: bool = False
    fail_on: str = "breach"
    settings: SettingsUsed = NONE_USED


def write_service(page: ServicePage, form: str, stream: IO[Any]) -> None:
    """Write the report to ``stream`` in one of its forms."""
    if form in FORMS:
        FORMS[form].write(service_record(page.assessment, page.outcome, page.fail_on, page.settings), stream)
    else:
        _print(page, stream)


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
    if not found.as_of_given and latest_instant(found.operations) == MISSING:
        kind = "the end of the period, as no row tells of an instant"
    yield from labelled("As of", f"{local(found.as_of, zone)} {zone_name(found.as_of, zone)}, {kind}", width)
    if found.period:
        yield from labelled("Period", f"{found.period.text}, in {found.period.timezone}", width)
    if found.fees:
        yield from labelled(
            "Fees", f"{found.fees.source}{f', in {found.fees.currency}' if found.fees.currency else ''}", width
        )
    if not found.as_of_given and any(each.deadlines for each in found.credits):
        yield from labelled("Claims", "--as-of now says which are still open", width)
    yield from setting_lines(page.settings, width)
