"""Lengths of time as helpdesks write them: numbers of a unit, clocks, words, ISO 8601, and dates that are none.

Like written times, lengths are sorted by shape and each shape is read as a matrix of digits. All are signed as they
are written; whether a minus is good or bad is the vendor's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.arrays import nulls
from slaaudit.evidence.civil import micros
from slaaudit.evidence.digits import by_shape, number, tidied
from slaaudit.evidence.shapes import Layout as Written
from slaaudit.evidence.shapes import layout
from slaaudit.zones import DAY, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from slaaudit.evidence.digits import Digits
    from slaaudit.evidence.tables import Instants, Mask, Rows

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
UNITS = {"hours": HOUR, "minutes": MINUTE, "seconds": SECOND, "milliseconds": SECOND // 1000}
_LONGEST = 100  # years
_MOST = _LONGEST * 366 * DAY
_LONGEST_TEXT = 80  # bytes
_LAST_DATE = 10 * 365 * DAY
_LAST_HOUR, _LAST_MINUTE = 23, 59
_MOST_DIGITS = 17  # of one number; all of them are exact

NO_LENGTH = "no length of time that can be read"
GROUPS = "digits grouped as no number is; a decimal comma may have been lost"
EITHER = "the comma may separate thousands or a fraction, and the column does not settle it"
NO_UNIT = "a number without a unit; say which with as: minutes, hours or seconds"
TOO_LONG = f"longer than {_LONGEST} years"
NO_CLOCK = "minutes or seconds past 59"


@dataclass(frozen=True)
class Lengths:
    """Microseconds by row, where ``known``; ``unreadable`` holds row indices by reason; ``unit`` is the grain."""

    micros: Instants
    known: Mask
    unreadable: dict[str, Rows]
    unit: int


class _Term(NamedTuple):
    """A number in the text, in units of ``factor`` microseconds; ``limit`` is the largest that a clock shows."""

    place: tuple[int, int]
    factor: float
    limit: int = 0


class _Layout(NamedTuple):
    """Where the numbers stand in texts of one shape. A length is their sum, or a date since 1970."""

    terms: tuple[_Term, ...]
    unit: int
    sign: int = 1
    date: Written | None = None


def lengths(text: pa.ChunkedArray, as_: str) -> Lengths:
    """The lengths of a column. ``as_`` is the unit of bare numbers, or ``hms`` for clocks, or ``duration`` for words.

    Clocks with seconds, words, ISO 8601 and dates of 1970 are read whatever ``as_`` is.
    """
    plain = tidied(text)
    shapes = list(by_shape(plain, _LONGEST_TEXT, 0))
    found_micros = np.zeros(len(text), np.int64)
    known = ~nulls(text)
    unreadable: dict[str, list[Rows]] = {}
    decimal = _decimal_mark([shape for _, _, shape in shapes], as_)
    units = []
    for rows, digits, shape in shapes:
        found = _layout(shape, as_, decimal)
        if isinstance(found, str):
            unreadable.setdefault(found, []).append(rows)
            continue
        value, bad = _values(found, digits)
        for reason, where in bad:
            unreadable.setdefault(reason, []).append(rows[where])
        found_micros[rows] = value
        units.append(found.unit)
    for parts in unreadable.values():
        for rows in parts:
            known[rows], found_micros[rows] = False, 0
    known[_blank(plain)] = False
    told = {reason: np.sort(np.concatenate(parts)) for reason, parts in unreadable.items()}
    return Lengths(
        found_micros, known, {reason: rows for reason, rows in told.items() if len(rows)}, min(units, default=1)
    )


def _blank(text: pa.LargeStringArray) -> Rows:
    offsets = np.frombuffer(text.buffers()[1], np.int64)[text.offset : text.offset + len(text) + 1]
    return np.flatnonzero(np.diff(offsets) == 0)


def _values(found: _Layout, digits: Digits) -> tuple[Instants, Iterator[tuple[str, Mask]]]:
    """The microseconds of texts of one shape, and which of them are none, by reason."""
    if found.date:
        return _since_1970(found.date, digits)
    total = np.zeros(len(digits), np.int64)
    rough = np.zeros(len(digits), np.float64)
    past = np.zeros(len(digits), np.bool_)
    for place, factor, limit in found.terms:
        value = number(digits, place)
        rough += value * factor
        if limit:
            past |= value > limit
        total += (
            value * int(factor) if factor >= 1 and factor == int(factor) else np.rint(value * factor).astype(np.int64)
        )
    return total * found.sign, iter([(TOO_LONG, rough > _MOST), (NO_CLOCK, past & (rough <= _MOST))])


def _since_1970(date: Written, digits: Digits) -> tuple[Instants, Iterator[tuple[str, Mask]]]:
    """A length that a system shows as a date: what has passed since 1970 began."""
    total, valid = micros(date, digits, day_first=True)
    return total, iter([(NO_LENGTH, ~valid | (total < 0) | (total >= _LAST_DATE))])


# --- shapes -----------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"9999-99-99[ T]99:99:99")
_CLOCK = re.compile(
    r"(?P<sign>[-+])?(?:(?P<days>9+) DAYS?,? |(?P<dotted>9+)\.)?(?P<hours>9+):(?P<minutes>99)"
    r"(?::(?P<seconds>99)(?:\.(?P<fraction>9+))?)?"
)
_ISO = re.compile(
    r"(?P<sign>[-+])?P(?:(?P<weeks>9+)W)?(?:(?P<days>9+)D)?"
    r"(?:T(?=9)(?:(?P<hours>9+)H)?(?:(?P<minutes>9+)M)?(?:(?P<seconds>9+)(?:[.,](?P<fraction>9+))?S)?)?"
)
_GROUPED = re.compile(r"9{1,3}(?:(?P<mark>[, '.])999)(?:(?P=mark)999)*")
_NUMBER = re.compile(r"(?P<sign>[-+])?(?P<whole>9+(?:[, '.]9+)*)")

_WORDS = (
    (7 * DAY, "w wk wks week weeks semaine semaines semana semanas woche wochen settimana settimane weken"),
    (DAY, "d day days j jour jours dia dias tag tage tagen giorno giorni dag dagen"),
    (HOUR, "h hr hrs hour hours heure heures hora horas std std. stunde stunden ora ore uur uren"),
    (MINUTE, "m min mins min. minute minutes minuto minutos minuten minuti minuut"),
    (SECOND, "s sec secs sec. second seconds seconde secondes segundo segundos sek sek. sekunde sekunden"),
    (SECOND, "secondo secondi seconden"),
    (SECOND // 1000, "ms msec millisecond milliseconds"),
)
_FACTORS = {word: factor for factor, words in _WORDS for word in words.upper().split()}
_AND = "AND|ET|UND|Y|E|EN"
_PIECE = re.compile(rf"(?P<whole>9+)(?:[.,](?P<fraction>9+))? ?(?P<word>[A-Z]+\.?)(?:,? (?:{_AND}) |, ?| |(?=9)|$)")


def _layout(shape: str, as_: str, decimal: str) -> _Layout | str:
    """The layout of a shape, or the reason why it is no length."""
    if max(map(len, re.findall("9+", shape)), default=0) > _MOST_DIGITS:
        return TOO_LONG
    if _DATE.fullmatch(shape) and isinstance(date := layout(shape), Written):
        return _Layout((), SECOND, date=date)
    if (found := _CLOCK.fullmatch(shape)) and (found["seconds"] or as_ in {"hms", "hours", "duration"}):
        return _clock(found)
    if (found := _ISO.fullmatch(shape)) and "9" in shape:
        return _clock(found, limits=False)
    if found := _NUMBER.fullmatch(shape):
        return _bare(found, as_, decimal)
    return _in_words(shape) or NO_LENGTH


_PARTS = {"weeks": 7 * DAY, "days": DAY, "dotted": DAY, "hours": HOUR, "minutes": MINUTE, "seconds": SECOND}


def _clock(found: re.Match[str], *, limits: bool = True) -> _Layout:
    """Hours, minutes and seconds; where there are days, hours stop at 23."""
    named = {name for name, text in found.groupdict().items() if text}
    highest = {"minutes": _LAST_MINUTE, "seconds": _LAST_MINUTE}
    if {"days", "dotted"} & named:
        highest["hours"] = _LAST_HOUR
    terms = [
        _Term(found.span(name), float(factor), highest.get(name, 0) if limits else 0)
        for name, factor in _PARTS.items()
        if name in named
    ]
    unit = min((factor for name, factor in _PARTS.items() if name in named), default=SECOND)
    if "fraction" in named:
        terms.append(_fraction(found.span("fraction"), SECOND))
        unit = SECOND // 1000
    return _Layout(tuple(terms), unit, -1 if found["sign"] == "-" else 1)


def _fraction(place: tuple[int, int], factor: int) -> _Term:
    return _Term(place, factor / 10 ** (place[1] - place[0]))


def _in_words(shape: str) -> _Layout | None:
    """``2 DAYS 3 HOURS``: numbers with their units, from the longest unit to the shortest."""
    sign = -1 if shape.startswith("-") else 1
    position = 1 if sign < 0 else 0
    terms: list[_Term] = []
    smallest = _MOST
    while position < len(shape):
        found = _PIECE.match(shape, position)
        factor = _FACTORS.get(found["word"], 0) if found else 0
        if not found or not factor or factor >= smallest:
            return None
        terms.append(_Term(found.span("whole"), float(factor)))
        if found["fraction"]:
            terms.append(_fraction(found.span("fraction"), factor))
        smallest, position = factor, found.end()
    return _Layout(tuple(terms), smallest, sign) if terms else None


# --- bare numbers -----------------------------------------------------------------------------------------------------


def _bare(found: re.Match[str], as_: str, decimal: str) -> _Layout | str:
    """A number of the unit ``as_``, its groups put together."""
    factor = UNITS.get(as_)
    if factor is None:
        return NO_UNIT
    start = found.start("whole")
    whole, fraction = _split(found["whole"], decimal)
    if not whole:
        return EITHER if fraction == EITHER else GROUPS
    groups = [match.span() for match in re.finditer("9+", whole)]
    terms: list[_Term] = []
    behind = 0
    for begin, end in reversed(groups):
        terms.append(_Term((start + begin, start + end), float(factor * 10**behind)))
        behind += end - begin
    if behind > _MOST_DIGITS:
        return TOO_LONG
    unit = factor
    if fraction:
        place = (start + len(whole) + 1, start + len(whole) + 1 + len(fraction))
        terms.append(_fraction(place, factor))
        unit = max(1, factor // 10 ** len(fraction))
    return _Layout(tuple(terms), unit, -1 if found["sign"] == "-" else 1)


def _split(text: str, decimal: str) -> tuple[str, str]:
    """The whole part and the fraction of a number; no whole part where it is none."""
    marks = re.findall(r"[^9]", text)
    if not marks:
        return text, ""
    last = text.rindex(marks[-1])
    whole, fraction = text[:last], text[last + 1 :]
    if len(marks) == 1:
        if marks[0] in ",." and (len(fraction) != len("999") or len(whole) > len("999")):
            return whole, fraction
        if marks[0] == decimal or (marks[0] == "." and not decimal):
            return whole, fraction
        if marks[0] == "," and not decimal:
            return "", EITHER
    if _GROUPED.fullmatch(text):
        return text, ""
    is_fraction = marks[-1] in ",." and marks.count(marks[-1]) == 1 and _GROUPED.fullmatch(whole)
    return (whole, fraction) if is_fraction else ("", "")


def _decimal_mark(shapes: list[str], as_: str) -> str:
    """The column's decimal mark: from the numbers that allow one only, else a point where the unit has no fractions.

    Empty where the rows contradict each other or none says.
    """
    told: set[str] = set()
    for shape in shapes:
        if not (found := _NUMBER.fullmatch(shape)):
            continue
        text = found["whole"]
        marks = re.findall(r"[^9]", text)
        if len(set(marks)) > 1 or (len(marks) == 1 and not _GROUPED.fullmatch(text) and marks[0] in ",."):
            told.add(marks[-1])
        elif len(marks) > 1 and marks[0] in ",." and _GROUPED.fullmatch(text):
            told.add({",": ".", ".": ","}[marks[0]])
    told &= {",", "."}
    if len(told) == 1:
        return told.pop()
    return "." if not told and as_ != "hours" else ""
