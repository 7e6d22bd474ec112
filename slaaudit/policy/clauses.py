"""Clauses: one promise each, about tickets, about availability, or beyond what data can audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from slaaudit.located import UnknownWordError, described, nearest, word
from slaaudit.policy import grammar
from slaaudit.policy.availability import AvailabilityClause
from slaaudit.policy.conditions import Condition
from slaaudit.policy.credits import Credits  # noqa: TC001  (pydantic reads the annotations)
from slaaudit.policy.kinds import Amount, Part, Percent, Word, one_or_many
from slaaudit.policy.promise import Clause

State = Literal["new", "open", "waiting", "hold", "resolved", "closed", "cancelled"]
Moment = Literal[
    "created", "reported", "assigned", "vendor-reply", "customer-reply", "vendor-update",
    "workaround", "resolved", "closed", "reopened",
]  # fmt: skip
SeverityRule = Literal["current", "initial", "highest", "held", "restart"]
Reopening = Literal["continues", "ignored", "restarts"]
DaysRule = Literal["elapsed", "same-time", "end-of-day"]
TicketMeasure = Literal["first-response", "resolution", "workaround", "between", "next-response", "update-gap"]
Measure = Literal[TicketMeasure, "availability", "order", "narrative"]

#: What starts and stops each preset measure.
PRESETS: dict[str, tuple[tuple[Moment, ...], tuple[Moment, ...]]] = {
    "first-response": (("created",), ("vendor-reply", "workaround", "resolved")),
    "resolution": (("created",), ("resolved",)),
    "workaround": (("created",), ("workaround", "resolved")),
    "next-response": (("customer-reply",), ("vendor-reply", "resolved")),
    "update-gap": (("vendor-reply",), ("vendor-reply", "resolved")),
}
REPEATING = ("next-response", "update-gap")


class CountsFrom(Part):
    """A start that matches ``when`` counts from the next opening of a calendar."""

    next_opening: Word
    when: Condition = Condition()


_Moments = Annotated[tuple[Moment, ...], one_or_many(Moment)]


class Clock(Part):
    """What a clause's clock does. ``starts`` and ``stops`` are empty where the measure's own hold."""

    starts: _Moments = ()
    """The moments that start the clock, instead of the measure's own."""
    stops: _Moments = ()
    """The moments that stop the clock, instead of the measure's own."""
    pauses: Annotated[tuple[State, ...], one_or_many(State)] = ()
    """The states in which the clock does not run."""
    counts_from: Annotated[tuple[CountsFrom, ...], one_or_many(CountsFrom)] = ()
    """Starts that count from the next opening of a calendar; the first that matches."""
    severity: SeverityRule = "current"
    """Which severity governs where it changed."""
    reopening: Reopening = "continues"
    """What a reopening does to a clock that has stopped."""
    days: DaysRule = "elapsed"
    """How targets in days are measured."""


class TargetRule(Part):
    """``within`` an amount of open time on ``calendar``, for the clocks that ``when`` matches."""

    within: Amount
    calendar: Word
    when: Condition = Condition()
    days: DaysRule | None = None

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        text = word(value)
        if text is None:
            if not isinstance(value, Mapping | TargetRule):
                raise ValueError(f"expected a target like 4h on business, found {described(value)}")
            return value
        within, calendar = grammar.target(text)
        return {"within": within, "calendar": calendar}


class Attainment(Part):
    """The share (percent) of a period's tickets that must be met."""

    share: Percent
    per: Literal["month", "quarter", "year"] = "month"

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        return value if word(value) is None else {"share": value}


def _known_measure(value: Any) -> Any:
    known = get_args(Measure)
    if word(value) not in known:
        raise UnknownWordError(f"{described(value)} is not a measure", word(value) or "", known)
    return value


class TicketClause(Clause):
    """A promise about tickets: a clock and what it must not exceed, by severity."""

    measure: Annotated[TicketMeasure, BeforeValidator(_known_measure)]
    clock: Clock = Clock()
    targets: dict[str, Annotated[tuple[TargetRule, ...], one_or_many(TargetRule)]] = Field(default_factory=dict)
    """The target of each severity: `4h on business`, or rules of which the first that matches holds."""
    attainment: Attainment | None = None
    """The share of a period's tickets that must be met, where that is the promise."""
    credits: Credits | None = None
    """What misses earn: by the share that was met, for each ticket, or for repeated misses."""

    @property
    def starts(self) -> tuple[Moment, ...]:
        """The moments that start the clock."""
        return self.clock.starts or PRESETS[self.measure][0]

    @property
    def stops(self) -> tuple[Moment, ...]:
        """The moments that stop the clock."""
        return self.clock.stops or PRESETS[self.measure][1]

    @property
    def matched_fields(self) -> tuple[str, ...]:
        """The fields of a ticket that the clause looks at, each once."""
        rules = [rule.when for rule in self.clock.counts_from]
        rules += [rule.when for targets in self.targets.values() for rule in targets]
        conditions = (self.applies, *self.excludes.values(), *rules)
        return tuple(dict.fromkeys(name for condition in conditions for name in condition.fields))

    @property
    def repeats(self) -> bool:
        """Whether the clock runs once a reply or gap instead of once a ticket."""
        return self.measure in REPEATING


class OrderClause(Clause):
    """A promise to answer first in, first out."""

    measure: Literal["order"]

    @property
    def matched_fields(self) -> tuple[str, ...]:
        """The fields of a ticket that the clause looks at, each once."""
        conditions = (self.applies, *self.excludes.values())
        return tuple(dict.fromkeys(name for condition in conditions for name in condition.fields))


class NarrativeClause(Clause):
    """A promise that no data can audit; every report lists it as not audited."""

    measure: Literal["narrative"]


AnyClause = TicketClause | AvailabilityClause | OrderClause | NarrativeClause


def clause_kind(value: Any) -> str:
    """Which kind of clause is meant; for a measure that is not known, the kind it comes nearest to."""
    if not isinstance(value, Mapping):
        return f"{value.measure}-clause" if hasattr(value, "measure") else "ticket-clause"
    stated = word(value.get("measure"))
    if stated is None:
        guess = "availability" if {"promised", "method"} & set(value) else "resolution"
    else:
        guess = nearest(stated, get_args(Measure)) or "resolution"
    return "ticket-clause" if guess in get_args(TicketMeasure) else f"{guess}-clause"


ClauseOfItsKind = Annotated[
    Annotated[TicketClause, Tag("ticket-clause")]
    | Annotated[AvailabilityClause, Tag("availability-clause")]
    | Annotated[OrderClause, Tag("order-clause")]
    | Annotated[NarrativeClause, Tag("narrative-clause")],
    Discriminator(clause_kind),
]
