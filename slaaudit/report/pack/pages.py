"""A page for each solid breach: the verdict, how its time was counted, and the export's rows as they stood."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from rich.console import Console

from slaaudit.report.explain import measurement_lines, ticket_lines
from slaaudit.report.lines import lines
from slaaudit.report.pack.service_pages import period_pages
from slaaudit.report.safe import shown
from slaaudit.report.worksheet import sheet_of
from slaaudit.results import Verdict
from slaaudit.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from slaaudit.evidence.raw_rows import RawRows
    from slaaudit.report.lines import Line
    from slaaudit.report.pack.contents import Packing

_WIDTH = 100
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
pre { font: 13px/1.4 ui-monospace, monospace; overflow-x: auto; padding: 1rem; border: 1px solid; border-radius: 6px; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: 13px; }
th, td { border: 1px solid; padding: .3rem .6rem; text-align: left; vertical-align: top; }
td { white-space: pre-wrap; }
@media print { pre { white-space: pre-wrap; border: 0; padding: 0; } table { display: table; } }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_LONGEST_NAME = 60


def plain_console(stream: IO[str], width: int) -> Console:
    """A console that prints the same text whatever the surroundings."""
    return Console(
        file=stream, width=width, color_system=None, force_terminal=False, markup=False, highlight=False, emoji=False,
        legacy_windows=False, _environ={},
    )  # fmt: skip


class _Page(NamedTuple):
    """What a page tells: its title, the words that name its file, its text, and the rows that it shows by file."""

    title: str
    words: tuple[str, ...]
    text: str
    places: Mapping[str, list[int]]


def breach_pages(packing: Packing) -> Iterator[tuple[str, str]]:
    """The pages by name, those of tickets first, in the report's order."""
    found = [*_ticket_pages(packing), *(_Page(*each) for each in period_pages(packing))]
    if not found:
        return
    template = Environment(
        loader=PackageLoader("slaaudit.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("breach.html.j2")  # fmt: skip
    raw = _raw(packing, [each.places for each in found])
    taken: set[str] = set()
    for each in found:
        page = template.render(
            title=each.title,
            text=each.text,
            tables=[_table(name, rows, raw[name]) for name, rows in each.places.items()],
            redacted=packing.redaction.fields,
            style=Markup(_STYLE),  # noqa: S704  (our own)
            style_hash=_STYLE_HASH,
            shown=shown,
        )
        yield _name(each.words, taken), page


def _ticket_pages(packing: Packing) -> Iterator[_Page]:
    found = _solid(packing)
    places = _places(packing, found)
    for line in found:
        words = (line.ticket, line.clause, *([str(line.cycle)] if line.cycle > 1 else []))
        ticket = int(packing.found.audit.measurements.ticket[line.at])
        yield _Page(f"{line.ticket}: {line.title}", words, _text(packing, line), places[ticket])


def _solid(packing: Packing) -> list[Line]:
    """The breached measurements of tickets and clauses whose breach is solid."""
    audit = packing.found.audit
    rows = audit.measurements
    chosen = np.zeros(len(rows), np.bool_)
    for one in packing.disputed.clauses:
        clauses = list(audit.policies[one.policy].policy.clauses)
        if one.is_of_service or one.clause not in clauses:
            continue
        solid = np.zeros(len(audit.evidence.tickets), np.bool_)
        solid[one.table.subject[one.standing == Standing.SOLID]] = True
        own = (rows.policy == one.policy) & (rows.clause == clauses.index(one.clause))
        chosen |= own & (rows.verdict == Verdict.BREACHED) & solid[rows.ticket]
    return lines(audit, np.flatnonzero(chosen))


def _text(packing: Packing, line: Line) -> str:
    """What ``explain`` says of it, in full."""
    audit = packing.found.audit
    told = [*ticket_lines(audit, line, _WIDTH), "", *measurement_lines(sheet_of(audit, line), _WIDTH, verbose=True)]
    return "\n".join(str(each) for each in told)


def _places(packing: Packing, found: list[Line]) -> dict[int, dict[str, list[int]]]:
    """For each ticket the rows of each file that tell of it."""
    audit = packing.found.audit
    log, evidence = audit.log, audit.evidence
    places: dict[int, dict[str, list[int]]] = {}
    for ticket in {int(audit.measurements.ticket[line.at]) for line in found}:
        since, until = np.searchsorted(log.ticket, [ticket, ticket + 1]).tolist()
        rows: dict[str, set[int]] = defaultdict(set)
        for source, row in zip(log.source[since:until].tolist(), log.row[since:until].tolist(), strict=True):
            rows[evidence.inputs[evidence.sources[source].file].path].add(row)
        places[ticket] = {name: sorted(rows[name]) for name in sorted(rows)}
    return places


def _raw(packing: Packing, places: Sequence[Mapping[str, list[int]]]) -> dict[str, RawRows]:
    """The rows that the pages show, each file read once."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for files in places:
        for name, rows in files.items():
            wanted[name] |= set(rows)
    return {
        name: packing.redaction.rows(packing.raw_rows(name, sorted(rows)), packing.ids) for name, rows in wanted.items()
    }


def _table(name: str, rows: list[int], raw: RawRows) -> dict[str, Any]:
    """The rows of one file, without the columns that are empty in all of them."""
    known = [row for row in rows if row in raw.cells]
    filled = [at for at in range(len(raw.headers)) if any(raw.cells[row][at] for row in known)]
    return {
        "file": name,
        "headers": [raw.headers[at] for at in filled],
        "rows": [(row, [raw.cells[row][at] for at in filled]) for row in known],
    }


def _name(words: Sequence[str], taken: set[str]) -> str:
    """The page's name: its words as any system can have them in a file's name, and never one twice."""
    name = "-".join(re.sub(r"[^A-Za-z0-9]+", "-", word).strip("-")[:_LONGEST_NAME] for word in words)
    if name.casefold() in taken:
        name += "-" + hashlib.sha256("\0".join(words).encode("utf-8", "backslashreplace")).hexdigest()[:8]
    taken.add(name.casefold())
    return f"{name}.html"
