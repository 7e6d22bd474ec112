"""What is told of every profile's fixture before it is read, and the mapping written from it, which says the same."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from exports import doubts, events

from slaaudit.evidence import Evidence, ReadOptions, read
from slaaudit.evidence.inspecting import inspect
from slaaudit.evidence.profile import published
from slaaudit.report.mapping_text import mapping_text

if TYPE_CHECKING:
    from slaaudit.evidence.inspection import FileFacts

FIXTURES = Path(__file__).parent / "profiles"
IDS = sorted(profile.id for profile in published())
NOW = 1_800_000_000_000_000


def asked(profile: str) -> tuple[str, ReadOptions]:
    """The export of a profile's fixture, and the flags that it is read with."""
    name, *flags = shlex.split((FIXTURES / profile / "command.txt").read_text("utf-8"))
    pairs = [*zip(flags[::2], flags[1::2], strict=True)]
    values = [text.rpartition("=") for flag, text in pairs if flag == "--value"]
    triples = tuple((*text.split(":", 1), meaning) for text, _, meaning in values)
    zone = next((text for flag, text in pairs if flag == "--timezone"), None)
    return str(FIXTURES / profile / name), ReadOptions(timezone=zone, values=triples)


def told(found: Evidence) -> list[str]:
    """Everything that was read."""
    words = {"severity": found.tickets.severity, "status": found.tickets.status, **found.tickets.fields}
    lines = events(found)
    for index, ticket in enumerate(found.tickets.ids.words):
        fields = sorted(f"{name}={column[index]}" for name, column in words.items())
        lines += [f"{ticket}: {', '.join(fields)}; {', '.join(sorted(doubts(found, ticket)))}"]
    return [*lines, *map(str, found.rejected)]


def facts_of(path: str, options: ReadOptions) -> FileFacts:
    (facts,) = inspect([path], options, NOW).files
    return facts


@pytest.mark.parametrize("profile", IDS)
def test_a_mapping_written_from_a_fixture_reads_it_as_its_profile_does(profile: str, tmp_path: Path) -> None:
    path, options = asked(profile)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(mapping_text(facts_of(path, options)), "utf-8")

    assert told(read([path], ReadOptions(mapping=str(mapping)))) == told(read([path], options))


@pytest.mark.parametrize("profile", IDS)
def test_what_is_told_of_a_fixture_is_what_reading_it_finds(profile: str) -> None:
    path, options = asked(profile)
    facts = facts_of(path, options)
    found = read([path], options)
    told_words = {word.word for words in facts.vocabularies if words.field == "status" for word in words.words}
    read_words = {word for word in found.tickets.status.words[:] if word}

    assert facts.is_ready
    assert (facts.profile, facts.shape) == (profile, found.inputs[0].role)
    assert facts.records == found.inputs[0].rows
    assert sum(each.count for each in facts.rejected) <= len(found.rejected)
    assert facts.span is not None
    assert facts.span[0] <= found.latest
    assert read_words <= told_words | {""}


@pytest.mark.parametrize("profile", IDS)
def test_a_fixture_is_told_without_its_flags_too(profile: str) -> None:
    path, options = asked(profile)
    facts = facts_of(path, ReadOptions())

    assert facts.profile == profile
    assert facts.lacks_zone <= (options.timezone is not None)
    assert not facts.refusal
