"""The compiled calendar, held against one laid out by hand, and the laws of elapsed time and due instants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plain_calendar import DAY, PlainCalendar, instant
from strategies import SWITCHES, amounts, calendars_and_switch, days_rules, exact_amounts, instants

from slaaudit.compiling import Room, compile_calendar
from slaaudit.policy.grammar import HOUR, MINUTE, SECOND
from slaaudit.policy.model import Calendar

if TYPE_CHECKING:
    from slaaudit.business_time import CompiledCalendar
    from slaaudit.policy.grammar import Amount

Instants = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def column(*values: int) -> Instants:
    return np.array(values, np.int64)


def opens_at_all(plain: PlainCalendar, near: int) -> bool:
    return bool(plain.open_between(near - 60 * DAY, near + 60 * DAY))


@st.composite
def calendars_with_instants(draw: st.DrawFn) -> tuple[Calendar, list[int]]:
    calendar, near = draw(calendars_and_switch())
    assume(opens_at_all(PlainCalendar(calendar), near))
    return calendar, sorted(draw(st.lists(instants(near), min_size=3, max_size=12)))


def compiled(calendar: Calendar, points: list[int], room: Room | None = None) -> CompiledCalendar:
    return compile_calendar(calendar, points[0], points[-1], room or Room())


@given(calendars_with_instants())
def test_elapsed_is_the_sum_of_clipped_open_intervals(case: tuple[Calendar, list[int]]) -> None:
    calendar, points = case
    plain, fast = PlainCalendar(calendar), compiled(calendar, points)
    begins, ends = points[:-1], points[1:]
    expected = [plain.elapsed(begin, end) for begin, end in zip(begins, ends, strict=True)]
    assert fast.elapsed(column(*begins), column(*ends)).tolist() == expected
    assert fast.is_open(column(*points)).tolist() == [plain.is_open(at) for at in points]


@given(calendars_with_instants())
def test_banked_time_adds_up_and_never_falls(case: tuple[Calendar, list[int]]) -> None:
    calendar, points = case
    fast = compiled(calendar, points)
    first, last = column(points[0]), column(points[-1])
    parts = fast.elapsed(column(*points[:-1]), column(*points[1:]))
    assert parts.min() >= 0
    assert (parts <= np.diff(column(*points))).all()
    assert parts.sum() == fast.elapsed(first, last)[0]
    assert (np.diff(fast.banked(column(*points))) == parts).all()


@given(calendars_with_instants(), st.lists(exact_amounts, min_size=1, max_size=4))
def test_due_is_the_first_instant_at_which_the_amount_is_reached(
    case: tuple[Calendar, list[int]], amounts_open: list[int]
) -> None:
    calendar, points = case
    plain = PlainCalendar(calendar)
    fast = compiled(calendar, points, Room(micros=max(amounts_open)))
    starts, needs = np.repeat(points, len(amounts_open)), np.tile(amounts_open, len(points))
    dues = fast.due(starts.astype(np.int64), needs.astype(np.int64))
    for start, need, due in zip(starts.tolist(), needs.tolist(), dues.tolist(), strict=True):
        assert due == plain.due(start, need)
        assert plain.elapsed(start, due) == need
        assert due == start or plain.elapsed(start, due - 1) < need


@given(calendars_with_instants())
def test_the_next_opening_is_the_first_open_instant_from_there(case: tuple[Calendar, list[int]]) -> None:
    calendar, points = case
    plain, fast = PlainCalendar(calendar), compiled(calendar, points, Room())
    assert fast.next_opening(column(*points)).tolist() == [plain.next_opening(at) for at in points]


@given(calendars_with_instants(), amounts, days_rules)
def test_targets_in_days_weeks_and_months_are_worth_the_same_open_time(
    case: tuple[Calendar, list[int]], amount: Amount, rule: str
) -> None:
    calendar, points = case
    plain = PlainCalendar(calendar)
    fast = compiled(calendar, points, Room.for_amount(amount))
    expected = [plain.open_time(amount, rule, at) for at in points]
    assert fast.open_amount(column(*points), amount, rule).tolist() == expected


@given(calendars_with_instants())
def test_one_instant_gives_what_many_give(case: tuple[Calendar, list[int]]) -> None:
    calendar, points = case
    fast = compiled(calendar, points)
    together = fast.banked(column(*points))
    assert [int(fast.banked(column(at))[0]) for at in points] == together.tolist()


WEEK = {"mon-sun": "22:00-06:00"}
HAND_WORKED = [
    # zone, hours of every day, from, to (local), open hours in between, why
    ("America/New_York", "00:00-24:00", "2026-03-08T00:00", "2026-03-09T00:00", 23, "the day that loses an hour"),
    ("America/New_York", "00:00-24:00", "2026-11-01T00:00", "2026-11-02T00:00", 25, "the day that gains one"),
    ("America/New_York", "22:00-06:00", "2026-03-07T12:00", "2026-03-08T12:00", 7, "a night that loses an hour"),
    ("America/New_York", "22:00-06:00", "2026-10-31T12:00", "2026-11-01T12:00", 9, "a night that gains one"),
    ("America/New_York", "01:30-08:00", "2026-11-01T00:00", "2026-11-01T12:00", 7.5, "opens at the first 01:30"),
    ("America/New_York", "00:00-01:30", "2026-11-01T00:00", "2026-11-01T12:00", 2.5, "closes at the second 01:30"),
    ("America/New_York", "02:30-05:00", "2026-03-08T00:00", "2026-03-08T12:00", 2, "02:30 is skipped: opens at 03:00"),
    ("America/New_York", "01:00-02:30", "2026-03-08T00:00", "2026-03-08T12:00", 1, "02:30 is skipped: closes at 03:00"),
    ("America/New_York", "02:00-02:45", "2026-03-08T00:00", "2026-03-08T12:00", 0, "wholly skipped"),
    ("Australia/Lord_Howe", "00:00-24:00", "2026-04-05T00:00", "2026-04-06T00:00", 24.5, "half an hour twice"),
    ("America/Santiago", "00:00-08:00", "2026-09-06T00:00", "2026-09-06T12:00", 7, "midnight itself is skipped"),
    ("America/Santiago", "18:00-24:00", "2026-04-04T12:00", "2026-04-05T12:00", 7, "23:00 to 24:00 comes twice"),
    ("Pacific/Apia", "00:00-24:00", "2011-12-29T00:00", "2011-12-31T12:00", 36, "30 December never was"),
]


@pytest.mark.parametrize(("zone", "hours", "begin", "end", "open_hours", "why"), HAND_WORKED)
def test_a_window_over_a_switch_has_its_true_length(
    zone: str, hours: str, begin: str, end: str, open_hours: float, why: str
) -> None:
    calendar = Calendar.model_validate({"timezone": zone, "hours": dict.fromkeys(range(7), hours)})
    points = [instant(begin, zone), instant(end, zone)]
    expected = int(open_hours * HOUR)
    assert PlainCalendar(calendar).elapsed(*points) == expected, why
    assert compiled(calendar, points).elapsed(column(points[0]), column(points[1])).tolist() == [expected], why


def test_an_hour_used_up_at_closing_is_due_at_closing() -> None:
    calendar = Calendar.model_validate({"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}})
    start, closing = instant("2026-06-05T16:00", "Europe/London"), instant("2026-06-05T17:00", "Europe/London")
    assert PlainCalendar(calendar).due(start, HOUR) == closing
    fast = compiled(calendar, [start, closing], Room(micros=8 * HOUR))
    assert fast.due(column(start, start), column(HOUR, HOUR + SECOND)).tolist() == [
        closing,
        instant("2026-06-08T09:00:01", "Europe/London"),
    ]


def test_a_closed_day_takes_its_civil_day_out_of_nights_on_both_sides() -> None:
    calendar = Calendar.model_validate({"timezone": "UTC", "hours": WEEK, "closed": {"dates": ["2026-06-10"]}})
    begin, end = instant("2026-06-09T12:00"), instant("2026-06-11T12:00")
    expected = [
        (instant("2026-06-09T22:00"), instant("2026-06-10T00:00")),
        (instant("2026-06-11T00:00"), instant("2026-06-11T06:00")),
    ]
    assert PlainCalendar(calendar).open_between(begin, end) == expected
    fast = compiled(calendar, [begin, end])
    assert fast.elapsed(column(begin), column(end)).tolist() == [8 * HOUR]


def test_an_exception_stands_instead_of_a_closed_days_hours_but_not_of_the_night_before() -> None:
    calendar = Calendar.model_validate({
        "timezone": "UTC", "hours": WEEK, "closed": {"dates": ["2026-06-10"]},
        "exceptions": {"2026-06-10": "08:00-09:30"},
    })  # fmt: skip
    begin, end = instant("2026-06-09T12:00"), instant("2026-06-11T12:00")
    assert PlainCalendar(calendar).open_between(begin, end) == [
        (instant("2026-06-09T22:00"), instant("2026-06-10T00:00")),
        (instant("2026-06-10T08:00"), instant("2026-06-10T09:30")),
    ]
    fast = compiled(calendar, [begin, end])
    assert fast.elapsed(column(begin), column(end)).tolist() == [3 * HOUR + 30 * MINUTE]


@pytest.mark.parametrize(("zone", "switch"), SWITCHES)
def test_two_instants_a_microsecond_apart_differ_by_at_most_that(zone: str, switch: int) -> None:
    calendar = Calendar.model_validate({"timezone": zone, "hours": dict.fromkeys(range(7), "00:00-24:00")})
    points = list(range(switch - 3, switch + 4))
    fast = compiled(calendar, points)
    assert np.diff(fast.banked(column(*points))).tolist() == [1] * 6
