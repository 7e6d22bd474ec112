"""Two reports held against each other: each change is told once, with causes that the reports show."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slaaudit import policy
from slaaudit.assessment import Asked, assess
from slaaudit.audit import AuditOptions, audit
from slaaudit.between import Cause
from slaaudit.difference import difference
from slaaudit.errors import EvidenceError
from slaaudit.evidence import ReadOptions, read, read_operations
from slaaudit.policy.fees import fees
from slaaudit.policy.waivers import read_waivers
from slaaudit.report.as_json import write_json, write_record
from slaaudit.report.difference_json import write_difference
from slaaudit.report.found import found_in
from slaaudit.report.service_outcome import service_outcome
from slaaudit.report.service_record import service_record
from slaaudit.waiving import laid_over
from slaaudit.written_report import read_report

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme
timezone: UTC
calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
severities: {S1: {}, S2: {}}
clauses:
  response: {measure: first-response, targets: {S1: 1h on always, S2: 4h on office}}
  resolution: {measure: resolution, clock: {pauses: [waiting]}, targets: {S1: 4h on always, S2: 8h on office}}
readings:
  quick: {question: q, default: hour, choices: {hour: {}, day: {clauses: {response: {targets: {S1: 24h on always}}}}}}
"""
EVENTS = """\
ticket_id,at,event,actor,value
A,2026-03-02T10:00:00Z,created,customer,
A,2026-03-02T10:00:00Z,severity,customer,S1
A,2026-03-02T12:00:00Z,reply,vendor,
A,2026-03-02T13:00:00Z,status,vendor,resolved
B,2026-03-02T10:00:00Z,created,customer,
B,2026-03-02T10:00:00Z,severity,customer,S2
"""


@pytest.fixture
def report(tmp_path):
    """Writes a report and reads it back."""

    def made(events=EVENTS, text=POLICY, readings=None, waivers="", set_fields=(), **asked):
        at = len(list(tmp_path.iterdir()))
        (tmp_path / "events.csv").write_text(events)
        (tmp_path / "acme.yaml").write_text(text)
        loaded = policy.load(str(tmp_path / "acme.yaml"), readings or {})
        evidence = read([str(tmp_path / "events.csv")], ReadOptions(set_fields=set_fields))
        found = audit(evidence, [loaded], AuditOptions(**asked))
        if waivers:
            (tmp_path / "waivers.yaml").write_text(waivers)
            read_in = read_waivers([str(tmp_path / "waivers.yaml")], [loaded], None)
            found = laid_over(read_in, found, None, read_in.entries[0].expires).audit
        path = tmp_path / f"report-{at}.json"
        with path.open("w") as stream:
            write_json(found_in(found), stream)
        return read_report(str(path))

    return made


def _told(old, new):
    """Ticket, clause, change and causes of every difference."""
    return [
        (each.key[2], each.key[1], each.change, [(one.what, one.causes) for one in each.because])
        for each in difference(old, new).measurements
    ]


def test_a_report_and_itself_do_not_differ(report):
    found = difference(report(), report())
    assert not found.differs
    assert (found.same, found.other_numbers) == (4, 0)


def test_an_answer_that_came_earlier_in_the_new_export_is_evidence(report):
    new = report(EVENTS.replace("12:00:00Z,reply", "10:59:00Z,reply"))
    assert _told(report(), new) == [("A", "response", "changed", [("stop", ("evidence",))])]


def test_a_target_is_changed_by_the_policy_or_by_a_reading(report):
    told = [("A", "response", "changed", [("target", ("policy",))])]
    assert _told(report(), report(text=POLICY.replace("1h on always", "3h on always"))) == told
    told = [("A", "response", "changed", [("target", ("reading",))])]
    assert _told(report(), report(readings={"quick": "day"})) == told


def test_a_policy_and_a_reading_that_both_changed_are_both_told(report):
    new = report(text=POLICY.replace("24h on always", "25h on always"), readings={"quick": "day"})
    assert _told(report(), new) == [("A", "response", "changed", [("target", ("policy", "reading"))])]


