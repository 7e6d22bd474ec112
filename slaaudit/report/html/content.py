"""What a page shows of a record, read once and in the record's order, so that a large one never stands in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slaaudit.report.counting import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slaaudit.report.counting import Columns

    Row = dict[str, Any]

#: These are on the page whatever their number; of every other verdict it shows at most ``MOST``.
ALWAYS_SHOWN = ("breached", "unknown", "running")
MOST = 10_000


@dataclass(frozen=True)
class Content:
    """A record as a page needs it.

    ``rows`` are the measurements that the page shows, in the record's order, ``tickets`` what is known of theirs.
    ``unshown`` counts the others by verdict. ``columns`` holds all measurements. ``reasons`` counts them by verdict and
    reason, ``caveats`` by name: all that carry it, and the breaches among them. ``waived`` counts the waived breaches.
    """

    record: Mapping[str, Any]
    rows: tuple[Row, ...]
    tickets: Mapping[str, Row]
    ticket_count: int
    unshown: Mapping[str, int]
    columns: Columns
    reasons: Counter[tuple[str, str]]
    caveats: Mapping[str, tuple[int, int]]
    waived: int

    def part(self, key: str) -> list[Any]:
        """A list of the record; empty where the record has none."""
        return self.record.get(key) or []


def content(record: Mapping[str, Any]) -> Content:
    """The content of a record, whose lists may be made as they are read."""
    held: dict[str, Any] = {}
    tickets: dict[str, Row] = {}
    sieve = _Sieve()
    for key, value in record.items():
        if key == "tickets":
            tickets = {ticket["ticket"]: ticket for ticket in value or ()}
        elif key == "measurements":
            sieve.take(value or ())
        else:
            held[key] = value if value is None or isinstance(value, str | int | dict) else list(value)
    rows = sieve.rows()
    shown = dict.fromkeys(row["ticket"] for row in rows)
    return Content(
        held,
        rows,
        {name: tickets[name] for name in shown if name in tickets},
        len(tickets),
        sieve.unshown(),
        sieve.gathering.columns(),
        sieve.reasons,
        {name: (number, sieve.breached_with[name]) for name, number in sieve.caveats.items()},
        sieve.waived,
    )


@dataclass
class _Sieve:
    """Takes every measurement, counts it, and keeps what the page shows."""

    gathering: Gathering = field(default_factory=Gathering)
    kept: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    caveats: Counter[str] = field(default_factory=Counter)
    breached_with: Counter[str] = field(default_factory=Counter)
    waived: int = 0

    def take(self, rows: Iterable[Row]) -> None:
        for number, row in enumerate(rows):
            self._count(row)
            verdict = row["verdict"]
            among = self.kept.setdefault(verdict, [])
            among.append((number, row))
            if verdict not in ALWAYS_SHOWN and len(among) >= 2 * MOST:
                self.kept[verdict] = _closest(among)

    def _count(self, row: Row) -> None:
        self.gathering.add(row)
        self.counted[row["verdict"]] += 1
        if row["reason"]:
            self.reasons[row["verdict"], row["reason"]] += 1
        for caveat in row["caveats"]:
            self.caveats[caveat] += 1
            self.breached_with[caveat] += row["verdict"] == "breached"
        self.waived += bool(row["waived"])

    def rows(self) -> tuple[Row, ...]:
        found = [
            pair
            for verdict, among in self.kept.items()
            for pair in (among if verdict in ALWAYS_SHOWN else _closest(among))
        ]
        return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))

    def unshown(self) -> dict[str, int]:
        return {name: self.counted[name] - MOST for name in self.kept
                if name not in ALWAYS_SHOWN and self.counted[name] > MOST}  # fmt: skip


def _closest(among: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """The rows that used most of their target, the first of equals."""
    return sorted(among, key=lambda pair: (-_used(pair[1]), pair[0]))[:MOST]


def _used(row: Row) -> float:
    return row["elapsed_s"] / row["target_s"] if row["elapsed_s"] is not None and row["target_s"] else 0.0
