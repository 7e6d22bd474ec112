"""The short and long forms of a policy's text, read alike; tolerant of whatever is wrong in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from slaaudit.policy import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.located import Located, Place

CONDITION_KEYS = ("arrives-in", "arrives-outside", "starts-in", "starts-outside")
ALWAYS = ("always", "24x7")

#: A word and the place where it stands.
Placed: TypeAlias = "tuple[str | None, Place]"


@dataclass(frozen=True)
class Names:
    """What a policy names: its calendars as they are written, ``always`` among them, and its severities."""

    calendars: dict[str, Located | None]
    severities: list[str]

    @classmethod
    def of(cls, tree: Located) -> Names:
        """The names in ``tree``."""
        calendars, severities = tree.get("calendars"), tree.get("severities")
        found: dict[str, Located | None] = dict(calendars.items()) if calendars else {}
        return cls({**found, "always": None}, [name for name, _ in severities.items()] if severities else [])

    def hours_of(self, name: str | None) -> Located | None:
        """The hours that ``name`` leads to, through names of names; nothing for 24x7 or a name of nothing."""
        seen: set[str] = set()
        while name is not None and name not in seen:
            seen.add(name)
            node = self.calendars.get(name)
            if node is None or isinstance(node.value, dict):
                return node
            name = node.text
        return None


@dataclass(frozen=True)
class Rule:
    """One target rule as it is written; a part that is missing or malformed is nothing."""

    node: Located
    within: Placed | None
    calendar: Placed | None
    when: Located | None
    days: str | None

    @property
    def amount(self) -> grammar.Amount | None:
        """The amount that the rule states."""
        try:
            return grammar.amount(self.within[0] or "") if self.within else None
        except ValueError:
            return None


def rules(target: Located) -> list[Rule]:
    """The rules of a severity's target: one text, one mapping, or a list of either."""
    return [_rule(node) for node in target.elements()]


def _rule(node: Located) -> Rule:
    if node.text is not None:
        return _short(node, node.text)
    within, calendar, days = node.get("within"), node.get("calendar"), node.get("days")
    return Rule(
        node,
        (within.text, within.place) if within else None,
        (calendar.text, calendar.place) if calendar else None,
        node.get("when"),
        days.text if days else None,
    )


def _short(node: Located, text: str) -> Rule:
    try:
        within, calendar = grammar.target(text)
    except ValueError:
        return Rule(node, None, None, None, None)
    shift = text.rindex(calendar)
    return Rule(
        node,
        (within, node.place),
        (calendar, replace(node.place, column=node.place.column + shift)),
        None,
        None,
    )


def conditions(clause: Located) -> Iterator[Located]:
    """Every condition in a clause."""
    applies, excludes, targets = clause.get("applies"), clause.get("excludes"), clause.get("targets")
    moved = clause.get("clock", "counts-from")
    if applies:
        yield applies
    for _, node in excludes.items() if excludes else []:
        yield node
    for each in moved.elements() if moved else []:
        if when := each.get("when"):
            yield when
    for _, target in targets.items() if targets else []:
        yield from (rule.when for rule in rules(target) if rule.when)


def week(calendar: Located) -> dict[int, tuple[grammar.Window, ...]] | None:
    """The windows of each open weekday; nothing where any of them is malformed."""
    hours = calendar.get("hours")
    found: dict[int, tuple[grammar.Window, ...]] = {}
    try:
        for days, node in hours.items() if hours else []:
            windows = tuple(grammar.window(each.text or "") for each in node.elements())
            found.update(dict.fromkeys(grammar.weekdays(days), windows) if windows else {})
    except ValueError:
        return None
    return found


def open_time(windows: tuple[grammar.Window, ...]) -> int:
    """The wall-clock length of windows in microseconds; what overlaps counts once."""
    total = reached = 0
    for each in sorted(windows, key=lambda window: window.opens):
        total += max(0, each.closes - max(each.opens, reached))
        reached = max(reached, each.closes)
    return total
