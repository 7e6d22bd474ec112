"""Caps: the most that is credited in a period, over all components, the earliest credits first."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from slaaudit.civil_spans import FOR_EVER, day_of, midnights, spans
from slaaudit.credits import Changed, Credit
from slaaudit.policy.grammar import DAY, FEE_DAYS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from slaaudit.policy.credits import Cap
    from slaaudit.policy.fees import Fees


def capped(earned: Sequence[Credit], timezone: str, contract: tuple[int, int], fees: Fees | None) -> list[Credit]:
    """The credits of one clause, cut so that no cap is exceeded, in the order given.

    A cap in another unit than a credit's cannot be applied, and is said so.
    """
    result = list(earned)
    order = sorted(range(len(result)), key=lambda at: (result[at].row.span.to_at, result[at].row.span.from_at, at))
    for place, at in enumerate(order):
        earlier = [result[other] for other in order[:place]]
        for cap in result[at].rule.cap:
            result[at] = _cut(result[at], cap, earlier, (timezone, contract), fees)
    return result


def _cut(
    credit: Credit, cap: Cap, earlier: list[Credit], place: tuple[str, tuple[int, int]], fees: Fees | None
) -> Credit:
    if credit.unit == "right":
        return credit
    since, until = _window(credit, cap, *place)
    own = [each for each in earlier if each.unit == credit.unit and since < _key(each, cap) <= until]
    if credit.unit == "percent":  # of each component's own fee, so each is held against the cap by itself
        own = [each for each in own if each.row.component == credit.row.component]
    limit = _limit(credit, cap, (since, until), own, (place[0], fees))
    if limit is None:
        return replace(credit, changes=(*credit.changes, Changed("cap-unknown", None, cap.credit.unit)))
    left = max(Fraction(0), limit - sum((each.amount for each in own), Fraction(0)))
    if credit.amount <= left:
        return credit
    changed = Changed("cap", limit, credit.unit, per_name(cap))
    return replace(credit, amount=left, changes=(*credit.changes, changed))


def per_name(cap: Cap) -> str:
    """What a cap is per, in a word or two."""
    if cap.per.rolling:
        return f"any {cap.per.rolling.text}"
    return {0: "contract", 1: "month", 3: "quarter", 12: "year"}.get(cap.per.months, f"{cap.per.months} months")


def _key(credit: Credit, cap: Cap) -> int:
    """Where a credit lies: by its end in a window that trails, else by its start."""
    return credit.row.span.to_at if cap.per.rolling else credit.row.span.from_at


def _window(credit: Credit, cap: Cap, timezone: str, contract: tuple[int, int]) -> tuple[int, int]:
    """The window ``(since, until]`` in which the cap adds up what the credit is added to."""
    span, zone = credit.row.span, ZoneInfo(timezone)
    if cap.per.rolling:
        after = day_of(span.to_at, zone)
        back = relativedelta(months=cap.per.rolling.months, days=cap.per.rolling.days)
        return midnights([after - back], zone)[0], span.to_at
    if not cap.per.months:
        return contract[0] - 1, contract[1]
    found = spans(cap.per, timezone, span.from_at, span.from_at + 1, contract)[0]
    return found.from_at - 1, found.to_at - 1


def _limit(
    credit: Credit, cap: Cap, window: tuple[int, int], own: list[Credit], given: tuple[str, Fees | None]
) -> Fraction | None:
    """The most for the window in the credit's unit; None where the units cannot be compared."""
    amount, unit = Fraction(cap.credit.amount), cap.credit.unit
    if unit == FEE_DAYS:  # as a share of the fees of the cap's own period
        if not cap.per.months and not cap.per.rolling:
            return None
        amount, unit = 100 * amount / round((window[1] - window[0]) / DAY), "percent"
    if unit == credit.unit:
        return amount * _months(credit, cap, window, (own, given[0])) if unit == "percent" else amount
    timezone, fees = given
    if unit != "percent" or fees is None or not credit.is_money:
        return None
    fee = _fee(credit, cap, window, own, (timezone, fees))
    return None if fee is None else amount * fee / 100


def _months(credit: Credit, cap: Cap, window: tuple[int, int], given: tuple[list[Credit], str]) -> Fraction:
    """How many fees of the credit's period the cap's period has, for percentages of a fee that is not known."""
    own, timezone = given
    months = cap.per.rolling.months if cap.per.rolling else cap.per.months
    if _is_bounded_contract(cap, window):
        months = _contract(window, timezone)[1]
    if not months:
        periods = {(each.row.span.from_at, each.row.span.to_at) for each in [*own, credit]}
        return Fraction(len(periods)) if not cap.per.rolling else Fraction(1)
    return max(Fraction(1), Fraction(months, credit.rule.period.months or months))


def _fee(
    credit: Credit, cap: Cap, window: tuple[int, int], own: list[Credit], given: tuple[str, Fees]
) -> Fraction | None:
    """The fees that a cap in percent is a share of: of all components, over the cap's own period."""
    timezone, fees = given
    if _is_bounded_contract(cap, window):
        return _of_all([*own, credit], fees, *_contract(window, timezone))
    if not cap.per.months and not cap.per.rolling:
        return sum((each.fee for each in {id(e.row): e for e in [*own, credit]}.values() if each.fee), Fraction(0))
    months = (cap.per.rolling.months or 1) if cap.per.rolling else cap.per.months
    first = day_of(window[0] + 1, ZoneInfo(timezone))
    if cap.per.rolling:
        first = day_of(window[1] - 1, ZoneInfo(timezone)) + relativedelta(day=1, months=1 - months)
    return _of_all([*own, credit], fees, first, months)


def _is_bounded_contract(cap: Cap, window: tuple[int, int]) -> bool:
    """Whether a cap is over a contract of which both the beginning and the end are known."""
    return not cap.per.months and not cap.per.rolling and max(-window[0], window[1]) < FOR_EVER


def _contract(window: tuple[int, int], timezone: str) -> tuple[dt.date, int]:
    """The first day of a contract, and the months that it has a part in."""
    first, last = (day_of(at, ZoneInfo(timezone)) for at in (window[0] + 1, window[1] - 1))
    return first, (last.year - first.year) * 12 + last.month - first.month + 1


def _of_all(earned: list[Credit], fees: Fees, first: dt.date, months: int) -> Fraction | None:
    """The fees of all components over so many months; of the service where components are not told apart.

    A fee that names no component is that of each one that earned something.
    """
    found = dict.fromkeys(each.row.component for each in earned)
    if None in found:
        return fees.of(None, first, months)
    named = dict.fromkeys([*(fee.component for fee in fees.fees if fee.component is not None), *found])
    parts = [fees.of(component, first, months) for component in named]
    return None if None in parts else sum((part for part in parts if part), Fraction(0))
