"""The same tickets under several promises: what stands beside what, which breaches differ, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slaaudit import policy
from slaaudit.audit import audit
from slaaudit.beside import clauses_beside, severities_beside
from slaaudit.comparison import Cause, compared
from slaaudit.evidence import ReadOptions, read
from slaaudit.report.comparison_words import cause_names
from slaaudit.results import Verdict

HEAD = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme
timezone: UTC
calendars:
  office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}
  late: {timezone: UTC, hours: {mon-fri: 09:00-20:00}}
"""
SEVERITIES = "severities: {S1: {aliases: [urgent]}, S2: {}}\n"
EVENTS = """\
ticket_id,at,event,actor,value
T1,2026-03-02T16:00:00Z,created,customer,
T1,2026-03-02T16:00:00Z,severity,customer,S1
T1,2026-03-02T17:00:00Z,status,vendor,waiting
T1,2026-03-02T19:00:00Z,status,customer,open
T1,2026-03-02T20:00:00Z,status,vendor,resolved
T1,2026-03-03T09:00:00Z,status,customer,open
T1,2026-03-03T12:00:00Z,status,vendor,resolved
"""


@pytest.fixture
def loaded(tmp_path):
    def made(clauses, severities=SEVERITIES, name="acme"):
        path = tmp_path / f"{name}-{len(list(tmp_path.iterdir()))}.yaml"
        path.write_text(HEAD.replace("id: acme", f"id: {name}") + severities + "clauses:\n" + clauses)
        return policy.load(str(path))

    return made


def _resolution(target, clock="", name="resolution", more=""):
    return f"  {name}: {{measure: resolution, {more}clock: {{{clock}}}, targets: {{S1: {target}}}}}\n"


@pytest.fixture
def causes(loaded, tmp_path):
    """Why T1's resolution is a breach under one of two promises alone, and whether it is the first."""

    def found(first, other, events=EVENTS, severities=SEVERITIES):
        path = tmp_path / "events.csv"
        path.write_text(events)
        evidence = read([str(path)], ReadOptions(set_fields=(("channel", "email"),)))
        sides = [loaded(first), loaded(other, severities, "other")]
        both = compared([audit(evidence, [one]) for one in sides])
        return [(by_first, cause, number) for each in both.differences for by_first, cause, number in each.causes]

    return found


def test_clauses_stand_beside_by_id_first_and_then_by_measure(loaded):
    first = loaded("  a: {measure: resolution, targets: {S1: 1h on always}}\n"
                   "  b: {measure: first-response, targets: {S1: 1h on always}}\n"
                   "  c: {measure: narrative}\n  d: {measure: workaround}\n")  # fmt: skip
    other = loaded("  x: {measure: first-response, targets: {S1: 1h on always}}\n"
                   "  b: {measure: resolution, targets: {S1: 1h on always}}\n"
                   "  y: {measure: update-gap, targets: {S1: 1h on always}}\n"
                   "  a: {measure: resolution, targets: {S1: 1h on always}}\n")  # fmt: skip
    rows = clauses_beside([first.policy, other.policy])
    assert rows == (("a", "a"), ("b", "b"), (None, "x"), (None, "y"))  # what is promised alone, and only by id here
    third = loaded("  z: {measure: update-gap, targets: {S1: 1h on always}}\n")
    assert clauses_beside([first.policy, other.policy, third.policy])[-1] == (None, "y", "z")


def test_clauses_between_other_moments_are_not_the_same(loaded):
    one = loaded("  a: {measure: between, clock: {starts: created, stops: assigned}, targets: {S1: 1h on always}}\n")
    two = loaded("  b: {measure: between, clock: {starts: created, stops: closed}, targets: {S1: 1h on always}}\n")
    assert clauses_beside([one.policy, two.policy]) == (("a", None), (None, "b"))


def test_severities_stand_beside_by_id_first_and_then_by_a_word_of_the_helpdesks(loaded):
    one = loaded(
        _resolution("1h on always"), "severities: {S1: {aliases: [urgent, p1]}, S2: {title: Major}, Low: {}}\n"
    )
    two = loaded("  r: {measure: narrative}\n", "severities: {Urgent: {}, major: {}, LOW: {}, Odd: {}}\n")
    assert severities_beside([one.policy, two.policy]) == (
        ("S1", "Urgent"), ("S2", "major"), ("Low", "LOW"), (None, "Odd"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "other", "cause"),
    [
        # from 16:00 on Monday to 12:00 on Tuesday, reopened in between: 4 h + 3 h
        pytest.param(_resolution("6h on always"), _resolution("8h on always"), Cause.TARGET, id="target"),
        # 1 h + 3 h of office hours
        pytest.param(_resolution("5h on always"), _resolution("5h on office"), Cause.CALENDAR, id="calendar"),
        pytest.param(
            _resolution("6h on always"), _resolution("6h on always", "pauses: waiting"), Cause.PAUSES, id="pauses"
        ),
        pytest.param(
            _resolution("6h on always"), _resolution("6h on always", "reopening: ignored"), Cause.STOP, id="stop"
        ),
        pytest.param(
            _resolution("6h on always"),
            _resolution("6h on always", "counts-from: {next-opening: late, when: {starts-outside: office}}"),
            None,
            id="a start that is not moved makes no difference",
        ),
        # each alone would do: 7 h are within 8, and the 4 h of office hours within 6
        pytest.param(
            _resolution("6h on always"), _resolution("8h on office"), Cause.TARGET | Cause.CALENDAR, id="either"
        ),
        # 7 h of 6 to 4 h of 5: the target alone would still be missed
        pytest.param(
            _resolution("6h on always"), _resolution("5h on office"), Cause.CALENDAR, id="a target that saves nobody"
        ),
        # 7 h of 3 to 4 h of 4: neither alone
        pytest.param(
            _resolution("3h on always"), _resolution("4h on office"), Cause.TARGET | Cause.CALENDAR, id="only together"
        ),
        pytest.param(
            _resolution("6h on always"), "  r: {measure: first-response, targets: {S1: 1h on always}}\n",
            Cause.NOT_PROMISED, id="no such clause",
        ),
        pytest.param(
            _resolution("6h on always"), "  resolution: {measure: resolution, targets: {S2: 1h on always}}\n",
            Cause.NOT_PROMISED, id="no target for the severity",
        ),
    ],
)  # fmt: skip
def test_the_cause_is_what_turns_the_verdict(causes, first, other, cause):
    wanted = [] if cause is None else [(True, cause, 1)]
    told = [each for each in causes(first, other) if each[0] or "first-response" not in other]
    assert told == wanted
    back = [each for each in causes(other, first) if not each[0] or "first-response" not in other]
    assert back == [(not by_first, each, number) for by_first, each, number in wanted]


