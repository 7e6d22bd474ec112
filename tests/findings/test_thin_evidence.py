"""What the record cannot carry is no finding: unknown people, exports without replies, calls, coarse stamps."""

from __future__ import annotations

import pytest

from slaaudit.evidence import ReadOptions

OPENED = ("A 02-10:00 created customer", "A 02-10:00 severity customer S1")
ANSWERED = (*OPENED, "A 02-10:10 reply vendor")
SILENT = "paused-before-answer paused-near-breach resolved-without-reply"


def kinds(found):
    return [each.kind for each in found]


# --- somebody whom no mapping places may be the vendor's ---------------------------------------------------------


def test_a_reply_by_somebody_unknown_may_have_been_the_vendors(told):
    events = (*OPENED, "A 02-10:05 reply Reseller", "A 02-10:10 status vendor waiting", "A 02-11:00 status vendor open")
    solved = "A 02-12:00 status vendor resolved"
    assert not told(*events, solved, kinds=SILENT)
    assert kinds(told(*OPENED, *events[3:], "A 02-10:10 status vendor waiting", solved, kinds=SILENT)) == [
        "paused-before-answer", "resolved-without-reply",
    ]  # fmt: skip


def test_a_reply_by_somebody_unknown_shortly_before_explains_a_pause(told):
    pause = "A 03-00:00 status vendor waiting"
    assert not told(*ANSWERED, "A 02-23:50 reply Reseller", pause, kinds="paused-near-breach")
    assert told(*ANSWERED, "A 02-23:40 reply Reseller", pause, kinds="paused-near-breach")


def test_a_ticket_that_somebody_unknown_answered_stands_in_no_queue_any_more(told):
    later = ("B 02-11:00 created customer", "B 02-11:00 severity customer S1", "B 02-12:00 reply vendor")
    assert not told(*OPENED, "A 02-11:59 reply Reseller", *later, kinds="overtaken")
    assert told(*OPENED, "A 02-12:01 reply Reseller", *later, kinds="overtaken")


def test_a_downgrade_after_a_reply_by_somebody_unknown_concerns_what_no_reply_stops(told):
    lowered = ("A 03-03:00 severity vendor S2", "A 05-10:00 reply vendor")
    both = "downgraded-after-breach downgraded-near-breach"
    assert [each.clause for each in told(*OPENED, *lowered, kinds=both)] == ["response", "resolution"]
    found = told(*OPENED, "A 03-02:00 reply Reseller", *lowered, kinds=both)
    assert [each.clause for each in found] == ["resolution"]


def test_a_status_of_unknown_meaning_leaves_open_what_was_used(told):
    lowered = "A 03-02:00 severity vendor S2"
    kind = "downgraded-near-breach"
    assert told(*ANSWERED, "A 02-12:00 status vendor open", lowered, kinds=kind)
    assert not told(*ANSWERED, "A 02-12:00 status vendor Parked", "A 02-12:01 status vendor open", lowered, kinds=kind)


# --- exports that show no reply at all ---------------------------------------------------------------------------


def many(number: int):
    """So many tickets that wait and are solved, none of them ever answered."""
    for at in range(number):
        yield f"T{at} 02-10:00 created customer"
        yield f"T{at} 02-10:00 severity customer S1"
        yield f"T{at} 02-10:05 status vendor waiting"
        yield f"T{at} 02-23:00 status vendor open"
        yield f"T{at} 03-00:00 status vendor resolved"


def test_of_twenty_tickets_without_any_reply_nothing_is_said(told):
    assert len(told(*many(19), kinds="resolved-without-reply")) == 19
    assert len(told(*many(19), kinds="paused-before-answer")) == 19
    assert not told(*many(20), kinds=SILENT)
    one = ("X 02-10:00 created customer", "X 02-10:01 reply vendor")
    assert len(told(*many(20), *one, kinds="resolved-without-reply")) == 20


def test_snapshots_show_no_replies(tmp_path, audited):
    (tmp_path / "snapshots.csv").write_text(
        "ticket_id,at,status,severity\n"
        "A,2026-03-02T10:00:00Z,open,S1\nA,2026-03-02T23:30:00Z,waiting,S1\nA,2026-03-03T10:00:00Z,resolved,S1\n"
    )
    assert not audited("snapshots.csv", kinds=SILENT)


