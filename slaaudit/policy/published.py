"""The policies that travel with slaaudit: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.located import read_file

if TYPE_CHECKING:
    from slaaudit.located import Document

_PACKAGE = Path(__file__).resolve().parent.parent
_SUFFIXES = (".yaml", ".yml")
#: What the name of a file of examples ends in; the policy beside it has the same name without it.
EXAMPLES_SUFFIXES = (".examples.yaml", ".examples.yml")


@dataclass(frozen=True)
class Published:
    """A policy that travels with slaaudit, as its file's head tells of it; ``revised`` may be empty."""

    id: str
    vendor: str
    title: str
    revised: str
    path: Path


def folder() -> Path:
    """Where the published policies are."""
    inside = _PACKAGE / "_policies"
    return inside if inside.is_dir() else _PACKAGE.parent / "policies"


def published() -> list[Published]:
    """Every published policy, by name."""
    return [_described(path) for path in _paths()]


def names() -> list[str]:
    """The names under which published policies are found."""
    return [path.stem for path in _paths()]


def _paths() -> list[Path]:
    paths = folder().iterdir() if folder().is_dir() else ()
    return sorted(path for path in paths if path.suffix in _SUFFIXES and not path.name.endswith(EXAMPLES_SUFFIXES))


def _described(path: Path) -> Published:
    document = read_file(path, name_of(path))
    below = published_file(_text(document, "extends"))
    vendor = _text(document, "vendor") or (_described(below).vendor if below and below != path else "")
    return Published(path.stem, vendor, _text(document, "title"), _text(document, "source", "revised"), path)


def _text(document: Document, *keys: str) -> str:
    node = document.root.get(*keys) if document.root else None
    return (node.text if node else None) or ""


def published_file(name: str) -> Path | None:
    """The published policy of that name, with or without its suffix; nothing where there is none."""
    if Path(name).name != name:
        return None
    stem = next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)
    return next((path for path in _paths() if path.stem == stem), None)


def name_of(path: Path) -> str:
    """The file as a person would name it: relative where it lies below the current folder."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
