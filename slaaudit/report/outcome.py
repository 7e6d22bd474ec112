"""What an audit comes to: the counts of its verdict, and the exit code that ``--fail-on`` makes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slaaudit import totals
from slaaudit.results import Caveat, Verdict

if TYPE_CHECKING:
    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit

KEPT, NOT_KEPT, NO_EVIDENCE = 0, 1, 3


@dataclass(frozen=True)
class Periods:
    """Periods of a service by verdict.

    ``warranted`` and ``missed`` divide the breached by binding force; those that are ``waived`` stand apart.
    """

    met: int = 0
    warranted: int = 0
    missed: int = 0
    running: int = 0
    unknown: int = 0
    waived: int = 0

    @property
    def failing(self) -> int:
        """The periods below their promise that nobody waived."""
        return self.warranted + self.missed

    @property
    def judged(self) -> int:
        """The periods of which something is known."""
        return self.met + self.failing + self.waived + self.running


def periods_of(found: Assessment) -> Periods:
    """The counts over all clauses about a service."""
    verdicts = [row.verdict for row in found.uptimes]
    forces = [
        found.policies[row.policy].policy.clauses[row.clause].binding
        for row in found.uptimes
        if row.verdict is Verdict.BREACHED and not row.waived
    ]
    return Periods(
        met=verdicts.count(Verdict.MET),
        warranted=forces.count("warranted"),
        missed=forces.count("target"),
        running=verdicts.count(Verdict.RUNNING),
        unknown=verdicts.count(Verdict.UNKNOWN),
        waived=verdicts.count(Verdict.BREACHED) - len(forces),
    )


@dataclass(frozen=True)
class Outcome:
    """Counts over all clauses. ``breaches`` fail: tickets of clauses without a promised share, and failed shares.

    ``warranted`` and ``missed`` divide the breached measurements by the clause's binding force; ``failing`` and
    ``failing_warranted`` count what the promise fails by; ``spans`` are the periods of a service, the failing
    ones among what fails. ``complaint`` says why there is no verdict, "" if there is. ``waived`` counts those of the
    breached that a waiver lets pass, ``missed_waived`` those of them that are missed targets.
    """

    measured: int
    met: int
    warranted: int
    missed: int
    waived: int
    running: int
    unknown: int
    no_target: int
    excluded: int
    shares_failed: int
    failing: int
    failing_warranted: int
    rejected: int
    exit_code: int
    complaint: str
    spans: Periods
    missed_waived: int = 0

    @property
    def held(self) -> int:
        """The breaches that nobody waived."""
        return self.warranted + self.missed - self.waived


def outcome(
    audit: Audit,
    fail_on: str = "breach",
    *,
    strict: bool = False,
    service: Assessment | None = None,
    findings: int = 0,
) -> Outcome:
    """The audit's verdict as one, with that on the service where files tell of it, and how many findings there are."""
    rows = audit.summary
    failing, failing_warranted, shares = _failing(audit)
    spans = periods_of(service) if service else Periods()
    failing, failing_warranted = failing + spans.failing, failing_warranted + spans.warranted
    operations_rejected = service.operations.rejected if service else ()
    met, running, unknown = (sum(getattr(row, name) for row in rows) for name in ("met", "running", "unknown"))
    breached = {force: sum(row.breached for row in rows if row.binding == force) for force in ("warranted", "target")}
    all_rejected = (*audit.evidence.rejected, *operations_rejected)
    rejected = len(all_rejected)
    complaint = ""
    if not met + running + sum(breached.values()) + spans.judged:
        complaint = f"nothing was met, breached or running, which is no pass: {_why_nothing(audit, unknown)}"
    elif strict and rejected:
        first = all_rejected[0]
        complaint = (
            f"{_of(rejected, 'row')} could not be used, and --strict allows none; "
            f"the first is {first.file} row {first.row:,}: {first.reason}"
        )
    elif strict and unknown + spans.unknown:
        number = _of(unknown + spans.unknown, "verdict")
        complaint = f"{number} unknown, and --strict allows none; the report says what settles it"
    named = {
        "breach": failing,
        "warranted": failing_warranted,
        "unknown": failing + unknown + spans.unknown,
        "finding": failing + findings,
        "never": 0,
    }[fail_on]
    return Outcome(
        measured=sum(row.measured for row in rows),
        met=met,
        warranted=breached["warranted"],
        missed=breached["target"],
        waived=sum(row.waived for row in rows),
        running=running,
        unknown=unknown,
        no_target=sum(row.no_target for row in rows),
        excluded=sum(row.excluded for row in rows),
        shares_failed=shares,
        failing=failing,
        failing_warranted=failing_warranted,
        rejected=rejected,
        exit_code=NO_EVIDENCE if complaint else NOT_KEPT if named else KEPT,
        complaint=complaint,
        spans=spans,
        missed_waived=sum(row.waived for row in rows if row.binding == "target"),
    )


def _why_nothing(audit: Audit, unknown: int) -> str:
    """Why an audit measured nothing, and where to look."""
    if unknown:
        return "every verdict that could be is unknown, and the report says what settles each"
    if len(audit.measurements) and all(row.excluded == row.measured for row in audit.summary):
        return "every clock is excluded, and the report says by what"
    if len(audit.measurements):
        return "no ticket has a target; slaaudit policy show says which have one"
    if audit.period:
        return f"no clock has its {audit.period.by} in --period {audit.period.text}"
    if audit.unseen_after_as_of and not len(audit.evidence.events) - audit.unseen_after_as_of:
        return "every event is later than --as-of"
    return "no clause has a clock that ran for these tickets; slaaudit policy show says what starts one"


def kindest(audit: Audit) -> Audit:
    """The same audit, if every unknown and every breach with a caveat went the vendor's way."""
    table = audit.measurements
    thin = (table.caveats & ~int(Caveat.PAUSE_BOUNDED)) != 0  # a bounded pause saves nobody: it is a breach even so
    doubtful = (table.verdict == Verdict.UNKNOWN) | ((table.verdict == Verdict.BREACHED) & thin)
    rows = replace(table, verdict=np.where(doubtful, np.int8(Verdict.MET), table.verdict))
    by = audit.period.by if audit.period else "start"
    waived = audit.waived.rows if audit.waived else None
    return replace(
        audit,
        measurements=rows,
        summary=totals.summary(rows, audit.policies, waived),
        attainments=totals.attainments(rows, audit.policies, by, waived),
    )


def _failing(audit: Audit) -> tuple[int, int, int]:
    """How many breaches fail, how many of those are warranted, and how many are shares."""
    failed = [row for row in audit.attainments if row.fails]
    counts = [(row.breached - row.waived, row.binding) for row in audit.summary if row.promised is None]
    counts += [(1, audit.policies[row.policy].policy.clauses[row.clause].binding) for row in failed]
    warranted = sum(count for count, binding in counts if binding == "warranted")
    return sum(count for count, _ in counts), warranted, len(failed)


def _of(number: int, noun: str) -> str:
    verb = {"row": "", "verdict": " is" if number == 1 else " are"}[noun]
    return f"{number:,} {noun}{'' if number == 1 else 's'}{verb}"
