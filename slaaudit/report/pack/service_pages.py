"""A page for each solid period of a service: its numbers, what it is made of, its credits, the rows as they stood."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from rich.text import Text

from slaaudit.availability import course_of
from slaaudit.report import sums
from slaaudit.report.layout import Column, labelled, paragraph, table
from slaaudit.report.sentences import exclusion_sentence
from slaaudit.report.strip import LEGEND, is_by_day, strip
from slaaudit.report.what_counted import what_counted
from slaaudit.report.words import count, exact_length, local, zone_name
from slaaudit.results import Verdict
from slaaudit.service_dispute import period_name
from slaaudit.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.assessment import Assessment, Excluded
    from slaaudit.availability import Uptime
    from slaaudit.evidence.incidents import Incidents, Maintenance, Usage
    from slaaudit.report.pack.contents import Packing
    from slaaudit.report.what_counted import Counting
    from slaaudit.services import Service

_WIDTH = 100


class PeriodPage(NamedTuple):
    """What a page tells: its title, the words that name its file, its text, and the rows that it shows by file."""

    title: str
    words: tuple[str, ...]
    text: str
    places: dict[str, list[int]]


def period_pages(packing: Packing) -> Iterator[PeriodPage]:
    """The pages of the periods that are breached under every reading, in the report's order."""
    found = packing.found.service
    if found is None:
        return
    solid = set(_solid(packing))
    for row in found.uptimes:
        loaded = found.policies[row.policy]
        about = (row.policy, row.clause, row.component, period_name(row, loaded, row.clause))
        service = found.service(row)
        if about in solid and row.verdict is Verdict.BREACHED and service is not None:
            yield _page(_Period(found, row, service))


def _solid(packing: Packing) -> Iterator[tuple[int, str, str | None, str]]:
    for one in packing.disputed.clauses:
        if one.is_of_service:
            for at in one.table.subject[one.standing == Standing.SOLID].tolist():
                yield one.policy, one.clause, *one.periods[at]


class _Period(NamedTuple):
    """One row of the report on a service, with what is behind it."""

    found: Assessment
    row: Uptime
    service: Service

    @property
    def zone(self) -> ZoneInfo:
        """By whose clock it is told."""
        return ZoneInfo(self.found.timezone(self.row.policy, self.row.clause))

    def is_within(self, row: Excluded) -> bool:
        """Whether excluded time, or an excluded incident, is this one's."""
        own = (row.policy, row.clause) == (self.row.policy, self.row.clause)
        here = row.component in (None, self.row.component) and (row.incident is None or self.service.rows[row.incident])
        return own and here and row.from_at < self.row.until and row.to_at > self.row.span.from_at

    def counting(self) -> list[Counting]:
        """What its downtime is made of; nothing where requests tell of it."""
        if self.row.method != "downtime":
            return []
        course = course_of(self.service, self.row.method, self.row.span.from_at, self.row.until)
        return list(what_counted(self.service, course, self.row.span.from_at, self.row.until))


def _page(period: _Period) -> PeriodPage:
    row = period.row
    clause = period.found.policies[row.policy].policy.clauses[row.clause]
    about = " ".join(filter(None, [row.component, row.span.name]))
    counting = period.counting()
    excluded = [each for each in period.found.excluded() if period.is_within(each)]
    told = [*_numbers(period), *_made_of(period, counting), *_left_out(period, excluded), *_credits(period)]
    text = "\n".join(str(line) for line in told)
    words = tuple(filter(None, [row.component, row.span.name, row.clause]))
    return PeriodPage(f"{about}: {clause.title or row.clause}", words, text, _places(period, counting, excluded))


def _numbers(period: _Period) -> Iterator[Text]:
    found, row, zone = period.found, period.row, period.zone
    loaded = found.policies[row.policy]
    clause = loaded.policy.clauses[row.clause]
    place = loaded.places.get(("clauses", row.clause))
    where = f"{place.file}:{place.line}" if place else loaded.path
    section = f", section {clause.section}" if clause.section else ""
    force = "a target" if clause.binding == "target" else "warranted"
    edges = [f"{local(at, zone)} {zone_name(at, zone)}" for at in (row.span.from_at, row.until)]
    so_far = "; the period is not over" if row.to_date else ""
    yield from labelled("Promise", f"{sums.percent(row.promised)}, {force}: {where}{section}", _WIDTH)
    yield from labelled("From", edges[0], _WIDTH)
    yield from labelled("To", f"{edges[1]}{so_far}", _WIDTH)
    if row.requests is not None:
        yield from labelled("Counted", f"{count(row.requests, 'request')}, {row.failed:,} failed", _WIDTH)
    else:
        taken = f", less {exact_length(row.total - row.measured)} excluded" if row.total != row.measured else ""
        yield from labelled("Counted", f"{exact_length(row.total)}{taken}: {exact_length(row.measured)}", _WIDTH)
        yield from labelled("Down", f"{exact_length(int(row.downtime or 0))}, counted by {row.method}", _WIDTH)
    verdict = "below the promise, whatever is still to come" if row.to_date else "below the promise"
    yield from labelled("Available", f"{sums.percent(row.availability)}, {verdict}", _WIDTH)
    if waived := found.waived(row):
        yield from labelled("Waived", waived, _WIDTH)
    course = course_of(period.service, row.method, row.span.from_at, row.until)
    yield Text("")
    yield from paragraph(strip(course, row.span, row.until, str(zone)), _WIDTH)
    yield from paragraph(LEGEND.format(cell="day" if is_by_day(row.span) else "part of the period"), _WIDTH)


