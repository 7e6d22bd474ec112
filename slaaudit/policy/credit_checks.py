"""What is wrong in the credits of a clause, and between a method of measuring and what it goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.located import did_you_mean, plain
from slaaudit.policy import calendar_checks, claim_grammar, grammar
from slaaudit.policy.clauses import clause_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slaaudit.errors import Fault
    from slaaudit.located import Located, Sources
    from slaaudit.policy.written import Names

_WAYS = ("tiers", "downtime", "each", "proportional", "flat", "per-miss", "per-outage", "remedies")
_OF_SERVICES = ("downtime", "proportional", "per-outage")
_OF_TICKETS = ("per-miss", "severities")


def faults(clause: Located, names: Names, sources: Sources) -> Iterator[Fault]:
    """The faults in a clause's credits and method."""
    kind = clause_kind(plain(clause))
    if kind == "availability-clause":
        yield from _method_faults(clause, sources)
    credit = clause.get("credits")
    if credit is None or not isinstance(credit.value, dict):
        return
    if not any(credit.get(way) for way in _WAYS):
        yield sources.fault(credit.key, "these credits earn nothing", f"expected one of: {', '.join(_WAYS)}")
    yield from _misplaced(credit, kind, sources)
    yield from _order_faults(credit, "tiers", "below", grammar.percent, sources)
    yield from _order_faults(credit, "downtime", "over", lambda text: -grammar.length(text), sources)
    yield from _step_faults(credit, sources)
    yield from _remedy_faults(credit, sources)
    yield from _name_faults(credit, names, sources)


def _method_faults(clause: Located, sources: Sources) -> Iterator[Fault]:
    """Slices by their error rate need to know the slice, and the threshold where it makes them down."""
    method = clause.get("method")
    for each in method.elements() if method else []:
        if each.text == "error-rate" and not clause.get("error-rate", "above"):
            hint = "expected error-rate: {slice: 5m, above: 10%}"
            yield sources.fault(each.place, "method 'error-rate' needs to know when a slice is down", hint)
        if each.text == "average-error-rate" and not clause.get("error-rate"):
            hint = "expected error-rate: {slice: 5m}"
            yield sources.fault(each.place, "method 'average-error-rate' needs to know how long a slice is", hint)
    slice_ = clause.get("error-rate", "slice")
    if slice_ and _is_nothing(slice_):
        yield sources.fault(slice_.place, f"{slice_.text!r} is no slice of time", "expected more than nothing")


def _misplaced(credit: Located, kind: str, sources: Sources) -> Iterator[Fault]:
    wrong = _OF_TICKETS if kind == "availability-clause" else _OF_SERVICES
    about = "tickets" if wrong is _OF_TICKETS else "a service"
    for key in wrong:
        if node := credit.get(key):
            yield sources.fault(
                node.key, f"{key!r} is for promises about {about}", f"expected one of: {_allowed(wrong)}"
            )
    step = credit.get("each", "downtime")
    if kind == "availability-clause":
        return
    if step:
        yield sources.fault(step.key, "'downtime' is for promises about a service", "expected below: 1%")
    remedies = credit.get("remedies")
    for remedy in remedies.elements() if remedies else []:
        if node := remedy.get("proportional"):
            yield sources.fault(
                node.key, "'proportional' is for promises about a service", "expected credit: 10%, or right"
            )


def _allowed(wrong: tuple[str, ...]) -> str:
    return ", ".join(way for way in _WAYS if way not in wrong)


def _order_faults(
    credit: Located, key: str, bound: str, read: Callable[[str], object], sources: Sources
) -> Iterator[Fault]:
    """Each tier lies beyond the one before it."""
    tiers = credit.get(key)
    before = None
    for tier in tiers.elements() if tiers else []:
        node = tier.get(bound)
        try:
            found = read((node.text if node else None) or "")
        except ValueError:
            continue
        if before is not None and node and found >= before:  # type: ignore[operator]
            way = "downwards" if key == "tiers" else "upwards"
            word = "below" if key == "tiers" else "more than"
            yield sources.fault(node.place, f"{node.text!r} is not {word} the tier before it", f"order tiers {way}")
        before = found


def _step_faults(credit: Located, sources: Sources) -> Iterator[Fault]:
    step = credit.get("each")
    if step is None or not isinstance(step.value, dict):
        return
    stated = [key for key in ("downtime", "below") if step.get(key)]
    if len(stated) != 1:
        hint = "expected downtime: 1h, or below: 0.1%"
        yield sources.fault(step.key, "'each' needs one unit, of downtime or of the share", hint)
    from_, beyond = step.get("from"), step.get("beyond")
    if from_ and not step.get("below"):
        yield sources.fault(
            from_.key, "'from' is where steps of the share are counted down from", "expected below: 0.1%"
        )
    if beyond and not step.get("downtime"):
        yield sources.fault(beyond.key, "'beyond' is for units of downtime", "expected from: 99.5%")
    for key in stated:
        node = step.get(key)
        if node and _is_nothing(node):
            yield sources.fault(node.place, f"{node.text!r} is no unit to count by", "expected more than nothing")


def _is_nothing(node: Located) -> bool:
    """Whether a length or a share is one of 0."""
    return bool(node.text) and (node.text or "").strip(" 0.") in ("%", "s", "m", "h", "d", "w")


def _remedy_faults(credit: Located, sources: Sources) -> Iterator[Fault]:
    remedies = credit.get("remedies")
    for remedy in remedies.elements() if remedies else []:
        if not isinstance(remedy.value, dict):
            continue
        if not any(remedy.get(key) for key in ("credit", "proportional", "right")):
            hint = "expected credit: 10%, proportional: downtime, or right: terminate without penalty"
            yield sources.fault(remedy.place, "this remedy grants nothing", hint)
        of_last, within, missed = remedy.get("of-last"), remedy.get("within"), remedy.get("missed")
        if of_last and within:
            yield sources.fault(within.key, "'within' and 'of-last' are two windows", "keep one of them")
        try:
            few = of_last and missed and _count(of_last) < _count(missed)
        except ValueError:
            continue
        if few and of_last:
            hint = f"expected {_count(missed)} or more" if missed else ""
            yield sources.fault(of_last.place, f"{of_last.text} periods cannot hold so many misses", hint)


def _count(node: Located) -> int:
    return claim_grammar.count(node.text or "")


def _name_faults(credit: Located, names: Names, sources: Sources) -> Iterator[Fault]:
    """Calendars and severities that are none of the policy's."""
    claims, severities = credit.get("claim"), credit.get("severities")
    for claim in claims.elements() if claims else []:
        node = claim.get("calendar")
        if node and node.text is not None and node.text not in names.calendars:
            yield calendar_checks.unknown(node.text, node.place, names, sources)
    for node in severities.elements() if severities else []:
        if node.text is not None and node.text not in names.severities:
            hint = did_you_mean(node.text, names.severities, "severities of this policy")
            yield sources.fault(node.place, f"no severity is named {node.text!r}", hint)
