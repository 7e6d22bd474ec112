"""What a finding says: who did it, which rows show it, and each of them once."""

from __future__ import annotations

OPENED = ("A 02-10:00 created customer", "A 02-10:00 severity customer S1")
LIST = "ticket_id,created_at,reported_at,first_response_at,resolved_at,severity,status\n"


def test_a_row_of_a_list_that_tells_two_moments_is_named_once(tmp_path, audited):
    (tmp_path / "list.csv").write_text(
        f"{LIST}A,2026-03-02T10:00:00Z,2026-03-02T09:00:00Z,2026-03-02T12:00:00Z,,S1,open\n"
        "B,2026-03-02T10:30:00Z,,2026-03-02T11:00:00Z,,S1,open\n"
    )
    found = audited("list.csv", kinds="logged-late overtaken")
    assert [(each.kind, [origin.row for origin in each.evidence]) for each in found] == [
        ("logged-late", [2]), ("overtaken", [2, 3]),
    ]  # fmt: skip


def test_who_solved_a_ticket_without_a_reply_is_told_where_it_is_known(tmp_path, told, audited):
    kind = "resolved-without-reply"
    for actor, by in (("customer", " by the customer"), ("vendor", " by the vendor"), ("Someone", "")):
        found = told(*OPENED, f"A 02-10:30 status {actor} resolved", kinds=kind)
        assert [each.detail for each in found] == [f"resolved{by} without a reply of the vendor's before it"]
    (tmp_path / "list.csv").write_text(
        f"{LIST}A,2026-03-02T10:00:00Z,,,2026-03-02T11:00:00Z,S1,resolved\n"
        "B,2026-03-02T10:30:00Z,,2026-03-02T11:00:00Z,,S1,open\n"
    )
    assert [each.detail for each in audited("list.csv", kinds=kind)] == [
        "resolved without a reply of the vendor's before it"
    ]


def test_the_answer_after_an_automatic_message_is_the_vendors_reply_and_no_solution(told):
    events = (*OPENED, "A 02-10:01 reply system", "A 02-11:41 status vendor resolved")
    (found,) = told(*events, kinds="automated-response-only")
    assert found.detail.endswith("the vendor's own answer has not come")
    assert [origin.row for origin in found.evidence] == [4]
    (found,) = told(*events, "A 02-12:00 reply vendor", kinds="automated-response-only")
    assert found.detail.endswith("the vendor's own answer came after it")
    assert [origin.row for origin in found.evidence] == [4, 6]
