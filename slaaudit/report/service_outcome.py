"""What an assessment of a service comes to: its periods by verdict, and the exit code that ``--fail-on`` makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slaaudit.report.outcome import KEPT, NO_EVIDENCE, NOT_KEPT
from slaaudit.report.words import count
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from slaaudit.assessment import Assessment


@dataclass(frozen=True)
class Periods:
    """Periods of availability by verdict; ``warranted`` and ``missed`` divide the breached by binding force."""

    met: int = 0
    warranted: int = 0
    missed: int = 0
    running: int = 0
    unknown: int = 0

    @property
    def failing(self) -> int:
        """The periods below their promise."""
        return self.warranted + self.missed


@dataclass(frozen=True)
class ServiceOutcome:
    """``complaint`` says why there is no verdict, "" if there is."""

    periods: Periods
    exit_code: int
    complaint: str


def periods_of(found: Assessment) -> Periods:
    """The counts of all clauses."""
    verdicts = [row.verdict for row in found.uptimes]
    forces = [
        found.policies[row.policy].policy.clauses[row.clause].binding
        for row in found.uptimes
        if row.verdict is Verdict.BREACHED
    ]
    return Periods(
        met=verdicts.count(Verdict.MET),
        warranted=forces.count("warranted"),
        missed=forces.count("target"),
        running=verdicts.count(Verdict.RUNNING),
        unknown=verdicts.count(Verdict.UNKNOWN),
    )


def service_outcome(found: Assessment, fail_on: str = "breach", *, strict: bool = False) -> ServiceOutcome:
    """The verdict on a service as one."""
    counts, rejected = periods_of(found), found.operations.rejected
    complaint = ""
    if not counts.met + counts.failing + counts.running:
        complaint = f"nothing was met, breached or running, which is no pass: {_why_nothing(found, counts)}"
    elif strict and rejected:
        first = rejected[0]
        complaint = (
            f"{count(len(rejected), 'row')} could not be used, and --strict allows none; "
            f"the first is {first.file} row {first.row:,}: {first.reason}"
        )
    elif strict and counts.unknown:
        complaint = f"{count(counts.unknown, 'period')} unknown, and --strict allows none; the report says why"
    named = {
        "breach": counts.failing,
        "warranted": counts.warranted,
        "unknown": counts.failing + counts.unknown,
        "never": 0,
    }[fail_on]
    return ServiceOutcome(counts, NO_EVIDENCE if complaint else NOT_KEPT if named else KEPT, complaint)


def _why_nothing(found: Assessment, counts: Periods) -> str:
    if counts.unknown:
        methods = sorted({method for each in found.services for method in each.promise.clause.method})
        wanted = " or ".join("--incidents" if method == "downtime" else "--usage" for method in methods)
        return f"the policy measures by {' or '.join(methods)}, which needs {wanted}"
    if found.period:
        return f"no period of a clause lies in --period {found.period.text} up to as-of"
    return "the policy was not in force"
