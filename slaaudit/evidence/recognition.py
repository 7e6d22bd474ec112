"""Which export profile a sheet fits: told by its headers alone.

A profile fits where every header that it needs is there, and none that it forbids. Of several that fit, the one that
explains the most headers stands; where two explain equally many, the first by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from slaaudit.evidence.profile import published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence.headers import Headers
    from slaaudit.evidence.profile import Profile
    from slaaudit.evidence.profile_rules import Recognise


class Candidate(NamedTuple):
    """A profile beside a sheet: how many headers it explains, and what keeps it from fitting (empty where it fits)."""

    profile: Profile
    explained: int
    lacking: tuple[str, ...]
    forbidden: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether the sheet is of this profile."""
        return not self.lacking and not self.forbidden


def recognised(headers: Headers, shapes: Sequence[str]) -> Profile | None:
    """The profile of one of ``shapes`` that the headers fit best, or None."""
    best = next((each for each in candidates(headers) if each.profile.shape in shapes), None)
    return best.profile if best and best.fits else None


def candidates(headers: Headers) -> list[Candidate]:
    """Every profile with a header in common, those that fit first, then by how much they explain."""
    found = [candidate for profile in published() if (candidate := _beside(profile, headers)).explained]
    return sorted(found, key=lambda each: (not each.fits, -each.explained, len(each.lacking), each.profile.id))


def fits(recognise: Recognise, headers: Headers) -> bool:
    """Whether the headers are as they must be; a profile that names none takes every sheet."""
    return not _lacking(recognise, headers) and not _forbidden(recognise, headers)


def _beside(profile: Profile, headers: Headers) -> Candidate:
    wanted = [names for names in profile.recognise.all if headers.first_place(names) is not None]
    explained = {place for names in wanted if (place := headers.first_place(names)) is not None}
    explained |= {place for name in profile.recognise.any if (place := headers.place(name)) is not None}
    explained |= {
        place for rule in profile.columns.values() if (place := headers.first_place(rule.headers)) is not None
    }
    return Candidate(
        profile, len(explained), _lacking(profile.recognise, headers), _forbidden(profile.recognise, headers)
    )


def _lacking(recognise: Recognise, headers: Headers) -> tuple[str, ...]:
    lacking = [" or ".join(names) for names in recognise.all if headers.first_place(names) is None]
    if recognise.any and headers.first_place(recognise.any) is None:
        lacking.append(" or ".join(recognise.any))
    return tuple(lacking)


def _forbidden(recognise: Recognise, headers: Headers) -> tuple[str, ...]:
    return tuple(name for name in recognise.never if headers.place(name) is not None)
