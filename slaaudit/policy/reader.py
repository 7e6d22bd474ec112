"""A policy file made into a policy: found, extended, read under its readings, examined.

Every choice of every reading is examined, chosen or not: a reading that breaks only when somebody asks for it
would break in the middle of a dispute.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.errors import Fault, PolicyError, UsageError
from slaaudit.located import (
    Located,
    Sources,
    described,
    did_you_mean,
    in_order,
    read_file,
    walk,
    without_free_keys,
)
from slaaudit.policy import overlays
from slaaudit.policy.checks import examined
from slaaudit.policy.lint import ended_holiday_lists, warnings_of
from slaaudit.policy.published import EXAMPLES_SUFFIXES, name_of, names, published_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from slaaudit.located import Document, Place
    from slaaudit.located import Path as ValuePath
    from slaaudit.policy.model import Policy

EXAMPLES = "examples"


@dataclass(frozen=True)
class LoadedPolicy:
    """A policy as it is in force.

    ``readings`` are the choices in force, in the policy's order. ``sha256`` is over the bytes of every file
    it was made from, one after the other, the named file first and the one that extends nothing last: what
    ``cat FILES | sha256sum`` prints. ``path`` is the policy as the user named it, ``files`` its files as
    faults name them. ``tree`` holds the values in force with their places; ``places`` the places alone. ``unread``
    is the tree before any reading; ``settled`` names the readings whose choice was asked for. ``examples`` are those
    that the named file itself carries, ``found`` is that file; ``below`` are the files that it extends.
    """

    policy: Policy
    readings: dict[str, str]
    sha256: str
    path: str
    tree: Located
    unread: Located
    warnings: tuple[Fault, ...] = ()
    files: tuple[str, ...] = ()
    sources: Sources = field(default_factory=Sources)
    settled: frozenset[str] = frozenset()
    examples: Located | None = None
    found: Path = Path()
    below: tuple[Path, ...] = ()

    def under(self, readings: Mapping[str, str]) -> LoadedPolicy:
        """The same policy under other readings. UsageError as in ``load``."""
        chosen = _chosen(self.unread, readings, self.path)
        tree = overlays.under(self.unread, chosen)
        policy, faults = examined(tree, self.sources)
        if policy is None:
            raise PolicyError(in_order(faults, self.files))
        return replace(self, policy=policy, readings=chosen, tree=tree, settled=frozenset(readings))

    def ended_holiday_lists(self, last: dt.date) -> list[Fault]:
        """Warnings on lists of closed dates that end before the evidence, whose latest date is ``last``."""
        return list(ended_holiday_lists(self.tree, last, self.sources))

    @cached_property
    def places(self) -> Mapping[ValuePath, Place]:
        """Where every value in force was written, by its path; a mapping stands where its key does."""
        return {path: node.key if isinstance(node.value, dict) else node.place for path, node in walk(self.tree)}


@dataclass
class _Files:
    """The files that make up one policy: the named one first, then what each extends."""

    documents: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sources: Sources = field(default_factory=Sources)
    opened: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    is_whole: bool = True

    @property
    def names(self) -> list[str]:
        return [document.file for document in self.documents]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(b"".join(document.content for document in self.documents)).hexdigest()

    def break_off(self, node: Located, message: str, hint: str) -> None:
        """The chain cannot be followed: what its files say of each other is not examined."""
        self.faults.append(self.sources.fault(node.place, message, hint))
        self.is_whole = False


def load(ref: str, readings: Mapping[str, str] | None = None, *, base: Path | None = None) -> LoadedPolicy:
    """The policy that ``ref`` names, under ``readings`` (reading to choice; the defaults for the others).

    ``ref`` is a file's path, relative to ``base`` where that is given, or a published policy's name, with or
    without ``.yaml``. Raises ``PolicyError`` with every fault, ``UsageError`` for a name that leads nowhere.
    """
    path, shown = _found(ref, base)
    if path.name.endswith(EXAMPLES_SUFFIXES):
        stem = next(shown.removesuffix(end) for end in EXAMPLES_SUFFIXES if shown.endswith(end))
        raise UsageError(f"{shown}: these are the examples of a policy, which is {stem}.yaml beside them")
    files = _read(path, shown)
    tree = _merged(files)
    if tree is None:
        raise PolicyError(in_order(files.faults, files.names))
    faults = in_order([*files.faults, *_every_fault(tree, files)], files.names)
    if faults:
        raise PolicyError(faults)
    chosen = _chosen(tree, readings or {}, ref)
    resolved = overlays.under(tree, chosen)
    policy, faults = examined(resolved, files.sources)
    if policy is None:
        raise PolicyError(in_order(faults, files.names))
    warnings = tuple(in_order(warnings_of(policy, resolved, files.sources), files.names))
    return LoadedPolicy(
        policy,
        chosen,
        files.sha256,
        ref,
        resolved,
        tree,
        warnings,
        tuple(files.names),
        files.sources,
        frozenset(readings or ()),
        _examples(files.documents[0]),
        files.paths[0],
        tuple(files.paths[1:]),
    )


def _examples(document: Document) -> Located | None:
    """The examples in a file. They are no part of what it promises, and no file inherits another's."""
    return without_free_keys(document.root).get(EXAMPLES) if document.root else None


