"""A policy's examples: those in its own file, and those in the file beside it; every fault at once.

Examples are no part of what a policy promises: an audit passes them over, and a policy that extends another does not
inherit them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from slaaudit.errors import PolicyError, UsageError
from slaaudit.located import Sources, described, faults_of, in_order, plain, read_file, without_free_keys
from slaaudit.policy import example_checks, overlays
from slaaudit.policy.example_checks import Known
from slaaudit.policy.examples import Example, Examples, ExamplesFile
from slaaudit.policy.published import EXAMPLES_SUFFIXES, name_of, published_file
from slaaudit.policy.reader import EXAMPLES, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from slaaudit.errors import Fault
    from slaaudit.located import Located, Place
    from slaaudit.policy.kinds import Part
    from slaaudit.policy.reader import LoadedPolicy

_LISTED = ("events", *example_checks.SERVICE)


@dataclass(frozen=True)
class Trial:
    """An example, or one of its cases, complete: what is told, in which zone, and what is expected.

    ``lines`` are the lines of the file in which the ticket, each event and each stretch of a service's time stand.
    """

    name: str
    place: Place
    told: Example
    timezone: str
    lines: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class PolicyExamples:
    """A policy with its examples. ``extended`` names a policy that it extends and that has examples of its own."""

    loaded: LoadedPolicy
    trials: tuple[Trial, ...]
    extended: str = ""


def policy_examples(ref: str) -> PolicyExamples:
    """The examples of the policy that ``ref`` names; a file of examples names the policy beside it.

    PolicyError with every fault of the policy, or of its examples; UsageError for a name that leads nowhere.
    """
    loaded = load(_policy_of(ref))
    carried = [] if loaded.examples is None else _carried(loaded)
    carried += [_beside(path) for path in beside(loaded.found)]
    known = Known(loaded)
    found = [fault for each in carried for fault in _faults(each, known)]
    if found:
        raise PolicyError(in_order(found, [each.file for each in carried]))
    trials = [trial for each in carried for trial in _trials(each, known)]
    extended = next((_name(path) for path in loaded.below if _has_examples(path)), "")
    return PolicyExamples(loaded, tuple(trials), extended)


def named_once(refs: Iterable[str]) -> list[str]:
    """The references without those to a policy, or to a file of its examples, that an earlier one names already."""
    first: dict[Path, str] = {}
    for ref in refs:
        try:
            policy = _policy_of(ref)
        except UsageError:
            policy = ref  # told by whoever reads it
        first.setdefault(Path(policy).absolute(), ref)
    return list(first.values())


def beside(policy: Path) -> list[Path]:
    """The files of examples that stand beside a policy's file."""
    return [path for end in EXAMPLES_SUFFIXES if (path := policy.with_name(policy.stem + end)).exists()]


def _policy_of(ref: str) -> str:
    """The policy that a file of examples stands beside; any other name as it is."""
    end = next((end for end in EXAMPLES_SUFFIXES if ref.endswith(end)), None)
    if end is None:
        return ref
    stem = ref.removesuffix(end)
    found = next((stem + suffix for suffix in (".yaml", ".yml") if Path(stem + suffix).exists()), None)
    if found is None:
        raise UsageError(f"{ref}: these are examples, and there is no policy {stem}.yaml beside them")
    return found


def _name(path: Path) -> str:
    """What a policy is called on the command line."""
    return path.stem if published_file(path.stem) == path else name_of(path)


def _has_examples(path: Path) -> bool:
    root = read_file(path).root
    return bool(beside(path)) or bool(root and root.get(EXAMPLES))


@dataclass(frozen=True)
class _Carried:
    """The examples of one file as they are written: ``root`` holds them under ``examples``."""

    file: str
    root: Located | None
    model: type[Part]
    sources: Sources
    faults: tuple[Fault, ...] = ()

    @property
    def listed(self) -> list[Located]:
        """The examples; those that are no mapping are left out."""
        node = self.root.get(EXAMPLES) if self.root else None
        written = node.value if node and isinstance(node.value, list) else []
        return [each for each in written if isinstance(each.value, dict)]


