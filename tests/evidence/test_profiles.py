"""Each export profile reads a file of its system's shape, quirks and all, to the events that it must hold.

A fixture is a folder of ``tests/evidence/profiles``, named as its profile: the export, ``command.txt`` with its name
and flags, and ``expected.txt`` with what is read: events, the tickets' words, what is put aside, what is said.
"""

from __future__ import annotations

import random
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from exports import doubts, events
from mutants import FIXTURES, header_row, table, written

from slaaudit.errors import EvidenceError, SlaauditError
from slaaudit.evidence import Evidence, ReadOptions, fields, read
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.profile import published
from slaaudit.evidence.recognition import candidates
from slaaudit.evidence.sheets import opened
from slaaudit.evidence.tables import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable

IDS = sorted(profile.id for profile in published() if profile.shape in fields.OF_TICKETS)
TABLES = [profile for profile in IDS if not list((FIXTURES / profile).glob("*.json*"))]


def asked(profile: str) -> tuple[Path, ReadOptions]:
    """The export of a profile's fixture, and the flags that it is read with."""
    name, *flags = shlex.split((FIXTURES / profile / "command.txt").read_text("utf-8"))
    zone, values = None, []
    for flag, value in zip(flags[::2], flags[1::2], strict=True):
        if flag == "--timezone":
            zone = value
        else:
            field_and_word, _, meaning = value.rpartition("=")
            field, _, word = field_and_word.partition(":")
            values.append((field, word, meaning))
    return FIXTURES / profile / name, ReadOptions(timezone=zone, values=tuple(values))


def said(found: Evidence) -> str:
    """What was read, in lines."""
    lines = [f"profile {found.inputs[0].profile}", "", *events(found), ""]
    shown = ("severity", "status", "channel", "organization", "component", "type")
    for index, ticket in enumerate(found.tickets.ids.words):
        words = {"severity": found.tickets.severity, "status": found.tickets.status, **found.tickets.fields}
        told = [f"{name}={words[name][index]}" for name in shown if name in words and words[name].codes[index] != NONE]
        lines.append(f"{ticket}: {', '.join([*told, *sorted(doubts(found, ticket))])}")
    lines += [f"rejected row {each.row} {each.column} {each.value!r}: {each.reason}" for each in found.rejected]
    return "\n".join([*lines, "", *found.inputs[0].notes]) + "\n"


@pytest.mark.parametrize("profile", IDS)
def test_a_fixture_is_read_to_the_expected_events(profile: str) -> None:
    path, options = asked(profile)
    assert said(read([str(path)], options)) == (FIXTURES / profile / "expected.txt").read_text("utf-8")


@pytest.mark.parametrize("profile", IDS)
def test_a_fixture_is_recognised_as_its_own_profile_and_clearly_so(profile: str) -> None:
    path, _ = asked(profile)
    best, *others = candidates(Headers(opened(str(path)).headers))
    assert (best.profile.id, best.fits) == (profile, True)
    assert not [other.profile.id for other in others if other.fits and other.explained >= best.explained]


# --- no export is read wrongly in silence ---------------------------------------------------------------------------


def outcome(path: Path, options: ReadOptions) -> tuple[list[str], Evidence] | str:
    """The events in order of their lines, or the refusal."""
    try:
        found = read([str(path)], options)
    except SlaauditError as error:
        return str(error)
    return sorted(events(found)), found


def without_names(lines: list[str]) -> list[str]:
    """The lines without who did it, with a message's text or old value."""
    return [re.sub(r"^(.* [\d:.]+) \w+ ", r"\1 ", line).split(" (")[0] for line in lines]


@pytest.mark.parametrize("profile", TABLES)
def test_order_case_marks_and_delimiters_change_nothing(profile: str, tmp_path: Path) -> None:
    path, options = asked(profile)
    right = outcome(path, options)
    records, delimiter, _ = table(path)
    head = header_row(records)
    width = len(records[head])
    chance = random.Random(profile)  # noqa: S311 - the same mutants every time
    whole = [record for record in records if len(record) in (width, 1)]
    for case in (str.upper, str.lower, str.title):
        mutant = [[case(cell) for cell in record] if record is records[head] else record for record in whole]
        assert same(outcome(written(tmp_path, mutant, delimiter), options), right)
    for mark in (";", "|", "\t", ","):
        assert same(outcome(written(tmp_path, whole, mark, b"\xef\xbb\xbf"), options), right)
    for _ in range(5):
        order = chance.sample(range(width), width)
        mutant = [[record[place] for place in order] if len(record) == width else record for record in whole]
        assert same(outcome(written(tmp_path, mutant, delimiter), options), right)


def same(found: tuple[list[str], Evidence] | str, right: tuple[list[str], Evidence] | str) -> bool:
    return found[0] == right[0]


