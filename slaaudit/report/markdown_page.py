"""What the sections of a Markdown report share: the record, how many rows each list shows, and its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slaaudit.policy.grammar import SECOND
from slaaudit.report.markup import prose
from slaaudit.report.words import count, length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.report.from_record import View

    Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A record, and how many rows are shown at most: ``worst`` of breaches, ``few`` of every other list."""

    view: View
    worst: int
    few: int

    def heading(self, text: str) -> Iterator[str]:
        """A section's heading; ``text`` is Markdown already."""
        yield f"## {text}"
        yield ""

    def more(self, total: int, limit: int) -> Iterator[str]:
        """How many rows are not shown."""
        if total > limit:
            yield ""
            yield f"Shown are {limit:,} of {total:,}; {total - limit:,} more stand in the JSON report."

    def clause(self, row: Row) -> str:
        """A measurement's clause, with its cycle where there is more than one."""
        cycle = f" (cycle {row['cycle']:,})" if row["cycle"] > 1 else ""
        return prose(self.view.title(row)) + cycle

    def verdict(self, row: Row) -> str:
        """A period's verdict."""
        waived = f", waived: {prose(row['waived'])}" if row["waived"] else ""
        return f"{row['verdict']}{' to date' if row['to_date'] else ''}{waived}"

    def lost(self, row: Row) -> str:
        """What was lost in a period: time, or requests."""
        if row["downtime_s"] is not None:
            return self.hours(row["downtime_s"])
        if row["failed"] is None:
            return "-"
        return f"{row['failed']:,} of {count(row['requests'] or 0, 'request')}"

    def hours(self, seconds: float) -> str:
        """A length around the clock."""
        return length(round(seconds * SECOND))

    def percents(self, text: str | None) -> str:
        """A share as the record has it."""
        return "unknown" if text is None else f"{text}%"
