"""Laws of credits on generated outages and requests, held against plain counts: day by day, slice by slice."""

from __future__ import annotations

import datetime as dt
import sys
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "service"))

from tables import assessed, loaded, operations

SECOND = 1_000_000
MARCH = int(dt.datetime(2026, 3, 1, tzinfo=dt.UTC).timestamp())
JUNE = int(dt.datetime(2026, 6, 1, tzinfo=dt.UTC).timestamp())
ZONES = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])


def spans(longest=3 * 86_400):
    """Outages in hours and half hours between March and May, so that edges and midnights meet often."""
    start = st.integers(0, (JUNE - MARCH) // 1800 - 1).map(lambda step: MARCH + step * 1800)
    return st.lists(
        st.tuples(start, st.integers(1, longest // 1800)).map(lambda pair: (pair[0], pair[0] + pair[1] * 1800)),
        min_size=1, max_size=6,
    )  # fmt: skip


def known(found):
    return operations([(since * SECOND, until * SECOND) for since, until in found])


def runs(found):
    """The outages, joined where they touch: an hour's half belongs to the run of the half before it."""
    halves = sorted({half for since, until in found for half in range(since // 1800, until // 1800)})
    for _, same in groupby(enumerate(halves), key=lambda pair: pair[1] - pair[0]):
        own = [half for _, half in same]
        yield own[0] * 1800, (own[-1] + 1) * 1800


def day_of(second, zone):
    return dt.datetime.fromtimestamp(second, dt.UTC).astimezone(zone).date()


@given(spans(), ZONES, st.sampled_from([0, 3600, 86_400]), st.sampled_from(["outage", "day", "outage-and-day"]))
def test_outages_and_their_days_are_those_counted_half_hour_by_half_hour(found, name, over, per) -> None:
    zone = ZoneInfo(name)
    expected = {}
    for nth, (since, until) in enumerate(runs(found)):
        if until - since > over:
            days = {day_of(half, zone) for half in range(since, until, 1800)}
            units = {"outage": [(nth, min(days))], "outage-and-day": [(nth, day) for day in days],
                     "day": [(0, day) for day in days]}[per]  # fmt: skip
            for unit, day in units:
                expected.setdefault(f"{day:%Y-%m}", set()).add((unit, day))
    clause = f"promised: 0%\ntimezone: {name}\ncredits:\n  per-outage: {{credit: 1 day, over: {over}s, per: {per}}}"
    earned = assessed(clause, known(found), as_of=(JUNE + 10 * 86_400) * SECOND).credits
    assert {each.row.span.name: each.amount for each in earned} == {
        month: len(units) for month, units in expected.items()
    }


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=20))
def test_the_average_of_error_rates_is_that_of_the_slices(found) -> None:
    """Windows of ten minutes in slices of an hour: each slice by itself, then the mean over the 744 of March."""
    slices = {}
    counts = []
    for window, total, failed in {each[0]: each for each in found}.values():
        bad = min(total, failed)
        counts.append(((MARCH + window * 600) * SECOND, (MARCH + window * 600 + 600) * SECOND, total, bad))
        before = slices.get(window // 6, (0, 0))
        slices[window // 6] = (before[0] + total, before[1] + bad)
    clause = "promised: 99.9%\nmethod: average-error-rate\nerror-rate: {slice: 1h}"
    (row, *_) = assessed(clause, operations(counts=counts, roles=["usage"]), as_of="2026-04-01").uptimes
    assert row.availability == 1 - sum(Fraction(bad, total) for total, bad in slices.values()) / 744


RULES = st.sampled_from([
    "tiers: [{below: 99.99%, credit: 1 days}, {below: 99.9%, credit: 3 days}, {below: 95%, credit: 9 days}]",
    "downtime: [{over: 1h, credit: 5%}, {over: 4h, credit: 10%}]",
    "each: {downtime: 30m, credit: 1%, beyond: 0.1%}",
    "each: {below: 0.1%, credit: 1%, started: true}",
    "proportional: {of: shortfall, times: 3}",
    "flat: 5%\n  proportional: downtime\n  combine: greater",
    "per-outage: {credit: 1%, over: 1h, per: day}",
])  # fmt: skip


@given(spans(6 * 3600), RULES, ZONES)
def test_files_of_single_months_earn_what_they_earn_together(found, rule, name) -> None:
    """No cap here spans two months, and no outage: each is cut where a month begins."""
    zone = ZoneInfo(name)
    cut = [piece for since, until in found for piece in _cut_at_months(since, until, zone)]
    limits = "cap: {credit: 20%, per: month}\n  claim: {within: 9 days}"
    clause = f"promised: 99.9%\ntimezone: {name}\ncredits:\n  {rule}\n  {limits}"
    policy = loaded(clause)
    as_of = (JUNE + 10 * 86_400) * SECOND
    together = assessed(policy, known(cut), as_of=as_of, fee="100 EUR").credits
    apart = []
    for _, same in groupby(sorted(cut), key=lambda each: day_of(each[0], zone).replace(day=1)):
        apart += assessed(policy, known(list(same)), as_of=as_of, fee="100 EUR").credits
    assert [_told(each) for each in together] == [_told(each) for each in apart]


def _cut_at_months(since, until, zone):
    """The outage up to each month's end; the next piece begins a second later, so that the two do not touch."""
    halves = range(since, until, 1800)
    for _, same in groupby(halves, key=lambda half: day_of(half, zone).replace(day=1)):
        own = list(same)
        yield own[0] + (own[0] != since), own[-1] + 1800


def _told(credit):
    return credit.row, credit.amount, credit.unit, credit.deadlines


@given(spans(), spans(86_400), RULES)
def test_one_more_outage_never_earns_less_in_a_month(found, more, rule) -> None:
    """Where outages are counted they may grow together into one, which is then counted once: that rule is left out."""
    if rule.startswith("per-outage"):
        return
    policy = loaded(f"promised: 99.9%\ncredits:\n  {rule}")
    as_of = (JUNE + 10 * 86_400) * SECOND
    fewer = assessed(policy, known(found), as_of=as_of, fee="100 EUR").credits
    all_of_them = assessed(policy, known([*found, *more]), as_of=as_of, fee="100 EUR").credits
    amounts = {each.row.span.name: each.amount for each in all_of_them}
    assert all(amounts[each.row.span.name] >= each.amount for each in fewer)
