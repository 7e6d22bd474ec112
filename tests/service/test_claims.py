"""The last day to claim: counted from each anchor, and in the contract's zone to the last minute."""

from __future__ import annotations

import datetime as dt

import pytest
from tables import assessed, at, operations

from slaaudit.claims import next_deadline

RULE = "promised: 99%\ncredits:\n  flat: 3 days\n  claim: "
#: From the evening of 9 April to noon of the 11th, and an hour of the 20th, in London.
OUTAGES = [
    ("2026-04-09T23:30:00+01:00", "2026-04-11T12:00:00+01:00", {"aware_at": "2026-04-10T08:00:00+01:00"}),
    ("2026-04-20T10:00:00+01:00", "2026-04-20T11:00:00+01:00"),
]


def claims(claim, as_of="2026-05-01T00:00+01:00", outages=OUTAGES, zone="Europe/London"):
    """The deadlines of April's credit."""
    found = assessed(RULE + claim, operations(outages), as_of=as_of, zone=zone).credits
    return next(each.deadlines for each in found if each.row.span.name == "2026-04")


@pytest.mark.parametrize(
    ("claim", "last_day"),
    [
        ("{within: 30 days, from: outage-start}", dt.date(2026, 5, 9)),
        ("{within: 30 days, from: outage-end}", dt.date(2026, 5, 20)),
        ("{within: 30 days, from: day-affected}", dt.date(2026, 5, 9)),
        ("{within: 30 days, from: period-end}", dt.date(2026, 5, 30)),
        ("{within: 0 days, from: following-month-end}", dt.date(2026, 5, 31)),
        ("{within: 2 months, from: period-end}", dt.date(2026, 6, 30)),
        ("{within: 5 days, from: awareness}", dt.date(2026, 4, 15)),
        ("{within: 0 days, from: outage-start, through: month-end}", dt.date(2026, 4, 30)),
        ("{within: 10 months, from: period-end, through: month-end}", dt.date(2027, 2, 28)),
        ("{within: 1 business days, from: period-end, through: month-end}", dt.date(2026, 5, 31)),
        ("{within: 2 business days, from: outage-start}", dt.date(2026, 4, 13)),  # Friday, Monday
        ("{within: 5 business days, from: period-end}", dt.date(2026, 5, 7)),
    ],
)
def test_the_last_day_from_each_anchor(claim, last_day) -> None:
    (deadline,) = claims(claim)
    assert deadline.last_day == last_day


@pytest.mark.parametrize(
    ("anchor", "closes_at"),
    [
        ("outage-start", "2026-04-12T23:30:00+01:00"),
        ("outage-end", "2026-04-23T11:00:00+01:00"),
        ("period-end", "2026-05-04T00:00:00+01:00"),
        ("following-month-end", "2026-06-04T00:00:00+01:00"),
        ("awareness", "2026-04-13T08:00:00+01:00"),
    ],
)
def test_hours_run_from_the_instant_and_end_at_one(anchor, closes_at) -> None:
    (deadline,) = claims(f"{{within: 72 hours, from: {anchor}}}")
    assert deadline.closes_at == at(closes_at)
    assert deadline.is_exact == (not closes_at.endswith("T00:00:00+01:00"))


@pytest.mark.parametrize(
    ("as_of", "status", "left"),
    [
        ("2026-04-12T23:30:00+01:00", "closing", 0),  # the last instant is in time
        ("2026-04-12T23:30:00.000001+01:00", "lapsed", 0),  # on the same day
        ("2026-04-11T00:00:00+01:00", "closing", 2),
    ],
)
def test_hours_lapse_within_their_last_day(as_of, status, left) -> None:
    (deadline,) = claims("{within: 72 hours, from: outage-start}", as_of)
    assert (deadline.status, deadline.days_left, deadline.last_day) == (status, left, dt.date(2026, 4, 12))


def test_hours_are_hours_over_a_change_of_the_clocks() -> None:
    """On 29 March London's clocks skip an hour."""
    outage = [("2026-03-28T12:00", "2026-03-28T14:00")]
    found = assessed(RULE.replace("99%", "99.9%") + "{within: 24 hours}", operations(outage), as_of="2026-04-02",
                     zone="Europe/London").credits  # fmt: skip
    assert [each.deadlines[0].closes_at for each in found] == [at("2026-03-29T13:00+01:00")]


def test_business_days_are_the_open_days_of_a_calendar() -> None:
    """Good Friday, 3 April, is closed in the office."""
    outage = [("2026-04-01T10:00+01:00", "2026-04-02T09:00+01:00")]
    assert claims("{within: 2 business days}", outages=outage)[0].last_day == dt.date(2026, 4, 3)
    within = "{within: 2 business days, calendar: office}"
    assert claims(within, outages=outage)[0].last_day == dt.date(2026, 4, 6)


