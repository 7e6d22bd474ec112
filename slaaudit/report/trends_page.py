"""Trends for people: month by month, where misses come from, when they arrive, and what to look after now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from slaaudit import __version__
from slaaudit.report.at_risk import clocks
from slaaudit.report.layout import BAD, FAINT, GOOD, HEADING, Column, paragraph, table
from slaaudit.report.opening import what_it_is_judged_by, what_was_read
from slaaudit.report.page import FEW, heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count, listed, share, to_the_minute, used_text
from slaaudit.totals import attained

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from slaaudit.report.layout import Cell
    from slaaudit.report.page import Page
    from slaaudit.trends import Arrivals, KindRow, MonthRow, Tally, Trends

_LONG = 60  # characters of a value
_BAR, _BAR_BESIDE_WAIVED = 20, 12
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TWO_DIGITS = 99
_USED = (Column("Half", right=True), Column("Nine in ten", right=True))


def print_trends(page: Page, found: Trends, console: Console) -> None:
    """Print every section that has something to say, then what to look after in one line."""
    sections = [
        what_was_read(page),
        what_it_is_judged_by(page),
        _months(page, found.months),
        *_kinds(page, found.kinds),
        _arrivals(page, found.arrivals),
        _backlog(page, found),
        _risky(page, found),
    ]
    text = Text().append(f"slaaudit {__version__}\n", HEADING)
    for section in sections:
        for number, line in enumerate(section):
            text.append("\n" if not number else "").append_text(line).append("\n")
    console.print(text, soft_wrap=True)
    print_last_line(page, found, console)


def print_last_line(page: Page, found: Trends, console: Console) -> None:
    """How many clocks are open, and how many of them are at risk or past their target."""
    past, risky = sum(row.past for row in found.backlog), sum(row.at_risk for row in found.backlog)
    line = Text(
        f"{count(sum(row.within for row in found.backlog), 'clock')} running, {risky:,} at risk, "
        f"{past:,} still open past the target{_and_unknown(found)}.",
        BAD if past else GOOD,
    )
    console.print(line.append(f" Next: {shown(page.following)}"), soft_wrap=True)


def _and_unknown(found: Trends) -> str:
    """The unknown verdicts of the months, which no other number holds."""
    unknown = sum(row.tally.unknown for row in found.months)
    return f"; {unknown:,} unknown" if unknown else ""


def _months(page: Page, rows: Sequence[MonthRow]) -> Iterator[Text]:
    """A table of months by clause; months before the first that has anything are left out, and told."""
    yield heading("Month by month")
    filled = [row.month for row in rows if _filled(row.tally)]
    if not filled:
        yield from paragraph("No clock started in these months.", page.width)
        return
    shown_rows = [row for row in rows if row.month >= min(filled)]
    columns = [Column("Month"), *_numbers(page), Column("0% to 100%"), *_USED]
    drawn = table(
        columns, [[_month(row), *_cells(page, row.tally, bar=True)] for row in shown_rows], page.width, indent=4
    )
    clause = ""
    yield drawn[0]
    for row, line in zip(shown_rows, drawn[1:], strict=True):
        if row.clause != clause:
            clause = row.clause
            yield from paragraph(_title(page, clause), page.width, 2, 2)
        yield line
    before = (
        f" Nothing started in the months from {rows[0].month} on before these." if len(shown_rows) < len(rows) else ""
    )
    note = _MONTHS_NOTE.format(over=_over(page).lower())
    yield from paragraph(f"{note}{before}", page.width, style=FAINT)
    unknown = [f"{number:,} in {month}" for month, number in _unknown_by_month(rows).items()]
    if unknown:
        yield from paragraph(f"Unknown, and in none of these numbers: {listed(unknown)}.", page.width)


def _unknown_by_month(rows: Sequence[MonthRow]) -> dict[str, int]:
    """How many verdicts of all clauses are unknown in each month that has any."""
    found = dict.fromkeys(sorted(row.month for row in rows if row.tally.unknown), 0)
    for row in rows:
        if row.tally.unknown:
            found[row.month] += row.tally.unknown
    return found


_MONTHS_NOTE = (
    "By the month in which the clock started; * to date. Half, nine in ten: how much of the target half of those met "
    "or {over} had used at most, and nine in ten of them."
)


def _filled(tally: Tally) -> int:
    return tally.met + tally.breached + tally.running + tally.unknown


def _over(page: Page) -> str:
    """What a promise that was not kept is called: a target is missed, a warranty is breached."""
    forces = {row.binding for row in page.audit.summary}
    return "Missed" if forces == {"target"} else "Breached"


def _numbers(page: Page) -> list[Column]:
    waived = ["Waived"] if page.audit.waived else []
    return [Column(each, right=True) for each in ("Met", _over(page), *waived, "Running", "Attained")]


def _month(row: MonthRow) -> str:
    return row.month + ("*" if row.to_date else "")


def _title(page: Page, clause: str) -> str:
    found = next(one.policy.clauses[clause] for one in page.audit.policies if clause in one.policy.clauses)
    force = "a target" if found.binding == "target" else "warranted"
    promised = getattr(getattr(found, "attainment", None), "share", None)
    title = f"{found.title} [{clause}]" if found.title and found.title != clause else clause
    return f"{title}, {force}" + (f", {share(promised)} promised" if promised is not None else "")


def _cells(page: Page, tally: Tally, *, bar: bool = False) -> list[Cell]:
    reached = attained(tally.met, tally.breached)
    cells: list[Cell] = [
        f"{tally.met:,}",
        (f"{tally.breached:,}", BAD if tally.breached > tally.waived else FAINT),
        *([(f"{tally.waived:,}", "" if tally.waived else FAINT)] if page.audit.waived else []),
        (f"{tally.running:,}", "" if tally.running else FAINT),
        share(reached) or "-",
    ]
    if bar:
        width = _BAR_BESIDE_WAIVED if page.audit.waived else _BAR
        cells.append("" if reached is None else bar_of(int(reached * 100), 10_000, width))
    return [*cells, used_text(tally.p50), used_text(tally.p90)]


def bar_of(part: int, whole: int, width: int = _BAR) -> str:
    """A bar that is full only where the part is whole, and empty only where there is none of it.

    >>> bar_of(1, 1000, 5), bar_of(999, 1000, 5), bar_of(0, 5, 5)
    ('█····', '████·', '·····')
    """
    filled = width * part // whole
    filled = min(max(filled, 1), width - 1) if 0 < part < whole else filled
    return "█" * filled + "·" * (width - filled)


def _kinds(page: Page, rows: Sequence[KindRow]) -> Iterator[Iterator[Text]]:
    """A section a field; values without a met or missed measurement are left out, and a field without any."""
    for field in dict.fromkeys(row.field for row in rows):
        own = [row for row in rows if row.field == field and row.tally.met + row.tally.breached]
        if any(row.value is not None for row in own):
            yield _kind(page, field.replace("_", " "), own)


def _kind(page: Page, field: str, rows: Sequence[KindRow]) -> Iterator[Text]:
    yield heading(f"By {field}")
    chosen = rows if page.verbose or field == "severity" else _few_each(rows)
    columns = [
        Column("Clause", gives_way=True), Column(field.capitalize(), gives_way=True, wraps=True),
        *_numbers(page), *_USED,
    ]  # fmt: skip
    cells = [
        [row.clause, "-" if row.value is None else shown(row.value, _LONG), *_cells(page, row.tally)] for row in chosen
    ]
    yield from table(columns, cells, page.width)
    if len(chosen) < len(rows):
        yield from paragraph(f"and {len(rows) - len(chosen):,} more; --verbose shows all", page.width)


def _few_each(rows: Sequence[KindRow]) -> list[KindRow]:
    kept: list[KindRow] = []
    for row in rows:
        if sum(other.clause == row.clause for other in kept) < FEW:
            kept.append(row)
    return kept


def _arrivals(page: Page, found: Arrivals) -> Iterator[Text]:
    """A cell for each hour of the week: how many that arrived then were missed."""
    if not found.breached.any():
        return
    yield heading(f"When what was {_over(page).lower()} arrived")
    scale = 1
    while int(found.breached.max()) > _TWO_DIGITS * scale:
        scale *= 10
    yield Text("      " + " ".join(f"{hour:02d}" for hour in range(24)), FAINT)
    for day, (late, all_of) in enumerate(zip(found.breached.tolist(), found.decided.tolist(), strict=True)):
        line = Text(f"  {_DAYS[day]} ", FAINT)
        for missed, decided in zip(late, all_of, strict=True):
            mark = f"{-(-missed // scale):2d}" if missed else " ·" if decided else "  "
            line.append(mark, BAD if missed * 2 > decided else "" if missed else FAINT).append(" ")
        line.rstrip()
        yield line
    unit = "" if scale == 1 else f", in units of {scale:,}, rounded up"
    yield from paragraph(
        f"{_over(page)} by weekday and hour of arrival, by the clock of {page.zone.key}{unit}; · all met, empty: "
        "nothing arrived.",
        page.width,
        style=FAINT,
    )


def _backlog(page: Page, found: Trends) -> Iterator[Text]:
    if not found.backlog:
        return
    yield heading("Open clocks")
    columns = [
        Column("Clause", gives_way=True), Column("Severity", gives_way=True), Column("Running", right=True),
        Column("At risk", right=True), Column("Past target", right=True), Column("Oldest since"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [row.clause, row.severity or "unknown", f"{row.within:,}", f"{row.at_risk:,}",
         (f"{row.past:,}", BAD if row.past else FAINT), to_the_minute(row.oldest_at, page.zone)]
        for row in found.backlog
    ]  # fmt: skip
    yield from table(columns, rows, page.width)
    yield from paragraph(f"At risk: {used_text(found.above)} of the target used or more.", page.width, style=FAINT)


def _risky(page: Page, found: Trends) -> Iterator[Text]:
    if not len(found.risky):
        return
    yield heading("What to look after first")
    yield from clocks(page, found.risky)
