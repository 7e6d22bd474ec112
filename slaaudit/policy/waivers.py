"""Waivers: breaches that somebody who may do so lets pass, each with a reason, a name and a last day.

A file of them is a list of entries, or a mapping with that list under ``waivers``. Whatever is wrong in the file is
told at once, each fault with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, ValidationError, model_validator

from slaaudit.errors import Fault, WaiverError
from slaaudit.located import (
    Located,
    Sources,
    described,
    did_you_mean,
    faults_of,
    in_order,
    nearest,
    plain,
    read_file,
    without_free_keys,
)
from slaaudit.policy.kinds import Date, Part, Word
from slaaudit.policy.variants import measures_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from slaaudit.policy.reader import LoadedPolicy

Subject = Literal["ticket", "incident"]
Subjects = dict[str, set[Subject]]
"""For each clause whose breaches can be waived: those of tickets, or those of incidents; neither if it has none."""

_UNAUDITED = ("order", "narrative")
_UNREAD = {
    "ticket": "no tickets are read here; keep waivers of tickets in a file of their own",
    "incident": "no incidents are read here; name their file with --incidents, or keep their waivers in another file",
}
_MOST_COMPARED = 20_000  # ids that are looked through for the nearest one


def _stated(text: str) -> str:
    if not text.strip():
        raise ValueError("this is empty; expected a text")
    return text.strip()


Stated = Annotated[Word, AfterValidator(_stated)]


class WrittenWaiver(Part):
    """An entry as it is written: a ticket's or an incident's breach of one clause."""

    ticket: Stated | None = None
    """The ticket whose breach of the clause is waived, by its id."""
    incident: Stated | None = None
    """Or the incident whose outage is waived, by its id."""
    clause: Stated
    """The clause, by its name in the policy."""
    reason: Stated
    """Why it is waived."""
    by: Stated
    """Who waives it."""
    expires: Date
    """The last day on which the waiver holds."""

    @model_validator(mode="after")
    def _of_one(self) -> WrittenWaiver:
        if self.ticket is None and self.incident is None:
            raise ValueError("this names neither a ticket nor an incident; expected `ticket: ID` or `incident: ID`")
        if self.ticket is not None and self.incident is not None:
            raise ValueError("this names both a ticket and an incident; expected an entry for each")
        return self


class WaiverFile(Part):
    """A file of waivers."""

    slaaudit_waivers: Literal[1] = 1
    """Version of this format."""
    waivers: tuple[WrittenWaiver, ...]


@dataclass(frozen=True)
class Waiver:
    """One waiver. ``subject`` says what ``name`` is the id of; ``expires`` is the last day on which it holds."""

    subject: Subject
    name: str
    clause: str
    reason: str
    by: str
    expires: dt.date
    node: Located

    @property
    def place(self) -> str:
        """Where it stands: ``waivers.yaml:3``."""
        return f"{self.node.place.file}:{self.node.place.line}"


@dataclass(frozen=True)
class Waivers:
    """All waivers of a run, in the order of their files, with the lines that faults show."""

    entries: tuple[Waiver, ...]
    sources: Sources
    files: tuple[str, ...]

    def of(self, subject: Subject) -> Waivers:
        """The waivers of tickets, or of incidents, alone."""
        return replace(self, entries=tuple(each for each in self.entries if each.subject == subject))

    def fault(self, waiver: Waiver, key: str, message: str, hint: str = "") -> Fault:
        """A fault at the value of one key of a waiver."""
        return self.sources.fault((waiver.node.get(key) or waiver.node).place, message, hint)

    def expired(self, day: dt.date) -> Iterator[Fault]:
        """A fault for every waiver whose last day lies before ``day``."""
        for waiver in self.entries:
            if waiver.expires < day:
                message = f"this waiver expired on {waiver.expires}, before the day of as-of, {day}"
                yield self.fault(waiver, "expires", message, "decide again, then write a later day or remove the entry")

    def refuse(self, faults: Sequence[Fault]) -> None:
        """A WaiverError with all the faults, in the order of their places; nothing where there are none."""
        if faults:
            raise WaiverError(in_order(faults, self.files))


def read_waivers(
    paths: Sequence[str], policies: Sequence[LoadedPolicy], day: dt.date | None, *, under_all: bool = False
) -> Waivers:
    """The waivers in the files at ``paths``, about clauses of ``policies``; without any, clauses are not looked up.

    A clause is what the readings in force make it, or with ``under_all`` what any does. Raises ``WaiverError`` with
    every fault. ``day`` is the civil day of as-of where it is known: waivers that have expired are then told beside
    other faults; alone they are left to ``Waivers.expired``.
    """
    nodes: list[Located] = []
    faults: list[Fault] = []
    sources = Sources()
    for path in dict.fromkeys(paths):
        document = read_file(Path(path), path)
        sources.update(document.sources)
        faults += document.faults
        if document.root is not None:
            nodes += _entries(without_free_keys(document.root), sources, faults)
    found = [waiver for node in nodes if (waiver := _waiver(node)) is not None]
    read = Waivers(tuple(found), sources, tuple(paths))
    about = _about_clauses(nodes, sources, subjects_of(policies, under_all=under_all)) if policies else ()
    faults += [*about, *_repeated(read)]
    if faults and day is not None:
        faults += read.expired(day)
    read.refuse(faults)
    return read


def _entries(root: Located, sources: Sources, faults: list[Fault]) -> list[Located]:
    """The entries; what is wrong with each by itself goes to ``faults``."""
    if isinstance(root.value, list):
        root = replace(root, value={"waivers": root})
    if not isinstance(root.value, dict):
        message = f"expected a list of waivers, found {described(root)}"
        faults.append(sources.fault(root.place, message, "write each as - {ticket: …, clause: …, reason: …, …}"))
        return []
    if "ticket" in root.value or "incident" in root.value:
        faults.append(sources.fault(root.place, "expected a list of waivers, found one entry", "write - before it"))
        return []
    try:
        WaiverFile.model_validate(plain(root))
    except ValidationError as error:
        faults += faults_of(error, WaiverFile, root, sources)
    listed = root.get("waivers")
    return listed.value if listed is not None and isinstance(listed.value, list) else []


def _waiver(node: Located) -> Waiver | None:
    try:
        written = WrittenWaiver.model_validate(plain(node))
    except ValidationError:
        return None  # told with its place beside the others
    subject: Subject = "incident" if written.ticket is None else "ticket"
    name = written.ticket or written.incident or ""
    return Waiver(subject, name, written.clause, written.reason, written.by, written.expires, node)


def subjects_of(policies: Sequence[LoadedPolicy], *, under_all: bool) -> Subjects:
    """What the breaches of each clause are of, by the readings in force or by any."""
    found: Subjects = {}
    for loaded in policies:
        in_force = {name: {clause.measure} for name, clause in loaded.policy.clauses.items()}
        for name, measures in (measures_of(loaded) if under_all else in_force).items():
            found.setdefault(name, set()).update(
                "incident" if each == "availability" else "ticket" for each in measures if each not in _UNAUDITED
            )
    return found


def _about_clauses(nodes: Sequence[Located], sources: Sources, clauses: Subjects) -> Iterator[Fault]:
    """Faults where a clause is none of the policies', or is not about what the entry names."""
    for node in nodes:
        stated = node.get("clause")
        if stated is None or not stated.text:
            continue  # told already
        name, subjects = stated.text, clauses.get(stated.text)
        named = {each for each in ("ticket", "incident") if node.get(each)}
        if subjects is None:
            hint = did_you_mean(name, list(clauses), "its clauses")
            yield sources.fault(stated.place, f"the policy has no clause {name!r}", hint)
        elif not subjects:
            yield sources.fault(stated.place, f"clause {name!r} is not audited, so nothing can breach it")
        elif subjects == {"incident"} and named == {"ticket"}:
            message = f"clause {name!r} is about the service, and this names a ticket"
            yield sources.fault(stated.place, message, "name an incident: `incident: ID`")
        elif subjects == {"ticket"} and named == {"incident"}:
            message = f"clause {name!r} is about tickets, and this names an incident"
            yield sources.fault(stated.place, message, "name a ticket: `ticket: ID`")


def _repeated(read: Waivers) -> Iterator[Fault]:
    """Faults where an entry waives what an earlier one does."""
    first: dict[tuple[str, str, str], Waiver] = {}
    for waiver in read.entries:
        known = first.setdefault((waiver.subject, waiver.name, waiver.clause), waiver)
        if known is not waiver:
            message = f"{waiver.subject} {waiver.name!r} has a waiver of clause {waiver.clause!r} already"
            yield read.fault(waiver, waiver.subject, message, f"it stands at {known.place}; keep one")


def unmatched(read: Waivers, waiver: Waiver, known: Sequence[str]) -> Fault:
    """The fault of a waiver that names none of the ids that the input has."""
    near = nearest(waiver.name, known) if len(known) <= _MOST_COMPARED else None
    hint = _UNREAD[waiver.subject]
    if known:
        hint = f"did you mean {near!r}?" if near else "remove the entry, or give the file that has it"
    return read.fault(waiver, waiver.subject, f"the input has no {waiver.subject} {waiver.name!r}", hint)
