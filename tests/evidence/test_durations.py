"""Lengths of time: every notation means one number of microseconds, or its row is put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from exports import events_of, evidence, rejected
from hypothesis import given, settings
from hypothesis import strategies as st

from slaaudit.evidence import ReadOptions
from slaaudit.evidence.durations import EITHER, GROUPS, NO_CLOCK, NO_LENGTH, NO_UNIT, TOO_LONG, Lengths, lengths

if TYPE_CHECKING:
    from pathlib import Path

DAY, HOUR, MINUTE, SECOND = 86_400.0, 3_600.0, 60.0, 1.0


def read(as_: str, *cells: str | None) -> Lengths:
    return lengths(pa.chunked_array([pa.array(cells, pa.string())]), as_)


def seconds(found: Lengths) -> list[float | None]:
    return [at / 1e6 if known else None for at, known in zip(found.micros.tolist(), found.known.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("as_", "cell", "meant"),
    [
        ("minutes", "0", 0),
        ("minutes", "5", 5 * MINUTE),
        ("minutes", "-12", -12 * MINUTE),
        ("minutes", "1,234", 1234 * MINUTE),
        ("hours", "0.87", 0.87 * HOUR),
        ("hours", "0,87", 0.87 * HOUR),
        ("hours", "12.5", 12.5 * HOUR),
        ("hours", "-12:34", -(12 * HOUR + 34 * MINUTE)),
        ("seconds", "172,973", 172973),
        ("seconds", "25,042,366", 25042366),
        ("seconds", "25 042 366", 25042366),
        ("seconds", "25\u202f042\u202f366", 25042366),
        ("seconds", "45667", 45667),
        ("seconds", "1970-01-02 04:23:17", DAY + 4 * HOUR + 23 * MINUTE + 17),
        ("milliseconds", "3616889309", 3616889.309),
        ("hms", "26:10", 26 * HOUR + 10 * MINUTE),
        ("hms", "123:45:59", 123 * HOUR + 45 * MINUTE + 59),
        ("hms", "00:00:01.500", 1.5),
        ("hms", "1970-01-01 00:00:00", 0),
        ("duration", "2 days 3 hours 4 minutes", 2 * DAY + 3 * HOUR + 4 * MINUTE),
        ("duration", "1 Day 2 Hours 3 Minutes", DAY + 2 * HOUR + 3 * MINUTE),
        ("duration", "2 jours 3 heures 4 minutes", 2 * DAY + 3 * HOUR + 4 * MINUTE),
        ("duration", "2 Tage 3 Stunden 4 Minuten", 2 * DAY + 3 * HOUR + 4 * MINUTE),
        ("duration", "2 días 3 horas y 4 minutos", 2 * DAY + 3 * HOUR + 4 * MINUTE),
        ("duration", "2 dagen 3 uur 4 minuten", 2 * DAY + 3 * HOUR + 4 * MINUTE),
        ("duration", "2 giorni 3 ore e 4 minuti", 2 * DAY + 3 * HOUR + 4 * MINUTE),
        ("duration", "2 dias 3 horas 4 minutos", 2 * DAY + 3 * HOUR + 4 * MINUTE),
        ("duration", "0 days 01:12:00", HOUR + 12 * MINUTE),
        ("duration", "2 days, 3:04:05", 2 * DAY + 3 * HOUR + 4 * MINUTE + 5),
        ("duration", "2hrs 15min", 2 * HOUR + 15 * MINUTE),
        ("duration", "0 hrs, 5 mins", 5 * MINUTE),
        ("duration", "1h 3m", HOUR + 3 * MINUTE),
        ("duration", "12 d 3 h", 12 * DAY + 3 * HOUR),
        ("duration", "1.5 hours", 1.5 * HOUR),
        ("duration", "-3 min", -3 * MINUTE),
        ("duration", "P5DT12H30M5S", 5 * DAY + 12 * HOUR + 30 * MINUTE + 5),
        ("duration", "PT36H", 36 * HOUR),
        ("duration", "PT0.5S", 0.5),
        ("duration", "P2W", 14 * DAY),
    ],
)
def test_a_length_is_read_as_it_is_written(as_: str, cell: str, meant: float) -> None:
    assert seconds(read(as_, cell)) == [pytest.approx(meant)]


@pytest.mark.parametrize(
    ("as_", "cell", "reason"),
    [
        ("minutes", "soon", NO_LENGTH),
        ("minutes", "5 or 6", NO_LENGTH),
        ("hours", "3,87,16,91,111", GROUPS),
        ("seconds", "1,2", None),
        ("seconds", "12,34,567", GROUPS),
        ("hours", "1,234", EITHER),
        ("hms", "12:60", NO_CLOCK),
        ("minutes", "12:34", NO_LENGTH),
        ("duration", "12", NO_UNIT),
        ("duration", "P", NO_LENGTH),
        ("duration", "PT", NO_LENGTH),
        ("duration", "3 hours 2 days", NO_LENGTH),
        ("duration", "2 fortnights", NO_LENGTH),
        ("seconds", "1990-01-02 04:23:17", NO_LENGTH),
        ("seconds", "9" * 20, TOO_LONG),
        ("hours", "99999999", TOO_LONG),
    ],
)
def test_what_is_no_length_is_put_aside_with_its_reason(as_: str, cell: str, reason: str | None) -> None:
    found = read(as_, None, cell, "")
    assert {why: rows.tolist() for why, rows in found.unreadable.items()} == ({reason: [1]} if reason else {})
    assert found.known.tolist() == [False, reason is None, False]


def test_the_columns_own_rows_tell_what_a_comma_is() -> None:
    assert seconds(read("hours", "0,5", "1,234")) == [1800, pytest.approx(1.234 * HOUR)]
    assert seconds(read("hours", "0.5", "1,234")) == [1800, 1234 * HOUR]
    assert seconds(read("hours", "1.234,5", "1,234")) == [1234.5 * HOUR, pytest.approx(1.234 * HOUR)]


def test_the_unit_is_that_of_the_last_digit() -> None:
    assert read("minutes", "5").unit == 60_000_000
    assert read("hours", "0.87").unit == 36_000_000
    assert read("hms", "26:10").unit == 60_000_000
    assert read("hms", "26:10:00").unit == 1_000_000
    assert read("duration", "2 days 3 hours").unit == 3_600_000_000


LENGTHS = st.lists(st.integers(0, 40 * 86_400), min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.sampled_from(["hms", "words", "iso", "grouped", "pandas", "date"]))
def test_lengths_round_trip(told: list[int], form: str) -> None:
    def written(length: int) -> str:
        days, hours, minutes, rest = length // 86_400, length // 3600 % 24, length // 60 % 60, length % 60
        return {
            "hms": f"{length // 3600}:{minutes:02}:{rest:02}",
            "words": f"{days} days {hours} hours {minutes} minutes {rest} seconds",
            "iso": f"P{days}DT{hours}H{minutes}M{rest}S",
            "grouped": f"{length:,}",
            "pandas": f"{days} days {hours:02}:{minutes:02}:{rest:02}",
            "date": f"1970-{1 + days // 31:02}-{1 + days % 31:02} {hours:02}:{minutes:02}:{rest:02}",
        }[form]

    if form == "date":
        told = [length % (31 * 86_400) for length in told]
    found = read("seconds", *map(written, told))
    assert seconds(found) == told
    assert not found.unreadable


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=45), min_size=1, max_size=40), st.sampled_from(["minutes", "hours", "duration"]))
def test_no_text_at_all_breaks_the_reading(cells: list[str], as_: str) -> None:
    found = read(as_, *cells)
    assert len(found.micros) == len(cells)


def test_a_length_after_another_field_is_a_moment(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "slaaudit-profile: 1\n"
        "columns: {first_response_at: {column: First response time (in hrs), as: hms, after: created_at}}\n"
    )
    found = evidence(
        tmp_path,
        ReadOptions(mapping=str(mapping)),
        tickets="ticket_id,created_at,First response time (in hrs)\n"
        "A,2026-03-02T10:00:00Z,26:10:05\nB,2026-03-02T10:00:00Z,\nC,2026-03-02T10:00:00Z,-1:00:00\n",
    )
    assert events_of(found, "A")[1] == "2026-03-03 12:10:05 vendor reply"
    assert events_of(found, "B") == ["2026-03-02 10:00:00 unknown created"]
    assert rejected(found) == [(4, "First response time (in hrs)", "-1:00:00", "a length of time below zero")]
