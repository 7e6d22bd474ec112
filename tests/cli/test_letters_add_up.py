"""What a letter lists adds up to the downtime that it claims for: nothing that was passed over, all that counts."""

from __future__ import annotations

POLICY = """\
slaaudit: 1
id: up
vendor: V
title: T
timezone: Europe/London
clauses:
  up:
    measure: availability
    promised: 99.9%
    per: component
    excludes: {m: {planned: true}}
    maintenance: {notice: 2d, budget: 1h, otherwise: downtime}
    outage: {at-least: 5m}
    credits: {flat: 8 days}
"""
INCIDENTS = """\
incident_id,started_at,ended_at,component
long,2026-03-12T00:00:00Z,2026-03-12T00:44:00Z,
enough,2026-03-10T00:00:00Z,2026-03-10T00:05:00Z,api
short,2026-03-11T00:00:00Z,2026-03-11T00:04:59Z,api
hidden,2026-03-20T00:10:00Z,2026-03-20T00:20:00Z,api
elsewhere,2026-03-13T00:00:00Z,2026-03-13T02:00:00Z,web
"""
MAINTENANCE = """\
started_at,ended_at,announced_at,component
2026-03-20T00:00:00Z,2026-03-20T00:40:00Z,2026-03-18T00:00:00Z,
2026-03-21T00:00:00Z,2026-03-21T00:40:00Z,2026-03-19T00:00:01Z,
2026-03-22T00:00:00Z,2026-03-22T00:40:00Z,2026-03-01T00:00:00Z,web
2026-03-23T00:00:00Z,2026-03-23T00:50:00Z,2026-03-01T00:00:00Z,api
"""


def test_the_rows_of_a_letter_add_up_to_the_downtime(run, folder):
    """Of api: 5m, 44m, the window announced a second late, and the half hour over the budget: 1h 59m."""
    (folder / "up.yaml").write_text(POLICY)
    (folder / "i.csv").write_text(INCIDENTS)
    (folder / "m.csv").write_text(MAINTENANCE)
    flags = ("--incidents", "i.csv", "--maintenance", "m.csv", "--policy", "up.yaml", "--as-of", "2026-04-01")
    out = run("claim", *flags, "--format", "txt").out
    (api,) = [letter for letter in out.split("=" * 72) if "of api" in letter]
    assert "1h 59m of downtime, after 1h of" in " ".join(api.split())
    happened = api.partition("WHAT HAPPENED")[2].partition("Left out")[0]
    assert happened.splitlines()[2:-1] == [
        "  long: from 2026-03-12 00:00 to 2026-03-12 00:44, 44m, 100% affected",
        "    i.csv row 2",
        "  enough: from 2026-03-10 00:00 to 2026-03-10 00:05, 5m, 100% affected",
        "    i.csv row 3",
        "  maintenance: from 2026-03-21 00:00 to 2026-03-21 00:40, 40m, 100% affected",
        "    scheduled, but not left out; m.csv row 3",
        "  maintenance: from 2026-03-23 00:20 to 2026-03-23 00:50, 30m, 100% affected",
        "    scheduled, but not left out; m.csv row 5",
    ]
