"""What a policy file may say, in its short forms and its long ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from policy_samples import BODY, HEAD, SIMPLE, data, loaded
from pydantic import ValidationError

from slaaudit.errors import PolicyError
from slaaudit.policy.grammar import DAY, HOUR, MINUTE, Window
from slaaudit.policy.model import Calendar, Condition, Match, Policy, TicketClause


def policy(body: str = BODY, head: str = HEAD) -> Policy:
    return Policy.model_validate(data(head + body))


def clause(text: str) -> TicketClause:
    return TicketClause.model_validate({"measure": "first-response", **data(text)})


def test_a_target_is_a_text_a_mapping_or_a_list_of_either() -> None:
    short = clause("targets: {S1: 4h on business}").targets
    assert short == clause("targets: {S1: {within: 4h, calendar: business}}").targets
    assert short == clause("targets: {S1: [4h on business]}").targets
    rules = clause("targets: {S1: [{when: {starts-in: b}, within: 1d, calendar: b, days: same-time}, 2h on always]}")
    first, second = rules.targets["S1"]
    assert (first.within.days, first.calendar, first.when.starts_in, first.days) == (1, "b", "b", "same-time")
    assert (second.within.micros, second.calendar, second.when) == (2 * HOUR, "always", Condition())


def test_a_condition_takes_a_word_a_list_and_not() -> None:
    applies = clause("applies: {channel: email, type: {not: [lock, 007]}, planned: true, starts-in: b}").applies
    assert applies.fields == {
        "channel": Match(words=("email",)),
        "type": Match(words=("lock", "007"), negated=True),
        "planned": Match(words=("true",)),
    }
    assert applies.starts_in == "b"


def test_a_condition_without_words_is_refused() -> None:
    for text in ("applies: {type: []}", "applies: {type: {not: []}}", "applies: {type: {}}", "applies: {type: }"):
        with pytest.raises(ValidationError):
            clause(text)


def test_a_clock_names_one_moment_or_several() -> None:
    clock = clause("clock: {starts: reported, stops: [resolved, closed], pauses: waiting}").clock
    assert (clock.starts, clock.stops, clock.pauses) == (("reported",), ("resolved", "closed"), ("waiting",))


def test_measures_are_presets_that_a_clock_may_change() -> None:
    assert clause("{}").stops == ("vendor-reply", "workaround", "resolved")
    assert clause("clock: {stops: vendor-reply}").stops == ("vendor-reply",)
    assert clause("measure: update-gap").repeats
    assert not clause("measure: workaround").repeats


def test_attainment_is_a_share_or_a_mapping() -> None:
    assert clause("attainment: 95%").attainment == clause("attainment: {share: 95%, per: month}").attainment
    assert clause("attainment: {share: 99.5%, per: quarter}").attainment.share == Decimal("99.5")


def hours(text: str) -> dict[int, tuple[Window, ...]]:
    return Calendar.model_validate(data(f"timezone: UTC\nhours: {text}")).hours


def test_hours_go_by_weekday_with_several_windows() -> None:
    lunch = (Window(8 * HOUR + 30 * MINUTE, 12 * HOUR), Window(13 * HOUR, 17 * HOUR))
    assert hours("{mon-tue: 09:00-17:00, fri: [08:30-12:00, 13:00-17:00]}") == {
        0: (Window(9 * HOUR, 17 * HOUR),),
        1: (Window(9 * HOUR, 17 * HOUR),),
        4: lunch,
    }


def test_hours_may_run_over_midnight_and_to_it() -> None:
    assert hours("{sat-mon: 22:00-06:00, tue: 00:00-24:00, wed: 00:00-00:00}") == {
        5: (Window(22 * HOUR, 30 * HOUR),),
        6: (Window(22 * HOUR, 30 * HOUR),),
        0: (Window(22 * HOUR, 30 * HOUR),),
        1: (Window(0, DAY),),
        2: (Window(0, DAY),),
    }


def test_days_may_be_listed_and_written_large() -> None:
    assert sorted(hours("{'Mon, wed': 09:00-17:00}")) == [0, 2]


def test_an_exception_may_close_a_day() -> None:
    calendar = Calendar.model_validate(data("{timezone: UTC, exceptions: {2026-12-24: 08:30-12:00, 2026-12-31: []}}"))
    assert calendar.exceptions == {
        dt.date(2026, 12, 24): (Window(8 * HOUR + 30 * MINUTE, 12 * HOUR),),
        dt.date(2026, 12, 31): (),
    }


def test_a_calendar_may_name_another_and_always_is_built_in() -> None:
    calendars = policy(
        BODY.replace("calendars:\n", "calendars:\n  day: office\n  office: business\n  lines: 24x7\n")
    ).calendars
    assert calendars["day"] is calendars["business"]
    assert calendars["lines"].always
    assert list(calendars) == ["day", "office", "lines", "business", "always"]


def test_the_zone_is_the_policys_own_else_its_first_calendars_else_utc() -> None:
    assert policy(head=HEAD + "timezone: Asia/Tokyo\n").timezone == "Asia/Tokyo"
    assert policy().timezone == "Europe/London"
    assert policy("clauses: {a: {measure: order}}").timezone == "UTC"


def test_a_severity_is_named_by_id_title_or_alias_without_case_or_space() -> None:
    acme = policy()
    assert [acme.severity_named(word) for word in (" s1 ", "CRITICAL", "Urgent", "major", "high", "")] == [
        "S1", "S1", "S1", "S2", None, None,
    ]  # fmt: skip


def test_aliases_are_words_as_they_are_written() -> None:
    text = BODY.replace("[urgent, p1]", "[001, 1.10, on, 1]")
    assert policy(text).severities["S1"].aliases == ("001", "1.10", "on", "1")


def test_effective_dates_are_dates_and_may_be_open() -> None:
    effective = policy(head=HEAD + "effective: {from: 2026-01-01, until: null}\n").effective
    assert (effective.from_, effective.until) == (dt.date(2026, 1, 1), None)


AVAILABILITY = """\
clauses:
  uptime:
    measure: availability
    binding: warranted
    period: {every: 1y, from: 2026-03-15}
    promised: 99.95%
    method: [failure-rate, downtime]
    excluded-from: downtime
    assumes: {cause: unknown}
    excludes: {planned: {planned: true}}
    credits:
      period: quarter
      tiers: [{below: 99.95%, credit: 3 days}, {below: 95%, credit: 12.5%}, {below: 90%, credit: 500 EUR}]
      cap: {credit: 10 days, per: month}
      claim: {within: 30 days, from: outage-end, notify: the partner, requires: proof}
