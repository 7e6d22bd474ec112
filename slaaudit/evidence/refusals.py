"""What the command line and a mapping say about columns, held against the files: what fits nowhere is refused."""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING

from slaaudit.errors import EvidenceError, UsageError
from slaaudit.evidence import fields as names
from slaaudit.evidence.headers import Headers
from slaaudit.evidence.lacking import listed
from slaaudit.evidence.local_times import zone_named
from slaaudit.evidence.profile import published
from slaaudit.evidence.sheets import opened, shortened
from slaaudit.evidence.vocabulary import ACTOR_NAMES, STATE_NAMES
from slaaudit.evidence.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.profile import MappingFile, Profile
    from slaaudit.evidence.sheets import Sheet

_ALL_NAMES = tuple(dict.fromkeys(name for shape in names.REQUIRED for name in names.known(shape)))


def refuse_unknown_headers(
    sheets: Sequence[Sheet],
    mapping: MappingFile,
    options: ReadOptions,
    shapes: Sequence[str] = names.OF_TICKETS,
) -> None:
    """Refuse what is said about a header that is in no sheet. ``shapes`` are those that the sheets may have.

    What is said of fields that only files of other shapes have is theirs.
    """
    all_headers = [Headers(sheet.headers) for sheet in sheets]
    known = [name for headers in all_headers for name in headers.headers]
    for field, header in options.columns:
        if not (_anywhere(header, all_headers) or _is_of_others(field, shapes) or _elsewhere(header, options)):
            raise UsageError(f"--column {field}={header}: no file has a header {header!r}.{_nearest(header, known)}")
    rules = mapping.profile.columns if mapping.profile.shape in (None, *shapes) else {}
    for field, rule in rules.items():
        is_here = any(_anywhere(header, all_headers) for header in rule.headers) or _is_of_others(field, shapes)
        if not is_here and not any(_elsewhere(header, options) for header in rule.headers):
            hint = _nearest(rule.column, known).strip()
            raise mapping.refusal(("columns", field), f"no file has a header {rule.column!r}", hint)
    _refuse_mistyped_fields(all_headers, mapping.profile, options, shapes)


def _is_of_others(field: str, shapes: Sequence[str]) -> bool:
    """Whether only files of other shapes have the field."""
    own = {name for shape in shapes for name in names.known(shape)}
    return field in _ALL_NAMES and field not in own


def _refuse_mistyped_fields(
    all_headers: Sequence[Headers], mapping: Profile, options: ReadOptions, shapes: Sequence[str]
) -> None:
    """Refuse a field that is no plain name, nobody else speaks of, and is spelt like one; and words of no column."""
    stated = [("--column", field, f"{field}={header}") for field, header in options.columns]
    stated += [("--set", field, f"{field}={value}") for field, value in options.set_fields]
    stated += [("--value", field, f"{field}:{word}={meaning}") for field, word, meaning in options.values]
    if not stated:
        return
    spoken = {
        *_ALL_NAMES,
        "state",
        "claimed",
        "claimed_response",
        "claimed_resolution",
        *(options.fields or ()),
        *mapping.columns,
        *(field for field, _ in options.columns),
        *(field for profile in published() for field in profile.columns),
    }
    for flag, field, text in stated:
        known = spoken - {field} if flag == "--column" and field not in _ALL_NAMES else spoken
        if field in known or field in (options.fields or ()) or _anywhere(field, all_headers):
            continue
        if _elsewhere(field, options):
            continue
        near = get_close_matches(field, known, 1, 0.85)
        if near:
            raise UsageError(f"{flag} {shortened(text, 80)}: no field is named {field!r}; did you mean {near[0]!r}?")
        if flag == "--value" and not _is_of_others(field, shapes):
            raise UsageError(f"{flag} {shortened(text, 80)}: no file has a field {field!r}.")


def _elsewhere(header: str, options: ReadOptions) -> bool:
    """Whether a file that is read apart has the header; standard input cannot be looked at twice, and may have it."""
    for path in options.others:
        if path == "-":
            return True
        with suppress(EvidenceError):  # told where that file is read
            if Headers(opened(path).headers).place(header) is not None:
                return True
    return False


def _anywhere(header: str, all_headers: Sequence[Headers]) -> bool:
    return any(headers.place(header) is not None for headers in all_headers)


def _nearest(wanted: str, known: Sequence[str]) -> str:
    by_fold = {folded(name): name for name in known if name}
    near = [by_fold[name] for name in get_close_matches(folded(wanted), by_fold, 3, 0.5)]
    if near:
        return f" Nearest: {', '.join(repr(name) for name in near)}."
    return f" The headers are: {listed(by_fold.values())}."


def refuse_bad_options(options: ReadOptions) -> None:
    """UsageError for a ``--value`` whose meaning is no state or no actor, or a ``--timezone`` that is none."""
    if options.timezone is not None:
        zone_named(options.timezone, "--timezone ")
    known: dict[str, Iterable[str]] = {"status": STATE_NAMES, "state": STATE_NAMES, "actor": ACTOR_NAMES}
    for field, written, meaning in options.values:
        words = tuple(known.get(field, ()))
        if words and folded(meaning) not in words:
            near = get_close_matches(folded(meaning), words, 1, 0.6)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(words)}."
            raise UsageError(f"--value {field}:{written}={meaning}: {meaning!r} is no {field}; {hint}")
