"""What a Markdown report rests on: findings, how firm it is, readings, files, what is left out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slaaudit.report import beside_counts
from slaaudit.report.from_record import VERDICTS
from slaaudit.report.markup import code, prose, table
from slaaudit.report.sentences import caveat_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.markdown_page import Page

_CLOSE = {"1m": "1 minute", "15m": "15 minutes", "1h": "1 hour"}
_PLACES = 3  # rows that stand as examples of a reason


def findings(page: Page) -> Iterator[str]:
    """Signs that the record was shaped."""
    rows = page.view.record["findings"]
    if not rows:
        return
    yield from page.heading(f"Findings: {len(rows):,}")
    yield "Observations, not accusations:"
    yield ""
    cells = [
        [prose(row["kind"]), code(row["ticket"]), prose(row["clause"] or "") or "-", page.view.at(row["at"]),
         prose(row["detail"])]
        for row in rows[: page.few]
    ]  # fmt: skip
    yield from table(["Kind", "Ticket", "Clause", "When", "What"], cells)
    yield from page.more(len(rows), page.few)


def waivers(page: Page) -> Iterator[str]:
    """Who lets what pass, and until when."""
    rows = beside_counts.waivers(page.view.record)
    if not rows:
        return
    yield from page.heading(f"Waivers: {len(rows):,}")
    cells = [
        [code(row["about"]), prose(row["clause"]), prose(row["reason"]), prose(row["by"]), row["expires"],
         prose(beside_counts.waives(row))]
        for row in rows[: page.few]
    ]  # fmt: skip
    yield from table(["Ticket or incident", "Clause", "Why", "By", "Until", "Waives"], cells)
    yield from page.more(len(rows), page.few)


def firmness(page: Page) -> Iterator[str]:
    """Close calls, caveats, the verdict if all doubt went the vendor's way, and the extremes of the readings."""
    view = page.view
    lines = list(_firmness(page))
    if lines:
        yield from page.heading("How firm this is")
        yield from lines
        if view.outcome["failing"]:
            kindest = VERDICTS[view.outcome["kindest"]].lower()
            yield f"- If every unknown and every breach with a caveat went the vendor's way: {kindest}"


def _firmness(page: Page) -> Iterator[str]:
    view = page.view
    found = view.outcome
    if found["missed"] + found["warranted"]:
        near = [(found["close"].get(key), words) for key, words in _CLOSE.items()]
        close = [f"{number:,} by less than {words}" for number, words in near if number]
        yield f"- Close calls: {', '.join(close) or 'none by less than 1 hour'}"
    for name, number in view.caveats[: page.few]:
        meaning = caveat_sentence(name)
        yield f"- {number:,} {prose(name)}" + (f": {prose(meaning)}" if meaning else "")
    extremes = beside_counts.extremes(view.record)
    if extremes:
        yield f"- {extremes}"


def readings(page: Page) -> Iterator[str]:
    """The readings in force."""
    rows = page.view.readings
    if not rows:
        return
    yield from page.heading("Readings in force")
    cells = [
        [code(policy["id"]), code(name), code(choice), "default" if is_default else "chosen"]
        for policy, name, choice, is_default in rows[: page.few]
    ]
    yield from table(["Policy", "Reading", "Choice", ""], cells)
    yield from page.more(len(rows), page.few)


def files(page: Page) -> Iterator[str]:
    """What was read, and what it cannot show."""
    record = page.view.record
    yield from page.heading("What was read")
    cells = [
        [code(read["path"]), prose(read["role"]), f"{read['rows']:,}", f"{read['rejected']:,}", code(read["sha256"])]
        for read in record["inputs"][: page.few]
    ]
    yield from table(["File", "Holds", "Rows", "Rejected", "SHA-256"], cells, (2, 3))
    yield from page.more(len(record["inputs"]), page.few)
    settings = beside_counts.settings(record)
    told = [f"Settings: {settings}"] if settings else []
    told += [*(note for read in record["inputs"] for note in read["notes"]), *record["notes"]]
    if told:
        yield ""
        yield from (f"- {prose(note)}" for note in told[: page.few])
        yield from page.more(len(told), page.few)


def not_audited(page: Page) -> Iterator[str]:
    """The clauses that no data can show."""
    rows = page.view.record["not_audited"]
    if not rows:
        return
    yield from page.heading("Not audited")
    for row in rows[: page.few]:
        yield f"- {prose(row['clause'])}" + (f": {prose(row['why'], 0)}" if row["why"] else "")
    yield from page.more(len(rows), page.few)


def rejected(page: Page) -> Iterator[str]:
    """The rows that could not be used, by reason."""
    rows = page.view.record["rejected"]
    if not rows:
        return
    yield from page.heading(f"Rows that could not be used: {len(rows):,}")
    reasons = Counter(row["reason"] for row in rows)
    for reason, number in reasons.most_common(page.few):
        places = [f"{code(row['file'])} row {row['row']:,}" for row in rows if row["reason"] == reason]
        more = ", ..." if number > _PLACES else ""
        yield f"- {number:,}: {prose(reason)} ({', '.join(places[:_PLACES])}{more})"
    yield from page.more(len(reasons), page.few)
