"""The samples audited once for all tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from slaaudit.audit import Audit, AuditOptions, audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.policy import load
from slaaudit.results import Verdict

ROOT = Path(__file__).resolve().parents[2]
MICROSECONDS = 1_000_000


class Audited:
    """A sample under its policy: the audit, and its verdicts by ticket, clause and cycle."""

    def __init__(self, files: tuple[str, ...], policy: str, mapping: str | None, reading: str | None) -> None:
        loaded = load(policy, dict([reading.split("=")]) if reading else {})
        options = ReadOptions(mapping=str(ROOT / mapping) if mapping else None)
        self.audit: Audit = audit(read(list(files), options), [loaded], AuditOptions(worksheets="none"))
        rows = self.audit.measurements
        clauses = list(loaded.policy.clauses)
        ids = self.audit.evidence.tickets.ids
        self.places = {
            (ids[int(rows.ticket[row])], clauses[rows.clause[row]], int(rows.cycle[row])): row
            for row in range(len(rows))
        }

    def verdict(self, ticket: str, clause: str, cycle: int) -> str:
        """The verdict, as reports name it."""
        verdict = Verdict(int(self.audit.measurements.verdict[self.places[ticket, clause, cycle]]))
        return verdict.name.lower().replace("_", "-")

    def took(self, ticket: str, clause: str, cycle: int) -> float:
        """The seconds on the clause's clock."""
        return float(self.audit.measurements.elapsed[self.places[ticket, clause, cycle]]) / MICROSECONDS

    def count(self, verdict: Verdict) -> int:
        """How many measurements have a verdict."""
        return int(np.count_nonzero(self.audit.measurements.verdict == verdict))


@cache
def _audited(files: tuple[str, ...], policy: str, mapping: str | None, reading: str | None) -> Audited:
    return Audited(files, policy, mapping, reading)


@pytest.fixture(scope="session")
def audited():
    """Audits a sample, each only once: (files, policy, mapping, reading) to Audited."""
    return _audited
