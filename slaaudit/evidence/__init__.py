"""Exports to columns: encodings, delimiters, times, profiles; what cannot be used is listed, never lost."""

from slaaudit.evidence.incidents import Operations
from slaaudit.evidence.operations import read_operations
from slaaudit.evidence.options import ReadOptions
from slaaudit.evidence.reader import read
from slaaudit.evidence.rejects import write_rejects
from slaaudit.evidence.tables import Evidence

__all__ = ["Evidence", "Operations", "ReadOptions", "read", "read_operations", "write_rejects"]
