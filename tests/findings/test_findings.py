"""Each finding where it fires, and the near misses where it must not: a second or a place to either side."""

from __future__ import annotations

import pytest

from slaaudit.findings import Thresholds

MINUTE = 60_000_000
OPENED = ("A 02-10:00 created customer", "A 02-10:00 severity customer S1")
DOWNGRADES = "downgraded-after-breach downgraded-near-breach"


def brief(found):
    return [(each.kind, each.ticket, each.clause) for each in found]


# --- downgrades: the response is due at 11:40, the resolution at 02:40 the next day -----------------------------


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("02-11:19:59", []),
        ("02-11:20:00", [("downgraded-near-breach", "A", "response")]),  # 80 of 100 minutes
        ("02-11:40:00", [("downgraded-near-breach", "A", "response")]),  # all of it, and not over
        ("02-11:40:01", [("downgraded-after-breach", "A", "response")]),
    ],
)
def test_a_downgrade_is_near_a_breach_from_eighty_percent_on_and_after_it_once_over(told, at, found):
    assert brief(told(*OPENED, f"A {at} severity customer S2", kinds=DOWNGRADES)) == found


def test_a_downgrade_after_the_answer_concerns_the_resolution_alone(told):
    found = told(*OPENED, "A 02-10:30 reply vendor", "A 03-02:40:01 severity vendor S2", kinds=DOWNGRADES)
    assert brief(found) == [("downgraded-after-breach", "A", "resolution")]
    assert found[0].detail == (
        "the severity was lowered to S2 by the vendor when 100% of the target was used: it had been missed"
    )
    assert [(row.file.rpartition("/")[2], row.row) for row in found[0].evidence] == [("log.csv", 5)]


def test_an_upgrade_and_another_word_for_the_same_severity_are_no_downgrades(told):
    events = ("A 02-10:00 created customer", "A 02-10:00 severity customer S2")
    assert not told(*events, "A 02-14:00 severity customer S1", kinds=DOWNGRADES)
    assert not told(*OPENED, "A 02-14:00 severity customer critical", kinds=DOWNGRADES)


def test_a_downgrade_to_a_severity_without_targets_counts_and_one_from_there_does_not(told):
    assert told(*OPENED, "A 02-14:00 severity customer S3", kinds=DOWNGRADES)
    events = ("A 02-10:00 created customer", "A 02-10:00 severity customer S3", "A 02-15:00 severity customer S4")
    assert not told(*events, kinds=DOWNGRADES)


def test_time_in_a_pause_is_not_used(told):
    # 700 minutes to 21:40, then it waits until the downgrade
    waits = (*OPENED, "A 02-10:01 reply vendor", "A 02-21:40 status vendor waiting")
    assert not told(*waits, "A 05-00:00 severity vendor S2", kinds=DOWNGRADES)
    used = (*OPENED, "A 02-10:01 reply vendor", "A 02-23:20 status vendor waiting", "A 05-00:00 severity vendor S2")
    assert brief(told(*used, kinds=DOWNGRADES)) == [("downgraded-near-breach", "A", "resolution")]


def test_the_second_of_two_downgrades_is_held_against_the_severity_before_it(told):
    # at 13:00 180 minutes are used: 90% of the 200 of S2; S1 was lowered early
    found = told(*OPENED, "A 02-10:30 severity customer S2", "A 02-13:00 severity customer S3", kinds=DOWNGRADES)
    assert [(each.kind, each.used) for each in found] == [("downgraded-near-breach", 9000)]


def test_the_second_of_two_downgrades_of_a_finished_ticket_is_not_held_against_the_severity_before_the_first(told):
    # 110 minutes are used: more than S1's hundred, and little of S2's two hundred
    solved = (*OPENED, "A 02-11:50 status vendor resolved", "A 02-12:00 severity vendor S2")
    found = told(*solved, "A 02-12:10 severity vendor S3", "A 02-13:00 status customer open", kinds=DOWNGRADES)
    assert [(*brief([each])[0], each.evidence[0].row) for each in found] == [
        ("downgraded-after-breach", "A", "response", 5)
    ]


def test_the_share_is_settable(told):
    events = (*OPENED, "A 02-10:50 severity customer S2")
    assert not told(*events, kinds=DOWNGRADES, thresholds=Thresholds(near_breach=5001))
    assert told(*events, kinds=DOWNGRADES, thresholds=Thresholds(near_breach=5000))


# --- pauses near a breach: 800 of the resolution's 1000 minutes are used at 23:20 -------------------------------

ANSWERED = (*OPENED, "A 02-10:10 reply vendor")


