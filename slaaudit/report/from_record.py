"""A record seen as a report for people: what is told first, in words, by the policy's clock and the calendars' days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from slaaudit.policy.grammar import DAY, SECOND
from slaaudit.report.as_json import Measured
from slaaudit.report.versions import version
from slaaudit.report.words import count, length, local, of_calendar, share, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slaaudit.report.record import Record

    Row = dict[str, Any]

VERDICTS = {"kept": "Kept", "not-kept": "Not kept", "no-verdict": "No verdict"}
_OF_A_PERIOD = ("policy", "clause", "component", "period")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class View:
    """A record with what its formats for people have in common.

    The measurements may be many: they are read once, if at all, and only those that are told of are kept.
    """

    def __init__(self, record: Record) -> None:
        self.measurements: Iterable[Row] = record["measurements"]
        self.record = {key: held(value) for key, value in record.items() if key not in ("tickets", "measurements")}
        self.outcome: Row = record["outcome"]
        self.policies: list[Row] = self.record["policies"]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which instants are told: the first policy's."""
        return ZoneInfo(self.policies[0]["timezone"])

    @cached_property
    def _clauses(self) -> dict[tuple[int, str], Row]:
        return {(row["policy"], row["clause"]): row for row in self.record["clauses"]}

    @cached_property
    def _days(self) -> dict[tuple[int, str], int]:
        return {(row["policy"], row["calendar"]): row["day_s"] * SECOND for row in self.record["calendars"]}

    def title(self, row: Row) -> str:
        """The title of a row's clause, its id where it has none."""
        clause = self._clauses.get((row["policy"], row["clause"]))
        return clause["title"] if clause else str(row["clause"])

    def version(self, row: Row) -> str:
        """When a row's policy is in force, where there are several."""
        return version(self.policies, row["policy"])

    def is_warranted(self, row: Row) -> bool:
        """Whether a row's clause binds, so that a miss is a breach and no mere missed target."""
        clause = self._clauses.get((row["policy"], row["clause"]))
        return bool(clause and clause["binding"] == "warranted")

    def policy_id(self, row: Row) -> str:
        """The id of a row's policy."""
        return str(self.policies[row["policy"]]["id"])

    def at(self, instant: str | None) -> str:
        """An instant by the policy's wall clock; ``-`` where there is none."""
        return "-" if instant is None else local(micros(instant), self.zone)

    @property
    def as_of(self) -> str:
        """When the record was judged, with the name of the zone."""
        at = micros(self.record["as_of"])
        return f"{local(at, self.zone)} {zone_name(at, self.zone)}"

    def long(self, seconds: float | None, row: Row) -> str:
        """A length on the calendar of a measurement, in that calendar's days; ``-`` where there is none."""
        if seconds is None:
            return "-"
        calendar = row["calendar"] or ""
        day = self._days.get((row["policy"], calendar), DAY)
        return length(round(seconds * SECOND), day) + of_calendar(calendar)

    @cached_property
    def breaches(self) -> list[Row]:
        """The breaches that are not waived, the furthest over first."""
        return sorted((row for row in self._told[0] if not row["waived"]), key=lambda row: -(row["over_s"] or 0))

    @property
    def missed(self) -> int:
        """How many of the breaches only miss a target."""
        return sum(not self.is_warranted(row) for row in self.breaches)

    @property
    def periods_below(self) -> int:
        """The periods of a service below their promise that are not waived."""
        return sum(row["verdict"] == "breached" and not row["waived"] for row in self.record["availability"])

    @cached_property
    def waived(self) -> list[Row]:
        """The breaches that are waived."""
        return [row for row in self._told[0] if row["waived"]]

    def reasons(self, verdict: str) -> list[tuple[str, int]]:
        """Why measurements have a verdict, the most frequent reason first."""
        return self._told[1].get(verdict, Counter()).most_common()

    @cached_property
    def _told(self) -> tuple[list[Row], dict[str, Counter[str]]]:
        """The breaches in the report's order, and how often each verdict has each reason."""
        breached: list[Row] = []
        reasons: dict[str, Counter[str]] = {}
        rows = self.measurements
        for row in rows.not_met() if isinstance(rows, Measured) else rows:
            if row["verdict"] == "breached":
                breached.append(row)
            elif row["reason"]:
                reasons.setdefault(row["verdict"], Counter())[row["reason"]] += 1
        return breached, reasons

    @cached_property
    def caveats(self) -> list[tuple[str, int]]:
        """Each caveat with the number of measurements that carry it."""
        found: Counter[str] = Counter()
        for row in self.record["summary"]:
            found.update(row["caveats"])
        return list(found.items())

    @property
    def verdict(self) -> str:
        """The verdict in a word or two."""
        return VERDICTS[self.outcome["verdict"]]

    @property
    def readings(self) -> list[tuple[Row, str, str, bool]]:
        """The readings in force: the policy, the reading, its choice, whether that is the default."""
        found = []
        for policy in self.policies:
            defaults = {question["reading"]: question["default"] for question in policy["questions"]}
            found += [
                (policy, name, choice, defaults.get(name) == choice) for name, choice in policy["readings"].items()
            ]
        return found

    @property
    def earned(self) -> str:
        """What credits come to in periods that are over."""
        return totals([row for row in self.record["credits"] if not row["to_date"]])

    @property
    def claim_by(self) -> str | None:
        """The next last day to claim a credit that has not lapsed; the first of all where nothing says what has.

        Of a period that is not over only where the claim lapses before it is.
        """
        rows = [row for row in self.record["credits"] if row["claim_by"] and row["claim_status"] != "lapsed"]
        return min((row["claim_by"] for row in rows if not row["to_date"] or self._lapses_early(row)), default=None)

    def _lapses_early(self, row: Row) -> bool:
        ends = [
            each["to"] for each in self.record["availability"] if all(each[name] == row[name] for name in _OF_A_PERIOD)
        ]
        return any(step["closes_at"] < end for step in row["claims"] for end in ends)


