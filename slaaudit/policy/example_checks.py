"""What is wrong between an example and its policy: clauses, readings, severities and fields that are not there, times.

The checks walk the YAML's own values, as those of ``checks`` do, so each fault stands at the word that must change. A
value that the form of an example refuses is passed over here: it has its fault already.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, get_args

from slaaudit.located import did_you_mean, walk
from slaaudit.policy import example_grammar, overlays
from slaaudit.policy.clauses import TicketMeasure
from slaaudit.policy.written import CONDITION_KEYS, conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.errors import Fault
    from slaaudit.located import Located, Sources
    from slaaudit.policy.example_grammar import When
    from slaaudit.policy.reader import LoadedPolicy

SERVICE = ("outages", "maintenance", "usage")
_TICKET_KEYS = ("created", "reported", "created-by", "severity")
_TICKET_FIELDS = ("channel", "type", "component", "organization", "environment", "requester_role", "cause")
_SERVICE_KEYS = ("at", "affected", "announced")
_SERVICE_FIELDS = ("component", "environment", "severity", "cause", "planned", "title", "aware_at")
_OF_BOTH = ("verdict",)
_OF_TICKETS = (
    "severity", "cycle", "target", "elapsed", "paused", "over", "started", "stopped", "due", "calendar", "reason",
    "caveats",
)  # fmt: skip
_OF_SERVICES = ("period", "component", "availability", "downtime", "excluded", "credit", "claim-by", "claim-status")
_MOMENTS = ("started", "stopped", "due")


@dataclass(frozen=True)
class Known:
    """What a policy knows that examples may speak of, whatever its readings decide."""

    loaded: LoadedPolicy

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """The choices of every reading."""
        return {name: list(found) for name, found in overlays.choices(self.loaded.unread).items()}

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every field that some clause looks at under some reading."""
        overlaid = [overlay for found in overlays.choices(self.loaded.unread).values() for overlay in found.values()]
        clauses = [layer.get("clauses") for layer in (self.loaded.unread, *overlaid)]
        bodies = [body for layer in clauses if layer for _, body in layer.items()]
        named = {key for body in bodies for each in conditions(body) for key, _ in each.items()}
        weighed = {key for body in bodies for part in ("weights", "assumes") for key, _ in _entries(body.get(part))}
        return frozenset((named | weighed) - set(CONDITION_KEYS))

    def tree_under(self, readings: Located | None) -> Located:
        """The policy's values under an example's readings; those that it does not have are passed over."""
        stated = {name: node.text or "" for name, node in _entries(readings)}
        found = {name: stated.get(name, chosen) for name, chosen in self.loaded.readings.items()}
        return overlays.under(self.loaded.unread, found)


def faults(example: Located, known: Known, sources: Sources) -> Iterator[Fault]:
    """All that is wrong in one example, its cases laid over it, as far as its form allows to tell."""
    tree = known.tree_under(example.get("readings"))
    yield from _reading_faults(example, known, sources)
    yield from _story_faults(example, sources)
    yield from _zone_faults(example, known, sources)
    yield from _order_faults(example, known, sources)
    yield from _severity_faults(example, tree, sources)
    yield from _field_faults(example, known, sources)
    yield from _expectation_faults(example, tree, sources)


def zone_of(example: Located, known: Known) -> str:
    """The zone of an example's local times."""
    stated = example.get("timezone")
    named = stated.text if stated else None
    return named if named and example_grammar.is_zone(named) else known.loaded.policy.timezone


def _entries(node: Located | None) -> list[tuple[str, Located]]:
    return node.items() if node else []


def _elements(node: Located | None) -> list[Located]:
    return node.elements() if node and node.value is not None and node.text != example_grammar.NOTHING else []


def _reading_faults(example: Located, known: Known, sources: Sources) -> Iterator[Fault]:
    for name, node in _entries(example.get("readings")):
        if name not in known.choices:
            hint = did_you_mean(name, list(known.choices), "its readings") or "it has no readings"
            yield sources.fault(node.key, f"the policy has no reading {name!r}", hint)
        elif node.text is not None and node.text not in known.choices[name]:
            hint = did_you_mean(node.text, known.choices[name], "its choices")
            yield sources.fault(node.place, f"reading {name!r} has no choice {node.text!r}", hint)


