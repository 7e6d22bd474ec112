"""Signs that the record was shaped: observations beside the verdicts, each with the rows that show it."""

from slaaudit.findings.road import findings
from slaaudit.findings.table import Finding, Findings, Shown, Thresholds

__all__ = ["Finding", "Findings", "Shown", "Thresholds", "findings"]
