"""One piece of policy laid over another; every value keeps the place it was written at.

Mappings merge key by key, all else replaces, ``null`` removes. Readings' choices and files that extend a
policy are overlays alike. Merging is done on the YAML's own values, before the model sees them, so a
short form (``4h on business``) replaces a long one and the other way round.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slaaudit.located import Located


#: What a reading may decide. Its own name, its siblings and the file's place in a chain are not among them.
DECIDABLE = ("timezone", "source", "severity-set-by", "effective", "calendars", "severities", "clauses")


def merged(base: Located, over: Located) -> Located:
    """``base`` with ``over`` laid over it.

    >>> from slaaudit.located import plain, read_text
    >>> base = read_text("{a: 1, b: {c: 2, d: 3}}", "base.yaml").root
    >>> over = read_text("{a: null, b: {c: [4]}}", "over.yaml").root
    >>> plain(merged(base, over))
    {'b': {'c': [4], 'd': 3}}
    """
    if not isinstance(over.value, dict):
        return over
    known = isinstance(base.value, dict)
    entries: dict[str, Located] = dict(base.value) if known else {}
    for key, node in over.value.items():
        if node.value is None:
            entries.pop(key, None)
        else:
            entries[key] = merged(entries.get(key, _nothing(node)), node)
    return replace(base if known else over, value=entries)


def _nothing(node: Located) -> Located:
    return replace(node, value=None)


def replaced(base: Located, over: Located) -> Iterator[tuple[Located, Located]]:
    """The values of ``base`` that ``over`` replaces or removes, each with what stands there instead."""
    if isinstance(base.value, dict) and isinstance(over.value, dict):
        for key, node in over.value.items():
            if key in base.value:
                yield from replaced(base.value[key], node)
    else:
        yield base, over


def choices(tree: Located) -> dict[str, dict[str, Located]]:
    """Every reading's overlays by choice, in the order of the policy; malformed ones are left out."""
    readings = tree.get("readings")
    return {
        name: {choice: _decidable(overlay) for choice, overlay in found.items() if isinstance(overlay.value, dict)}
        for name, reading in (readings.items() if readings else ())
        if (found := reading.get("choices"))
    }


def _decidable(overlay: Located) -> Located:
    return replace(overlay, value={key: node for key, node in overlay.items() if key in DECIDABLE})


def defaults(tree: Located) -> dict[str, str]:
    """The default choice of every reading, in the order of the policy."""
    found = {}
    for name in choices(tree):
        default = tree.get("readings", name, "default")
        found[name] = (default.text if default else None) or ""
    return found


def under(tree: Located, chosen: Mapping[str, str]) -> Located:
    """The policy with the chosen overlays laid over it, in the order in which it lists its readings."""
    result = tree
    for name, overlays in choices(tree).items():
        overlay = overlays.get(chosen.get(name, ""))
        if overlay:
            result = merged(result, overlay)
    return result
