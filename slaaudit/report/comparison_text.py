"""A comparison for people: what each side promises and comes to, then which breaches differ, and why."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from slaaudit import __version__
from slaaudit.comparison import Cause
from slaaudit.report.comparison_json import by_row
from slaaudit.report.comparison_waived import what_is_waived
from slaaudit.report.comparison_words import cause_words, letter
from slaaudit.report.layout import BAD, FAINT, GOOD, HEADING, Column, labelled, paragraph, table
from slaaudit.report.opening import file_lines
from slaaudit.report.page import FEW, heading
from slaaudit.report.safe import shown
from slaaudit.report.sentences import waived_of
from slaaudit.report.words import count, length, listed, local, share, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from slaaudit.comparison import ClauseDifference, Comparison
    from slaaudit.report.layout import Cell
    from slaaudit.report.lines import Line
    from slaaudit.results import SummaryRow

_WAIVED = {True: ("Waived",), False: ()}  # a column of its own
_BREACHED = {True: "breached under {0} alone", False: "breached under {1} alone"}


def print_comparison(
    found: Comparison, labels: Sequence[str], flags: Sequence[Sequence[str]], console: Console, *, verbose: bool = False
) -> None:
    """Print every section, then what it comes to and the next command to run, whose flags are those of a side."""
    width = console.width
    text = Text().append(f"slaaudit {__version__}\n", HEADING)
    sections = [
        _what_is_compared(found, labels, width),
        _side_by_side(found, width),
        *(_differences(found, other, width, verbose=verbose) for other in range(1, len(found.audits))),
        what_is_waived(found, width, verbose=verbose),
    ]
    for section in sections:
        for number, line in enumerate(section):
            text.append("\n" if not number else "").append_text(line).append("\n")
    console.print(text, soft_wrap=True)
    console.print(_last(found, flags), soft_wrap=True)


def _what_is_compared(found: Comparison, labels: Sequence[str], width: int) -> Iterator[Text]:
    yield heading("What is compared")
    for side, (audit, label) in enumerate(zip(found.audits, labels, strict=True)):
        loaded = audit.policies[0]
        yield from labelled(letter(side), f"{loaded.policy.title or loaded.policy.id}: {label}", width)
    audit = found.audits[0]
    yield from file_lines(audit.evidence.inputs, width)
    zone = ZoneInfo(audit.policies[0].policy.timezone)
    kind = "as asked" if audit.as_of_given else "the latest event in the files"
    yield from labelled("As of", f"{local(audit.as_of, zone)} {zone_name(audit.as_of, zone)}, {kind}", width)
    if audit.period:
        told = f"{audit.period.text}, by the {audit.period.by} of each measurement, in {audit.period.timezone}"
        yield from labelled("Period", told, width)


def _side_by_side(found: Comparison, width: int) -> Iterator[Text]:
    """A table of clause, severity and side."""
    yield heading("The promises side by side")
    columns = [
        Column("Severity", gives_way=True), Column(""), Column("Target", gives_way=True, wraps=True),
        *(Column(name, right=True) for name in ("Met", "Missed", *_WAIVED[_has_waivers(found)], "Running", "Unknown")),
        Column("Attained", right=True),
    ]  # fmt: skip
    blocks = [(clauses, list(_rows(found, clauses))) for clauses in found.clauses]
    titles, *drawn = table(columns, [row for _, rows in blocks for row in rows], width, indent=4)
    yield titles
    line = iter(drawn)
    for clauses, rows in blocks:
        yield from paragraph(_title(found, clauses), width, 2, 2)
        for _ in rows:
            yield next(line)
    yield from paragraph("Attained is met / (met + missed); all else is outside it.", width, style=FAINT)


def _title(found: Comparison, clauses: Sequence[str | None]) -> str:
    named = [(side, name) for side, name in enumerate(clauses) if name]
    side, name = named[0]
    clause = found.audits[side].policies[0].policy.clauses[name]
    if len({each for _, each in named}) == 1:
        missing = [letter(at) for at, each in enumerate(clauses) if not each]
        lacks = f" (not promised by {listed(missing)})" if missing else ""
        return f"{clause.title or name} [{name}]{lacks}"
    told = ", ".join(f"{letter(at)} {each or 'none'}" for at, each in enumerate(clauses))
    return f"{clause.title or name} [{told}]"


def _rows(found: Comparison, clauses: Sequence[str | None]) -> Iterator[list[Cell]]:
    """For each severity that some side measures, a row a side."""
    unknown = tuple("" for _ in found.audits)
    for severities in (*found.severities, unknown):
        names = list(zip(clauses, severities, strict=True))
        summary = [found.summary(side, *each) for side, each in enumerate(names)]
        if not any(row and row.met + row.breached + row.running + row.unknown for row in summary):
            continue
        label = next((each for each in severities if each), "unknown")
        for side, (row, severity) in enumerate(zip(summary, severities, strict=True)):
            own = f" ({severity})" if severity and severity != label else ""
            counts = _counts(row, promised=bool(clauses[side]), waived=_has_waivers(found))
            yield [label if not side else own, letter(side), *counts]


def _has_waivers(found: Comparison) -> bool:
    return any(audit.waived is not None for audit in found.audits)


def _counts(row: SummaryRow | None, *, promised: bool, waived: bool) -> list[Cell]:
    if row is None:
        return [("nothing measured" if promised else "not promised", FAINT), *["-"] * (6 if waived else 5)]
    return [
        row.target or (("no target" if row.severity else "-"), FAINT),
        _number(row.met, GOOD),
        _number(row.breached, BAD),
        *([_number(row.waived)] if waived else []),
        _number(row.running),
        _number(row.unknown),
        share(row.attainment) or "-",
    ]


def _number(number: int, style: str = "") -> tuple[str, str]:
    return (f"{number:,}", style) if number else ("0", FAINT)


def _differences(found: Comparison, other: int, width: int, *, verbose: bool) -> Iterator[Text]:
    """Which breaches one side has and the other has not, by cause; then each, or the first of them."""
    sides = letter(0), letter(other)
    own = [each for each in found.differences if each.other == other and len(each.rows)]
    total = sum(len(each.rows) for each in own)
    differ = f": {count(total, 'breach differs', 'breaches differ')}" if total else ""
    yield heading(f"{sides[0]} and {sides[1]}{differ}")
    if not total:
        yield from paragraph("Every breach under one is a breach under the other.", width)
        return
    for each in own:
        yield from paragraph(_names(each), width, 2, 2)
        for by_first, cause, number in each.causes:
            where = _BREACHED[by_first].format(*sides)
            yield from paragraph(f"{number:,} {where}: {_why(cause, sides, by_first=by_first)}", width, 4, 2)
    rows = [row for each in own for row in _cells(found, each)]
    shown_rows = rows if verbose else rows[:FEW]
    columns = [
        Column("Ticket"), Column("Clause", gives_way=True), Column(f"Under {sides[0]}", gives_way=True),
        Column(f"Under {sides[1]}", gives_way=True), Column("Why", gives_way=True),
    ]  # fmt: skip
    yield Text("")
    yield from table(columns, shown_rows, width)
    if len(shown_rows) < len(rows):
        yield from paragraph(
            f"and {len(rows) - len(shown_rows):,} more; --verbose shows all, --format json has each", width
        )


def _names(each: ClauseDifference) -> str:
    one, two = each.names
    return f"{one or two}" if one == two or not one or not two else f"{one}, there {two}"


def _why(cause: Cause, sides: tuple[str, str], *, by_first: bool) -> str:
    """The cause; what only one side does is said of that side."""
    lone = Cause.NOT_PROMISED | Cause.EXCLUDED | Cause.UNKNOWN | Cause.NO_CLOCK | Cause.SUPERSEDED
    words = cause_words(cause)
    return f"{words} under {sides[1] if by_first else sides[0]}" if cause & lone else words


def _cells(found: Comparison, each: ClauseDifference) -> Iterator[list[Cell]]:
    rows = each.rows
    audits = found.audits[0], found.audits[each.other]
    ids = audits[0].evidence.tickets.ids
    first, other = by_row(audits[0], rows.first), by_row(audits[1], rows.other)
    for at in range(len(rows)):
        ticket = shown(ids[int(rows.ticket[at])] or "", 24)
        why = cause_words(Cause(int(rows.cause[at])))
        yield [ticket, each.names[0] or each.names[1] or "", _measured(first[at]), _measured(other[at]), why]


def _measured(line: Line | None) -> Cell:
    """What a clock took of its target, in hours: a day may be worth something else on each side."""
    if line is None:
        return "-", FAINT
    if line.elapsed is None or line.target is None or line.verdict not in ("met", "breached", "running"):
        return line.verdict.replace("-", " "), FAINT
    told = f"{length(line.elapsed, 0)} of {length(line.target, 0)}"
    return told + ", waived" * bool(line.waived), BAD if line.verdict == "breached" else ""


def _last(found: Comparison, flags: Sequence[Sequence[str]]) -> Text:
    """The breaches of each side, how many are one side's alone, and a ticket to look into."""
    counts = []
    for side, audit in enumerate(found.audits):
        breached, waived = (sum(getattr(row, name) for row in audit.summary) for name in ("breached", "waived"))
        counts.append(f"{letter(side)} {count(breached, 'breach', 'breaches')}{waived_of(breached, waived)}")
    line = Text().append(f"{', '.join(counts)}.", HEADING)
    for each in found.differences:
        if len(each.rows):
            side = 0 if each.rows.by_first[0] else each.other
            ticket = found.audits[0].evidence.tickets.ids[int(each.rows.ticket[0])] or ""
            if ticket.isprintable() and not ticket.startswith("-"):
                line.append(f" Next: {shown(shlex.join(['slaaudit', 'explain', ticket, *flags[side]]))}")
            return line
    return line