@pytest.mark.parametrize("profile", TABLES)
def test_a_column_that_is_gone_is_missed_and_nothing_else_takes_its_place(profile: str, tmp_path: Path) -> None:
    path, options = asked(profile)
    right, _ = outcome(path, options)
    records, delimiter, _ = table(path)
    width = len(records[header_row(records)])
    for gone in range(width):
        mutant = [record[:gone] + record[gone + 1 :] if len(record) == width else record for record in records]
        found = outcome(written(tmp_path, mutant, delimiter), options)
        if isinstance(found, str):
            continue
        assert set(without_names(found[0])) <= set(without_names(right))
        if without_names(found[0]) != without_names(right):
            told = " ".join(found[1].inputs[0].notes)
            assert "has not" in told or "not known" in told or found[1].rejected, records[header_row(records)][gone]


@pytest.mark.parametrize("profile", IDS)
def test_a_file_that_is_cut_tells_less_and_nothing_else(profile: str, tmp_path: Path) -> None:
    path, options = asked(profile)
    right, _ = outcome(path, options)
    data = path.read_bytes()
    chance = random.Random(profile)  # noqa: S311 - the same mutants every time
    for end in chance.sample(range(len(data)), 40):
        (tmp_path / path.name).write_bytes(data[:end])
        found = outcome(tmp_path / path.name, options)
        if not isinstance(found, str):
            told = {line for line in without_names(found[0]) if not line.endswith("status unknown")}
            assert without_texts(told) <= without_texts(without_names(right)), data[:end][-60:]


def without_texts(lines: Iterable[str]) -> set[str]:
    """The lines without the texts of messages and the names of assignees, whose end nobody can miss."""
    return {re.sub(r" (assigned|reply|note) .*", r" \1", line) for line in lines}


@pytest.mark.parametrize("profile", IDS)
def test_any_byte_may_be_wrong_without_a_crash(profile: str, tmp_path: Path) -> None:
    path, options = asked(profile)
    data = path.read_bytes()
    chance = random.Random(profile)  # noqa: S311 - the same mutants every time
    for place in chance.sample(range(len(data)), 20):
        mutant = bytearray(data)
        mutant[place] ^= 1 << chance.randrange(8)
        (tmp_path / path.name).write_bytes(mutant)
        outcome(tmp_path / path.name, options)


# --- what the docs say ----------------------------------------------------------------------------------------------


def test_the_docs_list_every_profile_with_what_it_rests_on() -> None:
    page = (Path(__file__).parents[2] / "docs" / "inputs.md").read_text("utf-8").split("## Exports that are known")[1]
    told = re.findall(r"^\| `([\w-]+)` \| (.+) \| (\w+) \| (.+) \|$", page, re.MULTILINE)
    shapes = {"tickets": "list", "events": "log"}
    known = [
        (
            profile.id,
            profile.system,
            shapes.get(str(profile.shape), profile.shape),
            ", ".join(name for name in ("seen", "documented", "assumed") if getattr(profile.facts, name)),
        )
        for profile in published()
    ]
    assert told == known


def test_every_profile_says_what_it_rests_on_and_has_a_fixture() -> None:
    for profile in published():
        assert profile.system
        assert any((profile.facts.seen, profile.facts.documented, profile.facts.assumed)), profile.id
    assert sorted(path.name for path in FIXTURES.iterdir()) == sorted(profile.id for profile in published())


def test_severities_of_a_profile_are_words_that_policies_know() -> None:
    known = {"critical", "urgent", "highest", "high", "normal", "medium", "moderate", "low", "lowest", *"1234"}
    for profile in published():
        assert set(profile.values.get("severity", {}).values()) <= known | {"planning"}, profile.id


def test_a_plain_list_is_read_by_its_plain_names(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("ticket_id,created_at,severity\nT,2026-03-02T10:00:00Z,S1\n")
    assert read([str(tmp_path / "plain.csv")], ReadOptions()).inputs[0].profile == "plain"


def test_a_zone_that_is_missing_is_asked_for_with_what_the_system_does() -> None:
    path, options = asked("freshdesk-tickets")
    with pytest.raises(EvidenceError, match=r"names no time zone.*Freshdesk writes the time zone of the account"):
        read([str(path)], ReadOptions(values=options.values))


def test_a_list_of_a_known_system_that_lacks_a_column_is_told_which(tmp_path: Path) -> None:
    path, options = asked("otrs-tickets")
    (tmp_path / "cut.csv").write_text(path.read_text("utf-8").replace(";Created;", ";Made;"))
    with pytest.raises(EvidenceError, match="most like those of otrs-tickets, which needs Created or Erstellt"):
        read([str(tmp_path / "cut.csv")], options)
