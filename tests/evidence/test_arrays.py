"""Arrow's buffers read as numpy's arrays, wherever a slice begins; and pandas stays out of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from exports import written
from hypothesis import given, settings
from hypothesis import strategies as st

from slaaudit.evidence.arrays import nulls, numbers, taken, text_scalar, texts, truths
from slaaudit.evidence.words import Texts, encoded_ids

if TYPE_CHECKING:
    from pathlib import Path

CUTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4)


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=40), CUTS)
def test_numbers_and_nulls_of_sliced_columns(values: list[int | None], cuts: list[tuple[int, int]]) -> None:
    whole = pa.array(values, pa.int64())
    column = pa.chunked_array([whole.slice(*cut) for cut in cuts], pa.int64())
    empty = nulls(column)
    assert empty.tolist() == [value is None for value in column.to_pylist()]
    assert numbers(column, np.int64)[~empty].tolist() == column.drop_null().to_pylist()


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=40), CUTS)
def test_truths_of_sliced_columns(values: list[bool], cuts: list[tuple[int, int]]) -> None:
    whole = pa.array(values, pa.bool_())
    column = pa.chunked_array([whole.slice(*cut) for cut in cuts], pa.bool_())
    assert truths(column).tolist() == column.to_pylist()


@given(st.lists(st.text(max_size=5), max_size=20))
def test_texts_are_what_they_were_made_of(words: list[str]) -> None:
    assert texts(words).to_pylist() == words
    if words:
        assert text_scalar(words[0]).as_py() == words[0]
        assert taken(pa.chunked_array([texts(words)]), np.array([0, 0])).to_pylist() == words[:1] * 2


def test_ids_are_told_apart_whether_they_ascend_or_not() -> None:
    ascending = [f"T-{index:05}" for index in range(3000)]
    numbered = [f"T-{index}" for index in range(3000)]
    orders = [ascending, ascending[::-1], numbered, numbered[::-1], sorted(numbered)]
    twice = [[*ids[:2000], ids[1999], *ids[2000:]] for ids in orders]
    for ids in (*orders, *twice, [*ascending, ascending[7]], [*numbered[::-1], numbered[-1]], ascending[:3]):
        codes, distinct = encoded_ids(pa.chunked_array([texts(ids)]))
        names = distinct.to_pylist()
        assert [names[code] for code in codes.tolist()] == ids
        assert names == list(dict.fromkeys(ids))


def test_the_strings_of_many_ids_wait_until_they_are_asked_for() -> None:
    names = [f"T-{index}" for index in range(2000)]
    found = Texts(texts(names))
    assert (found[3], found[-1], len(found)) == ("T-3", "T-1999", 2000)
    assert list(found) == names
    assert found[1:3] == ("T-1", "T-2")
    assert found.index("T-5") == 5
    assert "T-2000" not in found


def test_reading_imports_no_pandas(tmp_path: Path) -> None:
    log = ["ticket_id,at,event,actor", "T,2026-03-02T10:05:00Z,reply,agent", "T,2026-03-02T10:05:00Z,resolved,agent"]
    tickets = ["ticket_id,created_at,status,resolved_at", "T,2026-03-02T10:00:00Z,,", "U,2026-03-02T10:00:00Z,x,soon"]
    paths = written(tmp_path, tickets="\n".join(tickets), log="\n".join(log))
    code = (
        "import sys; from slaaudit.evidence import ReadOptions, read; read(sys.argv[1:], ReadOptions()); "
        "sys.exit('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, *paths], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
