"""A service in a report for people: its periods, what is excluded, what is credited, and what lapses next."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from rich.text import Text

from slaaudit.availability import course_of
from slaaudit.civil_spans import day_of
from slaaudit.claims import next_deadline
from slaaudit.report import safe, sums
from slaaudit.report.layout import BAD, DOUBTFUL, FAINT, GOOD, HEADING, Column, fits, paragraph, table
from slaaudit.report.page import FEW, heading
from slaaudit.report.sentences import exclusion_sentence
from slaaudit.report.strip import LEGEND, is_by_day, strip
from slaaudit.report.words import count, length, local, to_the_minute
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.availability import Uptime
    from slaaudit.claims import Deadline
    from slaaudit.credits import Credit
    from slaaudit.report.layout import Cell

_STYLES = {Verdict.MET: GOOD, Verdict.BREACHED: BAD, Verdict.UNKNOWN: DOUBTFUL}
_LONG = 60  # characters of a component's name in a heading
_SHORT_NAME = len("contract")  # longer names of periods leave no room for the strips beside them


class Service(NamedTuple):
    """What the sections are made from; ``verbose`` shows all of every list."""

    assessment: Assessment
    width: int
    verbose: bool = False


def periods(page: Service) -> Iterator[Text]:
    """A table for each clause and component, period by period."""
    key = lambda row: (row.policy, row.clause, row.component)  # noqa: E731  (used once, here)
    for _, same in groupby(page.assessment.uptimes, key=key):
        yield from _table(page, list(same))


def _table(page: Service, rows: list[Uptime]) -> Iterator[Text]:
    first = rows[0]
    clause = page.assessment.policies[first.policy].policy.clauses[first.clause]
    force = "a target" if clause.binding == "target" else "warranted"
    title = f"{clause.title} [{first.clause}]" if clause.title else first.clause
    component = f", {safe.shown(first.component, _LONG)}" if first.component else ""
    yield from paragraph(f"{title}{component}", page.width, 0, style=HEADING)
    zone = page.assessment.timezone(first.policy, first.clause)
    yield from paragraph(f"{sums.percent(first.promised)} promised, {force}; periods of {zone}", page.width)
    shown = rows if page.verbose or len(rows) <= 2 * FEW else [row for row in rows if row.verdict is not Verdict.MET]
    by_requests = {row.requests is not None for row in shown}
    lost = {(True,): "Failed", (False, True): "Down or failed"}.get(tuple(sorted(by_requests)), "Down")
    columns = [
        Column("Period", gives_way=True), Column(lost, right=True),
        Column("Excluded", right=True), Column("Available", right=True), Column("Verdict"), Column(""),
    ]  # fmt: skip
    strips = [_strip(page, row) for row in shown]
    cells: list[list[Cell]] = [[*_cells(row), (marks, FAINT)] for row, marks in zip(shown, strips, strict=True)]
    beside = all(len(row.span.name) <= _SHORT_NAME for row in shown) and fits(columns, cells, page.width)
    yield from table(columns if beside else columns[:-1], cells if beside else [row[:-1] for row in cells], page.width)
    if not beside:
        yield from (Text(f"  {row.span.name}  {marks}") for row, marks in zip(shown, strips, strict=True))
    if len(shown) < len(rows):
        kept = count(len(rows) - len(shown), "period")
        yield from paragraph(f"and {kept} that met the promise; --verbose shows all", page.width)
    cell = "day" if all(is_by_day(row.span) for row in shown) else "part of the period"
    yield from paragraph(LEGEND.format(cell=cell), page.width, style=FAINT)


def _strip(page: Service, row: Uptime) -> str:
    """The strip of a period; none where nothing tells how it was."""
    service = page.assessment.service(row)
    if service is None or row.method is None:
        return ""
    course = course_of(service, row.method, row.span.from_at, row.until)
    return strip(course, row.span, row.until, page.assessment.timezone(row.policy, row.clause))


def _cells(row: Uptime) -> list[Cell]:
    if row.requests is not None:
        down = f"{row.failed:,} of {row.requests:,}"
    else:
        down = "-" if row.downtime is None else length(int(row.downtime))
    verdict = row.verdict.name.lower() + (" to date" if row.to_date and row.verdict is Verdict.BREACHED else "")
    verdict += ", waived" if row.waived else ""
    return [
        row.span.name,
        down,
        length(row.excluded) if row.excluded else ("0s", FAINT),
        sums.percent(row.availability),
        (verdict, _STYLES.get(row.verdict, "")),
    ]


def excluded_time(page: Service) -> Iterator[Text]:
    """Each excluded incident and stretch of time with its exclusion."""
    rows = list(page.assessment.excluded())
    if not rows:
        return
    ids = page.assessment.operations.incidents.ids
    yield heading(f"Excluded from downtime: {len(rows):,}")
    shown = rows if page.verbose else rows[:FEW]
    columns = [
        Column("Clause", gives_way=True),
        Column("What", gives_way=True, wraps=True),
        Column("From"),
        Column("Length", right=True),
        Column("Exclusion", gives_way=True, wraps=True),
    ]
    cells = []
    for row in shown:
        zone = ZoneInfo(page.assessment.timezone(row.policy, row.clause))
        what = "maintenance" if row.incident is None else safe.shown(ids[row.incident] or "-", _LONG)
        what += f" ({safe.shown(row.component, _LONG)})" if row.component else ""
        since = to_the_minute(row.from_at, zone)
        cells.append([row.clause, what, since, length(row.to_at - row.from_at), exclusion_sentence(row.exclusion)])
    yield from table(columns, cells, page.width)
    if len(shown) < len(rows):
        counts = Counter(exclusion_sentence(row.exclusion) for row in rows)
        by_name = "; ".join(f"{number:,}: {name}" for name, number in counts.most_common())
        yield from paragraph(f"in all: {by_name}; --verbose shows each", page.width)


def credited(page: Service) -> Iterator[Text]:
    """Every credit with its sum in one line, what lapses next first; then what they come to."""
    found = in_order_of_deadline(page.assessment.credits)
    if not found:
        return
    yield heading(f"Credits: {sums.totals([each for each in found if not each.row.to_date])}")
    shown = found if page.verbose else found[: 2 * FEW]
    for each in shown:
        row = each.row
        zone = ZoneInfo(page.assessment.timezone(row.policy, row.clause))
        about = " ".join(filter(None, [row.clause, row.component, row.severity, row.span.name]))
        earned = each.earned.right if each.unit == "right" else sums.amount(each.amount, each.unit)
        so_far = " so far" if row.to_date else ""
        claim_by = _claim_by(each, zone) if is_worth_claiming(each) else ""
        yield from paragraph(f"{about}: {earned}{so_far}{claim_by}", page.width, 2, 2)
        yield from paragraph(sums.sum_line(each), page.width, 6, 2)
        if not is_worth_claiming(each):
            continue
        for deadline in each.deadlines if len(each.deadlines) > 1 else ():
            yield from paragraph(f"{deadline.step or 'claim'} {_by(deadline, zone)}", page.width, 6, 2)
        for deadline in early_steps(each):
            end = day_of(row.span.to_at - 1, zone)
            text = f"{deadline.step or 'the claim'} lapses on {deadline.last_day}, before the period is final on {end}"
            yield from paragraph(text, page.width, 6, 2, style=DOUBTFUL)
    if len(shown) < len(found):
        yield from paragraph(f"and {count(len(found) - len(shown), 'credit')} more; --verbose shows all", page.width)
    yield from _totals(page, found)


def in_order_of_deadline(earned: Sequence[Credit]) -> list[Credit]:
    """What lapses next first; then what has no deadline, then what has lapsed, then what comes to nothing."""

    def place(credit: Credit) -> tuple[int, int]:
        deadline = next_deadline(credit.deadlines)
        if not is_worth_claiming(credit):
            return 3, credit.row.span.from_at
        if deadline is None:
            return 1, credit.row.span.from_at
        return (2 if deadline.status == "lapsed" else 0), deadline.closes_at

    return sorted(earned, key=place)


def is_worth_claiming(credit: Credit) -> bool:
    """Whether there is something to ask for."""
    return bool(credit.amount) or credit.unit == "right"


def early_steps(credit: Credit) -> list[Deadline]:
    """The steps of a claim that lapse before its period is over."""
    return [each for each in credit.deadlines if each.closes_at < credit.row.span.to_at]


def lapses_early(credit: Credit) -> bool:
    """Whether a claim may lapse before its period is over."""
    deadline = next_deadline(credit.deadlines)
    return deadline is not None and deadline.closes_at < credit.row.span.to_at


def _claim_by(credit: Credit, zone: ZoneInfo) -> str:
    deadline = next_deadline(credit.deadlines)
    return f"; {deadline.step or 'claim'} {_by(deadline, zone)}" if deadline else ""


def _by(deadline: Deadline, zone: ZoneInfo) -> str:
    when = f"by {deadline.last_day:%a} {deadline.last_day}"
    if deadline.is_exact:
        when = f"by {deadline.last_day:%a} {local(deadline.closes_at, zone)}"
    lacking = "when the contract ends" if deadline.claim.from_ == "contract-end" else "when it was noticed"
    known = f" ({lacking} is not in the data)" if deadline.guessed else ""
    if deadline.status is None:
        return f"{when}{known}"
    if deadline.status == "lapsed":
        return f"{when}: lapsed{known}"
    left = "today is the last day" if not deadline.days_left else f"{count(deadline.days_left, 'day')} left"
    return f"{when}: {deadline.status}, {left}{known}"


def _totals(page: Service, earned: Sequence[Credit]) -> Iterator[Text]:
    so_far = [each for each in earned if each.row.to_date]
    if so_far:
        yield from paragraph(f"So far, in periods that are not over: {sums.totals(so_far)}", page.width)
    final = [each for each in earned if not each.row.to_date]
    by_status = [
        (status, [each for each in final if _status(each) == status]) for status in ("closing", "open", "lapsed")
    ]
    told = [f"{status}: {sums.totals(own)}" for status, own in by_status if own]
    if told:
        text = "; ".join(told)
        yield from paragraph(text[0].upper() + text[1:], page.width)


def _status(credit: Credit) -> str | None:
    deadline = next_deadline(credit.deadlines)
    return deadline.status if deadline else None
