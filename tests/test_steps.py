"""Work that is counted over threads is told in order, and all of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from slaaudit.audit import audit
from slaaudit.dispute import disputes
from slaaudit.evidence import ReadOptions, read
from slaaudit.policy import load
from slaaudit.steps import Tally

SAMPLES = Path(__file__).parent.parent / "sample_data"


def test_what_many_threads_add_is_told_in_order_up_to_all_of_it():
    told: list[tuple[str, int, int]] = []
    tally = Tally(lambda *step: told.append(step), "Counting", 400)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tally.add(), range(400)))

    assert told == [("Counting", done, 400) for done in range(401)]


def test_every_ticket_and_every_combination_of_a_dispute_is_counted_to_its_end():
    last: dict[str, tuple[int, int]] = {}

    def step(words: str, done: int = 0, parts: int = 0) -> None:
        last[words] = done, parts

    files = [str(SAMPLES / "sequr" / name) for name in ("tickets.csv", "events.csv")]
    found = audit(read(files, ReadOptions()), [load("sequr")], step=step)
    disputes(found, step=step)

    assert last.pop("Replaying tickets") == (len(found.evidence.tickets),) * 2
    assert len(last) == 2
    assert all(done == parts > 1 for done, parts in last.values())
