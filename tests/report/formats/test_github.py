"""A run on GitHub: the summary fits, outputs come back whole, and no foreign text starts a command."""

from __future__ import annotations

import copy
import io
import re

import pytest

from slaaudit.errors import Fault, UsageError
from slaaudit.report import as_github
from slaaudit.report.as_github import LARGEST, step_summary, write_github
from slaaudit.report.from_record import View
from slaaudit.report.github import annotation, inert, output


@pytest.fixture
def runner(tmp_path, monkeypatch):
    """The files that the runner names."""
    files = {name: tmp_path / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for name, path in files.items():
        path.touch()
        monkeypatch.setenv(name, str(path))
    monkeypatch.delenv("COLUMNS", raising=False)
    return files


def printed(record):
    stream = io.StringIO()
    write_github(record, stream)
    return stream.getvalue()


def outputs_of(text):
    """Outputs as the runner reads them."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, end = line.split("<<", 1)
        value = []
        while (each := next(lines)) != end:
            value.append(each)
        found[name] = "\n".join(value)
    return found


def test_the_summary_is_appended_and_the_outputs_are_set(sample_record, runner):
    runner["GITHUB_STEP_SUMMARY"].write_text("before\n")
    text = printed(sample_record)

    assert runner["GITHUB_STEP_SUMMARY"].read_text().startswith("before\n# Support audit: not kept\n")
    assert outputs_of(runner["GITHUB_OUTPUT"].read_text()) == {
        "verdict": "not-kept", "breaches": "41", "credit": "6 days", "claim_by": "2026-04-16",
    }  # fmt: skip
    assert "Not kept: 3 of 3 periods" in text


def test_hostile_text_starts_no_command(hostile_record, runner):
    for line in printed(hostile_record).split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert line.isprintable() or "\ufffe" in line
    assert set(outputs_of(runner["GITHUB_OUTPUT"].read_text("utf-8"))) == {"verdict", "breaches", "credit", "claim_by"}


def test_without_the_runners_variables_only_the_text_is_printed(sample_record, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)

    assert "Not kept" in printed(sample_record)
    assert list(tmp_path.iterdir()) == []


def test_a_summary_of_very_many_breaches_is_kept_below_the_limit(rich_record):
    made = copy.deepcopy(rich_record)
    breach = next(row for row in made["measurements"] if row["verdict"] == "breached" and not row["waived"])
    made["measurements"] = [breach | {"ticket": "\u00e9|`" * 60} for _ in range(5000)]
    text = step_summary(View(made), LARGEST)

    assert len(text.encode()) <= LARGEST
    assert "Shown are 500 of 5,000; 4,500 more" in text


@pytest.mark.parametrize("room", [0, 50, 500, 2_000, 8_000, 20_000])
def test_a_summary_takes_no_more_room_than_there_is_and_ends_whole(rich_record, room):
    text = step_summary(View(rich_record), room)

    assert len(text.encode()) <= room
    assert text == "" or text.endswith("\n")
    for line in text.splitlines():
        assert line.count("|") == 0 or line.endswith(" |")


def test_what_stands_in_the_file_already_counts(sample_record, runner, monkeypatch):
    monkeypatch.setattr(as_github, "LARGEST", 10_000)
    runner["GITHUB_STEP_SUMMARY"].write_text("x" * 6_000)
    printed(sample_record)

    assert 6_000 < runner["GITHUB_STEP_SUMMARY"].stat().st_size <= 10_000


@pytest.mark.usefixtures("runner")
def test_a_file_that_cannot_be_written_is_told_with_its_variable(sample_record, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path))
    with pytest.raises(UsageError, match=r"\$GITHUB_OUTPUT names: Is a directory"):
        printed(sample_record)


def test_an_output_ends_where_no_value_can_end_it():
    ends = {re.match(r"credit<<(\w+)\n", output("credit", "x"))[1] for _ in range(20)}
    assert len(ends) == 20


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("a,b:c%.yaml", 3, 7, "no such\nkey"), "::error file=a%2Cb%3Ac%25.yaml,line=3,col=7::no such\\nkey"),
        (Fault("a.yaml", 0, 0, "::stop"), "::error file=a.yaml::::stop"),
        (Fault("a.yaml", 1, 1, "odd", "say b", severity="warning"), "::warning file=a.yaml,line=1,col=1::odd: say b"),
    ],
)
def test_a_fault_is_one_annotation(fault, told):
    assert annotation(fault) == told


@pytest.mark.parametrize("line", ["::error::x", " \u00a0::x", "a ##[error]b", "##vso[task.x]"])
def test_a_line_that_would_be_a_command_is_taken_apart(line):
    made = inert(line)
    assert not made.lstrip().startswith("::")
    assert "##[" not in made
    assert "##vso[" not in made
