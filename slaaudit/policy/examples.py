"""Examples: what a policy is meant to say of a few tickets and outages, as frozen objects.

An example is a small story, a ticket with its events or a service with its outages, and what is to come of it. Its
texts are read by ``example_grammar``; what they say of the policy is held against it by ``example_checks``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from slaaudit.located import word
from slaaudit.policy import example_grammar
from slaaudit.policy.example_grammar import NOTHING, Happened, Stretch, When
from slaaudit.policy.kinds import WORD, Count, Credit, Date, Part, Percent, Word, Words, listed, one_or_many, read_as

Verdict = Literal["met", "breached", "running", "superseded", "no-target", "excluded", "unknown"]
ClaimStatus = Literal["open", "closing", "lapsed"]

_WHEN = {"type": "string", "pattern": r"^\s*\d{4}-\d\d-\d\d[ T]", "examples": ["2026-03-09 08:45"]}
_SPAN = {"type": "string", "examples": ["1h 15m", "45s", "0s"]}
_EVENT = {
    **_WHEN,
    "examples": ["2026-03-09 08:45 vendor reply", "2026-03-09 12:00 waiting", "2026-03-09 12:00 severity S1"],
}
STRETCH = {**_WHEN, "examples": ["2026-04-10 00:00 to 2026-04-10 07:12", "2026-04-10 00:00 for 7h 12m"]}

Moment = Annotated[When, read_as(When, example_grammar.when, "a moment like 2026-03-09 08:45"), WithJsonSchema(_WHEN)]
Span = Annotated[int, read_as(int, example_grammar.span, "a length like 1h 15m"), WithJsonSchema(_SPAN)]
EventLine = Annotated[
    Happened,
    read_as(Happened, example_grammar.happened, "a line like 2026-03-09 08:45 vendor reply"),
    WithJsonSchema(_EVENT),
]
_Time = Annotated[
    Stretch,
    read_as(Stretch, example_grammar.stretch, "a stretch like 2026-04-10 00:00 to 07:12"),
    WithJsonSchema(STRETCH),
]


def _or_none(value: Any) -> Any:
    """``none`` states that there is nothing."""
    return None if word(value) == NOTHING else value


def _none_of(value: Any) -> Any:
    """One value or a list of them; ``none`` states an empty one."""
    return [] if _or_none(value) is None else listed(value)


_MaybeWord = Annotated[Word | None, BeforeValidator(_or_none)]
_MaybeSpan = Annotated[Span | None, BeforeValidator(_or_none)]
_MaybeMoment = Annotated[
    Moment | None, BeforeValidator(_or_none, json_schema_input_type=Moment | Literal["none"] | None)
]
_MaybePercent = Annotated[
    Percent | None, BeforeValidator(_or_none, json_schema_input_type=Percent | Literal["none"] | None)
]
_MaybeDate = Annotated[Date | None, BeforeValidator(_or_none, json_schema_input_type=Date | Literal["none"] | None)]


def _stated(fields: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if text is not None}


class ExampleTicket(Part):
    """The ticket of an example. All other keys are its fields, such as channel and type."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Word | None, WithJsonSchema({"type": [*WORD["type"], "null"]})]]

    created: Moment | None = None
    """When it was created."""
    reported: Moment | None = None
    """When the customer first told of it, where that was earlier."""
    created_by: Literal["customer", "vendor", "system"] = "customer"
    """Who logged it."""
    severity: Word | None = None
    """Its first severity."""

    @property
    def fields(self) -> dict[str, str]:
        """All that conditions may look at, by name."""
        return _stated(self.__pydantic_extra__)


