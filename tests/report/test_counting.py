"""Rows are counted by the week or month in which they started, and by the share of their target that they used."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaaudit.report.counting import (
    BUCKETS,
    MISSING,
    Gathering,
    Trend,
    bucket_name,
    instants,
    step_for,
    steps,
    trend,
    used,
)

NEW_YORK = ZoneInfo("America/New_York")


def at(stamp):
    return int(instants([stamp])[0])


def row(verdict="met", started="2026-03-02T12:00:00Z", elapsed=None, target=None, clause="response"):
    return {"policy": 0, "clause": clause, "verdict": verdict, "started_at": started, "elapsed_s": elapsed,
            "target_s": target}  # fmt: skip


def gathered(*rows):
    found = Gathering()
    for each in rows:
        found.add(each)
    return found.columns()


def everything(columns):
    return np.ones(len(columns.verdict), np.bool_)


def test_a_month_begins_at_midnight_of_its_zone():
    found = steps(at("2026-02-20T00:00:00Z"), at("2026-04-02T00:00:00Z"), NEW_YORK, "month")
    assert found.names == ("2026-02", "2026-03", "2026-04")
    assert found.edges.tolist() == [at(stamp) for stamp in (
        "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z", "2026-05-01T04:00:00Z")]  # fmt: skip


def test_a_week_begins_on_monday_and_may_begin_in_the_year_before():
    found = steps(at("2026-01-01T12:00:00Z"), at("2026-01-05T12:00:00Z"), ZoneInfo("UTC"), "week")
    assert found.names == ("2025-12-29", "2026-01-05")


def test_an_instant_at_an_edge_belongs_to_the_step_that_begins_there():
    found = steps(at("2026-01-31T00:00:00Z"), at("2026-02-01T00:00:00Z"), ZoneInfo("UTC"), "month")
    assert found.of(instants(["2026-01-31T23:59:59.999999Z", "2026-02-01T00:00:00Z"])).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("days", "kind"), [(0, "week"), (120, "week"), (121, "month"), (2190, "month"), (2197, "year")]
)
def test_the_step_grows_with_the_span(days, kind):
    assert step_for(0, days * 86_400_000_000) == kind


def test_a_trend_counts_what_was_met_and_breached_by_its_start():
    columns = gathered(
        row(started="2026-01-31T00:00:00Z"), row("breached", "2026-02-01T00:00:00Z"),
        row("running", "2026-02-02T00:00:00Z"), row(started=None), row(started="2026-02-28T23:00:00Z"),
    )  # fmt: skip
    by = steps(at("2026-01-31T00:00:00Z"), at("2026-02-28T23:00:00Z"), ZoneInfo("UTC"), "month")
    assert trend(columns, everything(columns), by) == Trend(met=(1, 1), breached=(0, 1))


@pytest.mark.parametrize(
    ("elapsed", "target", "bucket"),
    [(0, 3600, 0), (360, 3600, 0), (360.000001, 3600, 1), (3600, 3600, 9), (3600.000001, 3600, 10), (7200, 3600, 19),
     (7200.000001, 3600, 20), (10**9, 3600, 20), (0, 0, 0), (1, 0, 20)],
)  # fmt: skip
def test_a_bucket_holds_its_upper_edge(elapsed, target, bucket):
    columns = gathered(row(elapsed=elapsed, target=target))
    assert used(columns, everything(columns)).index(1) == bucket


def test_what_has_no_target_used_no_share_of_one():
    columns = gathered(row(elapsed=5, target=None), row(elapsed=None, target=5))
    assert columns.target[0] == columns.elapsed[1] == MISSING
    assert sum(used(columns, everything(columns))) == 0


def test_buckets_have_names():
    assert [bucket_name(number) for number in (0, 10, BUCKETS - 1)] == ["0 to 10%", "100 to 110%", "more than 200%"]


@given(st.lists(st.tuples(st.integers(0, 400_000), st.integers(1, 100_000)), min_size=1))
def test_every_row_is_in_one_bucket_and_on_its_side_of_the_target(rows):
    columns = gathered(*(row(elapsed=elapsed, target=target) for elapsed, target in rows))
    counts = used(columns, everything(columns))
    assert sum(counts) == len(rows)
    assert sum(counts[:10]) == sum(elapsed <= target for elapsed, target in rows)
