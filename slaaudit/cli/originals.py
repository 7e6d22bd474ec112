"""The files that a pack was made from, found again: named, in a folder that is named, in the current one, beside it."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slaaudit.cli.given import Given
from slaaudit.cli.packing import PATHS
from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_Row = dict[str, Any]  # of the manifest's originals


def located(manifest: Mapping[str, Any], pack: str, files: Sequence[str]) -> dict[str, str]:
    """The originals that were found, by their names.

    They are among ``files``, by name or else by contents; then in those of ``files`` that are folders, in the current
    folder and beside the pack. EvidenceError where one of ``files`` is no original of the pack.
    """
    folders = [file for file in files if Path(file).is_dir()]
    named = [file for file in files if file not in folders]
    rows: list[_Row] = manifest["originals"]
    found = _among(rows, named)
    strange = [file for file in named if file not in found.values()]
    if strange:
        known = ", ".join(str(row["name"]) for row in manifest["originals"])
        raise EvidenceError(f"{shown(strange[0])}: no original of this pack; it was made from {shown(known, 300)}")
    roots = [*map(Path, folders), Path(), Path(pack).absolute().parent]
    for row in rows:
        if row["name"] not in found and (file := _in(roots, row)):
            found[row["name"]] = file
    return found


def _among(rows: Sequence[_Row], files: Sequence[str]) -> dict[str, str]:
    """What of ``files`` is which original: the longest names first, then what has another name by its contents."""
    found: dict[str, str] = {}
    left = list(dict.fromkeys(files))
    for row in sorted(rows, key=lambda row: -len(row["name"])):
        same = [file for file in left if ("/" + Path(file).as_posix()).endswith("/" + row["name"])]
        if same:
            found[row["name"]] = next((file for file in same if _is(file, row)), same[0])
            left.remove(found[row["name"]])
    for row in rows:
        file = next((file for file in left if _is(file, row)), None)
        if file is not None and row["name"] not in found:
            found[row["name"]] = file
            left.remove(file)
    return found


def _in(roots: Sequence[Path], row: _Row) -> str | None:
    """An original in one of some folders: by name and contents, else by contents, else by name alone."""
    named = [str(root / row["name"]) for root in roots if _is_within(row["name"]) and (root / row["name"]).is_file()]
    published = [_published(row["name"])] if row["role"] == "policy" else []
    candidates = [*named, *filter(None, published)]
    same = next((file for file in candidates if _is(file, row)), None) or next(_of_contents(roots, row), None)
    return same or next(iter(candidates), None)


def _is_within(name: str) -> bool:
    """Whether a name leads nowhere but into the folder that it is sought in."""
    return not Path(name).is_absolute() and ".." not in Path(name).parts


def _of_contents(roots: Sequence[Path], row: _Row) -> Iterator[str]:
    for root in roots:
        try:
            every = sorted(root.iterdir())
        except OSError:
            continue
        yield from (str(file) for file in every if _is(str(file), row))


def _is(file: str, row: _Row) -> bool:
    """Whether a file has the bytes that the manifest tells of."""
    try:
        path = Path(file)
        return path.is_file() and path.stat().st_size == row["size"] and _digest(file) == row["sha256"]
    except OSError:
        return False


def _digest(file: str) -> str:
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _published(name: str) -> str:
    from slaaudit.policy.published import name_of, published_file

    path = published_file(Path(name).name)
    return name_of(path) if path else ""


def given_then(manifest: Mapping[str, Any], found: Mapping[str, str]) -> Given:
    """What was asked then, of the originals as they lie now.

    EvidenceError where the manifest asks for what no pack does, or for a file that is none of its originals.
    """
    asked = manifest["options"]
    known = {each.name: each for each in fields(Given) if each.name != "settings"}
    if strange := sorted(set(asked) - set(known)):
        raise EvidenceError(f"the pack was made with what this version does not know: {shown(', '.join(strange), 200)}")
    values: dict[str, Any] = {}
    for key, each in known.items():
        value = asked.get(key, [] if str(each.type).startswith("tuple") else each.default)
        values[key] = tuple(value) if isinstance(value, list) else value
        if not _is_as(each.type, values[key]):
            raise _damaged(f"options.{key} is not as slaaudit writes it")
        if key in PATHS:
            values[key] = _now(key, values[key], manifest, found)
    try:
        return Given(**values)
    except UsageError as error:
        raise _damaged(str(error)) from None


def _is_as(kind: object, value: object) -> bool:
    if isinstance(value, tuple):
        return str(kind).startswith("tuple") and all(isinstance(each, str) for each in value)
    return type(value).__name__ == str(kind)


def _now(key: str, value: Any, manifest: Mapping[str, Any], found: Mapping[str, str]) -> Any:
    """The files that an option names, where they lie now."""
    originals = {row["name"] for row in manifest["originals"]}
    names = value if isinstance(value, tuple) else filter(None, (value,))
    for name in names:
        if name not in originals and not _is_no_file(key, name):
            raise _damaged(f"options.{key} names {shown(name, 80)}, which is none of its originals")
    return tuple(found.get(name, name) for name in value) if isinstance(value, tuple) else found.get(value, value)


def _is_no_file(key: str, name: str) -> bool:
    """Whether an option says something else than a file's name: a published policy, or an amount."""
    return (key == "policies" and bool(_published(name)) and Path(name).name == name) or (
        key == "fee" and not Path(name).exists()
    )


def _damaged(what: str) -> EvidenceError:
    return EvidenceError(f"manifest.json is damaged: {what}; the pack cannot be verified")
