"""One ticket's measurements, each with its worksheet: every stretch of time, counted or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from slaaudit.policy.grammar import DAY, SECOND
from slaaudit.report.findings import finding_text
from slaaudit.report.lane import lane
from slaaudit.report.layout import BAD, DOUBTFUL, FAINT, GOOD, HEADING, labelled, paragraph
from slaaudit.report.safe import shown
from slaaudit.report.sentences import caveat_sentence, reason_sentence, settling
from slaaudit.report.waived import waiver_words
from slaaudit.report.words import exact_length, length, local, of_calendar, zone_name
from slaaudit.report.worksheet import Sheet, rules_of, sheet_of, worksheet_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from slaaudit.audit import Audit
    from slaaudit.report.findings import Seen
    from slaaudit.report.lines import Line, Origin

_STYLES = {"met": GOOD, "breached": BAD, "running": DOUBTFUL, "unknown": DOUBTFUL}


def print_explanation(
    audit: Audit, found: Sequence[Line], console: Console, *, verbose: bool, findings: Sequence[Seen] = ()
) -> None:
    """Print the measurements ticket by ticket, in the report's order, then what the record shows of them."""
    ticket: str | None = None
    for line in found:
        if line.ticket != ticket:
            ticket = line.ticket
            _print(ticket_lines(audit, line, console.width), console)
        _print(measurement_lines(sheet_of(audit, line), console.width, verbose=verbose), console)
    if findings:
        _print(_findings(findings, console.width), console)
    measured = set(audit.measurements.ticket.tolist())
    for row in range(len(audit.evidence.tickets)):
        if row not in measured:
            _print(_unmeasured(audit.evidence.tickets.ids[row] or "", console.width), console)


def _findings(findings: Sequence[Seen], width: int) -> Iterator[Text]:
    yield Text("What the record shows", HEADING)
    for each in findings:
        yield from paragraph(f"{each.kind}: {finding_text(each)}", width, 2, 2)


def _unmeasured(ticket: str, width: int) -> Iterator[Text]:
    yield Text(shown(f"Ticket {ticket}", 200), HEADING)
    yield from paragraph("No clause has a clock that ran for it.", width)


def _print(lines: Iterator[Text], console: Console) -> None:
    for line in lines:
        console.print(line, soft_wrap=True)
    console.print()


def ticket_lines(audit: Audit, line: Line, width: int) -> Iterator[Text]:
    """The ticket of a measurement: its id, what the list says of it, and as of when it is judged."""
    tickets = audit.evidence.tickets
    row = int(audit.measurements.ticket[line.at])
    yield Text(shown(f"Ticket {line.ticket}", 200), HEADING)
    told = {"severity": tickets.severity[row], "status": tickets.status[row]}
    told |= {name: words[row] for name, words in tickets.fields.items()}
    fields = ", ".join(f"{name} {shown(value, 60)}" for name, value in told.items() if value)
    if fields:
        yield from labelled("Fields", fields, width)
    kind = "as asked" if audit.as_of_given else "the latest event in the files"
    zone = ZoneInfo(audit.policies[line.policy].policy.timezone)
    yield from labelled("As of", f"{local(audit.as_of, zone)} {zone_name(audit.as_of, zone)}, {kind}", width)


def measurement_lines(sheet: Sheet, width: int, *, verbose: bool) -> Iterator[Text]:
    """A measurement: its verdict, the promise, from when to when, its worksheet, and the same drawn."""
    line = sheet.line
    cycle = f", cycle {line.cycle}" if line.cycle > 1 else ""
    severity = f", {line.severity}" if line.severity else ""
    title = f"{line.title} [{line.clause}]" if line.title != line.clause else line.clause
    yield from _headed(f"{title}{severity}{cycle}:", verdict_words(sheet), _STYLES.get(line.verdict, ""), width)
    for label, text in _facts(sheet):
        yield from labelled(label, text, width)
    if not sheet.rows:
        return
    yield Text("")
    yield from worksheet_lines(sheet, width, verbose=verbose)
    drawn = lane(sheet.rows, line.due_at, width - 4)
    if drawn is not None:
        yield Text("")
        yield Text("  " + drawn.marks)
        yield from paragraph(f"{', '.join(drawn.legend)}; each is {_about(drawn.step)}", width, style=FAINT)


def _headed(head: str, verdict: str, style: str, width: int) -> Iterator[Text]:
    """A heading and its verdict: in one line, or the verdict below where that is too long."""
    one = Text().append(shown(head), HEADING).append(" ").append(shown(verdict), style)
    if one.cell_len <= width:
        yield one
    else:
        yield from paragraph(head, width, 0, 2, HEADING)
        yield from paragraph(verdict, width, 2, 2, style)


def _about(step: int) -> str:
    """The length of a lane's character, to the second where it has any."""
    return f"about {length(step - step % SECOND)}" if step > SECOND and step % SECOND else length(step)