def test_what_ran_past_its_target_meanwhile_is_as_of_alone(report):
    """B has 4 h of office time to be answered from 10:00 on Monday, and 8 h to be resolved."""
    old, new = report(), report(as_of=1_772_550_000_000_000)  # Tuesday 15:00
    assert _told(old, new) == [
        ("B", "response", "changed", [("as-of", ("as-of",))]),
        ("B", "resolution", "changed", [("as-of", ("as-of",))]),
    ]


def test_an_answer_that_is_earlier_now_is_no_matter_of_an_earlier_as_of(report):
    """As-of 11:30 alone would show no answer at all, and a breach; that it came at 10:30 only the files can tell."""
    new = report(EVENTS.replace("T12:00:00Z,reply", "T10:30:00Z,reply"), as_of=1_772_451_000_000_000)
    found = {(ticket, clause): why for ticket, clause, _, why in _told(report(), new)}
    assert found["A", "response"] == [("stop", ("evidence", "as-of"))]


def test_an_answer_after_the_old_as_of_is_as_of_though_the_files_differ_too(report):
    new = report(EVENTS + "B,2026-03-02T13:30:00Z,reply,vendor,\n")
    assert _told(report(), new) == [("B", "response", "changed", [("stop", ("as-of",))])]


def test_new_and_gone_tickets_clauses_and_periods(report):
    later = report(EVENTS + "C,2026-03-02T14:00:00Z,created,customer,\nC,2026-03-02T14:00:00Z,severity,customer,S1\n")
    assert {(ticket, change, *because) for ticket, _, change, because in _told(report(), later)} == {
        ("C", "new", ("start", ("as-of",)))
    }
    earlier = report(EVENTS.replace("B,", "C,"))
    assert {(ticket, change, *because) for ticket, _, change, because in _told(report(), earlier)} == {
        ("C", "new", ("ticket", ("evidence",))),
        ("B", "gone", ("ticket", ("evidence",))),
    }
    more = POLICY.replace("readings:", "  third: {measure: workaround, targets: {S1: 1h on always}}\nreadings:")
    told = _told(report(), report(text=more))
    assert {(clause, change, *because) for _, clause, change, because in told} == {
        ("third", "new", ("clause", ("policy",)))
    }
    told = _told(report(), report(period="2026-02"))
    assert {(change, *because) for _, _, change, because in told} == {("gone", ("period", ("period",)))}


def test_pauses_severity_and_how_a_word_was_read(report):
    waited = EVENTS + "A,2026-03-02T10:30:00Z,status,vendor,waiting\nA,2026-03-02T12:30:00Z,status,customer,open\n"
    late = waited.replace(
        "A,2026-03-02T13:00:00Z,status,vendor,resolved", "A,2026-03-02T16:00:00Z,status,vendor,resolved"
    )
    busy = late.replace("status,vendor,waiting", "status,vendor,open")
    assert _told(report(late), report(busy)) == [("A", "resolution", "changed", [("pauses", ("evidence",))])]

    down = EVENTS.replace("A,2026-03-02T10:00:00Z,severity,customer,S1", "A,2026-03-02T10:00:00Z,severity,customer,S2")
    assert _told(report(), report(down)) == [("A", "response", "changed", [("severity", ("evidence",))])]

    odd = EVENTS.replace("A,2026-03-02T10:00:00Z,severity,customer,S1", "A,2026-03-02T10:00:00Z,severity,customer,P9")
    old, new = report(odd), report()
    assert ("reason", ("evidence",)) in _told(old, new)[0][3]


def test_a_field_that_takes_a_ticket_out_is_told(report):
    text = POLICY.replace("measure: first-response,", "measure: first-response, excludes: {mail: {channel: email}},")
    told = _told(report(text=text), report(text=text, set_fields=(("channel", "email"),)))
    assert [each[:3] for each in told] == [("A", "response", "changed"), ("B", "response", "changed")]
    assert told[0][3] == [("reason", ("mapping",)), ("field channel", ("mapping",))]


