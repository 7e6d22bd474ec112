"""Availability as the average of error rates: each slice of time is down by the share of its requests that failed."""

from __future__ import annotations

from fractions import Fraction

from tables import assessed, operations

from slaaudit.results import Verdict

HOUR = 3_600_000_000
CLAUSE = "promised: 99.9%\nmethod: average-error-rate\nerror-rate: {slice: 1h}\n"


def april(counts, clause=CLAUSE, windows=()):
    """The row of April 2026, of 720 hours."""
    known = operations(counts=counts, windows=windows, roles=["usage", *(["maintenance"] if windows else [])])
    (row,) = assessed(clause, known, as_of="2026-05-01").uptimes
    return row


def test_a_month_is_the_average_of_its_slices_whatever_their_requests() -> None:
    """(9/10 + 1/1000) / 720: an hour of ten requests weighs as much as one of a thousand."""
    row = april([("2026-04-10T00:00", "2026-04-10T01:00", 10, 9), ("2026-04-10T01:00", "2026-04-10T02:00", 1000, 1)])
    assert row.availability == 1 - (Fraction(9, 10) + Fraction(1, 1000)) / 720
    assert (row.method, row.verdict) == ("average-error-rate", Verdict.BREACHED)


def test_a_slice_without_requests_counts_as_one_without_failures() -> None:
    row = april([("2026-04-10T00:00", "2026-04-10T01:00", 0, 0), ("2026-04-11T00:00", "2026-04-11T01:00", 4, 1)])
    assert row.availability == 1 - Fraction(1, 4) / 720


def test_windows_shorter_than_a_slice_are_added_up_in_it() -> None:
    counts = [(f"2026-04-10T00:{at:02}", f"2026-04-10T00:{at + 15:02}", 100, 10) for at in (0, 15, 30)]
    counts.append(("2026-04-10T00:45", "2026-04-10T01:00", 700, 0))
    assert april(counts).downtime == Fraction(30, 1000) * HOUR


def test_exactly_the_promise_is_kept_and_a_request_more_is_not() -> None:
    """A thousandth of 720 hours is 0.72 of an hour."""
    assert april([("2026-04-10T00:00", "2026-04-10T01:00", 100, 72)]).verdict is Verdict.MET
    assert april([("2026-04-10T00:00", "2026-04-10T01:00", 100, 73)]).verdict is Verdict.BREACHED


def test_maintenance_takes_its_slices_out_of_the_average() -> None:
    clause = CLAUSE + "excludes: {scheduled: {planned: true}}"
    counts = [("2026-04-10T00:00", "2026-04-10T01:00", 10, 10), ("2026-04-11T00:00", "2026-04-11T01:00", 4, 1)]
    row = april(counts, clause, [("2026-04-10T00:00", "2026-04-10T02:00")])
    assert row.availability == 1 - Fraction(1, 4) / 718


def test_no_slice_is_too_short_an_outage() -> None:
    row = april([("2026-04-10T00:00", "2026-04-10T01:00", 4, 1)], CLAUSE + "outage: {at-least: 2h}")
    assert row.downtime == HOUR // 4