class ServiceTime(Part):
    """A stretch of a service's time: an outage, or scheduled maintenance. All other keys are its fields."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Word | None, WithJsonSchema({"type": [*WORD["type"], "null"]})]]

    at: _Time
    """From when until when; without an end it is still open."""
    affected: Percent | None = None
    """The share of the service that was affected."""
    announced: Moment | None = None
    """When maintenance was announced."""

    @property
    def fields(self) -> dict[str, str]:
        """What conditions may look at, by name."""
        return _stated(self.__pydantic_extra__)


def _in_full(value: Any) -> Any:
    """The short form of a stretch is its time alone."""
    return value if word(value) is None else {"at": value}


AnyTime = Annotated[ServiceTime, BeforeValidator(_in_full)]


_Times = Annotated[
    tuple[AnyTime, ...],
    BeforeValidator(_none_of, json_schema_input_type=AnyTime | tuple[AnyTime, ...] | Literal["none"]),
]


class UsageTime(Part):
    """Requests that were counted over a stretch of time, and how many of them failed."""

    at: _Time
    total: Annotated[int, read_as(int, example_grammar.number, "a whole number"), WithJsonSchema({"type": "integer"})]
    failed: Annotated[int, read_as(int, example_grammar.number, "a whole number"), WithJsonSchema({"type": "integer"})]
    component: Word = ""


_Counts = Annotated[
    tuple[UsageTime, ...],
    BeforeValidator(_none_of, json_schema_input_type=UsageTime | tuple[UsageTime, ...] | Literal["none"]),
]


class Expected(Part):
    """What is to come of one clause. Only what is stated is held against the outcome; ``none`` states nothing."""

    verdict: Verdict | None = None
    severity: _MaybeWord = None
    """The severity that governs."""
    cycle: Count | None = None
    """Which of several clocks."""
    target: _MaybeSpan = None
    """The target as a length of open time."""
    elapsed: _MaybeSpan = None
    """The open time that was used."""
    paused: _MaybeSpan = None
    """The open time in which the clock stood still."""
    over: _MaybeSpan = None
    """What was used beyond the target."""
    started: _MaybeMoment = None
    stopped: _MaybeMoment = None
    due: _MaybeMoment = None
    calendar: _MaybeWord = None
    reason: _MaybeWord = None
    """Why it is excluded or unknown, with or without what the reason is about."""
    caveats: Annotated[tuple[Word, ...], BeforeValidator(_none_of, json_schema_input_type=Words)] = ()
    """All caveats."""
    period: Word | None = None
    """Which period of a service, such as 2026-04."""
    component: Word | None = None
    """Which component of a service."""
    availability: _MaybePercent = None
    """As the report prints it (cut after four places), or exactly."""
    downtime: _MaybeSpan = None
    excluded: _MaybeSpan = None
    """The time that scheduled maintenance took out of the period."""
    credit: Annotated[
        tuple[Credit, ...], BeforeValidator(_none_of, json_schema_input_type=Credit | tuple[Credit, ...] | None)
    ] = ()
    """What is granted, caps applied."""
    claim_by: _MaybeDate = None
    """The last day to claim it."""
    claim_status: Annotated[
        ClaimStatus | None, BeforeValidator(_or_none, json_schema_input_type=ClaimStatus | Literal["none"] | None)
    ] = None

    @property
    def stated(self) -> list[str]:
        """The names of what is stated, in the order of this form."""
        return [name for name in type(self).model_fields if name in self.model_fields_set]


def _expected(value: Any) -> Any:
    """A word is a verdict."""
    return value if word(value) is None else {"verdict": value}


_OneExpected = Annotated[Expected, BeforeValidator(_expected)]
Expectations = Annotated[
    tuple[_OneExpected, ...],
    BeforeValidator(_none_of, json_schema_input_type=_OneExpected | tuple[_OneExpected, ...] | Literal["none"] | None),
]


class Example(Part):
    """One story and what is to come of it. ``cases`` are variants, each laid over it."""

    name: Word = ""
    """What the example shows, in a sentence."""
    why: Word = ""
    """How the expected values come about."""
    readings: dict[str, Word] = Field(default_factory=dict)
    """The choices under which it holds; the defaults for all other readings."""
    timezone: Word | None = None
    """The zone of its local times; the policy's where it is missing."""
    ticket: ExampleTicket | None = None
    events: Annotated[tuple[EventLine, ...], one_or_many(EventLine)] = ()
    """What happened to the ticket, in order of time."""
    outages: _Times | None = None
    """The outages of the service, or `none`."""
    maintenance: _Times | None = None
    """Scheduled maintenance of the service, or `none`."""
    usage: _Counts | None = None
    """Counts of requests."""
    fee: Annotated[str, read_as(str, example_grammar.fee, "a fee like 1200 EUR"), WithJsonSchema(WORD)] = ""
    """The fee of a month, for credits in percent."""
    period: Annotated[str, read_as(str, example_grammar.period, "a period like 2026-04"), WithJsonSchema(WORD)] = ""
    """The period that is reported, such as 2026-04; all that are told of where it is missing."""
    as_of: Moment | None = None
    """The instant at which the record is judged; the latest one in it where it is missing."""
    expect: dict[str, Expectations] = Field(default_factory=dict)
    """By clause: a verdict, or all that is to hold; a list where there are several."""
    cases: tuple[Example, ...] = ()

    @property
    def is_about_tickets(self) -> bool:
        """Whether it tells of a ticket; else of a service."""
        return self.ticket is not None


class Examples(Part):
    """The examples that a policy carries."""

    examples: tuple[Example, ...] = ()


class ExamplesFile(Part):
    """A file of examples that stands beside its policy."""

    slaaudit_examples: Literal[1]
    """Version of this format."""
    examples: tuple[Example, ...] = Field(min_length=1)
