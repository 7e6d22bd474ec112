"""Incidents, maintenance and usage written by hand, and what a policy makes of them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from slaaudit.assessment import Asked, assess
from slaaudit.evidence.incidents import Incidents, Maintenance, Operations, Usage
from slaaudit.evidence.tables import MISSING, NONE, Input, Words
from slaaudit.policy import load
from slaaudit.policy.fees import fees

HEAD = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme service agreement
timezone: {zone}
severities:
  S1: {{title: Critical, aliases: [p1]}}
  S2: {{title: Major, aliases: [p2]}}
calendars:
  office: {{timezone: {zone}, hours: {{mon-fri: 09:00-17:00}}, closed: {{dates: [2026-04-03]}}}}
clauses:
  uptime:
    title: Uptime
    measure: availability
    binding: warranted
"""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FIELDS = ("component", "environment", "severity", "cause", "planned", "title", "aware_at")


def at(text):
    """An instant in microseconds; UTC unless it says otherwise."""
    if text is None:
        return MISSING
    found = dt.datetime.fromisoformat(text)
    return ((found if found.tzinfo else found.replace(tzinfo=dt.UTC)) - _EPOCH) // dt.timedelta(microseconds=1)


def words(texts):
    """A column of words; None is an empty cell."""
    vocabulary = list(dict.fromkeys(text for text in texts if text is not None))
    codes = [NONE if text is None else vocabulary.index(text) for text in texts]
    return Words(np.array(codes, np.int32), vocabulary)


def instants(texts):
    """A column of instants, of texts or of microseconds."""
    return np.array([text if isinstance(text, int) else at(text) for text in texts], np.int64)


def incidents(rows):
    """Incidents of ``(start, end, fields)``; ``share`` among the fields is a fraction."""
    rows = [(*row, {})[:3] for row in rows]
    shares = list(dict.fromkeys(Fraction(row[2]["share"]) for row in rows if "share" in row[2]))
    codes = [shares.index(Fraction(row[2]["share"])) if "share" in row[2] else NONE for row in rows]
    return Incidents(
        ids=words([f"I-{nth}" for nth in range(1, len(rows) + 1)]),
        started_at=instants([row[0] for row in rows]),
        ended_at=instants([row[1] for row in rows]),
        share=np.array(codes, np.int32),
        shares=shares,
        file=np.zeros(len(rows), np.int32),
        row=np.arange(2, len(rows) + 2, dtype=np.int32),
        fields={
            name: words([row[2].get(name) for row in rows]) for name in FIELDS if any(name in row[2] for row in rows)
        },
    )


def operations(outages=(), windows=(), counts=(), *, roles=None):
    """All that is known: outages as above, windows ``(start, end, announced, component)``, counts
    ``(start, end, total, failed, component)``."""
    windows = [(*row, None, None)[:4] for row in windows]
    counts = [(*row, None)[:5] for row in counts]
    given = roles or ["incidents", *(["maintenance"] if windows else []), *(["usage"] if counts else [])]
    zeros = lambda rows: np.zeros(len(rows), np.int32)  # noqa: E731
    return Operations(
        incidents(outages),
        Maintenance(
            instants([row[0] for row in windows]),
            instants([row[1] for row in windows]),
            instants([row[2] for row in windows]),
            words([row[3] for row in windows]),
            zeros(windows),
            zeros(windows),
        ),
        Usage(
            instants([row[0] for row in counts]),
            instants([row[1] for row in counts]),
            np.array([row[2] for row in counts], np.int64),
            np.array([row[3] for row in counts], np.int64),
            words([row[4] for row in counts]),
            zeros(counts),
            zeros(counts),
        ),
        tuple(Input(f"{role}.csv", role, "plain", "0" * 64, 1, 0) for role in given),
        (),
    )


def loaded(clause, *, zone="UTC", more=""):
    """The policy whose clause ``uptime`` has these lines; ``more`` stands after it, and may begin other clauses."""
    lines = "".join(f"    {line}\n" for line in clause.strip("\n").splitlines())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "acme.yaml"
        path.write_text(HEAD.format(zone=zone) + lines + more, encoding="utf-8")
        return load(str(path))


def assessed(clause, known, *, as_of=None, fee=None, period=None, zone="UTC", more=""):
    """What the clause makes of the operations."""
    policy = clause if hasattr(clause, "policy") else loaded(clause, zone=zone, more=more)
    when = at(as_of) if isinstance(as_of, str) else as_of
    return assess(known, [policy], Asked(when, period=period, fees=fees(fee) if fee else None))
