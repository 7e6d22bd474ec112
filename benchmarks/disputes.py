"""100,000 tickets with their log, disputed under every reading of the published policies.

Tickets wait, are held, change their severity and come back, as they do at a helpdesk; the log has some 480,000
events. The audit under the readings in force is timed beside, so that the ratio holds on a busy machine. Exits 1
where a policy takes longer than its budget: so many audits under one combination of readings.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.audit import audit
from slaaudit.dispute import disputes
from slaaudit.evidence import ReadOptions, read
from slaaudit.policy import load

if TYPE_CHECKING:
    from collections.abc import Iterator

BUDGETS = {"sequr": 40, "capsure": 20, "secpod": 20, "securenvoy": 20}
CHANGED, WAITED, HELD, NEVER_SOLVED, REOPENED = 0.2, 0.3, 0.05, 0.03, 0.07  # of all tickets
_CHANNELS = ("web", "web", "phone", "email", "api")
_TYPES = ("incident", "incident", "incident", "question", "hardware", "door")


def stamp(instant: float) -> str:
    """An instant of the log."""
    return dt.datetime.fromtimestamp(int(instant), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def story(chance: random.Random, created: float) -> Iterator[tuple[float, str, str, str]]:
    """What happens to a ticket after its creation: instant, event, actor, value."""
    yield created, "severity", "customer", f"S{chance.choices((1, 2, 3, 4), (1, 3, 4, 2))[0]}"
    at = created + chance.expovariate(1 / 14_400)
    yield at, "reply", "vendor", ""
    if chance.random() < CHANGED:
        yield at + 60, "severity", "vendor", f"S{chance.randint(1, 4)}"
    if chance.random() < WAITED:
        at += chance.expovariate(1 / 30_000)
        yield at, "status", "vendor", "waiting"
        at += chance.expovariate(1 / 60_000)
        yield at, "status", "customer", "open"
    if chance.random() < HELD:
        at += chance.expovariate(1 / 30_000)
        yield at, "status", "vendor", "hold"
        at += chance.expovariate(1 / 60_000)
        yield at, "status", "vendor", "open"
    if chance.random() < NEVER_SOLVED:
        return
    at += chance.expovariate(1 / 120_000)
    yield at, "status", "vendor", "resolved"
    if chance.random() < REOPENED:
        at += chance.expovariate(1 / 90_000)
        yield at, "status", "customer", "open"
        yield at + chance.expovariate(1 / 60_000), "status", "vendor", "resolved"


def write_export(folder: Path, count: int) -> tuple[Path, Path]:
    """A list of ``count`` tickets in 2025 and their log."""
    chance = random.Random(1)
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp()
    tickets, events = folder / "tickets.csv", folder / "events.csv"
    with tickets.open("w", encoding="utf-8") as listed, events.open("w", encoding="utf-8") as logged:
        listed.write("ticket_id,created_at,channel,type\n")
        logged.write("ticket_id,at,event,actor,value\n")
        for number in range(count):
            created = start + number * 31_000_000 / count
            listed.write(f"T-{number},{stamp(created)},{chance.choice(_CHANNELS)},{chance.choice(_TYPES)}\n")
            logged.write(f"T-{number},{stamp(created)},created,customer,\n")
            for at, event, actor, value in story(chance, created):
                logged.write(f"T-{number},{stamp(at)},{event},{actor},{value}\n")
    return tickets, events


def main() -> int:
    """Run the benchmark and print its figures; 0 where every budget holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--policies", nargs="*", default=list(BUDGETS))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_export(Path(folder), chosen.tickets)
        evidence = read([str(path) for path in paths], ReadOptions())
    print(f"{chosen.tickets:,} tickets, {len(evidence.events):,} events, median of {chosen.rounds} rounds")
    kept = True
    for name in chosen.policies:
        plain, under_all = [], []
        for _ in range(chosen.rounds):
            begin = time.perf_counter()
            found = audit(evidence, [load(name)])
            between = time.perf_counter()
            disputed = disputes(found)
            plain.append(between - begin)
            under_all.append(time.perf_counter() - between)
        one, every = statistics.median(plain), statistics.median(under_all)
        combinations = sum(len(each.readings.combinations) for each in disputed)
        held = every < BUDGETS[name] * one
        kept &= held
        print(
            f"{name:11}{combinations:6,} combinations {every:6.2f} s, {every / one:5.1f} audits of {one:.2f} s; "
            f"at most {BUDGETS[name]}: {'kept' if held else 'MISSED'}"
        )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
