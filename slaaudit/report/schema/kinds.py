"""What fields of a report hold: instants, lengths, shares, words. Fields that a reader does not know are kept."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

_INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_DECIMAL = r"^-?\d+(\.\d+)?$"
_MOST = 2**53  # beyond it a spreadsheet's numbers, and JSON's in most languages, leave whole numbers out
_MOST_ROWS = 2**31 - 1  # what a column of rows holds
_LONGEST = 10_000 * 366 * 86_400  # seconds: more than lies between any two instants

_written = re.compile(_INSTANT).match
_dated = re.compile(_DATE).match


def _instant(text: str) -> str:
    if not _written(text):
        raise ValueError("expected an instant in UTC such as 2026-05-04T13:00:00Z")
    if dt.datetime.fromisoformat(text).year in (dt.MINYEAR, dt.MAXYEAR):
        raise ValueError("too far away to be told in every time zone")
    return text


def _date(text: str) -> str:
    if not _dated(text):
        raise ValueError("expected a date such as 2026-05-04")
    dt.date.fromisoformat(text)
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        raise ValueError("expected a time zone such as Europe/London") from None
    return text


Instant = Annotated[
    str, AfterValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time", "pattern": _INSTANT})
]
Date = Annotated[str, AfterValidator(_date), WithJsonSchema({"type": "string", "format": "date", "pattern": _DATE})]
Zone = Annotated[str, AfterValidator(_zone), WithJsonSchema({"type": "string", "description": "An IANA time zone."})]
Decimal = Annotated[str, Field(pattern=_DECIMAL)]
Count = Annotated[int, Field(ge=0, le=_MOST)]
#: Seconds; a whole number where it is one.
Length = Annotated[float, Field(ge=0, le=_LONGEST, allow_inf_nan=False)]
Difference = Annotated[float, Field(ge=-_LONGEST, le=_LONGEST, allow_inf_nan=False)]
Row = Annotated[int, Field(ge=1, le=_MOST_ROWS)]

Verdict = Literal["met", "breached", "running", "superseded", "no-target", "excluded", "unknown"]
Binding = Literal["warranted", "target"]


class Part(BaseModel):
    """An object of a report."""

    model_config = ConfigDict(extra="allow", strict=True, use_attribute_docstrings=True)


class Place(Part):
    """A row of an export."""

    file: str
    row: Row
