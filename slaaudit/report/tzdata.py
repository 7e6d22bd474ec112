"""Which edition of the time zone rules was in force: two editions may disagree about a due time."""

from __future__ import annotations

import importlib
import zoneinfo
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def tzdata_version() -> str:
    """The edition that ``zoneinfo`` reads, such as ``2025b``; ``system`` where the machine's own does not say."""
    for folder in zoneinfo.TZPATH:
        if not (Path(folder) / "Europe" / "London").is_file():
            continue
        for name in ("tzdata.zi", "+VERSION", "VERSION"):
            told = Path(folder) / name
            if told.is_file():
                with told.open(encoding="ascii", errors="replace") as stream:
                    return stream.readline().replace("# version", "").strip()
        return "system"
    return str(importlib.import_module("tzdata").IANA_VERSION)
