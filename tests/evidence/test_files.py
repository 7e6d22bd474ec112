"""Files as they come: packed, encoded and delimited in every usual way, with rows that are broken."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from exports import events, evidence, instant, notes, rejected, written

from slaaudit.errors import EvidenceError, UsageError
from slaaudit.evidence import ReadOptions, read

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "ticket_id,created_at,status\nT,2026-03-02T10:00:00Z,open\nÜ,2026-03-02T11:00:00Z,new\n"
MEANT = ["T 2026-03-02 10:00:00 unknown created", "Ü 2026-03-02 11:00:00 unknown created"]


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("utf-16"), "read as UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "read as UTF-16"),
        (TEXT.encode("cp1252"), "not UTF-8: read as Windows-1252"),
        (TEXT.replace("\n", "\r\n").encode(), ""),
        (TEXT.replace("\n", "\r").encode(), ""),
        (TEXT.replace("\n", "\r\r\n").encode(), ""),
        (TEXT.replace(",", ";").encode(), "separated by semicolon"),
        (TEXT.replace(",", "\t").encode(), "separated by tab"),
        (TEXT.replace(",", "|").encode(), "separated by pipe"),
        (f"sep=;\n{TEXT.replace(',', ';')}".encode(), "separated by semicolon"),
        (f"\n\n{TEXT}\n\n".encode(), ""),
        (TEXT.rstrip("\n").encode(), ""),
        (gzip.compress(TEXT.encode(), mtime=0), ""),
        (TEXT.replace("ticket_id", '" Ticket_ID "').encode(), ""),
        (TEXT.replace("T,", '"T",').encode(), ""),
    ],
)
def test_text_comes_in_many_ways(tmp_path: Path, data: bytes, note: str) -> None:
    found = evidence(tmp_path, tickets=data)
    assert events(found) == MEANT
    assert notes(found) == note


def test_a_byte_far_down_the_file_tells_the_encoding(tmp_path: Path) -> None:
    rows = "".join(f"T{index},2026-03-02T10:00:00Z,open\n" for index in range(50_000))
    found = evidence(
        tmp_path, tickets=b"ticket_id,created_at,status\n" + rows.encode() + b"\xdc,2026-03-02T10:00:00Z,new\n"
    )
    assert found.tickets.ids[50_000] == "Ü"


def test_a_zip_of_one_file_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("__MACOSX/tickets.csv", "")
        archive.writestr("some/tickets.csv", TEXT)
    assert events(read([str(tmp_path / "export.zip")], ReadOptions())) == MEANT


def test_parquet_is_read_whatever_its_types(tmp_path: Path) -> None:
    created = pd.to_datetime(["2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"])
    frame = pd.DataFrame({"ticket_id": [7, 8], "created_at": created, "status": pd.Categorical(["open", "new"])})
    frame.to_parquet(tmp_path / "tickets.parquet")
    found = read([str(tmp_path / "tickets.parquet")], ReadOptions())
    assert events(found) == ["7 2026-03-02 10:00:00 unknown created", "8 2026-03-02 11:00:00 unknown created"]
    assert found.tickets.status[1] == "new"


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    found = read(["-"], ReadOptions())
    assert events(found) == MEANT
    assert found.inputs[0].path == "-"


def test_standard_input_is_read_once() -> None:
    with pytest.raises(UsageError, match="only once"):
        read(["-", "-"], ReadOptions())


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    first, second = written(tmp_path, tickets=TEXT, copy=TEXT)
    found = read([first, first, second], ReadOptions())
    assert events(found) == MEANT
    assert found.notes == (
        f"{first} is given twice; it is read once",
        f"{second} holds the same bytes as {first}; it is read once",
    )


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [
        *written(tmp_path / "a", tickets=TEXT),
        *written(tmp_path / "b", tickets=TEXT.replace("T,", "S,").replace("Ü", "X")),
    ]
    found = read(paths, ReadOptions())
    assert [each.path for each in found.inputs] == paths
    assert len(found.tickets) == 4


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    empty_row = evidence(tmp_path, tickets=gzip.compress(TEXT.encode(), mtime=0))
    assert len(empty_row.inputs[0].sha256) == 64
    import hashlib  # noqa: PLC0415 - only this test needs it

    assert empty_row.inputs[0].sha256 == hashlib.sha256((tmp_path / "tickets.csv").read_bytes()).hexdigest()


def test_rows_of_a_wrong_width_are_put_aside_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    rows = ["A,2026-03-02T10:00:00Z,open", "B,2026-03-02T10:00:00Z", "", "C,2026-03-02T10:00:00Z,open,x", "D,soon,open"]
    found = evidence(tmp_path, tickets="\n".join(["ticket_id,created_at,status", *rows, "E,2026-03-02T10:00:00Z,new"]))
    assert rejected(found) == [
        (3, "", "B,2026-03-02T10:00:00Z", "2 cells where the header has 3"),
        (4, "", "C,2026-03-02T10:00:00Z,open,x", "4 cells where the header has 3"),
        (5, "created_at", "soon", "no date and time that can be read"),
    ]
    assert found.events.row.tolist() == [2, 6]
    assert (found.inputs[0].rows, found.inputs[0].rejected) == (5, 3)


@pytest.mark.parametrize("text", ["a | b || c", "&lt;b&gt; &amp; &#64;x; y; z", "|`<&*_@[" * 12_500])
def test_cells_full_of_another_delimiter_are_no_columns_below_known_names(text: str, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    rows = [f'"{text}{number}",2026-03-02T10:00:00Z,"{text}","{text}","{text}"\n' for number in (1, 2)]
    path.write_text("ticket_id,created_at,subject,type,component\n" + "".join(rows), encoding="utf-8")
    found = read([str(path)], ReadOptions())
    assert list(found.tickets.ids.words) == [f"{text}1", f"{text}2"]
    assert found.rejected == ()


def test_quoted_cells_may_hold_line_breaks_and_delimiters(tmp_path: Path) -> None:
    text = 'ticket_id,created_at,region\n"A,1",2026-03-02T10:00:00Z,"north\nand ""south"""\nB,soon,x\n'
    found = evidence(tmp_path, tickets=text)
    assert found.tickets.ids[0] == "A,1"
    assert found.tickets.fields["region"][0] == 'north\nand "south"'
    assert rejected(found)[0][0] == 3


