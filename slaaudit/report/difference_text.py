"""The difference of two reports for people: what they rest on, which verdicts changed, and why each did."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.text import Text

from slaaudit import __version__
from slaaudit.report.layout import BAD, FAINT, GOOD, HEADING, labelled, paragraph
from slaaudit.report.safe import shown
from slaaudit.report.words import count, exact_length, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from slaaudit.between import Because, Between
    from slaaudit.difference import Changed, ChangedPeriod, Difference
    from slaaudit.written_report import Row

_FEW = 10
_LONG = 60  # characters of a foreign word that a line shows
_CAUSES = {
    "evidence": "the evidence",
    "mapping": "how the files were read",
    "policy": "the policy",
    "reading": "a reading",
    "as-of": "as-of",
    "period": "the period",
    "waiver": "a waiver",
    "fee": "the fee",
    "tool": "another slaaudit",
    "unexplained": "nothing that the reports show",
}
_LENGTHS = {"target", "pauses", "time", "downtime_s", "excluded_s"}


def print_difference(found: Difference, console: Console, *, verbose: bool = False) -> None:
    """Print every section that has something to say, then what it comes to."""
    width = console.width
    text = Text().append(f"slaaudit {__version__}\n", HEADING)
    sections = [
        _what_is_compared(found, width),
        _turns(found, width),
        _measurements(found, width, verbose=verbose),
        _periods("Periods of the service that differ", found.availability, width, verbose=verbose),
        _periods("Credits that differ", found.credits, width, verbose=verbose),
    ]
    for section in sections:
        for number, line in enumerate(section):
            text.append("\n" if not number else "").append_text(line).append("\n")
    console.print(text, soft_wrap=True)
    console.print(_last(found), soft_wrap=True)


def _what_is_compared(found: Difference, width: int) -> Iterator[Text]:
    between = found.between
    yield Text("What is compared", HEADING)
    for label, report in (("Old", between.old), ("New", between.new)):
        period = f", {report.period.get('text')}" if report.period else ""
        yield from labelled(label, f"{report.path}, as of {report.as_of}{period}", width)
    told = list(_between(between))
    yield from labelled("Between", told[0] if told else "nothing that a report tells of changed", width)
    for line in told[1:]:
        yield from labelled("", line, width)


def _between(between: Between) -> Iterator[str]:
    """What the two reports rest on and do not share."""
    if between.evidence:
        yield "other evidence: the files that were read have other contents"
    if between.mapping:
        yield "a file of the same contents was read otherwise"
    for policy in sorted(between.policies):
        yield f"another policy file: {shown(policy, _LONG)}"
    for policy, name, old, new in between.readings:
        yield f"reading {shown(name, _LONG)} of {shown(policy, _LONG)}: {_value(old)} → {_value(new)}"
    if between.as_of:
        yield "another as-of"
    if between.period:
        yield "another period"
    if between.waivers:
        yield "other waivers"
    if between.tool:
        old, new = (f"{each.tool.get('version')}, tzdata {each.tool.get('tzdata')}" for each in
                    (between.old, between.new))  # fmt: skip
        yield f"another slaaudit: {shown(old, _LONG)} → {shown(new, _LONG)}"


def _turns(found: Difference, width: int) -> Iterator[Text]:
    """How many verdicts turned from what to what, and what is behind them."""
    if not found.measurements:
        return
    yield Text(f"Verdicts that differ: {len(found.measurements):,}", HEADING)
    turns = Counter(_turn(each) for each in found.measurements)
    for words, number in turns.most_common():
        yield from paragraph(f"{number:,} {words}", width, 2, 2)
    causes = Counter(_kinds(each.because) for each in found.measurements)
    behind = [f"{number:,} by {words}" for words, number in causes.most_common()]
    yield from paragraph(f"Because of: {'; '.join(behind)}", width, 2, 2)


def _turn(each: Changed) -> str:
    if each.old is None:
        return f"new: {_state(each.new)}"
    if each.new is None:
        return f"gone: {_state(each.old)}"
    return f"{_state(each.old)} → {_state(each.new)}"


def _state(row: Row | None) -> str:
    return "" if row is None else shown(row.verdict, _LONG) + (", waived" if row.waived is not None else "")


def _kinds(because: Sequence[Because]) -> str:
    """The causes of one change in words: what can have been any of several is told as such."""
    told = dict.fromkeys(_either(each) for each in because)
    return listed(list(told))


def _either(each: Because) -> str:
    return listed([_CAUSES[cause] for cause in each.causes], "or")


def _measurements(found: Difference, width: int, *, verbose: bool) -> Iterator[Text]:
    rows = found.measurements if verbose else found.measurements[:_FEW]
    if not rows:
        return
    yield Text("Each verdict, and why it differs", HEADING)
    for each in rows:
        _, clause, ticket, cycle = each.key
        nth = f", cycle {cycle}" if cycle > 1 else ""
        yield from paragraph(f"{shown(ticket, _LONG)}, {shown(clause, _LONG)}{nth}: {_turn(each)}", width, 2, 2)
        yield from _why(each, width)
    if len(rows) < len(found.measurements):
        left = len(found.measurements) - len(rows)
        yield from paragraph(f"and {left:,} more; --verbose shows all, --format json has each", width)


def _why(each: Changed | ChangedPeriod, width: int) -> Iterator[Text]:
    for one in each.because:
        change = "" if one.old is None and one.new is None else f" {_told(one, one.old)} → {_told(one, one.new)}"
        place = _place(each, one)
        yield from paragraph(f"{shown(one.what, _LONG)}{change}{place}: by {_either(one)}", width, 4, 2, style=FAINT)


def _place(each: Changed | ChangedPeriod, one: Because) -> str:
    """The export's row of a start or stop, as the newest report has it."""
    row = each.new or each.old
    origin = getattr(row, one.what, None) if one.what in ("start", "stop") else None
    if origin is None or not origin.file:
        return ""
    return f" ({shown(str(origin.file), _LONG)} row {origin.row})"


