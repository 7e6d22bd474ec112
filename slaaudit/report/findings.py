"""Findings in words and as data: observations, each with the rows that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from slaaudit.evidence.tables import MISSING, NONE
from slaaudit.findings import Finding
from slaaudit.policy.model import OrderClause
from slaaudit.report.layout import paragraph
from slaaudit.report.lines import ACTORS, hyphened, origins_of, stamps
from slaaudit.report.page import heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count, length, listed, percent_used, used_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from rich.text import Text

    from slaaudit.audit import Audit
    from slaaudit.findings import Findings, Shown, Thresholds
    from slaaudit.report.lines import Origin
    from slaaudit.report.page import Page

_FEW_EACH = 3


class Seen(NamedTuple):
    """One finding in words. ``evidence`` are the rows that show it, the earliest first."""

    kind: str
    ticket: str
    policy: int | None
    clause: str | None
    at: int
    detail: str
    used: int | None
    other: str | None
    evidence: tuple[Origin, ...]


def seen(audit: Audit, shows: Shown, thresholds: Thresholds) -> list[Seen]:
    """Every finding in words, in order."""
    ids, found = audit.evidence.tickets.ids, shows.rows
    columns = [origins_of(audit, shows.events, column) for column in (found.first, found.second, found.third)]
    told = []
    for row, kind in enumerate(map(Finding, found.kind.tolist())):
        policy, place = int(found.policy[row]), int(found.clause[row])
        other = None if found.other[row] == NONE else ids.words[int(found.other[row])]
        evidence = tuple(origin for column in columns if (origin := column[row]) is not None)
        told.append(
            Seen(
                hyphened(kind.name),
                ids[int(found.ticket[row])] or "",
                None if policy == NONE else policy,
                None if place == NONE else list(audit.policies[policy].policy.clauses)[place],
                int(found.at[row]),
                _detail(kind, row, found, evidence, other, thresholds, audit),
                _known(found.used[row]),
                other,
                evidence,
            )
        )
    return told


def _known(value: np.int64) -> int | None:
    return None if value == MISSING else int(value)


def _detail(
    kind: Finding, row: int, found: Findings, evidence: Sequence[Origin], other: str | None, thresholds: Thresholds,
    audit: Audit,
) -> str:  # fmt: skip
    by, word = _who(evidence[0]), shown(evidence[0].word or "", 40)
    used, lasted = used_text(_known(found.used[row])), length(abs(_known(found.length[row]) or 0))
    lowered = f"the severity was lowered to {word} {by} when {used} of the target was used"
    if kind is Finding.SEVERITY_SET_BY_OTHER:
        side = audit.policies[int(found.policy[row])].policy.severity_set_by
        return f"the severity was set to {word} {by}; the contract has it set by the {side}"
    if kind is Finding.AUTOMATED_RESPONSE_ONLY:
        answered = "came after it" if found.second[row] != NONE else "has not come"
        return f"an automatic message stands inside the target; the vendor's own answer {answered}"
    if kind is Finding.OUT_OF_ORDER:
        later = "earlier" if found.length[row] < 0 else "later"
        times = f"; {count(int(found.count[row]), 'such place')} in this ticket" if found.count[row] > 1 else ""
        return f"the row stands after another one and is stamped {lasted} {later}{times}"
    return {
        Finding.DOWNGRADED_AFTER_BREACH: f"{lowered}: it had been missed",
        Finding.DOWNGRADED_NEAR_BREACH: lowered,
        Finding.PAUSED_NEAR_BREACH: (
            f"set to {word} {by} when {used} of the target was used, and the vendor had not replied in the "
            f"{length(thresholds.silence)} before"
        ),
        Finding.PAUSED_BEFORE_ANSWER: f"set to {word} {by} before the vendor had replied",
        Finding.RESOLVED_THEN_REOPENED: f"reopened by the customer {lasted} after it was resolved",
        Finding.RESOLVED_WITHOUT_REPLY: "resolved without a reply of the vendor's before it",
        Finding.LOGGED_LATE: f"logged {lasted} after it was reported",
        Finding.OVERTAKEN: f"{shown(other or '', 40)}, which came later, was answered first",
    }[kind]


def _who(found: Origin) -> str:
    return {ACTORS[3]: "by somebody"}.get(found.actor, f"by the {found.actor}")


def as_data(told: Sequence[Seen]) -> Iterator[dict[str, Any]]:
    """A row for each finding."""
    instants = stamps([each.at for each in told])
    for each, at in zip(told, instants, strict=True):
        yield {
            "kind": each.kind,
            "ticket": each.ticket,
            "policy": each.policy,
            "clause": each.clause,
            "at": at,
            "detail": each.detail,
            "used": percent_used(each.used),
            "other": each.other,
            "evidence": [{"file": origin.file, "row": origin.row} for origin in each.evidence],
        }


def what_the_record_shows(page: Page) -> Iterator[Text]:
    """Each kind with its number, and a few of each with the rows that show them."""
    if page.findings is None:
        if page.findings_left:
            yield heading("What the record shows")
            yield from paragraph(
                f"Not looked for among {len(page.audit.evidence.tickets):,} tickets; --findings does.", page.width
            )
            for name in _queues(page.audit):
                yield from paragraph(f"{name}: the order of answers is not audited without them", page.width)
        return
    kept = [name for name in _queues(page.audit) if name not in {each.clause for each in page.findings}]
    if not page.findings:
        if kept:
            yield heading("What the record shows")
        yield from _kept(kept, page.width)
        return
    kinds: dict[str, list[Seen]] = {}
    for each in page.findings:
        kinds.setdefault(each.kind, []).append(each)
    number = len(page.findings)
    no_verdict = "which is an observation, no verdict" if number == 1 else "which are observations, no verdicts"
    yield heading(f"What the record shows: {count(number, 'finding')}, {no_verdict}")
    for kind, rows in kinds.items():
        yield from paragraph(f"{len(rows):,} {kind}", page.width)
        few = rows if page.verbose else rows[:_FEW_EACH]
        for each in few:
            yield from paragraph(finding_text(each), page.width, 4, 2)
        if len(few) < len(rows):
            yield from paragraph(f"and {len(rows) - len(few):,} more; --verbose shows all", page.width, 4)
    yield from _kept(kept, page.width)


def _queues(audit: Audit) -> list[str]:
    """The clauses that promise first in, first out: what is found of them are the tickets that were overtaken."""
    clauses = [each for loaded in audit.policies for each in loaded.policy.clauses.items()]
    return list(dict.fromkeys(name for name, clause in clauses if isinstance(clause, OrderClause)))


def _kept(names: Sequence[str], width: int) -> Iterator[Text]:
    for name in names:
        yield from paragraph(f"{name}: no ticket was overtaken by a later one of its severity", width)


def finding_text(each: Seen) -> str:
    """One finding in a line, with its rows."""
    files: dict[str, list[str]] = {}
    for origin in each.evidence:
        files.setdefault(origin.file, []).append(f"{origin.row:,}")
    rows = "; ".join(f"{file} {'row' if len(own) == 1 else 'rows'} {listed(own)}" for file, own in files.items())
    clause = f", {each.clause}" if each.clause else ""
    return f"{shown(each.ticket, 40)}{clause}: {each.detail} ({rows})"