def _made_of(period: _Period, counting: Sequence[Counting]) -> Iterator[Text | str]:
    """Each incident, and each stretch of maintenance, that counts."""
    if not counting:
        return
    ids, zone = period.found.operations.incidents.ids, period.zone
    yield from ["", "What it is made of; where outages overlap, the worst one counts, once"]
    columns = [Column("What", gives_way=True), Column("From"), Column("To"), Column("Down", right=True),
               Column("Of the service", right=True)]  # fmt: skip
    yield from table(
        columns,
        [
            [
                "maintenance" if each.incident is None else ids[each.incident] or "-",
                local(each.from_at, zone),
                local(each.to_at, zone),
                exact_length(each.counted),
                sums.percent(each.share),
            ]
            for each in counting
        ],
        _WIDTH,
    )


def _left_out(period: _Period, excluded: Sequence[Excluded]) -> Iterator[Text | str]:
    """Each excluded incident and stretch of maintenance."""
    if not excluded:
        return
    ids, zone = period.found.operations.incidents.ids, period.zone
    yield from ["", "What is left out, and by which exclusion"]
    columns = [
        Column("What", gives_way=True),
        Column("From"),
        Column("To"),
        Column("Exclusion", gives_way=True, wraps=True),
    ]
    cells = [
        [
            "maintenance" if each.incident is None else ids[each.incident] or "-",
            local(each.from_at, zone),
            local(each.to_at, zone),
            exclusion_sentence(each.exclusion),
        ]
        for each in excluded
    ]
    yield from table(columns, cells, _WIDTH)


def _credits(period: _Period) -> Iterator[Text | str]:
    """What its time earns: each credit of its own period, or of one over it."""
    row = period.row
    own = [
        each
        for each in period.found.credits
        if (each.row.policy, each.row.clause, each.row.component) == (row.policy, row.clause, row.component)
        and each.row.span.from_at < row.span.to_at
        and each.row.span.to_at > row.span.from_at
    ]
    if not own:
        return
    yield from ["", "What it earns"]
    for each in own:
        earned = each.earned.right if each.unit == "right" else sums.amount(each.amount, each.unit)
        claim = "".join(f"; {one.step or 'claim'} by {one.last_day}" for one in each.deadlines)
        yield from paragraph(f"{each.row.span.name}: {earned}{claim}", _WIDTH)
        yield from paragraph(sums.sum_line(each), _WIDTH, 4)


def _places(period: _Period, counting: Sequence[Counting], excluded: Sequence[Excluded]) -> dict[str, list[int]]:
    """The rows of incidents, maintenance and failed requests that tell of the period, by file."""
    known, row = period.found.operations, period.row
    rows: dict[str, set[int]] = defaultdict(set)

    def add(read: Incidents | Maintenance | Usage, chosen: Sequence[int]) -> None:
        for at in chosen:
            rows[known.inputs[int(read.file[at])].path].add(int(read.row[at]))

    told = [*(each.incident for each in counting), *(each.incident for each in excluded)]
    ours = [at for at in told if at is not None]
    ids = known.incidents.ids.codes
    add(known.incidents, np.flatnonzero(np.isin(ids, ids[ours]) & period.service.rows).tolist() if ours else [])
    since, until = row.span.from_at, row.until
    windows = known.maintenance
    over = (windows.started_at < until) & (windows.ended_at > since)
    add(windows, [at for at in np.flatnonzero(over).tolist() if windows.component[at] in (None, row.component)
                  or row.component is None])  # fmt: skip
    if row.method not in ("downtime", None):
        usage = known.usage
        over = (usage.window_start < until) & (usage.window_end > since) & (usage.failed > 0)
        add(usage, [at for at in np.flatnonzero(over).tolist() if usage.component[at] in (None, row.component)
                    or row.component is None])  # fmt: skip
    return {name: sorted(rows[name]) for name in sorted(rows)}
