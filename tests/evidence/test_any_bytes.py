"""Whatever the bytes are: evidence in which every record is accounted for, or one clear refusal."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from exports import written
from hypothesis import given, settings
from hypothesis import strategies as st

from slaaudit.errors import EvidenceError
from slaaudit.evidence import ReadOptions, read

TICKETS = (
    "ticket_id,created_at,resolved_at,severity,status\n"
    + "".join(f"T{index},2026-03-{index + 1:02}T10:00:00Z,,S1,open\n" for index in range(6))
).encode()
PIECES = st.sampled_from(
    [b",", b'"', b"\n", b"\r", b"\xff", b"\x81", b"\0", b";", b"\t", b'""', b"2026-01-05", b"29/2/2016 10:00", b"\x1f"]
)
CHANGES = st.lists(st.tuples(st.integers(0, len(TICKETS)), st.integers(0, 30), st.just(b"") | PIECES), max_size=4)


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
    numbers = set(range(2, found.inputs[0].rows + 2))
    rejected = {each.row for each in found.rejected}
    assert rejected <= numbers
    assert len(rejected) == found.inputs[0].rejected
    equal = sum(int(note.split(" ")[0]) for note in found.notes if "counted once" in note)
    assert len(found.tickets) + len(rejected) + equal == len(numbers)
