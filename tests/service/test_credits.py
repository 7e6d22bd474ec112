"""What a missed promise earns, each sum worked by hand. April 2026 has 720 hours, 43,200 minutes."""

from __future__ import annotations

import textwrap
from fractions import Fraction

import pytest
from tables import assessed, at, operations

from slaaudit.report.sums import sum_line

SECOND = 1_000_000
TIERS = """\
promised: 99%
credits:
  tiers: [{below: 99%, credit: 3 days}, {below: 95%, credit: 5 days}, {below: 90%, credit: 10 days}]
"""


def outage(seconds, day=10, month=4, **fields):
    """An outage from a midnight on."""
    start = at(f"2026-{month:02}-{day:02}T00:00")
    return (start, start + int(seconds * SECOND), fields)


def hours(number, day=10, month=4, **fields):
    return outage(number * 3600, day, month, **fields)


def april(stated, *outages, promised="99.9%", fee=None, more=""):
    """The credits for April under these lines of ``credits:``."""
    lines = textwrap.indent(textwrap.dedent(stated).strip("\n"), "  ")
    clause = f"promised: {promised}\n{more}credits:\n{lines}"
    return assessed(clause, operations(outages), as_of="2026-05-01", fee=fee).credits


def one(stated, *outages, **more):
    """The amount, unit and line of the only credit."""
    (found,) = april(stated, *outages, **more)
    return found.amount, found.unit, sum_line(found)


@pytest.mark.parametrize(
    ("seconds", "days"),
    [
        (25_919, None), (25_920, None), (25_921, 3),  # 1% of 2,592,000 seconds
        (129_599, 3), (129_600, 3), (129_601, 5),  # 5%
        (259_199, 5), (259_200, 5), (259_201, 10),  # 10%
        (2_592_000, 10),
    ],
)  # fmt: skip
def test_each_tier_begins_a_second_below_its_bound(seconds, days) -> None:
    start = at("2026-04-01T00:00")
    found = assessed(TIERS, operations([(start, start + seconds * SECOND)]), as_of="2026-05-01").credits
    assert [each.amount for each in found] == ([] if days is None else [days])


@pytest.mark.parametrize(
    ("start", "seconds", "days"),
    [
        ("2026-03-10T00:00", 26_748, None), ("2026-03-10T00:00", 26_749, 3),  # 1% of 743 hours
        ("2026-03-10T00:00", 133_740, 3), ("2026-03-10T00:00", 133_741, 5),  # 5%
        ("2026-10-10T00:00", 26_820, None), ("2026-10-10T00:00", 26_821, 3),  # 1% of 745 hours
        ("2026-10-10T00:00", 268_200, 5), ("2026-10-10T00:00", 268_201, 10),  # 10%
    ],
)  # fmt: skip
def test_tiers_in_the_months_of_the_changes_of_the_clocks(start, seconds, days) -> None:
    known = operations([(at(start), at(start) + seconds * SECOND)])
    found = assessed(TIERS, known, as_of="2026-11-02", zone="Europe/London").credits
    assert [each.amount for each in found] == ([] if days is None else [days])


def test_maintenance_moves_the_bounds_of_tiers_with_the_month() -> None:
    """Of 720 hours less 20, one per cent are 25,200 seconds."""
    clause = TIERS + "excludes: {scheduled: {planned: true}}"
    for seconds, days in ((25_200, []), (25_201, [3])):
        known = operations([outage(seconds)], [("2026-04-20T00:00", "2026-04-20T20:00")])
        assert [each.amount for each in assessed(clause, known, as_of="2026-05-01").credits] == days


def test_a_credit_in_percent_is_a_sum_where_the_fee_is_known() -> None:
    rule = "tiers: [{below: 99.9%, credit: 10%}]"
    assert one(rule, hours(36)) == (10, "percent", "95% is below 99.9%: 10%")
    assert one(rule, hours(36), fee="1234.56 EUR") == (
        Fraction("123.456"),
        "EUR",
        "95% is below 99.9%: 10% of 1,234.56 EUR = 123.46 EUR",
    )


