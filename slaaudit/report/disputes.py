"""The audit under all readings for people: how firm the breaches are, and which question to settle first."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import numpy as np
from rich.text import Text

from slaaudit import __version__
from slaaudit.dispute import Standing, own_rows
from slaaudit.evidence.tables import NONE
from slaaudit.extremes import extremes
from slaaudit.report.layout import BAD, DOUBTFUL, FAINT, GOOD, HEADING, Column, paragraph, table
from slaaudit.report.page import FEW, heading
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from slaaudit.audit import Audit
    from slaaudit.dispute import ClauseDispute
    from slaaudit.extremes import Extreme
    from slaaudit.report.layout import Cell

_BAR = 20
_SIGNS = ((Standing.SOLID, "█", BAD), (Standing.ARGUABLE, "▒", DOUBTFUL), (Standing.UNSETTLED, "?", DOUBTFUL),
          (Standing.CLEAR, "·", GOOD))  # fmt: skip


def standings(found: Sequence[ClauseDispute]) -> dict[str, int]:
    """How many tickets x clauses have each standing."""
    every = np.concatenate([np.zeros(0, np.int8), *(one.standing for one in found)])
    return {each.name.lower(): int(np.count_nonzero(every == each)) for each in Standing}


def print_disputes(
    audit: Audit, found: Sequence[ClauseDispute], flags: Sequence[str], console: Console, *, verbose: bool = False
) -> None:
    """Print every section, then the verdict with the next command to run, whose flags are ``flags``."""
    width = console.width
    sections = [
        _how_firm(audit, found, width),
        _questions(audit, found, width),
        _both_extremes(audit, found, width),
        _examples(audit, found, Standing.SOLID, width, verbose=verbose),
        _examples(audit, found, Standing.ARGUABLE, width, verbose=verbose),
    ]
    text = Text().append(f"slaaudit {__version__}\n", HEADING)
    for section in sections:
        for number, line in enumerate(section):
            text.append("\n" if not number else "").append_text(line).append("\n")
    console.print(text, soft_wrap=True)
    console.print(_verdict(audit, found, flags), soft_wrap=True)


def _how_firm(audit: Audit, found: Sequence[ClauseDispute], width: int) -> Iterator[Text]:
    yield heading("How firm the breaches are")
    has_unsettled = standings(found)["unsettled"] > 0
    columns = [Column("Clause", gives_way=True), Column("Severity", gives_way=True), Column("Solid", right=True),
               Column("Arguable", right=True)]  # fmt: skip
    columns += [Column("Unsettled", right=True)] if has_unsettled else []
    columns += [Column("Clear", right=True), Column("Solid to clear")]
    rows: list[list[Cell]] = []
    for one in found:
        severity = _severities(audit, one)
        names = [*audit.policies[one.policy].policy.severities, ""]
        rows += [
            _row(one, level, np.array([each == level for each in severity]), unsettled=has_unsettled)
            for level in names
            if level in severity
        ]
    yield from table(columns, rows, width)
    signs = ", ".join(f"{sign} {each.name.lower()}" for each, sign, _ in _SIGNS if has_unsettled or sign != "?")
    yield from paragraph(
        f"{signs}. Solid: breached under every reading; arguable: under some; clear: under none.", width, style=FAINT
    )
    for one in found:
        yield from paragraph(_evaluated(one), width, style=FAINT)


def _evaluated(one: ClauseDispute) -> str:
    count, left = len(one.readings.combinations), one.readings.left_out
    said = f"{one.clause}: {count:,} combination{'s' * (count != 1)} of {len(one.readings.choices)} readings evaluated"
    if left:
        said += f", {left:,} left out, so nothing that depends on them is called solid or clear; --max-combinations"
    return said


def _row(one: ClauseDispute, level: str, rows: np.ndarray, *, unsettled: bool) -> list[Cell]:
    count = {each: int(np.count_nonzero(one.standing[rows] == each)) for each in Standing}
    cells: list[Cell] = [one.clause, level or "unknown"]
    for each, _, style in _SIGNS:
        if unsettled or each is not Standing.UNSETTLED:
            cells.append((f"{count[each]:,}", style if count[each] else FAINT))
    return [*cells, _bar(count)]


def _bar(count: Mapping[Standing, int]) -> str:
    """A bar of ``_BAR`` signs; a standing that has any ticket has at least one sign."""
    total = max(sum(count.values()), 1)
    parts = {each: max(round(_BAR * count[each] / total), 1) if count[each] else 0 for each, _, _ in _SIGNS}
    longest = max(parts, key=lambda each: parts[each])
    parts[longest] += _BAR - sum(parts.values()) if sum(count.values()) else 0
    return "".join(sign * parts[each] for each, sign, _ in _SIGNS)


def _severities(audit: Audit, one: ClauseDispute) -> list[str]:
    """The severity that each row's first measurement has under the choices in force."""
    rows = audit.measurements
    policy = audit.policies[one.policy].policy
    own = own_rows(audit, one)[::-1]
    first = np.full(len(audit.evidence.tickets), NONE, np.int64)
    first[rows.ticket[own]] = rows.severity[own]
    names = [*policy.severities, ""]
    return [names[level] for level in first[one.table.ticket].tolist()]


