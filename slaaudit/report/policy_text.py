"""A policy in words: what it promises, under which readings, and where each value was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.policy.grammar import DAY, HOUR, MINUTE, SECOND, WEEKDAYS
from slaaudit.policy.model import AvailabilityClause, Calendar, TicketClause
from slaaudit.report.credits_text import credits_text, period_text
from slaaudit.report.layout import paragraph
from slaaudit.report.safe import shown
from slaaudit.report.words import count, decimal_text, length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from slaaudit.located import Located, Place
    from slaaudit.policy import LoadedPolicy, Published
    from slaaudit.policy.grammar import Window
    from slaaudit.policy.model import AnyClause, Condition, Match, Policy, Reading, TargetRule

_WIDEST_ALIGNED = 60


def said(text: str) -> str:
    """A message of several lines, fit to print."""
    return "\n".join(shown(line) for line in text.split("\n"))


def listed(policies: Sequence[Published]) -> str:
    """The published policies as a table: name, vendor, title, date of the contract."""
    rows = [("NAME", "VENDOR", "TITLE", "REVISED")]
    rows += [(each.id, shown(each.vendor), shown(each.title), shown(each.revised)) for each in policies]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def counted(loaded: LoadedPolicy, examples: int = 0) -> str:
    """One line on a policy without faults: what it holds, its examples, and how many warnings there are."""
    policy = loaded.policy
    parts = [
        count(len(policy.severities), "severity", "severities"),
        count(len(policy.calendars) - 1, "calendar"),
        count(len(policy.clauses), "clause"),
        count(len(policy.readings), "reading"),
        *([count(examples, "example")] if examples else []),
        count(len(loaded.warnings), "warning"),
    ]
    return f"{shown(loaded.path)}: ok: {', '.join(parts)}"


def shown_policy(loaded: LoadedPolicy, width: int) -> str:
    """The policy in force, for people to read."""
    return "\n".join(line.plain for text in _lines(loaded) for line in _wrapped(text, width))


def _wrapped(text: str, width: int) -> list[Text]:
    """A line as lines no wider than ``width``; those after the first stand further in."""
    inner = text.lstrip(" ")
    return paragraph(inner, width, len(text) - len(inner), 2)


def _lines(loaded: LoadedPolicy) -> Iterator[str]:
    policy = loaded.policy
    yield from _head(policy, loaded)
    if policy.severities:
        yield from ("", "severities, most severe first:")
    for name, severity in policy.severities.items():
        yield _joined(f"  {name}", severity.title and f" ({severity.title})", severity.means and f": {severity.means}")
        if severity.aliases:
            yield f"    also: {', '.join(severity.aliases)}"
    yield from ("", "calendars:")
    for name, calendar in policy.calendars.items():
        yield from _calendar(name, calendar, loaded.tree.get("calendars", name))
    yield from ("", "clauses:")
    for name, clause in policy.clauses.items():
        yield from _clause(name, clause)
    if policy.readings:
        yield from ("", "readings:")
    for name, reading in policy.readings.items():
        yield from _reading(name, reading, loaded.readings[name])


def _joined(*parts: str) -> str:
    return "".join(part for part in parts if part)


def _head(policy: Policy, loaded: LoadedPolicy) -> Iterator[str]:
    yield f"id: {policy.id}"
    yield f"vendor: {policy.vendor}"
    yield f"title: {policy.title}"
    revised = f", revised {policy.source.revised}" if policy.source.revised else ""
    if policy.source.document:
        yield f"source: {policy.source.document}{revised}"
    yield f"timezone: {policy.timezone}"
    effective = policy.effective
    if effective.from_ or effective.until:
        yield _joined(
            "effective:",
            f" from {effective.from_}" if effective.from_ else "",
            f" until {effective.until}" if effective.until else "",
        )
    if policy.severity_set_by:
        yield f"severity set by: {policy.severity_set_by}"
    yield f"files: {', '.join(loaded.files)}"
    yield f"sha256: {loaded.sha256}"


def _calendar(name: str, calendar: Calendar, written: Located | None) -> Iterator[str]:
    if written is not None and written.text is not None:
        yield f"  {name}: {written.text}"
    elif calendar.always:
        yield f"  {name}: 24x7"
    else:
        yield f"  {name}: {calendar.timezone}"
        for days, windows in _grouped(calendar):
            yield f"    {days} {windows}"
        closed = [*calendar.closed.holidays, *map(str, calendar.closed.dates)]
        if closed:
            yield f"    closed: {', '.join(closed)}"
        for date, hours in calendar.exceptions.items():
            yield f"    {date}: {_windows(hours) or 'closed'}"
        if calendar.day:
            yield f"    a day is {calendar.day.text}"


def _grouped(calendar: Calendar) -> Iterator[tuple[str, str]]:
    """Runs of weekdays with the same windows, in words."""
    run: list[int] = []
    for day in range(len(WEEKDAYS) + 1):
        hours = calendar.hours.get(day, ())
        if run and hours != calendar.hours[run[0]]:
            last = f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else ""
            yield f"{WEEKDAYS[run[0]]}{last}", _windows(calendar.hours[run[0]])
            run = []
        if hours:
            run.append(day)


def _windows(windows: Sequence[Window]) -> str:
    return ", ".join(
        f"{_time(each.opens)}-{_time(each.closes if each.closes <= DAY else each.closes - DAY)}" for each in windows
    )


def _time(micros: int) -> str:
    hours, minutes, seconds = micros // HOUR, micros % HOUR // MINUTE, micros % MINUTE // SECOND
    return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")


def _clause(name: str, clause: AnyClause) -> Iterator[str]:
    yield _joined(f"  {name}", clause.title and f": {clause.title}")
    yield f"    measure: {clause.measure}, {clause.binding}"
    if clause.section:
        yield f"    section: {clause.section}"
    if applies := condition(clause.applies):
        yield f"    applies: {applies}"
    for label, excluded in clause.excludes.items():
        yield f"    excludes {label}: {condition(excluded)}"
    if isinstance(clause, TicketClause):
        yield from _ticket_clause(clause)
    if isinstance(clause, AvailabilityClause):
        yield from _availability(clause)
    if isinstance(clause, TicketClause | AvailabilityClause) and clause.credits:
        yield from credits_text(clause.credits)
    if clause.why:
        yield f"    why: {clause.why}"


def _ticket_clause(clause: TicketClause) -> Iterator[str]:
    clock = clause.clock
    yield f"    clock: {', '.join(clause.starts)} → {', '.join(clause.stops)}"
    if clock.pauses:
        yield f"    pauses: {', '.join(clock.pauses)}"
    for each in clock.counts_from:
        when = condition(each.when)
        yield f"    counts from the next opening of {each.next_opening}{when and f' when {when}'}"
    yield f"    severity: {clock.severity}; reopening: {clock.reopening}; days: {clock.days}"
    for severity, rules in clause.targets.items():
        yield f"    {severity}: {'; else '.join(map(_rule, rules))}"
    if clause.attainment:
        yield f"    attainment: {decimal_text(clause.attainment.share)}% per {clause.attainment.per}"


def _rule(rule: TargetRule) -> str:
    when = condition(rule.when)
    days = f" ({rule.days})" if rule.days else ""
    return f"{rule.within.text} on {rule.calendar}{days}{when and f' when {when}'}"


def condition(stated: Condition) -> str:
    """A condition in words, or nothing where it always holds."""
    parts = [
        f"it {verb} {calendar}"
        for verb, calendar in (
            ("arrives in", stated.arrives_in),
            ("arrives outside", stated.arrives_outside),
            ("starts in", stated.starts_in),
            ("starts outside", stated.starts_outside),
        )
        if calendar
    ]
    return "; ".join([*(f"{name}: {_match(match)}" for name, match in stated.fields.items()), *parts])


def _match(match: Match) -> str:
    return f"{'not ' if match.negated else ''}{', '.join(match.words)}"


def _availability(clause: AvailabilityClause) -> Iterator[str]:
    yield f"    promised: {decimal_text(clause.promised)}% per {period_text(clause.period)}, {clause.per}"
    yield f"    method: {', '.join(clause.method)}; excluded from: {clause.excluded_from}"
    if clause.length is not None:
        yield f"    every period is taken to be {length(clause.length)} long"
    yield from _outages(clause)
    for field, value in clause.assumes.items():
        yield f"    assumes: {field} is {value} where it is empty"


def _outages(clause: AvailabilityClause) -> Iterator[str]:
    outage, plan = clause.outage, clause.maintenance
    if outage.at_least:
        yield f"    an outage lasts at least {length(outage.at_least)}, and counts from its {outage.counts_from}"
    if outage.affecting is not None:
        yield f"    an outage affects at least {decimal_text(outage.affecting)}%"
    for field, stated in clause.weights.items():
        weights = ", ".join(f"{word} {decimal_text(share)}%" for word, share in stated.items())
        yield f"    an outage weighs by its {field}: {weights}"
    if clause.error_rate:
        rate = clause.error_rate
        if rate.above is None:
            yield f"    {length(rate.slice)} are down by the share of requests that fail"
        else:
            yield f"    {length(rate.slice)} are down where more than {decimal_text(rate.above)}% of requests fail"
    if plan.notice:
        yield f"    maintenance: announced {length(plan.notice)} before; otherwise: {plan.otherwise}"
    if plan.budget is not None:
        per = period_text(plan.per or clause.period)
        yield f"    maintenance: at most {length(plan.budget)} per {per}; otherwise: {plan.otherwise}"


def _reading(name: str, reading: Reading, chosen: str) -> Iterator[str]:
    yield f"  {name}: {reading.question}"
    if reading.raised_by:
        yield f"    raised by: {reading.raised_by}"
    yield f"    in force: {chosen}{' (the default)' if chosen == reading.default else ''}"
    yield f"    choices: {', '.join(reading.choices)}"


def resolved(loaded: LoadedPolicy) -> str:
    """Every value in force with the file and line that it came from, one a line."""
    rows = [(f"{place.file}:{place.line}", label, text) for label, text, place in _values(loaded)]
    width = min(_WIDEST_ALIGNED, max(len(row[0]) for row in rows))
    return "\n".join(f"{shown(where).ljust(width)}  {shown(label)}: {shown(text)}" for where, label, text in rows)


def _values(loaded: LoadedPolicy) -> Iterator[tuple[str, str, Place]]:
    for key, node in loaded.tree.items():
        if key != "readings":
            yield from _leaves(key, node)
    for name, choice in loaded.readings.items():
        overlay = loaded.tree.get("readings", name, "choices", choice)
        if overlay:
            yield f"readings.{name}", choice, overlay.key


def _leaves(label: str, node: Located) -> Iterator[tuple[str, str, Place]]:
    if isinstance(node.value, dict) and node.value:
        for key, child in node.items():
            yield from _leaves(f"{label}.{key}", child)
    elif isinstance(node.value, list) and not _on_one_line(node):
        for index, child in enumerate(node.value):
            yield from _leaves(f"{label}[{index}]", child)
    else:
        yield label, _text(node), node.place


def _on_one_line(node: Located) -> bool:
    return all(child.text is not None and child.place.line == node.place.line for child in node.elements())


def _text(node: Located) -> str:
    if isinstance(node.value, list):
        return f"[{', '.join(_text(child) for child in node.value)}]"
    return "{}" if isinstance(node.value, dict) else node.text or "null"
