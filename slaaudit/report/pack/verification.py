"""A pack held against its own manifest, its originals, and the same work done again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from slaaudit import __version__
from slaaudit.errors import EvidenceError
from slaaudit.report.pack.contents import MANIFEST, SCHEMA, stamp
from slaaudit.report.tzdata import tzdata_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEYS = {"schema": str, "tool": dict, "options": dict, "redacted": list, "originals": list, "policies": list,
         "files": list}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """What differs, and where: ``then`` is what the pack says, ``now`` what was found. Either may be empty."""

    where: str
    what: str
    then: str = ""
    now: str = ""


@dataclass(frozen=True)
class Verification:
    """``damaged``: the pack against its manifest; ``changed``: the originals; ``differing``: the work done again.

    ``lacking`` names the originals that were not found; without them nothing was worked out again.
    ``other_tool`` says that another version or edition of the time zone database was at work. ``without_table``: the
    pack has pseudonyms, and no table told them.
    """

    damaged: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    differing: tuple[Difference, ...]
    lacking: tuple[str, ...]
    other_tool: tuple[Difference, ...]
    files: int
    originals: int
    without_table: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing differs and nothing was missing."""
        return not (self.damaged or self.changed or self.differing or self.lacking)


def manifest_of(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    """The pack's manifest; EvidenceError where it is none."""
    try:
        found = json.loads(files[MANIFEST])
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{path}: {MANIFEST} is damaged ({error}); the pack cannot be verified") from None
    if not isinstance(found, dict) or not str(found.get("schema", "")).startswith("slaaudit.pack/"):
        raise EvidenceError(f"{path}: {MANIFEST} is not a pack's manifest")
    if found["schema"] != SCHEMA:
        raise EvidenceError(f"{path}: the pack has the schema {found['schema']}, and this version reads {SCHEMA}")
    for key, kind in _KEYS.items():
        if not isinstance(found.get(key), kind):
            raise EvidenceError(f"{path}: {MANIFEST} is damaged: {key} is missing or is no {kind.__name__}")
    if what := _damaged_row(found):
        raise EvidenceError(f"{path}: {MANIFEST} is damaged: {what}")
    return found


def _damaged_row(manifest: dict[str, Any]) -> str:
    """What is wrong with the first row of the manifest that is not as we write them; "" where all are."""
    for key, needed in (("originals", ("name", "role", "size", "sha256")), ("files", ("path", "size", "sha256"))):
        for row in manifest[key]:
            if not isinstance(row, dict) or set(needed) - set(row):
                return f"a row of {key} lacks {', '.join(needed)}"
            if not all(type(row[name]) is (int if name == "size" else str) for name in needed):
                return f"a row of {key} has a size that is no number, or a name that is no text"
    return "" if all(isinstance(name, str) for name in manifest["redacted"]) else "redacted names no fields"


def damage(files: Mapping[str, bytes], manifest: dict[str, Any]) -> Iterator[Difference]:
    """What of the pack is not as its manifest says."""
    listed = {row["path"] for row in manifest["files"]}
    for row in manifest["files"]:
        name = row["path"]
        if name not in files:
            yield Difference(name, "is missing from the pack")
        elif stamp(files[name]) != {"size": row["size"], "sha256": row["sha256"]}:
            yield Difference(name, "is not the file that was packed", row["sha256"], stamp(files[name])["sha256"])
    for name in files:
        if name not in listed and name != MANIFEST:
            yield Difference(name, "is in the pack, and its manifest does not know it")


def changes(manifest: dict[str, Any], originals: Mapping[str, bytes]) -> Iterator[Difference]:
    """The originals whose bytes are others than those that the pack was made from."""
    for row in manifest["originals"]:
        data = originals.get(row["name"])
        if data is not None and stamp(data) != {"size": row["size"], "sha256": row["sha256"]}:
            size = f"{row['size']:,} bytes then, {len(data):,} now"
            yield Difference(row["name"], f"is not the {row['role']} file that was read: {size}", row["sha256"],
                             stamp(data)["sha256"])  # fmt: skip


def tools(manifest: dict[str, Any]) -> Iterator[Difference]:
    """What works it out again, where it is not what made the pack."""
    for key, now in (("version", __version__), ("tzdata", tzdata_version())):
        then = str(manifest["tool"].get(key, ""))
        if then != now:
            yield Difference(key, "is another than that which made the pack", then, now)


def differences(then: Mapping[str, bytes], now: Mapping[str, bytes]) -> Iterator[Difference]:
    """Every file that comes out otherwise, to the field where it holds data and to the line where it holds text.

    Data comes first. The manifest is held against one made anew: it tells what was asked, and of all the others.
    """
    yield from _manifest_differences(then[MANIFEST], now[MANIFEST])
    for name in sorted({*then, *now} - {MANIFEST}, key=lambda name: (not name.endswith(".json"), name)):
        if name not in now:
            yield Difference(name, "does not come out again")
        elif name not in then:
            yield Difference(name, "comes out now, and is not in the pack")
        elif then[name] != now[name]:
            yield from _within(name, then[name], now[name])


def _manifest_differences(then: bytes, now: bytes) -> Iterator[Difference]:
    """What of the manifest differs, but for what is held against it elsewhere: the tool, the originals, the files."""
    yield from _fields(MANIFEST, *(_asked(json.loads(each)) for each in (then, now)))


def _asked(manifest: dict[str, Any]) -> dict[str, Any]:
    originals = [{"name": row["name"], "role": row["role"]} for row in manifest["originals"]]
    return {key: value for key, value in manifest.items() if key not in ("tool", "files")} | {"originals": originals}


def _within(name: str, then: bytes, now: bytes) -> Iterator[Difference]:
    if name.endswith(".json"):
        try:
            found = list(_fields(name, json.loads(then), json.loads(now)))
        except (ValueError, RecursionError):
            found = []
        if found:
            yield from found
            return
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (then, now))
    for number, (before, after) in enumerate(zip_longest(old, new), start=1):
        if before != after:
            yield Difference(f"{name} line {number}", "differs", before or "", after or "")
            return
    yield Difference(name, "differs in its line breaks or encoding alone")


def _fields(where: str, then: Any, now: Any) -> Iterator[Difference]:
    """Every value that differs, by its path; rows of lists by what names them."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from _fields(f"{where} {key}" if " " not in where else f"{where}.{key}",
                               then.get(key, _NOTHING), now.get(key, _NOTHING))  # fmt: skip
    elif isinstance(then, list) and isinstance(now, list):
        for at, (before, after) in enumerate(zip_longest(then, now, fillvalue=_NOTHING)):
            yield from _fields(f"{where}[{_named(at, before, after)}]", before, after)
    elif then != now or type(then) is not type(now):
        yield Difference(where, "differs", _shown(then), _shown(now))


_NOTHING = object()
_NAMING = ("ticket", "clause", "cycle", "period", "component", "reading", "incident", "path", "name", "id")


def _named(at: int, *rows: Any) -> str:
    """What names a row: its ticket, clause and so on, else its place."""
    row = next((each for each in rows if isinstance(each, dict)), {})
    words = [str(row[key]) for key in _NAMING if row.get(key) is not None]
    return ", ".join(words) or str(at)


def _shown(value: Any) -> str:
    return "nothing" if value is _NOTHING else json.dumps(value, ensure_ascii=True)
