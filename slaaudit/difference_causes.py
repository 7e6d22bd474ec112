"""Why a verdict is not what it was in an earlier report: what changed of it, and what can have changed that.

A cause is named only where the two reports show that it changed, and as narrowly as they show it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from slaaudit.between import Because, Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.between import Between
    from slaaudit.written_report import Data, Key, Row, WrittenReport

_WITHOUT_TIMES = {"excluded", "unknown"}  # such a row tells a reason, and no times that a verdict rests on
_ANY: tuple[Cause, ...] = ("evidence", "mapping", "policy", "reading", "as-of")
_AT = {"start": "started_at", "due": "due_at", "stop": "stopped_at"}


def causes_of(between: Between, key: Key, old: Row | None, new: Row | None) -> tuple[Because, ...]:
    """What a measurement's change rests on; one of ``old`` and ``new`` may be None, where it is new or gone."""
    if old is None or new is None:
        return (_presence(between, key, old, new),)
    if old.verdict == new.verdict:
        return (Because(("waiver",), "waiver", old.waived, new.waived),)
    return tuple(_turned(between, key, old, new))


def _presence(between: Between, key: Key, old: Row | None, new: Row | None) -> Because:
    """Why one report has a measurement that the other has not."""
    policy, clause, ticket, _ = key
    other, row = (between.old, new) if old is None else (between.new, old)
    assert row is not None  # noqa: S101  (one of the two is there)
    if all(each["id"] != policy for each in other.policies):
        return Because(("policy",), "policy", *_pair(policy, is_new=old is None))
    if between.period and not _inside(other, row):
        return Because(("period",), "period", *(each.period and each.period.get("text")
                                                for each in (between.old, between.new)))  # fmt: skip
    if _later(row.started_at, other.as_of):
        return Because(("as-of",), "start", *_pair(row.started_at, is_new=old is None))
    if (policy, clause) not in other.clauses:
        return Because(between.among(policy, "policy", "reading"), "clause", *_pair(clause, is_new=old is None))
    if ticket not in other.tickets:
        return Because(between.among(policy, "evidence", "mapping", "policy", "reading"), "ticket",
                       *_pair(ticket, is_new=old is None))  # fmt: skip
    return Because(between.among(policy, *_ANY), "clock",
                   *_pair(row.started_at, is_new=old is None))  # fmt: skip


def _pair(value: str | None, *, is_new: bool) -> tuple[str | None, str | None]:
    return (None, value) if is_new else (value, None)


def _inside(report: WrittenReport, row: Row) -> bool:
    """Whether a measurement lies in a report's period."""
    if report.period is None:
        return True
    at = getattr(row, _AT.get(str(report.period.get("by")), "started_at")) or row.started_at
    return at is None or not (
        _later(str(report.period.get("from")), at) or not _later(str(report.period.get("to")), at)
    )


def _later(one: str | None, other: str | None) -> bool:
    """Whether an instant lies after another one."""
    first, second = _instant(one), _instant(other)
    return first is not None and second is not None and first > second


