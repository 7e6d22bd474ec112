"""What ``--redact`` asks for: the values of its fields, wherever the exports have them, and what cannot be replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slaaudit.cli.options import one_of
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from slaaudit.cli.given import Given
    from slaaudit.evidence import ReadOptions
    from slaaudit.report.found import Found
    from slaaudit.report.pack.redaction import Redaction

_IDS = {"ticket_id", "incident_id"}
_NEEDED = {"severity", "status"}
#: What of the options tells words of the exports: the flag that gave it, and what to do instead.
_TOLD = {
    "sets": ("--set", "write it into a column of the export"),
    "values": ("--value", "write it into a mapping file (--mapping)"),
}


def reading_of(path: str, given: Given) -> ReadOptions:
    """How one of the given files is read: a mapping is about tickets."""
    of_service = path in (*given.incidents, *given.maintenance, *given.usage)
    options = given.read_options()
    return replace(options, mapping=None) if of_service else options


def ids_of(found: Found) -> frozenset[str]:
    """What tickets and incidents are named by."""
    incidents = found.service.operations.incidents.ids.words if found.service else ()
    return frozenset((*found.audit.evidence.tickets.ids.words, *incidents))


def learn(redaction: Redaction, found: Found, given: Given) -> None:
    """Give every value of the fields its pseudonym, whether a page shows it or not.

    A UsageError for a field that there is not, or that a report cannot do without.
    """
    if not redaction.fields:
        return
    columns = list(_columns(redaction, given))
    _refuse(redaction, found, given, {name for _, _, name in columns})
    values = redaction.values_in(found.audit)
    for path, place, name in columns:
        values[name] = [*values.get(name, ()), *_column(path, place, given)]
    ids = ids_of(found)
    for name, each in values.items():
        if name.strip().casefold() in _IDS or not ids.isdisjoint(each):
            raise UsageError(f"--redact {shown(name, 40)}: it holds ids, and a report names what it is about by them")
    redaction.learn({name: values[name] for name in redaction.fields if name in values})


def refuse_told(redaction: Redaction, asked: Mapping[str, Any], names: Iterable[str]) -> None:
    """A UsageError where the name of a file, or a flag, tells a value: the manifest has both as they are."""
    for name in names:
        if redaction.text(name) != name:
            raise UsageError(
                f"--redact: the name of the file {shown(name, 80)} tells a value that is to be replaced, and a pack "
                "tells the names of its files; rename it"
            )
    for key, (flag, instead) in _TOLD.items():
        for word in asked[key]:
            if redaction.text(word) != word:
                raise UsageError(
                    f"--redact: {flag} {shown(word, 80)} tells a value that is to be replaced, and a pack tells what "
                    f"was asked; {instead} instead"
                )


def remaining(redaction: Redaction, ids: Iterable[str], policies: Mapping[str, bytes]) -> Iterator[str]:
    """What a pack keeps although it tells a value that is replaced elsewhere, a sentence each."""
    if (kept := next((each for each in ids if redaction.text(each) != each), None)) is not None:
        yield f"ids are not replaced, and {shown(kept, 60)} tells a value that is replaced elsewhere"
    for name, data in policies.items():
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
            if redaction.text(line) != line:
                place = f"{shown(name, 60)}:{number}"
                yield f"a policy is not replaced, and {place} tells a value that is replaced elsewhere"
                break


def _files(given: Given) -> tuple[str, ...]:
    return (*given.files, *given.incidents, *given.maintenance, *given.usage)


def _columns(redaction: Redaction, given: Given) -> Iterator[tuple[str, int, str]]:
    """Each column of the exports that a field names: its file, its place there and the field."""
    from slaaudit.evidence.raw_rows import headers_of
    from slaaudit.report.pack.redaction import same_name

    for path in _files(given):
        for place, header in enumerate(headers_of(path, reading_of(path, given))):
            for name in redaction.fields:
                if same_name(header, name):
                    yield path, place, name


def _column(path: str, place: int, given: Given) -> list[str]:
    from slaaudit.evidence.raw_rows import raw_columns

    (values,) = raw_columns(path, [place], reading_of(path, given))
    return values


def _refuse(redaction: Redaction, found: Found, given: Given, in_files: set[str]) -> None:
    """A UsageError for a field that neither the tickets nor a column have, or that names what a report counts."""
    from slaaudit.evidence.raw_rows import headers_of
    from slaaudit.report.pack.redaction import ACTOR

    known = [*found.audit.evidence.tickets.fields, ACTOR]
    for name in redaction.fields:
        if name not in known and name not in in_files:
            headers = [header for path in _files(given) for header in headers_of(path, reading_of(path, given))]
            one_of("--redact", name, tuple(dict.fromkeys([*known, *headers])))
        plain = name.strip().casefold()
        if plain in _NEEDED:
            raise UsageError(f"--redact {shown(name, 40)}: the report tells by it how each verdict came about")
        if plain == "component" and found.service and any(row.component for row in found.service.uptimes):
            raise UsageError("--redact component: the report counts each component of the service apart, by its name")
