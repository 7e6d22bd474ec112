"""Availability, period by period, in cases counted by hand. Months are of UTC unless a zone is named."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tables import assessed, at, operations

from slaaudit.results import Verdict

HOUR = 3_600_000_000
SECOND = 1_000_000
PLAIN = "promised: 99%"
APRIL = 720 * HOUR  # thirty days


def rows(found):
    return {row.span.name: row for row in found.uptimes}


def only(found):
    (row,) = found.uptimes
    return row


def april(outages, clause=PLAIN, windows=(), **more):
    """The row of April 2026 as of its end."""
    known = operations(outages, windows)
    return rows(assessed(clause, known, as_of="2026-05-01", **more))["2026-04"]


def test_a_month_without_outages_is_available_throughout() -> None:
    row = only(assessed(PLAIN, operations([]), as_of="2026-05-01", period="2026-04"))
    assert (row.availability, row.verdict, row.total) == (1, Verdict.MET, APRIL)


def test_overlapping_and_touching_outages_count_once() -> None:
    row = april([("2026-04-10T10:00", "2026-04-10T12:00"), ("2026-04-10T11:00", "2026-04-10T13:00"),
                 ("2026-04-10T13:00", "2026-04-10T14:00")])  # fmt: skip
    assert (row.downtime, row.outages) == (4 * HOUR, 1)
    assert row.availability == 1 - Fraction(4, 720)


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(25_919, Verdict.MET), (25_920, Verdict.MET), (25_921, Verdict.BREACHED)],
)
def test_exactly_the_promise_is_kept_and_a_second_more_is_not(seconds, verdict) -> None:
    """One per cent of thirty days is 25,920 seconds."""
    start = at("2026-04-10T00:00")
    assert april([(start, start + seconds * SECOND)]).verdict is verdict


def test_incidents_that_overlap_are_told_and_those_that_touch_are_not() -> None:
    hour = lambda start, end: (f"2026-04-10T{start}:00", f"2026-04-10T{end}:00")  # noqa: E731
    told = lambda *outages: assessed(PLAIN, operations(outages), as_of="2026-05-01").notes  # noqa: E731
    assert told(hour(10, 12), hour(12, 13)) == ()
    note = "uptime: {} incidents overlap others; the time they share counts once, as the worst of them"
    assert told(hour(10, 12), hour(11, 13), hour(14, 15)) == (note.format(2),)
    assert told(hour(10, 20), hour(11, 12), hour(13, 14)) == (note.format(3),)


def test_an_outage_over_a_months_end_is_cut_there() -> None:
    found = rows(assessed(PLAIN, operations([("2026-03-31T22:00", "2026-04-01T03:00")]), as_of="2026-05-01"))
    assert [found[month].downtime for month in ("2026-03", "2026-04")] == [2 * HOUR, 3 * HOUR]


def test_the_month_of_the_spring_change_is_an_hour_short_and_of_the_autumn_change_an_hour_long() -> None:
    known = operations([("2026-03-10T10:00", "2026-03-10T11:00")])
    found = rows(assessed(PLAIN, known, as_of="2026-11-01T00:00", zone="Europe/London"))
    assert found["2026-03"].total == (31 * 24 - 1) * HOUR
    assert found["2026-10"].total == (31 * 24 + 1) * HOUR


def test_an_open_outage_runs_to_as_of() -> None:
    found = assessed(PLAIN, operations([("2026-04-30T12:00", None)]), as_of="2026-05-02T00:00")
    assert [row.downtime for row in found.uptimes] == [12 * HOUR, 24 * HOUR]
    assert any("no end" in note for note in found.notes)


def test_partial_impact_weighs_each_instant_as_its_worst_outage() -> None:
    row = april([("2026-04-10T10:00", "2026-04-10T14:00", {"share": "1/3"}),
                 ("2026-04-10T11:00", "2026-04-10T12:00", {"share": "1/2"})])  # fmt: skip
    assert row.downtime == Fraction(3 * HOUR, 3) + Fraction(HOUR, 2)


def test_weights_by_impact_stand_before_the_share_that_was_affected() -> None:
    clause = PLAIN + "\nweights: {severity: {p1: 100%, S2: 30%}}"
    row = april([("2026-04-10T10:00", "2026-04-10T20:00", {"severity": "Major", "share": "1/2"}),
                 ("2026-04-11T10:00", "2026-04-11T11:00", {"severity": "P1"}),
                 ("2026-04-12T10:00", "2026-04-12T12:00", {"share": "1/2"})], clause)  # fmt: skip
    assert row.downtime == 3 * HOUR + HOUR + HOUR


def test_an_excluded_incident_is_no_outage_and_shields_no_other() -> None:
    clause = PLAIN + "\nexcludes: {third-party: {cause: [third-party]}}"
    row = april([("2026-04-10T10:00", "2026-04-10T14:00", {"cause": "Third-Party"}),
                 ("2026-04-10T13:00", "2026-04-10T15:00", {"cause": "bug"})], clause)  # fmt: skip
    assert (row.downtime, row.excluded, row.measured) == (2 * HOUR, 0, APRIL)


MAINTENANCE = PLAIN + "\nexcludes: {scheduled: {planned: true}}"


def test_maintenance_hides_outages_and_leaves_the_month() -> None:
    outage, window = ("2026-04-10T10:00", "2026-04-10T14:00"), ("2026-04-10T12:00", "2026-04-10T16:00")
    row = april([outage], MAINTENANCE, [window])
    assert (row.downtime, row.excluded, row.measured) == (2 * HOUR, 4 * HOUR, APRIL - 4 * HOUR)
    row = april([outage], MAINTENANCE + "\nexcluded-from: downtime", [window])
    assert (row.downtime, row.excluded, row.measured) == (2 * HOUR, 4 * HOUR, APRIL)


def test_maintenance_counts_for_nothing_where_the_contract_does_not_exclude_it() -> None:
    window = ("2026-04-10T12:00", "2026-04-10T16:00")
    row = april([("2026-04-10T10:00", "2026-04-10T14:00")], PLAIN, [window])
    assert (row.downtime, row.excluded) == (4 * HOUR, 0)


def test_a_planned_incident_is_excluded_time() -> None:
    row = april([("2026-04-10T10:00", "2026-04-10T12:00", {"planned": "true"})], MAINTENANCE)
    assert (row.downtime, row.excluded) == (0, 2 * HOUR)


@pytest.mark.parametrize(
    ("announced", "excluded", "down"),
    [("2026-04-05T10:00", 2, 0), ("2026-04-05T10:00:01", 0, 2), (None, 0, 0)],
)
def test_maintenance_announced_too_late_is_an_outage_and_an_unknown_notice_excludes_nothing(
    announced, excluded, down
) -> None:
    clause = MAINTENANCE + "\nmaintenance: {notice: 5d}"
    row = april([], clause, [("2026-04-10T10:00", "2026-04-10T12:00", announced)], period="2026-04")
    assert (row.excluded, row.downtime) == (excluded * HOUR, down * HOUR)


def test_maintenance_beyond_its_budget_counts_the_earliest_being_excluded_first() -> None:
    windows = [("2026-04-20T00:00", "2026-04-20T03:00"), ("2026-04-10T00:00", "2026-04-10T03:00")]
    row = april([], MAINTENANCE + "\nmaintenance: {budget: 4h}", windows, period="2026-04")
    assert (row.excluded, row.downtime) == (4 * HOUR, 2 * HOUR)
    assert row.first_at == at("2026-04-20T01:00")
    lenient = MAINTENANCE + "\nmaintenance: {budget: 4h, otherwise: nothing}"
    row = april([("2026-04-20T02:00", "2026-04-20T04:00")], lenient, windows)
    assert (row.excluded, row.downtime) == (4 * HOUR, 2 * HOUR)


def test_a_budget_begins_anew_each_month() -> None:
    windows = [("2026-03-31T22:00", "2026-04-01T02:00")]
    clause = MAINTENANCE + "\nmaintenance: {budget: 1h}"
    found = rows(assessed(clause, operations([], windows), as_of="2026-05-01"))
    assert [(found[month].excluded, found[month].downtime) for month in ("2026-03", "2026-04")] == [
        (HOUR, HOUR),
        (HOUR, HOUR),
    ]


@pytest.mark.parametrize(("counts_from", "minutes"), [("start", 12), ("threshold", 2)])
def test_short_outages_do_not_count_and_joined_ones_count_as_one(counts_from, minutes) -> None:
    clause = PLAIN + f"\noutage: {{at-least: 10m, counts-from: {counts_from}}}"
    row = april([("2026-04-10T10:00", "2026-04-10T10:09:59"), ("2026-04-11T10:00", "2026-04-11T10:06"),
                 ("2026-04-11T10:06", "2026-04-11T10:12")], clause)  # fmt: skip
    assert (row.downtime, row.outages) == (minutes * 60 * SECOND, 1)


def test_an_outage_exactly_as_long_as_the_least_counts() -> None:
    row = april([("2026-04-10T10:00", "2026-04-10T10:10")], PLAIN + "\noutage: {at-least: 10m}")
    assert row.downtime == 600 * SECOND


def test_a_long_outage_over_a_months_end_is_long_enough_on_both_sides() -> None:
    clause = PLAIN + "\noutage: {at-least: 10m}"
    known = operations([("2026-03-31T23:54", "2026-04-01T00:06")])
    assert [row.downtime for row in assessed(clause, known, as_of="2026-05-01").uptimes] == [360 * SECOND] * 2


def test_outages_that_affect_too_few_do_not_count() -> None:
    clause = PLAIN + "\noutage: {affecting: 5%}"
    row = april([("2026-04-10T10:00", "2026-04-10T11:00", {"share": "1/20"}),
                 ("2026-04-11T10:00", "2026-04-11T11:00", {"share": "49/1000"})], clause)  # fmt: skip
    assert row.downtime == Fraction(HOUR, 20)


def test_a_month_may_be_taken_for_thirty_days() -> None:
    known = operations([("2026-03-10T10:00", "2026-03-10T17:12:01")])
    row = assessed("promised: 99%\nlength: 30d", known, as_of="2026-04-01").uptimes[0]
    assert (row.total, row.verdict) == (APRIL, Verdict.BREACHED)
    row = assessed("promised: 99%", known, as_of="2026-04-01").uptimes[0]
    assert (row.total, row.verdict) == (744 * HOUR, Verdict.MET)


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("{every: 1mo, from: 2026-01-15}", ["2026-03-15 to 2026-04-14", "2026-04-15 to 2026-05-14"]),
        ("{every: 1mo, from: 2026-01-31}", ["2026-03-31 to 2026-04-29", "2026-04-30 to 2026-05-30"]),
        ("quarter", ["2026-Q2"]),
        ("year", ["2026"]),
        ("{every: 1y, from: 2026-04-20}", ["2025-04-20 to 2026-04-19", "2026-04-20 to 2027-04-19"]),
        ("contract", ["contract"]),
    ],
)
def test_periods_of_every_length(period, names) -> None:
    known = operations([("2026-04-10T10:00", "2026-04-10T11:00")])
    found = assessed(f"promised: 99%\nperiod: {period}", known, as_of="2026-05-05")
    assert [row.span.name for row in found.uptimes] == names


def test_of_windows_that_trail_behind_each_day_the_worst_of_each_month_stands() -> None:
    """The outages of March and April are less than thirty days apart, so one window holds both."""
    clause = "promised: 99%\nperiod: {rolling: 30 days}"
    known = operations([("2026-03-28T00:00", "2026-03-28T05:00"), ("2026-04-10T00:00", "2026-04-10T03:00")])
    found = assessed(clause, known, as_of="2026-05-01").uptimes
    assert [(row.span.name, row.downtime, row.verdict) for row in found] == [
        ("30 days to 2026-03-28", 5 * HOUR, Verdict.MET),
        ("30 days to 2026-04-10", 8 * HOUR, Verdict.BREACHED),
    ]


@pytest.mark.parametrize(("seconds", "verdict"), [(25_920, Verdict.RUNNING), (25_921, Verdict.BREACHED)])
def test_a_period_that_is_not_over_is_breached_once_it_cannot_reach_its_promise(seconds, verdict) -> None:
    start = at("2026-04-01T00:00")
    found = assessed(PLAIN, operations([(start, start + seconds * SECOND)]), as_of="2026-04-02T00:00")
    row = only(found)
    assert (row.to_date, row.verdict, row.total) == (True, verdict, 24 * HOUR)


def test_components_are_reported_apart_and_an_outage_of_none_concerns_all() -> None:
    known = operations([("2026-04-10T10:00", "2026-04-10T11:00", {"component": "api"}),
                        ("2026-04-11T10:00", "2026-04-11T12:00", {"component": "portal"}),
                        ("2026-04-12T10:00", "2026-04-12T11:00")])  # fmt: skip
    found = assessed("promised: 99%\nper: component", known, as_of="2026-05-01")
    assert {row.component: row.downtime for row in found.uptimes} == {"api": 2 * HOUR, "portal": 3 * HOUR}


def test_failure_rate_counts_requests_and_stands_before_downtime_where_there_are_any() -> None:
    counts = [("2026-04-01T00:00", "2026-04-16T00:00", 600, 6), ("2026-04-16T00:00", "2026-05-01T00:00", 400, 4)]
    known = operations([("2026-03-10T10:00", "2026-03-11T10:00")], counts=counts)
    found = rows(assessed("promised: 99%\nmethod: [failure-rate, downtime]", known, as_of="2026-05-01"))
    assert (found["2026-03"].method, found["2026-03"].downtime) == ("downtime", 24 * HOUR)
    april = found["2026-04"]
    assert (april.method, april.requests, april.failed) == ("failure-rate", 1000, 10)
    assert (april.availability, april.verdict) == (Fraction(99, 100), Verdict.MET)


def test_slices_with_too_many_failures_are_down() -> None:
    clause = "promised: 99%\nmethod: error-rate\nerror-rate: {slice: 5m, above: 10%}"
    counts = [("2026-04-10T10:00", "2026-04-10T10:05", 100, 10), ("2026-04-10T10:05", "2026-04-10T10:10", 100, 11),
              ("2026-04-10T10:10", "2026-04-10T10:12", 50, 0), ("2026-04-10T10:12", "2026-04-10T10:15", 50, 11),
              ("2026-04-10T10:15", "2026-04-10T10:20", 0, 0)]  # fmt: skip
    row = only(assessed(clause, operations(counts=counts, roles=["usage"]), as_of="2026-05-01"))
    assert (row.method, row.downtime) == ("error-rate", 600 * SECOND)


def test_a_method_without_its_input_leaves_the_verdict_unknown() -> None:
    known = operations([("2026-04-10T10:00", "2026-04-10T11:00")])
    row = only(assessed("promised: 99%\nmethod: failure-rate", known, as_of="2026-05-01"))
    assert (row.verdict, row.availability) == (Verdict.UNKNOWN, None)


def test_each_excluded_incident_and_window_is_listed_with_its_exclusion() -> None:
    clause = MAINTENANCE + "\napplies: {environment: production}"
    known = operations(
        [("2026-04-10T10:00", "2026-04-10T14:00", {"environment": "sandbox"}),
         ("2026-04-11T10:00", "2026-04-11T14:00", {"planned": "true"})],
        [("2026-04-12T10:00", "2026-04-12T11:00")],
    )  # fmt: skip
    found = assessed(clause, known, as_of="2026-05-01")
    assert [(row.incident, row.exclusion) for row in found.excluded()] == [
        (0, "does-not-apply: environment"),
        (1, "scheduled"),
        (None, "scheduled"),
    ]


def test_an_empty_field_never_excludes_and_the_policy_may_assume_one() -> None:
    clause = PLAIN + "\nexcludes: {unknown-cause: {cause: unknown}}"
    outage = [("2026-04-10T10:00", "2026-04-10T11:00")]
    assert april(outage, clause).downtime == HOUR
    assert april(outage, clause + "\nassumes: {cause: unknown}").downtime == 0


def test_a_policy_is_held_only_while_it_is_in_force() -> None:
    known = operations([("2026-04-05T00:00", "2026-04-06T00:00"), ("2026-04-20T00:00", "2026-04-20T01:00")])
    more = "effective: {from: 2026-04-11}\n"
    row = only(assessed(PLAIN, known, as_of="2026-05-01", more=more))
    assert (row.downtime, row.total) == (HOUR, 20 * 24 * HOUR)


def test_a_period_asked_for_is_that_of_the_clauses_own_zone() -> None:
    """The policy counts in New York, the clause in UTC: April is April, and no edge of May."""
    known = operations([("2026-03-10T10:00", "2026-03-10T11:00")])
    clause = "promised: 99%\ntimezone: UTC"
    found = assessed(clause, known, as_of="2026-07-01", period="2026-04", zone="America/New_York")
    assert [row.span.name for row in found.uptimes] == ["2026-04"]
    found = assessed(clause + "\nperiod: year", known, as_of="2026-07-01", period="2026-04", zone="America/New_York")
    assert [row.span.name for row in found.uptimes] == ["2026"]
    rolling = "promised: 99%\nperiod: {rolling: 30 days}"
    found = assessed(rolling, known, as_of="2026-07-01", period="2026-04")
    assert [row.span.name for row in found.uptimes] == ["30 days to 2026-04-01"]
