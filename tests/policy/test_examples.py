"""The form of examples: how their small texts are read, how cases lie over them, and where they are looked for."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from policy_samples import READINGS, SIMPLE, written

from slaaudit import claims, results
from slaaudit.errors import PolicyError
from slaaudit.policy import load, published
from slaaudit.policy.clauses import State
from slaaudit.policy.example_grammar import STATES, happened, number, span, stretch, when
from slaaudit.policy.example_reader import policy_examples
from slaaudit.policy.examples import ClaimStatus, Verdict
from slaaudit.policy.grammar import HOUR, MINUTE, SECOND

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

EXAMPLES = """\
examples:
  - name: A call on a Friday
    ticket: {severity: S2, created: 2026-03-06 16:00, channel: phone}
    events: [2026-03-09 10:00 vendor reply]
    expect: {response: met}
    cases:
      - name: in Paris
        readings: {zone: paris}
        expect: {response: {elapsed: 1h}}
      - ticket: {channel: null, severity: S1}
        events: [2026-03-09 11:00 customer reply, 2026-03-09 12:00 vendor reply]
        expect: {response: breached}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def instant(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - EPOCH) // dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-06 17:10", "2026-03-06T17:10:00+01:00"),
        ("2026-03-06T17:10:30.5", "2026-03-06T17:10:30.500000+01:00"),
        ("2026-07-06 17:10", "2026-07-06T17:10:00+02:00"),
        ("2026-03-06 17:10Z", "2026-03-06T17:10:00+00:00"),
        ("2026-03-06 17:10 UTC", "2026-03-06T17:10:00+00:00"),
        ("2026-03-06 17:10 -05:30", "2026-03-06T17:10:00-05:30"),
        ("2026-03-06 17:10 America/New_York", "2026-03-06T17:10:00-05:00"),
    ],
)
def test_a_moment_is_of_the_zone_that_it_names_else_of_the_example(text: str, meant: str) -> None:
    assert when(text).instant("Europe/Berlin") == instant(meant)


def test_local_times_that_a_change_of_the_clocks_skips_or_repeats_are_seen() -> None:
    assert when("2026-03-29 02:30").oddity("Europe/Berlin") == "skips"
    assert when("2026-10-25 02:30").oddity("Europe/Berlin") == "repeats"
    assert when("2026-10-25 03:00").oddity("Europe/Berlin") == ""
    assert when("2026-10-25 02:30 +01:00").oddity("Europe/Berlin") == ""


