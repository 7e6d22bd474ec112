"""Two versions of one policy: wherever their clauses stand beside each other, a report says which is which."""

from __future__ import annotations

import zipfile

import pytest

from slaaudit.cli import app

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: UTC
effective: {SPAN}
severities:
  S1: {{title: Critical}}
clauses:
  response:
    title: First response
    binding: warranted
    measure: first-response
    targets: {{S1: 1h on always}}
"""
SPANS = {"old": "{until: 2026-05-31}", "new": "{from: 2026-06-01}"}
TICKETS = """\
ticket_id,created_at,severity,first_response_at
T-1,2026-05-04T13:00:00Z,S1,2026-05-04T13:40:00Z
T-2,2026-06-02T13:00:00Z,S1,2026-06-02T15:00:00Z
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Every format of one report, by its suffix, and what it prints."""
    folder = tmp_path_factory.mktemp("versions")
    for name, span in SPANS.items():
        (folder / f"{name}.yaml").write_text(POLICY.format(SPAN=span))
    (folder / "tickets.csv").write_text(TICKETS)
    words = [
        "check",
        str(folder / "tickets.csv"),
        "--policy",
        str(folder / "old.yaml"),
        "--policy",
        str(folder / "new.yaml"),
    ]
    outputs = [str(folder / f"report.{suffix}") for suffix in ("json", "md", "xml", "svg", "html", "xlsx")]
    app([*words, *(word for path in outputs for word in ("--output", path))], standalone_mode=False)
    app(["render", outputs[0], "--output", str(folder / "report.txt")], standalone_mode=False)
    return folder


@pytest.mark.parametrize(
    ("suffix", "told"),
    [
        ("txt", ["  In force until 2026-05-31\n  response", "  In force from 2026-06-01\n  response"]),
        (
            "md",
            ["in force until 2026-05-31", "| until 2026-05-31 | First response | S1 |", "| from 2026-06-01 | First"],
        ),
        ("xml", ["First response (until 2026-05-31)", "First response (from 2026-06-01)"]),
        ("svg", ["First response, warranted, until 2026-05-31", "First response, warranted, from 2026-06-01"]),
        ("html", ["warranted, until 2026-05-31", "warranted, from 2026-06-01"]),
        ("xlsx", ["response (until 2026-05-31)", "response (from 2026-06-01)"]),
    ],
)
def test_clauses_of_two_versions_are_told_apart_in_each_format(reports, suffix, told):
    path = reports / f"report.{suffix}"
    text = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode() if suffix == "xlsx" else path.read_text()

    assert [words for words in told if words not in text] == []
