"""The shapes that a written time may have, read off once a shape, never once a row.

A shape is a time's text in capitals with every digit turned into 9, such as ``9999-99-99T99:99:99Z``. A layout says
where in such a text the year, the day and so on stand. Shapes are strict: what matches none is not a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from slaaudit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH_NAMES = "JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|SEPT|" + "|".join(
    MONTHS
)
_DAYS = "(?:MON|TUES?|WED(?:NES)?|THU(?:RS)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?"

_DATES = (
    r"(?P<year>9999)(?P<mark>[-/.])(?P<month>99?)(?P=mark)(?P<day>99?)",
    r"(?P<first>99?)(?P<mark>[-/.])(?P<second>99?)(?P=mark)(?P<year>9999)",
    rf"(?P<day>99?)(?P<mark>[-/ .])(?P<name>{_MONTH_NAMES})(?P=mark)(?P<year>9999)",
    rf"(?:{_DAYS},? )?(?P<day>99?) (?P<name>{_MONTH_NAMES}) (?P<year>9999)",
    rf"(?P<name>{_MONTH_NAMES}) (?P<day>99?),? (?P<year>9999)",
)
_TIME = (
    r"(?:T|,? +| - )(?P<hour>99?):(?P<minute>99)(?::(?P<sec>99)(?:[.,](?P<fraction>9{1,9}))?)?"
    r"(?: ?(?P<half>[AP])\.?M\.?)?"
)
_ZONE = r"(?: ?(?:(?P<utc>Z|UTC|GMT)|(?:UTC|GMT)?(?P<sign>[+-])(?P<off_hours>99)(?::?(?P<off_minutes>99))?))?"
_BASIC = r"(?P<year>9999)(?P<month>99)(?P<day>99)T(?P<hour>99)(?P<minute>99)(?P<sec>99)?"
_KNOWN = tuple(re.compile(pattern) for pattern in (*(f"{date}(?:{_TIME}{_ZONE})?" for date in _DATES), _BASIC + _ZONE))
_EPOCHS = (
    (re.compile(r"(?P<epoch>9{10})(?:\.(?P<fraction>9{1,9}))?"), 1_000_000),
    (re.compile(r"(?P<epoch>9{13})"), 1_000),
)
_SHORT_YEAR = re.compile(rf"99?[-/. ](?:99?|{_MONTH_NAMES})[-/. ]99(?:[ ,T].*)?")

UNREADABLE = "no date and time that can be read"
SHORT_YEAR = "a year of two digits; say how it is meant with --date-format"


class Grain(Enum):
    """How fine a written time is, in microseconds."""

    DAY = 86_400_000_000
    MINUTE = 60_000_000
    SECOND = 1_000_000
    MILLI = 1_000
    MICRO = 1


@dataclass(frozen=True)
class Layout:
    """Where the parts of a time stand in texts of one shape: (start, end) by part; ``constants`` are the same in all.

    ``scale`` is the microseconds of one unit of an epoch number, 0 for a written date.
    """

    parts: dict[str, tuple[int, int]]
    constants: dict[str, int]
    scale: int = 0

    @property
    def is_undecided(self) -> bool:
        """Whether the day may come first or second."""
        return "first" in self.parts

    @property
    def is_zoned(self) -> bool:
        """Whether the text itself says which instant is meant."""
        return bool(self.scale) or "offset" in self.constants or "off_hours" in self.parts

    @property
    def grain(self) -> Grain:
        """How fine the shape is."""
        if start_end := self.parts.get("fraction"):
            return Grain.MILLI if start_end[1] - start_end[0] <= len("999") else Grain.MICRO
        if self.scale:
            return Grain.SECOND if self.scale == Grain.SECOND.value else Grain.MILLI
        if "sec" in self.parts:
            return Grain.SECOND
        return Grain.MINUTE if "hour" in self.parts else Grain.DAY


@cache
def layout(shape: str) -> Layout | str:
    """The layout of a shape that is told without being told how, or the reason why it is none.

    >>> layout("9999-99-99T99:99Z").grain.name
    'MINUTE'
    >>> layout("99/99/9999 99:99").is_undecided
    True
    """
    for pattern, scale in _EPOCHS:
        if found := pattern.fullmatch(shape):
            return Layout({name: found.span(name) for name, text in found.groupdict().items() if text}, {}, scale)
    for pattern in _KNOWN:
        if found := pattern.fullmatch(shape):
            return _laid_out(found)
    return SHORT_YEAR if _SHORT_YEAR.fullmatch(shape) else UNREADABLE


def _laid_out(found: re.Match[str]) -> Layout:
    texts = {name: text for name, text in found.groupdict().items() if text}
    constants: dict[str, int] = {}
    if name := texts.get("name"):
        constants["month"] = MONTHS.index(name[:3]) + 1
    if half := texts.get("half"):
        constants["half"] = 0 if half.startswith("A") else 12
    if "utc" in texts:
        constants["offset"] = 0
    if sign := texts.get("sign"):
        constants["sign"] = 1 if sign == "+" else -1
    numbers = (
        "epoch",
        "year",
        "short",
        "month",
        "day",
        "first",
        "second",
        "hour",
        "minute",
        "sec",
        "fraction",
        "off_hours",
        "off_minutes",
    )
    return Layout({name: found.span(name) for name in numbers if name in texts}, constants)


_DIRECTIVES = {
    "Y": "(?P<year>9999)",
    "y": "(?P<short>99)",
    "m": "(?P<month>99?)",
    "d": "(?P<day>99?)",
    "e": " ?(?P<day>99?)",
    "H": "(?P<hour>99?)",
    "I": "(?P<hour>99?)",
    "M": "(?P<minute>99?)",
    "S": "(?P<sec>99?)",
    "f": "(?P<fraction>9{1,9})",
    "p": r"(?P<half>[AP])\.?M\.?",
    "b": f"(?P<name>{_MONTH_NAMES})",
    "B": f"(?P<name>{_MONTH_NAMES})",
    "a": _DAYS,
    "A": _DAYS,
    "z": r"(?:(?P<utc>Z|UTC|GMT)|(?:UTC|GMT)?(?P<sign>[+-])(?P<off_hours>99)(?::?(?P<off_minutes>99))?)",
    "Z": "(?P<utc>Z|UTC|GMT)",
    "T": "(?P<hour>99?):(?P<minute>99):(?P<sec>99)",
    "R": "(?P<hour>99?):(?P<minute>99)",
    "F": "(?P<year>9999)-(?P<month>99?)-(?P<day>99?)",
    "%": "%",
}


class Format:
    """A date format in the notation of strptime, as a pattern over shapes. UsageError for what cannot be read."""

    def __init__(self, text: str) -> None:
        self.text = text
        pattern = "".join(_pieces(text))
        try:
            self._pattern = re.compile(pattern)
        except re.error:
            raise UsageError(f"--date-format {text!r} names a part of the time twice.") from None
        groups = self._pattern.groupindex
        if not {"day"} <= set(groups) or not {"year", "short"} & set(groups) or not {"month", "name"} & set(groups):
            raise UsageError(f"--date-format {text!r} needs a day, a month and a year, like '%d/%m/%Y %H:%M'.")

    def layout(self, shape: str) -> Layout | None:
        """The layout of a shape under this format, or None where it does not fit."""
        found = self._pattern.fullmatch(shape)
        return _laid_out(found) if found else None


def _pieces(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        char = text[position]
        if char == "%":
            code = text[position + 1 : position + 2]
            if code == "-":  # %-d and the like: without a leading zero
                position += 1
                code = text[position + 1 : position + 2]
            if code not in _DIRECTIVES:
                known = " ".join(f"%{name}" for name in _DIRECTIVES)
                raise UsageError(f"--date-format {text!r}: %{code} is not understood. Known are {known}.")
            yield _DIRECTIVES[code]
            position += 2
        else:
            yield "9" if char.isdigit() else re.escape(char.upper())
            position += 1
