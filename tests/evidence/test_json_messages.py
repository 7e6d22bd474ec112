"""Comments that a JSON export holds in a list are replies and notes, of whoever wrote them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from exports import events_of, notes, rejected

from slaaudit.evidence import Evidence, ReadOptions, read

if TYPE_CHECKING:
    from pathlib import Path


def issues(folder: Path, *comments: dict[str, object] | int | str) -> Evidence:
    """What ``gh issue list --json`` gives of one issue with these comments."""
    told: object = comments[0] if comments and not isinstance(comments[0], dict) else list(comments)
    issue = {
        "number": 31, "title": "Crash", "state": "OPEN", "createdAt": "2026-05-31T16:00:00Z", "closedAt": None,
        "author": {"login": "customer-1", "is_bot": False}, "isPinned": False, "comments": told,
    }  # fmt: skip
    path = folder / "issues.json"
    path.write_text(json.dumps([issue]))
    return read([str(path)], ReadOptions())


def comment(at: str, login: str, association: str) -> dict[str, object]:
    return {"author": {"login": login}, "authorAssociation": association, "createdAt": at, "body": "Hello; there"}


def test_the_association_with_the_repository_tells_the_side(tmp_path: Path) -> None:
    found = issues(
        tmp_path,
        comment("2026-05-31T16:01:00Z", "github-actions", "NONE"),
        comment("2026-05-31T16:05:00Z", "agent-1", "MEMBER"),
        comment("2026-05-31T17:00:00Z", "customer-1", "CONTRIBUTOR"),
        comment("2026-05-31T18:00:00Z", "customer-2", "NONE"),
        comment("2026-05-31T19:00:00Z", "someone-3", "CONTRIBUTOR"),
    )
    assert events_of(found, "31") == [
        "2026-05-31 16:00:00 customer created",
        "2026-05-31 16:01:00 system reply",
        "2026-05-31 16:05:00 vendor reply",
        "2026-05-31 17:00:00 customer reply",
        "2026-05-31 18:00:00 customer reply",
        "2026-05-31 19:00:00 unknown reply",
    ]
    assert "actor not known: 'someone-3' (1)" in notes(found)


def test_a_count_of_comments_is_no_comment(tmp_path: Path) -> None:
    found = issues(tmp_path, 3)
    assert events_of(found, "31") == ["2026-05-31 16:00:00 customer created"]
    assert not rejected(found)


def test_a_cell_that_is_no_list_is_rejected_and_its_issue_stays(tmp_path: Path) -> None:
    found = issues(tmp_path, "[{cut")
    assert events_of(found, "31") == ["2026-05-31 16:00:00 customer created"]
    assert rejected(found) == [(1, "comments", "[{cut", "no list of messages in JSON")]


def test_a_comment_without_a_time_is_rejected(tmp_path: Path) -> None:
    found = issues(tmp_path, {"author": {"login": "agent-1"}, "authorAssociation": "MEMBER"})
    assert [(column, reason) for _, column, _, reason in rejected(found)] == [("comments", "a message without a time")]
