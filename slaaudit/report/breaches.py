"""The breaches in a report for people: the worst, those to come, and how firm they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.report import selection
from slaaudit.report.layout import BAD, FAINT, Column, paragraph, table
from slaaudit.report.outcome import kindest, outcome
from slaaudit.report.page import day_worth, heading
from slaaudit.report.safe import shown
from slaaudit.report.sentences import caveat_sentence, over_words
from slaaudit.report.words import count, length, of_calendar, to_the_minute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from slaaudit.report.lines import Line
    from slaaudit.report.page import Page

_CLOSE = (("1m", "1 minute"), ("15m", "15 minutes"), ("1h", "1 hour"))


def the_worst(page: Page) -> Iterator[Text]:
    """The breaches that are furthest over, with the clause and when it was due."""
    found = selection.worst_breaches(page.audit, page.few)
    if not found:
        return
    missed = page.outcome.missed - page.outcome.missed_waived
    total, warranted = page.outcome.held, page.outcome.held - missed
    what = over_words(missed, warranted)
    yield heading(f"The worst of {what}" if len(found) < total else what[0].upper() + what[1:])
    columns = [
        Column("Ticket"), Column("Clause", gives_way=True), Column("Severity", gives_way=True), Column("Over by"),
        Column("Due"),
    ]  # fmt: skip
    marked = any(line.caveats for line in found)
    yield from table(columns, [_breach(page, line) for line in found], page.width)
    if marked:
        yield from paragraph("* with a caveat, see below", page.width, style=FAINT)


def _breach(page: Page, line: Line) -> list[str | tuple[str, str]]:
    day = day_worth(page.audit, line)
    mark = " *" if line.caveats else ""
    return [
        shown(line.ticket, 24),
        line.clause,
        line.severity or "-",
        (length(line.over or 0, day) + of_calendar(line.calendar), BAD),
        ("-" if line.due_at is None else to_the_minute(line.due_at, page.zone)) + mark,
    ]


def what_runs_out_soon(page: Page) -> Iterator[Text]:
    """Running clocks that pass their target soon after as-of."""
    found, total = selection.due_soon(page.audit, page.few)
    if not found:
        return
    yield heading(f"Past its target within 24h after as-of: {count(total, 'running clock')}")
    columns = [
        Column("Ticket"), Column("Clause", gives_way=True), Column("Severity", gives_way=True), Column("Took so far"),
        Column("Due"),
    ]  # fmt: skip
    rows = [
        [
            shown(line.ticket, 24),
            line.clause,
            line.severity or "-",
            length(line.elapsed or 0, day_worth(page.audit, line)) + of_calendar(line.calendar),
            to_the_minute(line.due_at or 0, page.zone),
        ]
        for line in found
    ]
    yield from table(columns, rows, page.width)
    if len(found) < total:
        yield from paragraph(f"and {total - len(found):,} more; --verbose shows all", page.width)


def how_firm(page: Page) -> Iterator[Text]:
    """Close calls, caveats, and whether the verdict holds if all of that went the vendor's way."""
    found = page.outcome
    carried = selection.caveats(page.audit)
    if not carried and not found.missed + found.warranted:
        return
    yield heading("How firm this is")
    if found.missed + found.warranted:
        close = [
            f"{number:,} by less than {words}" for key, words in _CLOSE if (number := page.audit.over_by.get(key, 0))
        ]
        yield from paragraph(f"Close calls: {', '.join(close) or 'none by less than 1 hour'}", page.width, 2, 2)
    for name, number, breaches in carried:
        among = f", {breaches:,} of them over target" if breaches else ""
        yield from paragraph(f"{number:,} {name}{among} ({caveat_sentence(name)})", page.width, 2, 2)
    if found.failing:
        left = outcome(kindest(page.audit), service=page.service).failing
        still = f"{left:,} of {found.failing:,} would still fail: the verdict holds"
        words = still if left else f"none of {found.failing:,} would still fail: the verdict does not hold"
        kind = "If every unknown and every breach with a caveat went the vendor's way"
        yield from paragraph(f"{kind}, {words}.", page.width, 2, 2)
