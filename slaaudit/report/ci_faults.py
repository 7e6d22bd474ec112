"""Faults of policies and mappings in the forms that show them beside the lines of a change: GitHub's and GitLab's."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slaaudit.report.github import annotation, inert
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slaaudit.errors import Fault

#: Where a runner keeps the repository's topmost folder, in the order in which they are believed.
_WORKSPACES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def github(faults: Sequence[Fault], said: Sequence[str]) -> Iterator[str]:
    """A workflow command for each fault, then what there is to say of files without any."""
    for fault in dict.fromkeys(faults):
        yield annotation(replace(fault, file=in_repository(fault.file)))
    for text in said:
        yield inert(text)


def gitlab(faults: Sequence[Fault]) -> str:
    """A code quality report: one entry for each fault.

    A fault keeps its fingerprint when lines above it come or go: the path, what is wrong, and the line's text make it.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for fault in dict.fromkeys(faults):
        path = in_repository(fault.file)
        same = (path, fault.message, fault.source.strip())
        found.append(_entry(fault, path, json.dumps([*same, seen[same]])))
        seen[same] += 1
    return json.dumps(found, indent=2, ensure_ascii=True)


def _entry(fault: Fault, path: str, identity: str) -> dict[str, Any]:
    return {
        "description": shown(": ".join(filter(None, [fault.message, fault.hint]))),
        "check_name": "slaaudit-policy-validate",
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest(),
        "severity": "minor" if fault.severity == "warning" else "major",
        "location": {"path": path, "lines": {"begin": max(fault.line, 1)}},
    }


def in_repository(path: str) -> str:
    """The path as it is seen from the repository's topmost folder; as it is where it lies outside."""
    try:
        found = Path(os.path.abspath(path))  # noqa: PTH100  (a link stands for itself: that is what the repository holds)
        top = _top(Path.cwd())
        return found.relative_to(top).as_posix() if found.is_relative_to(top) else path
    except OSError:  # there is no current folder
        return path


def _top(here: Path) -> Path:
    """The repository's topmost folder, as the runner or ``.git`` tells; the current folder where neither does."""
    told = [Path(os.environ[name]) for name in _WORKSPACES if os.environ.get(name)]
    marked = [folder for folder in (here, *here.parents) if (folder / ".git").exists()]
    return next((folder for folder in (*told, *marked) if here.is_relative_to(folder)), here)
