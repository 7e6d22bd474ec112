"""Downgrades, automatic messages and queues under every rule of a clock, and whatever happens at one instant."""

from __future__ import annotations

import pytest

HEADER = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: UTC
severities: {S1: {}, S2: {}, S3: {}}
"""
OPENED = ("A 02-10:00 created customer", "A 02-10:00 severity customer S3")
BOTH = "downgraded-after-breach downgraded-near-breach"

RULES = (
    HEADER
    + """\
clauses:
  current: {measure: resolution, clock: {severity: current}, targets: {S1: 100m on always, S3: 1000m on always}}
  initial: {measure: resolution, clock: {severity: initial}, targets: *all}
  highest: {measure: resolution, clock: {severity: highest}, targets: *all}
  held: {measure: resolution, clock: {severity: held}, targets: *all}
  restart: {measure: resolution, clock: {severity: restart}, targets: *all}
""".replace("*all", "{S1: 100m on always, S3: 1000m on always}")
)


def brief(found):
    return [(each.kind.removeprefix("downgraded-"), each.clause, each.used) for each in found]


# --- which severity the use is of --------------------------------------------------------------------------------


def test_a_downgrade_is_held_against_the_severity_before_it_whatever_rule_the_clause_has(told):
    # S3 to 10:30, then S1; at 11:25 85 minutes are used, 85% of S1's hundred. Restarted at 10:30 it is 55%.
    events = (*OPENED, "A 02-10:30 severity customer S1", "A 02-11:25 severity vendor S3")
    found = brief(told(*events, kinds=BOTH, policy=RULES))
    assert found == [("near-breach", name, 8500) for name in ("current", "initial", "highest", "held")]


def test_a_clock_that_each_change_restarts_has_used_what_it_took_since(told):
    events = (*OPENED, "A 02-10:30 severity customer S1", "A 02-12:10 severity vendor S3")
    found = brief(told(*events, kinds=BOTH, policy=RULES))
    assert found[:4] == [("after-breach", name, 13000) for name in ("current", "initial", "highest", "held")]
    assert found[4:] == [("near-breach", "restart", 10000)]  # all of it, and not over
    later = (*OPENED, "A 02-10:30 severity customer S1", "A 02-12:10:01 severity vendor S3")
    assert ("after-breach", "restart", 10001) in brief(told(*later, kinds=BOTH, policy=RULES))


# --- at one instant ----------------------------------------------------------------------------------------------

ONE = HEADER + "clauses:\n  resolution: {measure: resolution, targets: {S1: 100m on always, S2: 200m on always}}\n"
URGENT = ("A 02-10:00 created customer", "A 02-10:00 severity customer S1")


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        (("severity vendor S2", "note vendor", "severity vendor S1"), []),  # held for no time
        (("severity vendor S2", "status vendor resolved", "severity vendor S1"), [4]),  # and held at the solution
        (("severity vendor S2", "status vendor resolved"), [4]),
        (("status vendor resolved", "severity vendor S2"), []),  # after it, so it governs nothing
        (("severity vendor S2", "note vendor", "severity vendor S3"), [6]),  # one downgrade, not two
        (("severity vendor S3", "note vendor", "severity vendor S2"), [6]),
    ],
)
def test_a_severity_held_for_no_time_is_not_held_but_at_the_stop(told, changes, rows):
    events = (*URGENT, *(f"A 02-11:30 {change}" for change in changes))
    found = told(*events, kinds=BOTH, policy=ONE)
    assert [row.row for each in found for row in each.evidence] == rows
    assert all(each.used == 9000 for each in found)


def test_a_downgrade_while_it_is_solved_concerns_a_clock_that_goes_on(told):
    solved = (*URGENT, "A 02-11:30 status vendor resolved", "A 02-20:00 severity vendor S2")
    again = "A 02-21:00 status customer open"
    assert not told(*solved, kinds=BOTH, policy=ONE)
    assert brief(told(*solved, again, kinds=BOTH, policy=ONE)) == [("near-breach", "resolution", 9000)]
    ignored = ONE.replace("measure: resolution", "measure: resolution, clock: {reopening: ignored}")
    assert not told(*solved, again, kinds=BOTH, policy=ignored)


PAUSING = ONE.replace("measure: resolution", "measure: resolution, clock: {pauses: [waiting]}")


def test_a_pause_of_no_length_is_none(told):
    pause = "A 02-11:30 status vendor waiting"
    other = ("B 02-10:00 created customer", "B 02-10:00 reply vendor")
    assert told(*URGENT, pause, *other, kinds="paused-near-breach", policy=PAUSING)
    for change in ("status vendor open", "status vendor resolved"):
        assert not told(*URGENT, pause, f"A 02-11:30 {change}", *other, kinds="paused-near-breach", policy=PAUSING)


TWO = (
    HEADER
    + """\
clauses:
  customer: {measure: resolution, clock: {pauses: [waiting]}, targets: {S1: 100m on always}}
  third: {measure: resolution, clock: {pauses: [hold]}, targets: {S1: 100m on always}}
