"""The causes of a comparison in words."""

from __future__ import annotations

from slaaudit.comparison import Cause
from slaaudit.report.lines import hyphened
from slaaudit.report.words import listed

_WORDS = {
    Cause.NOT_PROMISED: "not promised",
    Cause.EXCLUDED: "excluded",
    Cause.UNKNOWN: "unknown",
    Cause.NO_CLOCK: "no such clock",
    Cause.SUPERSEDED: "superseded",
}


def cause_names(cause: Cause) -> list[str]:
    """The names of a cause's parts, as data has them."""
    return [hyphened(str(each.name)) for each in Cause if each & cause]


def cause_words(cause: Cause) -> str:
    """A cause in words.

    >>> cause_words(Cause.TARGET | Cause.CALENDAR), cause_words(Cause.EXCLUDED)
    ('other target and calendar', 'excluded')
    """
    whole = next((words for each, words in _WORDS.items() if each & cause), "")
    return whole or f"other {listed(cause_names(cause))}"


def letter(side: int) -> str:
    """What a side is called in a report for people: A, B, and so on; beyond Z by number.

    >>> letter(0), letter(26)
    ('A', '27')
    """
    return chr(ord("A") + side) if side < 26 else str(side + 1)  # noqa: PLR2004  (letters of the alphabet)
