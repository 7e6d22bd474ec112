"""A record as people are told of it: the worst first, sums by unit, the next deadline, and the docs of its formats."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest

from slaaudit.report.as_github import outputs
from slaaudit.report.formats import FORMS, SUFFIXES
from slaaudit.report.found import found_in
from slaaudit.report.from_record import View, amount, totals
from slaaudit.report.record import streamed

PAGE = (Path(__file__).parents[3] / "docs" / "report.md").read_text(encoding="utf-8")


def credit(amount_, unit, money=None, currency=None, **more):
    return {"granted": {"amount": amount_, "unit": unit}, "sum": money, "currency": currency, "to_date": False} | more


@pytest.mark.parametrize(
    ("credits_", "told"),
    [
        ([], "nothing"),
        ([credit("0", "days")], "nothing"),
        ([credit("3", "days"), credit("0.5", "days")], "3.5 days"),
        ([credit("1", "days")], "1 day"),
        ([credit("10", "percent"), credit("5", "percent")], "10% + 5% of the period's fee"),
        ([credit("120.5", "EUR", "120.50", "EUR"), credit("1000", "EUR", "1000.00", "EUR")], "1,120.50 EUR"),
        ([credit("12", "EUR", "12.00", "EUR"), credit("7", "USD", "7.00", "USD")], "12.00 EUR, 7.00 USD"),
        ([credit("0", "right"), credit("2", "days")], "1 right, 2 days"),
        ([credit("5", "money", "5.00")], "5.00"),
    ],
)
def test_credits_are_summed_by_unit(credits_, told):
    assert totals(credits_) == told


def test_money_is_grouped_and_a_share_is_not():
    assert amount({"amount": "1", "unit": "EUR"}, "1234.50", "EUR") == "1,234.50 EUR"
    assert amount({"amount": "12.5", "unit": "percent"}, None, None) == "12.5%"


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ([{}, {}, {}], "2026-04-16"),
        ([{"claim_status": "lapsed"}, {}, {}], "2026-05-14"),
        ([{"claim_status": "lapsed"}, {"claim_status": "lapsed"}, {}], "2026-05-31"),
        ([{"claim_status": "lapsed"}] * 3, None),
        ([{"claim_by": None}] * 3, None),
    ],
)
def test_the_next_deadline_is_the_first_that_has_not_lapsed(sample_record, changes, day):
    made = copy.deepcopy(sample_record)
    for row, change in zip(made["credits"], changes, strict=True):
        row.update(change)
    early = "2026-05-20T00:00:00Z"  # the third period is not over: only an early end of its claim counts
    made["credits"][2]["claims"][0]["closes_at"] = early
    assert View(made).claim_by == day
    assert outputs(View(made))["claim_by"] == (day or "")


def test_a_claim_of_a_period_that_is_not_over_can_wait_unless_it_lapses_before(sample_record):
    made = copy.deepcopy(sample_record)
    made["credits"] = made["credits"][2:]
    made["credits"][0]["claims"][0]["closes_at"] = "2026-07-01T00:00:00Z"
    assert View(made).claim_by is None
    made["credits"][0]["claims"][0]["closes_at"] = "2026-05-31T22:59:59Z"
    assert View(made).claim_by == "2026-05-31"


def test_an_audit_and_its_record_are_told_alike(small_audit, small_record):
    straight, later = View(streamed(found_in(small_audit))), View(small_record)

    assert json.loads(json.dumps(straight.breaches)) == later.breaches
    assert [straight.reasons(verdict) for verdict in ("unknown", "excluded")] == [
        later.reasons(verdict) for verdict in ("unknown", "excluded")
    ]
    assert [row["ticket"] for row in later.breaches] == ["T-2", "T-4", "T-2"]  # over by 11.5 h, 1.5 h and 0.4 s


def test_lengths_are_told_in_the_days_of_their_calendar(sample_record):
    view = View(sample_record)
    assert view.long(16 * 3600, {"policy": 0, "calendar": "business"}) == "2d of business time"
    assert view.long(48 * 3600, {"policy": 0, "calendar": None}) == "2d"
    assert view.long(None, {"policy": 0, "calendar": None}) == "-"


def test_the_docs_tell_every_format_suffix_and_output(sample_record):
    table = PAGE.split("## Formats")[1].split("###")[0]
    assert all(f"`{name}`" in table for name, form in FORMS.items() if not form.binary)
    assert all(f"`{suffix}`" in table for suffix in SUFFIXES)
    told = re.findall(r"^\| `(\w+)` \|", PAGE.split("## GitHub")[1].split("Faults")[0], re.MULTILINE)
    assert told == list(outputs(View(sample_record)))
