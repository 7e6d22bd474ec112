"""What every clause has, whatever it measures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slaaudit.policy.conditions import Condition
from slaaudit.policy.kinds import Part, Word

Binding = Literal["warranted", "target"]


class Clause(Part):
    """What every clause has, whatever it measures."""

    title: Word = ""
    section: Word = ""
    """Where the contract says it."""
    binding: Binding = "target"
    """warranted, or target where the contract speaks only of reasonable efforts."""
    why: Word = ""
    """Why the clause has no targets, or cannot be audited from data."""
    applies: Condition = Condition()
    """The tickets or incidents that it is about; all others are excluded."""
    excludes: dict[str, Condition] = Field(default_factory=dict)
    """What the contract takes out, each under a name of its own."""