def _carried(loaded: LoadedPolicy) -> list[_Carried]:
    node = loaded.examples
    if node is None:
        return []
    root = replace(node, value={EXAMPLES: node})
    return [_Carried(node.place.file, root, Examples, loaded.sources)]


def _beside(path: Path) -> _Carried:
    name = name_of(path) if path.is_absolute() else os.path.normpath(path)
    document = read_file(path, name)
    root = without_free_keys(document.root) if document.root else None
    faults = document.faults
    if root is not None and not isinstance(root.value, dict):
        message = f"expected slaaudit-examples and examples, found {described(root)}"
        faults, root = (*faults, document.sources.fault(root.place, message)), None
    return _Carried(name, root, ExamplesFile, document.sources, faults)


def _faults(carried: _Carried, known: Known) -> Iterator[Fault]:
    """What is wrong in one file of examples: in its form, and between it and the policy."""
    yield from carried.faults
    if carried.root is None:
        return
    try:
        carried.model.model_validate(plain(carried.root), by_alias=True, by_name=False)
    except ValidationError as error:
        yield from faults_of(error, carried.model, carried.root, carried.sources)
    names: dict[str, int] = {}
    for example in carried.listed:
        yield from _naming_faults(example, names, carried.sources)
        for _, whole in _cases(example):
            yield from example_checks.faults(whole, known, carried.sources)


def _naming_faults(example: Located, names: dict[str, int], sources: Sources) -> Iterator[Fault]:
    name = example.get("name")
    if name is None or not (name.text or "").strip():
        hint = "say what the example shows, in a sentence"
        yield sources.fault(name.place if name else example.key, "'name' is missing", hint)
    elif names.setdefault(name.text or "", name.place.line) != name.place.line:
        message = "another example has this name"
        yield sources.fault(name.place, message, f"it stands at line {names[name.text or '']}")
    cases = example.get("cases")
    for case in cases.elements() if cases else []:
        nested = case.get("cases")
        if nested:
            yield sources.fault(nested.key, "a case has no cases of its own", "make an example of it")


def _cases(example: Located) -> list[tuple[str, Located]]:
    """The example as it stands, where it expects something or tells no cases; then each case laid over it."""
    base = {key: node for key, node in example.items() if key != "cases"}
    own = replace(example, value=base)
    cases = example.get("cases")
    listed = cases.elements() if cases and isinstance(cases.value, list) else []
    written = [each for each in listed if isinstance(each.value, dict)]
    name = example.get("name")
    title = (name.text if name else None) or ""
    found = [(title, own)] if "expect" in base or not (cases and cases.value) else []
    for number, case in enumerate(written, 1):
        told = case.get("name")
        found.append((f"{title}: {(told.text if told else None) or f'case {number}'}", _laid(case, base)))
    return found


def _laid(case: Located, base: dict[str, Located]) -> Located:
    """A case over its example: ticket and readings key by key, all else instead of the example's own."""
    entries = {key: node for key, node in base.items() if key != "expect"}
    for key, node in case.items():
        if node.value is None:
            entries.pop(key, None)
        elif key in ("ticket", "readings") and key in entries:
            entries[key] = replace(overlays.merged(entries[key], node), key=node.key)
        else:
            entries[key] = node
    return replace(case, value=entries)


def _trials(carried: _Carried, known: Known) -> Iterator[Trial]:
    for example in carried.listed:
        for name, whole in _cases(example):
            told = Example.model_validate(plain(whole), by_alias=True, by_name=False)
            yield Trial(name, whole.key, told, example_checks.zone_of(whole, known), _lines(whole))


def _lines(whole: Located) -> dict[str, tuple[int, ...]]:
    ticket = whole.get("ticket")
    found = {key: tuple(each.place.line for each in node.elements()) for key in _LISTED if (node := whole.get(key))}
    return {"ticket": (ticket.key.line,) if ticket else (), **found}
