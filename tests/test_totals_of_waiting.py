"""Totals of waiting that the helpdesk counted in its own business hours, from the file to the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from slaaudit import policy
from slaaudit.audit import audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.report.lines import lines
from slaaudit.report.outcome import kindest

if TYPE_CHECKING:
    from pathlib import Path

    from slaaudit.audit import Audit

POLICY = """
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
severities: {S1: {}, S2: {}}
clauses:
  resolution: {measure: resolution, clock: {pauses: [hold]}, targets: {S1: 8h on office, S2: 8h on always}}
"""
MAPPING = "slaaudit-profile: 1\ncolumns: {hold_total: {column: On hold, as: minutes, counted: COUNTED}}\n"
HEAD = "ticket_id,created_at,resolved_at,status,severity,On hold\n"


@pytest.fixture
def audited(tmp_path: Path):
    def made(rows: str, counted: str = "business", terms: str = POLICY) -> Audit:
        (tmp_path / "acme.yaml").write_text(terms)
        (tmp_path / "mapping.yaml").write_text(MAPPING.replace("COUNTED", counted))
        (tmp_path / "tickets.csv").write_text(HEAD + rows)
        found = read([str(tmp_path / "tickets.csv")], ReadOptions(mapping=str(tmp_path / "mapping.yaml")))
        return audit(found, [policy.load(str(tmp_path / "acme.yaml"), {})])

    return made


def test_business_hours_bound_business_hours_and_the_doubt_stays(audited) -> None:
    # Monday 9:00 to Tuesday 17:00: 16 h of the office, 8 h over
    found = audited("T1,2026-03-02T09:00:00Z,2026-03-03T17:00:00Z,resolved,S1,120\n")
    [line] = lines(found)
    assert (line.verdict, line.caveats) == ("breached", ("pauses-unseen", "severity-unseen", "pause-bounded"))
    assert (line.elapsed, line.paused, line.paused_most) == (16 * 3_600_000_000, 0, 2 * 3_600_000_000)
    assert kindest(found).summary[0].breached == 0


def test_business_hours_bound_nothing_around_the_clock(audited) -> None:
    found = audited("T1,2026-03-02T09:00:00Z,2026-03-09T17:00:00Z,resolved,S2,120\n")
    [line] = lines(found)
    assert (line.verdict, line.reason, line.paused_most) == ("unknown", "pause-unplaced: On hold", None)


def test_a_bounded_breach_is_one_even_in_the_reading_kindest_to_the_vendor(audited) -> None:
    # one severity, so that nothing else is in doubt; 32 h less 2 h
    terms = POLICY.replace("S1: {}, ", "").replace("S1: 8h on office, ", "")
    found = audited("T1,2026-03-02T09:00:00Z,2026-03-03T17:00:00Z,resolved,S2,120\n", "calendar", terms)
    [line] = lines(found)
    assert (line.verdict, line.elapsed, line.paused) == ("breached", 30 * 3_600_000_000, 2 * 3_600_000_000)
    assert line.caveats == ("pause-bounded",)
    assert kindest(found).summary[0].breached == 1
