"""The two extremes of what a contract can be read to mean: in one line, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report.layout import paragraph
from slaaudit.report.page import heading
from slaaudit.report.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from slaaudit.both_sides import BothSides
    from slaaudit.extremes import Extreme, Extremes
    from slaaudit.policy import LoadedPolicy
    from slaaudit.report.page import Page


def the_extremes(page: Page) -> Iterator[Text]:
    """How far the verdict depends on how the contract is read."""
    found = page.both_sides
    if found is None:
        return
    yield heading("However it is read")
    unit = "tickets and periods x clauses" if page.service and page.service.uptimes else "tickets x clauses"
    yield from paragraph(_sentence(found, page.audit.policies, unit), page.width, 2, 2)


def _sentence(found: BothSides, policies: Sequence[LoadedPolicy], unit: str) -> str:
    by = _in_force(policies)
    if found.extremes is not None:
        vendor, customer = found.extremes.vendor.breached, found.extremes.customer.breached
        return extremes_sentence(found.in_force, vendor, customer, by=by, unit=unit)
    said = f"{count(found.in_force, 'breach', 'breaches')} by the {by} ({unit})"
    if not found.can_be_counted:
        return f"{said}; the extremes are not known: {found.combinations:,} combinations of readings are too many"
    return (
        f"{said}; the extremes take {found.work:,} more verdicts and were not counted: add --extremes, or see all "
        "with slaaudit dispute"
    )


def _in_force(policies: Sequence[LoadedPolicy]) -> str:
    """Whether somebody chose how the contract is read."""
    chosen = any(
        one.default != loaded.readings.get(name) for loaded in policies for name, one in loaded.policy.readings.items()
    )
    return "readings in force" if chosen else "default readings"


def extremes_sentence(
    in_force: int, vendor: int, customer: int, *, by: str = "readings in force", unit: str = "tickets x clauses"
) -> str:
    """The two extremes in one line.

    >>> extremes_sentence(8, 5, 11, by="default readings")
    "8 breaches by the default readings; 5 under the vendor's kindest, 11 under the customer's (tickets x clauses)"
    """
    breaches = count(in_force, "breach", "breaches")
    kindest = f"{vendor:,} under the vendor's kindest, {customer:,} under the customer's"
    return f"{breaches} by the {by}; {kindest} ({unit})"


def as_data(both: Extremes | None, policies: Sequence[LoadedPolicy]) -> dict[str, Any] | None:
    """Breaches under the combination kindest to each side, with its readings; None where they are not known."""
    if both is None:
        return None
    return {"customer": _side(both.customer, policies), "vendor": _side(both.vendor, policies)}


def _side(side: Extreme, policies: Sequence[LoadedPolicy]) -> dict[str, Any]:
    readings: dict[str, str] = {}
    for loaded, changes in zip(policies, side.changes, strict=True):
        readings |= {**loaded.readings, **changes}
    return {"breached": side.breached, "readings": readings}
