"""Whether a file that a command was asked to write may be written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Sequence


def refuse_to_replace(path: str, files: Sequence[str], *, force: bool) -> None:
    """A UsageError where ``path`` cannot be written, is one of the inputs, or is there and not to be replaced."""
    from slaaudit.report.writing import check_writable

    check_writable(path)
    if any(Path(path).resolve() == Path(file).resolve() for file in files if file != "-"):
        raise UsageError(f"{shown(path)} is a file to be read; name another one to write")
    if Path(path).is_file() and not force:
        raise UsageError(f"{shown(path)} is there already; --force replaces it")
