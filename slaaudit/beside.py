"""What stands beside what where the same tickets are held against several policies: clauses, severities, calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.policy.model import TicketClause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from slaaudit.policy.model import Policy

Names = tuple[str | None, ...]
"""What one thing is called in each policy; None where a policy has none."""


def clauses_beside(policies: Sequence[Policy]) -> tuple[Names, ...]:
    """The clauses with targets: those of one id beside each other; of what is left, those of one measure."""

    def same_id(_: int, known: str, __: int, name: str) -> bool:
        return known == name

    def same_measure(one: int, known: str, other: int, name: str) -> bool:
        return _measures_alike(policies[one].clauses[known], policies[other].clauses[name])

    return _beside([_promised(policy) for policy in policies], (same_id, same_measure))


def _promised(policy: Policy) -> list[str]:
    return [name for name, clause in policy.clauses.items() if isinstance(clause, TicketClause) and clause.targets]


def _measures_alike(one: object, other: object) -> bool:
    if not isinstance(one, TicketClause) or not isinstance(other, TicketClause) or one.measure != other.measure:
        return False
    return one.measure != "between" or (one.starts, one.stops) == (other.starts, other.stops)


def severities_beside(policies: Sequence[Policy]) -> tuple[Names, ...]:
    """The severities: those of one id beside each other; of what is left, those that share a word of a helpdesk's."""

    def same_id(_: int, known: str, __: int, name: str) -> bool:
        return known.casefold() == name.casefold()

    def same_word(one: int, known: str, other: int, name: str) -> bool:
        return known in {policies[one].severity_named(word) for word in _words(policies[other], name)}

    return _beside([list(policy.severities) for policy in policies], (same_id, same_word))


def _words(policy: Policy, name: str) -> Iterator[str]:
    severity = policy.severities[name]
    yield from filter(None, (name, severity.title, *severity.aliases))


def _beside(named: Sequence[list[str]], same: Iterable[Callable[[int, str, int, str], bool]]) -> tuple[Names, ...]:
    """Rows of names; a name stands in the first row that has the same by the earliest rule that finds one."""
    rows: list[list[str | None]] = []
    for side, names in enumerate(named):
        left = list(names)
        for rule in same:
            for name in left.copy():
                row = next((each for each in rows if each[side] is None and _fits(each, side, name, rule)), None)
                if row is not None:
                    row[side] = name
                    left.remove(name)
        rows += [[name if at == side else None for at in range(len(named))] for name in left]
    return tuple(map(tuple, rows))


def _fits(row: Sequence[str | None], side: int, name: str, rule: Callable[[int, str, int, str], bool]) -> bool:
    return any(known is not None and rule(at, known, side, name) for at, known in enumerate(row[:side]))