@pytest.mark.parametrize(
    ("at", "fires"), [("02-23:19:59", False), ("02-23:20:00", True), ("03-02:40:00", True), ("03-02:40:01", False)]
)
def test_a_pause_is_near_a_breach_from_eighty_percent_until_it_is_one(told, at, fires):
    found = told(*ANSWERED, f"A {at} status vendor waiting", kinds="paused-near-breach")
    assert brief(found) == ([("paused-near-breach", "A", "resolution")] if fires else [])


@pytest.mark.parametrize(("reply", "fires"), [("02-23:44:59", True), ("02-23:45:00", False), ("03-00:00:00", False)])
def test_a_reply_in_the_quarter_of_an_hour_before_explains_a_pause(told, reply, fires):
    events = (*ANSWERED, f"A {reply} reply vendor", "A 03-00:00:00 status vendor waiting")
    assert bool(told(*events, kinds="paused-near-breach")) == fires


def test_a_reply_after_the_pause_or_by_another_side_does_not_explain_it(told):
    pause = "A 03-00:00:00 status vendor waiting"
    assert told(*ANSWERED, pause, "A 03-00:00:00 reply vendor", kinds="paused-near-breach")
    assert told(*ANSWERED, "A 02-23:55 reply customer", pause, kinds="paused-near-breach")
    assert told(*ANSWERED, "B 02-23:55 created customer", "B 02-23:55 reply vendor", pause, kinds="paused-near-breach")


def test_a_state_in_which_the_clause_does_not_pause_is_no_pause(told):
    assert not told(*ANSWERED, "A 03-00:00 status vendor hold", kinds="paused-near-breach")


def test_a_pause_that_reopens_a_ticket_is_held_against_the_severity_of_then(told):
    solved = (*ANSWERED, "A 02-23:30 status vendor resolved")  # 810 minutes
    pause = "A 03-01:00 status vendor waiting"
    assert [each.used for each in told(*solved, pause, kinds="paused-near-breach")] == [8100]
    assert not told(*solved, "A 03-00:30 severity customer S2", pause, kinds="paused-near-breach")
    lesser = [event.replace("S1", "S2") for event in solved]
    assert not told(*lesser, pause, kinds="paused-near-breach")
    assert told(*lesser, "A 03-00:30 severity customer S1", pause, kinds="paused-near-breach")


def test_the_silence_is_settable(told):
    events = (*ANSWERED, "A 02-23:30 reply vendor", "A 03-00:00 status vendor waiting")
    assert told(*events, kinds="paused-near-breach", thresholds=Thresholds(silence=30 * MINUTE - 1))
    assert not told(*events, kinds="paused-near-breach", thresholds=Thresholds(silence=30 * MINUTE))


# --- pauses before an answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["waiting", "hold"])
def test_waiting_before_any_answer_is_told_once(told, state):
    events = (
        *OPENED,
        f"A 02-10:05 status vendor {state}",
        "A 02-10:06 status vendor open",
        "A 02-10:07 status vendor waiting",
    )
    assert brief(told(*events, kinds="paused-before-answer")) == [("paused-before-answer", "A", None)]


def test_waiting_after_an_answer_is_not_told_and_that_of_the_system_is_none(told):
    assert not told(
        *OPENED, "A 02-10:05 reply vendor", "A 02-10:05 status vendor waiting", kinds="paused-before-answer"
    )
    assert told(*OPENED, "A 02-10:05 reply system", "A 02-10:05 status vendor waiting", kinds="paused-before-answer")
    assert not told(*OPENED, "A 02-10:05 status vendor open", kinds="paused-before-answer")


# --- reopenings ------------------------------------------------------------------------------------------------

SOLVED = (*ANSWERED, "A 03-10:00:00 status vendor resolved")


@pytest.mark.parametrize(("at", "fires"), [("10-10:00:00", True), ("10-10:00:01", False), ("03-10:00:01", True)])
def test_a_reopening_by_the_customer_counts_for_seven_days(told, at, fires):
    found = told(*SOLVED, f"A {at} status customer open", kinds="resolved-then-reopened")
    assert bool(found) == fires


def test_a_reopening_by_the_vendor_is_not_told_and_the_systems_after_the_customer_wrote_is(told):
    assert not told(*SOLVED, "A 04-10:00 status vendor open", kinds="resolved-then-reopened")
    assert not told(*SOLVED, "A 04-10:00 status system open", kinds="resolved-then-reopened")
    wrote = "A 04-09:59 reply customer"
    found = told(*SOLVED, wrote, "A 04-10:00 status system open", kinds="resolved-then-reopened")
    assert [each.detail for each in found] == ["reopened by the customer 1d after it was resolved"]
    before = (
        *ANSWERED,
        "A 03-09:00 reply customer",
        "A 03-10:00 status vendor resolved",
        "A 04-10:00 status system open",
    )
    assert not told(*before, kinds="resolved-then-reopened")


