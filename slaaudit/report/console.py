"""The report for people, section by section. Its last line is the verdict and the next command to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from slaaudit import __version__
from slaaudit.report import service_sections
from slaaudit.report.at_risk import what_is_at_risk
from slaaudit.report.breaches import how_firm, the_worst, what_runs_out_soon
from slaaudit.report.extremes import the_extremes
from slaaudit.report.findings import what_the_record_shows
from slaaudit.report.layout import BAD, DOUBTFUL, GOOD, HEADING
from slaaudit.report.loose_ends import excluded, not_audited, rejected_rows, unknown_verdicts
from slaaudit.report.opening import what_it_is_judged_by, what_was_read
from slaaudit.report.promises import promised_shares, the_promises
from slaaudit.report.reconciliation import their_results
from slaaudit.report.safe import shown
from slaaudit.report.sentences import verdict_sentence
from slaaudit.report.waived import what_is_waived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from slaaudit.report.page import Page


def print_report(page: Page, console: Console) -> None:
    """Print every section that has something to say, then the verdict."""
    sections = [
        what_was_read(page),
        what_it_is_judged_by(page),
        the_promises(page),
        promised_shares(page),
        *_service(page),
        the_worst(page),
        what_is_at_risk(page),
        what_is_waived(page.audit, page.service, page.width, verbose=page.verbose),
        what_runs_out_soon(page),
        how_firm(page),
        the_extremes(page),
        their_results(page),
        what_the_record_shows(page),
        unknown_verdicts(page),
        excluded(page),
        not_audited(page),
        rejected_rows(page),
    ]
    page_text = Text().append(f"slaaudit {__version__}\n", HEADING)
    for section in sections:
        for number, line in enumerate(section):
            page_text.append("\n" if not number else "").append_text(line).append("\n")
    console.print(page_text, soft_wrap=True)
    print_verdict(page, console)


def _service(page: Page) -> list[Iterator[Text]]:
    """What the files about the service add."""
    if page.service is None:
        return []
    of = service_sections.Service(page.service, page.width, page.verbose)
    return [service_sections.periods(of), service_sections.excluded_time(of), service_sections.credited(of)]


def print_verdict(page: Page, console: Console) -> None:
    """The one line that a quiet run prints."""
    found = page.outcome
    bad = found.failing or found.complaint
    line = Text().append(verdict_sentence(found), BAD if bad else DOUBTFUL if found.unknown else GOOD)
    console.print(line.append(f" Next: {shown(page.following)}"), soft_wrap=True)
