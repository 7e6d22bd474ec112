"""What is wrong with a policy's calendars: zones, names, weekdays, holidays, days of unequal length."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from slaaudit.located import Located, did_you_mean, known_keys, nearest
from slaaudit.policy import grammar, holidays
from slaaudit.policy.model import Calendar
from slaaudit.policy.written import ALWAYS, Names, Rule, open_time, week

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.errors import Fault
    from slaaudit.located import Place, Sources


def faults(tree: Located, names: Names, sources: Sources) -> Iterator[Fault]:
    """Every fault of the calendars, and of the policy's own zone."""
    yield from zone_faults(tree.get("timezone"), sources)
    calendars = tree.get("calendars")
    for name, node in calendars.items() if calendars else []:
        if name in ALWAYS:
            yield sources.fault(node.key, f"calendar {name!r} is built in", "give this one another name")
        elif not name or name != name.strip() or any(sign.isspace() for sign in name):
            yield sources.fault(node.key, f"{name!r} is no name for a calendar", "expected one word")
        elif node.text is not None:
            yield from _name_faults(name, node, names, sources)
        elif isinstance(node.value, dict):
            yield from _hours_faults(name, node, sources)


def unknown(name: str, place: Place, names: Names, sources: Sources) -> Fault:
    """The fault of a calendar that is named and not there."""
    known = list(names.calendars)
    hint = "did you mean 'always'?" if name in ALWAYS else did_you_mean(name, known, "calendars of this policy")
    return sources.fault(place, f"no calendar is named {name!r}", hint)


def _name_faults(name: str, node: Located, names: Names, sources: Sources) -> Iterator[Fault]:
    """A calendar's name that leads nowhere, or back to itself (told once a circle, at its first calendar)."""
    text = node.text or ""
    if text not in names.calendars and text not in ALWAYS:
        yield unknown(text, node.place, names, sources)
        return
    circle = [name]
    while text in names.calendars and text not in circle:
        circle.append(text)
        after = names.calendars[text]
        text = (after.text if after else None) or ""
    order = list(names.calendars)
    if text == name and name == min(circle, key=order.index):
        said = " → ".join([*circle, name])
        yield sources.fault(node.place, f"calendars name each other in a circle: {said}", "give one of them hours")


def _hours_faults(name: str, calendar: Located, sources: Sources) -> Iterator[Fault]:
    yield from zone_faults(calendar.get("timezone"), sources)
    unknown_keys = [key for key, _ in calendar.items() if key not in known_keys(Calendar, ())]
    if "timezone" not in calendar.value and not any(nearest(key, ["timezone"]) for key in unknown_keys):
        yield sources.fault(calendar.key, "'timezone' is missing", "expected a zone like Europe/London")
    if always := calendar.get("always"):
        yield sources.fault(always.key, "unknown key 'always'", f"write {name}: always")
    yield from _weekday_faults(calendar, sources)
    yield from _holiday_faults(calendar, sources)
    exceptions = calendar.get("exceptions")
    opened = any(node.value != [] for _, node in exceptions.items()) if exceptions else False
    if week(calendar) == {} and not opened and not unknown_keys and _is_mapping(calendar.get("hours")):
        yield sources.fault(
            calendar.key, f"calendar {name!r} has no open time", "expected hours, like mon-fri: 09:00-17:00"
        )


def _is_mapping(node: Located | None) -> bool:
    return node is None or isinstance(node.value, dict)


def zone_faults(node: Located | None, sources: Sources) -> Iterator[Fault]:
    """The fault of a zone that the time zone database does not have."""
    if node is None or node.text is None or is_zone(node.text):
        return
    near = _zone_like(node.text)
    hint = f"did you mean {near!r}?" if near else "expected an IANA name like Europe/London"
    yield sources.fault(node.place, f"no time zone is named {node.text!r}", hint)


def _zone_like(name: str) -> str | None:
    """The zone of that city, else the one that is spelt nearly so."""
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc"))
    city = name.strip().replace(" ", "_").casefold()
    of_city = next((zone for zone in zones if zone.rpartition("/")[2].casefold() == city), None)
    return of_city or nearest(name, zones, cutoff=0.8)


@lru_cache(maxsize=256)
def is_zone(name: str) -> bool:
    """Whether the time zone database has ``name``."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return True


def _weekday_faults(calendar: Located, sources: Sources) -> Iterator[Fault]:
    hours = calendar.get("hours")
    first: dict[int, Located] = {}
    for key, node in hours.items() if hours else []:
        try:
            days = grammar.weekdays(key)
        except ValueError:
            continue
        twice = next((day for at, day in enumerate(days) if day in first or day in days[:at]), None)
        if twice is not None:
            earlier = first.get(twice, node).key
            where = f"line {earlier.line}" if earlier.file == node.key.file else f"{earlier.file}:{earlier.line}"
            hint = f"it is first named at {where}; name each weekday once"
            yield sources.fault(node.key, f"{grammar.WEEKDAYS[twice]} is named twice", hint)
        first = {**dict.fromkeys(days, node), **first}


def _holiday_faults(calendar: Located, sources: Sources) -> Iterator[Fault]:
    codes = calendar.get("closed", "holidays")
    for node in codes.elements() if codes else []:
        if node.text is not None and not holidays.is_known(node.text):
            hint = did_you_mean(node.text, holidays.known_codes(node.text))
            hint = hint if len(hint) < _LONG else "expected a code like US or GB-ENG"
            yield sources.fault(node.place, f"no holidays are known for {node.text!r}", hint)


_LONG = 120


def days_faults(rule: Rule, clause: Located, names: Names, sources: Sources) -> Iterator[Fault]:
    """The fault of a target in days, by elapsed time, on a calendar whose weekdays differ in length."""
    general = clause.get("clock", "days")
    counted = rule.days or (general.text if general else None) or "elapsed"
    if counted != "elapsed" or not rule.amount or not rule.amount.days or not rule.calendar or not rule.within:
        return
    calendar = names.hours_of(rule.calendar[0])
    if calendar is None or calendar.get("day"):
        return
    lengths = {open_time(windows) for windows in (week(calendar) or {}).values()}
    if len(lengths) > 1:
        yield sources.fault(
            rule.within[1],
            f"a day is not worth the same on every weekday of calendar {rule.calendar[0]!r}",
            "add 'day: 8h' to the calendar, or 'days: end-of-day' to the target",
        )