def test_seven_days_count_from_the_last_solution(told):
    again = ("A 04-10:00 status customer open", "A 05-10:00 status vendor resolved", "A 12-10:00 status customer open")
    assert len(told(*SOLVED, *again, kinds="resolved-then-reopened")) == 2


# --- automatic messages: the response is due at 11:40 -----------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "answer", "fires"),
    [
        ("02-10:00:00", "02-11:40:01", True),
        ("02-11:40:00", "02-11:40:01", True),
        ("02-11:40:01", "02-12:00:00", False),  # the message is late itself
        ("02-10:01:00", "02-11:40:00", False),  # the vendor's own answer is in time
    ],
)
def test_an_automatic_message_inside_a_target_that_the_answer_missed(told, message, answer, fires):
    events = (*OPENED, f"A {message} reply system", f"A {answer} reply vendor")
    found = told(*events, kinds="automated-response-only")
    assert brief(found) == ([("automated-response-only", "A", "response")] if fires else [])


def test_an_answer_that_never_came_is_told_too(told):
    found = told(*OPENED, "A 02-10:01 reply system", kinds="automated-response-only")
    assert [each.detail for each in found] == [
        "an automatic message stands inside the target; the vendor's own answer has not come"
    ]
    assert not told(*OPENED, "A 02-10:01 reply system", kinds="automated-response-only", as_of="2026-03-02T11:40:00Z")


def test_the_message_of_another_ticket_is_none(told):
    events = ("B 02-10:00 created customer", *OPENED, "B 02-10:01 reply system", "A 02-12:00 reply vendor")
    assert not told(*events, kinds="automated-response-only")


# --- solutions without a reply ----------------------------------------------------------------------------------

OTHER = ("B 02-10:00 created customer", "B 02-10:00 severity customer S1", "B 02-10:01 reply vendor")


@pytest.mark.parametrize(
    ("events", "fires"),
    [
        (("A 03-10:00 status vendor resolved",), True),
        (("A 03-10:00 status vendor resolved", "A 03-10:00 reply vendor"), False),
        (("A 03-10:00 status vendor resolved", "A 03-10:01 reply vendor"), True),
        (("A 03-09:00 reply system", "A 03-10:00 status vendor resolved"), True),
        (("A 03-09:00 reply vendor", "A 03-10:00 status vendor resolved"), False),
        (("A 03-09:00 note vendor", "A 03-10:00 status vendor closed"), True),
    ],
)
def test_a_solution_without_a_reply(told, events, fires):
    assert brief(told(*OPENED, *events, *OTHER, kinds="resolved-without-reply")) == (
        [("resolved-without-reply", "A", None)] if fires else []
    )


def test_a_ticket_that_the_vendor_logged_was_answered_as_it_was_logged(told):
    tickets = "ticket_id,created_at,created_by,severity\nA,2026-03-02T10:00:00Z,vendor,S1\n"
    events = ("A 03-10:00 status vendor resolved", *OTHER)
    assert not told(*events, kinds="resolved-without-reply", tickets=tickets)


# --- logged late -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reported", "fires"), [("09:59:59", True), ("10:00:00", False), ("10:00:01", False)])
def test_a_report_before_the_creation_was_logged_late(told, reported, fires):
    tickets = f"ticket_id,created_at,reported_at,severity\nA,2026-03-02T10:00:00Z,2026-03-02T{reported}Z,S1\n"
    found = told("A 02-11:00 reply vendor", kinds="logged-late", tickets=tickets)
    assert [each.detail for each in found] == (["logged 1s after it was reported"] if fires else [])


# --- the order of the log --------------------------------------------------------------------------------------


def test_a_row_stamped_earlier_than_the_one_before_it_is_out_of_order(told):
    events = (*OPENED, "A 02-10:30 reply vendor", "A 02-10:20 note vendor", "A 02-11:00 status vendor open")
    found = told(*events, kinds="out-of-order")
    assert [(each.detail, [row.row for row in each.evidence]) for each in found] == [
        ("the row stands after another one and is stamped 10m earlier", [4, 5])
    ]


def test_equal_stamps_and_tickets_beside_each_other_are_in_order(told):
    events = (*OPENED, "A 02-10:30 reply vendor", "A 02-10:30 note vendor", "B 02-09:00 created customer")
    assert not told(*events, kinds="out-of-order")