def test_the_fee_of_some_time_is_a_share_of_the_months_days() -> None:
    rule = "tiers: [{below: 99.9%, credit: 8 hours of fees}, {below: 99%, credit: 3 days of fees}]"
    assert one(rule, hours(7.2), fee="900 EUR") == (
        10,
        "EUR",
        "99% is below 99.9%: 8 hours of fees, at 900.00 EUR for 30 days = 10.00 EUR",
    )
    assert one(rule, hours(8), fee="900 EUR")[0] == 90
    assert one(rule, hours(8)) == (10, "percent", "98.8888% is below 99%: 3 days of fees = 10%")


def test_caps_and_least_amounts_may_be_the_fee_of_some_time() -> None:
    """A week of April's 900 is 210, a week of the quarter's 2,700 is 7/91 of them."""
    capped = "flat: 50%\ncap: {credit: 1 week of fees, per: "
    assert one(capped + "month}", hours(2), fee="900 EUR")[0] == 210
    assert one(capped + "quarter}", hours(2), fee="900 EUR")[0] == Fraction(2700 * 7, 91)
    assert one(capped + "month}", hours(2))[:2] == (Fraction(70, 3), "percent")
    assert one("flat: 1%\nfloor: 1 day of fees", hours(2), fee="900 EUR")[0] == 30
    assert one("flat: 1%\nminimum: 1 day of fees", hours(2), fee="900 EUR")[0] == 0


@pytest.mark.parametrize(("seconds", "amount"), [(14_400, 5), (14_401, 10)])
def test_tiers_by_downtime_are_exceeded_by_a_second(seconds, amount) -> None:
    rule = "downtime: [{over: 1h, credit: 5%}, {over: 4h, credit: 10%}]"
    assert one(rule, outage(seconds))[0] == amount


@pytest.mark.parametrize(
    ("rule", "down", "amount"),
    [
        ("each: {downtime: 1h, credit: 1 day}", 7.5, 7),
        ("each: {downtime: 1h, credit: 1 day, started: true}", 7.5, 8),
        ("each: {downtime: 1h, credit: 1 day, started: true}", 7, 7),
        ("each: {downtime: 30m, credit: 50 EUR, beyond: 1h}", 2.75, 150),
        # 7.2 h are 1%, so 0.9% is missing to 99.9%: nine steps of 0.1%
        ("each: {below: 0.1%, credit: 2%}", 7.2, 18),
        ("each: {below: 0.4%, credit: 2%}", 7.2, 4),
        ("each: {below: 0.4%, credit: 2%, started: true}", 7.2, 6),
        # 36 h leave 95%, which is 4.5% below 99.5%
        ("each: {below: 1%, from: 99.5%, credit: 2%}", 36, 8),
        ("each: {below: 1%, from: 99.5%, credit: 2%, started: true}", 36, 10),
        # a thousandth of 720 h are 43.2 minutes: 76.8 of the 120 are left
        ("each: {downtime: 30m, credit: 5%, beyond: 0.1%}", 2, 10),
        ("each: {downtime: 38m24s, credit: 5%, beyond: 0.1%}", 2, 10),  # exactly two
        ("each: {downtime: 38m25s, credit: 5%, beyond: 0.1%}", 2, 5),
    ],
)
def test_so_much_for_each_unit_or_step(rule, down, amount) -> None:
    assert one(rule, hours(down))[0] == amount


def test_the_fee_for_the_downtime_and_multiples_of_it() -> None:
    assert one("proportional: downtime", hours(7.2), fee="720 EUR")[:2] == (Fraction("7.2"), "EUR")
    amount, unit, line = one("proportional: {times: 10}", hours(7.2), fee="720 EUR")
    assert (amount, unit) == (72, "EUR")
    assert line == "1% of the period lost x 10: 10% of 720.00 EUR = 72.00 EUR"
    assert one("proportional: shortfall", hours(7.2), fee="1000")[:2] == (9, "")


def test_of_several_ways_the_greater_or_the_lesser_stands_or_their_sum() -> None:
    rule = "tiers: [{below: 99.9%, credit: 25 EUR}]\nproportional: {times: 5}\ncombine: "
    assert [one(rule + way, hours(7.2), fee="1000 EUR")[0] for way in ("greater", "lesser", "sum")] == [50, 25, 75]
    assert one(rule + "greater", hours(7.2), fee="1000 EUR")[2] == (
        "1% of the period lost x 5: 5% of 1,000.00 EUR = 50.00 EUR, more than 99% is below 99.9%: 25.00 EUR"
    )


