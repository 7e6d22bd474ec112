"""A calendar's closed days come from public holiday codes and from its own dates."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from slaaudit.policy.holidays import closed_days, public_holidays
from slaaudit.policy.model import Calendar


def calendar(**closed: object) -> Calendar:
    return Calendar.model_validate({"timezone": "UTC", "closed": closed})


def test_english_bank_holidays_with_their_substitute_days() -> None:
    days = closed_days(calendar(holidays="GB-ENG"), [2021])
    assert days[dt.date(2021, 12, 27)] == "Christmas Day (observed)"
    assert days[dt.date(2021, 12, 28)] == "Boxing Day (observed)"
    assert dt.date(2021, 1, 2) not in days


def test_american_holidays_observed_in_the_year_before() -> None:
    assert closed_days(calendar(holidays="US"), [2021])[dt.date(2021, 12, 31)] == "New Year's Day (observed)"


def test_several_codes_and_own_dates_together_in_order() -> None:
    both = calendar(holidays=["US", "GB-ENG"], dates=["2026-11-27", "2026-12-25"])
    days = closed_days(both, [2026])
    assert list(days) == sorted(days)
    assert days[dt.date(2026, 11, 27)] == ""
    assert days[dt.date(2026, 12, 25)] == "Christmas Day"
    assert {dt.date(2026, 7, 4), dt.date(2026, 5, 4)} <= set(days)


def test_own_dates_hold_whatever_the_years() -> None:
    assert closed_days(calendar(dates="2025-05-02"), []) == {dt.date(2025, 5, 2): ""}


def test_years_beyond_a_movable_feasts_table_are_no_trouble() -> None:
    assert public_holidays("IN", (1990, 2050))


@pytest.mark.parametrize("code", ["XX", "us", "GB-EN", "US-", ""])
def test_an_unknown_code_is_refused(code: str) -> None:
    if code == "US-":
        assert public_holidays(code, ()) == {}
    else:
        with pytest.raises(ValueError, match="no holiday calendar"):
            public_holidays(code, ())


def test_the_holidays_library_is_imported_only_where_a_policy_needs_it() -> None:
    program = (
        "import sys, slaaudit.policy; sys.exit({'holidays', 'pandas', 'numpy', 'pyarrow'} & set(sys.modules) != set())"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
