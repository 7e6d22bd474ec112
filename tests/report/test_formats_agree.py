"""Every format tells the same numbers: each is read back and held against the data, with and without waivers."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
VENDORS = ("sequr", "capsure", "secpod", "securenvoy", "sequence")
COUNTS = ("met", "breached", "running", "unknown", "no_target", "excluded", "superseded", "waived")
SUFFIXES = ("json", "html", "xlsx", "md", "xml", "csv", "parquet", "jsonl")


def words_of(vendor: str) -> list[str]:
    """The command that checks a vendor's samples, the service's files included."""
    folder = SAMPLES / vendor
    words = ["check", *(str(path) for name in ("tickets*.csv", "events*.csv") for path in sorted(folder.glob(name)))]
    if (folder / "mapping.yaml").is_file():
        words += ["--mapping", str(folder / "mapping.yaml")]
    for kind in ("incidents", "maintenance", "usage"):
        words += [word for path in sorted(folder.glob(f"{kind}*.csv")) for word in (f"--{kind}", str(path))]
    policy = {"sequence": "sequence-example"}.get(vendor, vendor)
    return [*words, "--policy", policy, "--as-of", "2026-11-01", "--quiet", "--fail-on", "never"]


@pytest.fixture(scope="module", params=[(vendor, waived) for vendor in VENDORS for waived in (False, True)],
                ids=lambda param: f"{param[0]}{'-waived' * param[1]}")  # fmt: skip
def made(request, tmp_path_factory):
    """The folder with the reports of a vendor in every format, and the report as data."""
    vendor, waives = request.param
    folder = tmp_path_factory.mktemp(vendor)
    words = words_of(vendor)
    if waives:
        assert exit_code_of(app, [*words, "--output", str(folder / "plain.json")]) == 0
        breaches = [row for row in json.loads((folder / "plain.json").read_text())["measurements"]
                    if row["verdict"] == "breached"]  # fmt: skip
        entries = {(row["ticket"], row["clause"]) for row in breaches[::3]}
        text = "".join(
            f"- {{ticket: {ticket}, clause: {clause}, reason: agreed, by: the board, expires: 2026-12-31}}\n"
            for ticket, clause in sorted(entries)
        )
        (folder / "waivers.yaml").write_text(text)
        words += ["--waivers", str(folder / "waivers.yaml")]
    outputs = [word for suffix in SUFFIXES for word in ("--output", str(folder / f"report.{suffix}"))]
    assert exit_code_of(app, [*words, *outputs]) == 0
    return folder, json.loads((folder / "report.json").read_text(encoding="utf-8"))


def rows_counted(rows) -> dict[tuple[str, str | None], Counter]:
    """Verdicts by clause and severity; ``waived`` beside them."""
    found: dict[tuple[str, str | None], Counter] = {}
    for clause, severity, verdict, waived in rows:
        own = found.setdefault((clause, severity or None), Counter())
        own[verdict.replace("-", "_")] += 1
        own["waived"] += bool(waived)
    return found


def of_summary(record) -> dict[tuple[str, str | None], Counter]:
    return {(row["clause"], row["severity"]): Counter({name: row[name] for name in COUNTS if row[name]})
            for row in record["summary"]}  # fmt: skip


def same(found: dict[tuple[str, str | None], Counter], record) -> None:
    assert {key: +own for key, own in found.items()} == of_summary(record)
    assert found


def test_the_data_lists_what_it_counts(made):
    _, record = made
    rows = record["measurements"]
    same(rows_counted((row["clause"], row["severity"], row["verdict"], row["waived"]) for row in rows), record)
    assert sum(row["measured"] for row in record["summary"]) == record["outcome"]["measured"] == len(rows)
    assert record["outcome"]["warranted"] + record["outcome"]["missed"] == sum(
        row["breached"] for row in record["summary"]
    )


def test_the_waived_are_waived_somewhere(made):
    folder, record = made
    assert bool(record["outcome"]["waived"]) == (folder / "waivers.yaml").is_file()


def test_csv_and_parquet_and_json_lines(made):
    folder, record = made
    with (folder / "report.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    same(rows_counted((row["clause"], row["severity"], row["verdict"], row["waived"]) for row in rows), record)
    table = pq.read_table(folder / "report.parquet").to_pylist()
    same(rows_counted((row["clause"], row["severity"], row["verdict"], row["waived"]) for row in table), record)
    lines = [json.loads(line) for line in (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [line for line in lines if line["kind"] == "measurement"]
    same(rows_counted((row["clause"], row["severity"], row["verdict"], row["waived"]) for row in told), record)


def test_junit(made):
    folder, record = made
    root = ET.parse(folder / "report.xml").getroot()  # noqa: S314  (our own file)
    suites = {}
    for suite in root:
        cases = list(suite.iter("testcase"))
        counts = Counter(case[0].tag if len(case) else "passed" for case in cases)
        told = [int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")]
        assert told == [len(cases), counts["failure"], counts["error"], counts["skipped"]]
        suites[suite.get("name").partition(":")[0]] = counts
    for row in record["summary"]:
        counts = suites[" ".join(filter(None, (row["clause"], row["severity"] or "no severity")))]
        assert counts["failure"] == row["breached"] - row["waived"], row
        assert counts["error"] == row["unknown"]
        assert counts["passed"] == row["met"]
        others = ("running", "no_target", "excluded", "superseded", "waived")
        assert counts["skipped"] == sum(row[name] for name in others)
    totals = [sum(int(suite.get(name)) for suite in root) for name in ("tests", "failures", "errors", "skipped")]
    assert [int(root.get(name)) for name in ("tests", "failures", "errors", "skipped")] == totals


def test_the_spreadsheet(made):
    folder, record = made
    book = CalamineWorkbook.from_path(str(folder / "report.xlsx"))
    sheet = book.get_sheet_by_name("Measurements").to_python()
    at = {name: place for place, name in enumerate(sheet[0])}
    rows = [
        (row[at["Clause"]], row[at["Severity"]], row[at["Verdict"]], row[at["Waived because"]]) for row in sheet[1:]
    ]
    same(rows_counted(rows), record)
    summary = book.get_sheet_by_name("Summary").to_python()
    top = next(place for place, row in enumerate(summary) if row[0] == "Clause")
    heads = {"Met": "met", "Breached": "breached", "of them waived": "waived", "Running": "running",
             "Unknown": "unknown",
             "No target": "no_target", "Excluded": "excluded", "Superseded": "superseded"}  # fmt: skip
    for row, one in zip(summary[top + 1 :], record["summary"], strict=False):
        told = dict(zip(summary[top], row, strict=True))
        assert {key: told[head] for head, key in heads.items()} == {key: one[key] for key in heads.values()}
    for name, key in (("Availability", "availability"), ("Credits", "credits"), ("Findings", "findings"),
                      ("Rejected rows", "rejected"), ("Excluded", "excluded")):  # fmt: skip
        assert len(book.get_sheet_by_name(name).to_python()) - 1 == len(record[key]), name
    breaches = book.get_sheet_by_name("Breaches").to_python()
    assert len(breaches) - 1 == sum(row["breached"] for row in record["summary"])


def tables_of(text: str) -> dict[str, list[dict[str, str]]]:
    """The tables of a Markdown page by the heading that they stand under."""
    found: dict[str, list[dict[str, str]]] = {}
    heading, lines = "", []
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if line.startswith("|"):
            lines.append([cell.strip() for cell in line.strip("|").split(" | ")])
        elif lines:
            found.setdefault(heading, [dict(zip(lines[0], row, strict=True)) for row in lines[2:]])
            lines = []
    return found


def test_markdown(made):
    folder, record = made
    tables = tables_of((folder / "report.md").read_text(encoding="utf-8"))
    (promises,) = [rows for heading, rows in tables.items() if heading.startswith("Promises")]
    assert len(promises) == len(record["summary"])
    for told, row in zip(promises, record["summary"], strict=True):
        assert told["Severity"] == (row["severity"] or "unknown")
        over = told.get("Breached", told.get("Missed"))
        numbers = [told.get(name, "0") if name else over for name in ("Met", "", "Running", "Unknown", "Excluded")]
        assert numbers == [f"{row[name]:,}" for name in ("met", "breached", "running", "unknown", "excluded")]
    (totals,) = tables["Totals"]
    names = {"Measured": "measured", "Met": "met", "Breaches": "warranted", "Missed targets": "missed",
             "Waived": "waived", "Running": "running", "Unknown": "unknown", "Without a target": "no_target",
             "Excluded": "excluded"}  # fmt: skip
    assert {key: totals[head] for head, key in names.items()} == {
        key: f"{record['outcome'][key]:,}" for key in names.values()
    }
    periods = tables.get("Availability", [])
    assert [row["Period"].split()[0] for row in periods] == [row["period"] for row in record["availability"]]
    assert [row["Verdict"].split()[0] for row in periods] == [row["verdict"] for row in record["availability"]]
    credits_told = next((rows for heading, rows in tables.items() if heading.startswith("Credits")), [])
    assert Counter(row["Period"] for row in credits_told) == Counter(row["period"] for row in record["credits"])


class Page(HTMLParser):
    """The tables of a page as rows of cells, each with its class, and the texts of its scripts by their id."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[str]]]] = []
        self.blocks: dict[str, str] = {}
        self._depth, self._unseen, self._block = 0, 0, ""

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "table":
            self.tables.append((told.get("class") or "", []))
        elif tag == "tr" and self.tables:
            self.tables[-1][1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1][1]:
            self.tables[-1][1][-1].append("")
            self._depth = 1
        elif tag in ("title", "svg"):
            self._unseen += 1
        elif tag == "script":
            self._block = told.get("id") or ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._depth = 0
        elif tag in ("title", "svg"):
            self._unseen -= 1
        elif tag == "script":
            self._block = ""

    def handle_data(self, data):
        if self._block:
            self.blocks[self._block] = self.blocks.get(self._block, "") + data
        if self._depth and not self._unseen:
            self.tables[-1][1][-1][-1] += data


