"""A period is what its name says in the policy's zone, half open."""

import datetime as dt

import numpy as np
import pytest

from slaaudit.errors import UsageError
from slaaudit.periods import name, numbered, period


def micros(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp()) * 1_000_000


AS_OF = micros("2026-03-31T22:30:00-04:00")


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2026-03", "2026-03-01T00:00:00-05:00", "2026-04-01T00:00:00-04:00"),  # DST inside
        ("2026-Q1", "2026-01-01T00:00:00-05:00", "2026-04-01T00:00:00-04:00"),
        ("2026-q4", "2026-10-01T00:00:00-04:00", "2027-01-01T00:00:00-05:00"),
        ("2026", "2026-01-01T00:00:00-05:00", "2027-01-01T00:00:00-05:00"),
        ("last-month", "2026-02-01T00:00:00-05:00", "2026-03-01T00:00:00-05:00"),  # March still, in New York
    ],
)
def test_a_period_runs_from_its_first_midnight_to_the_next(text, first, after):
    found = period(text, "America/New_York", AS_OF)
    assert (found.from_at, found.to_at) == (micros(first), micros(after))


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "May", "26", "2026-1", "0000", "last month"])
def test_anything_else_is_refused_with_what_would_do(text):
    with pytest.raises(UsageError, match="write 2026, 2026-Q2, 2026-05 or last-month"):
        period(text, "UTC", AS_OF)


@pytest.mark.parametrize(
    ("per", "names"),
    [("month", ["2026-02", "2026-03"]), ("quarter", ["2026-Q1", "2026-Q1"]), ("year", ["2026", "2026"])],
)
def test_an_instant_belongs_to_the_civil_period_of_the_zone(per, names):
    around = np.array([micros("2026-02-28T23:59:59-05:00"), micros("2026-03-01T00:00:00-05:00")])
    assert [name(int(number), per) for number in numbered(around, per, "America/New_York")] == names