def test_a_log_of_newest_first_is_in_order_and_what_breaks_that_is_not(told):
    newest = ("A 02-12:00 note vendor", "A 02-11:00 reply vendor", *reversed(OPENED))
    assert not told(*newest, kinds="out-of-order")
    odd = ("A 02-11:00 reply vendor", "A 02-12:00 note vendor", "A 02-10:30 note vendor", *reversed(OPENED))
    found = told(*odd, kinds="out-of-order")
    assert [each.detail for each in found] == [
        "the row stands after another one and is stamped 1h later, in a log of newest first"
    ]


def test_a_file_that_no_order_of_time_fits_says_nothing(told):
    zigzag = [f"A 03-{10 + (at % 2) * 2 + at // 20:02d}:{at:02d} note vendor" for at in range(40)]
    assert not told(*OPENED, *zigzag, kinds="out-of-order")


# --- who sets the severity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_by", "actor", "fires"),
    [("customer", "vendor", True), ("customer", "customer", False), ("customer", "system", False),
     ("vendor", "customer", True), ("vendor", "vendor", False)],
)  # fmt: skip
def test_a_severity_changed_by_the_side_that_the_contract_does_not_name(told, set_by, actor, fires):
    found = told(*OPENED, f"A 02-10:30 severity {actor} S2", kinds="severity-set-by-other", set_by=set_by)
    assert bool(found) == fires


def test_the_first_severity_and_the_same_in_another_word_are_no_changes(told):
    events = ("A 02-10:00 created customer", "A 02-10:00 severity vendor S1", "A 02-10:30 severity vendor critical")
    assert not told(*events, kinds="severity-set-by-other")


# --- first in, first out ---------------------------------------------------------------------------------------


def queue(*tickets: str):
    """Tickets as ``NAME CREATED SEVERITY ANSWERED``; no answer where there is none."""
    for ticket in tickets:
        name, created, severity, answered = [*ticket.split(), ""][:4]
        yield f"{name} 02-{created} created customer"
        yield f"{name} 02-{created} severity customer {severity}"
        if answered:
            yield f"{name} 02-{answered} reply vendor"


def overtakings(found):
    return [(each.ticket, each.other) for each in found if each.kind == "overtaken"]


@pytest.mark.parametrize(
    ("tickets", "found"),
    [
        (("A 10:00 S1 12:00:01", "B 10:00:01 S1 12:00:00"), [("A", "B")]),
        (("A 10:00 S1 12:00:00", "B 10:00:01 S1 12:00:00"), []),  # at one instant nobody was first
        (("A 10:00 S1 12:00:01", "B 10:00:00 S1 12:00:00"), []),  # neither is the later one
        (("A 10:00 S1 12:00:01", "B 10:00:01 S2 12:00:00"), []),
        (("A 10:00 S1", "B 11:00 S1 12:00"), [("A", "B")]),
        (("A 10:00 S1", "B 11:00 S1"), []),
        (("A 10:00 S1 13:00", "B 11:00 S1 12:30", "C 11:10 S1 12:00"), [("A", "C"), ("B", "C")]),
    ],
)
def test_a_later_ticket_of_the_same_severity_that_is_answered_first_overtakes(told, tickets, found):
    assert overtakings(told(*queue(*tickets))) == found


def test_a_ticket_that_was_solved_or_cancelled_before_stands_in_no_queue(told):
    later = tuple(queue("B 11:00 S1 12:00"))
    for state in ("resolved", "cancelled"):
        assert not overtakings(told(*queue("A 10:00 S1"), f"A 02-11:59 status vendor {state}", *later))
        assert overtakings(told(*queue("A 10:00 S1"), f"A 02-12:01 status vendor {state}", *later))


def test_the_severity_is_the_one_held_at_the_first_answer(told):
    events = (*queue("A 10:00 S2 12:30"), "A 02-11:00 severity customer S1", *queue("B 11:00 S1 12:00"))
    assert overtakings(told(*events)) == [("A", "B")]


def test_what_the_clause_excludes_stands_in_no_queue(told):
    tickets = "ticket_id,created_at,severity,channel\nA,2026-03-02T10:00:00Z,S1,chat\nB,2026-03-02T11:00:00Z,S1,web\n"
    events = ("B 02-12:00 reply vendor",)
    assert overtakings(told(*events, tickets=tickets)) == [("A", "B")]
    assert not overtakings(told(*events, tickets=tickets, excludes=", excludes: {chats: {channel: chat}}"))


# --- what is asked ---------------------------------------------------------------------------------------------


def test_findings_are_those_of_the_tickets_asked_about(told):
    events = (*OPENED, "A 02-11:30 severity vendor S2", *OTHER, "B 02-11:30 severity vendor S2")
    assert {each.ticket for each in told(*events)} == {"A", "B"}
    assert {each.ticket for each in told(*events, only=["B"])} == {"B"}
    assert not told(*events, period="2026-04")
    assert told(*events, period="2026-03")
