"""The contents of an evidence pack, worked out from what the user gave: to write one, and to verify one."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slaaudit.cli.looking import found_in_record, thresholds_of
from slaaudit.cli.redacting import ids_of, learn, reading_of, refuse_told, remaining
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown
from slaaudit.settings import NONE_USED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from slaaudit.audit import Audit
    from slaaudit.cli.given import Given
    from slaaudit.evidence.raw_rows import RawRows
    from slaaudit.report.found import Found
    from slaaudit.report.pack.contents import Original
    from slaaudit.report.pack.redaction import Redaction

#: What of ``Given`` names files, and what each is. A policy may be a published one's name, a fee an amount.
PATHS = {
    "files": "export", "policies": "policy", "mapping": "mapping", "incidents": "incidents",
    "maintenance": "maintenance", "usage": "usage", "fee": "fees", "waivers": "waivers",
}  # fmt: skip


def pack_contents(
    given: Given,
    redaction: Redaction,
    step: Callable[..., None],
    named: Mapping[str, str] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, bytes]:
    """Every file of the pack. ``named`` gives the names of originals where they are known from an earlier pack.

    ``tell`` hears what no pseudonym replaces although it tells a value of a redacted field.
    """
    if "-" in given.all_files:
        raise UsageError("--pack: standard input cannot be read again to verify; save it to a file")
    given = replace(given, settings=NONE_USED)  # where a flag was set is no matter of what was asked
    from slaaudit.cli.checking import counted_both_sides, found_by
    from slaaudit.cli.waiving import Waiving
    from slaaudit.dispute import MAX_COMBINATIONS
    from slaaudit.disputed import disputed
    from slaaudit.report.pack.contents import Packing, contents

    waiving = Waiving(given, MAX_COMBINATIONS)  # a pack tells of all readings, whoever asks for it
    found = found_by(given, "breach", step=step, worksheets="breaches", under_all=True, look=0, waiving=waiving)
    learn(redaction, found, given)
    told = disputed(found.audit, found.service, step=step)
    found = replace(found, both_sides=counted_both_sides(found, step, at_any_cost=True))
    policies = list(dict.fromkeys(file for one in found.audit.policies for file in one.files))
    names = dict(named) if named is not None else _names(given, policies)
    names = {file: Path(file).name for file in policies} | names
    asked = _options(given, found.audit, names)
    refuse_told(redaction, asked, names.values())
    renamed = _named(found, names)
    audit = redaction.audit(renamed.audit)
    service = renamed.service and redaction.service(renamed.service)
    findings = found_in_record(audit, thresholds_of(given.thresholds), step)
    step("Packing")
    paths = {name: path for path, name in names.items()}
    policy_files = {names[file]: Path(file).read_bytes() for file in policies}
    for note in remaining(redaction, ids_of(found), policy_files):
        tell(note)
    return contents(
        Packing(
            found=replace(renamed, audit=audit, service=service, findings=findings),
            disputed=replace(told, audit=audit, service=service),
            options=asked,
            originals=list(_originals(given, names, policies)),
            policy_files=policy_files,
            raw_rows=lambda name, rows: _raw_rows(paths[name], rows, given),
            redaction=redaction,
            ids=ids_of(found),
        )
    )


def _named(found: Found, names: Mapping[str, str]) -> Found:
    from slaaudit.report.pack.names import named_audit, named_service

    service = named_service(found.service, names) if found.service else None
    return replace(found, audit=named_audit(found.audit, names), service=service)


def _raw_rows(path: str, rows: Sequence[int], given: Given) -> RawRows:
    from slaaudit.evidence.raw_rows import raw_rows

    return raw_rows(path, rows, reading_of(path, given))


def files_of(given: Given) -> Iterator[tuple[str, str]]:
    """Every file that the user named, and what it is."""
    for key, role in PATHS.items():
        value = getattr(given, key, ())
        for path in [value] if isinstance(value, str) else value:
            if path and (role not in ("policy", "fees") or Path(path).is_file()):
                yield path, role


def _names(given: Given, policies: Sequence[str]) -> dict[str, str]:
    from slaaudit.report.pack.names import short_names

    return short_names([*(path for path, _ in files_of(given)), *policies])


def _originals(given: Given, names: Mapping[str, str], policies: Sequence[str]) -> Iterator[Original]:
    from slaaudit.report.pack.contents import Original, stamp

    told: set[str] = set()
    for path, role in [*files_of(given), *((file, "policy") for file in policies)]:
        if path not in told:
            told.add(path)
            yield Original(names[path], role, **stamp(Path(path).read_bytes()))


def _options(given: Given, audit: Audit, names: Mapping[str, str]) -> dict[str, Any]:
    """What was asked, its files by their names and as-of as the instant that it came to."""
    from slaaudit.report.words import rfc3339

    found: dict[str, Any] = {}
    asked = {key: value for key, value in asdict(given).items() if key != "settings"}
    for key, value in asked.items():
        plain = list(value) if isinstance(value, tuple) else value
        if key in PATHS:
            plain = [names.get(each, each) for each in plain] if isinstance(plain, list) else names.get(plain, plain)
        found[key] = plain
    if given.as_of:
        found["as_of"] = rfc3339(audit.as_of)
    return found


def pseudonyms_in(path: str) -> dict[str, list[str]]:
    """The table of pseudonyms in a file; an empty one where the file is not there yet."""
    if not path or not os.path.exists(path):  # noqa: PTH110  (a path that no file can have is none)
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"--pseudonyms {shown(path)}: cannot be read ({shown(str(error), 120)})") from None
    if not isinstance(found, dict) or not all(
        isinstance(values, list) and all(isinstance(value, str) for value in values) for values in found.values()
    ):
        raise UsageError(
            f"--pseudonyms {shown(path)}: expected a table of fields and their values, as slaaudit writes it"
        )
    return found


def write_pseudonyms(table: Mapping[str, list[str]], path: str) -> None:
    """Write the table that undoes the pseudonyms, for nobody else to see."""
    from slaaudit.report.writing import whole_file

    with whole_file(path) as stream:
        stream.write(json.dumps(table, indent=1) + "\n")
