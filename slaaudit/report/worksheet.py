"""A measurement's worksheet for people: every stretch of time, counted or why not, from which row."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from rich.text import Text

from slaaudit.compiling import day_length
from slaaudit.policy.grammar import DAY
from slaaudit.policy.model import TicketClause
from slaaudit.report.layout import BAD, FAINT, Column, paragraph, table
from slaaudit.report.lines import STATES, origins
from slaaudit.report.safe import shown
from slaaudit.report.words import count, exact_length, local, short_local, zone_name
from slaaudit.results import Why
from slaaudit.tracing import FineRow, calendar_of, finer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.audit import Audit
    from slaaudit.policy.model import TargetRule
    from slaaudit.report.lines import Line, Origin

_MANY = 24  # a longer worksheet is folded, unless all of it is asked for
_ENDS = 4  # rows that a folded run keeps at either end


@dataclass(frozen=True)
class Sheet:
    """A measurement with its fine rows, and how its instants and lengths are printed."""

    audit: Audit
    line: Line
    rows: list[FineRow]
    origins: list[Origin | None]
    zone: ZoneInfo
    day: int

    @property
    def worksheet_day(self) -> int:
        """What one day is worth in the rows: none on a calendar with hours, whose hours then add up plainly."""
        return self.day if self.line.calendar == "always" else 0

    @property
    def target(self) -> str:
        """The target in the policy's words, where one rule states it."""
        rules = rules_of(self)
        return rules[0].within.text if len(rules) == 1 else exact_length(self.line.target or 0, self.day)

    def at(self, instant: int) -> str:
        """An instant by the calendar's wall clock, with its zone's name."""
        return f"{local(instant, self.zone)} {zone_name(instant, self.zone)}"


def sheet_of(audit: Audit, line: Line) -> Sheet:
    """The measurement's worksheet, ready to be printed in its calendar's zone, or the policy's."""
    rows = finer(audit, line.at)
    policy = audit.policies[line.policy].policy
    calendar = policy.calendars.get(line.calendar)
    compiled = calendar_of(audit, line.at)
    own = compiled is not None and not compiled.always
    zone = compiled.zone if compiled is not None and own else ZoneInfo(policy.timezone)
    sources = origins(audit, np.array([row.event for row in rows], np.int64))
    return Sheet(audit, line, rows, sources, zone, day_length(calendar) if calendar is not None else DAY)


def rules_of(sheet: Sheet) -> Sequence[TargetRule]:
    """The rule that set the target, else all rules of the severity that governs."""
    clause = sheet.audit.policies[sheet.line.policy].policy.clauses[sheet.line.clause]
    targets = clause.targets if isinstance(clause, TicketClause) else {}
    rules = targets.get(sheet.line.severity or "", ())
    chosen = int(sheet.audit.measurements.rule[sheet.line.at])
    return rules if chosen < 0 else rules[chosen : chosen + 1]


def folded(rows: Sequence[FineRow], target: int | None) -> Iterator[list[int]]:
    """The rows' positions, the middle of each long run of opening and closing taken together.

    A run is one event's; holidays, pauses and the row in which the target is reached stay apart.
    """
    reached = next((at for at, row in enumerate(rows) if target is not None and row.total >= target), None)
    if len(rows) <= _MANY:
        yield from ([at] for at in range(len(rows)))
        return
    plain = (Why.RUNS, Why.CLOSED_HOURS)
    run: list[int] = []
    for at, row in enumerate(rows):
        stays = row.why not in plain or at == reached
        if stays or (run and row.event != rows[run[-1]].event):
            yield from _ends_and_middle(run)
            run = []
        if stays:
            yield [at]
        else:
            run.append(at)
    yield from _ends_and_middle(run)


def _ends_and_middle(run: list[int]) -> Iterator[list[int]]:
    if len(run) < 3 * _ENDS:
        yield from ([at] for at in run)
        return
    yield from ([at] for at in run[:_ENDS])
    yield run[_ENDS:-_ENDS]
    yield from ([at] for at in run[-_ENDS:])


def worksheet_lines(sheet: Sheet, width: int, *, verbose: bool) -> Iterator[Text]:
    """The rows as a table, with a line where the target was reached; long runs folded unless ``verbose``."""
    columns = [
        Column("From"), Column("To"), Column("State", gives_way=True), Column("Counted", gives_way=True, wraps=True),
        Column("Total", right=True), Column("Row", right=True),
    ]  # fmt: skip
    runs = [[at] for at in range(len(sheet.rows))] if verbose else list(folded(sheet.rows, sheet.line.target))
    files = list(dict.fromkeys(origin.file for origin in sheet.origins if origin))
    cells = [_row(sheet, run, files) for run in runs]
    heading, *drawn = table(columns, cells, width)
    yield heading
    noted = sheet.line.due_at is None or sheet.line.target is None
    noted |= sheet.line.paused_most is not None  # nobody can see in which row the target passed
    for run, line in zip(runs, drawn, strict=True):
        yield line
        last = sheet.rows[run[-1]]
        if not noted and last.total >= (sheet.line.target or 0) and sheet.line.due_at is not None:
            noted = True
            passed = "was used up" if last.total == sheet.line.target else "passed"
            words = f"  -- the target of {sheet.target} {passed} at {sheet.at(sheet.line.due_at)}"
            yield Text(words, BAD if passed == "passed" else FAINT)
    named = [f"{_mark(files, file)} {file}".strip() for file in files]
    rows = f"; rows of {', '.join(named)}" if named else ""
    yield from paragraph(f"Times by the clock of {sheet.zone.key}{rows}", width, style=FAINT)


def _mark(files: Sequence[str], file: str) -> str:
    """What tells the rows of several files apart: a letter each."""
    return ascii_lowercase[files.index(file) % 26] if len(files) > 1 else ""


def _row(sheet: Sheet, run: list[int], files: Sequence[str]) -> list[str | tuple[str, str]]:
    first, last = sheet.rows[run[0]], sheet.rows[run[-1]]
    origin = sheet.origins[run[0]]
    before = first.total - first.took
    counted = last.total > before
    whole = first.why == Why.PAUSE_TOTAL
    state = STATES[first.state]
    severities = list(sheet.audit.policies[sheet.line.policy].policy.severities)
    if len({row.severity for row in sheet.rows}) > 1 and 0 <= first.severity < len(severities):
        state += f" {severities[first.severity]}"
    words = exact_length(last.total - before, sheet.worksheet_day) if counted else why_words(first, origin)
    if whole:
        words = f"less {exact_length(before - last.total, sheet.worksheet_day)} in all"
    if len(run) > 1:
        words += f" ({count(sum(sheet.rows[at].took > 0 for at in run), 'opening')})"
    return [
        short_local(first.from_at, sheet.zone),
        short_local(last.to_at, sheet.zone),
        state,
        (words, "" if counted else FAINT),
        exact_length(last.total, sheet.worksheet_day),
        f"{origin.row}{_mark(files, origin.file)}" if origin else "-",
    ]


def why_words(row: FineRow, origin: Origin | None) -> str:
    """Why a row does not count; a pause by the export's own word for the state."""
    if row.why == Why.CLOSED_DAY:
        return f"closed: {row.name}" if row.name else "closed date"
    if row.why == Why.PAUSED:
        return f"paused ({shown(origin.word, 24) if origin and origin.word else STATES[row.state]})"
    return {Why.FINISHED: "finished", Why.NOT_COUNTED_YET: "not counted yet", Why.CLOSED_HOURS: "closed"}.get(
        row.why, "0s"
    )
