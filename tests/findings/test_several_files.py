"""Whether a file would show a reply is asked of each file: one that shows none says nothing of its tickets."""

from __future__ import annotations

import pytest

SILENT = "paused-before-answer resolved-without-reply overtaken"
WITHOUT = "ticket_id,created_at,resolved_at,severity,status\nA,2026-03-02T10:00:00Z,2026-03-02T10:30:00Z,S1,resolved\n"
WITH = "ticket_id,created_at,first_response_at,severity\nB,2026-03-02T10:01:00Z,2026-03-02T10:20:00Z,S1\n"
LOG = "ticket_id,at,event,actor,value\n"
STATES = LOG + "A,2026-03-02T10:00:00Z,created,customer,\nA,2026-03-02T10:30:00Z,status,vendor,resolved\n"
REPLIES = LOG + "{0},2026-03-02T10:20:00Z,reply,vendor,\n"


def seen_in(folder, audited, **files):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    found = audited(*(f"{name}.csv" for name in files), kinds=SILENT)
    return [(each.kind, each.ticket) for each in found]


def test_a_list_without_first_answers_beside_one_with_them_says_nothing_of_its_tickets(tmp_path, audited):
    assert seen_in(tmp_path, audited, without=WITHOUT, other=WITH) == []
    one = (
        "ticket_id,created_at,first_response_at,resolved_at,severity\n"
        "A,2026-03-02T10:00:00Z,,2026-03-02T10:30:00Z,S1\nB,2026-03-02T10:01:00Z,2026-03-02T10:20:00Z,,S1\n"
    )
    assert seen_in(tmp_path, audited, one=one) == [("overtaken", "A"), ("resolved-without-reply", "A")]


def test_a_short_list_with_an_empty_column_for_first_answers_shows_that_there_was_none(tmp_path, audited):
    head, row = WITH.replace("first_response_at", "first_response_at,resolved_at").splitlines()
    silent = row.replace("2026-03-02T10:20:00Z", ",2026-03-02T10:30:00Z")
    short, long = (
        "\n".join([head, *(silent.replace("B,", f"B{at},") for at in range(number))]) + "\n" for number in (19, 20)
    )
    found = seen_in(tmp_path, audited, short=short)
    assert [kind for kind, _ in found] == ["resolved-without-reply"] * 19
    assert seen_in(tmp_path, audited, long=long) == []


def test_snapshots_beside_a_list_of_other_tickets_say_nothing(tmp_path, audited):
    moments = (
        "ticket_id,at,status,severity\nA,2026-03-02T10:00:00Z,open,S1\n"
        "A,2026-03-02T10:05:00Z,waiting,S1\nA,2026-03-02T10:30:00Z,resolved,S1\n"
    )
    assert seen_in(tmp_path, audited, moments=moments, other=WITH) == []
    joined = WITH.replace("B,2026-03-02T10:01", "A,2026-03-02T10:00").replace("10:20:00", "10:40:00")
    assert seen_in(tmp_path, audited, moments=moments, other=joined) == [
        ("paused-before-answer", "A"), ("resolved-without-reply", "A"),
    ]  # fmt: skip


@pytest.mark.parametrize(("answered", "fires"), [("B", True), ("C", False)])
def test_a_log_of_messages_speaks_for_the_list_whose_tickets_it_names(tmp_path, audited, answered, fires):
    listed = WITHOUT + "B,2026-03-02T10:00:00Z,2026-03-02T10:30:00Z,S1,resolved\n"
    found = seen_in(tmp_path, audited, listed=listed, messages=REPLIES.format(answered))
    assert found == ([("resolved-without-reply", "A")] if fires else [])


def test_a_log_of_few_tickets_shows_replies_even_where_it_has_none(tmp_path, audited):
    assert seen_in(tmp_path, audited, states=STATES, messages=REPLIES.format("B")) == [("resolved-without-reply", "A")]
    few, many = (
        STATES + "".join(f"T{at},2026-03-02T10:00:00Z,created,customer,\n" for at in range(number))
        for number in (18, 19)
    )
    assert seen_in(tmp_path, audited, states=few, messages=REPLIES.format("B")) == [("resolved-without-reply", "A")]
    assert seen_in(tmp_path, audited, states=many, messages=REPLIES.format("B")) == []
