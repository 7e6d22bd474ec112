"""What was found in an export, in sentences."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from slaaudit.evidence import oddities
from slaaudit.report.layout import DOUBTFUL
from slaaudit.report.safe import shown
from slaaudit.report.words import count

if TYPE_CHECKING:
    from slaaudit.evidence.inspection import FileFacts, Oddity, RejectedFact, RunnerUp, TimeFact, Vocabulary, WordFact

SHAPES = {
    "tickets": "a list of tickets (one row a ticket)",
    "events": "a log of events (one row an event)",
    "snapshots": "snapshots (one row a state of a ticket)",
    "incidents": "incidents (one row an incident or a change)",
    "maintenance": "scheduled maintenance (one row a window)",
    "usage": "usage (one row a window with its counts)",
}
_TOLD_BY = {"command": "as --timezone says", "mapping": "as the mapping says", "profile": "as the profile says"}
_FORMS = {"%s": "seconds or milliseconds since 1970", "excel": "a spreadsheet's day numbers"}
_VALUE = 40
_LISTED = 4


def runner_up_sentence(other: RunnerUp) -> str:
    """How well another profile fits, and why it was not taken."""
    text = f"{other.id} ({other.shape}): explains {count(other.explained, 'header')}"
    if other.lacking:
        return f"{text}, lacks {_some(other.lacking)}"
    if other.forbidden:
        return f"{text}, but must not have {_some(other.forbidden)}"
    return f"{text}, fewer than the one taken"


def _some(words: tuple[str, ...]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(word.partition(" or ")[0] for word in words[:_LISTED]) + more


def text_sentence(facts: FileFacts) -> str:
    """What kind of file it is."""
    return f"{facts.encoding}, separated by {facts.delimiter}" if facts.delimiter else facts.encoding


def zone_sentence(facts: FileFacts) -> str:
    """Whose time the times are."""
    if not facts.times:
        return "there are no times that could be told"
    if all(time.zoned for time in facts.times):
        return "every time names its own"
    if facts.zone:
        return f"{facts.zone}, {_TOLD_BY[facts.zone_from]}"
    hint = facts.layout.base.read.suggest_timezone
    return f"not told{f'; {hint}' if hint else ''}"


def time_sentence(time: TimeFact) -> str:
    """A column's formats, what settled day and month, its zone, and what a DST change makes doubtful."""
    forms = ", ".join(f"{_FORMS.get(form, form)} ({number:,})" for form, number in time.forms)
    parts = [forms or "lengths of time" if time.first is not None or time.forms else "empty"]
    if time.order:
        why = f"row {time.decided_row} {time.decided_value!r} settles it" if time.decided_row else "as was said"
        parts.append(f"{time.order}: {why}")
    if time.trouble:
        parts.append("cannot be read yet")
    if time.forms and time.first is None and not time.trouble:
        parts.append("nothing but stand-ins for no time")
    elif time.forms:
        parts.append("zone in the times" if time.zoned else f"zone {time.zone}" if time.zone else "zone not told")
    if time.doubtful:
        parts.append(f"{count(time.doubtful, 'local time')} that a DST change skips or repeats")
    return "; ".join([*parts, *time.remarks])


def meaning_of(field: str, word: WordFact) -> tuple[str, str]:
    """A word's meaning, with its style."""
    if not word.is_known:
        return "not known", DOUBTFUL
    return ("as it stands" if word.meaning == word.word and field not in ("status", "event") else word.meaning), ""


def value_flag(vocabulary: Vocabulary) -> str:
    """What ``--value`` takes to explain the first word that nothing explains; its meaning is an example."""
    field = "actor" if vocabulary.field in ("actor_group", "created_by") else vocabulary.field
    meant = {"status": "waiting", "event": "reply", "planned": "true", "up_or_down": "down"}.get(field, "vendor")
    return shlex.quote(f"{field}:{shown(vocabulary.unknown[0].word, _VALUE)}={meant}")


def rejected_sentence(each: RejectedFact) -> str:
    """Rows that cannot be used."""
    where = f" in {shown(each.column, _VALUE)}" if each.column else ""
    value = f", {shown(each.value, _VALUE)!r}" if each.value else ""
    return f"{count(each.count, 'row')} cannot be used: {each.reason}{where} (first row {each.row}{value})"


def oddity_sentence(odd: Oddity) -> str:
    """One oddity, as an observation."""
    said = _SAID[odd.kind].format(
        rows=count(odd.count, "row"), times=count(odd.count, "time"), column=odd.column, other=odd.other
    )
    if not odd.rows:
        return said
    shown_rows = ", ".join(str(row) for row in odd.rows) + (", ..." if odd.count > len(odd.rows) else "")
    value = f", as in {odd.value!r}" if odd.value else ""
    return f"{said} (row{'s' if odd.count > 1 else ''} {shown_rows}{value})"


_SAID = {
    oddities.ROUND_COUNT: "exactly {rows}: perhaps a limit of the export has cut the file",
    oddities.REPEATED: "{rows} of a ticket that has an earlier row",
    oddities.TEST: "{rows} of tests, by the look of {column}",
    oddities.DISCARDED: "{rows} of merged, duplicate, spam or deleted tickets, by {column}",
    oddities.BACKWARDS: "{rows} with {column} before {other}",
    oddities.RESOLVED_AFTER_CLOSED: "{rows} with {column} after {other}",
    oddities.NEVER: "{times} in {column} so early that none is meant (1900-01-01, 1970-01-01)",
    oddities.FUTURE: "{times} in the future in {column}",
    oddities.OPEN: "{rows} without an end: open incidents",
    oddities.OVERLAPPING: "{rows} that overlap another row of the same component",
    oddities.REPEATED_INCIDENT: "{rows} of an incident that has an earlier row",
    oddities.NOT_SORTED: "{rows} earlier than the row before of the same ticket, by {column}",
}
