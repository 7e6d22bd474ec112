"""JUnit XML keeps to the schema that CI servers check, and counts what it lists."""

from __future__ import annotations

import copy
import io
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from slaaudit.report.as_junit import write_junit

#: The rules of the schema that Jenkins and GitLab read by: children in this order, attributes required or allowed.
RULES = {
    "testsuites": (["testsuite"], {"tests", "failures", "errors"}, {"name", "time", "skipped"}),
    "testsuite": (
        ["properties", "testcase"],
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"},
        set(),
    ),
    "properties": (["property"], set(), set()),
    "property": ([], {"name", "value"}, set()),
    "testcase": (["skipped", "error", "failure"], {"name", "classname", "time"}, set()),
    "failure": ([], {"type", "message"}, set()),
    "error": ([], {"type", "message"}, set()),
    "skipped": ([], {"message"}, set()),
}
OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def written(record):
    stream = io.StringIO()
    write_junit(record, stream)
    return stream.getvalue()


def parsed(record):
    return ET.fromstring(written(record).encode("utf-8"))  # noqa: S314  (our own output)


def assert_valid(element):
    order, required, allowed = RULES[element.tag]
    assert required <= set(element.attrib) <= required | allowed, element.tag
    tags = [child.tag for child in element]
    assert tags == sorted(tags, key=order.index)
    if element.tag == "testcase":
        assert len(tags) <= 1
    for name in {"tests", "failures", "errors", "skipped"} & set(element.attrib):
        assert element.attrib[name].isdecimal()
    if "time" in element.attrib:
        assert float(element.attrib["time"]) >= 0
    for child in element:
        assert_valid(child)


def assert_counted(suite):
    cases = suite.findall(".//testcase")
    assert int(suite.get("tests")) == len(cases)
    for attribute, tag in OUTCOMES.items():
        assert int(suite.get(attribute)) == sum(case.find(tag) is not None for case in cases)


def test_it_keeps_to_the_schema_and_counts_its_cases(rich_record):
    root = parsed(rich_record)

    assert_valid(root)
    for suite in (root, *root):
        assert_counted(suite)


def test_hostile_text_is_text(hostile_record, few_record):
    root = parsed(hostile_record)

    assert_valid(root)
    assert_counted(root)
    assert len(root.findall(".//testcase")) == len(parsed(few_record).findall(".//testcase"))


def test_each_verdict_has_one_outcome(rich_record):
    root = parsed(rich_record)
    found = Counter(tag for case in root.iter("testcase") for tag in ([child.tag for child in case] or ["passed"]))
    rows = [*rich_record["measurements"], *rich_record["availability"], *rich_record["attainments"]]
    verdicts = Counter("waived" if row.get("waived") else row["verdict"] for row in rows)
    assert found == {
        "passed": verdicts["met"],
        "failure": verdicts["breached"],
        "error": verdicts["unknown"],
        "skipped": sum(verdicts[each] for each in ("waived", "running", "excluded", "no-target", "superseded")),
    }


def test_a_case_is_a_ticket_and_its_cycle(rich_record):
    suites = parsed(rich_record).findall("testsuite")
    updates = next(suite for suite in suites if suite.get("name").startswith("updates P1"))
    names = [case.get("name") for case in updates.iter("testcase")]
    rows = [row for row in rich_record["measurements"] if (row["clause"], row["severity"]) == ("updates", "P1")]
    assert names == [row["ticket"] + (f" (cycle {row['cycle']})" if row["cycle"] > 1 else "") for row in rows]
    assert len(set(names)) == len(names)


def test_a_failure_says_by_how_much_and_where(sample_record):
    case = next(case for case in parsed(sample_record).iter("testcase") if case.get("name") == "SE70237")
    message = case.find("failure").get("message")
    assert message.startswith("over by 2h 30m of business time: took 6h 30m of business time; the target is 4h")
    assert "events.csv row 550" in message
    assert case.find("failure").get("type") == "breach"


def test_periods_and_shares_are_cases(rich_record):
    root = parsed(rich_record)
    periods = [case for case in root.iter("testcase") if case.get("classname") == "securenvoy.availability"]
    shares = [case for case in root.iter("testcase") if case.get("classname").endswith(".share")]

    assert [case.get("name") for case in periods] == ["2026-03", "2026-04", "2026-05"]
    assert "announced by telephone" in periods[0].find("skipped").get("message")
    assert periods[1].find("failure").get("message") == "98.94958% of the promised 99%"
    assert [(case.get("name"), case.find("failure") is not None) for case in shares] == [
        ("2026-03", True),
        ("2026-04", False),
    ]


@pytest.mark.parametrize("code", [0, 0x0B, 0x1F, 0xFFFE, 0xFFFF, 0xD800, 0xDFFF])
def test_what_xml_forbids_is_shown_escaped(small_record, code):
    made = copy.deepcopy(small_record)
    made["measurements"][0]["ticket"] = f"a{chr(code)}b"
    names = [case.get("name") for case in parsed(made).iter("testcase")]
    assert any(name.startswith("a\\") and name.endswith("b") for name in names)


def test_a_report_without_anything_is_an_empty_suite_of_suites(small_record):
    root = parsed(small_record | {"summary": [], "measurements": [], "attainments": []})
    assert (root.get("tests"), len(root)) == ("0", 0)