"""


def test_an_availability_clause_is_kept_whole() -> None:
    uptime = policy(AVAILABILITY).clauses["uptime"]
    assert (uptime.period.months, uptime.period.from_) == (12, dt.date(2026, 3, 15))
    assert (uptime.promised, uptime.method, uptime.per) == (Decimal("99.95"), ("failure-rate", "downtime"), "all")
    assert [(tier.credit.amount, tier.credit.unit) for tier in uptime.credits.tiers] == [
        (Decimal(3), "days"),
        (Decimal("12.5"), "percent"),
        (Decimal(500), "EUR"),
    ]
    assert (uptime.credits.period.months, uptime.credits.cap[0].per.months) == (3, 1)
    assert (uptime.credits.claim[0].within.days, uptime.credits.claim[0].from_) == (30, "outage-end")
    assert uptime.credits.claim[0].requires == ("proof",)
    assert uptime.excludes["planned"].fields["planned"].words == ("true",)


def test_a_policy_is_frozen() -> None:
    acme = policy()
    for part, name in ((acme, "id"), (acme.clauses["response"], "title"), (acme.calendars["business"], "timezone")):
        with pytest.raises(ValidationError):
            setattr(part, name, "other")


@pytest.mark.parametrize(
    "text",
    ["4", "4 hours", "h", "-4h", "1.5h", "4h4h", "", "1h 30", "٤h", "9999999d"],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        clause(f"targets: {{S1: {{within: '{text}', calendar: always}}}}")


@pytest.mark.parametrize(
    "text", ["9-5", "09:00", "09:00-25:00", "24:00-08:00", "09:60-10:00", "09:00\u201317:00", "24:01-02:00"]
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        hours(f"{{mon: '{text}'}}")


@pytest.mark.parametrize("value", ["2026", "20260101", "2026-13-01", "yesterday", "2026-W01-1"])
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        policy(head=HEAD + f"effective: {{from: {value}}}\n")


def test_keys_are_written_with_hyphens(tmp_path) -> None:
    with pytest.raises(PolicyError, match="unknown key 'counts_from'"):
        loaded(tmp_path, SIMPLE + "    clock: {counts_from: []}\n")


def test_keys_that_begin_with_x_are_the_writers_own_everywhere(tmp_path) -> None:
    text = SIMPLE.replace("S1: 1h", "x-note: none\n      S1: 1h").replace(
        "{title: Major}", "{title: Major, x-seen: {a: 1}}"
    )
    assert list(loaded(tmp_path, f"x-top: [1]\n{text}").policy.clauses["response"].targets) == ["S1", "S2"]
