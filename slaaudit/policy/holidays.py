"""The dates on which a calendar is closed: public holidays by code, and the contract's own dates."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from slaaudit.policy.model import Calendar


def closed_days(calendar: Calendar, years: Iterable[int]) -> dict[dt.date, str]:
    """Each closed date with its holiday's name; the contract's own dates have none.

    Days given in place of a holiday that falls on a weekend count (observed and substitute days). The
    contract's own dates are given whatever their year.
    """
    found = dict.fromkeys(calendar.closed.dates, "")
    for code in calendar.closed.holidays:
        for date, name in public_holidays(code, tuple(sorted(set(years)))).items():
            found[date] = found.get(date) or name
    return dict(sorted(found.items()))


@lru_cache(maxsize=128)
def public_holidays(code: str, years: tuple[int, ...]) -> dict[dt.date, str]:
    """The public holidays of a country (``US``) or a subdivision (``GB-ENG``).

    Raises ``ValueError`` for a code that is not known.
    """
    import holidays  # noqa: PLC0415  (a tenth of a second that most policies do not need)

    country, _, subdivision = code.partition("-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # movable holidays of far years, which no evidence is about
            found = holidays.country_holidays(country, subdivision or None, years=years, language="en_US")
    except NotImplementedError:
        raise ValueError(f"{code!r} is no holiday calendar") from None
    return dict(found.items())


def is_known(code: str) -> bool:
    """Whether there are public holidays under this code. A country's is found without loading all countries."""
    import holidays  # noqa: PLC0415  (see above)

    if any(code in names for names in holidays.registry.COUNTRIES.values()):
        return True
    try:
        public_holidays(code, ())
    except ValueError:
        return False
    return True


def known_codes(like: str) -> list[str]:
    """Codes that ``like`` could have meant: the subdivisions of its country, else every country."""
    import holidays  # noqa: PLC0415  (only where a code is wrong)

    country = like.partition("-")[0].upper()
    countries = [names[1] for names in holidays.registry.COUNTRIES.values()]
    if country not in countries or "-" not in like:
        return countries
    return [f"{country}-{each}" for each in holidays.country_holidays(country).subdivisions]