def held(value: Any) -> Any:
    """A value of a record that may be read again."""
    return value if value is None or isinstance(value, str | int | dict | list) else list(value)


def micros(instant: str) -> int:
    """An instant of a record in microseconds.

    >>> micros("1970-01-01T00:00:01.5Z")
    1500000
    """
    return (dt.datetime.fromisoformat(instant) - _EPOCH) // _MICROSECOND


def percent(text: str | None) -> str:
    """A share of a record in print: one decimal, cut; ``-`` where there is none.

    >>> percent("94.98"), percent(None)
    ('94.9%', '-')
    """
    return "-" if text is None else share(Decimal(text))


def amount(amount: Row, money: str | None, currency: str | None) -> str:
    """A credit in words.

    >>> amount({"amount": "3", "unit": "days"}, None, None), amount({"amount": "120", "unit": "EUR"}, "120.00", "EUR")
    ('3 days', '120.00 EUR')
    """
    if money is not None:
        return f"{Decimal(money):,f} {currency or ''}".rstrip()
    value, unit = amount["amount"], amount["unit"]
    if unit == "days":
        return f"{value} {'day' if value == '1' else 'days'}"
    return f"{value}%" if unit == "percent" else f"{value} {unit}"


def granted(row: Row) -> str:
    """What is left of a credit, or the right that it gives."""
    if row["granted"]["unit"] == "right":
        return str(row["right"] or "a right")
    return amount(row["granted"], row["sum"], row["currency"])


def totals(credits_: Sequence[Row]) -> str:
    """What credits come to, each unit by itself; percentages are of different fees, so they are not added."""
    parts: list[str] = []
    for unit in dict.fromkeys(row["granted"]["unit"] for row in credits_):
        own = [row for row in credits_ if row["granted"]["unit"] == unit]
        if unit == "right":
            parts.append(count(len(own), "right"))
        elif unit == "percent":
            shares = [f"{row['granted']['amount']}%" for row in own if Decimal(row["granted"]["amount"])]
            parts += [f"{' + '.join(shares)} of the period's fee"] if shares else []
        elif unit == "days":
            days = sum((Decimal(row["granted"]["amount"]) for row in own), Decimal(0))
            parts += [amount({"amount": f"{days:f}", "unit": unit}, None, None)] if days else []
        else:
            money = sum((Decimal(row["sum"] or row["granted"]["amount"]) for row in own), Decimal(0))
            parts += [amount({}, f"{money}", own[0]["currency"])] if money else []
    return ", ".join(parts) or "nothing"
