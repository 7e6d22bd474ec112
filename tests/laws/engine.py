"""The engine's measurements in the oracle's words, so that the two can be laid side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from oracle import Measurement

from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence.tables import MISSING
from slaaudit.located import Located, Place
from slaaudit.policy import LoadedPolicy
from slaaudit.results import Caveat, Reason, Verdict

if TYPE_CHECKING:
    import numpy as np

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy.model import Policy

UNSURE_OF_THE_STOP = {"actor-unknown", "status-unknown"}
JUDGED_BY_TIME = {"met", "breached", "running", "superseded"}


def loaded(policy: Policy) -> LoadedPolicy:
    place = Place("acme.yaml", 1, 1)
    nothing = Located({}, place, place)
    return LoadedPolicy(policy=policy, readings={}, sha256="", path="acme.yaml", tree=nothing, unread=nothing)


def found(policy: Policy, evidence: Evidence, as_of: int) -> list[list[Measurement]]:
    """The engine's measurements of every ticket, in the order of tickets."""
    return rows_of(audit(evidence, [loaded(policy)], AuditOptions(as_of=as_of)))


def rows_of(result: Audit) -> list[list[Measurement]]:
    policy = result.policies[0].policy
    clauses, severities = list(policy.clauses), list(policy.severities)
    rows = result.measurements
    per_ticket: list[list[Measurement]] = [[] for _ in range(len(result.evidence.tickets))]
    for row in range(len(rows)):
        severity = int(rows.severity[row])
        caveats = Caveat(int(rows.caveats[row]))
        per_ticket[int(rows.ticket[row])].append(
            Measurement(
                clause=clauses[int(rows.clause[row])],
                cycle=int(rows.cycle[row]),
                severity=severities[severity] if severity >= 0 else None,
                verdict=_word(Verdict(int(rows.verdict[row])).name),
                reason=_word(Reason(int(rows.reason[row])).name),
                own_start_at=_instant(rows.own_start_at, row),
                started_at=_instant(rows.started_at, row),
                stopped_at=_instant(rows.stopped_at, row),
                due_at=_instant(rows.due_at, row),
                target=_instant(rows.target, row),
                elapsed=_instant(rows.elapsed, row),
                paused=_instant(rows.paused, row),
                caveats=frozenset(_word(str(each.name)) for each in caveats),
            )
        )
    return per_ticket


def _word(name: str) -> str:
    return name.lower().replace("_", "-")


def _instant(column: np.ndarray[tuple[int, ...], np.dtype[np.int64]], row: int) -> int | None:
    value = int(column[row])
    return None if value == MISSING else value


@dataclass(frozen=True)
class Compared:
    """What of a measurement is held against the other side: lengths and severities only where they mean something."""

    row: Measurement

    @property
    def told(self) -> Measurement:
        row = replace(self.row, caveats=self.row.caveats & {"pauses-unseen", "answered-live"})
        if row.verdict in JUDGED_BY_TIME:
            return row
        row = replace(row, due_at=None, target=None, elapsed=None, paused=None, caveats=frozenset())
        if row.verdict == "no-target":
            return replace(row, stopped_at=None)
        row = replace(row, severity=None)
        return replace(row, stopped_at=None) if row.reason in UNSURE_OF_THE_STOP else row


def told(rows: list[list[Measurement]]) -> list[list[Measurement]]:
    return [[Compared(row).told for row in ticket] for ticket in rows]
