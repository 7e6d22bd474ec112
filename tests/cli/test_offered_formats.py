"""What ``--help`` offers as a format or a suffix, the command takes."""

from __future__ import annotations

import re

import pytest

SERVICE = ("credits", "--incidents", "incidents.csv", "--policy", "up.yaml")


@pytest.fixture(autouse=True)
def service(folder):
    (folder / "up.yaml").write_text(
        "slaaudit: 1\nid: up\nvendor: V\ntitle: T\ntimezone: UTC\n"
        "clauses:\n  up: {measure: availability, promised: 99%, per: component, excludes: {m: {planned: true}}}\n"
    )
    (folder / "incidents.csv").write_text(
        "incident_id,started_at,ended_at,component\n"
        "I,2026-05-01T00:00:00Z,2026-05-01T01:00:00Z,[red]web\nJ,2026-05-02T00:00:00Z,2026-05-02T01:00:00Z,api\n"
    )
    (folder / "maintenance.csv").write_text("started_at,ended_at\n2026-05-03T00:00:00Z,2026-05-03T01:00:00Z\n")


def offered(run, command: str, flag: str) -> list[str]:
    text = " ".join(run(command, "--help").out.split())
    if flag == "--format":
        return re.search(r"-f, --format ([a-z|]+)", text)[1].split("|")
    return re.findall(r"\.[a-z]+", re.search(r"as its suffix says: ([^;]+);", text)[1])


def test_credits_takes_every_format_and_suffix_that_it_offers(run):
    for form in offered(run, "credits", "--format"):
        assert run(*SERVICE, "--format", form).code == 0, form
    for suffix in offered(run, "credits", "--output"):
        assert run(*SERVICE, "--output", f"out{suffix}").code == 0, suffix


@pytest.mark.parametrize(
    "words",
    [
        ("dispute", "--incidents", "incidents.csv", "--policy", "up.yaml"),
        ("compare", "tickets.csv", "--policy", "acme.yaml", "--against", "urgency=day"),
    ],
)
def test_dispute_and_compare_take_every_suffix_that_they_offer(run, words):
    for suffix in offered(run, words[0], "--output"):
        assert run(*words, "--output", f"out{suffix}").code < 2, suffix


def test_each_component_s_excluded_time_is_told_apart(run):
    words = (*SERVICE, "--maintenance", "maintenance.csv", "--as-of", "2026-05-31")
    out = run(*words).out
    assert "maintenance ([red]web)" in out
    assert "maintenance (api)" in out
    assert "maintenance (api)" in run(*words, "--format", "markdown").out
