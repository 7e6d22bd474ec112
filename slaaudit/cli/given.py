"""What the user gave, as text, and what it asks of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slaaudit.errors import UsageError
from slaaudit.report.safe import shown
from slaaudit.settings import NONE_USED, SettingsUsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from slaaudit.evidence import ReadOptions


@dataclass(frozen=True)
class Given:
    """The flags that say which promise is held against which evidence, as they were typed, or set by ``settings``."""

    files: tuple[str, ...]
    policies: tuple[str, ...]
    readings: tuple[str, ...] = ()
    mapping: str = ""
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    timezone: str = ""
    date_format: str = ""
    sets: tuple[str, ...] = ()
    as_of: str = ""
    period: str = ""
    period_by: str = "start"
    reconcile: bool = False
    incidents: tuple[str, ...] = ()
    maintenance: tuple[str, ...] = ()
    usage: tuple[str, ...] = ()
    fee: str = ""
    thresholds: tuple[str, ...] = ()
    settings: SettingsUsed = NONE_USED
    waivers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.files and not self.tells_of_service:
            raise UsageError("no export to read; name at least one file, or - for standard input")
        if not self.policies:
            raise UsageError("no policy to judge by; give --policy NAME or FILE (slaaudit policy list shows the names)")

    @property
    def tells_of_service(self) -> bool:
        """Whether a file of incidents, maintenance or usage is given."""
        return bool(self.incidents or self.maintenance or self.usage)

    @property
    def all_files(self) -> tuple[str, ...]:
        """Every file that is read."""
        named = (*self.policies, self.mapping, self.fee)
        return (*self.files, *self.incidents, *self.maintenance, *self.usage, *self.waivers, *filter(None, named))

    def service_flags(self) -> Iterator[str]:
        """The words that repeat the files about the service."""
        yield from _repeated("--incidents", self.incidents)
        yield from _repeated("--maintenance", self.maintenance)
        yield from _repeated("--usage", self.usage)
        yield from _repeated("--fee", [self.fee])

    def chosen_readings(self) -> dict[str, str]:
        """The reading ids and their choices."""
        return readings_of("--reading", self.readings)

    def read_options(self) -> ReadOptions:
        """How the export is to be read."""
        return read_options(
            mapping=self.mapping,
            columns=self.columns,
            values=self.values,
            timezone=self.timezone,
            date_format=self.date_format,
            sets=self.sets,
        )

    def flags(self) -> Iterator[str]:
        """The words that repeat this audit on a command line, the files and the period apart."""
        yield from _repeated("--policy", self.policies)
        yield from _repeated("--reading", self.readings)
        yield from _repeated("--mapping", [self.mapping])
        yield from _repeated("--column", self.columns)
        yield from _repeated("--value", self.values)
        yield from _repeated("--timezone", [self.timezone])
        yield from _repeated("--date-format", [self.date_format])
        yield from _repeated("--set", self.sets)
        yield from _repeated("--as-of", [self.as_of])
        yield from _repeated("--waivers", self.waivers)

    def period_flags(self) -> Iterator[str]:
        """The words that repeat the period."""
        yield from _repeated("--period", [self.period])
        if self.period and self.period_by != "start":
            yield from ("--period-by", self.period_by)


def readings_of(flag: str, texts: Sequence[str]) -> dict[str, str]:
    """Reading ids and their choices, as a flag gives them: ``id=choice``."""
    return _agreed(flag, [_pair(flag, text, "id=choice") for text in texts])


#: The fields of ``Given`` by the parameters that commands have for them.
_FIELDS = {
    "files": "files", "policy": "policies", "reading": "readings", "mapping": "mapping", "column": "columns",
    "value": "values", "timezone": "timezone", "date_format": "date_format", "set_field": "sets", "as_of": "as_of",
    "period": "period", "period_by": "period_by", "reconcile": "reconcile", "incidents": "incidents",
    "maintenance": "maintenance", "usage": "usage", "fee": "fee", "threshold": "thresholds", "waivers": "waivers",
}  # fmt: skip


def given_by(flags: Mapping[str, Any]) -> Given:
    """What a command was given: ``flags`` are its parameters by name, which is what ``locals()`` is as it begins.

    typer wants each flag in the signature of each command; this way none is named, or forgotten, a second time.
    """
    found: dict[str, Any] = {
        field: tuple(flags[name] or ()) if flags[name] is None or isinstance(flags[name], list) else flags[name]
        for name, field in _FIELDS.items()
        if name in flags
    }
    context = flags.get("context")
    return Given(**{"files": (), **found}, settings=context.obj.used if context else NONE_USED)


def refuse_nothing_to_read(tickets: Sequence[str] | None, *files: Sequence[str] | None) -> None:
    """UsageError where nothing tells of tickets or of a service; ``tickets`` are None where they cannot be given."""
    if not any((tickets, *files)):
        named = "" if tickets is None else "an export of tickets, or "
        raise UsageError(f"nothing to read; name {named}at least one file with --incidents, --maintenance or --usage")


def read_options(
    *,
    mapping: str = "",
    columns: Sequence[str] = (),
    values: Sequence[str] = (),
    timezone: str = "",
    date_format: str = "",
    sets: Sequence[str] = (),
) -> ReadOptions:
    """How an export is to be read, from the flags as they were typed."""
    from slaaudit.evidence import ReadOptions

    pairs = [_pair("--column", text, "FIELD=HEADER") for text in columns]
    meanings = [_meaning(text) for text in values]
    settings = [_pair("--set", text, "FIELD=VALUE") for text in sets]
    _agreed("--value", [(f"{field}:{word}", meaning) for field, word, meaning in meanings])
    return ReadOptions(
        mapping=mapping or None,
        columns=tuple(_agreed("--column", pairs).items()),
        values=tuple(meanings),
        timezone=timezone or None,
        date_format=date_format or None,
        set_fields=tuple(_agreed("--set", settings).items()),
    )


def _repeated(flag: str, words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if word:
            yield from (flag, word)


def _pair(flag: str, text: str, form: str) -> tuple[str, str]:
    first, equals, second = (part.strip() for part in text.partition("="))
    if not equals or not first or not second:
        raise UsageError(f"{flag} {shown(text, 80)}: expected {form}")
    return first, second


def _agreed(flag: str, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The pairs, each name once; UsageError where one is given two values."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            first, second = (shown(f"{name}={each}", 80) for each in (found[name], value))
            raise UsageError(f"{flag} is given as {first} and as {second}; keep one")
    return found


def _meaning(text: str) -> tuple[str, str, str]:
    field, colon, rest = text.partition(":")
    word, equals, meaning = rest.rpartition("=")
    if not (colon and equals and field.strip() and word.strip() and meaning.strip()):
        raise UsageError(f"--value {shown(text, 80)}: expected FIELD:WORD=MEANING, as in status:Pending=waiting")
    return field.strip(), word.strip(), meaning.strip()