def _told(each: Because, value: Any) -> str:
    if each.what in _LENGTHS and isinstance(value, int | float) and abs(value) < _ENDLESS:
        return exact_length(round(value * 1_000_000), 0)
    return _value(value)


_ENDLESS = 1e12  # seconds; what is longer was written by nobody's slaaudit


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return shown(" ".join(str(each) for each in value.values() if each is not None), _LONG)
    return shown(_at(str(value)), _LONG)


def _at(text: str) -> str:
    """An instant without its letters; any other text as it is."""
    try:
        at = dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return text
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _periods(title: str, rows: Sequence[ChangedPeriod], width: int, *, verbose: bool) -> Iterator[Text]:
    if not rows:
        return
    yield Text(f"{title}: {len(rows):,}", HEADING)
    for each in rows if verbose else rows[:_FEW]:
        _, clause, component, period, *_ = each.key
        about = " ".join(filter(None, [shown(clause, _LONG), shown(component, _LONG), shown(period, _LONG)]))
        yield from paragraph(f"{about}: {_period_turn(each)}", width, 2, 2)
        yield from _why(each, width)
    if not verbose and len(rows) > _FEW:
        yield from paragraph(f"and {len(rows) - _FEW:,} more; --verbose shows all, --format json has each", width)


def _period_turn(each: ChangedPeriod) -> str:
    old, new = _state_of(each.old), _state_of(each.new)
    if each.old is None:
        return f"new: {new}"
    if each.new is None:
        return f"gone: {old}"
    return f"{old} → {new}" if old != new else f"{new}, on other terms"


def _state_of(item: dict[str, Any] | None) -> str:
    if item is None:
        return ""
    if "verdict" in item:
        return shown(str(item["verdict"]), _LONG) + (", waived" if item.get("waived") else "")
    return _value(item.get("granted") or item.get("credit"))


def _last(found: Difference) -> Text:
    """What it comes to."""
    counts = found.counts
    names = {"new": "new", "gone": "gone", "changed": "changed", "waiver": "waived or no longer so"}
    told = [f"{number:,} {names[change]}" for change, number in counts.items() if number]
    same = f"{count(found.same, 'verdict')} the same" if found.same else ""
    numbers = f", {found.other_numbers:,} of them on other numbers" if found.other_numbers else ""
    if not told:
        return Text(f"Nothing differs: {same or 'no verdict in either'}{numbers}.", GOOD)
    rest = f"; {same}{numbers}" if same else ""
    return Text(f"They differ: {', '.join(told)}{rest}.", BAD)
