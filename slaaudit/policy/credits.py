"""Credits: what a missed promise earns, the most that is paid, and until when it must be claimed."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from slaaudit.located import UnknownWordError, word
from slaaudit.policy import claim_grammar, grammar
from slaaudit.policy.kinds import (
    Allowance,
    Count,
    Credit,
    Date,
    Factor,
    Length,
    Months,
    Part,
    Percent,
    Trailing,
    Within,
    Word,
    Words,
    one_or_many,
)

Anchor = Literal[
    "outage-start", "outage-end", "day-affected", "period-end", "following-month-end", "contract-end", "awareness"
]
_DOWNTIME_OR_SHORTFALL = ("downtime", "shortfall")


class Period(Part):
    """A span that repeats: ``months`` long, from the first of January or from ``from_``.

    0 months mean the whole contract. Where ``rolling`` is given, the span trails behind each day instead.
    """

    months: Months = Field(1, alias="every")
    from_: Date | None = None
    rolling: Trailing | None = None
    """A window that trails behind each day, like 30 days, instead of a span that repeats."""

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        text = word(value)
        if text is None:
            return value
        if text not in grammar.PERIODS:
            raise UnknownWordError(f"{text!r} is not a period", text, list(grammar.PERIODS))
        return {"every": text}


class Tier(Part):
    """A credit that is earned strictly below a share."""

    below: Percent
    credit: Credit


class DowntimeTier(Part):
    """A credit that is earned by more downtime in a period than ``over``."""

    over: Length
    credit: Credit


class Step(Part):
    """A credit for each unit of downtime, or for each step of the share below the promise."""

    credit: Credit
    downtime: Length | None = None
    """The unit of downtime that earns the credit, like 1h."""
    below: Percent | None = None
    """The step below the promise that earns the credit, like 0.1%."""
    from_: Percent | None = None
    """The share that the steps are counted down from; the promise where it is missing."""
    started: bool = False
    """Whether a unit that is only begun counts as a whole one."""
    beyond: Allowance = claim_grammar.Allowance()
    """The downtime of a period that earns nothing, as a length or as a share of the period."""


class PerOutage(Part):
    """A credit for every outage that is long enough, whether or not the period misses its promise."""

    credit: Credit
    at_least: Length = 0
    """How long an outage must last, joined with those it touches."""
    over: Length = 0
    """How long an outage must last longer than."""
    per: Literal["outage", "day", "outage-and-day"] = "outage"
    """One for each outage, for each civil day with one, or for each outage on each day of it."""


class Proportional(Part):
    """The fee for the time of the downtime (or for the shortfall from the promise), so many times."""

    of: Literal["downtime", "shortfall"] = "downtime"
    times: Factor = Field(default_factory=lambda: Decimal(1))

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        text = word(value)
        if text is None:
            return value
        if text not in _DOWNTIME_OR_SHORTFALL:
            raise UnknownWordError(f"{text!r} is nothing to be proportional to", text, _DOWNTIME_OR_SHORTFALL)
        return {"of": text}


class Remedy(Part):
    """What repeated misses earn: a credit, a multiple of the fee for the downtime, or a right such as to terminate."""

    missed: Count = 1
    """How many periods must have been missed."""
    of_last: Count | None = None
    """Among how many consecutive periods; the same number as ``missed`` means in a row."""
    within: Trailing | None = None
    """Or within a window that trails behind the end of the period, like 1y."""
    below: Percent | None = None
    """Only periods strictly below this share count as missed; else all that missed the promise."""
    credit: Credit | None = None
    proportional: Proportional | None = None
    """The fee for the downtime (or the shortfall) of the period that completes the misses, so many times."""
    right: Word = ""
    """What the customer may do, like: terminate without penalty."""


class Cap(Part):
    """The most that is credited in a period, over all components."""

    credit: Credit
    per: Period = Period()


class Claim(Part):
    """One step of a claim: until when it must be made, and how."""

    step: Word = ""
    """What is to be done, where a claim takes several steps, like: report, then submit."""
    within: Within
    """Civil days, business days or months, like 30 days."""
    from_: Anchor = "outage-start"
    """The day that the time runs from."""
    through: Literal["day", "month-end"] = "day"
    """Whether the last day is the one that is counted to, or the last one of its month."""
    calendar: Word | None = None
    """The calendar whose open days are business days; Monday to Friday where it is missing."""
    notify: Word = ""
    requires: Words = ()


class Credits(Part):
    """What a missed promise earns. Of several ways to count, ``combine`` says which stands."""

    tiers: tuple[Tier, ...] = ()
    """By availability (or by the attainment of a ticket clause): the deepest that it lies strictly below."""
    downtime: tuple[DowntimeTier, ...] = ()
    """By the downtime of the period: the deepest that it exceeds."""
    each: Step | None = None
    """For each unit of downtime, or each step below the promise."""
    proportional: Proportional | None = None
    """The fee for the downtime, or a multiple of it."""
    flat: Credit | None = None
    """For any period that misses the promise."""
    per_miss: Credit | None = None
    """For every ticket that missed its target."""
    per_outage: PerOutage | None = None
    """For every outage that is long enough."""
    remedies: Annotated[tuple[Remedy, ...], one_or_many(Remedy)] = ()
    """For periods missed in a row, or often."""
    severities: Words = ()
    """The severities whose misses earn something; all where it is missing."""
    combine: Literal["greater", "lesser", "sum"] = "greater"
    """Which of several ways to count stands: alternatives are not added unless the contract says so."""
    alternative: Word = ""
    """Clauses that share this word are alternatives: of their credits for one period the largest stands."""
    period: Period = Period()
    minimum: Credit | None = None
    """What is less than this is not paid."""
    floor: Credit | None = None
    """What is less than this is raised to it."""
    cap: Annotated[tuple[Cap, ...], one_or_many(Cap)] = ()
    claim: Annotated[tuple[Claim, ...], one_or_many(Claim)] = ()
