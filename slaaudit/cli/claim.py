"""``slaaudit claim``: a letter for every credit that may still be claimed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.assessing import assessed_with_tickets
from slaaudit.cli.given import given_by, refuse_nothing_to_read
from slaaudit.cli.options import one_of
from slaaudit.cli.progress import progress
from slaaudit.cli.waiving import Waiving
from slaaudit.cli.writing import refuse_to_replace
from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from slaaudit.assessment import Assessment
    from slaaudit.cli.given import Given
    from slaaudit.credits import Credit

_FORMS = ("md", "txt")
_LETTERS = "The letters"


def claim(  # noqa: PLR0913  (typer reads one parameter a flag)
    files: options.TicketFiles = None,
    *,
    incidents: options.Incidents = None,
    maintenance: options.Maintenance = None,
    usage: options.Usage = None,
    fee: options.Fee = "",
    policy: options.Policies = None,
    reading: options.Readings = None,
    waivers: options.Waivers = None,
    mapping: options.Mapping = "",
    column: options.Columns = None,
    value: options.Values = None,
    timezone: options.Timezone = "",
    date_format: options.DateFormat = "",
    set_field: options.Sets = None,
    as_of: options.AsOf = "",
    period: options.PeriodText = "",
    letter_format: Annotated[
        str,
        typer.Option("--format", "-f", metavar="|".join(_FORMS), rich_help_panel=_LETTERS, help="Markdown or text."),
    ] = "md",
    template: Annotated[
        str, typer.Option("--template", metavar="FILE", rich_help_panel=_LETTERS, help="A jinja2 template of your own.")
    ] = "",
    into: Annotated[
        str,
        typer.Option("--into", metavar="FOLDER", rich_help_panel=_LETTERS, help="Write each letter to a file there."),
    ] = "",
    lapsed: Annotated[
        bool, typer.Option("--lapsed", rich_help_panel=_LETTERS, help="Also for credits whose last day is past.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", rich_help_panel=_LETTERS, help="Replace letters that are there already.")
    ] = False,
) -> None:
    """Write a letter for every credit that may still be claimed.

    What lapses next comes first. Exports of tickets are for the credits of clauses about tickets. A waiver changes no
    credit; the letter tells of it. Without --into the letters are printed. Exit code 0, also where there is nothing to
    claim.
    """
    form = one_of("--format", letter_format, _FORMS)
    refuse_nothing_to_read(files or (), incidents, maintenance, usage)
    given = given_by(locals())
    if into and not Path(into).is_dir():
        raise UsageError(f"--into {shown(into)}: there is no such folder; make it first")
    with progress(quiet=False) as step:
        waiving = Waiving(given)
        found, audit = assessed_with_tickets(given, step, waiving.read)
        found, audit = waiving.over_credits(found, audit)
    chosen = _claimable(found, lapsed=lapsed)
    if not chosen:
        typer.echo(
            "Nothing to claim: no credit is open"
            + ("" if lapsed else " (--lapsed also writes for those that are past)")
        )
        return
    from slaaudit.report.claim_letter import letter

    letters = [(_file_name(each, form), letter(found, each, form, template, audit)) for each in chosen]
    if into:
        _write(letters, Path(into), given, force=force)
    else:
        typer.echo(("\n---\n\n" if form == "md" else f"\n{'=' * 72}\n\n").join(text for _, text in letters), nl=False)


def _claimable(found: Assessment, *, lapsed: bool) -> list[Credit]:
    """The credits that there is something to ask for, in the order in which they lapse.

    Of a period that is not over only those whose claim may lapse before it is.
    """
    from slaaudit.claims import next_deadline
    from slaaudit.report.service_sections import in_order_of_deadline, is_worth_claiming, lapses_early

    chosen = []
    for each in in_order_of_deadline(found.credits):
        deadline = next_deadline(each.deadlines)
        is_past = deadline is not None and deadline.status == "lapsed"
        is_final = not each.row.to_date or lapses_early(each)
        if is_worth_claiming(each) and is_final and (lapsed or not is_past):
            chosen.append(each)
    return chosen


def _file_name(credit: Credit, form: str) -> str:
    row = credit.row
    parts = ["claim", row.clause, row.component or "", row.severity, row.span.name, credit.earned.way]
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(filter(None, parts))).strip("-")[:120] + f".{form}"


def _write(letters: list[tuple[str, str]], folder: Path, given: Given, *, force: bool) -> None:
    from slaaudit.report.writing import whole_file

    names: dict[str, str] = {}
    for name, text in letters:
        stem, dot, suffix = name.rpartition(".")
        unique, nth = name, 2
        while unique in names:
            unique, nth = f"{stem}-{nth}{dot}{suffix}", nth + 1
        names[unique] = text
    for name in names:
        refuse_to_replace(str(folder / name), given.all_files, force=force)
    for name, text in names.items():
        with whole_file(str(folder / name)) as stream:
            stream.write(text)
        typer.echo(shown(str(folder / name)))
