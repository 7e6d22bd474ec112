"""``slaaudit policy show`` tells every rule of a service in words."""

from __future__ import annotations

from tables import loaded

from slaaudit.report.policy_text import shown_policy

CLAUSE = """\
promised: 99.9%
period: {every: 1mo, from: 2026-01-15}
length: 30d
method: [error-rate, downtime]
error-rate: {slice: 5m, above: 10%}
outage: {at-least: 10m, counts-from: threshold, affecting: 5%}
weights: {severity: {S1: 100%, S2: 30%}}
maintenance: {notice: 5d, budget: 4h, otherwise: nothing}
excludes: {scheduled: {planned: true}}
credits:
  tiers: [{below: 99.9%, credit: 10%}]
  downtime: [{over: 4h, credit: 5%}]
  each: {downtime: 1h, credit: 1%, started: true, beyond: 30m}
  per-outage: {credit: 5%, over: 1h, per: day}
  proportional: {of: shortfall, times: 2.5}
  combine: lesser
  remedies:
    - {missed: 3, right: leave}
    - {missed: 2, of-last: 6, credit: 20%}
    - {missed: 4, within: 1y, below: 99%, right: go}
    - {missed: 2, proportional: {times: 10}}
  minimum: 10 EUR
  floor: 5 EUR
  cap: [{credit: 50%, per: month}, {credit: 100%, per: {rolling: 1y}}, {credit: 200%, per: contract}]
  claim:
    - {step: report, within: 5 business days, calendar: office}
    - {step: submit, within: 2 months, from: period-end, through: month-end}
"""
LINES = """\
    promised: 99.9% per month from 2026-01-15, all
    every period is taken to be 30d long
    an outage lasts at least 10m, and counts from its threshold
    an outage affects at least 5%
    an outage weighs by its severity: S1 100%, S2 30%
    5m are down where more than 10% of requests fail
    maintenance: announced 5d before; otherwise: nothing
    maintenance: at most 4h per month from 2026-01-15; otherwise: nothing
    below 99.9%: 10%
    more than 4h of downtime: 5%
    each started 1h of downtime beyond 30m: 1%
    each day with an outage of more than 1h: 5%
    2.5 times the fee for the shortfall
    3 missed periods in a row: leave
    2 missed periods of the last 6: 20%
    4 missed periods below 99% within 1y: go
    2 missed periods in a row: 10 times the fee for the downtime
    of these: the lesser
    at least: 5 EUR
    not paid: less than 10 EUR
    at most: 50% per month
    at most: 100% per any 1y
    at most: 200% per contract
    report: within 5 business days of office from outage-start
    submit: within 2 months from period-end, to the end of that month
"""


def test_every_rule_has_its_line() -> None:
    text = shown_policy(loaded(CLAUSE), 200)
    assert [line for line in LINES.splitlines() if line not in text.splitlines()] == []
