"""The kinds of value in a policy file: how each is read, and how a schema describes it as it is written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, WithJsonSchema

from slaaudit.located import described, word
from slaaudit.policy import claim_grammar, grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


def read_as(kind: type[T], read: Callable[[str], T], expected: str) -> PlainValidator:
    """A validator that reads a word, as it was written; a value of another kind, made in Python, passes as it is."""

    def value(found: Any) -> T:
        if kind is not str and isinstance(found, kind) and not hasattr(found, "written"):
            return found
        text = word(found)
        if text is None:
            raise ValueError(f"expected {expected}, found {described(found)}")
        return read(text)

    return PlainValidator(value)


def listed(value: Any) -> Any:
    """A value that may stand alone, as the list it stands for."""
    return value if isinstance(value, list | tuple) else [value]


def one_or_many(kind: Any) -> BeforeValidator:
    """A validator that takes one value for a list of one; the schema allows either."""
    return BeforeValidator(listed, json_schema_input_type=kind | tuple[kind, ...])


def one_or_more(item: Mapping[str, Any]) -> WithJsonSchema:
    """The schema of a value that may stand alone or in a list."""
    return WithJsonSchema({"anyOf": [dict(item), {"type": "array", "items": dict(item)}]})


def _kebab(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Part(BaseModel):
    """A piece of a policy: frozen, and a stranger to keys it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=_kebab,
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,  # the policy is built once, as a whole, when the first one is read
    )


WORD = {"type": ["string", "number", "boolean"]}
AMOUNT = {"type": "string", "pattern": r"^(\s*\d+\s*(mo|w|d|h|m|s))+\s*$", "examples": ["4h", "1h30m", "2d"]}
WINDOW = {
    "type": "string",
    "pattern": r"^\s*\d\d:\d\d(:\d\d)?\s*-\s*\d\d:\d\d(:\d\d)?\s*$",
    "examples": ["08:30-17:30"],
}
DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
PERCENT = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$", "examples": ["95%"]}

Word = Annotated[str, read_as(str, str, "a word"), WithJsonSchema(WORD)]
Words = Annotated[tuple[Word, ...], BeforeValidator(listed), one_or_more(WORD)]
Slug = Annotated[
    str,
    read_as(str, grammar.slug, "an id"),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}),
]
Date = Annotated[dt.date, read_as(dt.date, grammar.date, "a date like 2026-01-31"), WithJsonSchema(DATE)]
Amount = Annotated[
    grammar.Amount,
    read_as(grammar.Amount, grammar.amount, "a duration like 4h"),
    WithJsonSchema(AMOUNT),
]
Window = Annotated[
    grammar.Window,
    read_as(grammar.Window, grammar.window, "a window of hours like 08:30-17:30"),
    WithJsonSchema(WINDOW),
]
Windows = Annotated[tuple[Window, ...], BeforeValidator(listed), one_or_more(WINDOW)]
Percent = Annotated[Decimal, read_as(Decimal, grammar.percent, "a percentage like 95%"), WithJsonSchema(PERCENT)]
Credit = Annotated[
    grammar.Credit,
    read_as(grammar.Credit, grammar.credit, "a credit like 3 days, 10% or 50 EUR"),
    WithJsonSchema({"type": "string", "examples": ["3 days", "10%", "50 EUR", "2 days of fees"]}),
]
Within = Annotated[
    claim_grammar.Within,
    read_as(claim_grammar.Within, claim_grammar.within, "a time for a claim like 30 days"),
    WithJsonSchema({"type": "string", "examples": ["30 days", "5 business days", "2 months", "72 hours"]}),
]
Allowance = Annotated[
    claim_grammar.Allowance,
    read_as(claim_grammar.Allowance, claim_grammar.allowance, "a length like 30m, or a share like 0.1%"),
    WithJsonSchema({"type": "string", "examples": ["30m", "0.01%"]}),
]
Trailing = Annotated[
    claim_grammar.Trailing,
    read_as(claim_grammar.Trailing, claim_grammar.trailing, "a window like 30 days or 1y"),
    WithJsonSchema({"type": "string", "examples": ["30 days", "1y"]}),
]
Length = Annotated[
    int,
    read_as(int, grammar.length, "a length like 5m, 4h or 30d"),
    WithJsonSchema({"type": "string", "examples": ["5m", "4h", "30d"]}),
]
Factor = Annotated[
    Decimal,
    read_as(Decimal, claim_grammar.factor, "a number like 10 or 2.5"),
    WithJsonSchema({"type": ["number", "string"]}),
]
Count = Annotated[
    int,
    read_as(int, claim_grammar.count, "a whole number like 3"),
    WithJsonSchema({"type": ["integer", "string"]}),
]
Months = Annotated[
    int,
    read_as(int, grammar.every, "a length like 1y or 6mo"),
    WithJsonSchema({"type": "string", "examples": ["1y", "6mo", "month", "quarter", "year", "contract"]}),
]
