"""The helpdesk's own results beside ours, grouped by likely cause: as a section for people and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from slaaudit.evidence.tables import MISSING, NONE, Claimed
from slaaudit.helpdesk_results import Stand
from slaaudit.reconcile import ROUNDING
from slaaudit.report.layout import paragraph
from slaaudit.report.lines import hyphened, lines, present, stamps
from slaaudit.report.page import heading
from slaaudit.report.safe import shown
from slaaudit.report.words import count, length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Rows
    from slaaudit.reconcile import Reconciliation
    from slaaudit.report.page import Page

EXAMPLES = 3
_SECOND = 1_000_000
_RESULTS = {int(result): hyphened(result.name) for result in Claimed}


class Group(NamedTuple):
    """Differences of one clause and likely cause.

    ``turned`` of them have another result; ``least`` and ``most`` are theirs less ours in microseconds of elapsed time,
    None where neither side tells any.
    """

    clause: str
    cause: str
    detail: str
    rows: Rows
    turned: int
    least: int | None
    most: int | None
    tickets: tuple[str, ...]


def groups(audit: Audit, found: Reconciliation) -> list[Group]:
    """The differences by clause and cause, the largest groups of each clause first."""
    rows = found.rows
    differs = np.flatnonzero(rows.stand == Stand.DIFFERS)
    measured = audit.measurements.take(rows.measurement[differs])
    names = [list(one.policy.clauses) for one in audit.policies]
    keys = list(
        zip(measured.policy.tolist(), measured.clause.tolist(), rows.cause[differs].tolist(),
            rows.detail[differs].tolist(), strict=True)
    )  # fmt: skip
    by_key: dict[tuple[str, int, int], list[int]] = {}
    for row, (policy, clause, cause, detail) in zip(differs.tolist(), keys, strict=True):
        by_key.setdefault((names[policy][clause], cause, detail), []).append(row)
    order = list(dict.fromkeys(name for one in names for name in one))
    made = [
        _group(audit, found, (clause, found.words[cause], "" if detail == NONE else found.words[detail]), np.array(at))
        for (clause, cause, detail), at in by_key.items()
    ]
    return sorted(made, key=lambda group: (order.index(group.clause), -len(group.rows), group.cause, group.detail))


def _group(audit: Audit, found: Reconciliation, named: tuple[str, str, str], at: Rows) -> Group:
    rows = found.rows.take(at)
    told = rows.elapsed_difference[rows.elapsed_difference != MISSING].tolist()
    ids = audit.evidence.tickets.ids
    tickets = audit.evidence.claims.ticket[rows.claim]
    firsts = tuple(ids[ticket] or "" for ticket in list(dict.fromkeys(tickets.tolist()))[:EXAMPLES])
    turned = int(np.count_nonzero(rows.turned))
    return Group(*named, at, turned, min(told, default=None), max(told, default=None), firsts)


def _count(found: Reconciliation, stand: Stand) -> int:
    return int(np.count_nonzero(found.rows.stand == stand))


# --- for people -----------------------------------------------------------------------------------------------------


def their_results(page: Page) -> Iterator[Text]:
    """What the helpdesk itself says, where it was asked for."""
    found = page.reconciliation
    if found is None:
        return
    yield heading("Beside the helpdesk's own results")
    agree, differ, theirs = (_count(found, stand) for stand in Stand)
    words = f"{count(agree, 'result')} as ours, {differ:,} otherwise"
    words += f", {theirs:,} where we have no verdict" if theirs else ""
    yield from paragraph(words, page.width, 2, 2)
    made = groups(page.audit, found)
    for group in made[: page.few]:
        yield from paragraph(_in_words(group), page.width, 2, 2)
    if page.few and len(made) > page.few:
        yield from paragraph(f"and {count(len(made) - page.few, 'more group')}; --verbose shows all", page.width)
    if len(found.only_ours):
        first = lines(page.audit, found.only_ours[:EXAMPLES])
        tickets = ", ".join(shown(line.ticket, 24) for line in first)
        ours = count(len(found.only_ours), "verdict of ours has", "verdicts of ours have")
        beside = "it" if len(found.only_ours) == 1 else "them"
        yield from paragraph(f"{ours} none beside {beside}: {tickets}", page.width, 2, 2)


def _in_words(group: Group) -> str:
    detail = f" ({group.detail})" if group.detail else ""
    turned = f", {group.turned:,} with another result" if group.turned else ""
    by = _by(group)
    examples = ", ".join(shown(ticket, 24) for ticket in group.tickets)
    return f"{group.clause}: {len(group.rows):,} by {group.cause}{detail}{turned}{by}: {examples}"


def _by(group: Group) -> str:
    """How much longer or shorter they count."""
    if group.least is None or group.most is None or group.cause == ROUNDING or not (group.least or group.most):
        return ""
    least, most = _signed(group.least), _signed(group.most)
    return f"; theirs is {least}" if group.least == group.most else f"; theirs is from {least} to {most}"


def _signed(difference: int) -> str:
    if not difference:
        return "the same"
    return f"{length(abs(difference), 0)} {'longer' if difference > 0 else 'shorter'}"


# --- as data --------------------------------------------------------------------------------------------------------


def as_data(audit: Audit, found: Reconciliation) -> dict[str, Any]:
    """The reconciliation as the report's schema has it. Every difference is listed; what agrees is counted."""
    agree, differ, theirs = (_count(found, stand) for stand in Stand)
    listed = np.flatnonzero(found.rows.stand != Stand.AGREES)
    return {
        "agree": agree,
        "differ": differ,
        "only_theirs": theirs,
        "only_ours": len(found.only_ours),
        "causes": [
            {
                "clause": group.clause, "cause": group.cause, "detail": group.detail or None,
                "differ": len(group.rows), "turned": group.turned, "least_s": _seconds(group.least),
                "most_s": _seconds(group.most), "examples": list(group.tickets),
            }
            for group in groups(audit, found)
        ],
        "rows": list(_rows(audit, found, listed)),
    }  # fmt: skip


