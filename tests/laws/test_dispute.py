"""Standings, and the smallest changes that make or save a breach, are what every single combination says."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import loaded
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Oddities, Story, evidence_of, stories, switches

from slaaudit.audit import AuditOptions, audit
from slaaudit.dispute import disputes
from slaaudit.evidence.tables import Doubt, Evidence
from slaaudit.extremes import extremes
from slaaudit.located import plain
from slaaudit.policy import load, overlays
from slaaudit.policy.model import Policy
from slaaudit.results import Verdict
from slaaudit.standing import Standing

if TYPE_CHECKING:
    from slaaudit.periods import PeriodBy

ODD = Oddities(
    unknown_actors=True,
    unknown_states=True,
    unknown_severities=True,
    early=True,
    cleared=True,
    totals=True,
    doubts=(Doubt.FINISHED_UNDATED, Doubt.REOPENED_UNDATED, Doubt.NO_STATUS_HISTORY),
)
POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support
calendars:
  office: {timezone: ZONE, hours: {mon-fri: 09:00-17:00}}
  night: {timezone: ZONE, hours: {mon-sun: 22:00-06:00}}
  counted: office
severities:
  S1: {aliases: [urgent, p1]}
  S2: {aliases: [high]}
  S3: {aliases: [low]}
clauses:
  response:
    measure: first-response
    targets: {S1: 30m on always, S2: 4h on counted, S3: 1d on office}
  resolution:
    measure: resolution
    clock: {pauses: [waiting]}
    targets:
      S1: 8h on counted
      S2: 2d on office
      S3: [{when: {starts-in: night}, within: 6h, calendar: night}, {within: 3d, calendar: office}]
  updates:
    measure: update-gap
    targets: {S1: 2h on always, S2: 8h on counted}
"""
READ_TWO_WAYS = (
    POLICY.replace("ZONE", "Europe/London")
    + """
readings:
  first-target:
    question: How long?
    default: half
    choices:
      half: {clauses: {response: {targets: {S1: 30m on always}}}}
      longer: {clauses: {response: {targets: {S1: 2h on always}}}}
"""
)
READINGS = {
    "waiting": {
        "stops": "{clauses: {resolution: {clock: {pauses: [waiting]}}}}",
        "runs": "{clauses: {resolution: {clock: {pauses: []}}}}",
        "both": "{clauses: {resolution: {clock: {pauses: [waiting, hold]}}, updates: {clock: {pauses: waiting}}}}",
    },
    "severity": {
        rule: f"{{clauses: {{response: {{clock: {{severity: {rule}}}}}, resolution: {{clock: {{severity: {rule}}}}}}}}}"
        for rule in ("current", "initial", "highest", "held", "restart")
    },
    "reopening": {
        rule: f"{{clauses: {{resolution: {{clock: {{reopening: {rule}}}}}}}}}"
        for rule in ("continues", "ignored", "restarts")
    },
    "hours": {
        "eight": "{calendars: {office: {hours: {mon-fri: 09:00-17:00}}}}",
        "nine": "{calendars: {office: {hours: {mon-fri: 09:00-18:00}}}}",
        "round": "{calendars: {office: {hours: {mon-fri: 00:00-24:00}}}}",
    },
    "zone": {
        "london": "{calendars: {office: {timezone: Europe/London}}}",
        "dublin": "{calendars: {office: {timezone: Europe/Dublin}}}",
        "york": "{calendars: {office: {timezone: America/New_York}, night: {timezone: America/New_York}}}",
    },
    "counted": {"office": "{calendars: {counted: office}}", "always": "{calendars: {counted: always}}"},
    "first-target": {
        "half": "{clauses: {response: {targets: {S1: 30m on always}}}}",
        "longer": "{clauses: {response: {targets: {S1: 2h on night}}}}",
        "none": "{clauses: {response: {targets: {S1: null}}}}",
    },
    "arrival": {
        "any": "{}",
        "next-opening": "{clauses: {response: {clock: {counts-from: "
        "[{when: {arrives-outside: office}, next-opening: office}]}}}}",
    },
    "low": {
        "low": "{severities: {S3: {aliases: [low]}}}",
        "major": "{severities: {S3: {aliases: []}, S2: {aliases: [high, low]}}}",
    },
    "scope": {
        "all": "{}",
        "web": "{clauses: {response: {applies: {channel: web}}, "
        "resolution: {excludes: {mail: {channel: [email, e-mail]}, noise: {type: hardware, channel: phone}}}}}",
        "soft": "{clauses: {response: {applies: {type: software, channel: {not: phone}}}}}",
    },
    "arrived": {
        "any": "{}",
        "by-day": "{clauses: {resolution: {applies: {arrives-in: office}}, updates: {applies: {channel: web}}}}",
    },
    "started": {"created": "{}", "assigned": "{clauses: {resolution: {clock: {starts: [assigned]}}}}"},
    "in-force": {
        "ever": "{}",
        "spring": "{effective: {from: 2026-03-29}}",
        "until": "{effective: {until: 2026-03-29}}",
    },
    "day": {
        "elapsed": "{clauses: {resolution: {clock: {days: elapsed}}}}",
        "end": "{clauses: {resolution: {clock: {days: end-of-day}}, response: {clock: {days: same-time}}}}",
    },
}


