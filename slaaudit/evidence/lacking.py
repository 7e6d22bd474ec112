"""What to say of a file that lacks a column which its shape needs: the nearest headers, or what it may be instead."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from slaaudit.errors import EvidenceError
from slaaudit.evidence import fields as names
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.kinds import lacking, shape_of
from slaaudit.evidence.recognition import candidates, recognised
from slaaudit.evidence.sheets import shortened
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from slaaudit.evidence.profile import Profile
    from slaaudit.evidence.sheets import Sheet

_SHOWN = 12
_TELLING_ALIKE = {"incident_id": names.INCIDENTS, "announced_at": names.MAINTENANCE}
_INSTEAD = {
    "dailyMinutesDown": "upptime's summary tells minutes by day and no times; give its issues: gh issue list --state "
    "all --json number,title,state,createdAt,closedAt",
    "Incident_Title": "a status page that was copied from a browser has its times inside texts; give the answer of its "
    "interface, /api/v2/incidents.json",
}
_ENOUGH_ALIKE = 5  # headers in common, for a profile to be named
_ALSO = {
    "ticket_id": ("id", "number", "ticket", "key", "issue key", "case number", "reference", "incident"),
    "created_at": ("created", "opened", "opened at", "created time", "submitted", "date opened"),
    "at": ("timestamp", "time", "date", "updated", "changed at"),
    "event": ("action", "activity", "type", "field", "kind"),
    "started_at": ("start", "started", "start time", "begin", "from", "down since", "created at", "created on"),
    "ended_at": ("end", "ended", "end time", "until", "to", "resolved at", "resolved on", "resolved", "closed at"),
    "window_start": ("start", "from", "hour", "timestamp", "time", "date"),
    "window_end": ("end", "to", "until"),
    "total": ("requests", "count", "all", "total requests"),
    "failed": ("errors", "failures", "failed requests", "error count"),
}


def missing(
    sheet: Sheet, shape: str, fields: Collection[str], shapes: Sequence[str], *profiles: Profile
) -> EvidenceError:
    """The refusal of a sheet that was given as a file of one of ``shapes``, most likely of ``shape``."""
    headers = Headers(sheet.headers)
    other = mistaken(headers, shapes) or other_kind(headers, shapes)
    if other:
        return EvidenceError(f"{sheet.path}: {_misplaced(other, shapes)}")
    absent = lacking(fields, shape, *profiles)
    hints = "".join(f"\n  {name}: {_candidates(name, sheet.headers)}" for name in absent)
    what = "column " + absent[0] if len(absent) == 1 else "columns " + " and ".join(absent)
    told = f"no {what}, which a file of {shape} needs.{hints}{_most_like(sheet)}{_instead(headers)}"
    return EvidenceError(f"{sheet.path}: {told}")


def _instead(headers: Headers) -> str:
    """What to give instead of a file that tells no times of outages, whatever its columns are called."""
    found = [said for name, said in _INSTEAD.items() if any(header.startswith(name) for header in headers.headers)]
    return "".join(f"\n  {said}" for said in found[:1])


def mistaken(headers: Headers, shapes: Sequence[str]) -> str | None:
    """The shape of a sheet of incidents given as maintenance, or the other way round: both need the same."""
    given = {name for name in _TELLING_ALIKE if headers.place(name) is not None}
    if len(given) == 1 and len(shapes) == 1 and shapes[0] in _TELLING_ALIKE.values():
        shape = _TELLING_ALIKE[given.pop()]
        return None if shape in shapes else shape
    return None


def other_kind(headers: Headers, shapes: Sequence[str]) -> str | None:
    """The shape that a sheet has where it is none of ``shapes``: by its plain names, else by its profile."""
    telling = {name: shape for name, shape in names.TELLING.items() if headers.place(name) is not None}
    if set(telling.values()) & set(shapes):
        return None
    others = [shape for shape in names.REQUIRED if shape not in shapes]
    if telling:
        return next(iter(telling.values()))
    plain = {name for shape in others for name in names.known(shape) if headers.place(name) is not None}
    profile = recognised(headers, others)
    return shape_of(plain, others) or (profile.shape if profile else None)


def _misplaced(shape: str, shapes: Sequence[str]) -> str:
    """What to do with a file of ``shape`` that was given as one of ``shapes``."""
    if shape in names.OF_TICKETS:
        return f"this is a file of {shape}; give it as an export, without --{shapes[0]}."
    if names.TICKETS in shapes:
        return f"this is a file of {shape}; give it with --{shape}, beside an export of tickets or of their events."
    return f"this is a file of {shape}; give it with --{shape}."


def _most_like(sheet: Sheet) -> str:
    """The profile that has the most headers in common with the sheet, and what keeps the two apart."""
    near = next((each for each in candidates(Headers(sheet.headers)) if each.explained >= _ENOUGH_ALIKE), None)
    if near is None or near.fits:
        return ""
    apart = [f"needs {header}" for header in near.lacking] + [f"has no {header}" for header in near.forbidden]
    return f"\n  the headers are most like those of {near.profile.id}, which {' and '.join(apart)}"


def _candidates(name: str, headers: Sequence[str]) -> str:
    known = {folded(header).replace("_", " "): header for header in headers if header}
    wanted = (name.replace("_", " "), *_ALSO[name])
    near = [known[word] for word in wanted if word in known]
    near += [known[word] for each in wanted for word in get_close_matches(each, known, 2, 0.6)]
    near = list(dict.fromkeys(near))[:3]
    if near:
        shown = ", ".join(repr(header) for header in near)
        return f"nearest headers {shown}; say which with --column {name}={_quoted(near[0])}"
    return f"none of the headers is like it ({listed(known.values())}); say which with --column {name}=HEADER"


def _quoted(header: str) -> str:
    return f"'{header}'" if re.search(r"[^\w.-]", header) else header


def listed(headers: Iterable[str]) -> str:
    """The first headers, for a message."""
    first = [shortened(header, 40) for header in headers]
    return ", ".join(first[:_SHOWN]) + (", …" if len(first) > _SHOWN else "")
