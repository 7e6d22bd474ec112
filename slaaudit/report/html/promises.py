"""The verdict, and every clause with its severities beside what it promises."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from slaaudit.report.beside_counts import share_verdict
from slaaudit.report.html.text import length, place, share
from slaaudit.report.versions import version
from slaaudit.report.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.html.content import Content

    Row = dict[str, Any]

WARRANTED, MISSED = "breached", "missed"
#: How the sentence of a verdict begins, and what kind each is: what an exit code forgives is not kept all the same.
HEADLINES = {
    "Kept": "kept",
    "Kept so far": "kept",
    "Kept, as far as is known": "kept",
    "Kept but for what is waived": "kept",
    "Not kept": "not-kept",
    "No verdict": "no-verdict",
}
_CLOSE = (("1m", "a minute"), ("15m", "15 minutes"), ("1h", "an hour"))
_CALENDAR = re.compile(r" on (\S+)")
#: The verdicts in the order of the bar at the top, each with its word.
_BAR = ("met", "breached", "running", "unknown", "superseded", "no_target", "excluded")


def verdict(found: Content) -> Row:
    """The headline, the sentence under it, and the totals."""
    outcome = found.record["outcome"]
    head, _, rest = outcome["sentence"].partition(": ")
    if head not in HEADLINES:
        head, rest = "No verdict", outcome["sentence"]
    return {
        "kind": HEADLINES[head],
        "head": head,
        "rest": _capital(rest),
        "complaint": _capital(outcome["complaint"] or ""),
        "totals": list(_totals(found, outcome)),
        "bar": list(_bar(outcome)),
        "firmness": list(_firmness(found, outcome)),
        "measured": count(outcome["measured"], "measurement"),
        "tickets": count(found.ticket_count, "ticket"),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _totals(found: Content, outcome: Row) -> Iterator[tuple[str, int, str]]:
    """Each number with its kind and what it counts."""
    periods = outcome["periods"]
    if every := sum(periods.values()) - periods["waived"]:
        waived = f", {periods['waived']:,} of them waived" if periods["waived"] else ""
        yield "breached", periods["breached"], f"of {count(every, 'period')} below the promise{waived}"
    yield "met", outcome["met"], "met"
    if outcome["missed"] or not outcome["warranted"]:
        yield "breached", outcome["missed"], "missed target" if outcome["missed"] == 1 else "missed targets"
    if outcome["warranted"]:
        yield "breached", outcome["warranted"], "breach" if outcome["warranted"] == 1 else "breaches"
    for name, word in (("shares_failed", "promised shares not reached"), ("waived", "waived")):
        if outcome[name]:
            yield "breached", outcome[name], word
    for name in ("running", "unknown", "excluded", "no_target"):
        if outcome[name]:
            yield name, outcome[name], {"no_target": "without a target"}.get(name, name)
    if superseded := sum(row["superseded"] for row in found.part("summary")):
        yield "superseded", superseded, "superseded"


def _bar(outcome: Row) -> Iterator[Row]:
    """The stretches of the bar in which every measurement has its place."""
    numbers = {name: outcome.get(name, 0) for name in _BAR}
    numbers["breached"] = outcome["missed"] + outcome["warranted"]
    numbers["superseded"] = max(0, outcome["measured"] - sum(numbers.values()))
    total, begin = sum(numbers.values()), 0
    for name, number in numbers.items():
        if number:
            word = {"breached": "not met", "no_target": "without a target"}.get(name, name)
            yield {"kind": name, "x": place(100 * begin / total), "width": place(100 * number / total),
                   "text": f"{number:,} {word}"}  # fmt: skip
            begin += number


def _firmness(found: Content, outcome: Row) -> Iterator[str]:
    """How close the breaches are, and whether the verdict rests on doubts."""
    late = outcome["missed"] + outcome["warranted"]
    if late:
        close = outcome["close"]
        near = [f"{close[key]:,} by less than {words}" for key, words in _CLOSE if close.get(key)]
        yield f"Close calls: {listed(near)}." if near else "None of them was missed by less than an hour."
    kindest = outcome["kindest"]
    if outcome["verdict"] == "not-kept" and kindest:
        holds = "the verdict would still be: not kept" if kindest == "not-kept" else "it would turn to: kept"
        yield f"If every unknown, and every breach with a caveat, went the vendor's way, {holds}."
    doubtful = sum(number for number, _ in found.caveats.values())
    if doubtful:
        yield f"{count(doubtful, 'caveat')} on what the evidence does not show; see below."


def clauses(found: Content) -> list[Row]:
    """A table for each clause that measured something."""
    key = lambda row: (row["policy"], row["clause"])  # noqa: E731  (used once, here)
    known = {(row["policy"], row["clause"]): row for row in found.part("clauses")}
    days = {(one["policy"], one["calendar"]): one["day_s"] for one in found.part("calendars")}
    return [
        _clause(known[pair], list(rows), days, version(found.part("policies"), pair[0]))
        for pair, rows in groupby(found.part("summary"), key=key)
        if pair in known
    ]


def _clause(clause: Row, rows: list[Row], days: dict[Any, int], in_force: str) -> Row:
    return {
        **clause,
        "force": ", ".join(filter(None, ["warranted" if clause["binding"] == "warranted" else "a target", in_force])),
        "missed": WARRANTED if clause["binding"] == "warranted" else MISSED,
        "rows": [_severity(row, days) for row in rows],
        "shared": clause["promised"] is not None,
    }


def _severity(row: Row, days: dict[Any, int]) -> Row:
    judged = row["met"] + row["breached"]
    calendars = set(_CALENDAR.findall(row["target"] or ""))
    day = days.get((row["policy"], *calendars), 86_400) if len(calendars) == 1 else 0
    beside = [(row["excluded"], "excluded"), (row["no_target"], "without a target"), (row["superseded"], "superseded")]
    return {
        **row,
        "share": share(row["attainment"]),
        "wide": place(row["attainment"] or 0),
        "mark": None if row["promised"] is None else place(row["promised"]),
        "promise": share(row["promised"]) if row["promised"] is not None else "each",
        "judged": judged,
        "half": length(row["p50_s"], day),
        "most": length(row["p90_s"], day),
        "worst": length(row["worst_s"], day),
        "beside": listed([f"{number:,} {word}" for number, word in beside if number]),
    }


def shares(found: Content) -> list[Row]:
    """The promised shares, period by period, those that were not reached first."""
    rows = [
        {
            **row,
            "title": _titled(found, row),
            "share_text": share(row["share"]),
            "promise": share(row["promised"]),
            "wide": place(row["share"]),
            "mark": place(row["promised"]),
            "waived": row["waived"],
            "spared": share_verdict(row).removeprefix(row["verdict"]).lstrip(", "),
        }
        for row in found.part("attainments")
    ]
    return sorted(rows, key=lambda row: row["verdict"] != "breached")


def _titled(found: Content, row: Row) -> str:
    """The title of a row's clause, and when its version is in force, where there are several."""
    titles = {(one["policy"], one["clause"]): one["title"] for one in found.part("clauses")}
    pair = row.get("policy", 0), row["clause"]
    return " ".join(filter(None, [titles.get(pair, row["clause"]), version(found.part("policies"), pair[0])]))
