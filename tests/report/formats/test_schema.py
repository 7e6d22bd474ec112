"""The model knows every field that we write, and the JSON Schema in the docs is made from it."""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import io
import json
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of
from slaaudit.report.schema import Report, report_schema

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "sample_data"


def _checker():
    """The small validator that holds policies against their schema."""
    spec = importlib.util.spec_from_file_location("schema_check", ROOT / "tests" / "policy" / "schema_check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Checker(report_schema())


CHECKER = _checker()


def files(name, *kinds):
    found = [str(path) for kind in ("tickets", "events") for path in (SAMPLES / name).glob(f"{kind}*.csv")]
    mapping = SAMPLES / name / "mapping.yaml"
    more = ["--mapping", str(mapping)] if mapping.exists() else []
    return found + more + [word for kind in kinds for word in (f"--{kind}", str(SAMPLES / name / f"{kind}.csv"))]


SERVICE = ("--incidents", f"{SAMPLES}/securenvoy/incidents.csv", "--policy", "securenvoy")
RUNS = {
    "check-sequr": ["check", *files("sequr"), "--policy", "sequr"],
    "check-capsure": ["check", *files("capsure"), "--policy", "capsure"],
    "check-secpod": ["check", *files("secpod"), "--policy", "secpod"],
    "worksheets-and-service": [
        "check", *files("securenvoy", "incidents", "maintenance", "usage"), "--policy", "securenvoy", "--worksheets",
    ],
    "a-period": ["check", *files("sequr"), "--policy", "sequr", "--period", "2026-03", "--period-by", "due"],
    "credits": ["credits", *SERVICE],
    "credits-as-of": ["credits", *SERVICE, "--as-of", "2026-05-10"],
    "credits-with-fee": ["credits", *SERVICE, "--fee", "1200 EUR"],
    "dispute": ["dispute", *files("sequr"), "--policy", "sequr"],
    "dispute-of-a-service": ["dispute", *SERVICE],
    "dispute-unsettled": ["dispute", *files("sequr"), "--policy", "sequr", "--max-combinations", "2"],
    "findings-and-risks": ["check", *files("sequr"), "--policy", "sequr", "--findings", "--at-risk", "1"],
    "requests": [
        "credits", *SERVICE, "--usage", f"{SAMPLES}/securenvoy/usage.csv", "--set", "availability=requests",
    ],
}  # fmt: skip


@pytest.fixture(scope="module", params=RUNS.values(), ids=RUNS.keys())
def report(request):
    """What a command writes as JSON."""
    return _json_of(request.param)


def _json_of(words):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        exit_code_of(app, [*words, "--format", "json"])
    return json.loads(stream.getvalue())


def unknown_fields(part, path="report"):
    """Fields that the model keeps without knowing them."""
    if isinstance(part, BaseModel):
        yield from (f"{path}.{name}" for name in part.model_extra or ())
        for name in type(part).model_fields:
            yield from unknown_fields(getattr(part, name), f"{path}.{name}")
    elif isinstance(part, list):
        for each in part:
            yield from unknown_fields(each, f"{path}[]")


def test_the_model_knows_every_field_we_write(report):
    assert sorted(set(unknown_fields(Report.model_validate(report)))) == []


def test_what_we_write_fits_the_schema(report):
    assert CHECKER.fits(report)


SHARES = """\
slaaudit: 1
id: s
vendor: S
title: S
timezone: UTC
severities: {S1: {title: C}}
clauses:
  response:
    measure: first-response
    binding: warranted
    targets: {S1: 1h on always}
    attainment: {share: 50%, per: month}
"""


@pytest.mark.parametrize(("waivers", "fails"), [("[]", True), ("[{ticket: A, reason: agreed, by: board}]", False)])
def test_a_report_of_promised_shares_and_waivers_fits(tmp_path, waivers, fails):
    (tmp_path / "s.yaml").write_text(SHARES)
    (tmp_path / "w.yaml").write_text(waivers.replace("reason", "clause: response, expires: 2026-12-31, reason"))
    (tmp_path / "t.csv").write_text(
        "ticket_id,created_at,severity,first_response_at\nA,2026-03-01T00:00:00Z,S1,2026-03-01T02:00:00Z\n"
    )
    report = _json_of(
        ["check", f"{tmp_path}/t.csv", "--policy", f"{tmp_path}/s.yaml", "--waivers", f"{tmp_path}/w.yaml"]
    )
    assert [row["fails"] for row in report["attainments"]] == [fails]
    assert list(unknown_fields(Report.model_validate(report))) == []
    assert CHECKER.fits(report)


def test_a_reconciled_report_fits(tmp_path):
    path = tmp_path / "tickets.csv"
    path.write_text(
        "ticket_id,created_at,severity,first_response_at,claimed_response_met\n"
        "1,2026-03-02T15:00Z,S2,2026-03-03T16:00Z,yes\n"
    )
    report = _json_of(["check", str(path), "--policy", "sequr", "--reconcile"])
    assert report["reconciliation"]["differ"] == 1
    assert list(unknown_fields(Report.model_validate(report))) == []
    assert CHECKER.fits(report)


def test_what_is_not_filled_in_yet_has_a_place(rich_record):
    assert list(unknown_fields(Report.model_validate(rich_record))) == []
    assert CHECKER.fits(rich_record)


def test_more_fields_are_allowed(small_record):
    made = small_record | {"later": 1, "tool": small_record["tool"] | {"later": {}}}
    assert Report.model_validate(made)
    assert CHECKER.fits(made)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "slaaudit.report/2"),
        (("as_of",), "2026-05-04 13:00"),
        (("policies",), []),
        (("measurements", 0, "verdict"), "good"),
        (("measurements", 0, "elapsed_s"), "12"),
        (("measurements", 0, "elapsed_s"), -1),
        (("measurements", 0, "ticket"), 7),
        (("summary", 0, "met"), 1.5),
        (("summary", 0, "attainment"), 97.5),
        (("outcome", "verdict"), None),
        (("as_of_given",), 0),
        (("measurements", 0, "cycle"), 2**31),
        (("measurements", 0, "elapsed_s"), 1e300),
    ],
)
def test_a_slip_fits_neither_the_model_nor_the_schema(small_record, path, value):
    made = copy.deepcopy(small_record)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValidationError):
        Report.model_validate(made)
    assert not CHECKER.fits(made)


def test_the_copy_in_the_docs_is_of_today():
    kept = (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")
    assert json.loads(kept) == report_schema()


def test_the_command_prints_it(capsys):
    assert exit_code_of(app, ["policy", "schema", "--report"]) == 0
    assert json.loads(capsys.readouterr().out) == report_schema()
