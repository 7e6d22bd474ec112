"""Published credit schemes of some fifty vendors, written as clauses, each with one credit worked by hand.

The facts are those of SLA.directory (https://sla.directory), CC BY 4.0. Each file is a policy; what stands under its
free key ``x-case`` is the case: the outages, and why they earn what they do. Every outage is total; times are UTC.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tables import assessed, operations

from slaaudit.claims import next_deadline
from slaaudit.located import plain, read_text
from slaaudit.policy import load

SCHEMES = sorted((Path(__file__).parent / "schemes").glob("*.yaml"))


def _case(path):
    return plain(read_text(path.read_text(encoding="utf-8"), path.name).root)["x-case"]


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_a_published_scheme_earns_what_was_worked_by_hand(path) -> None:
    case = _case(path)
    loaded = load(str(path))
    outages = [tuple(each.split("/")) for each in case["outages"]]
    found = assessed(loaded, operations(outages), as_of=case["as-of"], fee=case.get("fee")).credits
    assert not loaded.warnings
    assert [_told(each) for each in found] == [_expected(each) for each in case["credits"]]


def _told(credit):
    """The credit, and the last day of its first step."""
    first = min((each.last_day for each in credit.deadlines), default=None)
    assert next_deadline(credit.deadlines) is None or first is not None
    return credit.row.span.name, credit.amount, credit.unit, first and str(first)


def _expected(stated):
    return stated["period"], Fraction(str(stated["amount"])), stated["unit"], stated.get("claim-by")


def test_there_are_many_kinds() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SCHEMES]
    assert len(SCHEMES) >= 30
    for word in ("tiers", "each", "proportional", "flat", "remedies", "minimum", "cap", "combine", "business days",
                 "days}", "quarter", "step:", "awareness", "following-month-end", "right:", "alternative",
                 "hours", "of fees", "per-outage", "beyond", "through", "contract-end"):  # fmt: skip
        assert any(word in text for text in texts), word
