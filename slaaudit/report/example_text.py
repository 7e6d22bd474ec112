"""How a policy's examples went, for people: each that fails with what differs, and the worksheet behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from slaaudit.report import service_sections
from slaaudit.report.explain import print_explanation
from slaaudit.report.layout import BAD, DOUBTFUL, GOOD, HEADING, Column, paragraph, table
from slaaudit.report.lines import lines
from slaaudit.report.safe import shown
from slaaudit.report.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from slaaudit.policy.example_reader import PolicyExamples
    from slaaudit.rehearsal import Rehearsal
    from slaaudit.report.example_facts import Miss
    from slaaudit.report.layout import Cell


def print_failure(rehearsal: Rehearsal, found: Sequence[Miss], console: Console, *, verbose: bool) -> None:
    """Print an example that fails: where it stands, what differs, and how the audit came to what it says."""
    for line in _differences(rehearsal, found, console.width):
        console.print(line, soft_wrap=True)
    console.print()
    if rehearsal.audit is not None:
        clauses = {each.clause for each in found}
        rows = [line for line in lines(rehearsal.audit) if line.clause in clauses]
        print_explanation(rehearsal.audit, rows, console, verbose=verbose)
    elif rehearsal.assessment is not None:
        page = service_sections.Service(rehearsal.assessment, console.width, verbose)
        for section in (service_sections.periods, service_sections.excluded_time, service_sections.credited):
            for line in section(page):
                console.print(line, soft_wrap=True)
        console.print()


def _differences(rehearsal: Rehearsal, found: Sequence[Miss], width: int) -> Iterator[Text]:
    trial = rehearsal.trial
    yield (
        Text(shown(f"{trial.place.file}:{trial.place.line}: "))
        .append("fails", BAD)
        .append(shown(f": {trial.name}"), HEADING)
    )
    if trial.told.why:
        yield from paragraph(trial.told.why, width)
    if trial.told.readings:
        said = ", ".join(f"{name}={choice}" for name, choice in trial.told.readings.items())
        yield from paragraph(f"under {said}", width)
    columns = [Column("Clause"), Column("Field"), Column("Expected", gives_way=True), Column("Got", gives_way=True)]
    cells: list[list[Cell]] = [
        [f"{each.clause} {each.about}".strip(), each.field, each.expected, (each.got, BAD)] for each in found
    ]
    yield from table(columns, cells, width)


def print_holding(rehearsal: Rehearsal, console: Console) -> None:
    """Print an example that holds, in one line."""
    trial = rehearsal.trial
    line = (
        Text(shown(f"{trial.place.file}:{trial.place.line}: ")).append("holds", GOOD).append(shown(f": {trial.name}"))
    )
    console.print(line, soft_wrap=True)


def print_sum(examples: PolicyExamples, failed: int, console: Console) -> None:
    """Print the last line on a policy: how many of its examples hold."""
    name, number = shown(examples.loaded.path), len(examples.trials)
    if not number:
        line, style = f"{name}: no examples, so nothing is tested", DOUBTFUL
    elif failed:
        line, style = f"{name}: {failed:,} of {count(number, 'example')} {'fails' if failed == 1 else 'fail'}", BAD
    else:
        line, style = f"{name}: {count(number, 'example')} {'holds' if number == 1 else 'hold'}", GOOD
    console.print(Text(line, style), soft_wrap=True)
    if not number:
        for each in _where_to_write(examples, console.width):
            console.print(each, soft_wrap=True)


def _where_to_write(examples: PolicyExamples, width: int) -> Iterator[Text]:
    found = examples.loaded.found
    beside = f"{found.stem}.examples.yaml"
    yield from paragraph(f"write them under examples: in {found.name}, or in {beside} beside it", width)
    if examples.extended:
        said = f"{examples.extended}, which it extends, has examples of its own; they are not inherited"
        yield from paragraph(said, width)
