"""Which of a file's first records is its header: titles and other lines may stand above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.evidence import fields
from slaaudit.evidence.headers import plain_header
from slaaudit.evidence.profile import published

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.evidence.options import ReadOptions
    from slaaudit.evidence.profile import MappingFile

    Known = Callable[[], frozenset[str]]

SEARCHED = 20  # records
_ENOUGH = 2  # known names, for a record to be a header


def known_headers(mapping: MappingFile, options: ReadOptions) -> frozenset[str]:
    """Every header that a plain name, a profile, the mapping or the command line speaks of, as they are compared."""
    names = [name for shape in fields.REQUIRED for name in fields.known(shape)]
    names += [header for _, header in options.columns]
    for profile in (*published(), mapping.profile):
        names += [header for rule in profile.columns.values() for header in rule.headers]
        names += [header for group in profile.recognise.all for header in group]
        names += profile.recognise.any
    return frozenset(map(plain_header, names))


def header_index(records: Sequence[Sequence[str]], known: Known) -> int:
    """The place of the header among the first records; 0 where nothing stands above it.

    A header is fuller than every record above it. Of several such, the first with known names is the header; where no
    name is known it is the first of them that has more than one cell.
    """
    filled = [sum(bool(cell.strip()) for cell in record) for record in records[: SEARCHED + 1]]
    if not filled or filled[0] == max(filled):
        return 0
    fuller = [place for place, count in enumerate(filled) if count > max(filled[:place], default=0)]
    scores = [_known_names(records[place], known()) for place in fuller]
    named = next((place for place, score in zip(fuller, scores, strict=True) if score >= _ENOUGH), None)
    if named is not None:
        return named
    return next((place for place in fuller if filled[place] > 1), 0)


def is_named(record: Sequence[str], known: Known) -> bool:
    """Whether a record holds enough known names to be a header."""
    return _known_names(record, known()) >= _ENOUGH


def _known_names(record: Sequence[str], known: frozenset[str]) -> int:
    return len({name for cell in record if (name := plain_header(cell)) in known})
