"""What a verification found, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from slaaudit.report.layout import BAD, FAINT, GOOD, paragraph
from slaaudit.report.page import heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from slaaudit.report.pack.verification import Difference, Verification

_FEW = 20
_LONG = 120


def print_verification(found: Verification, console: Console, *, verbose: bool) -> None:
    """Print what differs, then the verdict."""
    for title, rows in (
        ("The pack against its manifest", found.damaged),
        ("The originals", found.changed),
        ("Another slaaudit", found.other_tool),
        ("Worked out again", found.differing),
    ):
        for line in _section(title, rows, console.width, verbose=verbose):
            console.print(line, soft_wrap=True)
    if found.lacking:
        names = ", ".join(shown(name, 60) for name in found.lacking)
        was = "was" if len(found.lacking) == 1 else "were"
        told = f"Not worked out again: {names} {was} not found. Name the files, or their folder, after the pack."
        for line in paragraph(told, console.width, 0):
            console.print(line, soft_wrap=True)
    if found.differing and found.without_table:
        told = "Names are replaced by pseudonyms. If a table told them, verify with it: --pseudonyms FILE."
        for line in paragraph(told, console.width, 0):
            console.print(line, soft_wrap=True)
    console.print(Text(verdict_sentence(found), GOOD if found.holds else BAD), soft_wrap=True)


def verdict_sentence(found: Verification) -> str:
    """The verification in one line."""
    if found.holds:
        return (
            f"Verified: {count(found.files, 'file')} as packed, {count(found.originals, 'original')} as read, and the "
            "same work gives the same pack."
        )
    parts = [
        f"{count(len(rows), 'difference')} {where}"
        for rows, where in ((found.damaged, "from the manifest"), (found.changed, "in the originals"),
                            (found.differing, "when worked out again"))
        if rows
    ]  # fmt: skip
    parts += ["originals missing"] if found.lacking else []
    return f"Not verified: {', '.join(parts)}."


def _section(title: str, rows: Sequence[Difference], width: int, *, verbose: bool) -> Iterator[Text]:
    if not rows:
        return
    yield heading(title)
    for row in rows if verbose else rows[:_FEW]:
        yield from paragraph(f"{row.where}: {row.what}", width, 2, 2)
        if row.then or row.now:
            yield from paragraph(f"then {_cut(row.then)}", width, 4, 2, FAINT)
            yield from paragraph(f"now  {_cut(row.now)}", width, 4, 2, FAINT)
    if not verbose and len(rows) > _FEW:
        yield from paragraph(f"and {len(rows) - _FEW:,} more; --verbose shows all", width)
    yield Text("")


def _cut(text: str) -> str:
    return shown(text, _LONG) or "nothing"
