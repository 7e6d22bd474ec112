"""Exports to columns: encodings, delimiters, times, profiles; what cannot be used is listed, never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.evidence.options import ReadOptions
from slaaudit.evidence.reader import read
from slaaudit.evidence.rejects import write_rejects
from slaaudit.evidence.tables import Evidence

if TYPE_CHECKING:
    from slaaudit.evidence.incidents import Operations
    from slaaudit.evidence.operations import read_operations

__all__ = ["Evidence", "Operations", "ReadOptions", "read", "read_operations", "write_rejects"]


def __getattr__(name: str) -> Any:
    """What only files about a service need is imported when it is asked for: an audit of tickets goes without."""
    if name == "read_operations":
        from slaaudit.evidence.operations import read_operations  # noqa: PLC0415  (see above)

        return read_operations
    if name == "Operations":
        from slaaudit.evidence.incidents import Operations  # noqa: PLC0415  (see above)

        return Operations
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
