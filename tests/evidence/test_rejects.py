"""The list of rejected rows as a file: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from slaaudit.errors import UsageError
from slaaudit.evidence import write_rejects
from slaaudit.evidence.tables import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = [
    Rejected("tickets.csv", 7, "no date and time that can be read", "created_at", '=HYPERLINK("x")'),
    Rejected("tickets.csv", 9, "2 cells where the header has 3", value="A,\nB"),
]


def test_the_rows_stand_in_a_csv_file(tmp_path: Path) -> None:
    write_rejects(ROWS, str(tmp_path / "rejects.csv"))
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["file", "row", "reason", "column", "value"],
            ["tickets.csv", "7", "no date and time that can be read", "created_at", '\'=HYPERLINK("x")'],
            ["tickets.csv", "9", "2 cells where the header has 3", "", "A,\nB"],
        ]
    assert [each.name for each in tmp_path.iterdir()] == ["rejects.csv"]


def test_without_rows_the_file_has_its_header(tmp_path: Path) -> None:
    write_rejects([], str(tmp_path / "rejects.csv"))
    assert (tmp_path / "rejects.csv").read_bytes() == b"file,row,reason,column,value\r\n"


def test_a_file_that_cannot_be_finished_is_not_begun(tmp_path: Path) -> None:
    def broken() -> Iterator[Rejected]:
        yield ROWS[0]
        raise RuntimeError

    (tmp_path / "rejects.csv").write_text("as it was")
    with pytest.raises(RuntimeError):
        write_rejects(broken(), str(tmp_path / "rejects.csv"))
    assert (tmp_path / "rejects.csv").read_text() == "as it was"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the rejected rows cannot be written"):
        write_rejects(ROWS, str(tmp_path / "nowhere" / "rejects.csv"))
