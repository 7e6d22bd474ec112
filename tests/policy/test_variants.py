"""All that readings make of a clause: which are combined, and that each combination is the policy it says it is."""

from __future__ import annotations

import itertools

import pytest

from slaaudit.policy import load, overlays
from slaaudit.policy.checks import examined
from slaaudit.policy.variants import clauses_of, combinations_of, fields_asked, readings_of

NAMES = ("sequr", "capsure", "secpod", "securenvoy", "sequence", "sequence-example")
SILENT = ("title", "section", "binding", "why", "attainment", "credits")
CLASHING = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:00}}
  night: {timezone: Europe/London, hours: {mon-fri: 22:00-06:00}}
severities: {S1: {}}
clauses:
  response: {measure: first-response, applies: {channel: web}, targets: {S1: 4h on office}}
readings:
  nights:
    question: Is there a night shift?
    default: kept
    choices: {kept: {}, gone: {calendars: {night: null}}}
  target:
    question: How long?
    default: office
    choices:
      night: {clauses: {response: {targets: {S1: 2h on night}}}}
      office: {clauses: {response: {targets: {S1: 4h on office}}}}
      day: {clauses: {response: {targets: {S1: 1d on office}}}}
  hours:
    question: Is Friday short?
    default: no-
    choices: {no-: {}, yes-: {calendars: {office: {hours: {mon-thu: 09:00-17:00, fri: 09:00-12:00, mon-fri: null}}}}}
  who:
    question: Who may call?
    default: anyone
    choices:
      anyone: {clauses: {response: {applies: {channel: null}}}}
      admins: {clauses: {response: {applies: {requester_role: admin}, excludes: {drill: {cause: drill}}}}}
"""


def _under(loaded, changes):
    """The policy under some changes, read as a whole."""
    tree = overlays.under(loaded.unread, {**loaded.readings, **dict(changes)})
    return examined(tree, loaded.sources)[0]


def _told(clause):
    return {name: value for name, value in clause if name not in SILENT}


@pytest.mark.parametrize("name", NAMES)
def test_each_combination_is_the_policy_that_its_choices_make(name):
    loaded = load(name)
    for clause in clauses_of(loaded):
        readings = readings_of(loaded, clause, 10_000)
        step = max(len(readings.variants) // 25, 1)
        for variant in itertools.islice(readings.variants, 0, None, step):
            whole = _under(loaded, readings.combinations[variant.combinations[0]])
            assert _told(variant.policy.clauses[clause]) == _told(whole.clauses[clause])
            assert variant.policy.severities == whole.severities
            assert variant.policy.effective == whole.effective
            named = {each: whole.calendars[each] for each in variant.policy.calendars}
            if whole.clauses[clause].measure == "availability":  # it feels no more of calendars than the first's zone
                assert variant.policy.timezone == whole.timezone
            else:
                assert variant.policy.calendars == named


def test_choices_that_contradict_each_other_are_no_policy(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(CLASHING, encoding="utf-8")
    loaded = load(str(path))
    readings = readings_of(loaded, "response", 10_000)

    possible = {dict(readings.combinations[at]).get("nights", "kept") + " " + dict(readings.combinations[at]).get(
        "target", "office") + " " + dict(readings.combinations[at]).get("hours", "no-")
        for variant in readings.variants if variant.is_possible for at in variant.combinations}  # fmt: skip

    assert len(readings.combinations) == combinations_of(loaded, "response") == 24
    # without a night shift nothing is due at night; where Friday is short a day is worth two lengths
    assert possible == {
        "kept night no-", "kept night yes-", "kept office no-", "kept office yes-", "kept day no-",
        "gone office no-", "gone office yes-", "gone day no-",
    }  # fmt: skip
    for variant in readings.variants:
        whole = _under(loaded, readings.combinations[variant.combinations[0]])
        assert variant.is_possible == (whole is not None)


def test_from_which_day_a_claim_runs_is_not_combined_and_the_policys_zone_is():
    assert list(readings_of(load("securenvoy"), "availability", 100).choices) == [
        "headquarters", "exclusions-scope", "unknown-cause", "service-period", "portals",
    ]  # fmt: skip
    assert list(readings_of(load("sequence"), "availability", 100).choices) == ["downtime-means", "maintenance", "zone"]


FIRST_BY_ANOTHER_NAME = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support
calendars: {business: office, office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:00}}}
severities: {S1: {}}
clauses: {response: {measure: first-response, targets: {S1: 2h on always}}}
readings:
  hours:
    question: Which?
    default: nine
    choices: {nine: {}, eight: {calendars: {office: {hours: {mon-fri: 08:00-17:00}}}}}
"""


def test_a_first_calendar_that_is_another_name_leaves_the_clause_a_policy(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(FIRST_BY_ANOTHER_NAME, encoding="utf-8")

    [variant] = readings_of(load(str(path)), "response", 100).variants

    assert variant.is_possible


def test_a_settled_reading_is_not_combined():
    loaded = load("sequence", {"zone": "london"})

    assert combinations_of(loaded, "availability") == 4
    assert readings_of(loaded, "availability", 100).variants[0].policy.timezone == "Europe/London"


def test_the_fields_of_every_choice_are_asked_for(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(CLASHING, encoding="utf-8")

    assert fields_asked(load(str(path))) == {"channel", "requester_role", "cause"}
