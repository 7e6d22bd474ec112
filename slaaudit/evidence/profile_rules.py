"""The parts of an export profile: what is said of columns, words, people, clocks and the helpdesk's own results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from slaaudit.errors import UsageError
from slaaudit.evidence.fields import CLAIM_FACTS, TICKET_LENGTHS
from slaaudit.evidence.local_times import fixed_offset, zone_named
from slaaudit.evidence.shapes import Format
from slaaudit.evidence.tables import Actor
from slaaudit.evidence.vocabulary import STATE_NAMES
from slaaudit.located import UnknownWordError, word


def _as_word(value: object) -> object:
    return value if word(value) is None else word(value)


def _as_list(value: object) -> object:
    return [value] if word(value) is not None else value


def _known_zone(name: str) -> str:
    try:
        zone_named(name)
    except UsageError as error:
        raise ValueError(str(error).rstrip(".")) from None
    return name


def _known_offset(name: str) -> str:
    try:
        fixed_offset(name)
    except UsageError as error:
        raise ValueError(str(error).rstrip(".")) from None
    return name


def _known_format(text: str) -> str:
    try:
        Format(text)
    except UsageError as error:
        raise ValueError(str(error).rstrip(".")) from None
    return text


Word = Annotated[str, BeforeValidator(_as_word)]
WordList = Annotated[tuple[Word, ...], BeforeValidator(_as_list)]
Dates = Annotated[tuple[Annotated[Word, AfterValidator(_known_format)], ...], BeforeValidator(_as_list)]
Zone = Annotated[Word, AfterValidator(_known_zone)]
Offset = Annotated[Word, AfterValidator(_known_offset)]


class Strict(BaseModel):
    """A part of a profile: what it does not know is a fault."""

    # built as a whole when the first profile is read: a plain file needs none
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)


class Reading(Strict):
    """How cells are read: the zone of local times, date formats, the day's place, words for empty.

    ``unit: minute`` is said of a system that cuts its times to the minute, though it writes seconds.
    """

    timezone: Zone | None = None
    suggest_timezone: Word = Field("", alias="suggest-timezone")
    zones: dict[str, Offset] = {}
    sheet: Word = ""
    dates: Dates = ()
    day_first: bool | None = Field(None, alias="day-first")
    empty: WordList = ()
    unit: Literal["minute"] | None = None


Unit = Literal["hours", "minutes", "seconds", "milliseconds", "hms", "duration"]


class ColumnRule(Strict):
    """A field's column. ``others`` are headers that it may have instead, such as translated ones.

    More than a header takes: a length of time counted from another field, or one that is a total and ``counted`` by
    the wall or in the helpdesk's own business hours; a date whose clock stands in the column ``time``; a text of
    which only what stands ``behind`` a mark counts, where the mark is there, or ``between`` two; words to which those
    of other columns are joined by spaces, ``with`` them; a number to which those of other columns are added, ``plus``
    them; a list of structures, ``each`` of which gives the value of that key; the ``statuses`` (by number) whose times
    are summed, of cells that hold the time in each status as Jira writes them.
    """

    column: Word
    others: WordList = Field((), alias="or")
    time: Word | None = None
    take: Word | None = None
    behind: Word | None = None
    between: tuple[Word, Word] | None = None
    with_: WordList = Field((), alias="with")
    plus: WordList = ()
    each: Word | None = None
    as_: Unit | None = Field(None, alias="as")
    after: Word | None = None
    counted: Literal["calendar", "business"] | None = None
    statuses: WordList = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that the column may have, the first one first."""
        return (self.column, *self.others)

    @property
    def lacks_a_partner(self) -> bool:
        """Whether ``as`` stands without ``after`` or ``after`` without ``as``: no moment can be told so."""
        return (self.as_ is None) != (self.after is None)


def _as_rule(value: object) -> object:
    """The rule of a header alone, of several headers (the first that is there counts), of a date and a clock."""
    if word(value) is not None:
        return {"column": value}
    if isinstance(value, list) and value:
        return {"column": value[0], "or": value[1:]}
    if isinstance(value, dict) and "date" in value and "column" not in value:
        return {"column" if key == "date" else key: inner for key, inner in value.items()}
    if isinstance(value, dict) and isinstance(value.get("column"), list) and value["column"]:
        return {**value, "column": value["column"][0], "or": value["column"][1:]}
    return value


Rule = Annotated[ColumnRule, BeforeValidator(_as_rule)]


def _checked_lengths(columns: dict[str, ColumnRule]) -> dict[str, ColumnRule]:
    for field_name, rule in columns.items():
        is_length = field_name in TICKET_LENGTHS
        if not is_length and rule.lacks_a_partner:
            raise ValueError(
                f"{field_name}: 'as' and 'after' belong together; expected "
                "{column: HEADER, as: minutes, after: created_at}"
            )
        if not is_length and (rule.counted or rule.statuses):
            raise ValueError(f"{field_name} is no length of time; expected one of {', '.join(TICKET_LENGTHS)}")
    return columns