def test_small_credits_are_raised_or_not_paid() -> None:
    rule = "proportional: downtime\n"
    assert one(rule + "floor: 20 EUR", hours(7.2), fee="1000 EUR")[0] == 20
    amount, _, line = one(rule + "minimum: 20 EUR", hours(7.2), fee="1000 EUR")
    assert amount == 0
    assert line.endswith("; less than 20.00 EUR is not paid")
    assert one(rule + "minimum: 10 EUR", hours(7.2), fee="1000 EUR")[0] == 10


def months(stated, *outages, fee=None, as_of="2027-01-01", extra=""):
    """The amounts by period."""
    lines = textwrap.indent(textwrap.dedent(stated).strip("\n"), "  ")
    found = assessed(f"promised: 99.9%\n{extra}credits:\n{lines}", operations(outages), as_of=as_of, fee=fee)
    return [(each.row.span.name, each.amount) for each in found.credits]


def test_a_cap_of_a_month_holds_over_all_components() -> None:
    rule = "tiers: [{below: 99.9%, credit: 3 days}, {below: 95%, credit: 8 days}]\ncap: {credit: 10 days, per: month}"
    found = months(
        rule,
        hours(37, component="api"),
        hours(37, component="portal"),
        hours(2, component="api", month=5),
        extra="per: component\n",
    )
    assert found == [("2026-04", 8), ("2026-05", 3), ("2026-04", 2)]


def test_a_fee_that_names_no_component_is_each_ones_in_a_cap_too() -> None:
    """Half of 100 for the one, and half of 200 for both, less what the first has."""
    rule = "flat: 80%\ncap: {credit: 50%, per: month}"
    outages = [hours(2, component="api"), hours(2, component="web"), hours(2, month=5, component="web")]
    for fee, amount in (("100 EUR", 50), (None, 50)):
        found = months(rule, *outages, fee=fee, extra="per: component\n")
        assert sorted(found) == [("2026-04", amount), ("2026-04", amount), ("2026-05", amount)]


@pytest.mark.parametrize(
    ("per", "amounts"),
    [
        ("quarter", [8, 2, 8]),  # May shares its quarter with April, July does not
        ("year", [8, 2, 0]),
        ("{rolling: 1y}", [8, 2, 0]),
        ("{rolling: 2 months}", [8, 2, 8]),
        ("contract", [8, 2, 0]),
        ("month", [8, 8, 8]),
    ],
)
def test_caps_of_every_period(per, amounts) -> None:
    rule = f"flat: 8 days\ncap: {{credit: 10 days, per: {per}}}"
    found = months(rule, hours(2, month=4), hours(2, month=5), hours(2, month=7))
    assert [amount for _, amount in found] == amounts


def test_a_cap_in_percent_is_of_the_fees_of_its_own_period() -> None:
    """A tenth of a year's fees, 1,200, is 120: all of April's and 20 of May's."""
    rule = "flat: 100%\ncap: {credit: 10%, per: year}"
    assert months(rule, hours(2, month=4), hours(2, month=5), fee="100 EUR") == [("2026-04", 100), ("2026-05", 20)]
    assert months(rule, hours(2, month=4), hours(2, month=5)) == [("2026-04", 100), ("2026-05", 20)]


def test_a_cap_over_the_contract_is_of_the_fees_of_all_its_months() -> None:
    """A tenth of three months' 100 is 30; where no end is known, of those of the periods that earn."""
    clause = "promised: 99.9%\ncredits:\n  flat: 25%\n  cap: {credit: 10%, per: contract}"
    known = operations([hours(2, month=4), hours(2, month=5)])
    until = "effective: {from: 2026-04-01, until: 2026-06-30}\n"
    for fee, amounts in (("100 EUR", [25, 5]), (None, [25, 5])):
        found = assessed(clause, known, as_of="2026-07-01", fee=fee, more=until).credits
        assert [each.amount for each in found] == amounts
    found = assessed(clause, known, as_of="2026-07-01", fee="100 EUR").credits
    assert [each.amount for each in found] == [10, 10]


