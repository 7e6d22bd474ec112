"""An example goes the way of all evidence: what comes of it is what comes of the same exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from slaaudit import evidence
from slaaudit.audit import AuditOptions, audit
from slaaudit.errors import UsageError
from slaaudit.policy.example_reader import policy_examples
from slaaudit.rehearsal import rehearsed
from slaaudit.report.example_facts import facts_of, misses
from slaaudit.report.lines import lines

if TYPE_CHECKING:
    from pathlib import Path

    from slaaudit.rehearsal import Rehearsal

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support
timezone: Europe/Berlin
calendars:
  office: {timezone: Europe/Berlin, hours: {mon-fri: 09:00-17:00}}
severities: {urgent: {title: Urgent, aliases: [p1]}, normal: {}}
clauses:
  response:
    measure: first-response
    clock: {starts: reported}
    excludes: {own-fault: {cause: customer}}
    targets: {urgent: 1h on always, normal: 4h on office}
  updates: {measure: update-gap, targets: {urgent: 2h on always, normal: 8h on office}}
  uptime:
    measure: availability
    promised: 99%
    per: component
    excludes: {planned: {planned: true}}
    credits: {tiers: [{below: 99%, credit: 10%}], claim: {within: 30 days, from: outage-start}}
examples:
"""


@pytest.fixture
def rehearse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What comes of the one example that is written."""
    monkeypatch.chdir(tmp_path)

    def run(example: str) -> Rehearsal:
        (tmp_path / "acme.yaml").write_text(f"{POLICY}  - name: One\n    {example}\n", encoding="utf-8")
        found = policy_examples("acme.yaml")
        return rehearsed(found.trials[0], found.loaded)

    return run


def told(rehearsal: Rehearsal) -> list[tuple[str, str, str]]:
    return [(each.field, each.expected, each.got) for each in misses(rehearsal)]


def test_it_is_the_audit_of_the_same_exports(rehearse, tmp_path: Path) -> None:
    found = rehearse("""\
ticket: {severity: normal, created: 2026-03-06 15:40, reported: 2026-03-06 15:00, channel: phone}
    events:
      - 2026-03-06 16:00 customer severity urgent
      - 2026-03-06 16:10 waiting
      - 2026-03-06 16:30 vendor reply
      - 2026-03-09 10:00 resolved
    expect: {response: met}""")
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,reported_at,channel\nT1,2026-03-06T14:40:00Z,2026-03-06T14:00:00Z,phone\n"
    )
    (tmp_path / "events.csv").write_text("""\
ticket_id,at,event,actor,value
T1,2026-03-06T14:40:00Z,created,customer,
T1,2026-03-06T14:40:00Z,status,customer,new
T1,2026-03-06T14:40:00Z,severity,customer,normal
T1,2026-03-06T15:00:00Z,severity,customer,urgent
T1,2026-03-06T15:10:00Z,status,vendor,waiting
T1,2026-03-06T15:30:00Z,reply,vendor,
T1,2026-03-09T09:00:00Z,status,vendor,resolved
""")
    read = evidence.read(["tickets.csv", "events.csv"], evidence.ReadOptions())
    same = audit(read, [policy_examples("acme.yaml").loaded], AuditOptions())
    assert found.audit is not None
    bare = [line._replace(start=None, stop=None) for line in lines(found.audit)]
    assert bare == [line._replace(start=None, stop=None) for line in lines(same)]


def test_rows_are_the_lines_of_the_file(rehearse) -> None:
    found = rehearse("""\
ticket: {severity: normal, created: 2026-03-06 10:00}
    events:
      - 2026-03-06 11:00 note
      - 2026-03-06 12:00 vendor reply
    expect: {response: met}""")
    assert found.audit is not None
    response = lines(found.audit)[0]
    first = POLICY.count("\n") + 2
    assert response.start
    assert response.stop
    assert (response.start.file, response.start.row) == ("acme.yaml", first)
    assert (response.stop.file, response.stop.row) == ("acme.yaml", first + 3)


def test_only_what_is_stated_is_held_against_the_outcome(rehearse) -> None:
    found = rehearse("""\
ticket: {severity: normal, created: 2026-03-06 10:00}
    events: [2026-03-06 12:00 vendor reply]
    expect: {response: {severity: Normal, elapsed: 2h}}""")
    assert told(found) == []


def test_each_value_that_differs_is_told(rehearse) -> None:
    found = rehearse("""\
ticket: {severity: p1, created: 2026-03-06 10:00}
    events: [2026-03-06 12:00 vendor reply]
    as-of: 2026-03-06 13:00
    expect:
      response: {verdict: met, severity: normal, target: 4h, elapsed: 2h 1s, over: none, due: 2026-03-06 14:00,
                 stopped: none, paused: 1s, calendar: office, reason: cancelled, caveats: none}""")
    assert told(found) == [
        ("verdict", "met", "breached"),
        ("severity", "normal", "urgent"),
        ("target", "4h", "1h"),
        ("elapsed", "2h 0m 1s", "2h"),
        ("paused", "1s", "0s"),
        ("over", "none", "1h"),
        ("stopped", "none", "2026-03-06 12:00 CET"),
        ("due", "2026-03-06 14:00", "2026-03-06 11:00 CET"),
        ("calendar", "office", "always"),
        ("reason", "cancelled", "none"),
        ("caveats", "none", "field-unseen: cause"),
    ]


def test_a_reason_may_be_given_with_or_without_what_it_is_about(rehearse) -> None:
    for reason in ("exclusion", "'exclusion: own-fault'"):
        found = rehearse(f"""\
