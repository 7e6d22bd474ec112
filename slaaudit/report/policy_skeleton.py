"""A policy to be written, begun from what an export holds: its severities, its statuses, and empty promises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slaaudit.report.safe import shown
from slaaudit.report.words import count
from slaaudit.report.yaml_text import TO_FILL, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.evidence.inspection import Inspection

_LONGEST = 80  # characters of a severity; a longer cell is something else
_MOST = 20  # severities; a column with more words is no severity
_SHORT = re.compile(r"[A-Za-z]{1,12}\d?", re.ASCII)
_RANKS = (
    "blocker|critical|catastroph|urgent|emergency|sev ?-?[01]|[ps] ?-?[01]|very high|highest|kriti|cr[ií]tic",
    "high|major|serious|severe|sev ?-?2|[ps] ?-?2|hoch|haute|alta",
    "medium|moderate|normal|sev ?-?3|[ps] ?-?3|mittel|moyenne|media",
    "low|minor|sev ?-?4|[ps] ?-?4|niedrig|basse|baixa|baja|bassa",
    "planning|lowest|trivial|very low|sev ?-?5|[ps] ?-?5",
)


def policy_skeleton(inspection: Inspection, policy_id: str) -> str:
    """The text of a policy without a single promise, which is valid as it stands."""
    return "\n".join([*_head(inspection, policy_id), *_severities(inspection), *_clauses(inspection), ""])


def _head(inspection: Inspection, policy_id: str) -> Iterator[str]:
    files = ", ".join(shown(facts.path) for facts in inspection.files)
    zone = next((facts.zone for facts in inspection.files if facts.zone), "UTC")
    yield f"# A policy begun from {files}. Nothing in it is a promise yet: take each from the contract."
    yield "# Check it with: slaaudit policy validate FILE"
    yield from (
        "slaaudit: 1",
        f"id: {policy_id}",
        "vendor: The vendor's name",
        "title: The contract's title",
        f"timezone: {scalar(zone)}                # of periods and effective dates",
        "# source: {document: Support Policy, revised: 2026-01-01}",
        "# effective: {from: 2026-01-01}   # tickets created outside it are excluded",
        "",
        "# calendars:                       # `always` (24x7) is built in",
        "#   business:",
        f"#     timezone: {scalar(zone)}",
        "#     hours: {mon-fri: 09:00-17:00}",
        "#     closed: {holidays: US}       # a country or COUNTRY-SUBDIVISION code",
        "",
    )


def found_severities(inspection: Inspection) -> Sequence[tuple[str, int]]:
    """The severity words of all files with their rows, the most severe first as far as the words tell."""
    counts: dict[str, tuple[str, int]] = {}
    for facts in inspection.files:
        for vocabulary in facts.vocabularies:
            for word in vocabulary.words if vocabulary.field == "severity" else ():
                if len(word.meaning) > _LONGEST:
                    continue
                first, number = counts.get(word.meaning.casefold(), (word.meaning, 0))
                counts[word.meaning.casefold()] = (first, number + word.count)
    return sorted(counts.values(), key=lambda each: (_rank(each[0]), each[0].casefold()))[:_MOST]


def _rank(word: str) -> int:
    plain = re.sub(r"^\d+\s*-?\s*(?=\D)", "", word.casefold())
    ranks = [rank for rank, pattern in enumerate(_RANKS) if re.match(rf"(?:{pattern})", plain)]
    return ranks[0] if ranks else len(_RANKS)


def _severities(inspection: Inspection) -> Iterator[str]:
    found = found_severities(inspection)
    if not found:
        yield "# The export shows no severity. List the contract's, most severe first:"
        yield "# severities:"
        yield "#   S1: {title: Critical, means: in one line, aliases: [urgent, p1]}"
        return
    yield "# Found in the export; put them in order, most severe first, under the contract's names."
    yield "severities:"
    for name, (word, rows) in zip(_names(found), found, strict=True):
        yield f"{f'  {name}:':<34} # {count(rows, 'row')}"
        if name != word:
            yield f"    title: {scalar(word)}"
        yield "    # means: what the contract says of it, in one line"
        yield "    aliases: []                    # other words of helpdesks for it"


def _names(found: Sequence[tuple[str, int]]) -> Sequence[str]:
    """An id for each severity: the words themselves where all are short, else S1, S2 and so on beside any such word."""
    words = {word.casefold() for word, _ in found}
    if all(_SHORT.fullmatch(word) and scalar(word) == word for word, _ in found):
        return [word for word, _ in found]
    first = "level-" if any(f"s{number}" in words for number in range(1, len(found) + 1)) else "S"
    return [f"{first}{number}" for number in range(1, len(found) + 1)]


def _clauses(inspection: Inspection) -> Iterator[str]:
    names = _names(found_severities(inspection)) or ["S1"]
    yield ""
    yield from _statuses(inspection)
    yield "clauses:"
    for clause, measure, title in (
        ("response", "first-response", "First response"),
        ("resolution", "resolution", "Resolution"),
    ):
        yield f"  {clause}:"
        yield f"    title: {title}"
        yield "    # section: where the contract says it"
        yield "    binding: target                # or warranted"
        yield f"    measure: {measure}"
        yield "    why: The targets are still to be taken from the contract."
        if clause == "resolution":
            yield "    # clock: {pauses: [waiting, hold]}   # only if the contract stops the clock then"
        yield "    # targets:                     # instead of why; durations like 30m, 4h, 2d"
        for name in names:
            yield f"    #   {name}: {TO_FILL} on always"


def _statuses(inspection: Inspection) -> Iterator[str]:
    """The statuses in comments: what they mean is the mapping's business, what pauses a clock the policy's."""
    words = [word for facts in inspection.files for each in facts.vocabularies if each.field == "status"
             for word in each.words]  # fmt: skip
    if words:
        yield "# Statuses in the export, with what they mean to a clock (a mapping file says otherwise):"
    for word in words:
        yield f"#   {shown(word.word, 60)}: {word.meaning or 'not known'} ({word.count:,})"
