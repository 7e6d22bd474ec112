"""Files of incidents, maintenance and usage that have a header and no rows, in every form that a file may have."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from workbooks import workbook

from slaaudit.errors import EvidenceError
from slaaudit.evidence import ReadOptions, read, read_operations

HEADER = ("incident_id", "started_at", "ended_at", "component", "planned", "affected_fraction", "status")


def _text(path):
    path.write_text(",".join(HEADER) + "\n\n")


def _semicolons_with_a_title(path):
    path.write_text("Outages of May\n" + ";".join(HEADER) + "\r\n")


def _workbook(path):
    path.write_bytes(workbook({"Outages": [list(HEADER)]}))


def _parquet(path):
    pq.write_table(pa.table({name: pa.array([], pa.string()) for name in HEADER}), path)


def _json(path):
    path.write_text("[]")


@pytest.mark.parametrize(
    ("write", "suffix"),
    [(_text, "csv"), (_semicolons_with_a_title, "csv"), (_workbook, "xlsx"), (_parquet, "parquet"), (_json, "json")],
)
def test_a_file_without_rows_tells_of_no_incidents_and_is_no_list_of_tickets(tmp_path, write, suffix) -> None:
    path = tmp_path / f"incidents.{suffix}"
    write(path)
    found = read_operations([str(path)], [], [], ReadOptions())
    assert (len(found.incidents), found.inputs[0].rows, found.rejected) == (0, 0, ())
    assert len(found.notes) == 1
    with pytest.raises(EvidenceError, match=r"no (rows|objects)"):
        read([str(path)], ReadOptions())


def test_files_with_and_without_rows_stand_beside_each_other(tmp_path) -> None:
    april, may = tmp_path / "april.csv", tmp_path / "may.csv"
    april.write_text("incident_id,started_at,ended_at\n1,2026-04-10T10:00Z,2026-04-10T11:00Z\n")
    may.write_text("incident_id,started_at,ended_at,component\n")
    usage = tmp_path / "usage.csv"
    usage.write_text("window_start,window_end,total,failed\n")
    found = read_operations([str(april), str(may)], [], [str(usage)], ReadOptions())
    assert [each.rows for each in found.inputs] == [1, 0, 0]
    assert (len(found.incidents), len(found.usage)) == (1, 0)
