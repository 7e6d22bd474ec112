"""What an export holds, for people: section by section, file by file, the last line being the next command."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from slaaudit import __version__
from slaaudit.report.inspection_words import (
    SHAPES,
    meaning_of,
    oddity_sentence,
    rejected_sentence,
    runner_up_sentence,
    text_sentence,
    time_sentence,
    value_flag,
    zone_sentence,
)
from slaaudit.report.layout import DOUBTFUL, HEADING, Column, labelled, paragraph, table
from slaaudit.report.page import heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count, to_the_minute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from slaaudit.evidence.inspection import ColumnFact, FileFacts, Inspection, Vocabulary
    from slaaudit.policy import LoadedPolicy

_FEW = 12
_SAMPLE = 20
_NAME = 24  # the longest name of a column, or word, that is shown whole
_HEADERS = {
    "severity": "Severities",
    "status": "Statuses",
    "event": "Events",
    "channel": "Channels",
    "type": "Types",
    "up_or_down": "Up or down",
    "planned": "Planned",
    "cause": "Causes",
    "environment": "Environments",
    "component": "Components",
}


def print_inspection(
    inspection: Inspection, policy: LoadedPolicy | None, following: str, console: Console, *, verbose: bool = False
) -> None:
    """Print what was told of each file, then the next command to run."""
    few = None if verbose else _FEW
    text = Text().append(f"slaaudit {__version__}\n", HEADING)
    for facts in inspection.files:
        for section in _sections(facts, policy, console.width, few):
            for number, line in enumerate(section):
                text.append("\n" if not number else "").append_text(line).append("\n")
    for note in inspection.notes:
        text.append("\n").append(shown(note)).append("\n")
    console.print(text, soft_wrap=True)
    console.print(Text(f"Next: {shown(following)}"), soft_wrap=True)


def _sections(facts: FileFacts, policy: LoadedPolicy | None, width: int, few: int | None) -> Iterator[Iterable[Text]]:
    yield _file(facts, width)
    yield _to_settle(facts, width)
    yield _read_columns(facts, width)
    yield _unused_columns(facts, width, few)
    yield _times(facts, width)
    for vocabulary in facts.vocabularies:
        yield _words(vocabulary, width, few)
    if policy:
        yield _severities(facts, policy, width)
    yield _oddities(facts, width)


def _file(facts: FileFacts, width: int) -> Iterator[Text]:
    yield heading(shown(facts.path))
    shape = SHAPES.get(facts.shape, facts.shape) if not facts.refusal else f"not told; it may be {SHAPES[facts.shape]}"
    yield from labelled("Shape", shape, width)
    by = f", told by {', '.join(facts.recognised_by)}" if facts.recognised_by else ""
    profile = f"{facts.profile}: {facts.title}" if facts.title else facts.profile or "none"
    yield from labelled("Profile", f"{profile}{by}", width)
    for other in facts.runners_up:
        yield from labelled("Not", runner_up_sentence(other), width)
    yield from labelled("Text", text_sentence(facts), width)
    rejected = sum(each.count for each in facts.rejected)
    cannot = f", {rejected:,} of them cannot be used" if rejected else ""
    yield from labelled("Rows", f"{facts.records:,}{cannot}", width)
    if facts.span:
        zone = ZoneInfo("UTC")
        first, last = (to_the_minute(at, zone) for at in facts.span)
        yield from labelled("Span", f"{first} to {last}{' by its own clock' if facts.lacks_zone else ' UTC'}", width)
    yield from labelled("Zone", zone_sentence(facts), width)
    for note in facts.notes:
        if note not in (f"separated by {facts.delimiter}", "read as UTF-16", "not UTF-8: read as Windows-1252"):
            yield from labelled("Note", note, width)


def _to_settle(facts: FileFacts, width: int) -> Iterator[Text]:
    """What ``check`` would refuse, and the flag that settles it."""
    if facts.is_ready:
        return
    yield Text("What is to be settled before check can read it", f"{HEADING} {DOUBTFUL}")
    for line in facts.refusal.split("\n") if facts.refusal else ():
        yield from paragraph(line.strip(), width, 4 if line.startswith(" ") else 2, 2)
    if not facts.usable:
        yield from paragraph("None of the rows can be used; the reasons stand below.", width, 2, 2)
    if facts.lacks_zone:
        yield from paragraph(
            "The times name no zone. Say whose local time they are with --timezone, for example --timezone "
            "Europe/Berlin or --timezone UTC, or in a mapping file (--write begins one).", width, 2, 2,
        )  # fmt: skip
    for time in facts.times:
        if time.trouble:
            yield from paragraph(time.trouble, width, 2, 2)


# --- columns ------------------------------------------------------------------------------------------------------


def _read_columns(facts: FileFacts, width: int) -> Iterator[Text]:
    if not facts.columns:
        return
    yield heading("Columns that are read")
    columns = [Column("FIELD"), Column("HEADER"), Column("FILLED", right=True)]
    rows = [
        (shown(column.field, _NAME), shown(column.header, _NAME), f"{column.filled:,}", _samples(column))
        for column in facts.columns
    ]
    yield from table([*columns, Column("VALUES", gives_way=True)], rows, width)


def _unused_columns(facts: FileFacts, width: int, few: int | None) -> Iterator[Text]:
    if not facts.unused:
        return
    yield heading("Columns that nothing reads (a policy may match them by name)")
    columns = [Column("HEADER"), Column("FILLED", right=True), Column("VALUES", gives_way=True)]
    rows = [
        (shown(column.header or column.field, _NAME), f"{column.filled:,}", _samples(column))
        for column in facts.unused[:few]
    ]
    yield from table(columns, rows, width)
    yield from _more(len(facts.unused), few, width)


def _samples(column: ColumnFact) -> str:
    samples = " | ".join(shown(sample, _SAMPLE) for sample in column.samples)
    return f"{column.how} after {column.after}: {samples}" if column.how and column.after else samples


def _more(total: int, few: int | None, width: int) -> list[Text]:
    return paragraph(f"and {total - few:,} more (--verbose shows them)", width) if few and total > few else []


def _times(facts: FileFacts, width: int) -> Iterator[Text]:
    if not facts.times:
        return
    yield heading("Times")
    for time in facts.times:
        yield from paragraph(f"{time.header}: {time_sentence(time)}", width, 2, 2)


# --- words --------------------------------------------------------------------------------------------------------


def _words(vocabulary: Vocabulary, width: int, few: int | None) -> Iterator[Text]:
    title = _HEADERS.get(vocabulary.field, f"Who is who, by {vocabulary.field}")
    unknown = len(vocabulary.unknown)
    told = f"; {count(unknown, 'word')} of {len(vocabulary.words):,} not known" if unknown else ""
    yield heading(f"{title} ({shown(vocabulary.header, 40) or 'the same in every row'}){told}")
    rows = [
        (shown(word.word, _NAME), f"{word.count:,}", meaning_of(vocabulary.field, word))
        for word in vocabulary.words[:few]
    ]
    columns = [Column("WORD"), Column("ROWS", right=True), Column("MEANING", gives_way=True)]
    yield from table(columns, rows, width)
    yield from _more(len(vocabulary.words), few, width)
    if unknown:
        yield from paragraph(f"Say what is meant, as in --value {value_flag(vocabulary)}", width, 2, 2)


def _severities(facts: FileFacts, policy: LoadedPolicy, width: int) -> Iterator[Text]:
    """Which severity of the policy each word is, those that are none first."""
    found = severities_under(facts, policy)
    if not found:
        return
    yield heading(f"Severities under {shown(policy.policy.id)}")
    rows = [(shown(word, _NAME), f"{number:,}", _severity(policy, name)) for word, number, name in found]
    yield from table([Column("WORD"), Column("ROWS", right=True), Column("SEVERITY")], rows, width)
    none = [word for word, _, name in found if name is None]
    if none:
        known = ", ".join(policy.policy.severities)
        yield from paragraph(
            f"Say what a word means with --value severity:{shown(none[0], 40)}=MEANING, where the meaning is a word "
            f"that the policy knows ({known}, or one of their aliases).", width, 2, 2,
        )  # fmt: skip


def severities_under(facts: FileFacts, policy: LoadedPolicy) -> Sequence[tuple[str, int, str | None]]:
    """Each severity word with its rows and the policy's severity, None first where there is none."""
    words = [word for each in facts.vocabularies if each.field == "severity" for word in each.words]
    found = [(word.word, word.count, policy.policy.severity_named(word.meaning)) for word in words]
    return sorted(found, key=lambda each: each[2] is not None)


def _severity(policy: LoadedPolicy, name: str | None) -> tuple[str, str]:
    if name is None:
        return "none: such a ticket has no target", DOUBTFUL
    title = policy.policy.severities[name].title
    return (f"{name} ({title})" if title else name), ""


def _oddities(facts: FileFacts, width: int) -> Iterator[Text]:
    sentences = [*map(rejected_sentence, facts.rejected), *(oddity_sentence(each) for each in facts.oddities)]
    if not sentences:
        return
    yield heading("What looks odd")
    for sentence in sentences:
        yield from paragraph(f"- {sentence}", width, 2, 2)
