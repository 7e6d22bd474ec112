"""The small texts of credits and claims: how long there is to ask, trailing windows, plain numbers.

Each reader takes the text as it stands in the file and returns a value, or raises ``ValueError``, as in ``grammar``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from slaaudit.policy import grammar

_WITHIN = re.compile(r"(\d{1,4})\s*(business\s+days?|h|hours?|d|days?|mo|months?)", re.ASCII)
_TRAILING = re.compile(r"([1-9]\d{0,3})\s*(d|days?|mo|months?|y|years?)", re.ASCII)
_FACTOR = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Within:
    """How long there is for a claim: hours from an instant on, or civil days, business days or months from a day on."""

    text: str
    hours: int = 0
    days: int = 0
    business_days: int = 0
    months: int = 0


def within(text: str) -> Within:
    """The time for a claim that ``text`` states.

    >>> within("30 days").days, within("5 business days").business_days, within("2 months").months
    (30, 5, 2)
    >>> within("72 hours").hours
    72
    """
    stated = " ".join(text.split())
    found = _WITHIN.fullmatch(stated)
    if not found:
        expected = "30 days, 5 business days, 2 months or 72 hours"
        raise ValueError(f"{text!r} is no time for a claim; expected one like {expected}")
    count, unit = int(found[1]), found[2]
    if unit.startswith("b"):
        return Within(stated, business_days=count)
    if unit.startswith("h"):
        return Within(stated, hours=count)
    return Within(stated, months=count) if unit.startswith("mo") else Within(stated, days=count)


@dataclass(frozen=True)
class Allowance:
    """Downtime that earns nothing: a length in microseconds, or a share of the period in percent."""

    text: str = ""
    micros: int = 0
    percent: Decimal = Decimal(0)


def allowance(text: str) -> Allowance:
    """The downtime that ``text`` allows for: a length, or a percentage of the period.

    >>> allowance("30m").micros // 60_000_000, allowance("0.01%").percent
    (30, Decimal('0.01'))
    """
    stated = text.strip()
    if stated.endswith("%"):
        return Allowance(stated, percent=grammar.percent(stated))
    return Allowance(stated, micros=grammar.length(stated))


@dataclass(frozen=True)
class Trailing:
    """A window that ends where one looks from: so many civil days or months."""

    text: str
    days: int = 0
    months: int = 0


def trailing(text: str) -> Trailing:
    """The trailing window that ``text`` states.

    >>> trailing("30 days").days, trailing("1y").months
    (30, 12)
    """
    stated = " ".join(text.split())
    found = _TRAILING.fullmatch(stated)
    if not found:
        raise ValueError(f"{text!r} is not a window of days, months or years; expected one like 30 days or 1y")
    count, unit = int(found[1]), found[2]
    if unit.startswith("d"):
        return Trailing(stated, days=count)
    return Trailing(stated, months=count * (12 if unit.startswith("y") else 1))


def factor(text: str) -> Decimal:
    """A plain number.

    >>> factor("2.5")
    Decimal('2.5')
    """
    if not _FACTOR.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a number; expected one like 10 or 2.5")
    return Decimal(text.strip())


def count(text: str) -> int:
    """A whole number from 1.

    >>> count("3")
    3
    """
    stated = text.strip()
    if not (stated.isascii() and stated.isdecimal() and len(stated) <= _MOST_DIGITS and int(stated)):
        raise ValueError(f"{text!r} is not a whole number; expected one like 3")
    return int(stated)