def _questions(audit: Audit, found: Sequence[ClauseDispute], width: int) -> Iterator[Text]:
    """The readings that turn a verdict alone, the one that turns the most first."""
    turned: dict[tuple[int, str], int] = {}
    for one in found:
        for bit, name in enumerate(one.readings.choices):
            number = int(np.count_nonzero(one.table.turning >> bit & 1))
            turned[one.policy, name] = turned.get((one.policy, name), 0) + number
    ordered = sorted((item for item in turned.items() if item[1]), key=lambda item: -item[1])
    if not ordered:
        return
    yield heading("Questions to settle with the vendor, the weightiest first")
    for (policy, name), number in ordered:
        reading = audit.policies[policy].policy.readings[name]
        verdicts = "verdict turns" if number == 1 else "verdicts turn"
        in_force = audit.policies[policy].readings[name]
        yield from paragraph(
            f"{number:,} {verdicts} on {name} alone (now {in_force}): {reading.question}", width, hang=2
        )


def _both_extremes(audit: Audit, found: Sequence[ClauseDispute], width: int) -> Iterator[Text]:
    both = extremes(found, len(audit.policies))
    if both is None:
        return
    yield heading("The extremes")
    default = sum(int(np.count_nonzero(one.table.breached)) for one in found)
    yield from paragraph(extremes_sentence(default, both.vendor.breached, both.customer.breached), width)
    for side, extreme in (("vendor", both.vendor), ("customer", both.customer)):
        yield from paragraph(f"kindest to the {side}: {_changed(extreme)}", width, hang=2, style=FAINT)


def extremes_sentence(default: int, vendor: int, customer: int) -> str:
    """The two extremes in one line."""
    breaches = "breach" if default == 1 else "breaches"
    return (
        f"{default:,} {breaches} by the readings in force; {vendor:,} under the vendor's kindest, "
        f"{customer:,} under the customer's"
    )


def _changed(extreme: Extreme) -> str:
    changes = [f"{name}={choice}" for each in extreme.changes for name, choice in each.items()]
    return ", ".join(changes) or "the readings in force"


def _examples(
    audit: Audit, found: Sequence[ClauseDispute], standing: Standing, width: int, *, verbose: bool
) -> Iterator[Text]:
    rows = [(one, row) for one in found for row in np.flatnonzero(one.standing == standing).tolist()]
    if not rows:
        return
    chosen = rows if verbose else rows[:FEW]
    word = standing.name.lower()
    yield heading(f"{word.capitalize()} breaches: {len(rows):,}")
    ids = audit.evidence.tickets.ids
    for one, row in chosen:
        ticket = ids[int(one.table.ticket[row])]
        said = f"{shown(str(ticket), 60)}, {one.clause}"
        if standing is Standing.ARGUABLE:
            said += f": {_why(one, row)}"
        yield from paragraph(said, width, hang=2)
    if len(chosen) < len(rows):
        yield from paragraph(
            f"and {len(rows) - len(chosen):,} more; --verbose shows all, --format json has each", width
        )


def _why(one: ClauseDispute, row: int) -> str:
    """What turns one arguable breach."""
    turned = "saved by" if one.table.breached[row] else "a breach by"
    place = int(one.table.saves[row] if one.table.breached[row] else one.table.makes[row])
    changes = ", ".join(f"{name}={choice}" for name, choice in one.readings.combinations[place])
    share = f"breached in {int(one.table.breached_in[row]):,} of {int(one.table.evaluated[row]):,}"
    return f"{share}; {turned} {changes}"


def _verdict(audit: Audit, found: Sequence[ClauseDispute], flags: Sequence[str]) -> Text:
    count = standings(found)
    said = f"{count['solid']:,} solid, {count['arguable']:,} arguable, {count['clear']:,} clear"
    if count["unsettled"]:
        said += f", {count['unsettled']:,} unsettled"
    first = next(
        (
            str(audit.evidence.tickets.ids[int(one.table.ticket[row])])
            for standing in (Standing.SOLID, Standing.ARGUABLE)
            for one in found
            for row in np.flatnonzero(one.standing == standing)[:1]
        ),
        "",
    )
    line = Text().append(
        f"{said} (tickets x clauses).", BAD if count["solid"] else DOUBTFUL if count["arguable"] else GOOD
    )
    if first and first.isprintable() and not first.startswith("-"):
        line.append(f" Next: {shown(shlex.join(['slaaudit', 'explain', first, *flags]))}")
    return line
