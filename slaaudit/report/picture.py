"""A summary picture of a report: the verdict, how far each promise was kept, the counts. It reads without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report.drawing import (
    BAD,
    DOUBTFUL,
    FAINT,
    GOOD,
    INK,
    PAPER,
    TRACK,
    Box,
    Drawing,
    Label,
    Line,
    fitted,
    wrapped,
)
from slaaudit.report.from_record import View, percent
from slaaudit.report.versions import titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.record import Record

    Row = dict[str, Any]

WIDTH, MARGIN = 760.0, 28.0
_INSIDE = WIDTH - 2 * MARGIN
_ROW, _BAR = 26.0, 12.0
_BAR_AT, _BAR_WIDTH = 260.0, 185.0
_MOST = 24  # rows of promises, and of periods
_COUNTS = {
    "Met": "met", "Missed": "", "Waived": "waived", "Running": "running", "Unknown": "unknown", "Excluded": "excluded",
}  # fmt: skip


def picture(record: Record) -> Drawing:
    """The drawing of a record."""
    view = View(record)
    drawing = Drawing(WIDTH, 0, f"Support audit: {view.verdict}", view.outcome["sentence"])
    at = _head(drawing, view)
    at = _promises(drawing, view, at)
    at = _periods(drawing, view, at)
    at = _counts(drawing, view, at)
    drawing.height = at + MARGIN
    drawing.shapes.insert(0, Box(0, 0, WIDTH, drawing.height, PAPER))
    return drawing


def _head(drawing: Drawing, view: View) -> float:
    colour = {"kept": GOOD, "not-kept": BAD}.get(view.outcome["verdict"], DOUBTFUL)
    drawing.add(*_sign(view.outcome["verdict"], MARGIN, 26, colour))
    drawing.add(Label(MARGIN + 44, 52, view.verdict, 28, colour))
    at = 84.0
    for line in wrapped(view.outcome["complaint"] or view.outcome["sentence"], 14, _INSIDE, 3):
        drawing.add(Label(MARGIN, at, line, 14))
        at += 20
    told = ", ".join(titles(view.policies))
    period = f", {view.record['period']['text']}" if view.record["period"] else ""
    drawing.add(Label(MARGIN, at + 2, fitted(told, 13, _INSIDE), 13, FAINT))
    drawing.add(Label(MARGIN, at + 21, fitted(f"as of {view.as_of}{period}", 13, _INSIDE), 13, FAINT))
    return at + 38


def _sign(verdict: str, x: float, y: float, colour: str) -> Iterator[Box | Line | Label]:
    """A tick, a cross or a question mark on a square."""
    yield Box(x, y, 32, 32, colour)
    if verdict == "kept":
        yield Line(((x + 8, y + 17), (x + 14, y + 23), (x + 25, y + 10)), PAPER, 3.5)
    elif verdict == "not-kept":
        yield Line(((x + 9, y + 9), (x + 23, y + 23)), PAPER, 3.5)
        yield Line(((x + 9, y + 23), (x + 23, y + 9)), PAPER, 3.5)
    else:
        yield Label(x + 10, y + 24, "?", 22, PAPER)


def _promises(drawing: Drawing, view: View, at: float) -> float:
    """A bar for each clause and severity that something was measured for."""
    rows = [row for row in view.record["summary"] if row["met"] + row["breached"] or row["running"] or row["unknown"]]
    clause: tuple[int, str] | None = None
    for row in rows[:_MOST]:
        if (row["policy"], row["clause"]) != clause:
            at += 8 if clause else 0
            clause = (row["policy"], row["clause"])
            force = "a target" if row["binding"] == "target" else "warranted"
            at = _heading(drawing, at, ", ".join(filter(None, [row["title"], force, view.version(row)])))
        _bar(drawing, row, at)
        at += _ROW
    if not rows:
        return at
    at = _more(drawing, at, len(rows))
    told = "Solid: met. Hatched: missed." + (" A line marks the promised share." if any(_promised(rows)) else "")
    drawing.add(Label(MARGIN + 12, at + 12, told, 11, FAINT))
    return at + 28


def _promised(rows: list[Row]) -> Iterator[bool]:
    return (row["promised"] is not None for row in rows)


def _heading(drawing: Drawing, at: float, text: str) -> float:
    drawing.add(Line(((MARGIN, at), (WIDTH - MARGIN, at)), TRACK, 1))
    drawing.add(Label(MARGIN, at + 21, fitted(text, 14, _INSIDE), 14))
    return at + 30


def _more(drawing: Drawing, at: float, total: int) -> float:
    if total <= _MOST:
        return at
    drawing.add(Label(MARGIN, at + 14, f"and {total - _MOST:,} more, which the report lists", 12, FAINT))
    return at + _ROW


def _bar(drawing: Drawing, row: Row, at: float) -> None:
    name = f"{row['severity'] or 'unknown'}   {row['target'] or ''}".rstrip()
    drawing.add(Label(MARGIN + 12, at + 14, fitted(name, 13, _BAR_AT - MARGIN - 24)))
    counted, top = row["met"] + row["breached"], at + 4
    drawing.add(Box(_BAR_AT, top, _BAR_WIDTH, _BAR, TRACK))
    if counted:
        kept = _BAR_WIDTH * row["met"] / counted
        drawing.add(Box(_BAR_AT, top, kept, _BAR, GOOD))
        drawing.add(Box(_BAR_AT + kept, top, _BAR_WIDTH - kept, _BAR, BAD, hatched=True))
    if row["promised"] is not None:
        line = _BAR_AT + _BAR_WIDTH * float(row["promised"]) / 100
        drawing.add(Line(((line, top - 4), (line, top + _BAR + 4)), INK, 2.5))
    told = f"{percent(row['attainment'])}, {row['met']:,} of {counted:,}" if counted else "nothing to count yet"
    told += f"; {percent(row['promised'])} promised" if row["promised"] is not None else ""
    x = _BAR_AT + _BAR_WIDTH + 14
    drawing.add(Label(x, at + 14, fitted(told, 12, WIDTH - MARGIN - x), 12))


def _periods(drawing: Drawing, view: View, at: float) -> float:
    """A line for each period of the service; the last ones, where they are many."""
    rows = view.record["availability"]
    clause: tuple[int, str] | None = None
    for row in rows[-_MOST:]:
        if (row["policy"], row["clause"]) != clause:
            clause = (row["policy"], row["clause"])
            force = "warranted" if view.is_warranted(row) else "a target"
            at = _heading(drawing, at, ", ".join(filter(None, [view.title(row), force, view.version(row)])))
        _period(drawing, row, at)
        at += _ROW
    return _more(drawing, at, len(rows)) + (12 if rows else 0)


def _period(drawing: Drawing, row: Row, at: float) -> None:
    name = "   ".join(filter(None, [row["period"], row["component"]]))
    drawing.add(Label(MARGIN + 12, at + 14, fitted(name, 13, 360)))
    share = "unknown" if row["availability"] is None else f"{row['availability']}%"
    verdict = {"breached": "below", "met": "kept"}.get(row["verdict"], row["verdict"])
    verdict = "waived" if row["waived"] else verdict
    told = f"{verdict}{' to date' if row['to_date'] else ''}: {share} of {row['promised']}%"
    colour = BAD if verdict == "below" else INK
    drawing.add(Label(WIDTH - MARGIN, at + 14, fitted(told, 13, 320), 13, colour, right=True))


def _counts(drawing: Drawing, view: View, at: float) -> float:
    """The counts, and what credits come to."""
    found = view.outcome
    if found["measured"]:
        drawing.add(Line(((MARGIN, at), (WIDTH - MARGIN, at)), TRACK, 1))
        step = _INSIDE / len(_COUNTS)
        for nth, (name, key) in enumerate(_COUNTS.items()):
            number = found[key] if key else found["warranted"] + found["missed"]
            drawing.add(Label(MARGIN + nth * step, at + 34, fitted(f"{number:,}", 20, step), 20))
            drawing.add(Label(MARGIN + nth * step, at + 53, name, 12, FAINT))
        at += 66
    if view.record["credits"]:
        by = f"; claim by {view.claim_by}" if view.claim_by else ""
        drawing.add(Label(MARGIN, at + 16, fitted(f"Credits: {view.earned}{by}", 14, _INSIDE), 14))
        at += 26
    tool = view.record["tool"]
    told = f"{tool['name']} {tool['version']}"
    drawing.add(Label(MARGIN, at + 16, fitted(told, 11, _INSIDE), 11, FAINT))
    return at + 16
