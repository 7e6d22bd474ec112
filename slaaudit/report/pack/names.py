"""The names that a pack gives its inputs: the same wherever they lie, so that the pack's bytes are the same too."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from slaaudit.located import Located

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slaaudit.assessment import Assessment
    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Input, Rejected
    from slaaudit.located import Place
    from slaaudit.policy import LoadedPolicy
    from slaaudit.policy.waivers import Waiver


def short_names(paths: Sequence[str]) -> dict[str, str]:
    """For each path the shortest end of it that no other of them has.

    >>> short_names(["/a/jan/t.csv", "/a/feb/t.csv", "/a/log.csv"])
    {'/a/jan/t.csv': 'jan/t.csv', '/a/feb/t.csv': 'feb/t.csv', '/a/log.csv': 'log.csv'}
    """
    every = list(dict.fromkeys(paths))
    parts = {path: [part for part in PurePath(path).parts if part != PurePath(path).anchor] for path in every}
    found = dict.fromkeys(every, 1)
    while True:
        names = {path: "/".join(parts[path][-found[path] :]) for path in every}
        twice = {name for name, number in Counter(names.values()).items() if number > 1}
        longer = [path for path in every if names[path] in twice and found[path] < len(parts[path])]
        if not longer:
            return names
        for path in longer:
            found[path] += 1


def named_audit(audit: Audit, names: Mapping[str, str]) -> Audit:
    """The audit with its files under these names."""
    evidence = replace(
        audit.evidence,
        inputs=_inputs(audit.evidence.inputs, names),
        rejected=_rejected(audit.evidence.rejected, names),
        notes=tuple(_in_text(note, names) for note in audit.evidence.notes),
    )
    policies = tuple(named_policy(one, names) for one in audit.policies)
    waived = audit.waived and replace(audit.waived, waivers=_waivers(audit.waived.waivers, names))
    return replace(audit, evidence=evidence, policies=policies, waived=waived)


def named_service(service: Assessment, names: Mapping[str, str]) -> Assessment:
    """The same of an assessment."""
    operations = replace(
        service.operations,
        inputs=_inputs(service.operations.inputs, names),
        rejected=_rejected(service.operations.rejected, names),
        notes=tuple(_in_text(note, names) for note in service.operations.notes),
    )
    policies = tuple(named_policy(one, names) for one in service.policies)
    return replace(
        service,
        operations=operations,
        policies=policies,
        fees=service.fees and replace(service.fees, source=names.get(service.fees.source, service.fees.source)),
        notes=tuple(_in_text(note, names) for note in service.notes),
        waivers=_waivers(service.waivers, names),
    )


def named_policy(loaded: LoadedPolicy, names: Mapping[str, str]) -> LoadedPolicy:
    """A policy whose places name its files so."""
    return replace(
        loaded,
        path=names.get(loaded.path, loaded.path),
        files=tuple(names.get(file, file) for file in loaded.files),
        tree=_named_tree(loaded.tree, names),
        warnings=tuple(replace(each, file=names.get(each.file, each.file)) for each in loaded.warnings),
    )


def _named_tree(node: Located, names: Mapping[str, str]) -> Located:
    value = node.value
    if isinstance(value, dict):
        value = {key: _named_tree(child, names) for key, child in value.items()}
    elif isinstance(value, list):
        value = [_named_tree(child, names) if isinstance(child, Located) else child for child in value]
    return replace(node, value=value, place=_named_place(node.place, names), key=_named_place(node.key, names))


def _named_place(place: Place, names: Mapping[str, str]) -> Place:
    return replace(place, file=names.get(place.file, place.file))


def _waivers(waivers: Sequence[Waiver], names: Mapping[str, str]) -> tuple[Waiver, ...]:
    return tuple(replace(each, node=_named_tree(each.node, names)) for each in waivers)


def _inputs(inputs: Sequence[Input], names: Mapping[str, str]) -> tuple[Input, ...]:
    return tuple(replace(each, path=names.get(each.path, each.path)) for each in inputs)


def _rejected(rows: Sequence[Rejected], names: Mapping[str, str]) -> tuple[Rejected, ...]:
    return tuple(row._replace(file=names.get(row.file, row.file)) for row in rows)


def _in_text(text: str, names: Mapping[str, str]) -> str:
    """The text with every path in it under its name, the longest first."""
    for path in sorted(names, key=len, reverse=True):
        text = text.replace(path, names[path])
    return text
