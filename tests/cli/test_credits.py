"""``slaaudit credits`` and ``claim``: files written whole, exit codes, and what is not imported for nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

POLICY = """\
slaaudit: 1
id: up
vendor: Acme
title: Acme service agreement
timezone: UTC
clauses:
  uptime:
    measure: availability
    binding: {binding}
    promised: 99.9%
    per: component
    credits:
      tiers: [{{below: 99.9%, credit: 10%}}]
      claim: {{within: 30 days, from: outage-end}}
"""
INCIDENTS = """\
incident_id,started_at,ended_at,component,title
I-1,2026-04-10T10:00:00Z,2026-04-10T20:00:00Z,api,"\x1b[31mred | pipe\u202e"
I-2,2026-04-11T10:00:00Z,2026-04-11T20:00:00Z,../portal,<b>bold</b>
I-3,2026-05-11T10:00:00Z,2026-05-11T10:01:00Z,api,short
"""
FLAGS = ("--incidents", "incidents.csv", "--policy", "up.yaml")


@pytest.fixture(autouse=True)
def _files(folder):
    (folder / "up.yaml").write_text(POLICY.format(binding="warranted"))
    (folder / "incidents.csv").write_text(INCIDENTS, encoding="utf-8")


def test_letters_are_written_to_a_folder_each_to_a_file_of_its_own(run, folder) -> None:
    (folder / "letters").mkdir()
    ended = run("claim", *FLAGS, "--as-of", "2026-05-05", "--into", "letters")
    assert ended.code == 0
    names = sorted(path.name for path in (folder / "letters").iterdir())
    assert names == ["claim-uptime-api-2026-04-tier.md", "claim-uptime-portal-2026-04-tier.md"]
    text = (folder / "letters" / names[0]).read_text()
    assert "\x1b" not in text
    assert "red \\| pipe" in text
    again = run("claim", *FLAGS, "--as-of", "2026-05-05", "--into", "letters")
    assert again.code == 2
    assert "--force" in again.err
    assert run("claim", *FLAGS, "--as-of", "2026-05-05", "--into", "letters", "--force").code == 0


def test_a_hostile_title_is_harmless_in_markdown(run) -> None:
    out = run("claim", *FLAGS, "--as-of", "2026-05-05").out
    assert "\\<b\\>bold" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize(
    ("binding", "fail_on", "code"),
    [("warranted", "breach", 1), ("warranted", "warranted", 1), ("target", "warranted", 0), ("target", "breach", 1)],
)
def test_fail_on_looks_at_what_binds(run, folder, binding, fail_on, code) -> None:
    (folder / "up.yaml").write_text(POLICY.format(binding=binding))
    assert run("credits", *FLAGS, "--fail-on", fail_on).code == code


def test_the_report_is_written_whole_and_by_its_suffix(run, folder) -> None:
    run("credits", *FLAGS, "--output", "credits.json", "--output", "credits.txt", "--quiet")
    report = json.loads((folder / "credits.json").read_text())
    assert [row["component"] for row in report["availability"]] == ["api", "api", "../portal", "../portal"]
    assert (folder / "credits.txt").read_text().startswith("slaaudit ")


def test_a_period_alone_is_reported(run) -> None:
    ended = run("credits", *FLAGS, "--period", "2026-05", "--format", "json")
    report = json.loads(ended.out)
    assert {row["period"] for row in report["availability"]} == {"2026-05"}
    assert report["credits"] == []
    assert ended.code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--period", "2026-13"), "is no period"),
        (("--period", "9999"), "beyond the years"),
        (("--as-of", "soon"), "--as-of soon"),
        (("--fee", "nowhere.csv"), "cannot be read"),
        (("--format", "csv"), "--format csv"),
    ],
)
def test_what_makes_no_sense_is_refused(run, words, told) -> None:
    ended = run("credits", *FLAGS, *words)
    assert (ended.code, told in ended.err) == (2, True), ended.err


def test_letters_and_columns_are_imported_only_where_they_are_needed() -> None:
    code = "import sys; from slaaudit.cli import app; print({'jinja2', 'numpy', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_incident_that_the_clause_is_not_about_is_told_in_words(run, folder) -> None:
    clause = "applies: {environment: production}\n    promised"
    (folder / "up.yaml").write_text(POLICY.format(binding="warranted").replace("promised", clause))
    rows = INCIDENTS.replace(",title", ",title,environment").replace(",short", ",short,test")
    (folder / "incidents.csv").write_text(rows, encoding="utf-8")
    ended = run("credits", *FLAGS, "-o", "r.md", "-o", "r.html")
    texts = [ended.out, *((folder / name).read_text() for name in ("r.md", "r.html"))]
    assert ["the clause does not apply" in text for text in texts] == [True, True, True]
    assert not any("does-not-apply" in text for text in texts)