ticket: {{severity: p1, created: 2026-03-06 10:00, cause: customer}}
    expect: {{response: {{verdict: excluded, reason: {reason}}}}}""")
        assert told(found) == []


def test_several_measurements_are_listed_or_told_apart_by_their_cycle(rehearse) -> None:
    story = """\
ticket: {severity: p1, created: 2026-03-06 10:00}
    events: [2026-03-06 11:00 vendor reply, 2026-03-06 12:00 vendor reply, 2026-03-06 14:00:01 resolved]
    expect: {updates: """
    assert told(rehearse(story + "[met, {verdict: breached, elapsed: 2h 1s}]}")) == []
    assert told(rehearse(story + "{cycle: 2, verdict: breached}}")) == []
    assert told(rehearse(story + "met}")) == [("measurements", "1", "2 (cycle 1 met, cycle 2 breached)")]
    assert told(rehearse(story + "none}")) == [("measurements", "none", "2 (cycle 1 met, cycle 2 breached)")]
    assert told(rehearse(story + "{cycle: 3}}")) == [("cycle", "3", "cycle 1, cycle 2")]
    assert told(rehearse(story + "[{cycle: 1}, {cycle: 2, verdict: met}]}")) == [("verdict", "met", "breached")]


def test_that_nothing_is_measured_can_be_expected(rehearse) -> None:
    found = rehearse("""\
ticket: {severity: p1, created: 2026-03-06 10:00}
    expect: {updates: none}""")
    assert told(found) == []


def test_times_are_exact_so_no_margin_is_finer_than_the_record(rehearse) -> None:
    found = rehearse("""\
ticket: {severity: p1, created: 2026-03-06 10:00, cause: bug}
    events: [2026-03-06 11:00:00.000001 vendor reply]
    expect: {response: {verdict: breached, over: 0.000001s, caveats: none}}""")
    assert told(found) == []


def test_a_ticket_that_the_vendor_logged_was_answered_live(rehearse) -> None:
    found = rehearse("""\
ticket: {severity: p1, created: 2026-03-06 10:00, created-by: vendor, channel: phone, cause: bug}
    expect: {response: {verdict: met, elapsed: 0s, caveats: answered-live}}""")
    assert told(found) == []


def test_a_service_is_measured_by_component_and_period(rehearse) -> None:
    found = rehearse("""\
outages: [{at: 2026-04-10 00:00 for 7h 15m, component: api}, {at: 2026-04-11 00:00 for 1h, component: web}]
    as-of: 2026-05-01 00:00
    fee: 1200 EUR
    expect:
      uptime:
        - {component: api, period: 2026-04, verdict: breached, availability: 98.993%, credit: 120 EUR,
           claim-by: 2026-05-10}
        - {component: web, verdict: breached, credit: none, downtime: 2h, excluded: 1s}""")
    assert told(found) == [
        ("verdict", "breached", "met"),
        ("downtime", "2h", "1h"),
        ("excluded", "1s", "0s"),
    ]
    assert facts_of(found, "uptime")[1]["availability"] == "99.8611%"


def test_a_period_that_is_not_there_is_told_with_those_that_are(rehearse) -> None:
    found = rehearse("""\
outages: [2026-04-10 00:00 for 7h]
    as-of: 2026-05-01 00:00
    expect: {uptime: {period: 2026-05, verdict: met}}""")
    assert told(found) == [("period", "2026-05", "2026-04")]


@pytest.mark.parametrize(
    ("stated", "agrees"), [("98.993%", True), ("98.993056%", True), ("98.99%", False), ("99%", False)]
)
def test_availability_is_stated_as_it_is_printed_or_exactly(rehearse, stated: str, agrees) -> None:
    found = rehearse(f"""\
outages: [2026-04-10 00:00 for 7h 15m]
    as-of: 2026-05-01 00:00
    expect: {{uptime: {{availability: {stated}}}}}""")
    assert (told(found) == []) == agrees


def test_a_month_without_outages_is_available(rehearse) -> None:
    found = rehearse("""\
outages: none
    as-of: 2026-05-01 00:00
    period: 2026-04
    expect: {uptime: {verdict: met, availability: 100%, credit: none}}""")
    assert told(found) == []


def test_maintenance_alone_and_beside_no_outages(rehearse) -> None:
    found = rehearse("""\
outages: none
    maintenance: [{at: 2026-04-12 00:00 to 10:00, announced: 2026-04-01 00:00}]
    as-of: 2026-05-01 00:00
    expect: {uptime: {verdict: met, excluded: 10h}}""")
    assert told(found) == []


def test_what_the_reader_of_exports_would_reject_is_refused_and_not_left_out(rehearse) -> None:
    with pytest.raises(UsageError, match=r"^acme\.yaml:\d+:5: error: 'One' cannot be used: .*more failed than"):
        rehearse("""\
usage: {at: 2026-04-10 00:00 for 1h, total: 5, failed: 6}
    as-of: 2026-05-01 00:00
    expect: {uptime: met}""")
