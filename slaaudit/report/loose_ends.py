"""What a report for people leaves open: unknown, excluded, not audited, rejected."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slaaudit.report import selection
from slaaudit.report.layout import paragraph
from slaaudit.report.page import FEW, heading
from slaaudit.report.sentences import reason_sentence, settling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Rejected
    from slaaudit.report.page import Page


def unknown_verdicts(page: Page) -> Iterator[Text]:
    """Why verdicts are unknown, and what settles each."""
    reasons = selection.unknowns(page.audit)
    if not reasons:
        return
    yield heading(f"Unknown verdicts: {page.outcome.unknown:,}")
    severities = list(page.audit.policies[0].policy.severities)
    for reason, number in reasons[: page.few]:
        yield from paragraph(f"{number:,}: {reason_sentence(reason)}", page.width, 2, 2)
        settled = settling(reason, severities)
        if settled:
            yield from paragraph(f"settled by {settled}", page.width, 4, 2)
    if page.few and len(reasons) > page.few:
        yield from paragraph(f"and {len(reasons) - page.few:,} more reasons; --verbose shows all", page.width)


def excluded(page: Page) -> Iterator[Text]:
    """Why measurements are excluded."""
    reasons = selection.exclusions(page.audit)
    if not reasons:
        return
    yield heading(f"Excluded: {sum(number for _, number in reasons):,}")
    for reason, number in reasons[: page.few]:
        yield from paragraph(f"{number:,}: {reason_sentence(reason)}", page.width, 2, 2)


def not_audited(page: Page) -> Iterator[Text]:
    """The clauses that no data can audit, and why."""
    rows = unaudited(page.audit, page.service)
    if not rows:
        return
    yield heading("Not audited")
    for clause, why in rows:
        yield from paragraph(f"{clause}: {why}" if why else clause, page.width, 2, 2)


def unaudited(audit: Audit, service: Assessment | None) -> list[tuple[str, str]]:
    """The clauses that were not audited, and why; those of availability are, where files tell of the service."""
    measured = {row.clause for row in service.uptimes} if service else set()
    return [(clause, why) for clause, why in audit.not_audited if clause not in measured]


def rejected_rows(page: Page) -> Iterator[Text]:
    """The rows that could not be used, by reason, with a few of their places."""
    rejected = (*page.audit.evidence.rejected, *(page.service.operations.rejected if page.service else ()))
    yield from rejected_lines(rejected, page.width, verbose=page.verbose)


def rejected_lines(rejected: Sequence[Rejected], width: int, *, verbose: bool) -> Iterator[Text]:
    """The same, of these rows."""
    few = None if verbose else FEW
    if not rejected:
        return
    yield heading(f"Rows that could not be used: {len(rejected):,}")
    reasons = Counter(bad.reason for bad in rejected)
    for reason, number in reasons.most_common(few):
        places = [f"{bad.file} row {bad.row:,}" for bad in rejected if bad.reason == reason]
        among = f"{', '.join(places[:3])}{', ...' if number > 3 else ''}"  # noqa: PLR2004  (a few examples)
        yield from paragraph(f"{number:,}: {reason} ({among})", width, 2, 2)
    if few and len(reasons) > few:
        yield from paragraph(f"and {len(reasons) - few:,} more reasons; --verbose shows all", width)
    yield from paragraph("--rejects FILE writes all of them", width)
