"""Two reports held against each other: which verdicts are new, gone or changed, and what each change rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from slaaudit.between import Because, Between
from slaaudit.difference_causes import causes_of, causes_of_period
from slaaudit.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slaaudit.written_report import Data, Key, Row, WrittenReport

Change = Literal["new", "gone", "changed", "waiver"]

_NUMBERS = (
    "severity",
    "started_at",
    "stopped_at",
    "due_at",
    "target_s",
    "elapsed_s",
    "paused_s",
    "calendar",
    "caveats",
)
_OF_CREDIT = ("tier", "credit", "granted", "sum", "currency", "right", "to_date", "claim_by", "claim_status")


@dataclass(frozen=True)
class Changed:
    """A measurement that differs. ``waiver``: the verdict is the same, and a waiver lets it pass in one report only."""

    key: Key
    change: Change
    old: Row | None
    new: Row | None
    because: tuple[Because, ...]


@dataclass(frozen=True)
class ChangedPeriod:
    """A period of a service, or a credit, that differs: ``key`` is policy, clause, component and period."""

    key: tuple[str, ...]
    change: Change
    old: Data | None
    new: Data | None
    because: tuple[Because, ...]


@dataclass(frozen=True)
class Difference:
    """What differs. ``same`` counts the verdicts that stand, ``other_numbers`` those of them that rest on others."""

    between: Between
    measurements: tuple[Changed, ...]
    availability: tuple[ChangedPeriod, ...]
    credits: tuple[ChangedPeriod, ...]
    same: int
    other_numbers: int

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many measurements, periods and credits are new, gone and changed, and how many have another waiver."""
        every = [each.change for each in self.measurements]
        every += [each.change for each in (*self.availability, *self.credits)]
        return {change: every.count(change) for change in ("new", "gone", "changed", "waiver")}

    @property
    def differs(self) -> bool:
        """Whether any verdict, waiver or credit is not what it was."""
        return any(self.counts.values())


def difference(old: WrittenReport, new: WrittenReport) -> Difference:
    """The difference of two reports. EvidenceError where only one of them is about tickets."""
    if old.about_tickets != new.about_tickets:
        with_tickets, without = (old, new) if old.about_tickets else (new, old)
        raise EvidenceError(
            f"{with_tickets.path} is a report of slaaudit check and {without.path} one of slaaudit credits; "
            "compare two of the same command"
        )
    between = Between(old, new)
    changed = tuple(_measurements(between))
    both = [(row, new.rows[key]) for key, row in old.rows.items() if key in new.rows]
    standing = [pair for pair in both if not _change(*pair)]
    return Difference(
        between,
        changed,
        tuple(_periods(between, old.availability, new.availability, ("verdict",))),
        tuple(_periods(between, old.credits, new.credits, _OF_CREDIT)),
        len(standing),
        sum(_numbers(one) != _numbers(two) for one, two in standing),
    )


def _numbers(row: Row) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _NUMBERS)


def _measurements(between: Between) -> Iterator[Changed]:
    """What differs, in the order of the new report, then what is gone in the order of the old one."""
    old, new = between.old, between.new
    for key, row in new.rows.items():
        before = old.rows.get(key)
        change = _change(before, row)
        if change:
            yield Changed(key, change, before, row, causes_of(between, key, before, row))
    for key, row in old.rows.items():
        if key not in new.rows:
            yield Changed(key, "gone", row, None, causes_of(between, key, row, None))


def _change(old: Row | None, new: Row) -> Change | None:
    if old is None:
        return "new"
    if old.verdict != new.verdict:
        return "changed"
    return "waiver" if (old.waived is None) != (new.waived is None) else None


def _periods(
    between: Between,
    before: Mapping[tuple[str, ...], Data],
    after: Mapping[tuple[str, ...], Data],
    told: tuple[str, ...],
) -> Iterator[ChangedPeriod]:
    """The periods or credits of which something ``told`` differs."""
    for key in [*after, *(key for key in before if key not in after)]:
        one, two = before.get(key), after.get(key)
        change: Change | None = None
        if one is None or two is None:
            change = "gone" if two is None else "new"
        elif any(one.get(name) != two.get(name) for name in told):
            change = "changed"
        elif bool(one.get("waived")) != bool(two.get("waived")):
            change = "waiver"
        if change:
            yield ChangedPeriod(key, change, one, two, causes_of_period(between, key, one, two))
