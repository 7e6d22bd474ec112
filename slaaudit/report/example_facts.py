"""What was expected of an example beside what came of it, field by field, in the words of the policy's file."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from slaaudit.claims import next_deadline
from slaaudit.policy.example_grammar import NOTHING, When
from slaaudit.report import sums
from slaaudit.report.lines import hyphened, lines
from slaaudit.report.words import exact_length, local, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.availability import Uptime
    from slaaudit.credits import Credit
    from slaaudit.policy.examples import Expected
    from slaaudit.policy.model import Policy
    from slaaudit.rehearsal import Rehearsal
    from slaaudit.report.lines import Line

_LENGTHS = {"target", "elapsed", "paused", "over", "downtime", "excluded"}


class Miss(NamedTuple):
    """A value that is not what was expected. ``about`` tells several of one clause apart; it may be empty."""

    clause: str
    about: str
    field: str
    expected: str
    got: str


@dataclass(frozen=True)
class _Facts:
    """A measurement, or a service over a period; ``values`` by the names of ``Expected``."""

    about: str
    values: dict[str, Any]


def facts_of(rehearsal: Rehearsal, clause: str) -> list[dict[str, str]]:
    """All that came of a clause, in words: one mapping for each measurement, or for each period of a service."""
    shown = _Shown(rehearsal.trial.timezone)
    return [{name: shown.got(name, value) for name, value in each.values.items()} for each in _found(rehearsal, clause)]


def misses(rehearsal: Rehearsal) -> list[Miss]:
    """Every value that is not what the example expects; none where it holds."""
    return [
        miss
        for clause, expected in rehearsal.trial.told.expect.items()
        for miss in _missed(rehearsal, clause, expected)
    ]


def _missed(rehearsal: Rehearsal, clause: str, expected: Sequence[Expected]) -> Iterator[Miss]:
    found = _found(rehearsal, clause)
    if not all(_selects(each) for each in expected) or not expected:
        if len(found) != len(expected):
            what = "measurements" if rehearsal.audit else "periods"
            told = [f"{each.about} {each.values.get('verdict') or ''}".strip() for each in found]
            got = f"{len(found)} ({', '.join(told)})" if found else "none"
            yield Miss(clause, "", what, str(len(expected)) if expected else NOTHING, got)
            return
        pairs = list(zip(expected, found, strict=True))
    else:
        pairs = []
        for each in expected:
            chosen = [facts for facts in found if _is_meant(each, facts)]
            if len(chosen) != 1:
                yield Miss(
                    clause, "", _selector(each), _selected(each), ", ".join(one.about for one in found) or NOTHING
                )
            else:
                pairs.append((each, chosen[0]))
    several = len(found) > 1
    for each, facts in pairs:
        for field, wanted, got in _differences(rehearsal, each, facts):
            yield Miss(clause, facts.about if several else "", field, wanted, got)


def _selects(expected: Expected) -> bool:
    return any(getattr(expected, name) is not None for name in ("cycle", "period", "component"))


def _selector(expected: Expected) -> str:
    return "cycle" if expected.cycle is not None else "period"


def _selected(expected: Expected) -> str:
    named = [str(value) for name in ("cycle", "component", "period") if (value := getattr(expected, name)) is not None]
    return " ".join(named)


def _is_meant(expected: Expected, facts: _Facts) -> bool:
    """Whether the facts are of the cycle, or the period and component, that an expectation names."""
    for name in ("cycle", "period", "component"):
        wanted = getattr(expected, name)
        if wanted is not None and str(wanted).casefold() != str(facts.values.get(name)).casefold():
            return False
    return True


def _differences(rehearsal: Rehearsal, expected: Expected, facts: _Facts) -> Iterator[tuple[str, str, str]]:
    shown = _Shown(rehearsal.trial.timezone)
    policy = _policy(rehearsal)
    for name in expected.stated:
        wanted, got = _wanted(getattr(expected, name), name, rehearsal.trial.timezone, policy), facts.values.get(name)
        if not _agree(name, wanted, got):
            yield name.replace("_", "-"), shown.wanted(name, getattr(expected, name)), shown.got(name, got)


def _policy(rehearsal: Rehearsal) -> Policy:
    of = rehearsal.audit or rehearsal.assessment
    assert of is not None  # noqa: S101  (a rehearsal is one of the two)
    return of.policies[0].policy


def _wanted(value: Any, name: str, timezone: str, policy: Policy) -> Any:
    """An expected value as the audit has it."""
    if isinstance(value, When):
        return value.instant(timezone)
    if name == "severity" and value is not None:
        return policy.severity_named(value) or value
    return value


def _agree(name: str, wanted: Any, got: Any) -> bool:
    if name == "caveats":
        return set(wanted) == set(got or ())
    if name == "reason" and wanted and ":" not in wanted:
        return bool((got or "").partition(":")[0] == wanted)
    if name == "credit":
        return [sums.amount(Fraction(each.amount), each.unit) for each in wanted] == list(got or ())
    if name == "availability" and wanted is not None and got is not None:
        printed = (sums.percent(got), f"{sums.decimal_percent(got)}%")
        return bool(Fraction(wanted) / 100 == got) or f"{wanted.normalize():f}%" in printed
    return bool(wanted == got)


@dataclass(frozen=True)
class _Shown:
    """Values as the policy's file would have them, instants by the wall clock of the example's zone."""

    timezone: str

    def got(self, name: str, value: Any) -> str:
        """What came of it."""
        if value is None or value == ():
            return NOTHING
        if name in _LENGTHS:
            return exact_length(int(value), 0)
        if name in ("started", "stopped", "due"):
            zone = ZoneInfo(self.timezone)
            return f"{local(value, zone)} {zone_name(value, zone)}"
        if name == "availability":
            return sums.percent(value)
        return ", ".join(value) if isinstance(value, tuple) else str(value)

    def wanted(self, name: str, value: Any) -> str:
        """What was expected."""
        if isinstance(value, When):
            return value.text
        if name == "availability" and value is not None:
            return f"{value}%"
        if name == "credit" and value:
            return ", ".join(each.text for each in value)
        return self.got(name, value)


def _found(rehearsal: Rehearsal, clause: str) -> list[_Facts]:
    if rehearsal.audit is not None:
        return [_of_line(line) for line in lines(rehearsal.audit) if line.clause == clause]
    assert rehearsal.assessment is not None  # noqa: S101  (a rehearsal is one of the two)
    return _of_service(rehearsal.assessment, clause)


def _of_line(line: Line) -> _Facts:
    values = {
        "verdict": line.verdict,
        "severity": line.severity,
        "cycle": line.cycle,
        "target": line.target,
        "elapsed": line.elapsed,
        "paused": line.paused,
        "over": line.over,
        "started": line.started_at,
        "stopped": line.stopped_at,
        "due": line.due_at,
        "calendar": line.calendar or None,
        "reason": line.reason,
        "caveats": line.caveats,
    }
    return _Facts(f"cycle {line.cycle}", values)


def _of_service(found: Assessment, clause: str) -> list[_Facts]:
    """Each component and period that was measured, or that earned a credit: the two may have periods of their own."""
    uptimes = {(row.component, row.span.name): row for row in found.uptimes if row.clause == clause}
    earned: dict[tuple[str | None, str], list[Credit]] = {}
    for each in found.credits:
        if each.row.clause == clause:
            earned.setdefault((each.row.component, each.row.span.name), []).append(each)
    keys = dict.fromkeys([*uptimes, *earned])
    return [_of_period(key, uptimes.get(key), earned.get(key, [])) for key in keys]


def _of_period(key: tuple[str | None, str], row: Uptime | None, earned: Sequence[Credit]) -> _Facts:
    component, period = key
    deadline = next_deadline(tuple(each for credit in earned for each in credit.deadlines))
    values = {
        "verdict": hyphened(row.verdict.name) if row else None,
        "period": period,
        "component": component,
        "availability": row.availability if row else earned[0].row.share if earned else None,
        "downtime": row.downtime if row else None,
        "excluded": row.excluded if row else None,
        "credit": tuple(each.earned.right or sums.amount(each.amount, each.unit) for each in earned),
        "claim_by": deadline.last_day if deadline else None,
        "claim_status": deadline.status if deadline else None,
    }
    return _Facts(" ".join(filter(None, [component, period])), values)