def test_a_waiver_that_came_or_went_is_a_difference_of_its_own(report):
    waivers = "- {ticket: A, clause: response, reason: ours, by: b, expires: 2026-12-31}\n"
    assert _told(report(), report(waivers=waivers)) == [("A", "response", "waiver", [("waiver", ("waiver",))])]
    assert difference(report(waivers=waivers), report()).counts == {"new": 0, "gone": 0, "changed": 0, "waiver": 1}
    other = waivers.replace("ours", "still ours")
    assert not difference(report(waivers=waivers), report(waivers=other)).differs


def test_other_numbers_without_another_verdict_are_counted_and_are_no_difference(report):
    found = difference(report(), report(EVENTS.replace("12:00:00Z,reply", "12:01:00Z,reply")))
    assert (found.differs, found.same, found.other_numbers) == (False, 4, 1)


SERVICE = """\
slaaudit: 1
id: up
vendor: Acme
title: Up
timezone: UTC
clauses:
  uptime:
    measure: availability
    promised: 99%
    credits: {tiers: [{below: 99%, credit: 10%}], claim: {within: 30 days, from: period-end}}
"""


@pytest.fixture
def service(tmp_path):
    def made(hours, promised="99%", fee="", as_of=None):
        (tmp_path / "up.yaml").write_text(SERVICE.replace("promised: 99%", f"promised: {promised}"))
        (tmp_path / "incidents.csv").write_text(
            f"incident_id,started_at,ended_at\nI,2026-03-10T00:00:00Z,2026-03-10T{hours:02d}:00:00Z\n"
            "J,2026-04-30T23:00:00Z,2026-05-01T00:00:00Z\n"
        )
        operations = read_operations([str(tmp_path / "incidents.csv")], [], [], ReadOptions())
        asked = Asked(as_of, fees=fees(fee) if fee else None)
        path = tmp_path / f"service-{len(list(tmp_path.iterdir()))}.json"
        with path.open("w") as stream:
            found = assess(operations, [policy.load(str(tmp_path / "up.yaml"))], asked)
            write_record(service_record(found, service_outcome(found), "breach"), stream)
        return read_report(str(path))

    return made


def test_periods_and_credits_differ_by_downtime_promise_fee_and_as_of(service):
    def told(old, new):
        found = difference(old, new)
        return [
            [(each.key[3], each.change, [(one.what, one.causes) for one in each.because]) for each in part]
            for part in (found.availability, found.credits)
        ]

    assert told(service(6), service(6)) == [[], []]
    periods, earned = told(service(6), service(8))
    assert periods == [("2026-03", "changed", [("downtime_s", ("evidence",))])]
    assert [each[:2] for each in earned] == [("2026-03", "new")]
    periods, _ = told(service(8), service(8, promised="98%"))
    assert periods == [("2026-03", "changed", [("promised", ("policy",))])]
    _, earned = told(service(8, fee="100 EUR"), service(8, fee="200 EUR"))
    assert earned[0][2] == [("granted", ("fee",)), ("fee", ("fee",)), ("sum", ("fee",))]
    _, earned = told(service(8), service(8, fee="200 EUR", as_of=1_777_600_000_000_000))
    assert [each for each in earned[0][2] if each[0] in ("granted", "sum")] == [
        ("granted", ("fee",)),
        ("sum", ("fee",)),
    ]
    day = 1_775_001_600_000_000  # 2026-04-01
    _, earned = told(service(8, as_of=day + 86_400_000_000), service(8, as_of=day + 28 * 86_400_000_000))
    assert ("claim_status", ("as-of",)) in earned[0][2]


def test_a_report_of_check_and_one_of_credits_are_not_compared(report, service):
    with pytest.raises(EvidenceError, match="compare two of the same command"):
        difference(report(), service(1))


