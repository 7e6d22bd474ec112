"""Rows to the text of a CSV file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Row = dict[str, str]


def csv_bytes(
    header: Sequence[str], rows: Iterable[Mapping[str, str]], *, line_end: str = "\n", bom: bool = False
) -> bytes:
    """The file as it is written; a column that a row lacks is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def spread(rows: Sequence[Row], odd: Sequence[Row]) -> list[Row]:
    """The rows with the odd ones put among them, evenly."""
    result = list(rows)
    for nth, row in enumerate(odd, 1):
        result.insert(nth * len(rows) // (len(odd) + 1) + nth - 1, row)
    return result
