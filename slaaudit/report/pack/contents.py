"""The files of a pack, as bytes by their names. The same inputs and options give the same bytes on any day."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slaaudit import __version__
from slaaudit.report import policy_text
from slaaudit.report.console import print_report
from slaaudit.report.dispute_json import write_disputes
from slaaudit.report.formats import FORMS
from slaaudit.report.pack.pages import breach_pages, plain_console
from slaaudit.report.page import Page
from slaaudit.report.record import record
from slaaudit.report.tzdata import tzdata_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from slaaudit.disputed import Disputed
    from slaaudit.evidence.raw_rows import RawRows
    from slaaudit.report.found import Found
    from slaaudit.report.pack.redaction import Redaction

SCHEMA = "slaaudit.pack/1"
MANIFEST = "manifest.json"
WIDTH = 100
_REPORTS = {"json": "report.json", "html": "report.html", "markdown": "report.md"}

README = """\
This folder proves the report in it.

report.*       the report: for people, and as data (report.json)
disputes.json  which breaches stand under every reading of the contract
breaches/      a page for each solid breach: how its time was counted, and the export's rows as they stood
policy/        the policy: its files, and every value that was in force with the line it came from
manifest.json  what was asked, the names, sizes and SHA-256 of the exports, and of every file here

Whoever has the exports can have all of it worked out again:

    slaaudit verify FOLDER tickets.csv events.csv

It says what differs, down to the field, if anything does.
"""


@dataclass(frozen=True)
class Original:
    """A file that the report was made from: its name in the pack, what it is, and its bytes' number and hash."""

    name: str
    role: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Packing:
    """What a pack is made of. ``found`` names its files as the pack does, and is redacted already.

    ``options`` is what was asked, as it is asked again to verify. ``raw_rows`` gives rows of an export by the file's
    name and the rows' numbers. ``ids`` are what tickets and incidents are named by, which no pseudonym replaces.
    """

    found: Found
    disputed: Disputed
    options: dict[str, Any]
    originals: Sequence[Original]
    policy_files: dict[str, bytes]
    raw_rows: Callable[[str, Sequence[int]], RawRows]
    redaction: Redaction
    ids: frozenset[str]


def contents(packing: Packing) -> dict[str, bytes]:
    """Every file of the pack, the manifest last."""
    files = {name: text.encode("utf-8", "backslashreplace") for name, text in _texts(packing)}
    files |= {f"policy/{name}": data for name, data in packing.policy_files.items()}
    files = dict(sorted(files.items()))
    files[MANIFEST] = _manifest(packing, files).encode()
    return files


def _texts(packing: Packing) -> Iterator[tuple[str, str]]:
    found = packing.found
    for name, text in breach_pages(packing):
        yield f"breaches/{name}", text
    yield "README.txt", README
    yield "report.txt", _for_people(found)
    whole = record(found)
    for form, name in _REPORTS.items():
        if form in FORMS:
            stream = io.StringIO()
            FORMS[form].write(whole, stream)
            yield name, stream.getvalue()
    stream = io.StringIO()
    write_disputes(packing.disputed, stream)
    yield "disputes.json", stream.getvalue()
    for loaded in found.audit.policies:
        yield f"policy/{loaded.policy.id}-{loaded.sha256[:8]}-in-force.txt", policy_text.resolved(loaded) + "\n"


def _for_people(found: Found) -> str:
    stream = io.StringIO()
    page = Page(
        found.audit, found.outcome, "slaaudit verify", WIDTH, verbose=True, service=found.service,
        findings=found.findings, both_sides=found.both_sides,
    )  # fmt: skip
    print_report(page, plain_console(stream, WIDTH))
    return stream.getvalue()


def _manifest(packing: Packing, files: dict[str, bytes]) -> str:
    found = packing.found.audit
    whole = {
        "schema": SCHEMA,
        "tool": {"name": "slaaudit", "version": __version__, "tzdata": tzdata_version()},
        "options": packing.options,
        "redacted": list(packing.redaction.fields),
        "originals": [vars(each) for each in packing.originals],
        "policies": [{"id": one.policy.id, "sha256": one.sha256, "files": list(one.files)} for one in found.policies],
        "files": [{"path": name, **stamp(data)} for name, data in files.items()],
    }
    return json.dumps(whole, indent=1, ensure_ascii=True) + "\n"


def stamp(data: bytes) -> dict[str, Any]:
    """The size and the SHA-256 of some bytes."""
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
