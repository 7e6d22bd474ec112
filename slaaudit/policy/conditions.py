"""Conditions: what a ticket's or an incident's fields are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema, model_validator

from slaaudit.located import UnknownWordError
from slaaudit.policy.kinds import WORD, Part, Word, Words

MATCH_SCHEMA = {
    "anyOf": [
        WORD,
        {"type": "array", "items": WORD, "minItems": 1},
        {
            "type": "object",
            "properties": {"not": {"anyOf": [WORD, {"type": "array", "items": WORD, "minItems": 1}]}},
            "required": ["not"],
            "additionalProperties": False,
        },
    ]
}


class Match(Part):
    """Words that a field is held against; ``negated`` where the policy writes ``not``."""

    words: Words = Field(min_length=1)
    negated: bool = False

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value if isinstance(value, Match) else {"words": value}
        if isinstance(value.get("words"), tuple):  # made in Python, not written in YAML
            return value
        strange = next((key for key in value if key != "not"), None)
        if strange is not None:
            raise UnknownWordError(f"unknown key {strange!r}", strange, ["not"])
        return {"words": value.get("not"), "negated": True}


class Condition(Part):
    """Fields that must all match, and where the clock's start must lie.

    ``fields`` maps a field's name to its ``Match``. The four arrival keys name a calendar: ``arrives-*`` look
    at the clock's own start, ``starts-*`` at the start as ``counts-from`` may have moved it.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Match, WithJsonSchema(MATCH_SCHEMA)]]

    arrives_in: Word | None = None
    """A calendar: the clock's own start lies in its open hours."""
    arrives_outside: Word | None = None
    """A calendar: the clock's own start lies outside its open hours."""
    starts_in: Word | None = None
    """A calendar: the start as counts-from may have moved it lies in its open hours."""
    starts_outside: Word | None = None
    """A calendar: the start as counts-from may have moved it lies outside its open hours."""

    @property
    def fields(self) -> dict[str, Match]:
        """The matches by field name, in the order of the policy."""
        return self.__pydantic_extra__

    @property
    def named_calendars(self) -> tuple[str, ...]:
        """The calendars that it names."""
        named = (self.arrives_in, self.arrives_outside, self.starts_in, self.starts_outside)
        return tuple(name for name in named if name)
