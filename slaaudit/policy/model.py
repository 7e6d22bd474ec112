"""The policy: what a vendor promised, as frozen objects.

Keys are written with hyphens in YAML (``counts-from``) and with underscores here. Every text that has a
grammar of its own (durations, windows, targets) is read by ``grammar``. What concerns two parts of a policy
(a target's calendar, say) is looked after by ``checks``, which knows the places.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, WrapValidator

from slaaudit.policy.availability import AvailabilityClause
from slaaudit.policy.calendars import ALWAYS, Calendar, Closed, by_name
from slaaudit.policy.clauses import (
    PRESETS,
    REPEATING,
    AnyClause,
    Attainment,
    ClauseOfItsKind,
    Clock,
    CountsFrom,
    DaysRule,
    Measure,
    Moment,
    NarrativeClause,
    OrderClause,
    Reopening,
    SeverityRule,
    State,
    TargetRule,
    TicketClause,
    TicketMeasure,
)
from slaaudit.policy.conditions import Condition, Match
from slaaudit.policy.credits import Cap, Claim, Credits, Period, Remedy
from slaaudit.policy.kinds import Date, Part, Slug, Window, Word, Words
from slaaudit.policy.promise import Binding, Clause

__all__ = [
    "ALWAYS",
    "PRESETS",
    "REPEATING",
    "AnyClause",
    "Attainment",
    "AvailabilityClause",
    "Binding",
    "Calendar",
    "Cap",
    "Claim",
    "Clause",
    "Clock",
    "Closed",
    "Condition",
    "CountsFrom",
    "Credits",
    "DaysRule",
    "Effective",
    "Match",
    "Measure",
    "Moment",
    "NarrativeClause",
    "OrderClause",
    "Period",
    "Policy",
    "Reading",
    "Remedy",
    "Reopening",
    "Severity",
    "SeverityRule",
    "Source",
    "State",
    "TargetRule",
    "TicketClause",
    "TicketMeasure",
    "Window",
]


class Severity(Part):
    """A level of impact. ``aliases`` are other words for it, compared trimmed and without case."""

    title: Word = ""
    means: Word = ""
    """What the contract says of it, in one line."""
    aliases: Words = ()
    """Other words for it: those that helpdesks export."""


class Effective(Part):
    """The dates on which the policy is in force, both included; open where one is missing."""

    from_: Date | None = None
    until: Date | None = None


class Source(Part):
    """The document that the policy was read from."""

    document: Word = ""
    revised: Date | None = None
    url: Word = ""
    note: Word = ""


class Reading(Part):
    """A point that the contract leaves open: each choice is an overlay over the policy."""

    question: Word
    raised_by: Word = ""
    """What in the contract raises the question: section named, paraphrased."""
    default: Word
    choices: dict[str, dict[str, Any]] = Field(min_length=1)


class Policy(Part):
    """A vendor's support promises. ``calendars`` holds ``always`` too, and every name leads to open hours.

    ``severities`` are ordered, most severe first; ``clauses`` and ``readings`` as the file lists them.
    """

    slaaudit: Literal[1]
    """Version of this format."""
    id: Slug
    vendor: Word
    title: Word
    own_timezone: Word | None = Field(None, alias="timezone")
    """For periods and effective dates; the first calendar's where it is missing."""
    source: Source = Source()
    severity_set_by: Literal["customer", "vendor"] | None = None
    """The side that the contract names to set the severity."""
    effective: Effective = Effective()
    extends: Word | None = None
    """A published policy's id or a path: this file overlays it."""
    calendars: Annotated[dict[str, Calendar], WrapValidator(by_name)] = Field(
        default_factory=lambda: {"always": ALWAYS}
    )
    severities: dict[str, Severity] = Field(default_factory=dict)
    clauses: dict[str, ClauseOfItsKind] = Field(min_length=1)
    readings: dict[str, Reading] = Field(default_factory=dict)

    @property
    def timezone(self) -> str:
        """The zone of periods and effective dates: the policy's own, else its first calendar's."""
        return self.own_timezone or next(iter(self.calendars.values())).timezone

    @property
    def matched_fields(self) -> tuple[str, ...]:
        """The fields of a ticket that some clause looks at, each once."""
        clauses = (clause for clause in self.clauses.values() if isinstance(clause, TicketClause | OrderClause))
        return tuple(dict.fromkeys(name for clause in clauses for name in clause.matched_fields))

    def severity_named(self, text: str) -> str | None:
        """The id of the severity that ``text`` is the id, the title or an alias of."""
        return self._severity_words.get(_folded(text))

    @cached_property
    def _severity_words(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for name, severity in self.severities.items():
            for each in (name, severity.title, *severity.aliases):
                words.setdefault(_folded(each), name)
        words.pop("", None)
        return words


def _folded(text: str) -> str:
    return text.strip().casefold()
