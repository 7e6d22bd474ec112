"""Columns that tell how long a ticket waited in all are lengths of time, and never moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exports import doubts, evidence, rejected

from slaaudit.errors import MappingError
from slaaudit.evidence import ReadOptions
from slaaudit.evidence.tables import MISSING

if TYPE_CHECKING:
    from pathlib import Path

    from slaaudit.evidence import Evidence

HEAD = "ticket_id,created_at,resolved_at,status,"
TIMES = "2026-03-02T10:00:00Z,2026-03-02T20:00:00Z,resolved"


def mapping(folder: Path, columns: str) -> ReadOptions:
    path = folder / "mapping.yaml"
    path.write_text(f"slaaudit-profile: 1\ncolumns:\n  {columns}\n")
    return ReadOptions(mapping=str(path))


def seconds(found: Evidence, name: str) -> list[int | None]:
    return [None if micros == MISSING else micros // 1_000_000 for micros in found.tickets.totals[name].micros.tolist()]


def test_jiras_time_in_each_status_is_summed_over_the_statuses_that_wait(tmp_path: Path) -> None:
    found = evidence(
        tmp_path,
        mapping(tmp_path, "waiting_total: {column: Chart, statuses: ['10007', '3']}"),
        tickets=HEAD + "Chart\n"
        f"T1,{TIMES},10007_*:*_1_*:*_3600000_*|*_10249_*:*_3_*:*_7200000_*|*_3_*:*_2_*:*_1500\n"
        f"T2,{TIMES},110007_*:*_1_*:*_3600000\nT3,{TIMES},\nT4,{TIMES},soon\n",
    )
    assert seconds(found, "waiting_total") == [3601, 0, None, None]  # 3,600 s and 1.5 s
    assert found.tickets.totals["waiting_total"].micros[0] == 3_601_500_000
    assert rejected(found) == [(5, "Chart", "soon", "no length of time that can be read")]


def test_a_cell_that_is_no_length_is_rejected_and_its_ticket_stays(tmp_path: Path) -> None:
    found = evidence(
        tmp_path,
        mapping(tmp_path, "hold_total: {column: Hold, as: minutes}"),
        tickets=HEAD + f"Hold\nT1,{TIMES},90\nT2,{TIMES},a while\nT3,{TIMES},-5\n",
    )
    assert seconds(found, "hold_total") == [5400, None, None]
    assert [(row, reason) for row, _, _, reason in rejected(found)] == [
        (3, "no length of time that can be read"),
        (4, "a length of time below zero"),
    ]
    assert len(found.events) == 6


def test_a_bare_number_needs_a_unit(tmp_path: Path) -> None:
    found = evidence(tmp_path, tickets=HEAD + f"waiting_total\nT1,{TIMES},90\nT2,{TIMES},1:30:00\n")
    assert seconds(found, "waiting_total") == [None, 5400]
    assert "a number without a unit" in rejected(found)[0][3]


def test_rows_of_one_ticket_that_differ_in_a_total_disagree(tmp_path: Path) -> None:
    found = evidence(tmp_path, tickets=HEAD + f"waiting_total\nT1,{TIMES},1h\nT1,{TIMES},2h\n")
    assert "conflicting-rows" in doubts(found, "T1")


def test_a_total_of_a_ticket_that_waits_now_is_not_the_whole(tmp_path: Path) -> None:
    times = "2026-03-02T10:00:00Z,"
    found = evidence(
        tmp_path,
        tickets=HEAD + f"waiting_total\nT1,{times},waiting,1h\nT2,{times},open,1h\nT3,{times},Parked,1h\n"
        f"T4,{times},,1h\nT5,{TIMES[:-8]},1h\nT6,{times},waiting,\n",
    )
    unfinished = [ticket for ticket in found.tickets.ids.words if "totals-unfinished" in doubts(found, ticket)]
    assert unfinished == ["T1", "T3", "T4"]


def test_only_lengths_may_be_counted_in_business_hours(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="resolved_at is no length of time"):
        evidence(
            tmp_path,
            mapping(tmp_path, "resolved_at: {column: Solved, counted: business}"),
            tickets=HEAD + f"Solved\nT1,{TIMES},x\n",
        )
