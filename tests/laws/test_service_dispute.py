"""Standings of a service's periods, and the extremes, are what every single combination of readings says."""

from __future__ import annotations

import datetime as dt
import itertools
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "service"))

from tables import operations

from slaaudit.assessment import Asked, assess
from slaaudit.extremes import extremes
from slaaudit.located import Located, Place, plain
from slaaudit.policy import load, overlays
from slaaudit.policy.model import Policy
from slaaudit.policy.waivers import Waiver
from slaaudit.results import Verdict
from slaaudit.service_dispute import service_disputes
from slaaudit.standing import Standing
from slaaudit.waiving import waived_service

SECOND = 1_000_000
POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme service agreement
ZONE
calendars: {office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:00}}}
severities: {S1: {aliases: [p1]}, S2: {}}
clauses:
  uptime:
    measure: availability
    promised: 99.97%
    method: [failure-rate, downtime]
    excludes: {others: {cause: third-party}}
  portal: {measure: availability, promised: 99.9%, period: quarter, applies: {component: web}}
"""
READINGS = {
    "period": {
        "month": "{clauses: {uptime: {period: month}}}",
        "quarter": "{clauses: {uptime: {period: quarter}, portal: {period: year}}}",
        "year": "{clauses: {uptime: {period: year}}}",
        "trailing": "{clauses: {uptime: {period: {rolling: 2d}}}}",
    },
    "each": {
        "together": "{clauses: {uptime: {per: all}}}",
        "each": "{clauses: {uptime: {per: component}, portal: {per: component}}}",
    },
    "zone": {
        "london": "{timezone: Europe/London}",
        "york": "{timezone: America/New_York}",
        "utc": "{clauses: {uptime: {timezone: UTC}}}",
    },
    "office": {
        "london": "{calendars: {office: {timezone: Europe/London}}}",
        "york": "{calendars: {office: {timezone: America/New_York}}}",
        "longer": "{calendars: {office: {hours: {mon-fri: 08:00-18:00}}}}",
    },
    "cause": {
        "counts": "{clauses: {uptime: {assumes: null}}}",
        "does-not": "{clauses: {uptime: {assumes: {cause: third-party}}}}",
    },
    "maintenance": {
        "both": "{clauses: {uptime: {excludes: {planned: {planned: true}}, excluded-from: both}}}",
        "outage-only": "{clauses: {uptime: {excludes: {planned: {planned: true}}, excluded-from: downtime}}}",
        "counts": "{clauses: {uptime: {excludes: {planned: null}}}}",
    },
    "impaired": {
        "critical": "{clauses: {uptime: {applies: {severity: S1}}}}",
        "any": "{clauses: {uptime: {applies: {severity: [S1, S2]}}}}",
        "weighed": "{clauses: {uptime: {applies: null, weights: {severity: {S1: 100%, S2: 30%}}}}}",
    },
    "promised": {"three": "{clauses: {uptime: {promised: 99.9%}}}", "four": "{clauses: {uptime: {promised: 99.99%}}}"},
    "method": {
        "time": "{clauses: {uptime: {method: downtime}}}",
        "requests": "{clauses: {uptime: {method: failure-rate}}}",
    },
    "claim": {
        "first": "{clauses: {uptime: {credits: {tiers: [{below: 99%, credit: 1 days}], claim: {within: 3 days}}}}}",
        "none": "{clauses: {uptime: {credits: null}}}",
    },
    "portal": {"promised": "{}", "not": "{clauses: {portal: null}}"},
}
MOMENTS = [
    int(dt.datetime(*moment, tzinfo=dt.UTC).timestamp())
    for moment in ((2026, 4, 1), (2026, 5, 31, 23), (2026, 6, 1, 4), (2026, 12, 31, 23))
]


@st.composite
def services(draw, most=4, least=1, choices=3):
    """A policy's text with readings, and operations about its service."""
    names = draw(st.lists(st.sampled_from(sorted(READINGS)), min_size=least, max_size=most, unique=True))
    names.sort(key=lambda name: name == "portal")  # what is laid over a clause comes before it is taken away
    zone = draw(st.sampled_from(["timezone: Europe/London", ""]))
    lines = [POLICY.replace("ZONE\n", f"{zone}\n"), "readings:"]
    for name in names:
        every = st.lists(st.sampled_from(sorted(READINGS[name])), min_size=1, max_size=choices, unique=True)
        picked = draw(every)
        lines += [f"  {name}:", "    question: Which?", f"    default: {picked[0]}", "    choices:"]
        lines += [f"      {choice}: {READINGS[name][choice]}" for choice in picked]
    near = draw(st.sampled_from(MOMENTS))
    fields = {
        "component": st.sampled_from(["web", "api", None]),
        "severity": st.sampled_from(["p1", "S2", None]),
        "cause": st.sampled_from(["bug", "third-party", None]),
        "planned": st.sampled_from(["true", "false", None]),
    }

    def span(longest):
        start = near + draw(st.integers(-9000, 9000))
        return start * SECOND, (start + draw(st.integers(1, longest))) * SECOND

    outages = [
        (*span(6000), {name: draw(each) for name, each in fields.items()}) for _ in range(draw(st.integers(1, 5)))
    ]
    planned = [(*span(2000), None, draw(fields["component"])) for _ in range(draw(st.integers(0, 2)))]
    total = st.integers(0, 5000)
    counts = [(*span(600), 5000, draw(total), draw(fields["component"])) for _ in range(draw(st.integers(0, 2)))]
    return "\n".join(lines), operations(outages, planned, counts), near + draw(st.integers(8000, 9_000_000))


