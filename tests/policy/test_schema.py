"""The JSON Schema describes the YAML as it is written: it takes what the reader takes, and refuses slips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from policy_samples import HEAD, READINGS, SIMPLE, data
from schema_check import Checker
from test_model import AVAILABILITY

from slaaudit.policy.published import folder, published
from slaaudit.policy.schema import policy_schema

CHECKER = Checker(policy_schema())


def test_it_is_plain_json_of_the_2020_draft() -> None:
    assert policy_schema() == json.loads(json.dumps(policy_schema()))
    assert policy_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_published_policy_fits() -> None:
    for each in published():
        assert CHECKER.fits(data(each.path.read_text(encoding="utf-8"))), each.id


@pytest.mark.parametrize(
    "text",
    [
        SIMPLE,
        SIMPLE + READINGS,
        HEAD + AVAILABILITY,
        f"x-note: {{any: [thing]}}\n{SIMPLE}",
        SIMPLE + "    x-mine: 1\n",
        SIMPLE.replace("    hours: {mon-fri: 09:00-17:00}", "    hours: {mon-fri: [09:00-12:00, 13:00-17:00], x-s: 1}"),
        SIMPLE.replace("calendars:\n", "calendars:\n  day: business\n  lines: 24x7\n"),
        SIMPLE + "    attainment: 95%\n    applies: {type: {not: [a, 2]}, channel: web, starts-in: business}\n",
        SIMPLE + "    clock: {stops: [resolved], pauses: waiting, counts-from: {next-opening: business}}\n",
        "extends: acme\nclauses: {response: {why: null, targets: {S1: null}}}\nreadings: {zone: null}\n",
        "extends: acme\nreadings: {zone: {default: paris}}\n",
    ],
)
def test_what_may_be_written_fits(text: str) -> None:
    assert CHECKER.fits(data(text))


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        SIMPLE.replace("slaaudit: 1", "slaaudit: 2"),
        SIMPLE.replace("id: acme", "id: Acme Inc"),
        SIMPLE.replace("measure: first-response", "measure: first-respones"),
        SIMPLE.replace("    measure: first-response\n", ""),
        SIMPLE.replace("4h on business", "4h"),
        SIMPLE.replace("09:00-17:00", "9-5"),
        SIMPLE.replace("    timezone: Europe/London\n", ""),
        SIMPLE.replace("{title: Major}", "{titel: Major}"),
        SIMPLE + "    clock: {pauses: waitng}\n",
        SIMPLE + "    clock: {counts_from: []}\n",
        SIMPLE + "    promised: 99%\n",
        SIMPLE + "    applies: {type: {nto: a}}\n",
        SIMPLE + READINGS.replace("{calendars: {business: {timezone", "{calendar: {business: {timezone"),
        SIMPLE + READINGS.replace("hours: {mon-fri: 08:00-18:00}", "huors: {mon-fri: 08:00-18:00}"),
        HEAD + AVAILABILITY.replace("99.95%\n", "99.95\n"),
        SIMPLE.replace("    timezone: Europe/London\n", "    timezone: Europe/London\n    always: true\n"),
        "extends: acme\nclauses: {response: {clock: {pause: waiting}}}\n",
    ],
)
def test_a_slip_does_not_fit(text: str) -> None:
    assert not CHECKER.fits(data(text))


def test_each_key_is_described() -> None:
    clock = policy_schema()["$defs"]["Clock"]["properties"]
    assert all("description" in schema or "$ref" in schema for schema in clock.values())


def test_the_copy_in_the_docs_is_of_today() -> None:
    copy = Path(__file__).parents[2] / "docs" / "policy.schema.json"
    if not copy.exists():
        pytest.skip("the docs are not here")
    assert json.loads(copy.read_text(encoding="utf-8")) == policy_schema()


@pytest.mark.parametrize("path", sorted(folder().glob("*.examples.yaml")), ids=lambda path: path.stem)
def test_every_published_file_of_examples_fits(path: Path) -> None:
    assert CHECKER.fits(data(path.read_text(encoding="utf-8")))


EXAMPLE = """\
examples:
  - name: A call
    ticket: {created: 2026-03-06 17:10, severity: S1, channel: phone}
    events: [2026-03-06 17:20 vendor reply]
    expect: {response: {verdict: met, elapsed: 10m, due: none}}
"""


@pytest.mark.parametrize(
    "text",
    [
        SIMPLE + EXAMPLE,
        "extends: acme\n" + EXAMPLE,
        "slaaudit-examples: 1\n" + EXAMPLE,
        SIMPLE + EXAMPLE.replace("{verdict: met, elapsed: 10m, due: none}", "met"),
        SIMPLE + EXAMPLE.replace("{verdict: met, elapsed: 10m, due: none}", "[met, {verdict: breached, x-n: 1}]"),
        SIMPLE
        + EXAMPLE
        + "    cases: [{readings: {zone: paris}, ticket: {channel: null}, expect: {response: none}}]\n",
    ],
)
def test_examples_may_be_written_in_a_policy_or_beside_it(text: str) -> None:
    assert CHECKER.fits(data(text))


@pytest.mark.parametrize(
    "text",
    [
        SIMPLE + EXAMPLE.replace("name: A call", "nmae: A call"),
        SIMPLE + EXAMPLE.replace("met,", "mte,"),
        SIMPLE + EXAMPLE.replace("due: none", "deu: none"),
        SIMPLE + EXAMPLE.replace("2026-03-06 17:20 vendor reply", "17:20 vendor reply"),
        "slaaudit-examples: 2\n" + EXAMPLE,
    ],
)
def test_a_slip_in_an_example_does_not_fit(text: str) -> None:
    assert not CHECKER.fits(data(text))
