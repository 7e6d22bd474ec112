"""Logs of events, alone and beside a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exports import doubts, events, events_of, evidence, notes, rejected

from slaaudit.evidence import ReadOptions

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = "ticket_id,at,event,actor,value,old"
DAY = "2026-03-02T"


def log(*rows: str) -> str:
    """A log of ticket T; each row is ``10:00 event actor value old``, split at spaces, ``_`` for a space."""
    lines = []
    for each in rows:
        time, event, actor, value, old = [*each.split(" "), "", "", ""][:5]
        lines.append(f"T,{DAY}{time}:00Z,{event},{actor},{value},{old}".replace("_", " "))
    return "\n".join([HEADERS, *lines, ""])


def told(folder: Path, *rows: str, options: ReadOptions | None = None) -> list[str]:
    return [line.removeprefix("2026-03-02 ") for line in events_of(evidence(folder, options, log=log(*rows)), "T")]


def test_each_row_is_an_event(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        "10:00 created customer",
        "10:01 severity vendor S1 S2",
        "10:02 assigned system queue-2",
        "10:03 reply vendor",
        "10:04 note vendor",
        "10:05 workaround vendor",
        "10:06 status vendor waiting open",
    ) == [
        "10:00:00 customer created",
        "10:01:00 vendor severity S1 (S2)",
        "10:02:00 system assigned queue-2",
        "10:03:00 vendor reply",
        "10:04:00 vendor note",
        "10:05:00 vendor workaround",
        "10:06:00 vendor status waiting (open)",
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Comment", "reply"),
        ("public_reply", "reply"),
        ("Internal", "note"),
        ("private note", "note"),
        ("state", "status"),
        ("Priority", "severity"),
        ("Created", "created"),
    ],
)
def test_helpdesks_call_events_by_other_names_too(tmp_path: Path, word: str, kind: str) -> None:
    assert told(tmp_path, f"10:00 {word.replace(' ', '_')} vendor open")[0].split()[2] == kind


def test_an_event_named_for_a_status_is_that_status(tmp_path: Path) -> None:
    assert told(tmp_path, "10:00 resolved vendor", "10:01 Reopened customer", "10:02 closed vendor Duplicate") == [
        "10:00:00 vendor status resolved",
        "10:01:00 customer status open",
        "10:02:00 vendor status cancelled",
    ]


def test_an_unknown_event_is_put_aside_with_the_nearest_word(tmp_path: Path) -> None:
    found = evidence(tmp_path, log=log("10:00 created", "10:01 replly vendor", "10:02 frobnicated", "10:03  vendor"))
    assert rejected(found) == [
        (3, "event", "replly", "unknown event; nearest is 'reply'"),
        (
            4,
            "event",
            "frobnicated",
            "unknown event; known are created, reply, note, status, severity, assigned, workaround",
        ),
        (5, "event", "", "no event"),
    ]


def test_a_status_without_a_value_is_put_aside(tmp_path: Path) -> None:
    found = evidence(tmp_path, log=log("10:00 created", "10:01 status vendor"))
    assert rejected(found) == [(3, "value", "", "a status event without a value")]


def test_a_severity_without_a_value_was_taken_away(tmp_path: Path) -> None:
    assert told(tmp_path, "10:01 severity vendor  S2") == ["10:01:00 vendor severity (S2)"]


def test_an_unknown_status_keeps_its_word(tmp_path: Path) -> None:
    found = evidence(tmp_path, log=log("10:00 created", "10:01 status vendor Pending"))
    assert events(found)[1] == "T 2026-03-02 10:01:00 vendor status unknown"
    assert found.words[found.events.word[1]] == "Pending"
    assert "status not known: 'Pending' (1); say what is meant, for example --value status:Pending=waiting" in notes(
        found
    )


def test_words_are_mapped_by_the_caller(tmp_path: Path) -> None:
    options = ReadOptions(
        values=(("state", "pending", "hold"), ("severity", "P1", "critical"), ("actor", "agent-3", "vendor"))
    )
    assert told(tmp_path, "10:01 status agent-3 Pending", "10:02 severity x p1", options=options) == [
        "10:01:00 vendor status hold",
        "10:02:00 unknown severity critical",
    ]


@pytest.mark.parametrize(
    ("who", "side"),
    [
        ("customer", "customer"),
        ("Requester", "customer"),
        ("end-user", "customer"),
        ("Agent", "vendor"),
        ("support", "vendor"),
        ("staff", "vendor"),
        ("Automation", "system"),
        ("bot", "system"),
        ("trigger", "system"),
        ("agent-3", "unknown"),
        ("", "unknown"),
    ],
)
def test_who_did_it(tmp_path: Path, who: str, side: str) -> None:
    assert told(tmp_path, f"10:00 reply {who}")[0].split()[1] == side


def test_a_name_that_nobody_placed_is_kept_and_said(tmp_path: Path) -> None:
    found = evidence(tmp_path, log=log("10:00 reply agent-3", "10:01 reply"))
    assert found.words[found.events.who[0]] == "agent-3"
    assert found.events.who[1] == -1
    assert "actor not known: 'agent-3' (1); say what is meant, for example --value actor:agent-3=vendor" in notes(found)


def test_a_log_without_a_creation_leaves_it_open(tmp_path: Path) -> None:
    assert doubts(evidence(tmp_path, log=log("10:00 reply vendor")), "T") == {
        "no-creation",
        "no-status-history",
        "no-severity-history",
    }


def test_a_log_shows_the_histories_that_it_has(tmp_path: Path) -> None:
    assert doubts(evidence(tmp_path, log=log("10:00 created", "10:01 status vendor open")), "T") == {
        "no-severity-history"
    }


def test_a_creation_by_the_vendor_is_noted(tmp_path: Path) -> None:
    assert "vendor-created" in doubts(evidence(tmp_path, log=log("10:00 created agent")), "T")


def test_a_second_creation_is_put_aside(tmp_path: Path) -> None:
    found = evidence(tmp_path, log=log("10:05 created", "10:00 created", "10:00 created"))
    assert rejected(found) == [(2, "", "T", "the ticket was created before")]
    assert len(found.events) == 2


LIST = (
    "ticket_id,created_at,first_response_at,resolved_at,closed_at,reopened_at,severity,status\n"
    "L,2026-03-02T09:00:00Z,2026-03-02T09:30:00Z,2026-03-02T10:00:00Z,,,S1,Resolved\n"
    "T,2026-03-02T09:00:00Z,2026-03-02T09:30:00Z,2026-03-02T11:00:00Z,2026-03-02T12:00:00Z,,S2,Closed\n"
)


def beside(folder: Path, *rows: str) -> list[str]:
    found = evidence(folder, tickets=LIST, log=log(*rows))
    return [line.removeprefix("2026-03-02 ") for line in events_of(found, "T")]


class TestBesideAList:
    def test_the_list_fills_in_what_the_log_does_not_tell(self, tmp_path: Path) -> None:
        assert beside(tmp_path, "09:10 note vendor") == [
            "09:00:00 unknown created",
            "09:10:00 vendor note",
            "09:30:00 vendor reply",
            "11:00:00 unknown status resolved",
            "12:00:00 unknown status closed",
        ]

    def test_the_log_tells_what_happened(self, tmp_path: Path) -> None:
        assert beside(
            tmp_path,
            "08:59 created customer",
            "09:20 reply vendor",
            "10:30 status vendor resolved",
            "13:00 closed system",
        ) == [
            "08:59:00 customer created",
            "09:20:00 vendor reply",
            "10:30:00 vendor status resolved",
            "13:00:00 system status closed",
        ]

    def test_moment_by_moment(self, tmp_path: Path) -> None:
        assert beside(tmp_path, "08:59 created customer", "09:05 reply customer", "10:30 resolved vendor") == [
            "08:59:00 customer created",
            "09:05:00 customer reply",
            "09:30:00 vendor reply",
            "10:30:00 vendor status resolved",
            "12:00:00 unknown status closed",
        ]

    def test_a_ticket_without_a_row_in_the_log_has_no_history(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets=LIST, log=log("09:10 status vendor open", "09:11 severity vendor S1"))
        assert doubts(found, "L") == {"no-status-history", "no-severity-history"}
        assert doubts(found, "T") == set()

    def test_creation_is_the_logs(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, tickets=LIST, log=log("08:59 created customer"))
        assert (
            found.tickets.created_at[1]
            == found.events.at[events(found).index("T 2026-03-02 08:59:00 customer created")]
        )

    def test_tickets_stand_in_order_of_first_appearance(self, tmp_path: Path) -> None:
        found = evidence(tmp_path, log=log("08:59 created customer"), tickets=LIST)
        assert list(found.tickets.ids.words) == ["T", "L"]

    def test_a_log_that_shows_the_reopening_leaves_nothing_open(self, tmp_path: Path) -> None:
        rows = ("10:00 created", "11:00 resolved vendor", "11:30 reopened customer")
        text = "ticket_id,created_at,resolved_at,status\nT,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,{}\n"
        is_open = evidence(tmp_path, tickets=text.format("open"), log=log(*rows))
        assert doubts(is_open, "T") == {"no-severity-history"}
        finished = evidence(tmp_path, tickets=text.format("resolved"), log=log(*rows))
        assert doubts(finished, "T") == {"no-severity-history", "finished-undated"}
        again = evidence(tmp_path, tickets=text.format("resolved"), log=log(*rows, "12:00 resolved vendor"))
        assert doubts(again, "T") == {"no-severity-history"}

    def test_the_lists_unknown_status_matters_only_without_a_log_of_statuses(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,status\nT,2026-03-02T10:00:00Z,Pending\n"
        assert "status-unknown" in doubts(evidence(tmp_path, tickets=text, log=log("10:00 reply vendor")), "T")
        assert "status-unknown" not in doubts(
            evidence(tmp_path, tickets=text, log=log("10:00 status vendor open")), "T"
        )

    def test_a_cancellation_in_the_log_needs_no_date_on_the_list(self, tmp_path: Path) -> None:
        text = "ticket_id,created_at,closed_at,status\nT,2026-03-02T10:00:00Z,2026-03-02T13:00:00Z,Cancelled\n"
        found = evidence(tmp_path, tickets=text, log=log("12:00 status vendor cancelled"))
        assert events_of(found, "T")[1:] == ["2026-03-02 12:00:00 vendor status cancelled"]
        assert "cancelled-undated" not in doubts(found, "T")
