"""The oracle on a few tickets worked by hand, so that it is not trusted blindly. Times are UTC on one Monday."""

from __future__ import annotations

from typing import Any

import pytest
from oracle import Measurement, judged
from plain_calendar import PlainCalendar, instant
from plain_timeline import Event, Ticket

from slaaudit.evidence.tables import Doubt
from slaaudit.policy.grammar import HOUR, MINUTE, amount
from slaaudit.policy.model import Calendar, Policy

DAY = "2026-06-01T"  # a Monday
OFFICE = {"timezone": "UTC", "hours": {"mon-fri": "09:00-17:00"}}


def at(clock: str) -> int:
    return instant(clock if "T" in clock else DAY + clock)


def policy(measure: str, targets: dict[str, Any], **clock: object) -> Policy:
    return Policy.model_validate({
        "slaaudit": 1, "id": "acme", "vendor": "Acme", "title": "Acme support", "calendars": {"office": OFFICE},
        "severities": {"S1": {"aliases": ["urgent"]}, "S2": {}},
        "clauses": {"only": {"measure": measure, "clock": clock, "targets": targets}},
    })  # fmt: skip


def event(clock: str, kind: str, value: str | None = None, actor: str = "vendor") -> Event:
    return Event(at(clock), kind, actor, value)


def rows(rules: Policy, *events: Event, created: str = "10:00", as_of: str = "20:00") -> list[Measurement]:
    ticket = Ticket("T1", at(created), 1_000_000, "S1", Doubt(0), {"channel": "email"}, events)
    return judged(ticket, rules, at(as_of))


def verdicts(found: list[Measurement]) -> list[str]:
    return [row.verdict for row in found]


@pytest.mark.parametrize(("clock", "verdict"), [("10:59:59", "met"), ("11:00", "met"), ("11:00:01", "breached")])
def test_an_answer_at_the_due_instant_is_in_time(clock: str, verdict: str) -> None:
    [row] = rows(policy("first-response", {"S1": "1h on always"}), event(clock, "reply"))
    assert (row.verdict, row.due_at, row.stopped_at) == (verdict, at("11:00"), at(clock))


def test_waiting_is_not_counted_and_moves_the_due() -> None:
    # 10:00-11:00 runs, 11:00-13:00 waits, 13:00-13:30 runs: 1 h 30 min of 2 h; due 30 min after the stop
    [row] = rows(
        policy("resolution", {"S1": "2h on always"}, pauses=["waiting"]),
        event("11:00", "status", "waiting"),
        event("13:00", "status", "open"),
        event("13:30", "status", "resolved"),
    )
    assert (row.verdict, row.elapsed, row.paused) == ("met", 90 * MINUTE, 2 * HOUR)
    assert row.due_at == at("14:00")


REOPENED = (
    event("11:00", "status", "resolved"),
    event("14:00", "status", "open", "customer"),
    event("16:00", "status", "resolved"),
)


@pytest.mark.parametrize(
    ("reopening", "told"),
    [
        ("continues", [("breached", "16:00", 3 * HOUR)]),  # 1 h + 2 h; the finished time does not count
        ("ignored", [("met", "11:00", HOUR)]),
        ("restarts", [("met", "11:00", HOUR), ("met", "16:00", 2 * HOUR)]),
    ],
)
def test_what_a_reopening_does(reopening: str, told: list[tuple[str, str, int]]) -> None:
    found = rows(policy("resolution", {"S1": "2h on always"}, reopening=reopening), *REOPENED)
    expected = [(verdict, at(stop), elapsed) for verdict, stop, elapsed in told]
    assert [(row.verdict, row.stopped_at, row.elapsed) for row in found] == expected


def test_a_reply_sent_while_finished_stands_when_the_stop_is_taken_back() -> None:
    [row] = rows(
        policy("first-response", {"S1": "2h on always"}),
        event("11:00", "status", "resolved"),
        event("12:00", "reply"),
        event("14:00", "status", "open", "customer"),
    )
    assert (row.verdict, row.stopped_at, row.elapsed) == ("met", at("12:00"), HOUR)


