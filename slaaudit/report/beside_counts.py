"""What stands beside the counts of a record: its waivers, what set its flags, and shares that waivers make up for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = dict[str, Any]

_DIGITS = 12  # of a checksum, where it only tells two files apart


def waivers(record: Mapping[str, Any]) -> list[Row]:
    """Every waiver, with ``about``: the ticket or incident that it names."""
    return [{**row, "about": row["ticket"] or row["incident"]} for row in record.get("waivers") or ()]


def waives(row: Row) -> str:
    """What a waiver comes to.

    >>> waives({"waives": 2, "idle": None}), waives({"waives": 0, "idle": "met"})
    ('2', 'nothing: met')
    """
    return f"nothing: {row['idle'].replace('-', ' ')}" if row.get("idle") else f"{row.get('waives', 0):,}"


def settings(record: Mapping[str, Any]) -> str:
    """Which flags were set and not typed, and by what; nothing where all were typed.

    >>> settings({"config": {"path": "a.toml", "sha256": "0" * 64, "from_file": ["strict"], "from_variables": []}})
    'strict by a.toml (000000000000)'
    """
    config = record.get("config")
    if not config:
        return ""
    digest = f" ({config['sha256'][:_DIGITS]})" if config["sha256"] else ""
    parts = [f"{', '.join(config['from_file'])} by {config['path']}{digest}"] if config["from_file"] else []
    parts += [f"{', '.join(config['from_variables'])} by variables"] if config["from_variables"] else []
    return "; ".join(parts)


def share_verdict(row: Row) -> str:
    """The verdict of a promised share, and whether waivers make up for what it lacks.

    >>> share_verdict({"verdict": "breached", "waived": 1, "fails": False})
    'breached, made up for by what is waived'
    """
    spared = row["verdict"] == "breached" and row["waived"] and not row["fails"]
    return f"{row['verdict']}, made up for by what is waived" if spared else str(row["verdict"])


def extremes(record: Mapping[str, Any]) -> str:
    """The breaches under the readings kindest to either side; nothing where they were not counted."""
    both = record.get("extremes")
    if not both:
        return ""
    vendor, customer = (f"{both[side]['breached']:,}" for side in ("vendor", "customer"))
    return f"Breaches under the vendor's kindest readings: {vendor}; under the customer's: {customer}"
