"""The timeline as one line of characters."""

from __future__ import annotations

from slaaudit.evidence.tables import State
from slaaudit.report.lane import lane
from slaaudit.results import Why
from slaaudit.tracing import FineRow


def row(since, until, why):
    took = until - since if why is Why.RUNS else 0
    return FineRow(since, until, int(State.OPEN), 0, why, took, took, 0)


def test_each_kind_of_time_has_a_character_and_the_legend_names_those_in_use():
    rows = [
        row(0, 20, Why.NOT_COUNTED_YET),
        row(20, 40, Why.RUNS),
        row(40, 60, Why.PAUSED),
        row(60, 70, Why.CLOSED_HOURS),
        row(70, 80, Why.CLOSED_DAY),
        row(80, 100, Why.RUNS),
    ]
    drawn = lane(rows, 90, 10)

    assert drawn.marks == "~~##pp..#!"
    assert drawn.step == 10
    assert drawn.legend == [
        "# counted", "! counted, past the target", ". closed", "p paused", "~ not counted yet"
    ]  # fmt: skip


def test_a_moment_past_the_target_shows_even_where_it_fills_no_character():
    rows = [row(0, 10, Why.RUNS), row(10, 999, Why.CLOSED_HOURS), row(999, 1000, Why.RUNS)]

    assert lane(rows, 10, 10).marks == ".........!"


def test_nothing_past_the_target_shows_where_the_target_was_kept():
    assert lane([row(0, 100, Why.RUNS)], 100, 5).marks == "#####"


def test_no_time_makes_no_lane():
    assert lane([], None, 10) is None
    assert lane([row(5, 5, Why.RUNS)], None, 10) is None
