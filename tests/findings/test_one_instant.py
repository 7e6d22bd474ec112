"""What happens at one instant: a state held for no time is no pause, and what comes together belongs together."""

from __future__ import annotations

import json

OPENED = ("A 02-10:00 created customer", "A 02-10:00 severity customer S1")
ANSWERED = (*OPENED, "A 02-10:10 reply vendor")
SOLVED = (*ANSWERED, "A 02-12:00 status vendor resolved")


def rows(found):
    return [(each.kind, [origin.row for origin in each.evidence]) for each in found]


def test_a_ticket_that_waited_for_no_time_was_not_paused_before_an_answer(told):
    kind = "paused-before-answer"
    undone = ("A 02-10:05 status vendor waiting", "A 02-10:05 status vendor open")
    assert not told(*OPENED, *undone, "A 02-10:30 reply vendor", kinds=kind)
    later = (*undone, "A 02-10:06 status vendor hold", "A 02-10:30 reply vendor")
    assert rows(told(*OPENED, *later, kinds=kind)) == [(kind, [6])]


def test_of_the_changes_of_one_instant_the_one_that_lasts_is_the_pause(told):
    kind = "paused-near-breach"
    there_and_back = ("A 03-00:00 status vendor waiting", "A 03-00:00 status vendor open")
    assert not told(*ANSWERED, *there_and_back, kinds=kind)
    assert rows(told(*ANSWERED, *there_and_back, "A 03-00:00 status vendor waiting", kinds=kind)) == [(kind, [7])]


def test_a_pause_that_was_left_for_no_time_is_no_new_one(told):
    kind = "paused-near-breach"
    waits = (*ANSWERED, "A 03-00:00 reply vendor", "A 03-00:00 status vendor waiting")
    assert not told(*waits, "A 03-06:00 status system open", "A 03-06:00 status vendor waiting", kinds=kind)
    assert told(*waits, "A 03-06:00 status system open", "A 03-06:00:01 status vendor waiting", kinds=kind)


def test_the_systems_reopening_at_the_instant_of_the_customers_words_is_the_customers_in_any_order(told):
    kind = "resolved-then-reopened"
    wrote, opened = "A 03-09:00 reply customer", "A 03-09:00 status system open"
    assert rows(told(*SOLVED, wrote, opened, kinds=kind)) == [(kind, [5, 7])]
    assert rows(told(*SOLVED, opened, wrote, kinds=kind)) == [(kind, [5, 6])]
    assert not told(*SOLVED, opened, "A 03-09:00:01 reply customer", kinds=kind)


def test_in_a_log_of_newest_first_a_reply_that_stands_below_the_pause_of_its_instant_came_before_it(told):
    first = ("A 02-10:05 reply vendor", "A 02-10:05 status vendor waiting", "A 02-10:30 note vendor")
    kind = "paused-before-answer"
    assert not told(*reversed((*OPENED, *first)), kinds=kind)
    other = (first[1].replace("05", "06"), first[2], first[0].replace("05", "07"))
    assert rows(told(*reversed((*OPENED, *sorted(other))), kinds=kind)) == [(kind, [4])]
    near = ("A 03-00:00 reply vendor", "A 03-00:00 status vendor waiting", "A 03-01:00 note vendor")
    assert not told(*reversed((*ANSWERED, *near)), kinds="paused-near-breach")
    assert told(*reversed((*ANSWERED, *near[1:])), kinds="paused-near-breach")


def test_a_reply_and_a_pause_in_one_update_are_a_reply_and_then_a_pause(tmp_path, audited):
    created = {"type": "Create", "field_name": "priority", "value": "urgent"}
    waits = {"type": "Change", "field_name": "status", "value": "pending", "previous_value": "new"}
    wrote = {"type": "Comment", "public": True}

    def update(minute: int, *events: dict[str, object], by: str) -> str:
        at = f"2026-03-02T10:{minute:02d}:00Z"
        return json.dumps({"ticket_id": 1, "created_at": at, "author_id": by, "via": "web", "events": list(events)})

    for name, lines in (
        ("one", (update(0, created, by="customer"), update(5, waits, wrote, by="vendor"))),
        ("two", (update(0, created, by="customer"), update(5, waits, by="vendor"), update(6, wrote, by="vendor"))),
    ):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    assert not audited("one.jsonl", kinds="paused-before-answer")
    assert rows(audited("two.jsonl", kinds="paused-before-answer")) == [("paused-before-answer", [2])]
