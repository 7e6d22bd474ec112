"""How a report for people begins: what was read, and what it is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaaudit.compiling import day_length
from slaaudit.report import selection
from slaaudit.report.layout import labelled, paragraph
from slaaudit.report.notes import notes
from slaaudit.report.page import heading
from slaaudit.report.words import count, length, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from slaaudit.audit import Audit
    from slaaudit.evidence.tables import Input
    from slaaudit.policy import LoadedPolicy
    from slaaudit.report.page import Page
    from slaaudit.settings import SettingsUsed


def what_was_read(page: Page) -> Iterator[Text]:
    """The files, how each was understood, and what is in them."""
    evidence = page.audit.evidence
    yield heading("What was read")
    service = page.service
    yield from file_lines((*evidence.inputs, *(service.operations.inputs if service else ())), page.width)
    more = (*service.operations.notes, *service.notes) if service else ()
    for note in (*evidence.notes, *notes(page.audit), *more):
        yield from paragraph(note, page.width, 2, 2)
    counts = [count(len(evidence.tickets), "ticket"), count(len(evidence.events), "event")]
    if page.audit.merged:
        counts.append(f"{count(page.audit.merged, 'equal twin')} counted once")
    if page.audit.unseen_after_as_of:
        counts.append(f"{page.audit.unseen_after_as_of:,} after as-of, not seen")
    yield from paragraph(", ".join(counts), page.width, 2, 2)


def file_lines(inputs: Sequence[Input], width: int) -> Iterator[Text]:
    """Each file and how it was understood."""
    for read in inputs:
        rejected = f", {read.rejected:,} rejected" if read.rejected else ""
        profile = f" ({read.profile})" if read.profile else ""
        yield from paragraph(f"{read.path}: {read.role}{profile}, {count(read.rows, 'row')}{rejected}", width, 2, 2)
        for note in read.notes:
            yield from paragraph(note, width, 4, 2)


def what_it_is_judged_by(page: Page) -> Iterator[Text]:
    """The policies with their readings, as-of, the period, and the clock that instants are printed by."""
    audit = page.audit
    yield heading("What it is judged by")
    yield from policy_lines(audit.policies, page.width, verbose=page.verbose)
    kind = "as asked" if audit.as_of_given else "the latest event in the files"
    yield from labelled("As of", f"{page.at(audit.as_of)} {zone_name(audit.as_of, page.zone)}, {kind}", page.width)
    if audit.period:
        period = audit.period
        text = f"{period.text}, by the {period.by} of each measurement, in {period.timezone}"
        yield from labelled("Period", text, page.width)
    yield from labelled("Times", f"by the clock of {page.zone.key}{_days(audit)}", page.width)
    yield from setting_lines(audit.settings, page.width)


def setting_lines(settings: SettingsUsed, width: int) -> Iterator[Text]:
    """Which flags were not typed but set by a project file or variables."""
    if settings.from_file:
        yield from labelled("Settings", f"{', '.join(settings.from_file)} by {settings.path}", width)
    if settings.from_variables:
        yield from labelled("Settings", f"{', '.join(settings.from_variables)} by variables", width)


def policy_lines(policies: Sequence[LoadedPolicy], width: int, *, verbose: bool) -> Iterator[Text]:
    """The policies with their readings and warnings."""
    for loaded in policies:
        policy = loaded.policy
        yield from labelled(
            "Policy",
            f"{policy.title or policy.id} ({policy.id}{_effective(policy)}), {', '.join(loaded.files) or loaded.path}",
            width,
        )
        readings = _readings(loaded)
        for reading in readings if verbose else filter(None, [", ".join(readings)]):
            yield from labelled("Readings", reading, width)
        if verbose:
            yield from labelled("SHA-256", loaded.sha256, width)
        for warning in loaded.warnings:
            yield from labelled("Warning", f"{warning.file}:{warning.line}: {warning.message}", width)


def _effective(policy: object) -> str:
    effective = getattr(policy, "effective", None)
    parts = [
        f", {word} {date.isoformat()}"
        for word, date in (("from", effective and effective.from_), ("until", effective and effective.until))
        if date
    ]
    return "".join(parts)


def _readings(loaded: LoadedPolicy) -> list[str]:
    """Every reading in force, with its choice."""
    known = loaded.policy.readings
    return [
        f"{name}={choice}" + (" (default)" if name in known and known[name].default == choice else "")
        for name, choice in loaded.readings.items()
    ]


def _days(audit: Audit) -> str:
    """What one day is worth on each calendar that measurements ran on, where that is not 24 h."""
    calendars = {name: value for loaded in audit.policies for name, value in loaded.policy.calendars.items()}
    used = [name for name in selection.calendars(audit) if name in calendars and not calendars[name].always]
    worth = [f"1d of {name} time is {length(day_length(calendars[name]))}" for name in used]
    return "".join(f"; {text}" for text in worth)