def test_limits_in_another_unit_are_said_to_be_unknown() -> None:
    for limit, named in (("minimum: 10 EUR", "minimum in EUR"), ("floor: 10 EUR", "least amount in EUR")):
        (found,) = april(f"flat: 10%\n{limit}", hours(2))
        assert found.amount == 10
        assert sum_line(found).endswith(f"its {named} cannot be held against it; --fee settles it")


def test_alternatives_in_different_units_all_stand_and_say_so() -> None:
    more = "  latency:\n    measure: availability\n    promised: 99.9%\n    credits: {alternative: one, flat: 7 days}\n"
    clause = "promised: 99.9%\ncredits:\n  alternative: one\n  flat: 10%"
    found = assessed(clause, operations([hours(2)]), as_of="2026-05-01", more=more).credits
    assert [each.amount for each in found] == [10, 7]
    assert sum_line(found[0]).endswith(
        "; an alternative to the credit of latency, in another unit: only one of them is due"
    )


def test_fees_that_lack_a_month_are_told(tmp_path) -> None:
    (tmp_path / "fees.csv").write_text("month,fee,currency\n2026-04,100,EUR\n")
    path = str(tmp_path / "fees.csv")
    known = operations([hours(2, month=4), hours(2, month=5)])
    found = assessed("promised: 99.9%\ncredits:\n  flat: 10%", known, as_of="2026-06-01", fee=path)
    assert [(each.amount, each.unit) for each in found.credits] == [(10, "EUR"), (10, "percent")]
    assert found.notes == (f"{path} holds no fee for 2026-05; what it earns stays a share of the fee",)


def test_the_fee_of_the_whole_is_unknown_where_that_of_a_component_is(tmp_path) -> None:
    (tmp_path / "fees.csv").write_text("component,month,fee\napi,,100\nweb,2026-04,50\n")
    known = operations([hours(2, month=4), hours(2, month=5)])
    found = assessed(
        "promised: 99.9%\ncredits:\n  flat: 10%", known, as_of="2026-06-01", fee=str(tmp_path / "fees.csv")
    )
    assert [(each.amount, each.unit) for each in found.credits] == [(15, ""), (10, "percent")]


def test_a_cap_in_another_unit_is_said_to_be_unknown() -> None:
    (found,) = april("flat: 10%\ncap: {credit: 50 EUR}", hours(2))
    assert found.amount == 10
    assert "cannot be held against it" in sum_line(found)


@pytest.mark.parametrize(("seconds", "cut"), [(25_919, False), (25_920, False), (25_921, True)])
def test_a_cap_that_is_just_reached_cuts_nothing(seconds, cut) -> None:
    """The fee for 25,920 seconds of April is a hundredth of it: 5 of 500."""
    amount, _, line = one("proportional: downtime\ncap: {credit: 5 EUR}", outage(seconds), fee="500 EUR")
    assert ("at most 5.00 EUR" in line) == cut
    assert amount == min(5, Fraction(500 * seconds, 2_592_000))


def test_several_caps_hold_at_once() -> None:
    rule = "flat: 8 days\ncap: [{credit: 5 days, per: month}, {credit: 8 days, per: year}]"
    assert months(rule, hours(2, month=4), hours(2, month=5)) == [("2026-04", 5), ("2026-05", 3)]


def test_alternatives_are_not_added() -> None:
    rule = "alternative: outage\n      flat: "
    more = f"""\
  latency:
    measure: availability
    promised: 99.9%
    credits:
      {rule}7 days
"""
    clause = "promised: 99.9%\ncredits:\n  alternative: outage\n  flat: 5 days"
    found = assessed(clause, operations([hours(2)]), as_of="2026-05-01", more=more).credits
    assert [(each.row.clause, each.amount) for each in found] == [("uptime", 0), ("latency", 7)]
    assert sum_line(found[0]).endswith("not added to the larger credit of latency")


def test_misses_in_a_row_of_the_last_periods_and_in_a_rolling_year() -> None:
    outages = [hours(2, month=month) for month in (1, 2, 3, 5, 7, 12)]
    rights = {
        "missed: 3, right: leave": ["2026-03"],
        "missed: 3, of-last: 5, right: leave": ["2026-03", "2026-05", "2026-07"],
        "missed: 5, within: 1y, right: leave": ["2026-07", "2026-12"],
        "missed: 3, within: 5 months, right: leave": ["2026-03", "2026-05", "2026-07"],
        "below: 99%, right: leave": [],
    }
    for remedy, periods in rights.items():
        assert [name for name, _ in months(f"remedies: {{{remedy}}}", *outages)] == periods, remedy


