"""Files of the kinds that people write, each checked as what it says that it is: a policy, a mapping, or waivers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.errors import Fault, FaultsError, SlaauditError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slaaudit.located import Located
    from slaaudit.policy import LoadedPolicy

_MAPPING = "slaaudit-profile"
_OF_A_WAIVER = ("ticket", "incident", "expires")


@dataclass(frozen=True)
class Checked:
    """A file's faults and warnings; ``error`` as it is told where it cannot be used, else what it holds in a line."""

    faults: tuple[Fault, ...]
    error: str = ""
    holds: str = ""


def checked_all(names: Sequence[str]) -> list[Checked]:
    """Each file, or published policy, of these names, once. Waivers are held against the policies among them."""
    from slaaudit.policy.example_reader import named_once

    names = named_once(names)
    kinds = [_kind_of(name) for name in names]
    policies = [loaded for name, kind in zip(names, kinds, strict=True) if kind is _policy for loaded in _usable(name)]
    return [
        _checked((lambda name: _waivers(name, policies)) if kind is None else kind, name)
        for name, kind in zip(names, kinds, strict=True)
    ]


def _checked(kind: Callable[[str], Checked], name: str) -> Checked:
    """The file as what it is. Whatever is wrong with it is a fault."""
    try:
        return kind(name)
    except FaultsError as error:
        return Checked(error.faults, str(error))
    except SlaauditError as error:
        return Checked((Fault(name, 0, 0, str(error).replace("\n   ", ":")),), str(error))


def _kind_of(name: str) -> Callable[[str], Checked] | None:
    """What a file is by its first keys, None for waivers; a name that is no file's is a policy's."""
    from slaaudit.located import read_file

    try:
        root = read_file(Path(name)).root if Path(name).is_file() else None
    except (OSError, SlaauditError):  # no file can have such a name, or it cannot be read: told when it is checked
        root = None
    if root is None or root.get("slaaudit") is not None:
        return _policy
    if root.get(_MAPPING) is not None:
        return _mapping
    return None if _is_of_waivers(root) else _policy


def _is_of_waivers(root: Located) -> bool:
    """Whether a file begins like waivers: a list of them, such a list under ``waivers``, or one alone."""
    entries = root.value if isinstance(root.value, list) else [root]
    keys = ("waivers", "slaaudit-waivers")
    return any(root.get(key) is not None for key in keys) or any(
        entry.get(key) is not None for entry in entries for key in _OF_A_WAIVER
    )


def _usable(name: str) -> list[LoadedPolicy]:
    """The policy; none where it cannot be used, which is told when it is checked."""
    from slaaudit import policy

    try:
        return [policy.load(name, {})]
    except SlaauditError:
        return []


def _waivers(name: str, policies: Sequence[LoadedPolicy]) -> Checked:
    from slaaudit.policy.waivers import read_waivers
    from slaaudit.report.safe import shown
    from slaaudit.report.words import count

    entries = read_waivers([name], policies, None).entries
    soonest = min((each.expires for each in entries), default=None)
    until = f", the first expires on {soonest}" if soonest else ""
    unheld = "" if policies else "; name their policy too, and their clauses are looked up in it"
    return Checked((), holds=f"{shown(name)}: ok: {count(len(entries), 'waiver')}{until}{unheld}")


def _policy(name: str) -> Checked:
    from slaaudit.policy.example_reader import policy_examples
    from slaaudit.report.policy_text import counted

    found = policy_examples(name)
    return Checked(found.loaded.warnings, holds=counted(found.loaded, len(found.trials)))


def _mapping(name: str) -> Checked:
    from slaaudit.evidence.profile import mapping_file
    from slaaudit.report.safe import shown
    from slaaudit.report.words import count

    profile = mapping_file(name).profile
    words = sum(map(len, profile.values.values()))
    return Checked(
        (), holds=f"{shown(name)}: ok: a mapping, {count(len(profile.columns), 'column')}, {count(words, 'word')}"
    )
