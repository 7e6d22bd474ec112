"""Export profiles and mapping files: one form, read from YAML, every fault with its place.

A profile says how a helpdesk's export becomes plain fields; a mapping file says the same of somebody's own export,
or changes single things about a profile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from slaaudit.errors import Fault, MappingError
from slaaudit.evidence.profile_rules import (
    Actors,
    Automatic,
    ClaimRules,
    Columns,
    Downtime,
    Facts,
    Messages,
    Only,
    Reading,
    Reasons,
    Recognise,
    Recognised,
    Strict,
    Values,
    Word,
    WordList,
)
from slaaudit.located import Located, Sources, faults_of, in_order, read_file, without_free_keys
from slaaudit.located import Path as ValuePath
from slaaudit.located import plain as plain_data

PROFILES = Path(__file__).parent / "profiles"


class Profile(Strict):
    """An export profile, or a mapping file: the same form with nothing required but its version.

    ``system`` names the helpdesk. ``constants`` are fields that are the same in every row, ``row_columns`` headers
    that speak of the row and not of the ticket; a constant that is empty is for the caller to say. ``ids_beside`` are
    the columns that name a list's tickets where a log of that profile is given beside it. ``creates: first-event`` is
    said of a log that knows no creations: a ticket's first message or event is one. Events that are none of ours make
    rejected rows, or are passed over with a count. ``ended-at: last-change`` is said of a column of ends that holds the
    time of the last change: it is an end where the status is resolved or closed. ``windows: days`` is said of usage by
    civil days. ``claims`` are the helpdesk's own results by the promise that they are about (``response``,
    ``resolution``, a clause's id, or ``milestone`` where each row's milestone tells).
    """

    version: Literal[1] = Field(alias="slaaudit-profile")
    id: Word = ""
    title: Word = ""
    system: Word = ""
    facts: Facts = Field(default_factory=Facts.model_construct)
    shape: Literal["tickets", "events", "snapshots", "claims", "incidents", "maintenance", "usage"] | None = None
    recognise: Recognised = Field(default_factory=Recognise.model_construct)
    read: Reading = Field(default_factory=Reading.model_construct)
    columns: Columns = Field(default_factory=dict)
    constants: dict[str, Word] = Field(default_factory=dict)
    messages: Messages | None = None
    row_columns: WordList = Field((), alias="row-columns")
    ids_beside: dict[str, Word] = Field(default_factory=dict, alias="ids-beside")
    creates: Literal["first-event"] | None = None
    automatic: Automatic | None = None
    reasons: Reasons | None = None
    only: tuple[Only, ...] = ()
    ended_at: Literal["last-change"] | None = Field(None, alias="ended-at")
    windows: Literal["days"] | None = None
    downtime: Downtime | None = None
    other_events: Literal["rejected", "passed-over"] = Field("rejected", alias="other-events")
    values: Values = Field(default_factory=dict)
    actors: Actors = Field(default_factory=Actors.model_construct)
    claims: dict[str, ClaimRules] = Field(default_factory=dict)
    notes: WordList = ()


@dataclass(frozen=True)
class MappingFile:
    """A mapping as it was read, with the places of its values. Without a document it says nothing."""

    profile: Profile
    root: Located | None = None
    sources: Sources = field(default_factory=Sources)

    def refusal(self, path: ValuePath, message: str, hint: str) -> MappingError:
        """The error that shows the value at ``path``."""
        node = self.root.get(*path) if self.root else None
        if node is None:
            return MappingError([Fault("", 0, 0, message, hint)])
        return MappingError([self.sources.fault(node.place, message, hint)])


NOTHING = Profile.model_construct(version=1)
NO_MAPPING = MappingFile(NOTHING)


def mapping_file(path: str) -> MappingFile:
    """The mapping at ``path``. MappingError with every fault."""
    return _read(Path(path), path)


@cache
def published() -> tuple[Profile, ...]:
    """The profiles that travel with slaaudit, by id."""
    return tuple(_read(path, path.name).profile for path in sorted(PROFILES.glob("*.yaml")))


def _read(path: Path, shown: str) -> MappingFile:
    document = read_file(path, shown)
    if document.root is None or document.faults:
        raise MappingError(document.faults)
    root = without_free_keys(document.root)
    try:
        profile = Profile.model_validate(plain_data(root))
    except ValidationError as error:
        raise MappingError(in_order(faults_of(error, Profile, root, document.sources))) from None
    return MappingFile(profile, root, document.sources)
