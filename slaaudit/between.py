"""What two reports rest on: files and how they were read, policies, readings, as-of, period and slaaudit itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from slaaudit.written_report import Data, WrittenReport

Cause = Literal["evidence", "mapping", "policy", "reading", "as-of", "period", "waiver", "fee", "tool", "unexplained"]


class Because(NamedTuple):
    """One thing that changed (``what``, from ``old`` to ``new``) and the causes that can have changed it."""

    causes: tuple[Cause, ...]
    what: str
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class Between:
    """Two reports, and what differs in all that they rest on."""

    old: WrittenReport
    new: WrittenReport

    @cached_property
    def evidence(self) -> bool:
        """Whether other files were read, by their contents."""
        return _contents(self.old) != _contents(self.new)

    @cached_property
    def mapping(self) -> bool:
        """Whether a file of the same contents was read otherwise: as its notes, profile, rejects and fields tell."""
        ours, theirs = _readings_of_files(self.old), _readings_of_files(self.new)
        if any(ours[each] != theirs[each] for each in ours.keys() & theirs.keys()):
            return True
        fields = self.new.tickets
        return not self.evidence and any(fields.get(name, own) != own for name, own in self.old.tickets.items())

    @cached_property
    def policies(self) -> frozenset[str]:
        """The policies, by id, whose files differ or that only one report has."""
        ours, theirs = _files(self.old), _files(self.new)
        return frozenset(each for each in ours.keys() | theirs.keys() if ours.get(each) != theirs.get(each))

    @cached_property
    def readings(self) -> list[tuple[str, str, str | None, str | None]]:
        """Policy, reading, and its choice in either report, where these differ."""
        ours, theirs = _choices(self.old), _choices(self.new)
        keys = [*ours, *(each for each in theirs if each not in ours)]
        return [(*each, ours.get(each), theirs.get(each)) for each in keys if ours.get(each) != theirs.get(each)]

    @cached_property
    def tool(self) -> bool:
        """Whether another slaaudit, or another edition of the time zones, wrote the reports."""
        return self.old.tool != self.new.tool

    @cached_property
    def as_of(self) -> bool:
        """Whether the record was judged as of another instant."""
        return self.old.as_of != self.new.as_of

    @cached_property
    def period(self) -> bool:
        """Whether the reports are confined to other periods."""
        return _period(self.old) != _period(self.new)

    @property
    def waivers(self) -> bool:
        """Whether other waivers were given."""
        return self.old.waivers != self.new.waivers

    @cached_property
    def _reread(self) -> frozenset[str]:
        return frozenset(policy for policy, *_ in self.readings)

    def among(self, policy: str, *asked: Cause) -> tuple[Cause, ...]:
        """Those of the causes asked for that did change; slaaudit itself where none did and it is another one."""
        present: dict[str, bool] = {
            "evidence": self.evidence,
            "mapping": self.mapping,
            "policy": policy in self.policies,
            "reading": policy in self._reread,
            "as-of": self.as_of,
            "fee": True,  # asked for only where it is another one
        }
        found = tuple(cause for cause in asked if present[cause])
        return found or (("tool",) if self.tool else ("unexplained",))


def _contents(report: WrittenReport) -> list[tuple[str, str]]:
    return sorted((str(each.get("role")), str(each["sha256"])) for each in report.inputs)


def _readings_of_files(report: WrittenReport) -> dict[str, tuple[str, ...]]:
    told = ("profile", "rows", "rejected", "notes")
    return {str(each["sha256"]): tuple(str(each.get(key)) for key in told) for each in report.inputs}


def _files(report: WrittenReport) -> dict[str, list[str]]:
    """The hashes of each policy's files; versions of one policy share its id."""
    found: dict[str, list[str]] = {}
    for each in report.policies:
        found.setdefault(each["id"], []).append(str(each.get("sha256")))
    return found


def _choices(report: WrittenReport) -> dict[tuple[str, str], str]:
    readings: dict[tuple[str, str], str] = {}
    for each in report.policies:
        found: Data = each.get("readings") or {}
        readings |= {(each["id"], name): str(choice) for name, choice in found.items()}
    return readings


def _period(report: WrittenReport) -> tuple[Any, ...] | None:
    found = report.period
    return None if found is None else tuple(found.get(key) for key in ("from", "to", "by"))
