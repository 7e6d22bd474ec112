"""The gallery of clauses in ``docs/credits.md``: each excerpt, held against the outages below it, earns the sum shown.

After a deliberate change: ``GALLERY=write pytest tests/service/test_gallery_of_clauses.py``, and read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tables import assessed, operations

from slaaudit.assessment import Asked, assess
from slaaudit.audit import audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.evidence.incidents import nothing_known
from slaaudit.policy import load
from slaaudit.policy.fees import fees
from slaaudit.report.sums import amount, sum_line
from slaaudit.report.words import local

PAGE = Path(__file__).parents[2] / "docs" / "credits.md"
_PAIR = re.compile(r"```yaml\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
PAIRS = _PAIR.findall(PAGE.read_text(encoding="utf-8"))


def _outages(case, clause):
    """The credits of a clause about a service."""
    spans = re.findall(r"(\S+?)/([^\s,]+)", case)
    as_of = re.search(r"as of (\S+)", case)
    known = operations(spans)
    if case.startswith("requests"):
        counts = re.findall(r"(\S+?)/(\S+) (\d+) of (\d+) failed", case)
        counts = [(since, until, int(total), int(failed)) for since, until, failed, total in counts]
        known = operations(counts=counts, roles=["usage"])
    return assessed(clause, known, as_of=as_of[1] if as_of else "2026-07-01", fee=_fee(case)).credits


def _tickets(case, clause, folder):
    """The credits of a clause about tickets: so many of S1 in April, of which so many are late."""
    number, late = map(int, re.match(r"(\d+) tickets, (\d+) late", case).groups())
    lines = "".join(f"      {line}\n" for line in clause.splitlines())
    policy = folder / "acme.yaml"
    policy.write_text(
        "slaaudit: 1\nid: acme\nvendor: Acme\ntitle: Acme\ntimezone: UTC\n"
        "severities: {S1: {title: Critical}}\nclauses:\n"
        f"    response:\n      measure: first-response\n      targets: {{S1: 1h on always}}\n{lines}"
    )
    rows = [
        f"{nth},2026-04-{nth + 1:02}T10:00Z,S1,2026-04-{nth + 1:02}T{12 if nth < late else 10}:30Z"
        for nth in range(number)
    ]
    (folder / "tickets.csv").write_text("ticket_id,created_at,severity,first_response_at\n" + "\n".join(rows) + "\n")
    audited = audit(read([str(folder / "tickets.csv")], ReadOptions()), [load(str(policy))])
    asked = Asked(None, audited.as_of, fees=_fee_of(case), measurements=audited.measurements)
    return assess(nothing_known(), audited.policies, asked).credits


def _fee(case):
    found = re.search(r"fee (\d+ EUR)", case)
    return found[1] if found else None


def _fee_of(case):
    return fees(_fee(case)) if _fee(case) else None


def _shown(case, clause, folder):
    """The case, and the lines that stand below it."""
    found = _tickets(case, clause, folder) if " tickets, " in case else _outages(case, clause)
    lines = [case]
    for each in found:
        lines.append(f"{each.row.span.name}: {each.earned.right or amount(each.amount, each.unit)}")
        lines.append(f"  {sum_line(each)}")
        lines += [
            f"  {deadline.step} by {deadline.last_day:%A} {_until(deadline)}: {deadline.status}"
            for deadline in each.deadlines
        ]
    return "\n".join(lines) + "\n"


def _until(deadline):
    return local(deadline.closes_at, ZoneInfo("UTC")) if deadline.is_exact else deadline.last_day


@pytest.mark.parametrize(("clause", "text"), PAIRS, ids=[f"{nth}" for nth in range(1, len(PAIRS) + 1)])
def test_an_excerpt_earns_the_sum_shown(clause, text, tmp_path) -> None:
    shown = _shown(text.splitlines()[0], clause, tmp_path)
    if os.environ.get("GALLERY") == "write":
        page = PAGE.read_text(encoding="utf-8")
        block = "```yaml\n{}```\n\n```text\n{}```".format
        PAGE.write_text(page.replace(block(clause, text), block(clause, shown)), "utf-8")
        text = shown
    assert text == shown


def test_the_gallery_shows_every_way() -> None:
    assert len(PAIRS) >= 13
    ways = ["tiers", "downtime:", "each", "proportional", "flat", "per-miss", "remedies", "combine", "cap", "minimum"]
    for way in [*ways, "per-outage", "average-error-rate", "hours", "claim"]:
        assert any(way in clause for clause, _ in PAIRS), way
