"""The flags that several commands share, each written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from slaaudit.errors import UsageError
from slaaudit.report.formats import CONSOLE, FORMS, SUFFIXES
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Word = TypeVar("Word", bound=str)
By = Literal["start", "due", "stop"]

FORMATS = (CONSOLE, *(name for name, form in FORMS.items() if not form.binary))
#: What a report on a service can be printed as: in tickets alone it has nothing to say.
SERVICE_FORMATS = tuple(name for name in FORMATS if name not in FORMS or not FORMS[name].measurements_only)
SERVICE_SUFFIXES = tuple(
    suffix for suffix, name in SUFFIXES.items() if name not in FORMS or not FORMS[name].measurements_only
)
FAIL_ON = ("breach", "warranted", "unknown", "never")
PERIOD_BY: tuple[By, ...] = ("start", "due", "stop")

_PROMISE = "The promise"
_EXPORT = "How the export is read"
_TIME = "Time"
REPORT = "The report"


def one_of(flag: str, value: str, known: tuple[Word, ...]) -> Word:
    """``value`` if it is known; a UsageError that names the choices and the nearest of them if not."""
    for word in known:
        if word == value:
            return word
    import difflib

    near = difflib.get_close_matches(value.lower(), known, 1, 0.5)
    meant = f"; did you mean {near[0]}?" if near else ""
    choices = " or ".join(filter(None, (", ".join(known[:-1]), *known[-1:]))) or "nothing: there is none"
    raise UsageError(f"{flag} {shown(value, 60)}: expected {choices}{meant}")


def share_of_target(flag: str, text: str) -> int:
    """A percentage between 0 and 100, such as ``80`` or ``87.5%``, in hundredths of a percent."""
    number = text.strip().removesuffix("%").strip()
    whole, point, rest = number.partition(".")
    if number.isascii() and whole.isdigit() and (not point or (rest.isdigit() and len(rest) <= 2)):  # noqa: PLR2004
        found = int(whole) * 100 + int((rest + "00")[:2])
        if found <= 10_000:  # noqa: PLR2004  (all of it)
            return found
    raise UsageError(f"{flag} {shown(text, 40)}: expected a percentage of the target from 0 to 100, such as 80")


def _completing(words: Sequence[str]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def _published(incomplete: str) -> list[str]:
    try:
        from slaaudit.policy import published

        return [policy.id for policy in published() if policy.id.startswith(incomplete)]
    except Exception:  # noqa: BLE001  (a shell that completes words must never print an error)
        return []


Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Exports to audit: ticket lists, event logs, snapshots; - is standard input."),
]
TicketFiles = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE", help="Exports of tickets, where clauses about tickets grant credits.", show_default=False
    ),
]
In = Annotated[
    list[str] | None,
    typer.Option("--in", "-i", metavar="FILE", help="An export to look in; may be repeated.", rich_help_panel=_EXPORT),
]
_SERVICE = "The service"
Incidents = Annotated[
    list[str] | None,
    typer.Option(
        "--incidents", metavar="FILE", rich_help_panel=_SERVICE, help="Outages of the service; may be repeated."
    ),
]
Maintenance = Annotated[
    list[str] | None,
    typer.Option(
        "--maintenance", metavar="FILE", rich_help_panel=_SERVICE,
        help="Windows of scheduled maintenance; may be repeated.",
    ),
]  # fmt: skip
Usage = Annotated[
    list[str] | None,
    typer.Option(
        "--usage", metavar="FILE", rich_help_panel=_SERVICE,
        help="Counts of requests and of those that failed; may be repeated.",
    ),
]  # fmt: skip
Fee = Annotated[
    str,
    typer.Option(
        "--fee", metavar="AMOUNT|FILE", rich_help_panel=_SERVICE,
        help="A month's fee ('1200 EUR'), or a .csv or .yaml file of fees by component and month.",
    ),
]  # fmt: skip
Policies = Annotated[
    list[str] | None,
    typer.Option(
        "--policy", "-p", metavar="NAME|FILE", autocompletion=_published, rich_help_panel=_PROMISE,
        help="A published policy's name or a policy file; repeat it for several versions of one policy.",
    ),
]  # fmt: skip
Readings = Annotated[
    list[str] | None,
    typer.Option(
        "--reading", metavar="ID=CHOICE", rich_help_panel=_PROMISE,
        help="Choose how an open point of the contract is read; may be repeated.",
    ),
]  # fmt: skip
Waivers = Annotated[
    list[str] | None,
    typer.Option(
        "--waivers", metavar="FILE", rich_help_panel=_PROMISE,
        help="Breaches that are let pass, each with a reason and a last day (YAML); may be repeated.",
    ),
]  # fmt: skip
Mapping = Annotated[
    str,
    typer.Option("--mapping", metavar="FILE", rich_help_panel=_EXPORT, help="A mapping file (YAML) for this export."),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column", metavar="FIELD=HEADER", rich_help_panel=_EXPORT, help="Read a field from the column of this header."
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--value", metavar="FIELD:WORD=MEANING", rich_help_panel=_EXPORT,
        help="What a word of the export means, as in status:Pending=waiting.",
    ),
]  # fmt: skip
Timezone = Annotated[
    str,
    typer.Option(
        "--timezone",
        metavar="ZONE",
        rich_help_panel=_EXPORT,
        help="The zone of times that name none (America/New_York).",
    ),
]
DateFormat = Annotated[
    str,
    typer.Option(
        "--date-format",
        metavar="FORMAT",
        rich_help_panel=_EXPORT,
        help="How dates are written, as in '%d/%m/%Y %H:%M'.",
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="FIELD=VALUE", rich_help_panel=_EXPORT, help="A field's value for every ticket that has none."
    ),
]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of", metavar="INSTANT|DATE|now", rich_help_panel=_TIME,
        help="Judge open tickets as of then (a date: to the end of that day). Default: the latest event or outage.",
    ),
]  # fmt: skip
PeriodText = Annotated[
    str,
    typer.Option(
        "--period", metavar="PERIOD", rich_help_panel=_TIME,
        help="Only this period: 2026-05, 2026-Q2, 2026 or last-month (the month before as-of's).",
    ),
]  # fmt: skip
PeriodBy = Annotated[
    str,
    typer.Option(
        "--period-by", metavar="|".join(PERIOD_BY), autocompletion=_completing(PERIOD_BY), rich_help_panel=_TIME,
        help="What must lie in the period.",
    ),
]  # fmt: skip
Format = Annotated[
    str,
    typer.Option(
        "--format", "-f", metavar="|".join(FORMATS), autocompletion=_completing(FORMATS), rich_help_panel=REPORT,
        help="What standard output gets.",
    ),
]  # fmt: skip
ServiceFormat = Annotated[
    str,
    typer.Option(
        "--format", "-f", metavar="|".join(SERVICE_FORMATS), autocompletion=_completing(SERVICE_FORMATS),
        rich_help_panel=REPORT, help="What standard output gets.",
    ),
]  # fmt: skip
ExplainFormat = Annotated[
    str,
    typer.Option(
        "--format", "-f", metavar="console|json", autocompletion=_completing(FORMATS[:2]), rich_help_panel=REPORT,
        help="What standard output gets.",
    ),
]  # fmt: skip
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output", "-o", metavar="FILE", rich_help_panel=REPORT,
        help=f"Also write the report there, as its suffix says: {', '.join(SUFFIXES)}; may be repeated.",
    ),
]  # fmt: skip
ServiceOutputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output", "-o", metavar="FILE", rich_help_panel=REPORT,
        help=f"Also write the report there, as its suffix says: {', '.join(SERVICE_SUFFIXES)}; may be repeated.",
    ),
]  # fmt: skip
PlainOutputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output", "-o", metavar="FILE", rich_help_panel=REPORT,
        help="Also write the report there, as its suffix says: .json, .txt; may be repeated.",
    ),
]  # fmt: skip
Rejects = Annotated[
    str,
    typer.Option(
        "--rejects", metavar="FILE", rich_help_panel=REPORT, help="Write the rows that could not be used there."
    ),
]
Worksheets = Annotated[
    bool,
    typer.Option(
        "--worksheets", rich_help_panel=REPORT, help="The worksheet of every measurement, not of breaches only."
    ),
]
Reconcile = Annotated[
    bool,
    typer.Option(
        "--reconcile", rich_help_panel=REPORT,
        help="Set the helpdesk's own SLA results beside these, with the likely cause of each difference.",
    ),
]  # fmt: skip
AtRisk = Annotated[
    str,
    typer.Option(
        "--at-risk", metavar="PERCENT", rich_help_panel=REPORT,
        help="List the running clocks that have used so much of their target or more, due next first.",
    ),
]  # fmt: skip
FindingsAsked = Annotated[
    bool,
    typer.Option(
        "--findings", rich_help_panel=REPORT,
        help="Look for signs that the record was shaped among any number of tickets; unasked, among up to 100,000.",
    ),
]  # fmt: skip
ThresholdFlags = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold", metavar="NAME=VALUE", rich_help_panel=REPORT,
        help="From where on something is a finding: near-breach=80%, silence=15m, reopened-within=7d.",
    ),
]  # fmt: skip
PackPath = Annotated[
    str,
    typer.Option(
        "--pack", metavar="FOLDER|FILE.zip", rich_help_panel=REPORT,
        help="Also write an evidence pack: the report with a page for each solid breach, for slaaudit verify.",
    ),
]  # fmt: skip
Redact = Annotated[
    list[str] | None,
    typer.Option(
        "--redact", metavar="FIELD", rich_help_panel=REPORT,
        help="In the pack, replace this field's values by pseudonyms (actor: the names of people); may be repeated.",
    ),
]  # fmt: skip
Pseudonyms = Annotated[
    str,
    typer.Option(
        "--pseudonyms", metavar="FILE", rich_help_panel=REPORT,
        help="Keep the table of pseudonyms there, so that the next pack uses the same.",
    ),
]  # fmt: skip
Extremes = Annotated[
    bool,
    typer.Option(
        "--extremes", rich_help_panel=REPORT,
        help="Count breaches under the readings kindest to each side, however many tickets there are.",
    ),
]  # fmt: skip
MaxCombinations = Annotated[
    int,
    typer.Option(
        "--max-combinations", metavar="N", min=1, rich_help_panel=REPORT,
        help="Evaluate at most so many combinations of readings a clause.",
    ),
]  # fmt: skip
MaybeFiles = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help="Exports to audit: ticket lists, event logs, snapshots; - is standard input."),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on", metavar="|".join(FAIL_ON), autocompletion=_completing(FAIL_ON), rich_help_panel=REPORT,
        help="What makes the exit code 1.",
    ),
]  # fmt: skip
FailOnFinding = Annotated[
    str,
    typer.Option(
        "--fail-on", metavar="|".join((*FAIL_ON, "finding")), autocompletion=_completing((*FAIL_ON, "finding")),
        rich_help_panel=REPORT, help="What makes the exit code 1 (finding: a breach or a finding).",
    ),
]  # fmt: skip
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", rich_help_panel=REPORT, help="Exit with 3 where a row was rejected or a verdict is unknown."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", rich_help_panel=REPORT, help="The verdict's line only.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", rich_help_panel=REPORT, help="Every breach, note and reading.")
]