def test_a_quotation_mark_inside_a_cell_is_only_a_sign(tmp_path: Path) -> None:
    found = evidence(
        tmp_path, tickets='ticket_id,created_at,region\nA,2026-03-02T10:00:00Z,5" disk\nB,2026-03-02T11:00:00Z,x\n'
    )
    assert [found.tickets.fields["region"][index] for index in (0, 1)] == ['5" disk', "x"]


def test_a_file_that_changes_shape_half_way_loses_no_row_in_silence(tmp_path: Path) -> None:
    found = evidence(tmp_path, tickets=f"{TEXT}ticket_id,at,event,actor\nT,2026-03-02T12:00:00Z,reply,agent\n{TEXT}")
    assert found.inputs[0].rows == 7
    assert [row for row, *_ in rejected(found)] == [4, 5, 6]


def test_a_cell_of_200_mb_is_refused_in_little_time(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    with path.open("wb") as stream:
        stream.write(b'ticket_id,created_at,status\nT,2026-03-02T10:00:00Z,open\nU,2026-03-02T10:00:00Z,"')
        for _ in range(200):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"\n')
    with pytest.raises(EvidenceError) as refused:
        read([str(path)], ReadOptions())
    assert str(refused.value) == (
        f"{path}: row 3 is 191 MB long; a record may have 4 MB. A quotation mark that is never closed does this too. "
        "Repair the row, or export without the long column."
    )


def test_a_first_line_without_end_is_no_header(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="the first line is longer than 1 MB"):
        evidence(tmp_path, tickets=b"x" * 3_000_000)


def test_the_latest_instant_is_the_latest_event(tmp_path: Path) -> None:
    assert instant(evidence(tmp_path, tickets=TEXT).latest) == "2026-03-02 11:00:00"
