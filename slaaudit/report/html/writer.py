"""The page put together: one file with its style, its script and its data in it."""

from __future__ import annotations

import base64
import contextlib
import gc
import hashlib
from typing import IO, TYPE_CHECKING, Any

from markupsafe import Markup

from slaaudit.report.beside_counts import settings
from slaaudit.report.html import misses, pictures, promises, remarks, service, text
from slaaudit.report.html.blocks import blocks
from slaaudit.report.html.content import content
from slaaudit.report.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slaaudit.report.html.content import Content

#: What a browser may run and apply: this page's own script and style. All else, and every request, is refused.
_ALLOWED = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def write_html(record: Mapping[str, Any], stream: IO[str]) -> None:
    """Write the page of a record to ``stream``."""
    with _without_collecting():
        found = content(record)
        page = text.environment().get_template("page.html.j2")
        stream.writelines(page.generate(facts(found)))


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """No search for garbage in cycles, of which there are none: it takes half as long again, with 100,000 tickets."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def facts(found: Content) -> dict[str, Any]:
    """What the templates show."""
    measured, sheets = blocks(found)
    style, script = text.source("style.css"), text.source("script.js")
    return {
        "record": found.record,
        "part": found.part,
        "at": text.at,
        "policy": _allowed(script, style),
        "style": Markup(style),  # noqa: S704  (files of this package)
        "script": Markup(script),  # noqa: S704
        "measured": measured,
        "sheets": sheets,
        "rows": len(found.rows),
        "unshown": _unshown(found),
        "verdict": promises.verdict(found),
        "clauses": promises.clauses(found),
        "shares": promises.shares(found),
        "trends": pictures.trends(found),
        "distributions": pictures.distributions(found),
        "breaches": misses.breaches(found),
        "unknown": misses.reasons(found, "unknown"),
        "excluded": misses.reasons(found, "excluded"),
        "caveats": misses.caveats(found),
        "services": service.services(found),
        "credits": service.credited(found),
        "findings": remarks.findings(found),
        "readings": remarks.readings(found),
        "extremes": remarks.extremes(found),
        "waivers": remarks.waivers(found),
        "settings": settings(found.record),
        "rejected": remarks.rejected(found),
        "reconciliation": remarks.reconciliation(found),
    }


def _allowed(script: str, style: str) -> str:
    return _ALLOWED.format(script=_digest(script), style=_digest(style))


def _digest(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _unshown(found: Content) -> str:
    """What the table of tickets leaves out, in words; nothing where it holds all."""
    return listed([f"{number:,} {name.replace('-', ' ')}" for name, number in found.unshown.items()])
