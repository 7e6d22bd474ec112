"""The outages of the samples: what the README tells of them is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from slaaudit.assessment import Asked, assess
from slaaudit.evidence import ReadOptions, read_operations
from slaaudit.policy import load
from slaaudit.report.service_outcome import service_outcome
from slaaudit.report.service_page import sentence
from slaaudit.report.sums import percent

ROOT = Path(__file__).resolve().parents[2]
MINUTE = 60_000_000
README = (ROOT / "sample_data" / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ slaaudit (credits .*)\n(.*)$", README, re.MULTILINE)
AS_OF = {"securenvoy": 1_778_454_000_000_000, "sequence": 1_793_491_200_000_000}  # the ends of 10 May and 31 October


def _assessed(vendor, *, usage=(), **readings):
    folder = ROOT / "sample_data" / vendor
    known = read_operations(
        [str(folder / "incidents.csv")], [str(folder / "maintenance.csv")], [str(ROOT / each) for each in usage],
        ReadOptions(),
    )  # fmt: skip
    return assess(known, [load(vendor, readings)], Asked(AS_OF[vendor]))


def _rows(found):
    return {row.span.name: row for row in found.uptimes}


@pytest.mark.parametrize(("command", "line"), COMMANDS, ids=["securenvoy", "sequence"])
def test_a_command_prints_the_line_shown(command, line) -> None:
    words = shlex.split(command)
    found = _assessed(words[words.index("--policy") + 1])
    assert sentence(found, service_outcome(found)) == line


def test_march_is_an_hour_short_and_that_is_what_breaches_it() -> None:
    march = _rows(_assessed("securenvoy"))["2026-03"]
    assert (march.downtime, march.total, percent(march.availability)) == (446 * MINUTE, 743 * 60 * MINUTE, "98.9995%")
    assert march.missed
    assert march.downtime < 744 * 60 * MINUTE / 100


def test_the_unknown_cause_decides_april() -> None:
    april = _rows(_assessed("securenvoy"))["2026-04"]
    assert (april.downtime, april.excluded, april.missed) == (450 * MINUTE, 360 * MINUTE, True)
    assert not _rows(_assessed("securenvoy", **{"unknown-cause": "does-not"}))["2026-04"].missed


def test_may_is_judged_by_its_log_ins_where_they_are_counted() -> None:
    may = _rows(_assessed("securenvoy", usage=["sample_data/securenvoy/usage.csv"]))["2026-05"]
    assert may.method == "failure-rate"
    assert may.failed > 9000


def test_the_list_of_exclusions_may_be_read_to_concern_support_alone() -> None:
    default = {row.exclusion for row in _assessed("securenvoy").excluded()}
    assert "maintenance-and-upgrades" in default
    other = {row.exclusion for row in _assessed("securenvoy", **{"exclusions-scope": "support-only"}).excluded()}
    assert other == set()


def test_sequences_readings_move_its_minutes() -> None:
    downtime = {month: row.downtime // MINUTE for month, row in _rows(_assessed("sequence")).items()}
    assert downtime == {"2026-08": 30, "2026-09": 40, "2026-10": 50}
    london = _rows(_assessed("sequence", zone="london"))
    assert [london[month].downtime // MINUTE for month in ("2026-09", "2026-10")] == [20, 70]
    assert _rows(_assessed("sequence", **{"downtime-means": "impaired"}))["2026-08"].missed
