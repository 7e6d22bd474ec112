"""Small policies that the tests begin from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slaaudit.located import plain, read_text
from slaaudit.policy import load

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
"""
BODY = """\
calendars:
  business:
    timezone: Europe/London
    hours: {mon-fri: 09:00-17:00}
severities:
  S1: {title: Critical, aliases: [urgent, p1]}
  S2: {title: Major}
clauses:
  response:
    measure: first-response
    targets:
      S1: 1h on always
      S2: 4h on business
"""
SIMPLE = HEAD + BODY
READINGS = """\
readings:
  zone:
    question: In which zone is the office?
    default: london
    choices:
      london: {}
      paris: {calendars: {business: {timezone: Europe/Paris}}}
  length:
    question: How long is the day?
    default: short
    choices:
      short: {}
      long: {calendars: {business: {hours: {mon-fri: 08:00-18:00}}}}
"""


def written(folder: Path, text: str, name: str = "policy.yaml") -> Path:
    """A file of that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str, **readings: str):
    """The policy that the text states."""
    written(folder, text)
    return load("policy.yaml", readings, base=folder)


def data(text: str) -> Any:
    """The plain data in a YAML text that has no faults."""
    document = read_text(text, "-")
    assert document.root is not None
    assert not document.faults
    return plain(document.root)