@pytest.mark.parametrize(
    "text",
    ["", " ", "null", "[]", "{}", '"x"', "{", '{"schema": "slaaudit.report/1"', '{"schema": "slaaudit.report/1"}',
     '{"schema": "slaaudit.report/2", "measurements": []}', '{"schema": "slaaudit.report/1", "measurements": {}}',
     '{"schema": ["slaaudit.report/1"]}', "[" * 100_000, "9" * 5_000, "\ufeff", '{"a": \ud800}'],
)  # fmt: skip
def test_what_is_no_report_is_refused_in_one_line(text, tmp_path):
    path = tmp_path / "old.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(EvidenceError) as told:
        read_report(str(path))
    assert "\n" not in str(told.value)
    assert str(path) in str(told.value)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A report as text."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "events.csv").write_text(EVENTS)
    (folder / "acme.yaml").write_text(POLICY)
    stream = io.StringIO()
    found = audit(read([str(folder / "events.csv")], ReadOptions()), [policy.load(str(folder / "acme.yaml"))])
    write_json(found_in(found), stream)
    return stream.getvalue()


@settings(max_examples=200)
@given(data=st.data())
def test_a_report_that_lost_or_swapped_anything_is_compared_or_refused(data, written, tmp_path_factory):
    """No traceback, whatever one value of a report is replaced by."""
    report = json.loads(written)
    node, path = report, []
    while isinstance(node, dict | list) and node and (not path or data.draw(st.booleans())):
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else list(range(len(node)))))
        path.append(key)
        parent, node = node, node[key]
    if data.draw(st.booleans()):
        del parent[path[-1]]
    else:
        parent[path[-1]] = data.draw(st.sampled_from([None, 0, -1, 1e300, "", "x", [], {}, [1], {"a": 1}, True]))
    folder = tmp_path_factory.mktemp("swapped")
    (folder / "old.json").write_text(json.dumps(report))
    (folder / "new.json").write_text(written)
    try:
        found = difference(read_report(str(folder / "old.json")), read_report(str(folder / "new.json")))
    except EvidenceError:
        return
    write_difference(found, io.StringIO())


@given(length=st.integers(0, 2_000))
def test_a_report_that_was_cut_is_refused(length, written, tmp_path_factory):
    path = tmp_path_factory.mktemp("cut") / "old.json"
    cut = written[: min(length, len(written) - 4)]
    path.write_text(cut)
    with pytest.raises(EvidenceError, match=r"cut short|is empty"):
        read_report(str(path))


def test_any_layout_of_the_same_json_is_the_same_report(written, tmp_path):
    for name, text in (
        ("lines", written),
        ("one", json.dumps(json.loads(written))),
        ("wide", json.dumps(json.loads(written), indent=4)),
    ):
        (tmp_path / f"{name}.json").write_text(text)
    reports = [read_report(str(tmp_path / f"{name}.json")) for name in ("lines", "one", "wide")]
    assert not difference(reports[0], reports[1]).differs
    assert not difference(reports[1], reports[2]).differs
    assert len(reports[0].rows) == 4


def test_a_hundred_thousand_measurements_take_seconds(written, tmp_path):
    report = json.loads(written)
    row = report["measurements"][0]
    report["measurements"] = [{**row, "ticket": f"T-{at}"} for at in range(100_000)]
    (tmp_path / "old.json").write_text(json.dumps(report))
    report["measurements"] = [{**each, "verdict": "met"} for each in report["measurements"]]
    (tmp_path / "new.json").write_text(json.dumps(report))
    begun = time.process_time()
    found = difference(read_report(str(tmp_path / "old.json")), read_report(str(tmp_path / "new.json")))
    assert found.counts["changed"] == 100_000
    assert time.process_time() - begun < 20


def test_the_docs_name_every_cause():
    page = (Path(__file__).parents[1] / "docs" / "comparing.md").read_text(encoding="utf-8")
    assert all(f"`{cause}`" in page.partition("## Two reports")[2] for cause in get_args(Cause))
