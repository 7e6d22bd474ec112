"""The shapes that a written time may have, read off once a shape, never once a row.

A shape is a time's text in capitals with every digit turned into 9, such as ``9999-99-99T99:99:99Z``. A layout says
where in such a text the year, the day and so on stand. Shapes are strict: what matches none is not a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from slaaudit.errors import UsageError
from slaaudit.evidence.months import MONTH, MONTHS, WEEKDAY

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = rf"(?P<name>{MONTH})\.?"
_DAY = rf"(?:{WEEKDAY}\.?,? )?(?P<day>99?)(?:ST|ND|RD|TH|\.)?"

_DATES = (
    r"(?P<year>9999)(?P<mark>[-/.])(?P<month>99?)(?P=mark)(?P<day>99?)",
    r"(?P<first>99?)(?P<mark>[-/.])(?P<second>99?)(?P=mark)(?P<year>9999)",
    r"(?P<first>99?)(?P<mark>[-/.])(?P<second>99?)(?P=mark)(?P<short>99)",
    rf"(?P<day>99?)(?P<mark>[-/.])(?P<name>{MONTH})\.?(?P=mark)(?:(?P<year>9999)|(?P<short>99))",
    rf"{_DAY} (?:DE )?{_NAME} (?:DE )?(?:(?P<year>9999)|(?P<short>99))",
    rf"(?:{WEEKDAY}\.?,? )?{_NAME} (?P<day>99?)(?:ST|ND|RD|TH)?,? (?P<year>9999)",
)
_HALF = r"(?P<half>[AP]\.? ?M\.?)"
_TIME = (
    r"(?:T|,? +|,? (?:AT|A LAS|A|UM|OM|ALLE|AS) | - )(?P<hour>99?)[:.H](?P<minute>99)"
    r"(?:[:.](?P<sec>99)(?:[.,](?P<fraction>9{1,9}))?)?"
    rf"(?: UHR| ?H)?(?: ?{_HALF})?"
)
_OFFSET = r"(?:UTC|GMT)?(?P<sign>[+-])(?P<off_hours>99)(?::?(?P<off_minutes>99))?"
_ZONE = rf"(?: ?\(?(?:(?P<utc>Z|UTC|GMT)|{_OFFSET})\)?| (?P<abbreviation>[A-Z]{{2,5}}))?"
_BASIC = r"(?P<year>9999)(?P<month>99)(?P<day>99)T(?P<hour>99)(?P<minute>99)(?P<sec>99)?"
_KNOWN = tuple(re.compile(pattern) for pattern in (*(f"{date}(?:{_TIME}{_ZONE})?" for date in _DATES), _BASIC + _ZONE))
_EPOCHS = (
    (re.compile(r"(?P<epoch>9{10})(?:\.(?P<fraction>9{1,9}))?"), 1_000_000),
    (re.compile(r"(?P<epoch>9{13})"), 1_000),
    (re.compile(r"(?P<epoch>9{16})"), 1),
)
_SERIAL = re.compile(r"(?P<serial>9{5})\.(?P<fraction>9+)")  # a whole number alone may be anything
_ANY_SERIAL = re.compile(r"(?P<serial>9{1,6})(?:\.(?P<fraction>9+))?")
SERIALS = "EXCEL"  # stated instead of a format

UNREADABLE = "no date and time that can be read"


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

    ``scale`` is the microseconds of one unit of an epoch number, 0 for a written date. ``abbreviation`` is the zone's
    letters, which mean nothing until the mapping says so. ``text`` is the layout in the notation of strptime.
    """

    parts: dict[str, tuple[int, int]]
    constants: dict[str, int]
    scale: int = 0
    abbreviation: str = ""
    text: str = ""

    @property
    def is_undecided(self) -> bool:
        """Whether the day may come first or second."""
        return "first" in self.parts

    @property
    def is_serial(self) -> bool:
        """Whether the text is a spreadsheet's number of days."""
        return "serial" in self.parts

    @property
    def may_begin_with_the_year(self) -> bool:
        """Whether three numbers of two digits leave open which one is the year."""
        return self.is_undecided and "short" in self.parts and self.parts["first"] == (0, 2)

    def with_year_first(self) -> Layout:
        """The same text read as year, month, day."""
        parts = dict(self.parts)
        short, month, day = parts.pop("first"), parts.pop("second"), parts.pop("short")
        return replace(self, parts={**parts, "short": short, "month": month, "day": day})

    def on(self, offset: timedelta) -> Layout:
        """The same text, its abbreviation meaning this offset from UTC."""
        minutes = offset // timedelta(minutes=1)
        stated = {"sign": 1 if minutes >= 0 else -1, "off_hours": abs(minutes) // 60, "off_minutes": abs(minutes) % 60}
        return replace(self, constants={**self.constants, **stated}, abbreviation="")

    @property
    def is_zoned(self) -> bool:
        """Whether the text itself says which instant is meant."""
        return bool(self.scale) or bool({"offset", "off_hours"} & self.constants.keys()) or "off_hours" in self.parts

    @property
    def grain(self) -> Grain:
        """How fine the shape is."""
        if self.is_serial:
            return Grain.SECOND
        if start_end := self.parts.get("fraction"):
            return Grain.MILLI if start_end[1] - start_end[0] <= len("999") else Grain.MICRO
        if self.scale:
            return Grain(self.scale)
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
            return Layout(_places(found), {}, scale, text=_format_text(found))
    if found := _SERIAL.fullmatch(shape):
        return Layout(_places(found), {}, text=_format_text(found))
    for pattern in _KNOWN:
        if found := pattern.fullmatch(shape):
            return _laid_out(found)
    return UNREADABLE


def _places(found: re.Match[str]) -> dict[str, tuple[int, int]]:
    return {name: found.span(name) for name, text in found.groupdict().items() if text and set(text) == {"9"}}


def _laid_out(found: re.Match[str]) -> Layout:
    texts = {name: text for name, text in found.groupdict().items() if text}
    constants: dict[str, int] = {}
    if name := texts.get("name"):
        constants["month"] = MONTHS[name]
    if half := texts.get("half"):
        constants["half"] = 0 if half.startswith("A") else 12
    if "utc" in texts:
        constants["offset"] = 0
    if sign := texts.get("sign"):
        constants["sign"] = 1 if sign == "+" else -1
    return Layout(_places(found), constants, abbreviation=texts.get("abbreviation") or "", text=_format_text(found))


_WRITTEN = {
    "year": "%Y",
    "short": "%y",
    "month": "%m",
    "day": "%d",
    "first": "%d",
    "second": "%m",
    "name": "%b",
    "hour": "%H",
    "minute": "%M",
    "sec": "%S",
    "fraction": "%f",
    "half": "%p",
    "off_hours": "%z",
    "abbreviation": "%Z",
    "utc": "%Z",
    "epoch": "%s",
    "serial": "excel",
}


def _format_text(found: re.Match[str]) -> str:
    """The shape in the notation of strptime: ``99/99/9999 99:99`` is ``%d/%m/%Y %H:%M``."""
    texts = {name: text for name, text in found.groupdict().items() if text}
    written = {**_WRITTEN, **({"hour": "%I"} if "half" in texts else {})}
    pieces: list[str] = []
    end = 0
    for name in sorted((name for name in texts if name in written), key=found.start):
        start = found.start("sign" if name == "off_hours" else name)
        pieces += [found.string[end:start], written[name]]
        end = found.end("off_minutes" if name == "off_hours" and texts.get("off_minutes") else name)
    tail = "".join(pieces) + found.string[end:]
    return tail.removesuffix(".%f") if "serial" in texts else tail


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
    "p": _HALF,
    "b": _NAME,
    "B": _NAME,
    "a": WEEKDAY,
    "A": WEEKDAY,
    "z": r"(?:(?P<utc>Z|UTC|GMT)|(?:UTC|GMT)?(?P<sign>[+-])(?P<off_hours>99)(?::?(?P<off_minutes>99))?)",
    "Z": "(?:(?P<utc>Z|UTC|GMT)|(?P<abbreviation>[A-Z]{2,5}))",
    "T": "(?P<hour>99?):(?P<minute>99):(?P<sec>99)",
    "R": "(?P<hour>99?):(?P<minute>99)",
    "F": "(?P<year>9999)-(?P<month>99?)-(?P<day>99?)",
    "%": "%",
}


class Format:
    """A date format in the notation of strptime, as a pattern over shapes; ``excel`` stands for serial numbers.

    UsageError for what cannot be read.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        if text.strip().upper() == SERIALS:
            self._pattern = _ANY_SERIAL
            return
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
