"""What the docs show is true: their policies and mappings are read, their tables hold what the code knows."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from slaaudit.audit import audit
from slaaudit.evidence import ReadOptions, fields, read
from slaaudit.evidence.tables import Kind, State
from slaaudit.policy import load
from slaaudit.policy.example_reader import policy_examples
from slaaudit.policy.examples import Example, Expected
from slaaudit.policy.model import PRESETS, Binding
from slaaudit.rehearsal import rehearsed
from slaaudit.report.as_json import write_json
from slaaudit.report.example_facts import misses
from slaaudit.report.found import found_in
from slaaudit.results import Caveat, Verdict, Why

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def _page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def _yaml(name):
    return re.findall(r"^```yaml\n(.*?)^```", _page(name), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("nth", range(2))
def test_a_policy_of_the_docs_is_a_policy_without_warnings(nth, tmp_path):
    path = tmp_path / "shown.yaml"
    path.write_text(_yaml("policies.md")[nth], "utf-8")
    loaded = load(str(path))
    assert not loaded.warnings


def test_the_examples_of_the_docs_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    policy, _, carried, beside = _yaml("policies.md")
    Path("shown.yaml").write_text(policy + carried, "utf-8")
    Path("securenvoy.yaml").write_text((ROOT / "policies" / "securenvoy.yaml").read_text("utf-8"), "utf-8")
    Path("securenvoy.examples.yaml").write_text(beside, "utf-8")
    for name, count in (("shown.yaml", 3), ("securenvoy.yaml", 1)):
        found = policy_examples(name)
        assert len(found.trials) == count
        assert [misses(rehearsed(trial, found.loaded)) for trial in found.trials] == [[]] * count


def test_the_keys_of_examples_are_those_of_the_docs():
    section = _page("policies.md").split("## Examples")[1].split("## Warnings")[0]
    table = "".join(re.findall(r"^\| (.*?) \|", section, re.MULTILINE))
    keys = {name.replace("_", "-") for name in Example.model_fields}
    assert set(re.findall(r"`([\w-]+)`", table)) == keys
    told = {name.replace("_", "-") for name in Expected.model_fields}
    assert told <= set(re.findall(r"`([\w-]+)`", section))


def test_the_mapping_of_the_docs_reads_such_an_export(tmp_path):
    (tmp_path / "mapping.yaml").write_text(_yaml("inputs.md")[0], "utf-8")
    export = tmp_path / "export.csv"
    export.write_text(
        "Ticket Id,Created Time,First Response (in Minutes),Priority,State,Requester\n"
        "1,05 Jun 2026 04:05 PM,30,Blocker,n/a,customer-01\n"
    )
    found = read([str(export)], ReadOptions(mapping=str(tmp_path / "mapping.yaml")))
    assert not found.rejected
    assert found.tickets.severity[0] == "critical"
    assert found.latest == (dt.datetime(2026, 6, 5, 11, 5, tzinfo=dt.UTC).timestamp()) * 1_000_000


def test_the_measures_of_the_docs_are_the_presets():
    table = _page("how-time-is-counted.md").split("## Clocks")[1].split("A policy may")[0]
    assert set(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) == {*PRESETS, "between"}


def _names(members):
    return {member.name.lower().replace("_", "-") for member in members}


def test_verdicts_caveats_states_and_reasons_to_count_are_all_told():
    page = _page("how-time-is-counted.md")
    verdicts, caveats = page.split("## Verdicts")[1].split("### Caveats")
    assert set(re.findall(r"^\| `([\w-]+)` \|", verdicts, re.MULTILINE)) == _names(Verdict)
    assert set(re.findall(r"^\| `([\w-]+)` \|", caveats, re.MULTILINE)) == _names(Caveat)
    glossary = _page("glossary.md")
    assert all(f"`{state}`" in glossary for state in _names(set(State) - {State.UNKNOWN}))
    report = _page("report.md")
    assert all(f"`{why}`" in report for why in _names(Why))


def test_every_plain_name_is_told():
    page = _page("inputs.md")
    for shape in fields.REQUIRED:
        for name in set(fields.known(shape)) - {"description"}:
            assert f"`{name}`" in page, name
    assert all(f"`{name}`" in page for name in _names(set(Kind) - {Kind.REPORTED}))


def test_the_report_has_the_keys_told(tmp_path):
    tickets = tmp_path / "tickets.csv"
    tickets.write_text("ticket_id,created_at,severity,first_response_at\n1,2026-03-02T15:00Z,S2,2026-03-02T16:00Z\n")
    path = tmp_path / "report.json"
    with path.open("w", encoding="utf-8") as stream:
        write_json(found_in(audit(read([str(tickets)], ReadOptions()), [load("sequr")])), stream)
    report = json.loads(path.read_text(encoding="utf-8"))
    page = _page("report.md")
    told = set(re.findall(r"`(\w+)`", page))
    assert set(report) <= told
    for rows in ("measurements", "summary", "tickets"):
        assert set(report[rows][0]) <= told, rows
    table = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", page.split("## JSON")[1].split("**summary**")[0], re.MULTILINE)
    assert set(re.findall(r"\w+", " ".join(table))) == set(report) - {"schema"}


def test_the_glossary_tells_what_binds():
    assert all(f"`{force}`" in _page("glossary.md") for force in get_args(Binding))


def test_the_python_example_runs(monkeypatch, capsys):
    """The block under "From Python" prints counts of the sample's verdicts."""
    page = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    code = page.split("## From Python")[1].split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(ROOT)
    exec(compile(code, "docs/report.md", "exec"), {})  # noqa: S102  (our own documentation)
    assert "breached" in capsys.readouterr().out
