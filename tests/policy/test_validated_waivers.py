"""``slaaudit policy validate`` knows a file of waivers, and looks its clauses up in the policies beside it."""

from __future__ import annotations

import pytest

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: T
timezone: UTC
severities: {S1: {title: C}}
clauses: {response: {measure: first-response, targets: {S1: 1h on always}}}
"""
WAIVER = "{ticket: T-1, clause: response, reason: agreed, by: board, expires: 2026-12-31}"
LATER = "{ticket: T-2, clause: response, reason: agreed, by: board, expires: 2027-12-31}"


@pytest.fixture
def validate(capsys, tmp_path, monkeypatch):
    """Runs it on ``w.yaml`` with that text: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(POLICY)

    def run(text: str, *beside: str):
        (tmp_path / "w.yaml").write_text(text)
        code = exit_code_of(app, ["policy", "validate", "w.yaml", *beside])
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    "text",
    [
        f"- {LATER}\n- {WAIVER}\n",
        f"waivers:\n- {WAIVER}\n- {LATER}\n",
        f"slaaudit-waivers: 1\nwaivers: [{WAIVER}, {LATER}]\n",
    ],
)
def test_a_list_of_waivers_is_known_as_one(validate, text):
    code, out, err = validate(text, "acme.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "w.yaml: ok: 2 waivers, the first expires on 2026-12-31"


def test_without_a_policy_beside_it_it_says_that_clauses_were_not_looked_up(validate):
    text = f"- {WAIVER.replace('response', 'respons')}\n"
    code, out, _ = validate(text)
    assert code == 0
    assert out == (
        "w.yaml: ok: 1 waiver, the first expires on 2026-12-31; name their policy too, and their clauses are looked up "
        "in it\n"
    )
    code, _, err = validate(text, "acme.yaml")
    assert code == 2
    assert "w.yaml:1:25: error: the policy has no clause 'respons'" in err
    assert "did you mean 'response'?" in err


def test_every_fault_of_it_is_told_at_once(validate):
    code, _, err = validate(f"- {WAIVER.replace('by', 'buy').replace('12-31', '13-31')}\n- {LATER}\n- {LATER}\n")
    assert code == 2
    assert "unknown key 'buy'" in err
    assert "'2026-13-31' is not a date" in err
    assert "ticket 'T-2' has a waiver of clause 'response' already" in err


def test_one_entry_that_is_no_list_is_told_as_that(validate):
    code, _, err = validate("ticket: T-1\nclause: response\n")
    assert code == 2
    assert "expected a list of waivers, found one entry" in err
