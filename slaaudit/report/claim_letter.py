"""Letters that claim a credit: the incidents, the clause, the sum, the last day, the evidence, and what is lacking.

A letter is made from a jinja2 template, which users may replace. Every value that a template gets is a text that is
fit to print, a number, or a list of such.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from slaaudit import __version__
from slaaudit.claims import next_deadline
from slaaudit.errors import UsageError
from slaaudit.report import sums
from slaaudit.report.claim_tickets import lacking_facts, missed_lines, ticket_facts
from slaaudit.report.claim_waived import waived_facts
from slaaudit.report.safe import shown
from slaaudit.report.sentences import exclusion_sentence
from slaaudit.report.what_counted import what_counted
from slaaudit.report.words import count, length, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.civil_spans import CivilSpan
    from slaaudit.claims import Deadline
    from slaaudit.credits import Credit
    from slaaudit.services import Service

FORMS = ("md", "txt")
_MARKED = re.compile(r"([\\`*_{}\[\]<>#|!])")
_TEMPLATES = Path(__file__).parent / "templates"


def letter(found: Assessment, credit: Credit, form: str, template: str = "", audit: Audit | None = None) -> str:
    """The letter for one credit; of a clause about tickets with the ``audit`` that measured them.

    UsageError where the template cannot be used.
    """
    import jinja2  # noqa: PLC0415  (a tenth of a second that only letters need)

    try:
        text = _template(template or str(_TEMPLATES / f"claim.{form}.j2")).render(facts(found, credit, audit))
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f"{shown(template)}, line {line}" if line else shown(template)
        raise UsageError(f"{where}: the template cannot be used: {shown(str(error))}") from error
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _template(path: str) -> Any:
    import jinja2  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{shown(path)}: the template cannot be read: {error}") from error
    made = SandboxedEnvironment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    made.filters["md"] = plain_markdown
    return made.from_string(text)


def plain_markdown(text: str) -> str:
    r"""A foreign text that Markdown shows as it stands.

    >>> plain_markdown("a|b *c*")
    'a\\|b \\*c\\*'
    """
    return _MARKED.sub(r"\\\1", text)


def facts(found: Assessment, credit: Credit, audit: Audit | None = None) -> dict[str, Any]:
    """What a template may show."""
    row, loaded = credit.row, found.policies[credit.row.policy]
    policy, clause = loaded.policy, loaded.policy.clauses[credit.row.clause]
    zone = found.timezone(row.policy, row.clause)
    service, deadline = found.service(row), next_deadline(credit.deadlines)
    missed = missed_lines(audit, credit) if audit is not None and row.tickets else []
    measured = service.course.within(row.span.from_at, row.span.to_at) if service else None
    amount = credit.earned.right if credit.unit == "right" else sums.amount(credit.amount, credit.unit)
    texts = {
        "vendor": policy.vendor,
        "policy": policy.title,
        "policy_id": policy.id,
        "policy_sha256": loaded.sha256,
        "readings": ", ".join(f"{name}={choice}" for name, choice in loaded.readings.items()),
        "clause": clause.title or row.clause,
        "section": clause.section,
        "component": row.component or "",
        "severity": row.severity,
        "period": row.span.name,
        "zone": zone,
        "promised": sums.percent(row.promised),
        "reached": sums.percent(row.share),
        "down": length(int(row.downtime)) if row.downtime is not None else "",
        "failed": f"{row.failed:,} of {count(row.requests, 'request')}" if row.requests else "",
        "excluded": length(measured.excluded) if measured is not None and measured.excluded else "",
        "amount": amount,
        "arithmetic": sums.sum_line(credit),
        "notify": deadline.claim.notify if deadline else "",
        "step": deadline.step if deadline else "",
        "counted_to": local(min(found.as_of, row.span.to_at), ZoneInfo(zone)),
        "version": __version__,
    }
    return {
        **{name: shown(text) for name, text in texts.items()},
        "to_date": row.to_date,
        "is_right": credit.unit == "right",
        "measured": row.tickets,
        "misses": row.misses,
        "missed_periods": [shown(span.name) for span in credit.earned.missed],
        "deadlines": [_deadline(each, ZoneInfo(zone)) for each in credit.deadlines],
        "incidents": list(_incidents(found, credit, service, zone)) if service else [],
        "exclusions": list(_exclusions(found, credit, zone)) if service else [],
        "tickets": list(ticket_facts(missed, ZoneInfo(zone))),
        "files": [
            {"path": shown(read.path), "role": read.role, "rows": read.rows, "sha256": read.sha256}
            for read in (audit.evidence if audit is not None and row.tickets else found.operations).inputs
        ],
        "waived": list(waived_facts(found, credit, audit, missed)),
        "lacking": [shown(each) for each in (*_lacking(credit, service), *lacking_facts(audit, credit, missed))],
    }


def _deadline(deadline: Deadline, zone: ZoneInfo) -> dict[str, str]:
    """A step of the claim; ``clock`` is the time of day where the contract counts hours."""
    return {
        "step": shown(deadline.step),
        "last_day": f"{deadline.last_day:%A} {deadline.last_day}",
        "clock": local(deadline.closes_at, zone).partition(" ")[2] if deadline.is_exact else "",
        "status": deadline.status or "",
    }


def _incidents(found: Assessment, credit: Credit, service: Service, zone: str) -> Iterator[dict[str, Any]]:
    """The incidents that count, cut at the period, or at each of those that repeated misses are made of."""
    for span in credit.earned.missed or (credit.row.span,):
        yield from _incidents_of(found, service, span, zone)


def _incidents_of(found: Assessment, service: Service, span: CivilSpan, zone: str) -> Iterator[dict[str, Any]]:
    incidents, windows = found.operations.incidents, found.operations.maintenance
    title = incidents.fields.get("title")
    for each in what_counted(service, service.course, span.from_at, span.to_at):
        at = each.incident
        read, row = (windows, each.window) if at is None else (incidents, at)
        yield {
            "id": "maintenance" if at is None else shown(incidents.ids[at] or "-"),
            "began": local(each.from_at, ZoneInfo(zone)),
            "ended": local(each.to_at, ZoneInfo(zone)),
            "lasted": length(each.to_at - each.from_at),
            "affected": sums.percent(each.share),
            "title": "scheduled, but not left out" if at is None else shown((title[at] if title else "") or ""),
            "file": shown(found.operations.inputs[int(read.file[row])].path),
            "row": int(read.row[row]),
        }


def _exclusions(found: Assessment, credit: Credit, zone: str) -> Iterator[dict[str, str]]:
    row, ids = credit.row, found.operations.incidents.ids
    for each in found.excluded():
        about = (each.policy, each.clause) == (row.policy, row.clause) and each.component in (None, row.component)
        if about and each.from_at < row.span.to_at and each.to_at > row.span.from_at:
            yield {
                "what": "scheduled maintenance" if each.incident is None else shown(ids[each.incident] or "-"),
                "began": local(each.from_at, ZoneInfo(zone)),
                "lasted": length(each.to_at - each.from_at),
                "exclusion": shown(exclusion_sentence(each.exclusion)),
            }


def _lacking(credit: Credit, service: Service | None) -> Iterator[str]:
    """What the contract asks for and the data does not hold."""
    ahead = any(each.status in ("open", "closing") for each in credit.deadlines)
    for deadline in credit.deadlines:
        yield from deadline.claim.requires
        if ahead and deadline.status == "lapsed":
            yield f"proof that this was done in time, by {deadline.last_day}: {deadline.step or 'the claim'}"
        if deadline.guessed:
            day = "the contract ends" if deadline.claim.from_ == "contract-end" else "the outage was noticed"
            yield f"the day on which {day}: the earliest possible one stands here"
    if credit.unit == "percent":
        yield "the fee of the period, which the credit is a share of"
    for name, number in service.qualified.unseen.items() if service else ():
        yield f"the {name} of {count(number, 'incident')}, on which the contract's exclusions turn"
    if credit.row.to_date:
        yield "the rest of the period, which is not over"