def test_a_promise_that_was_kept_earns_no_step_below_another_share() -> None:
    assert april("each: {below: 0.1%, from: 99.9%, credit: 2%}", hours(7.2), promised="98%") == ()


def test_repeated_misses_may_earn_the_fee_for_the_downtime() -> None:
    """Two hours of March's 744 miss 99.95% alone; with April's 7.2 of 720, a hundredth of April's fee is due."""
    stated = {"proportional: downtime": 5, "proportional: {times: 10}": 50, "proportional: shortfall": Fraction("4.75")}
    for proportional, amount in stated.items():
        clause = f"promised: 99.95%\ncredits:\n  remedies: {{missed: 2, {proportional}}}"
        known = operations([hours(2, month=3), hours(7.2)])
        (found,) = assessed(clause, known, as_of="2026-05-01", fee="500 EUR").credits
        assert (found.row.span.name, found.amount) == ("2026-04", amount)
        assert [span.name for span in found.earned.missed] == ["2026-03", "2026-04"]


def test_a_month_that_is_bad_enough_gives_a_right_at_once_and_repetition_a_credit() -> None:
    rule = "remedies: [{below: 95%, right: terminate without penalty}, {missed: 2, credit: 20%}]"
    found = assessed(
        f"promised: 99.9%\ncredits:\n  {rule}",
        operations([hours(2, month=3), hours(37, month=4)]),
        as_of="2026-05-01",
        fee="500 EUR",
    ).credits
    assert [(each.row.span.name, each.unit, each.amount, each.earned.right) for each in found] == [
        ("2026-04", "right", 0, "terminate without penalty"),
        ("2026-04", "EUR", 100, ""),
    ]


def test_the_credits_may_be_counted_over_another_period_than_the_promise() -> None:
    """In the year 24 hours are less than 1%; in April they are 3.3%."""
    clause = "promised: 99%\nperiod: year\ncredits:\n  tiers: [{below: 99%, credit: 3 days}]"
    found = assessed(clause, operations([hours(24)]), as_of="2027-01-01")
    assert [row.verdict.name for row in found.uptimes] == ["MET"]
    assert [each.row.span.name for each in found.credits] == ["2026-04"]


def test_credits_of_a_period_that_is_not_over_are_so_far() -> None:
    found = assessed(TIERS, operations([hours(2, day=1)]), as_of="2026-04-03").credits
    assert [(each.row.to_date, each.amount) for each in found] == [(True, 3)]


def test_fees_by_component_and_month_come_from_a_file(tmp_path) -> None:
    text = {
        "fees.csv": "component,month,fee\napi,2026-04,1000\napi,,500\nportal,,200\n",
        "fees.yaml": "currency: EUR\nfees:\n- {component: api, month: 2026-04, fee: 1000}\n"
        "- {component: api, fee: 500}\n- {component: portal, fee: 200}\n",
    }
    outages = [hours(2, month=4, component="api"), hours(2, month=5, component="api"), hours(2, component="portal")]
    for name, content in text.items():
        (tmp_path / name).write_text(content)
        found = months("flat: 10%", *outages, fee=str(tmp_path / name), extra="per: component\n")
        assert found == [("2026-04", 100), ("2026-05", 50), ("2026-04", 20)], name
        together = months("flat: 10%", *outages, fee=str(tmp_path / name))
        assert together == [("2026-04", 120), ("2026-05", 70)], name


def test_january_with_february_earns_what_they_earn_apart() -> None:
    outages = [hours(9, month=1), hours(40, month=2), hours(3, day=31, month=1)]
    both = assessed(TIERS, operations(outages), as_of="2026-03-01").credits
    apart = [
        credit
        for period in ("2026-01", "2026-02")
        for credit in assessed(TIERS, operations(outages), as_of="2026-03-01", period=period).credits
    ]
    assert [(each.row.span.name, each.amount) for each in both] == [(each.row.span.name, each.amount) for each in apart]
