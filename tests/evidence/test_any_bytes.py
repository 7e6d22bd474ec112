"""Whatever the bytes are: evidence in which every record is accounted for, or one clear refusal."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from exports import written
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slaaudit.errors import EvidenceError
from slaaudit.evidence import ReadOptions, read, read_operations

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Input

TICKETS = (
    "ticket_id,created_at,resolved_at,severity,status\n"
    + "".join(f"T{index},2026-03-{index + 1:02}T10:00:00Z,,S1,open\n" for index in range(6))
).encode()
PIECES = st.sampled_from(
    [b",", b'"', b"\n", b"\r", b"\xff", b"\x81", b"\0", b";", b"\t", b'""', b"2026-01-05", b"29/2/2016 10:00", b"\x1f"]
)
CHANGES = st.lists(st.tuples(st.integers(0, len(TICKETS)), st.integers(0, 30), st.just(b"") | PIECES), max_size=4)


def row_numbers(found: Input) -> set[int]:
    """The rows of a file that hold records: those below its header, which may stand below other lines."""
    header = 1 + sum(int(note.split(" ")[0]) for note in found.notes if "above the header" in note)
    return set(range(header + 1, header + 1 + found.rows))


@settings(deadline=None, max_examples=200)
@given(CHANGES)
def test_every_record_is_used_or_rejected_or_the_file_is_refused(changes: list[tuple[int, int, bytes]]) -> None:
    data = TICKETS
    for place, gone, put in changes:
        data = data[:place] + put + data[place + gone :]
    with TemporaryDirectory() as folder:
        paths = written(Path(folder), tickets=data)
        try:
            found = read(paths, ReadOptions(timezone="UTC"))
        except EvidenceError:
            return
    numbers = row_numbers(found.inputs[0])
    rejected = {each.row for each in found.rejected}
    assert rejected <= numbers
    assert len(rejected) == found.inputs[0].rejected
    equal = sum(int(note.split(" ")[0]) for note in found.notes if "counted once" in note)
    assert len(found.tickets) + len(rejected) + equal == len(numbers)


INCIDENTS = (
    "incident_id,started_at,ended_at,component,planned,affected_fraction,affected_users,total_users,status\n"
    + "".join(f"I{day},2026-03-{day:02}T10:00:00Z,2026-03-{day:02}T11:00:00Z,api,no,,{day},9,\n" for day in range(1, 4))
    + "I4,2026-03-04T10:00:00Z,,web,yes,50%,,,open\n"
).encode()
MAINTENANCE = b"started_at,ended_at,announced_at\n2026-03-04T10:00:00Z,2026-03-04T11:00:00Z,\n"
USAGE = (
    "window_start,window_end,total,failed,component\n"
    + "".join(f"2026-03-01T{hour:02}:00:00Z,2026-03-01T{hour + 1:02}:00:00Z,{hour}00,{hour},api\n" for hour in range(9))
).encode()
FILES = {"incidents": INCIDENTS, "maintenance": MAINTENANCE, "usage": USAGE}
BROKEN = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30), st.just(b"") | PIECES), max_size=4)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([*FILES]), BROKEN)
@example("incidents", [(246, 30, b""), (1, 0, b"\n")])  # a line above the header
def test_every_record_of_operations_is_used_or_told_or_the_file_is_refused(
    shape: str, changes: list[tuple[int, int, bytes]]
) -> None:
    data = FILES[shape]
    for place, gone, put in changes:
        data = data[:place] + put + data[place + gone :]
    with TemporaryDirectory() as folder:
        given_as = {other: written(Path(folder), **{shape: data}) if other == shape else [] for other in FILES}
        try:
            found = read_operations(**given_as, options=ReadOptions(timezone="UTC"))
        except EvidenceError:
            return
    numbers = row_numbers(found.inputs[0])
    rejected = {each.row for each in found.rejected}
    table = getattr(found, shape)
    assert rejected <= numbers
    assert len(rejected) == found.inputs[0].rejected
    assert not rejected & set(table.row.tolist())
    told = [*found.inputs[0].notes, *found.notes]
    equal = sum(int(part) for note in told if "counted once" in note for part in note.split() if part.isdigit())
    passed = sum(sum(map(int, re.findall(r"\((\d+)\)", note))) for note in told if "passed over" in note)
    assert len(table) + len(rejected) + equal + passed == len(numbers)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(["incidents", "maintenance", "usage"]), st.binary(max_size=300))
def test_any_bytes_at_all_are_read_or_refused(shape: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        given_as = {other: written(Path(folder), **{shape: data}) if other == shape else [] for other in FILES}
        with contextlib.suppress(EvidenceError):
            read_operations(**given_as, options=ReadOptions(timezone="UTC"))
