"""The missed tickets behind a credit, as a claim letter lists them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from slaaudit.performance import missed_tickets
from slaaudit.report.lines import lines
from slaaudit.report.safe import shown
from slaaudit.report.sentences import caveat_sentence
from slaaudit.report.words import count, exact_length, local, of_calendar
from slaaudit.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from slaaudit.audit import Audit
    from slaaudit.credits import Credit
    from slaaudit.report.lines import Line, Origin


def missed_lines(audit: Audit, credit: Credit) -> list[Line]:
    """The measurements that missed in the credit's period, or in those that repeated misses are made of."""
    within = credit.earned.missed or (credit.row.span,)
    return lines(audit, missed_tickets(audit.measurements, credit.row, audit.policies, within))


def unknown_tickets(audit: Audit, credit: Credit) -> int:
    """How many measurements of the clause in the credit's period are unknown, or have no known severity."""
    rows, row = audit.measurements, credit.row
    policy = audit.policies[row.policy].policy
    own = (rows.policy == row.policy) & (rows.clause == list(policy.clauses).index(row.clause))
    own &= (
        (rows.verdict == Verdict.UNKNOWN) & (rows.started_at >= row.span.from_at) & (rows.started_at < row.span.to_at)
    )
    code = list(policy.severities).index(row.severity)
    known = (rows.severity >= 0) & (rows.severity < len(policy.severities))
    return int((own & (~known | (rows.severity == code))).sum())


def ticket_facts(missed: list[Line], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """What a template may show of each missed ticket; times are the zone's."""
    for line in missed:
        yield {
            "id": shown(line.ticket),
            "severity": shown(line.severity or "-"),
            "began": _time(line.started_at, zone),
            "due": _time(line.due_at, zone),
            "ended": _time(line.stopped_at, zone) or "still open",
            "over": exact_length(line.over or 0) + of_calendar(line.calendar),
            "evidence": shown("; ".join(_rows(line.start, line.stop))),
            "caveats": shown(", ".join(line.caveats)),
        }


def lacking_facts(audit: Audit | None, credit: Credit, missed: list[Line]) -> Iterator[str]:
    """What the exports do not show of the missed tickets, and of those that may have missed."""
    if audit is not None and credit.row.tickets and (number := unknown_tickets(audit, credit)):
        yield f"whether {count(number, 'ticket')} of the period kept the target: the exports do not tell"
    for caveat, number in Counter(caveat for line in missed for caveat in line.caveats).items():
        yield f"{caveat}, of {count(number, 'missed ticket')}: {caveat_sentence(caveat)}"


def _time(instant: int | None, zone: ZoneInfo) -> str:
    return "" if instant is None else local(instant, zone)


def _rows(*origins: Origin | None) -> list[str]:
    """The export's rows that started and stopped a clock, each once."""
    told = [f"{each.file} row {each.row}" + (f" {each.column}" if each.column else "") for each in origins if each]
    return list(dict.fromkeys(told))
