"""Trends add up to the audit, month by month and kind by kind; the clocks at risk are those to look after."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from slaaudit.audit import AuditOptions, audit
from slaaudit.cli.options import share_of_target
from slaaudit.errors import UsageError
from slaaudit.evidence import ReadOptions, read
from slaaudit.policy import load
from slaaudit.report.words import percent_used
from slaaudit.results import Verdict
from slaaudit.totals import used_share
from slaaudit.trends import at_risk, trends

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"
POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: America/New_York
severities:
  S1: {title: Critical}
  S2: {title: Major}
clauses:
  response: {measure: first-response, targets: {S1: 100m on always, S2: 200m on always}}
  resolution: {measure: resolution, clock: {pauses: [waiting]}, targets: {S1: 1000m on always}}
"""
HEAD = "ticket_id,created_at,severity,component,first_response_at,resolved_at\n"


@pytest.fixture
def audited(tmp_path):
    """An audit of rows of a ticket list, and of a log where there is one."""

    def made(rows: str, as_of: str = "2026-03-10T00:00:00", log: str = ""):
        (tmp_path / "acme.yaml").write_text(POLICY)
        (tmp_path / "tickets.csv").write_text(HEAD + rows)
        paths = [str(tmp_path / "tickets.csv")]
        if log:
            (tmp_path / "log.csv").write_text("ticket_id,at,event,actor,value\n" + log)
            paths.append(str(tmp_path / "log.csv"))
        instant = int(np.datetime64(as_of, "us").astype(np.int64))
        return audit(read(paths, ReadOptions()), [load(str(tmp_path / "acme.yaml"))], AuditOptions(as_of=instant))

    return made


def months(found, clause="response"):
    return {row.month: (row.tally.met, row.tally.breached) for row in found.months if row.clause == clause}


def test_a_clock_belongs_to_the_month_in_which_it_started_in_the_policys_zone(audited):
    # midnight in New York is 05:00 UTC in winter
    found = trends(
        audited("A,2026-02-01T04:59:59Z,S1,,2026-02-01T05:10:00Z,\nB,2026-02-01T05:00:00Z,S1,,2026-02-01T09:00:00Z,\n"),
        months=3,
        fields=(),
        above=8000,
    )
    assert months(found) == {"2026-01": (1, 0), "2026-02": (0, 1), "2026-03": (0, 0)}
    assert [row.to_date for row in found.months if row.clause == "response"] == [False, False, True]


def test_a_month_before_those_asked_for_is_left_out_of_all_but_the_backlog(audited):
    found = trends(audited("A,2026-01-31T12:00:00Z,S1,web,2026-01-31T12:10:00Z,\n"), 2, ("component",), 8000)
    assert (found.months, found.kinds) == ((), ())
    assert int(found.arrivals.decided.sum()) == 0
    # the resolution is open and past its 1000 minutes since January
    assert [(row.clause, row.past, row.within) for row in found.backlog] == [("resolution", 1, 0)]


def test_percentiles_are_nearest_ranks_of_the_share_of_the_target(audited):
    # of 100 minutes: 10, 20, 50, 90 and 250 minutes; half of five is the third, nine in ten the fifth
    rows = "".join(
        f"T{minutes},2026-03-02T10:00:00Z,S1,,2026-03-02T{10 + minutes // 60}:{minutes % 60:02d}:00Z,\n"
        for minutes in (250, 10, 90, 20, 50)
    )
    (tally,) = [row.tally for row in trends(audited(rows), 1, (), 8000).months if row.clause == "response"]
    assert (tally.met, tally.breached, tally.p50, tally.p90) == (4, 1, 5000, 25000)


def test_words_that_differ_by_case_or_outer_space_are_one_value_and_the_worst_comes_first(audited):
    rows = (
        "A,2026-03-02T10:00:00Z,S1,Web,2026-03-02T10:10:00Z,\nB,2026-03-02T10:00:00Z,S2, web ,2026-03-02T19:00:00Z,\n"
        "C,2026-03-02T10:00:00Z,S2,api,2026-03-02T10:01:00Z,\nD,2026-03-02T10:00:00Z,S2,,2026-03-02T10:01:00Z,\n"
    )
    found = trends(audited(rows), 1, ("component",), 8000)
    kinds = [
        (row.field, row.value, row.tally.met, row.tally.breached) for row in found.kinds if row.clause == "response"
    ]
    assert kinds == [
        ("severity", "S1", 1, 0),
        ("severity", "S2", 2, 1),
        ("component", "Web", 1, 1),
        ("component", "api", 1, 0),
        ("component", None, 1, 0),
    ]


def test_arrivals_stand_at_the_weekday_and_hour_of_the_policys_zone(audited):
    # Monday 2026-03-09 03:30 UTC is Sunday 23:30 in New York, which changed its clocks the day before
    found = trends(audited("A,2026-03-09T03:30:00Z,S1,,2026-03-09T09:30:00Z,\n"), 1, (), 8000).arrivals
    assert np.argwhere(found.breached).tolist() == [[6, 23]]
    assert np.argwhere(found.decided).tolist() == [[6, 23]]


