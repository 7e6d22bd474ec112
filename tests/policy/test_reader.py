"""A policy is found, extended, read under its readings, and every fault in it told."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from policy_samples import HEAD, READINGS, SIMPLE, loaded, written

from slaaudit.errors import PolicyError, UsageError
from slaaudit.policy import load, published
from slaaudit.policy import published as published_policies

if TYPE_CHECKING:
    from pathlib import Path

VENDORS = {"capsure", "secpod", "securenvoy", "sequence", "sequence-example", "sequr"}


def messages(folder: Path, text: str) -> list[str]:
    with pytest.raises(PolicyError) as raised:
        loaded(folder, text)
    return [f"{fault.file}:{fault.line}:{fault.column} {fault.message}" for fault in raised.value.faults]


def test_every_published_policy_loads_without_a_warning() -> None:
    found = published()
    assert {each.id for each in found} >= VENDORS
    for each in found:
        assert load(each.id).warnings == (), each.id


def test_a_published_policy_is_found_with_and_without_its_suffix(tmp_path) -> None:
    assert load("sequr", base=tmp_path).sha256 == load("sequr.yaml").sha256 == load("sequr.yml").sha256


def test_a_file_of_the_users_own_comes_first(tmp_path) -> None:
    written(tmp_path, SIMPLE, "sequr.yaml")
    assert load("sequr.yaml", base=tmp_path).policy.id == "acme"
    assert load("sequr", base=tmp_path).policy.id == "sequr"


def test_a_folder_of_that_name_does_not_hide_a_published_policy(tmp_path) -> None:
    (tmp_path / "sequr").mkdir()
    assert load("sequr", base=tmp_path).policy.id == "sequr"


def test_a_name_without_its_suffix_is_told_the_file_that_is_there(tmp_path) -> None:
    written(tmp_path, SIMPLE, "ours.yaml")
    with pytest.raises(UsageError, match=r"did you mean 'ours\.yaml'\?"):
        load("ours", base=tmp_path)


@pytest.mark.parametrize("name", ["a" * 5000, "\x00", "", "a/" * 3000, "\n"])
def test_a_name_that_no_file_can_have_is_refused_like_any_other(tmp_path, name: str) -> None:
    with pytest.raises(UsageError):
        load(name, base=tmp_path)
    written(tmp_path, SIMPLE + f"extends: {json.dumps(name)}\n")
    with pytest.raises(PolicyError):
        load("policy.yaml", base=tmp_path)


def test_the_checksum_is_that_of_the_files_bytes(tmp_path) -> None:
    assert loaded(tmp_path, SIMPLE).sha256 == hashlib.sha256(SIMPLE.encode()).hexdigest()
    over = "id: child\nextends: policy.yaml\n"
    written(tmp_path, over, "child.yaml")
    assert load("child.yaml", base=tmp_path).sha256 == hashlib.sha256((over + SIMPLE).encode()).hexdigest()


def test_a_file_that_extends_another_overlays_it(tmp_path) -> None:
    written(tmp_path, SIMPLE + READINGS)
    child = """\
id: acme-customer
extends: ../policy.yaml
clauses:
  response: {targets: {S1: 30m on always, S2: null}}
