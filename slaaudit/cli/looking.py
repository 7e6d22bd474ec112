"""What is looked for beside verdicts: findings, and the thresholds that some of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.cli.options import one_of, share_of_target
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slaaudit.audit import Audit
    from slaaudit.report.findings import Seen

NAMES = ("near-breach", "silence", "reopened-within")

#: Tickets of a report for people among which findings are looked for unasked: it takes three seconds for a million.
MANY = 100_000


def thresholds_of(asked: Sequence[str]) -> dict[str, int]:
    """The thresholds that the flags set, by name; UsageError for a name or a value that is none."""
    found: dict[str, int] = {}
    for text in asked:
        name, equals, value = (part.strip() for part in text.partition("="))
        flag = f"--threshold {one_of('--threshold', name, NAMES)}"
        if not equals:
            raise UsageError(f"--threshold {shown(text, 40)}: expected NAME=VALUE, as in near-breach=80%")
        if name == "near-breach":
            found["near_breach"] = share_of_target(flag, value)
        else:
            found[name.replace("-", "_")] = _length(flag, value)
    return found


def _length(flag: str, value: str) -> int:
    from slaaudit.policy.grammar import length

    try:
        return length(value)
    except ValueError:
        raise UsageError(f"{flag}={shown(value, 40)}: expected a length like 15m, 4h or 7d") from None


def found_in_record(audit: Audit, asked: Mapping[str, int], step: Callable[..., None]) -> list[Seen]:
    """Every finding in words, by the thresholds that were asked for and the usual ones."""
    step("Looking at how the record was kept")
    from slaaudit.findings import Thresholds, findings
    from slaaudit.report.findings import seen

    thresholds = Thresholds(**asked)
    return seen(audit, findings(audit, thresholds), thresholds)