def changed(rule: str) -> list[Measurement]:
    """S1 (2 h) from 10:00, S2 (8 h) from 13:00, resolved at 15:00."""
    return rows(
        policy("resolution", {"S1": "2h on always", "S2": "8h on always"}, severity=rule),
        event("13:00", "severity", "S2"),
        event("15:00", "status", "resolved"),
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("current", [("S2", "met", 5 * HOUR)]),
        ("initial", [("S1", "breached", 5 * HOUR)]),
        ("highest", [("S1", "breached", 5 * HOUR)]),
        ("held", [("S1", "breached", 5 * HOUR)]),  # over since 12:00, while it was S1
        ("restart", [("S1", "breached", 3 * HOUR), ("S2", "met", 2 * HOUR)]),
    ],
)
def test_which_severity_governs(rule: str, told: list[tuple[str, str, int]]) -> None:
    # The list says S1; the log's only change does not say what was before: its value would govern from the start.
    ticket_rows = rows(
        policy("resolution", {"S1": "2h on always", "S2": "8h on always"}, severity=rule),
        event("10:00", "severity", "urgent"),
        event("13:00", "severity", "S2"),
        event("15:00", "status", "resolved"),
    )
    assert [(row.severity, row.verdict, row.elapsed) for row in ticket_rows] == told


def test_the_first_value_known_governs_from_the_start() -> None:
    [row] = changed("initial")
    assert (row.severity, row.verdict) == ("S2", "met")


def test_each_gap_between_updates_is_measured_the_open_one_too() -> None:
    found = rows(
        policy("update-gap", {"S1": "2h on always"}),
        event("11:00", "reply"),
        event("12:00", "reply"),
        event("15:00", "reply"),
        as_of="16:00",
    )
    assert verdicts(found) == ["met", "breached", "running"]
    assert found[2].due_at == at("17:00")


def test_only_the_first_unanswered_reply_of_a_customer_starts_a_clock() -> None:
    found = rows(
        policy("next-response", {"S1": "1h on always"}),
        event("10:10", "reply", actor="customer"),  # before any answer: the first response's business
        event("10:30", "reply"),
        event("11:00", "reply", actor="customer"),
        event("11:30", "reply", actor="customer"),
        event("12:30", "reply"),
    )
    assert [(row.started_at, row.verdict) for row in found] == [(at("11:00"), "breached")]


def test_a_night_mail_counts_from_the_opening() -> None:
    entry = {"when": {"channel": "email", "arrives-outside": "office"}, "next-opening": "office"}
    rules = policy("first-response", {"S1": "1h on office"}, **{"counts-from": [entry]})
    [row] = rows(rules, event("08:00", "reply"), created="06:00")
    assert (row.own_start_at, row.started_at, row.verdict, row.elapsed) == (at("06:00"), at("09:00"), "met", 0)
    assert row.due_at == at("10:00")


def test_a_cancelled_clock_is_excluded_unless_it_was_over() -> None:
    rules = policy("resolution", {"S1": "2h on always"})
    [early] = rows(rules, event("12:00", "status", "cancelled"))
    [late] = rows(rules, event("12:01", "status", "cancelled"))
    assert (early.verdict, early.reason, late.verdict) == ("excluded", "cancelled", "breached")


def test_an_unknown_status_matters_only_where_it_would_change_the_verdict() -> None:
    rules = policy("resolution", {"S1": "2h on always"}, pauses=["waiting"])
    told = event("11:00", "status", "unknown"), event("11:30", "status", "open")
    [sure] = rows(rules, *told, event("12:00", "status", "resolved"))
    [over] = rows(rules, *told, event("12:15", "status", "resolved"))
    assert (sure.verdict, sure.elapsed) == ("met", 2 * HOUR)
    assert (over.verdict, over.reason) == ("unknown", "status-unknown")


def test_what_targets_in_days_are_worth() -> None:
    office = PlainCalendar(Calendar.model_validate(OFFICE))
    friday = instant("2026-06-05T16:00")

    def due(text: str, rule: str, start: int = friday) -> int:
        return office.due(start, office.open_time(amount(text), rule, start))

    assert due("2d", "elapsed") == instant("2026-06-09T16:00")
    assert due("2d", "same-time") == instant("2026-06-09T16:00")
    assert due("2d", "end-of-day") == instant("2026-06-09T17:00")
    assert due("1d", "end-of-day", instant("2026-06-06T12:00")) == instant("2026-06-09T17:00")  # Saturday is Monday
    assert due("1w", "elapsed") == instant("2026-06-12T16:00")


def test_a_month_from_the_last_of_january_is_the_last_of_february() -> None:
    office = PlainCalendar(Calendar.model_validate(OFFICE))
    end = office.civil_end(instant("2026-01-31T12:00"), months=1, weeks=0)
    assert end == instant("2026-02-28T12:00")