def test_the_page(made):
    folder, record = made
    page = Page()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    told = []
    for kind, rows in page.tables:
        if kind == "promises":
            head = [cell.strip() for cell in rows[0]]
            told += [
                dict(zip(head, (cell.strip() for cell in row), strict=True))
                for row in rows[1:]
                if len(row) == len(head)
            ]
    assert len(told) == len(record["summary"])
    for row, one in zip(told, record["summary"], strict=True):
        assert row["Severity"] == (one["severity"] or "none")
        over = row.get("Breached", row.get("Missed"))
        numbers = [int(re.match(r"[\d,]+", text)[0].replace(",", "")) for text in
                   (row["Met"], over, row["Running"], row["Unknown"])]  # fmt: skip
        assert numbers == [one[name] for name in ("met", "breached", "running", "unknown")]
    (breaches,) = [rows for kind, rows in page.tables if kind == "breaches"] or [[[]]]
    unwaived = sum(one["breached"] for one in record["summary"])
    assert len(breaches) - 1 == unwaived
    strips = [row for kind, rows in page.tables if kind == "strips" for row in rows[1:]]
    assert len(strips) == len(record["availability"])
    credited = [row for kind, rows in page.tables if kind == "credits" for row in rows[1:]]
    assert len(credited) == len(record["credits"])
