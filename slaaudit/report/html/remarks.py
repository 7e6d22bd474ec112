"""What else a reader must know: findings, readings, extremes, rows that could not be used, and what was read."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from slaaudit.report import beside_counts
from slaaudit.report.html.text import at

if TYPE_CHECKING:
    from slaaudit.report.html.content import Content

    Row = dict[str, Any]

#: Rows of a list that stand on the page.
MOST = 200


def findings(found: Content) -> list[Row]:
    """The findings by kind, the most frequent kind first."""
    zones = {(row["policy"], row["clause"]): row["policy"] for row in found.part("clauses")}
    policies = {clause: found.part("policies")[policy]["timezone"] for (policy, clause) in zones}
    first = found.part("policies")[0]["timezone"] if found.part("policies") else "UTC"
    rows = sorted(found.part("findings"), key=lambda row: row["kind"])
    kinds = [(kind, list(same)) for kind, same in groupby(rows, key=lambda row: row["kind"])]
    return [
        {
            "kind": kind.replace("-", " "),
            "number": len(same),
            "rows": [{**row, "when": at(row["at"], policies.get(row["clause"], first))} for row in same[:MOST]],
            "further": max(0, len(same) - MOST),
        }
        for kind, same in sorted(kinds, key=lambda pair: -len(pair[1]))
    ]


def readings(found: Content) -> list[Row]:
    """Every open question of every policy with the choice in force."""
    return [
        {
            **question,
            "policy": policy["id"] if len(found.part("policies")) > 1 else "",
            "others": [choice for choice in question["choices"] if choice != question["choice"]],
        }
        for policy in found.part("policies")
        for question in policy.get("questions", [])
    ]


def waivers(found: Content) -> Row:
    """The waivers that stand on the page, each with what it comes to, and how many more there are."""
    rows = beside_counts.waivers(found.record)
    told = [{**row, "comes_to": beside_counts.waives(row)} for row in rows[:MOST]]
    return {"rows": told, "total": len(rows), "further": max(0, len(rows) - MOST)}


def extremes(found: Content) -> list[Row]:
    """The breaches under the readings kindest to either side; none where they were not evaluated."""
    both = found.record.get("extremes") or {}
    said = {"vendor": "kindest to the vendor", "customer": "kindest to the customer"}
    return [
        {"side": said[side], "breached": both[side]["breached"],
         "readings": [f"{name}={choice}" for name, choice in (both[side].get("readings") or {}).items()]}
        for side in said if both.get(side)
    ]  # fmt: skip


def rejected(found: Content) -> Row:
    """The rows that could not be used: by reason, and the first of them."""
    rows = found.part("rejected")
    return {
        "total": len(rows),
        "reasons": Counter(row["reason"] for row in rows).most_common(),
        "rows": rows[:MOST],
        "further": max(0, len(rows) - MOST),
    }


def reconciliation(found: Content) -> Row | None:
    """The helpdesk's own results beside the verdicts, by cause, and how many causes more; None where not asked for."""
    told = found.record.get("reconciliation")
    return told and {**told, "causes": told["causes"][:MOST], "further": max(0, len(told["causes"]) - MOST)}
