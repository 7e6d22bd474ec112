"""Open clocks that have used most of their target, or all of it: what to look after now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report.layout import BAD, DOUBTFUL, Column, paragraph, table
from slaaudit.report.lines import hyphened, lines, stamps
from slaaudit.report.page import day_worth, heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count, length, percent_used, to_the_minute, used_text
from slaaudit.totals import used_share
from slaaudit.trends import at_risk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Rows
    from slaaudit.report.layout import Cell
    from slaaudit.report.page import Page

_COLUMNS = (
    Column("Ticket"), Column("Clause", gives_way=True), Column("Severity", gives_way=True), Column("Used", right=True),
    Column("Left", gives_way=True), Column("Due"),
)  # fmt: skip


def what_is_at_risk(page: Page) -> Iterator[Text]:
    """The running clocks above the share of their target that was asked for; says so where there is none."""
    if page.at_risk is None:
        return
    rows = at_risk(page.audit.measurements, page.at_risk)
    at_least = f"{used_text(page.at_risk)} of the target used or more"
    yield heading(f"At risk, {at_least}: {count(len(rows), 'running clock')}")
    if len(rows):
        yield from clocks(page, rows)


def clocks(page: Page, rows: Rows) -> Iterator[Text]:
    """These measurements in this order, a few of them unless all are asked for."""
    chosen = rows[: page.few]
    used = used_share(page.audit.measurements.take(chosen)).tolist()
    cells: list[list[Cell]] = []
    for line, part in zip(lines(page.audit, chosen), used, strict=True):
        day = day_worth(page.audit, line)
        left = (line.target or 0) - (line.elapsed or 0)
        text = f"over by {length(-left, day)}" if line.verdict == "breached" else length(left, day)
        cells.append(
            [
                shown(line.ticket, 24),
                line.clause,
                line.severity or "-",
                (used_text(part), BAD if line.verdict == "breached" else DOUBTFUL),
                text,
                "paused" if line.due_at is None else to_the_minute(line.due_at, page.zone),
            ]
        )
    yield from table(_COLUMNS, cells, page.width)
    if len(chosen) < len(rows):
        yield from paragraph(f"and {len(rows) - len(chosen):,} more; --verbose shows all", page.width)


def at_risk_as_data(audit: Audit, above: int | None) -> Iterator[dict[str, Any]] | None:
    """The running clocks that have used ``above`` of their target or more; None where nobody asked."""
    return None if above is None else clocks_as_data(audit, at_risk(audit.measurements, above))


def clocks_as_data(audit: Audit, rows: Rows) -> Iterator[dict[str, Any]]:
    """The same as data: ``used`` is the share of the target in percent."""
    used = used_share(audit.measurements.take(rows)).tolist()
    found = lines(audit, rows)
    due = stamps([line.due_at for line in found])
    for line, part, at in zip(found, used, due, strict=True):
        yield {
            "ticket": line.ticket,
            "policy": line.policy,
            "clause": line.clause,
            "cycle": line.cycle,
            "severity": line.severity,
            "verdict": hyphened(line.verdict),
            "used": percent_used(part),
            "due_at": at,
        }
