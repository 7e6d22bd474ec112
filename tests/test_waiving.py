"""Waivers over audits and services, where no worked story says it better."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaaudit import policy
from slaaudit.assessment import Asked, assess
from slaaudit.audit import AuditOptions, audit
from slaaudit.cli.times import as_of_instant, civil_day
from slaaudit.errors import WaiverError
from slaaudit.evidence import ReadOptions, read, read_operations
from slaaudit.policy.schema import waivers_schema
from slaaudit.policy.waivers import read_waivers
from slaaudit.report.outcome import kindest, outcome
from slaaudit.results import Verdict
from slaaudit.waiving import laid_over, waived_audit

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme
timezone: America/New_York
severities: {S1: {}, S2: {}}
clauses:
  response: {measure: first-response, targets: {S1: 1h on always, S2: 2h on always}}
  resolution: {measure: resolution, targets: {S1: 4h on always}}
  uptime:
    measure: availability
    timezone: UTC
    promised: 99%
    per: component
    excludes: {planned: {planned: true}}
    maintenance: {budget: 2h}
"""
DAY = dt.date(2026, 4, 1)


@pytest.fixture
def loaded(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(POLICY)
    return policy.load(str(path))


def _tickets(folder, count):
    rows = ["ticket_id,created_at,severity,first_response_at,resolved_at"]
    for at in range(count):
        first = 30 + 45 * (at % 4)  # minutes: 30, 75, 120, 165
        rows.append(
            f"T-{at},2026-03-{at % 27 + 1:02d}T10:00:00Z,S{at % 2 + 1},2026-03-{at % 27 + 1:02d}T"
            f"{10 + first // 60}:{first % 60:02d}:00Z,2026-03-{at % 27 + 1:02d}T20:00:00Z"
        )
    path = folder / "tickets.csv"
    path.write_text("\n".join(rows) + "\n")
    return read([str(path)], ReadOptions())


def _entries(folder, *entries):
    path = folder / "waivers.yaml"
    lines = ["- {" + ", ".join(f"{key}: {value}" for key, value in entry.items()) + "}" for entry in entries]
    path.write_text("\n".join(lines) + "\n" if lines else "[]")
    return str(path)


def _of(ticket, clause, **more):
    return {"ticket": ticket, "clause": clause, "reason": "r", "by": "b", "expires": "2026-12-31"} | more


def test_no_waivers_change_nothing(loaded, tmp_path):
    found = audit(_tickets(tmp_path, 20), [loaded])
    waivers = read_waivers([_entries(tmp_path)], [loaded], DAY)
    assert waived_audit(found, waivers).summary == found.summary


def test_expires_is_the_last_day_by_the_policys_clock(loaded, tmp_path):
    found = audit(_tickets(tmp_path, 2), [loaded])
    waivers = read_waivers([_entries(tmp_path, _of("T-1", "response", expires="2026-03-31"))], [loaded], None)
    assert laid_over(waivers, found, None, dt.date(2026, 3, 31)).audit
    with pytest.raises(WaiverError, match="expired on 2026-03-31, before the day of as-of, 2026-04-01"):
        laid_over(waivers, found, None, DAY)


def test_a_date_as_as_of_is_that_day_and_an_instant_the_day_in_which_it_lies():
    zone = ZoneInfo("America/New_York")
    said = {
        text: civil_day(text, as_of_instant(text, zone), zone).isoformat()
        for text in ("2026-05-31", "2026-06-01T03:59:59Z", "2026-06-01T04:00:00Z", "2026-06-01T00:00:00")
    }
    assert list(said.values()) == ["2026-05-31", "2026-05-31", "2026-06-01", "2026-06-01"]


def test_a_waiver_outside_the_period_is_idle_and_one_without_any_clock_is_refused(loaded, tmp_path):
    evidence = _tickets(tmp_path, 20)
    found = audit(evidence, [loaded], AuditOptions(period="2026-02"))
    waivers = read_waivers([_entries(tmp_path, _of("T-1", "response"), _of("T-3", "resolution"))], [loaded], DAY)
    laid = laid_over(waivers, found, None, DAY).audit
    assert laid.waived.idle == {0: "outside-period", 1: "outside-period"}
    cut = audit(evidence, [loaded], AuditOptions(as_of=0, period="2026-02"))
    with pytest.raises(WaiverError, match="clause 'response' measures nothing of ticket 'T-1'"):
        laid_over(waivers, cut, None, DAY)


def test_kindest_counts_no_waiver_of_what_it_takes_for_met(loaded, tmp_path):
    found = audit(_tickets(tmp_path, 8), [loaded])
    waivers = read_waivers([_entries(tmp_path, _of("T-1", "response"), _of("T-3", "response"))], [loaded], DAY)
    best = kindest(laid_over(waivers, found, None, DAY).audit)
    assert sum(row.waived for row in best.summary) <= sum(row.breached for row in best.summary)
    assert outcome(best).failing == sum(row.breached - row.waived for row in best.summary)


@given(chosen=st.sets(st.tuples(st.integers(0, 39), st.sampled_from(["response", "resolution"]))))
def test_exactly_the_named_breaches_are_waived_and_nothing_else_changes(chosen, tmp_path_factory):
    folder = tmp_path_factory.mktemp("law")
    (folder / "acme.yaml").write_text(POLICY)
    loaded = policy.load(str(folder / "acme.yaml"))
    found = audit(_tickets(folder, 40), [loaded])
    waivers = read_waivers(
        [_entries(folder, *(_of(f"T-{at}", clause) for at, clause in sorted(chosen)))], [loaded], DAY
    )
    laid = laid_over(waivers, found, None, DAY).audit

    rows, names = found.measurements, list(loaded.policy.clauses)
    expected = [
        row
        for row in range(len(rows))
        if rows.verdict[row] == Verdict.BREACHED and (int(rows.ticket[row]), names[rows.clause[row]]) in chosen
    ]
    assert laid.waived.rows.tolist() == expected
    assert [row for row in range(len(rows)) if laid.waived.of(row)] == expected
    assert sum(row.waived for row in laid.summary) == len(expected)
    assert [replace(row, waived=0) for row in laid.summary] == list(found.summary)
    assert outcome(found).failing - outcome(laid).failing == len(expected)


INCIDENTS = """\
incident_id,started_at,ended_at,component,planned
I-1,2026-03-10T00:00:00Z,2026-03-10T06:00:00Z,api,
I-2,2026-03-20T00:00:00Z,2026-03-20T05:00:00Z,api,
I-3,2026-03-20T00:00:00Z,2026-03-20T09:00:00Z,web,
I-4,2026-02-27T00:00:00Z,2026-02-27T12:00:00Z,web,true
I-5,2026-04-01T00:00:00Z,2026-04-01T00:10:00Z,web,
"""


def _service(loaded, folder, *entries, **asked):
    (folder / "incidents.csv").write_text(INCIDENTS)
    found = assess(read_operations([str(folder / "incidents.csv")], [], [], ReadOptions()), [loaded], Asked(**asked))
    waivers = read_waivers([_entries(folder, *entries)], [loaded], DAY)
    laid = laid_over(waivers, None, found, DAY).service
    assert [replace(row, waived=()) for row in laid.uptimes] == list(found.uptimes)  # the numbers stay
    waived = {
        (row.component, row.span.name): [laid.waivers[at].name for at in row.waived]
        for row in laid.uptimes
        if row.verdict is Verdict.BREACHED
    }
    return waived, dict(laid.idle)


def _incident(name):
    return {"incident": name, "clause": "uptime", "reason": "r", "by": "b", "expires": "2026-12-31"}


def test_a_period_is_waived_where_it_had_kept_its_promise_without_the_outage(loaded, tmp_path):
    """March has 744 h, of which 7 h 26 m may be lost. The API lost 6 + 5 h: without either it keeps the promise."""
    waived, idle = _service(loaded, tmp_path, _incident("I-1"))
    assert (waived["api", "2026-03"], waived["web", "2026-03"]) == (["I-1"], [])
    assert idle == {}


def test_waivers_of_one_clause_count_together(loaded, tmp_path):
    waived, _ = _service(loaded, tmp_path, _incident("I-2"), _incident("I-1"), _incident("I-3"))
    assert (waived["api", "2026-03"], waived["web", "2026-03"]) == (["I-2", "I-1"], ["I-3"])


def test_maintenance_beyond_its_budget_can_be_waived(loaded, tmp_path):
    """Of 12 h that were planned, 2 h are within the budget, and 10 of the 670 h that are left are too many."""
    waived, idle = _service(loaded, tmp_path)
    assert waived["web", "2026-02"] == []
    waived, idle = _service(loaded, tmp_path, _incident("I-4"))
    assert waived["web", "2026-02"] == ["I-4"]
    assert idle == {}


def test_an_outage_of_a_kept_period_or_outside_the_period_is_idle(loaded, tmp_path):
    _, idle = _service(loaded, tmp_path, _incident("I-5"), _incident("I-1"), period="2026-04")
    assert idle == {0: "met", 1: "outside-period"}


def test_ten_thousand_waivers_take_a_second_and_a_million_rows_are_not_walked(loaded, tmp_path):
    found = audit(_tickets(tmp_path, 10_000), [loaded])
    waivers = read_waivers([_entries(tmp_path, _of("T-1", "response"))], [loaded], DAY)
    many = replace(waivers, entries=tuple(replace(waivers.entries[0], name=f"T-{at}") for at in range(10_000)))
    begun = time.process_time()
    laid = waived_audit(found, many)
    assert time.process_time() - begun < 5
    assert len(laid.waived.rows) == np.count_nonzero(
        (found.measurements.verdict == Verdict.BREACHED) & (found.measurements.clause == 0)
    )


def test_the_file_of_the_docs_is_a_file_of_waivers(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "waivers.md").read_text(encoding="utf-8")
    (tmp_path / "waivers.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    clauses = policy.load("securenvoy"), policy.load("sequr")
    found = read_waivers([str(tmp_path / "waivers.yaml")], clauses, DAY)
    assert [(each.subject, each.by) for each in found.entries] == [
        ("ticket", "head of operations"), ("incident", "service board"),
    ]  # fmt: skip


def test_the_schema_names_the_keys_that_are_read():
    schema = waivers_schema()
    entry = schema["$defs"]["WrittenWaiver"]
    assert list(entry["properties"]) == ["ticket", "incident", "clause", "reason", "by", "expires"]
    assert entry["required"] == ["clause", "reason", "by", "expires"]
    assert all(entry["properties"][key]["description"] for key in entry["properties"])
