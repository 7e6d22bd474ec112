"""Calendars: open hours in a zone, and the names that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, TypeAdapter, WithJsonSchema, WrapValidator

from slaaudit.located import ElsewhereError, word
from slaaudit.policy import grammar
from slaaudit.policy.kinds import DATE, WINDOW, Amount, Date, Part, Windows, Word, Words, one_or_many


class Closed(Part):
    """Days on which a calendar does not open: public holidays by code, and dates of the contract's own."""

    holidays: Words = ()
    """Public holidays: a country (US) or COUNTRY-SUBDIVISION code (GB-ENG), or a list of them."""
    dates: Annotated[tuple[Date, ...], one_or_many(Date)] = ()
    """Closed dates that the contract itself names."""


def _by_weekday(value: Any, handler: Callable[[Any], Any]) -> Any:
    """Windows by weekday number from windows by weekday name."""
    if not isinstance(value, Mapping) or all(isinstance(key, int) for key in value):
        return handler(value)
    found: dict[int, tuple[grammar.Window, ...]] = {}
    for days, windows in _WEEK.validate_python(value).items():
        for day in days:
            if day in found:
                raise ElsewhereError(f"{grammar.WEEKDAYS[day]} is named twice")
            found[day] = windows
    return found


_DAYS = Annotated[tuple[int, ...], BeforeValidator(lambda key: grammar.weekdays(key) if isinstance(key, str) else key)]
_WEEK: TypeAdapter[dict[tuple[int, ...], tuple[grammar.Window, ...]]] = TypeAdapter(dict[_DAYS, Windows])
_WINDOWS_SCHEMA = {"anyOf": [WINDOW, {"type": "array", "items": WINDOW}]}
_WEEK_SCHEMA = {
    "type": "object",
    "description": "Open hours by weekday: mon to sun, or a range like mon-fri, or mon, wed.",
    "patternProperties": {"^x-": {}},
    "propertyNames": {"pattern": "^(x-|[a-zA-Z, -]+$)"},
    "additionalProperties": _WINDOWS_SCHEMA,
}
_DATES_SCHEMA = {
    "type": "object",
    "patternProperties": {"^x-": {}, DATE["pattern"]: _WINDOWS_SCHEMA},
    "additionalProperties": False,
}


class Calendar(Part):
    """Open hours: weekly windows in a zone, less closed days, with exceptions by date.

    ``hours`` maps a weekday (Monday is 0) to its windows; a weekday that is not named is closed.
    ``always`` is the calendar that never closes, in UTC.
    """

    timezone: Word = "UTC"
    """An IANA time zone, like Europe/London."""
    hours: Annotated[dict[int, Windows], WrapValidator(_by_weekday), WithJsonSchema(_WEEK_SCHEMA)] = Field(
        default_factory=dict
    )
    """Open hours by weekday; a weekday that is not named is closed."""
    closed: Closed = Closed()
    """Days on which the calendar does not open."""
    exceptions: Annotated[dict[Date, Windows], WithJsonSchema(_DATES_SCHEMA)] = Field(default_factory=dict)
    """A date's own hours, instead of the weekly ones, even on a closed day; an empty list is closed."""
    day: Amount | None = None
    """What one day is worth, where the weekdays' hours differ: 8h."""
    always: Annotated[bool, Field(exclude=True)] = False


ALWAYS = Calendar(always=True)


def by_name(value: Any, handler: Callable[[Any], Any]) -> Any:
    """Every calendar under its name and under the names that stand for it; ``always`` is among them."""
    if not isinstance(value, Mapping):
        return handler(value)
    written = _NAMED_CALENDARS.validate_python(value)
    return {**{name: _followed(name, written) for name in written}, "always": ALWAYS}


def _followed(name: str, written: Mapping[str, Calendar | str]) -> Calendar:
    seen = set()
    while name not in seen:
        if name in ("always", "24x7"):
            return ALWAYS
        seen.add(name)
        found = written.get(name)
        if isinstance(found, Calendar):
            return found
        if found is None:
            raise ElsewhereError(f"no calendar is named {name!r}")
        name = found
    raise ElsewhereError(f"calendar {name!r} names itself")


_NAMED_CALENDARS: TypeAdapter[dict[str, Calendar | str]] = TypeAdapter(
    dict[
        str,
        Annotated[
            Annotated[Calendar, Tag("calendar-hours")] | Annotated[Word, Tag("calendar-name")],
            Discriminator(lambda value: "calendar-name" if word(value) is not None else "calendar-hours"),
        ],
    ]
)
