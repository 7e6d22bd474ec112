"""Exports to columns: encodings, delimiters, times, profiles; what cannot be used is listed, never lost."""

from slaaudit.evidence.options import ReadOptions
from slaaudit.evidence.reader import read
from slaaudit.evidence.rejects import write_rejects
from slaaudit.evidence.tables import Evidence

__all__ = ["Evidence", "ReadOptions", "read", "write_rejects"]
