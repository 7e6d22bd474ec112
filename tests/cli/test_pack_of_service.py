"""An evidence pack that tells of a service too: outages, fees and waivers beside tickets, from files in folders."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest

UPTIME = """\
  uptime:
    title: Availability
    section: "5.2"
    binding: warranted
    measure: availability
    promised: 99.9%
    excludes: {planned: {planned: true}, third: {cause: third-party}}
    credits:
      tiers: [{below: 99.9%, credit: 10%}]
      claim: {within: 10 days, from: outage-end}
"""
FILES = {
    "exports/tickets.csv": "ticket_id,created_at,severity,status,first_response_at,requester\n"
    "T-1,2026-05-04T13:00:00Z,S1,open,2026-05-06T15:00:00Z,Ada Example\n",
    "service/incidents.csv": "incident_id,started_at,ended_at,cause,planned,title\n"
    "I-1,2026-05-10T10:00:00Z,2026-05-10T12:00:00Z,,false,<b>Ada Example</b> pulled the plug\n"
    "I-2,2026-05-11T10:00:00Z,2026-05-11T12:00:00Z,third-party,false,Carrier\n"
    "I-3,2026-06-02T00:00:00Z,2026-06-02T06:00:00Z,,false,Waived\n",
    "service/maintenance.csv": "started_at,ended_at\n2026-05-10T11:30:00Z,2026-05-10T11:45:00Z\n",
    "fees.csv": "month,fee\n2026-05,1200 EUR\n",
    "waivers.yaml": "- {incident: I-3, clause: uptime, reason: Ada Example agreed, by: board, expires: 2099-01-01}\n"
    "- {ticket: T-1, clause: response, reason: as Ada Example wished, by: board, expires: 2099-01-01}\n",
}
ROOTED = (
    "--policy", "acme.yaml", "--incidents", "service/incidents.csv", "--maintenance", "service/maintenance.csv",
    "--fee", "fees.csv", "--waivers", "waivers.yaml", "--reading", "urgency=hour",
)  # fmt: skip
CHECK = ("check", "exports/tickets.csv", *ROOTED, "--quiet")
ORIGINALS = ("acme.yaml", *FILES)


@pytest.fixture(autouse=True)
def service(folder):
    """The folder with a service's files beside the tickets'."""
    policy = (folder / "acme.yaml").read_text()
    (folder / "acme.yaml").write_text(policy.replace("readings:", f"{UPTIME}readings:"))
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_it_is_the_same_from_any_folder_and_verifies_there(run, folder, monkeypatch):
    assert run(*CHECK, "--as-of", "2026-06-30", "--pack", "one.zip").code == 1
    away = folder / "away"
    away.mkdir()
    shutil.move(folder / "one.zip", away / "one.zip")
    monkeypatch.chdir(away)
    assert run("verify", "one.zip", *(f"../{name}" for name in ORIGINALS)).code == 0
    moved = [f"../{word}" if word in ORIGINALS else word for word in CHECK]
    run(*moved, "--as-of", "2026-06-30", "--pack", "two.zip")
    assert (away / "one.zip").read_bytes() == (away / "two.zip").read_bytes()


def test_tickets_and_service_have_one_now(run, folder):
    run(*CHECK, "--as-of", "now", "--pack", "pack", "--output", "report.json")
    report = json.loads((folder / "report.json").read_text())
    (row,) = [row for row in report["availability"] if row["to_date"]]
    counted = dt.datetime.fromisoformat(report["as_of"]) - dt.datetime.fromisoformat(row["from"])
    assert row["total_s"] == counted.total_seconds()
    assert run("verify", "pack", *ORIGINALS).code == 0


def test_the_reasons_of_waivers_are_redacted_too(run, folder):
    run(*CHECK, "--as-of", "2026-06-30", "--redact", "requester", "--pack", "pack")
    for file in (folder / "pack").rglob("*.*"):
        assert "Ada" not in file.read_text(), file.name
    assert "as requester-1 wished" in (folder / "pack" / "report.json").read_text()
    assert run("verify", "pack", *ORIGINALS).code == 0


def test_a_solid_period_has_a_page_with_its_numbers_and_the_rows_as_they_stood(run, folder):
    """May has 744 hours less a quarter; two hours of outage less that quarter are 105 minutes: 99.7647%."""
    run(*CHECK, "--as-of", "2026-06-30", "--pack", "pack")
    pages = {file.name: file.read_text() for file in (folder / "pack" / "breaches").iterdir()}
    assert set(pages) == {"T-1-response.html", "2026-05-uptime.html", "2026-06-uptime.html"}
    may = pages["2026-05-uptime.html"]
    for line in (
        "<h1>2026-05: Availability</h1>",
        "Promise   99.9%, warranted: acme.yaml:19, section 5.2",
        "Counted   31d, less 15m excluded: 30d 23h 45m",
        "Down      1h 45m, counted by downtime",
        "Available 99.7647%, below the promise",
        "I-1   2026-05-10 06:00  2026-05-10 08:00  1h 45m            100%",
        "I-2          2026-05-11 06:00  2026-05-11 08:00  third",
        "maintenance  2026-05-10 07:30  2026-05-10 07:45  planned",
        "99.7647% is below 99.9%: 10% of 1,200.00 EUR = 120.00 EUR",
        "<td>&lt;b&gt;Ada Example&lt;/b&gt; pulled the plug</td>",
        "<td>Carrier</td>",
        '<th scope="row">2</th><td>2026-05-10T11:30:00Z</td><td>2026-05-10T11:45:00Z</td>',
    ):
        assert line in may, line
    assert "<td>Waived</td>" not in may
    assert "Ada Example agreed" in pages["2026-06-uptime.html"]


def test_a_period_that_a_reading_saves_has_no_page(run, folder):
    policy = (folder / "acme.yaml").read_text()
    choice = "      lax: {clauses: {uptime: {promised: 99.5%}}}\n      strict: {clauses: {uptime: {promised: 99.9%}}}\n"
    reading = (
        f"  promise:\n    question: How much?\n    raised-by: Silent.\n    default: strict\n    choices:\n{choice}"
    )
    (folder / "acme.yaml").write_text(policy + reading)
    run(*CHECK, "--as-of", "2026-06-30", "--pack", "pack")
    assert not (folder / "pack" / "breaches" / "2026-05-uptime.html").exists()
    assert (folder / "pack" / "breaches" / "2026-06-uptime.html").exists()


def test_a_column_of_the_incidents_can_be_redacted(run, folder):
    run(*CHECK, "--as-of", "2026-06-30", "--redact", "title", "--pack", "pack")
    may = (folder / "pack" / "breaches" / "2026-05-uptime.html").read_text()
    assert "<td>title-1</td>" in may
    assert "Carrier" not in may
    assert run("verify", "pack", *ORIGINALS).code == 0


def test_components_that_the_report_tells_apart_cannot_be_redacted(run, folder):
    policy = (folder / "acme.yaml").read_text()
    (folder / "acme.yaml").write_text(policy.replace("promised: 99.9%", "promised: 99.9%\n    per: component"))
    incidents = (folder / "service/incidents.csv").read_text().replace("title", "component")
    (folder / "service/incidents.csv").write_text(incidents)
    ended = run(*CHECK, "--as-of", "2026-06-30", "--redact", "component", "--pack", "pack")
    assert ended.code == 2
    assert "--redact component: the report counts each component of the service apart, by its name" in ended.err
    assert not (folder / "pack").exists()


@pytest.mark.parametrize("field", ["ticket_id", "incident_id", "Reference"])
def test_ids_cannot_be_redacted(run, folder, field):
    export = folder / "exports/tickets.csv"
    head, row = export.read_text().splitlines()
    export.write_text(f"{head},Reference\n{row},T-1\n")
    ended = run(*CHECK, "--as-of", "2026-06-30", "--redact", field, "--pack", "pack")
    assert ended.code == 2
    assert f"--redact {field}: it holds ids, and a report names what it is about by them" in ended.err
    assert not (folder / "pack").exists()
