"""Foreign text in Markdown: GitHub and GitLab show it as it stands, whatever is in it.

A text that could become more than text (markup, a mention, a reference, a link, an emoji, a formula) is shown as code,
in which neither does anything. All else is prose, with what is left of Markdown's own marks escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 200  # characters of a foreign text that a report for people shows

#: What a program may make a link, a mention, a reference, an emoji, a formula or an entity of.
_ACTIVE = re.compile(
    r"[`\\<>|$]"  # code, escapes, HTML, cells, formulas
    r"|[@#!~%^&:][\w\"'{\[(@/]"  # @mention #1 !1 ~label %milestone ^alert &entity; :emoji: scheme://
    r"|\b(?i:www)\."
    r"|\b[0-9a-fA-F]{7,}\b"  # the id of a commit
    r"|\b[A-Z][A-Z0-9_]+-\d"  # the id of an issue
    r"|\[[^\]]*:"  # GitLab's [kind:number]
)
_MARKS = re.compile(r"([*_\[\]{}~#])")
_BEGINS = re.compile(r"^(?:()([-+=])|(\d+)([.)])(?= |$))")
_TICKS = re.compile("`+")


def code(text: str, limit: int = LONGEST) -> str:
    r"""A foreign text as code; nothing for the empty one.

    >>> code("T-1"), code("a`b")
    ('`T-1`', '``a`b``')
    """
    visible = shown(text, limit)
    if not visible.strip():
        return "` `" if visible else ""
    fence = "`" * (max(map(len, _TICKS.findall(visible)), default=0) + 1)
    space = " " if visible[0] in "` " or visible[-1] in "` " else ""
    return f"{fence}{space}{visible}{space}{fence}"


def prose(text: str, limit: int = LONGEST) -> str:
    r"""A foreign text as prose; as code where it could become more than text.

    >>> prose("First response (4 h)"), prose("ask @vendor"), prose("1. first_one")
    ('First response (4 h)', '`ask @vendor`', '1\\. first\\_one')
    """
    visible = shown(text, limit)
    if _ACTIVE.search(visible) or visible != " ".join(visible.split()):
        return code(visible, limit)
    return _BEGINS.sub(r"\1\3\\\2\4", _MARKS.sub(r"\\\1", visible))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """A table of cells that are Markdown already; columns in ``right`` are set to the right."""
    rules = ["---:" if at in right else "---" for at in range(len(headings))]
    return [_line(headings), _line(rules), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
