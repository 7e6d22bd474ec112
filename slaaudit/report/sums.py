"""Amounts, shares and the sum of a credit in one readable line. Shares are cut, never rounded up to a promise kept."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from slaaudit.policy.grammar import FEE_DAYS
from slaaudit.report.words import count, exact_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.credits import Changed, Credit
    from slaaudit.earning import Earned
    from slaaudit.policy.credits import Proportional, Remedy

_PLACES = 4
_NO_CENTS = ("JPY", "KRW", "CLP", "ISK", "VND", "HUF")


def percent(share: Fraction | None, places: int = _PLACES) -> str:
    """A share of 1 in percent, cut towards 0.

    >>> percent(Fraction(99999, 100000)), percent(Fraction(2, 3)), percent(Fraction(99, 100)), percent(None)
    ('99.999%', '66.6666%', '99%', 'unknown')
    """
    if share is None:
        return "unknown"
    scale = 10**places
    return f"{_plain(Decimal(int(share * 100 * scale)) / scale)}%"


def decimal_percent(share: Fraction) -> str:
    """A share of 1 in percent for other programs: at most six places, half to even.

    >>> decimal_percent(Fraction(2, 3))
    '66.666667'
    """
    return _plain(_rounded(share * 100, 6, ROUND_HALF_EVEN))


def number(amount: Fraction, places: int = 6) -> str:
    """A number with at most so many places.

    >>> number(Fraction(5, 2)), number(Fraction(3))
    ('2.5', '3')
    """
    return _plain(_rounded(amount, places, ROUND_HALF_UP))


def money(amount: Fraction, currency: str) -> str:
    """A sum of money to the cent, half up.

    >>> money(Fraction(1234565, 1000), "EUR")
    '1,234.57 EUR'
    """
    return f"{cents(amount, currency):,f} {currency}".rstrip()


def cents(amount: Fraction, currency: str) -> Decimal:
    """A sum of money as it is paid: to the cent, half up."""
    return _rounded(amount, 0 if currency in _NO_CENTS else 2, ROUND_HALF_UP)


def _rounded(amount: Fraction, places: int, rule: str) -> Decimal:
    """An exact fraction as a decimal: rounded once."""
    scaled = amount * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    up = twice > scaled.denominator or (twice == scaled.denominator and (rule == ROUND_HALF_UP or whole % 2 == 1))
    return Decimal(whole + up).scaleb(-places)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Fraction, unit: str) -> str:
    """A credit in words.

    >>> amount(Fraction(1), "days"), amount(Fraction(25, 2), "percent"), amount(Fraction(50), "EUR")
    ('1 day', '12.5%', '50.00 EUR')
    """
    if unit == "days":
        return f"{number(value)} {'day' if value == 1 else 'days'}"
    if unit == FEE_DAYS and value.denominator == 1:
        return f"{number(value)} {'day' if value == 1 else 'days'} of fees"
    if unit == FEE_DAYS:
        return f"{number(value * 24)} hours of fees"
    return f"{number(value)}%" if unit == "percent" else money(value, unit)


def sum_line(credit: Credit) -> str:
    """How a credit came about, from what was measured to what is left of it."""
    parts = [f"{_way(credit, credit.earned)}{_of_fee(credit, credit.earned)}"]
    if credit.others:
        joined = {"sum": " + ", "greater": ", more than ", "lesser": ", less than "}[credit.rule.combine]
        if not _are_alike(credit):
            joined = ", not comparable with "
        parts = [joined.join([parts[0], *(f"{_way(credit, each)}{_of_fee(credit, each)}" for each in credit.others)])]
        if credit.rule.combine == "sum" and _are_alike(credit):
            parts[0] += f" = {amount(credit.amount, credit.unit)}" if not credit.changes else ""
    parts += [_change(credit, each) for each in credit.changes]
    return "; ".join(parts)


def _are_alike(credit: Credit) -> bool:
    """Whether all ways to count come to amounts of one unit."""
    units = ("percent" if each.unit == FEE_DAYS else each.unit for each in (credit.earned, *credit.others))
    return len({credit.unit if unit == "percent" and credit.is_money else unit for unit in units}) == 1


def _of_fee(credit: Credit, earned: Earned) -> str:
    """The credit in percent as a sum, where the fee is known."""
    if earned.unit == FEE_DAYS and credit.fee is None:
        return f" = {amount(100 * earned.amount / credit.fee_days, 'percent')}"
    if earned.unit not in ("percent", FEE_DAYS) or credit.fee is None:
        return ""
    currency = credit.unit if credit.is_money else ""
    if earned.unit == FEE_DAYS:
        paid = money(earned.amount * credit.fee / credit.fee_days, currency)
        return f", at {money(credit.fee, currency)} for {credit.fee_days} days = {paid}"
    return f" of {money(credit.fee, currency)} = {money(earned.amount * credit.fee / 100, currency)}"


def _way(credit: Credit, earned: Earned) -> str:
    """What a way to count went by, and what it comes to."""
    total = earned.right or amount(earned.amount, earned.unit)
    counted = f"{number(earned.count or Fraction(0))} x"
    if earned.way in ("each-downtime", "each-step", "per-miss", "per-outage"):
        each = amount(earned.each or Fraction(0), earned.unit)
        unit = {"each-downtime": _length(earned.bound), "each-step": percent(earned.bound)}.get(earned.way)
        if not unit:
            return f"{_measured(credit, earned)} x {each} = {total}"
        return f"{_measured(credit, earned)}: {counted} {unit} at {each} = {total}"
    return f"{_measured(credit, earned)}: {total}"


def _measured(credit: Credit, earned: Earned) -> str:
    row = credit.row
    share, top = percent(row.share), _counted_from(credit)
    return {
        "tier": f"{share} is below {percent(earned.bound)}",
        "downtime": f"{_length(row.downtime)} of downtime is more than {_length(earned.bound)}",
        "flat": f"{share} is below the promised {percent(row.promised)}",
        "proportional": _part(earned.bound, earned.count, credit.rule.proportional),
        "each-downtime": f"{_length(row.downtime)} of downtime{_beyond(credit)}",
        "each-step": f"{share} is {percent(top - (row.share or 0))} below {percent(top)}",
        "per-miss": count(row.misses, "missed ticket"),
        "per-outage": _outages(credit),
        "remedy": _repeated(credit, earned),
        "right": _repeated(credit, earned),
    }[earned.way]


def _counted_from(credit: Credit) -> Fraction:
    """The share that steps are counted down from."""
    step = credit.rule.each
    return credit.row.promised if step is None or step.from_ is None else Fraction(step.from_) / 100


def _beyond(credit: Credit) -> str:
    step = credit.rule.each
    return f" beyond {step.beyond.text}" if step and step.beyond.text else ""


def _part(bound: Fraction | None, times: Fraction | None, stated: Proportional | None) -> str:
    """The part of a period that its fee is paid back for, and how many times."""
    what = "short of the promise" if stated and stated.of == "shortfall" else "lost"
    return f"{percent(bound, 6)} of the period {what}{f' x {number(times)}' if times not in (None, 1) else ''}"


def _outages(credit: Credit) -> str:
    """How many outages, or days with one, there were, and which of them count."""
    rule = credit.rule.per_outage
    if rule is None:
        return ""
    many = {"outage": "outage", "day": "day with an outage", "outage-and-day": "day of an outage"}[rule.per]
    least = f" of {exact_length(rule.at_least)} or more" if rule.at_least else ""
    over = f" of more than {exact_length(rule.over)}" if rule.over else ""
    return count(credit.row.units, many, many.replace("day", "days") if "day" in many else "") + least + over


def _length(micros: Fraction | None) -> str:
    return exact_length(int(micros or 0))


def _repeated(credit: Credit, earned: Earned) -> str:
    """Which misses a remedy rests on, and what it is a multiple of."""
    remedy = earned.remedy
    if remedy is not None and remedy.proportional is not None and earned.each is not None:
        lost = _part(earned.bound, earned.each, remedy.proportional)
        return f"{_missed(credit, remedy)}, {lost}"
    return _missed(credit, remedy)


def _missed(credit: Credit, remedy: Remedy | None) -> str:
    if remedy is None or remedy.missed == 1:
        bound = Fraction(remedy.below) / 100 if remedy and remedy.below is not None else credit.row.promised
        return f"{percent(credit.row.share)} is below {percent(bound)}"
    of_last = remedy.of_last or remedy.missed
    when = "in a row" if of_last == remedy.missed else f"of the last {of_last}"
    below = f" below {percent(Fraction(remedy.below) / 100)}" if remedy.below is not None else ""
    return f"{remedy.missed} periods missed{below} {f'within {remedy.within.text}' if remedy.within else when}"


def _change(credit: Credit, changed: Changed) -> str:
    if changed.kind == "alternative":
        return f"not added to the larger credit of {changed.clause}"
    if changed.kind == "alternative-unknown":
        return f"an alternative to the credit of {changed.clause}, in another unit: only one of them is due"
    if changed.kind in ("cap-unknown", "floor-unknown", "minimum-unknown"):
        return _unknown(credit, changed)
    limit = amount(changed.amount or Fraction(0), changed.unit)
    if changed.kind == "minimum":
        return f"less than {limit} is not paid"
    if changed.kind == "floor":
        return f"raised to the least of {limit}"
    return f"at most {limit} per {changed.per} in all, so {amount(credit.amount, credit.unit)}"


def _unknown(credit: Credit, changed: Changed) -> str:
    """A limit that cannot be held against the credit, and what would settle it."""
    named = {"cap-unknown": "cap", "floor-unknown": "least amount", "minimum-unknown": "minimum"}[changed.kind]
    unit = changed.unit.replace(FEE_DAYS, "days of fees") or "money"
    told = f"its {named} in {unit} cannot be held against it"
    if changed.unit not in ("percent", FEE_DAYS) and credit.unit != "percent":
        return told
    return f"{told}; --fee settles it" if credit.fee is None else f"{told}: not all fees of its period are known"


def totals(credits_: Sequence[Credit]) -> str:
    """What credits come to, each unit by itself; "nothing" where they come to none.

    Percentages are of different fees, so they are listed and not added.
    """
    return ", ".join(_by_unit(credits_)) or "nothing"


def _by_unit(credits_: Sequence[Credit]) -> Iterator[str]:
    for unit in dict.fromkeys(each.unit for each in credits_):
        own = [each for each in credits_ if each.unit == unit]
        if unit == "right":
            yield count(len(own), "right", "rights")
        elif unit == "percent":
            listed = [amount(each.amount, unit) for each in own if each.amount]
            if listed:
                yield f"{' + '.join(listed)} of the period's fee"
        else:
            total = sum(
                (Fraction(cents(each.amount, unit)) if unit != "days" else each.amount for each in own), Fraction(0)
            )
            if total:
                yield amount(total, unit)