@pytest.mark.parametrize(("as_of", "listed"), [("11:19:59", []), ("11:20:00", ["A"]), ("11:39:59", ["A"])])
def test_a_clock_is_at_risk_from_the_share_itself_on(audited, as_of, listed):
    found = audited("A,2026-03-02T10:00:00Z,S1,,,\n", as_of=f"2026-03-02T{as_of}")
    rows = at_risk(found.measurements, 8000)
    assert [found.evidence.tickets.ids[int(found.measurements.ticket[row])] for row in rows] == listed


def test_a_clock_past_its_target_is_no_running_one_but_is_to_be_looked_after(audited):
    found = audited("A,2026-03-02T10:00:00Z,S1,,,\n", as_of="2026-03-02T11:40:00.000001")
    response = found.measurements.clause == 0
    assert found.measurements.verdict[response].tolist() == [Verdict.BREACHED]
    assert at_risk(found.measurements, 0).tolist() == np.flatnonzero(~response).tolist()
    assert at_risk(found.measurements, 9000, past=True).tolist() == np.flatnonzero(response).tolist()


def test_what_is_due_next_comes_first_and_what_is_paused_last(audited):
    log = "".join(
        f"{ticket},2026-03-02T{at}Z,{event},{actor},{value}\n"
        for ticket, at, event, actor, value in (
            ("A", "10:00:00", "created", "customer", ""), ("A", "10:00:00", "severity", "customer", "S1"),
            ("A", "23:00:00", "status", "vendor", "waiting"),
            ("B", "11:00:00", "created", "customer", ""), ("B", "11:00:00", "severity", "customer", "S1"),
            ("C", "10:30:00", "created", "customer", ""), ("C", "10:30:00", "severity", "customer", "S1"),
        )
    )  # fmt: skip
    rows = "".join(
        f"{ticket},2026-03-02T{at}Z,S1,,,\n" for ticket, at in (("A", "10:00"), ("B", "11:00"), ("C", "10:30"))
    )
    found = audited(rows, as_of="2026-03-03T00:30:00", log=log)
    resolution = found.measurements.clause[at_risk(found.measurements, 7000)] == 1
    rows = at_risk(found.measurements, 7000)[resolution]
    own = [found.evidence.tickets.ids[int(found.measurements.ticket[row])] for row in rows]
    # 1000 minutes from 10:30 and from 11:00; A has used 780 of them and waits
    assert own == ["C", "B", "A"]
    assert used_share(found.measurements.take(rows)).tolist() == [8400, 8100, 7800]


@pytest.mark.parametrize("policy", ["sequr", "securenvoy"])
def test_months_and_kinds_add_up_to_the_audit(policy):
    folder = SAMPLES / policy
    mapping = folder / "mapping.yaml"
    options = ReadOptions(mapping=str(mapping) if mapping.is_file() else None)
    found = audit(read([str(folder / "tickets.csv"), str(folder / "events.csv")], options), [load(policy)])
    made = trends(found, 120, ("component",), 8000)
    for clause in {row.clause for row in found.summary}:
        own = [row for row in found.summary if row.clause == clause]
        counts = [sum(getattr(row, name) for row in own) for name in ("met", "breached", "running")]
        assert counts[0] > 0
        for rows in (made.months, [one for one in made.kinds if one.field == "component"]):
            tallies = [row.tally for row in rows if row.clause == clause]
            assert [sum(getattr(each, name) for each in tallies) for name in ("met", "breached", "running")] == counts
    assert int(made.arrivals.breached.sum()) == sum(row.breached for row in found.summary)
    still = sum(row.within for row in made.backlog)
    assert still == sum(row.running for row in found.summary)


def test_the_share_of_a_target_that_lasts_no_time_is_used_at_once(audited):
    rows = audited("A,2026-03-02T10:00:00Z,S1,,2026-03-02T10:10:00Z,\n").measurements.part(0, 1)
    nothing = replace(rows, target=np.zeros(1, np.int64), elapsed=np.zeros(1, np.int64))
    assert used_share(nothing).tolist() == [0]
    assert used_share(replace(nothing, elapsed=np.ones(1, np.int64))).tolist() == [10_000]


@pytest.mark.parametrize(
    ("text", "found"), [("80", 8000), ("80%", 8000), (" 87.5 % ", 8750), ("0", 0), ("100", 10_000), ("99.99", 9999)]
)
def test_a_percentage_of_a_target_is_read(text, found):
    assert share_of_target("--at-risk", text) == found


@pytest.mark.parametrize("text", ["", "-1", "101", "100.01", "8o", "80.123", "٨٠", "1e1", ".5"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(UsageError, match="expected a percentage of the target from 0 to 100"):
        share_of_target("--at-risk", text)


def test_percent_texts_are_decimals():
    assert [Decimal(percent_used(each)) * 100 for each in (0, 1, 10, 9_999, 10_000, 123_456)] == [
        0, 1, 10, 9_999, 10_000, 123_456,
    ]  # fmt: skip
    assert percent_used(None) is None
