"""The sections of the report as Markdown; each yields lines, and none where it has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.report import beside_counts
from slaaudit.report import markdown_grounds as grounds
from slaaudit.report.from_record import granted, percent
from slaaudit.report.markup import code, prose, table
from slaaudit.report.sentences import exclusion_sentence, over_words, reason_sentence
from slaaudit.report.versions import version
from slaaudit.report.words import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slaaudit.report.markdown_page import Page


def head(page: Page) -> Iterator[str]:
    """The verdict, and what it is about."""
    view = page.view
    found = view.outcome
    yield f"# Support audit: {view.verdict.lower()}"
    yield ""
    yield f"**{prose(found['sentence'])}**"
    if found["complaint"]:
        yield ""
        yield f"No verdict: {prose(found['complaint'], 0)}"
    yield ""
    for number, policy in enumerate(view.policies):
        told = version(view.policies, number)
        span = f", in force {told}" if told else ""
        yield f"- Policy: {prose(policy['title'] or policy['id'])} ({code(policy['id'])}){span}"
    yield f"- As of: {view.as_of}" + ("" if view.record["as_of_given"] else ", the latest instant in the files")
    period = view.record["period"]
    if period:
        by = f", by the {period['by']} of each measurement" if view.record["summary"] else ""
        yield f"- Period: {prose(period['text'])}{by}, in {period['timezone']}"


_TOTALS = {
    "Measured": "measured", "Met": "met", "Breaches": "warranted", "Missed targets": "missed", "Waived": "waived",
    "Running": "running", "Unknown": "unknown", "Without a target": "no_target", "Excluded": "excluded",
}  # fmt: skip


def totals(page: Page) -> Iterator[str]:
    """The counts over all clauses about tickets."""
    found = page.view.outcome
    if found["measured"]:
        yield from page.heading("Totals")
        numbers = [found[key] for key in _TOTALS.values()]
        numbers.append(sum(row["superseded"] for row in page.view.record["summary"]))
        columns = [*_TOTALS, "Superseded"]
        yield from table(columns, [[f"{number:,}" for number in numbers]], range(len(columns)))


_NUMBERS = {
    "Met": "met", "Breached": "breached", "Waived": "waived", "Running": "running", "Unknown": "unknown",
    "Excluded": "excluded", "No target": "no_target", "Superseded": "superseded",
}  # fmt: skip


def promises(page: Page) -> Iterator[str]:
    """Clause by severity."""
    rows = page.view.record["summary"]
    if not rows:
        return
    yield from page.heading("Promises")
    shown = [name for name, key in _NUMBERS.items() if name in ("Met", "Breached") or any(row[key] for row in rows)]
    versions = ["In force"] if len(page.view.policies) > 1 else []
    columns = [*versions, "Clause", "Severity", "Binding", "Target", *shown, "Attained", "Promised"]
    cells = [
        [*(page.view.version(row) for _ in versions), prose(row["title"]), prose(row["severity"] or "unknown"),
         row["binding"], prose(row["target"] or "") or "-", *(f"{row[_NUMBERS[name]]:,}" for name in shown),
         percent(row["attainment"]), percent(row["promised"])]
        for row in rows
    ]  # fmt: skip
    yield from table(columns, cells, range(4 + len(versions), len(columns)))
    yield ""
    yield "Attained is met / (met + breached); all else is outside it."


def shares(page: Page) -> Iterator[str]:
    """The promised shares by period; those not reached first."""
    rows = page.view.record["attainments"]
    if not rows:
        return
    failed = [row for row in rows if row["verdict"] == "breached"]
    yield from page.heading(f"Promised shares: {len(failed):,} of {len(rows):,} not reached")
    ordered = [*failed, *(row for row in rows if row["verdict"] != "breached")]
    cells = [
        [prose(page.view.title(row)), prose(row["severity"] or "") or "-", prose(row["period"]), percent(row["share"]),
         f"{row['met'] + row['breached']:,}", percent(row["promised"]), beside_counts.share_verdict(row)]
        for row in ordered[: page.few]
    ]  # fmt: skip
    yield from table(["Clause", "Severity", "Period", "Reached", "of", "Promised", "Verdict"], cells, (3, 4, 5))
    yield from page.more(len(rows), page.few)


def availability(page: Page) -> Iterator[str]:
    """The periods of the service."""
    rows = page.view.record["availability"]
    if not rows:
        return
    yield from page.heading("Availability")
    columns = ["Clause", "Component", "Period", "Down", "Excluded", "Available", "Promised", "Verdict"]
    cells = [
        [prose(page.view.title(row)), prose(row["component"] or "all"), prose(row["period"]), page.lost(row),
         page.hours(row["excluded_s"]), page.percents(row["availability"]), page.percents(row["promised"]),
         page.verdict(row)]
        for row in rows[: page.few]
    ]  # fmt: skip
    yield from table(columns, cells, (3, 4, 5, 6))
    yield from page.more(len(rows), page.few)


def outside(page: Page) -> Iterator[str]:
    """What is no outage."""
    rows = page.view.record["excluded"]
    if not rows:
        return
    yield from page.heading(f"Excluded from downtime: {len(rows):,}")
    cells = [
        [prose(page.view.title(row)),
         (code(row["incident"]) if row["incident"] else "maintenance")
         + (f" ({prose(row['component'])})" if row["component"] else ""),
         page.view.at(row["from"]), page.view.at(row["to"]), prose(exclusion_sentence(row["exclusion"]))]
        for row in rows[: page.few]
    ]  # fmt: skip
    yield from table(["Clause", "What", "From", "To", "Exclusion"], cells)
    yield from page.more(len(rows), page.few)


def credited(page: Page) -> Iterator[str]:
    """Credits with their sums and the last day to claim each, what lapses next first."""
    rows = page.view.record["credits"]
    if not rows:
        return
    yield from page.heading(f"Credits: {prose(page.view.earned)}")
    ordered = sorted(rows, key=lambda row: (row["claim_status"] == "lapsed", row["claim_by"] or "9999"))
    cells = [
        [prose(page.view.title(row)), prose(row["component"] or "") or "-", prose(row["severity"] or "") or "-",
         prose(row["period"]), prose(granted(row)) + (" so far" if row["to_date"] else ""), prose(row["arithmetic"]),
         (row["claim_by"] or "-") + (f" ({prose(row['claim_status'])})" if row["claim_status"] else "")]
        for row in ordered[: page.few]
    ]  # fmt: skip
    yield from table(["Clause", "Component", "Severity", "Period", "Credit", "How", "Claim by"], cells)
    yield from page.more(len(rows), page.few)
    so_far = any(row["to_date"] for row in rows)
    if so_far:
        yield ""
        yield "The sum is that of periods that are over; what is earned so far may still change."


def breaches(page: Page) -> Iterator[str]:
    """What was missed, the furthest over first."""
    view = page.view
    found = view.breaches
    if not found:
        return
    words = over_words(view.missed, len(found) - view.missed)
    yield from page.heading(words[0].upper() + words[1:])
    cells = [
        [code(row["ticket"]), page.clause(row), prose(row["severity"] or "") or "-",
         *(prose(view.long(row[name], row)) for name in ("over_s", "elapsed_s", "target_s")), view.at(row["due_at"]),
         view.at(row["stopped_at"]), ", ".join(map(prose, row["caveats"])) or "-"]
        for row in found[: page.worst]
    ]  # fmt: skip
    columns = ["Ticket", "Clause", "Severity", "Over by", "Took", "Target", "Due", "Stopped", "Caveats"]
    yield from table(columns, cells)
    yield from page.more(len(found), page.worst)


def waived(page: Page) -> Iterator[str]:
    """The breaches that are waived, and why."""
    found = page.view.waived
    if not found:
        return
    yield from page.heading(f"Waived: {count(len(found), 'breach', 'breaches')}")
    cells = [
        [code(row["ticket"]), page.clause(row), prose(page.view.long(row["over_s"], row)), prose(row["waived"])]
        for row in found[: page.few]
    ]
    yield from table(["Ticket", "Clause", "Over by", "Why"], cells)
    yield from page.more(len(found), page.few)


def unknown(page: Page) -> Iterator[str]:
    """Why verdicts are unknown."""
    yield from _reasons(page, "unknown", "Unknown verdicts")


def excluded(page: Page) -> Iterator[str]:
    """Why measurements are excluded."""
    yield from _reasons(page, "excluded", "Excluded tickets")


def _reasons(page: Page, verdict: str, title: str) -> Iterator[str]:
    reasons = page.view.reasons(verdict)
    if not reasons:
        return
    yield from page.heading(f"{title}: {sum(number for _, number in reasons):,}")
    yield from (f"- {number:,}: {prose(reason_sentence(reason))}" for reason, number in reasons[: page.few])
    yield from page.more(len(reasons), page.few)


ALL: tuple[Callable[[Page], Iterator[str]], ...] = (
    head, totals, promises, shares, availability, outside, credited, breaches, waived, unknown, excluded,
    grounds.findings, grounds.waivers, grounds.firmness, grounds.readings, grounds.files, grounds.not_audited,
    grounds.rejected,
)  # fmt: skip
