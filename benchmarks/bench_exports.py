"""Exports of Jira and Zendesk of 200,000 rows, read as they are: the time of a bare read, as a share of ours.

The rows are those of the fixtures in ``tests/evidence/profiles``, over and over, each with an id and times of its
own. They are read twice: as ``check`` reads them, and with every column as a field, as a report in JSON has them. All
readings are fresh processes of one run, interleaved; each reads a small export first and tells the best of its rounds,
so that the share holds on a busy machine. Exits 1 where a share is below a quarter as ``check`` reads.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import re
import shlex
import sys
import tempfile
from pathlib import Path

from bench import timed

FIXTURES = Path(__file__).parents[1] / "tests" / "evidence" / "profiles"
EXPORTS = {"jira-issues": "Issue key", "zendesk-tickets": "Id"}
LEAST_SHARE = 0.25
BARE = """
import sys, time, pandas
pandas.read_csv(sys.argv[1])
start = time.perf_counter(); pandas.read_csv(sys.argv[2]); print(time.perf_counter() - start)
"""
OURS = """
import sys, time
from slaaudit.evidence import ReadOptions, read
options = ReadOptions(timezone="Europe/London", fields={fields})
read(sys.argv[1:2], options)
start = time.perf_counter(); read(sys.argv[2:3], options); print(time.perf_counter() - start)
"""
JUDGED = "as check reads it"
READERS = {
    "bare": BARE,
    JUDGED: OURS.format(fields="frozenset()"),
    "with every field": OURS.format(fields="None"),
}
_JIRA = re.compile(r"(\d\d)/([A-Z][a-z][a-z])/(\d\d) (\d\d?):(\d\d) ([AP])M")
_ISO = re.compile(r"(20\d\d)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def later(cell: str, minutes: int) -> str:
    """The cell with each of its times so many minutes later."""
    if found := _JIRA.match(cell):
        day, month, year, hour, minute, half = found.groups()
        hours = int(hour) % 12 + (12 if half == "P" else 0)
        then = dt.datetime(2000 + int(year), _MONTHS.index(month) + 1, int(day), hours, int(minute), tzinfo=dt.UTC)
        then += dt.timedelta(minutes=minutes)
        half = "PM" if then.hour >= 12 else "AM"  # noqa: PLR2004 - noon
        clock = f"{then.hour % 12 or 12}:{then.minute:02} {half}"
        return f"{then.day:02}/{_MONTHS[then.month - 1]}/{then.year % 100:02} {clock}{cell[found.end() :]}"
    if (found := _ISO.match(cell)) and found[1] > "2000":
        then = dt.datetime.fromisoformat(found[0]) + dt.timedelta(minutes=minutes)
        return f"{then}{cell[found.end() :]}"
    return cell


def fixture(profile: str) -> Path:
    """The export of a profile's fixture."""
    return FIXTURES / profile / shlex.split((FIXTURES / profile / "command.txt").read_text("utf-8"))[0]


def blown_up(profile: str, path: Path, count: int) -> None:
    """The fixture's rows over and over until there are ``count``, with ids and times of their own."""
    with fixture(profile).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    key = header.index(EXPORTS[profile])
    rows = [row for row in rows if len(row) == len(header)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(count):
            row = [later(cell, number // 2) for cell in rows[number % len(rows)]]
            row[key] = re.sub(r"\d+$", str(100_000 + number), row[key])
            writer.writerow(row)


def best_times(profile: str, path: Path, rounds: int) -> dict[str, float]:
    """The shortest time of each reader, in seconds."""
    times: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(rounds):
        for name, script in READERS.items():
            command = [sys.executable, "-c", script, str(fixture(profile)), str(path)]
            times[name].append(float(timed(command)[1]))
    return {name: min(found) for name, found in times.items()}


def budget(name: str, share: float) -> str:
    """Whether the share is kept, of the reading that is held to one."""
    if name != JUDGED:
        return ""
    return f", at least {LEAST_SHARE}: {'kept' if share >= LEAST_SHARE else 'MISSED'}"


def main() -> int:
    """Run the benchmark and print its figures; 0 where every share is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        for profile in EXPORTS:
            path = Path(folder, f"{profile}.csv")
            blown_up(profile, path, chosen.rows)
            bare, *ours = best_times(profile, path, chosen.rounds).items()
            size = path.stat().st_size / 1e6
            print(f"{profile}: {chosen.rows:,} rows, {size:.0f} MB, best of {chosen.rounds} rounds")
            print(f"  bare pandas.read_csv {bare[1]:6.2f} s")
            for name, took in ours:
                share = bare[1] / took
                print(f"  {name:20} {took:6.2f} s: {share:.2f} of the bare speed{budget(name, share)}")
                kept &= name != JUDGED or share >= LEAST_SHARE
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