Columns = Annotated[dict[str, Rule], AfterValidator(_checked_lengths)]


def _as_recognised(value: object) -> object:
    return {"all": _as_list(value)} if isinstance(value, list) or word(value) is not None else value


class Recognise(Strict):
    """The headers that tell an export: every one of ``all``, one or more of ``any``, none of ``never``.

    A list inside ``all`` names headers of which one must be there.
    """

    all: tuple[WordList, ...] = ()
    any: WordList = ()
    never: WordList = ()

    def __bool__(self) -> bool:
        return bool(self.all or self.any)


Recognised = Annotated[Recognise, BeforeValidator(_as_recognised)]


class Facts(Strict):
    """What a profile knows and where from.

    Seen in real files or in code that reads or writes them; documented by the vendor; or assumed, which is neither.
    """

    seen: WordList = ()
    documented: WordList = ()
    assumed: WordList = ()


class MessageKeys(Strict):
    """The names under which messages in JSON tell their time, author, the author's group, and whether all may read."""

    at: Word
    actor: Word
    group: Word = ""
    public: Word = ""


class Messages(Strict):
    """Columns of one name whose cells hold a message each: ``date;author;text``, and the text may hold any mark.

    With ``keys`` a cell holds a list of messages in JSON. ``first: description`` says that the first of them, where it
    bears the time of creation, is the ticket's own description.
    """

    column: WordList
    separator: Word = ";"
    parts: tuple[Literal["at", "actor", "text"], ...] = ("at", "actor", "text")
    keys: MessageKeys | None = None
    first: Literal["message", "description"] = "message"


class Automatic(Strict):
    """A column that marks what a machine sent, and the words that mean yes."""

    column: Word
    words: WordList = ("true", "yes", "1")


def _checked_values(values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    for name in ("state", "status"):
        for written, meaning in values.get(name, {}).items():
            if meaning.strip().casefold() not in STATE_NAMES:
                raise UnknownWordError(
                    f"{written!r} cannot mean {meaning!r}, which is no state", meaning, [*STATE_NAMES]
                )
    return values


Values = Annotated[dict[str, dict[str, Word]], AfterValidator(_checked_values)]


def _checked_states(states: dict[str, str]) -> dict[str, str]:
    _checked_values({"state": states})
    return states


class Reasons(Strict):
    """What tells the state where a status does not: a column, or a log's ``events``, beside the statuses ``of``."""

    column: WordList = ()
    events: WordList = ()
    of: WordList = ()
    states: Annotated[dict[str, Word], AfterValidator(_checked_states)] = {}


class Only(Strict):
    """Rows that count: those whose cell in a column is one of ``words``, is none of ``not``, or has one ``containing``.

    An empty cell counts. The other rows are passed over, and counted.
    """

    column: WordList
    words: WordList = ()
    not_: WordList = Field((), alias="not")
    containing: WordList = ()


class Downtime(Strict):
    """A column that lists the outages of a window as structures: each one's kind and length, and what a kind weighs.

    ``total`` and ``failed`` of such a window are milliseconds.
    """

    column: Word
    kind: Word
    length: Word
    as_: Literal["hours", "minutes", "seconds"] = Field(alias="as")
    weights: dict[str, Word]


class People(Strict):
    """Who belongs to one side: by name, by the domain of an address, by group, or by a column of the ticket."""

    names: WordList = ()
    domains: WordList = ()
    groups: WordList = ()
    column: WordList = ()


def _as_people(value: object) -> object:
    return {"names": value} if isinstance(value, list) or word(value) is not None else value


Side = Annotated[People, BeforeValidator(_as_people)]


class ClaimRules(Strict):
    """The columns in which the helpdesk tells its own result of one promise."""

    met: Rule | None = None
    elapsed: Rule | None = None
    due: Rule | None = None
    target: Rule | None = None
    left: Rule | None = None

    def stated(self) -> dict[str, ColumnRule]:
        """The facts that are told, with their columns."""
        told = {fact: getattr(self, fact) for fact in CLAIM_FACTS}
        return {fact: rule for fact, rule in told.items() if rule is not None}


class Actors(Strict):
    """Who is who, where the export names people."""

    vendor: Side = Field(default_factory=People.model_construct)
    customer: Side = Field(default_factory=People.model_construct)
    system: Side = Field(default_factory=People.model_construct)

    def sides(self) -> tuple[tuple[Actor, People], ...]:
        """Each side with its people."""
        return (Actor.VENDOR, self.vendor), (Actor.CUSTOMER, self.customer), (Actor.SYSTEM, self.system)