@st.composite
def disputed(
    draw: st.DrawFn, most: int, least: int = 1, choices: int = 3, odd: Oddities = ODD
) -> tuple[str, Evidence, int]:
    """A policy's text with readings, evidence, and as-of."""
    zone, near = draw(switches)
    names = draw(st.lists(st.sampled_from(sorted(READINGS)), min_size=least, max_size=most, unique=True))
    lines = [POLICY.replace("ZONE", zone), "readings:"]
    for name in names:
        every = st.lists(st.sampled_from(sorted(READINGS[name])), min_size=1, max_size=choices, unique=True)
        picked = draw(every)
        lines += [f"  {name}:", "    question: Which?", f"    default: {picked[0]}", "    choices:"]
        lines += [f"      {choice}: {READINGS[name][choice]}" for choice in picked]
    told = draw(st.lists(stories(near, odd), min_size=1, max_size=4))
    evidence = evidence_of(told)
    return "\n".join(lines), evidence, evidence.latest


def _brute(path: Path, evidence: Evidence, options: AuditOptions) -> dict[tuple[str, ...], dict[str, set[int]]]:
    """The breached tickets of each clause under every combination of all readings."""
    tree = load(str(path)).unread
    choices = overlays.choices(tree)
    found: dict[tuple[str, ...], dict[str, set[int]]] = {}
    for picked in itertools.product(*choices.values()):
        policy = Policy.model_validate(plain(overlays.under(tree, dict(zip(choices, picked, strict=True)))))
        rows = audit(evidence, [loaded(policy)], options).measurements
        over = rows.verdict == Verdict.BREACHED
        found[picked] = {
            clause: set(rows.ticket[over & (rows.clause == index)].tolist())
            for index, clause in enumerate(policy.clauses)
        }
    return found


def _changes(picked: tuple[str, ...], choices: dict[str, Any], defaults: dict[str, str]) -> int:
    return sum(choice != defaults[name] for name, choice in zip(choices, picked, strict=True))


