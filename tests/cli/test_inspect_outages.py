"""``inspect`` and ``check`` of files of incidents, maintenance and usage: what they hold, and where they belong."""

from __future__ import annotations

import json

INCIDENTS = """\
incident_id,started_at,ended_at,component,severity,planned
I-1,2026-05-01 10:00,2026-05-01 11:00,api,Major,no
I-2,2026-05-01 10:30,2026-05-01 10:45,api,Minor,maybe
I-3,2026-05-02 10:00,,web,Major,yes
I-4,2026-05-03 10:00,2026-05-03 09:00,web,Major,no
"""
USAGE = """\
window_start,window_end,total,failed
2026-05-01T10:00Z,2026-05-01T11:00Z,100,1
2026-05-01T10:30Z,2026-05-01T11:30Z,100,1
"""


def test_incidents_are_told_with_their_oddities(run, folder):
    (folder / "outages.csv").write_text(INCIDENTS)
    ended = run("inspect", "outages.csv", "--timezone", "UTC")
    assert ended.code == 0
    assert "Shape     incidents (one row an incident or a change)" in ended.out
    assert "Rows      4, 1 of them cannot be used" in ended.out
    assert "Planned (planned); 1 word of 3 not known" in ended.out
    assert "--value planned:maybe=true" in ended.out
    odd = " ".join(ended.out.split("What looks odd")[1].split())
    assert "1 row cannot be used: the end lies before the start in ended_at (first row 5, '2026-05-03 09:00')" in odd
    assert "1 row without an end: open incidents (row 4, as in '2026-05-02 10:00')" in odd
    assert "2 rows that overlap another row of the same component (rows 2, 3, as in" in odd


def test_a_zone_that_is_missing_is_asked_for(run, folder):
    (folder / "outages.csv").write_text(INCIDENTS)
    ended = run("inspect", "outages.csv")
    assert "The times name no zone. Say whose local time they are with --timezone" in " ".join(ended.out.split())


def test_usage_is_told_and_the_next_command_names_its_flag(run, folder):
    (folder / "usage.csv").write_text(USAGE)
    ended = run("inspect", "usage.csv")
    assert "Shape     usage (one row a window with its counts)" in ended.out
    assert "2 rows that overlap another row of the same component" in ended.out
    assert ended.out.rstrip().endswith("Next: slaaudit credits --usage usage.csv --policy NAME")


def test_the_facts_of_incidents_are_data_too(run, folder):
    (folder / "outages.csv").write_text(INCIDENTS)
    (file,) = json.loads(run("inspect", "outages.csv", "--timezone", "UTC", "--format", "json").out)["files"]
    assert (file["shape"], file["profile"], file["records"], file["usable"]) == ("incidents", "plain", 4, 3)
    assert {"open-incident", "overlapping"} <= {odd["kind"] for odd in file["oddities"]}


def test_a_mapping_is_begun_for_incidents(run, folder):
    (folder / "outages.csv").write_text(INCIDENTS.replace("started_at", "Down since"))
    ended = run("inspect", "outages.csv", "--timezone", "UTC", "--write", "mapping.yaml")
    text = (folder / "mapping.yaml").read_text("utf-8")
    assert ended.code == 0
    assert "started_at: FILL-IN" in text
    assert "  ended_at: ended_at" in text


def test_check_names_the_flag_of_a_file_of_incidents(run, folder):
    (folder / "outages.csv").write_text(INCIDENTS)
    ended = run("check", "outages.csv", "--policy", "acme.yaml")
    assert ended.code == 3
    assert "outages.csv: this is a file of incidents; give it with --incidents, beside an export of" in ended.err
