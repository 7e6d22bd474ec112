"""Lengths and shares in words never say more than there was, nor nothing where there was something."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from slaaudit.policy.grammar import DAY, HOUR, MINUTE, SECOND
from slaaudit.report.words import decimal_text, exact_length, length, rfc3339, share

UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
lengths = st.integers(min_value=0, max_value=400 * DAY)


def micros(text, day=DAY):
    parts = re.findall(r"([\d.,]+)([dhms])", text)
    return sum(int(Decimal(number.replace(",", "")) * (UNITS | {"d": day})[unit]) for number, unit in parts)


@given(lengths, st.sampled_from([DAY, 9 * HOUR, 8 * HOUR + 30 * MINUTE]))
def test_an_exact_length_says_every_microsecond(amount, day):
    assert micros(exact_length(amount, day), day) == amount


@given(lengths)
@example(400_000)
@example(59_999_999)
@example(HOUR - 1)
def test_a_length_is_cut_never_rounded_up_and_never_to_nothing(amount):
    said = micros(length(amount))

    assert said <= amount
    assert (said == 0) == (amount == 0)
    assert amount - said < max(amount // 24, 1) + SECOND


@given(st.decimals(min_value=0, max_value=100, places=7))
def test_a_share_is_never_printed_as_more_than_it_is(percent):
    assert Decimal(share(percent).rstrip("%")) <= percent


def test_a_share_just_below_its_promise_is_not_printed_as_the_promise():
    assert share(Decimal("94.999")) == "94.9%"
    assert share(Decimal("95.04")) == "95.0%"


def test_decimal_texts_have_no_exponent():
    assert decimal_text(Decimal("1E+2")) == "100"
    assert decimal_text(Decimal(200) / 3) == "66.666667"


def test_an_instant_before_1970_is_an_instant():
    assert rfc3339(-1) == "1969-12-31T23:59:59.999999Z"
