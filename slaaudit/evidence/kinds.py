"""Which shape a file has, by the fields that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.evidence import fields as names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from slaaudit.evidence.profile import Profile

_STATE = {"status", "severity", "assigned_to"}


def shape_of(fields: Collection[str], shapes: Sequence[str], *profiles: Profile) -> str | None:
    """The first of ``shapes`` that the fields make, or the one that a profile states where they allow it.

    >>> shape_of({"started_at", "ended_at", "announced_at"}, names.OF_OPERATIONS)
    'maintenance'
    """
    stated = [profile.shape for profile in profiles if profile.shape in shapes]
    for shape in stated:
        if shape and has_required(fields, shape, *profiles):
            return shape
    given = {*fields}
    told = [
        (names.EVENTS, {"ticket_id", "at", "event"} <= given),
        (names.SNAPSHOTS, {"ticket_id", "at"} <= given and bool(_STATE & given)),
        (names.TICKETS, {"ticket_id", "created_at"} <= given),
        (names.USAGE, has_required(given, names.USAGE, *profiles)),
        (names.MAINTENANCE, {"started_at", "ended_at", "announced_at"} <= given and "incident_id" not in given),
        (names.INCIDENTS, has_required(given, names.INCIDENTS, *profiles)),
        (names.MAINTENANCE, has_required(given, names.MAINTENANCE, *profiles)),
    ]
    return next((shape for shape, is_told in told if is_told and shape in shapes), None)


def has_required(fields: Collection[str], shape: str | None, *profiles: Profile) -> bool:
    """Whether a file of ``shape`` may have these fields."""
    return shape is not None and not lacking(fields, shape, *profiles)


def lacking(fields: Collection[str], shape: str, *profiles: Profile) -> tuple[str, ...]:
    """The fields that a file of ``shape`` needs beside these and what is the same in every row."""
    given = {*fields, *(field for profile in profiles for field in profile.constants)}
    if shape == names.INCIDENTS and "up_or_down" in given:
        given.add("ended_at")  # the next change is the end
    if shape == names.USAGE and any(profile.downtime for profile in profiles):
        given |= {"total", "failed"}
    if shape == names.USAGE and any(profile.windows for profile in profiles):
        given.add("window_end")
    return tuple(name for name in names.REQUIRED[shape] if name not in given)
