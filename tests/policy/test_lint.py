"""What a policy is warned of: allowed, and yet hardly meant."""

from __future__ import annotations

import datetime as dt

from policy_samples import SIMPLE, loaded


def warnings(folder, text: str) -> list[str]:
    found = loaded(folder, text).warnings
    assert all(fault.severity == "warning" for fault in found)
    return [f"{fault.line}:{fault.column} {fault.message}" for fault in found]


def test_a_plain_policy_has_no_warnings(tmp_path) -> None:
    assert warnings(tmp_path, SIMPLE) == []


def test_a_severity_that_no_target_covers(tmp_path) -> None:
    without = SIMPLE.replace("      S2: 4h on business\n", "")
    assert warnings(tmp_path, without) == ["15:5 clause 'response' has no target for S2"]
    assert warnings(tmp_path, without + "    why: S2 is answered as can be\n") == []
    assert warnings(tmp_path, SIMPLE + "  queue: {measure: first-response, why: silent}\n") == []


UPDATES = "  updates:\n    measure: update-gap\n    targets: {{S1: {}, S2: 4h on business}}\n"


def test_updates_promised_sooner_than_the_first_response(tmp_path) -> None:
    message = "20:19 severity 'S1': updates are promised sooner than the first response"
    assert warnings(tmp_path, SIMPLE + UPDATES.format("59m on always")) == [message]
    for equal_or_not_comparable in ("1h on always", "30m on business", "1w on always"):
        assert warnings(tmp_path, SIMPLE + UPDATES.format(equal_or_not_comparable)) == []


def test_days_are_held_against_hours_by_what_a_day_is_worth(tmp_path) -> None:
    text = SIMPLE.replace("4h on business", "9h on business")
    updates = UPDATES.format("1h on always").replace("4h on business", "1d on business")
    assert warnings(tmp_path, text + updates) == [
        "20:37 severity 'S2': updates are promised sooner than the first response"
    ]
    assert warnings(tmp_path, SIMPLE + updates) == []


def rules(text: str) -> str:
    return SIMPLE.replace("S2: 4h on business", f"S2: {text}")


def test_a_rule_after_one_that_takes_all_never_matches(tmp_path) -> None:
    for first in ("4h on business", "{when: {starts-in: always}, within: 4h, calendar: business}"):
        found = warnings(tmp_path, rules(f"[{first}, {{within: 8h, calendar: always}}]"))
        assert found == [f"17:{14 + len(first)} this rule never matches"]


def test_a_rule_with_the_condition_of_one_before_it_never_matches(tmp_path) -> None:
    when = "{when: {channel: [phone]}, within: 4h, calendar: business}"
    other = "{when: {channel: phone}, within: 8h, calendar: always}"
    assert warnings(tmp_path, rules(f"[{when}, {other}, 9h on always]")) == ["17:72 this rule never matches"]
    assert warnings(tmp_path, rules(f"[{when}, {other.replace('phone', 'web')}, 9h on always]")) == []


def test_a_rule_for_what_lies_outside_24x7_never_matches(tmp_path) -> None:
    when = "{when: {arrives-outside: always}, within: 4h, calendar: business}"
    assert warnings(tmp_path, rules(f"[{when}, 8h on always]")) == ["17:12 this rule never matches"]


def in_hours(text: str, zone: str = "Europe/London") -> str:
    return SIMPLE.replace("mon-fri: 09:00-17:00", text).replace("Europe/London", zone)


def test_a_window_inside_the_hour_that_summer_time_skips(tmp_path) -> None:
    text = in_hours("mon-fri: 09:00-17:00, sun: [01:00-02:00, 09:00-10:00]")
    assert warnings(tmp_path, text) == ["8:41 '01:00-02:00' does not exist on 2026-03-29"]
    assert warnings(tmp_path, text.replace("01:00-02:00", "00:59-02:00")) == []
    assert warnings(tmp_path, text.replace("01:00-02:00", "01:00-02:01")) == []
    assert warnings(tmp_path, in_hours("mon-fri: 09:00-17:00, sun: 01:00-02:00", "Asia/Kolkata")) == []
    assert warnings(tmp_path, in_hours("mon-sat: 01:00-02:00")) == []


def test_a_gap_that_begins_at_midnight_belongs_to_its_own_day(tmp_path) -> None:
    text = in_hours("mon-fri: 09:00-17:00, sat: 23:00-24:00", "Asia/Beirut")
    assert warnings(tmp_path, text) == []
    text = in_hours("mon-fri: 09:00-17:00, sun: 00:00-00:30", "Asia/Beirut")
    assert warnings(tmp_path, text) == ["8:40 '00:00-00:30' does not exist on 2026-03-29"]


def test_a_zone_that_has_no_summer_time(tmp_path) -> None:
    assert warnings(tmp_path, SIMPLE.replace("Europe/London", "EST")) == ["7:15 zone 'EST' has no summer time"]


def test_a_list_of_closed_dates_that_ends_before_the_evidence(tmp_path) -> None:
    policy = loaded(tmp_path, in_hours("mon-fri: 09:00-17:00}\n    closed: {dates: [2025-12-25, 2026-01-01]"))
    assert policy.warnings == ()
    assert policy.ended_holiday_lists(dt.date(2026, 12, 31)) == []
    (fault,) = policy.ended_holiday_lists(dt.date(2027, 1, 1))
    assert (fault.line, fault.column, fault.severity) == (9, 14, "warning")
    assert fault.message == "the closed dates end with 2026-01-01, the evidence with 2027-01-01"


def test_a_holiday_code_goes_on_by_itself(tmp_path) -> None:
    text = in_hours("mon-fri: 09:00-17:00}\n    closed: {holidays: GB-ENG, dates: [2025-12-25]")
    assert loaded(tmp_path, text).ended_holiday_lists(dt.date(2030, 1, 1)) == []


SERVICE = """\
  uptime:
    measure: availability
    promised: 99.9%
    credits:
      tiers: [{below: 99.95%, credit: 10%}, {below: 99%, credit: 20%}]
      cap: {credit: 10 days, per: month}
"""


def test_credits_that_a_kept_promise_earns_and_caps_of_another_kind(tmp_path) -> None:
    assert warnings(tmp_path, SIMPLE + SERVICE) == [
        "22:23 '99.95%' is above the promise of 99.9%",
        "23:21 a cap of 10 days cannot be held against credits of another kind",
    ]
    assert warnings(tmp_path, SIMPLE + SERVICE.replace("99.95%", "99.9%").replace("10 days", "50%")) == []