def _story_faults(example: Located, sources: Sources) -> Iterator[Fault]:
    """Whether it tells of one ticket, or of a service, and says all that is needed of it."""
    ticket, service = example.get("ticket"), [node for key in SERVICE if (node := example.get(key))]
    if ticket and service:
        hint = "expected a ticket with its events, or outages, maintenance and usage; make two examples of it"
        yield sources.fault(service[0].key, "an example is about a ticket or about a service", hint)
    if not ticket and not service:
        hint = "expected ticket: {created: 2026-03-06 17:10, severity: ...}, or outages:"
        yield sources.fault(example.key, "the example tells of no ticket and of no outages", hint)
    if ticket and isinstance(ticket.value, dict) and not ticket.get("created"):
        yield sources.fault(ticket.key, "'created' is missing", "expected when the ticket was created")
    events = example.get("events")
    if events and not ticket and service:
        yield sources.fault(events.key, "events are a ticket's", "tell what happened to the service under outages")
    for key in ("period", "fee"):
        if ticket and (node := example.get(key)):
            yield sources.fault(node.key, f"{key!r} is for a service; this example is about a ticket", "remove it")
    if service and not example.get("as-of") and not any(_elements(node) for node in service):
        hint = "expected an instant at which the service is judged, like as-of: 2026-05-01 00:00"
        yield sources.fault(service[0].key, "without any outage nothing says up to when: 'as-of' is missing", hint)
    expect = example.get("expect")
    if expect is None or expect.value in (None, {}):
        yield sources.fault(example.key, "the example expects nothing", "expected expect: {CLAUSE: {verdict: met}}")


def _zone_faults(example: Located, known: Known, sources: Sources) -> Iterator[Fault]:
    stated = example.get("timezone")
    if stated and stated.text is not None and not example_grammar.is_zone(stated.text):
        yield sources.fault(stated.place, f"{stated.text!r} is not a time zone", "expected a name like Europe/Paris")
    zone = zone_of(example, known)
    for node, moment in _moments(example):
        oddity = moment.oddity(zone)
        if oddity:
            message = f"a change of the clocks in {moment.zone or zone} {oddity} this local time"
            hint = "write the offset after it, like 2026-11-01 01:30 -05:00"
            yield sources.fault(node.place, message, hint)


def _moments(example: Located) -> Iterator[tuple[Located, When]]:
    """Every moment that the example writes, with its place."""
    ticket = example.get("ticket")
    single: list[Located | None] = [
        *(ticket.get(key) for key in ("created", "reported") if ticket),
        example.get("as-of"),
    ]
    for each in [each for _, node in _entries(example.get("expect")) for each in _elements(node)]:
        single += [each.get(key) for key in _MOMENTS]
    for node in single:
        if node and (found := _moment(node)):
            yield node, found
    for node in _elements(example.get("events")):
        if told := _event(node):
            yield node, told
    for key in SERVICE:
        for each in _elements(example.get(key)):
            yield from _of_stretch(each)


def _moment(node: Located | None) -> When | None:
    try:
        return example_grammar.when(node.text or "") if node else None
    except ValueError:
        return None


def _event(node: Located) -> When | None:
    try:
        return example_grammar.happened(node.text or "").when
    except ValueError:
        return None


def _of_stretch(node: Located) -> Iterator[tuple[Located, When]]:
    at = node if node.text is not None else node.get("at")
    try:
        found = example_grammar.stretch((at.text if at else None) or "")
    except ValueError:
        return
    for each in (found.since, found.until):
        if each and at:
            yield at, each
    if announced := _moment(node.get("announced")):
        yield node.get("announced") or node, announced


def _order_faults(example: Located, known: Known, sources: Sources) -> Iterator[Fault]:
    """Times that run backwards: a slip in a date, most of the time."""
    zone = zone_of(example, known)
    ticket = example.get("ticket")
    created = _moment(ticket.get("created")) if ticket else None
    told = [(node, found.instant(zone)) for node in _elements(example.get("events")) if (found := _event(node))]
    if created and told and told[0][1] < created.instant(zone):
        yield sources.fault(told[0][0].place, "this is before the ticket was created", "correct one of the two")
    for (_, before), (node, after) in pairwise(told):
        if after < before:
            yield sources.fault(node.place, "this is before the event above it", "write events in order of time")
    judged = example.get("as-of")
    as_of = _moment(judged)
    if judged and created and as_of and as_of.instant(zone) < created.instant(zone):
        yield sources.fault(judged.place, "this is before the ticket was created")
    for key in SERVICE:
        for each in _elements(example.get(key)):
            yield from _stretch_faults(each, key, zone, sources)


