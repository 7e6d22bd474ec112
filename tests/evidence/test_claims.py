"""What helpdesks say of their own promises, out of each profile's fixture and out of plain columns."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from exports import evidence, instant, notes, rejected
from test_profiles import asked

from slaaudit.errors import EvidenceError, SlaauditError
from slaaudit.evidence import Evidence, ReadOptions, read
from slaaudit.evidence.inspecting import inspect
from slaaudit.evidence.profile import published
from slaaudit.evidence.tables import MISSING, NONE, Claimed

CLAIMS = ReadOptions(claims=True)
HEAD = "ticket_id,created_at,resolved_at,status,"
TIMES = "2026-03-02T10:00:00Z,2026-03-02T20:00:00Z,resolved"


def told(found: Evidence) -> list[str]:
    """Each claim in one line."""
    claims = found.claims
    lines = []
    for row in range(len(claims)):
        words = [found.tickets.ids[int(claims.ticket[row])] or "", found.words[claims.kind[row]]]
        words += [f"({found.words[claims.name[row]]})"] if claims.name[row] != NONE else []
        words += [Claimed(claims.result[row]).name.lower()] if claims.result[row] != NONE else []
        for name in ("elapsed", "target", "left"):
            micros = int(getattr(claims, name)[row])
            words += [f"{name} {micros // 1_000_000}s"] if micros != MISSING else []
        words += [f"due {instant(int(claims.due[row]))}"] if claims.due[row] != MISSING else []
        lines.append(" ".join(words))
    return lines


EXPECTED = {
    "cherwell-incidents": [
        "10501 response due 2026-05-28 23:05:11",
        "10501 resolution due 2026-05-29 22:05:11",
        "10502 response due 2026-05-29 07:00:00",
        "10502 resolution due 2026-06-01 06:00:00",
    ],
    "freshdesk-tickets": [  # 00:30:00; 51:30:52
        "301 response met elapsed 1800s",
        "301 resolution missed elapsed 185452s due 2025-12-04 10:59:08",
        "302 response met elapsed 300s",
        "302 resolution due 2025-12-16 04:30:00",
        "303 resolution due 2025-12-16 04:30:00",
        "304 response missed",
        "304 resolution due 2025-12-16 04:30:00",
    ],
    "freshservice-tickets": [
        "INC-401 response met elapsed 1200s",
        "INC-401 resolution met elapsed 5400s due 2026-01-19 21:00:00",
        "SR-402 resolution due 2026-01-19 21:00:00",
    ],
    "hubspot-tickets": ["7001 resolution elapsed 89100s"],
    "intercom-conversations": ["88001 response elapsed 900s", "88002 response elapsed 500s"],
    "jira-issues": ["OPS-11 resolution missed left -45240s"],  # -12:34
    "manageengine-requests": [  # 3hrs 25min; 26:10
        "9101 resolution met elapsed 12300s due 2026-05-30 03:35:00",
        "9102 resolution missed elapsed 94200s",
    ],
    "osticket-tickets": [
        "100451 resolution met due 2026-03-31 07:00:00",
        "100452 resolution missed due 2026-03-31 07:00:00",
    ],
    "otrs-tickets": [  # 70 min with 50 left; 960 min, 120 over; zeros are none
        "2026021010000017 response met elapsed 4200s target 7200s left 3000s",
        "2026021010000017 resolution missed elapsed 57600s target 50400s left -7200s",
    ],
    "remedy-incidents": [
        "INC000000001001 resolution met due 2026-05-28 03:00:00",
        "INC000000001002 resolution running due 2026-06-02 03:00:00",
    ],
    "salesforce-milestones": [  # 0.23 h, 28.73 h
        "00012001 response (First Response) elapsed 828s target 3600s due 2026-07-20 11:56:00",
        "00012001 resolution (Resolution) elapsed 103428s target 86400s due 2026-07-21 10:56:00",
        "00012002 2 Minutes (2 Minutes) elapsed 72s target 180s due 2026-08-05 08:02:00",
        "00012003 resolution (Resolution) target 86400s due 2026-08-07 08:00:00",
    ],
    "servicenow-event-log": ["INC0000045 resolution met", "INC0000047 resolution met"],
    "servicenow-table": [
        "INC0000201 resolution met elapsed 45667s",
        "INC0000202 resolution met",
        "INC0000203 resolution missed elapsed 86400s",
    ],
    "sysaid-records": ["3001 resolution due 2026-05-29 06:00:00", "3002 resolution due 2026-06-03 06:00:00"],
    "topdesk-incidents": [
        "M2605 001 resolution due 2026-05-29 07:00:00",
        "M2605 002 resolution due 2026-06-02 08:15:00",
    ],
    "zammad-tickets": [  # 30 min with 30 left; 540 min, 60 over
        "53001 response met elapsed 1800s target 3600s left 1800s due 2026-02-10 09:00:00",
        "53001 resolution missed elapsed 32400s target 28800s left -3600s",
    ],
    "zendesk-tickets": ["5001 response elapsed 360s", "5002 response elapsed 720s", "5003 response elapsed 0s"],
    "zendesk-tickets-json": ["987 response elapsed 1800s"],
    "zoho-desk-tickets": [
        "401 response met",
        "401 resolution met due 2026-03-07 10:15:00",
        "402 response missed",
        "402 resolution met due 2026-03-08 06:30:00",
        "403 response met",
        "403 resolution met",
    ],
}


@pytest.mark.parametrize("profile", EXPECTED)
def test_a_fixture_holds_these_results_of_the_helpdesks_own(profile: str) -> None:
    path, options = asked(profile)
    assert told(read([str(path)], replace(options, claims=True))) == EXPECTED[profile]


OWN_FILES = {
    "servicenow-task-sla": [  # one promise was taken away again
        (
            "INC0000201 Default (24 hours) (Default (24 hours)) met elapsed 3900s target 86400s left 82500s "
            "due 2026-03-03 10:00:00"
        ),
        (
            "INC0000201 resolution (Priority 1 resolution (1 hour)) met elapsed 3300s target 3600s left 300s "
            "due 2026-03-02 11:10:00"
        ),
        (
            "INC0000202 resolution (Priority 1 resolution (1 hour)) missed elapsed 90000s target 3600s left -86400s "
            "due 2026-03-02 11:00:00"
        ),
    ],
    "servicenow-metric-instance": ["INC0000201 resolution (Create to Resolve Duration) elapsed 90180s"],
    "zendesk-metric-events": [  # calendar minutes for the one, business minutes for the other
        "201 response (reply_time) missed elapsed 5400s target 3600s due 2026-03-02 11:00:00",
        "202 resolution (requester_wait_time) running elapsed 3600s target 28800s",
    ],
}


@pytest.mark.parametrize("profile", OWN_FILES)
def test_a_file_of_results_is_read_beside_a_list_and_inspected_alone(profile: str, tmp_path: Path) -> None:
    [path] = (Path(__file__).parent / "claims" / profile).iterdir()
    rows = "".join(f"{ticket},{TIMES}\n" for ticket in ("INC0000201", "INC0000202", "201", "202"))
    (tmp_path / "tickets.csv").write_text(HEAD[:-1] + "\n" + rows)
    found = read([str(path), str(tmp_path / "tickets.csv")], replace(CLAIMS, timezone="UTC"))
    assert found.inputs[0].profile == profile
    assert sorted(told(found)) == sorted(OWN_FILES[profile])
    [facts] = inspect([str(path)], ReadOptions(timezone="UTC"), 2_000_000_000_000_000).files
    assert (facts.profile, facts.shape, facts.refusal) == (profile, "claims", "")


def test_every_profile_of_results_has_a_fixture() -> None:
    assert sorted(OWN_FILES) == sorted(profile.id for profile in published() if profile.shape == "claims")
    assert sorted(OWN_FILES) == sorted(path.name for path in (Path(__file__).parent / "claims").iterdir())


@pytest.mark.parametrize("profile", EXPECTED)
def test_any_byte_may_be_wrong_without_a_crash(profile: str, tmp_path: Path) -> None:
    path, options = asked(profile)
    data = path.read_bytes()
    chance = random.Random(profile)  # noqa: S311 - the same mutants every time
    for place in chance.sample(range(len(data)), 10):
        mutant = bytearray(data)
        mutant[place] ^= 1 << chance.randrange(8)
        (tmp_path / path.name).write_bytes(mutant)
        with suppress(SlaauditError):
            read([str(tmp_path / path.name)], replace(options, claims=True))


@pytest.mark.parametrize("profile", EXPECTED)
def test_results_change_nothing_that_happened(profile: str) -> None:
    path, options = asked(profile)
    without, with_claims = (read([str(path)], replace(options, claims=claims)) for claims in (False, True))
    assert not len(without.claims)
    assert without.events.at.tolist() == with_claims.events.at.tolist()
    assert without.rejected == with_claims.rejected
    assert set(without.tickets.fields) == set(with_claims.tickets.fields)


def test_plain_columns_of_a_list(tmp_path: Path) -> None:
    columns = "claimed_response_met,claimed_resolution_elapsed,claimed_resolution_left,claimed_resolution_due\n"
    found = evidence(
        tmp_path, CLAIMS, tickets=HEAD + columns + f"T1,{TIMES},Breached,PT4H,-1:30,2026-03-02T19:00:00Z\n"
    )
    assert told(found) == [
        "T1 response missed",
        "T1 resolution missed elapsed 14400s target 9000s left -5400s due 2026-03-02 19:00:00",
    ]


def test_a_mapping_names_the_columns_and_the_words(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "slaaudit-profile: 1\n"
        "claims: {answer: {met: Kept, elapsed: {column: Minutes, as: minutes}}}\n"
        "values: {claimed: {Prima: met, Leider nein: missed}}\n"
    )
    options = replace(CLAIMS, mapping=str(tmp_path / "mapping.yaml"))
    rows = f"T1,{TIMES},Prima,5\nT2,{TIMES},leider nein,90\nT3,{TIMES},naja,\n"
    found = evidence(tmp_path, options, tickets=HEAD + "Kept,Minutes\n" + rows)
    assert told(found) == ["T1 answer met elapsed 300s", "T2 answer missed elapsed 5400s"]
    assert "results of the helpdesk not known: 'naja' (1)" in notes(found)
    assert "the helpdesk's own results: Kept = claimed_answer_met, Minutes = claimed_answer_elapsed" in notes(found)


def test_a_cell_that_cannot_be_read_is_rejected_and_its_ticket_stays(tmp_path: Path) -> None:
    found = evidence(tmp_path, CLAIMS, tickets=HEAD + f"claimed_resolution_elapsed\nT1,{TIMES},soon\nT2,{TIMES},2h\n")
    assert told(found) == ["T2 resolution elapsed 7200s"]
    assert rejected(found) == [(2, "claimed_resolution_elapsed", "soon", "no length of time that can be read")]
    assert len(found.tickets) == 2


def test_rows_of_one_promise_that_are_equal_count_once(tmp_path: Path) -> None:
    rows = "ticket_id,claim,claimed_met\nT1,P1 resolution,met\nT1,P1 resolution,met\nT1,P1 resolution,missed\n"
    found = evidence(tmp_path, CLAIMS, tickets=HEAD + f"type\nT1,{TIMES},x\n", claims=rows)
    assert told(found) == ["T1 resolution (P1 resolution) met", "T1 resolution (P1 resolution) missed"]
    assert "promises understood by their names: 'P1 resolution' as resolution" in notes(found)


def test_results_alone_tell_nothing_of_what_happened(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="own results and nothing of what happened to the tickets"):
        evidence(tmp_path, CLAIMS, claims="ticket_id,claim,claimed_met\nT1,P1 resolution,met\n")


def test_without_being_asked_a_file_of_results_is_left_unread(tmp_path: Path) -> None:
    claims = "ticket_id,claim,claimed_met\nT1,P1 resolution,met\n"
    found = evidence(tmp_path, ReadOptions(), tickets=HEAD + f"type\nT1,{TIMES},x\n", claims=claims)
    assert not len(found.claims)
    assert [each.role for each in found.inputs] == ["tickets", "claims"]
    assert "holds the helpdesk's own results, which --reconcile sets beside the verdicts" in notes(found)
