"""What can be told of exports before any policy: facts about each file, for reports to put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slaaudit.evidence.layout import Layout


@dataclass(frozen=True)
class RunnerUp:
    """Another profile beside a file: how many headers it explains, and what keeps it from fitting."""

    id: str
    title: str
    shape: str
    explained: int
    lacking: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True)
class ColumnFact:
    """A column that is read: its field, its header by a name of its own, its first different values, its full cells.

    ``how`` is the unit of a length of time, with ``after`` the field that it counts from; both may be empty.
    """

    field: str
    header: str
    samples: tuple[str, ...]
    filled: int
    how: str = ""
    after: str = ""


@dataclass(frozen=True)
class TimeFact:
    """A column of times. ``forms`` are formats in strptime's notation with their counts, the most frequent first.

    ``order`` is "day first" or "month first" where that was a question, ``decided_row`` the row that answers it (0 for
    none) and ``decided_value`` its cell. ``zone`` is empty where the times name their own (``zoned``) or where nothing
    tells it. ``doubtful`` counts local times that a DST change skips or repeats; ``remarks`` say what else was
    understood. ``trouble`` is why ``check`` would refuse the column; it has no ``first`` and ``last`` instant then.
    """

    field: str
    header: str
    forms: tuple[tuple[str, int], ...] = ()
    order: str = ""
    decided_row: int = 0
    decided_value: str = ""
    zoned: bool = False
    zone: str = ""
    doubtful: int = 0
    first: int | None = None
    last: int | None = None
    remarks: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class WordFact:
    """A word of a vocabulary, how often it stands there, and what it means; ``is_known`` says whether anything told."""

    word: str
    count: int
    meaning: str
    is_known: bool = True


@dataclass(frozen=True)
class Vocabulary:
    """The words of one field, the unknown ones first and then by count."""

    field: str
    header: str
    words: tuple[WordFact, ...]

    @property
    def unknown(self) -> tuple[WordFact, ...]:
        """The words that nothing explains."""
        return tuple(word for word in self.words if not word.is_known)


@dataclass(frozen=True)
class Oddity:
    """Something that a reader should look at: how many rows show it, the first of them, and a value of one."""

    kind: str
    count: int
    rows: tuple[int, ...] = ()
    column: str = ""
    other: str = ""
    value: str = ""


@dataclass(frozen=True)
class RejectedFact:
    """Rows that cannot be used, for one reason in one column (none: the whole row), with the first of them."""

    reason: str
    column: str
    count: int
    row: int
    value: str


@dataclass(frozen=True)
class FileFacts:
    """All that is known of one file. ``usable`` counts the records that nothing puts aside.

    ``lacking`` are fields that its shape needs and no column gives.

    ``recognised_by`` are the headers that told the profile or the shape; ``runners_up`` other profiles that fit in
    part. ``zone_from`` is "command", "mapping", "profile" or empty where no zone is told; ``lacks_zone`` says whether
    some time needs one. ``refusal`` is what ``check`` would say of the columns; empty where it would read the file.
    """

    path: str
    sha256: str
    encoding: str
    delimiter: str
    records: int
    usable: int
    shape: str
    profile: str
    title: str
    recognised_by: tuple[str, ...]
    runners_up: tuple[RunnerUp, ...]
    lacking: tuple[str, ...]
    columns: tuple[ColumnFact, ...]
    unused: tuple[ColumnFact, ...]
    times: tuple[TimeFact, ...]
    zone: str
    zone_from: str
    lacks_zone: bool
    vocabularies: tuple[Vocabulary, ...]
    rejected: tuple[RejectedFact, ...]
    oddities: tuple[Oddity, ...]
    notes: tuple[str, ...]
    refusal: str
    layout: Layout

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last instant of all columns."""
        firsts = [time.first for time in self.times if time.first is not None]
        lasts = [time.last for time in self.times if time.last is not None]
        return (min(firsts), max(lasts)) if firsts and lasts else None

    @property
    def is_ready(self) -> bool:
        """Whether ``check`` would read the file as it is."""
        return bool(self.usable) and not (self.refusal or self.lacks_zone or any(time.trouble for time in self.times))

    def vocabulary(self, field: str) -> Vocabulary | None:
        """The words of a field, where it has any."""
        return next((each for each in self.vocabularies if each.field == field), None)


@dataclass(frozen=True)
class Inspection:
    """What was told of several files, with notes on all of them."""

    files: tuple[FileFacts, ...]
    notes: tuple[str, ...] = ()