"""
)


def test_a_pause_of_one_clause_begins_where_that_of_another_ends(told):
    # 10 minutes of waiting, so at 11:40 `third` has used all of its hundred and `customer` ninety
    events = (*URGENT, "A 02-10:10 reply vendor", "A 02-11:30 status vendor waiting", "A 02-11:40 status vendor hold")
    found = told(*events, kinds="paused-near-breach", policy=TWO)
    assert [(each.clause, each.used, each.evidence[0].row) for each in found] == [
        ("customer", 9000, 5), ("third", 10000, 6),
    ]  # fmt: skip


# --- automatic messages ------------------------------------------------------------------------------------------

OFFICE = (
    HEADER
    + """\
calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
clauses:
  response: {measure: first-response, clock: CLOCK, targets: {S1: 2h on office, S2: 4h on office}}
"""
)


@pytest.mark.parametrize(("message", "fires"), [("02-20:00", True), ("03-09:00:00", True), ("03-09:00:01", False)])
def test_a_message_in_closed_hours_after_a_due_at_closing_is_inside_the_target(told, message, fires):
    events = ("A 02-15:00 created customer", "A 02-15:00 severity customer S1", f"A {message} reply system",
              "A 03-10:00 reply vendor")  # fmt: skip
    assert bool(told(*events, kinds="automated-response-only", policy=OFFICE.replace("CLOCK", "{}"))) == fires


def test_a_message_after_the_vendor_had_answered_once_is_not_all_there_is(told):
    restarts = OFFICE.replace("CLOCK", "{reopening: restarts}")
    opened = ("A 02-09:00 created customer", "A 02-09:00 severity customer S1")
    again = ("A 02-10:00 status vendor resolved", "A 02-12:00 status customer open", "A 02-12:01 reply system")
    kind = "automated-response-only"
    assert len(told(*opened, *again, "A 03-10:00 reply vendor", kinds=kind, policy=restarts)) == 1
    assert not told(*opened, "A 02-09:30 reply vendor", *again, "A 03-10:00 reply vendor", kinds=kind, policy=restarts)


def test_a_clock_that_a_change_of_severity_restarts_tells_of_a_message_once(told):
    restart = OFFICE.replace("CLOCK", "{severity: restart}")
    events = ("A 02-09:00 created customer", "A 02-09:00 severity customer S1", "A 02-09:01 reply system",
              "A 02-12:00 severity vendor S2", "A 03-16:00 reply vendor")  # fmt: skip
    assert len(told(*events, kinds="automated-response-only", policy=restart)) == 1


# --- queues ------------------------------------------------------------------------------------------------------

QUEUE = HEADER + "clauses:\n  queue: {measure: order, applies: APPLIES}\n  method: {measure: resolution}\n"
QUEUE += "calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}\n"


def overtakings(found):
    return [(each.ticket, each.other) for each in found if each.kind == "overtaken"]


def test_the_severity_is_that_of_the_instant_at_which_the_later_one_was_answered(told):
    anything = QUEUE.replace("APPLIES", "{}")
    earlier = ("A 02-10:00 created customer", "A 02-10:00 severity customer S3")
    later = ("B 02-11:00 created customer", "B 02-11:00 severity customer S1", "B 02-12:00 reply vendor")
    raised = "A 02-{} severity customer S1"
    for at, found in (("11:59", [("A", "B")]), ("12:00", [("A", "B")]), ("12:01", [])):
        assert overtakings(told(*earlier, *later, raised.format(at), policy=anything)) == found, at


def test_the_one_that_came_last_is_named_even_after_a_change_of_state(told):
    earlier = ("A 02-10:00 created customer", "A 02-10:00 severity customer S1", "A 02-12:30 status vendor open")
    second = ("B 02-11:00 created customer", "B 02-11:00 severity customer S1", "B 02-12:00 reply vendor")
    third = ("C 02-11:30 created customer", "C 02-11:30 severity customer S1", "C 02-13:00 reply vendor")
    assert overtakings(told(*earlier, *second, *third, policy=QUEUE.replace("APPLIES", "{}"))) == [("A", "C")]


def test_what_a_queue_applies_to_is_read_even_where_no_other_clause_looks_at_it(tmp_path, audited):
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,severity,type,first_response_at\n"
        "A,2026-03-02T10:00:00Z,S1,software,2026-03-02T13:00:00Z\n"
        "B,2026-03-02T11:00:00Z,S1,software,2026-03-02T12:00:00Z\n"
        "C,2026-03-02T09:00:00Z,S1,hardware,2026-03-02T13:00:00Z\n"
        "D,2026-03-02T09:00:00Z,S1,,2026-03-02T13:00:00Z\n"
    )
    policy = QUEUE.replace("APPLIES", "{type: software}")
    assert overtakings(audited("tickets.csv", policy=policy)) == [
        ("A", "B"),
        ("D", "B"),
    ]  # an empty field excludes none
    without = QUEUE.replace("APPLIES", "{type: software, component: door}")
    assert len(overtakings(audited("tickets.csv", policy=without))) == 2


def test_a_queue_of_some_hours_holds_what_arrives_in_them(told):
    tickets = ("A 02-08:00 created customer", "A 02-08:00 severity customer S1",
               "B 02-10:00 created customer", "B 02-10:00 severity customer S1", "B 02-11:00 reply vendor")  # fmt: skip
    assert overtakings(told(*tickets, policy=QUEUE.replace("APPLIES", "{}"))) == [("A", "B")]
    assert not overtakings(told(*tickets, policy=QUEUE.replace("APPLIES", "{arrives-in: office}")))
