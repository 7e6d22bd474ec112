"""What of a credit's misses is waived, as its letter tells it. A waiver changes no credit; the letter hides none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.credits import Credit
    from slaaudit.policy.waivers import Waiver
    from slaaudit.report.lines import Line


def waived_facts(
    found: Assessment, credit: Credit, audit: Audit | None, missed: Sequence[Line]
) -> Iterator[dict[str, str]]:
    """What a template may show of each waiver of the periods, or of the ``missed`` tickets, that the credit is for."""
    for line in missed:
        waiver = audit.waived.of(line.at) if audit is not None and audit.waived else None
        if waiver is not None:
            yield _fact(line.ticket, waiver)
    row = credit.row
    about = (row.policy, row.clause, row.component)
    for span in () if row.tickets else credit.earned.missed or (row.span,):
        for each in found.let_pass:
            over = each.span.from_at < span.to_at and each.span.to_at > span.from_at
            if over and (each.policy, each.clause, each.component) == about:
                for at in each.waived:
                    yield _fact(f"{each.span.name}, incident {found.waivers[at].name}", found.waivers[at])


def _fact(what: str, waiver: Waiver) -> dict[str, str]:
    texts = {"what": what, "by": waiver.by, "until": waiver.expires.isoformat(), "reason": waiver.reason}
    return {name: shown(text) for name, text in texts.items()}
