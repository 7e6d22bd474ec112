"""What an assessment of a service comes to: its periods by verdict, and the exit code that ``--fail-on`` makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slaaudit.claims import next_deadline
from slaaudit.report import service_sections, sums
from slaaudit.report.outcome import KEPT, NO_EVIDENCE, NOT_KEPT, Periods, periods_of
from slaaudit.report.sentences import under_strict
from slaaudit.report.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.credits import Credit


@dataclass(frozen=True)
class ServiceOutcome:
    """``complaint`` says why there is no verdict, "" if there is."""

    periods: Periods
    exit_code: int
    complaint: str


def service_outcome(found: Assessment, fail_on: str = "breach", *, strict: bool = False) -> ServiceOutcome:
    """The verdict on a service as one."""
    counts, rejected = periods_of(found), found.operations.rejected
    complaint = ""
    if not counts.judged:
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
        told = (
            "" if found.as_of_given else ", the latest instant in the files; --as-of says up to when they tell of all"
        )
        return f"no period of a clause lies in --period {found.period.text} up to as-of{told}"
    return "the policy was not in force"


def sentence(found: Assessment, outcome: ServiceOutcome) -> str:
    """The verdict, what it earns, and the next deadline."""
    counts = outcome.periods
    if not counts.judged:
        return f"No verdict: {count(counts.unknown, 'period')} unknown."
    kept = "Kept but for what is waived" if counts.waived else "Kept so far" if counts.running else "Kept"
    word = "Not kept" if counts.failing else kept
    parts = [f"{counts.met:,} met", f"{counts.failing:,} below the promise"]
    parts += [f"{counts.waived:,} below it but waived"] if counts.waived else []
    parts += [f"{counts.running:,} running"] if counts.running else []
    parts += [f"{counts.unknown:,} unknown"] if counts.unknown else []
    earned = [each for each in found.credits if not each.row.to_date]
    early = [each for each in found.credits if each.row.to_date and service_sections.lapses_early(each)]
    early = [each for each in early if service_sections.is_worth_claiming(each)]
    credit = f" Credits: {sums.totals(earned)}{_next(earned)}." if earned else ""
    if early:
        credit += f" So far: {sums.totals(early)}{_next(early)}, before the period is final."
    return under_strict(f"{word}: {', '.join(parts)}.{credit}", outcome.complaint)


def _next(earned: Sequence[Credit]) -> str:
    """The first last day that is ahead, or how many are past."""
    worth = filter(service_sections.is_worth_claiming, earned)
    found = [deadline for each in worth if (deadline := next_deadline(each.deadlines))]
    ahead = [each for each in found if each.status in ("open", "closing")]
    if ahead:
        first = min(ahead, key=lambda each: each.closes_at)
        return f", the next to be claimed by {first.last_day}"
    lapsed = sum(each.status == "lapsed" for each in found)
    return f", {lapsed:,} of {len(earned):,} lapsed" if lapsed else ""