@pytest.mark.parametrize(
    ("as_of", "status", "left"),
    [
        ("2026-05-02T00:00:00+01:00", "open", 8),  # as of the end of 1 May
        ("2026-05-02T00:00:01+01:00", "closing", 7),
        ("2026-05-09T23:59:59+01:00", "closing", 0),  # the last minute in London
        ("2026-05-10T00:00:00+01:00", "closing", 0),  # the midnight that ends the day is in time
        ("2026-05-10T00:00:00.000001+01:00", "lapsed", -1),
        ("2026-05-09T23:30:00+00:00", "lapsed", -1),  # still the 9th in UTC
    ],
)
def test_a_claim_is_open_to_the_midnight_of_its_last_day_in_the_contracts_zone(as_of, status, left) -> None:
    (deadline,) = claims("{within: 30 days, from: outage-start}", as_of)
    assert (deadline.status, deadline.days_left) == (status, left)


def test_every_anchor_has_its_last_minute_in_the_contracts_zone() -> None:
    """To the second: in time at the midnight that ends the last day, lapsed a microsecond later."""
    for anchor, last in (("outage-start", "2026-05-10"), ("outage-end", "2026-05-21"), ("period-end", "2026-05-31"),
                         ("following-month-end", "2026-07-01"), ("awareness", "2026-05-11")):  # fmt: skip
        claim = f"{{within: 30 days, from: {anchor}}}"
        midnight = at(f"{last}T00:00:00+01:00")
        told = [claims(claim, midnight + step)[0].status for step in (-60_000_000, 0, 1)]
        assert told == ["closing", "closing", "lapsed"], anchor
    for claim, last in (("{within: 5 business days, from: period-end}", "2026-05-08"),
                        ("{within: 2 months, from: period-end}", "2026-07-01")):  # fmt: skip
        told = [claims(claim, at(f"{last}T00:00:00+01:00") + step)[0].status for step in (-60_000_000, 0, 1)]
        assert told == ["closing", "closing", "lapsed"], claim


def test_without_as_of_there_is_a_last_day_and_no_status() -> None:
    later = [*OUTAGES, ("2026-06-01T10:00", "2026-06-01T11:00")]
    (deadline,) = claims("{within: 30 days}", None, later)
    assert (deadline.last_day, deadline.status) == (dt.date(2026, 5, 9), None)


def test_an_outage_over_the_months_end_counts_from_the_month_that_it_is_cut_at() -> None:
    outage = [("2026-03-31T12:00+01:00", "2026-04-01T12:00+01:00")]
    assert claims("{within: 1 days, from: outage-start}", outages=outage)[0].day_zero == dt.date(2026, 4, 1)
    found = assessed(RULE + "{within: 1 days, from: outage-end}", operations(outage), as_of="2026-05-01",
                     zone="Europe/London").credits  # fmt: skip
    assert [each.deadlines[0].day_zero for each in found] == [dt.date(2026, 3, 31), dt.date(2026, 4, 1)]


def test_unknown_awareness_is_taken_for_the_outages_first_day() -> None:
    (deadline,) = claims("{within: 5 days, from: awareness}", outages=[OUTAGES[0][:2]])
    assert (deadline.day_zero, deadline.guessed) == (dt.date(2026, 4, 9), True)


@pytest.mark.parametrize(
    ("until", "last_day", "guessed"),
    [
        ("2026-12-31", dt.date(2026, 12, 31), False),
        ("null", dt.date(2026, 4, 30), True),  # nobody knows when it ends: at the earliest with the period
        ("2026-04-30", dt.date(2026, 4, 30), False),
    ],
)
def test_a_claim_may_run_to_the_contracts_end(until, last_day, guessed) -> None:
    found = assessed(RULE + "{within: 0 days, from: contract-end}", operations(OUTAGES), as_of="2026-05-01",
                     zone="Europe/London", more=f"effective: {{until: {until}}}\n").credits  # fmt: skip
    (deadline,) = found[0].deadlines
    assert (deadline.last_day, deadline.guessed) == (last_day, guessed)


def test_of_several_steps_the_next_one_stands() -> None:
    steps = "[{step: report, within: 5 days}, {step: submit, within: 30 days, from: period-end}]"
    before = claims(steps, "2026-04-14T12:00")
    assert [(each.step, each.status) for each in before] == [("report", "closing"), ("submit", "open")]
    assert next_deadline(before).step == "report"
    after = claims(steps, "2026-05-14T12:00")
    assert [each.status for each in after] == ["lapsed", "open"]
    assert next_deadline(after).step == "submit"
