"""One million outages over ten years, held against a published policy: seconds, not minutes.

Figures come from fresh processes in one run. Exits 1 where it takes more than twenty seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEN_YEARS = 3_650 * 86_400
BUDGET = 20.0


def write_incidents(path: Path, count: int) -> None:
    """Outages of up to an hour, of a share of the users, one in ten excluded."""
    chance = random.Random(1)
    first = int(dt.datetime(2016, 1, 1, tzinfo=dt.UTC).timestamp())
    with path.open("w", encoding="utf-8") as file:
        file.write("incident_id,started_at,ended_at,component,cause,affected_fraction\n")
        for number in range(count):
            start = first + chance.randrange(TEN_YEARS)
            end = start + chance.randrange(1, 3_600)
            began, ended = (dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in (start, end))
            cause = "third-party" if number % 10 == 0 else "bug"
            file.write(f"I-{number},{began},{ended},c{number % 5},{cause},0.{chance.randint(1, 99):02}\n")


def main() -> int:
    """Run the benchmark and print its figures; 0 where the budget holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "incidents.csv")
        write_incidents(path, chosen.outages)
        command = [sys.executable, "-m", "slaaudit", "credits", "--incidents", str(path), "-p", "securenvoy", "--quiet"]
        times = []
        for _ in range(chosen.rounds):
            begin = time.perf_counter()
            subprocess.run(command, check=False, capture_output=True)
            times.append(time.perf_counter() - begin)
    took, peak = statistics.median(times), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{chosen.outages:,} outages over ten years, median of {chosen.rounds} rounds")
    print(f"slaaudit credits  {took:6.2f} s of {BUDGET:.0f}: {'kept' if took < BUDGET else 'MISSED'}; {peak:.0f} MB")
    return 0 if took < BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
