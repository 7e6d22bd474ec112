"""Findings in words and as data: observations, each with the rows that show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from slaaudit.evidence.tables import NONE, Actor
from slaaudit.findings import Finding
from slaaudit.policy.model import OrderClause
from slaaudit.report.layout import paragraph
from slaaudit.report.lines import ACTORS, hyphened, origins_of, present, stamps
from slaaudit.report.page import heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count, length, listed, percent_used, used_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.text import Text

    from slaaudit.audit import Audit
    from slaaudit.findings import Shown, Thresholds
    from slaaudit.report.lines import Origin
    from slaaudit.report.page import Page

_FEW_EACH = 3


class Seen(NamedTuple):
    """One finding in words. ``evidence`` are the rows that show it, the earliest first, each once."""

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
    clauses = [list(loaded.policy.clauses) for loaded in audit.policies]
    columns = [origins_of(audit, shows.events, column) for column in (found.first, found.second, found.third)]
    rows = zip(
        map(Finding, found.kind.tolist()),
        ids.codes[found.ticket].tolist(),
        found.policy.tolist(),
        found.clause.tolist(),
        found.at.tolist(),
        present(found.used),
        present(found.length),
        found.other.tolist(),
        found.count.tolist(),
        *columns,
        strict=True,
    )
    told = []
    for kind, ticket, policy, place, at, used, lasted, code, times, *origins in rows:
        evidence = _rows_once(origins)
        other = None if code == NONE else ids.words[code]
        words = _Words(evidence[0], origins[1] is not None, used, lasted or 0, other, times, thresholds)
        if kind is Finding.SEVERITY_SET_BY_OTHER:
            words = replace(words, named=audit.policies[policy].policy.severity_set_by)
        told.append(
            Seen(
                _NAMES[kind],
                ids.words[ticket],
                None if policy == NONE else policy,
                None if place == NONE else clauses[policy][place],
                at,
                _SENTENCES[kind].format(it=words),
                used,
                other,
                evidence,
            )
        )
    return told


def _rows_once(origins: Iterable[Origin | None]) -> tuple[Origin, ...]:
    """The rows of a finding: a row of a list may tell two of its moments."""
    found: dict[tuple[str, int], Origin] = {}
    for origin in origins:
        if origin is not None:
            found.setdefault((origin.file, origin.row), origin)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Words:
    """What the sentence about one finding may need; each is put in words only where it is asked for.

    ``first`` is the row that shows it first, ``more`` tells whether another one does. ``named`` is another ticket, or
    the side that the contract names.
    """

    first: Origin
    more: bool
    share: int | None
    micros: int
    named: str | None
    times: int
    thresholds: Thresholds

    @property
    def by(self) -> str:
        return f"by the {self.first.actor}" if self._known else "by somebody"

    @property
    def by_known(self) -> str:
        return f" {self.by}" if self._known else ""

    @property
    def _known(self) -> bool:
        return self.first.actor != ACTORS[Actor.UNKNOWN]

    @property
    def word(self) -> str:
        return shown(self.first.word or "", 40)

    @property
    def used(self) -> str:
        return used_text(self.share)

    @property
    def lasted(self) -> str:
        return length(abs(self.micros))

    @property
    def direction(self) -> str:
        return "earlier" if self.micros < 0 else "later, in a log of newest first"

    @property
    def places(self) -> str:
        return f"; {count(self.times, 'such place')} in this ticket" if self.times > 1 else ""

    @property
    def answer(self) -> str:
        return "answer came after it" if self.more else "answer has not come"

    @property
    def other(self) -> str:
        return shown(self.named or "", 40)

    @property
    def silence(self) -> str:
        return length(self.thresholds.silence)


_NAMES = {kind: hyphened(kind.name) for kind in Finding}
_LOWERED = "the severity was lowered to {it.word} {it.by} when {it.used} of the target was used"
_SENTENCES = {
    Finding.DOWNGRADED_AFTER_BREACH: f"{_LOWERED}: it had been missed",
    Finding.DOWNGRADED_NEAR_BREACH: _LOWERED,
    Finding.PAUSED_NEAR_BREACH: (
        "set to {it.word} {it.by} when {it.used} of the target was used, and the vendor had not replied in the "
        "{it.silence} before"
    ),
    Finding.PAUSED_BEFORE_ANSWER: "set to {it.word} {it.by} before the vendor had replied",
    Finding.RESOLVED_THEN_REOPENED: "reopened by the customer {it.lasted} after it was resolved",
    Finding.AUTOMATED_RESPONSE_ONLY: "an automatic message stands inside the target; the vendor's own {it.answer}",
    Finding.RESOLVED_WITHOUT_REPLY: "resolved{it.by_known} without a reply of the vendor's before it",
    Finding.LOGGED_LATE: "logged {it.lasted} after it was reported",
    Finding.OUT_OF_ORDER: "the row stands after another one and is stamped {it.lasted} {it.direction}{it.places}",
    Finding.SEVERITY_SET_BY_OTHER: (
        "the severity was set to {it.word} {it.by}; the contract has it set by the {it.other}"
    ),
    Finding.OVERTAKEN: "{it.other}, which came later, was answered first",
}


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
