"""What waivers let pass: for people a section of its own, as data the key ``waivers``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from slaaudit.report.layout import FAINT, Column, paragraph, table
from slaaudit.report.lines import lines
from slaaudit.report.page import FEW, day_worth, heading
from slaaudit.report.safe import shown
from slaaudit.report.words import length, of_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.text import Text

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.policy.waivers import Waiver
    from slaaudit.report.layout import Cell
    from slaaudit.report.lines import Line

_LONG = 400  # characters of a reason that a report for people shows

_IDLE = {
    "outside-period": "what it concerns lies outside the period",
    "no-clock": "no such clock runs by the readings in force",
    "below-without-it": "the period is below its promise without this outage too",
    "unseen": "it began after as-of, or never lasted",
    "below-by-a-reading": "without this outage the period is below its promise too, by some reading at least",
    "clear": "it is a breach by no reading",
    "met": "the promise was kept",
    "running": "its clock still runs",
    "superseded": "its clock was superseded by a change of severity",
    "no-target": "it has no target",
    "unknown": "its verdict is unknown",
}


class Told(NamedTuple):
    """A waiver, how many measurements or periods it lets pass, and why it waives nothing ("" where it does)."""

    waiver: Waiver
    waives: int
    idle: str


def told(audit: Audit | None, service: Assessment | None) -> list[Told]:
    """Every waiver of a run: those of tickets, then those of incidents."""
    found: list[Told] = []
    if audit is not None and audit.waived is not None:
        owners = Counter(audit.waived.waiver.tolist())
        counts = [owners[at] for at in range(len(audit.waived.waivers))]
        found += _told(audit.waived.waivers, counts, audit.waived.idle)
    if service is not None:
        owners = Counter(at for row in service.uptimes for at in row.waived)
        counts = [owners[at] for at in range(len(service.waivers))]
        found += _told(service.waivers, counts, service.idle)
    return found


def _told(waivers: tuple[Waiver, ...], counts: list[int], idle: Mapping[int, str]) -> list[Told]:
    return [Told(each, counts[at], idle.get(at, "")) for at, each in enumerate(waivers)]


def as_data(every: Iterable[Told]) -> Iterator[dict[str, Any]]:
    """Each waiver with what it comes to."""
    for each in every:
        yield {**waiver_as_data(each.waiver), "waives": each.waives, "idle": each.idle or None}


def waiver_as_data(waiver: Waiver) -> dict[str, Any]:
    """A waiver as it is written, and where."""
    return {
        "ticket": waiver.name if waiver.subject == "ticket" else None,
        "incident": waiver.name if waiver.subject == "incident" else None,
        "clause": waiver.clause,
        "reason": waiver.reason,
        "by": waiver.by,
        "expires": waiver.expires.isoformat(),
        "file": waiver.node.place.file,
        "line": waiver.node.place.line,
    }


def what_is_waived(
    audit: Audit | None, service: Assessment | None, width: int, *, verbose: bool = False
) -> Iterator[Text]:
    """The waived breaches and periods, who waived each until when, and waivers that waive nothing."""
    yield from waived_rows(
        [*_measurements(audit), *_periods(service)], told(audit, service), width, last="Over by", verbose=verbose
    )


def waived_rows(
    rows: Sequence[tuple[list[Cell], str]], every: Sequence[Told], width: int, *, last: str, verbose: bool
) -> Iterator[Text]:
    """The section of what is waived: its rows (``cells``), each with the reason, and the waivers that waive nothing.

    ``last`` is the title of the last column.
    """
    if not every:
        return
    yield heading(f"Waived: {len(rows):,}")
    columns = [
        Column("What"), Column("Clause", gives_way=True), Column("Until"), Column("By", gives_way=True), Column(last),
    ]  # fmt: skip
    few = None if verbose else FEW
    if rows:
        drawn = table(columns, [row for row, _ in rows[:few]], width)
        yield drawn[0]
        for line, (_, reason) in zip(drawn[1:], rows, strict=False):
            yield line
            yield from paragraph(shown(reason, _LONG), width, 4, 2, style=FAINT)
    if few and len(rows) > few:
        yield from paragraph(f"and {len(rows) - few:,} more; --verbose shows all", width)
    for each in [each for each in every if each.idle][:few]:
        yield from paragraph(_idle_words(each), width, 2, 2)


def _measurements(audit: Audit | None) -> Iterator[tuple[list[Cell], str]]:
    if audit is None or audit.waived is None:
        return
    for line in lines(audit, audit.waived.rows):
        waiver = audit.waived.of(line.at)
        if waiver is not None:
            yield cells(f"{shown(line.ticket, 24)}", line.clause, _over(audit, line), waiver), waiver.reason


def _over(audit: Audit, line: Line) -> str:
    return length(line.over or 0, day_worth(audit, line)) + of_calendar(line.calendar)


def _periods(service: Assessment | None) -> Iterator[tuple[list[Cell], str]]:
    for row in service.uptimes if service else ():
        for waiver in [service.waivers[at] for at in row.waived] if service else ():
            what = " ".join(filter(None, [row.span.name, row.component, f"({shown(waiver.name, 24)})"]))
            yield cells(what, row.clause, "-", waiver), waiver.reason


def cells(what: str, clause: str, last: str, waiver: Waiver) -> list[Cell]:
    """A row of the section."""
    return [what, clause, waiver.expires.isoformat(), waiver.by, last]


def _idle_words(each: Told) -> str:
    code, _, about = each.idle.partition(": ")
    why = _IDLE.get(each.idle) or f"it is {code}{f' ({about})' if about else ''}"
    waiver = each.waiver
    return f"{waiver.place} waives nothing: {waiver.subject} {shown(waiver.name, 40)}, {waiver.clause}: {why}"


def waiver_words(waiver: Waiver) -> str:
    """A waiver in a sentence: by whom, until when, why, and where it stands."""
    by, reason = shown(waiver.by, 60), shown(waiver.reason, _LONG)
    return f"by {by} until {waiver.expires}: {reason} ({waiver.place})"
