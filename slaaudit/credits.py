"""Credits: what every period earned, after minimum amounts, alternatives and caps, and when it must be claimed.

Amounts are fractions until they are printed. A credit in percent becomes money where the fee is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from slaaudit import earning
from slaaudit.civil_spans import day_of, midnights
from slaaudit.earning import Earned
from slaaudit.policy.grammar import FEE_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.civil_spans import CivilSpan
    from slaaudit.claims import Deadline
    from slaaudit.performance import Performance
    from slaaudit.policy import grammar
    from slaaudit.policy.credits import Credits, Remedy
    from slaaudit.policy.fees import Fees

NOT_MONEY = ("days", "percent", "right")
Change = Literal[
    "floor", "minimum", "cap", "alternative", "floor-unknown", "minimum-unknown", "cap-unknown", "alternative-unknown"
]


@dataclass(frozen=True)
class Changed:
    """Why a credit is not what was earned: the rule, and the amount (in ``unit``) or the clause it speaks of."""

    kind: Change
    amount: Fraction | None = None
    unit: str = ""
    per: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Credit:
    """What one period earned. ``amount`` is what is left of ``earned`` in ``unit``.

    ``unit`` is ``days``, ``percent`` (no fee is known), ``right``, or a currency ("" where the fee names none).
    ``fee`` is that of the period, for ``fee_days`` days. ``others`` are the ways to count that did not stand.
    """

    row: Performance
    rule: Credits
    earned: Earned
    amount: Fraction
    unit: str
    fee: Fraction | None
    fee_days: int
    others: tuple[Earned, ...] = ()
    changes: tuple[Changed, ...] = ()
    deadlines: tuple[Deadline, ...] = field(default=())

    @property
    def is_money(self) -> bool:
        """Whether it is a sum of money."""
        return self.unit not in NOT_MONEY


def earned_by(rows: Sequence[Performance], rule: Credits, fees: Fees | None, timezone: str) -> Iterator[Credit]:
    """The credits of one clause, component and severity, before alternatives and caps; ``rows`` in order of time."""
    for at, row in enumerate(rows):
        price = price_of(row, rule, fees, timezone)
        found = list(earning.ways(row, rule))
        if found:
            yield _chosen(row, rule, found, price)
        for remedy in rule.remedies:
            if missed := earning.completed(remedy, rows, at, _trailing_from(remedy, row, timezone)):
                for earned in _remedied(row, remedy, missed):
                    worth = price.worth(earned.amount, earned.unit)
                    yield Credit(row, rule, earned, *worth, price.fee, price.days)


@dataclass(frozen=True)
class Price:
    """What a period costs, if that is known, and the days that it is for."""

    fee: Fraction | None
    currency: str
    days: int

    def worth(self, amount: Fraction, unit: str) -> tuple[Fraction, str]:
        """A credit in percent, or in days of fees, as money where the fee is known; any other as it is."""
        if unit == FEE_DAYS:
            amount, unit = 100 * amount / self.days, "percent"
        if unit == "percent" and self.fee is not None:
            return amount * self.fee / 100, self.currency
        return amount, unit


def price_of(row: Performance, rule: Credits, fees: Fees | None, timezone: str) -> Price:
    """The fee of the period: of as many months as it has, from that in which it begins."""
    first = day_of(row.span.from_at, ZoneInfo(timezone))
    last = day_of(row.span.to_at - 1, ZoneInfo(timezone))
    whole = (last.year - first.year) * 12 + last.month - first.month + 1
    months = 1 if rule.period.rolling else rule.period.months or whole
    begin = first.replace(day=1)
    days = (begin + relativedelta(months=months) - begin).days
    if fees is None:
        return Price(None, "", days)
    return Price(fees.of(row.component, first, months), fees.currency, days)


def _trailing_from(remedy: Remedy, row: Performance, timezone: str) -> int:
    if remedy.within is None:
        return 0
    zone = ZoneInfo(timezone)
    after = day_of(row.span.to_at, zone)
    return midnights([after - relativedelta(months=remedy.within.months, days=remedy.within.days)], zone)[0]


def _remedied(row: Performance, remedy: Remedy, missed: tuple[CivilSpan, ...]) -> Iterator[Earned]:
    """What repeated misses earn: each credit and right of the remedy by itself."""
    count = Fraction(remedy.missed)
    base = Earned("remedy", Fraction(0), "percent", row.promised, None, count, "", remedy, missed)
    if remedy.credit:
        yield replace(base, amount=Fraction(remedy.credit.amount), unit=remedy.credit.unit)
    if remedy.proportional:
        part = earning.lost(row, remedy.proportional)
        times = Fraction(remedy.proportional.times)
        yield replace(base, amount=100 * part * times, bound=part, each=times)
    if remedy.right:
        yield replace(base, way="right", unit="right", right=remedy.right)


def _chosen(row: Performance, rule: Credits, found: list[Earned], price: Price) -> Credit:
    """The way that stands, or the sum of all. Where units cannot be compared, the first stands."""
    worth = [price.worth(each.amount, each.unit) for each in found]
    at = 0
    if len({unit for _, unit in worth}) == 1:
        amounts = [amount for amount, _ in worth]
        if rule.combine == "sum":
            total = sum(amounts, Fraction(0))
            made = Credit(row, rule, found[0], total, worth[0][1], price.fee, price.days, tuple(found[1:]))
            return _raised(made, price)
        at = amounts.index(min(amounts) if rule.combine == "lesser" else max(amounts))
    others = tuple(each for place, each in enumerate(found) if place != at)
    return _raised(Credit(row, rule, found[at], *worth[at], price.fee, price.days, others), price)


def _raised(credit: Credit, price: Price) -> Credit:
    """The credit with its floor and its minimum."""
    limits: tuple[tuple[Literal["floor", "minimum"], grammar.Credit | None], ...]
    limits = (("floor", credit.rule.floor), ("minimum", credit.rule.minimum))
    for kind, stated in limits:
        if stated is None:
            continue
        amount, unit = price.worth(Fraction(stated.amount), stated.unit)
        if unit != credit.unit:
            unknown: Change = "floor-unknown" if kind == "floor" else "minimum-unknown"
            credit = replace(credit, changes=(*credit.changes, Changed(unknown, amount, unit)))
        elif credit.amount < amount:
            least = amount if kind == "floor" else Fraction(0)
            credit = replace(credit, amount=least, changes=(*credit.changes, Changed(kind, amount, unit)))
    return credit


def without_alternatives(earned: Sequence[Credit]) -> list[Credit]:
    """The credits with only the largest of those whose clauses are alternatives of each other.

    That is for one period, and one component or severity. Amounts in different units all stand, and say so.
    """
    result = list(earned)
    places = [at for at, each in enumerate(result) if each.rule.alternative and each.unit != "right"]

    def group(at: int) -> tuple[object, ...]:
        row = result[at].row
        about = (row.policy, row.component or "", row.severity, row.span.from_at, row.span.to_at)
        return (result[at].rule.alternative, *about)

    for _, same in groupby(sorted(places, key=lambda at: repr(group(at))), key=group):
        members = [at for at in sorted(same) if result[at].amount]
        if len({result[at].unit for at in members}) > 1:
            for at in members:
                other = next(each for each in members if result[each].unit != result[at].unit)
                changed = Changed("alternative-unknown", clause=result[other].row.clause)
                result[at] = replace(result[at], changes=(*result[at].changes, changed))
            continue
        best = max(members, key=lambda at: (result[at].amount, -at), default=-1)
        for at in members:
            if at != best:
                changed = Changed("alternative", clause=result[best].row.clause)
                result[at] = replace(result[at], amount=Fraction(0), changes=(*result[at].changes, changed))
    return result
