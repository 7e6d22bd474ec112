"""The audit's verdict as data: its counts, its sentence, and how firm it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.report.outcome import NO_EVIDENCE, kindest, outcome
from slaaudit.report.sentences import verdict_sentence

if TYPE_CHECKING:
    from slaaudit.report.found import Found
    from slaaudit.report.outcome import Periods

_COUNTS = (
    "measured", "met", "warranted", "missed", "waived", "running", "unknown", "no_target", "excluded", "shares_failed",
    "failing", "rejected",
)  # fmt: skip


def outcome_as_data(found: Found) -> dict[str, Any]:
    """The verdict: ``kept``, ``not-kept`` (whatever ``fail_on`` forgives) or ``no-verdict``, with what it rests on.

    ``warranted`` and ``missed`` divide the breached measurements by binding force. ``close`` counts the breaches by
    less than so many seconds; ``kindest`` is the verdict if every unknown and every breach with a caveat went the
    vendor's way.
    """
    ended = found.outcome
    code = ended.exit_code
    kind = outcome(kindest(found.audit), service=found.service)
    spans = ended.spans
    return {
        "verdict": verdict_word(code, ended.failing),
        "fail_on": found.fail_on,
        "exit_code": code,
        "sentence": verdict_sentence(ended),
        "complaint": ended.complaint or None,
        **{name: getattr(ended, name) for name in _COUNTS},
        "periods": by_verdict(spans),
        "close": dict(found.audit.over_by),
        "kindest": verdict_word(kind.exit_code, kind.failing),
        "merged": found.audit.merged,
        "unseen_after_as_of": found.audit.unseen_after_as_of,
    }


def by_verdict(spans: Periods) -> dict[str, int]:
    """A service's periods by verdict; ``waived`` says how many of the breached are."""
    return {
        "met": spans.met,
        "breached": spans.failing + spans.waived,
        "waived": spans.waived,
        "running": spans.running,
        "unknown": spans.unknown,
    }


def verdict_word(code: int, failing: int) -> str:
    """The verdict where so many promises fail; an exit code may forgive them, or find fault with other things.

    >>> verdict_word(0, 3), verdict_word(1, 0), verdict_word(3, 3)
    ('not-kept', 'kept', 'no-verdict')
    """
    return "no-verdict" if code == NO_EVIDENCE else "not-kept" if failing else "kept"
