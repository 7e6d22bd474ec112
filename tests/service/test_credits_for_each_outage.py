"""A credit for each outage, for each day with one, and for each outage on each of its days, counted by hand."""

from __future__ import annotations

import pytest
from tables import assessed, operations

from slaaudit.report.sums import sum_line

#: Half an hour; exactly an hour; two hours on the same day; 26 hours over three days; an hour and a second.
OUTAGES = [
    ("2026-04-02T00:00", "2026-04-02T00:30"),
    ("2026-04-03T01:00", "2026-04-03T02:00"),
    ("2026-04-03T10:00", "2026-04-03T12:00"),
    ("2026-04-10T23:00", "2026-04-12T01:00"),
    ("2026-04-20T00:00", "2026-04-20T01:00:01"),
]


def april(rule, outages=OUTAGES, more="", zone="UTC"):
    """The credits of April under ``per-outage``; the promise of 50% is always kept."""
    clause = f"promised: 50%\n{more}credits:\n  per-outage: {{credit: 5%, {rule}}}"
    found = assessed(clause, operations(outages), as_of="2026-06-01", zone=zone).credits
    return [(each.row.span.name, each.earned.count) for each in found]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("per: outage", 5),
        ("at-least: 1h", 4),
        ("over: 1h", 3),
        ("over: 2h", 1),
        ("per: day", 6),  # the 2nd, 3rd, 10th, 11th, 12th and 20th
        ("per: outage-and-day", 7),  # the 3rd twice
        ("per: day, over: 1h", 5),  # the 3rd, 10th to 12th, and 20th
    ],
)
def test_outages_and_days_with_one(rule, count) -> None:
    assert april(rule) == [("2026-04", count)]


def test_an_outage_that_ends_at_midnight_has_no_part_in_the_day_that_begins() -> None:
    outage = [("2026-04-10T22:00", "2026-04-11T00:00")]
    assert april("per: day", outage) == [("2026-04", 1)]
    after = [("2026-04-10T22:00", "2026-04-11T00:00:01")]
    assert april("per: day", after) == [("2026-04", 2)]


def test_days_are_those_of_the_clauses_zone() -> None:
    """Midnight in New York is 04:00 UTC in April."""
    outage = [("2026-04-10T03:00", "2026-04-10T05:00")]
    assert april("per: day", outage) == [("2026-04", 1)]
    assert april("per: day", outage, zone="America/New_York") == [("2026-04", 2)]


def test_an_outage_over_a_months_end_is_one_and_each_month_has_its_days() -> None:
    outage = [("2026-04-30T20:00", "2026-05-01T04:00")]
    assert april("over: 6h", outage) == [("2026-04", 1)]
    assert april("over: 6h, per: day", outage) == [("2026-04", 1), ("2026-05", 1)]
    assert april("over: 8h", outage) == []


def test_outages_that_touch_are_one_and_maintenance_parts_them() -> None:
    outages = [("2026-04-10T10:00", "2026-04-10T11:00"), ("2026-04-10T11:00", "2026-04-10T12:00")]
    assert april("over: 1h", outages) == [("2026-04", 1)]
    parted = "excludes: {scheduled: {planned: true}}\n"
    clause = f"promised: 50%\n{parted}credits:\n  per-outage: {{credit: 5%, over: 1h}}"
    known = operations(outages, [("2026-04-10T10:45", "2026-04-10T11:15")])
    assert assessed(clause, known, as_of="2026-06-01").credits == ()


def test_the_sum_says_what_was_counted() -> None:
    clause = "promised: 99.9%\ncredits:\n  per-outage: {credit: 5%, over: 1h, per: day}\n  cap: {credit: 20%}"
    (found,) = assessed(clause, operations(OUTAGES), as_of="2026-06-01", fee="400 EUR").credits
    assert found.amount == 80
    assert sum_line(found) == (
        "5 days with an outage of more than 1h x 5% = 25% of 400.00 EUR = 100.00 EUR; "
        "at most 80.00 EUR per month in all, so 80.00 EUR"
    )
