"""Reasons, caveats and counts as sentences, with what settles each."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from slaaudit.report.safe import ELLIPSIS
from slaaudit.report.words import count, listed

if TYPE_CHECKING:
    from slaaudit.report.outcome import Outcome

_LONG = 60  # characters of a foreign word that a sentence shows

CAVEATS = {
    "pauses-unseen": "the export has no status history: a breach unless a pause is shown",
    "pause-bounded": "the export tells how long it paused in all, not when; the verdict holds whenever it was",
    "severity-unseen": "only the last severity is known",
    "reopening-unseen": "the list dates only the last of several resolutions",
    "answered-live": "the vendor logged the ticket itself: answered as it was logged",
    "field-unseen": "a field that a rule looks at is empty; --set {about}=VALUE settles it",
    "to-the-minute": "the export's times are coarser than the margin",
    "local-time-ambiguous": "a clock change skips or repeats the local time",
}

_REASONS = {
    "does-not-apply": "the clause does not apply ({about})",
    "exclusion": "excluded by {about}",
    "cancelled": "cancelled ({about})",
    "not-in-force": "created while no given policy was in force",
    "no-severity": "no severity is known",
    "severity-unknown": "the policy knows no severity {about!r}",
    "status-unknown": "no mapping knows the status {about!r}",
    "actor-unknown": "nothing says whose side {about!r} is on",
    "finished-undated": "finished, but no time says when",
    "closed-undated": "closed, but no time says when",
    "reopened-undated": "reopened, but no time says when",
    "stop-before-start": "it stops before it starts",
    "reply-before-creation": "a reply is stamped before the ticket's creation",
    "no-creation": "no usable time of creation",
    "conflicting-rows": "several rows speak of the ticket and disagree",
    "pause-unplaced": "over its target, but the waiting that the export totals ({about}) may account for it",
}


def reason_sentence(reason: str) -> str:
    """What a reason such as ``severity-unknown: P0`` says.

    >>> reason_sentence("severity-unknown: P0")
    "the policy knows no severity 'P0'"
    """
    code, _, about = reason.partition(": ")
    if code == "actor-unknown" and not about:
        return "the export does not say who replied"
    about = about if len(about) <= _LONG else about[: _LONG - 1] + ELLIPSIS
    return _REASONS.get(code, code).replace(" ({about})", f" ({about})" if about else "").format(about=about)


def exclusion_sentence(exclusion: str) -> str:
    """What takes an incident out of the downtime: the policy's own name of an exclusion, or a rule in words.

    >>> exclusion_sentence("third-party"), exclusion_sentence("does-not-apply: environment")
    ('third-party', 'the clause does not apply (environment)')
    """
    return reason_sentence(exclusion) if exclusion.startswith("does-not-apply: ") else exclusion


def settling(reason: str, severities: list[str]) -> str:
    """The flag or mapping line that settles an unknown word; "" where none can.

    >>> settling("status-unknown: Parked", [])
    "--value 'status:Parked=STATE', STATE one of new, open, waiting, hold, resolved, closed, cancelled"
    """
    code, _, about = reason.partition(": ")
    if about and (len(about) > _LONG or not about.isprintable()):  # nobody can type that on a command line
        return "a line under values: in a mapping file (--mapping)"
    if code == "severity-unknown":
        return f"--value {quoted(f'severity:{about}=SEVERITY')}, SEVERITY one of {', '.join(severities)}"
    if code == "status-unknown":
        states = "new, open, waiting, hold, resolved, closed, cancelled"
        return f"--value {quoted(f'status:{about}=STATE')}, STATE one of {states}"
    if code == "actor-unknown" and about:
        return f"--value {quoted(f'actor:{about}=SIDE')}, SIDE one of vendor, customer, system"
    return {
        "pause-unplaced": "the log of status changes, given beside the list",
        "no-severity": "--column severity=HEADER, or --set severity=SEVERITY",
    }.get(code, "")


def quoted(word: str) -> str:
    """A word as a shell takes it back whole; quoted wherever it is more than letters, digits and a few marks."""
    return shlex.quote(word) if "=" not in word else "'" + word.replace("'", "'\"'\"'") + "'"


def caveat_sentence(caveat: str) -> str:
    """What a caveat such as ``field-unseen: channel`` means."""
    code, _, about = caveat.partition(": ")
    return CAVEATS.get(code, "").replace("{about}", about or "FIELD")


def over_words(missed: int, warranted: int) -> str:
    """Breaches in the contract's words: a target is missed, a warranty is breached.

    >>> over_words(3, 1)
    '3 missed targets and 1 breach'
    """
    parts = [count(missed, "missed target")] if missed else []
    parts += [count(warranted, "breach", "breaches")] if warranted else []
    return listed(parts) or "no breach"


def waived_of(number: int, waived: int) -> str:
    """What is said of some that are waived among ``number``.

    >>> waived_of(3, 1), waived_of(3, 3), waived_of(1, 1), waived_of(3, 0)
    (' (1 of them waived)', ' (all waived)', ' (waived)', '')
    """
    if not waived:
        return ""
    if waived < number:
        return f" ({waived:,} of them waived)"
    return " (waived)" if number == 1 else " (all waived)"


def verdict_sentence(found: Outcome) -> str:
    """The audit's verdict, and the counts it rests on."""
    if not found.met + found.running + found.missed + found.warranted + found.spans.judged:
        numbers = [(found.unknown, "unknown"), (found.no_target, "without a target"), (found.excluded, "excluded")]
        rest = ", ".join(f"{number:,} {word}" for number, word in numbers if number)
        return f"No verdict: nothing was met, breached or running ({rest or 'there was nothing to measure'})."
    over = over_words(found.missed, found.warranted) + waived_of(found.missed + found.warranted, found.waived)
    counts = [f"{found.met:,} met", over]
    counts += [f"{found.running:,} running"] if found.running else []
    counts += [f"{found.unknown:,} unknown"] if found.unknown else []
    shares = f"{count(found.shares_failed, 'promised share')} not reached; " if found.shares_failed else ""
    if found.spans.judged:
        spans = found.spans
        waived = f", {spans.waived:,} waived" if spans.waived else ""
        shares = (
            f"{spans.failing:,} of {count(spans.judged, 'period')} of the service below the promise{waived}; {shares}"
        )
    if found.failing:
        word = "Not kept"
    elif found.waived + found.spans.waived:
        word = "Kept but for what is waived"
    elif found.unknown + found.spans.unknown:
        word = "Kept, as far as is known"
    else:
        word = "Kept so far" if found.running + found.spans.running else "Kept"
    return under_strict(f"{word}: {shares}{', '.join(counts)}.", found.complaint)


def under_strict(sentence: str, complaint: str) -> str:
    """The verdict's sentence where ``--strict`` lets none stand, which the complaint says; else the sentence itself.

    >>> under_strict("Not kept: 2 met, 1 breach.", "1 row could not be used, and --strict allows none")
    'No verdict: without --strict, not kept: 2 met, 1 breach.'
    """
    return f"No verdict: without --strict, {sentence[0].lower()}{sentence[1:]}" if complaint else sentence