def _instant(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _turned(between: Between, key: Key, old: Row, new: Row) -> Iterator[Because]:
    """All that differs of a measurement and can have turned its verdict; as-of alone where nothing else does."""
    if {old.verdict, new.verdict} & _WITHOUT_TIMES:
        found = [Because(between.among(key[0], *_ANY), "reason", old.reason, new.reason), *_fields(between, key)]
    else:
        found = [*_promise(between, key[0], old, new), *_record(between, key, old, new)]
    if found:
        yield from found
    elif between.as_of and old.stopped_at is None and new.stopped_at is None:
        yield Because(("as-of",), "as-of", between.old.as_of, between.new.as_of)
    else:
        asked = between.among(key[0], *_ANY)
        yield Because(asked, "verdict", old.verdict, new.verdict)


def _promise(between: Between, policy: str, old: Row, new: Row) -> Iterator[Because]:
    """Severity, target and calendar."""
    if old.severity != new.severity:
        asked = between.among(policy, "evidence", "mapping", "policy", "reading")
        yield Because(asked, "severity", old.severity, new.severity)
    by_promise = between.among(policy, "policy", "reading")
    if old.severity == new.severity and old.target_s != new.target_s:
        shown = by_promise
        if by_promise in (("tool",), ("unexplained",)):  # a rule of the target looks at the ticket's fields
            shown = between.among(policy, "evidence", "mapping")
        yield Because(shown, "target", old.target_s, new.target_s)
    if old.severity == new.severity and old.calendar != new.calendar:
        asked = by_promise if by_promise[0] in ("policy", "reading") else between.among(policy, "evidence", "mapping")
        yield Because(asked, "calendar", old.calendar, new.calendar)


def _record(between: Between, key: Key, old: Row, new: Row) -> Iterator[Because]:
    """Start, stop, pauses, counted time, the reason, and the ticket's fields that may be behind them."""
    policy = key[0]
    moved = old.started_at != new.started_at
    if moved:
        yield Because(_by_origin(between, policy, old, new), "start", old.started_at, new.started_at)
    if old.stopped_at != new.stopped_at:
        yield Because(_stop_causes(between, policy, old, new), "stop", old.stopped_at, new.stopped_at)
    elif not moved and old.target_s == new.target_s:
        yield from _counted(between, policy, old, new)
    if moved or old.target_s != new.target_s:
        yield from _fields(between, key)


def _by_origin(between: Between, policy: str, old: Row, new: Row) -> tuple[Cause, ...]:
    """A start whose export row says the same was moved by the promise, where that changed; else by the record."""
    same = old.start is not None and new.start is not None and old.start[2:] == new.start[2:]
    promise = between.among(policy, "policy", "reading")
    if same and promise[0] in ("policy", "reading") and not between.evidence:
        return promise
    return between.among(policy, "evidence", "mapping", "policy", "reading")


def _stop_causes(between: Between, policy: str, old: Row, new: Row) -> tuple[Cause, ...]:
    """What came after one report's as-of was not seen by it, whatever else changed.

    That report has no stop then. One that it does have the other would have had too: something moved it.
    """
    unseen = _later(new.stopped_at, between.old.as_of) and old.stopped_at is None
    if unseen or (_later(old.stopped_at, between.new.as_of) and new.stopped_at is None):
        return ("as-of",)
    return between.among(policy, *_ANY)


def _counted(between: Between, policy: str, old: Row, new: Row) -> Iterator[Because]:
    """The time that was counted between the same start and stop: pauses, else the calendar's hours."""
    grew = between.as_of and new.stopped_at is None
    if old.elapsed_s is None or new.elapsed_s is None or old.elapsed_s == new.elapsed_s or grew:
        return
    if old.paused_s != new.paused_s:
        asked = between.among(policy, "evidence", "mapping", "policy", "reading")
        yield Because(asked, "pauses", old.paused_s, new.paused_s)
    elif old.calendar == new.calendar:
        yield Because(between.among(policy, "policy", "reading", "evidence"), "time", old.elapsed_s, new.elapsed_s)


def _fields(between: Between, key: Key) -> Iterator[Because]:
    """The fields of the ticket that differ; severity and status are told by what they did."""
    ours, theirs = between.old.tickets.get(key[2], {}), between.new.tickets.get(key[2], {})
    for name in dict.fromkeys([*ours, *theirs]):
        if name not in ("severity", "status", "subject") and ours.get(name) != theirs.get(name):
            yield Because(
                between.among(key[0], "evidence", "mapping"), f"field {name}", ours.get(name), theirs.get(name)
            )


_OF_PERIOD: tuple[tuple[str, tuple[Cause, ...]], ...] = (
    ("promised", ("policy", "reading")),
    ("method", ("evidence", "policy", "reading")),
    ("downtime_s", _ANY),
    ("failed", _ANY),
    ("excluded_s", _ANY),
    ("tier", _ANY),
    ("credit", ("policy", "reading", "evidence", "mapping", "as-of")),
    ("granted", ("policy", "reading", "evidence", "mapping", "as-of")),
    ("fee", ("fee",)),
    ("sum", ("policy", "reading", "evidence", "mapping", "as-of")),
    ("claim_by", _ANY),
    ("claim_status", ("as-of",)),
    ("to_date", ("as-of",)),
)


def causes_of_period(between: Between, key: tuple[str, ...], old: Data | None, new: Data | None) -> tuple[Because, ...]:
    """What the change of a service's period, or of a credit, rests on."""
    policy = key[0]
    if old is None or new is None:
        cause: tuple[Cause, ...] = ("period",) if between.period else between.among(policy, *_ANY)  # fmt: skip
        return (Because(cause, "period", *_pair(key[3], is_new=old is None)),)
    if bool(old.get("waived")) != bool(new.get("waived")):
        return (Because(("waiver",), "waiver", old.get("waived"), new.get("waived")),)
    found = [
        Because(between.among(policy, *_asked(name, asked, old, new)), name, old.get(name), new.get(name))
        for name, asked in _OF_PERIOD
        if old.get(name) != new.get(name)
    ]
    asked = between.among(policy, "as-of", "evidence", "mapping", "policy", "reading")
    return tuple(found) or (Because(asked, "verdict", old.get("verdict"), new.get("verdict")),)


def _asked(name: str, asked: tuple[Cause, ...], old: Data, new: Data) -> tuple[Cause, ...]:
    """What can be behind another value; money is another by the fee alone where the same share of it was earned."""
    if name not in ("granted", "sum") or old.get("fee") == new.get("fee"):
        return asked
    same = all(old.get(each) == new.get(each) for each in ("tier", "credit"))
    return ("fee",) if same else (*asked, "fee")
