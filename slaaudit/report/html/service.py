"""A service on the page: each period as a strip, its outages, what is excluded, and what is credited."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from slaaudit.report.html.text import DASH, at, fine_share, length, micros, place
from slaaudit.report.sentences import exclusion_sentence
from slaaudit.report.words import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from slaaudit.report.html.content import Content

    Row = dict[str, Any]

#: Stretches that a strip draws, the longest of them; and rows of a list of outages.
DRAWN, LISTED = 150, 500
_ORDER = {"closing": 0, "open": 1, None: 2, "lapsed": 3}


def services(found: Content) -> list[Row]:
    """A block for each clause and component: its periods, then its outages."""
    key = lambda row: (row["policy"], row["clause"], row["component"])  # noqa: E731  (used here only)
    titles = {(row["policy"], row["clause"]): row for row in found.part("clauses")}
    down, out = _by_service(found.part("outages")), _by_service(found.part("excluded"))
    made = []
    for (policy, clause, component), rows in groupby(found.part("availability"), key=key):
        own = down[policy, clause, component]
        taken = out[policy, clause, component] + (out[policy, clause, None] if component is not None else [])
        periods = list(rows)
        zone = periods[0]["timezone"]
        about = titles[policy, clause]
        made.append(
            {
                "title": about["title"],
                "clause": clause,
                "force": "warranted" if about["binding"] == "warranted" else "a target",
                "component": component,
                "promised": fine_share(periods[0]["promised"]),
                "zone": zone,
                "periods": [_period(found, row, (_within(own, row), _within(taken, row)), zone) for row in periods],
                "outages": [_outage(row, zone) for row in own[:LISTED]],
                "unlisted": max(0, len(own) - LISTED),
                "excluded": [_outage(row, zone) for row in taken[:LISTED]],
                "left_out": max(0, len(taken) - LISTED),
            }
        )
    return made


def _by_service(rows: Iterable[Row]) -> dict[Any, list[Row]]:
    """The stretches of each service, with their instants."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        placed = {**row, "since": micros(row["from"]), "until": micros(row["to"])}
        found[row["policy"], row["clause"], row["component"]].append(placed)
    return found


def _within(rows: list[Row], period: Row) -> list[Row]:
    """The stretches that reach into a period."""
    since, until = micros(period["from"]), micros(period["to"])
    return [row for row in rows if row["since"] < until and row["until"] > since]


def _period(found: Content, row: Row, pieces: tuple[list[Row], list[Row]], zone: str) -> Row:
    down, out = pieces
    begin, end, now = micros(row["from"]), micros(row["to"]), micros(found.record["as_of"])
    if row["requests"] is not None:
        lost = f"{row['failed']:,} of {row['requests']:,} requests"
    else:
        lost = length(row["downtime_s"])
    available = fine_share(row["availability"])
    drawn = _longest([*((each, "excluded") for each in out), *((each, _kind(each)) for each in down)])
    return {
        "name": row["period"],
        "lost": lost,
        "excluded": length(row["excluded_s"]),
        "available": available,
        "verdict": row["verdict"],
        "to_date": row["to_date"],
        "waived": row["waived"],
        "counted": place(100 * (min(now, end) - begin) / (end - begin)),
        "pieces": [_piece(each, kind, row, zone) for each, kind in drawn],
        "undrawn": len(down) + len(out) - len(drawn),
        "text": f"{row['period']}: {count(row['outages'], 'outage')}, {lost} down, {available} available",
    }


def _kind(outage: Row) -> str:
    return "down" if Decimal(outage["share"]) == 100 else "partly"  # noqa: PLR2004  (percent)


def _longest(pieces: list[tuple[Row, str]]) -> list[tuple[Row, str]]:
    """The longest pieces, in the order in which they came."""
    if len(pieces) <= DRAWN:
        return pieces
    lasted = [each["until"] - each["since"] for each, _ in pieces]
    chosen = sorted(range(len(pieces)), key=lambda number: -lasted[number])[:DRAWN]
    return [pieces[number] for number in sorted(chosen)]


def _piece(each: Row, kind: str, period: Row, zone: str) -> Row:
    begin, end = micros(period["from"]), micros(period["to"])
    since, until = max(each["since"], begin), min(each["until"], end)
    return {
        "kind": kind,
        "x": place(100 * (since - begin) / (end - begin)),
        "wide": place(100 * (until - since) / (end - begin)),
        "text": f"{at(each['from'], zone)} to {at(each['to'], zone)}: {_said(each, kind)}",
    }


def _said(each: Row, kind: str) -> str:
    if kind == "excluded":
        return f"excluded, {exclusion_sentence(each['exclusion'])}"
    names = ", ".join(each["incidents"][:3]) + (", …" if len(each["incidents"]) > 3 else "")  # noqa: PLR2004
    part = "down" if kind == "down" else f"{fine_share(each['share'])} down"
    return f"{part}, {names}" if names else part


def _outage(each: Row, zone: str) -> Row:
    incident = each.get("incident")
    return {
        "from": at(each["from"], zone),
        "to": at(each["to"], zone),
        "lasted": length((each["until"] - each["since"]) / 1_000_000),
        "share": fine_share(each.get("share")),
        "incidents": ", ".join(each.get("incidents") or ([incident] if incident else [])) or DASH,
        "exclusion": exclusion_sentence(each.get("exclusion") or ""),
        "file": each.get("file"),
        "row": each.get("row"),
    }


def credited(found: Content) -> Row:
    """The credits, the next deadline first, and what they come to."""
    rows = found.part("credits")
    order = sorted(
        rows, key=lambda row: (_ORDER.get(row["claim_status"], 2), row["claim_by"] is None, row["claim_by"] or "")
    )
    return {
        "rows": [_credit(row) for row in order],
        "total": _total(row for row in rows if not row["to_date"]),
        "so_far": _total(row for row in rows if row["to_date"]),
        "lapsed": _total(row for row in rows if row["claim_status"] == "lapsed"),
    }


def _credit(row: Row) -> Row:
    component, severity = row["component"], row["severity"]
    return {**row, "about": ", ".join(filter(None, [row["clause"], component, severity])), "amount": _amount(row)}


def _amount(row: Row) -> str:
    return row["right"] or ", ".join(_amounts([row])) or DASH


def _total(rows: Iterable[Row]) -> str:
    return ", ".join(_amounts(rows))


def _amounts(rows: Iterable[Row]) -> Iterator[str]:
    """Sums by unit. What is no number, a right, is counted."""
    sums: dict[str, Decimal] = {}
    rights: Counter[str] = Counter()
    for row in rows:
        unit = row["granted"]["unit"]
        if row["sum"] is not None:
            unit = row["currency"] or ""
            sums[unit] = sums.get(unit, Decimal(0)) + Decimal(row["sum"])
        elif unit == "right":
            rights[row["right"] or "a right"] += 1
        else:
            sums[unit] = sums.get(unit, Decimal(0)) + Decimal(row["granted"]["amount"])
    for unit, number in sums.items():
        yield {"days": f"{number:,f} {'day' if number == 1 else 'days'}", "percent": f"{number:,f}%"}.get(
            unit, f"{number:,f} {unit}".strip()
        )
    yield from (f"{count(number, 'right')}: {right}" for right, number in rights.items())
