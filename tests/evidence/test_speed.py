"""Reading is a matter of columns, not of rows. How fast it is, ``make bench`` measures; this sees a loop over rows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pandas as pd

from slaaudit.evidence import ReadOptions, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = 30_000
MOST = 40  # bare reads; it takes five to ten, work on each row in Python a hundred


def test_comments_and_rejected_ones_take_a_few_bare_reads(tmp_path: Path) -> None:
    lines = ["Issue key,Issue Type,Status,Priority,Reporter Id,Creator Id,Created,Resolved,Comment,Comment"]
    for number in range(ROWS):
        clock = f"{number % 28 + 1:02}/Mar/26 {number % 12 + 1}:{number % 60:02}"
        comment = "not a comment" if number % 3 else f"{clock} PM;v:{number % 7};one; two and {number}"
        lines.append(f"K-{number},Bug,Open,High,c:1,c:1,{clock} AM,{clock} PM,{comment},{clock} PM;c:1;thanks")
    path = tmp_path / "jira.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ReadOptions(timezone="Europe/London")
    read([str(path)], options)
    ours, bare = (best(each) for each in (lambda: read([str(path)], options), lambda: pd.read_csv(path)))
    assert ours < MOST * bare


def best(work: Callable[[], object]) -> float:
    """The shortest of five times."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)
