"""The promise side of an audit: the policies' calendars compiled, their spans in force, what they ask of the data."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from slaaudit import periods
from slaaudit.compiling import Room, compile_calendar
from slaaudit.errors import UsageError
from slaaudit.moments import Happening, bits
from slaaudit.policy.model import OrderClause, TicketClause

if TYPE_CHECKING:
    from slaaudit.business_time import CompiledCalendar
    from slaaudit.evidence.tables import Evidence
    from slaaudit.policy import LoadedPolicy


@dataclass
class Vocabulary:
    """Texts that measurements speak of, each with a code."""

    codes: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)  # shards are audited in threads

    def code(self, text: str) -> int:
        """The code of a text, new or known."""
        with self.lock:
            return self.codes.setdefault(text, len(self.codes))


@dataclass(frozen=True)
class Ground:
    """What stays the same while clauses are judged: policies, compiled calendars, vocabularies."""

    policies: tuple[LoadedPolicy, ...]
    compiled: tuple[dict[str, CompiledCalendar], ...]
    calendars: tuple[str, ...]
    words: Vocabulary
    fields: tuple[str, ...]
    as_of: int


def ground(evidence: Evidence, policies: tuple[LoadedPolicy, ...], as_of: int) -> Ground:
    """The ground for an audit of ``evidence``. Raises ``UsageError`` where the policies are no versions of one."""
    _refuse_rivals(policies)
    at = evidence.events.at
    first = min(int(at.min(initial=as_of)), as_of)
    last = max(int(at.max(initial=as_of)), as_of)
    compiled = tuple(_compiled(policy, first, last) for policy in policies)
    names = tuple(dict.fromkeys(name for calendars in compiled for name in calendars))
    return Ground(
        policies,
        compiled,
        names,
        Vocabulary(),
        tuple(dict.fromkeys(name for one in policies for name in one.policy.matched_fields)),
        as_of,
    )


def _refuse_rivals(policies: tuple[LoadedPolicy, ...]) -> None:
    """Several policies are versions of one, or the tickets would have two judges."""
    ids = {policy.policy.id for policy in policies}
    if len(ids) > 1:
        raise UsageError(
            f"--policy names {', '.join(sorted(ids))}: several files must be versions of one policy. Check against "
            "one policy at a time."
        )
    ordered = sorted(policies, key=effective)
    for earlier, later in itertools.pairwise(ordered):
        if effective(later)[0] < effective(earlier)[1]:
            raise UsageError(
                f"{earlier.path} ({_span(earlier)}) and {later.path} ({_span(later)}) are in force at once. Give one "
                "version for each time, with `effective: {from: DATE, until: DATE}`."
            )


def _span(policy: LoadedPolicy) -> str:
    span = policy.policy.effective
    since, until = f"from {span.from_}" if span.from_ else "", f"until {span.until}" if span.until else ""
    return " ".join(word for word in (since, until) if word) or "at all times"


def effective(policy: LoadedPolicy) -> tuple[int, int]:
    """The span ``[since, until)`` in which the policy is in force."""
    span, zone = policy.policy.effective, policy.policy.timezone
    since = periods.day_span(span.from_, zone)[0] if span.from_ else -(2**62)
    until = periods.day_span(span.until, zone)[1] if span.until else 2**62
    return since, until


def _compiled(policy: LoadedPolicy, first: int, last: int) -> dict[str, CompiledCalendar]:
    """Every calendar of the policy, for the data's span and room for the longest target past it."""
    room = Room()
    for clause in policy.policy.clauses.values():
        if isinstance(clause, TicketClause):
            for rules in clause.targets.values():
                for rule in rules:
                    room |= Room.for_amount(rule.within)
    return {name: compile_calendar(one, first, last, room) for name, one in policy.policy.calendars.items()}


def ticket_clauses(policy: LoadedPolicy) -> list[tuple[int, TicketClause]]:
    """The clauses about tickets, each with its index among all clauses."""
    clauses = enumerate(policy.policy.clauses.values())
    return [(index, clause) for index, clause in clauses if isinstance(clause, TicketClause)]


def asked_moments(policies: tuple[LoadedPolicy, ...]) -> Happening:
    """Every moment that a clause's clock starts or stops at."""
    asked = Happening(0)
    for policy in policies:
        for _, clause in ticket_clauses(policy):
            asked |= bits(clause.starts + clause.stops)
            if clause.measure == "next-response":
                asked |= Happening.VENDOR_REPLY
    return asked


_UNMEASURED = {
    "availability": "availability is read and checked, and not measured from tickets",
    "narrative": "no data can show it",
}


def not_audited(policies: tuple[LoadedPolicy, ...]) -> tuple[tuple[str, str], ...]:
    """Clauses that no ticket is measured against, and why."""
    found: dict[str, str] = {}
    for policy in policies:
        for name, clause in policy.policy.clauses.items():
            if isinstance(clause, OrderClause):  # tickets that were overtaken are findings
                continue
            if not isinstance(clause, TicketClause):
                found.setdefault(name, clause.why or _UNMEASURED[clause.measure])
            elif not clause.targets:
                found.setdefault(name, clause.why or "the policy states no targets for it")
    return tuple(found.items())
