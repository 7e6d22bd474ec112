"""Each profile of incidents, maintenance and usage reads a file of its system's shape to exactly what it must hold.

The fixtures stand beside those of tickets, in ``tests/evidence/profiles``, and are changed in the same ways.
"""

from __future__ import annotations

import random
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from exports import incidents, maintenance, usage
from mutants import FIXTURES, header_row, table, written

from slaaudit.errors import EvidenceError, SlaauditError, UsageError
from slaaudit.evidence import Operations, ReadOptions, fields, read, read_operations
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.inspecting import inspect
from slaaudit.evidence.profile import published
from slaaudit.evidence.recognition import candidates
from slaaudit.evidence.sheets import opened
from slaaudit.report.mapping_text import mapping_text

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = {profile.id: str(profile.shape) for profile in published() if profile.shape in fields.OF_OPERATIONS}
TABLES = [profile for profile in SHAPES if (FIXTURES / profile / "export.csv").exists()]
PLAIN = {"component", "environment", "severity", "cause", "planned", "title", "status"}
NOW = 1_800_000_000_000_000


@dataclass(frozen=True)
class Asked:
    """An export, the shape that it is given as, and the flags that it is read with."""

    path: Path
    shape: str
    options: ReadOptions

    def read(self, path: Path | None = None, options: ReadOptions | None = None) -> Operations:
        given = {shape: [str(path or self.path)] if shape == self.shape else [] for shape in fields.OF_OPERATIONS}
        return read_operations(**given, options=options or self.options)


def asked(profile: str) -> Asked:
    name, *flags = shlex.split((FIXTURES / profile / "command.txt").read_text("utf-8"))
    pairs = [*zip(flags[::2], flags[1::2], strict=True)]
    zone = next((value for flag, value in pairs if flag == "--timezone"), None)
    stated = tuple(tuple(value.split("=", 1)) for flag, value in pairs if flag == "--set")
    return Asked(FIXTURES / profile / name, SHAPES[profile], ReadOptions(timezone=zone, set_fields=stated))


def lines(found: Operations) -> list[str]:
    return [*incidents(found), *maintenance(found), *usage(found)]


def said(found: Operations) -> str:
    """What was read, in lines."""
    told = [f"profile {found.inputs[0].profile}", "", *lines(found), ""]
    told += [f"rejected row {each.row} {each.column} {each.value!r}: {each.reason}" for each in found.rejected]
    return "\n".join([*told, "", *found.inputs[0].notes, *found.notes]) + "\n"


@pytest.mark.parametrize("profile", SHAPES)
def test_a_fixture_is_read_to_exactly_what_it_holds(profile: str) -> None:
    expected = (FIXTURES / profile / "expected.txt").read_text("utf-8")
    assert said(asked(profile).read()) == expected


@pytest.mark.parametrize("profile", SHAPES)
def test_a_fixture_is_recognised_as_its_own_profile_and_clearly_so(profile: str) -> None:
    headers = Headers(opened(str(asked(profile).path)).headers)
    best, *others = [each for each in candidates(headers) if each.profile.shape == SHAPES[profile]]
    assert (best.profile.id, best.fits) == (profile, True)
    assert not [other.profile.id for other in others if other.fits and other.explained >= best.explained]


# --- no export is read wrongly in silence ---------------------------------------------------------------------------


def outcome(profile: str, path: Path | None = None) -> tuple[list[str], Operations] | str:
    """What is told of each incident or window, without fields of other names, or the refusal."""
    one = asked(profile)
    try:
        found = one.read(path)
    except SlaauditError as error:
        return str(error)
    return sorted(plain(line) for line in lines(found)), found


def plain(line: str) -> str:
    """A line without the fields that have a header's name, which may be written in another case."""
    kept = [part for part in re.split(r"(?<=\S), (?=[\w .]+=)", line) if not _is_other(part)]
    return ", ".join(sorted(kept))


def _is_other(part: str) -> bool:
    name = part.split("=", maxsplit=1)[0].rsplit(" ", 1)[-1] if "=" in part else ""
    return bool(name) and name not in PLAIN | {"share"} and " .. " not in part


def spans(told: list[str]) -> set[str]:
    """Only the times, with the counts of windows."""
    stamp = r"(?:[\d-]{10} [\d:.]+|-)"
    return {found[0] for line in told if (found := re.search(rf"{stamp} \.\. {stamp}(?: \d+ of \d+)?", line))}