def verdict_words(sheet: Sheet) -> str:
    """The verdict in the contract's words, with what it is by."""
    line = sheet.line
    what = of_calendar(line.calendar)
    over = length(line.over or 0, sheet.day) + what
    left = length(max((line.target or 0) - (line.elapsed or 0), 0), sheet.day) + what
    if line.verdict == "breached":
        still = ", and still open" if line.stopped_at is None else ""
        waived = ", waived" if line.waived is not None else ""
        word = "missed its target by" if line.binding == "target" else "breached by"
        return f"{word} {over}{still}{waived}"
    if line.verdict == "met":
        return f"met, with {left} to spare" if line.target != line.elapsed else "met, to the last instant"
    if line.verdict == "running":
        return f"running, {left} left"
    if line.verdict == "no-target":
        why = sheet.audit.policies[line.policy].policy.clauses[line.clause].why
        return "no target" + (f" ({why})" if why else "")
    if line.verdict == "superseded":
        return "superseded by a change of severity"
    return f"{line.verdict}: {reason_sentence(line.reason or '')}"


def _facts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    line = sheet.line
    promise = _promise(sheet)
    if promise:
        yield "Promise", promise
    if line.started_at is not None:
        yield "From", f"{sheet.at(line.started_at)}{_source(line.start)}"
    if line.stopped_at is not None:
        yield "To", f"{sheet.at(line.stopped_at)}{_source(line.stop)}"
    elif line.verdict in ("running", "breached"):
        yield "To", f"{sheet.at(sheet.audit.as_of)}, as of which it is open"
    if line.due_at is not None or line.target is not None:
        yield "Due", _due_words(sheet)
    if line.elapsed is not None and line.target is not None:
        took = exact_length(line.elapsed, sheet.day) + of_calendar(line.calendar)
        yield "Took", f"{took}{_day_note(sheet)}; the target is {sheet.target}"
    if line.paused_most is not None:
        yield "Paused", _pause_words(sheet)
    yield from _remarks(sheet)


def _remarks(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Where the verdict is thin, who waived it, and what settles it."""
    line = sheet.line
    for caveat in line.caveats:
        yield "Caveat", f"{caveat}: {caveat_sentence(caveat)}"
    waiver = sheet.audit.waived.of(line.at) if sheet.audit.waived else None
    if waiver is not None:
        yield "Waived", waiver_words(waiver)
    settled = settling(line.reason or "", list(sheet.audit.policies[line.policy].policy.severities))
    if settled:
        yield "Settle it", settled


def _promise(sheet: Sheet) -> str:
    """The target as the policy writes it, with its line and the contract's section."""
    line = sheet.line
    clause = sheet.audit.policies[line.policy].policy.clauses[line.clause]
    words = " / ".join(f"{rule.within.text} on {rule.calendar}" for rule in rules_of(sheet)) or "no target"
    section = f", section {clause.section}" if clause.section else ""
    return f"{words}: {place_of(sheet.audit, line)}{section}"


def place_of(audit: Audit, line: Line) -> str:
    """The policy's line that states the rule of the target, else the clause: ``policies/acme.yaml:22``."""
    places = audit.policies[line.policy].places
    clause = ("clauses", line.clause)
    targets = (*clause, "targets", line.severity or "")
    rule = (*targets, int(audit.measurements.rule[line.at]))
    place = places.get(rule) or places.get(targets) or places.get(clause)
    if place is not None:
        return f"{place.file}:{place.line}"
    return audit.policies[line.policy].path


def _source(found: Origin | None) -> str:
    """Where an event stands in the exports: ``, tickets.csv row 3, first_response_at (vendor)``."""
    if found is None:
        return ""
    told = [found.actor] if found.actor != "unknown" else []
    told += [f"by {shown(found.who, 40)}"] if found.who and found.who.casefold() != found.actor else []
    told += [repr(shown(found.word, 40))] if found.word else []
    column = f", {shown(found.column, 40)}" if found.column else ""
    return f", {found.file} row {found.row:,}{column}" + (f" ({', '.join(told)})" if told else "")


def _due_words(sheet: Sheet) -> str:
    line = sheet.line
    if line.due_at is None and line.paused_most is not None:
        return "nobody can say"
    if line.due_at is None:
        return "not while the clock does not run"
    return sheet.at(line.due_at) + _earliest_note(line) + _closed_hours_note(line)


def _pause_words(sheet: Sheet) -> str:
    """What is known of pauses whose total alone the export tells."""
    line = sheet.line
    least, most = (exact_length(paused or 0, sheet.day) for paused in (line.paused, line.paused_most))
    if line.paused == line.paused_most:
        return f"{most} in all; nothing says when"
    return f"at most {most}{f', at least {least}' if line.paused else ''}; nothing says when"


def _earliest_note(line: Line) -> str:
    """Pauses that nobody can see may have put off what was due."""
    is_sure = line.paused_most is None or (line.verdict == "met" and line.paused_most == line.paused)
    return "" if is_sure else " at the earliest"


def _closed_hours_note(line: Line) -> str:
    late = line.due_at is not None and line.stopped_at is not None and line.stopped_at > line.due_at
    return "; it ended after that, but in hours that do not count" if line.verdict == "met" and late else ""


def _day_note(sheet: Sheet) -> str:
    days = (sheet.line.elapsed or 0) >= sheet.day
    return f" (1d is {length(sheet.day, 0)})" if days and sheet.day != DAY else ""
