"""What --fail-on forgives is not kept all the same, and what it adds is no broken promise: T-2 is breached."""

from __future__ import annotations

import json

import pytest

CHECK = ("check", "tickets.csv", "--policy", "acme.yaml", "--format")


@pytest.mark.parametrize("fail_on", ["breach", "never"])
def test_a_verdict_is_not_kept_whatever_the_exit_code_forgives(run, folder, monkeypatch, fail_on):
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "outputs"))

    outcome = json.loads(run(*CHECK, "json", "--fail-on", fail_on).out)["outcome"]
    markdown = run(*CHECK, "markdown", "--fail-on", fail_on).out
    ended = run(*CHECK, "github", "--fail-on", fail_on)

    assert outcome["verdict"] == "not-kept"
    assert markdown.startswith("# Support audit: not kept\n\n**Not kept: ")
    assert "\nnot-kept\n" in (folder / "outputs").read_text()
    assert ended.code == (fail_on == "breach")


def test_an_unknown_that_makes_the_exit_code_breaks_no_promise(run, folder):
    (folder / "tickets.csv").write_text(
        "ticket_id,created_at,severity,first_response_at\n"
        "T-1,2026-05-04T13:00:00Z,S1,2026-05-04T13:30:00Z\nT-2,2026-05-04T13:00:00Z,Zork,2026-05-04T13:30:00Z\n"
    )

    ended = run(*CHECK, "json", "--fail-on", "unknown")
    outcome = json.loads(ended.out)["outcome"]

    assert (ended.code, outcome["verdict"]) == (1, "kept")
    assert outcome["sentence"].startswith("Kept, as far as is known: ")
