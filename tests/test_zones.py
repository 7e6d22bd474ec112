"""Offsets as arrays agree with zoneinfo, and name what a DST change does to a wall clock."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaaudit.zones import offsets

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
ZONES = ("America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia")
FIRST, LAST = dt.datetime(2011, 6, 1, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def micros(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


def wall(text: str) -> np.ndarray:
    return np.array([micros(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))])


def table(zone: str):
    return offsets(ZoneInfo(zone), micros(FIRST), micros(LAST))


@given(st.sampled_from(ZONES), st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)))
def test_the_wall_clock_is_that_of_zoneinfo(zone, naive):
    moment = naive.replace(tzinfo=dt.UTC)
    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=dt.UTC)
    assert table(zone).local(np.array([micros(moment)])) == [micros(shown)]


@given(st.sampled_from(ZONES), st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)))
def test_an_instant_lies_between_the_first_and_last_of_its_wall_clock(zone, naive):
    instant = np.array([micros(naive.replace(tzinfo=dt.UTC))])
    local = table(zone).local(instant)
    assert table(zone).first_instant(local) <= instant <= table(zone).last_instant(local)


@pytest.mark.parametrize(
    ("zone", "local", "first", "last"),
    [
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:00", "2026-03-08T07:00"),  # skipped: the gap's end
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", "2026-11-01T06:30"),  # shown twice
        ("Europe/London", "2026-03-29T01:00", "2026-03-29T01:00", "2026-03-29T01:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", "2026-04-04T15:15"),  # half an hour
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00", "2011-12-30T10:00"),  # a day that never was
        ("America/New_York", "2026-06-01T12:00", "2026-06-01T16:00", "2026-06-01T16:00"),
    ],
)
def test_skipped_and_repeated_hours_have_named_answers(zone, local, first, last):
    assert table(zone).first_instant(wall(local)) == wall(first)
    assert table(zone).last_instant(wall(local)) == wall(last)
