"""Laws of availability and credits on generated outages, and an oracle that counts second by second."""

from __future__ import annotations

import datetime as dt
import sys
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from plain_service import Contract, Outage, length_of, months

sys.path.insert(0, str(Path(__file__).parents[1] / "service"))

from tables import assessed, loaded, operations

SECOND = 1_000_000
#: Around a month's end, and around the nights on which London's and New York's clocks change.
MOMENTS = [
    int(dt.datetime(*moment, tzinfo=dt.UTC).timestamp())
    for moment in ((2026, 3, 29), (2026, 10, 25), (2026, 4, 1), (2026, 3, 8, 7), (2026, 11, 1, 6), (2026, 5, 31, 23))
]
ZONES = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])
SHARES = st.sampled_from([None, Fraction(1, 2), Fraction(1, 3), Fraction(3, 10), Fraction(1)])


@st.composite
def outages(draw, most=6):
    """Outages near one of the moments."""
    near = draw(st.sampled_from(MOMENTS))
    found = []
    for _ in range(draw(st.integers(1, most))):
        start = near + draw(st.integers(-2000, 2000))
        found.append(
            Outage(
                start,
                None if draw(st.integers(0, 19)) == 0 else start + draw(st.integers(0, 1500)),
                draw(SHARES),
                draw(st.sampled_from([None, "S1", "S2"])),
                draw(st.sampled_from([None, "bug", "third-party"])),
                draw(st.booleans()),
            )
        )
    return found


@st.composite
def windows(draw, outage):
    """Windows of maintenance near an outage, and when each was announced, if that is known."""
    starts = [outage.start + draw(st.integers(-1000, 1000)) for _ in range(draw(st.integers(0, 3)))]
    notices = st.sampled_from([None, 0, 299, 300, 5000])
    return [
        (start, start + draw(st.integers(1, 900)), None if (notice := draw(notices)) is None else start - notice)
        for start in starts
    ]


@st.composite
def contracts(draw):
    """Clauses of every kind."""
    return Contract(
        draw(ZONES),
        draw(st.sampled_from([(), ("third-party",)])),
        draw(st.booleans()),
        draw(st.sampled_from([None, 0, 300, 1200])),
        draw(st.sampled_from([0, 0, 300])),
        draw(st.sampled_from([0, 60, 600])),
        draw(st.booleans()),
        draw(st.sampled_from([{}, {"S1": Fraction(1), "S2": Fraction(3, 10)}])),
        draw(st.booleans()),
    )


def clause_of(contract, more=""):
    """The clause that says what the contract does."""
    lines = ["promised: 99.9%", f"timezone: {contract.zone}"]
    excludes = {"others": "{cause: third-party}"} if contract.excluded_causes else {}
    if contract.maintenance:
        excludes["scheduled"] = "{planned: true}"
        limits = [f"notice: {contract.notice}s"] if contract.notice else []
        limits += [] if contract.budget is None else [f"budget: {contract.budget}s"]
        lines.append(f"maintenance: {{{', '.join(limits)}}}")
    lines.append(f"excludes: {{{', '.join(f'{name}: {each}' for name, each in excludes.items())}}}")
    if contract.least:
        counts_from = "threshold" if contract.threshold else "start"
        lines.append(f"outage: {{at-least: {contract.least}s, counts-from: {counts_from}}}")
    if contract.weights:
        lines.append("weights: {severity: {S1: 100%, S2: 30%}}")
    lines.append(f"excluded-from: {'both' if contract.both else 'downtime'}")
    return "\n".join(lines) + more


def known(found, planned=()):
    """The same as tables."""
    rows = []
    for each in found:
        fields = {"severity": each.severity, "cause": each.cause, "planned": str(each.planned).lower()}
        if each.share is not None:
            fields["share"] = each.share
        fields = {name: value for name, value in fields.items() if value is not None}
        rows.append((each.start * SECOND, None if each.end is None else each.end * SECOND, fields))
    times = [tuple(None if at is None else at * SECOND for at in window) for window in planned]
    return operations(rows, times)


def as_of_of(found):
    """An hour after the last start: open outages end there."""
    return max(each.start for each in found) + 3600