readings: {length: null}
"""
    (tmp_path / "ours").mkdir()
    written(tmp_path / "ours", child, "child.yaml")
    found = load("ours/child.yaml", {"zone": "paris"}, base=tmp_path)
    assert (found.policy.id, found.policy.vendor) == ("acme-customer", "Acme")
    assert list(found.policy.clauses["response"].targets) == ["S1"]
    assert found.readings == {"zone": "paris"}
    assert found.files == ("ours/child.yaml", "policy.yaml")
    assert str(found.places["clauses", "response", "targets", "S1"]) == "ours/child.yaml:4:28"
    assert str(found.places["vendor",]) == "policy.yaml:3:9"


def test_a_chain_of_three_is_followed(tmp_path) -> None:
    written(tmp_path, SIMPLE, "a.yaml")
    written(tmp_path, "id: b\nextends: a.yaml\ntitle: B\n", "b.yaml")
    written(tmp_path, "id: c\nextends: b.yaml\n", "c.yaml")
    policy = load("c.yaml", base=tmp_path).policy
    assert (policy.id, policy.title, policy.vendor) == ("c", "B", "Acme")


def test_a_published_policy_may_be_extended_from_anywhere(tmp_path) -> None:
    written(
        tmp_path,
        "id: ours\nextends: sequence\nclauses:\n  response:\n    why: null\n"
        "    targets: {P1: 1h on always, P2: 2h on always, P3: 3h on always, P4: 4h on always}\n",
    )
    found = load("policy.yaml", base=tmp_path)
    assert found.policy.clauses["response"].targets["P1"][0].within.text == "1h"
    assert found.warnings == ()


def test_the_defaults_are_in_force_unless_asked_otherwise(tmp_path) -> None:
    defaults = loaded(tmp_path, SIMPLE + READINGS)
    assert defaults.readings == {"zone": "london", "length": "short"}
    other = loaded(tmp_path, SIMPLE + READINGS, length="long")
    assert other.readings == {"zone": "london", "length": "long"}
    assert defaults.policy.calendars["business"].hours != other.policy.calendars["business"].hours
    assert str(other.places["calendars", "business", "hours", "mon-fri"]) == "policy.yaml:30:54"


def test_choices_apply_in_the_order_of_the_policy_not_of_the_asking(tmp_path) -> None:
    text = SIMPLE + READINGS.replace("hours: {mon-fri: 08:00-18:00}", "timezone: Asia/Tokyo")
    for order in (("zone", "length"), ("length", "zone")):
        asked = {name: {"zone": "paris", "length": "long"}[name] for name in order}
        found = loaded(tmp_path, text, **asked)
        assert found.policy.timezone == "Asia/Tokyo"
        assert list(found.readings) == ["zone", "length"]


def test_a_choice_that_nobody_chose_is_examined_too(tmp_path) -> None:
    text = SIMPLE + READINGS.replace("Europe/Paris", "Europe/Pairs").replace("08:00-18:00", "8-6")
    assert messages(tmp_path, text) == [
        "policy.yaml:24:48 no time zone is named 'Europe/Pairs'",
        "policy.yaml:30:54 '8-6' is not a window of hours",
    ]


def test_a_fault_of_the_base_is_told_once_whatever_the_choices(tmp_path) -> None:
    assert len(messages(tmp_path, SIMPLE.replace("Europe/London", "Europe/Lodnon") + READINGS)) == 1


def test_a_policy_that_only_its_default_completes_is_whole(tmp_path) -> None:
    text = SIMPLE.replace("    timezone: Europe/London\n", "") + READINGS.replace(
        "london: {}", "london: {calendars: {business: {timezone: Europe/London}}}"
    )
    assert loaded(tmp_path, text).policy.timezone == "Europe/London"


def test_a_fault_that_only_follows_from_another_is_not_told(tmp_path) -> None:
    assert messages(tmp_path, SIMPLE.replace("timezone: Europe/London", "timezoen: Europe/London")) == [
        "policy.yaml:7:5 unknown key 'timezoen'"
    ]
    assert messages(tmp_path, SIMPLE.replace("mon-fri: 09:00-17:00", "mon-fri: 9-17, sat: 09:00-12:00")) == [
        "policy.yaml:8:22 '9-17' is not a window of hours"
    ]
    assert messages(tmp_path, SIMPLE.replace("timezone: Europe/London", "timezone: [London]")) == [
        "policy.yaml:7:15 expected a word, found a list"
    ]


def test_faults_of_both_files_are_told_in_the_order_of_the_files(tmp_path) -> None:
    written(tmp_path, SIMPLE.replace("1h on", "1 hour on"), "base.yaml")
    assert messages(tmp_path, "id: child\nextends: base.yaml\ntimezone: Mars\n") == [
        "policy.yaml:3:11 no time zone is named 'Mars'",
        "base.yaml:16:11 '1 hour' is not a duration",
    ]


def test_a_yaml_fault_and_a_fault_of_meaning_are_told_together(tmp_path) -> None:
    assert messages(
        tmp_path, SIMPLE.replace("{title: Major}", "{title: Major, title: High}").replace("4h", "4 h!")
    ) == [
        "policy.yaml:11:22 key 'title' is given twice",
        "policy.yaml:17:11 '4 h!' is not a duration",
    ]


def test_a_reading_that_would_take_back_an_extending_file_is_refused(tmp_path) -> None:
    written(tmp_path, SIMPLE + READINGS, "base.yaml")
    child = "id: child\nextends: base.yaml\ncalendars: {business: {timezone: Asia/Tokyo}}\n"
    assert messages(tmp_path, child) == ["policy.yaml:3:34 reading 'zone' of base.yaml would overrule this"]
    assert loaded(tmp_path, child + "readings: {zone: null}\n").policy.timezone == "Asia/Tokyo"


def test_an_extending_file_may_rewrite_a_choice(tmp_path) -> None:
    written(tmp_path, SIMPLE + READINGS, "base.yaml")
    choices = "{paris: {calendars: {business: {timezone: Asia/Tokyo}}}}"
    child = f"id: child\nextends: base.yaml\nreadings: {{zone: {{default: paris, choices: {choices}}}}}\n"
    assert loaded(tmp_path, child).policy.timezone == "Asia/Tokyo"


@pytest.mark.parametrize(
    "name", ["America", "../etc/passwd", "EDT", "/etc/localtime", "", "Europe/London\x00", "a" * 300]
)
def test_a_bad_zone_never_raises_anything_but_its_fault(tmp_path, name: str) -> None:
    text = SIMPLE.replace("Europe/London", '"' + name.replace("\x00", "\\0") + '"')
    assert len(messages(tmp_path, text)) == 1


def test_a_policy_without_clauses_or_severities_says_so(tmp_path) -> None:
    assert messages(tmp_path, HEAD) == ["policy.yaml:1:1 'clauses' is missing"]
    assert messages(tmp_path, HEAD + "clauses: {}\n") == ["policy.yaml:5:10 expected at least one entry, found none"]


def test_published_policies_inside_a_wheel_come_first(tmp_path, monkeypatch) -> None:
    package = tmp_path / "slaaudit"
    (package / "_policies").mkdir(parents=True)
    (tmp_path / "policies").mkdir()
    written(package / "_policies", SIMPLE, "inside.yaml")
    written(tmp_path / "policies", SIMPLE, "beside.yaml")
    module = __import__("slaaudit.policy.published", fromlist=["_PACKAGE"])
    monkeypatch.setattr(module, "_PACKAGE", package)
    assert [(each.id, each.vendor) for each in published_policies()] == [("inside", "Acme")]
    (package / "_policies" / "inside.yaml").unlink()
    (package / "_policies").rmdir()
    assert [each.id for each in published_policies()] == ["beside"]
