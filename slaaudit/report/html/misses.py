"""What was not kept, furthest over first, and why verdicts are unknown or excluded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report.html.text import DASH, at, length
from slaaudit.report.sentences import caveat_sentence, reason_sentence
from slaaudit.report.words import of_calendar

if TYPE_CHECKING:
    from slaaudit.report.html.content import Content

    Row = dict[str, Any]
    Keyed = dict[tuple[int, str], Any]

#: Breaches that stand on the page as text; the others are in the table that the script builds.
MOST = 500


def breaches(found: Content) -> Row:
    """The breaches as rows of text: the furthest over first, equal ones in the record's order."""
    late = [(place, row) for place, row in enumerate(found.rows) if row["verdict"] == "breached"]
    late.sort(key=lambda pair: -(pair[1]["over_s"] or 0))
    clauses = {(row["policy"], row["clause"]): row for row in found.part("clauses")}
    days = {(one["policy"], one["calendar"]): one["day_s"] for one in found.part("calendars")}
    zones = [policy["timezone"] for policy in found.part("policies")]
    warranted = sum(clauses[row["policy"], row["clause"]]["binding"] == "warranted" for _, row in late)
    return {
        "rows": [_breach(place, row, clauses, days, zones) for place, row in late[:MOST]],
        "total": len(late),
        "further": max(0, len(late) - MOST),
        "warranted": warranted,
        "missed": len(late) - warranted,
        "waived": sum(bool(row["waived"]) for _, row in late),
        "zones": list(dict.fromkeys(zones)),
    }


def _breach(place: int, row: Row, clauses: Keyed, days: Keyed, zones: list[str]) -> Row:
    day = days.get((row["policy"], row["calendar"]), 86_400)
    zone = zones[row["policy"]]
    return {
        "place": place,
        "ticket": row["ticket"],
        "title": clauses[row["policy"], row["clause"]]["title"],
        "cycle": row["cycle"],
        "severity": row["severity"] or DASH,
        "over": length(row["over_s"], day),
        "counted_on": of_calendar(row["calendar"] or "").strip(),
        "due": at(row["due_at"], zone),
        "stopped": at(row["stopped_at"], zone) if row["stopped_at"] else "still open",
        "caveats": row["caveats"],
        "waived": row["waived"],
    }


def reasons(found: Content, verdict: str) -> list[Row]:
    """Why verdicts are what they are, the most frequent reason first."""
    numbers = [(number, reason) for (kind, reason), number in found.reasons.items() if kind == verdict]
    return [
        {"number": number, "said": reason_sentence(reason)}
        for number, reason in sorted(numbers, key=lambda pair: -pair[0])
    ]


def caveats(found: Content) -> list[Row]:
    """Each caveat with how many measurements carry it, how many breaches, and what it means."""
    return [
        {"name": name, "number": number, "late": late, "said": caveat_sentence(name)}
        for name, (number, late) in sorted(found.caveats.items(), key=lambda pair: -pair[1][0])
    ]
