"""A short report for a terminal, made from a record: the verdict, the promises, the service, credits, the worst misses.

The console report of ``check`` also has what only the exports hold: worksheets, what runs out soon, what settles an
unknown word, and the next command.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from slaaudit.report.from_record import View, granted, percent
from slaaudit.report.layout import BAD, DOUBTFUL, GOOD, HEADING, Column, console_on, paragraph, table
from slaaudit.report.safe import shown
from slaaudit.report.sentences import reason_sentence
from slaaudit.report.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from slaaudit.report.record import Record

FEW = 10
_ID = 24  # cells of an id


def write_summary(record: Record, stream: IO[str]) -> None:
    """Write the short report to ``stream``."""
    console = console_on(stream)
    for line in summary(View(record), console.width):
        console.print(line, soft_wrap=True)


def summary(view: View, width: int) -> Iterator[Text]:
    """The lines of the short report; the verdict stands last, as it does on a console."""
    for section in (_judged_by, _promises, _shares, _availability, _credits, _worst, _unknown, _findings):
        yield from section(view, width)
    found = view.outcome
    style = BAD if found["verdict"] != "kept" else DOUBTFUL if found["unknown"] else GOOD
    yield from paragraph(found["sentence"], width, 0, style=style)
    if found["complaint"]:
        yield from paragraph(found["complaint"], width, 0)


def _heading(text: str, width: int) -> list[Text]:
    return paragraph(text, width, 0, style=HEADING)


def _judged_by(view: View, width: int) -> Iterator[Text]:
    titles = ", ".join(dict.fromkeys(f"{policy['title'] or policy['id']} ({policy['id']})" for policy in view.policies))
    period = f", {view.record['period']['text']}" if view.record["period"] else ""
    yield from paragraph(f"{titles}, as of {view.as_of}{period}", width, 0)


def _promises(view: View, width: int) -> Iterator[Text]:
    rows = [row for row in view.record["summary"] if any(row[key] for key in _COUNTS)]
    if not rows:
        return
    yield from _heading("The promises", width)
    over = "Missed" if all(row["binding"] == "target" for row in rows) else "Breached"
    names = ("Met", over, "Waived", "Running", "Unknown", "Attained")
    columns = [Column("Clause", gives_way=True), Column("Severity", gives_way=True)]
    cells = [
        [row["clause"], row["severity"] or "unknown", *(f"{row[key]:,}" for key in _COUNTS), percent(row["attainment"])]
        for row in rows
    ]
    head, *lines = table([*columns, *(Column(name, right=True) for name in names)], cells, width)
    yield head
    told = ""
    for row, line in zip(rows, lines, strict=True):
        if view.version(row) != told:
            told = view.version(row)
            yield from paragraph(f"In force {told}", width)
        yield line


_COUNTS = ("met", "breached", "waived", "running", "unknown")


def _shares(view: View, width: int) -> Iterator[Text]:
    failed = [row for row in view.record["attainments"] if row["verdict"] == "breached"]
    for row in failed[:FEW]:
        severity = f" {row['severity']}" if row["severity"] else ""
        text = f"{row['clause']}{severity} {row['period']}: {percent(row['share'])} of the promised "
        yield from paragraph(f"{text}{percent(row['promised'])}", width, 2, 2)
    if len(failed) > FEW:
        yield from paragraph(f"and {len(failed) - FEW:,} more promised shares not reached", width)


def _availability(view: View, width: int) -> Iterator[Text]:
    rows = view.record["availability"]
    if not rows:
        return
    yield from _heading("Availability", width)
    columns = [
        Column("Clause", gives_way=True), Column("Component", gives_way=True), Column("Period"),
        Column("Available", right=True), Column("Promised", right=True), Column("Verdict"),
    ]  # fmt: skip
    cells = [
        [row["clause"], row["component"] or "all", row["period"], _percents(row["availability"]),
         _percents(row["promised"]),
         row["verdict"] + (" to date" if row["to_date"] else "") + (", waived" if row["waived"] else "")]
        for row in rows
    ]  # fmt: skip
    yield from table(columns, cells, width)


def _percents(text: str | None) -> str:
    return "unknown" if text is None else f"{text}%"


def _credits(view: View, width: int) -> Iterator[Text]:
    rows = view.record["credits"]
    if not rows:
        return
    yield from _heading(f"Credits: {view.earned}", width)
    for row in rows:
        so_far = " so far" if row["to_date"] else ""
        by = f"; claim by {row['claim_by']}" if row["claim_by"] else ""
        status = f" ({row['claim_status']})" if row["claim_status"] else ""
        what = " ".join(filter(None, [row["clause"], row["component"], row["severity"], row["period"]]))
        yield from paragraph(f"{what}: {granted(row)}{so_far}{by}{status}", width, 2, 2)


def _worst(view: View, width: int) -> Iterator[Text]:
    found = view.breaches
    if not found:
        return
    yield from _heading(f"The worst of {len(found):,}" if len(found) > FEW else "Over their targets", width)
    columns = [
        Column("Ticket"), Column("Clause", gives_way=True), Column("Severity", gives_way=True), Column("Over by"),
        Column("Due"),
    ]  # fmt: skip
    cells = [
        [shown(row["ticket"], _ID), row["clause"], row["severity"] or "-", view.long(row["over_s"], row),
         view.at(row["due_at"])]
        for row in found[:FEW]
    ]  # fmt: skip
    yield from table(columns, cells, width)


def _unknown(view: View, width: int) -> Iterator[Text]:
    reasons = view.reasons("unknown")
    if reasons:
        yield from _heading(f"Unknown verdicts: {view.outcome['unknown']:,}", width)
    for reason, number in reasons[:FEW]:
        yield from paragraph(f"{number:,}: {reason_sentence(reason)}", width, 2, 2)


def _findings(view: View, width: int) -> Iterator[Text]:
    record = view.record
    told = [
        f"{count(len(rows), noun)} {rest}".rstrip()
        for rows, noun, rest in (
            (record["findings"], "finding", ""),
            (record["not_audited"], "clause", "not audited"),
            (record["rejected"], "row", "that could not be used"),
        )
        if rows
    ]
    if told:
        yield from paragraph(f"Also: {', '.join(told)}.", width, 0)