def _holds(case: tuple[str, Evidence, int], by: PeriodBy | None = None) -> None:
    text, evidence, as_of = case
    month = f"{dt.datetime.fromtimestamp(as_of // 1_000_000, dt.UTC):%Y-%m}" if by else None
    options = AuditOptions(as_of=as_of, period=month, period_by=by or "start", worksheets="none")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "acme.yaml")
        path.write_text(text, encoding="utf-8")
        policy = load(str(path))
        brute = _brute(path, evidence, options)
        result = disputes(audit(evidence, [policy], options))
    choices = overlays.choices(policy.unread)
    defaults = overlays.defaults(policy.unread)
    totals = {picked: sum(map(len, breached.values())) for picked, breached in brute.items()}
    both = extremes(result, 1)
    assert both is not None
    for side, count in ((both.customer, max(totals.values())), (both.vendor, min(totals.values()))):
        assert side.breached == count == totals[tuple({**defaults, **side.changes[0]}.values())]
        nearest = min(_changes(picked, choices, defaults) for picked, total in totals.items() if total == count)
        assert len(side.changes[0]) == nearest
    for one in result:
        rows = {int(ticket): row for row, ticket in enumerate(one.table.subject)}
        for ticket in range(len(evidence.tickets)):
            under = {picked: ticket in breached[one.clause] for picked, breached in brute.items()}
            breached, kept = ([each for each, over in under.items() if over is way] for way in (True, False))
            if ticket not in rows:
                assert not breached
                continue
            row = rows[ticket]
            expected = Standing.CLEAR if not breached else Standing.ARGUABLE if kept else Standing.SOLID
            assert one.standing[row] == expected
            assert one.table.breached_in[row] * len(under) == len(breached) * one.table.evaluated[row]
            assert one.table.breached[row] == under[tuple(defaults.values())]
            for place, sought in ((one.table.makes[row], breached), (one.table.saves[row], kept)):
                assert (place >= 0) == bool(sought)
                if place >= 0:
                    changes = dict(one.readings.combinations[place])
                    assert tuple({**defaults, **changes}.values()) in sought
                    assert len(changes) == min(_changes(each, choices, defaults) for each in sought)
        for place, changes in enumerate(one.readings.combinations):
            picked = tuple({**defaults, **dict(changes)}.values())
            assert one.breaches[place] == len(brute[picked][one.clause])
        for bit, name in enumerate(one.readings.choices):
            alone = [tuple({**defaults, name: choice}.values()) for choice in choices[name]]
            for ticket, row in rows.items():
                says = {ticket in brute[picked][one.clause] for picked in alone}
                assert bool(one.table.turning[row] >> bit & 1) == (len(says) > 1)


@given(disputed(3))
def test_standings_are_what_every_combination_says(case: tuple[str, Evidence, int]) -> None:
    _holds(case)


@given(disputed(3, odd=Oddities()))
def test_standings_of_tickets_without_a_doubt_are_too(case: tuple[str, Evidence, int]) -> None:
    """Their verdicts are weighed without a whole audit each."""
    _holds(case)


@settings(max_examples=15)
@given(disputed(2, odd=Oddities(unknown_severities=True)), st.sampled_from(["start", "due", "stop"]))
def test_standings_within_a_period_are_too(case: tuple[str, Evidence, int], by: PeriodBy) -> None:
    _holds(case, by)


@settings(max_examples=3)
@given(disputed(6, odd=Oddities()))
def test_with_more_readings_too(case: tuple[str, Evidence, int]) -> None:
    _holds(case)


@settings(max_examples=4)
@given(disputed(7, least=7, choices=2))
def test_with_seven_readings_too(case: tuple[str, Evidence, int]) -> None:
    _holds(case)


def test_without_readings_every_breach_is_solid(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(POLICY.replace("ZONE", "Europe/London"), encoding="utf-8")
    created = 1_774_767_600_000_000  # 2026-03-29T07:00Z, a Sunday
    never_answered = Story(created, (), "S1", (), Doubt(0))
    evidence = evidence_of([never_answered])
    found = disputes(audit(evidence, [load(str(path))], AuditOptions(as_of=created + 3_600_000_000)))
    assert [one.readings.combinations for one in found] == [((),)] * 3
    assert [one.standing.tolist() for one in found] == [[Standing.SOLID], [Standing.CLEAR], []]


def test_combinations_that_were_left_out_settle_nothing(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(READ_TWO_WAYS, encoding="utf-8")
    created = 1_774_767_600_000_000
    evidence = evidence_of([Story(created, (), "S1", (), Doubt(0))])
    case = audit(evidence, [load(str(path))], AuditOptions(as_of=created + 3_600_000_000))
    [all_of_them, *_] = disputes(case)
    [one_of_them, *_] = disputes(case, limit=1)
    assert (all_of_them.standing.tolist(), all_of_them.readings.left_out) == ([Standing.ARGUABLE], 0)
    assert (one_of_them.standing.tolist(), one_of_them.readings.left_out) == ([Standing.UNSETTLED], 1)
