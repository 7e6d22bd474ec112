"""What to say of a column of times that cannot be read without being told more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slaaudit.errors import EvidenceError
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.timestamps import BothOrdersError, NoYearError, NoZoneError

if TYPE_CHECKING:
    from slaaudit.evidence.tables import Codes
    from slaaudit.evidence.timestamps import UndecidedError

_LONGEST = 60


def refusal(path: str, header: str, rows: Codes, error: UndecidedError, zone_hint: str = "") -> EvidenceError:
    """The message with the row that shows the trouble, and the flag that settles it.

    ``zone_hint`` says whose local time the system exports in.
    """
    first, *others = (shortened(value.strip(), _LONGEST) for value in error.values)
    place = f"{path}: row {rows[error.rows[0]]}: {header} {first!r}"
    day_first, month_first = (_format_of(first, day_first=order) for order in (True, False))
    if isinstance(error, NoZoneError):
        return EvidenceError(
            f"{place} names no time zone. Say whose local time it is with --timezone, for example "
            f"--timezone Europe/Berlin or --timezone UTC.{_sentence(zone_hint)}"
        )
    if isinstance(error, NoYearError):
        year_first = day_first.replace("%d", "%?").replace("%y", "%d").replace("%?", "%y")
        return EvidenceError(
            f"{place} may begin or end with the year, and the column does not settle it. "
            f"Say which with --date-format '{day_first}' or --date-format '{year_first}'."
        )
    if isinstance(error, BothOrdersError):
        return EvidenceError(
            f"{place} can only be day/month, but row {rows[error.rows[1]]} {others[0]!r} can only be month/day. "
            f"Say which is right with --date-format '{day_first}' or --date-format '{month_first}'; rows written the "
            "other way are then rejected."
        )
    return EvidenceError(
        f"{place} may be day/month or month/day, and no row of the column settles it. "
        f"Say which with --date-format '{day_first}' or --date-format '{month_first}'."
    )


def _sentence(text: str) -> str:
    return f" {text[0].upper()}{text[1:]}." if text else ""


def _format_of(value: str, *, day_first: bool) -> str:
    """The strptime format that reads ``value`` with the day in the place given."""
    mark = next((char for char in value if char in "/-."), "/")
    date, _, clock = value.upper().partition(" ")
    year = "%y" if re.match(r"\d+\D\d+\D\d\d(?!\d)", value) else "%Y"
    order = f"%d{mark}%m{mark}{year}" if day_first else f"%m{mark}%d{mark}{year}"
    order += "," if date.endswith(",") else ""
    if not clock:
        return order
    is_half = clock.endswith("M")
    seconds = ":%S" if clock.count(":") > 1 else ""
    space = " " if " " in clock else ""
    return f"{order} {'%I' if is_half else '%H'}:%M{seconds}{space + '%p' if is_half else ''}"