def test_an_excluded_ticket_a_moved_start_and_another_severity_are_told(causes):
    events = EVENTS.replace("T1,2026-03-03T12", "T1,2026-03-03T11:00:00Z,severity,vendor,S2\nT1,2026-03-03T12")
    targets = "{{S1: 6h on always, S2: 9h on always}}"
    two = f"  resolution: {{{{measure: resolution, clock: {{{{severity: {{rule}}}}}}, targets: {targets}}}}}\n"
    assert causes(two.format(rule="initial"), two.format(rule="current"), events) == [
        (True, Cause.SEVERITY | Cause.TARGET, 1)
    ]
    night = EVENTS.replace("2026-03-02T16", "2026-03-02T08")
    moved = _resolution("14h on always", "counts-from: {next-opening: office}")
    assert causes(_resolution("14h on always"), moved, night) == [(True, Cause.START, 1)]
    out = _resolution("6h on always", more="excludes: {mail: {channel: email}}, ")
    assert causes(_resolution("6h on always"), out) == [(True, Cause.EXCLUDED, 1)]


def test_a_severity_that_one_policy_does_not_know_is_unknown_there(causes):
    assert causes(
        _resolution("6h on always"),
        "  resolution: {measure: resolution, targets: {Low: 6h on always}}\n",
        severities="severities: {Low: {}}\n",
    ) == [(True, Cause.UNKNOWN, 1)]


@settings(max_examples=30)
@given(
    first=st.sampled_from(["current", "initial", "highest", "held", "restart"]),
    other=st.sampled_from(["current", "initial", "highest", "held", "restart"]),
    hours=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    pauses=st.booleans(),
    changes=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["S1", "S2", "waiting", "open", "resolved"])), max_size=9
    ),
)
def test_exactly_the_clocks_whose_breach_differs_are_told(first, other, hours, pauses, changes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("law")
    kinds = {"S1": "severity", "S2": "severity"}
    rows = "".join(
        f"T{at % 3},2026-03-{2 + at // 24:02d}T{at % 24:02d}:30:00Z,{kinds.get(word, 'status')},vendor,{word}\n"
        for at, word in sorted(changes)
    )
    begun = "".join(
        f"T{n},2026-03-02T00:00:00Z,created,customer,\nT{n},2026-03-02T00:00:00Z,severity,customer,S1\n"
        for n in range(3)
    )
    (folder / "events.csv").write_text("ticket_id,at,event,actor,value\n" + begun + rows)
    sides = []
    for name, rule, target in (("one", first, hours[0]), ("two", other, hours[1])):
        clock = f"clock: {{severity: {rule}, pauses: {'[waiting]' if pauses and name == 'two' else '[]'}}}"
        targets = f"{{S1: {target}h on always, S2: {target + 3}h on office}}"
        text = f"  {name}: {{measure: resolution, {clock}, targets: {targets}}}\n"
        (folder / f"{name}.yaml").write_text(HEAD + SEVERITIES + "clauses:\n" + text)
        sides.append(policy.load(str(folder / f"{name}.yaml")))
    audits = [audit(read([str(folder / "events.csv")], ReadOptions()), [side]) for side in sides]
    breached = [
        {
            (int(one.measurements.ticket[row]), int(one.measurements.cycle[row]))
            for row in range(len(one.measurements))
            if one.measurements.verdict[row] == Verdict.BREACHED
        }
        for one in audits
    ]
    (found,) = compared(audits).differences
    rows = found.rows
    told = [
        (int(rows.ticket[at]), int(audits[0].measurements.cycle[rows.first[at]] if rows.first[at] >= 0
                                   else audits[1].measurements.cycle[rows.other[at]]), bool(rows.by_first[at]))
        for at in range(len(rows))
    ]  # fmt: skip
    assert told == sorted([(*key, key in breached[0]) for key in breached[0] ^ breached[1]])
    assert all(cause != 0 for cause in rows.cause.tolist())
    assert sum(number for _, _, number in found.causes) == len(rows)


def test_the_docs_name_every_cause():
    page = (Path(__file__).parents[1] / "docs" / "comparing.md").read_text(encoding="utf-8")
    told = page.partition("## Two reports")[0]
    assert all(f"`{name}`" in told for cause in Cause for name in cause_names(cause))
