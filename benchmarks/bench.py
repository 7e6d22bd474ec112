"""One million tickets in a plain list, checked under a two-clause policy: time against a bare read, and memory.

Both figures come from fresh processes in one run, interleaved, so that the ratio holds on a busy machine. Exits 1
where the budget is missed: six times the bare read plus two seconds, and 1.5 GB.
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

TIMED_READ = """
import sys, time, pandas
start = time.perf_counter(); pandas.read_csv(sys.argv[1]); print(time.perf_counter() - start)
"""
STILL_OPEN = 0.03  # of all tickets
BUDGET_TIMES, BUDGET_PLUS, BUDGET_MB = 6, 2.0, 1500
POLICY = """\
slaaudit: 1
id: bench
vendor: Bench
title: Two clauses in business hours
calendars:
  business: {timezone: America/New_York, hours: {mon-fri: 09:00-17:00}, closed: {holidays: US}}
severities: {S1: {}, S2: {}, S3: {}, S4: {}}
clauses:
  response:
    measure: first-response
    targets: {S1: 1h on business, S2: 4h on business, S3: 8h on business, S4: 12h on business}
  resolution:
    measure: resolution
    targets: {S1: 24h on business, S2: 40h on business, S3: 60h on business, S4: 80h on business}
"""


def write_tickets(path: Path, count: int) -> None:
    """A list of ``count`` tickets in 2025, most answered and resolved in time."""
    chance = random.Random(1)
    start = int(dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp())

    def stamp(instant: float) -> str:
        return dt.datetime.fromtimestamp(int(instant), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    with path.open("w", encoding="utf-8") as file:
        file.write("ticket_id,created_at,first_response_at,resolved_at,severity,status,subject\n")
        for number in range(count):
            created = start + number * 31_000_000 / count
            answered = created + chance.expovariate(1 / 14_400)
            resolved = answered + chance.expovariate(1 / 172_800)
            is_open = chance.random() < STILL_OPEN
            file.write(
                f"T-{number},{stamp(created)},{stamp(answered)},{'' if is_open else stamp(resolved)},"
                f"S{chance.randint(1, 4)},{'open' if is_open else 'resolved'},"
                f'"Door {number % 997}, wing {number % 13}: reader does not answer"\n'
            )


def timed(command: list[str]) -> tuple[float, str]:
    """Wall seconds of a fresh process, and what it printed."""
    begin = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{command} failed:\n{done.stderr}")
    return time.perf_counter() - begin, done.stdout


def main() -> int:
    """Run the benchmark and print its figures; 0 where the budget holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tickets, policy = Path(folder, "tickets.csv"), Path(folder, "bench.yaml")
        policy.write_text(POLICY, encoding="utf-8")
        write_tickets(tickets, chosen.tickets)
        check = [sys.executable, "-m", "slaaudit", "check", str(tickets), "--policy", str(policy), "--quiet"]
        reads, checks = [], []
        for _ in range(chosen.rounds):
            reads.append(float(timed([sys.executable, "-c", TIMED_READ, str(tickets)])[1]))
            checks.append(timed(check)[0])
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = tickets.stat().st_size / 1e6
    read, took = statistics.median(reads), statistics.median(checks)
    budget = BUDGET_TIMES * read + BUDGET_PLUS
    print(f"{chosen.tickets:,} tickets, {size:.0f} MB, median of {chosen.rounds} rounds")
    print(f"bare pandas.read_csv     {read:6.2f} s (the call alone)")
    print(f"slaaudit check           {took:6.2f} s (the whole process): {took / read:.1f} x the read")
    print(f"budget 6 x read + 2 s    {budget:6.2f} s: {'kept' if took < budget else 'MISSED'}")
    print(f"largest process          {peak:6.0f} MB of {BUDGET_MB}: {'kept' if peak < BUDGET_MB else 'MISSED'}")
    return 0 if took < budget and peak < BUDGET_MB else 1


if __name__ == "__main__":
    sys.exit(main())