@given(st.data())
def test_the_engine_counts_what_a_clock_counts_second_by_second(data) -> None:
    found, contract = data.draw(outages()), data.draw(contracts())
    planned = data.draw(windows(found[0]))
    contract = contract if contract.least else Contract(**{**contract.__dict__, "threshold": False})
    as_of = as_of_of(found)
    expected = months(found, planned, contract, as_of)
    measured = assessed(clause_of(contract), known(found, planned), as_of=as_of * SECOND).uptimes
    assert {row.span.name for row in measured} >= set(expected)
    for row in measured:
        length, excluded, downtime = expected.get(row.span.name, (None, 0, 0))
        assert row.excluded == excluded * SECOND
        assert row.downtime == downtime * SECOND
        assert row.span.to_at - row.span.from_at == (length or (row.span.to_at - row.span.from_at) // SECOND) * SECOND
        if not row.to_date:
            total = row.total - row.excluded if contract.both else row.total
            assert row.availability == (max(Fraction(0), 1 - Fraction(row.downtime) / total) if total else None)
        assert row.availability is None if not row.measured else 0 <= row.availability <= 1


@given(outages(), outages(), contracts())
def test_one_more_outage_never_raises_availability(found, more, contract) -> None:
    """One that is excluded or planned is no outage, so it may leave the denominator."""
    extra = [Outage(each.start, each.end, each.share, "S1", "bug") for each in more[:1]]
    as_of = max(as_of_of(found), as_of_of(more)) * SECOND
    policy = loaded(clause_of(contract))
    before = {row.span.name: row.availability for row in assessed(policy, known(found), as_of=as_of).uptimes}
    for row in assessed(policy, known([*found, *extra]), as_of=as_of).uptimes:
        was = before.get(row.span.name, 1)
        assert was == row.availability or row.availability < was  # None is None: all of it is excluded


CREDITS = """
credits:
  tiers: [{below: 99.99%, credit: 1 days}, {below: 99.9%, credit: 3 days}]
  cap: {credit: 2 days, per: month}
  claim: [{step: report, within: 5 days}, {step: submit, within: 30 days, from: outage-end}]
"""


@given(st.data())
def test_one_outage_split_in_two_changes_nothing(data) -> None:
    found, contract = data.draw(outages()), data.draw(contracts())
    as_of = as_of_of(found)
    whole = found[0]
    end = as_of if whole.end is None else min(whole.end, as_of)
    cut = data.draw(st.integers(min(whole.start, end), max(whole.start, end)))
    parts = [Outage(*piece, whole.share, whole.severity, whole.cause, whole.planned)
             for piece in ((whole.start, cut), (cut, whole.end))]  # fmt: skip
    policy = loaded(clause_of(contract, CREDITS))
    one = assessed(policy, known(found), as_of=as_of * SECOND)
    two = assessed(policy, known([*parts, *found[1:]]), as_of=as_of * SECOND)
    assert one.uptimes == two.uptimes
    assert [_told(each) for each in one.credits] == [_told(each) for each in two.credits]


def _told(credit):
    return credit.row, credit.amount, credit.deadlines


@given(outages(), outages(), contracts())
def test_two_months_earn_together_what_they_earn_apart(first, second, contract) -> None:
    """No cap and no remedy spans two months here."""
    found = [*first, *second]
    as_of = int(dt.datetime(2026, 12, 1, tzinfo=dt.UTC).timestamp()) * SECOND
    policy = loaded(clause_of(contract, CREDITS))
    whole = assessed(policy, known(found), as_of=as_of)
    apart = []
    for month in dict.fromkeys(row.span.name for row in whole.uptimes):
        apart += [each for each in assessed(policy, known(found), as_of=as_of, period=month).credits
                  if each.row.span.name == month]  # fmt: skip
    assert [_told(each) for each in whole.credits] == [_told(each) for each in apart]


def test_the_oracle_knows_the_nights_of_the_changes() -> None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    assert length_of("2026-03", ZoneInfo("Europe/London")) == (31 * 24 - 1) * 3600
    assert length_of("2026-11", ZoneInfo("America/New_York")) == (30 * 24 + 1) * 3600
    assert months([Outage(0, 10), Outage(5, 20)], [], Contract(), 100) == {"1970-01": (31 * 86_400, 0, 20)}
