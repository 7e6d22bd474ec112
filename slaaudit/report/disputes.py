"""The audit under all readings for people: how firm the breaches are, and which question to settle first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.text import Text

from slaaudit import __version__
from slaaudit.extremes import extremes
from slaaudit.report.dispute_lines import caveats_of, levels_of, standings, turned_alone
from slaaudit.report.dispute_waived import what_is_waived
from slaaudit.report.extremes import extremes_sentence
from slaaudit.report.layout import BAD, DOUBTFUL, FAINT, GOOD, HEADING, Column, paragraph, table
from slaaudit.report.page import FEW, heading
from slaaudit.report.safe import shown
from slaaudit.report.sentences import waived_of
from slaaudit.report.words import count
from slaaudit.results import Caveat
from slaaudit.standing import Standing
from slaaudit.totals import caveat_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console

    from slaaudit.disputed import Disputed
    from slaaudit.extremes import Extreme
    from slaaudit.report.layout import Cell
    from slaaudit.standing import ClauseDispute

_BAR = 20
_SIGNS = ((Standing.SOLID, "█", BAD), (Standing.ARGUABLE, "▒", DOUBTFUL), (Standing.UNSETTLED, "?", DOUBTFUL),
          (Standing.CLEAR, "·", GOOD))  # fmt: skip


def print_disputes(found: Disputed, following: str, console: Console, *, verbose: bool = False) -> None:
    """Print every section, then the verdict; ``following`` is the next command to run."""
    width = console.width
    sections = [
        _how_firm(found, width),
        _questions(found, width),
        _both_extremes(found, width),
        _examples(found, Standing.SOLID, width, verbose=verbose),
        _examples(found, Standing.ARGUABLE, width, verbose=verbose),
        what_is_waived(found, width, verbose=verbose),
    ]
    text = Text().append(f"slaaudit {__version__}\n", HEADING)
    for section in sections:
        for number, line in enumerate(section):
            text.append("\n" if not number else "").append_text(line).append("\n")
    console.print(text, soft_wrap=True)
    print_standing(found, following, console)


def print_standing(found: Disputed, following: str, console: Console) -> None:
    """The one line that a quiet run prints."""
    counts, waived = standings(found.clauses), standings(found.clauses, waived=True)
    words = ["solid", "arguable", "clear", *(["unsettled"] if counts["unsettled"] else [])]
    said = ", ".join(f"{counts[word]:,} {word}{waived_of(counts[word], waived[word])}" for word in words)
    left = standings(found.clauses, waived=False)
    style = BAD if left["solid"] else DOUBTFUL if left["arguable"] else GOOD
    line = Text().append(f"{said} ({_unit(found)}).", style)
    console.print(line.append(f" Next: {shown(following)}" if following else ""), soft_wrap=True)


def _unit(found: Disputed) -> str:
    if all(one.is_of_service for one in found.clauses):
        return "periods x clauses"
    some = any(one.is_of_service for one in found.clauses)
    return "tickets and periods x clauses" if some else "tickets x clauses"


def _how_firm(found: Disputed, width: int) -> Iterator[Text]:
    yield heading("How firm the breaches are")
    has_unsettled = standings(found.clauses)["unsettled"] > 0
    columns = [
        Column("Clause", gives_way=True), Column(_level_word(found), gives_way=True),
        Column("Solid", right=True), Column("Arguable", right=True),
    ]  # fmt: skip
    columns += [Column("Unsettled", right=True)] if has_unsettled else []
    columns += [Column("Clear", right=True), *([Column("Waived", right=True)] if found.has_waivers else [])]
    columns += [Column("Solid to clear")]
    rows: list[list[Cell]] = []
    for one in found.clauses:
        names, levels = levels_of(found, one)
        rows += [
            _row(
                one,
                name,
                np.array([each == name for each in levels]),
                unsettled=has_unsettled,
                waived=found.has_waivers,
            )
            for name in names
            if name in levels
        ]
    yield from table(columns, rows, width)
    signs = ", ".join(f"{sign} {each.name.lower()}" for each, sign, _ in _SIGNS if has_unsettled or sign != "?")
    yield from paragraph(
        f"{signs}. Solid: breached under every reading; arguable: under some; clear: under none.", width, style=FAINT
    )
    for one in found.clauses:
        yield from paragraph(_evaluated(one), width, style=FAINT)
    yield from _thin(found, width)


def _thin(found: Disputed, width: int) -> Iterator[Text]:
    """How many breaches that stand rest on thin evidence."""
    thin = sum(
        int(np.count_nonzero((one.standing == Standing.SOLID) & (caveats_of(found, one) != 0))) for one in found.clauses
    )
    if thin:
        of = count(standings(found.clauses)["solid"], "solid breach", "solid breaches")
        said, them = ("carries", "it") if thin == 1 else ("carry", "them")
        yield from paragraph(
            f"{thin:,} of {of} {said} a caveat: the reading cannot turn {them}, better evidence might", width
        )


def _evaluated(one: ClauseDispute) -> str:
    combinations = count(len(one.readings.combinations), "combination")
    left = one.readings.left_out
    said = f"{one.clause}: {combinations} of {count(len(one.readings.choices), 'reading')} evaluated"
    if left:
        said += f", {left:,} left out, so nothing is called solid or clear; a higher --max-combinations evaluates them"
    return said


def _level_word(found: Disputed) -> str:
    """What tells the rows of a clause apart."""
    words = ["Component" if one.is_of_service else "Severity" for one in found.clauses]
    return " or ".join(dict.fromkeys(words)).capitalize()


def _row(one: ClauseDispute, level: str, rows: np.ndarray, *, unsettled: bool, waived: bool) -> list[Cell]:
    counts = {each: int(np.count_nonzero(one.standing[rows] == each)) for each in Standing}
    cells: list[Cell] = [one.clause, shown(level, 30) or ("all" if one.is_of_service else "unknown")]
    for each, _, style in _SIGNS:
        if unsettled or each is not Standing.UNSETTLED:
            cells.append((f"{counts[each]:,}", style if counts[each] else FAINT))
    if waived:
        cells.append(f"{int(np.count_nonzero(one.is_waived[rows])):,}")
    return [*cells, _bar(counts)]


def _bar(counts: Mapping[Standing, int]) -> str:
    """A bar of ``_BAR`` signs; a standing that has any ticket has at least one sign."""
    total = max(sum(counts.values()), 1)
    parts = {each: max(round(_BAR * counts[each] / total), 1) if counts[each] else 0 for each, _, _ in _SIGNS}
    longest = max(parts, key=lambda each: parts[each])
    parts[longest] += _BAR - sum(parts.values()) if sum(counts.values()) else 0
    return "".join(sign * parts[each] for each, sign, _ in _SIGNS)


def _questions(found: Disputed, width: int) -> Iterator[Text]:
    """The readings that turn a verdict alone, the one that turns the most first."""
    turned: dict[tuple[int, str], int] = {}
    for one in found.clauses:
        for name in one.readings.choices:
            turned[one.policy, name] = turned.get((one.policy, name), 0) + turned_alone(one, name)
    ordered = sorted((item for item in turned.items() if item[1]), key=lambda item: -item[1])
    if not ordered:
        return
    yield heading("Questions to settle with the vendor, the weightiest first")
    for (policy, name), number in ordered:
        reading = found.policies[policy].policy.readings[name]
        verdicts = "verdict turns" if number == 1 else "verdicts turn"
        in_force = found.policies[policy].readings[name]
        yield from paragraph(
            f"{number:,} {verdicts} on {name} alone (now {in_force}): {reading.question}", width, hang=2
        )


def _both_extremes(found: Disputed, width: int) -> Iterator[Text]:
    both = extremes(found.clauses, len(found.policies))
    if both is None:
        return
    yield heading("The extremes")
    default = sum(int(np.count_nonzero(one.table.breached)) for one in found.clauses)
    unit = _unit(found)
    yield from paragraph(extremes_sentence(default, both.vendor.breached, both.customer.breached, unit=unit), width)
    for side, extreme in (("vendor", both.vendor), ("customer", both.customer)):
        yield from paragraph(f"kindest to the {side}: {_changed(extreme)}", width, hang=2, style=FAINT)


def _changed(extreme: Extreme) -> str:
    changes = [f"{name}={choice}" for each in extreme.changes for name, choice in each.items()]
    return ", ".join(changes) or "the readings in force"


def _examples(found: Disputed, standing: Standing, width: int, *, verbose: bool) -> Iterator[Text]:
    rows = [(one, row) for one in found.clauses for row in np.flatnonzero(one.standing == standing).tolist()]
    if not rows:
        return
    chosen = rows if verbose else rows[:FEW]
    word = standing.name.lower()
    waived = waived_of(len(rows), standings(found.clauses, waived=True)[word])
    yield heading(f"{word.capitalize()} breaches: {len(rows):,}{waived}")
    caveats = {id(one): caveats_of(found, one) for one in found.clauses}
    for one, row in chosen:
        said = f"{shown(found.name(one, row), 60)}, {one.clause}"
        if standing is Standing.ARGUABLE:
            said += f": {_why(one, row)}"
        named = [caveat_name(each) for each in Caveat if int(caveats[id(one)][row]) & each]
        said += f"; evidence thin: {', '.join(named)}" if named else ""
        said += "; waived" if found.waived(one, row) else ""
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


def first_breach(found: Disputed) -> tuple[ClauseDispute, int] | None:
    """The first row that is solid, else the first that is arguable; what is waived comes after all that is not."""
    for waived in (False, True):
        for standing in (Standing.SOLID, Standing.ARGUABLE):
            for one in found.clauses:
                for row in np.flatnonzero((one.standing == standing) & (one.is_waived == waived))[:1].tolist():
                    return one, row
    return None