@pytest.mark.parametrize("profile", TABLES)
def test_order_case_marks_and_delimiters_change_nothing(profile: str, tmp_path: Path) -> None:
    right = outcome(profile)
    records, delimiter, _ = table(asked(profile).path)
    head = header_row(records)
    width = len(records[head])
    chance = random.Random(profile)  # noqa: S311 - the same mutants every time
    for case in (str.upper, str.lower, str.title):
        mutant = [[case(cell) for cell in record] if record is records[head] else record for record in records]
        assert outcome(profile, written(tmp_path, mutant, delimiter))[0] == right[0]
    for mark in (";", "|", "\t", ","):
        assert outcome(profile, written(tmp_path, records, mark, b"\xef\xbb\xbf"))[0] == right[0]
    for _ in range(5):
        order = chance.sample(range(width), width)
        mutant = [[record[place] for place in order] for record in records]
        assert outcome(profile, written(tmp_path, mutant, delimiter))[0] == right[0]


@pytest.mark.parametrize("profile", TABLES)
def test_a_column_that_is_gone_is_missed_and_nothing_else_takes_its_place(profile: str, tmp_path: Path) -> None:
    right, _ = outcome(profile)
    records, delimiter, _ = table(asked(profile).path)
    for gone in range(len(records[header_row(records)])):
        mutant = [record[:gone] + record[gone + 1 :] for record in records]
        found = outcome(profile, written(tmp_path, mutant, delimiter))
        if isinstance(found, str):
            continue
        told = " ".join(found[1].inputs[0].notes)
        if found[0] != right:
            assert "has not" in told, records[header_row(records)][gone]
        more = spans(found[0]) - spans(right)  # without a status nobody knows that an incident without an end is over
        assert not more or ("(status)" in told and all(each.endswith(".. -") for each in more))


@pytest.mark.parametrize("profile", SHAPES)
def test_a_file_that_is_cut_tells_less_and_nothing_else(profile: str, tmp_path: Path) -> None:
    right, _ = outcome(profile)
    path = asked(profile).path
    data = path.read_bytes()
    chance = random.Random(profile)  # noqa: S311 - the same mutants every time
    for end in chance.sample(range(len(data)), 40):
        (tmp_path / path.name).write_bytes(data[:end])
        found = outcome(profile, tmp_path / path.name)
        if isinstance(found, str):
            continue
        told = " ".join(found[1].inputs[0].notes)
        for span in spans(found[0]):
            is_cut_status = "status not known" in told and span.endswith(".. -")
            assert is_cut_status or any(is_inside(span, other) for other in spans(right)), data[:end][-60:]


def is_inside(span: str, other: str) -> bool:
    """Whether a span is another one, or its later part: a cut log of changes may lack a first change."""
    (start, end), (first, last) = span.split(" .. "), other.split(" .. ")
    return end == last and start >= first


@pytest.mark.parametrize("profile", SHAPES)
def test_any_byte_may_be_wrong_without_a_crash(profile: str, tmp_path: Path) -> None:
    path = asked(profile).path
    data = path.read_bytes()
    chance = random.Random(profile)  # noqa: S311 - the same mutants every time
    for place in chance.sample(range(len(data)), 20):
        mutant = bytearray(data)
        mutant[place] ^= 1 << chance.randrange(8)
        (tmp_path / path.name).write_bytes(mutant)
        outcome(profile, tmp_path / path.name)


# --- what inspect tells of them -------------------------------------------------------------------------------------

INSPECTED = [profile for profile in SHAPES if profile != "upptime-incidents"]  # by its headers a list of GitHub issues


@pytest.mark.parametrize("profile", INSPECTED)
def test_what_is_told_of_a_fixture_is_what_reading_it_finds(profile: str) -> None:
    one = asked(profile)
    (facts,) = inspect([str(one.path)], one.options, NOW).files
    found = one.read()

    assert (facts.profile, facts.shape, facts.refusal) == (profile, one.shape, "")
    assert facts.is_ready
    assert facts.records == found.inputs[0].rows
    assert sum(each.count for each in facts.rejected) == len(found.rejected)


@pytest.mark.parametrize("profile", INSPECTED)
def test_a_mapping_written_from_a_fixture_reads_it_as_its_profile_does(profile: str, tmp_path: Path) -> None:
    one = asked(profile)
    (facts,) = inspect([str(one.path)], one.options, NOW).files
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(mapping_text(facts), "utf-8")

    again = one.read(options=ReadOptions(mapping=str(mapping), set_fields=one.options.set_fields))
    assert lines(again) == lines(one.read())
    assert again.inputs[0].profile == "export"


# --- files in the wrong place, and what their systems do not tell ---------------------------------------------------


