"""Words of a page: instants by a policy's clock, lengths, and templates that escape all foreign text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from slaaudit.report import sums, words
from slaaudit.report.safe import shown

DASH = "\u2013"  # where there is nothing to show
LONG = 300  # characters of a foreign text that a table holds
_LONGEST = 2_000  # and of any text
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HERE = Path(__file__).parent


def source(name: str) -> str:
    """A file of this folder, as it stands."""
    return (_HERE / name).read_text(encoding="utf-8")


def fit(value: Any) -> Any:
    """What a template prints for a value: a text with nothing unseen in it, still to be escaped; nothing for None."""
    if value is None:
        return ""
    return shown(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def cut(value: str | None) -> str:
    """A foreign text, cut to what a table holds."""
    return shown(value or "", LONG)


def environment() -> jinja2.Environment:
    """The templates: every value that they print is made fit and then escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=fit,
    )
    made.filters |= {"number": lambda value: f"{value:,}", "count": words.count, "listed": words.listed, "cut": cut}
    return made


def micros(stamp: str) -> int:
    """A stamp of the record as an instant."""
    return (dt.datetime.fromisoformat(stamp) - _EPOCH) // dt.timedelta(microseconds=1)


def seconds(stamp: str | None) -> int | float | None:
    """The same in seconds, as the page's script counts."""
    return None if stamp is None else words.seconds(micros(stamp))


@cache
def zone(name: str) -> ZoneInfo:
    """A time zone by its name; UTC where this machine knows none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):
        return ZoneInfo("UTC")


def at(stamp: str | None, timezone: str) -> str:
    """A stamp by the clock of a zone; a dash where there is none."""
    if stamp is None:
        return DASH
    try:
        return words.local(micros(stamp), zone(timezone))
    except OverflowError:  # the last day of the calendar, in a zone that is ahead
        return stamp


def length(lasted: float | None, day_s: int = 86_400) -> str:
    """A length of the record in words; a dash where there is none."""
    return DASH if lasted is None else words.length(round(lasted * 1_000_000), day_s * 1_000_000)


def share(percent: str | None) -> str:
    """A percentage of the record with one decimal, cut."""
    return DASH if percent is None else words.share(Decimal(percent))


def fine_share(percent: str | None) -> str:
    """A percentage of the record with four decimals, cut."""
    return DASH if percent is None else sums.percent(Fraction(percent) / 100)


def place(percent: Any) -> float:
    """A percentage as a coordinate of a picture, between 0 and 100."""
    try:
        return round(min(max(float(Decimal(str(percent))), 0.0), 100.0), 3)
    except InvalidOperation:
        return 0.0
