"""What is allowed in a policy and yet hardly meant: warnings, each at its line.

Two kinds of list never warn: what a clause says ``why`` about, and calendars that nothing uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.policy import grammar, zone_gaps
from slaaudit.policy.model import AvailabilityClause, TicketClause
from slaaudit.policy.written import Names, open_time, rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from slaaudit.errors import Fault
    from slaaudit.located import Located, Sources
    from slaaudit.policy.model import Condition, Policy, TargetRule


def warnings_of(policy: Policy, tree: Located, sources: Sources) -> Iterator[Fault]:
    """The warnings on a policy in force; ``tree`` holds its values with their places."""
    for name, clause in policy.clauses.items():
        written = tree.get("clauses", name)
        if isinstance(clause, TicketClause) and written:
            yield from _uncovered(name, clause, policy, written, sources)
            yield from _never_matched(clause, policy, written, sources)
        if isinstance(clause, AvailabilityClause | TicketClause) and clause.credits and written:
            yield from _odd_credits(clause, written, sources)
    yield from _short_updates(policy, tree, sources)
    for node in _used_calendars(tree):
        yield from _in_a_gap(node, sources)
        yield from _without_daylight_saving(node, sources)


def _odd_credits(clause: AvailabilityClause | TicketClause, written: Located, sources: Sources) -> Iterator[Fault]:
    """Tiers that a kept promise would reach, and caps in days over credits that are not."""
    promised = clause.promised if isinstance(clause, AvailabilityClause) else None
    tiers, caps = written.get("credits", "tiers"), written.get("credits", "cap")
    rule = clause.credits
    for tier, node in zip(rule.tiers, tiers.elements(), strict=True) if rule and tiers else ():
        below = node.get("below")
        if promised is not None and below and tier.below > promised:
            message = f"{below.text!r} is above the promise of {promised}%"
            hint = "a period that keeps the promise would earn a credit"
            yield sources.fault(below.place, message, hint, "warning")
    units = {tier.credit.unit for tier in rule.tiers} if rule else set()
    for cap, node in zip(rule.cap, caps.elements(), strict=True) if rule and caps else ():
        stated = node.get("credit")
        if stated and len(units) == 1 and (cap.credit.unit == "days") != (units == {"days"}):
            message = f"a cap of {stated.text} cannot be held against credits of another kind"
            yield sources.fault(stated.place, message, "expected the unit of the tiers", "warning")


def _uncovered(name: str, clause: TicketClause, policy: Policy, written: Located, sources: Sources) -> Iterator[Fault]:
    """Severities without a target in a clause that has some."""
    missing = [severity for severity in policy.severities if severity not in clause.targets]
    targets = written.get("targets")
    if missing and clause.targets and not clause.why and targets:
        said = f"clause {name!r} has no target for {', '.join(missing)}"
        yield sources.fault(targets.key, said, "its tickets are no-target; say 'why' if that is meant", "warning")


def _never_matched(clause: TicketClause, policy: Policy, written: Located, sources: Sources) -> Iterator[Fault]:
    """Rules that come after one that takes all they could match."""
    for severity, stated in clause.targets.items():
        node = written.get("targets", severity)
        for index, rule in enumerate(rules(node) if node else []):
            why = _why_never(stated[: index + 1], policy)
            if why:
                yield sources.fault(rule.node.place, "this rule never matches", why, "warning")


def _why_never(stated: Sequence[TargetRule], policy: Policy) -> str:
    *before, last = stated
    for number, rule in enumerate(before, start=1):
        if _holds_always(rule.when, policy):
            return f"rule {number} matches every ticket"
        if rule.when == last.when:
            return f"rule {number} has the same condition"
    outside = [each for each in (last.when.arrives_outside, last.when.starts_outside) if each]
    return "nothing lies outside a calendar that never closes" if _any_always(outside, policy) else ""


def _holds_always(when: Condition, policy: Policy) -> bool:
    inside = [each for each in (when.arrives_in, when.starts_in) if each]
    stated = len(when.fields) + len(inside) + bool(when.arrives_outside) + bool(when.starts_outside)
    return stated == sum(_any_always([each], policy) for each in inside)


def _any_always(calendars: Sequence[str], policy: Policy) -> bool:
    return any(policy.calendars[name].always for name in calendars)


def _short_updates(policy: Policy, tree: Located, sources: Sources) -> Iterator[Fault]:
    """Updates that are promised sooner after each other than the first response is."""
    clauses = {name: each for name, each in policy.clauses.items() if isinstance(each, TicketClause)}
    responses = [each for each in clauses.values() if each.measure == "first-response"]
    for name, clause in clauses.items() if responses else ():
        for severity, stated in clause.targets.items() if clause.measure == "update-gap" else ():
            first = [rule for each in responses for rule in each.targets.get(severity, ())]
            node = tree.get("clauses", name, "targets", severity)
            if node and any(_is_shorter(update, response, policy) for update in stated for response in first):
                message = f"severity {severity!r}: updates are promised sooner than the first response"
                yield sources.fault(node.place, message, "is one of the two mistyped?", "warning")


def _is_shorter(update: TargetRule, response: TargetRule, policy: Policy) -> bool:
    """Whether one amount is surely less than another; only amounts on one calendar can be held together."""
    first, second = _micros(update, policy), _micros(response, policy)
    return update.calendar == response.calendar and first is not None and second is not None and first < second


def _micros(rule: TargetRule, policy: Policy) -> int | None:
    within, calendar = rule.within, policy.calendars[rule.calendar]
    if within.months or within.weeks:
        return None
    lengths = {open_time(windows) for windows in calendar.hours.values() if windows}
    day = grammar.DAY if calendar.always else calendar.day.micros if calendar.day else max(lengths, default=0)
    return within.micros + within.days * day


def _used_calendars(tree: Located) -> list[Located]:
    """The calendars with hours that a target counts on, as they are written."""
    names, found = Names.of(tree), {}
    clauses = tree.get("clauses")
    for _, clause in clauses.items() if clauses else []:
        targets = clause.get("targets")
        for _, target in targets.items() if targets else []:
            for rule in rules(target):
                node = names.hours_of(rule.calendar[0]) if rule.calendar else None
                if node:
                    found[node.key] = node
    return list(found.values())


def _in_a_gap(calendar: Located, sources: Sources) -> Iterator[Fault]:
    """Windows of an hour or two that a change to summer time skips whole."""
    zone, hours = calendar.get("timezone"), calendar.get("hours")
    for days, node in hours.items() if hours and zone else []:
        for written in node.elements():
            window = grammar.window(written.text or "")
            skipped = zone_gaps.skipped_on(zone.text or "UTC", grammar.weekdays(days), window) if zone else None
            if skipped:
                message = f"{written.text!r} does not exist on {skipped}"
                hint = f"the clocks of {zone.text if zone else ''} skip it then; the window is empty on that day"
                yield sources.fault(written.place, message, hint, "warning")


_WITHOUT_DAYLIGHT_SAVING = {"EST": "America/New_York", "MST": "America/Denver", "HST": "Pacific/Honolulu"}


def _without_daylight_saving(calendar: Located, sources: Sources) -> Iterator[Fault]:
    zone = calendar.get("timezone")
    meant = _WITHOUT_DAYLIGHT_SAVING.get(zone.text or "") if zone else None
    if zone and meant:
        message = f"zone {zone.text!r} has no summer time"
        yield sources.fault(zone.place, message, f"did you mean {meant!r}?", "warning")


def ended_holiday_lists(tree: Located, last: dt.date, sources: Sources) -> Iterator[Fault]:
    """Calendars whose closed dates end before the year of ``last``, the date of the latest evidence.

    A list is taken to hold for the whole year of its last date. Calendars with a holiday code go on by
    themselves.
    """
    for calendar in _used_calendars(tree):
        dates, codes = calendar.get("closed", "dates"), calendar.get("closed", "holidays")
        stated = [grammar.date(each.text or "") for each in dates.elements()] if dates else []
        if dates and stated and not (codes and codes.value != []) and max(stated).year < last.year:
            message = f"the closed dates end with {max(stated)}, the evidence with {last}"
            yield sources.fault(dates.key, message, f"add the closed dates of {last.year}", "warning")