def _rows(audit: Audit, found: Reconciliation, listed: Rows) -> Iterator[dict[str, Any]]:
    rows = found.rows.take(listed)
    differences = (rows.elapsed_difference, rows.due_difference, rows.target_difference)
    claims = audit.evidence.claims.take(rows.claim)
    words, ids = audit.evidence.words, audit.evidence.tickets.ids
    known = rows.measurement[rows.measurement != NONE]
    ours = dict(zip(known.tolist(), lines(audit, known), strict=True))
    columns = zip(
        rows.measurement.tolist(), rows.stand.tolist(), rows.cause.tolist(), rows.detail.tolist(),
        *map(present, (rows.elapsed, claims.target, *differences)),
        stamps(present(claims.due)), claims.result.tolist(), claims.ticket.tolist(), claims.kind.tolist(),
        claims.name.tolist(), claims.file.tolist(), claims.row.tolist(), strict=True,
    )  # fmt: skip
    for (
        at,
        stand,
        cause,
        detail,
        elapsed,
        target,
        took,
        due,
        within,
        due_at,
        result,
        ticket,
        kind,
        name,
        file,
        row,
    ) in columns:
        line = ours[at] if at != NONE else None
        yield {
            "ticket": ids[ticket],
            "clause": line.clause if line else None,
            "about": words[kind],
            "name": None if name == NONE else words[name],
            "stand": hyphened(Stand(stand).name),
            "ours": line.verdict if line else None,
            "theirs": {
                "result": _RESULTS.get(result), "elapsed_s": _seconds(elapsed), "due_at": due_at,
                "target_s": _seconds(target), "file": audit.evidence.inputs[file].path, "row": row,
            },
            "elapsed_difference_s": _seconds(took),
            "due_difference_s": _seconds(due),
            "target_difference_s": _seconds(within),
            "cause": None if cause == NONE else found.words[cause],
            "detail": None if detail == NONE else found.words[detail],
        }  # fmt: skip


def _seconds(micros: int | None) -> int | float | None:
    if micros is None:
        return None
    return micros // _SECOND if micros % _SECOND == 0 else micros / _SECOND
