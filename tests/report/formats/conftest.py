"""Reports as records: of the small audit, of a sample with a service, and the same with hostile text in every field."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from slaaudit.cli import app
from slaaudit.cli.ending import exit_code_of
from slaaudit.report.found import found_in
from slaaudit.report.record import record

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "sample_data" / "securenvoy"

HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "rich": "[/] [bold]x[/bold] [link=https://evil.example]y[/link]",
    "formula": "=cmd|' /C calc'!A0",
    "pipe": "a | b || c \\| d \\",
    "ticks": "```\n`` ` x",
    "lines": "one\ntwo\r\n# three\n- four\n::error::five\n##[error]six",
    "control": "\x00\x07\x1b[31mred\x7f\x85\u2028\ufffe\uffff",
    "bidi": "\u202eevil\u202c \u2066x\u2069",
    "long": "x" * 100_000,
    "long-marks": "|`<&*_@[" * 12_500,
    "surrogate": "half \ud800 and \udc00",
    "mention": "@everyone, a@b.example, https://evil.example www.evil.example #1 !2 $3 ~4 :smile:",
    "link": "[x](javascript:alert(1)) ![y](http://evil.example/z) <http://evil.example>",
    "entity": "&lt;b&gt; &amp; &#64;x ]]> -->",
    "command": "::add-mask::x",
    "blank": "   ",
}


@pytest.fixture(scope="session")
def small_record(small_audit):
    """The record of five tickets, as its JSON is read back."""
    return json.loads(json.dumps(record(found_in(small_audit))))


@pytest.fixture(scope="session")
def sample_record(tmp_path_factory):
    """The record of a sample: tickets, a service, credits, unknown verdicts, excluded tickets, rejected rows."""
    path = tmp_path_factory.mktemp("sample") / "report.json"
    words = ["check", f"{SAMPLE}/tickets.csv", f"{SAMPLE}/events.csv", "--mapping", f"{SAMPLE}/mapping.yaml"]
    service = ["--incidents", f"{SAMPLE}/incidents.csv", "--maintenance", f"{SAMPLE}/maintenance.csv"]
    exit_code_of(app, [*words, *service, "--policy", "securenvoy", "--quiet", "--output", str(path)])
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def rich_record(sample_record):
    """The sample with what it lacks: waived breaches, a promised share, a finding, extremes, a right, money."""
    made = copy.deepcopy(sample_record)
    breached = [row for row in made["measurements"] if row["verdict"] == "breached"]
    breached[0]["waived"] = "agreed with the vendor"
    made["availability"][0]["waived"] = "announced by telephone"
    first = made["summary"][0]
    made["attainments"] = [
        {"policy": 0, "clause": first["clause"], "severity": first["severity"], "period": month, "met": 9,
         "breached": 1, "waived": 0, "share": "90", "promised": promised, "verdict": verdict, "fails": fails}
        for month, promised, verdict, fails in (("2026-03", "95", "breached", True), ("2026-04", "90", "met", False))
    ]  # fmt: skip
    made["findings"] = [
        {"kind": "logged-late", "ticket": breached[0]["ticket"], "clause": "response", "at": "2026-04-01T10:00:00Z",
         "detail": "reported an hour before it was logged", "evidence": [{"file": "events.csv", "row": 7}]}
    ]  # fmt: skip
    made["extremes"] = {"customer": {"breached": 47, "readings": {}}, "vendor": {"breached": 33, "readings": {}}}
    money = copy.deepcopy(made["credits"][0])
    money |= {"sum": "120.50", "currency": "EUR", "fee": "1205", "granted": {"amount": "120.5", "unit": "EUR"}}
    right = copy.deepcopy(made["credits"][0])
    right |= {"right": "to end the agreement", "granted": {"amount": "0", "unit": "right"}, "claim_by": None}
    made["credits"] += [money, right]
    return made


def _foreign(value, text):
    """The value with ``text`` for every word that somebody else wrote; words of our own and numbers stay."""
    if isinstance(value, dict):
        return {key: text if key in _FOREIGN and isinstance(each, str) else _foreign(each, text)
                for key, each in value.items()}  # fmt: skip
    return [_foreign(each, text) for each in value] if isinstance(value, list) else value


_FOREIGN = {
    "ticket", "id", "title", "vendor", "question", "raised_by", "choice", "path", "profile", "clause", "section",
    "severity", "calendar", "word", "waived", "component", "incident", "exclusion", "right", "arithmetic", "tier",
    "why", "detail", "column", "value", "file", "target", "step", "complaint", "sentence",
}  # fmt: skip


def with_hostile(record, text):
    """The record with ``text`` in every foreign field."""
    made = _foreign(copy.deepcopy(record), text)
    for policy in made["policies"]:
        policy["readings"] = {text: text}
    for read in made["inputs"]:
        read["notes"] = [text]
    for row in made["tickets"]:
        row["fields"] = {"subject": text}
    for row in made["measurements"]:
        row["caveats"] = [f"field-unseen: {text}"]
        if row["reason"]:
            row["reason"] = f"{row['reason'].partition(':')[0]}: {text}"
    for row in made["summary"]:
        row["caveats"] = {f"field-unseen: {text}": 1}
    for row in made["rejected"]:
        row["reason"] = text
    made["notes"] = [text]
    return made


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request):
    """A text that would do harm."""
    return request.param


@pytest.fixture(scope="session")
def few_record(rich_record):
    """The rich record with a few measurements of each verdict."""
    rows = rich_record["measurements"]
    few = [row for verdict in VERDICTS for row in [row for row in rows if row["verdict"] == verdict][:6]]
    return rich_record | {"measurements": few}


VERDICTS = ("breached", "met", "running", "excluded", "unknown")


@pytest.fixture
def hostile_record(few_record, hostile):
    """The same with that text in every foreign field."""
    return with_hostile(few_record, hostile)
