"""Lists whose logs name tickets by another column than people do, such as Salesforce's cases by their Id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slaaudit.evidence.headers import Headers
from slaaudit.evidence.layout import Place
from slaaudit.evidence.profile_rules import ColumnRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slaaudit.evidence.layout import Layout


def named_alike(found: Sequence[Layout], *, is_stated: bool) -> list[Layout]:
    """The layouts, each list beside a log of its own system naming tickets as the log does.

    Where somebody said which column holds the tickets' names (``is_stated``), that stands.
    """
    profiles = {layout.profile for layout in found}
    return [layout if is_stated else _named(layout, profiles) for layout in found]


def _named(layout: Layout, profiles: set[str]) -> Layout:
    stated = {**layout.base.ids_beside, **layout.mapping.ids_beside}
    header = next((name for profile, name in stated.items() if profile in profiles), None)
    at = None if header is None else Headers(layout.headers).place(header)
    before = layout.places.get("ticket_id")
    if at is None or before is None or before.header == at:
        return layout
    places = {field: place for field, place in layout.places.items() if place.header != at}
    name = layout.headers[before.header]
    places |= {"ticket_id": Place(at, ColumnRule(column=layout.headers[at])), name: before._replace(clock=None)}
    note = f"tickets are named by {layout.headers[at]}, not by {name}, as the log beside the list names them"
    return replace(layout, places=places, notes=(*layout.notes, note))