@pytest.mark.parametrize("profile", INSPECTED)
def test_among_tickets_such_an_export_is_told_its_flag(profile: str) -> None:
    one = asked(profile)
    with pytest.raises(EvidenceError, match=f"this is a file of {one.shape}; give it with --{one.shape}"):
        read([str(one.path)], ReadOptions(timezone="UTC"))


def test_a_report_without_dates_needs_them_said() -> None:
    one = asked("nagios-hosts")
    with pytest.raises(EvidenceError, match=r"tells no dates.*--set window_start=2026-05-01T00:00Z"):
        one.read(options=ReadOptions())
    with pytest.raises(UsageError, match="with its zone"):
        one.read(options=ReadOptions(set_fields=(("window_start", "2026-05-01"), ("window_end", "2026-06-01"))))
    with pytest.raises(UsageError, match="that is no time"):
        one.read(options=ReadOptions(timezone="UTC", set_fields=(("window_start", "May"), ("window_end", "June"))))


def test_a_last_change_is_no_end_where_no_status_says_that_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    text = (FIXTURES / "pagerduty-api" / "export.csv").read_text("utf-8").replace(",status,", ",condition,")
    path.write_text(text, "utf-8")
    with pytest.raises(EvidenceError, match="no status that is known, so nobody knows whether its last change is"):
        asked("pagerduty-api").read(path)


def test_an_unknown_change_is_rejected_with_the_flag_that_settles_it(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    text = (FIXTURES / "uptimerobot-logs" / "export.csv").read_text("utf-8")
    path.write_text(text.replace("Paused,Blog", "SSL,Blog"), "utf-8")
    one = asked("uptimerobot-logs")
    (row,) = one.read(path).rejected
    assert (row.row, row.value, row.reason[:44]) == (7, "SSL", "neither up nor down; say what is meant with ")
    settled = ReadOptions(timezone="Europe/London", values=(("up_or_down", "SSL", "unwatched"),))
    assert lines(one.read(path, settled)) == lines(one.read())


def test_a_mapping_may_say_what_a_report_without_dates_is_of(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "slaaudit-profile: 1\nconstants: {window_start: 2026-05-01T00:00Z, window_end: 2026-06-01T00:00Z}\n"
    )
    one = asked("nagios-hosts")
    assert lines(one.read(options=ReadOptions(mapping=str(tmp_path / "mapping.yaml")))) == lines(one.read())


def test_a_sum_needs_all_its_columns(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "slaaudit-profile: 1\nshape: usage\ncolumns:\n  window_start: From\n  window_end: Until\n"
        "  total: {column: Good, plus: [Bad, Ugly]}\n  failed: Bad\n"
    )
    path = tmp_path / "export.csv"
    path.write_text("From,Until,Good,Bad\n2026-05-01T00:00Z,2026-05-02T00:00Z,7,3\n")
    options = ReadOptions(mapping=str(tmp_path / "mapping.yaml"))
    with pytest.raises(EvidenceError, match="no column Ugly, which is a part of total"):
        asked("nagios-hosts").read(path, options)
    path.write_text("From,Until,Good,Bad,Ugly\n2026-05-01T00:00Z,2026-05-02T00:00Z,7,3,1\n")
    assert lines(asked("nagios-hosts").read(path, options)) == ["2026-05-01 00:00:00 .. 2026-05-02 00:00:00 3 of 11"]


def test_changes_in_any_order_make_the_same_outages(tmp_path: Path) -> None:
    head, *rows = (FIXTURES / "uptimerobot-logs" / "export.csv").read_text("utf-8").splitlines()
    path = tmp_path / "export.csv"
    path.write_text("\n".join([head, *rows[::-1]]) + "\n", "utf-8")
    one = asked("uptimerobot-logs")
    assert spans(lines(one.read(path))) == spans(lines(one.read()))


def test_changes_of_one_instant_keep_the_order_of_the_file_whichever_end_is_new(tmp_path: Path) -> None:
    rows = ["2026-05-01T10:00Z,down", "2026-05-01T10:05Z,up", "2026-05-01T10:05Z,down", "2026-05-01T10:09Z,up"]
    path = tmp_path / "log.csv"
    for order in (rows, rows[::-1]):
        path.write_text("\n".join(["started_at,up_or_down", *order]) + "\n")
        found = read_operations([str(path)], [], [], ReadOptions())
        assert spans(lines(found)) == {
            "2026-05-01 10:00:00 .. 2026-05-01 10:05:00",
            "2026-05-01 10:05:00 .. 2026-05-01 10:09:00",
        }