def _stretch_faults(node: Located, key: str, zone: str, sources: Sources) -> Iterator[Fault]:
    at = node if node.text is not None else node.get("at")
    if at is None:
        return
    try:
        found = example_grammar.stretch(at.text or "")
    except ValueError:
        return
    if found.until and found.until.instant(zone) < found.since.instant(zone):
        yield sources.fault(at.place, "this ends before it begins", "a time on another day is written with its date")
    if key != "outages" and found.until is None and found.lasts is None:
        hint = "expected an end, like 2026-04-10 00:00 to 2026-04-10 07:12"
        yield sources.fault(at.place, f"{key} needs an end", hint)


def _severity_faults(example: Located, tree: Located, sources: Sources) -> Iterator[Fault]:
    known: dict[str, str] = {}
    for name, severity in _entries(tree.get("severities")):
        title = severity.get("title")
        words = [name, (title.text if title else None) or "", *(each.text or "" for each in _aliases(severity))]
        known |= {each.strip().casefold(): name for each in words if each.strip()}
    for node, text in _severities(example):
        if text.strip().casefold() not in known:
            hint = did_you_mean(text, list(dict.fromkeys(known.values())), "severities of this policy")
            yield sources.fault(node.place, f"no severity is named {text!r}", hint)


def _aliases(severity: Located) -> list[Located]:
    return _elements(severity.get("aliases"))


def _severities(example: Located) -> Iterator[tuple[Located, str]]:
    """Every severity that the example names."""
    stated = [example.get("ticket", "severity")]
    stated += [each.get("severity") for key in SERVICE for each in _elements(example.get(key))]
    stated += [each.get("severity") for _, node in _entries(example.get("expect")) for each in _elements(node)]
    for node in stated:
        if node and node.text is not None and node.text != example_grammar.NOTHING:
            yield node, node.text
    for node in _elements(example.get("events")):
        try:
            told = example_grammar.happened(node.text or "")
        except ValueError:
            continue
        if told.event == "severity":
            yield node, told.value


def _field_faults(example: Located, known: Known, sources: Sources) -> Iterator[Fault]:
    """Fields at which no clause looks: a field misspelt would say nothing and be passed over without a word."""
    ticket = example.get("ticket")
    yield from _strangers(ticket, (*_TICKET_KEYS, *_TICKET_FIELDS), known, sources)
    for key in SERVICE[:2]:
        for each in _elements(example.get(key)):
            yield from _strangers(each, (*_SERVICE_KEYS, *_SERVICE_FIELDS), known, sources)


def _strangers(node: Located | None, plain: tuple[str, ...], known: Known, sources: Sources) -> Iterator[Fault]:
    words = [*plain, *sorted(known.fields - set(plain))]
    for key, each in _entries(node):
        if key not in words:
            yield sources.fault(each.key, f"no clause looks at a field {key!r}", did_you_mean(key, words, "known"))


def _expectation_faults(example: Located, tree: Located, sources: Sources) -> Iterator[Fault]:
    clauses = dict(_entries(tree.get("clauses")))
    about_ticket = example.get("ticket") is not None
    for name, node in _entries(example.get("expect")):
        if name not in clauses:
            hint = did_you_mean(name, list(clauses), "clauses of this policy")
            yield sources.fault(node.key, f"no clause is named {name!r}", hint)
            continue
        stated = clauses[name].get("measure")
        measure = (stated.text if stated else None) or ""
        if measure not in (*get_args(TicketMeasure), "availability"):
            hint = f"remove it: a clause of measure {measure!r} is listed as not audited"
            yield sources.fault(node.key, f"nothing measures the clause {name!r}", hint)
        elif about_ticket == (measure == "availability"):
            told = "tickets" if about_ticket else "a service"
            other = "a service" if about_ticket else "tickets"
            yield sources.fault(node.key, f"the clause {name!r} is about {other}, the example about {told}")
        else:
            yield from _stranger_keys(node, about_ticket=about_ticket, sources=sources)


def _stranger_keys(node: Located, *, about_ticket: bool, sources: Sources) -> Iterator[Fault]:
    """What is expected of the other kind of clause."""
    fitting = (*_OF_BOTH, *(_OF_TICKETS if about_ticket else _OF_SERVICES))
    other = _OF_SERVICES if about_ticket else _OF_TICKETS
    for _, each in walk(node):
        for key, value in each.items():
            if key in other and key not in fitting:
                what = "a ticket's measurement" if about_ticket else "a service's period"
                yield sources.fault(value.key, f"{what} has no {key!r}", f"expected one of: {', '.join(fitting)}")