def _found(ref: str, base: Path | None) -> tuple[Path, str]:
    """The file that ``ref`` names, and the name to show it under."""
    path = (base or Path()) / ref
    if _is_file(path):
        return path, ref
    found = published_file(ref)
    if found:
        return found, name_of(found)
    if _is_folder(path) or path.parent != (base or Path()):
        return path, ref
    stem = ref.removesuffix(".yaml").removesuffix(".yml")
    beside = next((stem + end for end in (".yaml", ".yml") if _is_file(path.parent / (stem + end))), None)
    hint = f"did you mean {beside!r}?" if beside else did_you_mean(ref, names(), "published policies")
    raise UsageError(f"no policy {ref!r}: no such file, and no published policy of that name\n    {hint}")


def _is_file(path: Path) -> bool:
    """Whether something can be read there; a name that no file can have is none."""
    try:
        return path.exists() and not path.is_dir()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _read(path: Path, shown: str) -> _Files:
    """The file at ``path`` and, one after the other, those that each extends."""
    files = _Files()
    following: tuple[Path, str] | None = (path, shown)
    while following:
        path, shown = following
        document = read_file(path, shown)
        files.documents.append(document)
        files.faults += document.faults
        files.sources.update(document.sources)
        files.opened.append(os.path.realpath(path))
        files.paths.append(path)
        following = _extended(path, document, files)
    return files


def _extended(path: Path, document: Document, files: _Files) -> tuple[Path, str] | None:
    """The file that ``document`` extends, and its name; a fault where there is none, or a circle."""
    node = document.root.get("extends") if document.root else None
    if node is None or node.text is None:
        return None
    found = path.parent / node.text
    shown = os.path.normpath(Path(document.file).parent / node.text)
    if not _is_file(found):
        known = published_file(node.text)
        if not known:
            hint = did_you_mean(node.text, names(), "published policies")
            message = f"no policy {node.text!r}: no such file beside this one, and no published policy"
            files.break_off(node, message, hint)
            return None
        found, shown = known, name_of(known)
    if os.path.realpath(found) in files.opened:
        circle = " → ".join([*files.names[files.opened.index(os.path.realpath(found)) :], shown])
        files.break_off(node, f"extends goes in a circle: {circle}", "let one of them extend nothing")
        return None
    return found, shown


def _merged(files: _Files) -> Located | None:
    """The files laid over each other, before any reading; nothing where one of them makes no sense."""
    if not files.is_whole:
        return None
    tree: Located | None = None
    for document in reversed(files.documents):
        if document.root is None:
            return None
        if not isinstance(document.root.value, dict):
            message = f"expected a policy's keys and values, found {described(document.root)}"
            files.faults.append(files.sources.fault(document.root.place, message, "see slaaudit policy schema"))
            return None
        over = without_free_keys(document.root)
        over = replace(over, value={key: node for key, node in over.items() if key != EXAMPLES})
        tree = over if tree is None else replace(overlays.merged(tree, over), place=over.place, key=over.key)
    return tree


def _every_fault(tree: Located, files: _Files) -> Iterator[Fault]:
    """The faults under the defaults and under every single other choice."""
    defaults = overlays.defaults(tree)
    told: set[tuple[str, int, int, str]] = set()
    for chosen in _combinations(tree, defaults):
        _, faults = examined(overlays.under(tree, chosen), files.sources)
        for fault in [*faults, *_overruled(tree, chosen, files)]:
            seen = (fault.file, fault.line, fault.column, fault.message)
            if seen not in told:
                told.add(seen)
                yield fault


def _combinations(tree: Located, defaults: dict[str, str]) -> Iterable[dict[str, str]]:
    yield defaults
    for name, found in overlays.choices(tree).items():
        yield from ({**defaults, name: choice} for choice in found if choice != defaults[name])


def _overruled(tree: Located, chosen: Mapping[str, str], files: _Files) -> Iterator[Fault]:
    """What an extending file writes, and a reading of the policy below it would take back without a word."""
    rank = {name: at for at, name in enumerate(files.names)}
    for name, found in overlays.choices(tree).items() if len(rank) > 1 else ():
        overlay = found.get(chosen[name])
        for old, new in overlays.replaced(tree, overlay) if overlay else ():
            if rank[old.place.file] < rank[new.place.file]:
                message = f"reading {name!r} of {new.place.file} would overrule this"
                hint = f"settle it here: readings: {{{name}: null}}"
                yield files.sources.fault(old.place, message, hint)


def _chosen(tree: Located, asked: Mapping[str, str], ref: str) -> dict[str, str]:
    """The choice in force of every reading; ``UsageError`` where a reading or choice is not the policy's."""
    known = overlays.choices(tree)
    for name, choice in asked.items():
        if name not in known:
            hint = did_you_mean(name, list(known), "its readings") or "it has no readings"
            raise UsageError(f"policy {ref!r} has no reading {name!r}\n    {hint}")
        if choice not in known[name]:
            hint = did_you_mean(choice, list(known[name]), "its choices")
            raise UsageError(f"reading {name!r} of policy {ref!r} has no choice {choice!r}\n    {hint}")
    return {**overlays.defaults(tree), **asked}
