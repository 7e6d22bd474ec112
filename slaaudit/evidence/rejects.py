"""The rejected records as a CSV file."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slaaudit.evidence.tables import Rejected

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rejects(rejected: Iterable[Rejected], path: str) -> None:
    """Write the records to ``path``: whole or not at all, and without a cell that a spreadsheet would run."""
    target = Path(path)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as stream:
            try:
                _write(stream, rejected)
            except BaseException:
                Path(stream.name).unlink()
                raise
        Path(stream.name).chmod(0o666 & ~_umask())
        Path(stream.name).replace(target)
    except OSError as error:
        raise UsageError(f"{path}: the rejected rows cannot be written: {error.strerror or error}.") from None


def _write(stream: object, rejected: Iterable[Rejected]) -> None:
    writer = csv.writer(stream)  # type: ignore[arg-type]
    writer.writerow(("file", "row", "reason", "column", "value"))
    for each in rejected:
        writer.writerow(
            (_harmless(each.file), each.row, _harmless(each.reason), _harmless(each.column), _harmless(each.value))
        )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
