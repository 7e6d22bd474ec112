"""The report as Markdown, for merge requests and wikis. What is long is capped, and the rest counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from slaaudit.report.from_record import View
from slaaudit.report.markdown_page import Page
from slaaudit.report.markdown_sections import ALL

if TYPE_CHECKING:
    from slaaudit.report.record import Record


@dataclass(frozen=True)
class Caps:
    """How many rows are shown at most: of breaches, and of every other list."""

    breaches: int = 100
    others: int = 50


def write_markdown(record: Record, stream: IO[Any], caps: Caps | None = None) -> None:
    """Write the report to ``stream``."""
    stream.write(markdown(View(record), caps or Caps()))


def markdown(view: View, caps: Caps) -> str:
    """The report with its lists cut to ``caps``."""
    page = Page(view, caps.breaches, caps.others)
    blocks = [block for section in ALL if (block := "\n".join(section(page)))]
    return "\n\n".join(blocks) + "\n"
