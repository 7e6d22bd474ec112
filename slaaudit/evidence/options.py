"""What the caller may say about how exports are to be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class ReadOptions:
    """Everything that the command line may say about the exports.

    ``columns`` are (field, header) pairs, ``values`` (field, word, meaning) triples, ``set_fields`` (field, value)
    pairs for fields that are absent or empty. ``fields`` are the names of fields that somebody will look at; None
    means all but the long texts. ``claims`` asks for the helpdesk's own results too. ``others`` are files that are
    read apart under the same options, such as tickets beside incidents: what is said of a header that one of them has
    is no mistake. ``progress`` is called with a path before it is read. ``bytes_of`` gives a file's
    bytes where they are read already, or raises what reading it raises.
    """

    mapping: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()
    timezone: str | None = None
    date_format: str | None = None
    set_fields: tuple[tuple[str, str], ...] = ()
    fields: frozenset[str] | None = None
    claims: bool = False
    others: tuple[str, ...] = ()
    progress: Callable[[str], None] | None = field(default=None, compare=False)
    bytes_of: Callable[[str], bytes] | None = field(default=None, compare=False)