def test_a_list_without_a_first_answer_shows_none(tmp_path, audited):
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,resolved_at,severity,status\nA,2026-03-02T10:00:00Z,2026-03-03T10:00:00Z,S1,resolved\n"
    )
    assert not audited("tickets.csv", kinds=SILENT)


# --- calls that were answered as they were logged ----------------------------------------------------------------

CALL = "ticket_id,created_at,created_by,channel,severity\nA,2026-03-02T10:00:00Z,{by},{channel},S1\n"
LATER = ("B 02-10:30 created customer", "B 02-10:30 severity customer S1", "B 02-10:40 reply vendor")


@pytest.mark.parametrize(
    ("by", "channel", "fires"), [("vendor", "phone", False), ("customer", "phone", True), ("vendor", "web", True)]
)
def test_a_call_that_the_vendor_logged_was_answered_then(told, by, channel, fires):
    tickets = CALL.format(by=by, channel=channel)
    events = ("A 02-10:05 status vendor waiting", "A 02-12:00 reply vendor", *LATER)
    expected = ["overtaken", "paused-before-answer"] if fires else []
    assert sorted(kinds(told(*events, kinds="paused-before-answer overtaken", tickets=tickets))) == expected


# --- stamps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reported", "created", "fires"),
    [
        ("09:59", "10:00:59", True),
        ("10:00", "10:00:59", False),  # the report is known to the minute: it may be of 10:00:59
        ("10:00:00", "10:00:01", True),
        ("09:59:59", "10:00", True),
        ("10:00:00", "10:00", False),
    ],
)
def test_a_report_to_the_minute_may_be_of_the_second_of_the_creation(tmp_path, audited, reported, created, fires):
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,reported_at,created_at,severity\n"
        f"A,2026-03-02T{reported}Z,2026-03-02T{created}Z,S1\n"
        f"B,2026-03-02T{reported}Z,2026-03-02T{created}Z,S1\n"
    )
    assert len(audited("tickets.csv", kinds="logged-late")) == (2 if fires else 0)


def test_an_hour_that_a_clock_change_repeats_is_in_no_wrong_order(tmp_path, audited):
    rows = "T,{0},created,customer\nT,{1},reply,vendor\nT,{2},note,vendor\nT,2026-10-25 09:00:00,note,vendor\n"
    head = "ticket_id,at,event,actor\n"
    times = ("2026-10-25 00:10:00", "2026-10-25 01:50:00", "2026-10-25 01:10:00")
    (tmp_path / "log.csv").write_text(head + rows.format(*times))
    london = ReadOptions(timezone="Europe/London")
    assert not audited("log.csv", kinds="out-of-order", options=london, as_of="2026-11-01T00:00:00Z")
    times = ("2026-10-24 00:10:00", "2026-10-24 01:50:00", "2026-10-24 01:10:00")
    (tmp_path / "log.csv").write_text(head + rows.format(*times))
    assert audited("log.csv", kinds="out-of-order", options=london, as_of="2026-11-01T00:00:00Z")


@pytest.mark.parametrize(("day", "fires"), [("2026-10-25", False), ("2026-10-24", True)])
def test_a_report_in_the_hour_that_a_clock_change_repeats_may_be_of_the_second_one(tmp_path, audited, day, fires):
    (tmp_path / "tickets.csv").write_text(
        f"ticket_id,reported_at,created_at,severity\nA,{day} 01:10:00,{day} 02:05:00,S1\n"
    )
    london = ReadOptions(timezone="Europe/London")
    found = audited("tickets.csv", kinds="logged-late", options=london, as_of="2026-11-01T00:00:00Z")
    assert bool(found) == fires


@pytest.mark.parametrize(
    ("first", "later", "answer", "fires"),
    [
        ("01:20", "02:30", "03:00", False),
        ("00:20", "01:30", "03:00", False),
        ("00:20", "00:30", "01:40", False),
        ("00:20", "00:30", "02:40", True),
    ],
)
def test_who_came_or_was_answered_first_is_not_known_in_an_hour_told_twice(
    tmp_path, audited, first, later, answer, fires
):
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,first_response_at,severity\n"
        f"A,2026-10-25 {first}:00,2026-10-25 04:00:00,S1\nB,2026-10-25 {later}:00,2026-10-25 {answer}:00,S1\n"
    )
    london = ReadOptions(timezone="Europe/London")
    found = audited("tickets.csv", kinds="overtaken", options=london, as_of="2026-11-01T00:00:00Z")
    assert bool(found) == fires
