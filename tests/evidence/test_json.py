"""JSON as it comes from interfaces and command lines: a list, an answer that holds one, or an object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from exports import events, events_of

from slaaudit.errors import EvidenceError
from slaaudit.evidence import Evidence, ReadOptions, read

if TYPE_CHECKING:
    from pathlib import Path


def said(folder: Path, text: str) -> Evidence:
    (folder / "export.json").write_text(text, "utf-8")
    return read([str(folder / "export.json")], ReadOptions())


def test_a_list_of_objects_is_a_table(tmp_path: Path) -> None:
    issue = {
        "number": 31,
        "title": "Crash",
        "state": "CLOSED",
        "stateReason": "COMPLETED",
        "labels": [{"name": "bug"}],
        "createdAt": "2026-05-31T16:05:11Z",
        "closedAt": "2026-06-01T10:00:00Z",
    }
    found = said(tmp_path, json.dumps([issue], indent=1))
    assert found.inputs[0].profile == "github-issues"
    assert events(found) == ["31 2026-05-31 16:05:11 unknown created", "31 2026-06-01 10:00:00 unknown status closed"]


def test_changes_inside_an_answer_are_rows_of_their_own(tmp_path: Path) -> None:
    items = [
        {"field": "status", "fromString": "Open", "toString": "Resolved"},
        {"field": "priority", "fromString": "Low", "toString": "High"},
    ]
    history = {"created": "2026-03-02T10:00:00.000+0300", "author": {"displayName": "agent-1"}, "items": items}
    answer = {"startAt": 0, "issues": [{"key": "OPS-1", "changelog": {"histories": [history]}}]}
    found = said(tmp_path, json.dumps(answer))
    assert found.inputs[0].profile == "jira-changelog"
    assert events(found) == [
        "OPS-1 2026-03-02 07:00:00 unknown severity high (low)",
        "OPS-1 2026-03-02 07:00:00 unknown status resolved (open)",
    ]


def test_what_one_update_changes_comes_in_the_order_of_a_row_and_other_updates_stay_where_they_are(
    tmp_path: Path,
) -> None:
    status = {"field": "status", "fromString": "Open", "toString": "Resolved"}
    priority = {"field": "priority", "fromString": "Low", "toString": "High"}
    lines = []
    for key, authors in (("OPS-1", ("agent-1", "agent-1")), ("OPS-2", ("agent-1", "agent-2"))):
        histories = [
            {"created": "2026-03-02T10:00:00.000+0300", "author": {"displayName": author}, "items": [item]}
            for author, item in zip(authors, (status, priority), strict=True)
        ]
        lines.append({"key": key, "changelog": {"histories": histories}})
    found = said(tmp_path, json.dumps({"startAt": 0, "issues": lines}))
    assert [event.split()[0] + " " + event.split()[4] for event in events(found)] == [
        "OPS-1 severity", "OPS-1 status", "OPS-2 status", "OPS-2 severity",
    ]  # fmt: skip


def test_plain_names_are_read_from_lines(tmp_path: Path) -> None:
    lines = '{"ticket_id": 7, "created_at": "2026-03-02T10:00:00Z", "severity": null}\n\n'
    assert events(said(tmp_path, "\ufeff" + lines)) == ["7 2026-03-02 10:00:00 unknown created"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"ticket_id": 7}\n{"ticket_id": 8, "crea', "line 2 is no JSON: .* may be cut"),
        ('{"ticket_id": 7}\n[1]\n', "line 2 is JSON but no object"),
        ("[]", "holds no objects"),
        ('[{"ticket_id": 7}]', "no column created_at"),
    ],
)
def test_json_that_is_no_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        said(tmp_path, text)


def test_an_audit_without_changes_is_passed_over(tmp_path: Path) -> None:
    audits = [
        {"id": 1, "ticket_id": 7, "created_at": "2026-03-02T09:00:00Z", "author_id": 4, "events": []},
        {
            "id": 2,
            "ticket_id": 7,
            "created_at": "2026-03-02T10:00:00Z",
            "author_id": 4,
            "events": [{"type": "Change", "field_name": "status", "value": "solved", "previous_value": "new"}],
        },
    ]
    path = tmp_path / "audits.jsonl"
    path.write_text("\n".join(map(json.dumps, audits)), encoding="utf-8")
    found = read([str(path)], ReadOptions())
    assert events_of(found, "7")[1:] == ["2026-03-02 10:00:00 unknown status resolved (new)"]
