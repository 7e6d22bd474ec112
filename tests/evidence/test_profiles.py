"""Each export profile reads a file of its system's shape, quirks and all, to the events that it must hold.

A fixture is a folder of ``tests/evidence/profiles``, named as its profile: the export, ``command.txt`` with its name
and flags, and ``expected.txt`` with what is read: events, the tickets' words, what is put aside, what is said.
"""

from __future__ import annotations

import csv
import io
import shlex
from pathlib import Path

import pytest
from exports import doubts, events

from slaaudit.errors import SlaauditError
from slaaudit.evidence import Evidence, ReadOptions, read
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.profile import published
from slaaudit.evidence.recognition import candidates
from slaaudit.evidence.sheets import opened
from slaaudit.evidence.tables import NONE

FIXTURES = Path(__file__).parent / "profiles"
IDS = sorted(profile.id for profile in published())


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
