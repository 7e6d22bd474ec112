"""Hostile text in every cell of an export, from reading to every format: it stands there as text and does nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of

FIELDS = ("status", "channel", "type", "component", "organization", "environment", "requester_role", "created_by",
          "subject")  # fmt: skip
POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme
timezone: UTC
severities: {S1: {title: Critical}}
clauses:
  response:
    measure: first-response
    binding: warranted
    excludes: {outside: {type: hardware}}
    targets: {S1: 1h on always}
  up: {measure: availability, binding: warranted, promised: 99.9%, per: component, excludes: {works: {planned: true}},
       credits: {period: month, tiers: [{below: 99.9%, credit: 1 days}]}}
"""
#: Hours until the answer, None for none; the fourth row has the text for its severity, too.
ANSWERS = (0, 2, None, 2)
SUFFIXES = ("txt", "json", "jsonl", "csv", "parquet", "xlsx", "html", "md", "xml", "svg", "png")
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def as_file(rows: list[list[str]]) -> bytes:
    """A file as a helpdesk would write it; halves of a character become what a broken encoder makes of them."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8", "replace")


@pytest.fixture
def made(hostile, tmp_path, monkeypatch):
    """The folder with a report in every format."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    text = hostile.replace("\x00", "")  # a CSV file with that in it is no text
    tickets = [["ticket_id", "created_at", "first_response_at", "severity", *FIELDS]]
    events = [["ticket_id", "at", "event", "actor", "value"]]
    for number, hours in enumerate(ANSWERS):
        answer = "" if hours is None else f"2026-05-04T{9 + hours:02d}:30:00Z"
        severity = text if number == 3 else "S1"
        tickets.append([f"{text}{number}", "2026-05-04T09:00:00Z", answer, severity, *[text] * len(FIELDS)])
        events.append([f"{text}{number}", "2026-05-04T12:00:00Z", "note", text, text])
    events.append([text, text, text, text, text])
    outages = [["incident_id", "started_at", "ended_at", "component", "cause", "title", "planned"]]
    outages += [[f"{text}{planned}", "2026-05-04T09:00:00Z", "2026-05-04T13:00:00Z", text, text, text, planned]
                for planned in ("true", "false")]  # fmt: skip
    for name, rows in (("tickets", tickets), ("events", events), ("incidents", outages)):
        (tmp_path / f"{name}.csv").write_bytes(as_file(rows))
    (tmp_path / "acme.yaml").write_text(POLICY)
    outputs = [word for suffix in SUFFIXES for word in ("--output", f"report.{suffix}")]
    words = ["check", "tickets.csv", "events.csv", "--incidents", "incidents.csv", "--policy", "acme.yaml"]
    assert exit_code_of(app, [*words, "--findings", "--verbose", *outputs]) == 1
    return tmp_path


def test_hostile_text_in_every_cell_of_an_export_does_no_harm_in_any_format(made, hostile):
    record = json.loads((made / "report.json").read_text(encoding="utf-8"))
    unanswered = record["measurements"][2]["verdict"]  # an empty status is none that nobody knows
    assert unanswered == ("unknown" if hostile.strip() else "breached")
    assert [row["verdict"] for row in record["measurements"]] == ["met", "breached", unanswered, "unknown"]
    assert len(record["measurements"]) == len(ANSWERS)
    assert record["availability"]
    for check in (on_the_console, in_lines, in_a_table, in_a_workbook, on_a_page, in_markdown, in_xml, in_a_picture):
        check(made, record)


def on_the_console(made, _record):
    text = (made / "report.txt").read_text(encoding="utf-8")
    assert not UNSEEN.search(text)
    *lines, last = text.splitlines()
    assert last.startswith("Not kept: ")
    assert sum(line.startswith("Not kept") for line in lines) == 0
    assert not [line for line in lines if line.startswith(("::", "##["))]


def in_lines(made, record):
    lines = (made / "report.jsonl").read_bytes().splitlines()
    assert len(lines) == len(record["measurements"]) + 1
    assert all(json.loads(line)["kind"] for line in lines)


def in_a_table(made, record):
    with (made / "report.csv").open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert len(rows) == len(record["measurements"])
    assert {len(row) for row in rows} == {len(head)}
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))]
    table = pq.read_table(made / "report.parquet").to_pylist()
    assert [row["ticket"] for row in table] == [row["ticket"] for row in record["measurements"]]


def in_a_workbook(made, record):
    book = CalamineWorkbook.from_path(str(made / "report.xlsx"))
    rows = book.get_sheet_by_name("Measurements").to_python()[1:]
    assert [row[5] for row in rows] == [row["verdict"] for row in record["measurements"]]
    with zipfile.ZipFile(made / "report.xlsx") as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in sheets:
            xml = packed.read(name).decode("utf-8")
            ET.fromstring(xml.encode())  # noqa: S314  (our own file)
            assert "hyperlink" not in xml
            if not name.endswith("sheet1.xml"):  # the summary alone has formulas, our own
                assert "<f>" not in xml
        assert not [name for name in packed.namelist() if "externalLink" in name]


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def on_a_page(made, record):
    text = (made / "report.html").read_text(encoding="utf-8")
    page = Tags(text)
    assert [tag for tag, _ in page.found].count("script") == 3
    assert not {tag for tag, _ in page.found} & {"img", "iframe", "b", "i", "base", "object", "embed"}
    for _, attributes in page.found:
        assert not [name for name in attributes if name.startswith("on")]
        assert re.match(r"#|data:|$", attributes.get("href") or attributes.get("src") or "")
    assert text.count("<tr data-row=") == sum(row["verdict"] == "breached" for row in record["measurements"])


def in_markdown(made, _record):
    text = (made / "report.md").read_text(encoding="utf-8")
    assert not UNSEEN.search(text)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    blocks = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert blocks <= {"heading", "paragraph", "inline", "bullet_list", "list_item", "table", "thead", "tbody", "tr",
                      "th", "td"}  # fmt: skip
    inline = {child.type for token in tokens if token.type == "inline" for child in token.children}
    assert inline <= {"text", "code_inline", "strong_open", "strong_close"}


def in_xml(made, record):
    root = ET.parse(made / "report.xml").getroot()  # noqa: S314  (our own file)
    cases = list(root.iter("testcase"))
    assert len(cases) == int(root.get("tests")) == len(record["measurements"]) + len(record["availability"])


def in_a_picture(made, _record):
    root = ET.parse(made / "report.svg").getroot()  # noqa: S314  (our own file)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "foreignObject", "image", "a", "use"}
    assert (made / "report.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
