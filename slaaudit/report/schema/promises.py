"""What a report was made from and by: the tool, the policies, the files, the clauses, the calendars."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from slaaudit.report.schema.kinds import Binding, Count, Date, Decimal, Instant, Part, Zone


class Tool(Part):
    """What made the report."""

    name: Literal["slaaudit"]
    version: str
    tzdata: str
    """The edition of the time zone database."""


class Effective(Part):
    """The days on which a policy is in force, both included; null where it has no such end."""

    from_: Annotated[Date | None, Field(alias="from")]
    until: Date | None


class Question(Part):
    """A point that the contract leaves open."""

    reading: str
    question: str
    raised_by: str
    choice: str
    """The choice in force."""
    default: str
    choices: list[str]


class Policy(Part):
    """A policy that tickets or a service were judged by."""

    id: str
    title: str
    sha256: str
    effective: Effective
    readings: dict[str, str]
    """The readings in force: a choice by the reading's id."""
    vendor: str
    timezone: Zone
    """The zone in which periods are cut and times are printed."""
    questions: list[Question]


class Input(Part):
    """A file that was read."""

    path: str
    role: str
    profile: str | None
    sha256: str
    rows: Count
    rejected: Count
    notes: list[str]
    """How the file was read."""


class Period(Part):
    """The period that the report is confined to."""

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    by: Literal["start", "due", "stop"]
    """What of a measurement must lie in the period."""
    text: str
    timezone: Zone


class Clause(Part):
    """A promise of a policy."""

    policy: Count
    clause: str
    title: str
    section: str | None
    measure: str
    binding: Binding
    promised: Decimal | None
    """A promised share in percent."""


class Calendar(Part):
    """A calendar that measurements were counted on."""

    policy: Count
    calendar: str
    timezone: Zone
    day_s: Annotated[int, Field(gt=0)]
    """What a day is worth."""
    always: bool
    """Whether it never closes."""
    open: list[Annotated[list[Instant], Field(min_length=2, max_length=2)]]
    """The intervals that were open while clocks ran; none where it never closes."""


class Unaudited(Part):
    """A clause that no data can show."""

    clause: str
    why: str


class Rejected(Part):
    """A row, or a cell of it, that could not be used."""

    file: str
    row: Count
    reason: str
    column: str | None
    value: str | None


class Config(Part):
    """The flags that a project file or variables set."""

    path: str | None
    sha256: str | None
    from_file: list[str]
    from_variables: list[str]
