"""The samples: made again they are the same bytes, and they hold what their README tells."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

from slaaudit.results import Verdict

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_data"
VENDORS = ("sequr", "capsure", "secpod", "securenvoy", "sequence")


def _module(name: str):
    spec = util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


SECTIONS = _module("readme_tables").sections()
STORIES = [(vendor, story) for vendor, section in SECTIONS.items() for story in section.stories]
OTHERWISE = [(vendor, story) for vendor, story in STORIES if story.otherwise]


def _name(value):
    return value if isinstance(value, str) else f"{value.ticket}-{value.clause}-{value.cycle}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The sets made again, with another hash order and in another time zone."""
    into = tmp_path_factory.mktemp("made")
    surroundings = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PATH": ""}
    command = [sys.executable, str(SAMPLES / "make.py"), "--into", str(into)]
    subprocess.run(command, check=True, capture_output=True, env=surroundings, cwd=into)
    return into


def test_made_again_the_sets_are_the_same_bytes(made):
    for vendor in VENDORS:
        files = sorted(path.name for path in (made / vendor).iterdir())
        assert files == sorted(path.name for path in (SAMPLES / vendor).glob("*.csv"))
        for name in files:
            assert (made / vendor / name).read_bytes() == (SAMPLES / vendor / name).read_bytes(), f"{vendor}/{name}"


def test_every_vendor_has_a_section():
    assert tuple(SECTIONS) == VENDORS


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_set_is_small_and_has_60_to_200_tickets(vendor):
    for path in (SAMPLES / vendor).glob("*.csv"):
        assert path.stat().st_size < 100_000
    assert 60 <= SECTIONS[vendor].tickets <= 200


@pytest.mark.parametrize("vendor", VENDORS)
def test_people_are_roles_with_numbers(vendor):
    people = "agent|customer|account|organization|technician|consultant|automation"
    for path in (SAMPLES / vendor).glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text))
        for column in ("author", "Performed by", "Account Name", "Created By (Ticket)"):
            if column in header:
                named = {row[header.index(column)] for row in rows}
                assert named
                assert all(re.fullmatch(rf"({people})(-\d\d)?(@[a-z]+\.example)?", who, re.IGNORECASE) for who in named)


def _of(audited, vendor, reading=None):
    section = SECTIONS[vendor]
    return audited(tuple(section.files), section.flag("--policy"), section.flag("--mapping"), reading)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_set_has_the_tickets_told_and_misses_are_a_minority(audited, vendor):
    found = _of(audited, vendor)
    assert len(found.audit.evidence.tickets) == SECTIONS[vendor].tickets
    met, breached = found.count(Verdict.MET), found.count(Verdict.BREACHED)
    assert 0.1 <= breached / (met + breached) <= 0.25
    assert found.count(Verdict.RUNNING)
    assert found.audit.evidence.rejected


@pytest.mark.parametrize(("vendor", "story"), STORIES, ids=_name)
def test_a_story_ends_as_told(audited, vendor, story):
    found = _of(audited, vendor)
    assert found.verdict(story.ticket, story.clause, story.cycle) == story.verdict
    if story.took is not None:
        assert found.took(story.ticket, story.clause, story.cycle) == story.took


@pytest.mark.parametrize(("vendor", "story"), OTHERWISE, ids=_name)
def test_another_reading_turns_the_verdict(audited, vendor, story):
    reading, verdict = story.otherwise
    assert verdict != story.verdict
    assert _of(audited, vendor, reading).verdict(story.ticket, story.clause, story.cycle) == verdict


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_command_prints_what_the_readme_shows(vendor):
    section = SECTIONS[vendor]
    command = [sys.executable, "-m", "slaaudit", *section.command]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stderr
    assert run.stdout.splitlines()[-1].startswith(section.prints)


def test_the_published_sequence_policy_measures_nothing():
    command = [sys.executable, "-m", "slaaudit", "check", *SECTIONS["sequence"].files, "--policy", "sequence"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 3
