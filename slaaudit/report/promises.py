"""The promises in a report for people: clause by severity, and the shares by period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.report.layout import BAD, DOUBTFUL, FAINT, GOOD, Column, paragraph, table
from slaaudit.report.page import FEW, heading
from slaaudit.report.sentences import waived_of
from slaaudit.report.words import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from slaaudit.report.page import Page
    from slaaudit.results import AttainmentRow, SummaryRow


def the_promises(page: Page) -> Iterator[Text]:
    """A table of clause and severity."""
    rows = page.audit.summary
    if not rows:
        return
    yield heading("The promises")
    forces = {row.binding for row in rows}
    over = "Missed" if forces == {"target"} else "Breached"
    numbers = ["Met", over, "Running", "Unknown", "Attained"]
    numbers += ["Promised"] if any(row.promised is not None for row in rows) else []
    columns = [
        Column("Severity", gives_way=True),
        Column("Target", gives_way=True, wraps=True),
        *(Column(number, right=True) for number in numbers),
    ]
    shown_rows = [row for row in rows if row.met + row.breached + row.running + row.unknown]
    titles, *drawn = table(columns, [_counts(row)[: len(columns)] for row in shown_rows], page.width, indent=4)
    line_of = {id(row): line for row, line in zip(shown_rows, drawn, strict=True)}
    if drawn:
        yield titles
    clause: tuple[int, str] | None = None
    for row in rows:
        if (row.policy, row.clause) != clause:
            clause = (row.policy, row.clause)
            yield from paragraph(_clause_title(page, row), page.width, 2, 2)
        if id(row) in line_of:
            yield line_of[id(row)]
    if drawn:
        note = f"Attained is met / (met + {over.lower()}); all else is outside it."
        yield from paragraph(note, page.width, style=FAINT)


def _clause_title(page: Page, row: SummaryRow) -> str:
    version = f", {page.audit.policies[row.policy].path}" if len(page.audit.policies) > 1 else ""
    force = "a target" if row.binding == "target" else "warranted"
    rows = [other for other in page.audit.summary if (other.policy, other.clause) == (row.policy, row.clause)]
    beside = [
        f"{number:,} {word}"
        for name, word in (("no_target", "without a target"), ("excluded", "excluded"), ("superseded", "superseded"))
        if (number := sum(getattr(other, name) for other in rows))
    ]  # fmt: skip
    title = f"{row.title} [{row.clause}]" if row.title and row.title != row.clause else row.clause
    waived = sum(other.waived for other in rows)
    judged = any(other.met + other.breached + other.running + other.unknown for other in rows)
    notes = [f"{'beside these' if judged else 'nothing to count'}: {', '.join(beside)}"] if beside else []
    notes += [f"{waived:,} of those over target waived"] if waived else []
    return f"{title}, {force}{version}" + (f" ({'; '.join(notes)})" if notes else "")


def _counts(row: SummaryRow) -> list[str | tuple[str, str]]:
    return [
        row.severity or "unknown",
        row.target or "-",
        _number(row.met, GOOD),
        _number(row.breached, BAD),
        _number(row.running),
        _number(row.unknown, DOUBTFUL),
        share(row.attainment) or "-",
        share(row.promised) or "-",
    ]


def _number(number: int, style: str = "") -> tuple[str, str]:
    return (f"{number:,}", style) if number else ("0", FAINT)


def _share_verdict(row: AttainmentRow) -> tuple[str, str]:
    if row.verdict.name != "BREACHED":
        return row.verdict.name.lower(), ""
    return ("breached", BAD) if row.fails else ("breached, waived", FAINT)


def promised_shares(page: Page) -> Iterator[Text]:
    """The shares by period; where they are many, only those that were not reached."""
    rows = page.audit.attainments
    if not rows:
        return
    failed = [row for row in rows if row.verdict.name == "BREACHED"]
    passed = sum(not row.fails for row in failed)
    chosen = rows if page.verbose or len(rows) <= FEW else failed[:FEW]
    yield heading(f"Promised shares: {len(failed):,} of {len(rows):,} not reached{waived_of(len(failed), passed)}")
    columns = [
        Column("Clause", gives_way=True), Column("Severity", gives_way=True), Column("Period"),
        Column("Reached", right=True), Column("of", right=True), Column("Promised", right=True), Column("Verdict"),
    ]  # fmt: skip
    yield from table(
        columns,
        [
            [row.clause, row.severity or "-", row.period, share(row.share), f"{row.met + row.breached:,}",
             share(row.promised), _share_verdict(row)]
            for row in chosen
        ],
        page.width,
    )  # fmt: skip
    if len(chosen) < len(rows):
        yield from paragraph(f"and {len(rows) - len(chosen):,} more; --verbose shows all", page.width)