@pytest.mark.parametrize(
    "text",
    ["2026-03-06", "17:10", "2026-02-30 17:10", "2026-03-06 24:00", "2026-03-06 17:10 Mars/Base", "1970-01-01 00:00"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        when(text)


@pytest.mark.parametrize(
    ("text", "actor", "event", "value"),
    [
        ("2026-03-06 17:10 vendor reply", "vendor", "reply", ""),
        ("2026-03-06 17:10 Vendor-Reply", "vendor", "reply", ""),
        ("2026-03-06 17:10 customer-reply", "customer", "reply", ""),
        ("2026-03-06 17:10:05 UTC system reply", "system", "reply", ""),
        ("2026-03-06 17:10 note", "vendor", "note", ""),
        ("2026-03-06 17:10 status Waiting", "vendor", "status", "waiting"),
        ("2026-03-06 17:10 customer cancelled", "customer", "status", "cancelled"),
        ("2026-03-06 17:10 reopened", "customer", "status", "open"),
        ("2026-03-06 17:10 vendor reopened", "vendor", "status", "open"),
        ("2026-03-06 17:10 customer severity 1 - critical", "customer", "severity", "1 - critical"),
        ("2026-03-06 17:10 workaround", "vendor", "workaround", ""),
    ],
)
def test_a_line_tells_who_did_what(text: str, actor: str, event: str, value: str) -> None:
    told = happened(text)
    assert (told.actor, told.event, told.value) == (actor, event, value)


@pytest.mark.parametrize(
    "text",
    [
        "vendor reply",
        "2026-03-06 17:10",
        "2026-03-06 17:10 vendor",
        "2026-03-06 17:10 reply",
        "2026-03-06 17:10 vendor reply at last",
        "2026-03-06 17:10 resolved it",
        "2026-03-06 17:10 severity",
        "2026-03-06 17:10 status",
        "2026-03-06 17:10 status pending",
        "2026-03-06 17:10 vendor shrug",
        "2026-03-06 17:10 vendor-",
    ],
)
def test_a_line_that_leaves_something_open_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        happened(text)


def test_lengths_are_hours_minutes_and_seconds() -> None:
    assert span("1h 15m 30s") == HOUR + 15 * MINUTE + 30 * SECOND
    assert span("1h15m") == HOUR + 15 * MINUTE
    assert span("0.5s") == SECOND // 2
    for text in ("", "1", "1d", "1h 1h", "1 hour", "h", "-1h", "1h and 5m"):
        with pytest.raises(ValueError, match="expected"):
            span(text)


def test_a_stretch_ends_at_a_time_after_a_length_or_not_yet() -> None:
    of_a_day, of_two = stretch("2026-04-10 00:00 to 07:12"), stretch("2026-04-10 22:00 to 2026-04-11 01:00")
    assert of_a_day.until
    assert of_a_day.until.instant("UTC") == instant("2026-04-10T07:12:00+00:00")
    assert of_two.until
    assert of_two.until.instant("UTC") == instant("2026-04-11T01:00:00+00:00")
    assert stretch("2026-04-10 00:00 for 7h 12m").lasts == 7 * HOUR + 12 * MINUTE
    still_open = stretch("2026-04-10 00:00")
    assert (still_open.until, still_open.lasts) == (None, None)


def test_the_end_of_a_stretch_is_in_the_zone_of_its_start() -> None:
    found = stretch("2026-04-10 00:00 -04:00 to 01:00")
    assert found.until
    assert found.until.instant("UTC") == instant("2026-04-10T01:00:00-04:00")


@pytest.mark.parametrize(
    "text", ["2026-04-10 00:00 until 07:12", "2026-04-10 00:00 to", "today", "2026-04-10 00:00 for"]
)
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        stretch(text)


def test_whole_numbers() -> None:
    assert number("1_000") == 1000
    for text in ("-1", "1.5", "many", "9" * 16):
        with pytest.raises(ValueError, match="whole number"):
            number(text)


def test_a_case_lies_over_its_example(folder) -> None:
    written(folder, SIMPLE.replace("S1: 1h", "S1: 1h") + READINGS + EXAMPLES)
    plain, paris, other = policy_examples("policy.yaml").trials
    assert (plain.name, paris.name, other.name) == (
        "A call on a Friday",
        "A call on a Friday: in Paris",
        "A call on a Friday: case 2",
    )
    assert paris.told.readings == {"zone": "paris"}
    assert paris.told.events == plain.told.events
    assert paris.told.ticket == plain.told.ticket
    assert other.told.ticket
    assert other.told.ticket.fields == {}
    assert (other.told.ticket.severity, len(other.told.events)) == ("S1", 2)
    assert [each.told.expect["response"][0].verdict for each in (plain, paris, other)] == ["met", None, "breached"]


def test_local_times_stay_where_they_are_under_a_reading_that_moves_the_policy(folder) -> None:
    """Else a reading about the zone would move the events with it, and change nothing."""
    written(folder, SIMPLE + READINGS + EXAMPLES)
    assert {trial.timezone for trial in policy_examples("policy.yaml").trials} == {"Europe/London"}


def test_lines_of_the_file_are_kept(folder) -> None:
    written(folder, SIMPLE + READINGS + EXAMPLES)
    head = (SIMPLE + READINGS).count("\n")
    other = policy_examples("policy.yaml").trials[2]
    assert other.lines == {"ticket": (head + 10,), "events": (head + 11, head + 11)}


def test_examples_beside_a_policy_follow_those_in_it(folder) -> None:
    written(folder, SIMPLE + READINGS + EXAMPLES, "acme.yaml")
    beside = EXAMPLES.replace("A call on a Friday", "Another")
    written(folder, "slaaudit-examples: 1\n" + beside, "acme.examples.yaml")
    found = policy_examples("acme.yaml")
    assert [trial.place.file for trial in found.trials] == ["acme.yaml"] * 3 + ["acme.examples.yaml"] * 3
    assert policy_examples("acme.examples.yaml").trials == found.trials


def test_an_overlay_does_not_inherit_examples(folder) -> None:
    written(folder, SIMPLE + READINGS + EXAMPLES, "base.yaml")
    written(folder, "slaaudit: 1\nid: child\ntitle: Child\nextends: base.yaml\n", "child.yaml")
    found = policy_examples("child.yaml")
    assert (found.trials, found.extended) == ((), "base.yaml")


def test_an_overlay_has_examples_of_its_own(folder) -> None:
    written(folder, SIMPLE + READINGS + EXAMPLES, "base.yaml")
    written(folder, "slaaudit: 1\nid: child\ntitle: Child\nextends: base.yaml\n" + EXAMPLES, "child.yaml")
    assert {trial.place.file for trial in policy_examples("child.yaml").trials} == {"child.yaml"}


def test_examples_are_no_part_of_the_policy(folder) -> None:
    """They change its digest where they stand in its file, and nothing else; faults in them stop no audit."""
    written(folder, SIMPLE + READINGS)
    bare = load("policy.yaml")
    written(folder, "slaaudit-examples: 1\n" + EXAMPLES, "policy.examples.yaml")
    assert load("policy.yaml").sha256 == bare.sha256
    written(folder, SIMPLE + READINGS + EXAMPLES.replace("met", "mte"))
    carrying = load("policy.yaml")
    assert carrying.policy == bare.policy
    assert carrying.sha256 != bare.sha256
    with pytest.raises(PolicyError):
        policy_examples("policy.yaml")


def test_files_of_examples_are_no_published_policies() -> None:
    assert not [each.id for each in published() if "examples" in each.id]


def test_free_keys_are_the_writers_own(folder) -> None:
    written(
        folder,
        SIMPLE
        + READINGS
        + EXAMPLES.replace("    expect: {response: met}\n", "    x-note: [a]\n    expect: {response: met}\n"),
    )
    assert len(policy_examples("policy.yaml").trials) == 3


def test_the_words_of_examples_are_those_of_audits_and_policies() -> None:
    assert set(get_args(Verdict)) == {each.name.lower().replace("_", "-") for each in results.Verdict}
    assert set(get_args(ClaimStatus)) == set(get_args(claims.Status))
    assert get_args(State) == STATES


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("events: [5]\n    expect: {response: met}", ["5:14 '5' is no event"]),
        ("expect: {response: {verdict: mett}}", ["5:34 'mett' is not known here"]),
        ("expect: 7", ["5:13 expected a mapping, found '7'"]),
        ("expect: {}", ["3:5 the example expects nothing"]),
        ("why: nothing more", ["3:5 the example expects nothing"]),
        ("cases: {a: b}", ["5:12 expected a list, found a mapping"]),
        ("cases: [5]", ["5:13 expected a mapping, found '5'"]),
    ],
)
def test_a_fault_of_the_only_example_is_told_once(tmp_path, example, told):
    """A list whose entries are refused is not empty, and what is written in a wrong form is not missing."""
    written(tmp_path, SIMPLE)
    head = "slaaudit-examples: 1\nexamples:\n  - name: A call\n    ticket: {severity: S1, created: 2026-03-06 16:00}\n"
    (tmp_path / "policy.examples.yaml").write_text(f"{head}    {example}\n")
    with pytest.raises(PolicyError) as raised:
        policy_examples("policy.yaml")
    assert [f"{each.line}:{each.column} {each.message}" for each in raised.value.faults] == told
