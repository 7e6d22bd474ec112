"""What an audit comes to, and the exit code that it makes."""

from __future__ import annotations

import pytest

from slaaudit.evidence.tables import Actor, Kind
from slaaudit.report.outcome import kindest, outcome
from slaaudit.report.sentences import verdict_sentence

REPLY = (Kind.REPLY, Actor.VENDOR)


def kept(export):
    return export.opened("T-1", "2026-05-04 13:00", "S1").add("T-1", "2026-05-04 13:30", *REPLY)


def resolved(export, ticket, hours):
    """A ticket whose response is kept and whose resolution takes so long (the promise is 24 h for 90%)."""
    export.opened(ticket, "2026-05-04 13:00", "S1").add(ticket, "2026-05-04 13:30", *REPLY)
    return export.add(ticket, f"2026-05-{4 + (13 + hours) // 24:02} {(13 + hours) % 24:02}:00", Kind.STATUS,
                      Actor.VENDOR, "resolved")  # fmt: skip


def test_what_is_kept_or_running_passes(audited, export):
    found = outcome(audited(kept(export)))

    assert (found.exit_code, found.complaint) == (0, "")
    assert verdict_sentence(found) == "Kept so far: 1 met, no breach, 1 running."


def test_a_breach_fails(audited, export):
    export.opened("T-1", "2026-05-04 13:00", "S1").add("T-1", "2026-05-04 15:00", *REPLY)

    assert outcome(audited(export)).exit_code == 1


def test_for_a_promised_share_the_share_fails_and_not_its_tickets(audited, export):
    for number in range(9):
        resolved(export, f"T-{number}", 2)
    resolved(export, "T-9", 30)
    enough = outcome(audited(export))

    assert (enough.exit_code, enough.missed, enough.failing) == (0, 1, 0)

    resolved(export, "T-10", 30)
    short = outcome(audited(export))

    assert (short.exit_code, short.missed, short.failing, short.shares_failed) == (1, 2, 1, 1)
    assert verdict_sentence(short) == "Not kept: 1 promised share not reached; 20 met, 2 missed targets."


@pytest.mark.parametrize(("fail_on", "code"), [("breach", 1), ("warranted", 0), ("unknown", 1), ("never", 0)])
def test_fail_on_says_what_fails_where_only_a_target_was_missed(audited, export, fail_on, code):
    assert outcome(audited(resolved(export, "T-1", 30)), fail_on).exit_code == code


@pytest.mark.parametrize(
    ("fail_on", "strict", "code"),
    [("breach", False, 0), ("unknown", False, 1), ("never", False, 0), ("breach", True, 3), ("never", True, 3)],
)
def test_an_unknown_verdict_fails_only_where_asked(audited, export, fail_on, strict, code):
    kept(export).opened("T-2", "2026-05-04 13:00", "P0")

    assert outcome(audited(export), fail_on, strict=strict).exit_code == code


@pytest.mark.parametrize("fail_on", ["breach", "never"])
def test_an_audit_that_measured_nothing_is_no_pass(audited, export, fail_on):
    found = outcome(audited(export.opened("T-1", "2026-05-04 13:00", "P0")), fail_on)

    assert found.exit_code == 3
    assert found.complaint.startswith("nothing was met, breached or running, which is no pass: every verdict")
    assert verdict_sentence(found) == "No verdict: nothing was met, breached or running (2 unknown)."


def test_strict_allows_no_rejected_row(small_audit):
    assert outcome(small_audit).exit_code == 1

    strict = outcome(small_audit, strict=True)

    assert strict.exit_code == 3
    assert strict.complaint == (
        "1 row could not be used, and --strict allows none; the first is events.csv row 18: the time cannot be read"
    )


def test_the_kindest_audit_takes_every_unknown_as_met_and_leaves_firm_breaches(small_audit):
    found = outcome(kindest(small_audit))

    assert (found.unknown, found.met, found.failing) == (0, 4, 3)
