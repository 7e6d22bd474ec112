"""What is told of every profile's fixture before it is read, and the mapping written from it, which says the same."""

from __future__ import annotations

import codecs
import gzip
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from exports import doubts, events
from workbooks import workbook

from slaaudit.evidence import Evidence, ReadOptions, fields, read
from slaaudit.evidence.inspecting import inspect
from slaaudit.evidence.profile import published
from slaaudit.report.mapping_text import mapping_text

if TYPE_CHECKING:
    from slaaudit.evidence.inspection import FileFacts

FIXTURES = Path(__file__).parent / "profiles"
IDS = sorted(profile.id for profile in published() if profile.shape in fields.OF_TICKETS)
NOW = 1_800_000_000_000_000


def asked(profile: str) -> tuple[str, ReadOptions]:
    """The export of a profile's fixture, and the flags that it is read with."""
    name, *flags = shlex.split((FIXTURES / profile / "command.txt").read_text("utf-8"))
    pairs = [*zip(flags[::2], flags[1::2], strict=True)]
    values = [text.rpartition("=") for flag, text in pairs if flag == "--value"]
    triples = tuple((*text.split(":", 1), meaning) for text, _, meaning in values)
    zone = next((text for flag, text in pairs if flag == "--timezone"), None)
    return str(FIXTURES / profile / name), ReadOptions(timezone=zone, values=triples)


def told(found: Evidence) -> list[str]:
    """Everything that was read."""
    words = {"severity": found.tickets.severity, "status": found.tickets.status, **found.tickets.fields}
    lines = events(found)
    for index, ticket in enumerate(found.tickets.ids.words):
        fields = sorted(f"{name}={column[index]}" for name, column in words.items())
        lines += [f"{ticket}: {', '.join(fields)}; {', '.join(sorted(doubts(found, ticket)))}"]
    return [*lines, *map(str, found.rejected)]


def facts_of(path: str, options: ReadOptions) -> FileFacts:
    (facts,) = inspect([path], options, NOW).files
    return facts


@pytest.mark.parametrize("profile", IDS)
def test_a_mapping_written_from_a_fixture_reads_it_as_its_profile_does(profile: str, tmp_path: Path) -> None:
    path, options = asked(profile)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(mapping_text(facts_of(path, options)), "utf-8")

    assert told(read([path], ReadOptions(mapping=str(mapping)))) == told(read([path], options))


@pytest.mark.parametrize("profile", IDS)
def test_what_is_told_of_a_fixture_is_what_reading_it_finds(profile: str) -> None:
    path, options = asked(profile)
    facts = facts_of(path, options)
    found = read([path], options)
    told_words = {word.word for words in facts.vocabularies if words.field == "status" for word in words.words}
    read_words = {word for word in found.tickets.status.words[:] if word}

    assert facts.is_ready
    assert (facts.profile, facts.shape) == (profile, found.inputs[0].role)
    assert facts.records == found.inputs[0].rows
    assert sum(each.count for each in facts.rejected) <= len(found.rejected)
    assert facts.span is not None
    assert facts.span[0] <= found.latest
    assert read_words <= told_words | {""}


@pytest.mark.parametrize("profile", IDS)
def test_a_fixture_is_told_without_its_flags_too(profile: str) -> None:
    path, options = asked(profile)
    facts = facts_of(path, ReadOptions())

    assert facts.profile == profile
    assert facts.lacks_zone <= (options.timezone is not None)
    assert not facts.refusal


JSON = b'{"ticket_id": "T-1", "created_at": "2026-05-04T13:00:00Z"}\n{"ticket_id": "T-2", "created_at": ""}\n'
TEXT = "ticket_id;created_at;subject\nT-1;2026-05-04T13:00:00Z;Caf\u00e9\n"


WHEN = "2026-05-04T13:00:00Z"


def parquet() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"ticket_id": ["T-1"], "created_at": ["2026-05-04T13:00:00Z"]}), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("name", "content", "told_as"),
    [
        ("tickets.xlsx", workbook({"Sheet1": [["ticket_id", "created_at"], ["T-1", WHEN]]}), ("workbook", "")),
        ("tickets.json", JSON, ("JSON", "")),
        ("tickets.parquet", parquet(), ("Parquet", "")),
        ("tickets.csv", TEXT.encode(), ("UTF-8", "semicolon")),
        ("tickets.csv", b"sep=;\r\n" + TEXT.encode("cp1252"), ("Windows-1252", "semicolon")),
        ("tickets.csv", codecs.BOM_UTF16_LE + TEXT.replace(";", "\t").encode("utf-16-le"), ("UTF-16", "tab")),
        ("tickets.csv.gz", gzip.compress(TEXT.replace(";", ",").encode(), mtime=0), ("UTF-8", "comma")),
    ],
)
def test_how_a_file_is_written_is_told(name: str, content: bytes, told_as: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    facts = facts_of(str(tmp_path / name), ReadOptions())

    assert (facts.encoding, facts.delimiter) == told_as
    assert (facts.shape, facts.is_ready) == ("tickets", True)