def _brute(tree, loaded, known, as_of):
    """The breached rows of each clause under every combination of all readings, and all rows."""
    choices = overlays.choices(tree)
    found = {}
    for picked in itertools.product(*choices.values()):
        policy = Policy.model_validate(plain(overlays.under(tree, dict(zip(choices, picked, strict=True)))))
        rows = assess(known, [replace(loaded, policy=policy)], Asked(as_of)).uptimes
        found[picked] = {_key(row, policy): row.verdict for row in rows}
        assert len(found[picked]) == len(rows)
    return found


def _key(row, policy):
    """Clause, component and period by name; of what trails, the month that it ends in."""
    name = row.span.name
    if policy.clauses[row.clause].period.rolling:
        name = "2d in " + name.rpartition(" ")[2][:7]
    return row.clause, row.component, name


def _holds(case):
    text, known, as_of = case
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "acme.yaml")
        path.write_text(text, encoding="utf-8")
        loaded = load(str(path))
    brute = _brute(loaded.unread, loaded, known, as_of * SECOND)
    choices, defaults = overlays.choices(loaded.unread), overlays.defaults(loaded.unread)
    result = service_disputes(assess(known, [loaded], Asked(as_of * SECOND)), 10_000)

    def changes(picked):
        return sum(choice != defaults[name] for name, choice in zip(choices, picked, strict=True))

    totals = {picked: list(rows.values()).count(Verdict.BREACHED) for picked, rows in brute.items()}
    both = extremes(result, 1)
    for side, count in ((both.customer, max(totals.values())), (both.vendor, min(totals.values()))):
        assert side.breached == count == totals[tuple({**defaults, **side.changes[0]}.values())]
        assert len(side.changes[0]) == min(changes(picked) for picked, total in totals.items() if total == count)
    rows = {(one.clause, *one.periods[at]): (one, row)
            for one in result for row, at in enumerate(one.table.subject.tolist())}  # fmt: skip
    assert set(rows) == {key for found in brute.values() for key in found}
    for key, (one, row) in rows.items():
        under = {picked: found.get(key) is Verdict.BREACHED for picked, found in brute.items()}
        breached, kept = ([each for each, over in under.items() if over is way] for way in (True, False))
        expected = Standing.CLEAR if not breached else Standing.ARGUABLE if kept else Standing.SOLID
        assert one.standing[row] == expected
        assert one.table.breached_in[row] * len(under) == len(breached) * one.table.evaluated[row]
        assert one.table.breached[row] == under[tuple(defaults.values())]
        for place, sought in ((one.table.makes[row], breached), (one.table.saves[row], kept)):
            assert (place >= 0) == bool(sought)
            if place >= 0:
                changed = dict(one.readings.combinations[place])
                assert tuple({**defaults, **changed}.values()) in sought
                assert len(changed) == min(map(changes, sought))


@given(services())
def test_standings_of_periods_are_what_every_combination_says(case) -> None:
    _holds(case)


@settings(max_examples=4)
@given(services(7, 7, 2))
def test_with_seven_readings_too(case) -> None:
    _holds(case)


def _by_one_reading():
    """A month that lost 5,000 and 1,000 seconds of 2,678,400: without the first it keeps 99.9%, and not 99.99%."""
    promised = ["    choices:", *(f"      {name}: {each}" for name, each in READINGS["promised"].items())]
    lines = ["readings:", "  promised:", "    question: Which?", "    default: three", *promised]
    begin = MOMENTS[1] - 10 * 86_400
    outages = [(at * SECOND, (at + long) * SECOND, {}) for at, long in ((begin, 5000), (begin + 86_400, 1000))]
    return POLICY.replace("ZONE\n", "") + "\n".join(lines), operations(outages), MOMENTS[1] + 86_400


@example(_by_one_reading(), {0})
@given(services(3), st.sets(st.integers(0, 4), min_size=1))
def test_a_period_is_waived_where_every_combination_that_breaches_it_lets_it_pass(case, chosen) -> None:
    text, known, as_of = case
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "acme.yaml")
        path.write_text(text, encoding="utf-8")
        loaded = load(str(path))
    names = sorted(known.incidents.ids.words)
    waivers = [
        Waiver(
            "incident",
            names[at % len(names)],
            clause,
            "r",
            "b",
            dt.date.max,
            Located(None, Place("", 1, 1), Place("", 1, 1)),
        )
        for clause in ("uptime", "portal")
        for at in sorted({at % len(names) for at in chosen})
    ]
    plain_service = assess(known, [loaded], Asked(as_of * SECOND))
    found = service_disputes(waived_service(plain_service, waivers), 10_000)

    passing: dict[tuple[str, str | None, str], list[tuple[int, ...]]] = {}
    choices = overlays.choices(loaded.unread)
    for picked in itertools.product(*choices.values()):
        policy = Policy.model_validate(plain(overlays.under(loaded.unread, dict(zip(choices, picked, strict=True)))))
        under = waived_service(assess(known, [replace(loaded, policy=policy)], Asked(as_of * SECOND)), waivers)
        for row in under.uptimes:
            if row.verdict is Verdict.BREACHED:
                passing.setdefault(_key(row, policy), []).append(row.waived)
    expected = {key: {at for each in places for at in each} for key, places in passing.items() if all(places)}
    told = {(one.clause, *one.periods[at]): set(places) for one in found for at, places in one.waived.items()}
    assert told == expected
    untouched = service_disputes(plain_service, 10_000)
    for one, other in zip(found, untouched, strict=True):
        assert one.standing.tolist() == other.standing.tolist()
        assert one.table.breached_in.tolist() == other.table.breached_in.tolist()
