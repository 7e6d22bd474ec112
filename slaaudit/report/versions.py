"""Versions of one policy: what tells their clauses apart where several are in force at different times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def version(policies: Sequence[dict[str, Any]], number: int) -> str:
    """When the policy of that number is in force, where there are several; nothing to tell where there is one.

    >>> old, new = ({"effective": {"from": a, "until": b}} for a, b in [(None, "2026-02-28"), ("2026-03-01", None)])
    >>> version([old, new], 0), version([old, new], 1), version([old], 0)
    ('until 2026-02-28', 'from 2026-03-01', '')
    """
    if len(policies) < 2:  # noqa: PLR2004  (two need telling apart)
        return ""
    span = policies[number]["effective"]
    return " ".join(f"{word} {span[word]}" for word in ("from", "until") if span[word])


def titles(policies: Sequence[dict[str, Any]]) -> list[str]:
    """The title of each policy, or its id; those of versions once.

    >>> titles([{"id": "acme", "title": "Acme support"}, {"id": "acme", "title": "Acme support"}])
    ['Acme support']
    """
    return list(dict.fromkeys(policy["title"] or policy["id"] for policy in policies))
