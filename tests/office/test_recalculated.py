"""LibreOffice works the spreadsheet's formulas out anew and comes to the record's numbers.

Run by ``make office``; it needs LibreOffice Calc.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from slaaudit.report.xlsx import write_workbook

ROOT = Path(__file__).resolve().parents[2]
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
VENDORS = ("sequr", "capsure", "secpod", "securenvoy", "sequence")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Opens a workbook, works out every formula, and gives back the first sheet."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is not installed: apt-get install libreoffice-calc-nogui"
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")

    def recalculated(path: Path) -> list[list[object]]:
        into = path.parent / "recalculated"
        command = [program, "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", str(into), str(path)], check=True, capture_output=True, timeout=120)
        return CalamineWorkbook.from_path(str(into / path.name)).get_sheet_by_name("Summary").to_python()

    return recalculated


def table(rows: list[list[object]], record: dict) -> list[list[object]]:
    top = next(at for at, row in enumerate(rows) if row[0] == "Clause")
    return rows[top + 1 : top + 1 + len(record["summary"])]


def agrees(rows: list[list[object]], record: dict) -> None:
    counts = {4: "met", 5: "breached", 8: "waived", 9: "running", 10: "unknown", 11: "no_target", 12: "excluded",
              13: "superseded", 14: "measured"}  # fmt: skip
    found = table(rows, record)
    assert len(found) == len(record["summary"]) > 0
    for row, one in zip(found, record["summary"], strict=True):
        assert {name: row[place] for place, name in counts.items()} == {name: one[name] for name in counts.values()}
        share = one["attainment"]
        assert row[6] == ("" if share is None else pytest.approx(float(share) / 100, abs=1e-8))


def every_other_waived(record: dict) -> str:
    """Waivers for every other ticket and clause that is breached."""
    late = sorted({(row["ticket"], row["clause"]) for row in record["measurements"] if row["verdict"] == "breached"})
    return "".join(
        f"- {{ticket: {ticket}, clause: {clause}, reason: agreed, by: the board, expires: 2099-12-31}}\n"
        for ticket, clause in late[::2]
    )


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_formulas_come_to_the_counts_of_the_report_with_waivers_too(vendor, office, tmp_path):
    folder = ROOT / "sample_data" / vendor
    files = [str(path) for name in ("tickets*.csv", "events*.csv") for path in sorted(folder.glob(name))]
    mapping = ["--mapping", str(folder / "mapping.yaml")] if (folder / "mapping.yaml").is_file() else []
    policy = {"sequence": "sequence-example"}.get(vendor, vendor)
    command = [sys.executable, "-m", "slaaudit", "check", *files, *mapping, "--policy", policy, "--fail-on", "never"]
    outputs = ["-o", str(tmp_path / "report.xlsx"), "-o", str(tmp_path / "report.json")]
    for more in ([], ["--waivers", str(tmp_path / "waivers.yaml")]):
        subprocess.run([*command, *outputs, *more, "--quiet"], check=True, capture_output=True)
        record = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
        assert bool(record["outcome"]["waived"]) == bool(more)
        agrees(office(tmp_path / "report.xlsx"), record)
        (tmp_path / "waivers.yaml").write_text(every_other_waived(record), encoding="utf-8")


def test_a_verdict_that_somebody_changes_changes_the_share(office, tmp_path):
    """What is cached is not what is shown: formulas count the rows as they stand."""
    severities = ["S*", "S?", "a~b", 'say "hi"', ">1", "=1", None]
    rows = [
        {"ticket": f"T{at}", "policy": 0, "clause": "re*", "cycle": 1, "severity": severity, "verdict": verdict,
         "waived": None, "reason": None, "calendar": "always", "started_at": "2026-05-01T00:00:00Z",
         "stopped_at": None, "due_at": None, "target_s": 1, "elapsed_s": 1, "over_s": 0, "paused_s": 0,
         "paused_most_s": None, "caveats": [], "evidence": {"start": None, "stop": None}}
        for severity in severities for at, verdict in enumerate(["met", "met", "breached"])
    ]  # fmt: skip
    wrong = {"met": 0, "breached": 0, "waived": 0, "running": 0, "unknown": 0, "no_target": 0, "excluded": 0,
             "superseded": 0, "measured": 0, "attainment": None, "promised": None, "p50_s": 1, "p90_s": 1,
             "worst_s": 1, "policy": 0, "clause": "re*", "binding": "target", "target": "1s on always"}  # fmt: skip
    record = {
        "policies": [{"id": "acme", "title": "Acme", "timezone": "UTC", "questions": []}],
        "as_of": "2026-05-02T00:00:00Z", "as_of_given": True, "period": None, "outcome": {"sentence": "Kept."},
        "measurements": rows, "summary": [wrong | {"severity": severity} for severity in severities],
        **{name: [] for name in ("attainments", "availability", "excluded", "credits", "findings", "not_audited",
                                 "rejected", "inputs")},
    }  # fmt: skip
    with (tmp_path / "wrong.xlsx").open("wb") as stream:
        write_workbook(record, stream)
    found = table(office(tmp_path / "wrong.xlsx"), record)
    assert [[row[4], row[5], row[14]] for row in found] == [[2, 1, 3]] * len(severities)
    assert [row[6] for row in found] == pytest.approx([2 / 3] * len(severities))
